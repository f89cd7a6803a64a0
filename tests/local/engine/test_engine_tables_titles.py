"""Tables side by side, and titles that tell lists of the same kind apart, from documents that are made here."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.local.engine.tables.titles import NAMED, names_list
from extract_bridge.parse.open import parse_document

ITEM = {"type": "object", "properties": {"item": {"type": "string"}, "amount": {"type": "number"}}}
EARNED = [("Salary", "2,400.00"), ("Bonus", "310.50")]
TAKEN = [("Pension", "98.20"), ("Health", "120.00"), ("Union", "12.00")]


def drawn(draw):
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(600, 800), invariant=1)
    canvas.setFont("Helvetica", 10)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def column(canvas, left, title, rows, *, headed=False, total=None):
    """A list under its title, its numbers at the right; perhaps with headings, and a sum below."""
    canvas.drawString(left, 700, title)
    y = 682
    if headed:
        canvas.drawString(left, y, "Item")
        canvas.drawRightString(left + 220, y, "Amount")
        y -= 15
    for name, value in rows:
        canvas.drawString(left, y, name)
        canvas.drawRightString(left + 220, y, value)
        y -= 14
    if total:
        canvas.drawString(left, y - 10, total[0])
        canvas.drawRightString(left + 220, y - 10, total[1])


def extract(tmp_path, data, *names):
    path = tmp_path / "stored"
    path.write_bytes(data)
    schema = {"type": "object", "properties": {name: {"type": "array", "items": ITEM} for name in names}}
    [record] = RulesEngine().extract(parse_document(path, name="a.pdf"), ExtractRequest(data_schema=schema))
    return record.data


def items(rows):
    return [{"item": name, "amount": float(value.replace(",", ""))} for name, value in rows]


@pytest.mark.parametrize("headed", [True, False])
@pytest.mark.parametrize("titles", [("Earnings", "Deductions"), ("BEZÜGE", "ABZÜGE"), ("Gains", "Retenues")])
def test_two_lists_side_by_side_each_under_its_title_in_any_language(tmp_path, titles, headed):
    def draw(canvas):
        column(canvas, 50, titles[0], EARNED, headed=headed)
        column(canvas, 310, titles[1], TAKEN, headed=headed)

    data = extract(tmp_path, drawn(draw), "deductions", "earnings")
    assert data == {"deductions": items(TAKEN), "earnings": items(EARNED)}


def test_one_list_in_two_columns_under_the_same_headings_is_read_to_its_end(tmp_path):
    def draw(canvas):
        for left, rows in ((50, EARNED), (310, TAKEN)):
            column(canvas, left, "", rows, headed=True)

    assert extract(tmp_path, drawn(draw), "entries") == {"entries": items(EARNED + TAKEN)}


def test_a_row_that_stands_apart_and_adds_up_the_others_is_no_item(tmp_path):
    def draw(canvas):
        column(canvas, 50, "Deductions", TAKEN, total=("Everything", "230.20"))

    assert extract(tmp_path, drawn(draw), "deductions") == {"deductions": items(TAKEN)}


def test_a_row_that_stands_apart_and_adds_up_nothing_is_an_item(tmp_path):
    def draw(canvas):
        column(canvas, 50, "Deductions", TAKEN, total=("Parking", "230.21"))

    data = extract(tmp_path, drawn(draw), "deductions")
    assert data == {"deductions": items([*TAKEN, ("Parking", "230.21")])}


def test_columns_of_one_table_are_not_taken_for_two(tmp_path):
    def draw(canvas):
        for y, texts in (
            (700, ("Item", "Count", "Unit", "Amount")),
            (684, ("Nail", "12", "box", "4.00")),
            (668, ("Nut", "3", "bag", "5.00")),
        ):
            for x, text in zip((50, 200, 310, 450), texts, strict=True):
                canvas.drawString(x, y, text)

    assert extract(tmp_path, drawn(draw), "lines") == {"lines": items([("Nail", "4.00"), ("Nut", "5.00")])}


@pytest.mark.parametrize(
    ("title", "name", "named"),
    [
        ("Payments in", "payments in", True),
        ("Berufserfahrung", "work history", True),
        ("SKŁADNIKI WYNAGRODZENIA", "skladniki", True),
        ("Formación académica", "education", True),
        ("Terms of delivery", "education", False),
        ("", "items", False),
    ],
)
def test_which_titles_name_a_list(title, name, named):
    assert (names_list(title, name) >= NAMED) is named


def test_of_two_titles_that_share_words_the_exact_one_names_the_list_better():
    assert names_list("Payments in", "payments in") > names_list("Payments out", "payments in")
