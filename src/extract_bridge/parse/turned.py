"""Pages whose text runs up, down or upside down, turned so that it can be read.

A landscape page in a portrait document is often drawn turned, without the page saying so. What the text does says it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from extract_bridge.parse.model import Rule, Tilt
from extract_bridge.parse.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from extract_bridge.parse.model import FormField, Page, ParsedDocument, Word

_Box = tuple[float, float, float, float]
_MOST = 0.5  # of a page's characters


def levelled(document: ParsedDocument) -> ParsedDocument:
    """The document with each page turned so that most of its text runs from left to right."""
    pages = tuple(map(_level, document.pages))
    return document if pages == document.pages else replace(document, pages=pages)


def _level(page: Page) -> Page:
    if page.tables or page.tilt or not any(word.turned for word in page.words):
        return page  # nearly every page
    counts = Counter[int]()
    for word in page.words:
        counts[word.turned] += len(word.text)
    turns, most = counts.most_common(1)[0]
    return _turned(page, turns) if turns > 0 and most > _MOST * counts.total() else page


def _turned(page: Page, turns: int) -> Page:
    turn = _turn(page, turns)
    width, height = (page.height, page.width) if turns % 2 else (page.width, page.height)
    words = {id(word): _word(word, turn((word.x0, word.y0, word.x1, word.y1)), turns) for word in page.words}
    return replace(
        page,
        width=width,
        height=height,
        words=tuple(words.values()),
        rules=tuple(Rule(*turn((rule.x0, rule.y0, rule.x1, rule.y1))) for rule in page.rules),
        fields=tuple(_field(item, turn((item.x0, item.y0, item.x1, item.y1)), words) for item in page.fields),
        tilt=Tilt(-90.0 * turns, page.width, page.height),
    )


def _turn(page: Page, turns: int) -> Callable[[_Box], _Box]:
    """Turns boxes with their page, so many quarters to the right."""
    view = View(0.0, 0.0, page.width, page.height, turns % 4)
    return lambda box: view.box(box[0], -box[3], box[2], -box[1])


def _word(word: Word, box: _Box, turns: int) -> Word:
    x0, y0, x1, y1 = box
    turned = (word.turned - turns) % 4 if word.turned >= 0 else word.turned
    return replace(word, x0=x0, y0=y0, x1=x1, y1=y1, turned=turned)


def _field(item: FormField, box: _Box, words: dict[int, Word]) -> FormField:
    x0, y0, x1, y1 = box
    own = tuple(words.get(id(word), word) for word in item.words)  # a word of the page is told by identity
    return replace(item, x0=x0, y0=y0, x1=x1, y1=y1, words=own)
