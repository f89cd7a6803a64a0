"""Long arrays: every row and every cell of tables that are drawn here, with all that makes long tables hard."""

from __future__ import annotations

import gc
import io
import random
from dataclasses import dataclass, field
from itertools import islice

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.records.write import write_records
from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.parse.layout import find_tables
from extract_bridge.parse.model import Word
from extract_bridge.parse.open import parse_document

NUMBER = {"type": ["number", "null"]}
SCHEMA = {
    "type": "object",
    "properties": {
        "entries": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "reference": {"type": ["string", "null"]},
                    "description": {"type": ["string", "null"]},
                    "quantity": {"type": ["integer", "null"]},
                    "unit_price": NUMBER,
                    "amount": NUMBER,
                },
            },
        }
    },
}
HEAD = ("Reference", "Description", "Quantity", "Unit price", "Amount")
EDGES = (40, 110, 320, 390, 470, 550)
NOUNS = ("bracket", "valve", "hose", "lamp", "filter", "bolt", "panel", "spring")
ADJECTIVES = ("folding", "steel", "brass", "narrow", "heavy", "outdoor", "spare", "blue")


@dataclass
class Sheets:
    """Pages of one table, drawn from top to bottom."""

    canvas: Canvas
    ruled: bool
    heads: bool
    y: float = 0.0
    number: int = 0
    top: list[float] = field(default_factory=list)

    def page(self) -> None:
        if self.number:
            self.footer()
            self.canvas.showPage()
        self.number += 1
        self.canvas.setFont("Helvetica", 9)
        self.canvas.drawString(40, 810, "Goods received, second half of the year")
        self.y = 770.0
        if self.heads or self.number == 1:
            self.row(HEAD)

    def footer(self) -> None:
        self.canvas.drawString(40, 30, "All amounts in euros, net of tax")
        self.canvas.drawRightString(550, 30, f"Page {self.number}")

    def row(self, texts: tuple[str, ...], wrapped: str = "") -> None:
        height = 16 + 11 * bool(wrapped)
        for at, text in enumerate(texts):
            if at < 2:
                self.canvas.drawString(EDGES[at] + 3, self.y, text)
            else:
                self.canvas.drawRightString(EDGES[at + 1] - 3, self.y, text)
        if wrapped:
            self.canvas.drawString(EDGES[1] + 3, self.y - 11, wrapped)
        if self.ruled:
            for x in EDGES:
                self.canvas.line(x, self.y + 11, x, self.y + 11 - height)
            for y in (self.y + 11, self.y + 11 - height):
                self.canvas.line(EDGES[0], y, EDGES[-1], y)
        self.y -= height

    def note(self, x: float, text: str, amount: str = "") -> None:
        self.canvas.drawString(x, self.y, text)
        if amount:
            self.canvas.drawRightString(EDGES[-1] - 3, self.y, amount)
        self.y -= 16


def drawn(
    count: int,
    *,
    ruled: bool,
    heads: bool = True,
    wraps: bool = False,
    sums: bool = False,
    groups: bool = False,
) -> tuple[bytes, list[dict[str, object]]]:
    """A PDF with a table of so many rows, and the rows."""
    rng = random.Random(f"{count}{ruled}{heads}{wraps}{sums}{groups}")
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1)
    sheets = Sheets(canvas, ruled, heads)
    sheets.page()
    rows: list[dict[str, object]] = []
    running = 0.0
    for number in range(count):
        if sheets.y < 90:
            if sums:
                sheets.note(EDGES[1] + 3, "Carried forward", f"{running:,.2f}")
            sheets.page()
            if sums:
                sheets.note(EDGES[1] + 3, "Brought forward", f"{running:,.2f}")
        if groups and number % 9 == 0:
            sheets.note(EDGES[0] + 3, f"Warehouse {'ABCDEFGH'[number // 9 % 8]}")
        name = f"{rng.choice(ADJECTIVES).capitalize()} {rng.choice(NOUNS)}"
        rest = f"with {rng.choice(ADJECTIVES)} {rng.choice(NOUNS)}" if wraps and rng.random() < 0.3 else ""
        quantity, price = rng.randint(1, 400), rng.randint(50, 90000) / 100
        amount = round(quantity * price, 2)
        running += amount
        reference = f"{rng.choice('ABCDEF')}{rng.choice('XYZ')}-{rng.randint(1000, 9999)}"
        sheets.row((reference, name, str(quantity), f"{price:,.2f}", f"{amount:,.2f}"), rest)
        values = (reference, f"{name} {rest}".strip(), quantity, price, amount)
        rows.append(dict(zip(SCHEMA["properties"]["entries"]["items"]["properties"], values, strict=True)))
        if sums and number % 25 == 24:
            sheets.note(EDGES[1] + 3, "Subtotal", f"{running:,.2f}")
    sheets.note(EDGES[1] + 3, "Total", f"{running:,.2f}")
    sheets.footer()
    canvas.save()
    return buffer.getvalue(), rows


def entries(tmp_path, data):
    path = tmp_path / "stored"
    path.write_bytes(data)
    document = parse_document(path, name="goods.pdf")
    (record,) = RulesEngine().extract(document, ExtractRequest(data_schema=SCHEMA))
    return record, len(document.pages)


def shares(found, rows):
    """The shares of rows and of cells that are right, in the order of the document; surplus rows count as wrong."""
    length = max(len(found), len(rows))
    pairs = list(zip(found, rows, strict=False))
    cells = [one.get(key) == value for one, other in pairs for key, value in other.items()]
    return sum(one == other for one, other in pairs) / length, sum(cells) / (length * len(rows[0]))


KINDS = {
    "plain": {},
    "without headings on later pages": {"heads": False},
    "wrapped cells": {"wraps": True},
    "sums between rows and over pages": {"sums": True},
    "headings between rows": {"groups": True},
    "all at once": {"wraps": True, "sums": True, "groups": True},
}


CASES = [(27, kind) for kind in KINDS] + [(400, "without headings on later pages"), (400, "all at once")]


@pytest.mark.parametrize("ruled", [True, False], ids=["ruled", "unruled"])
@pytest.mark.parametrize(("count", "kind"), CASES)
def test_rows_and_cells_of_a_long_array(tmp_path, count, kind, ruled):
    data, rows = drawn(count, ruled=ruled, **KINDS[kind])
    record, pages = entries(tmp_path, data)
    assert pages > (1 if count > 27 else 0)
    right_rows, right_cells = shares(record.data["entries"], rows)
    assert len(record.data["entries"]) == count
    assert right_rows >= 0.99
    assert right_cells >= 0.99


def test_the_note_says_what_became_of_every_row(tmp_path):
    data, rows = drawn(60, ruled=False, sums=True, groups=True)
    record, pages = entries(tmp_path, data)
    note = record.extra["completeness"]["/entries"]
    assert note["rows"] == len(record.data["entries"]) == 60
    assert note["rows_seen"] == note["rows"] + sum(note["left_out"].values())
    assert note["left_out"]["total"] >= 3  # two subtotals, one total, and what is carried over the page
    assert note["pages"] == list(range(1, pages + 1))
    amounts = note["totals"]["amount"]
    assert amounts == {"sum": pytest.approx(sum(row["amount"] for row in rows)), "printed": True}
    assert note["totals"]["quantity"]["printed"] is None  # nothing sums up the pieces
    assert note["numbers_not_used"] >= 3
    assert note["columns_not_asked"] == []
    assert not record.warnings


def test_the_note_survives_the_wire(tmp_path):
    record, _ = entries(tmp_path, drawn(5, ruled=True)[0])
    result, metadata = write_records([record], extraction_target="per_doc")
    job = {
        "id": "exj-1",
        "status": "COMPLETED",
        "extract_result": result,
        "extract_metadata": {"field_metadata": metadata},
    }
    (again,) = records_from_job(job, SCHEMA)
    assert again.extra["completeness"] == record.extra["completeness"]


SHORT = "Program,Budget\nRoads,5\nSchools,7\nParks,9\nTotal,{total}\n"


@pytest.mark.parametrize(("total", "warned"), [("21", False), ("26", True)])
def test_a_total_that_its_rows_do_not_add_up_to_is_a_warning(tmp_path, total, warned):
    path = tmp_path / "stored"
    path.write_text(SHORT.format(total=total))
    items = {"type": "object", "properties": {"program": {"type": "string"}, "budget": NUMBER}}
    schema = {"type": "object", "properties": {"programs": {"type": "array", "items": items}}}
    (record,) = RulesEngine().extract(parse_document(path, name="a.csv"), ExtractRequest(data_schema=schema))
    assert [row["budget"] for row in record.data["programs"]] == [5, 7, 9]
    assert record.extra["completeness"]["/programs"]["totals"]["budget"] == {"sum": 21, "printed": not warned}
    assert any("is not their sum" in warning for warning in record.warnings) is warned


def test_the_first_of_the_records_of_rows_carries_the_note(tmp_path):
    path = tmp_path / "stored"
    path.write_text("Program,Budget,Year\nRoads,5,2024\nProgram,Budget,Year\nSchools,7,2025\n")
    schema = {"type": "object", "properties": {"program": {"type": "string"}, "budget": NUMBER}}
    request = ExtractRequest(data_schema=schema, extraction_target="per_table_row")
    first, second = RulesEngine().extract(parse_document(path, name="a.csv"), request)
    assert [first.data["program"], second.data["program"]] == ["Roads", "Schools"]
    assert first.extra["completeness"][""]["left_out"] == {"heading": 1}
    assert first.extra["completeness"][""]["columns_not_asked"] == ["Year"]
    assert not second.extra


def test_a_stream_of_records_lets_go_of_rows_and_words(tmp_path):
    path = tmp_path / "stored"
    path.write_text("Program,Budget\n" + "".join(f"Road {at},{at}\n" for at in range(300)))
    schema = {"type": "object", "properties": {"program": {"type": "string"}, "budget": NUMBER}}
    request = ExtractRequest(data_schema=schema, extraction_target="per_table_row")
    whole = RulesEngine().extract(parse_document(path, name="a.csv"), request)
    before = alive(Word)
    records = RulesEngine().each(parse_document(path, name="a.csv"), request)
    assert next(records) == whole[0]
    assert alive(Word) - before > 800  # three words a row: every row was read before the first record
    assert [record.data for record in islice(records, 299)] == [record.data for record in whole[1:]]
    assert alive(Word) - before < 10
    assert next(records, None) is None


def alive(kind):
    """How many objects of a class there are."""
    gc.collect()
    return sum(type(item) is kind for item in gc.get_objects())


def test_many_lists_find_the_tables_of_a_page_once(tmp_path, monkeypatch):
    found = []

    def counted(page):
        found.append(page.number)
        return find_tables(page)

    monkeypatch.setattr("extract_bridge.local.engine.tables.found.find_tables", counted)
    path = tmp_path / "stored"
    path.write_bytes(drawn(90, ruled=False)[0])
    array = SCHEMA["properties"]["entries"]
    schema = {"type": "object", "properties": {f"entries_{number}": array for number in range(20)}}
    document = parse_document(path, name="goods.pdf")
    (record,) = RulesEngine().extract(document, ExtractRequest(data_schema=schema))
    assert sorted(found) == list(range(1, len(document.pages) + 1))
    assert {len(record.data[name]) for name in record.data} == {90}
