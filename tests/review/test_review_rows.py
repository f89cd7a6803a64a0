"""The rows of a page hold every field once, whatever the data looks like."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from extract_bridge import ExtractedRecord
from extract_bridge.review.encode import every_field
from extract_bridge.review.rows import RowBuilder

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=4)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)
objects = st.dictionaries(st.text(max_size=3), values, max_size=4)


def built(records: list[ExtractedRecord], *, as_table: bool) -> tuple[dict[tuple[int, str], int], list[list]]:
    index = {}
    for number, record in enumerate(records):
        for pointer in every_field(record):
            index[number, pointer] = len(index)
    builder = RowBuilder(index)
    if as_table:
        return index, list(builder.table(list(enumerate(records))))
    return index, [row for number, record in enumerate(records) for row in builder.record(number, record)]


def fields_in(rows: list[list]) -> Counter[int]:
    found: Counter[int] = Counter()
    for row in rows:
        found.update([row[3]] if row[0] == "field" else row[3] if row[0] == "cells" else [])
    del found[-1]
    return found


def record(data: dict) -> ExtractedRecord:
    empty = ExtractedRecord(data=data, fields={})
    return replace(empty, fields=every_field(empty))


@given(objects)
def test_every_field_is_in_one_row(data: dict) -> None:
    index, rows = built([record(data)], as_table=False)
    assert fields_in(rows) == Counter(index.values())


@given(st.lists(objects, min_size=2, max_size=4))
def test_every_field_of_a_table_is_in_one_row(found: list[dict]) -> None:
    index, rows = built([record(data) for data in found], as_table=True)
    assert fields_in(rows) == Counter(index.values())


def test_lists_of_objects_are_grids() -> None:
    data = {"items": [{"a": 1, "at": {"x": 2}}, {"a": 3, "b": [4]}], "tags": ["u", "v"], "none": [], "of": {}}
    _, rows = built([record(data)], as_table=False)
    assert rows == [
        ["record", 0, 1],
        ["grid", 0, "items", 0, ["a", "at/x", "b/0"], 2],
        ["cells", 0, "1", [0, 1, -1]],
        ["cells", 0, "2", [2, -1, 3]],
        ["grid", 0, "tags", 1, [""], 2],
        ["cells", 1, "1", [4]],
        ["cells", 1, "2", [5]],
        ["empty", 0, "none"],
        ["empty", 0, "of"],
    ]


def test_rows_of_one_table_are_one_grid() -> None:
    found = [replace(record({"a": n}), extraction_target="per_table_row", row=n) for n in (4, 5)]
    _, rows = built(found, as_table=True)
    assert rows == [
        ["record", 0, 2],
        ["grid", 0, "", 0, ["a"], 2],
        ["cells", 0, "5", [0]],
        ["cells", 0, "6", [1]],
    ]


def test_a_list_too_wide_for_a_grid_is_shown_below_each_other() -> None:
    wide = {f"c{n}": n for n in range(60)}
    _, rows = built([record({"items": [wide]})], as_table=False)
    assert [row[0] for row in rows[:4]] == ["record", "group", "group", "field"]
