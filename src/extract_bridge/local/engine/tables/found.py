"""The tables of a document and the ways in which each may be read: found and measured once, whatever is asked of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extract_bridge.local.engine.tables.match import Column, Look, column_of, is_number, look_of
from extract_bridge.local.engine.tables.records import Records, find_records
from extract_bridge.local.engine.tables.titles import title_over
from extract_bridge.parse.layout import find_tables, lines_of
from extract_bridge.parse.model import Cell, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from extract_bridge.parse.model import Page

_MOMENT = re.compile(
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}[:.]\d\d(?: ?(?:h|uhr|am|pm))?)$", re.IGNORECASE
)
_LEAST_GROUPS = 2
_INDENT = 4.0  # points
_NUMBERED = 2  # cells of a heading with its number
_DEEPEST_HEADING = 12


@dataclass(frozen=True, eq=False, slots=True)
class FoundTable:
    """A table in one way of reading it.

    Attributes:
        page: 1-based number of its page.
        table: Its rows; the heading, if it has one, is the first.
        columns: What the heading and the cells of each column show.
        groups: The headings between its rows.
        title: What stands over it; empty where nothing does.
    """

    page: int
    table: Table
    columns: tuple[Column, ...]
    groups: tuple[str, ...] = ()
    title: str = ""


class DocumentTables:
    """The tables of some pages, from top to bottom, each in every way it may be read; found when first asked for."""

    def __init__(self, pages: Iterable[Page]) -> None:
        """Take the pages."""
        self._pages = tuple(pages)
        self._found: list[tuple[FoundTable, ...]] | None = None
        self._records: list[tuple[Records, str]] | None = None

    def page(self, number: int) -> Page | None:
        """The page with this 1-based number, if it is among them."""
        return next((page for page in self._pages if page.number == number), None)

    def __iter__(self) -> Iterator[tuple[FoundTable, ...]]:
        """The ways of reading each table; what the layout took for its heading comes first."""
        if self._found is None:
            self._found = [item for page in self._pages for item in _found_on(page)]
        return iter(self._found)

    def records(self) -> list[tuple[Records, str]]:
        """Records without a grid, in every way they may be told apart, each with what stands over them; found when first asked for."""
        if self._records is None:
            found = find_records(self._pages)
            self._records = [(item, self._title(item)) for item in found]
        return self._records

    def _title(self, records: Records) -> str:
        page = self.page(records.pages[0])
        return title_over(lines_of(page), records.table) if page else ""


def _found_on(page: Page) -> Iterator[tuple[FoundTable, ...]]:
    tables = find_tables(page)
    lines = lines_of(page) if tables else []
    for table in tables:
        title = title_over(lines, table) or _only_heading(table)
        yield tuple(_indented(replace(way, title=title)) for way in _readings(page.number, table))


def _indented(way: FoundTable) -> FoundTable:
    """A table with a note that its rows begin farther right than the headings between them."""
    body = way.table.rows[way.table.header_rows :]
    over = [row[0].words[0].x0 for row in body if is_alone(row) and row[0].words]
    rows = [row[0].words[0].x0 for row in body if not is_alone(row) and row[0].words]
    if not way.groups or not over or not rows or min(rows) < max(over) + _INDENT:
        return way
    return replace(way, columns=(replace(way.columns[0], indented=True), *way.columns[1:]))


def _only_heading(table: Table) -> str:
    """The text over the first of several columns, where the others have none: it heads them all."""
    heads = [cell.text for cell in table.rows[0]] if table.header_rows else []
    return heads[0] if heads and not any(heads[1:]) else ""


def _readings(page: int, table: Table) -> tuple[FoundTable, ...]:
    """A table as the layout saw it, and with one or two rows of words further down as its heading."""
    looks = [[look_of(cell.text) for cell in row] for row in table.rows]
    columns = _columns(table.rows[: table.header_rows], looks[table.header_rows :])
    ways = [FoundTable(page, table, columns, _groups(table.rows[table.header_rows :]))]
    for at in range(min(_DEEPEST_HEADING, len(table.rows) - 1)):
        if not _may_head(table.rows[at]):
            continue
        for size in (1, 2):
            heads, rest = table.rows[at : at + size], table.rows[at + size :]
            if any(_says_labelled(cell) for row in heads for cell in row):
                break
            if rest and (at + size > table.header_rows or table.header_rows != 1):
                columns = _columns(heads, looks[at + size :])
                way = FoundTable(page, Table((_merged(heads), *rest), 1), columns, _groups(rest))
                ways.append(way)
    return tuple(ways)


def is_alone(row: Sequence[Cell]) -> bool:
    """Whether a row has one text only, and no number but that of the text: a heading between rows."""
    texts = [cell.text for cell in row if cell.words]
    if len(texts) == _NUMBERED and len(row) > _NUMBERED and is_number(texts[0]) and row[0].words:
        del texts[0]
    return len(texts) == 1 and not is_number(texts[0])


def _groups(body: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    """The headings that rows stand under, where the first does, or some further down do."""
    over = [
        at
        for at, row in enumerate(body[:-1])
        if is_alone(row) and sum(bool(cell.words) for cell in body[at + 1]) > 1
    ]
    if len(over) < _LEAST_GROUPS and over != [0]:
        return ()
    return tuple(" ".join(cell.text for cell in body[at] if cell.words) for at in over)


def _may_head(row: Sequence[Cell]) -> bool:
    texts = [cell.text for cell in row if cell.words]
    if any(_MOMENT.match(text) for text in texts):
        return False  # a day or a time of day is something that happened, not what a column is about
    return len(texts) >= 2 and sum(is_number(text) for text in texts) <= 0.3 * len(texts)


def _says_labelled(cell: Cell) -> bool:
    """Whether a cell holds a label and what it says, `Colour: red`: it names no column, however well the label fits what is asked for."""
    return any(word.text.endswith(":") for word in cell.words[:-1])


def _merged(rows: Sequence[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    return tuple(
        Cell(tuple(word for cell in cells for word in cell.words)) for cells in zip(*rows, strict=True)
    )


def _columns(head: Sequence[Sequence[Cell]], body: Sequence[Sequence[Look | None]]) -> tuple[Column, ...]:
    """The columns under a heading; rows of totals say nothing of them: they fill few cells, with labels above numbers."""
    counts = [sum(look is not None for look in row) for row in body]
    most = max(counts, default=0)
    usual = [row for row, count in zip(body, counts, strict=True) if count >= 0.6 * most]
    width = len(head[0]) if head else len(body[0]) if body else 0
    return tuple(
        column_of(" ".join(row[i].text for row in head if row[i].text), [row[i] for row in usual])
        for i in range(width)
    )
