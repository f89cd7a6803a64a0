"""Payloads of every shape seen, each with its truth written by hand: `tests/data/payloads/*.json`.

A place is `[page, quote, box]`, a box `[x, y, w, h]` in points; what the truth leaves out must be absent. The letters are those of the shapes:
A to J were seen in answers, documentation or other readers; K are shapes that follow from them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extract_bridge.core import errors
from extract_bridge.core.records.model import ExtractedRecord
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.records.write import write_records
from extract_bridge.core.wire.jobs import ExtractV2Job

PAYLOADS = sorted((Path(__file__).parents[2] / "data" / "payloads").glob("*.json"))


def told(record: ExtractedRecord) -> dict[str, Any]:
    """A record as the fixtures write it, without its warnings."""
    fields = {}
    for pointer, field in record.fields.items():
        shown: dict[str, Any] = {"value": field.value}
        if field.confidence is not None:
            shown["confidence"] = field.confidence
        if field.citations:
            shown["places"] = [
                [place.page, place.quote, [pytest.approx(part) for part in box] if box else None]
                for place in field.citations
                for box in [
                    [place.boxes[0].x, place.boxes[0].y, place.boxes[0].w, place.boxes[0].h]
                    if place.boxes
                    else None
                ]
            ]
        if field.reasoning is not None:
            shown["reasoning"] = field.reasoning
        fields[pointer] = shown
    return {"page": record.page, "row": record.row, "fields": fields}


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_payload(path: Path) -> None:
    fixture = json.loads(path.read_text(encoding="utf-8"))
    job = ExtractV2Job.read(fixture["job"])
    if "raises" in fixture:
        with pytest.raises(getattr(errors, fixture["raises"])):
            records_from_job(job)
        return
    records = records_from_job(job)
    wanted = fixture["records"]
    assert [told(record) for record in records] == [
        {name: item for name, item in record.items() if name != "warnings"} for record in wanted
    ]
    for record, truth in zip(records, wanted, strict=True):
        assert len(record.warnings) == len(truth["warnings"]), record.warnings
        assert all(said in warning for said, warning in zip(truth["warnings"], record.warnings, strict=True))


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_what_was_read_survives_the_wire_and_a_dict(path: Path) -> None:
    fixture = json.loads(path.read_text(encoding="utf-8"))
    if "raises" in fixture:
        return
    records = records_from_job(fixture["job"])
    target = records[0].extraction_target
    result, metadata = write_records(records, extraction_target=target)
    again = {**fixture["job"], "extract_result": result, "extract_metadata": {"field_metadata": metadata}}
    again["configuration"] = {**(fixture["job"]["configuration"] or {}), "extraction_target": target}
    for old, new in zip(records, records_from_job(json.loads(json.dumps(again))), strict=True):
        assert dict(new.fields) == dict(old.fields)
        assert (new.data, new.page, new.row, new.content_key) == (
            old.data,
            old.page,
            old.row,
            old.content_key,
        )
        assert set(old.warnings) <= set(new.warnings)
        assert ExtractedRecord.from_dict(json.loads(json.dumps(old.to_dict()))) == old


def test_every_shape_has_a_fixture() -> None:
    letters = {path.name[0] for path in PAYLOADS}
    assert letters == set("ABCDEFGHIJK")
    assert len(PAYLOADS) >= 35
