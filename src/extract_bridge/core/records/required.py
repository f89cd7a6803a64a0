"""What a schema requires and a record lacks: a service answers null, and a strict caller wants to hear of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from extract_bridge.core.schema.fields import branch_of


def null_warnings(schema: Mapping[str, Any], data: Any) -> tuple[str, ...]:
    """A sentence for each required property that is null, or a list without items; its JSON pointer first.

    Args:
        schema: A schema in normal form, see `normalize_schema`.
        data: One record's data.
    """
    return tuple(
        f"{pointer}: required by the schema, and not found in the document"
        for pointer, value in _required(schema, data, "")
        if value is None or value == []
    )


def _required(schema: Mapping[str, Any], data: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """Every required property with its value, through objects and the items of lists; objects stand for their own."""
    branch = branch_of(schema)
    properties, items = branch.get("properties"), branch.get("items")
    if isinstance(data, list) and isinstance(items, Mapping):
        for number, item in enumerate(data):
            yield from _required(items, item, f"{pointer}/{number}")
    if not isinstance(data, Mapping) or not isinstance(properties, Mapping):
        return
    required = branch.get("required") or ()
    for name, subschema in properties.items():
        value, below = data.get(name), f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        if name in required and not isinstance(value, Mapping):
            yield below, value
        yield from _required(subschema, value, below)
