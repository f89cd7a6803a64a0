"""What a layout is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from extract_bridge.bench.document import BenchDocument


Group = Literal["fitted", "fresh", "held-out"]


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to lay a document out.

    Attributes:
        name: Unique; what `--layouts` takes. The documents of a held-out one are called `held-out`, all of them.
        family: Of which kind of document.
        draw: Chance and a number -> a document.
        group: `fitted`, to which weights may be fitted; `fresh`, on which rules may be tried, and nothing is fitted to;
            `held-out`, of which nobody has seen a failure: it tells how well the rest carries over.
    """

    name: str
    family: str
    draw: Callable[[Random, int], BenchDocument]
    group: Group = "fitted"
