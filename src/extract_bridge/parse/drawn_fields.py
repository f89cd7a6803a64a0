# ruff: noqa: RUF001 - the marks that forms print are matched as they are
"""Places to fill in that a form only draws: boxes to tick, as squares or as signs, and combs with a cell for each letter.

The letters of a comb become words, an empty cell being the space between two, so that they are read like any other text.
A grid of cells is a table and no comb; a square that shares an edge with another one is a cell and no box.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from extract_bridge.parse.model import FormField, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from extract_bridge.parse.model import Page, Rule

CHECKED = frozenset("☑☒🗹✅🗷")
"""Signs of a box that is ticked."""
UNCHECKED = frozenset("☐◻▢□")
"""Signs of an empty box."""
_MARKS = frozenset("xX×✕✖✗✘✓✔●■")
_LEAST, _MOST = 5.0, 18.0  # points, the side of a box or a cell
_WIDEST = 26.0
_FEWEST_CELLS = 4
_EVEN = 0.16
_NEAR = 0.8  # points
_MOST_RULES = 6_000


class _Cell(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float


def with_drawn_fields(page: Page) -> Page:
    """The page with the boxes and combs that are drawn on it as fields; a form with fields of its own is left as it is."""
    if page.fields or not page.words:
        return page
    boxes = list(_signs(page.words))
    merged: dict[int, Word] = {}
    if page.rules and len(page.rules) <= _MOST_RULES:
        runs = _runs(page.rules)
        boxes += _squares(page, runs)
        for run in _combs(runs):
            boxes += _comb(page, run, merged)
    if not boxes:
        return page
    kept = [merged.get(id(word), word) for word in page.words]
    words = tuple(word for word in kept if word.text)
    return replace(page, words=words, fields=tuple(boxes))


def _signs(words: Sequence[Word]) -> Iterator[FormField]:
    """Boxes that are printed as signs, or as brackets with or without a cross between them."""
    for at, word in enumerate(words):
        if word.text in CHECKED or word.text in UNCHECKED:
            yield _box(word, (word,) if word.text in CHECKED else ())
        elif (
            len(word.text) == len("[x]")
            and word.text[0] + word.text[2] in ("[]", "()")
            and word.text[1] in _MARKS
        ):
            yield _box(word, (word,))
        elif word.text == "[]":
            yield _box(word, ())
        elif word.text == "[" and at + 1 < len(words) and words[at + 1].text == "]":
            yield replace(_box(word, ()), x1=words[at + 1].x1)


def _box(word: Word, marks: tuple[Word, ...]) -> FormField:
    return FormField("checkbox", word.x0, word.y0, word.x1, word.y1, marks)


def _runs(rules: Iterable[Rule]) -> list[list[_Cell]]:
    """Cells of one height that stand edge to edge, left to right."""
    edges: dict[tuple[int, int], list[tuple[float, float, float]]] = defaultdict(list)
    level: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for rule in rules:
        top, bottom = min(rule.y0, rule.y1), max(rule.y0, rule.y1)
        if rule.horizontal:
            level[round(top)].append((min(rule.x0, rule.x1), max(rule.x0, rule.x1)))
        elif _LEAST <= bottom - top <= _MOST:
            edges[round(top), round(bottom)].append((rule.x0, top, bottom))
    runs: list[list[_Cell]] = []
    for found in edges.values():
        columns = sorted(found)
        run: list[_Cell] = []
        for (x0, top, bottom), (x1, _, _) in pairwise(columns):
            if x1 - x0 < _NEAR:
                continue  # the edge that two cells share
            if x1 - x0 <= _WIDEST and _covered(level, x0, x1, bottom):
                run.append(_Cell(x0, top, x1, bottom))
                continue
            runs += [run] if run else []
            run = []
        runs += [run] if run else []
    return runs


def _covered(level: dict[int, list[tuple[float, float]]], x0: float, x1: float, y: float) -> bool:
    """A line is drawn under the cell."""
    around = (level.get(round(y) + step, ()) for step in (-1, 0, 1))
    return any(start <= x0 + _NEAR and end >= x1 - _NEAR for lines in around for start, end in lines)


def _squares(page: Page, runs: list[list[_Cell]]) -> Iterator[FormField]:
    for run in runs:
        if len(run) > 1:
            continue
        cell = run[0]
        width, height = cell.x1 - cell.x0, cell.y1 - cell.y0
        inside = [word for word in page.words if _holds(cell, word)]
        if abs(width - height) > 0.3 * height or any(word.text not in _MARKS for word in inside):
            continue
        yield FormField("checkbox", *cell, tuple(inside))


def _combs(runs: list[list[_Cell]]) -> list[list[_Cell]]:
    """Runs of even cells with no other run right above or below them."""
    long = [run for run in runs if len(run) >= _FEWEST_CELLS and _is_even(run)]
    return [run for run in long if not any(_stacked(run, other) for other in runs if other is not run)]


def _is_even(run: list[_Cell]) -> bool:
    widths = sorted(cell.x1 - cell.x0 for cell in run)
    return widths[-1] - widths[0] <= _EVEN * widths[-1]


def _stacked(run: list[_Cell], other: list[_Cell]) -> bool:
    touch = min(abs(run[0].y0 - other[0].y1), abs(run[0].y1 - other[0].y0)) <= 2 * _NEAR
    return touch and run[0].x0 < other[-1].x1 and other[0].x0 < run[-1].x1


def _holds(cell: _Cell, word: Word) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return cell.x0 - 1 <= x <= cell.x1 + 1 and cell.y0 - 1 <= y <= cell.y1 + 1


def _comb(page: Page, run: list[_Cell], merged: dict[int, Word]) -> Iterator[FormField]:
    """The comb as a field with the words that its letters make; none where a cell holds more than a letter."""
    row = [word for word in page.words if run[0].y0 - 1 <= (word.y0 + word.y1) / 2 <= run[0].y1 + 1]
    inside = [[word for word in row if _holds(cell, word)] for cell in run]
    if any(len(words) > 1 or any(len(word.text) > 1 for word in words) for words in inside):
        return
    made: list[Word] = []
    letters: list[Word] = []
    for words in [*inside, []]:
        if words:
            letters.append(words[0])
        elif letters:
            whole = replace(
                letters[0],
                text="".join(letter.text for letter in letters),
                x1=letters[-1].x1,
                y0=min(letter.y0 for letter in letters),
                y1=max(letter.y1 for letter in letters),
            )
            made.append(whole)
            merged.update({id(letter): replace(letter, text="") for letter in letters[1:]})
            merged[id(letters[0])] = whole
            letters = []
    yield FormField("text", run[0].x0, run[0].y0, run[-1].x1, run[0].y1, tuple(made))
