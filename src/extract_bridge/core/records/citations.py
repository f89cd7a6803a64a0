"""The `citations` value of a Document's metadata: one JSON string, a row for every field, cited or not.

    {"path": "/total", "span": [12, 20], "page": 2, "confidence": 0.93, "quote": "1,250.00"}

A bare list is format version 1 (`FORMAT_VERSION`); a later version is an object `{"format_version": 2, "rows": [...]}`, which this version refuses by name.
What is unknown is left out. A field with several citations has several rows. `citations="full"` adds `boxes` ([x, y, w, h] in
points from the top left) and `page_size` ([width, height] in points).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import ResultError
from extract_bridge.core.records.evidence import confidence_of, match_of, number_of, page_of
from extract_bridge.core.records.model import Box, Citation, PageSize

if TYPE_CHECKING:
    from extract_bridge.core.records.model import ExtractedField
    from extract_bridge.core.records.renderings import Spans

Row = dict[str, Any]
FORMAT_VERSION = 1
_UNCITED = (None,)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_encode_text = json.JSONEncoder(ensure_ascii=False).encode


def citation_rows(fields: Sequence[ExtractedField], spans: Spans, *, full: bool) -> list[Row]:
    """The rows of some fields."""
    return [
        _row(field, spans.get(field.pointer), citation, full=full)
        for field in fields
        for citation in field.citations or _UNCITED
    ]


def encode_rows(rows: Sequence[Row]) -> str:
    """Rows as the JSON string that metadata holds."""
    return _encode(rows)


def fit_rows(rows: list[Row], room: int) -> tuple[str, bool]:
    """The JSON string of as much of the rows as `room` bytes hold: quotes go first, then boxes, then rows from the end.

    Returns:
        The string, and whether something was left out.
    """
    text = encode_rows(rows)
    if _bytes(text) <= room:
        return text, False
    for without in ({"quote"}, {"quote", "boxes", "page_size"}):
        lean = [{key: value for key, value in row.items() if key not in without} for row in rows]
        text = encode_rows(lean)
        if _bytes(text) <= room:
            return text, True
    low, high = 0, len(lean)
    while low < high:  # the longest start that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _bytes(encode_rows(lean[:middle])) <= room else (low, middle - 1)
    return encode_rows(lean[:low]), True


def decode_rows(source: str | Mapping[str, Any] | None) -> list[Row]:
    """The rows of a JSON string, or of metadata that holds one.

    Raises:
        ResultError: a newer version of this package wrote them.
    """
    text = source.get("citations") if isinstance(source, Mapping) else source
    if not isinstance(text, str) or not text:
        return []
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if isinstance(rows, dict) and isinstance(rows.get("format_version"), int):
        raise ResultError(
            f"the citations have format_version {rows['format_version']}, this package reads up to {FORMAT_VERSION}",
            where="citations",
            hint="Install a newer extract-bridge",
        )
    return [row for row in rows if isinstance(row, dict) and "path" in row] if isinstance(rows, list) else []


def decode_citations(source: str | Mapping[str, Any] | None) -> dict[str, list[Citation]]:
    """Where each field was read, by JSON pointer; an empty list for a field without a place.

    Args:
        source: The JSON string, or metadata that holds it under `citations`.
    """
    found: dict[str, list[Citation]] = {}
    for row in decode_rows(source):
        places = found.setdefault(str(row["path"]), [])
        if row.keys() & {"page", "quote", "boxes"}:
            quote, boxes, size = row.get("quote"), row.get("boxes"), _numbers(row.get("page_size"), 2)
            found_boxes = [_numbers(box, 4) for box in boxes] if isinstance(boxes, list) else []
            places.append(
                Citation(
                    page=page_of(row.get("page")),
                    quote=quote if isinstance(quote, str) else None,
                    boxes=tuple(Box(*box) for box in found_boxes if box),
                    page_size=PageSize(*size) if size else None,
                    match=match_of(row.get("match")),
                )
            )
    return found


def decode_confidences(source: str | Mapping[str, Any] | None) -> dict[str, float]:
    """How sure each field is, 0..1, by JSON pointer; only fields that say so."""
    return {
        str(row["path"]): confidence
        for row in decode_rows(source)
        if (confidence := confidence_of(row.get("confidence"))) is not None
    }


def _numbers(value: Any, count: int) -> list[float] | None:
    """A list of so many numbers, or None: metadata may have been through other hands."""
    if not isinstance(value, list) or len(value) != count:
        return None
    numbers = [number for item in value if (number := number_of(item)) is not None]
    return numbers if len(numbers) == count else None


def _row(
    field: ExtractedField, span: tuple[int, int] | None, citation: Citation | None, *, full: bool
) -> Row:
    row: Row = {"path": field.pointer}
    if span is not None:
        row["span"] = list(span)
    if citation is not None and citation.page is not None:
        row["page"] = citation.page
    if field.confidence is not None:
        row["confidence"] = round(field.confidence, 4)
    if citation is not None and citation.quote is not None:
        row["quote"] = citation.quote
    if citation is not None and full:
        if citation.match is not None:
            row["match"] = citation.match
        if citation.boxes:
            row["boxes"] = [[box.x, box.y, box.w, box.h] for box in citation.boxes]
        if citation.page_size is not None:
            row["page_size"] = [citation.page_size.width, citation.page_size.height]
    return row


def _bytes(text: str) -> int:
    """As a value inside JSON metadata, where its own quotes are escaped."""
    return len(_encode_text(text).encode("utf-8", "surrogatepass"))
