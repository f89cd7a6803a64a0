"""Lines with labels inside the cells of a table, from documents that are made here."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.local.engine.tables.read import rows_for
from extract_bridge.parse.open import parse_document

TEXT = {"type": ["string", "null"]}
NUMBER = {"type": ["number", "null"]}
SCHEMA = {
    "type": "object",
    "properties": {"item": TEXT, "quantity": NUMBER, "colour": TEXT, "drawing": TEXT},
}
ITEMS = [("Steel door", "4"), ("Oak frame", "12"), ("Brass hinge", "250")]


def rows(tmp_path, below):
    """A table of items, each with a line below it in its own column."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(600, 800), invariant=1)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(50, 700, "Item")
    canvas.drawRightString(400, 700, "Quantity")
    for at, ((item, count), text) in enumerate(zip(ITEMS, below, strict=True)):
        canvas.drawString(50, 680 - 30 * at, item)
        canvas.drawRightString(400, 680 - 30 * at, count)
        canvas.drawString(50, 669 - 30 * at, text)
    canvas.save()
    path = tmp_path / "stored"
    path.write_bytes(buffer.getvalue())
    found = rows_for(parse_document(path, name="a.pdf"), SCHEMA, lang=None)
    return [
        {name: " ".join(word.text for word in words) for name, words in row.values.items()} for row in found
    ]


def test_a_line_with_labels_is_no_part_of_the_text_above_it_and_answers_what_has_no_column(tmp_path):
    found = rows(tmp_path, [f"Colour: red  Drawing: D-{number}" for number in (7, 8, 9)])
    assert [row["item"] for row in found] == [item for item, _ in ITEMS]
    assert [(row["colour"], row["drawing"]) for row in found] == [("red", f"D-{n}") for n in (7, 8, 9)]


def test_what_has_a_column_is_not_answered_by_a_line_below(tmp_path):
    found = rows(tmp_path, ["Quantity: 99", "Quantity: 98", "Quantity: 97"])
    assert [(row["item"], row["quantity"]) for row in found] == ITEMS


@pytest.mark.parametrize(
    "below",
    [["white, painted", "Note: left side", "polished"], ["white, painted", "untreated", "polished"]],
    ids=["one colon", "none"],
)
def test_a_text_that_goes_on_stays_whole(tmp_path, below):
    found = rows(tmp_path, below)
    assert [row["item"] for row in found] == [
        f"{item} {text}" for (item, _), text in zip(ITEMS, below, strict=True)
    ]
