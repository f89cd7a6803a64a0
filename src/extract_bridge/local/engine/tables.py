"""Rows of a document's table for the properties of a schema."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.local.engine.money import meanings_of
from extract_bridge.local.engine.tables_fit import Fit, fit
from extract_bridge.local.engine.tables_found import DocumentTables, FoundTable, is_alone
from extract_bridge.local.engine.tables_groups import (
    Heading,
    carried_down,
    labels_above,
    said_above,
    under_headings,
)
from extract_bridge.local.engine.tables_labelled import labelled_apart
from extract_bridge.local.engine.tables_lexicon import is_total
from extract_bridge.local.engine.tables_match import Column, Property, is_number, properties_of
from extract_bridge.local.engine.tables_titles import NAMED, names_list
from extract_bridge.local.engine.tables_typed import fit_records, suits
from extract_bridge.local.engine.tables_units import units_apart
from extract_bridge.local.engine.text import fold
from extract_bridge.parse.model import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from extract_bridge.local.engine.records import Records
    from extract_bridge.parse.model import Cell, ParsedDocument, Word

_LEAST = 0.3
_CLEARLY = 0.05
_CLOSING = ("subtotal", "tax_amount", "amount_due", "amount_paid", "rounding", "change")
_SURE = 0.85
_LABEL = 3  # words of the label of a sum beside a remark
_LEADER = re.compile(r"[.·_]{5,}")
_PAYS = re.compile(
    r"(?:pag|pay|zahl|bezahl|betal|betaal|paiement|plat|zapl|maks|kart|card|cash|contant|kontant|especes|efectivo)"
)
"""How words for payments begin, which stand behind the sum of a receipt."""
_NEARLY = 0.8
_LEAST_TOLD = 2  # headings whose words are known, in a row that the layout takes for none
_LEAST_RECORDS = 0.5
_BY_TITLE = 0.5
_LEAST_KINDS = 3  # columns; fewer are alike by chance
_LEAST_ROWS = 3  # fewer cells show no kind of column


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


@dataclass(frozen=True, slots=True)
class _Seen:
    """A table where it stands, with the columns that fit; `heads` are the headings over it, or over what it continues.

    `laid_out` is the table as the layout saw it, whichever of its rows is taken for the heading here. `title` stands over it; `named` says how well that names the
    list that is looked for, 0..1.
    """

    page: int
    table: Table
    columns: Sequence[Column]
    fit: Fit
    heads: tuple[str, ...]
    laid_out: Table
    title: str = ""
    named: float = 0.0
    by_kinds: bool = False


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
    seen = [
        replace(
            item,
            title=ways[0].title,
            named=names_list(ways[0].title, name, description) if name else 0.0,
        )
        for ways in tables
        for item in (_best_reading(properties, ways),)
    ]
    chosen = _chosen(properties, seen)
    told = bool(chosen) and not chosen[0].by_kinds
    items = [] if told else _from_records(tables, item_schema, properties, name, description)
    if items and (not chosen or items[0].score > _suits(chosen, item_schema, properties)):
        return TableReading(items, [])
    headings: list[Heading | None] = []
    over: Heading | None = None
    for item in chosen:
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


def _suits(chosen: Sequence[_Seen], item_schema: Mapping[str, Any], properties: Sequence[Property]) -> float:
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
        if (
            found is not None
            and (named or found.score >= _LEAST_RECORDS)
            and (best is None or found.score > best[0])
        ):
            best = found.score, records, found
    if best is None:
        return []
    _, records, found = best
    rows = []
    for page, row in zip(records.pages, records.table.rows[records.table.header_rows :], strict=True):
        values = {prop: row[at].words for prop, at in found.columns.items() if row[at].words}
        if len(values) >= 0.5 * len(found.columns):
            rows.append(TableRow(page, values, len(rows), found.score, found.scores))
    return rows


def _with_shared(
    rows: list[TableRow],
    headings: Sequence[Heading | None],
    chosen: Sequence[_Seen],
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


def _best_reading(properties: Sequence[Property], ways: Sequence[FoundTable]) -> _Seen:
    """A table with the heading that fits best; another than the layout's only where it fits clearly better."""
    first, *others = ways
    best = _seen(first, fit(properties, first.columns, grouped=first.grouped), first.table)
    for way in others:
        found = fit(properties, way.columns, grouped=way.grouped)
        enough = found.told >= min(len(properties), _LEAST_TOLD)
        if enough and found.score > best.fit.score + _CLEARLY:
            best = _seen(way, found, first.table)
    return best


def _seen(way: FoundTable, found: Fit, laid_out: Table) -> _Seen:
    heads = tuple(item.heading for item in way.columns) if way.table.header_rows else ()
    return _Seen(way.page, way.table, way.columns, found, heads, laid_out)


def _chosen(properties: Sequence[Property], seen: Sequence[_Seen]) -> list[_Seen]:
    """The best table and what continues or repeats it, in the order of the document."""
    best = _best(seen)
    if best is None or best.fit.score < _LEAST:
        return _by_kinds(properties, seen)
    result: list[_Seen] = []
    for item in seen:
        last = result[-1] if result else None
        if last is not None and item is not best and _goes_on(item, last, best):
            result.append(_continued(replace(item, table=item.laid_out), last))
        elif item is best or _alike(item, best):
            result.append(item)
        elif last is not None and _continues(item, last):
            result.append(_continued(item, last))
    return result


def _best(seen: Sequence[_Seen]) -> _Seen | None:
    """The table that fits best; of those that fit nearly as well, the one that is named so."""
    best = max(seen, key=lambda item: (_worth(item), -item.page), default=None)
    if best is None:
        return None
    rivals = [item for item in seen if item.fit.score >= max(_LEAST, _NEARLY * best.fit.score)]
    named = max(rivals, key=lambda item: (item.named, _worth(item), -item.page), default=best)
    return named if named.named >= NAMED and named.named > best.named + _CLEARLY else best


def _continued(item: _Seen, last: _Seen) -> _Seen:
    return replace(item, table=_whole(item.table), fit=last.fit, heads=last.heads)


def _goes_on(item: _Seen, last: _Seen, best: _Seen) -> bool:
    """Whether a table has no heading and is the next page's part of another: a row of words that fits worse than its heading heads nothing."""
    return (
        item.laid_out.header_rows == 0
        and item.heads != last.heads
        and item.fit.score < best.fit.score - _CLEARLY
        and _continues(replace(item, table=item.laid_out), last)
    )


def _alike(one: _Seen, best: _Seen) -> bool:
    """Whether another table has the best one's columns: all of them on the same page, else most."""
    common = set(one.fit.columns) & set(best.fit.columns)
    needed = 1.0 if one.page == best.page else 0.6
    if best.named >= NAMED and one.title and one.named < best.named - _CLEARLY:
        return False  # the titles tell which of the two is meant
    close = one.fit.score >= (0.8 if one.page == best.page else 0.6) * best.fit.score
    return close and len(common) > 1 and len(common) >= needed * len(best.fit.columns)


def _worth(item: _Seen) -> float:
    rows = len(item.table.rows) - item.table.header_rows
    return item.fit.score + 0.02 * min(rows, 10)


def _continues(item: _Seen, last: _Seen) -> bool:
    """Whether a table is the next page's part of another: as many columns at the same places."""
    if item.page != last.page + 1 or len(item.table.rows[0]) != len(last.table.rows[0]):
        return False
    mine, theirs = _centres(item.table), _centres(last.table)
    return all(abs(a - b) < 25 for a, b in zip(mine, theirs, strict=True) if a and b)


def _centres(table: Table) -> list[float]:
    centres = []
    for i in range(len(table.rows[0])):
        words = [word for row in table.rows[table.header_rows :] for word in row[i].words]
        centres.append((min(w.x0 for w in words) + max(w.x1 for w in words)) / 2 if words else 0.0)
    return centres


def _whole(table: Table) -> Table:
    """A continuation has no heading of its own: what was taken for one is its first row."""
    return Table(table.rows, 0)


def _by_kinds(properties: Sequence[Property], seen: Sequence[_Seen]) -> list[_Seen]:
    """The one table with as many columns of the same kinds in the same order, where no heading fits; with all its pages.

    A title that names the list says which it is, however few columns and rows there are.
    """
    most = max((item.named for item in seen), default=0.0)
    titled = [item for item in seen if item.named >= max(NAMED, most - _CLEARLY)]
    if len(properties) < 2 or (len(properties) < _LEAST_KINDS and not titled):
        return []
    same: list[_Seen] = []
    for item in titled or seen:
        places = _places_by_kind(properties, item.columns)
        if places is None:
            continue
        rows = len(item.table.rows) - item.table.header_rows
        if same and (_continues(item, same[-1]) or _same_heading(item, same[0])):
            whole = item.table if _same_heading(item, same[0]) else _whole(item.table)
            same.append(replace(item, table=whole, fit=same[0].fit))
        elif rows >= _LEAST_ROWS or titled:
            if same:
                return []  # two tables look alike, and nothing says which is meant
            fits = _BY_TITLE if titled else _LEAST
            same.append(replace(item, fit=Fit(places, dict.fromkeys(places, fits), fits), by_kinds=True))
    return same


def _places_by_kind(properties: Sequence[Property], columns: Sequence[Column]) -> dict[str, int] | None:
    """Columns in the order of the properties, where kinds and number agree; a column that counts the rows does not matter."""
    for used in ([*range(len(columns))], [i for i, item in enumerate(columns) if not item.counts]):
        if len(used) == len(properties) and all(
            _is_kind(prop, columns[i]) for prop, i in zip(properties, used, strict=True)
        ):
            return {prop.name: i for prop, i in zip(properties, used, strict=True)}
    return None


def _same_heading(one: _Seen, other: _Seen) -> bool:
    return bool(one.table.header_rows and other.table.header_rows) and [
        item.heading for item in one.columns
    ] == [item.heading for item in other.columns]


def _is_kind(prop: Property, item: Column) -> bool:
    wants_number = prop.kind in ("number", "integer")
    wants_date = prop.kind == "date"
    if not item.filled and item.tokens:
        return True  # a heading over nothing: there is nothing that could be of another kind
    if item.filled <= 0.5 or (wants_date and item.dates < 0.5):
        return False
    return wants_date or (item.numbers > 0.7) == wants_number


def _rows(
    item: _Seen, properties: Sequence[Property], offset: int, *, totals: bool
) -> Iterator[TableRow | LeftOut]:
    table, columns = item.table, item.fit.columns
    body = table.rows[table.header_rows :]
    numeric = {prop.name for prop in properties if prop.kind in ("number", "integer")}
    core = _core(body, columns, numeric)
    index = offset
    usual = median(sum(bool(cell.words) for cell in row) for row in body) if body else 0
    dates = {prop.name for prop in properties if prop.kind == "date"}
    summed = False
    for row in body:
        filled = {name for name, at in columns.items() if _holds(row[at], name in numeric)}
        few = len(filled & core) < max(1, 0.5 * len(core)) or (len(core) > 1 and usual >= 3 and is_alone(row))
        if _repeats_heading(row, item):
            yield _left_out(item, row, "heading")
        elif few or (
            not totals
            and (
                _sums(row)
                or (not filled & dates and _closes(row, lacking=not core <= filled, after_sum=summed))
            )
        ):
            summed = summed or _sums(row)
            yield _left_out(item, row, "total" if _sums(row) else "few_cells")
        else:
            values = {name: row[at].words for name, at in columns.items() if row[at].words}
            yield TableRow(item.page, values, index, item.fit.score, item.fit.scores)
            index += 1


def _repeats_heading(row: Sequence[Cell], item: _Seen) -> bool:
    """Whether the row says in each column that is asked for what the column's heading says."""
    places = item.fit.columns.values()
    if len(item.heads) != len(row) or not any(row[at].words for at in places):
        return False
    return all(row[at].text.casefold() == item.heads[at].casefold() for at in places)


def _left_out(item: _Seen, row: Sequence[Cell], why: Literal["heading", "total", "few_cells"]) -> LeftOut:
    texts = {name: row[at].text for name, at in item.fit.columns.items() if row[at].words}
    numbers = sum(is_number(cell.text) for cell in row if cell.words)
    filled = {cell.words for cell in row if cell.words}
    heads = why == "few_cells" and len(filled) == 1 and not numbers and not _sums(row)
    return LeftOut(item.page, why, texts, numbers, filled.pop() if heads else ())


def _core(body: Sequence[tuple[Cell, ...]], columns: Mapping[str, int], numeric: set[str]) -> set[str]:
    """The properties that the fullest rows fill; rows of totals may outnumber them."""
    filled = [{name for name, at in columns.items() if _holds(row[at], name in numeric)} for row in body]
    most = max(map(len, filled), default=0)
    full = [names for names in filled if len(names) == most]
    return {name for name in columns if sum(name in names for names in full) >= 0.6 * len(full)}


def _holds(cell: Cell, numeric: bool) -> bool:
    return bool(cell.words) and (not numeric or is_number(cell.text) or len(cell.text) <= 4)


def _closes(row: Sequence[Cell], *, lacking: bool, after_sum: bool) -> bool:
    """Whether the row lacks what items have, or stands behind a sum, and its words are those of a tax, a sum or a payment."""
    words = fold(" ".join(cell.text for cell in row if any(char.isalpha() for char in cell.text)))
    if lacking and _LEADER.search(words):
        return True
    if after_sum and (_PAYS.match(words) is not None or (lacking and not words)):
        return True
    meant = meanings_of(words)
    return (lacking or after_sum) and max(meant.get(name, 0.0) for name in _CLOSING) >= _SURE


def _sums(row: Sequence[Cell]) -> bool:
    first = next((cell.text for cell in row if any(char.isalpha() for char in cell.text)), "")
    if is_total(first) or is_total(" ".join(cell.text for cell in row if cell.words)):
        return True
    brief = [cell.text for cell in row if cell.words and cell.text != first and len(cell.words) <= _LABEL]
    return any(is_total(text) for text in brief)
