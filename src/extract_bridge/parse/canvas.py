"""Pages of our own for documents that have none: words on a grid of equally wide characters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract_bridge.core.errors import DocumentError
from extract_bridge.core.limits import limit
from extract_bridge.parse.model import Cell, Page, Table, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

MARGIN = 36.0
CHAR = 6.0
LEADING = 12.0
SIZE = 10.0
COLUMNS = 90
ROWS = 60
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
    columns: int = COLUMNS
    rows: int = ROWS


def check_extent(rows: int, columns: int) -> None:
    """Refuses a table that has too many places, filled or not: a few bytes far out can ask for any number.

    Raises:
        DocumentError: `too_large`: more than the limit `max_sheet_cells`.
    """
    if rows * columns > limit("max_sheet_cells"):
        raise DocumentError(
            f"a table spans {rows} rows and {columns} columns",
            code="too_large",
            hint="Delete what stands far below or far to the right, or split the table",
        )


class Canvas:
    """Takes text and tables from top to bottom, and breaks them into pages of 60 lines of 90 characters.

    What cannot be broken (a long word, a wide table, a table row of more than 60 lines) makes its page larger.
    """

    def __init__(self) -> None:
        self._sheets = [_Sheet()]
        self._row = 0

    def text(self, text: str, *, bold: bool = False, indent: int = 0) -> None:
        """Places text, one paragraph a line; a line that is too long is wrapped between words."""
        for line in text.splitlines():
            if not line.strip():
                self.blank()
                continue
            for piece in _wrap(line, COLUMNS - indent):
                self._make_room(1)
                self._words(piece, self._row, indent, bold=bold)
                self._row += 1

    def blank(self) -> None:
        """Leaves one line free, but not at the top of a page."""
        if self._row:
            self._row += 1

    def page_break(self) -> None:
        """Begins a new page, unless the page is still empty."""
        if self._row:
            self._sheets.append(_Sheet())
            self._row = 0

    def table(self, rows: Sequence[Sequence[CellText]], *, header_rows: int = 1) -> None:
        """Places a table whose rows all have the same number of cells; a covered place is an empty cell.

        A table that runs over a page's end becomes one table a page; only the first has the header rows.
        """
        widths = _column_widths(rows)
        placed: list[tuple[Cell, ...]] = []
        headers = header_rows
        for number, row in enumerate(rows):
            pieces = [_cell_lines(cell, widths, at) for at, cell in enumerate(row)]
            if self._make_room(max(map(len, pieces), default=1)):
                self._close_table(placed, headers)
                headers = max(0, headers - len(placed))
                placed = []
            placed.append(self._table_row(row, pieces, widths, bold=number < header_rows))
        self._close_table(placed, headers)

    def pages(self) -> tuple[Page, ...]:
        """What was placed; at least one page."""
        sheets = self._sheets if len(self._sheets) == 1 or self._sheets[-1].words else self._sheets[:-1]
        return tuple(
            Page(
                number=number,
                width=2 * MARGIN + sheet.columns * CHAR,
                height=2 * MARGIN + sheet.rows * LEADING,
                words=tuple(sheet.words),
                tables=tuple(sheet.tables),
                source="synthetic",
            )
            for number, sheet in enumerate(sheets, start=1)
        )

    def _make_room(self, lines: int) -> bool:
        """Begins a new page where so many lines no longer fit; whether it did."""
        full = self._row > 0 and self._row + lines > ROWS
        if full:
            self.page_break()
        sheet = self._sheets[-1]
        sheet.rows = max(sheet.rows, self._row + lines)
        return full

    def _table_row(
        self, row: Sequence[CellText], pieces: list[list[str]], widths: list[int], *, bold: bool
    ) -> tuple[Cell, ...]:
        words: list[list[Word]] = [[] for _ in row]
        height = max(map(len, pieces), default=0) or 1
        for line in range(height):  # line by line over the whole row: the page's words stay in reading order
            column = 0
            for at, lines in enumerate(pieces):
                if line < len(lines):
                    words[at] += self._words(lines[line], self._row + line, column, bold=bold)
                column += widths[at] + _GUTTER
        self._row += height
        return tuple(Cell(tuple(words[at]), cell.column_span, cell.row_span) for at, cell in enumerate(row))

    def _close_table(self, placed: list[tuple[Cell, ...]], header_rows: int) -> None:
        if placed:
            sheet = self._sheets[-2] if not self._row and len(self._sheets) > 1 else self._sheets[-1]
            sheet.tables.append(Table(tuple(placed), header_rows=min(header_rows, len(placed))))

    def _words(self, text: str, row: int, column: int, *, bold: bool) -> list[Word]:
        """Places one line, its blanks kept, and gives its words."""
        sheet = self._sheets[-1]
        words = []
        at = 0
        for part in text.split():
            at = text.index(part, at)
            x0, y0 = MARGIN + (column + at) * CHAR, MARGIN + row * LEADING
            at += len(part)
            words.append(Word(part, x0, y0, MARGIN + (column + at) * CHAR, y0 + SIZE, SIZE, bold))
        sheet.columns = max(sheet.columns, column + at)
        sheet.words += words
        return words


def _wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` characters, broken at blanks; blanks inside a line stay as they are."""
    lines = []
    line = text.expandtabs(4).rstrip()
    while len(line) > width:
        cut = line.rfind(" ", 1, width + 1)
        if not line[: cut + 1].strip():  # nothing but indentation, or no blank: the word stays whole
            cut = line.find(" ", len(line) - len(line.lstrip()))
        if cut < 0:
            break
        lines.append(line[:cut].rstrip())
        line = line[cut:].lstrip()
    return [*lines, line] if line else lines


def _cell_lines(cell: CellText, widths: list[int], at: int) -> list[str]:
    span = widths[at : at + cell.column_span]
    width = sum(span) + _GUTTER * (len(span) - 1)
    return [piece for line in cell.text.splitlines() for piece in _wrap(" ".join(line.split()), width)]


def _column_widths(rows: Sequence[Sequence[CellText]]) -> list[int]:
    """Characters for each column: the longest text, at most 40, but never less than the longest word."""
    widths = [1] * max(map(len, rows), default=0)
    for row in rows:
        for at, cell in enumerate(row):
            if cell.column_span == 1:
                widths[at] = max(widths[at], _needed(cell.text))
    for row in rows:
        for at, cell in enumerate(row):
            span = range(at, min(at + cell.column_span, len(widths)))
            lacking = _needed(cell.text) - sum(widths[i] for i in span) - _GUTTER * (len(span) - 1)
            if lacking > 0 and span:
                widths[span[-1]] += lacking
    return widths


def _needed(text: str) -> int:
    if text.isalnum():  # one word, as most cells of a long table are
        return len(text)
    longest_line = max((len(" ".join(line.split())) for line in text.splitlines()), default=0)
    longest_word = max(map(len, text.split()), default=0)
    return max(min(longest_line, _WIDEST_COLUMN), longest_word)
