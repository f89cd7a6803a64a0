"""Records as bounded plain JSON: what a program keeps beside the text a model sees.

Plain JSON, because a checkpointer gives back nothing else; bounded, because a run's traces carry it.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from extract_bridge.core.records.model import Citation, ExtractedField, ExtractedRecord


def records_artifact(records: Sequence[ExtractedRecord], most: int) -> dict[str, Any]:
    """`records` with all evidence, their `warnings`, and `truncated` where not all of it fits.

    Args:
        records: In their order.
        most: Characters of JSON at most. A record that does not fit is left out with all after it; a first record that
            is too large alone loses its boxes, then its fields, then its data.
    """
    shown: list[dict[str, Any]] = []
    room = most
    for record in records:
        plain = _within(record, room, all_forms=not shown)
        if plain is None:
            break
        room -= _size(plain)
        shown.append(plain)
    is_whole = len(shown) == len(records) and not any("left_out" in item for item in shown)
    truncated = None if is_whole else _reference_to_rest(records, shown)
    return {"records": shown, "truncated": truncated}


def _reference_to_rest(records: Sequence[ExtractedRecord], shown: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How much is there, and from where on to read the rest of it (`read_extract_result`, or the job itself)."""
    rows_from = len(shown) if len(shown) < len(records) else 0
    first = 0 if any("left_out" in item for item in shown) else rows_from
    return {
        "records_shown": len(shown),
        "records_total": len(records),
        "rest": [{"path": "", "offset": first}],
    }


def _within(record: ExtractedRecord, room: int, *, all_forms: bool) -> dict[str, Any] | None:
    forms: tuple[Callable[[ExtractedRecord], dict[str, Any]], ...] = (
        _full,
        _without_boxes,
        _data_only,
        _reference,
    )
    for form in forms if all_forms else forms[:1]:
        plain = form(record)
        if _size(plain) <= room:
            return plain
    return None


def _full(record: ExtractedRecord) -> dict[str, Any]:
    return _record(record, {key: field_artifact(item, boxes=True) for key, item in record.fields.items()})


def _without_boxes(record: ExtractedRecord) -> dict[str, Any]:
    fields = {key: field_artifact(item, boxes=False) for key, item in record.fields.items()}
    return {**_record(record, fields), "left_out": ["boxes"]}


def _data_only(record: ExtractedRecord) -> dict[str, Any]:
    return {**_record(record, {}), "left_out": ["fields"]}


def _reference(record: ExtractedRecord) -> dict[str, Any]:
    plain = _data_only(record)
    return {**plain, "data": None, "left_out": ["fields", "data"]}


def _record(record: ExtractedRecord, fields: dict[str, Any]) -> dict[str, Any]:
    parts = {
        "id": record.id,
        "schema_name": record.schema_name,
        "extraction_target": record.extraction_target,
        "page": record.page,
        "row": record.row,
        "source": record.source,
        "data": plain_json(record.data),
        "fields": fields,
        "warnings": list(record.warnings),
    }
    return {key: value for key, value in parts.items() if value is not None}


def field_artifact(item: ExtractedField, *, boxes: bool) -> dict[str, Any]:
    """One field with its evidence."""
    parts = {
        "value": plain_json(item.value),
        "raw_value": item.raw_value,
        "confidence": plain_json(item.confidence),
        "reasoning": item.reasoning,
        "citations": [_citation(one, boxes=boxes) for one in item.citations],
    }
    return {key: value for key, value in parts.items() if value is not None or key == "value"}


def _citation(item: Citation, *, boxes: bool) -> dict[str, Any]:
    size = item.page_size
    parts: dict[str, Any] = {
        "page": item.page,
        "quote": item.quote,
        "match": item.match,
        "boxes": [[box.x, box.y, box.w, box.h] for box in item.boxes] if boxes else None,
        "page_size": [size.width, size.height] if boxes and size else None,
    }
    return {key: value for key, value in parts.items() if value is not None}


def plain_json(value: Any) -> Any:
    """`value` as JSON that every store takes: no NaN or infinity, no lone surrogate."""
    if isinstance(value, dict):
        return {plain_json(key): plain_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode()
    return value


def _size(plain: dict[str, Any]) -> int:
    return len(json.dumps(plain))
