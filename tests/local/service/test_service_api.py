from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

SCHEMA = {"type": "object", "properties": {"text": {"type": ["string", "null"]}}}
ALWAYS = {
    "id", "created_at", "updated_at", "file_input", "document_input_value", "project_id", "status", "configuration",
    "configuration_id", "error_message", "extract_metadata", "extract_result", "metadata", "usage",
}  # fmt: skip


def test_a_job_from_upload_to_answer(http: Any) -> None:
    file_id = http.upload(content=b"hello \xe2\x82\xac")
    body = {"file_input": file_id, "configuration": {"data_schema": SCHEMA, "tier": "cost_effective"}}
    created = http.post("/api/v2/extract", json=body).json()
    assert set(created) == ALWAYS
    assert created["status"] == "PENDING"
    assert created["file_input"] == created["document_input_value"] == file_id
    assert datetime.fromisoformat(created["created_at"]).tzinfo == UTC
    assert created["created_at"].endswith("Z")
    job = http.until(created["id"])
    assert set(job) == ALWAYS
    assert job["status"] == "COMPLETED"
    assert job["extract_result"]["text"] == "hello €"
    metadata = job["extract_metadata"]
    assert metadata["field_metadata"] == {"document_metadata": {"text": {"confidence": 1}}}
    assert metadata["parse_job_id"].startswith("pjb-")
    assert metadata["parse_tier"] == "cost_effective"
    assert metadata["warnings"] == ["stand-in"]
    assert job["usage"] == {"credits": 16.0, "extract_credits": 10.0, "parse_credits": 6.0}
    assert job["metadata"]["usage"] == {
        "num_pages_extracted": 2,
        "num_pages_billed": 2,
        "num_document_tokens": 7,
        "num_output_tokens": 3,
    }


def test_what_is_null_until_it_is_asked_for(http: Any) -> None:
    job_id = http.start_job()
    http.until(job_id)
    plain = http.get(f"/api/v2/extract/{job_id}").json()
    assert set(plain) == ALWAYS
    extras = ["configuration", "extract_metadata", "usage", "metadata"]
    assert [plain[name] for name in extras] == [None] * 4
    for name in extras:
        one = http.get(f"/api/v2/extract/{job_id}", params={"expand": name}).json()
        assert [other for other in extras if one[other] is not None] == [name]
        [listed] = http.get("/api/v2/extract", params={"job_ids": job_id, "expand": name}).json()["items"]
        assert listed == one


def test_the_configuration_is_echoed_as_it_takes_effect(http: Any) -> None:
    job_id = http.start_job(
        target_pages="2,1", max_pages=3, lang="de", sheet_names=["a"], version="latest", tier=None
    )
    configuration = http.until(job_id)["configuration"]
    assert configuration["data_schema"] == SCHEMA
    assert configuration["tier"] == "agentic"
    assert configuration["parse_tier"] == "agentic"
    assert configuration["version"] == configuration["extract_version"]
    assert configuration["version"].startswith("local-rules-")
    assert (configuration["cite_sources"], configuration["confidence_scores"]) == (False, False)
    assert configuration["extraction_target"] == "per_doc"
    assert (configuration["target_pages"], configuration["max_pages"], configuration["lang"]) == (
        "2,1",
        3,
        "de",
    )
    assert configuration["sheet_names"] == ["a"], "keys we do not know are kept"


def test_the_older_name_of_the_input_and_null_as_absent(http: Any) -> None:
    file_id = http.upload()
    old = {
        "document_input_value": file_id,
        "file_input": None,
        "configuration": {"data_schema": SCHEMA},
        "configuration_id": None,
        "webhook_configurations": None,
    }
    assert http.post("/api/v2/extract", json=old).json()["file_input"] == file_id
    both = {**old, "file_input": file_id}
    assert http.post("/api/v2/extract", json=both).status_code == 200


def test_a_parse_job_id_from_a_job_is_an_input(http: Any) -> None:
    first = http.until(http.start_job())
    parse_job = first["extract_metadata"]["parse_job_id"]
    body = {"file_input": parse_job, "configuration": {"data_schema": SCHEMA}}
    again = http.until(http.post("/api/v2/extract", json=body).json()["id"])
    assert again["file_input"] == parse_job
    assert again["extract_result"]["text"] == first["extract_result"]["text"]
    listed = http.get(
        "/api/v2/extract", params={"document_input_type": "parse_job_id", "file_input": parse_job}
    )
    assert [job["id"] for job in listed.json()["items"]] == [again["id"]]


def test_what_has_no_effect_here_is_a_warning(http: Any) -> None:
    asked = {"system_prompt": "be brief", "spreadsheet_mode": True, "sheet_names": ["A"]}
    job = http.until(http.start_job(**asked))
    said = job["extract_metadata"]["warnings"]
    assert [sum(name in text for text in said) for name in asked] == [1, 1, 1]
    assert http.until(http.start_job(**dict.fromkeys(asked)))["extract_metadata"]["warnings"] == ["stand-in"]


def test_a_failed_job_says_why(http: Any) -> None:
    job = http.until(http.start_job("locked.pdf"))
    assert job["status"] == "FAILED"
    assert job["error_message"] == "parsing_error: PDF_IS_PROTECTED: locked.pdf: needs a password. Unlock it"
    assert job["extract_result"] is None
    assert job["extract_metadata"] is None
    assert job["usage"] is None


def test_cancel_stops_a_running_job_and_is_refused_afterwards(http: Any) -> None:
    job_id = http.start_job("slow.txt")
    assert http.until(job_id, "RUNNING")["status"] == "RUNNING"
    refused = http.delete(f"/api/v2/extract/{job_id}")
    assert (refused.status_code, refused.headers["x-should-retry"]) == (409, "false")
    assert http.post(f"/api/v2/extract/{job_id}/cancel").json()["status"] == "CANCELLED"
    again = http.post(f"/api/v2/extract/{job_id}/cancel")
    assert (again.status_code, again.headers["x-should-retry"]) == (409, "false")
    assert "CANCELLED" in again.json()["detail"]
    after = http.until(http.start_job())  # the worker slot is free again
    assert after["status"] == "COMPLETED"
    assert http.until(job_id)["status"] == "CANCELLED"
    assert http.delete(f"/api/v2/extract/{job_id}").status_code == 200
    assert http.get(f"/api/v2/extract/{job_id}").status_code == 404


def test_force_deletes_a_running_job(http: Any) -> None:
    job_id = http.start_job("slow.txt")
    http.until(job_id, "RUNNING")
    assert http.delete(f"/api/v2/extract/{job_id}", params={"force": "true"}).status_code == 200
    assert http.get(f"/api/v2/extract/{job_id}").status_code == 404
    assert http.until(http.start_job())["status"] == "COMPLETED"


def test_lists_are_newest_first_paged_and_filtered(http: Any) -> None:
    file_id = http.upload(project_id="prj-a")
    body = {"file_input": file_id, "configuration": {"data_schema": SCHEMA}}
    made = [http.post("/api/v2/extract", json=body, params={"project_id": "prj-a"}).json() for _ in range(5)]
    for job in made:
        http.until(job["id"])
    newest_first = [job["id"] for job in reversed(made)]

    def ids(**query: Any) -> list[str]:
        found: list[str] = []
        query = {"file_input": file_id, **query}
        while True:
            page = http.get("/api/v2/extract", params=query).json()
            found += [job["id"] for job in page["items"]]
            if page["next_page_token"] is None:
                return found
            query["page_token"] = page["next_page_token"]

    assert ids() == ids(page_size=2) == ids(page_size=5) == ids(page_size=1) == newest_first
    assert ids(status="COMPLETED") == newest_first
    assert ids(status="THROTTLED") == []
    assert ids(job_ids=[newest_first[3], newest_first[1], "ext-nothere"]) == [
        newest_first[1],
        newest_first[3],
    ]
    assert ids(project_id="prj-a") == newest_first
    assert ids(project_id="prj-b") == []
    assert ids(configuration_id="cfg-1") == []
    assert ids(created_at_on_or_after=made[2]["created_at"]) == newest_first[:3]
    assert ids(created_at_on_or_before=made[2]["created_at"]) == newest_first[2:]
    assert ids(document_input_type="file_id") == newest_first
    assert ids(document_input_type="parse_job_id") == []
    shifted = datetime.fromisoformat(made[2]["created_at"]).astimezone(tz=None) + timedelta(hours=0)
    assert ids(created_at_on_or_after=shifted.isoformat()) == newest_first[:3]
    older = http.get("/api/v2/extract", params={"document_input_value": file_id}).json()["items"]
    assert [job["id"] for job in older] == newest_first


def test_files(http: Any) -> None:
    data = {"purpose": "extract", "external_file_id": "mine-1"}
    made = http.post("/api/v1/beta/files", files={"file": ("../../a/Café.PDF", b"bytes")}, data=data)
    assert made.status_code == 201
    file = made.json()
    assert file["name"] == "Café.PDF"
    assert (file["file_type"], file["purpose"], file["external_file_id"]) == ("pdf", "extract", "mine-1")
    assert file["expires_at"] > file["last_modified_at"]
    path = f"/api/v1/beta/files/{file['id']}"
    assert http.get(path).json() == file
    link = http.get(path + "/content").json()
    assert link["url"].startswith(str(http.base_url).rstrip("/"))
    fetched = http.get(link["url"])
    assert fetched.content == b"bytes"
    assert fetched.headers["x-content-type-options"] == "nosniff"
    assert fetched.headers["content-disposition"].startswith("attachment")
    forged = http.get(link["url"].replace("expires=", "expires=9"))
    assert (forged.status_code, "detail" in forged.json()) == (403, True)
    assert http.delete(path).status_code == 204
    for call in (http.get(path), http.get(path + "/content"), http.delete(path), http.get(link["url"])):
        assert (call.status_code, call.json()) == (404, {"detail": "File not found"})


def test_file_lists(http: Any) -> None:
    made = [
        http.post(
            "/api/v1/beta/files",
            files={"file": (f"{name}.txt", b"x")},
            data={"purpose": "extract", "external_file_id": "list-of-three"},
        ).json()
        for name in ("b", "c", "a")
    ]

    def names(**query: Any) -> str:
        found = ""
        query = {"external_file_id": "list-of-three", **query}
        while True:
            page = http.get("/api/v1/beta/files", params=query).json()
            found += "".join(file["name"][0] for file in page["items"])
            if page["next_page_token"] is None:
                return found
            query["page_token"] = page["next_page_token"]

    mine = [file["id"] for file in made]
    assert names(file_ids=mine) == names(file_ids=mine, page_size=2) == "acb"
    assert names(file_ids=mine, order_by="name", page_size=1) == "abc"
    assert names(file_ids=mine, file_name="c.txt") == "c"
    assert names(external_file_id="nobody") == ""
    for file in made:
        http.delete(f"/api/v1/beta/files/{file['id']}")


def test_schema_validation_on_both_paths(http: Any) -> None:
    for path in ("/api/v2/extract/schema/validation", "/api/v2/extract/schema/validate"):
        good = http.post(path, json={"data_schema": SCHEMA})
        assert good.json()["data_schema"]["properties"].keys() == {"text"}
        bad = http.post(path, json={"data_schema": {"foo": {"foo": "bar"}}})
        assert bad.status_code == 400
        assert bad.json()["detail"].startswith("schema_validation: ")


CONFIGURATION = {"data_schema": SCHEMA}
BAD_BODIES: dict[str, tuple[dict[str, Any], int, str]] = {
    "unknown file": ({"file_input": "dfl-nothere", "configuration": CONFIGURATION}, 400, "inputs_invalid: "),
    "unknown parse job": (
        {"file_input": "pjb-nothere", "configuration": CONFIGURATION},
        400,
        "inputs_invalid",
    ),
    "no input": ({"configuration": CONFIGURATION}, 422, "file_input"),
    "two inputs": (
        {"file_input": "dfl-a", "document_input_value": "dfl-b", "configuration": CONFIGURATION},
        422,
        "document_input_value",
    ),
    "long input": (
        {"document_input_value": "d" * 201, "configuration": CONFIGURATION},
        422,
        "document_input_value",
    ),
    "no configuration": ({"file_input": "FILE"}, 422, "configuration"),
    "two configurations": (
        {"file_input": "FILE", "configuration": CONFIGURATION, "configuration_id": "cfg-1"},
        422,
        "configuration_id",
    ),
    "unknown saved configuration": (
        {"file_input": "FILE", "configuration_id": "cfg-1"},
        404,
        "Configuration",
    ),
    "no object schema": (
        {"file_input": "FILE", "configuration": {"data_schema": {"foo": {"foo": "bar"}}}},
        400,
        "schema_validation: ",
    ),
    "list schema": (
        {"file_input": "FILE", "configuration": {"data_schema": {"type": "array", "items": SCHEMA}}},
        400,
        "schema_validation: ",
    ),
    "schema is text": ({"file_input": "FILE", "configuration": {"data_schema": "x"}}, 422, "data_schema"),
    "page zero": (
        {"file_input": "FILE", "configuration": {**CONFIGURATION, "target_pages": "0"}},
        422,
        "target_pages",
    ),
    "backwards": (
        {"file_input": "FILE", "configuration": {**CONFIGURATION, "target_pages": "5-2"}},
        422,
        "target_pages",
    ),
    "no page": (
        {"file_input": "FILE", "configuration": {**CONFIGURATION, "target_pages": "x"}},
        422,
        "target_pages",
    ),
    "no pages": (
        {"file_input": "FILE", "configuration": {**CONFIGURATION, "max_pages": 0}},
        422,
        "max_pages",
    ),
    "unknown tier": ({"file_input": "FILE", "configuration": {**CONFIGURATION, "tier": "best"}}, 422, "tier"),
    "unknown target": (
        {"file_input": "FILE", "configuration": {**CONFIGURATION, "extraction_target": "per_word"}},
        422,
        "extraction_target",
    ),
    "turbo with a parse tier": (
        {"file_input": "FILE", "configuration": {**CONFIGURATION, "tier": "turbo", "parse_tier": "fast"}},
        422,
        "turbo",
    ),
    "turbo by page": (
        {
            "file_input": "FILE",
            "configuration": {**CONFIGURATION, "tier": "turbo", "extraction_target": "per_page"},
        },
        422,
        "per_doc",
    ),
    "agentic_plus by row": (
        {
            "file_input": "FILE",
            "configuration": {
                **CONFIGURATION,
                "tier": "agentic_plus",
                "extraction_target": "per_table_row",
            },
        },
        422,
        "per_doc",
    ),
    "two versions": (
        {"file_input": "FILE", "configuration": {**CONFIGURATION, "version": "a", "extract_version": "b"}},
        422,
        "version",
    ),
    "lone surrogate": ({"file_input": "dfl-\ud800", "configuration": CONFIGURATION}, 422, "unicode"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_has_its_status_and_detail(name: str, http: Any) -> None:
    body, status, says = BAD_BODIES[name]
    if body.get("file_input") == "FILE":
        body = {**body, "file_input": http.upload()}
    reply = http.post(
        "/api/v2/extract", content=json.dumps(body), headers={"content-type": "application/json"}
    )
    assert reply.status_code == status
    detail = reply.json()["detail"]
    assert says in json.dumps(detail)
    assert isinstance(detail, list) == (status == 422)
    if status == 422:
        assert all(set(problem) == {"loc", "msg", "type"} for problem in detail)


BAD_CALLS: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "unknown job": ("GET", "/api/v2/extract/ext-nothere", {}, 404),
    "cancel unknown": ("POST", "/api/v2/extract/ext-nothere/cancel", {}, 404),
    "delete unknown": ("DELETE", "/api/v2/extract/ext-nothere", {}, 404),
    "path-like id": ("GET", "/api/v2/extract/..%2f..%2fetc", {}, 404),
    "unknown status": ("GET", "/api/v2/extract", {"params": {"status": "DONE"}}, 422),
    "page size": ("GET", "/api/v2/extract", {"params": {"page_size": 0}}, 422),
    "page token": ("GET", "/api/v2/extract", {"params": {"page_token": "abc"}}, 400),
    "page token that is text": ("GET", "/api/v2/extract", {"params": {"page_token": "é€"}}, 400),
    "time": ("GET", "/api/v2/extract", {"params": {"created_at_on_or_after": "today"}}, 422),
    "two inputs": ("GET", "/api/v2/extract", {"params": {"file_input": "a", "document_input_value": "b"}}, 422),
    "no JSON": ("POST", "/api/v2/extract", {"content": b"{", "headers": {"content-type": "application/json"}}, 422),
    "no body": ("POST", "/api/v2/extract", {}, 422),
    "large body": ("POST", "/api/v2/extract", {"content": b" " * (2 * 1024 * 1024 + 1)}, 413),
    "large body in chunks": ("POST", "/api/v2/extract", {"content": (b" " * 1024 for _ in range(2049))}, 413),
    "no file part": ("POST", "/api/v1/beta/files", {"data": {"purpose": "extract"}}, 400),
    "empty file": (
        "POST", "/api/v1/beta/files", {"files": {"file": ("a.txt", b"")}, "data": {"purpose": "extract"}}, 400,
    ),
    "file without a name": (
        "POST", "/api/v1/beta/files", {"files": {"file": ("/", b"x")}, "data": {"purpose": "extract"}}, 400,
    ),
    "unknown purpose": (
        "POST", "/api/v1/beta/files", {"files": {"file": ("a.txt", b"x")}, "data": {"purpose": "fun"}}, 422,
    ),
    "broken multipart": (
        "POST",
        "/api/v1/beta/files",
        {"content": b"--x\r\nnothing", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        400,
    ),
    "unknown path": ("GET", "/api/v9/extract", {}, 404),
    "wrong method": ("PUT", "/api/v2/extract", {}, 405),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_CALLS)
def test_a_bad_call_has_its_status_and_detail(name: str, http: Any) -> None:
    method, path, more, status = BAD_CALLS[name]
    if name == "large body in chunks":
        more = {"content": (b" " * 1024 for _ in range(2049))}
    reply = http.request(method, path, **more)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/json"
    assert reply.json()["detail"]


def test_a_page_token_belongs_to_its_filters(http: Any) -> None:
    for _ in range(2):
        http.until(http.start_job())
    token = http.get("/api/v2/extract", params={"page_size": 1}).json()["next_page_token"]
    same = http.get("/api/v2/extract", params={"page_size": 2, "page_token": token})
    assert same.status_code == 200
    other = http.get("/api/v2/extract", params={"status": "FAILED", "page_token": token})
    assert other.status_code == 400


def test_a_file_over_the_limit(http: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_UPLOAD_BYTES", "1048576")
    for size in (1048577, 1048576 * 3):
        reply = http.post(
            "/api/v1/beta/files", files={"file": ("a.txt", b"x" * size)}, data={"purpose": "extract"}
        )
        assert reply.status_code == 413
        assert "exceeds" in reply.json()["detail"]
