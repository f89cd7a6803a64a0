"""The leaves of a schema, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaField:
    """One leaf.

    Attributes:
        pointer_pattern: Its JSON pointer in a result, `*` for a list's items: `/line_items/*/amount`.
        name: The property's name; of a list of scalars, the list's.
        title: From the schema.
        description: From the schema.
        type: `string`, `number`, `integer` or `boolean`.
        format: From the schema, for example `date`.
        enum: Allowed values, empty for any.
        required: The property, and every object around it, is in `required`.
        nullable: Null is allowed.
    """

    pointer_pattern: str
    name: str
    type: str
    title: str | None = None
    description: str | None = None
    format: str | None = None
    enum: tuple[Any, ...] = ()
    required: bool = False
    nullable: bool = False


def resolve_type(subschema: Mapping[str, Any]) -> tuple[str, bool]:
    """The one type of a normal subschema, and whether null is allowed besides."""
    branch, nullable = _branch(subschema)
    kind = branch.get("type", "string")
    if isinstance(kind, list):
        named = [item for item in kind if item != "null"]
        return (named[0] if named else "string"), nullable or "null" in kind
    return kind, nullable


def branch_of(subschema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The subschema's keywords without the `anyOf [T, null]` around them; an outer description is kept."""
    branch, _ = _branch(subschema)
    if branch is subschema:
        return subschema
    return {**branch, **{key: subschema[key] for key in ("title", "description") if key in subschema}}


def iter_schema_fields(json_schema: Mapping[str, Any]) -> Iterator[SchemaField]:
    """Every leaf of a schema in normal form, in its own order."""
    yield from _walk(json_schema, "", "", required=True)


def _branch(subschema: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    branches = subschema.get("anyOf")
    if not branches:
        return subschema, False
    named = [item for item in branches if item.get("type") != "null"]
    return (named[0] if named else {"type": "string"}), len(named) < len(branches)


def _walk(subschema: Mapping[str, Any], pointer: str, name: str, *, required: bool) -> Iterator[SchemaField]:
    kind, nullable = resolve_type(subschema)
    branch = branch_of(subschema)
    if kind == "object":
        asked = set(branch.get("required", ()))
        for key, item in branch.get("properties", {}).items():
            step = key.replace("~", "~0").replace("/", "~1")
            yield from _walk(item, f"{pointer}/{step}", key, required=required and key in asked)
    elif kind == "array":
        yield from _walk(branch.get("items", {}), f"{pointer}/*", name, required=required)
    else:
        yield SchemaField(
            pointer_pattern=pointer,
            name=name,
            type=kind,
            title=branch.get("title"),
            description=branch.get("description"),
            format=branch.get("format"),
            enum=tuple(branch.get("enum", ())),
            required=required,
            nullable=nullable,
        )
