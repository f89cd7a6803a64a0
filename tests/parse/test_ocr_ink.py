"""A recognized line becomes words as wide and as high as their ink."""

from __future__ import annotations

import pytest

numpy = pytest.importorskip("numpy")

from extract_bridge.parse.ocr_ink import Letter, inked_words  # noqa: E402

BOX = (10.0, 4.0, 210.0, 44.0)  # a font size of 28


def line(*runs: tuple[int, int], ink: int = 20, paper: int = 230):
    """A picture with a line of letters of ink, 20 high, from and to these columns."""
    grey = numpy.full((60, 240), paper, dtype=numpy.uint8)
    for begin, end in runs:
        grey[14:34, begin:end] = ink
    return grey


def letters(text: str, *middles: float) -> list[Letter]:
    return [Letter(char, 1.0, middle) for char, middle in zip(text, middles, strict=True)]


@pytest.mark.parametrize(("ink", "paper"), [(20, 230), (250, 40), (140, 180)])
def test_words_end_where_their_ink_ends(ink: int, paper: int) -> None:
    grey = line((20, 32), (35, 47), (80, 92), (95, 107), ink=ink, paper=paper)
    # the recognizer is several pixels off, as it is
    words = inked_words("AB CD", BOX, letters("ABCD", 29, 43, 84, 99), grey)
    assert [word.text for word in words] == ["AB", "CD"]
    assert [(word.box[0], word.box[2]) for word in words] == [(20, 47), (80, 107)]
    assert all(word.box[1] <= 14 and word.box[3] >= 34 for word in words)
    assert all(word.size == pytest.approx(20 / 0.72) for word in words)


def test_a_blank_that_the_recognizer_lost_parts_words() -> None:
    grey = line((20, 32), (35, 47), (70, 82), (85, 97))
    words = inked_words("ABCD", BOX, letters("ABCD", 26, 41, 76, 91), grey)
    assert [word.text for word in words] == ["AB", "CD"]


def test_letters_that_stand_far_apart_are_one_word_and_so_is_a_thin_sign() -> None:
    wide = line((20, 30), (40, 50), (60, 70), (80, 90))
    assert [word.text for word in inked_words("2024", BOX, letters("2024", 25, 45, 65, 85), wide)] == ["2024"]
    thin = line((20, 32), (35, 47), (55, 58), (66, 78))
    assert [word.text for word in inked_words("12.5", BOX, letters("12.5", 26, 41, 56, 72), thin)] == ["12.5"]


def test_a_dot_between_words_stands_alone() -> None:
    grey = line((20, 32), (35, 47), (54, 58), (65, 77))
    words = inked_words("AB\u00b7C", BOX, letters("AB\u00b7C", 26, 41, 56, 71), grey)
    assert [word.text for word in words] == ["AB", "\u00b7", "C"]


def test_a_rule_through_the_line_leaves_the_recognizers_places() -> None:
    grey = line((20, 107))
    words = inked_words("AB CD", BOX, letters("ABCD", 26, 41, 86, 101), grey)
    assert [word.text for word in words] == ["AB", "CD"]
    assert words[0].box[2] <= words[1].box[0] + 1


def test_a_box_outside_the_picture_holds_nothing() -> None:
    assert inked_words("A", (300, 4, 320, 44), letters("A", 310), line()) == []
