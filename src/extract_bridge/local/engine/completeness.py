"""Whether an array holds all that its table shows: rows seen and given, sums against printed totals, numbers left over.

The note of each array travels as `record.extra["completeness"]`, on the wire in the record's details:

    {"/items": {"rows_seen": 44, "rows": 41, "left_out": {"total": 1, "heading": 2}, "pages": [1, 2, 3],
                "totals": {"amount": {"sum": 1204.5, "printed": True}}, "numbers_not_used": 1, "columns_not_asked": ["VAT %"]}}

`rows_seen` counts the rows under the headings of the table on all its pages; a row left out is a repeated heading, a total, or
fills too few cells (a remark, a heading between rows). `printed` says whether a left out row shows the sum of all rows in the
same column; null where no left out row has a number there. For `per_table_row` the note is the first record's, under "".
It tells what was done with the table that was read; that the table was read whole it cannot prove.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.values import coerce

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from extract_bridge.local.engine.tables.read import TableReading
    from extract_bridge.local.engine.values import Locale

KEY = "completeness"
"""Where the notes stand in `ExtractedRecord.extra`: RFC 6901 pointer of the array -> its note."""
_NUMBER = {"type": "number"}


def note_of(reading: TableReading, given: Sequence[Mapping[str, Any]], locale: Locale) -> dict[str, Any]:
    """The note of one array.

    Args:
        reading: What its table gave.
        given: The items that were made of it.
        locale: How the document writes numbers.
    """
    dropped = len(reading.rows) - len(given)
    left_out = Counter(row.why for row in reading.left_out)
    if dropped > 0:
        left_out["few_cells"] += dropped
    pages = sorted({row.page for row in reading.rows} | {row.page for row in reading.left_out})
    return {
        "rows_seen": len(reading.rows) + len(reading.left_out),
        "rows": len(given),
        "left_out": dict(left_out),
        "pages": pages,
        "totals": _totals(reading, given, locale),
        "numbers_not_used": sum(row.numbers for row in reading.left_out),
        "columns_not_asked": list(reading.unasked),
    }


def _totals(
    reading: TableReading, given: Sequence[Mapping[str, Any]], locale: Locale
) -> dict[str, dict[str, Any]]:
    """Property -> the sum of its numbers, and whether a row that was left out shows it."""
    found: dict[str, dict[str, Any]] = {}
    names = dict.fromkeys(name for item in given for name, value in item.items() if _is_number(value))
    for name in names:
        values = [item[name] for item in given if _is_number(item.get(name))]
        total = round(sum(values), 6)
        printed = [
            value
            for row in reading.left_out
            if name in row.texts and (value := _number(row.texts[name], locale)) is not None
        ]
        found[name] = {
            "sum": total,
            "printed": any(_same(total, value) for value in printed) if printed else None,
        }
    return found


def warnings_of(pointer: str, note: Mapping[str, Any], reading: TableReading) -> list[str]:
    """A sentence where the table's one row of totals differs from the sum of its rows in every column that it fills."""
    checked = [total["printed"] for total in note["totals"].values() if total["printed"] is not None]
    totals = [row for row in reading.left_out if row.why == "total"]
    if len(totals) != 1 or not checked or any(checked) or note["rows"] < 2:
        return []
    where = pointer or "the table"
    return [
        f"{where}: the total under its {note['rows']} rows is not their sum; rows may be missing or misread, or it adds more"
    ]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(text: str, locale: Locale) -> float | None:
    read = coerce(text, _NUMBER, locale=locale)
    return float(read.value) if read is not None and _is_number(read.value) else None


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= 0.005 + 1e-9 * abs(one)
