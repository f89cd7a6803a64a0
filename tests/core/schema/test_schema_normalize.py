"""Schemas in: what callers write, and what the API takes."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import json
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from extract_bridge.core.errors import FileInputError, ResultValidationError, SchemaError
from extract_bridge.core.schema.fields import iter_schema_fields, resolve_type
from extract_bridge.core.schema.normalize import NormalizedSchema, normalize_schema
from extract_bridge.core.schema.values import parse_as, parse_result


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Item(BaseModel):
    name: str
    amount: Decimal | None = None


class Invoice(BaseModel):
    """One invoice."""

    issued: datetime.date
    due: datetime.date | None = None
    items: list[Item] = []
    colour: Colour | None = None
    kind: Literal["a", "b"] = "a"
    count: int = 0
    tags: list[str] = Field(default_factory=list)
    total: float | None = Field(default=None, alias="grandTotal", description="All of it")


class Typed(TypedDict):
    name: str | None
    count: int


@dataclasses.dataclass
class Plain:
    name: str
    count: int = 3


def properties(schema: NormalizedSchema) -> dict[str, Any]:
    return schema.json_schema["properties"]


def test_a_pydantic_class_becomes_plain_json_schema() -> None:
    schema = normalize_schema(Invoice)
    assert (schema.name, schema.model, schema.wrapped) == ("Invoice", Invoice, None)
    text = json.dumps(schema.json_schema)
    assert "$ref" not in text
    assert "$defs" not in text
    assert '"default"' not in text
    assert schema.json_schema["required"] == ["issued"]
    assert schema.json_schema["description"] == "One invoice."
    shown = properties(schema)
    assert shown["issued"]["format"] == "date"
    assert "ISO 8601" in shown["issued"]["description"]
    assert resolve_type(shown["due"]) == ("string", True)
    assert shown["items"]["items"]["properties"]["amount"]["anyOf"] == [{"type": "number"}, {"type": "null"}]
    assert shown["colour"]["anyOf"][0]["enum"] == ["red", "blue"]
    assert shown["grandTotal"]["description"] == "All of it"


@pytest.mark.parametrize("kind", [Typed, Plain])
def test_typed_dicts_and_dataclasses_are_schemas(kind: type) -> None:
    schema = normalize_schema(kind)
    assert schema.name == kind.__name__
    assert list(properties(schema)) == ["name", "count"]


def test_the_normal_form_is_stable() -> None:
    once = normalize_schema(Invoice).json_schema
    assert normalize_schema(once).json_schema == once
    assert normalize_schema(normalize_schema(Invoice)).model is Invoice


def test_a_list_is_put_under_a_property_and_taken_out_again() -> None:
    schema = normalize_schema(list[Item])
    assert (schema.wrapped, list(properties(schema))) == ("items", ["items"])
    assert parse_result({"items": [{"name": "a"}]}, schema) == [Item(name="a")]


def test_a_schema_file(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    file.write_text('{"title": "Note", "type": "object", "properties": {"a": {"type": "string"}}}')
    assert normalize_schema(file).name == "Note"
    with pytest.raises(FileInputError, match="missing.json") as caught:
        normalize_schema(tmp_path / "missing.json")
    assert str(tmp_path) not in str(caught.value)
    file.write_text("{")
    with pytest.raises(SchemaError, match="no JSON"):
        normalize_schema(file)


def test_what_the_service_ignores_is_said_with_its_place() -> None:
    schema = normalize_schema(
        {"type": "object", "properties": {"a": {"type": "string", "pattern": "(a+)+$", "minLength": 2}}}
    )
    assert properties(schema)["a"] == {"type": "string"}
    assert [warning.split(":")[0] for warning in schema.warnings] == ["/properties/a"] * 2


def bomb(levels: int) -> dict[str, Any]:
    definitions: dict[str, Any] = {"d0": {"type": "object", "properties": {"x": {"type": "string"}}}}
    for level in range(1, levels):
        below = {"$ref": f"#/$defs/d{level - 1}"}
        definitions[f"d{level}"] = {"type": "object", "properties": {"l": below, "r": below}}
    return {"type": "object", "properties": {"a": {"$ref": f"#/$defs/d{levels - 1}"}}, "$defs": definitions}


def deep(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


def with_property(schema: Any, **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": schema}, **more}


REFUSED = {
    "the page's own sample": ({"foo": {"foo": "bar"}}, "must be an object"),
    "no properties": ({"type": "object"}, "properties"),
    "empty": ({"type": "object", "properties": {}}, "names no property"),
    "a circle": (
        with_property({"$ref": "#/$defs/x"}, **{"$defs": {"x": with_property({"$ref": "#/$defs/x"})}}),
        "refers to itself",
    ),
    "remote": (with_property({"$ref": "https://example.com/s.json"}), "never fetched"),
    "nowhere": (with_property({"$ref": "#/$defs/x"}), "points nowhere"),
    "a bomb": (bomb(24), "grows too large"),
    "a free map": (with_property({"type": "object", "additionalProperties": {"type": "string"}}), "free map"),
    "a union": (with_property({"anyOf": [{"type": "integer"}, {"type": "string"}]}), "union"),
    "a list of types": (with_property({"type": ["integer", "string"]}), "union"),
    "an unknown type": (with_property({"type": "colour"}), "type is not one of"),
    "too deep": (deep(9), "deeper than 7"),
    "far too deep": (deep(5000), "nested too deeply"),
    "too many": (
        {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(5001)}},
        "5001 properties",
    ),
    "a property that is no schema": (with_property("string"), "no object"),
    "no JSON": (with_property({"type": "string", "enum": [object()]}), "JSON types"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_place_and_a_next_step(name: str) -> None:
    schema, says = REFUSED[name]
    with pytest.raises(SchemaError, match=says) as caught:
        normalize_schema(schema)
    assert caught.value.hint


@pytest.mark.parametrize("thing", [3, "schema.json", None, [1], lambda: None])
def test_no_schema_at_all(thing: object) -> None:
    with pytest.raises(SchemaError):
        normalize_schema(thing)


def test_leaves_of_a_schema() -> None:
    found = {
        field.pointer_pattern: field for field in iter_schema_fields(normalize_schema(Invoice).json_schema)
    }
    assert list(found)[:4] == ["/issued", "/due", "/items/*/name", "/items/*/amount"]
    assert found["/issued"].required
    assert not found["/items/*/name"].required
    assert found["/items/*/amount"].nullable
    assert found["/colour"].enum == ("red", "blue")


def test_nulls_take_defaults() -> None:
    parsed = parse_as({"issued": "2024-01-02", "count": None, "tags": None, "kind": None}, Invoice)
    assert (parsed.count, parsed.tags, parsed.kind) == (0, [], "a")


def test_a_misfit_names_each_field_and_repeats_no_document_text() -> None:
    data = {"issued": None, "count": "sesame", "items": [{"name": None}]}
    with pytest.raises(ResultValidationError) as caught:
        parse_as(data, Invoice, reasons={"/issued": "no date in the document"})
    problems = dict(caught.value.problems)
    assert problems["/issued"] == "not found in the document (no date in the document)"
    assert problems["/items/0/name"] == "not found in the document"
    assert "/count" in problems
    assert "sesame" not in str(caught.value) + repr(caught.value)


def test_typed_dicts_and_dataclasses_are_parsed() -> None:
    assert parse_as({"name": None, "count": 2}, Typed) == {"name": None, "count": 2}
    assert parse_as({"name": "a", "count": None}, Plain) == Plain("a", 3)


@pytest.mark.parametrize(
    ("schema", "where"),
    [
        (with_property({"enum": 5}), "/properties/a/enum"),
        (with_property({"enum": []}), "/properties/a/enum"),
        (with_property({"enum": [{}]}), "/properties/a/enum"),
        (with_property({"const": [1]}), "/properties/a/const"),
        (with_property({"anyOf": 3}), "/properties/a/anyOf"),
        (with_property({"anyOf": [3]}), "/properties/a/anyOf"),
        (with_property({"oneOf": [{"enum": 3}]}), "/properties/a/oneOf/0/enum"),
        (with_property({"anyOf": [{"type": ["string"], "const": 1}, {"const": 2, "title": 3}]}), "/properties/a/anyOf/1/title"),
        (with_property({"allOf": [{"allOf": [{"title": 7}]}]}), "/properties/a/title"),
        (with_property({"type": "object", "properties": 5}), "/properties/a/properties"),
        (with_property({"type": "array", "items": [{}]}), "/properties/a/items"),
        (with_property({"type": {}}), "/properties/a/type"),
        (with_property({"title": 5}), "/properties/a/title"),
        (with_property({"description": None}), "/properties/a/description"),
        (with_property({"format": 1}), "/properties/a/format"),
        (with_property({}, required=3), "/required"),
        (with_property({}, required=["a", []]), "/required"),
        (with_property({}, title=[]), "/title"),
        (with_property({}, anyOf=[{"required": ["a"]}]), "/anyOf"),
        ({"type": "object", "properties": 5}, "/properties"),
    ],
)  # fmt: skip
def test_a_malformed_keyword_is_named_with_its_place(schema: Any, where: str) -> None:
    with pytest.raises(SchemaError) as caught:
        normalize_schema(schema)
    assert caught.value.where == where
    assert caught.value.hint


def chain(levels: int) -> dict[str, Any]:
    definitions: dict[str, Any] = {f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(levels)}
    definitions[f"d{levels}"] = {"type": "string"}
    return with_property({"$ref": "#/$defs/d0"}, **{"$defs": definitions})


def test_references_that_follow_each_other_end() -> None:
    assert properties(normalize_schema(chain(5)))["a"] == {"type": "string"}
    with pytest.raises(SchemaError, match="nested too deeply"):
        normalize_schema(chain(3000))


def test_a_property_called_definitions_is_measured_too() -> None:
    schema = bomb(24)
    schema["properties"] = {"definitions": schema["properties"]["a"]}
    with pytest.raises(SchemaError, match="grows too large"):
        normalize_schema(schema)


def test_a_union_inside_a_union_is_one() -> None:
    inner = {"anyOf": [{"type": "number"}, {"type": "null"}]}
    shown = properties(normalize_schema(with_property({"anyOf": [inner, {"type": "null"}], "title": "A"})))
    assert resolve_type(shown["a"]) == ("number", True)
    assert shown["a"]["title"] == "A"


def test_only_keywords_of_the_type_are_kept() -> None:
    shown = properties(normalize_schema(with_property({"type": "string", "properties": {}, "items": {}})))
    assert shown["a"] == {"type": "string"}


WORDS = st.sampled_from(
    ["string", "number", "integer", "boolean", "object", "array", "null", "date", "a", "b", "#/$defs/a", "#/$defs/b", "#"]
)  # fmt: skip
KEYWORDS = st.sampled_from(
    ["type", "properties", "items", "anyOf", "oneOf", "allOf", "enum", "const", "required", "title", "description", "format",
     "$ref", "$defs", "definitions", "pattern", "a", "b"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYWORDS | st.text(max_size=3), inner, max_size=4),
    max_leaves=15,
)  # fmt: skip
SUBSCHEMAS = st.recursive(
    st.fixed_dictionaries({}, optional={"type": WORDS | st.lists(WORDS, max_size=2), "title": WORDS, "format": WORDS, "enum": st.lists(JSON, max_size=2)}),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "type": WORDS,
            "description": st.text(max_size=3),
            "properties": st.dictionaries(KEYWORDS, inner, max_size=3),
            "required": st.lists(KEYWORDS, max_size=2),
            "items": inner,
            "anyOf": st.lists(inner | st.just({"type": "null"}), max_size=3),
            "allOf": st.lists(inner, max_size=2),
            "$ref": WORDS,
        },
    ),
    max_leaves=8,
)  # fmt: skip
SCHEMAS = st.builds(
    lambda shown, definitions, more: {"type": "object", "properties": shown, "$defs": definitions, **more},
    st.dictionaries(WORDS, SUBSCHEMAS, min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(["a", "b"]), SUBSCHEMAS, max_size=2),
    st.dictionaries(KEYWORDS, JSON, max_size=1),
)


MISUSED = st.dictionaries(
    st.sampled_from(["type", "properties", "items", "anyOf", "oneOf", "allOf", "enum", "const", "required", "title", "description", "format"]),
    st.sampled_from([None, 5, "x", "date", "object", [], [3], ["x"], [None], {}, {"a": {}}, {"a": 3}, [{}], [{"enum": [1]}], [{"const": {}}]]),
    min_size=1,
    max_size=3,
)  # fmt: skip
UNIONS = st.recursive(
    st.sampled_from([{"type": "string"}, {"type": "null"}, {"type": ["number", "null"]}, {"enum": ["a"]}, {"format": "date"}]),
    lambda inner: st.builds(
        lambda key, branches, more: {key: branches, **more},
        st.sampled_from(["anyOf", "oneOf", "allOf"]),
        st.lists(inner | st.just({"type": "null"}), min_size=1, max_size=2),
        st.sampled_from([{}, {"title": "A"}, {"properties": {"a": {}}}, {"items": {}}, {"enum": ["b"]}]),
    ),
    max_leaves=4,
)  # fmt: skip


def normal_or_error(schema: Any) -> NormalizedSchema | SchemaError:
    try:
        return normalize_schema(schema)
    except SchemaError as error:
        return error


@given(
    st.one_of(JSON, SCHEMAS, MISUSED.map(with_property), UNIONS.map(with_property))
    | st.builds(lambda node, more: {**with_property(node), **more}, UNIONS, MISUSED)
)
def test_any_json_is_a_schema_or_a_schema_error(schema: Any) -> None:
    normal = normal_or_error(schema)
    if isinstance(normal, SchemaError):
        assert normal.hint
        assert normal.where is None or normal.where[0] in "/#" or "$ref" in normal.message
        return
    again = normalize_schema(normal.json_schema)
    assert again.json_schema == normal.json_schema
    assert (again.wrapped, again.warnings) == (None, ())
    assert normal.json_schema["type"] == "object"
    for field in iter_schema_fields(normal.json_schema):
        assert field.type in ("string", "number", "integer", "boolean")
        assert isinstance(field.enum, tuple)
    for node in subschemas(normal.json_schema):
        assert "anyOf" not in node.get("anyOf", [{}])[0]
        assert ("properties" in node) is (resolve_type(node)[0] == "object" and "anyOf" not in node)


def subschemas(node: dict[str, Any]) -> list[dict[str, Any]]:
    """A subschema in normal form and all inside it."""
    inner = [*node.get("properties", {}).values(), *node.get("anyOf", ())]
    inner += [node["items"]] if "items" in node else []
    return [node, *(found for item in inner if item != {"type": "null"} for found in subschemas(item))]
