"""A record as JSON, for `.jsonl` and `.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from extract_bridge.agent.text import is_clean

if TYPE_CHECKING:
    from extract_bridge.core.records.model import ExtractedRecord


def as_line(record: ExtractedRecord) -> dict[str, Any]:
    """A record for people and programs: the data, and for each value where it was read and how sure."""
    evidence = {
        pointer: {
            "page": item.citations[0].page if item.citations else None,
            "quote": item.citations[0].quote if item.citations else None,
            "confidence": item.confidence,
        }
        for pointer, item in record.fields.items()
        if item.value is not None
    }
    return {
        "id": record.id,
        "source": record.source,
        "service": record.service,
        "job_id": record.job_id,
        "page": record.page,
        "row": record.row,
        "data": record.data,
        "evidence": evidence,
        "warnings": list(record.warnings),
    }


def as_json(value: Any) -> str:
    """`value` on one line. Text that UTF-8 cannot hold (a lone surrogate) is escaped, not refused."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, ensure_ascii=True, allow_nan=False)
    return text


def shown_json(value: Any, *, indent: int | None = None) -> str:
    """`value` as JSON for standard output, which may be a terminal: what it would obey, or not show, is escaped. It means the same."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    if is_clean(text):
        return text
    return "".join(char if is_clean(char) else json.dumps(char)[1:-1] for char in text)
