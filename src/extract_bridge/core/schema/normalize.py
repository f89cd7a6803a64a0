"""A schema as the caller has it -> a `data_schema` as the API takes it.

The normal form is plain JSON Schema: an object at its root, local references inlined, null allowed by `anyOf [T, null]` or a type list,
no defaults, no keywords that the service ignores in silence. References are never fetched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import Any, get_origin, is_typeddict

from extract_bridge.core.errors import FileInputError, SchemaError
from extract_bridge.core.schema.inline import inline_references
from extract_bridge.core.schema.keywords import check_keywords
from extract_bridge.core.schema.limits import check_limits
from extract_bridge.core.schema.simplify import Simplifier

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
    inlined = inline_references(_plain(schema))
    name = getattr(model, "__name__", None) if get_origin(model) is None else None
    inlined, wrapped = _with_object_root(inlined)
    simplifier = Simplifier()
    normal = simplifier.run(inlined)
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
    except ValueError:
        raise SchemaError(
            "the schema file is no JSON", where=path.name, hint="Write a JSON Schema into it, in UTF-8"
        ) from None


def _schema_of(kind: Any) -> dict[str, Any]:
    """The JSON Schema of a Python type, by pydantic."""
    if not (
        isinstance(kind, type) or is_typeddict(kind) or is_dataclass(kind) or get_origin(kind) is not None
    ):
        raise SchemaError(f"a {type(kind).__name__} is no schema", hint=_HINT)
    from pydantic import BaseModel, TypeAdapter  # noqa: PLC0415 - a JSON Schema needs no pydantic
    from pydantic.errors import PydanticInvalidForJsonSchema, PydanticSchemaGenerationError, PydanticUserError  # noqa: PLC0415

    from extract_bridge.core.schema.types import understood  # noqa: PLC0415

    try:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind.model_json_schema()
        return TypeAdapter(understood(kind)).json_schema()
    except (PydanticInvalidForJsonSchema, PydanticSchemaGenerationError, PydanticUserError):
        name = getattr(kind, "__name__", type(kind).__name__)
        raise SchemaError(
            f"{name} holds a type that JSON Schema cannot express",
            where=name,
            hint="Use str, int, float, bool, date, Literal, Enum, lists and models of these",
        ) from None


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A copy made of JSON types only."""
    try:
        copy = json.loads(json.dumps(schema, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        raise SchemaError("data_schema is not made of JSON types", hint=_HINT) from None
    if not isinstance(copy, dict):
        raise SchemaError("data_schema is no object", hint=_HINT)
    return copy


def _with_object_root(schema: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The schema with an object at its root; a list or scalar is put under a property of its own."""
    check_keywords(schema, "")
    kind = schema.get("type")
    if isinstance(schema.get("properties"), dict) and kind in (None, "object", ["object"]):
        if not schema["properties"]:
            raise SchemaError("data_schema names no property", where="/properties", hint=_HINT)
        return {**schema, "type": "object"}, None
    if kind == "object":
        raise SchemaError(
            "the root of data_schema must be an object with properties", where="/properties", hint=_HINT
        )
    if kind in ("array", "string", "number", "integer", "boolean"):
        name = "items" if kind == "array" else "value"
        root: dict[str, Any] = {"type": "object", "properties": {name: schema}, "required": [name]}
        if isinstance(schema.get("title"), str):
            root = {"title": schema["title"], **root}
        return root, name
    raise SchemaError("the root of data_schema must be an object with properties", where="/type", hint=_HINT)
