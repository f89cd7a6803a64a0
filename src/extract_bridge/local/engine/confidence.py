"""How sure a value is, 0..1: from the strength of its evidence and from what competes with it."""

from __future__ import annotations

import itertools

_POINTS = (
    (0.0, 0.05),
    (0.4, 0.45),
    (0.5, 0.62),
    (0.6, 0.74),
    (0.7, 0.82),
    (0.8, 0.88),
    (0.9, 0.93),
    (1.0, 0.97),
)
"""Score of a candidate, and how often values of that score were right; straight lines between."""


def extraction_confidence(score: float, rival: float = 0.0) -> float:
    """The confidence of a chosen candidate.

    Args:
        score: Its own score.
        rival: The score of the best candidate with another value for the same field.
    """
    base = _curve(min(1.0, max(0.0, score)))
    closeness = max(0.0, 1.0 - (score - rival) / 0.35) if rival > 0 else 0.0
    return round(base * (1.0 - 0.25 * min(1.0, closeness)), 4)


def _curve(score: float) -> float:
    for (x0, y0), (x1, y1) in itertools.pairwise(_POINTS):
        if score <= x1:
            return y0 + (y1 - y0) * (score - x0) / (x1 - x0)
    return _POINTS[-1][1]
