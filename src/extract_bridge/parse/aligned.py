"""Tables seen by their alignment: columns that no word crosses, and drawn lines where there are any."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from extract_bridge.parse.lines import Line, lines_of
from extract_bridge.parse.model import Cell, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.parse.model import Page, Rule, Word

NUMERIC = re.compile(r"[(\[]?[-+−–]?\s*[^\w\s]{0,3}\s*\d[\d\s.,:/'’%-]*[\w%€$£)\]*]{0,4}\)?$")
_MAX_HEADER_LINES = 6
_FAR = 3.5  # line heights


@dataclass(slots=True)
class _Region:
    """Lines that may be one table."""

    lines: list[Line]
    columns: list[list[float]] = field(default_factory=list)


def aligned_tables(page: Page) -> list[Table]:
    """The tables of a page from top to bottom."""
    lines = lines_of(page)
    tables = []
    for first, last in _regions(lines):
        table = _table(page, lines, first, last)
        if table is not None:
            tables.append(table)
    return tables


def is_numeric(text: str) -> bool:
    """Whether a text is a number, an amount, a share, a date or a time in digits."""
    return bool(NUMERIC.match(text)) or text in ("-", "–", "—")


# --- regions -----------------------------------------------------------------------------------------------------


def _regions(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Runs of lines, both ends included, whose pieces stand under one another in two columns or more."""
    found = []
    at = 0
    while at < len(lines):
        last = _grow(lines, at) if len(lines[at].segments) > 1 else at
        if last > at:
            found.append((at, last))
        at = last + 1
    return found


def _grow(lines: Sequence[Line], first: int) -> int:
    """The last line that fits under the first."""
    columns = [[piece.x0, piece.x1] for piece in lines[first].segments]
    last = at = first
    while at + 1 < len(lines):
        line = lines[at + 1]
        if line.y0 - lines[at].y1 > _FAR * max(line.size, lines[at].size) or at - last >= 4:
            break
        fits = _fits(line, columns)
        if fits == "no":
            break
        at += 1
        if fits == "row":
            last = at
            _widen(columns, line)
    return last


def _fits(line: Line, columns: list[list[float]]) -> str:
    """`row`: pieces in two columns or more; `part`: within one column; `no`: its words run across columns."""
    pieces = line.segments
    crossed = [_touched(piece, columns) for piece in pieces]
    clashes = sum(len(touched) > 1 for touched in crossed)
    if not clashes:
        return "row" if len(pieces) > 1 else "part"
    if len(pieces) > 1 and (clashes < len(pieces) / 2 or len(columns) - sum(map(len, crossed)) + clashes >= 2):
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
    edges = _column_edges(page, body)
    if len(edges) < 2 or len(body) < 1:
        return None
    start = region.index(body[0])
    header = _header_above(lines, first, edges) + region[:start]
    rows = _rows(page, region[start:], edges)
    heads = [_header_row(line, edges) for line in header[-_MAX_HEADER_LINES:]]
    if not heads and len(rows) > 1:
        heads, rows = [rows[0]], rows[1:]
    if not rows:
        return None
    head = tuple(Cell(tuple(dict.fromkeys(word for row in heads for word in row[i].words))) for i in range(len(edges)))
    return Table((head, *rows) if heads else tuple(rows), header_rows=1 if heads else 0)


def _body(region: list[Line]) -> list[Line]:
    """The lines that show the table's columns: those with numbers where most have some, else all but the first."""
    rows = [line for line in region if len(line.segments) > 1]
    numeric = [line for line in rows if any(is_numeric(piece.text) for piece in line.segments[1:])]
    if len(numeric) >= max(1, 0.4 * len(rows)):
        return numeric
    return rows[1:] or rows
