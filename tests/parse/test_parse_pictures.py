"""Pages as pictures, for people: every kind of document, and pages that cannot be drawn."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.pictures import page_looks, page_words


def pdf(pages: int = 2, size: tuple[float, float] = (300, 400), draw=None) -> bytes:
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=size)
    for number in range(pages):
        canvas.drawString(50, 300, f"page {number + 1}")
        if draw:
            draw(canvas)
        canvas.showPage()
    canvas.save()
    return sink.getvalue()


def ink(picture: Image.Image) -> tuple[int, int, int, int] | None:
    return picture.convert("L").point(lambda value: 255 if value < 128 else 0).getbbox()


def test_pdf_pages_as_asked_for() -> None:
    second, first = page_looks(pdf(), "a.pdf", [2, 1], dots=144)
    assert (second.number, first.number) == (2, 1)
    assert (first.width, first.height) == (300, 400)
    assert first.picture is not None
    assert first.picture.size == (600, 800)
    left, top, *_ = ink(first.picture)
    assert (left, top) == (pytest.approx(100, abs=6), pytest.approx(184, abs=12))


def test_a_filled_form_shows_what_is_filled_in() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.acroForm.textfield(name="a", value="FILLED", x=50, y=100, width=150, height=20, borderWidth=0)

    (look,) = page_looks(pdf(1, draw=draw), "a.pdf", [1], dots=144)
    assert look.picture is not None
    assert ink(look.picture.crop((104, 564, 396, 596))) is not None


def test_a_page_that_is_not_there_says_so() -> None:
    first, other = page_looks(pdf(), "a.pdf", [9, 1], dots=72)
    assert (first.number, other.number, other.picture) == (1, 9, None)
    assert other.problem == "the document has 2 pages"


def test_a_huge_page_is_drawn_small() -> None:
    (look,) = page_looks(pdf(1, (14_000, 10)), "a.pdf", [1], dots=144)
    assert look.picture is None or max(look.picture.size) <= 3000
    assert look.picture is not None or look.problem


def test_images_and_texts() -> None:
    sink = io.BytesIO()
    Image.new("RGB", (80, 40), "red").save(sink, "PNG")
    (look,) = page_looks(sink.getvalue(), "a.png", [1], dots=72)
    assert look.picture is not None
    assert (look.width, look.height, look.picture.getpixel((5, 5))) == (80, 40, (255, 0, 0))
    (text,) = page_looks(b"one two", "a.txt", [1], dots=72)
    assert text.page is not None
    assert [word.text for word in text.page.words] == ["one", "two"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 nothing", b"\x89PNG\r\n\x1a\n"])
def test_what_cannot_be_opened_is_an_error(data: bytes) -> None:
    with pytest.raises(DocumentError):
        list(page_looks(data, "a.pdf", [1], dots=72))


def test_words() -> None:
    (page,) = page_words(pdf(), "a.pdf", [2, 7])
    assert (page.number, [word.text for word in page.words]) == (2, ["page", "2"])
    (page,) = page_words(b"one two", "a.txt", [1])
    assert [word.text for word in page.words] == ["one", "two"]
