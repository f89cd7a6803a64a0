"""Rows of an answer that comes in pieces are the rows of the whole answer, wherever it is cut."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.core.records.feed import RowFeed

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def fed(content: bytes, sizes: list[int]) -> list[Any]:
    feed, found, at = RowFeed(), list[Any](), 0
    while at < len(content):
        size = sizes[len(found) % len(sizes)]
        found += feed.add(content[at : at + size])
        at += size
    return found


@given(
    before=st.dictionaries(st.text(max_size=5), VALUES, max_size=3),
    rows=st.lists(VALUES, max_size=5),
    after=st.dictionaries(st.text(max_size=5), VALUES, max_size=3),
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=5),
    ascii_only=st.booleans(),
    indent=st.none() | st.integers(0, 2),
)
def test_rows_are_those_of_the_whole(
    before: dict[str, Any],
    rows: list[Any],
    after: dict[str, Any],
    sizes: list[int],
    ascii_only: bool,
    indent: int | None,
) -> None:
    job = (
        {name: value for name, value in before.items() if name not in after}
        | {"extract_result": rows}
        | after
    )
    text = json.dumps(job, ensure_ascii=ascii_only, indent=indent)
    assert fed(text.encode("utf-8", "surrogatepass"), sizes) == rows


@given(st.lists(VALUES, min_size=1, max_size=4), st.integers(0, 200))
def test_a_cut_answer_gives_the_rows_before_the_cut(rows: list[Any], end: int) -> None:
    content = json.dumps({"id": "x", "extract_result": rows}).encode()
    found = fed(content[:end], [7])
    assert found == rows[: len(found)]


@pytest.mark.parametrize(
    "content",
    [b"", b"[1, 2]", b'"x"', b'{"extract_result": {"rows": [1]}}', b'{"extract_result": null, "a": [1]}', b"{}",
     b'{"a": {"extract_result": [1]}}', b'{"a": "extract_result\\": [1", "b": 1}', b"\xff\xfe{", b'{"extract_result": [nope]}'],
)  # fmt: skip
def test_what_has_no_rows_gives_none(content: bytes) -> None:
    assert fed(content, [1]) == fed(content, [100]) == []


def test_a_row_is_given_when_it_is_whole_and_not_later() -> None:
    feed = RowFeed()
    assert list(feed.add(b'\xef\xbb\xbf{"extract_result": [{"a": 1}')) == []
    assert list(feed.add(b", ")) == [{"a": 1}]
    assert list(feed.add(b"12")) == []
    assert list(feed.add(b"3]")) == [123]
    assert list(feed.add(b', "extract_result": [9]}')) == []
