"""What is added to a text's metadata when a record has been extracted from it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from extract_bridge.core.records.citations import decode_rows, encode_rows
from extract_bridge.core.records.clean import is_scalar
from extract_bridge.core.records.passages import SHARED_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract_bridge.core.records.model import ExtractedRecord


def enrichment(
    record: ExtractedRecord, told: Mapping[str, Any], present: Mapping[str, Any], *, named: bool
) -> dict[str, Any]:
    """The keys to add; none that is there already is replaced, except by the record itself.

    Args:
        record: What was extracted.
        told: The metadata of the record's passage.
        present: What the text has already.
        named: Whether the caller named the fields to copy; otherwise every top-level scalar is.

    Returns:
        Scalars of the record, `extracted` (all of it as JSON), and what `told` says. Citations have no spans, for the text is not a
        rendering of the record.
    """
    added = {name: value for name, value in told.items() if name not in present}
    if not named:
        added = scalars_of(record) | added
    added["extracted"] = json.dumps(record.data, ensure_ascii=False, allow_nan=False)
    if "citations" in told:
        rows = [{key: value for key, value in row.items() if key != "span"} for row in decode_rows(told)]
        added["citations"] = encode_rows(rows)
    return added


def scalars_of(record: ExtractedRecord) -> dict[str, Any]:
    """The record's top-level scalars under their own names, without those that every document has."""
    return {
        name: value
        for name, value in record.data.items()
        if value is not None and is_scalar(value) and name not in SHARED_KEYS
    }
