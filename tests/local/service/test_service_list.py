"""What lists and scopes let through: projects, organizations, times, pages, and files whose time is over."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

SCHEMA = {"type": "object", "properties": {"text": {"type": ["string", "null"]}}}
JOBS, FILES = "/api/v2/extract", "/api/v1/beta/files"


def create(http: Any, scope: dict[str, str] | None = None, **configuration: Any) -> dict[str, Any]:
    scope = scope or {}
    body = {"file_input": http.upload(**scope), "configuration": {"data_schema": SCHEMA, **configuration}}
    reply = http.post(JOBS, json=body, params=scope)
    assert reply.status_code == 200, reply.text
    job: dict[str, Any] = http.until(reply.json()["id"])
    return job


def listed(http: Any, path: str = JOBS, **query: Any) -> list[str]:
    found: list[str] = []
    while True:
        reply = http.get(path, params=query)
        assert reply.status_code == 200, reply.text
        found += [item["id"] for item in reply.json()["items"]]
        if reply.json()["next_page_token"] is None:
            return found
        query["page_token"] = reply.json()["next_page_token"]


@pytest.mark.parametrize("project", ["0190a6e2-7c1f-7d4e-9b35-1f2e3d4c5b6a", "prj-one"])
def test_a_project_is_a_scope_on_every_endpoint(project: str, http: Any) -> None:
    mine, other = {"project_id": project}, {"project_id": f"{project}-other"}
    job = create(http, mine)
    assert job["project_id"] == project
    paths = {
        f"{JOBS}/{job['id']}": 200,
        f"{FILES}/{job['file_input']}": 200,
        f"{FILES}/{job['file_input']}/content": 200,
        f"/api/v2/parse/{job['extract_metadata']['parse_job_id']}": 200,
    }
    for path, status in paths.items():
        assert http.get(path).status_code == http.get(path, params=mine).status_code == status
        assert http.get(path, params=other).status_code == 404
    for path in (JOBS, FILES, "/api/v2/parse"):
        assert len(listed(http, path, **mine)) == 1
        assert listed(http, path, **other) == []
    assert http.post(f"{JOBS}/{job['id']}/cancel", params=other).status_code == 404
    assert http.delete(f"{JOBS}/{job['id']}", params=other).status_code == 404
    assert http.delete(f"{FILES}/{job['file_input']}", params=other).status_code == 404
    for given in (job["file_input"], job["extract_metadata"]["parse_job_id"]):
        body = {"file_input": given, "configuration": {"data_schema": SCHEMA}}
        refused = http.post(JOBS, json=body, params=other)
        assert refused.status_code == 403
        assert "another project" in refused.json()["detail"]
        assert http.post(JOBS, json=body).json()["project_id"] == project, "a job belongs where its file does"
    for path in (JOBS, FILES, "/api/v2/parse"):
        assert http.get(path, params={"project_id": "p" * 201}).status_code == 422
        assert listed(http, path, project_id="", page_size=1000) == listed(http, path, page_size=1000)


def test_an_organization_is_a_scope_too(http: Any) -> None:
    here, there = {"organization_id": str(uuid4())}, {"organization_id": str(uuid4())}
    job = create(http, here)
    named = create(http, {**here, "project_id": f"prj-{uuid4()}"})
    assert job["project_id"] != named["project_id"]
    assert listed(http, **here) == [named["id"], job["id"]]
    assert listed(http, **here, project_id=job["project_id"]) == [job["id"]]
    assert listed(http, **there) == []
    assert http.get(f"{JOBS}/{job['id']}", params=here).status_code == 200
    assert http.get(f"{JOBS}/{job['id']}", params=there).status_code == 404
    assert len(listed(http, FILES, **here)) == 2
    taken = {**there, "project_id": named["project_id"]}
    reply = http.post(FILES, files={"file": ("a.txt", b"x")}, data={"purpose": "extract"}, params=taken)
    assert reply.status_code == 403
    local = create(http)
    assert local["id"] not in listed(http, **here)


def test_times_in_any_zone_bound_a_list_on_both_sides(http: Any) -> None:
    scope = {"project_id": f"prj-{uuid4()}"}
    jobs = [create(http, scope) for _ in range(3)]
    middle = datetime.fromisoformat(jobs[1]["created_at"])
    assert jobs[1]["created_at"].endswith("Z")
    zoned = middle.astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat()
    assert listed(http, **scope, created_at_on_or_after=zoned) == [jobs[2]["id"], jobs[1]["id"]]
    assert listed(http, **scope, created_at_on_or_before=zoned) == [jobs[1]["id"], jobs[0]["id"]]
    assert listed(http, **scope, created_at_on_or_after=zoned, created_at_on_or_before=zoned) == [
        jobs[1]["id"]
    ]
    naive = middle.replace(tzinfo=None).isoformat()
    assert listed(http, **scope, created_at_on_or_after=naive) == [jobs[2]["id"], jobs[1]["id"]], (
        "UTC is meant"
    )


def test_every_filter_narrows_and_binds_the_page_token(http: Any) -> None:
    scope = {"project_id": f"prj-{uuid4()}"}
    jobs = [create(http, scope) for _ in range(2)]
    token = http.get(JOBS, params={**scope, "page_size": 1}).json()["next_page_token"]
    filters: list[dict[str, Any]] = [
        {"status": "COMPLETED"},
        {"file_input": jobs[0]["file_input"]},
        {"document_input_type": "file_id"},
        {"job_ids": [jobs[0]["id"], jobs[1]["id"]]},
        {"configuration_id": "cfg-none"},
        {"created_at_on_or_after": "2020-01-01T00:00:00Z"},
        {"organization_id": "org"},
    ]
    for more in filters:
        assert http.get(JOBS, params={**scope, **more, "page_token": token}).status_code == 400, more
    assert http.get(JOBS, params={"page_token": token}).status_code == 400
    expanded = http.get(
        JOBS, params={**scope, "page_token": token, "page_size": 5, "expand": ["usage", "nothing"]}
    )
    assert [job["id"] for job in expanded.json()["items"]] == [jobs[0]["id"]]
    assert expanded.json()["items"][0]["usage"] is not None


def test_the_usage_counts_what_was_read_billed_and_written(http: Any) -> None:
    fields = {f"f{number}": {"type": "string"} for number in range(801)}
    large = {"type": "object", "properties": fields}
    job = create(http, data_schema=large, tier="agentic_plus")
    assert job["metadata"]["usage"] == {
        "num_pages_extracted": 2,
        "num_pages_billed": 6,
        "num_document_tokens": 7,
        "num_output_tokens": 3,
    }
    assert job["usage"] == {"credits": 320.0, "extract_credits": 300.0, "parse_credits": 20.0}
    assert job["configuration"]["version"] == job["configuration"]["extract_version"]


def test_a_file_is_gone_when_its_time_is_over(start: Callable[..., Any], tmp_path: Path) -> None:
    http = start()
    file_id, kept = http.upload(), http.upload()
    file = http.get(f"{FILES}/{file_id}").json()
    left = datetime.fromisoformat(file["expires_at"]) - datetime.fromisoformat(file["last_modified_at"])
    assert abs(left - timedelta(hours=48)) < timedelta(minutes=1)
    link = http.get(f"{FILES}/{file_id}/content").json()["url"]
    assert http.get(link).status_code == 200
    over = (
        (datetime.now(UTC) - timedelta(seconds=1)).isoformat(timespec="microseconds").replace("+00:00", "Z")
    )
    with closing(sqlite3.connect(tmp_path / "data" / "service.sqlite3")) as database, database:
        database.execute("UPDATE files SET expires_at = ? WHERE id = ?", (over, file_id))
    assert http.get(f"{FILES}/{file_id}").status_code == 404
    assert http.get(f"{FILES}/{file_id}/content").status_code == 404
    assert http.get(link).status_code == 404
    assert listed(http, FILES) == [kept]
    reply = http.post(JOBS, json={"file_input": file_id, "configuration": {"data_schema": SCHEMA}})
    assert reply.status_code == 404
    assert "upload it again" in reply.json()["detail"]


def test_a_link_to_content_ends_when_it_was_asked_to(http: Any) -> None:
    path = f"{FILES}/{http.upload()}/content"
    usual = http.get(path).json()
    short = http.get(path, params={"expires_at_seconds": 60}).json()
    assert set(short) == {"url", "expires_at", "form_fields"}
    gap = datetime.fromisoformat(usual["expires_at"]) - datetime.fromisoformat(short["expires_at"])
    assert timedelta(minutes=58) < gap < timedelta(minutes=60)
    assert http.get(path, params={"expires_at_seconds": 0}).status_code == 422
