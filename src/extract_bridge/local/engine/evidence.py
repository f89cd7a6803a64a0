"""Words into citations: the quote, a box a line, and how much the reading itself can be trusted."""

from __future__ import annotations

from functools import lru_cache
from math import prod
from statistics import median
from typing import TYPE_CHECKING

from extract_bridge.core.records.model import Box, Citation, Match, PageSize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.parse.model import Page, Word

_READING = {"text": 0.99, "form": 0.99, "synthetic": 1.0, "ocr": 1.0}


def boxes_of(page: Page, words: Sequence[Word]) -> tuple[Box, ...]:
    """The rectangles around words where the page shows them, those of one line merged."""
    groups: list[list[Word]] = []
    for word in words:
        if groups and _same_line(groups[-1][-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    return tuple(_around([page.shown(word) for word in group]) for group in groups)


def _same_line(left: Word, right: Word) -> bool:
    middle = (right.y0 + right.y1) / 2
    return left.y0 <= middle <= left.y1 and right.x0 >= left.x0


def _around(places: Sequence[tuple[float, float, float, float]]) -> Box:
    lefts, tops, rights, bottoms = zip(*places, strict=True)
    x0, y0, x1, y1 = min(lefts), min(tops), max(rights), max(bottoms)
    return Box(round(x0, 3), round(y0, 3), round(x1 - x0, 3), round(y1 - y0, 3))


def cite(page: Page, words: Sequence[Word], match: Match) -> Citation:
    """A citation of words on a page; the quote is exactly those words with one space between."""
    quote = " ".join(word.text for word in words)
    return Citation(
        page=page.number,
        quote=quote,
        boxes=boxes_of(page, words),
        page_size=_size(*page.shown_size),
        match=match,
    )


@lru_cache(maxsize=256)
def _size(width: float, height: float) -> PageSize:
    """One object for all citations of a page."""
    return PageSize(width, height)


def reading_confidence(page: Page, words: Sequence[Word] = ()) -> float:
    """How much words of a page can be trusted, 0..1: that none of them is misread.

    A recognizer says of each word how sure it is, so that is all that is known of a picture: words are right together as often as each of
    them is, one after the other. Where no words are named, the page's usual one stands for them.
    """
    sure = prod(word.confidence for word in words)
    if not words and page.words:
        sure = median(word.confidence for word in page.words)
    return round(_READING[page.source] * sure, 4)
