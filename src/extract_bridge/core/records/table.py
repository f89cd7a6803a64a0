"""A record as a plain HTML table, for notebooks. Everything that came out of a document is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from extract_bridge.core.records.clean import encodable
from extract_bridge.core.records.renderings import scalar_text

if TYPE_CHECKING:
    from extract_bridge.core.records.fields import ExtractedField
    from extract_bridge.core.records.model import ExtractedRecord

_MOST_ROWS = 200
_LONGEST_TEXT = 120
_HEAD = "<tr><th>field</th><th>value</th><th>page</th><th>confidence</th><th>read from</th></tr>"


def html_table(record: ExtractedRecord) -> str:
    """The fields with value, page, confidence and quote; at most 200 of them."""
    fields = list(record.fields.values())
    rows = "".join(_row(field) for field in fields[:_MOST_ROWS])
    left = len(fields) - _MOST_ROWS
    more = f"<p>and {left} more fields</p>" if left > 0 else ""
    said = "".join(f"<li>{_text(warning)}</li>" for warning in record.warnings)
    title = " ".join(filter(None, (record.schema_name, record.file_name, record.unit)))
    return f"<table><caption>{_text(title)}</caption>{_HEAD}{rows}</table>{more}{f'<ul>{said}</ul>' if said else ''}"


def _row(field: ExtractedField) -> str:
    citation = field.citations[0] if field.citations else None
    cells = (
        field.pointer,
        "" if field.value is None else scalar_text(field.value),
        "" if citation is None or citation.page is None else str(citation.page),
        "" if field.confidence is None else f"{field.confidence:.0%}",
        (field.reasoning or "") if citation is None else citation.quote or "",
    )
    return f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}</tr>"


def _text(value: str) -> str:
    shown = encodable("".join(char if char.isprintable() else " " for char in value[:_LONGEST_TEXT]))
    return escape(shown if len(value) <= _LONGEST_TEXT else f"{shown}…")
