"""The wire -> records -> the wire, in every shape seen in the wild and in shapes nobody has seen yet."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.core.errors import JobCancelledError, JobFailedError, ResultError, WaitTimeoutError
from extract_bridge.core.records.model import Box, Citation, ExtractedField, ExtractedRecord, PageSize
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.records.walk import FieldMap, walk
from extract_bridge.core.records.write import dump_records, write_records
from extract_bridge.core.wire.jobs import ExtractV2Job, JobOrigin

LEAF = {
    "citation": [
        {
            "page": 2,
            "matching_text": "# ACME",
            "bounding_boxes": [{"x": 36.8, "y": 38.9, "w": 341.7, "h": 24.6}],
            "page_dimensions": {"width": 595.2, "height": 841.9},
        }
    ],
    "confidence": 0.94,
    "extraction_confidence": 0.95,
    "parsing_confidence": 1.0,
}


def job(result: Any, field_metadata: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "id": "ext-1",
        "status": "COMPLETED",
        "file_input": "dfl-1",
        "extract_result": result,
        "extract_metadata": {"field_metadata": field_metadata},
        **more,
    }


def fields(result: Any, metadata: Any) -> dict[str, ExtractedField]:
    (record,) = records_from_job(job(result, {"document_metadata": metadata}))
    return dict(record.fields)


def test_a_leaf_with_everything() -> None:
    (field,) = fields({"seller": "ACME"}, {"seller": LEAF}).values()
    assert (field.pointer, field.value) == ("/seller", "ACME")
    assert (field.confidence, field.extraction_confidence, field.parsing_confidence) == (0.94, 0.95, 1.0)
    (citation,) = field.citations
    assert (citation.page, citation.quote) == (2, "# ACME")
    assert citation.boxes == (Box(36.8, 38.9, 341.7, 24.6),)
    assert citation.page_size == PageSize(595.2, 841.9)


def test_fields_directly_under_field_metadata() -> None:
    (record,) = records_from_job(job({"seller": "ACME"}, {"seller": LEAF}))
    assert record.fields["/seller"].confidence == 0.94


@pytest.mark.parametrize("entry", [None, {}, [], "text", 3])
def test_a_missing_or_null_entry_is_a_field_without_evidence(entry: Any) -> None:
    found = fields({"seller": None, "total": 3}, {"seller": entry, "total": LEAF})
    assert (found["/seller"].value, found["/seller"].citations) == (None, ())
    assert found["/total"].value == 3


def test_no_metadata_at_all() -> None:
    (record,) = records_from_job(
        {"id": "ext-1", "status": "COMPLETED", "extract_result": {"a": [1, {"b": None}]}}
    )
    assert list(record.fields) == ["/a/0", "/a/1/b"]


def test_reasoning_of_a_container_reaches_its_leaves() -> None:
    found = fields(
        {"supplier": {"name": "A", "vat": None}, "rows": [{"rate": 7}]},
        {
            "supplier": {"name": {"reasoning": "own"}, "reasoning": "around"},
            "rows": [{"rate": LEAF, "reasoning": "row"}],
        },
    )
    assert found["/supplier/name"].reasoning == "own"
    assert found["/supplier/vat"].reasoning == "around"
    assert found["/rows/0/rate"].reasoning == "row"


def test_fields_may_be_called_like_the_keys_of_evidence() -> None:
    data = {"confidence": 0.5, "citation": "x", "reasoning": "y", "error": "z", "page": 3}
    found = fields(data, {name: {**LEAF, "confidence": 0.1 * index} for index, name in enumerate(data)})
    assert [found[f"/{name}"].confidence for name in data] == [0.1 * index for index in range(5)]
    assert all(len(field.citations) == 1 for field in found.values())


def test_an_error_at_the_root_is_a_warning() -> None:
    (record,) = records_from_job(
        job({"a": 1}, {"document_metadata": {"a": LEAF, "error": "two pages failed"}})
    )
    assert "two pages failed" in record.warnings[0]


@pytest.mark.parametrize(
    ("citation", "page"),
    [
        ({"page": 2.0}, 2),
        ({"page": "3"}, 3),
        ([{"page": 4}], 4),
        ({"page": 0}, None),
        ({"page": 1.5}, None),
        ({"page": True}, None),
    ],
)
def test_pages_however_written(citation: Any, page: int | None) -> None:
    assert fields({"a": 1}, {"a": {"citations": citation}})["/a"].citations[0].page == page


@pytest.mark.parametrize(
    "boxes",
    [
        [{"x": 10, "y": 20, "w": 30, "h": 40}],
        {"x": 10, "y": 20, "w": 30, "h": 40},
        [{"x1": 10, "y1": 20, "x2": 40, "y2": 60}],
        [[10, 20, 40, 60]],
        [10, 20, 40, 60],
        [[10, 20, 40, 20, 40, 60, 10, 60]],
        [[[10, 20], [40, 20], [40, 60], [10, 60]]],
        [{"x": 0.1, "y": 0.1, "w": 0.3, "h": 0.2}],
    ],
)
def test_boxes_in_every_form(boxes: Any) -> None:
    entry = {
        "citation": [{"page": 1, "bounding_boxes": boxes, "page_dimensions": {"width": 100, "height": 200}}]
    }
    (box,) = fields({"a": 1}, {"a": entry})["/a"].citations[0].boxes
    assert (box.x, box.y, box.w, box.h) == pytest.approx((10, 20, 30, 40))


@pytest.mark.parametrize(
    "boxes", [None, "x", [None], [{"x": None}], [[1, 2, 3]], [{"x": 5, "y": 5, "w": -1, "h": 2}], 7, [[]]]
)
def test_boxes_that_are_none(boxes: Any) -> None:
    assert (
        fields({"a": 1}, {"a": {"citation": [{"page": 1, "bounding_boxes": boxes}]}})["/a"].citations[0].boxes
        == ()
    )


def test_scalars_in_lists_and_unknown_keys() -> None:
    found = fields({"tags": ["a", "b"]}, {"tags": [LEAF, {**LEAF, "odd": 1}]})
    assert found["/tags/1"].extra == {"odd": 1}
    assert found["/tags/0"].citations


def test_a_list_of_another_length_is_a_warning() -> None:
    (record,) = records_from_job(job({"rows": [1, 2, 3]}, {"document_metadata": {"rows": [LEAF]}}))
    assert "/rows" in record.warnings[0]
    assert record.fields["/rows/2"].value == 3


def page_entry(page: int | None) -> dict[str, Any]:
    return {"a": {"citation": [{"page": page}]}} if page else {}


def test_pages_come_from_citations_first() -> None:
    records = records_from_job(job([{"a": 1}, {"a": 2}], {"page_metadata": [page_entry(4), page_entry(2)]}))
    assert [(record.extraction_target, record.page) for record in records] == [
        ("per_page", 4),
        ("per_page", 2),
    ]
    assert records[0].id != records[1].id


def test_pages_come_from_a_wrapper() -> None:
    wrapped = [{"page": 7, "fields": {"a": LEAF}}]
    (record,) = records_from_job(job([{"a": 1}], {"page_metadata": wrapped}))
    assert (record.page, record.fields["/a"].confidence) == (7, 0.94)


def test_pages_come_from_the_order_asked_for_else_are_assumed() -> None:
    asked = {"extraction_target": "per_page", "target_pages": "3,1"}
    records = records_from_job(job([{"a": 1}, {"a": 2}], None, configuration=asked))
    assert [record.page for record in records] == [3, 1]
    assert not any(record.warnings for record in records)
    records = records_from_job(
        job([{"a": 1}, {"a": 2}], None, configuration={"extraction_target": "per_page"})
    )
    assert [record.page for record in records] == [1, 2]
    assert all("assumed" in record.warnings[-1] for record in records)


def test_rows_are_counted_from_zero() -> None:
    records = records_from_job(job([{"a": 1}, {"a": 2}], {"row_metadata": [page_entry(2), page_entry(None)]}))
    assert [(record.row, record.page) for record in records] == [(0, 2), (1, None)]


@pytest.mark.parametrize("result", [None, [], {}, "text", 3, [None], [1]])
def test_results_that_are_no_objects(result: Any) -> None:
    for record in records_from_job(job(result)):
        assert isinstance(record.data, dict)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("FAILED", JobFailedError),
        ("CANCELLED", JobCancelledError),
        ("RUNNING", WaitTimeoutError),
        ("NEW", WaitTimeoutError),
    ],
)
def test_a_job_without_a_result_raises(status: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        records_from_job({"id": "ext-1", "status": status, "error_message": "no pages"})
    assert "no pages" in str(caught.value)
    with pytest.raises(ResultError):
        records_from_job("ext-1")


def test_what_the_caller_handed_in_is_known() -> None:
    whole = ExtractV2Job.read(job({"a": 1}, None, project_id="p", created_at="t", updated_at="t"))
    whole.origin = JobOrigin(
        service="local", source="in/a.pdf", source_id="in/a.pdf", file_name="a.pdf", file_sha256="0" * 64
    )
    (record,) = records_from_job(whole)
    assert (record.source, record.source_id, record.file_name, record.service) == (
        "in/a.pdf",
        "in/a.pdf",
        "a.pdf",
        "local",
    )
    (other,) = records_from_job(whole, source="in/b.pdf", source_id="b")
    assert (other.source, other.source_id, other.file_name) == ("in/b.pdf", "b", "a.pdf")


NAMES = st.sampled_from(
    ["a", "b/c", "~d", "confidence", "citation", "reasoning", "error", "page", "fields", ""]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)
OBJECTS = st.dictionaries(NAMES, TREES, max_size=4)


def leaf_count(data: Any) -> int:
    if isinstance(data, dict):
        return sum(map(leaf_count, data.values()))
    return sum(map(leaf_count, data)) if isinstance(data, list) else 1


@given(OBJECTS, TREES)
def test_the_walk_never_raises_and_misses_no_leaf(data: Any, metadata: Any) -> None:
    assert len(list(walk(data, metadata))) == leaf_count(data)


@given(OBJECTS | st.lists(TREES, max_size=3) | SCALARS, TREES)
def test_no_payload_raises(result: Any, metadata: Any) -> None:
    for record in records_from_job(job(result, metadata)):
        assert len(record.fields) == leaf_count(record.data)
        json.dumps(record.warnings)


NUMBERS = st.floats(2, 5000, allow_nan=False).map(lambda number: round(number, 3))
SIZES = st.builds(PageSize, NUMBERS, NUMBERS)
CITATIONS = st.builds(
    Citation,
    page=st.none() | st.integers(1, 9),
    quote=st.none() | st.text(max_size=12),
    boxes=st.lists(st.builds(Box, NUMBERS, NUMBERS, NUMBERS, NUMBERS), max_size=2).map(tuple),
    page_size=st.none() | SIZES,
    match=st.sampled_from([None, "exact", "normalized", "fuzzy"]),
)
UNIT = st.none() | st.floats(0, 1)


@st.composite
def records(draw: st.DrawFn, target: str) -> ExtractedRecord:
    data = draw(OBJECTS)
    found = {
        bare.pointer: draw(
            st.builds(
                ExtractedField,
                pointer=st.just(bare.pointer),
                value=st.just(bare.value),
                raw_value=st.none() | st.text(max_size=5),
                confidence=UNIT,
                extraction_confidence=UNIT,
                parsing_confidence=UNIT,
                citations=st.lists(CITATIONS, max_size=2).map(tuple),
                reasoning=st.none() | st.text(max_size=5),
            )
        )
        for bare in walk(data, None)
    }
    page = draw(st.integers(1, 50)) if target != "per_doc" else None
    return ExtractedRecord(
        data=data,
        fields=found,
        extraction_target=target,
        page=page,
        schema_name="S",
        source="dfl-1",
        source_id="dfl-1",
        job_id="ext-1",
    )


@pytest.mark.parametrize("target", ["per_doc", "per_page", "per_table_row"])
@given(data=st.data())
def test_what_is_written_is_read_again(target: str, data: st.DataObject) -> None:
    count = 1 if target == "per_doc" else data.draw(st.integers(0, 3))
    written = [data.draw(records(target)) for _ in range(count)]
    if target == "per_table_row":
        written = [ExtractedRecord(**{**vars(record), "row": index}) for index, record in enumerate(written)]
    result, metadata = write_records(written, extraction_target=target)
    wire = json.loads(json.dumps(job(result, metadata, configuration={"extraction_target": target})))
    again = records_from_job(wire, name="S")
    for before, after in zip(written, again, strict=True):
        assert dict(after.fields) == dict(before.fields)
        assert (after.data, after.page, after.row, after.id) == (
            before.data,
            before.page,
            before.row,
            before.id,
        )
        assert after.content_key == before.content_key


@pytest.mark.parametrize("target", ["per_doc", "per_page", "per_table_row"])
@given(data=st.data(), cited=st.booleans(), scored=st.booleans())
def test_records_as_text_are_the_records_as_objects(
    target: str, data: st.DataObject, cited: bool, scored: bool
) -> None:
    given_ = data.draw(st.lists(records(target), max_size=1 if target == "per_doc" else 3))
    asked: Any = {"extraction_target": target, "cite_sources": cited, "confidence_scores": scored}
    result, metadata = dump_records(iter(given_), **asked)
    assert [json.loads(result), json.loads(metadata)] == list(write_records(given_, **asked))
    assert result.isascii()
    assert metadata.isascii()


def test_a_number_that_is_no_json_is_told() -> None:
    with pytest.raises(ResultError, match="JSON cannot hold"):
        dump_records([ExtractedRecord(data={"a": float("nan")}, fields={})], extraction_target="per_doc")


def record_of(data: dict[str, Any], metadata: Any) -> ExtractedRecord:
    return records_from_job(job(data, {"document_metadata": metadata}))[0]


def test_switches_really_switch() -> None:
    record = record_of({"a": 1}, {"a": LEAF})
    _, cited = write_records([record], extraction_target="per_doc", confidence_scores=False)
    _, scored = write_records([record], extraction_target="per_doc", cite_sources=False)
    assert cited is not None
    assert scored is not None
    assert set(cited["document_metadata"]["a"]) == {"citation"}
    assert set(scored["document_metadata"]["a"]) == {
        "confidence",
        "extraction_confidence",
        "parsing_confidence",
    }
    assert (
        write_records([record], extraction_target="per_doc", cite_sources=False, confidence_scores=False)[1]
        is None
    )


def test_the_content_key_changes_with_the_content_only() -> None:
    base = record_of({"a": 1, "b": 2}, {"a": LEAF})
    assert record_of({"b": 2, "a": 1}, {"a": {**LEAF, "confidence": 0.1}}).content_key == base.content_key
    assert record_of({"a": 1, "b": 3}, {"a": LEAF}).content_key != base.content_key
    moved = {"citation": [{**LEAF["citation"][0], "page": 3}]}  # type: ignore[index]
    assert record_of({"a": 1, "b": 2}, {"a": moved}).content_key != base.content_key


def test_fields_are_walked_once_and_equal_a_plain_dict() -> None:
    found = FieldMap({"a": {"b": [1]}}, None)
    assert found == {"/a/b/0": ExtractedField(pointer="/a/b/0", value=1)}
    assert found["/a/b/0"] is found["/a/b/0"]
    assert repr(found) == "<1 fields>"


@pytest.mark.parametrize(
    ("metadata", "missing"),
    [
        (None, ["citations", "confidences"]),
        ({"a": {"confidence": 0.9}}, ["citations"]),
        ({"a": {"citation": [{"page": 1}]}}, ["confidences"]),
        ({"a": LEAF}, []),
    ],
)
def test_evidence_that_was_asked_for_and_never_came_is_a_warning(metadata: Any, missing: list[str]) -> None:
    asked = {"cite_sources": True, "confidence_scores": True}
    (record,) = records_from_job(
        job({"a": 1, "b": None}, {"document_metadata": metadata}, configuration=asked)
    )
    assert [warning.split()[0] for warning in record.warnings] == missing
    (quiet,) = records_from_job(job({"a": 1}, {"document_metadata": metadata}))
    (empty,) = records_from_job(job({"a": None}, None, configuration=asked))
    assert quiet.warnings == empty.warnings == ()
