"""Where a quote stands on its page, for services that give the words and no boxes."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.parse.model import Page, Word

Fractions = list[list[float]]

_LONGEST_QUOTE = 5_000
_SURE_LENGTH = 5
"""Letters of a quote that may also begin or end inside a word; a shorter one stands inside too many."""


class PageText:
    """The words of one page, to find quotes in."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._words: list[Word] = []
        self._starts: list[int] = []
        parts: list[str] = []
        length = 0
        for word in page.words:
            text = _squeezed(word.text)
            if text:
                self._words.append(word)
                self._starts.append(length)
                parts.append(text)
                length += len(text)
        self._text = "".join(parts)
        self._edges = {*self._starts, length}

    def find(self, quote: str) -> Fractions:
        """A box a line around the quote's words, page width and height as 1; none where it stands nowhere, or in several places."""
        wanted = _squeezed(quote[:_LONGEST_QUOTE])
        if not wanted or not self._page.width or not self._page.height:
            return []
        places = self._places(wanted)
        whole = [at for at in places if at in self._edges and at + len(wanted) in self._edges]
        chosen = whole or (places if len(wanted) >= _SURE_LENGTH else [])
        if len(chosen) != 1:
            return []
        first = bisect_right(self._starts, chosen[0]) - 1
        last = bisect_right(self._starts, chosen[0] + len(wanted) - 1)
        return self._boxes(self._words[first:last])

    def _places(self, wanted: str) -> list[int]:
        found: list[int] = []
        at = self._text.find(wanted)
        while at >= 0:
            found.append(at)
            at = self._text.find(wanted, at + 1)
        return found

    def _boxes(self, words: Sequence[Word]) -> Fractions:
        lines: list[list[Word]] = []
        for word in words:
            last = lines[-1][-1] if lines else None
            if last and last.y0 <= (word.y0 + word.y1) / 2 <= last.y1 and word.x0 >= last.x0:
                lines[-1].append(word)
            else:
                lines.append([word])
        return [self._around(line) for line in lines]

    def _around(self, words: Sequence[Word]) -> list[float]:
        x0, y0 = min(word.x0 for word in words), min(word.y0 for word in words)
        x1, y1 = max(word.x1 for word in words), max(word.y1 for word in words)
        wide, high = self._page.width, self._page.height
        return [round(number, 5) for number in (x0 / wide, y0 / high, (x1 - x0) / wide, (y1 - y0) / high)]


def _squeezed(text: str) -> str:
    """Text for comparing: compatibility forms, case and white space do not count."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
