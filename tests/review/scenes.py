"""Documents drawn for reviews, with records whose boxes are known because they were drawn there."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from extract_bridge import Box, Citation, ExtractedField, ExtractedRecord, PageSize
from extract_bridge.core.identity import sha256_hex

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT, SIZE = 595.0, 842.0, 9
COLUMNS = {"code": 60.0, "name": 140.0, "quantity": 330.0, "amount": 420.0}

HOSTILE = {
    "script": '</script><script>window.pwned = 1</script><img src=x onerror="window.pwned = 2">',
    "comment": "<!--<script>",
    "markup": "[/red] [bold]loud[/bold] {{data}} {{script}} &amp; &lt;b&gt;",
    "link": "javascript:alert(1) https://evil.example/?q=1 <a href='https://evil.example'>x</a>",
    "escape": "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07click\x1b]8;;\x07 bell\x07",
    "direction": "invoice \u202egpj.exe\u202c \u2066isolated\u2069 \u200f",
    "unseen": "zero\u200bwidth \U000e0041\U000e0042 \ufeff",
    "surrogate": "half \ud83d of a face",
    "huge": "W" * 4000,
    "lines": "first\nsecond\r\nthird\u2028fourth",
    "formula": "=cmd|' /C calc'!A0",
    "__proto__": "polluted",
    "constructor": "also a name",
    "a/b~c d": "a name that must be escaped",
    "": "a name without letters",
    "<img src=x onerror=window.pwned=3>": "a name with markup",
}
"""Names and values that a page must only ever show."""


@dataclass(frozen=True)
class Scene:
    """A document and what was read from it."""

    pdf: bytes
    records: list[ExtractedRecord]

    @property
    def documents(self) -> dict[str, bytes]:
        return {"scene.pdf": self.pdf}


def table(rows: int, *, each: int = 40, target: str = "per_table_row") -> Scene:
    """A table over as many pages as it needs; every seventh amount is doubtful, every eleventh name missing."""
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=(WIDTH, HEIGHT))
    found = []
    for number in range(rows):
        page, line = divmod(number, each)
        if number and not line:
            canvas.showPage()
        y = HEIGHT - 60 - line * 18
        values = {
            "code": f"A-{number:05d}",
            "name": None if number % 11 == 10 else f"Part {number} of many",
            "quantity": number % 9 + 1,
            "amount": round(number * 3.25 + 0.5, 2),
        }
        fields = {}
        for name, value in values.items():
            fields[name] = _drawn(canvas, COLUMNS[name], y, value, page + 1)
        if number % 7 == 6:
            fields["amount"] = replace(fields["amount"], confidence=0.41)
        found.append((page + 1, values, fields))
    canvas.save()
    return _scene(sink.getvalue(), found, target)


def single(values: dict[str, Any], **keywords: Any) -> Scene:
    """One page with these values below each other, as one record."""
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=(WIDTH, HEIGHT))
    fields = {
        name: _drawn(canvas, 60, HEIGHT - 60 - place * 20, value, 1)
        for place, (name, value) in enumerate(values.items())
    }
    canvas.save()
    scene = _scene(sink.getvalue(), [(1, values, fields)], "per_doc")
    return replace(scene, records=[replace(scene.records[0], **keywords)])


def rotated() -> Scene:
    """A wide page that is turned by a quarter when it is shown; boxes are where a reader sees the words."""
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=(WIDTH, HEIGHT))
    canvas.setPageRotation(90)
    field = _drawn(canvas, 100, 300, "TURNED", 1)
    canvas.save()
    (place,) = field.citations
    (box,) = place.boxes
    bottom = HEIGHT - box.y - box.h
    turned = Citation(
        page=1,
        quote="TURNED",
        boxes=(Box(bottom, box.x, box.h, box.w),),
        page_size=PageSize(WIDTH, HEIGHT),
        match="exact",
    )
    return _scene(
        sink.getvalue(), [(1, {"word": "TURNED"}, {"word": replace(field, citations=(turned,))})], "per_doc"
    )


def many_pages(count: int) -> Scene:
    """One value on each page, in one record with a list."""
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=(WIDTH, HEIGHT))
    values, fields = [], {}
    for number in range(count):
        if number:
            canvas.showPage()
        pointer = f"/sections/{number}/title"
        values.append({"title": f"Section {number + 1}"})
        fields[pointer] = replace(
            _drawn(canvas, 60, HEIGHT - 80 - number % 20 * 30, f"Section {number + 1}", number + 1),
            pointer=pointer,
        )
    canvas.save()
    record = _record(sink.getvalue(), {"sections": values}, fields, "per_doc", None, None)
    return Scene(sink.getvalue(), [record])


def hostile() -> Scene:
    """Values, names, quotes, reasons and warnings that try everything."""
    shown = {
        name: value.encode("ascii", "replace").decode()[:60].replace("\n", " ")
        for name, value in HOSTILE.items()
    }
    scene = single(shown)
    fields = {}
    for (name, value), field in zip(HOSTILE.items(), scene.records[0].fields.values(), strict=True):
        pointer = "/" + name.replace("~", "~0").replace("/", "~1")
        places = tuple(replace(place, quote=value) for place in field.citations)
        fields[pointer] = replace(
            field, pointer=pointer, value=value, citations=places, reasoning=value, raw_value=f"{value}!"
        )
    record = replace(
        scene.records[0],
        data=dict(HOSTILE),
        fields=fields,
        schema_name="<script>window.pwned = 4</script>",
        warnings=tuple(HOSTILE.values()),
        service="<img src=x onerror=window.pwned=5>",
        file_name="</title><script>window.pwned = 6</script>.pdf",
    )
    return Scene(scene.pdf, [record])


def _drawn(canvas: Canvas, x: float, y: float, value: Any, page: int) -> ExtractedField:
    if value is None:
        return ExtractedField(pointer="", value=None, reasoning="The row has no text in this column.")
    text = str(value)
    canvas.setFont("Helvetica", SIZE)
    canvas.drawString(x, y, text)
    box = Box(x, HEIGHT - y - SIZE, stringWidth(text, "Helvetica", SIZE), SIZE + 2)
    place = Citation(page=page, quote=text, boxes=(box,), page_size=PageSize(WIDTH, HEIGHT), match="exact")
    return ExtractedField(pointer="", value=value, confidence=0.95, citations=(place,))


def _scene(
    pdf: bytes, found: Sequence[tuple[int, dict[str, Any], dict[str, ExtractedField]]], target: str
) -> Scene:
    if target == "per_doc" and len(found) > 1:
        data = {"items": [values for _, values, _ in found]}
        fields = {
            f"/items/{place}/{name}": replace(field, pointer=f"/items/{place}/{name}")
            for place, (_, _, row) in enumerate(found)
            for name, field in row.items()
        }
        return Scene(pdf, [_record(pdf, data, fields, target, None, None)])
    records = []
    for row, (page, values, fields) in enumerate(found):
        own = {f"/{name}": replace(field, pointer=f"/{name}") for name, field in fields.items()}
        place = (page, row) if target == "per_table_row" else (None, None)
        records.append(_record(pdf, values, own, target, *place))
    return Scene(pdf, records)


def _record(
    pdf: bytes,
    data: dict[str, Any],
    fields: dict[str, ExtractedField],
    target: str,
    page: int | None,
    row: int | None,
) -> ExtractedRecord:
    return ExtractedRecord(
        data=data,
        fields=fields,
        extraction_target=target,
        page=page,
        row=row,
        schema_name="Part",
        source="scene.pdf",
        source_id="scene.pdf",
        file_name="scene.pdf",
        file_sha256=sha256_hex(pdf),
        service="local",
        job_id="ext-scene",
    )
