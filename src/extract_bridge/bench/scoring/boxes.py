"""How well boxes cover boxes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.core.records.fields import Box


def overlap(some: Sequence[Box], others: Sequence[Box]) -> float:
    """Area in both sets of boxes over the area in either, 0..1; boxes of one set may lie over each other."""
    xs = sorted({edge for box in (*some, *others) for edge in (box.x, box.x + box.w)})
    ys = sorted({edge for box in (*some, *others) for edge in (box.y, box.y + box.h)})
    both = either = 0.0
    for left, right in pairwise(xs):
        for top, bottom in pairwise(ys):
            x, y = (left + right) / 2, (top + bottom) / 2
            here, there = _covers(some, x, y), _covers(others, x, y)
            area = (right - left) * (bottom - top)
            both += area if here and there else 0.0
            either += area if here or there else 0.0
    return both / either if either else 0.0


def _covers(boxes: Sequence[Box], x: float, y: float) -> bool:
    return any(box.x <= x <= box.x + box.w and box.y <= y <= box.y + box.h for box in boxes)
