"""A record as a row of cells, for `.csv` and `.parquet`: one column for each value that the schema names once a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.cli.output.lines import as_json
from extract_bridge.core.schema.fields import branch_of, resolve_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from extract_bridge.core.records.model import ExtractedRecord

Kind = Literal["string", "integer", "number", "boolean", "json"]
"""What a column holds; `json` is a list or an object of any shape, as JSON text."""

_SCALARS: dict[str, Kind] = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
}
_MISSING: Any = object()
_BEFORE: tuple[tuple[str, Kind], ...] = (
    ("_id", "string"),
    ("_source", "string"),
    ("_page", "integer"),
    ("_row", "integer"),
)
_AFTER: tuple[tuple[str, Kind], ...] = (
    ("_confidence_min", "number"),
    ("_warnings", "string"),
    ("_job_id", "string"),
    ("_other", "json"),
)
"""About the record. `_other` is what came from the service and fits no column: nothing is lost."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the data.

    Attributes:
        title: The path as people write it, `seller.name`; unlike every other title.
        path: The keys that lead to the value.
        kind: What the schema says it is.
    """

    title: str
    path: tuple[str, ...]
    kind: Kind


class Columns:
    """The columns of one schema.

    Args:
        json_schema: In normal form.
    """

    def __init__(self, json_schema: Mapping[str, Any]) -> None:
        taken = {title for title, _ in (*_BEFORE, *_AFTER)}
        self.data = [Column(_unlike(title, taken), path, kind) for title, path, kind in _walk(json_schema)]
        self.kinds: dict[str, Kind] = {
            **dict(_BEFORE),
            **{column.title: column.kind for column in self.data},
            **dict(_AFTER),
        }
        """Every title with its kind, in order."""

    def row(self, record: ExtractedRecord) -> dict[str, Any]:
        """The record's cells by title: scalars as they are, lists and objects as JSON text, None where there is nothing.

        A value that is not what its column's schema says stays out of the column and goes to `_other`.
        """
        rest = _copied(record.data)
        cells: dict[str, Any] = {
            "_id": record.id,
            "_source": record.source,
            "_page": record.page,
            "_row": record.row,
        }
        for column in self.data:
            value = _value_at(record.data, column.path)
            fits = value is not _MISSING and (value is None or _fits(value, column.kind))
            if fits:
                _take(rest, column.path)
            cells[column.title] = _cell(value, column.kind) if fits else None
        cells["_confidence_min"] = record.confidence_min
        cells["_warnings"] = "; ".join(record.warnings) or None
        cells["_job_id"] = record.job_id
        cells["_other"] = as_json(rest) if _says_something(rest) else None
        return cells


def _walk(
    schema: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...], Kind]]:
    kind, _ = resolve_type(schema)
    properties = branch_of(schema).get("properties") if kind == "object" else None
    if properties:
        for key, item in properties.items():
            yield from _walk(item, (*path, key))
    elif path:
        yield ".".join(path), path, _SCALARS.get(kind, "json")


def _unlike(title: str, taken: set[str]) -> str:
    """The title, numbered where there is one like it: `a.b` beside `b` in `a`."""
    number, free = 2, title
    while free in taken:
        free, number = f"{title}_{number}", number + 1
    taken.add(free)
    return free


def _value_at(data: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(data, dict) or key not in data:
            return _MISSING
        data = data[key]
    return data


def _fits(value: Any, kind: Kind) -> bool:
    if kind == "json":
        return True
    if kind == "boolean" or isinstance(value, bool):
        return isinstance(value, bool) and kind == "boolean"
    if kind == "integer":
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return whole and -(2**63) <= value < 2**63
    if kind == "number":
        return isinstance(value, int | float) and abs(value) < 2**1023
    return isinstance(value, str)


def _cell(value: Any, kind: Kind) -> Any:
    if value is None or kind not in ("json", "integer"):
        return value
    return as_json(value) if kind == "json" else int(value)


def _copied(data: Any) -> Any:
    """Its objects anew, to be emptied; the rest is shared."""
    return {key: _copied(item) for key, item in data.items()} if isinstance(data, dict) else data


def _take(rest: Any, path: tuple[str, ...]) -> None:
    for key in path[:-1]:
        rest = rest[key]
    del rest[path[-1]]


def _says_something(rest: Any) -> bool:
    return any(map(_says_something, rest.values())) if isinstance(rest, dict) else rest is not None
