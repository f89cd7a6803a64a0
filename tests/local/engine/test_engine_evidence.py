"""How much the reading itself is trusted."""

from __future__ import annotations

import pytest

from extract_bridge.local.engine.evidence import reading_confidence
from extract_bridge.parse.model import Page, Word


def words(*sure: float) -> tuple[Word, ...]:
    return tuple(Word("a", 0, 0, 9, 9, confidence=value) for value in sure)


@pytest.mark.parametrize(("sure", "expected"), [((0.9,), 0.9), ((0.9, 0.5), 0.45), ((1.0, 1.0), 1.0)])
def test_words_of_a_picture_are_as_sure_as_all_of_them_together(
    sure: tuple[float, ...], expected: float
) -> None:
    page = Page(1, 100, 100, words(0.2, *sure), source="ocr")
    assert reading_confidence(page, page.words[1:]) == pytest.approx(expected)


def test_without_words_the_pages_usual_one_counts() -> None:
    assert reading_confidence(Page(1, 100, 100, words(0.1, 0.8, 0.9), source="ocr")) == 0.8
    assert reading_confidence(Page(1, 100, 100, source="ocr")) == 1.0


def test_printed_text_is_nearly_sure() -> None:
    page = Page(1, 100, 100, words(1.0), source="text")
    assert reading_confidence(page, page.words) == 0.99
