"""The typed program."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import pytest
from llama_index.core.types import BasePydanticProgram
from pydantic import BaseModel

from extract_bridge import records_from_job
from extract_bridge.core.errors import ConfigurationError, FileInputError, ResultValidationError
from extract_bridge.llama_index import ExtractProgram


class Invoice(BaseModel):
    invoice_number: str | None = None
    total: float | None = None


class Strict(BaseModel):
    total: float
    vat_number: str


def test_a_document_becomes_an_object_with_evidence(folder, client):
    program = ExtractProgram(output_cls=Invoice, client=client)
    assert isinstance(program, BasePydanticProgram)
    assert program.output_cls is Invoice
    invoice, record = program.call_with_metadata(file="a.txt")
    assert invoice == program(file="a.txt") == Invoice(invoice_number="INV-2041", total=1240.5)
    assert record.fields["/total"].confidence > 0
    assert record.fields["/total"].citations[0].page == 1


def test_two_event_loops_in_a_row(folder):
    program = ExtractProgram(output_cls=Invoice, local=True)
    assert asyncio.run(program.acall(file="a.txt")).total == 1240.5
    assert asyncio.run(program.acall_with_metadata(file="a.txt"))[0].total == 1240.5


def test_pages_become_a_list(folder, client):
    program = ExtractProgram(Invoice, extraction_target="per_page", client=client)
    objects, records = program.call_with_metadata(file="a.txt")
    assert [item.total for item in objects] == [1240.5]
    assert records[0].page == 1


def test_a_required_field_that_is_not_there_is_named(folder, client):
    with pytest.raises(ResultValidationError) as caught:
        ExtractProgram(output_cls=Strict, client=client)(file="a.txt")
    assert [pointer for pointer, _ in caught.value.problems] == ["/vat_number"]


async def test_the_reason_of_a_null_in_a_required_field_is_the_records(folder, client):
    program = ExtractProgram(output_cls=Strict, client=client)
    with pytest.raises(ResultValidationError) as caught:
        await program.acall_with_metadata(file="a.txt")
    ((pointer, reason),) = caught.value.problems
    (job,) = client.list()
    (record,) = records_from_job(client.get(job.id, expand=["extract_metadata"]))
    assert record.data[pointer.strip("/")] is None
    why = record.fields[pointer].reasoning
    assert why, "the service says why it found nothing"
    assert why in reason
    assert why in str(caught.value)


async def test_a_configuration_decides_and_the_class_parses(folder, client):
    wanted = {
        "data_schema": {"title": "Bill", "type": "object", "properties": {"total": {"type": "number"}}},
        "extraction_target": "per_page",
    }
    saved = client.configurations.create(name="bills", configuration=wanted)
    for way in ({"configuration": wanted}, {"configuration_id": saved.id}):
        objects, records = await ExtractProgram(Invoice, client=client, **way).acall_with_metadata(
            file="a.txt"
        )
        assert objects == [Invoice(total=1240.5)]
        assert records[0].page == 1


def test_another_schema_may_be_asked_for(folder, client):
    schema = {"title": "Bill", "type": "object", "properties": {"total": {"type": "number"}}}
    invoice, record = ExtractProgram(Invoice, data_schema=schema, client=client).call_with_metadata(
        file="a.txt"
    )
    assert invoice == Invoice(total=1240.5)
    assert record.schema_name == "Bill"


async def test_allowed_roots_guard_the_file(folder, client):
    program = ExtractProgram(Invoice, client=client, allowed_roots=folder)
    assert program(file="a.txt").total == 1240.5
    for bad in (str(folder / "a.txt"), "../a.txt", "missing.txt"):
        with pytest.raises(FileInputError):
            program(file=bad)
        with pytest.raises(FileInputError):
            await program.acall(file=bad)


def test_no_service_and_unknown_keywords_are_typed_errors(folder):
    with pytest.raises(ConfigurationError):
        ExtractProgram(Invoice)(file="a.txt")
    with pytest.raises(ConfigurationError):
        ExtractProgram(Invoice, locl=True)


def test_importing_the_top_loads_no_framework():
    code = (
        "import sys, json, extract_bridge, extract_bridge.llama_index; "
        "print(json.dumps([name for name in sys.modules if name.startswith('llama_index')]))"
    )
    assert json.loads(subprocess.check_output([sys.executable, "-c", code])) == []


def test_a_missing_framework_names_the_extra():
    code = """
import sys
sys.modules["llama_index"] = None
from extract_bridge import MissingExtraError
import extract_bridge.llama_index as room
for name in room.__all__:
    try:
        getattr(room, name)
    except MissingExtraError as error:
        assert "extract-bridge[llama-index]" in str(error)
    else:
        raise SystemExit(name)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
