"""Two readings of one picture become one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.parse.ocr_merge import merged, sureness
from extract_bridge.parse.ocr_model import Recognized


def read(text: str, x0: float, confidence: float, *, x1: float | None = None, y0: float = 0.0) -> Recognized:
    """A word 10 pixels high."""
    return Recognized(text, (x0, y0, x0 + 40 if x1 is None else x1, y0 + 10), confidence)


def texts(items: list[Recognized]) -> list[str]:
    return [item.text for item in items]


def test_the_surer_reading_of_a_place_holds() -> None:
    first = [read("T0TAL", 0, 0.6), read("12.50", 100, 0.9)]
    second = [read("TOTAL", 1, 0.8), read("1Z.50", 99, 0.5)]
    assert texts(merged(first, second)) == ["TOTAL", "12.50"]


@pytest.mark.parametrize(("sure", "kept"), [(0.9, ["12", ".50"]), (0.95, ["12.50"])])
def test_a_word_that_the_other_reading_splits_is_one_place(sure: float, kept: list[str]) -> None:
    first = [read("12", 0, 0.95, x1=20), read(".50", 22, 0.9, x1=40)]
    second = [read("12.50", 0, sure)]
    assert texts(merged(first, second)) == kept


def test_what_only_the_later_reading_sees_must_be_sure_by_itself() -> None:
    second = [read("Name", 0, 0.9), read("~", 100, 0.5)]
    assert texts(merged([read("Date", 0, 0.8, y0=50)], second)) == ["Date", "Name"]


def test_marks_that_are_hardly_letters_are_left_out() -> None:
    assert merged([read("|", 0, 0.35)], [read("|", 0, 0.2)]) == []


def test_how_sure_a_reading_is_goes_by_its_letters() -> None:
    assert sureness([]) == 0
    assert sureness([read("--", 0, 0.1)]) == 0
    assert sureness([read("abc", 0, 0.9), read("d", 50, 0.5), read("...", 99, 0.0)]) == pytest.approx(0.8)


words = st.lists(
    st.builds(
        lambda x, y, w, h, sure: Recognized("abc", (x, y, x + w, y + h), sure),
        st.integers(0, 60),
        st.integers(0, 60),
        st.integers(1, 30),
        st.integers(1, 30),
        st.floats(0, 1),
    ),
    max_size=12,
)


@given(words, words)
def test_every_word_comes_from_a_reading_and_no_sure_one_of_the_first_is_left_without_a_cover(
    first: list[Recognized], second: list[Recognized]
) -> None:
    result = merged(first, second)
    assert all(any(item is one for one in (*first, *second)) for item in result)
    assert len({id(item) for item in result}) == len(result)
    assert merged(first, []) == [item for item in first if item.confidence >= 0.4]


@given(words)
def test_a_reading_merged_with_itself_is_itself(first: list[Recognized]) -> None:
    sure = [item for item in first if item.confidence >= 0.4]
    assert sorted(merged(first, first), key=lambda item: item.box) == sorted(sure, key=lambda item: item.box)
