"""Lines and tables of a page: what a reader sees before reading a word. The door to `lines`, `ruled` and `aligned`."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean
from typing import TYPE_CHECKING

from extract_bridge.parse.aligned import aligned_tables
from extract_bridge.parse.lines import Line, lines_of
from extract_bridge.parse.model import Cell
from extract_bridge.parse.ruled import ruled_tables

if TYPE_CHECKING:
    from extract_bridge.parse.model import Page, Table

_PROSE_ROWS, _PROSE_WORDS = 6, 3.0  # at least; cells of a table hold a name, a number, a date

__all__ = ["Line", "find_tables", "lines_of"]


def find_tables(page: Page) -> list[Table]:
    """The tables of a page from top to bottom: those that the format states, else those that the layout shows.

    A table is found by a grid that is drawn around its cells; else by columns that stay free of words, or by drawn lines between them, over two
    lines of text or more. A heading over several columns is repeated in the cell of each of them, and the text of a cell drawn around several
    rows in each of these; wrapped cells are joined to their row.
    """
    if page.tables:
        return [spread(table) for table in page.tables]
    drawn, taken = ruled_tables(page)
    rest = replace(page, words=tuple(word for word in page.words if id(word) not in taken)) if drawn else page
    aligned = aligned_tables(rest)
    if (
        page.source == "ocr"
    ):  # words of a scan stand unevenly: columns of running text beside each other look like rows
        aligned = [table for table in aligned if not _is_prose(table)]
    return sorted([*drawn, *aligned], key=_top) if drawn else aligned


def spread(table: Table) -> Table:
    """A table with what a cell over several rows says in each of them, and what a heading over some columns says over each."""
    if all(cell.row_span == cell.column_span == 1 for row in table.rows for cell in row):
        return table
    rows = [list(row) for row in table.rows]
    for y, row in enumerate(table.rows):
        for x, cell in enumerate(row):
            wide = min(cell.column_span, len(row) - x) if _heads_some(table, x, y) else 1
            for below in range(y, min(y + cell.row_span, len(rows))):
                for right in range(x, x + wide):
                    if not rows[below][right].words:
                        rows[below][right] = Cell(cell.words)
    return replace(table, rows=tuple(map(tuple, rows)))


def _heads_some(table: Table, x: int, y: int) -> bool:
    """Whether a cell of the first row stands over some columns that have headings of their own below it."""
    cell = table.rows[y][x]
    if y or not 1 < cell.column_span < len(table.rows[0]) or len(table.rows) == 1:
        return False
    return all(below.words for below in table.rows[1][x : x + cell.column_span])


def _is_prose(table: Table) -> bool:
    """Whether its columns, two or more, are running text rather than cells."""
    if len(table.rows) < _PROSE_ROWS:
        return False
    columns = [[len(cell.words) for cell in column if cell.words] for column in zip(*table.rows, strict=True)]
    running = [bool(counts) and mean(counts) >= _PROSE_WORDS for counts in columns]
    return sum(running) > 1 and all(running)


def _top(table: Table) -> float:
    return min((word.y0 for row in table.rows for cell in row for word in cell.words), default=0.0)
