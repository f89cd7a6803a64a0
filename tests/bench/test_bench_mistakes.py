"""Mistakes of a run: one entry a field and kind, the most frequent first, none of hidden layouts."""

from __future__ import annotations

from typing import Any

import pytest

from extract_bridge.bench.document import BenchDocument
from extract_bridge.bench.layouts.kinds import HIDDEN
from extract_bridge.bench.mistakes import mistakes
from extract_bridge.bench.run import Outcome
from extract_bridge.bench.scoring.score import judge
from extract_bridge.core.records.fields import ExtractedField
from extract_bridge.core.records.model import ExtractedRecord


def outcome(
    expected: dict[str, Any], answer: dict[str, Any], layout: str = "folder", error: str | None = None
) -> Outcome:
    document = BenchDocument(name="one.txt", content=b"", data_schema={}, expected=expected, layout=layout)
    fields = {f"/{name}": ExtractedField(pointer=f"/{name}", value=value) for name, value in answer.items()}
    record = ExtractedRecord(data=answer, fields=fields, extraction_target="per_doc")
    return Outcome(document.name, layout, judge(document, [record]), 0.1, 1, error)


def test_each_kind_is_told_apart_and_counted() -> None:
    one = outcome({"a": 1, "b": "x", "c": None, "d": "same"}, {"a": 2, "b": None, "c": "no", "d": "same"})
    two = outcome({"a": 1, "b": "x"}, {"a": 3, "b": "x"})
    found = [(item.count, item.kind, item.at, item.truth, item.answer) for item in mistakes([one, two])]
    assert found == [
        (2, "wrong", "/a", 1, 2),
        (1, "missed", "/b", "x", None),
        (1, "invented", "/c", None, "no"),
    ]


def test_rows_are_one_field() -> None:
    truth, answer = [{"n": 1}, {"n": 2}, {"n": 3}], [{"n": 1}]
    (item,) = mistakes([outcome({"rows": truth}, {"rows": answer})])
    assert (item.count, item.kind, item.at) == (2, "missed", "/rows/*/n")


@pytest.mark.parametrize("group", HIDDEN)
def test_hidden_layouts_and_documents_without_an_answer_are_left_out(group: str) -> None:
    hidden = outcome({"a": 1}, {"a": 2}, layout=group)
    failed = outcome({"a": 1}, {}, error="NotSentError: no service")
    assert mistakes([hidden, failed]) == []
    assert "x9" not in repr(mistakes([outcome({"a": "x9"}, {"a": "y"})]))
