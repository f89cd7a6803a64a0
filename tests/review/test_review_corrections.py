"""Corrections: read, refused where they are for something else, and put into records with who, when and what it was."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace

import pytest

from extract_bridge import ExtractedRecord, InputError, ResultError, correct_records, read_corrections
from extract_bridge.review.corrections import corrections_from_dict

AT = "2026-11-24T18:00:00.000Z"


@pytest.fixture(scope="module")
def record(scenes) -> ExtractedRecord:
    (made,) = scenes.table(3, target="per_doc").records
    return made


def told(record: ExtractedRecord, *fields: dict, **changed: object) -> dict:
    entry = {"record_id": record.id, "content_key": record.content_key, "fields": list(fields)}
    return {
        "format_version": 1,
        "kind": "extract-bridge corrections",
        "reviewer": "Ada",
        "records": [entry],
        **changed,
    }


def edit(pointer: str, value: object) -> dict:
    return {"pointer": pointer, "action": "edit", "value": value, "at": AT}


def test_an_edited_value_is_the_value(record: ExtractedRecord) -> None:
    (done,) = correct_records(record, told(record, edit("/items/1/amount", 9.75)))
    assert done.data["items"][1]["amount"] == 9.75
    field, old = done["/items/1/amount"], record["/items/1/amount"]
    assert (field.value, field.confidence) == (9.75, 1.0)
    assert [place.quote for place in field.citations] == [place.quote for place in old.citations]
    assert field.extra["correction"] == {
        "action": "edit", "by": "Ada", "at": AT, "was": old.value, "was_confidence": old.confidence
    }  # fmt: skip
    assert record.data["items"][1]["amount"] == old.value, "the record that was handed in is as it was"
    assert (done.id, done.content_key == record.content_key) == (record.id, False)
    assert [change.pointer for change in record.diff(done)] == ["/items/1/amount"]


def test_an_accepted_value_is_sure_and_its_content_the_same(record: ExtractedRecord) -> None:
    decision = {"pointer": "/items/0/name", "action": "accept", "at": AT}
    (done,) = correct_records([record], told(record, decision))
    assert done["/items/0/name"].confidence == 1.0
    assert done.content_key == record.content_key
    (again,) = correct_records(done, told(record, decision))
    assert again["/items/0/name"].extra["correction"]["before"]["by"] == "Ada"


def test_a_rejected_value_is_null_and_still_known(record: ExtractedRecord) -> None:
    (done,) = correct_records(record, told(record, {"pointer": "/items/2/code", "action": "reject"}))
    field = done["/items/2/code"]
    assert (field.value, field.confidence, field.citations) == (None, None, ())
    assert done.data["items"][2]["code"] is None
    correction = field.extra["correction"]
    assert (correction["was"], correction["was_read_from"]) == ("A-00002", [[1, "A-00002"]])


def test_corrected_records_are_written_and_read_back(record: ExtractedRecord) -> None:
    (done,) = correct_records(record, told(record, edit("/items/1/name", "x"), edit("/items/2/quantity", 4)))
    again = ExtractedRecord.from_dict(json.loads(json.dumps(done.to_dict())))
    assert again == replace(done, fields=dict(done.fields))
    assert again.to_dict()["format_version"] == 1


def test_other_records_stay_as_they_are(scenes) -> None:
    records = scenes.table(3).records
    done = correct_records(records, told(records[1], edit("/name", "x")))
    assert (done[0] is records[0], done[1]["/name"].value, done[2] is records[2]) == (True, "x", True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda record: replace(record, source_id="elsewhere.pdf"), "another record"),
        (lambda record: replace(record, schema_name="Edited"), "another record"),
        (lambda record: replace(record, data=record.data | {"new": 1}), "another content"),
    ],
    ids=["another job", "another schema", "another content"],
)
def test_corrections_for_something_else_are_refused(record: ExtractedRecord, change, message: str) -> None:
    given = told(record, edit("/items/0/name", "x"))
    with pytest.raises(InputError, match=message) as refused:
        correct_records(change(record), given)
    assert refused.value.code == "corrections_mismatch"


@pytest.mark.parametrize("pointer", ["/items/9/name", "/items", "/nothing", "", "/items/0/name/x"])
def test_a_field_that_is_not_there_is_refused(record: ExtractedRecord, pointer: str) -> None:
    with pytest.raises(InputError, match="no such field"):
        correct_records(record, told(record, edit("/items/0/name", "x"), edit(pointer, "x")))


def _without(name: str):
    def change(told: dict) -> None:
        del told["records"][0][name]

    return change


def _set(**values: object):
    return lambda told: told["records"][0]["fields"][0].update(values)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda told: told.update(kind="something"), "/kind"),
        (lambda told: told.update(format_version=2), "/format_version"),
        (lambda told: told.update(format_version=True), "/format_version"),
        (lambda told: told.update(reviewer=7), "/reviewer"),
        (lambda told: told.update(records={}), "/records"),
        (_without("record_id"), "/records/0/record_id"),
        (_without("content_key"), "/records/0/content_key"),
        (_without("fields"), "/records/0/fields"),
        (_set(action="delete"), "/records/0/fields/0/action"),
        (_set(value=None), "/records/0/fields/0/value"),
        (_set(value=[1]), "/records/0/fields/0/value"),
        (_set(value=float("nan")), "/records/0/fields/0/value"),
        (_set(pointer=None), "/records/0/fields/0/pointer"),
    ],
)
def test_what_is_no_correction_says_where(record: ExtractedRecord, change, where: str) -> None:
    given = deepcopy(told(record, edit("/items/0/name", "x")))
    change(given)
    with pytest.raises(ResultError) as refused:
        corrections_from_dict(given)
    assert refused.value.where == where


def test_a_file_of_them(record: ExtractedRecord, tmp_path) -> None:
    path = tmp_path / "corrections.json"
    path.write_text(json.dumps(told(record, edit("/items/0/name", "x"))), "utf-8")
    assert read_corrections(path).reviewer == "Ada"
    path.write_text("{", "utf-8")
    with pytest.raises(ResultError, match="no JSON"):
        read_corrections(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_corrections(tmp_path / "gone.json")
