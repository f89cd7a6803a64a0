"""What a layout is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from extract_bridge.bench.document import BenchDocument


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to lay a document out.

    Attributes:
        name: Unique; what `--layouts` takes.
        family: Of which kind of document.
        draw: Chance and a number -> a document.
        held_out: Never used to fit anything: it tells how well the rest carries over.
    """

    name: str
    family: str
    draw: Callable[[Random, int], BenchDocument]
    held_out: bool = False
