"""Lines and tables of a page: what a reader sees before reading a word. The door to `lines`, `ruled` and `aligned`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from extract_bridge.parse.aligned import aligned_tables
from extract_bridge.parse.lines import Line, lines_of
from extract_bridge.parse.ruled import ruled_tables

if TYPE_CHECKING:
    from extract_bridge.parse.model import Page, Table

__all__ = ["Line", "find_tables", "lines_of"]


def find_tables(page: Page) -> list[Table]:
    """The tables of a page from top to bottom: those that the format states, else those that the layout shows.

    A table is found by a grid that is drawn around its cells; else by columns that stay free of words, or by drawn lines between them, over two
    lines of text or more. A heading over several columns is repeated in the cell of each of them, and the text of a cell drawn around several
    rows in each of these; wrapped cells are joined to their row.
    """
    if page.tables:
        return list(page.tables)
    drawn, taken = ruled_tables(page)
    if not drawn:
        return aligned_tables(page)
    rest = replace(page, words=tuple(word for word in page.words if id(word) not in taken))
    return sorted([*drawn, *aligned_tables(rest)], key=_top)


def _top(table: Table) -> float:
    return min((word.y0 for row in table.rows for cell in row for word in cell.words), default=0.0)
