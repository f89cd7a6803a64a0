"""Pages of our own for documents that have none: words on a grid of equally wide characters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract_bridge.parse.model import Cell, Page, Table, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MARGIN = 36.0
CHAR = 6.0
LEADING = 12.0
SIZE = 10.0
COLUMNS = 90
ROWS = 60
_PAGE_WIDTH = 2 * MARGIN + COLUMNS * CHAR
_PAGE_HEIGHT = 2 * MARGIN + ROWS * LEADING
_GUTTER = 3
_WIDEST_COLUMN = 40


@dataclass(frozen=True, slots=True)
class CellText:
    """A table cell before it is placed."""

    text: str
    column_span: int = 1
    row_span: int = 1


@dataclass(slots=True)
class _Sheet:
    words: list[Word] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    width: float = _PAGE_WIDTH


class Canvas:
    """Takes text and tables from top to bottom, and breaks them into pages of 60 lines of 90 characters.

    A table wider than that widens its page.
    """

    def __init__(self) -> None:
        self._sheets = [_Sheet()]
        self._row = 0

    def text(self, text: str, *, bold: bool = False, indent: int = 0) -> None:
        """Places text, one paragraph a line; a line that is too long is wrapped between words."""
        for line in text.split("\n"):
            self._line(line, bold=bold, indent=indent)

    def blank(self) -> None:
        """Leaves one line free, but not at the top of a page."""
        if self._row:
            self._advance()

    def page_break(self) -> None:
        """Begins a new page, unless the page is still empty."""
        if self._row:
            self._sheets.append(_Sheet())
            self._row = 0

    def table(self, rows: Sequence[Sequence[CellText]], *, header_rows: int = 1) -> None:
        """Places a table whose rows all have the same number of cells; a covered place is an empty cell."""
        widths = _column_widths(rows)
        placed: list[tuple[Cell, ...]] = []
        for number, row in enumerate(rows):
            wrapped = [_wrap(cell.text, _room(widths, at, cell.column_span)) for at, cell in enumerate(row)]
            height = max(map(len, wrapped), default=0) or 1
            if self._row and self._row + height > ROWS:
                self._end_table(placed, header_rows if number <= len(placed) else 0)
                placed = []
                self.page_break()
            placed.append(self._table_row(row, wrapped, widths, bold=number < header_rows))
        first_part = len(placed) == len(rows)
        self._end_table(placed, header_rows if first_part else 0)

    def pages(self) -> tuple[Page, ...]:
        """What was placed; at least one page."""
        sheets = self._sheets if len(self._sheets) == 1 or self._sheets[-1].words else self._sheets[:-1]
        return tuple(
            Page(
                number=number,
                width=sheet.width,
                height=_PAGE_HEIGHT,
                words=tuple(sheet.words),
                tables=tuple(sheet.tables),
                source="synthetic",
            )
            for number, sheet in enumerate(sheets, start=1)
        )

    def _end_table(self, placed: list[tuple[Cell, ...]], header_rows: int) -> None:
        if placed:
            self._sheets[-1].tables.append(Table(tuple(placed), header_rows=min(header_rows, len(placed))))

    def _table_row(
        self, row: Sequence[CellText], wrapped: list[list[str]], widths: list[int], *, bold: bool
    ) -> tuple[Cell, ...]:
        cells = []
        top, column, height = self._row, 0, 1
        placed: list[list[Word]] = [[] for _ in row]
        height = max(map(len, wrapped), default=0) or 1
        # Line by line over the whole row, so that the page's words stay in reading order.
        for line in range(height):
            self._room_for_line()
            column = 0
            for at, pieces in enumerate(wrapped):
                if line < len(pieces):
                    placed[at].extend(self._words(pieces[line], column, bold=bold))
                column += widths[at] + _GUTTER
            self._row += 1
        for at, cell in enumerate(row):
            cells.append(Cell(tuple(placed[at]), cell.column_span, cell.row_span))
        del top
        return tuple(cells)
