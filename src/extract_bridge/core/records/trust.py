"""Which values to accept, going by how sure the service says it is of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extract_bridge.core.records.model import ExtractedRecord


def threshold_for(confidences: Iterable[float], precision_target: float) -> float | None:
    """The least confidence to accept so that the accepted values are right as often as asked, if confidences keep their word.

    A confidence says how often a value of its kind is right, so the mean of those accepted is the share of them to expect
    right. The largest set is taken, surest first, whose mean is no less than the target; equals stay together.

    Args:
        confidences: Of the values to choose from, 0..1.
        precision_target: The share of accepted values that is to be right; above 0, at most 1.

    Returns:
        The confidence from which on to accept; None where not even the surest value is sure enough.

    Raises:
        ConfigurationError: the target is no such share.
    """
    if not 0.0 < precision_target <= 1.0:
        raise ConfigurationError(
            "a precision_target is a share of right values",
            where="precision_target",
            hint="Give a number above 0 and at most 1, for example 0.95",
        )
    ranked = sorted((value for value in confidences if math.isfinite(value)), reverse=True)
    threshold, total = None, 0.0
    for count, value in enumerate(ranked, 1):
        total += value
        ends = count == len(ranked) or ranked[count] < value
        if ends and total >= precision_target * count - 1e-9:
            threshold = value
    return threshold


def min_confidence_for(records: Iterable[ExtractedRecord], *, precision_target: float = 0.95) -> float | None:
    """The `min_confidence` for records like these under which so many accepted values are to be expected right.

    Over many records this is a steadier bound than `ExtractedRecord.accepted` has from one. It is worth as much as the
    confidences are: `extract-bridge bench` shows that for the local engine, and for any service on your own documents.

    Args:
        records: Typical ones, whole.
        precision_target: The share of accepted values that is to be right; above 0, at most 1.

    Returns:
        A confidence, 0..1; None where no value has one or none is sure enough.

    Raises:
        ConfigurationError: the target is no such share.
    """
    return threshold_for(
        (
            item.confidence
            for record in records
            for item in record.fields.values()
            if item.value is not None and item.confidence is not None
        ),
        precision_target,
    )
