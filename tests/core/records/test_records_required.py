"""`strict_nulls`: what a schema requires and a document does not say is a warning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from extract_bridge import ExtractClient, LocalService, records_from_job

SAID = "required by the schema, and not found in the document"


class Line(BaseModel):
    code: str
    note: str | None = None


class Order(BaseModel):
    number: str
    buyer: str
    remark: str | None = None
    lines: list[Line]


def job(data: Any, **configuration: Any) -> dict[str, Any]:
    configuration = {"data_schema": Order.model_json_schema(), **configuration}
    return {"id": "ext-1", "status": "COMPLETED", "extract_result": data, "configuration": configuration}


DATA = {
    "number": "A-17",
    "buyer": None,
    "remark": None,
    "lines": [{"code": "X", "note": None}, {"code": None, "note": None}],
}
MISSED = [f"/buyer: {SAID}", f"/lines/1/code: {SAID}"]


@pytest.mark.parametrize(
    ("asked", "given", "warned"),
    [(None, None, False), (True, None, True), (None, True, True), (False, True, False), (True, False, True)],
)
def test_the_call_decides_before_the_configuration(
    asked: bool | None, given: bool | None, warned: bool
) -> None:
    made = job(DATA) if given is None else job(DATA, strict_nulls=given)
    (record,) = records_from_job(made, strict_nulls=asked)
    assert [text for text in record.warnings if SAID in text] == (MISSED if warned else [])


@pytest.mark.parametrize("schema", [Order, Order.model_json_schema()])
def test_an_empty_list_and_each_unit_of_its_own(schema: Any) -> None:
    full, empty = DATA | {"buyer": "B", "lines": [{"code": "X"}]}, DATA | {"buyer": "B", "lines": []}
    made = job([full, empty], extraction_target="per_page")
    first, second = records_from_job(made, schema, strict_nulls=True)
    assert not any(SAID in text for text in first.warnings)
    assert [text for text in second.warnings if SAID in text] == [f"/lines: {SAID}"]


def test_a_schema_that_cannot_be_read_is_said_and_not_raised() -> None:
    made = job(DATA, data_schema={"type": 7})
    (record,) = records_from_job(made, strict_nulls=True)
    assert any("strict_nulls: the schema cannot be read" in text for text in record.warnings)


def test_the_local_service_says_it_too(tmp_path: Path) -> None:
    with ExtractClient(local=LocalService(data_dir=tmp_path, workers=1)) as client:
        configuration = {"data_schema": Order.model_json_schema(), "strict_nulls": True}
        done = client.run(b"Number: A-17\n", file_name="note.txt", configuration=configuration)
        quiet = client.run(b"Number: A-17\n", file_name="note.txt", data_schema=Order)
    (record,) = records_from_job(done)
    assert [text for text in record.warnings if SAID in text] == [f"/buyer: {SAID}", f"/lines: {SAID}"]
    assert not any(SAID in text for text in records_from_job(quiet)[0].warnings)
