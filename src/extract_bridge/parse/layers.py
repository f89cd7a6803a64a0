"""Tables whose records run over several lines: each line of a record has columns of its own, over or between those of the first.

Where the further lines only go on with the texts of the first, the table is not layered, and `aligned` joins them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from extract_bridge.parse.model import Cell, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from extract_bridge.parse.lines import Line
    from extract_bridge.parse.model import Word

_LEAST_RECORDS = 3  # fewer show no order of their own; then the heading must tell the columns apart
_LEAST_COLUMNS = 3  # of the first line, where there are so few records
_USUAL = 0.7  # of the records have as many lines
_MOST_LINES = 4
_OTHER_LAYER = (
    3.0  # font sizes that a heading is farther away where it stands in another line than its column
)
_CLOSER = 1.25  # times the narrowest step between lines: within a record


@dataclass(eq=False, slots=True)
class _Column:
    """What stands under each other in one line of the records.

    Attributes:
        layer: In which line of its record; 0 is the first.
        x0: The left end of all its texts.
        x1: The right end of all its texts.
        left: Where its texts usually begin.
        right: Where they usually end.
        numbers: The share of its texts that are numbers, 0..1.
        joins: The column of the first line whose texts it continues; None where it is a column of its own.
    """

    layer: int
    x0: float
    x1: float
    left: float
    right: float
    numbers: float
    joins: _Column | None = None

    def distance(self, piece: Line) -> float:
        """How far the nearest edge or the middle of a text is from where the column's are."""
        middle = (piece.x0 + piece.x1) / 2 - (self.left + self.right) / 2
        return min(abs(piece.x0 - self.left), abs(piece.x1 - self.right), abs(middle))

    def overlap(self, x0: float, x1: float) -> float:
        """How wide both are together."""
        return min(x1, self.x1) - max(x0, self.x0)


def layered_table(
    lines: Sequence[Line],
    heads: Sequence[Line],
    *,
    split: Callable[[Sequence[Line]], Sequence[float]],
    is_numeric: Callable[[str], bool],
) -> Table | None:
    """The table that these lines are where its records run over several; None where they do not.

    Args:
        lines: The lines under the heading.
        heads: The lines of the heading.
        split: The x of the boundaries between the columns of some lines.
        is_numeric: Whether a text is a number.
    """
    records = _records(lines)
    if records is None:
        return None
    height = Counter(map(len, records)).most_common(1)[0][0]
    regular = [record for record in records if len(record) == height]
    columns: list[_Column] = []
    for layer in range(height):
        columns += _columns([record[layer] for record in regular], layer, split, is_numeric)
    if not _settle(columns, heads, height, few=len(regular) < _LEAST_RECORDS):
        return None
    own = sorted(
        (column for column in columns if column.joins is None),
        key=lambda item: (item.left + item.right, item.layer),
    )
    rows = [_row(part, columns, own) for record in records for part in _apart(record, columns)]
    heading = _heading(heads, own, height)
    return Table((heading, *rows), 1) if any(cell.words for cell in heading) else Table(tuple(rows), 0)


def _records(lines: Sequence[Line]) -> list[Sequence[Line]] | None:
    """The lines of each record: closer to each other than records are, or else as many in each throughout."""
    if len(lines) < 2:
        return None
    steps = [lower.middle - upper.middle for upper, lower in pairwise(lines)]
    narrow = min(steps)
    records: list[list[Line]] = [[lines[0]]]
    for step, line in zip(steps, lines[1:], strict=True):
        if step <= _CLOSER * narrow:
            records[-1].append(line)
        else:
            records.append([line])
    height, usual = Counter(map(len, records)).most_common(1)[0]
    if 2 <= height <= _MOST_LINES and usual >= _USUAL * len(records):
        return list(records)
    if len(records) == 1 or (len(records) <= 2 and max(map(len, records)) >= len(lines) - 2):
        return _in_turn(max(records, key=len))
    return None


def _in_turn(lines: Sequence[Line]) -> list[Sequence[Line]] | None:
    """Equally spaced lines that are filled in turns: each has its texts where the one two or three lines above has them."""
    for height in (2, 3):
        count = len(lines) // height
        if count < _LEAST_RECORDS or len(lines) % height:
            continue
        records = [lines[at * height : (at + 1) * height] for at in range(count)]
        likes = [
            _alike(a, b) for upper, lower in pairwise(records) for a, b in zip(upper, lower, strict=True)
        ]
        others = [_alike(a, b) for record in records for a, b in pairwise(record)]
        if sum(likes) >= 0.9 * len(likes) and sum(others) <= 0.1 * len(others):
            return list(records)
    return None


def _alike(one: Line, other: Line) -> bool:
    """Whether two lines have as many texts, each with an edge where the other has it."""
    return len(one.segments) == len(other.segments) and all(
        min(abs(a.x0 - b.x0), abs(a.x1 - b.x1)) < 0.5 * one.size
        for a, b in zip(one.segments, other.segments, strict=True)
    )


def _columns(
    lines: Sequence[Line],
    layer: int,
    split: Callable[[Sequence[Line]], Sequence[float]],
    is_numeric: Callable[[str], bool],
) -> list[_Column]:
    """The columns of one line of the records."""
    bounds = [float("-inf"), *split(lines), float("inf")]
    columns = []
    for start, end in pairwise(bounds):
        texts = [
            words
            for line in lines
            if (words := [word for word in line.words if start < (word.x0 + word.x1) / 2 <= end])
        ]
        if texts:
            lefts, rights = [words[0].x0 for words in texts], [words[-1].x1 for words in texts]
            numbers = sum(is_numeric(" ".join(word.text for word in words)) for words in texts) / len(texts)
            columns.append(_Column(layer, min(lefts), max(rights), median(lefts), median(rights), numbers))
    return columns


def _settle(columns: Sequence[_Column], heads: Sequence[Line], height: int, *, few: bool) -> bool:
    """Tells columns of further lines that are their own from those that continue a text; whether there are any.

    Numbers continue neither numbers nor texts. A text is continued by what stands under its beginning, unless that has a heading of its own.
    """
    if any(_are_rows(columns, layer, heads, height, few=few) for layer in range(1, height)):
        return False
    first = [column for column in columns if column.layer == 0]
    if few and len(first) < _LEAST_COLUMNS:
        return False
    size = median(head.size for head in heads) if heads else 10.0
    layered = False
    for column in columns:
        if column.layer == 0:
            continue
        over = [other for other in first if other.overlap(column.x0, column.x1) > 0]
        if len(over) == 1:
            both = min(column.numbers, over[0].numbers) >= 0.6
            aligned = abs(column.left - over[0].left) <= size or abs(column.right - over[0].right) <= size
            headed = not aligned and _is_headed(column, over[0], heads)
            other_kind = column.numbers >= 0.8 and over[0].numbers <= 0.2
            column.joins = None if both or headed or other_kind else over[0]
            layered |= headed or (both and not few)
        elif over:
            column.joins = over[0]
        else:
            layered |= column.numbers >= 0.6 and (not few or _is_alone_under_heading(column, first, heads))
    if layered and len(heads) == height:
        for column in columns:
            pieces = heads[column.layer].segments
            if column.joins is not None and any(column.overlap(piece.x0, piece.x1) > 0 for piece in pieces):
                column.joins = None
    return layered


def _are_rows(
    columns: Sequence[_Column], layer: int, heads: Sequence[Line], height: int, *, few: bool
) -> bool:
    """Whether a further line fills the columns of the first as the next row would, without headings of its own."""
    first = [column for column in columns if column.layer == 0]
    own = [column for column in columns if column.layer == layer]
    shared = sum(any(other.overlap(column.x0, column.x1) > 0 for column in own) for other in first)
    if shared < 0.6 * len(first) or shared < 2:
        return False
    if few or len(heads) != height:
        return True
    return not (_are_headed(first, heads[0]) and _are_headed(own, heads[layer]))


def _are_headed(columns: Sequence[_Column], head: Line) -> bool:
    """Whether a text of one line of the heading stands over each column."""
    return all(any(column.overlap(piece.x0, piece.x1) > 0 for piece in head.segments) for column in columns)


def _apart(record: Sequence[Line], columns: Sequence[_Column]) -> list[Sequence[Line]]:
    """A record that is too long, cut before each later line that fills the columns of a first one."""
    first = [column for column in columns if column.layer == 0]
    height = 1 + max(column.layer for column in columns)
    cuts = [0]
    for at in range(height, len(record)):
        pieces = record[at].segments
        filled = sum(any(column.overlap(piece.x0, piece.x1) > 0 for piece in pieces) for column in first)
        if filled >= max(2, 0.6 * len(first)):
            cuts.append(at)
    return [record[start:end] for start, end in pairwise([*cuts, len(record)])]


def _is_headed(column: _Column, over: _Column, heads: Sequence[Line]) -> bool:
    """Whether a heading stands over a column rather than over the text above it."""
    pieces = [piece for head in heads for piece in head.segments if column.overlap(piece.x0, piece.x1) > 0]
    return any(column.distance(piece) < 0.5 * over.distance(piece) for piece in pieces)


def _is_alone_under_heading(column: _Column, first: Sequence[_Column], heads: Sequence[Line]) -> bool:
    """Whether a heading stands over a column, and over none of the first line."""
    pieces = [piece for head in heads for piece in head.segments if column.overlap(piece.x0, piece.x1) > 0]
    return any(all(other.overlap(piece.x0, piece.x1) <= 0 for other in first) for piece in pieces)


def _row(record: Sequence[Line], columns: Sequence[_Column], own: Sequence[_Column]) -> tuple[Cell, ...]:
    """A record's cells. Of a line that no other record has, what stands under the beginning of a text continues it; the rest is a remark."""
    cells: dict[int, list[Word]] = {id(column): [] for column in own}
    last = max(column.layer for column in columns)
    for at, line in enumerate(record):
        places = [column for column in columns if column.layer == (at if at <= last else 0)]
        for piece in line.segments:
            for words in _by_column(piece, places):
                nearest = max(places, key=lambda item: item.overlap(words[0].x0, words[-1].x1))
                if at <= last or abs(words[0].x0 - nearest.left) <= line.size:
                    cells[id(nearest.joins or nearest)] += words
    return tuple(Cell(tuple(cells[id(column)])) for column in own)


def _by_column(piece: Line, places: Sequence[_Column]) -> list[list[Word]]:
    """The words of a piece, cut where the next column's texts begin."""
    runs: list[list[Word]] = []
    before: _Column | None = None
    for word in piece.words:
        column = max(places, key=lambda item: item.overlap(word.x0, word.x1))
        if runs and column is before:
            runs[-1].append(word)
        else:
            runs.append([word])
        before = column
    return runs


def _heading(heads: Sequence[Line], own: Sequence[_Column], height: int) -> tuple[Cell, ...]:
    """Each text of the heading over the column that it is aligned with, first among those in the same line of the records."""
    cells: dict[int, list[Word]] = {id(column): [] for column in own}
    paired = len(heads) == height
    for at, head in enumerate(heads):
        far = _OTHER_LAYER * head.size
        for piece in head.segments:
            over = [column for column in own if column.overlap(piece.x0, piece.x1) > 0] or own
            nearest = min(over, key=lambda item: item.distance(piece) + far * (paired and item.layer != at))
            cells[id(nearest)] += piece.words
    return tuple(Cell(tuple(cells[id(column)])) for column in own)
