"""Paper that lies askew on a picture: how much, laid straight, and where its words are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from extract_bridge.local.engine.evidence import cite
from extract_bridge.local.engine.reading import read_reading, write_reading
from extract_bridge.parse.model import Page, ParsedDocument, Tilt, Word
from extract_bridge.parse.ocr import look
from extract_bridge.parse.ocr_model import Recognized
from extract_bridge.parse.straight import guesses, lies, straightened

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZE = 600, 800
MARK = 100, 80, 220, 92


def sheet(ink: str = "black", paper: str = "white") -> Image.Image:
    """Lines of words, ragged at the right; the first is the only one of its height."""
    picture = Image.new("RGB", SIZE, paper)
    draw = ImageDraw.Draw(picture)
    draw.rectangle(MARK, fill=ink)
    for row in range(18):
        for word in range(4 + row * 7 % 5):
            left, top = 80 + 55 * word, 130 + 30 * row
            draw.rectangle((left, top, left + 30 + 5 * (word % 4), top + 9), fill=ink)
    return picture


@pytest.mark.parametrize("degrees", [-4.7, -1.3, 0.0, 0.6, 3.0])
def test_lines_tell_how_a_page_lies(degrees: float) -> None:
    askew = sheet().rotate(-degrees, fillcolor="white")  # Pillow turns the other way round
    assert lies(askew) == pytest.approx(degrees, abs=0.21)


def test_a_page_on_its_side_is_seen_and_pale_print_on_grey_paper_too() -> None:
    assert lies(sheet("#b0b0b0", "#d0d0d0").transpose(Image.Transpose.ROTATE_270)) == pytest.approx(90)
    assert lies(sheet().rotate(88, expand=True, fillcolor="white")) == pytest.approx(92, abs=0.3)


def test_an_empty_page_lies_straight() -> None:
    assert lies(Image.new("RGB", SIZE, "white")) == 0
    assert lies(Image.new("RGB", (1, 1), "black")) == 0


def test_a_narrow_list_whose_letters_stand_under_each_other_lies_on_no_side() -> None:
    picture = Image.new("RGB", (500, 3900), "white")
    draw = ImageDraw.Draw(picture)
    for row in range(120):
        draw.text((20, 20 + 32 * row), f"Item {row} 12.{row:02}", fill="black", font_size=18)
    assert abs(lies(picture)) < 2


class Marks:
    """Reads the mark, and is sure of it where it stands in the upper half of a picture."""

    name = "marks"

    def read(self, picture: Image.Image, lang: str | None) -> Sequence[Recognized]:
        """The one word."""
        del lang
        dark = picture.convert("L").point(lambda value: 255 if value < 128 else 0)
        high = dark.crop((0, 0, dark.width, dark.height // 2)).getbbox()
        low = dark.crop((0, dark.height // 2, dark.width, dark.height)).getbbox()
        if high:
            return [Recognized("mark", high, 0.99)]
        if low:
            x0, y0, x1, y1 = low
            return [Recognized("wark", (x0, y0 + dark.height // 2, x1, y1 + dark.height // 2), 0.4)]
        return []


def marked() -> Image.Image:
    picture = Image.new("RGB", SIZE, "white")
    ImageDraw.Draw(picture).rectangle(MARK, fill="black")
    return picture


@pytest.mark.parametrize("turned", [0, 180])
def test_a_page_on_its_head_is_read_the_other_way_round(turned: int) -> None:
    picture = straightened(marked(), turned)
    sight = look(Marks(), picture, 0.5)
    page = Page(1, sight.width, sight.height, words=sight.words, source="ocr", tilt=sight.tilt)
    assert (page.width, page.height) == page.shown_size == (300, 400)
    (word,) = sight.words
    assert word.text == "mark"
    assert (word.x0, word.y0) == (50, 40), "the page stands upright where it is read"
    seen = page.shown(word)
    expected = (50, 40, 110.5, 46.5) if not turned else (300 - 110.5, 400 - 46.5, 250, 360)
    assert seen == pytest.approx(expected, abs=0.01)
    (box,) = cite(page, sight.words, "exact").boxes
    assert (box.x, box.y) == pytest.approx(expected[:2], abs=0.01)


def label() -> Image.Image:
    """Four short lines, as on a parcel: as clear down the page as across."""
    picture = Image.new("RGB", (500, 300), "white")
    draw = ImageDraw.Draw(picture)
    for row, text in enumerate(("Invoice no. A-17", "Date 2026-03-04", "Total 119.00", "Paid in cash")):
        draw.text((40, 40 + 50 * row), text, fill="black", font_size=26)
    return picture


class Level:
    """Reads what runs across, and nothing else."""

    name = "level"

    def read(self, picture: Image.Image, lang: str | None) -> Sequence[Recognized]:
        """A word if the picture is wider than high."""
        del lang
        return [Recognized("word", (1, 1, 40, 12), 0.97)] if picture.width > picture.height else []


@pytest.mark.parametrize("turned", [0, 90])
def test_where_a_few_lines_do_not_settle_it_both_ways_are_read(turned: int) -> None:
    picture = straightened(label(), turned)
    assert len(guesses(picture)) == (2 if turned else 1)
    sight = look(Level(), picture, 1.0)
    assert [word.text for word in sight.words] == ["word"]
    assert sight.width > sight.height


@given(
    st.sampled_from([0.0, 90.0, 180.0, 270.0, 2.5, 87.0, -4.0, 184.0]),
    st.floats(0, 500),
    st.floats(0, 700),
    st.floats(1, 99),
    st.floats(1, 99),
)
def test_where_a_word_is_seen_lies_on_the_page(
    degrees: float, x: float, y: float, w: float, h: float
) -> None:
    size = (800.0, 600.0) if round(degrees / 90) % 2 else (600.0, 800.0)
    page = Page(1, 600, 800, tilt=Tilt(degrees, *size))
    x0, y0, x1, y1 = page.shown(Word("a", x, y, x + w, y + h))
    assert 0 <= x0 <= x1 <= size[0]
    assert 0 <= y0 <= y1 <= size[1]


def test_how_a_page_lies_is_stored_with_it() -> None:
    page = Page(1, 600, 800, words=(Word("a", 1, 2, 3, 4),), source="ocr", tilt=Tilt(91.5, 800, 600))
    document = ParsedDocument("a.png", "image/png", (page,), 1)
    assert read_reading(write_reading(document)) == document
