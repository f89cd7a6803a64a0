"""What a layout is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from extract_bridge.bench.document import BenchDocument


Group = Literal["fitted", "fresh", "calibration", "held-out"]
HIDDEN: tuple[Group, ...] = ("held-out", "calibration")
"""Groups whose failures nobody looks at: their layouts have no names of their own, and are chosen together or not at all."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to lay a document out.

    Attributes:
        name: Unique; what `--layouts` takes. The documents of a hidden one are called as its group is,
            and told apart by number alone.
        family: Of which kind of document.
        draw: Chance and a number -> a document.
        group: `fitted`, to which weights may be fitted; `fresh`, on which rules may be tried, and nothing is fitted to;
            `calibration`, on which no rule was tried and whose failures nobody looks at: the weights of the confidence are
            fitted to the errors made there; `held-out`, of which nobody has seen a failure: it tells how well the rest carries over.
    """

    name: str
    family: str
    draw: Callable[[Random, int], BenchDocument]
    group: Group = "fitted"

    @property
    def hidden(self) -> bool:
        """Whether nobody looks at what it draws."""
        return self.group in HIDDEN
