"""Records -> the wire: `extract_result` and `field_metadata`. The mirror of `read`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from extract_bridge.core.records.clean import escape
from extract_bridge.core.records.evidence import write_field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.core.records.model import ExtractedField, ExtractedRecord

METADATA_KEYS = {"per_doc": "document_metadata", "per_page": "page_metadata", "per_table_row": "row_metadata"}
"""Where `field_metadata` keeps the entries of each extraction target."""

DETAILS_KEY = "record_details"
"""Ours: what the wire has no place for (page, row, warnings), one object a record."""


def write_records(
    records: Sequence[ExtractedRecord],
    *,
    extraction_target: str,
    cite_sources: bool = True,
    confidence_scores: bool = True,
) -> tuple[Any, dict[str, Any] | None]:
    """`extract_result` and `field_metadata` of a job.

    Args:
        records: One for `per_doc`, else one a page or row.
        extraction_target: Decides whether the result is an object or a list, and where the metadata goes.
        cite_sources: Write where values were read.
        confidence_scores: Write how sure they are.

    Returns:
        The result, and its metadata; None for the latter where neither citations nor confidences are wanted.
    """
    results = [record.data for record in records]
    entries = [
        _entries(
            record.data,
            record.fields,
            "",
            {"cite_sources": cite_sources, "confidence_scores": confidence_scores},
        )
        for record in records
    ]
    single = extraction_target == "per_doc"
    result: Any = (results[0] if results else None) if single else results
    if not (cite_sources or confidence_scores):
        return result, None
    metadata: dict[str, Any] = dict.fromkeys(METADATA_KEYS.values())
    metadata[METADATA_KEYS[extraction_target]] = (entries[0] if entries else None) if single else entries
    metadata[DETAILS_KEY] = [_details(record) for record in records]
    return result, metadata


def _entries(data: Any, fields: Mapping[str, ExtractedField], pointer: str, asked: dict[str, bool]) -> Any:
    if isinstance(data, Mapping):
        return {
            name: _entries(value, fields, f"{pointer}/{escape(str(name))}", asked)
            for name, value in data.items()
        }
    if isinstance(data, list):
        return [_entries(value, fields, f"{pointer}/{index}", asked) for index, value in enumerate(data)]
    field = fields.get(pointer)
    return (write_field(field, **asked) if field is not None else None) or None


def _details(record: ExtractedRecord) -> dict[str, Any]:
    details = {
        "page": record.page,
        "row": record.row,
        "row_key": record.row_key,
        "warnings": list(record.warnings),
        **record.extra,
    }
    return {key: value for key, value in details.items() if value not in (None, [])}
