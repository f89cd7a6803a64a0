"""Payloads as nobody should send them: nothing raises; what is odd is left out, and said where it matters."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.core.errors import JobError, WaitTimeoutError
from extract_bridge.core.records.citations import decode_citations, decode_confidences
from extract_bridge.core.records.clean import DEEPEST, Oddities, cleaned
from extract_bridge.core.records.model import Citation, ExtractedRecord
from extract_bridge.core.records.passages import passages
from extract_bridge.core.records.read import records_from_job

HUGE = 10**400
UNWRITABLE = 10**5000  # Python itself refuses to write it in decimal


class Unwritable(int):
    """The same with a repr, for hypothesis' reports."""

    def __repr__(self) -> str:
        return "Unwritable()"


def kind(value: object) -> str:
    return type(value).__name__


def job(result: Any, metadata: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "id": "ext-1",
        "status": "COMPLETED",
        "extract_result": result,
        "extract_metadata": {"field_metadata": metadata},
        **more,
    }


def record_of(result: Any, metadata: Any = None, **more: Any) -> ExtractedRecord:
    return records_from_job(job(result, metadata, **more))[0]


def check(payload: dict[str, Any]) -> list[ExtractedRecord]:
    """Everything that is made of a payload can be made, encoded and read again."""
    records = records_from_job(payload)
    for record in records:
        assert len(record.id) == 36
        assert len(record.content_key) == 64
        written = json.loads(json.dumps(record.to_dict(), allow_nan=False))
        assert ExtractedRecord.from_dict(written) == record
        for field in record.fields.values():
            for number in (field.confidence, field.extraction_confidence, field.parsing_confidence):
                assert number is None or 0 <= number <= 1
    for content in ("lines", "markdown", "json", "yaml"):
        for passage in passages(records, content=content, citations="full", job=payload, job_metadata=True):
            passage.text.encode("utf-8")
            json.dumps(passage.metadata, ensure_ascii=False, allow_nan=False).encode("utf-8")
            decode_citations(passage.metadata)
    for split in ("page", "row", "field"):
        list(passages(records, split_by=split))
    return records


@pytest.mark.parametrize(
    "number", [HUGE, -HUGE, UNWRITABLE, float("nan"), float("inf"), -0.1, 1.5, "0.9", [1]], ids=kind
)
def test_a_confidence_that_is_none_is_left_out_and_said(number: Any) -> None:
    record = record_of({"a": 1}, {"a": {"confidence": number, "parsing_confidence": 1}})
    assert (record.fields["/a"].confidence, record.fields["/a"].parsing_confidence) == (None, 1.0)
    assert record.warnings == ("/a: a confidence is no number from 0 to 1, and left out",)


def test_many_oddities_of_one_kind_are_one_warning() -> None:
    data = {f"p{number}": number for number in range(9)}
    record = record_of(data, {name: {"confidence": 90} for name in data})
    assert record.warnings == (
        "/p0, /p1, /p2, /p3, /p4 and 4 more: a confidence is no number from 0 to 1, and left out",
    )


@pytest.mark.parametrize(
    "page", [HUGE, UNWRITABLE, "9" * 5000, 1e300, float("inf"), -1, [1], {}, b"1"], ids=kind
)
def test_a_page_that_is_none(page: Any) -> None:
    (citation,) = record_of({"a": 1}, {"a": {"citation": {"page": page}}}).fields["/a"].citations
    assert citation.page is None


@pytest.mark.parametrize("match", [[], ["exact"], {}, 3, "nearly"])
def test_a_match_that_is_none(match: Any) -> None:
    (citation,) = record_of({"a": 1}, {"a": {"citation": {"page": 1, "match": match}}}).fields["/a"].citations
    assert (citation.page, citation.match) == (1, None)


@pytest.mark.parametrize("number", [HUGE, UNWRITABLE, 1e308, float("nan"), b"1"], ids=kind)
def test_coordinates_that_are_none(number: Any) -> None:
    boxes = [{"x": number, "y": 1, "w": number, "h": 1}, [number, 1, number, 2]]
    entry = {"citation": {"bounding_boxes": boxes, "page_dimensions": {"width": number, "height": 5}}}
    (citation,) = record_of({"a": 1}, {"a": entry}).fields["/a"].citations
    assert (citation.boxes, citation.page_size) == ((), None)


@pytest.mark.parametrize("status", [["COMPLETED"], {}, 3, UNWRITABLE], ids=kind)
def test_a_status_that_is_no_text_is_ignored(status: Any) -> None:
    assert record_of({"a": 1}, status=status).data == {"a": 1}
    with pytest.raises(WaitTimeoutError, match="no known state"):
        records_from_job({"id": UNWRITABLE, "status": status, "error_message": HUGE})


@pytest.mark.parametrize("target", [["per_doc"], {}, 3, "per_word"])
def test_an_unknown_extraction_target_is_guessed(target: Any) -> None:
    record = record_of({"a": 1}, configuration={"extraction_target": target, "data_schema": 5})
    assert record.extraction_target == "per_doc"


@pytest.mark.parametrize("details", [3, "x", {}, [3], [None], [{"warnings": 3, "row": True, "page": []}]])
def test_details_that_are_none(details: Any) -> None:
    record = record_of([{"a": 1}], {"record_details": details, "row_metadata": []})
    assert (record.row, record.warnings) == (0, ())
    told = record_of({"a": 1}, {"record_details": [{"warnings": ["odd", 3], "more": {"a": float("nan")}}]})
    assert (told.warnings, told.extra) == (("odd",), {"more": {"a": None}})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), UNWRITABLE, b"x", object(), {1, 2}], ids=kind)
def test_what_json_cannot_hold_is_null_and_a_warning(value: Any) -> None:
    (record,) = check(job({"a": {"b": [1, value]}, "c": 2}))
    assert record.data == {"a": {"b": [1, None]}, "c": 2}
    assert record.warnings[0].startswith("/a/b/1: ")
    assert record.fields["/a/b/1"].value is None


def test_a_name_that_is_no_text_is_left_out_with_a_warning() -> None:
    (record,) = check(job({"a": 1, 3: 4}))
    assert record.data == {"a": 1}
    assert record.warnings == ("/: a property whose name is no text was left out",)


def nested(levels: int, kind: str) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value] if kind == "list" else {"a": value}
    return value


@pytest.mark.parametrize("kind", ["list", "object"])
def test_a_result_far_too_deep_is_cut(kind: str) -> None:
    deep = nested(3000, kind)
    (record,) = check(job({"rows": deep}, {"rows": deep}, configuration={"data_schema": deep}))
    assert f"deeper than {DEEPEST} levels" in record.warnings[0]
    (field,) = record.fields.values()
    assert (field.value, field.pointer.count("/")) == (None, DEEPEST)


def test_evidence_far_too_deep_is_cut() -> None:
    deep = nested(3000, "object")
    (record,) = check(job({"a": 1}, {"a": {"odd": deep, "citation": [{"page": 1, "odd": deep}]}}))
    assert record.fields["/a"].citations[0].page == 1


def test_a_tidy_result_is_not_copied() -> None:
    data = {"a": [1, {"b": "c"}], "d": {}}
    odd = Oddities()
    assert cleaned(data, odd) is data
    assert odd.sentences() == []


def test_lone_surrogates_are_replaced_where_text_goes_out() -> None:
    payload = job(
        {"a\ud800": "x\udfffy"},
        {"a\ud800": {"citation": [{"page": 1, "matching_text": "\ud800"}]}},
        file_input="\ud800.pdf",
    )
    (record,) = check(payload)
    assert record.data == {"a\ud800": "x\udfffy"}
    (passage,) = passages([record], metadata_fields=["/a\ud800"])
    assert passage.text == "a\ufffd: x\ufffdy"
    assert passage.metadata["source"] == "\ufffd.pdf"
    (citation,) = decode_citations(passage.metadata)["/a\ufffd"]
    assert citation == Citation(page=1, quote="\ufffd")
    assert json.loads(passage.metadata["citations"])[0]["span"] == [4, 7]


@pytest.mark.parametrize(
    "row",
    [
        {"boxes": [[1]]},
        {"boxes": 3, "page": "x"},
        {"boxes": [[1, 2, 3, "x"]], "page_size": [1]},
        {"page": [], "quote": 3, "match": []},
        {"confidence": "high", "page": None},
    ],
)
def test_rows_that_went_through_other_hands(row: Any) -> None:
    text = json.dumps([{"path": "/a", **row}])
    for citation in decode_citations(text)["/a"]:
        assert citation in (Citation(), Citation(page=None))
    assert decode_confidences(text) == {}


def test_rows_too_deep_to_be_read_are_none() -> None:
    assert decode_citations('[{"path":' * 100_000) == {}


SURROGATES = st.text(st.characters(exclude_categories=()), max_size=4)
ODD = st.sampled_from(
    [HUGE, Unwritable(UNWRITABLE), float("nan"), float("inf"), "9" * 5000, b"x", object(), -1, 2.5, (1, 2), {1}, "\ud800", 1e308]
)  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | SURROGATES | ODD
KEYS = st.sampled_from(
    ["a", "b/c", "~d", "confidence", "extraction_confidence", "citation", "citations", "page", "match", "bounding_boxes", "x", "y",
     "w", "h", "page_dimensions", "width", "height", "matching_text", "reasoning", "raw_value", "fields", "error", "\ud800", "",
     "warnings", "row", "document_metadata", "page_metadata", "row_metadata", "record_details", "per_doc", "per_page"]
)  # fmt: skip
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.integers(0, 2), inner, max_size=4),
    max_leaves=12,
)
PLACES = st.fixed_dictionaries(
    {},
    optional={
        "page": SCALARS | ANYTHING,
        "matching_text": SCALARS,
        "match": ANYTHING | st.just("exact"),
        "bounding_boxes": st.lists(st.lists(st.floats() | ODD, max_size=4), max_size=2) | ANYTHING,
        "page_dimensions": st.fixed_dictionaries({"width": SCALARS, "height": SCALARS}),
    },
)
ENTRIES = st.fixed_dictionaries(
    {}, optional={"confidence": SCALARS, "citation": PLACES | st.lists(PLACES, max_size=2), "odd": ANYTHING}
)
NAMES = st.sampled_from(["a", "b", "confidence", "\ud800"])
RESULTS = st.dictionaries(NAMES, SCALARS | st.lists(SCALARS, max_size=2) | ANYTHING, max_size=3)
METADATA = st.dictionaries(NAMES, ENTRIES | st.lists(ENTRIES, max_size=2) | ANYTHING, max_size=3)
DETAILS = st.fixed_dictionaries(
    {}, optional={"page": SCALARS, "row": SCALARS, "warnings": ANYTHING, "more": ANYTHING}
)
PAYLOADS = st.fixed_dictionaries(
    {"extract_result": RESULTS | st.lists(RESULTS, max_size=3) | ANYTHING},
    optional={
        "id": ANYTHING,
        "status": st.just("COMPLETED") | ANYTHING,
        "file_input": ANYTHING,
        "created_at": ANYTHING,
        "configuration": ANYTHING
        | st.fixed_dictionaries(
            {},
            optional={
                "extraction_target": ANYTHING | st.sampled_from(["per_doc", "per_page", "per_table_row"]),
                "data_schema": ANYTHING,
                "target_pages": SURROGATES | ANYTHING,
                "tier": ANYTHING,
            },
        ),
        "extract_metadata": ANYTHING
        | st.fixed_dictionaries(
            {
                "field_metadata": METADATA
                | st.fixed_dictionaries(
                    {},
                    optional={
                        "document_metadata": METADATA,
                        "page_metadata": st.lists(METADATA, max_size=3) | ANYTHING,
                        "row_metadata": st.lists(METADATA, max_size=3) | ANYTHING,
                        "record_details": st.lists(DETAILS, max_size=3) | ANYTHING,
                    },
                )
            }
        ),
    },
)  # fmt: skip


def checked_or_refused(payload: dict[str, Any]) -> JobError | None:
    """A payload without a result and without COMPLETED is no finished job; that alone may be an error."""
    try:
        check(payload)
    except JobError as error:
        return error
    return None


@given(PAYLOADS)
def test_no_payload_raises(payload: dict[str, Any]) -> None:
    refused = checked_or_refused(payload)
    if refused is not None:
        assert payload.get("status") != "COMPLETED"
        assert payload["extract_result"] is None or isinstance(payload.get("status"), str)


ODD_NUMBERS = st.sampled_from(
    [HUGE, -HUGE, Unwritable(UNWRITABLE), float("nan"), float("inf"), -0.5, 1.5, 1e308, -1e308, "9" * 5000, "2", True, [], {}, None, 1]
)  # fmt: skip
ODD_BOXES = st.lists(ODD_NUMBERS, min_size=4, max_size=4) | st.fixed_dictionaries(
    dict.fromkeys(("x", "y", "w", "h"), ODD_NUMBERS)
)
ODD_ENTRIES = st.fixed_dictionaries(
    {
        "confidence": ODD_NUMBERS,
        "citation": st.lists(
            st.fixed_dictionaries(
                {
                    "page": ODD_NUMBERS,
                    "match": ODD_NUMBERS,
                    "bounding_boxes": st.lists(ODD_BOXES, min_size=1, max_size=3),
                    "page_dimensions": st.fixed_dictionaries({"width": ODD_NUMBERS, "height": ODD_NUMBERS}),
                    "odd": SCALARS,
                }
            ),
            min_size=1,
            max_size=2,
        ),
        "odd": SCALARS,
    }
)


@st.composite
def evidence(draw: st.DrawFn, data: Any) -> Any:
    """Metadata of the shape of `data`, with odd entries."""
    if isinstance(data, dict):
        return {name: draw(evidence(value)) for name, value in data.items()}
    if isinstance(data, list):
        return [draw(evidence(value)) for value in data]
    return draw(ODD_ENTRIES)


@given(
    result=st.sampled_from([{"a": 1}, {"a": [1, 2], "b": {"c": None}}, {"a": [{"b": 1}, {"b": 2}]}]),
    target=st.sampled_from(["per_doc", "per_page", "per_table_row"]),
    schema=st.fixed_dictionaries(
        {
            "type": st.just("object"),
            "properties": st.just({"a": {"type": "string"}}) | ANYTHING,
            "required": ANYTHING,
        },
        optional={"title": ANYTHING},
    ),
    data=st.data(),
)
def test_no_evidence_raises(result: Any, target: str, schema: Any, data: st.DataObject) -> None:
    entries = data.draw(evidence(result))
    single = target == "per_doc"
    key = {"per_doc": "document_metadata", "per_page": "page_metadata", "per_table_row": "row_metadata"}[
        target
    ]
    metadata = {key: entries if single else [entries]}
    configuration = {"extraction_target": target, "data_schema": schema}
    (record,) = check(job(result if single else [result], metadata, configuration=configuration))
    assert all(len(field.citations) for field in record.fields.values())
