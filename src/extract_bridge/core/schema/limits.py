"""The service's limits on a `data_schema`, checked before anything is sent, with its own prefix `schema_validation:`.

Source of the figures: the API's schema restrictions (7 levels, 5,000 properties, 120,000 characters of names, descriptions and
enum values, 150,000 characters of raw JSON).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from extract_bridge.core.errors import SchemaError
from extract_bridge.core.limits import limit
from extract_bridge.core.schema.plain import escaped

_BRANCHES = ("anyOf", "oneOf", "allOf")
_DEEPEST = 200  # beyond it a schema is refused unread: Python's own stack must not decide


def check_limits(schema: Mapping[str, Any], *, raw: bool = False) -> None:
    """Refuse a schema that the service would refuse for its size.

    Args:
        schema: The schema.
        raw: As the caller wrote it: only what protects our own walkers is checked.

    Raises:
        SchemaError: it is too large or too deep; `where` says where.
    """
    _check_nesting(schema)
    if raw:
        return
    text = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    _refuse(len(text), "max_schema_bytes", "characters of JSON")
    counts = {"properties": 0, "characters": 0}
    _count(schema, counts, 0, "")
    _refuse(counts["properties"], "max_schema_properties", "properties")
    _refuse(
        counts["characters"], "max_schema_characters", "characters of names, descriptions and enum values"
    )


def _check_nesting(schema: Any) -> None:
    level: list[Any] = [schema]
    for _ in range(_DEEPEST):
        level = [
            item
            for node in level
            for item in (node.values() if isinstance(node, Mapping) else node)
            if isinstance(item, Mapping | list | tuple)
        ]
        if not level:
            return
        if len(level) > limit("max_schema_bytes"):  # more objects than it may have characters
            break
    raise SchemaError("schema_validation: data_schema is nested too deeply or too large", hint="Flatten it")


def _refuse(count: int, name: str, unit: str) -> None:
    if count > limit(name):
        raise SchemaError(
            f"schema_validation: data_schema has {count} {unit}, the limit is {limit(name)}",
            hint="Shorten it, or split it into several extractions",
        )


def _count(node: Any, counts: dict[str, int], depth: int, pointer: str) -> None:
    if not isinstance(node, dict):
        return
    if depth > limit("max_schema_depth"):
        raise SchemaError(
            f"schema_validation: data_schema is deeper than {limit('max_schema_depth')} levels",
            where=pointer,
            hint="Flatten the nested objects",
        )
    counts["characters"] += len(str(node.get("description", ""))) + len(str(node.get("title", "")))
    counts["characters"] += sum(len(str(value)) for value in node.get("enum", ()))
    properties = node.get("properties")
    if isinstance(properties, dict):
        counts["properties"] += len(properties)
        for name, item in properties.items():
            counts["characters"] += len(name)
            _count(item, counts, depth + 1, f"{pointer}/properties/{escaped(name)}")
    _count(node.get("items"), counts, depth, f"{pointer}/items")
    for branch in _BRANCHES:
        for number, item in enumerate(node.get(branch) or ()):
            _count(item, counts, depth, f"{pointer}/{branch}/{number}")
