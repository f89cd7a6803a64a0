"""Whether a confidence means what it says: how often values of that confidence are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from extract_bridge.core.records.trust import threshold_for

Sure = Sequence[tuple[float, bool]]
"""Confidences 0..1, each with whether its value was right."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Values of about the same confidence.

    Attributes:
        low: Least confidence.
        high: Where the next bin begins.
        count: How many values.
        confidence: Their mean.
        accuracy: The share that is right.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability(values: Sure, bins: int = 10) -> list[Bin]:
    """The reliability table, without the bins that nothing falls into."""
    sorted_out: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in values:
        sorted_out.setdefault(min(bins - 1, int(confidence * bins)), []).append((confidence, right))
    return [
        Bin(
            at / bins,
            (at + 1) / bins,
            len(found),
            sum(confidence for confidence, _ in found) / len(found),
            sum(right for _, right in found) / len(found),
        )
        for at, found in sorted(sorted_out.items())
    ]


def calibration_error(values: Sure, bins: int = 10) -> float | None:
    """Expected calibration error: the mean distance between confidence and accuracy of the bins, by their counts."""
    if not values:
        return None
    return sum(item.count * abs(item.confidence - item.accuracy) for item in reliability(values, bins)) / len(
        values
    )


def ranking(values: Sure) -> float | None:
    """AUROC: how often a right value has more confidence than a wrong one; ties count half. None without both kinds."""
    rights = sum(right for _, right in values)
    wrongs = len(values) - rights
    if not rights or not wrongs:
        return None
    won, below = 0.0, 0
    for _, level in groupby(sorted(values), key=lambda value: value[0]):
        outcomes = [right for _, right in level]
        good = sum(outcomes)
        bad = len(outcomes) - good
        won += good * (below + bad / 2)
        below += bad
    return won / (rights * wrongs)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a `precision_target` would accept by the confidences alone, and whether that keeps the promise.

    Attributes:
        share: Of the values that are accepted.
        threshold: The least confidence among them; None where none is.
        right: The share of the accepted values that is right; None where none is.
    """

    share: float
    threshold: float | None
    right: float | None


def promise(values: Sure, precision: float) -> Promise:
    """What `precision_target=precision` would accept of these values without knowing which are right."""
    threshold = threshold_for([confidence for confidence, _ in values], precision)
    taken = [right for confidence, right in values if threshold is not None and confidence >= threshold]
    return Promise(
        len(taken) / len(values) if values else 0.0, threshold, sum(taken) / len(taken) if taken else None
    )


def coverage(values: Sure, precision: float) -> tuple[float, float | None]:
    """The largest share of the values, surest first, that is right as often as `precision` asks.

    Returns:
        The share, and the least confidence in it: the threshold that a caller would set. None where the share is 0.
    """
    ranked = sorted(values, key=lambda value: -value[0])
    rights, best, threshold = 0, 0, None
    for at, (confidence, right) in enumerate(ranked, 1):
        rights += right
        level_ends = at == len(ranked) or ranked[at][0] < confidence  # no threshold parts equals
        if level_ends and rights / at >= precision:
            best, threshold = at, confidence
    return (best / len(values) if values else 0.0), threshold
