"""Rows of a document's table for the properties of a schema."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.local.engine.tables.chosen import LEAST_KINDS, chosen_tables, seen_in
from extract_bridge.local.engine.tables.closing import closes, sums
from extract_bridge.local.engine.tables.found import DocumentTables, is_alone
from extract_bridge.local.engine.tables.groups import (
    Heading,
    carried_down,
    labels_above,
    said_above,
    under_headings,
)
from extract_bridge.local.engine.tables.labelled import labelled_apart
from extract_bridge.local.engine.tables.match import Property, is_number, properties_of
from extract_bridge.local.engine.tables.titles import NAMED, names_list, words_over
from extract_bridge.local.engine.tables.typed import fit_records, suits
from extract_bridge.local.engine.tables.units import units_apart
from extract_bridge.parse.layout import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from extract_bridge.local.engine.tables.chosen import Seen
    from extract_bridge.local.engine.tables.fit import Fit
    from extract_bridge.local.engine.tables.records import Records
    from extract_bridge.parse.lines import Line
    from extract_bridge.parse.model import Cell, ParsedDocument, Word

_LEAST_TITLES = 2
_LEAST_RECORDS = 0.5  # how well records must suit whose title does not name the list


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table.

    Attributes:
        page: 1-based number of the page it is printed on.
        values: The words of each property that has a column; none where the cell is empty.
        row_index: 0-based, over all pages of the table.
        score: How well the table's headings fit the properties, 0..1.
        scores: The same for the column of each property.
        elsewhere: The page of the words of a property that are not on the row's own page.
    """

    page: int
    values: Mapping[str, tuple[Word, ...]]
    row_index: int
    score: float
    scores: Mapping[str, float]
    elsewhere: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row of the table that is no item.

    Attributes:
        page: 1-based number of the page it is printed on.
        why: `heading` (repeated), `total` (it sums up others), or `few_cells` (a remark or a heading between rows).
        texts: What stands in the column of each property that it fills.
        numbers: How many of its cells are numbers.
        heading: Its words where it may be a heading of the rows that follow.
    """

    page: int
    why: Literal["heading", "total", "few_cells"]
    texts: Mapping[str, str]
    numbers: int
    heading: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class TableReading:
    """What a table gave.

    Attributes:
        rows: Its items, in the order of the document.
        left_out: The rows that are none.
        unasked: Headings of the columns that no property asks for.
    """

    rows: list[TableRow]
    left_out: list[LeftOut]
    unasked: tuple[str, ...] = ()


def rows_for(
    source: ParsedDocument | DocumentTables,
    item_schema: Mapping[str, Any],
    *,
    lang: str | None,
    name: str | None = None,
    description: str | None = None,
) -> list[TableRow]:
    """The items alone; see `read_table`."""
    return read_table(source, item_schema, lang=lang, name=name, description=description).rows


def read_table(
    source: ParsedDocument | DocumentTables,
    item_schema: Mapping[str, Any],
    *,
    lang: str | None,
    name: str | None = None,
    description: str | None = None,
) -> TableReading:
    """The rows of the table whose headings fit the properties best, from all pages it runs over.

    Args:
        source: Where to look: a document, or its tables where several lists are looked for in them.
        item_schema: An object schema; its properties name the columns.
        lang: The document's language; headings are read in every language of the lexicon whatever it is.
        name: The name of the array that the rows fill. With it, rows of totals are left out; without it every row is a
            record of its own, and a row of totals stays if it fills the table's columns like the others.
        description: What the schema says about the rows; the headings decide without it.

    Returns:
        Rows in the order of the document; none where no table fits.
    """
    reading = TableReading([], [])
    properties = properties_of(item_schema)
    if not properties:
        return reading
    tables = source if isinstance(source, DocumentTables) else DocumentTables(source.pages)
    chosen = chosen_tables(properties, [seen_in(properties, ways, name, description) for ways in tables])
    told = bool(chosen) and not chosen[0].by_kinds
    items = [] if told else _from_records(tables, item_schema, properties, name, description)
    if items and (not chosen or items[0].score > _suits(chosen, item_schema, properties)):
        return TableReading(items, [])
    headings: list[Heading | None] = []
    over: Heading | None = None
    titles = _titles(chosen, tables)
    for item, title in zip(chosen, titles, strict=True):
        over = title or over
        for row in _rows(item, properties, len(reading.rows), totals=name is None):
            if isinstance(row, TableRow):
                reading.rows.append(row)
                headings.append(over)
            else:
                reading.left_out.append(row)
                over = Heading(row.page, row.heading) if row.heading else over
    if reading.rows:
        reading.rows[:] = _with_shared(
            reading.rows, headings, chosen, properties, tables, all_records=name is None
        )
    asked = set(chosen[0].fit.columns.values()) if chosen else set()
    unasked = [head for at, head in enumerate(chosen[0].heads) if head and at not in asked] if chosen else ()
    return replace(reading, unasked=tuple(unasked))


def _titles(chosen: Sequence[Seen], tables: DocumentTables) -> list[Heading | None]:
    """What stands over each table as a heading of its rows, where the tables differ in it."""
    if len({item.title for item in chosen if item.title}) < _LEAST_TITLES:
        return [None] * len(chosen)
    lines: dict[int, list[Line]] = {}
    found: list[Heading | None] = []
    for item in chosen:
        page = tables.page(item.page)
        if page is not None and item.page not in lines:
            lines[item.page] = lines_of(page)
        titled = item.title and ":" not in item.title  # what has a label is told by that
        words = words_over(lines.get(item.page, []), item.laid_out) if titled else ()
        found.append(Heading(item.page, words) if words else None)
    return found


def _suits(chosen: Sequence[Seen], item_schema: Mapping[str, Any], properties: Sequence[Property]) -> float:
    """How well the texts of a table without headings suit the properties, in the order of both."""
    body = chosen[0].table.rows[chosen[0].table.header_rows :]
    return suits(
        properties,
        item_schema,
        {name: [row[at].text for row in body] for name, at in chosen[0].fit.columns.items()},
    )


def _from_records(
    tables: DocumentTables,
    item_schema: Mapping[str, Any],
    properties: Sequence[Property],
    name: str | None,
    description: str | None,
) -> list[TableRow]:
    """The items where they stand in no table: records that look the same, whose texts are what is asked for."""
    best: tuple[float, Records, Fit] | None = None
    for records, title in tables.records():
        found = fit_records(records, item_schema, properties)
        named = name is not None and names_list(title, name, description) >= NAMED
        enough = len(properties) >= LEAST_KINDS and found is not None and found.score >= _LEAST_RECORDS
        if found is not None and (named or enough) and (best is None or found.score > best[0]):
            best = found.score, records, found
    if best is None:
        return []
    _, records, found = best
    rows: list[TableRow] = []
    for page, row in zip(records.pages, records.table.rows[records.table.header_rows :], strict=True):
        values = {prop: row[at].words for prop, at in found.columns.items() if row[at].words}
        if len(values) >= 0.5 * len(found.columns):
            rows.append(TableRow(page, values, len(rows), found.score, found.scores))
    return rows


def _with_shared(
    rows: list[TableRow],
    headings: Sequence[Heading | None],
    chosen: Sequence[Seen],
    properties: Sequence[Property],
    tables: DocumentTables,
    *,
    all_records: bool,
) -> list[TableRow]:
    """The rows with what is said of several at once."""
    columns = chosen[0].fit.columns
    rows = units_apart(labelled_apart(rows, properties), properties)
    rows = carried_down(rows, properties, sorted(columns, key=lambda name: columns[name]))
    left = [prop.name for prop in properties if prop.name not in columns]
    if not left:
        return rows
    rows = under_headings(rows, headings, properties, left, over=chosen[0].fit.over_rows)
    left = [name for name in left if name not in rows[0].values]
    above: dict[int, dict[str, tuple[Word, ...]]] = {}
    for item in chosen:
        if left and item.page not in above:
            page = tables.page(item.page)
            top = min(
                (word.y0 for row in item.table.rows for cell in row for word in cell.words), default=0.0
            )
            above[item.page] = labels_above(page, 0.0, top, properties, left) if page else {}
    return said_above(rows, above, all_records=all_records)


def _rows(
    item: Seen, properties: Sequence[Property], offset: int, *, totals: bool
) -> Iterator[TableRow | LeftOut]:
    table, columns = item.table, item.fit.columns
    body = table.rows[table.header_rows :]
    numeric = {prop.name for prop in properties if prop.kind in ("number", "integer")}
    core = _core(body, columns, numeric)
    index = offset
    usual = median(sum(bool(cell.words) for cell in row) for row in body) if body else 0
    dates = {prop.name for prop in properties if prop.kind == "date"}
    summed = behind = False  # a sum was seen; nothing but rows that are no items stood behind it
    for row in body:
        filled = {name for name, at in columns.items() if _holds(row[at], name in numeric, name in dates)}
        few = len(filled & core) < max(1, 0.5 * len(core)) or (len(core) > 1 and usual >= 3 and is_alone(row))
        if _repeats_heading(row, item):
            yield _left_out(item, row, "heading")
        elif few or (
            not totals
            and (
                sums(row)
                or (behind and not core <= filled)
                or (not filled & dates and closes(row, lacking=not core <= filled, after_sum=summed))
            )
        ):
            summed = summed or sums(row)
            behind = behind or sums(row)
            yield _left_out(item, row, "total" if sums(row) else "few_cells")
        else:
            behind = False
            values = {name: row[at].words for name, at in columns.items() if row[at].words}
            yield TableRow(item.page, values, index, item.fit.score, item.fit.scores)
            index += 1


def _repeats_heading(row: Sequence[Cell], item: Seen) -> bool:
    """Whether the row says in each column that is asked for what the column's heading says."""
    places = item.fit.columns.values()
    if len(item.heads) != len(row) or not any(row[at].words for at in places):
        return False
    return all(row[at].text.casefold() == item.heads[at].casefold() for at in places)


def _left_out(item: Seen, row: Sequence[Cell], why: Literal["heading", "total", "few_cells"]) -> LeftOut:
    texts = {name: row[at].text for name, at in item.fit.columns.items() if row[at].words}
    numbers = sum(is_number(cell.text) for cell in row if cell.words)
    filled = {cell.words for cell in row if cell.words}
    heads = why == "few_cells" and len(filled) == 1 and not numbers and not sums(row)
    return LeftOut(item.page, why, texts, numbers, filled.pop() if heads else ())


def _core(body: Sequence[tuple[Cell, ...]], columns: Mapping[str, int], numeric: set[str]) -> set[str]:
    """The properties that the fullest rows fill; rows of totals may outnumber them."""
    filled = [{name for name, at in columns.items() if _holds(row[at], name in numeric)} for row in body]
    most = max(map(len, filled), default=0)
    full = [names for names in filled if len(names) == most]
    return {name for name in columns if sum(name in names for names in full) >= 0.6 * len(full)}


def _holds(cell: Cell, numeric: bool, dated: bool = False) -> bool:
    if dated and not any(char.isdigit() for char in cell.text):
        return False  # a label under a column of dates
    return bool(cell.words) and (not numeric or is_number(cell.text) or len(cell.text) <= 4)
