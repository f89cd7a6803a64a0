"""A recognized line becomes words, each as wide and as high as its ink: a recognizer of whole lines knows its letters' places only roughly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor, inf, prod
from statistics import median
from typing import TYPE_CHECKING, Any

from extract_bridge.parse.ocr_lines import lined_up
from extract_bridge.parse.ocr_model import Recognized

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SIZE = 0.7  # of a line's box, which has a margin around the letters
_DARK = 0.4  # of the way from paper to ink
_EDGE = 0.08  # of the height of a line's box, above and below, where other lines and rules show
_BLANK = 0.22  # of the font size: wider than between letters that fill their width
_BLANK_THIN = 0.5  # beside a thin sign, which leaves room even in a word
_BLANK_DOT = 0.12
_WIDER = (
    2.5  # times the gap that is usual between the letters of this line; some fonts space theirs far apart
)
_THIN = frozenset(".,:;'\u2019|-1ilIjtfr!()[]/\u2013\u00b0\"")
_HONEST = 0.3  # power that makes of the product of the letters' sureness the share of words that are right; measured on drawn scans
_CLOSING, _OPENING = frozenset(".,:;!?)]"), frozenset("([")  # cling to what stands before, behind them
_DOTS = frozenset("\u00b7\u2022")  # stand between words, and recognizers lose the blanks beside them


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter of a line: how sure it is, and about where its middle is, in pixels from the left edge of the picture."""

    text: str
    sure: float
    middle: float


def inked_words(
    text: str, box: tuple[float, float, float, float], letters: Sequence[Letter], grey: Any
) -> list[Recognized]:
    """The words of a line with boxes of their ink as high as the line; parted, too, where the ink shows a blank that the text has not.

    Args:
        text: As recognized.
        box: Around the line.
        letters: Of the text, blanks left out.
        grey: The picture as an array of rows of grey levels.
    """
    left, top = max(0, floor(box[0])), max(0, floor(box[1]))
    part = grey[top : ceil(box[3]), left : ceil(box[2])]
    if part.size == 0:
        return []
    margin = round(_EDGE * part.shape[0])
    ink = _ink(part)[margin : part.shape[0] - margin]
    size = _SIZE * (box[3] - box[1])
    columns = ink.any(axis=0)
    words: list[Recognized] = []
    start, edge = 0, 0.0
    for at, (gap, is_end) in enumerate(_gaps(text, letters, columns, left, size), start=1):
        if not is_end:
            continue
        x0, x1 = _inked(columns, edge, gap[0])
        y0, y1 = _inked(ink[:, floor(x0) : ceil(x1)].any(axis=1), 0, ink.shape[0])
        edge, own = gap[1], letters[start:at]
        start = at
        words.append(
            Recognized(
                "".join(letter.text for letter in own),
                (left + x0, top + margin + y0, left + x1, top + margin + y1),
                prod(letter.sure for letter in own) ** _HONEST,
            )
        )
    return [replace(word, box=_within(word.box, box)) for word in lined_up(words)]


def _ink(part: Any) -> Any:
    """Which pixels of a line are ink, whichever of ink and paper is darker."""
    low, high = int(part.min()), int(part.max())
    paper = float(sorted(part.ravel()[:: max(1, part.size // 500)].tolist())[min(part.size, 500) // 2])
    if paper < (low + high) / 2:
        return part > paper + _DARK * (high - paper)
    return part < paper - _DARK * (paper - low)


def _gaps(
    text: str, letters: Sequence[Letter], columns: Any, left: float, size: float
) -> Iterable[tuple[tuple[float, float], bool]]:
    """After each letter: where the widest stretch without ink before the next one begins and ends, and whether a word ends there."""
    ends, at = set[int](), 0
    for part in text.split():
        at += len(part)
        ends.add(at)
    pairs = list(pairwise(letters))
    gaps = [_widest(columns, one.middle - left, other.middle - left) for one, other in pairs]
    needed = [_needed(one.text, other.text) for one, other in pairs]
    inside = [
        end - begin
        for number, ((begin, end), blank) in enumerate(zip(gaps, needed, strict=True), 1)
        if number not in ends and blank == _BLANK and end > begin
    ]
    usual = median(inside) if inside else 0.0
    for number, ((begin, end), blank) in enumerate(zip(gaps, needed, strict=True), start=1):
        least = blank * size if blank == _BLANK_DOT else max(blank * size, _WIDER * usual)
        yield (begin, end), number in ends or end - begin >= least
    yield (float(len(columns)), float(len(columns))), True


def _needed(one: str, other: str) -> float:
    """How wide a gap between two letters must be to part words, in font sizes."""
    if other in _CLOSING or one in _OPENING:
        return inf
    if one in _DOTS or other in _DOTS:
        return _BLANK_DOT
    return _BLANK_THIN if one in _THIN or other in _THIN else _BLANK


def _widest(columns: Any, begin: float, end: float) -> tuple[float, float]:
    """The widest stretch without ink between two places; the middle where there is none."""
    best = (begin + end) / 2, (begin + end) / 2
    first = max(0, floor(begin))
    since = first
    for at in range(first, min(len(columns), ceil(end)) + 1):
        if at == min(len(columns), ceil(end)) or columns[at]:
            if at - since > best[1] - best[0]:
                best = float(since), float(at)
            since = at + 1
    return best


def _inked(line: Any, begin: float, end: float) -> tuple[float, float]:
    """From the first to the last place with ink; all of it where there is none."""
    found = line[max(0, floor(begin)) : ceil(end)].nonzero()[0]
    if not len(found):
        return begin, max(begin + 1, end)
    return max(0, floor(begin)) + float(found[0]), max(0, floor(begin)) + float(found[-1]) + 1


def _within(
    box: tuple[float, float, float, float], line: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """No higher than the line's own box, with its margin."""
    return box[0], max(box[1], line[1]), box[2], min(box[3], line[3])
