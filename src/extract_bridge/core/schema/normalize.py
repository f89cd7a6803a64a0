"""A schema as the caller has it -> a `data_schema` as the API takes it.

The normal form is plain JSON Schema: an object at its root, local references inlined, null allowed by `anyOf [T, null]` or a type list,
no defaults, no keywords that the service ignores in silence. References are never fetched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import Any, get_origin

import typing_extensions

from extract_bridge.core.errors import FileInputError, SchemaError
from extract_bridge.core.schema.fields import branch_of, resolve_type
from extract_bridge.core.schema.inline import inline_references
from extract_bridge.core.schema.keywords import check_keywords
from extract_bridge.core.schema.limits import check_limits
from extract_bridge.core.schema.plain import plain
from extract_bridge.core.schema.simplify import Simplifier

_ROOTS = ("type", "properties", "items", "prefixItems", "enum", "const", "anyOf", "oneOf", "allOf")
_HINT_TOOL = "Give the JSON Schema itself, without the name around it"
_HINT = 'Give {"type": "object", "properties": {...}}, a pydantic class, a TypedDict or a dataclass'


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalizedSchema:
    """A schema in normal form.

    Attributes:
        json_schema: What is sent as `data_schema`.
        name: The class's name or the schema's title; None where it has none.
        model: The Python type that a result is parsed into; None for a JSON Schema.
        wrapped: The property that a list or scalar root was put under; None where the root was an object.
        warnings: What the service will not honour, with its place, one sentence each.
    """

    json_schema: dict[str, Any]
    name: str | None = None
    model: Any = None
    wrapped: str | None = None
    warnings: tuple[str, ...] = ()


def normalize_schema(schema: Any) -> NormalizedSchema:
    """The normal form of a schema.

    Args:
        schema: A pydantic class, TypedDict, dataclass or other type that pydantic understands (`list[Invoice]`), a JSON Schema
            as a mapping, or the `Path` of a JSON file (of the developer, never of a model).

    Raises:
        SchemaError: it cannot be used; `where` is a JSON pointer into it.
        FileInputError: there is no such file.
    """
    if isinstance(schema, NormalizedSchema):
        return schema
    model: Any = None
    if isinstance(schema, Path):
        schema = _read(schema)
    if not isinstance(schema, Mapping):
        model, schema = schema, _schema_of(schema)
    check_limits(schema, raw=True)
    name = getattr(model, "__name__", None) if get_origin(model) is None else None
    simplifier = Simplifier()
    normal, wrapped = _with_object_root(simplifier.run(_rooted(inline_references(plain(schema)))))
    check_limits(normal)
    title = normal.get("title")
    return NormalizedSchema(
        json_schema=normal,
        name=name or (title if isinstance(title, str) and title.strip() else None),
        model=model,
        wrapped=wrapped,
        warnings=tuple(simplifier.warnings),
    )


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise FileInputError(
            "there is no such schema file", code="file_not_found", where=path.name, hint="Check the path"
        ) from None
    except (ValueError, RecursionError):
        raise SchemaError(
            "the schema file is no JSON", where=path.name, hint="Write a JSON Schema into it, in UTF-8"
        ) from None


def _schema_of(kind: Any) -> dict[str, Any]:
    """The JSON Schema of a Python type, by pydantic."""
    if not (
        isinstance(kind, type)
        or typing_extensions.is_typeddict(kind)
        or is_dataclass(kind)
        or get_origin(kind) is not None
    ) or (is_dataclass(kind) and not isinstance(kind, type)):
        raise SchemaError(f"a {type(kind).__name__} is no schema", hint=_hint_for(kind))
    from pydantic.errors import PydanticInvalidForJsonSchema, PydanticUserError  # noqa: PLC0415 - a JSON Schema needs no pydantic

    from extract_bridge.core.schema.types import adapter, inexpressible  # noqa: PLC0415

    reader = adapter(kind)
    try:
        return reader.json_schema()
    except (PydanticInvalidForJsonSchema, PydanticUserError) as error:
        raise inexpressible(kind, error.code) from None


def _hint_for(thing: Any) -> str:
    if isinstance(thing, str | bytes):  # text may come from a model, and a model must not choose a file
        return 'Give Path("schema.json") for a file, or json.loads(text) for text'
    if hasattr(type(thing), "model_fields") or is_dataclass(thing):
        return f"Give the class {type(thing).__name__}, not an object of it"
    return _HINT


def _rooted(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema; what says nothing about its root is refused before it is read as text."""
    check_keywords(schema, "")
    properties = schema.get("properties")
    if properties == {} and not schema.get("additionalProperties"):
        raise SchemaError("data_schema names no property", where="/properties", hint=_HINT)
    if schema.get("type") == "object" and properties is None and not schema.get("additionalProperties"):
        raise SchemaError(
            "the root of data_schema must be an object with properties", where="/properties", hint=_HINT
        )
    said = [key for key in _ROOTS if key in schema]
    if not said or schema.get("type") in ("null", [], ["null"]):
        hint = _HINT_TOOL if "schema" in schema or "parameters" in schema else _HINT
        raise SchemaError(
            "the root of data_schema must be an object with properties", where="/type", hint=hint
        )
    return schema


def _with_object_root(normal: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """A normal form with an object at its root; a list or scalar is put under a property of its own."""
    kind, _ = resolve_type(normal)
    if kind == "object":  # a document that holds none is an empty object: its root cannot be null
        return dict(branch_of(normal)), None
    name = "items" if kind == "array" else "value"
    root: dict[str, Any] = {"type": "object", "properties": {name: normal}, "required": [name]}
    return ({"title": normal["title"], **root} if "title" in normal else root), name
