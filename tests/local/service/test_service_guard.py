"""Who may ask a service on a user's own machine, what it tells whoever watches it, and what it writes down."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from extract_bridge.local.service.app import create_app
from extract_bridge.local.service.request_log import JsonLines
from extract_bridge.local.service.routes import docs
from extract_bridge.local.service.state import ServiceSettings

KEY = {"authorization": "Bearer llx-local"}
SCHEMA = {"type": "object", "properties": {"text": {"type": ["string", "null"]}}}


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    return ServiceSettings(data_dir=tmp_path, api_key="llx-local", hosts=["docs.example"])


@pytest.fixture
async def asked(settings: ServiceSettings) -> Any:
    """`await asked(path, **headers)` with the service running; 127.0.0.1:8787 unless a `host` is given."""
    app = create_app(settings)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8787") as http,
    ):

        async def ask(path: str, method: str = "GET", **headers: str) -> httpx.Response:
            return await http.request(
                method, path, headers={name.replace("_", "-"): text for name, text in headers.items()}
            )

        ask.app = app  # type: ignore[attr-defined]
        yield ask


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:8787", "localhost:1", "LOCALHOST", "[::1]:8787", "docs.example", "192.0.2.7:80"],
)
async def test_known_hosts(host: str, asked: Any) -> None:
    assert (await asked("/api/v2/extract", host=host, **KEY)).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "[", "a b"]
)
async def test_names_that_somebody_pointed_here(host: str, asked: Any) -> None:
    for path in ("/api/v2/extract", "/health/live", "/content/x", "/openapi.json"):
        refused = await asked(path, host=host, **KEY)
        assert (refused.status_code, list(refused.json())) == (400, ["detail"])


async def test_web_pages(asked: Any) -> None:
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ):
        for method in ("GET", "POST", "OPTIONS"):
            refused = await asked("/api/v2/extract", method, **KEY, **headers)
            assert refused.status_code == 403
            assert not any(name.startswith("access-control") for name in refused.headers)
    for headers in (
        {"origin": "http://127.0.0.1:8787"},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": "same-origin"},
    ):
        assert (await asked("/api/v2/extract", **KEY, **headers)).status_code == 200


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", "Bearer llx-loca", "Bearer llx-local2", "llx-local", "Basic llx-local"]
)
async def test_wrong_keys(given: str, asked: Any) -> None:
    for path in ("/api/v2/extract", "/openapi.json", "/api/v1/beta/files", "/nothing"):
        refused = await asked(path, authorization=given)
        assert (refused.status_code, refused.json()) == (401, {"detail": "Invalid API Key"})


async def test_the_page_for_people_needs_nobody_else(asked: Any) -> None:
    shown = await asked("/docs", **KEY)
    assert shown.status_code == 200
    assert shown.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert "<script" not in shown.text
    assert re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"' >)]+)""", shown.text) == ["openapi.json"]
    document = (await asked("/openapi.json", **KEY)).json()
    for path, methods in document["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} {path}</code>" in shown.text
    for word in ("file_input", "target_pages", "multipart/form-data", "created_at_on_or_after", "429"):
        assert word in shown.text
    assert "/docs" not in document["paths"]
    assert (await asked("/docs")).status_code == 401
    assert (await asked("/redoc", **KEY)).status_code == 404


def test_what_the_page_shows_is_escaped() -> None:
    bad = "<script>alert(1)</script>"
    operation = {
        "description": bad,
        "parameters": [{"name": bad, "in": bad, "schema": {"enum": [bad]}}],
        "responses": {"200": {"description": bad}},
    }
    shown = docs.page({"info": {"title": bad, "version": "1"}, "paths": {f"/{bad}": {"get": operation}}})
    assert "<script" not in shown
    assert shown.count("&lt;script") == 8


async def test_health_needs_no_key_and_follows_the_service(
    asked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("/health/live", "/health/ready"):
        answer = await asked(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    monkeypatch.setenv("EXTRACT_BRIDGE_MIN_FREE_BYTES", str(10**18))
    low = await asked("/health/ready")
    assert (low.status_code, float(low.headers["retry-after"]) > 0) == (503, True)
    monkeypatch.undo()
    asked.app.state.service.dispatcher.stop()
    assert (await asked("/health/ready")).status_code == 503
    assert (await asked("/health/live")).status_code == 200


@pytest.fixture
def written() -> Iterator[list[str]]:
    """The lines that `serve` would write."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.setFormatter(JsonLines())
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    logger = logging.getLogger("extract_bridge")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel("DEBUG")
    yield lines
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_a_line_a_request_with_its_id_and_job_and_no_text(written: list[str], start: Any) -> None:
    http = start()
    http.headers["authorization"] = "Bearer llx-secret"
    file_id = http.upload("salaries-of-all.txt", b"the secret text")
    body = {
        "file_input": file_id,
        "configuration": {"data_schema": SCHEMA, "system_prompt": "a private prompt"},
    }
    created = http.post("/api/v2/extract", json=body, headers={"x-request-id": "mine-1"})
    assert created.headers["x-request-id"] == "mine-1"
    job_id = created.json()["id"]
    http.until(job_id)
    answer = http.get(
        f"/api/v2/extract/{job_id}", params={"expand": "usage"}, headers={"x-request-id": "a\tb"}
    )
    assert answer.headers["x-request-id"] != "a\tb"
    http.get(http.get(f"/api/v1/beta/files/{file_id}/content").json()["url"])
    lines = [json.loads(line) for line in written]
    assert all({"time", "level", "message"} <= line.keys() for line in lines)
    requests = {line["request_id"]: line for line in lines if line["message"] == "request"}
    made = requests["mine-1"]
    assert (made["method"], made["route"], made["status"], made["job_id"]) == (
        "POST",
        "/api/v2/extract",
        200,
        job_id,
    )
    read = requests[answer.headers["x-request-id"]]
    assert (read["route"], read["job_id"]) == ("/api/v2/extract/{job_id}", job_id)
    everything = "".join(written)
    for secret in ("llx-secret", "salaries", "secret text", "private prompt", "signature", "expand"):
        assert secret not in everything


def test_a_fault_of_ours_is_a_500_and_a_line_without_its_text(
    written: list[str], start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    http = start()
    http.upload()

    def broken(*_: object) -> None:
        raise RuntimeError("text of a document")

    monkeypatch.setattr("extract_bridge.local.service.sqlite_store.SqliteJobStore.get_job", broken)
    answer = http.get("/api/v2/extract/ext-1")
    assert (answer.status_code, answer.json()) == (500, {"detail": "Internal Server Error"})
    monkeypatch.undo()
    [line] = [json.loads(line) for line in written if "problem" in line]
    assert line["level"] == "error"
    assert line["request_id"] == answer.headers["x-request-id"]
    assert line["problem"].startswith("RuntimeError < test_service_guard.py:")
    assert "document" not in "".join(written)
