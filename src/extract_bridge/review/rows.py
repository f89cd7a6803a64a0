"""A record's data as the rows of a page: headings, fields, and lists as grids.

A row is a list whose first entry says what it is:

    ["record", record, count]                          where a record begins, or the first of many that are one table
    ["group", depth, label]                            an object, or a list that no grid fits
    ["empty", depth, label]                            a list or object without anything in it
    ["field", depth, label, field]                     one value
    ["grid", depth, label, grid, columns, rows]        a list begins: its column labels, and how many rows follow; the label is empty
                                                       where the records themselves are the rows
    ["cells", grid, label, fields]                     one row of it; -1 where the row has no such field

Fields, records and grids are indexes. Nothing is lost: fields that the data does not lead to follow at the end of their record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.core.records.clean import escape, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from extract_bridge.core.records.model import ExtractedRecord

Row = list[Any]

_MOST_COLUMNS = 40
"""A list with more kinds of values than this is shown value below value."""


class RowBuilder:
    """Makes the rows of all records, in order.

    Args:
        index: The number of each field, by number of the record and pointer.
    """

    def __init__(self, index: Mapping[tuple[int, str], int]) -> None:
        self._index = index
        self._grids = 0
        self._seen: set[int] = set()

    def record(self, number: int, record: ExtractedRecord) -> Iterator[Row]:
        """One record with all its fields."""
        yield ["record", number, 1]
        yield from self._members(number, record.data, "", 0)
        yield from self._left(number, record)

    def table(self, numbered: Sequence[tuple[int, ExtractedRecord]]) -> Iterator[Row]:
        """Records that are the rows of one table: a grid of them; of many columns one below the other."""
        columns = _columns([list(record.fields) for _, record in numbered])
        if len(columns) > _MOST_COLUMNS or not columns:
            for number, record in numbered:
                yield from self.record(number, record)
            return
        yield ["record", numbered[0][0], len(numbered)]
        rows = []
        for number, record in numbered:
            label = str(record.row + 1) if record.row is not None else ""
            rows.append((label, [self._of(number, pointer) for pointer in columns]))
        yield from self._grid(0, "", columns, rows)

    def _members(self, number: int, data: Mapping[str, Any], pointer: str, depth: int) -> Iterator[Row]:
        for name, value in data.items():
            yield from self._value(number, value, f"{pointer}/{escape(str(name))}", str(name), depth)

    def _value(self, number: int, value: Any, pointer: str, label: str, depth: int) -> Iterator[Row]:
        if is_object(value):
            yield ["group" if value else "empty", depth, label]
            yield from self._members(number, value, pointer, depth + 1)
        elif isinstance(value, list):
            yield from self._list(number, value, pointer, label, depth)
        else:
            yield ["field", depth, label, self._of(number, pointer)]

    def _list(self, number: int, values: list[Any], pointer: str, label: str, depth: int) -> Iterator[Row]:
        if not values:
            yield ["empty", depth, label]
            return
        leaves = [list(_leaves(value, "")) for value in values]
        columns = _columns(leaves)
        if columns and len(columns) <= _MOST_COLUMNS and all(leaves):
            rows = [
                (str(place + 1), [self._of(number, f"{pointer}/{place}{column}") for column in columns])
                for place in range(len(values))
            ]
            yield from self._grid(depth, label, columns, rows)
            return
        yield ["group", depth, label]
        for place, value in enumerate(values):
            yield from self._value(number, value, f"{pointer}/{place}", str(place + 1), depth + 1)

    def _grid(
        self, depth: int, label: str, columns: Sequence[str], rows: Sequence[tuple[str, list[int]]]
    ) -> Iterator[Row]:
        grid, self._grids = self._grids, self._grids + 1
        yield ["grid", depth, label, grid, [column[1:] for column in columns], len(rows)]
        for name, cells in rows:
            yield ["cells", grid, name, cells]

    def _left(self, number: int, record: ExtractedRecord) -> Iterator[Row]:
        for pointer in record.fields:
            place = self._index[number, pointer]
            if place not in self._seen:
                yield ["field", 0, pointer, self._of(number, pointer)]

    def _of(self, number: int, pointer: str) -> int:
        place = self._index.get((number, pointer), -1)
        self._seen.add(place)
        return place


def _leaves(value: Any, pointer: str) -> Iterator[str]:
    if is_object(value):
        for name, item in value.items():
            yield from _leaves(item, f"{pointer}/{escape(str(name))}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _leaves(item, f"{pointer}/{place}")
    else:
        yield pointer


def _columns(leaves: Sequence[Sequence[str]]) -> list[str]:
    """Every kind of value in a list, in the order in which they come up."""
    return list(dict.fromkeys(pointer for found in leaves for pointer in found))
