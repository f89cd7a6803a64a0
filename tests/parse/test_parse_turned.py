"""Text that does not run from left to right: in columns of characters, up and down the page, upside down, aslant."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.local.engine.reading import read_reading, write_reading
from extract_bridge.parse.glyphs import Glyph, words_of
from extract_bridge.parse.layout import lines_of
from extract_bridge.parse.model import FormField, Page, ParsedDocument, Rule, Word
from extract_bridge.parse.open import parse_document
from extract_bridge.parse.turned import levelled

SIZE = (400, 300)
PAIRS = [("Invoice number:", "INV-7"), ("Due date:", "2024-05-01"), ("Total:", "12.50")]
SCHEMA = {
    "type": "object",
    "properties": {
        "invoice_number": {"type": "string"},
        "due_date": {"type": "string"},
        "total": {"type": "number"},
    },
}


def parsed(tmp_path, draw, *, rotate=0):
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=SIZE, invariant=1)
    canvas.setFont("Helvetica", 12)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    document = pdfium.PdfDocument(buffer.getvalue())
    document[0].set_rotation(rotate)
    path = Path(tmp_path) / "stored"
    document.save(path)
    document.close()
    return parse_document(path, name="a.pdf")


def form(degrees):
    """Labels and values, all turned to the left by so much around the middle of the page."""

    def draw(canvas):
        canvas.translate(200, 150)
        canvas.rotate(degrees)
        for number, (label, value) in enumerate(PAIRS):
            canvas.drawString(-110, 20 - 20 * number, label)
            canvas.drawString(10, 20 - 20 * number, value)

    return draw


def lines(page):
    return [[piece.text for piece in line.segments] for line in lines_of(page)]


@pytest.mark.parametrize("pitch", [11, 13, 16])
def test_characters_under_each_other_are_cells_of_a_column(tmp_path, pitch):
    def draw(canvas):
        for column, texts in ((50, "1234"), (80, ("Apples", "Pears", "Plums", "Figs"))):
            for row, text in enumerate(texts):
                canvas.drawString(column, 250 - pitch * row, text)

    page = parsed(tmp_path, draw).pages[0]
    assert [line.text for line in lines_of(page)] == ["1 Apples", "2 Pears", "3 Plums", "4 Figs"]


def glyphs(text, across, down):
    """Characters of 7 by 12 points, each so far beside and below the one before it."""
    return [
        Glyph(sign, across * at, 12 + down * at, 7 + across * at, 24 + down * at, 12.0, bold=False)
        for at, sign in enumerate(text)
    ]


@pytest.mark.parametrize(
    ("text", "across", "down", "words"),
    [
        ("1234", 0, 12, ["1", "2", "3", "4"]),
        ("il", 2, 11, ["i", "l"]),
        ("m2", 7, -4, ["m2"]),  # raised
        ("H2", 7, 3, ["H2"]),  # lowered
        ("e\u0301", 0, -3, ["\u00e9"]),  # an accent over its letter
        ("\u8acb\u6c42\u66f8", 0, 12, ["\u8acb\u6c42\u66f8"]),  # written downwards
    ],
)
def test_which_characters_are_one_word(text, across, down, words):
    assert [word.text for word in words_of(glyphs(text, across, down))] == words


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_page_is_read_the_way_most_of_its_text_runs(tmp_path, degrees, rotate):
    document = parsed(tmp_path, form(degrees), rotate=rotate)
    page = levelled(document).pages[0]
    assert lines(page) == [list(pair) for pair in PAIRS]
    for word, seen in zip(page.words, document.pages[0].words, strict=True):
        assert page.shown(word) == pytest.approx((seen.x0, seen.y0, seen.x1, seen.y1))
        assert word.turned == 0
    (record,) = RulesEngine().extract(document, ExtractRequest(data_schema=SCHEMA))
    assert record.data == {"invoice_number": "INV-7", "due_date": "2024-05-01", "total": 12.5}
    citation = record["/invoice_number"].citations[0]
    word = next(word for word in document.pages[0].words if word.text == "INV-7")
    (box,) = citation.boxes
    assert (box.x, box.y) == pytest.approx((word.x0, word.y0), abs=0.01)
    assert (box.w, box.h) == pytest.approx((word.x1 - word.x0, word.y1 - word.y0), abs=0.01)
    size = citation.page_size
    assert size is not None
    assert (size.width, size.height) == (document.pages[0].width, document.pages[0].height)


def test_a_stored_reading_is_turned_alike(tmp_path):
    document = parsed(tmp_path, form(90))
    assert levelled(read_reading(write_reading(document))) == levelled(document)


@pytest.mark.parametrize("degrees", [0, 45])
def test_a_page_whose_text_is_level_or_aslant_stays_as_it_is(tmp_path, degrees):
    document = parsed(tmp_path, form(degrees))
    assert levelled(document) is document


def test_text_in_the_margin_turns_nothing_and_joins_no_line(tmp_path):
    def draw(canvas):
        for row in range(8):
            canvas.drawString(60, 250 - 20 * row, f"Position {row} of the list")
        canvas.setFont("Helvetica", 7)
        canvas.translate(40, 120)
        canvas.rotate(90)
        canvas.drawString(0, 0, "as it is of no use")

    document = parsed(tmp_path, draw)
    assert levelled(document) is document
    texts = [line.text for line in lines_of(document.pages[0])]
    assert [text for text in texts if "Position" in text] == [
        f"Position {row} of the list" for row in range(8)
    ]


@pytest.mark.parametrize("degrees", [30, 45, 60])
def test_a_mark_aslant_over_the_page_joins_no_line(tmp_path, degrees):
    def draw(canvas):
        for row in range(8):
            canvas.drawString(60, 250 - 20 * row, f"Position {row}")
            canvas.drawString(300, 250 - 20 * row, f"{row}.00")
        canvas.setFont("Helvetica", 18)
        canvas.translate(140, 120)
        canvas.rotate(degrees)
        canvas.drawString(0, 0, "by no one")

    page = parsed(tmp_path, draw).pages[0]
    found = [line for line in lines(page) if "Position" in line[0]]
    assert found == [[f"Position {row}", f"{row}.00"] for row in range(8)]
    assert {word.turned for word in page.words if word.text in ("by", "no", "one")} == {-1}


places = st.floats(0, 1)
boxes = st.tuples(places, places, places, places).map(
    lambda box: (min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3]))
)


@given(st.integers(1, 3), boxes, st.tuples(st.floats(1, 500), st.floats(1, 500)))
def test_what_was_turned_is_found_where_it_was(turns, box, size):
    box = (box[0] * size[0], box[1] * size[1], box[2] * size[0], box[3] * size[1])
    word = Word("turned", *box, size=9.0, turned=turns)
    field = FormField("text", *box, words=(word,))
    page = Page(1, *size, words=(word,), rules=(Rule(*box),), fields=(field,))
    (level,) = levelled(ParsedDocument("a.pdf", "application/pdf", (page,), 1)).pages
    assert level.tilt is not None
    assert level.tilt.degrees == -90 * turns
    assert level.shown_size == size
    assert level.fields[0].words[0] is level.words[0]
    for item in (level.words[0], level.rules[0], level.fields[0]):
        place = Word("", item.x0, item.y0, item.x1, item.y1)
        assert level.shown(place) == pytest.approx(box, abs=1e-6)
