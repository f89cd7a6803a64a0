"""Lines and tables of a page: what a reader sees before reading a word. The door to `lines` and `aligned`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.parse.aligned import aligned_tables
from extract_bridge.parse.lines import Line, lines_of

if TYPE_CHECKING:
    from extract_bridge.parse.model import Page, Table

__all__ = ["Line", "find_tables", "lines_of"]


def find_tables(page: Page) -> list[Table]:
    """The tables of a page from top to bottom: those that the format states, else those that the layout shows.

    A table is found by columns that stay free of words, or by drawn lines between them, over two lines of text or more.
    A heading over several columns is repeated in the cell of each of them; wrapped cells are joined to their row.
    """
    return list(page.tables) or aligned_tables(page)
