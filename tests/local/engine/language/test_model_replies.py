"""What a model sends is checked against the schema; what does not fit is told, never kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from extract_bridge.local.engine.language.answers import open_paths
from extract_bridge.local.engine.language.questions import part_of, reply_schema
from extract_bridge.local.engine.language.replies import Said, read_reply

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "number": {"type": "string", "description": "the invoice's"},
        "total": {"anyOf": [{"type": "number", "minimum": 0}, {"type": "null"}]},
        "kind": {"type": "string", "enum": ["invoice", "credit"]},
        "seller": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "pages": {"type": "integer"}},
        },
        "lines": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}},
    },
}


def cell(value: Any, quote: str | None = None) -> dict[str, Any]:
    return {"value": value, "quote": quote}


def reply(**changes: Any) -> dict[str, Any]:
    whole = {
        "number": cell("A-1", "No. A-1"),
        "total": cell(12.5),
        "kind": cell("invoice"),
        "seller": {"name": cell("ACME"), "pages": cell(2)},
        "lines": [{"sku": cell("x")}, {"sku": cell("y")}],
    }
    return {**whole, **changes}


def test_a_good_reply_is_kept_whole() -> None:
    read = read_reply(json.dumps(reply()), SCHEMA)
    assert read.problems == []
    tree: Any = read.tree
    assert tree["number"] == Said("A-1", "No. A-1")
    assert [item["sku"].value for item in tree["lines"]] == ["x", "y"]
    assert Draft202012Validator(reply_schema(SCHEMA)).is_valid(reply())


@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```", "Here it is:\n{}\nAnything else?"])
def test_words_and_fences_around_the_json_are_forgiven(around: str) -> None:
    assert read_reply(around.replace("{}", json.dumps(reply())), SCHEMA).problems == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"total": cell("a lot")}, "/total/value does not fit the type number"),
        ({"total": cell(-1)}, "/total/value does not fit the type number"),
        ({"kind": cell("bill")}, "/kind/value does not fit one of ['invoice', 'credit']"),
        ({"seller": "ACME"}, "/seller is no object"),
        ({"lines": {}}, "/lines is no list"),
        ({"lines": [{"sku": cell(["x"])}]}, "/lines/0/sku/value does not fit the type string"),
    ],
)
def test_what_does_not_fit_is_told_without_its_value(changes: dict[str, Any], problem: str) -> None:
    read = read_reply(json.dumps(reply(**changes)), SCHEMA)
    assert problem in read.problems
    assert "a lot" not in " ".join(read.problems)
    assert read.tree is not None


@pytest.mark.parametrize("text", ["", "no", "[1]", '{"number": ', "null", '{"total": NaN}', "{" * 5000])
def test_what_is_no_object_is_told(text: str) -> None:
    read = read_reply(text, SCHEMA)
    assert (read.tree, read.problems) == (None, ["it is no JSON object"])


def test_forms_that_mean_the_same_are_taken() -> None:
    given_ = reply(total=cell("12.5"), number=cell(77), seller={"name": cell(" "), "pages": cell(2.0)})
    tree: Any = read_reply(json.dumps(given_), SCHEMA).tree
    assert (tree["total"].value, tree["number"].value) == (12.5, "77")
    assert tree["seller"]["name"] == Said()
    assert tree["seller"]["pages"].value == 2


def test_only_what_is_wanted_is_asked_for() -> None:
    part = part_of(SCHEMA, {("total",), ("seller", "name")})
    assert part is not None
    assert open_paths(part) == [("total",), ("seller", "name")]
    assert part_of(SCHEMA, set()) is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["number", "total", "kind", "seller", "lines", "value", "quote", "sku"]), inner
        )
    ),
    max_leaves=20,
)


@given(_JSON)
def test_any_json_is_read_without_harm(content: Any) -> None:
    read = read_reply(json.dumps(content), SCHEMA)
    if read.tree is not None:
        tree: Any = read.tree
        assert set(tree) == set(SCHEMA["properties"])
        assert tree["total"].value is None or tree["total"].value >= 0
        assert tree["kind"].value in (None, "invoice", "credit")
