"""What lists and scopes let through: projects, organizations, times, pages, and files whose time is over."""

from __future__ import annotations

import re
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


HOOK = {"webhook_url": "https://example.com/"}
PARSE, SAVED, HOOKS = "/api/v2/parse", "/api/v1/beta/configurations", "/api/v2/webhook-configs"
OTHER_FILTERS: dict[str, list[dict[str, Any]]] = {
    FILES: [
        {"file_name": "a"}, {"file_ids": ["dfl-a"]}, {"external_file_id": "x"}, {"order_by": "name"}, {"order_by": "id"},
    ],
    PARSE: [
        {"status": "COMPLETED"}, {"job_ids": ["pjb-a"]}, {"created_at_on_or_after": "2020-01-01T00:00:00Z"},
        {"created_at_on_or_before": "2120-01-01T00:00:00Z"},
    ],
    SAVED: [{"name": "a"}, {"product_type": ["extract_v2"]}, {"latest_only": "true"}],
    HOOKS: [],
}  # fmt: skip


@pytest.mark.parametrize("path", OTHER_FILTERS)
def test_a_page_token_of_each_list_is_bound_to_its_filters(path: str, http: Any) -> None:
    scope = {"project_id": f"prj-{uuid4()}"}
    made = []
    for name in ("a", "b"):
        parameters = {"product_type": "extract_v2", "data_schema": SCHEMA}
        reply = {
            FILES: lambda: http.get(f"{FILES}/{http.upload(**scope)}"),
            PARSE: lambda: http.post(
                PARSE, json={"file_id": http.upload(**scope), "tier": "fast", "version": "latest"}
            ),
            SAVED: lambda name=name, parameters=parameters: http.post(
                SAVED, json={"name": name, "parameters": parameters}, params=scope
            ),
            HOOKS: lambda: http.post("/api/v1/beta/webhook-configs", json=HOOK, params=scope),
        }[path]()
        assert reply.status_code in {200, 201}, reply.text
        made.append(reply.json()["id"])
    first = http.get(path, params={**scope, "page_size": 1}).json()
    assert [item["id"] for item in first["items"]] == made[1:]
    token = first["next_page_token"]
    rest = http.get(path, params={**scope, "page_size": 1, "page_token": token}).json()
    assert ([item["id"] for item in rest["items"]], rest["next_page_token"]) == (made[:1], None)
    for more in [*OTHER_FILTERS[path], {"organization_id": "org"}, {"project_id": "prj-x"}]:
        reply = http.get(path, params={**scope, **more, "page_token": token})
        assert (reply.status_code, set(reply.json())) == (400, {"detail"}), more
    assert http.get(JOBS, params={**scope, "page_token": token}).status_code == 400


def test_every_time_on_the_wire_is_rfc_3339_in_utc(http: Any) -> None:
    job = create(http)
    parse = http.get(f"{PARSE}/{job['extract_metadata']['parse_job_id']}").json()["job"]
    file = http.get(f"{FILES}/{job['file_input']}").json()
    link = http.get(f"{FILES}/{job['file_input']}/content").json()
    parameters = {"product_type": "extract_v2", "data_schema": SCHEMA}
    saved = http.post(SAVED, json={"name": "a", "parameters": parameters}).json()
    hook = http.post("/api/v1/beta/webhook-configs", json=HOOK).json()
    times = {
        f"{kind}.{name}": value
        for kind, item in {"job": job, "parse": parse, "file": file, "link": link, "saved": saved, "hook": hook}.items()
        for name, value in item.items()
        if name.endswith("_at") or (kind, name) == ("saved", "version")
    }  # fmt: skip
    assert len(times) == 12
    for name, value in times.items():
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", value), (name, value)
        assert datetime.fromisoformat(value).tzinfo == UTC, name


def test_lists_of_parse_jobs_by_time_and_organization(http: Any) -> None:
    scope = {"organization_id": str(uuid4())}
    made = []
    for _ in range(3):
        body = {"file_id": http.upload(**scope), "tier": "fast", "version": "latest"}
        made.append(http.post(PARSE, json=body, params=scope).json())
    middle = made[1]["created_at"]
    newest = [job["id"] for job in reversed(made)]
    assert listed(http, PARSE, **scope) == newest
    assert listed(http, PARSE, **scope, created_at_on_or_after=middle) == newest[:2]
    assert listed(http, PARSE, **scope, created_at_on_or_before=middle) == newest[1:]
    assert listed(http, PARSE, organization_id="org-of-nobody") == []


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (JOBS, {"status": "DONE"}),
        (JOBS, {"document_input_type": "url"}),
        (JOBS, {"page_size": 1001}),
        (JOBS, {"created_at_on_or_before": "yesterday"}),
        (JOBS, {"file_input": "dfl-a", "document_input_value": "dfl-b"}),
        (PARSE, {"status": "THROTTLED"}),
        (PARSE, {"page_size": 0}),
        (FILES, {"order_by": "size"}),
        (FILES, {"page_size": "many"}),
        (SAVED, {"product_type": "extract_v3"}),
        (SAVED, {"latest_only": "perhaps"}),
        (HOOKS, {"page_size": -1}),
        (f"{JOBS}/ext-a", {"expand": [str(n) for n in range(21)]}),
    ],
)
def test_a_value_that_a_filter_does_not_know(path: str, query: dict[str, Any], http: Any) -> None:
    reply = http.get(path, params=query)
    assert reply.status_code == 422, reply.text
    [problem] = reply.json()["detail"]
    assert set(problem) == {"loc", "msg", "type"}
    assert problem["loc"][0] == "query"
