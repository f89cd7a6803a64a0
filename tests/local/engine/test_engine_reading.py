"""Readings stored and read again, and what is shown of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.core.errors import PageRangeError
from extract_bridge.local.engine.reading import read_reading, select_pages, write_reading
from extract_bridge.local.engine.rendering import item_pages, markdown_pages, text_pages
from extract_bridge.parse.model import Cell, Page, ParsedDocument, Rule, Table, Word
from extract_bridge.parse.open import parse_document

numbers = st.floats(allow_nan=False, allow_infinity=False)
words = st.builds(Word, st.text(min_size=1), numbers, numbers, numbers, numbers, numbers, st.booleans())


@st.composite
def pages(draw: Any) -> Page:
    own = draw(st.lists(words, max_size=6).map(tuple))
    chosen = st.lists(st.sampled_from(own) | words if own else words, max_size=3).map(tuple)
    cells = st.builds(Cell, chosen, st.integers(1, 3), st.integers(1, 3))
    rows = st.lists(st.lists(cells, min_size=2, max_size=2).map(tuple), max_size=3).map(tuple)
    return Page(
        number=draw(st.integers(1, 9)),
        width=draw(numbers),
        height=draw(numbers),
        words=own,
        rules=draw(st.lists(st.builds(Rule, numbers, numbers, numbers, numbers), max_size=2).map(tuple)),
        tables=draw(st.lists(st.builds(Table, rows, st.integers(0, 2)), max_size=2).map(tuple)),
        source=draw(st.sampled_from(["text", "form", "ocr", "synthetic"])),
    )


documents = st.builds(
    ParsedDocument,
    st.text(),
    st.just("text/plain"),
    st.lists(pages(), max_size=3).map(tuple),
    st.integers(0, 99),
    st.lists(st.text(), max_size=2).map(tuple),
    st.lists(st.integers(1, 9), max_size=2).map(tuple),
)


@given(documents)
def test_a_reading_comes_back_as_it_was(document: ParsedDocument) -> None:
    text = write_reading(document)
    assert text.isascii()
    again = read_reading(text)
    assert again == document
    for page, before in zip(again.pages, document.pages, strict=True):
        mine = {id(word) for word in page.words}
        theirs = {id(word) for word in before.words}
        cells = [cell.words for table in page.tables for row in table.rows for cell in row]
        old = [cell.words for table in before.tables for row in table.rows for cell in row]
        for group, was in zip(cells, old, strict=True):
            assert [id(word) in mine for word in group] == [id(word) in theirs for word in was]


def test_lone_surrogates_survive() -> None:
    page = Page(1, 10, 10, (Word("\ud800", 0, 0, 1, 1),))
    document = ParsedDocument("a", "text/plain", (page,), 1)
    assert read_reading(write_reading(document)) == document


def three_pages() -> ParsedDocument:
    made = tuple(Page(number, 100, 100, (Word(f"p{number}", 0, 0, 9, 9, 9),)) for number in (3, 1, 2))
    return ParsedDocument("a.pdf", "application/pdf", made, 7, ("odd",))


def test_pages_are_chosen_by_their_number_in_the_document() -> None:
    def chosen(**asked: Any) -> list[int]:
        return [page.number for page in select_pages(three_pages(), **asked).pages]

    assert chosen(target_pages=None, max_pages=None) == [3, 1, 2]
    assert chosen(target_pages=(2, 3), max_pages=None) == [2, 3]
    assert chosen(target_pages=(2, 3), max_pages=1) == [2]
    assert select_pages(three_pages(), target_pages=None, max_pages=3).warnings == ("odd",)
    assert "read 2 of 3" in select_pages(three_pages(), target_pages=None, max_pages=2).warnings[-1]
    with pytest.raises(PageRangeError, match="page 5"):
        select_pages(three_pages(), target_pages=(1, 5), max_pages=None)


def test_a_page_that_is_only_an_image_is_a_failed_page() -> None:
    document = replace(three_pages(), unread=(1,))
    for shown in (markdown_pages(document), item_pages(document)):
        assert [page["success"] for page in shown] == [True, False, True]
        assert shown[1]["page_number"] == 1
        assert "image" in shown[1]["error"]
    assert [page["text"] for page in text_pages(document)] == ["p3", "p1", "p2"]


def test_every_word_is_in_exactly_one_item(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<h1>Big title</h1><p>one two<br>three</p><table><tr><th>K</th><th>V</th></tr><tr><td>x|y</td><td>&lt;b&gt;</td></tr></table><p>end</p>"
    )
    document = parse_document(path, name="a.html")
    [page] = item_pages(document)
    assert [item["type"] for item in page["items"]] == ["heading", "text", "table", "text"]
    values = [
        item.get("value") or " ".join(text for row in item["rows"] for text in row) for item in page["items"]
    ]
    assert sorted(" ".join(values).split()) == sorted(word.text for word in document.pages[0].words)
    table = page["items"][2]
    assert table["md"].splitlines() == ["| K | V |", "| --- | --- |", "| x\\|y | <b> |"]
    assert "&lt;b&gt;" in table["html"]
    assert "<b>" not in table["html"]
