"""Schema generation: from a prompt, from a sample document, from both; rules only, and honest about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from extract_bridge.local.service.state import ServiceSettings
from extract_bridge.local.transport import BASE_URL, LocalTransport

PATH = "/api/v2/extract/schema/generate"
NOTE = b"""ACME Ltd
Invoice No: A-17
Invoice date: 12 March 2024
Total: 1,250.00 EUR
"""
SHEET = b"Description,Qty,Amount\nPump,2,12.50\nHose,1,3.00\nValve,4,8.25\n"


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, serve_on_a_socket: Any, service_client: Any
) -> Iterator[Any]:
    settings = ServiceSettings(data_dir=tmp_path_factory.mktemp("generate"), workers=1)
    with serve_on_a_socket(settings) as url, service_client(base_url=url, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def in_process(tmp_path_factory: pytest.TempPathFactory, service_client: Any) -> Iterator[Any]:
    transport = LocalTransport(data_dir=tmp_path_factory.mktemp("own"), workers=1)
    with service_client(transport=transport, base_url=BASE_URL) as client:
        yield client


@pytest.fixture(params=["in process", "socket"])
def real(request: pytest.FixtureRequest) -> Any:
    """A client of a service with the real engine, through either door."""
    return request.getfixturevalue("served" if request.param == "socket" else "in_process")


def generate(http: Any, **body: Any) -> dict[str, Any]:
    reply = http.post(PATH, json=body)
    assert reply.status_code == 200, reply.text
    made: dict[str, Any] = reply.json()
    assert set(made) == {"name", "parameters"}
    assert made["parameters"]["product_type"] == "extract_v2"
    return made


def test_a_prompt_that_names_fields(real: Any) -> None:
    made = generate(real, prompt="invoice number, date and total", file_id=None, name=None)
    schema = made["parameters"]["data_schema"]
    assert list(schema["properties"]) == ["invoice_number", "date", "total"]
    assert "rules" in schema["description"]
    assert "the prompt" in schema["description"]
    for name, words in {"invoice_number": "invoice number", "total": "total"}.items():
        assert f'"{words}"' in schema["properties"][name]["description"]
    assert made["name"]


def test_what_is_generated_can_be_saved_and_run_as_it_is(real: Any) -> None:
    made = generate(real, prompt="invoice number, invoice date and total", name="notes")
    assert made["name"] == "notes"
    saved = real.post("/api/v1/beta/configurations", json=made)
    assert saved.status_code == 200, saved.text
    body = {"file_input": real.upload("note.txt", NOTE), "configuration_id": saved.json()["id"]}
    job = real.until(real.post("/api/v2/extract", json=body).json()["id"])
    assert job["extract_result"] == {"invoice_number": "A-17", "invoice_date": "2024-03-12", "total": 1250.0}


def test_a_sample_document(real: Any) -> None:
    before = real.get("/api/v2/parse").json()
    schema = generate(real, file_id=real.upload("note.txt", NOTE))["parameters"]["data_schema"]
    assert list(schema["properties"]) == ["invoice_no", "invoice_date", "total"]
    assert "a sample document" in schema["description"]
    assert "page 1" in schema["properties"]["total"]["description"]
    assert "1,250" not in str(schema), "labels are proposed, values are not"
    assert real.get("/api/v2/parse").json() == before, "the reading is forgotten"


def test_the_headings_of_a_table(real: Any) -> None:
    schema = generate(real, file_id=real.upload("rows.csv", SHEET))["parameters"]["data_schema"]
    columns = schema["properties"]["rows"]["items"]["properties"]
    assert list(columns) == ["description", "qty", "amount"]
    assert '"Qty"' in columns["qty"]["description"]


def test_a_schema_that_was_sent_is_kept_and_extended(real: Any) -> None:
    given = {"type": "object", "properties": {"total": {"type": "string", "description": "mine"}}}
    schema = generate(real, data_schema=given, prompt="total and due date")["parameters"]["data_schema"]
    assert schema["properties"]["total"] == given["properties"]["total"]
    assert set(schema["properties"]) == {"total", "due_date"}
    alone = generate(real, data_schema=given)["parameters"]["data_schema"]
    assert set(alone["properties"]) == {"total"}


BAD: dict[str, tuple[dict[str, Any], int, str]] = {
    "nothing": ({}, 422, "prompt"),
    "only nulls": ({"prompt": None, "file_id": None, "data_schema": None}, 422, "prompt"),
    "blank": ({"prompt": "  "}, 422, "prompt"),
    "no field named": (
        {"prompt": "Summarize this lengthy document in the best way that you can possibly do"}, 400, "inputs_invalid: ",
    ),
    "unknown file": ({"file_id": "dfl-none"}, 400, "inputs_invalid: "),
    "no fields": ({"data_schema": {"foo": {"foo": "bar"}}}, 400, "schema_validation: "),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_generation_has_its_status_and_detail(name: str, real: Any) -> None:
    body, status, says = BAD[name]
    reply = real.post(PATH, json=body)
    assert reply.status_code == status, reply.text
    assert says in str(reply.json()["detail"])


def test_a_sample_that_cannot_be_read(real: Any) -> None:
    reply = real.post(PATH, json={"file_id": real.upload("broken.pdf", b"%PDF-1.7 nothing")})
    assert reply.status_code == 400
    assert "PDF_IS_BROKEN" in reply.json()["detail"]
