"""Reading a result part by part, to the end, gives all of it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract_bridge.agent.answer import AnswerStyle, finished_answer, page_answer
from extract_bridge.agent.text import clean_text
from extract_bridge.agent.tree import leaves, pointer
from extract_bridge.agent.view import clean_path, resolve
from extract_bridge.core.errors import InputError
from extract_bridge.core.records.model import Citation, ExtractedField, ExtractedRecord

JOB = SimpleNamespace(id="ext-1", status="COMPLETED", origin=None)

texts = st.builds(lambda text, times: text * times, st.text(max_size=4), st.integers(1, 700))
scalars = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | texts
keys = st.text(max_size=6)
trees = st.recursive(
    scalars,
    lambda below: st.lists(below, max_size=5) | st.dictionaries(keys, below, max_size=5),
    max_leaves=25,
)
rows = st.lists(st.dictionaries(keys, trees, max_size=4), min_size=1, max_size=4)


def record(data: dict[str, Any], target: str) -> ExtractedRecord:
    fields = {}
    for path, value in leaves(data):
        where = pointer(path)
        fields[where] = ExtractedField(
            pointer=where, value=value, confidence=0.9, citations=(Citation(page=1, quote=str(value)[:50]),)
        )
    return ExtractedRecord(data=data, fields=fields, extraction_target=target)


class Union:
    """Leaves by shown pointer, texts put together from their parts."""

    def __init__(self, root: Any) -> None:
        self.root, self.found, self.reads = root, {}, 0

    def add(self, body: dict[str, Any], path: str, offset: int) -> None:
        base = resolve(self.root, path)
        for leaf_path, value in leaves(body["data"]):
            first = leaf_path[:1]
            if first and isinstance(first[0], int):
                leaf_path = (first[0] + offset, *leaf_path[1:])
            where = pointer((*clean_path(base), *leaf_path))
            if isinstance(value, str):
                at = offset if not leaf_path else 0
                self.found[where] = self.found.get(where, "")[:at] + value
            elif not (value in ({}, []) and where in self.found):
                self.found[where] = value

    def read_on(self, records: Any, style: AnswerStyle, body: dict[str, Any], artifacts: list[Any]) -> None:
        queue = list((body["truncated"] or {}).get("rest", []))
        while queue:
            self.reads += 1
            assert self.reads < 2000, "reading never ends"
            reading = queue.pop(0)
            answer = page_answer(JOB, records, style, **reading, limit=None)
            assert len(answer.content) <= style.most
            page = json.loads(answer.content)
            self.add(page, **reading)
            artifacts.append(answer.artifact)
            queue += (page["truncated"] or {}).get("rest", [])


def shown(root: Any) -> dict[str, Any]:
    return {
        pointer(clean_path(path)): clean_text(value) if isinstance(value, str) else value
        for path, value in leaves(root)
    }


@settings(max_examples=60, deadline=None)
@given(rows, st.integers(1000, 3000), st.sampled_from(["all", "none"]))
def test_parts_read_to_the_end_are_the_whole_result(data: list[Any], most: int, evidence: Any) -> None:
    target = "per_doc" if len(data) == 1 else "per_table_row"
    records = [record(row, target) for row in data]
    root = data if target != "per_doc" else data[0]
    style = AnswerStyle(max_content_chars=most, evidence=evidence, can_read=True, read_on="Read on.")
    union = Union(root)
    first = json.loads(finished_answer(JOB, records, style, document="a").content)
    union.add(first, "", 0)
    union.read_on(records, style, first, [])
    found, wanted = union.found, shown(root)
    # A cut may show a container as empty before its members come; those are not leaves of the result.
    assert {key: value for key, value in found.items() if key in wanted} == wanted
    assert all(value in ({}, []) for key, value in found.items() if key not in wanted)


def test_a_table_larger_than_the_answer_is_read_row_by_row() -> None:
    data = [{"number": n, "name": f"row {n} " + "x" * 40} for n in range(300)]
    records = [record(row, "per_table_row") for row in data]
    style = AnswerStyle(max_content_chars=4000, can_read=True)
    first = json.loads(finished_answer(JOB, records, style, document="a").content)
    count = len(first["data"])
    assert first["truncated"]["rest"] == [{"path": "", "offset": count}]
    assert first["data"] == data[:count]
    read: list[Any] = list(first["data"])
    while len(read) < len(data):
        answer = page_answer(JOB, records, style, path="", offset=len(read), limit=None)
        page = json.loads(answer.content)
        assert answer.artifact["data"] == page["data"]
        assert page["evidence"] == {} or next(iter(page["evidence"])).startswith(f"/{len(read)}/")
        read += page["data"]
    assert read == data
    assert page["truncated"] is None or "rest" not in page["truncated"] or page["truncated"]["rest"] == []


def test_path_offset_and_limit() -> None:
    data = {"items": [{"a": n} for n in range(10)], "note": "abcdef", "a/b~c": 1}
    records = [record(data, "per_doc")]
    style = AnswerStyle(can_read=True)

    def read(path: str, offset: int = 0, limit: int | None = None) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(
            page_answer(JOB, records, style, path=path, offset=offset, limit=limit).content
        )
        return body

    page = read("/items", 3, 2)
    assert page["data"] == [{"a": 3}, {"a": 4}]
    assert sorted(page["evidence"]) == ["/items/3/a", "/items/4/a"]
    assert page["truncated"]["rest"] == [{"path": "/items", "offset": 5}]
    assert read("/note", 2, 3)["data"] == "cde"
    assert read("/note", 5)["truncated"] is None
    assert read("/a~1b~0c")["data"] == 1
    assert read("", 1, 1)["data"] == {"note": "abcdef"}
    assert read("/items/9/a")["data"] == 9


@pytest.mark.parametrize(
    ("path", "offset", "code"),
    [
        ("/no", 0, "no_such_path"),
        ("/items/7", 0, "no_such_path"),
        ("/items/-1", 0, "no_such_path"),
        ("/items/²", 0, "no_such_path"),
        ("/items/0/x", 0, "no_such_path"),
        ("/items", 2, "offset_out_of_range"),
        ("", 9, "offset_out_of_range"),
    ],
)
def test_what_is_not_there(path: str, offset: int, code: str) -> None:
    records = [record({"items": [1, 2]}, "per_doc")]
    with pytest.raises(InputError) as caught:
        page_answer(JOB, records, AnswerStyle(), path=path, offset=offset, limit=None)
    assert caught.value.code == code
    assert caught.value.hint


def test_a_page_keeps_hidden_characters_in_its_artifact() -> None:
    hidden = "ACME\u202e\U000e0041"
    answer = page_answer(
        JOB, [record({"a\u202e": hidden}, "per_doc")], AnswerStyle(), path="", offset=0, limit=None
    )
    assert "\u202e" not in answer.content
    assert answer.artifact["data"] == {"a\u202e": hidden}
