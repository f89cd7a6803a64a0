"""Boxes of ink become words as high as their line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.parse.layout import find_tables, lines_of
from extract_bridge.parse.model import Page, Word
from extract_bridge.parse.ocr import words_on
from extract_bridge.parse.ocr_lines import lined_up
from extract_bridge.parse.ocr_model import Recognized

# As a recognizer boxes them at a font size of 20 pixels, standing at 100: capitals 14 high, low letters 10, a dash 2.
INK = [
    Recognized("Chief", (0, 86, 50, 100), 0.9),
    Recognized("nurse", (57, 90, 110, 100), 0.9),
    Recognized("-", (117, 94, 124, 96), 0.9),
    Recognized("General", (131, 86, 200, 100), 0.9),
    Recognized("Clinic", (207, 86, 260, 100), 0.9),
]


def test_low_letters_and_dashes_get_the_height_of_their_line() -> None:
    words = lined_up(INK)
    assert [word.text for word in words] == ["Chief", "nurse", "-", "General", "Clinic"]
    for word, ink in zip(words, INK, strict=True):
        assert (word.box[0], word.box[2]) == (ink.box[0], ink.box[2])
        assert word.box[1] <= 86
        assert word.box[3] >= 100
        assert word.size is not None
        assert 19 <= word.size <= 21


def test_such_a_line_is_one_run_for_the_layout() -> None:
    page = Page(1, 300, 200, words_on(lined_up(INK), 0.5))
    (line,) = lines_of(page)
    assert [segment.text for segment in line.segments] == ["Chief nurse - General Clinic"]
    assert (line.words[0].x0, line.words[-1].x1) == (0, 130), "pixels become points"


def test_a_drawn_rule_is_no_text_and_a_sign_is() -> None:
    rules = [Recognized("|", (270, 60, 273, 130), 0.7), Recognized("___", (0, 104, 280, 106), 0.7)]
    assert [word.text for word in lined_up([*INK, *rules])] == [word.text for word in INK]


def test_a_line_that_climbs_is_followed() -> None:
    climbing = [
        Recognized("Text", (100 * at, 86 + 8 * at, 100 * at + 50, 100 + 8 * at), 0.9) for at in range(6)
    ]
    words = lined_up(climbing)
    assert all(abs(word.box[1] - ink.box[1]) < 1 for word, ink in zip(words, climbing, strict=True))


@given(
    st.lists(
        st.builds(
            lambda text, x, y, w, h: Recognized(text, (x, y, x + w, y + h), 0.9),
            st.text("aAbg1-.|_ \u2014", min_size=1, max_size=6).filter(str.strip),
            st.floats(0, 500),
            st.floats(0, 500),
            st.floats(1, 90),
            st.floats(1, 90),
        ),
        max_size=8,
    )
)
def test_letters_are_never_lost_and_boxes_only_grow(items: list[Recognized]) -> None:
    words = lined_up(items)
    assert [w.text for w in words if any(map(str.isalnum, w.text))] == [
        item.text for item in items if any(map(str.isalnum, item.text))
    ]
    by_text = iter(items)
    for word in words:
        ink = next(item for item in by_text if item.text == word.text and item.box[0] == word.box[0])
        assert word.box[1] <= ink.box[1]
        assert word.box[3] >= ink.box[3]


def columns(left: str, right: str) -> Page:
    """A scan of two columns of ten lines."""
    words = [
        Word(text, x + 40 * at, 20.0 * row, x + 40 * at + 36, 20.0 * row + 12, 12.0)
        for row in range(1, 11)
        for x, cell in ((20.0, left), (320.0, right))
        for at, text in enumerate(cell.split())
    ]
    return Page(1, 600, 300, tuple(words), source="ocr")


def test_columns_of_running_text_on_a_scan_are_no_table() -> None:
    assert not find_tables(columns("led the team of ten", "writes and speaks French"))
    assert find_tables(columns("Blue pen", "12.50"))
    assert find_tables(columns("a blue pen with ink", "12.50")), "a long description beside a number"
