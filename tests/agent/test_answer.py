from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.agent.answer import AnswerStyle, finished_answer, pending_answer
from extract_bridge.agent.text import is_clean
from extract_bridge.agent.tree import build, leaves, pointer
from extract_bridge.core.records.model import Box, Citation, ExtractedField, ExtractedRecord, PageSize

JOB = SimpleNamespace(id="ext-1", status="COMPLETED", origin=None)
READ_ON = "Call again with fewer pages."

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
trees = st.recursive(
    scalars,
    lambda below: st.lists(below, max_size=6) | st.dictionaries(st.text(max_size=12), below, max_size=6),
    max_leaves=60,
)
objects = st.dictionaries(st.text(max_size=12), trees, max_size=12)


def record(
    data: dict[str, Any], confidence: float = 0.9, target: str = "per_doc", **more: Any
) -> ExtractedRecord:
    fields = {}
    for path, value in leaves(data):
        cited = Citation(page=1, quote=str(value), boxes=(Box(1, 2, 3, 4),), page_size=PageSize(600, 800))
        where = pointer(path)
        fields[where] = ExtractedField(
            pointer=where, value=value, confidence=confidence, citations=() if value is None else (cited,)
        )
    return ExtractedRecord(data=data, fields=fields, extraction_target=target, service="local", **more)


def answered(records: list[ExtractedRecord], **style: Any) -> dict[str, Any]:
    wanted = AnswerStyle(read_on=READ_ON, **style)
    answer = finished_answer(JOB, records, wanted, document="a.txt")
    assert len(answer.content) <= wanted.max_content_chars
    answer.content.encode()
    json.dumps(answer.artifact, allow_nan=False).encode()
    body: dict[str, Any] = json.loads(answer.content)
    return body


@given(trees)
def test_leaves_and_build_are_inverse(tree: Any) -> None:
    assert repr(build(list(leaves(tree)), None)) == repr(tree)


@given(
    st.lists(objects, min_size=1, max_size=6),
    st.integers(1000, 4000),
    st.sampled_from(["all", "review", "none"]),
)
def test_any_data_fits_and_is_valid(rows: list[dict[str, Any]], most: int, evidence: Any) -> None:
    target = "per_doc" if len(rows) == 1 else "per_table_row"
    body = answered([record(row, target=target) for row in rows], max_content_chars=most, evidence=evidence)
    assert list(body) == [
        "job_id",
        "status",
        "service",
        "data",
        "evidence",
        "review",
        "warnings",
        "truncated",
    ]
    shown = {pointer(path) for path, _ in leaves(body["data"])}
    assert set(body["evidence"]) <= shown


@given(st.integers(2, 400), st.integers(1000, 9000))
def test_rows_are_cut_between_rows(count: int, most: int) -> None:
    rows = [{"name": f"row {number}", "amount": number, "type": "document"} for number in range(count)]
    body = answered([record(row, target="per_table_row") for row in rows], max_content_chars=most)
    assert body["data"] == rows[: len(body["data"])]
    if len(body["data"]) < count:
        cut = body["truncated"]
        assert (cut["next"], cut["rows_total"]) == (f"/{len(body['data'])}/name", count)
        assert cut["rows_shown"] == len(body["data"]) > 0
        assert cut["read_on"] == READ_ON


def test_evidence_goes_before_data() -> None:
    data = {f"field_{number}": "word " * 6 for number in range(30)}
    whole = answered([record(data)], max_content_chars=20_000)
    assert whole["truncated"] is None
    assert len(whole["evidence"]) == 30
    less = answered([record(data)], max_content_chars=3000)
    assert less["data"] == data
    assert 0 < len(less["evidence"]) < 30
    assert less["truncated"]["evidence_left_out"] == 30 - len(less["evidence"])


def test_what_to_review_keeps_its_evidence_longest() -> None:
    data = {f"field_{number}": "word " * 6 for number in range(30)}
    found = record(data)
    doubtful = {**found.fields, "/field_29": ExtractedField(
        pointer="/field_29", value="word " * 6, confidence=0.31, citations=(Citation(page=7, quote="word"),)
    )}  # fmt: skip
    body = answered([ExtractedRecord(data=data, fields=doubtful)], max_content_chars=3000)
    assert body["review"] == [{"field": "/field_29", "reason": "confidence 0.31"}]
    assert body["evidence"]["/field_29"]["page"] == 7
    only = answered([ExtractedRecord(data=data, fields=doubtful)], evidence="review")
    assert list(only["evidence"]) == ["/field_29"]
    assert answered([ExtractedRecord(data=data, fields=doubtful)], evidence="none")["evidence"] == {}


def test_what_is_to_review() -> None:
    found = record({"number": "A", "buyer": None, "note": None, "guess": "x"})
    fields = {**found.fields, "/guess": ExtractedField(pointer="/guess", value="x", confidence=0.95)}
    body = answered([ExtractedRecord(data=found.data, fields=fields, warnings=("odd",))], required={"/buyer"})
    assert body["review"] == [
        {"field": "/buyer", "reason": "required, not found"},
        {"field": "/guess", "reason": "not located in the document"},
    ]
    assert body["warnings"] == ["odd"]


def test_without_any_evidence_nothing_is_called_unlocated() -> None:
    fields = {"/a": ExtractedField(pointer="/a", value=1)}
    assert answered([ExtractedRecord(data={"a": 1}, fields=fields)])["review"] == []


def test_one_value_longer_than_the_answer() -> None:
    text = "".join(f"word{number} " for number in range(2000))
    body = answered([record({"text": text, "after": 1})], max_content_chars=2000)
    shown = body["data"]["text"]
    assert text.startswith(shown)
    assert len(shown) > 500
    assert (body["truncated"]["next"], body["truncated"]["next_character"]) == ("/text", len(shown))


HIDDEN = "ACME\u202e\u2066\x00\x1b[31m\U000e0041\U000e007f\ud800 Ltd"


def test_hidden_characters_are_in_the_artifact_only() -> None:
    answer = finished_answer(
        JOB, [record({"seller": HIDDEN, "a\u202e": 1, "a": 2})], AnswerStyle(), document="a"
    )
    body = json.loads(answer.content)
    assert body["data"]["seller"] == "ACME[31m Ltd"
    assert len(body["data"]) == 3
    assert is_clean(answer.content)
    assert "\u202e" in answer.artifact["records"][0]["data"]["seller"]
    assert "\U000e0041" in answer.artifact["records"][0]["data"]["seller"]


def test_the_artifact_is_bounded() -> None:
    rows = [record({"text": "x" * 500}, target="per_table_row", row=number) for number in range(50)]
    answer = finished_answer(JOB, rows, AnswerStyle(max_artifact_chars=10_000), document="a")
    assert len(json.dumps(answer.artifact["records"])) <= 10_000
    assert answer.artifact["truncated"]["records_total"] == 50
    assert answer.artifact["truncated"]["records_shown"] == len(answer.artifact["records"]) > 1
    one = finished_answer(JOB, rows[:1], AnswerStyle(max_artifact_chars=600), document="a").artifact[
        "records"
    ]
    assert one[0]["data"] is None
    assert one[0]["left_out"] == ["fields", "data"]


@pytest.mark.parametrize("target", ["per_doc", "per_table_row"])
def test_nothing_found(target: str) -> None:
    assert answered([])["data"] is None
    assert answered([record({}, target=target)])["data"] in ({}, [{}])


def test_still_running() -> None:
    job = SimpleNamespace(id="ext-1", status="RUNNING", origin=None)
    answer = pending_answer(job, seconds=120.0, document="a.txt")
    assert json.loads(answer.content)["status"] == "RUNNING"
    assert "120 s" in json.loads(answer.content)["next"]
