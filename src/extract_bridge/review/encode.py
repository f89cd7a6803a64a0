"""A review as plain JSON, for the page's own script. Names are short: there may be thousands of fields."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from extract_bridge.core.records.fields import Box, PageSize
from extract_bridge.core.records.walk import walk
from extract_bridge.review.checks import Checker, schema_field
from extract_bridge.review.rows import RowBuilder
from extract_bridge.review.sources import document_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from extract_bridge.core.records.model import Citation, ExtractedField, ExtractedRecord
    from extract_bridge.core.schema.fields import SchemaField
    from extract_bridge.review.items import Item
    from extract_bridge.review.pages import Document, Sheet

_MOST_EXACT = 2**53
"""Whole numbers beyond it are rounded by a browser; they travel as text besides."""
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def as_script(value: Any) -> str:
    """JSON that may stand inside a `<script>` element and in UTF-8: nothing in it can end the element, and no character is lost."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class Encoder:
    """Turns records, documents and pages into what the page shows.

    Args:
        documents: One a document key.
        sheets: All pages shown.
        schema: Leaves of the schema, see `checks.schema_fields`.
    """

    def __init__(
        self,
        documents: Mapping[str, Document],
        sheets: Sequence[Sheet],
        schema: Mapping[str, SchemaField],
    ) -> None:
        self._documents = documents
        self._texts = [document.texts for document in documents.values()]
        self._numbers = {key: number for number, key in enumerate(documents)}
        self._sheets = {(sheet.document, sheet.number): place for place, sheet in enumerate(sheets)}
        self._sizes = [PageSize(sheet.width, sheet.height) for sheet in sheets]
        self._schema = schema

    def encode(self, items: Sequence[Item]) -> dict[str, Any]:
        """`records`, `fields` and `rows`."""
        records: list[dict[str, Any]] = []
        fields: list[dict[str, Any]] = []
        index: dict[tuple[int, str], int] = {}
        for number, item in enumerate(items):
            key = document_key(item.record)
            checker = Checker(item.record, self._schema, self._documents[key].pages)
            records.append(self._record(item, self._numbers[key], checker.general))
            for pointer, found in every_field(item.record).items():
                index[number, pointer] = len(fields)
                fields.append(self._field(number, pointer, found, checker, self._numbers[key]))
        return {"records": records, "fields": fields, "rows": list(_rows(items, index))}

    def _record(self, item: Item, document: int, warnings: Sequence[str]) -> dict[str, Any]:
        record = item.record
        said = {
            "id": item.id,
            "key": item.content_key,
            "doc": document,
            "name": record.schema_name if record.schema_name != "schema_unknown" else "",
            "target": record.extraction_target,
            "page": record.page,
            "row": record.row,
            "service": record.service,
            "job": record.job_id,
            "warnings": list(warnings),
        }
        return {name: value for name, value in said.items() if value not in (None, "", [])}

    def _field(
        self, number: int, pointer: str, item: ExtractedField, checker: Checker, document: int
    ) -> dict[str, Any]:
        said: dict[str, Any] = {"r": number, "p": pointer, "v": item.value}
        if isinstance(item.value, int) and abs(item.value) > _MOST_EXACT:
            said["big"] = str(item.value)
        if item.confidence is not None:
            said["c"] = round(item.confidence, 4)
        places = [self._place(place, document) for place in item.citations]
        if places:
            said["q"] = places
        if item.raw_value is not None and item.raw_value != item.value:
            said["raw"] = item.raw_value
        if item.reasoning:
            said["why"] = item.reasoning
        checks = checker.of(item)
        if checks:
            said["k"] = [list(check) for check in checks]
        correction = item.extra.get("correction")
        if isinstance(correction, dict):
            said["x"] = correction
        return said | self._wanted(pointer)

    def _wanted(self, pointer: str) -> dict[str, Any]:
        """What the schema asks for."""
        wanted = schema_field(self._schema, pointer)
        if wanted is None:
            return {}
        said = {"s": wanted.type, "e": list(wanted.enum), "d": wanted.description}
        return {name: value for name, value in said.items() if value}

    def _place(self, place: Citation, document: int) -> dict[str, Any]:
        said: dict[str, Any] = {}
        if place.page is not None:
            said["n"] = place.page
            sheet = self._sheets.get((document, place.page))
            if sheet is not None:
                said["g"] = sheet
                boxes = _fractions(place.boxes, place.page_size or self._sizes[sheet])
                if not boxes and place.quote and place.page in self._texts[document]:
                    boxes = self._texts[document][place.page].find(place.quote)
                    said |= {"l": 1} if boxes else {}
                if boxes:
                    said["b"] = boxes
        if place.quote:
            said["t"] = place.quote
        return said


def every_field(record: ExtractedRecord) -> dict[str, ExtractedField]:
    """The record's fields, and those leaves of its data that it has no field for."""
    return {item.pointer: item for item in walk(record.data, None)} | dict(record.fields)


def _fractions(boxes: Sequence[Box], size: PageSize) -> list[list[float]]:
    """Boxes with page width and height as 1, cut to the page; none that lies wholly outside."""
    if size.width <= 0 or size.height <= 0:
        return []
    made = []
    for box in boxes:
        part = box.normalized(size)
        left, top = max(part.x, 0.0), max(part.y, 0.0)
        right, bottom = min(part.x + part.w, 1.0), min(part.y + part.h, 1.0)
        if left <= right and top <= bottom:
            made.append([round(number, 5) for number in (left, top, right - left, bottom - top)])
    return made


def _rows(items: Sequence[Item], index: Mapping[tuple[int, str], int]) -> Iterator[list[Any]]:
    builder = RowBuilder(index)
    number = 0
    while number < len(items):
        record = items[number].record
        end = number + 1
        if record.extraction_target == "per_table_row":
            while end < len(items) and _same_table(record, items[end].record):
                end += 1
        if end - number > 1:
            yield from builder.table([(place, items[place].record) for place in range(number, end)])
        else:
            yield from builder.record(number, record)
        number = end


def _same_table(one: ExtractedRecord, other: ExtractedRecord) -> bool:
    return (one.extraction_target, document_key(one), one.schema_name) == (
        other.extraction_target,
        document_key(other),
        other.schema_name,
    )
