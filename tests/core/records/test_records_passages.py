"""Records as text and metadata."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.records.citations import decode_rows, encode_rows, fit_rows
from extract_bridge.core.records.model import Box, PageSize
from extract_bridge.core.records.passages import Passage, decode_citations, decode_confidences, passages
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.records.renderings import leaves, scalar_text

SCHEMA = {
    "title": "Invoice",
    "type": "object",
    "properties": {
        "number": {"type": "string"},
        "seller": {"type": "object", "properties": {"name": {"type": "string"}}},
        "total": {"type": ["number", "null"]},
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "amount": {"type": "number"}},
            },
        },
    },
    "required": ["number"],
}
DATA = {
    "number": "A-17",
    "seller": {"name": "ACME"},
    "total": None,
    "lines": [{"name": "Bolt | 3", "amount": 12.5}, {"name": "Nut", "amount": 2}],
}


def leaf(page: int, quote: str, confidence: float = 0.9) -> dict[str, Any]:
    place = {"page": page, "matching_text": quote, "bounding_boxes": [{"x": 1, "y": 2, "w": 3, "h": 4}]}
    return {
        "citation": [{**place, "page_dimensions": {"width": 100, "height": 200}}],
        "confidence": confidence,
    }


METADATA = {
    "number": leaf(1, "A-17"),
    "seller": {"name": leaf(1, "ACME")},
    "lines": [
        {"name": leaf(1, "Bolt"), "amount": leaf(1, "12,50")},
        {"name": leaf(3, "Nut"), "amount": leaf(3, "2", 0.7)},
    ],
}
JOB = {
    "id": "ext-1",
    "status": "COMPLETED",
    "file_input": "dfl-1",
    "created_at": "2026-01-01T00:00:00Z",
    "configuration": {"data_schema": SCHEMA, "tier": "agentic", "extraction_target": "per_doc"},
    "extract_result": DATA,
    "extract_metadata": {"field_metadata": {"document_metadata": METADATA}, "parse_job_id": "pjb-1"},
}


def made(**keywords: Any) -> list[Passage]:
    return list(passages(records_from_job(JOB, source="in/a.pdf", service="local"), job=JOB, **keywords))


def test_lines_leave_nulls_out() -> None:
    (passage,) = made()
    assert (
        passage.text
        == "number: A-17\nseller.name: ACME\nlines[0].name: Bolt | 3\nlines[0].amount: 12.5\nlines[1].name: Nut\nlines[1].amount: 2"
    )


def test_metadata_is_what_the_contract_says() -> None:
    (passage,) = made()
    metadata = dict(passage.metadata)
    rows = json.loads(metadata.pop("citations"))
    assert list(passage.metadata) == sorted(passage.metadata)
    assert metadata == {
        "source": "in/a.pdf",
        "file_name": "a.pdf",
        "pages": "1,3",
        "page_label": "1,3",
        "extraction_target": "per_doc",
        "schema_name": "Invoice",
        "confidence_min": 0.7,
        "needs_review": True,
        "service": "local",
        "record_id": passage.id,
        "content_key": passage.record.content_key,
    }
    assert rows[0] == {"path": "/number", "span": [8, 12], "page": 1, "confidence": 0.9, "quote": "A-17"}
    assert {"path": "/total"} in rows
    assert uuid.UUID(passage.id).version == 5


def test_what_changes_from_run_to_run_comes_on_request() -> None:
    (plain,), (full,) = made(), made(job_metadata=True)
    added = {key: full.metadata[key] for key in full.metadata.keys() - plain.metadata.keys()}
    assert added == {
        "confidence_mean": 0.8667, "created_at": "2026-01-01T00:00:00Z", "job_id": "ext-1", "parse_job_id": "pjb-1",
        "source_id": "in/a.pdf", "tier": "agentic",
    }  # fmt: skip


def test_citations_come_back() -> None:
    (compact,), (full,), (none,) = made(), made(citations="full"), made(citations="none")
    assert "citations" not in none.metadata
    found = decode_citations(full.metadata)
    assert found["/number"][0].boxes == (Box(1, 2, 3, 4),)
    assert found["/number"][0].page_size == PageSize(100, 200)
    assert found["/total"] == []
    assert decode_citations(compact.metadata["citations"])["/lines/1/amount"][0].quote == "2"
    assert decode_confidences(compact.metadata)["/lines/1/amount"] == 0.7


@pytest.mark.parametrize("odd", [None, "", "{", "3", '["x"]', {"citations": 5}, {}])
def test_citations_that_are_none(odd: Any) -> None:
    assert decode_citations(odd) == {}


def test_fields_are_copied_for_filters() -> None:
    (passage,) = made(metadata_fields=["number", "/total", "seller.name", "missing"])
    assert (passage.metadata["number"], passage.metadata["seller.name"]) == ("A-17", "ACME")
    assert "total" not in passage.metadata


@pytest.mark.parametrize(
    "keywords",
    [
        {"metadata_fields": ["page"]},
        {"metadata_fields": ["total", "/total"]},
        {"metadata_fields": ["lines"]},
        {"metadata_fields": ["seller"]},
        {"content": "prose"},
        {"content": "{number"},
        {"content": "source"},
        {"split_by": "sentence"},
        {"citations": "all"},
        {"extra_metadata": {"tags": ["a"]}},
        {"extra_metadata": {"n": float("nan")}},
    ],
)
def test_keywords_that_cannot_be(keywords: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        made(**keywords)
    assert caught.value.hint


def test_extra_metadata_never_hides_ours() -> None:
    (passage,) = made(extra_metadata={"tenant": "t1", "source": "forged", "page": 9, "none": None})
    assert (passage.metadata["tenant"], passage.metadata["source"]) == ("t1", "in/a.pdf")
    assert "none" not in passage.metadata


@pytest.mark.parametrize("split_by", ["page", "row", "field"])
def test_parts_have_ids_of_their_own_and_lose_nothing(split_by: Any) -> None:
    whole, parts = made()[0], made(split_by=split_by)
    ids = [part.id for part in parts]
    assert len(set(ids)) == len(ids) > 1
    assert ids == [part.id for part in made(split_by=split_by)]
    shown = [row["path"] for part in parts for row in decode_rows(part.metadata) if "span" in row]
    assert sorted(shown) == sorted(row["path"] for row in decode_rows(whole.metadata) if "span" in row)
    assert all(part.metadata["record_id"] == whole.id for part in parts)


def test_a_page_and_a_row_know_their_place() -> None:
    assert [part.metadata["page"] for part in made(split_by="page")] == [1, 3]
    rows = made(split_by="row")
    assert [(part.metadata.get("row"), part.metadata.get("field")) for part in rows] == [
        (None, None),
        (0, "/lines/0"),
        (1, "/lines/1"),
    ]
    assert rows[2].text == "lines[1].name: Nut\nlines[1].amount: 2"
    assert made(split_by="field")[0].metadata["field"] == "/number"


def test_renderings_for_people() -> None:
    text = made(content="markdown")[0].text
    assert "- **number:** A-17" in text
    assert "| Bolt \\| 3 | 12.5 |" in text
    assert json.loads(made(content="json")[0].text) == DATA
    assert (
        made(content="{seller.name} asks {total} for {lines[0].amount:.2f}")[0].text == "ACME asks  for 12.50"
    )
    assert made(content=lambda record: record.data["number"])[0].text == "A-17"
    assert made(content="yaml")[0].text.startswith("number: A-17\nseller:\n  name: ACME\ntotal: null\n")


NAMES = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=6)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9) | st.text(max_size=10)
)
TREES = st.dictionaries(
    NAMES,
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


@pytest.mark.parametrize("content", ["lines", "json", "yaml", "markdown"])
@given(data=TREES)
def test_a_span_is_the_value_and_nothing_else(content: Any, data: dict[str, Any]) -> None:
    job = {"id": "ext-1", "status": "COMPLETED", "extract_result": data}
    (passage,) = passages(records_from_job(job), content=content, max_metadata_bytes=10**7)
    spans = {row["path"]: row["span"] for row in decode_rows(passage.metadata) if "span" in row}
    values = {pointer: value for pointer, _, value in leaves(data)}
    assert spans.keys() == values.keys()
    for pointer, (start, end) in spans.items():
        shown = passage.text[start:end]
        assert shown in possible(values[pointer], content)


def possible(value: Any, content: str) -> set[str]:
    text = scalar_text(value)
    return {
        "lines": {text},
        "json": {json.dumps(value, ensure_ascii=False)},
        "yaml": {text, json.dumps(value, ensure_ascii=False)},
        "markdown": {text, text.replace("|", "\\|").replace("\n", " ")},
    }[content]


@given(TREES, st.integers(700, 5000))
def test_metadata_fits_and_is_plain_json(data: dict[str, Any], most: int) -> None:
    metadata = {name: leaf(1, "quote " * 30) for name in data}
    job = {
        "id": "ext-1",
        "status": "COMPLETED",
        "extract_result": data,
        "extract_metadata": {"field_metadata": {"document_metadata": metadata}},
    }
    (passage,) = passages(records_from_job(job), max_metadata_bytes=most)
    text = json.dumps(passage.metadata, allow_nan=False, ensure_ascii=False)
    assert len(text.encode("utf-8")) <= most or passage.metadata["citations"] == "[]"
    assert all(isinstance(value, str | int | float | bool) for value in passage.metadata.values())


@given(st.integers(0, 4000))
def test_quotes_go_first(room: int) -> None:
    rows = [
        {"path": f"/{number}", "page": 1, "quote": "x" * 40, "boxes": [[1, 2, 3, 4]]} for number in range(20)
    ]
    text, truncated = fit_rows(rows, room)
    kept = json.loads(text)
    assert truncated == (encode_rows(rows) != text)
    assert len(json.dumps(text)) <= max(room, 4)
    if len(kept) < 20:
        assert not any("quote" in row or "boxes" in row for row in kept)
