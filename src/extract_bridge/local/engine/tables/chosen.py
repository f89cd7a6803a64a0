"""Which tables of a document the rows are taken from: the one whose headings, title or kinds of columns fit, and what continues it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extract_bridge.local.engine.tables.fit import Fit, fit, shows
from extract_bridge.local.engine.tables.titles import NAMED, names_list
from extract_bridge.parse.model import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.local.engine.tables.found import FoundTable
    from extract_bridge.local.engine.tables.match import Column, Property

_LEAST = 0.3
_CLEARLY = 0.05
_NEARLY = 0.8
_LEAST_TOLD = 2  # headings whose words are known, in a row that the layout takes for none
_LEAST_ANSWERED = 2  # properties, where there are so many: one alone is found in many a table
_BY_TITLE = 0.6
LEAST_KINDS = 3
"""Fewer columns are alike by chance."""
_LEAST_ROWS = 3  # fewer cells show no kind of column


@dataclass(frozen=True, slots=True)
class Seen:
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


def seen_in(
    properties: Sequence[Property], ways: Sequence[FoundTable], name: str | None, description: str | None
) -> Seen:
    """A table as it is read best for some properties, and how well its title names the list that they are of.

    Args:
        properties: What is looked for.
        ways: The ways of reading the table.
        name: The name of the list, in words; None where each row is a record.
        description: What the schema says about the list.
    """
    named = names_list(ways[0].title, name, description) if name else 0.0
    return replace(_best_reading(properties, ways), title=ways[0].title, named=named)


def _best_reading(properties: Sequence[Property], ways: Sequence[FoundTable]) -> Seen:
    """A table with the heading that fits best; another than the layout's only where it fits clearly better."""
    first, *others = ways
    best = _seen(first, fit(properties, first.columns, groups=first.groups), first.table)
    for way in others:
        found = fit(properties, way.columns, groups=way.groups)
        enough = found.told >= min(len(properties), _LEAST_TOLD)
        if enough and found.score > best.fit.score + _CLEARLY:
            best = _seen(way, found, first.table)
    return best


def _seen(way: FoundTable, found: Fit, laid_out: Table) -> Seen:
    heads = tuple(item.heading for item in way.columns) if way.table.header_rows else ()
    return Seen(way.page, way.table, way.columns, found, heads, laid_out)


def chosen_tables(properties: Sequence[Property], seen: Sequence[Seen]) -> list[Seen]:
    """The best table and what continues or repeats it, in the order of the document."""
    least = min(len(properties), _LEAST_ANSWERED)
    seen = [item if len(item.fit.columns) >= least else replace(item, fit=Fit({}, {}, 0.0)) for item in seen]
    best = _best(seen)
    if best is None or best.fit.score < _LEAST:
        return _by_kinds(properties, seen)
    result: list[Seen] = []
    for item in seen:
        last = result[-1] if result else None
        answered = len(item.fit.columns) == len(properties)  # else the title may answer what is left
        if answered and any(_says_again(item, other) for other in result):
            continue
        if last is not None and item is not best and _goes_on(item, last, best):
            result.append(_continued(replace(item, table=item.laid_out), last))
        elif item is best or _alike(item, best):
            result.append(item)
        elif last is not None and _continues(item, last):
            result.append(_continued(item, last))
    return result


def _says_again(one: Seen, other: Seen) -> bool:
    """Whether a table under a title of its own is about the same things as another: another view of them, and no more of them."""
    if one.title == other.title or not one.title or not other.title:
        return False
    mine, theirs = _things(one), _things(other)
    return len(mine) > 1 and mine == theirs


def _things(item: Seen) -> list[tuple[str, ...]]:
    """What the columns of words say in each row."""
    places = [at for at in item.fit.columns.values() if shows(item.columns[at]) == "string"]
    return (
        [tuple(row[at].text for at in places) for row in item.table.rows[item.table.header_rows :]]
        if places
        else []
    )


def _best(seen: Sequence[Seen]) -> Seen | None:
    """The table that fits best; of those that fit nearly as well, the one that is named so."""
    best = max(seen, key=lambda item: (_worth(item), -item.page), default=None)
    if best is None:
        return None
    rivals = [item for item in seen if item.fit.score >= max(_LEAST, _NEARLY * best.fit.score)]
    named = max(rivals, key=lambda item: (item.named, _worth(item), -item.page), default=best)
    return named if named.named >= NAMED and named.named > best.named + _CLEARLY else best


def _continued(item: Seen, last: Seen) -> Seen:
    return replace(item, table=_whole(item.table), fit=last.fit, heads=last.heads)


def _goes_on(item: Seen, last: Seen, best: Seen) -> bool:
    """Whether a table has no heading and is the next page's part of another: a row of words that fits worse than its heading heads nothing."""
    return (
        item.laid_out.header_rows == 0
        and item.heads != last.heads
        and item.fit.score < best.fit.score - _CLEARLY
        and _continues(replace(item, table=item.laid_out), last)
    )


def _alike(one: Seen, best: Seen) -> bool:
    """Whether another table has the best one's columns: all of them on the same page, else most."""
    common = set(one.fit.columns) & set(best.fit.columns)
    needed = 1.0 if one.page == best.page else 0.6
    if best.named >= NAMED and one.title and one.named < best.named - _CLEARLY:
        return False  # the titles tell which of the two is meant
    close = one.fit.score >= (0.8 if one.page == best.page else 0.6) * best.fit.score
    return close and len(common) > 1 and len(common) >= needed * len(best.fit.columns)


def _worth(item: Seen) -> float:
    rows = len(item.table.rows) - item.table.header_rows
    return item.fit.score + 0.02 * min(rows, 10)


def _continues(item: Seen, last: Seen) -> bool:
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


def _by_kinds(properties: Sequence[Property], seen: Sequence[Seen]) -> list[Seen]:
    """The one table with as many columns of the same kinds in the same order, where no heading fits; with all its pages.

    A title that names the list says which it is, however few columns and rows there are.
    """
    most = max((item.named for item in seen), default=0.0)
    titled = [item for item in seen if item.named >= max(NAMED, most - _CLEARLY)]
    if len(properties) < 2 or (len(properties) < LEAST_KINDS and not titled):
        return []
    same: list[Seen] = []
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


def _same_heading(one: Seen, other: Seen) -> bool:
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
