"""Words of a page as printed lines, and lines as runs of words that stand close together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extract_bridge.parse.model import Page, Word

_MOST_RULES = 2_000  # drawings have more; they part no words
_WIDE_GAP = 0.8  # in font sizes; blanks between words are 0.2 to 0.6


@dataclass(frozen=True)
class Line:
    """Words that stand side by side, from left to right; never empty.

    Attributes:
        words: All words at this height, over the whole width of the page.
        cuts: The x of the lines drawn down the page at this height.
        in_margin: A word printed upwards beside everything else.
    """

    words: tuple[Word, ...]
    cuts: tuple[float, ...] = ()
    in_margin: bool = False

    @cached_property
    def x0(self) -> float:
        """Left edge in points."""
        return self.words[0].x0

    @cached_property
    def x1(self) -> float:
        """Right edge in points."""
        return max(word.x1 for word in self.words)

    @cached_property
    def y0(self) -> float:
        """Upper edge in points."""
        return min(word.y0 for word in self.words)

    @cached_property
    def y1(self) -> float:
        """Lower edge in points."""
        return max(word.y1 for word in self.words)

    @cached_property
    def middle(self) -> float:
        """Height of the middle of its words, in points from the top."""
        return median((word.y0 + word.y1) / 2 for word in self.words)

    @cached_property
    def size(self) -> float:
        """Font size in points, or the words' height where unknown."""
        return median(word.size or word.y1 - word.y0 for word in self.words) or 1.0

    @cached_property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def segments(self) -> tuple[Line, ...]:
        """The line cut where the space between two words is wider than a blank, or has a drawn line in it."""
        return tuple(Line(tuple(run)) for run in _runs(self.words, _WIDE_GAP * self.size, self.cuts))


def _runs(words: Iterable[Word], gap: float, cuts: Sequence[float]) -> list[list[Word]]:
    runs: list[list[Word]] = []
    for word in words:
        end = max(other.x1 for other in runs[-1][-3:]) if runs else 0.0
        if runs and word.x0 - end <= gap and not any(end - 0.5 <= x <= word.x0 + 0.5 for x in cuts):
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


def lines_of(page: Page) -> list[Line]:
    """The lines of a page from top to bottom. Text that does not run from left to right gets a line of its own for each word; in a margin, behind all others, for it interrupts nothing."""
    sideways = [word for word in page.words if _upright(word)]
    level = [word for word in page.words if not _upright(word)]
    groups: list[list[Word]] = []
    for word in sorted(level, key=lambda word: (word.y0 + word.y1) / 2):
        if groups and _beside(groups[-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    left, right = min((word.x0 for word in level), default=0.0), max((word.x1 for word in level), default=0.0)
    groups += [[word] for word in sideways if left < word.x1 and word.x0 < right]
    upright = sorted((rule.y0, rule.y1, rule.x0) for rule in page.rules if not rule.horizontal)[:_MOST_RULES]
    lines = [
        Line(tuple(sorted(group, key=lambda word: (word.x0, word.x1))), _cuts(group, upright))
        for group in groups
    ]
    in_margin = [Line((word,), in_margin=True) for word in sideways if word.x1 <= left or word.x0 >= right]
    return [*sorted(lines, key=lambda line: (line.middle, line.x0)), *in_margin]


def _cuts(group: Sequence[Word], upright: Sequence[tuple[float, float, float]]) -> tuple[float, ...]:
    """The x of the lines drawn down the page beside some words."""
    middle = (group[0].y0 + group[0].y1) / 2
    return tuple(x for top, bottom, x in upright if min(top, bottom) - 1 <= middle <= max(top, bottom) + 1)


def _upright(word: Word) -> bool:
    """Whether the text runs up or down the page, or aslant."""
    if word.turned:
        return True
    height, width = word.y1 - word.y0, word.x1 - word.x0
    return len(word.text) > 1 and height > 2.0 * (word.size or height) and height > 1.5 * width


def _beside(group: list[Word], word: Word) -> bool:
    """Whether a word stands on the same line as a group that begins no lower, its words from top to bottom."""
    near = group[-8:]
    below = (word.y0 + word.y1) / 2 - _halfway([(other.y0 + other.y1) / 2 for other in near])
    if below <= 0:
        return True  # nearly every word
    most = 0.45 * (word.y1 - word.y0)
    return below <= most and below <= 0.45 * _halfway(sorted(other.y1 - other.y0 for other in near))


def _halfway(ordered: list[float]) -> float:
    """The median of numbers in order."""
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
