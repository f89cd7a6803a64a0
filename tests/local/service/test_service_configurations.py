"""Saved configurations: kept, changed, listed, and used by jobs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

SCHEMA = {"type": "object", "properties": {"text": {"type": ["string", "null"]}}}
PATH = "/api/v1/beta/configurations"


def save(
    http: Any, name: str = "mine", query: dict[str, str] | None = None, **parameters: Any
) -> dict[str, Any]:
    parameters = {"product_type": "extract_v2", "data_schema": SCHEMA, **parameters}
    reply = http.post(PATH, json={"name": name, "parameters": parameters}, params=query)
    assert reply.status_code == 200, reply.text
    saved: dict[str, Any] = reply.json()
    return saved


def test_a_configuration_from_create_to_delete(http: Any) -> None:
    made = save(http, tier="cost_effective", cite_sources=None)
    assert made["id"].startswith("cfg-")
    assert (made["name"], made["product_type"]) == ("mine", "extract_v2")
    assert made["parameters"] == {
        "product_type": "extract_v2",
        "data_schema": SCHEMA,
        "tier": "cost_effective",
    }
    assert made["version"].endswith("Z")
    assert http.get(f"{PATH}/{made['id']}").json() == made

    renamed = http.put(f"{PATH}/{made['id']}", json={"name": "other", "parameters": None}).json()
    assert (renamed["name"], renamed["version"]) == ("other", made["version"])
    assert renamed["parameters"] == made["parameters"]

    changed = {"product_type": "extract_v2", "data_schema": SCHEMA, "tier": "agentic"}
    updated = http.put(f"{PATH}/{made['id']}", json={"parameters": changed}).json()
    assert updated["version"] > made["version"]
    assert (updated["name"], updated["parameters"]) == ("other", changed)
    assert updated["created_at"] == made["created_at"]

    assert http.delete(f"{PATH}/{made['id']}").status_code == 204
    assert http.get(f"{PATH}/{made['id']}").status_code == 404
    assert http.delete(f"{PATH}/{made['id']}").status_code == 404


def test_a_job_runs_with_the_content_it_was_created_with(http: Any) -> None:
    saved = save(http, tier="cost_effective", target_pages="1", lang="de")
    body = {"file_input": http.upload(), "configuration_id": saved["id"], "configuration": None}
    job = http.until(http.post("/api/v2/extract", json=body).json()["id"])
    assert job["status"] == "COMPLETED"
    assert job["configuration_id"] == saved["id"]
    assert (job["configuration"]["tier"], job["configuration"]["lang"]) == ("cost_effective", "de")
    assert job["configuration"]["data_schema"] == SCHEMA
    assert "product_type" not in job["configuration"]
    assert job["metadata"]["configuration_version"] == saved["version"]
    http.put(f"{PATH}/{saved['id']}", json={"parameters": {**saved["parameters"], "tier": "agentic"}})
    again = http.until(http.post("/api/v2/extract", json=body).json()["id"])
    assert again["configuration"]["tier"] == "agentic"
    assert again["metadata"]["configuration_version"] > saved["version"]
    assert http.until(job["id"])["configuration"]["tier"] == "cost_effective"
    http.delete(f"{PATH}/{saved['id']}")
    assert http.post("/api/v2/extract", json=body).status_code == 404
    listed = http.get("/api/v2/extract", params={"configuration_id": saved["id"]}).json()["items"]
    assert [item["id"] for item in listed] == [again["id"], job["id"]]


def test_lists_are_newest_first_filtered_and_paged(http: Any) -> None:
    project = {"project_id": "prj-configurations"}
    first, second = save(http, "a", project), save(http, "a", project)
    other = save(http, "b", project, product_type="parse_v2", tier="fast")

    def ids(**query: Any) -> list[str]:
        found: list[str] = []
        query = {**project, **query}
        while True:
            page = http.get(PATH, params=query).json()
            assert page["total_size"] is None
            found += [item["id"] for item in page["items"]]
            if page["next_page_token"] is None:
                return found
            query["page_token"] = page["next_page_token"]

    everything = [other["id"], second["id"], first["id"]]
    assert ids() == ids(page_size=1) == ids(page_size=2) == everything
    assert ids(name="a") == everything[1:]
    assert ids(latest_only="true") == everything[:2]
    assert ids(product_type=["extract_v2", "split_v1"]) == everything[1:]
    assert ids(product_type="parse_v2") == everything[:1]
    token = http.get(PATH, params={**project, "page_size": 1}).json()["next_page_token"]
    assert http.get(PATH, params={"name": "a", "page_token": token}).status_code == 400
    assert http.get(PATH, params={"product_type": "soup"}).status_code == 422


BAD: dict[str, tuple[dict[str, Any], int, str]] = {
    "no product": ({"data_schema": SCHEMA}, 422, "product_type"),
    "unknown product": ({"product_type": "soup"}, 422, "product_type"),
    "no schema": ({"product_type": "extract_v2"}, 422, "data_schema"),
    "no fields": (
        {"product_type": "extract_v2", "data_schema": {"foo": {"foo": "bar"}}},
        400,
        "schema_validation: ",
    ),
    "tier": ({"product_type": "extract_v2", "data_schema": SCHEMA, "tier": "best"}, 422, "tier"),
    "pages": ({"product_type": "extract_v2", "data_schema": SCHEMA, "max_pages": 0}, 422, "max_pages"),
    "parse tier": ({"product_type": "parse_v2", "tier": "turbo"}, 422, "tier"),
    "parse pages": ({"product_type": "parse_v2", "page_ranges": {"target_pages": "0"}}, 422, "target_pages"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_parameters_are_refused_when_they_are_saved(name: str, http: Any) -> None:
    parameters, status, says = BAD[name]
    saved = save(http)
    for reply in (
        http.post(PATH, json={"name": "x", "parameters": parameters}),
        http.put(f"{PATH}/{saved['id']}", json={"parameters": parameters}),
    ):
        assert reply.status_code == status, reply.text
        assert says in str(reply.json()["detail"])
    assert http.get(f"{PATH}/{saved['id']}").json() == saved


def test_a_configuration_of_an_earlier_version_that_took_more_is_a_400(
    start: Callable[..., Any], tmp_path: Path
) -> None:
    http = start()
    saved = save(http)
    kept = {**saved["parameters"], "tier": "turbo", "extraction_target": "per_page"}
    with closing(sqlite3.connect(tmp_path / "data" / "service.sqlite3")) as database, database:
        database.execute("UPDATE configurations SET parameters = ?", (json.dumps(kept),))
    body = {"file_input": http.upload(), "configuration_id": saved["id"]}
    reply = http.post("/api/v2/extract", json=body)
    assert reply.status_code == 400, reply.text
    assert saved["id"] in reply.json()["detail"]
    assert "only per_doc" in reply.json()["detail"]
    assert http.get("/api/v2/extract").json()["items"] == []


def test_a_configuration_is_used_for_its_own_product_and_project_only(http: Any) -> None:
    parse = save(http, product_type="parse_v2", tier="fast")
    body = {"file_input": http.upload(), "configuration_id": parse["id"]}
    wrong = http.post("/api/v2/extract", json=body)
    assert wrong.status_code == 400
    assert wrong.json()["detail"].startswith("inputs_invalid: ")
    elsewhere = save(http, query={"project_id": "prj-elsewhere"})
    body = {"file_input": http.upload(project_id="prj-here"), "configuration_id": elsewhere["id"]}
    assert http.post("/api/v2/extract", json=body, params={"project_id": "prj-here"}).status_code == 403
    assert http.get(f"{PATH}/{elsewhere['id']}", params={"project_id": "prj-here"}).status_code == 404
    conflict = http.put(
        f"{PATH}/{parse['id']}", json={"parameters": {"product_type": "extract_v2", "data_schema": SCHEMA}}
    )
    assert (conflict.status_code, conflict.headers["x-should-retry"]) == (409, "false")


def test_a_saved_parse_configuration_decides_tier_and_pages(http: Any) -> None:
    parse = save(http, product_type="parse_v2", tier="fast", page_ranges={"max_pages": 3})
    assert "data_schema" in parse["parameters"], "unknown options are kept"
    job = http.until(http.start_job(parse_config_id=parse["id"], tier="agentic"))
    assert (job["configuration"]["parse_tier"], job["configuration"]["max_pages"]) == ("fast", 3)
    assert job["extract_metadata"]["parse_tier"] == "fast"
    assert job["usage"] == {"credits": 32.0, "extract_credits": 30.0, "parse_credits": 2.0}
    own = http.until(http.start_job(parse_config_id=parse["id"], parse_tier="agentic", target_pages="2,1"))
    assert (own["configuration"]["parse_tier"], own["configuration"]["target_pages"]) == ("agentic", "2,1")
    assert own["configuration"]["max_pages"] is None
    body = {
        "file_input": http.upload(),
        "configuration": {"data_schema": SCHEMA, "parse_config_id": "cfg-none"},
    }
    assert http.post("/api/v2/extract", json=body).status_code == 404
