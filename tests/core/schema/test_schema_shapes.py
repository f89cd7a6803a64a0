"""Every shape that callers write, against the normal form written by hand."""

from __future__ import annotations

import dataclasses
import enum
import typing
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, Literal

import pytest
import typing_extensions
from pydantic import AliasPath, BaseModel, Field, RootModel

from extract_bridge.core.errors import ResultValidationError, SchemaError
from extract_bridge.core.schema.normalize import normalize_schema
from extract_bridge.core.schema.values import parse_as, parse_result

NULL = {"type": "null"}


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Leaf(BaseModel):
    x: int


class Node(BaseModel):
    children: list[Node] = []


class Sold(typing.TypedDict, total=False):
    seller: typing_extensions.Required[Annotated[str, ..., "Who sells"]]
    count: Annotated[int, Field(description="How many")]
    note: Annotated[str | None, "Anything else"]


class Later(typing_extensions.TypedDict):
    name: str
    note: typing_extensions.NotRequired[str]


class Loop(typing.TypedDict):
    inner: list[Loop]


class Aliased(BaseModel):
    total: int = Field(alias="grandTotal")
    deep: int | None = Field(default=None, validation_alias=AliasPath("a", "b"))


@dataclasses.dataclass
class Held:
    leaf: Leaf
    amounts: list[Decimal]


class Rows(RootModel[list[Leaf]]):
    pass


class Unreadable:
    pass


class Old(BaseModel):
    pair: tuple[int, int]


def one(schema: Any, **more: Any) -> Any:
    return {"type": "object", "properties": {"a": schema}, **more}


def normal(schema: Any) -> Any:
    return normalize_schema(one(schema)).json_schema["properties"]["a"]


def test_a_typed_dict_keeps_presence_and_descriptions() -> None:
    shown = normalize_schema(Sold).json_schema
    assert shown["required"] == ["seller"]
    assert [item["description"] for item in shown["properties"].values()] == ["Who sells", "How many", "Anything else"]  # fmt: skip
    assert normalize_schema(Later).json_schema["required"] == ["name"]


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"enum": ["a", None]}, {"anyOf": [{"enum": ["a"], "type": "string"}, NULL]}),
        ({"type": ["integer", "null"], "enum": [1, 2]}, {"anyOf": [{"enum": [1, 2], "type": "integer"}, NULL]}),
        ({"const": None}, {"anyOf": [{"type": "string"}, NULL]}),
        ({"type": "string", "nullable": True}, {"anyOf": [{"type": "string"}, NULL]}),
        ({"oneOf": [{"type": "string"}, {"enum": [None]}]}, {"anyOf": [{"type": "string"}, NULL]}),
        ({"enum": ["a", "a"]}, {"enum": ["a"], "type": "string"}),
        ({"type": "array", "items": True}, {"items": {"type": "string"}, "type": "array"}),
        ({"prefixItems": [{"type": "number"}, {"type": "number"}], "items": False}, {"items": {"type": "number"}, "type": "array"}),
        ({"type": "number", "format": "date"}, {"format": "date", "type": "number"}),
        ({"type": "string", "default": {"$ref": "https://example.com"}}, {"type": "string"}),
        ({"type": "string", "not": {"$ref": "#"}}, {"type": "string"}),
    ],
)  # fmt: skip
def test_the_normal_form(schema: Any, wanted: Any) -> None:
    assert normal(schema) == wanted


@pytest.mark.parametrize(
    ("name", "reference"),
    [("a/b", "a~1b"), ("a%b", "a%25b"), ("a%b", "a%b"), ("a b", "a%20b"), ("~", "~0"), ("", "")],
)
def test_a_reference_to_an_odd_name(name: str, reference: str) -> None:
    schema = one({"$ref": f"#/$defs/{reference}"}, **{"$defs": {name: {"type": "number"}}})
    assert normalize_schema(schema).json_schema == one({"type": "number"})


@pytest.mark.parametrize("reference", ["#/properties/b", "#/$defs/l/anyOf/0"])
def test_a_reference_to_an_odd_place(reference: str) -> None:
    more = {"$defs": {"l": {"anyOf": [{"type": "string"}]}}}
    schema = {"type": "object", "properties": {"a": {"$ref": reference}, "b": {"type": "string"}}, **more}
    assert normalize_schema(schema).json_schema["properties"]["a"] == {"type": "string"}


REFUSED: dict[str, tuple[Any, str, str]] = {
    "remote": (one({"$ref": "https://example.com/s?token=sesame"}), "/properties/a", "never fetched"),
    "an anchor": (one({"$ref": "#foo"}), "/properties/a", "points nowhere"),
    "two marks": (one({"$ref": "##/$defs/l"}, **{"$defs": {"l": {}}}), "/properties/a", "points nowhere"),
    "no schema": (one({"$ref": "#/type"}), "/properties/a", "no schema"),
    "no text": (one({"$ref": 5}), "/properties/a", "not text"),
    "dynamic": (one({"$dynamicRef": "#"}), "/properties/a", "cannot be followed"),
    "a circle": (Node, "/properties/children/items", "refers to itself"),
    "a circle of TypedDict": (Loop, "Loop", "refers to itself"),
    "mixed constants": (one({"enum": ["a", 1]}), "/properties/a/enum", "no string"),
    "truth among numbers": (one({"type": "integer", "enum": [1, True]}), "/properties/a/enum", "no integer"),
    "no type at all": (one({"type": []}), "/properties/a/type", "type is not"),
    "a tuple": (list[tuple[int, str]], "/items/prefixItems", "tuple"),
    "an empty object": (one({"type": "object", "properties": {}}), "/properties/a", "free map"),
    "a map": (dict[str, int], "/", "free map"),
    "two unions": (one({"anyOf": [{"type": "string"}], "oneOf": [NULL]}), "/properties/a/anyOf", "another union"),
    "a number as name": (one({}, **{"$defs": {1: {}}}), "/$defs", "a name is a int"),
    "NaN": (one({"enum": [float("nan")]}), "/properties/a/enum/0", "not finite"),
    "a huge number": (one({"enum": [10**5000]}), "/properties/a/enum/0", "too large"),
    "half a character": (one({"title": "\ud800"}), "/properties/a/title", "no Unicode"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_at_its_place(name: str) -> None:
    schema, where, says = REFUSED[name]
    with pytest.raises(SchemaError, match=says) as caught:
        normalize_schema(schema)
    assert caught.value.where == where
    assert caught.value.hint
    assert "sesame" not in str(caught.value)


def cyclic() -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    schema["properties"] = {"a": schema, "b": schema}
    return schema


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = (value,)
    return value


@pytest.mark.parametrize("schema", [cyclic(), one({"enum": deep(10_000)})])
def test_no_python_object_overflows_the_stack(schema: Any) -> None:
    with pytest.raises(SchemaError, match="too deeply"):
        normalize_schema(schema)


def test_text_is_never_taken_for_a_file_or_a_schema() -> None:
    for text in ("schema.json", '{"type": "object"}'):
        with pytest.raises(SchemaError) as caught:
            normalize_schema(text)
        assert "Path(" in (caught.value.hint or "")
    with pytest.raises(SchemaError) as caught:
        normalize_schema(Leaf(x=1))
    assert "class Leaf" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("kind", "wrapped", "data", "wanted"),
    [
        (Leaf | None, None, {"x": 1}, Leaf(x=1)),
        (Rows, "items", {"items": [{"x": 1}]}, Rows([Leaf(x=1)])),
        (Decimal, "value", {"value": 12.5}, Decimal("12.50")),
        (int | None, "value", {"value": None}, None),
        (Level, "value", {"value": 2}, Level.HIGH),
        (Literal["a"] | None, "value", {"value": "a"}, "a"),
        (Old, None, {"pair": [1, 2]}, Old(pair=(1, 2))),
        (Held, None, {"leaf": {"x": 1}, "amounts": [0.1]}, Held(Leaf(x=1), [Decimal("0.1")])),
    ],
)
def test_roots_are_wrapped_and_results_unwrapped(
    kind: Any, wrapped: str | None, data: Any, wanted: Any
) -> None:
    schema = normalize_schema(kind)
    assert schema.wrapped == wrapped
    assert schema.json_schema["type"] == "object"
    assert parse_result(data, schema) == wanted


def test_results_are_read_by_alias_and_by_name() -> None:
    assert list(normalize_schema(Aliased).json_schema["properties"]) == ["grandTotal", "deep"]
    for key in ("grandTotal", "total"):
        parsed = parse_as({key: 3, "deep": 5}, Aliased)
        assert (parsed.total, parsed.deep) == (3, 5)


def test_a_type_that_cannot_be_read_is_a_schema_error_when_parsing_too() -> None:
    with pytest.raises(SchemaError):
        parse_as({}, list[Unreadable])
    with pytest.raises(ResultValidationError) as caught:
        parse_as({"leaf": {"x": "?"}, "amounts": [None]}, Held)
    assert [pointer for pointer, _ in caught.value.problems] == ["/leaf/x", "/amounts/0"]


def test_what_is_dropped_is_said() -> None:
    free = {"type": "object", "properties": {"b": {}}, "additionalProperties": {"type": "string"}}
    said = normalize_schema(one(MappingProxyType(free), required=["a", "z"])).warnings
    assert said == (
        "/properties/a: additionalProperties is not honoured by the service",
        "/properties/a/properties/b: no type is given, so text is asked for",
        "/required: there is no property 'z'",
    )
