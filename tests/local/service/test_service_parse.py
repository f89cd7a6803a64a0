"""Parse jobs, with the real engine: what was read, and extracting from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extract_bridge.local.service.state import ServiceSettings
from extract_bridge.local.transport import BASE_URL, LocalTransport

PATH = "/api/v2/parse"
SCHEMA = {
    "type": "object",
    "properties": {
        "number": {"type": ["string", "null"], "description": "invoice number"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"description": {"type": "string"}, "amount": {"type": "number"}},
            },
        },
    },
}
PAGE = b"""<html><body><h1>Invoice</h1><p>Invoice No: A-17</p>
<table><tr><th>Description</th><th>Amount</th></tr><tr><td>Pump | large</td><td>12.50</td></tr><tr><td>Hose</td><td>3.00</td></tr></table>
</body></html>"""
DONE = {"COMPLETED", "FAILED", "CANCELLED"}


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, serve_on_a_socket: Any, service_client: Any
) -> Iterator[Any]:
    with (
        serve_on_a_socket(ServiceSettings(data_dir=tmp_path_factory.mktemp("parse"), workers=1)) as url,
        service_client(base_url=url, trust_env=False) as client,
    ):
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


def parse(http: Any, name: str = "a.html", content: bytes = PAGE, **options: Any) -> dict[str, Any]:
    body = {"file_id": http.upload(name, content), "tier": "fast", "version": "latest", **options}
    reply = http.post(PATH, json=body)
    assert reply.status_code == 200, reply.text
    return until_done(http, reply.json()["id"])


def until_done(http: Any, job_id: str) -> dict[str, Any]:
    while True:
        job: dict[str, Any] = http.get(f"{PATH}/{job_id}").json()["job"]
        if job["status"] in DONE:
            return job


def extract(http: Any, file_input: str, **configuration: Any) -> dict[str, Any]:
    body = {
        "file_input": file_input,
        "configuration": {"data_schema": SCHEMA, "cite_sources": True, **configuration},
    }
    reply = http.post("/api/v2/extract", json=body)
    assert reply.status_code == 200, reply.text
    job: dict[str, Any] = http.until(reply.json()["id"])
    return job


def test_a_parse_job_gives_what_expand_names(real: Any) -> None:
    job = parse(real, user_metadata={"batch": "7"})
    assert job["status"] == "COMPLETED"
    assert (job["tier"], job["name"], job["user_metadata"]) == ("fast", "a.html", {"batch": "7"})
    assert job["usage"] is None
    plain = real.get(f"{PATH}/{job['id']}").json()
    assert {value for name, value in plain.items() if name != "job"} == {None}
    forms = [
        "text",
        "markdown",
        "items",
        "metadata",
        "job_metadata",
        "text_full",
        "markdown_full",
        "raw_parameters",
    ]
    for form in forms:
        one = real.get(f"{PATH}/{job['id']}", params={"expand": form}).json()
        assert [name for name, value in one.items() if name != "job" and value is not None] == [form]
    full = real.get(f"{PATH}/{job['id']}", params={"expand": [*forms, "usage"]}).json()
    assert full["job"]["usage"] == {"credits": 1.0}
    [text] = full["text"]["pages"]
    assert text["page_number"] == 1
    assert "Invoice No: A-17" in text["text"]
    assert full["text_full"] == text["text"]
    [markdown] = full["markdown"]["pages"]
    assert markdown["success"] is True
    assert "# Invoice" in markdown["markdown"]
    assert "| Pump \\| large | 12.50 |" in markdown["markdown"]
    assert full["markdown_full"] == markdown["markdown"]
    [items] = full["items"]["pages"]
    assert [item["type"] for item in items["items"]] == ["heading", "text", "table"]
    table = items["items"][-1]
    assert table["rows"] == [["Description", "Amount"], ["Pump | large", "12.50"], ["Hose", "3.00"]]
    assert table["csv"].splitlines()[1] == "Pump | large,12.50"
    assert "<th>Description</th>" in table["html"]
    for item in items["items"]:
        [box] = item["bbox"]
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["w"] <= items["page_width"]
        assert box["y"] + box["h"] <= items["page_height"]
    assert full["metadata"]["pages"][0]["page_number"] == 1
    assert full["job_metadata"]["page_count"] == 1


def test_an_extract_job_leaves_a_real_parse_job(real: Any) -> None:
    first = extract(real, real.upload("a.html", PAGE), tier="agentic")
    parse_job_id = first["extract_metadata"]["parse_job_id"]
    expanded = real.get(f"{PATH}/{parse_job_id}", params={"expand": "text"}).json()
    assert expanded["job"]["status"] == "COMPLETED"
    assert expanded["job"]["tier"] == first["extract_metadata"]["parse_tier"] == "agentic"
    assert "A-17" in expanded["text"]["pages"][0]["text"]
    again = extract(real, parse_job_id, tier="agentic")
    assert again["file_input"] == parse_job_id
    assert again["extract_metadata"]["parse_job_id"] == parse_job_id
    for name in ("extract_result", "usage", "metadata"):
        assert again[name] == first[name]
    assert again["extract_metadata"]["field_metadata"] == first["extract_metadata"]["field_metadata"]
    assert first["extract_result"]["items"][0]["amount"] == 12.5
    assert real.get(f"/api/v2/extract/{parse_job_id}").status_code == 404
    assert real.get(f"{PATH}/{first['id']}").status_code == 404


def test_a_reading_outlives_its_file_and_keeps_its_pages(real: Any) -> None:
    pages = "\f".join(f"Invoice No: A-{number}" for number in range(1, 5)).encode()
    job = parse(real, "pages.txt", pages, tier="agentic", page_ranges={"target_pages": "3,1", "max_pages": 1})
    [file_id] = {
        file["id"]
        for file in real.get("/api/v1/beta/files", params={"file_name": "pages.txt"}).json()["items"]
    }
    real.delete(f"/api/v1/beta/files/{file_id}")
    shown = real.get(f"{PATH}/{job['id']}", params={"expand": ["text", "job_metadata"]}).json()
    assert [page["page_number"] for page in shown["text"]["pages"]] == [3, 1], (
        "target_pages goes before max_pages"
    )
    assert shown["job_metadata"]["page_count"] == 4
    done = extract(real, job["id"], extraction_target="per_page", parse_tier="fast")
    assert [row["number"] for row in done["extract_result"]] == ["A-3", "A-1"]
    assert done["metadata"]["usage"]["num_pages_extracted"] == 2
    assert done["extract_metadata"]["parse_tier"] == "agentic", "it was read with that one"
    assert "parse_tier" in " ".join(done["extract_metadata"]["warnings"])
    one = extract(real, job["id"], target_pages="1")
    assert one["extract_result"]["number"] == "A-1"
    most = extract(real, job["id"], max_pages=1)
    assert most["extract_result"]["number"] == "A-3"
    assert "max_pages=1" in " ".join(most["extract_metadata"]["warnings"])
    outside = extract(real, job["id"], target_pages="2")
    assert outside["status"] == "FAILED"
    assert "page 2" in outside["error_message"]


def test_turbo_leaves_no_parse_job(real: Any) -> None:
    job = extract(real, real.upload("a.html", PAGE), tier="turbo")
    assert job["status"] == "COMPLETED"
    assert (job["extract_metadata"]["parse_job_id"], job["extract_metadata"]["parse_tier"]) == (None, None)
    assert job["usage"] == {"credits": 35.0, "extract_credits": 35.0, "parse_credits": 0.0}


def test_a_failed_parse_job_is_no_input(real: Any) -> None:
    job = parse(real, "broken.pdf", b"%PDF-1.7 nothing")
    assert job["status"] == "FAILED"
    assert "PDF_IS_BROKEN" in job["error_message"]
    shown = real.get(f"{PATH}/{job['id']}", params={"expand": ["text", "usage"]}).json()
    assert (shown["text"], shown["job"]["usage"]) == (None, None)
    body = {"file_input": job["id"], "configuration": {"data_schema": SCHEMA}}
    refused = real.post("/api/v2/extract", json=body)
    assert refused.status_code == 400
    assert "not COMPLETED" in refused.json()["detail"]
    cancelled = real.post(f"{PATH}/{job['id']}/cancel")
    assert (cancelled.status_code, cancelled.headers["x-should-retry"]) == (409, "false")
    assert real.delete(f"{PATH}/{job['id']}").json() == {"id": job["id"], "project_id": job["project_id"]}
    assert real.get(f"{PATH}/{job['id']}").status_code == 404


def test_a_deleted_parse_job_is_no_input(real: Any) -> None:
    job = parse(real)
    real.delete(f"{PATH}/{job['id']}")
    body = {"file_input": job["id"], "configuration": {"data_schema": SCHEMA}}
    assert real.post("/api/v2/extract", json=body).status_code == 400


def test_parse_lists_and_versions(real: Any) -> None:
    file_id = real.upload("a.html", PAGE, project_id="prj-lists")
    body = {"file_id": file_id, "tier": "fast", "version": "latest"}
    made = [real.post(PATH, json=body).json() for _ in range(3)]
    for job in made:
        until_done(real, job["id"])
    newest_first = [job["id"] for job in reversed(made)]
    found, query = [], {"project_id": "prj-lists", "page_size": 2}
    while True:
        page = real.get(PATH, params=query).json()
        found += [job["id"] for job in page["items"]]
        if page["next_page_token"] is None:
            break
        query["page_token"] = page["next_page_token"]
    assert found == newest_first
    chosen = real.get(PATH, params={"job_ids": newest_first[:2], "status": "COMPLETED"}).json()["items"]
    assert [job["id"] for job in chosen] == newest_first[:2]
    assert real.get(PATH, params={"job_ids": newest_first, "status": "FAILED"}).json()["items"] == []
    assert not set(newest_first) & {job["id"] for job in real.get("/api/v2/extract").json()["items"]}
    versions = real.get(f"{PATH}/versions").json()
    assert versions["fast"] == [versions["latest"]["fast"]]


def test_a_saved_parse_configuration_and_options_without_effect(real: Any) -> None:
    parameters = {
        "product_type": "parse_v2",
        "tier": "cost_effective",
        "version": "latest",
        "agentic_options": {"custom_prompt": "x"},
    }
    saved = real.post("/api/v1/beta/configurations", json={"name": "p", "parameters": parameters}).json()
    body = {"file_id": real.upload("a.html", PAGE), "configuration_id": saved["id"]}
    job = until_done(real, real.post(PATH, json=body).json()["id"])
    assert job["tier"] == "cost_effective"
    shown = real.get(f"{PATH}/{job['id']}", params={"expand": "job_metadata"}).json()["job_metadata"]
    assert [text.split(" ")[0] for text in shown["warnings"]] == ["agentic_options"]


BAD: dict[str, tuple[dict[str, Any], int, str]] = {
    "no file": ({"tier": "fast", "version": "latest"}, 422, "file_id"),
    "no tier": ({"file_id": "FILE", "version": "latest"}, 422, "tier"),
    "no version": ({"file_id": "FILE", "tier": "fast"}, 422, "version"),
    "unknown tier": ({"file_id": "FILE", "tier": "best", "version": "latest"}, 422, "tier"),
    "unknown file": ({"file_id": "dfl-none", "tier": "fast", "version": "latest"}, 400, "inputs_invalid"),
    "address": ({"source_url": "https://example.com/a.pdf", "tier": "fast", "version": "latest"}, 400, "source_url"),
    "page zero": (
        {"file_id": "FILE", "tier": "fast", "version": "latest", "page_ranges": {"target_pages": "0"}}, 422, "target_pages",
    ),
    "unknown configuration": ({"file_id": "FILE", "configuration_id": "cfg-none"}, 404, "Configuration"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_parse_body_has_its_status_and_detail(name: str, real: Any) -> None:
    body, status, says = BAD[name]
    if body.get("file_id") == "FILE":
        body = {**body, "file_id": real.upload()}
    reply = real.post(PATH, json=body)
    assert reply.status_code == status, reply.text
    assert says in str(reply.json()["detail"])


def test_uploading_and_parsing_in_one_call(real: Any) -> None:
    def send(configuration: str, content: bytes = PAGE, **query: str) -> Any:
        parts = {"file": ("up.html", content)}
        return real.post(f"{PATH}/upload", files=parts, data={"configuration": configuration}, params=query)

    made = send('{"tier": "fast", "version": "latest", "page_ranges": null}', project_id="prj-up")
    assert made.status_code == 200, made.text
    job = until_done(real, made.json()["id"])
    assert (job["status"], job["name"], job["project_id"]) == ("COMPLETED", "up.html", "prj-up")
    [file] = real.get("/api/v1/beta/files", params={"project_id": "prj-up"}).json()["items"]
    assert (file["name"], file["purpose"]) == ("up.html", "parse")
    bad = {"{": 422, "[]": 422, "[" * 100_000: 422, "{}": 422, '{"tier": "best", "version": "x"}': 422}
    for configuration, status in bad.items():
        reply = send(configuration)
        assert reply.status_code == status
        assert reply.json()["detail"][0]["loc"][:2] == ["body", "configuration"]
    assert send('{"tier": "fast", "version": "x"}', b"").status_code == 400
    no_file = real.post(f"{PATH}/upload", data={"configuration": "{}"})
    assert no_file.status_code == 400


def test_cancelling_a_waiting_parse_job(start: Any, tmp_path: Path) -> None:
    http = start()
    slow = http.start_job("slow.txt")
    http.until(slow, "RUNNING")
    waiting = http.post(PATH, json={"file_id": http.upload(), "tier": "fast", "version": "latest"}).json()
    assert http.delete(f"{PATH}/{waiting['id']}").status_code == 409
    assert http.post(f"{PATH}/{waiting['id']}/cancel").json()["status"] == "CANCELLED"
    assert http.delete(f"{PATH}/{waiting['id']}").status_code == 200
    http.post(f"/api/v2/extract/{slow}/cancel")


NOTE = "Invoice date: 03/04/2024\nTotal: 1.234\n"
DATED = {
    "type": "object",
    "properties": {
        "invoice_date": {"type": ["string", "null"], "format": "date"},
        "total": {"type": ["number", "null"]},
    },
}


def test_every_parameter_of_a_create_does_something(real: Any) -> None:
    file_id = real.upload("note.txt", "\f".join([NOTE, "Total: 2\n", "Total: 3\n"]).encode())

    def run(**configuration: Any) -> dict[str, Any]:
        return extract(real, file_id, data_schema=DATED, **configuration)

    assert run(cite_sources=None)["extract_metadata"]["field_metadata"] is None
    german, american = run(lang="de", target_pages="1"), run(lang="en-US", target_pages="1")
    assert german["extract_result"] == {"invoice_date": "2024-04-03", "total": 1234}
    assert american["extract_result"] == {"invoice_date": "2024-03-04", "total": 1.234}
    leaf = run(confidence_scores=True, target_pages="1")["extract_metadata"]["field_metadata"][
        "document_metadata"
    ]["total"]
    assert leaf["citation"][0]["page"] == 1
    assert 0 < leaf["confidence"] <= 1
    paged = run(extraction_target="per_page", target_pages="3,2")
    assert [row["total"] for row in paged["extract_result"]] == [3, 2], "pages in the order they were named"
    assert paged["metadata"]["usage"]["num_pages_extracted"] == 2
    short = run(max_pages=1)
    assert short["metadata"]["usage"]["num_pages_extracted"] == 1
    assert "max_pages=1" in " ".join(short["extract_metadata"]["warnings"])
    assert "system_prompt" in " ".join(run(system_prompt="be brief")["extract_metadata"]["warnings"])
    prices = {
        name: run(**tiers)["usage"]["credits"]
        for name, tiers in {
            "low": {"tier": "cost_effective"},
            "usual": {},
            "high": {"tier": "agentic_plus"},
            "read well": {"tier": "cost_effective", "parse_tier": "agentic_plus"},
        }.items()
    }
    assert prices == {"low": 24, "usual": 75, "high": 180, "read well": 150}
    for name in ("version", "extract_version"):
        echoed = run(**{name: "latest"})["configuration"]
        assert echoed["version"] == echoed["extract_version"] == "local-rules-0.1"
