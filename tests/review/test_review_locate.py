"""Quotes are found on their page by their words."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge import Citation, ExtractedField, ExtractedRecord, review
from extract_bridge.parse.model import Page, Word
from extract_bridge.review.locate import PageText


def page(text: str) -> Page:
    """Each letter 10 wide, each line 20 high, on 1000 x 1000."""
    words = [
        Word(found[0], found.start() * 10, row * 20, found.end() * 10, row * 20 + 10)
        for row, line in enumerate(text.split("\n"))
        for found in re.finditer(r"\S+", line)
    ]
    return Page(1, 1000, 1000, tuple(words))


@pytest.mark.parametrize(
    ("text", "quote", "boxes"),
    [
        ("Total due 1,234.50", "1,234.50", [[0.1, 0, 0.08, 0.01]]),
        ("Total due 1,234.50", "total  DUE", [[0, 0, 0.09, 0.01]]),
        ("a long\nname here", "long name", [[0.02, 0, 0.04, 0.01], [0, 0.02, 0.04, 0.01]]),
        ("a longname", "long name", [[0.02, 0, 0.08, 0.01]]),
        ("No: INV-77, paid", "INV-77", [[0.04, 0, 0.07, 0.01]]),  # the comma belongs to its word
        ("5 of 5", "5", []),  # twice: nobody knows which
        ("15 of 25", "5", []),  # inside words only, and too short to be sure
        ("one two", "three", []),
        ("one two", "", []),
        ("", "one", []),
    ],
)
def test_find(text: str, quote: str, boxes: list[list[float]]) -> None:
    assert PageText(page(text)).find(quote) == boxes


@given(st.lists(st.text("abcdef", min_size=1, max_size=4), min_size=1, max_size=12), st.data())
def test_what_is_found_is_what_was_quoted(words: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    made = page(" ".join(words))
    boxes = PageText(made).find(" ".join(words[first : last + 1]))
    for x, _, w, _ in boxes:
        inside = [
            word.text for word in made.words if x * 1000 - 1 <= word.x0 and word.x1 <= (x + w) * 1000 + 1
        ]
        assert "".join(inside) == "".join(words[first : last + 1])


def test_a_cited_quote_without_a_box_gets_one(scenes) -> None:
    scene = scenes.single({"number": "INV-7"})
    place = Citation(page=1, quote="INV-7")
    record = ExtractedRecord(data={"number": "INV-7"}, fields={"/number": ExtractedField(pointer="/number", value="INV-7", citations=(place,))})  # fmt: skip
    made = review(record, documents=scene.pdf)
    (text,) = re.findall(r'id="data">(.*?)</script>', made.html, re.DOTALL)
    (told,) = json.loads(text)["fields"][0]["q"]
    assert told["l"] == 1
    ((x, y, w, h),) = told["b"]
    assert (x, y) == (pytest.approx(60 / 595, abs=0.005), pytest.approx(53 / 842, abs=0.01))
    assert 0 < w < 0.1
    assert 0 < h < 0.03
