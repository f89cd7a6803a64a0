"""Tables whose every cell is drawn: the grid that crossing lines make, with merged cells, whatever stands in them.

A grid whose rows hold several records (columns drawn, rows not) is no table here; `aligned` reads it by its text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from extract_bridge.parse.columns import is_numeric
from extract_bridge.parse.lines import lines_of
from extract_bridge.parse.model import Cell, Page, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from extract_bridge.parse.model import Rule, Word

_SNAP = 3.5  # points: lines so close are one border, drawn twice or thick
_SIDE = 15.0  # points that lines run on to the side of the outermost column
_COVERED = 0.6  # of an edge between two places: more means a border
_GAP = 40.0  # points between two grids that are one table
_MOST_RULES = 6000
_MOST_PLACES = 40_000


@dataclass(slots=True)
class _Grid:
    """The lines that cross each other: distinct places across and down, and what is drawn at each."""

    xs: list[float]
    ys: list[float]
    down: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    across: dict[int, list[tuple[float, float]]] = field(default_factory=dict)


def ruled_tables(page: Page) -> tuple[list[Table], frozenset[int]]:
    """The drawn tables of a page, from top to bottom, and the `id` of each word that stands in one."""
    found: list[_Drawn] = []
    for grid in sorted(_grids(page.rules), key=lambda grid: grid.ys[0]):
        inside = [word for word in page.words if _within(word, grid)]
        drawn = _drawn(grid, inside) if inside and not _goes_on_beside(grid, page.words) else None
        if drawn is not None and found and _continues(drawn, found[-1]):
            between = [word for word in page.words if _is_between(word, found[-1].grid, grid)]
            found[-1] = found[-1].with_more(drawn, between)
        elif drawn is not None:
            found.append(drawn)
    found = [drawn for drawn in found if drawn.has_records()]
    taken = frozenset(id(word) for drawn in found for row in drawn.rows for _, words in row for word in words)
    return [drawn.table() for drawn in found], taken


def _continues(lower: _Drawn, upper: _Drawn) -> bool:
    """Whether a grid goes on with the table of the one above it, which a line of text interrupts: a sum or a heading of its own."""
    one, other = upper.grid, lower.grid
    gap = other.ys[0] - one.ys[-1]
    if len(one.xs) != len(other.xs) or not -_SNAP <= gap <= _GAP:
        return False
    if any(abs(a - b) > _SNAP for a, b in zip(one.xs, other.xs, strict=True)):
        return False
    heads = _heading_rows(lower.rows, lower.spans)
    return not heads or _texts(lower.rows[0]) == _texts(upper.rows[0])


def _texts(row: _Row) -> list[str]:
    return [_text(words) for _, words in row]


def _is_between(word: Word, upper: _Grid, lower: _Grid) -> bool:
    y = (word.y0 + word.y1) / 2
    return upper.ys[-1] < y < lower.ys[0] and upper.xs[0] - _SIDE < word.x0 and word.x1 < upper.xs[-1] + _SIDE


def _within(word: Word, grid: _Grid) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return grid.xs[0] <= x <= grid.xs[-1] and grid.ys[0] <= y <= grid.ys[-1]


def _goes_on_beside(grid: _Grid, words: Sequence[Word]) -> bool:
    """Whether text stands close beside most rows: an outer column has no lines."""
    rows = {
        bisect_right(grid.ys, (word.y0 + word.y1) / 2)
        for word in words
        if -_SIDE < word.x1 - grid.xs[0] < 2 or -2 < word.x0 - grid.xs[-1] < _SIDE
    }
    return len(rows - {0, len(grid.ys)}) > 0.5 * (len(grid.ys) - 1)


# --- the grid ----------------------------------------------------------------------------------------------------


def _grids(rules: Sequence[Rule]) -> list[_Grid]:
    """Sets of lines that touch one another and make a row of two cells at least."""
    if not 6 <= len(rules) <= _MOST_RULES:
        return []
    across = _joined((rule.y0, rule.x0, rule.x1) for rule in rules if rule.horizontal)
    down = _joined((rule.x0, rule.y0, rule.y1) for rule in rules if not rule.horizontal)
    if len(across) * len(down) > _MOST_PLACES:
        return []
    grids = []
    for rows, columns in _touching(across, down):
        if not rows or not columns:
            continue
        ys = sorted({y for y, _, _ in rows})
        xs = sorted({x for x, _, _ in (*columns, *_open_sides(rows, columns))})
        if len(xs) >= 3 and len(ys) >= 2 and len(xs) * len(ys) <= _MOST_PLACES:
            grid = _Grid(xs, ys)
            for y, start, end in rows:
                grid.across.setdefault(ys.index(y), []).append((start, end))
            for x, start, end in columns:
                grid.down.setdefault(xs.index(x), []).append((start, end))
            grids.append(grid)
    return grids


_Stroke = tuple[float, float, float]
"""Where a line stands, and from where to where it runs."""


def _joined(strokes: Iterable[_Stroke]) -> list[_Stroke]:
    """Lines at one place as one, where they touch or overlap; those too short for the side of a cell are left out."""
    groups: list[list[_Stroke]] = []
    for stroke in sorted(strokes):
        if groups and stroke[0] - groups[-1][0][0] <= _SNAP:
            groups[-1].append(stroke)
        else:
            groups.append([stroke])
    joined = []
    for group in groups:
        place = median(at for at, _, _ in group)
        runs: list[list[float]] = []
        for start, end in sorted((start, end) for _, start, end in group):
            if runs and start <= runs[-1][1] + _SNAP:
                runs[-1][1] = max(runs[-1][1], end)
            else:
                runs.append([start, end])
        joined += [(place, start, end) for start, end in runs if end - start > 1.5 * _SNAP]
    return joined


def _touching(
    across: Sequence[_Stroke], down: Sequence[_Stroke]
) -> Iterator[tuple[list[_Stroke], list[_Stroke]]]:
    """The lines apart by which of them touch one another, directly or over others."""
    parents = list(range(len(across) + len(down)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    for i, (y, left, right) in enumerate(across):
        for j, (x, top, bottom) in enumerate(down):
            if left - _SNAP <= x <= right + _SNAP and top - _SNAP <= y <= bottom + _SNAP:
                parents[root(i)] = root(len(across) + j)
    sets: dict[int, tuple[list[_Stroke], list[_Stroke]]] = defaultdict(lambda: ([], []))
    for i, stroke in enumerate(across):
        sets[root(i)][0].append(stroke)
    for j, stroke in enumerate(down):
        sets[root(len(across) + j)][1].append(stroke)
    yield from sets.values()


def _open_sides(rows: Sequence[_Stroke], columns: Sequence[_Stroke]) -> Iterator[_Stroke]:
    """The left and right end of a table whose rows are drawn on over its outer columns, without a line down."""
    first, last = min(x for x, _, _ in columns), max(x for x, _, _ in columns)
    top, bottom = min(y for y, _, _ in rows), max(y for y, _, _ in rows)
    left = [start for _, start, _ in rows if start < first - _SIDE]
    right = [end for _, _, end in rows if end > last + _SIDE]
    for ends in (left, right):
        if len(ends) > 0.5 * len(rows):
            yield median(ends), top, bottom


def _is_drawn(strokes: Sequence[tuple[float, float]], start: float, end: float) -> bool:
    covered = sum(max(0.0, min(b, end) - max(a, start)) for a, b in strokes)
    return covered >= _COVERED * (end - start)


# --- its cells ---------------------------------------------------------------------------------------------------

_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A grid that was read: rows of cells, each by the first place of it, and how many rows and columns each covers."""

    grid: _Grid
    rows: list[_Row]
    spans: dict[_Place, tuple[int, int]]

    def with_more(self, lower: _Drawn, between: Sequence[Word]) -> _Drawn:
        """Both grids as one, with the lines between them as rows."""
        rows, spans = list(self.rows), dict(self.spans)
        step = (
            len(self.grid.ys) + len(lower.grid.ys) + len(between)
        )  # no place of one is a place of the other
        for at, line in enumerate(lines_of(Page(1, 0, 0, tuple(between)))):
            words: list[list[Word]] = [[] for _ in self.grid.xs[1:]]
            for piece in line.segments:
                column = bisect_right(self.grid.xs, (piece.words[0].x0 + piece.words[0].x1) / 2) - 1
                if piece.x1 - self.grid.xs[-1] > -2 * _SIDE:
                    column = len(words) - 1  # it ends where the last column ends
                words[max(0, min(column, len(words) - 1))] += piece.words
            owners = [(2 * step + at, column) for column in range(len(words))]
            spans |= dict.fromkeys(owners, (1, 1))
            rows.append([(owner, tuple(cell)) for owner, cell in zip(owners, words, strict=True)])
        rows += [[((row + step, column), words) for (row, column), words in cells] for cells in lower.rows]
        spans |= {(row + step, column): span for (row, column), span in lower.spans.items()}
        ys = [*self.grid.ys, *lower.grid.ys]
        return _Drawn(_Grid(self.grid.xs, ys), rows, spans)

    def has_records(self) -> bool:
        """Whether most rows fill two cells or more, and two rows do."""
        several = sum(len({owner for owner, words in row if words}) > 1 for row in self.rows)
        return several >= max(2, 0.5 * len(self.rows))

    def table(self) -> Table:
        """Its columns that hold text, the heading first."""
        rows = _without_empty_columns(self.rows)
        heads = _heading_rows(rows, self.spans)
        body = tuple(tuple(_cell(*item, self.spans) for item in row) for row in rows[heads:])
        return Table((_heading(rows[:heads]), *body), 1) if heads else Table(body, 0)


def _drawn(grid: _Grid, words: Sequence[Word]) -> _Drawn | None:
    """The grid as rows of cells; None where it is a frame around something else than a table of records."""
    owners = _merged_places(grid)
    spans = _spans(owners)
    if spans is None:
        return None
    filled: dict[_Place, list[Word]] = defaultdict(list)
    for line in lines_of(Page(1, 0, 0, tuple(words))):
        for word in line.words:
            filled[owners[_place_of(word, grid)]].append(word)
    rows = [
        [(owners[row, column], tuple(filled[owners[row, column]])) for column in range(len(grid.xs) - 1)]
        for row in range(len(grid.ys) - 1)
    ]
    rows = [row for row in rows if any(words for _, words in row)]
    while rows and len({owner for owner, words in rows[0] if words}) == 1:
        rows = rows[1:]  # a title over the whole table
    return None if not rows or _undrawn(rows, spans) else _Drawn(grid, rows, spans)


def _merged_places(grid: _Grid) -> dict[_Place, _Place]:
    """Each place of the grid with the first place of the cell that it belongs to."""
    parents: dict[_Place, _Place] = {
        (row, column): (row, column) for row in range(len(grid.ys) - 1) for column in range(len(grid.xs) - 1)
    }

    def root(place: _Place) -> _Place:
        while parents[place] != place:
            place = parents[place]
        return place

    def merge(one: _Place, other: _Place) -> None:
        low, high = sorted((root(one), root(other)))
        parents[high] = low

    for row, (top, bottom) in enumerate(pairwise(grid.ys)):
        for column in range(1, len(grid.xs) - 1):
            if not _is_drawn(grid.down.get(column, ()), top, bottom):
                merge((row, column - 1), (row, column))
    for column, (left, right) in enumerate(pairwise(grid.xs)):
        for row in range(1, len(grid.ys) - 1):
            if not _is_drawn(grid.across.get(row, ()), left, right):
                merge((row - 1, column), (row, column))
    return {place: root(place) for place in parents}


def _spans(owners: dict[_Place, _Place]) -> dict[_Place, tuple[int, int]] | None:
    """How many rows and columns each cell covers; None where one is no rectangle: the lines are no table's."""
    members: dict[_Place, list[_Place]] = defaultdict(list)
    for place, owner in owners.items():
        members[owner].append(place)
    spans = {}
    for owner, places in members.items():
        rows, columns = {row for row, _ in places}, {column for _, column in places}
        if len(rows) * len(columns) != len(places):
            return None
        spans[owner] = (len(rows), len(columns))
    return spans


def _place_of(word: Word, grid: _Grid) -> _Place:
    row = bisect_right(grid.ys, (word.y0 + word.y1) / 2) - 1
    column = bisect_right(grid.xs, (word.x0 + word.x1) / 2) - 1
    return min(row, len(grid.ys) - 2), min(column, len(grid.xs) - 2)


_Row = list[tuple[_Place, "tuple[Word, ...]"]]


def _without_empty_columns(rows: list[_Row]) -> list[_Row]:
    """Rows without the columns that no text begins in: they are the room between two drawn lines, or a merged cell's rest."""
    width = len(rows[0]) if rows else 0
    used = [
        column
        for column in range(width)
        if any(row[column][1] and (column == 0 or row[column][0] != row[column - 1][0]) for row in rows)
    ]
    return [[row[column] for column in used] for row in rows]


def _undrawn(rows: Sequence[_Row], spans: dict[_Place, tuple[int, int]]) -> bool:
    """Whether borders are missing: several columns of text in one cell, or numbers under each other in two cells of a row."""
    for row in rows:
        stacked = 0
        for owner, words in dict(row).items():
            high, wide = spans[owner]
            if wide > 1 or (high == 1 and len(words) > 1 and words[-1].y0 > (words[0].y0 + words[0].y1) / 2):
                lines = lines_of(Page(1, 0, 0, words))
                if wide > 1 and any(len(line.segments) > 1 for line in lines):
                    return True
                numbers = sum(is_numeric(line.text) for line in lines)
                stacked += high == 1 and len(lines) > 1 and numbers >= max(2, 0.8 * len(lines))
        if stacked >= 2:
            return True
    return False


def _heading_rows(rows: Sequence[_Row], spans: dict[_Place, tuple[int, int]]) -> int:
    """How many rows are headings: the first one of words, and what it covers or what stands below headings over several columns."""
    if any(is_numeric(_text(words)) for owner, words in rows[0] if words and spans[owner] == (1, 1)):
        return 0
    heads = 1
    while heads < min(len(rows) - 1, 4) and _goes_on(rows[heads - 1], rows[heads], spans):
        heads += 1
    return heads


def _goes_on(upper: _Row, lower: _Row, spans: dict[_Place, tuple[int, int]]) -> bool:
    """Whether a heading reaches into the next row, or heads several of its columns."""
    shared = any(a[0] == b[0] and a[1] for a, b in zip(upper, lower, strict=True))
    wide = any(spans[owner][1] > 1 and words for owner, words in upper)
    numbers = sum(is_numeric(_text(words)) for owner, words in lower if words and not _is_year(words))
    return (shared or wide) and not numbers


def _is_year(words: Sequence[Word]) -> bool:
    text = _text(words)
    return len(text) == 4 and text.isdecimal() and text[:2] in ("19", "20")


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _heading(rows: Sequence[_Row]) -> tuple[Cell, ...]:
    """One heading a column, from top to bottom; a cell over several columns heads each of them."""
    cells = []
    for column in zip(*rows, strict=True):
        words: list[Word] = []
        for owner, _ in dict.fromkeys((owner, None) for owner, _ in column):
            words += next(found for place, found in column if place == owner)
        cells.append(Cell(tuple(words)))
    return tuple(cells)


def _cell(owner: _Place, words: tuple[Word, ...], spans: dict[_Place, tuple[int, int]]) -> Cell:
    """A cell of the body; what is drawn around several rows is said of each of them."""
    rows, columns = spans[owner]
    return Cell(words, columns, rows)
