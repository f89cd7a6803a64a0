"""Tables seen by their alignment: columns that no word crosses, and drawn lines where there are any."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from extract_bridge.parse.beside import tables_beside
from extract_bridge.parse.columns import cells_of, column_of, cut_at_dates, is_numeric, splits_of
from extract_bridge.parse.headings import FAR, crosses_from_first, header_row, heading_of, runs_on, stands_out
from extract_bridge.parse.layers import layered_table
from extract_bridge.parse.lines import Line, lines_of
from extract_bridge.parse.model import Cell, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.parse.model import Page, Word

_EDGE = 3.0  # points
_LEAST_UNDER = 2  # texts of a line that is no part of the cell above it
_APART = 1.5
_LEAST_WIDE, _WIDENS, _FEW_DIGITS = 5, 1.3, 0.35
"""Texts of a heading with some numbers, how many more than the line above has, and the share with digits."""
_SPELT = re.compile(r"[^\W\d_]{4}")
_AMOUNT = re.compile(r"\d[.,]\d\d\W{0,3}$")
_YEAR = re.compile(r"(?:19|20)\d\d$")


def aligned_tables(page: Page) -> list[Table]:
    """The tables of a page from top to bottom; of those side by side, the left ones first."""
    lines = cut_at_dates([line for line in lines_of(page) if not line.in_margin])
    tables: list[Table] = []
    start = 0
    for beside in tables_beside(lines):
        tables += _tables(page, lines[start : beside.first])
        words = [
            word for line in lines[beside.first + beside.titled : beside.last + 1] for word in line.words
        ]
        for x0, x1 in pairwise((*beside.edges, float("inf"))):
            part = replace(page, words=tuple(word for word in words if x0 <= word.x0 + _EDGE < x1))
            tables += _tables(part, cut_at_dates(lines_of(part)), least=1)
        start = beside.last + 1
    return [*tables, *_tables(page, lines[start:])]


def _tables(page: Page, lines: Sequence[Line], *, least: int = 2) -> list[Table]:
    """The tables that some lines make up, of so many lines at least."""
    tables = (_table(page, lines, first, last) for first, last in _regions(lines, least))
    return [table for table in tables if table is not None]


# --- regions -----------------------------------------------------------------------------------------------------


def _regions(lines: Sequence[Line], least: int = 2) -> list[tuple[int, int]]:
    """Runs of lines, both ends included, whose pieces stand under one another in two columns or more."""
    found = []
    at = 0
    while at < len(lines):
        last = _grow(lines, at) if len(lines[at].segments) > 1 else at
        if last > at or (least == 1 and len(lines[at].segments) > 1):
            start = next((i for i in range(at + 1, last) if _starts_table(lines, i)), last + 1)
            last = start - 1  # what is over another table's heading says nothing of its columns
            found.append((at, last))
        at = last + 1
    return found


def _starts_table(lines: Sequence[Line], at: int) -> bool:
    """Whether a line looks like the first line of a heading: words only, or words and many more texts than above; over numbers soon after.

    Over rows with a single number it must also stand farther from what is above it than from what is below.
    """
    widens = _mostly_words(lines[at]) and len(lines[at].segments) > _WIDENS * len(lines[at - 1].segments)
    if not widens and (not _only_words(lines[at]) or _only_words(lines[at - 1])):
        return False
    numbers = [_numbers_in(line) for line in lines[at + 1 : at + 4]]
    up, down = lines[at].middle - lines[at - 1].middle, lines[at + 1].middle - lines[at].middle
    return max(numbers) >= 2 or (max(numbers) == 1 and up > _APART * down)


def _mostly_words(line: Line) -> bool:
    """Whether a line may be a heading that has some dates or numbers among its words."""
    pieces = line.segments
    digits = sum(any(char.isdigit() for char in piece.text) for piece in pieces)
    return (
        len(pieces) >= _LEAST_WIDE and digits <= _FEW_DIGITS * len(pieces) and not is_numeric(pieces[0].text)
    )


def _only_words(line: Line) -> bool:
    pieces = line.segments
    return len(pieces) >= 3 and not any(char.isdigit() for char in line.text)


def _grow(lines: Sequence[Line], first: int) -> int:
    """The last line that fits under the first."""
    columns = [[piece.x0, piece.x1] for piece in lines[first].segments]
    last = at = first
    rows = [first]
    while at + 1 < len(lines):
        line = lines[at + 1]
        if line.y0 - lines[at].y1 > FAR * max(line.size, lines[at].size) or at - last >= 4:
            break
        fits = _fits(line, columns)
        if fits == "no" and not _interrupts(lines, at + 1, columns):
            break
        at += 1
        if fits == "row":
            last = at
            rows.append(at)
            _widen(columns, line)
        elif at == last + 1 and _wraps(lines, rows, at):
            last = at
    return last


def _interrupts(lines: Sequence[Line], at: int, columns: list[list[float]]) -> bool:
    """Whether a line is a remark between two rows: one piece, close above a line that fills most columns and has numbers."""
    if len(lines[at].segments) > 1 or at + 1 >= len(lines):
        return False
    line, below = lines[at], lines[at + 1]
    close = below.middle - line.middle <= 2.6 * max(line.size, below.size)
    full = len(below.segments) >= max(3, 0.5 * len(columns)) and _fits(below, columns) == "row"
    return close and full and _numbers_in(below) >= 1


def _wraps(lines: Sequence[Line], rows: Sequence[int], at: int) -> bool:
    """Whether a line is closer to the one above it than rows are to each other: the rest of the last row's cell."""
    steps = [
        lines[b].middle - lines[a].middle for a, b in pairwise(rows[1:])
    ]  # the first row is mostly the heading
    step = lines[at].middle - lines[at - 1].middle
    return bool(steps) and step <= min(0.85 * median(steps), 1.5 * lines[at].size)


def _fits(line: Line, columns: list[list[float]]) -> str:
    """`row`: pieces in two columns or more; `part`: within one column; `no`: its words run across columns."""
    pieces = line.segments
    crossed = [_touched(piece, columns) for piece in pieces]
    clashes = sum(len(touched) > 1 for touched in crossed)
    if not clashes:
        return "row" if len(pieces) > 1 else "part"
    if len(pieces) > 1 and (
        clashes < len(pieces) / 2 or len(columns) - sum(map(len, crossed)) + clashes >= 2
    ):
        return "row"
    return "no"


def _touched(piece: Line, columns: list[list[float]]) -> list[int]:
    return [i for i, (x0, x1) in enumerate(columns) if piece.x0 < x1 and piece.x1 > x0]


def _widen(columns: list[list[float]], line: Line) -> None:
    """Lets each column cover what now stands in it; pieces that touch none become new columns."""
    for piece in line.segments:
        touched = _touched(piece, columns)
        if len(touched) == 1:
            column = columns[touched[0]]
            column[0], column[1] = min(column[0], piece.x0), max(column[1], piece.x1)
        elif not touched:
            columns.append([piece.x0, piece.x1])
    columns.sort()


# --- one table ---------------------------------------------------------------------------------------------------


def _table(page: Page, lines: Sequence[Line], first: int, last: int) -> Table | None:
    region = list(lines[first : last + 1])
    body = _body(region)
    splits = splits_of(page, body)
    if not splits:
        return None
    start = first + region.index(body[0])
    heads = heading_of(page.rules, lines, (first, last), start, splits, body)
    start -= heads.over_rows
    layered = layered_table(
        lines[start : last + 1], heads.lines, split=lambda some: splits_of(page, some), is_numeric=is_numeric
    )
    if layered is not None:
        return layered
    header = header_row(heads.lines, splits)
    rows = _rows(lines[start : last + 1], splits)
    if header is None and len(rows) > 1 and not any(is_numeric(cell.text) for cell in rows[0]):
        header, rows = rows[0], rows[1:]
    return Table((header, *rows), 1) if header else Table(tuple(rows), 0)


def _body(region: list[Line]) -> list[Line]:
    """The lines that show the table's columns: those with numbers where many have some, else all but the first."""
    rows = [line for line in region if len(line.segments) > 1]
    counts = {id(line): _numbers_in(line) for line in rows}
    numeric = [line for line in rows if counts[id(line)]]
    if len(numeric) < max(1, 0.4 * len(rows)):
        return rows[1:] or rows
    usual = median(counts[id(line)] for line in numeric)
    left = median(line.x0 for line in numeric)
    while len(numeric) > 1 and _like_heading(numeric[0], counts[id(numeric[0])], usual, left):
        numeric.pop(0)
    return numeric


def _numbers_in(line: Line) -> int:
    """How many pieces after the first are numbers; none where all of them are years, as in a heading."""
    later = line.segments[1:]
    if len(later) > 1 and all(_YEAR.match(piece.text) for piece in later):
        return 0
    return sum(is_numeric(piece.text) for piece in later)


def _like_heading(line: Line, numbers: int, usual: float, left: float) -> bool:
    """Whether a first line has numbers as a heading has: few of them, or none under the first column, and no amounts."""
    if any(_AMOUNT.search(piece.text) for piece in line.segments[1:]):
        return False  # a balance that is brought forward
    return numbers < 0.5 * usual or line.x0 > left + 4 * line.size


# --- rows --------------------------------------------------------------------------------------------------------


def _rows(lines: Sequence[Line], splits: Sequence[float]) -> list[tuple[Cell, ...]]:
    """Rows of cells; a line that only continues the cells of another is joined to it."""
    cells = [cells_of(line, splits) for line in lines]
    counts = [sum(map(bool, row)) for row in cells]
    usual = sorted(counts)[len(counts) * 3 // 4]
    notes = {i for i, line in enumerate(lines) if counts[i] < max(3, usual) and _is_note(line, splits)}
    anchors = [i for i, n in enumerate(counts) if n >= max(2, 0.5 * usual) and i not in notes] or [0]
    for i in set(range(len(lines))) - notes - set(anchors):
        cells[i] = _in_one(lines[i], splits) if len(lines[i].segments) == 1 else cells[i]
    rows: dict[int, list[list[Word]]] = {}
    owners: list[int] = []
    for i, filled in enumerate(cells):
        owner = i if i in anchors or i in notes else _owner(lines, cells, anchors, i, owners)
        owners.append(owner)
        row = rows.setdefault(owner, [[] for _ in filled])
        if i in notes:
            row[0] += lines[i].words
            continue
        for at, words in enumerate(filled):
            row[at] += words
    while len(rows) > 1 and max(rows) in notes:
        del rows[max(rows)]
    return [tuple(Cell(tuple(words)) for words in rows[key]) for key in sorted(rows)]


def _in_one(line: Line, splits: Sequence[float]) -> list[list[Word]]:
    """The cells of a line of one text that is no row: it stands in the column where it begins, however long it is."""
    cells: list[list[Word]] = [[] for _ in range(len(splits) + 1)]
    cells[column_of(line.x0, splits)] += line.words
    return cells


def _is_note(line: Line, splits: Sequence[float]) -> bool:
    """Whether the line runs on over the boundary after the first column, as a remark or a heading of its own does."""
    return any(crosses_from_first(piece, splits) and _glued(piece, splits) for piece in line.segments)


def _glued(piece: Line, splits: Sequence[float]) -> bool:
    """Whether only a blank is between the words on both sides of the first boundary."""
    left, right = cells_of(piece, splits[:1])
    return bool(left and right) and right[0].x0 - left[-1].x1 < 0.45 * piece.size


def _owner(
    lines: Sequence[Line], cells: list[list[list[Word]]], anchors: list[int], at: int, owners: Sequence[int]
) -> int:
    """The line whose row this line belongs to; itself where it is a heading between rows, or a row of sums."""
    below = lines[at + 1] if at + 1 < len(lines) else None
    if below and len(lines[at].segments) == 1 and stands_out(lines[at], below) and not runs_on(below.words):
        return at  # a bold text over a row that is not
    before = max((i for i in anchors if i < at), default=None)
    if before is not None and (owners[-1] != before or _repeats_numbers(cells[before], cells[at])):
        before = None  # something else stands between, or a number is printed where that row has one already
    after = min((i for i in anchors if i > at), default=None)
    filled = [i for i, words in enumerate(cells[at]) if words]
    if before is not None and _is_under_texts(lines[at], cells[before], cells[at]):
        before = None  # numbers go on with no text
    size = lines[at].size
    up = lines[at].middle - lines[at - 1].middle if before is not None else 1e9
    down = lines[at + 1].middle - lines[at].middle if after is not None else 1e9
    if before is not None and up <= min(1.1 * size, down) and not any(cells[before][i] for i in filled):
        return before  # the same row, printed a little lower
    if after is not None and down <= 1.1 * size and not any(cells[after][i] for i in filled):
        return after
    if filled == [0]:
        if before is not None and (runs_on(cells[at][0]) or up < 0.75 * down) and up <= 2.0 * size:
            return before
        return after if after is not None and runs_on(cells[after][0]) and down <= 2.0 * size else at
    return before if before is not None and up <= 2.0 * size else at


def _is_under_texts(line: Line, upper: list[list[Word]], lower: list[list[Word]]) -> bool:
    """Whether a line of several texts, numbers and dates among them, stands under words, each of them in a column of its own or not."""
    pieces = line.segments
    numbers = sum(is_numeric(piece.text) for piece in pieces)
    if len(pieces) < _LEAST_UNDER or numbers < 1 or sum(map(bool, lower)) > 1:
        return False
    above = next(words for words, own in zip(upper, lower, strict=True) if own)
    return bool(above) and not is_numeric(" ".join(word.text for word in above))


def _repeats_numbers(upper: list[list[Word]], lower: list[list[Word]]) -> bool:
    """Whether both lines have a number in the same column: texts are wrapped, numbers are not, but for a date's year."""
    pairs = zip(upper[1:], lower[1:], strict=True)
    return any(_ends_with_number(a) and _ends_with_number(b) and not _only_year_left(a, b) for a, b in pairs)


def _ends_with_number(words: Sequence[Word]) -> bool:
    """Whether a number stands there, alone or behind a sign or the name of a currency; in a longer text it is part of that."""
    return (
        bool(words) and is_numeric(words[-1].text) and not any(_SPELT.match(word.text) for word in words[:-1])
    )


def _only_year_left(upper: Sequence[Word], lower: Sequence[Word]) -> bool:
    """Whether a date was wrapped before its year: `November 15,` over `2025`."""
    words = any(char.isalpha() for word in upper for char in word.text)
    return words and len(lower) == 1 and _YEAR.match(lower[0].text) is not None
