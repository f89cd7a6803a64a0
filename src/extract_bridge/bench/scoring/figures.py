"""Verdicts summed up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.bench.scoring.trust import (
    Bin,
    Promise,
    calibration_error,
    coverage,
    promise,
    ranking,
    reliability,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extract_bridge.bench.scoring.score import Verdict

PRECISIONS = (0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the verdicts on some documents come to. Shares are 0..1, None where there is nothing to share.

    Attributes:
        values: Values that the truth has.
        precision: Right values of all that were given.
        recall: Right values of all that the truth has.
        f1: Their harmonic mean.
        page_f1: The same, where right needs a cited page that states the value; over values whose page is known.
        box_f1: The same, where right needs boxes that overlap the words by half.
        boxes_right: Right values whose boxes overlap the words by half, of the right values whose place is known.
        false_answers: The share of given values that is wrong.
        correct_nulls: The share of values that the document does not have and that were left null.
        calibration_error: ECE over ten bins.
        ranking: AUROC of the confidence.
        confidences: How many values have one.
        coverage: Precision -> share of values that may be accepted, and the confidence from which.
        promises: Precision -> what a `precision_target` of it would accept by the confidences alone, and how much of that is right.
        bins: The reliability table.
    """

    values: int
    precision: float | None
    recall: float | None
    f1: float | None
    page_f1: float | None
    box_f1: float | None
    boxes_right: float | None
    false_answers: float | None
    correct_nulls: float | None
    calibration_error: float | None
    ranking: float | None
    confidences: int
    coverage: dict[float, tuple[float, float | None]]
    promises: dict[float, Promise]
    bins: list[Bin]


def figures(verdicts: Sequence[Verdict], precisions: Iterable[float] = PRECISIONS) -> Figures:
    """Sum verdicts up.

    Args:
        verdicts: Of one document or many.
        precisions: For which to say what may be accepted, 0..1.
    """
    levels = tuple(precisions)
    wanted, given = sum(item.wanted for item in verdicts), sum(item.given for item in verdicts)
    right = sum(item.right for item in verdicts)
    absent = [item for item in verdicts if not item.wanted and item.pointer]
    sure = [(item.confidence, item.right) for item in verdicts if item.given and item.confidence is not None]
    return Figures(
        values=wanted,
        precision=_share(right, given),
        recall=_share(right, wanted),
        f1=_share(2 * right, wanted + given),
        page_f1=_placed(verdicts, [item.page_right for item in verdicts]),
        box_f1=_placed(verdicts, [item.box_right for item in verdicts]),
        boxes_right=_share(
            sum(item.box_right is True for item in verdicts),
            sum(item.right and item.box_right is not None for item in verdicts),
        ),
        false_answers=_share(given - right, given),
        correct_nulls=_share(sum(not item.given for item in absent), len(absent)),
        calibration_error=calibration_error(sure),
        ranking=ranking(sure),
        confidences=len(sure),
        coverage={level: coverage(sure, level) for level in levels} if sure else {},
        promises={level: promise(sure, level) for level in levels} if sure else {},
        bins=reliability(sure),
    )


def _placed(verdicts: Sequence[Verdict], rights: Iterable[bool | None]) -> float | None:
    """F1 over the values whose place is known; answers that the truth has no value for count against it."""
    right = wanted = given = 0
    for item, judged in zip(verdicts, rights, strict=True):
        if judged is not None or not item.wanted:
            right, wanted, given = right + bool(judged), wanted + item.wanted, given + item.given
    return _share(2 * right, wanted + given) if wanted else None


def _share(some: int, of: int) -> float | None:
    return some / of if of else None
