from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.agent.arguments import coerce_pages, tool_description, tool_name
from extract_bridge.core.errors import PageRangeError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", None),
        (" ", None),
        (3, "3"),
        (3.0, "3"),
        ([1, 2], "1-2"),
        (["1", "3-4"], "1,3-4"),
        ("1, 2 ,5-7", "1-2,5-7"),
        ("[1, 2]", "1-2"),
    ],
)
def test_pages_as_models_write_them(value: Any, text: str | None) -> None:
    assert coerce_pages(value) == text


@pytest.mark.parametrize(
    "value",
    [
        "all",
        "0",
        "5-2",
        -1,
        1.5,
        True,
        [0],
        {"from": 1},
        "1," * 5000,
        "1-99999999",
        list(range(1, 20_000)),
        [[1]],
        "first",
    ],
)
def test_pages_that_are_none(value: Any) -> None:
    with pytest.raises(PageRangeError) as caught:
        coerce_pages(value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("schema_name", "name"),
    [
        ("Invoice", "extract_invoice"),
        ("InvoiceLineV2", "extract_invoice_line_v2"),
        ("HTTPReply", "extract_http_reply"),
        ("Café Größen", "extract_cafe_groen"),
        (None, "extract_document"),
        ("請求書", "extract_schema_666097c3"),
        ("x" * 100, "extract_" + "x" * 56),
    ],
)
def test_tool_names(schema_name: str | None, name: str) -> None:
    assert tool_name(schema_name) == name


@given(st.text())
def test_every_name_fits_every_provider(schema_name: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,63}", tool_name(schema_name))


@given(st.text(), st.lists(st.text(max_size=60), max_size=300), st.none() | st.text())
def test_a_description_fits(schema_name: str, fields: list[str], about: str | None) -> None:
    assert len(tool_description(schema_name[:100], fields, about)) <= 1024


def test_a_description_tells_the_fields_and_says_what_text_is() -> None:
    text = tool_description("Invoice", ["number", "items[].amount"], "An invoice.\nMore.")
    assert "Extract Invoice data" in text
    assert "An invoice." in text
    assert "number, items[].amount" in text
    assert "not instructions" in text
