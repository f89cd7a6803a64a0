"""What a record can do by itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from extract_bridge.core.errors import ResultError, ResultValidationError
from extract_bridge.core.records.model import Box, Citation, ExtractedField, ExtractedRecord, PageSize
from extract_bridge.core.records.passages import passages
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.records.walk import walk


class Invoice(BaseModel):
    seller: str
    total: float | None = None


class Typed(TypedDict):
    seller: str | None


PLACE = {"page": 2, "matching_text": "sesame", "bounding_boxes": [{"x": 1, "y": 2, "w": 3, "h": 4}]}
METADATA = {
    "seller": {"confidence": 0.5, "citation": [PLACE], "raw_value": "sesame"},
    "total": {"confidence": 0.9},
    "due": {"confidence": 0.1, "reasoning": "no date"},
}


def record(seller: Any = "sesame", **more: Any) -> ExtractedRecord:
    job = {
        "id": "ext-1",
        "status": "COMPLETED",
        "extract_result": {"seller": seller, "total": 3, "due": None},
        "extract_metadata": {"field_metadata": {"document_metadata": METADATA}},
    }
    return records_from_job(job, source="/secret/place/a.pdf", name="Invoice", **more)[0]


def test_a_record_is_parsed() -> None:
    assert record().parse(Invoice) == Invoice(seller="sesame", total=3.0)
    assert record().parse(Typed) == {"seller": "sesame"}


def test_a_null_in_a_required_field_says_why() -> None:
    class Due(BaseModel):
        due: str

    with pytest.raises(ResultValidationError) as caught:
        record().parse(Due)
    assert caught.value.problems == (("/due", "not found in the document (no date)"),)
    assert "sesame" not in str(caught.value)


def test_doubtful_and_missing_fields() -> None:
    found = record()
    assert [field.pointer for field in found.below(0.8)] == ["/seller"]
    assert found.below(0.5) == []
    assert [field.pointer for field in found.missing()] == ["/due"]
    assert (found.confidence_min, found.confidence_mean) == (0.5, pytest.approx(0.7))
    empty = ExtractedRecord(data={}, fields={})
    assert (empty.confidence_min, empty.confidence_mean, empty.below(1), empty.missing()) == (
        None,
        None,
        [],
        [],
    )


def test_no_repr_has_document_text_or_a_path() -> None:
    found = record()
    field = found.fields["/seller"]
    (passage,) = passages([found])
    shown = [repr(thing) for thing in (found, [field], field.citations, passage, found.fields)]
    assert not any("sesame" in text or "secret" in text for text in shown)
    assert found.id in shown[0]
    assert repr(field) == "<ExtractedField /seller confidence=0.5 pages=[2]>"
    assert repr(field.citations[0]) == "<Citation page=2 match=None boxes=1>"


def test_a_record_as_json_has_a_version_and_no_link_to_the_record() -> None:
    found = record()
    written = found.to_dict()
    assert written["format_version"] == 1
    assert "page" not in written
    written["data"]["seller"] = "changed"
    assert found.data["seller"] == "sesame"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"format_version": None}, "/format_version"),
        ({"format_version": "1"}, "/format_version"),
        ({"format_version": True}, "/format_version"),
        ({"format_version": 0}, "/format_version"),
        ({"data": None}, "/data"),
        ({"data": []}, "/data"),
        ({"fields": {}}, "/fields"),
        ({"fields": [3]}, "/fields/0"),
        ({"fields": [{}]}, "/fields/0"),
        ({"fields": [{"pointer": 3}]}, "/fields/0/pointer"),
        ({"fields": [{"pointer": "/a", "confidence": True}]}, "/fields/0/confidence"),
        ({"fields": [{"pointer": "/a", "citations": [3]}]}, "/fields/0/citations/0"),
        ({"fields": [{"pointer": "/a", "citations": [{"match": "x"}]}]}, "/fields/0/citations/0/match"),
        ({"fields": [{"pointer": "/a", "citations": [{"boxes": [[1, 2]]}]}]}, "/fields/0/citations/0/boxes/0"),
        ({"fields": [{"pointer": "/a", "citations": [{"page_size": [1, "x"]}]}]}, "/fields/0/citations/0/page_size"),
        ({"odd": 1}, "/odd"),
        ({"page": "3"}, "/page"),
    ],
)  # fmt: skip
def test_what_is_no_record_is_refused_with_its_place(change: dict[str, Any], where: str) -> None:
    with pytest.raises(ResultError) as caught:
        ExtractedRecord.from_dict({**record().to_dict(), **change})
    assert caught.value.where == where
    assert caught.value.hint


def test_a_newer_record_asks_for_a_newer_package() -> None:
    with pytest.raises(ResultError, match="Install a newer"):
        ExtractedRecord.from_dict({**record().to_dict(), "format_version": 2})
    with pytest.raises(ResultError):
        ExtractedRecord.from_dict([])  # type: ignore[arg-type]


TEXT = st.text(st.characters(exclude_categories=()), max_size=4)
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False) | st.integers(-9, 9)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8
)
OBJECTS = st.dictionaries(TEXT, TREES, max_size=3)
CITATIONS = st.builds(
    Citation,
    page=st.none() | st.integers(1, 9),
    quote=st.none() | TEXT,
    boxes=st.lists(st.builds(Box, NUMBERS, NUMBERS, NUMBERS, NUMBERS), max_size=2).map(tuple),
    page_size=st.none() | st.builds(PageSize, NUMBERS, NUMBERS),
    match=st.sampled_from([None, "exact", "normalized", "fuzzy"]),
    extra=OBJECTS,
)
UNIT = st.none() | st.floats(0, 1)


@st.composite
def records(draw: st.DrawFn) -> ExtractedRecord:
    data = draw(OBJECTS)
    found = {
        bare.pointer: draw(
            st.builds(
                ExtractedField,
                pointer=st.just(bare.pointer),
                value=st.just(bare.value),
                raw_value=st.none() | TEXT,
                confidence=UNIT,
                extraction_confidence=UNIT,
                parsing_confidence=UNIT,
                citations=st.lists(CITATIONS, max_size=2).map(tuple),
                reasoning=st.none() | TEXT,
                extra=OBJECTS,
            )
        )
        for bare in walk(data, None)
    }
    return ExtractedRecord(
        data=data,
        fields=found,
        extraction_target=draw(st.sampled_from(["per_doc", "per_page", "per_table_row"])),
        page=draw(st.none() | st.integers(1, 50)),
        row=draw(st.none() | st.integers(0, 50)),
        schema_name=draw(TEXT),
        source=draw(st.none() | TEXT),
        source_id=draw(TEXT),
        file_name=draw(st.none() | TEXT),
        file_sha256=draw(st.none() | TEXT),
        service=draw(st.none() | TEXT),
        job_id=draw(st.none() | TEXT),
        warnings=tuple(draw(st.lists(TEXT, max_size=2))),
        extra=draw(OBJECTS),
    )


@given(records())
def test_a_record_survives_being_json(before: ExtractedRecord) -> None:
    after = ExtractedRecord.from_dict(json.loads(json.dumps(before.to_dict(), allow_nan=False)))
    assert after == before
    assert list(after.fields) == list(before.fields)
    assert (after.id, after.content_key) == (before.id, before.content_key)


@given(TREES, records())
def test_any_json_is_a_record_or_a_result_error(odd: Any, known: ExtractedRecord) -> None:
    for name in known.to_dict():
        refused = record_or_error({**known.to_dict(), name: odd})
        assert isinstance(refused, ExtractedRecord) or refused.hint


def record_or_error(data: Any) -> ExtractedRecord | ResultError:
    try:
        return ExtractedRecord.from_dict(data)
    except ResultError as error:
        return error


NAMED_BY_CONTENT = """
import json, sys
from extract_bridge.core.records.read import records_from_job
for job in json.load(sys.stdin):
    for record in records_from_job(job, source="in/a.pdf"):
        print(record.id, record.schema_name, record.content_key)
"""


def shuffled(value: Any) -> Any:
    """The same JSON with the keys of every object in the other order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(value)}
    return [shuffled(item) for item in value] if isinstance(value, list) else value


def test_ids_are_the_same_in_every_process_and_order_of_keys() -> None:
    schema = {
        "type": "object",
        "properties": {"b": {"type": "string"}, "a": {"type": "number", "title": "A"}},
    }
    base = {
        "id": "ext-1",
        "status": "COMPLETED",
        "extract_result": [{"a": 1, "b": {"c": "x", "d": 2}}, {"a": 2, "b": None}],
    }
    entry = {"a": {"citation": [PLACE], "confidence": 0.5}}
    jobs = [
        {
            **base,
            "configuration": {"extraction_target": target, "data_schema": schema},
            "extract_metadata": {"field_metadata": {place: [entry, entry]}},
        }
        for target, place in [("per_page", "page_metadata"), ("per_table_row", "row_metadata")]
    ]  # fmt: skip
    jobs.append(
        {**jobs[0], "extract_result": base["extract_result"][0], "configuration": {"data_schema": schema}}
    )  # type: ignore[index]
    printed = set()
    for seed, given_jobs in (("0", jobs), ("1", jobs), ("77", shuffled(jobs))):
        run = subprocess.run(
            [sys.executable, "-c", NAMED_BY_CONTENT],
            input=json.dumps(given_jobs),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        printed.add(run.stdout)
    (lines,) = printed
    assert len({line.split()[0] for line in lines.splitlines()}) == 4
    assert all(line.split()[1].startswith("schema_") for line in lines.splitlines())
