"""A page as the engine reads it: lines, segments of words that stand together, and labels found in them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from extract_bridge.local.engine.text import LABEL_PIECE, STOP_WORDS, canonical, fold
from extract_bridge.parse.layout import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extract_bridge.parse.model import Page, ParsedDocument, Word

_GAP = 0.95
"""A gap wider than this many line heights parts two segments."""


@dataclass(frozen=True, slots=True)
class Token:
    """A label word inside a segment: its canonical form and the characters it covers in the segment's text."""

    text: str
    start: int
    end: int


@dataclass(eq=False, slots=True)
class Segment:
    """Words of one line with no wide gap between them."""

    page: PageView
    line: int
    index: int
    words: tuple[Word, ...]
    text: str = ""
    offsets: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Join the words, and note where each begins."""
        self.text = " ".join(word.text for word in self.words)
        offsets, position = [], 0
        for word in self.words:
            offsets.append(position)
            position += len(word.text) + 1
        self.offsets = tuple(offsets)

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Right edge."""
        return max(word.x1 for word in self.words)

    @property
    def y0(self) -> float:
        """Upper edge."""
        return min(word.y0 for word in self.words)

    @property
    def y1(self) -> float:
        """Lower edge."""
        return max(word.y1 for word in self.words)

    @property
    def height(self) -> float:
        """Of its tallest word, 1 at least."""
        return max(1.0, *(word.y1 - word.y0 for word in self.words))

    def words_between(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that the characters from `start` to `end` touch."""
        first = max(0, bisect_right(self.offsets, start) - 1)
        last = bisect_right(self.offsets, max(start, end - 1))
        return self.words[first:last]

    def tokens(self) -> list[Token]:
        """Its label words; stop words are left out unless a word with a colon or nothing else is there."""
        kept: list[Token] = []
        stops: list[Token] = []
        for word, offset in zip(self.words, self.offsets, strict=True):
            for text, start, end, stops_here in _label_words(word.text):
                (stops if stops_here else kept).append(Token(text, offset + start, offset + end))
        return kept or stops


@lru_cache(maxsize=16_384)
def _label_words(word: str) -> tuple[tuple[str, int, int, bool], ...]:
    """The label words in a printed word: canonical form, the characters it covers, and whether it is a stop word."""
    folded = fold(word)
    same = len(folded) == len(word)
    return tuple(
        (
            canonical(piece.group()),
            *(piece.span() if same else (0, len(word))),
            piece.group() in STOP_WORDS,
        )
        for piece in LABEL_PIECE.finditer(folded)
    )


@dataclass(eq=False, slots=True)
class PageView:
    """One page: its segments by line, top to bottom, left to right."""

    page: Page
    lines: list[list[Segment]] = field(default_factory=list)

    @property
    def segments(self) -> Iterator[Segment]:
        """All segments in reading order."""
        return (segment for line in self.lines for segment in line)

    def line_text(self, line: int) -> str:
        """A whole line, one space between words."""
        return " ".join(segment.text for segment in self.lines[line])

    def right_of(self, segment: Segment) -> list[Segment]:
        """The segments after this one on its line."""
        return self.lines[segment.line][segment.index + 1 :]

    def left_of(self, segment: Segment) -> list[Segment]:
        """The segments before this one on its line, nearest first."""
        return self.lines[segment.line][: segment.index][::-1]

    def below(self, x0: float, x1: float, line: int, count: int = 4) -> Iterator[Segment]:
        """The segments on the next lines that stand under the strip x0..x1, top to bottom."""
        for number in range(line + 1, min(len(self.lines), line + 1 + count)):
            yield from (segment for segment in self.lines[number] if stands_under(segment, x0, x1))

    def above(self, x0: float, x1: float, line: int, count: int = 4) -> Iterator[Segment]:
        """The segments on the lines before that stand over the strip x0..x1, nearest first."""
        for number in range(line - 1, max(-1, line - 1 - count), -1):
            yield from (segment for segment in self.lines[number] if stands_under(segment, x0, x1))


def stands_under(segment: Segment, x0: float, x1: float) -> bool:
    """The segment shares its left edge, its right edge or most of its width with the strip."""
    if abs(segment.x0 - x0) <= 6 or abs(segment.x1 - x1) <= 6:
        return True
    shared = min(segment.x1, x1) - max(segment.x0, x0)
    return shared > 0.5 * max(1.0, min(segment.x1 - segment.x0, x1 - x0))


def view_pages(document: ParsedDocument) -> list[PageView]:
    """The pages of a document, ready to be searched."""
    return [view_page(page) for page in document.pages]


def view_page(page: Page) -> PageView:
    """One page's words as lines of segments."""
    view = PageView(page)
    rules = sorted(
        (rule.x0, min(rule.y0, rule.y1), max(rule.y0, rule.y1)) for rule in page.rules if not rule.horizontal
    )
    for line in lines_of(page):
        number = len(view.lines)
        groups = _split(line.words, rules)
        view.lines.append([Segment(view, number, index, words) for index, words in enumerate(groups)])
    return view


def _split(words: Iterable[Word], rules: list[tuple[float, float, float]]) -> list[tuple[Word, ...]]:
    groups: list[list[Word]] = []
    for word in words:
        if not groups or _parted(groups[-1][-1], word, rules):
            groups.append([])
        groups[-1].append(word)
    return [tuple(group) for group in groups]


def _parted(left: Word, right: Word, rules: list[tuple[float, float, float]]) -> bool:
    """A wide gap or a drawn line stands between two neighbours."""
    gap = right.x0 - left.x1
    height = max(left.size or left.y1 - left.y0, right.size or right.y1 - right.y0, 1.0)
    if gap > _GAP * height or gap < -0.5 * height:
        return True
    if gap <= 0.5:
        return False
    middle = (right.y0 + right.y1) / 2
    for position in range(bisect_right(rules, (left.x1 - 1.0, 0.0, 0.0)), len(rules)):
        x, top, bottom = rules[position]
        if x > right.x0 + 1.0:
            return False
        if top - 1 <= middle <= bottom + 1:
            return True
    return False
