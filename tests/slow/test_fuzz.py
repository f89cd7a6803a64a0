"""schemathesis against the service's own OpenAPI, in process: whatever is sent, it answers as it says it does.

Half of the examples carry ids of things that are there and bodies that can be carried out; the other half are left as they were generated. So
most operations also succeed, and an operation that never does is found.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio.from_thread
import hypothesis
import hypothesis.strategies as st
import pytest
import schemathesis
from schemathesis.checks import CHECKS, load_all_checks
from starlette.testclient import TestClient

from extract_bridge.local.service.app import create_app
from extract_bridge.local.service.state import ServiceSettings

pytestmark = [pytest.mark.slow, pytest.mark.fuzz]

_STAND_IN = (
    sys.executable,
    str(Path(__file__).parents[1] / "local" / "service" / "stand_in_worker.py"),
)
_SHORT = os.environ.get("EXTRACT_BRIDGE_SHORT") == "1"
_SEEDS = [1] if _SHORT else [1, 2, 3]
_EXAMPLES = 5 if _SHORT else 25
_REACHED = 0.9
_CHECK_NAMES = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]
_SCHEMA = {"type": "object", "properties": {"text": {"type": ["string", "null"]}}}


@contextmanager
def _running(folder: Path) -> Iterator[Any]:
    """The app with its service started, as an ASGI app whose lifespan is not run again by every client."""
    app = create_app(ServiceSettings(data_dir=folder, worker_command=_STAND_IN, workers=1))

    async def started(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for word in ("startup", "shutdown"):
            assert (await receive())["type"] == f"lifespan.{word}"
            await send({"type": f"lifespan.{word}.complete"})

    with (
        anyio.from_thread.start_blocking_portal() as portal,
        portal.wrap_async_context_manager(app.router.lifespan_context(app)),
    ):
        yield started


class _Real:
    """Things that are there, made anew for each example: an example may delete them."""

    def __init__(self, http: Any) -> None:
        self.http = http

    def make(self, path: str, body: dict[str, Any]) -> str:
        reply = self.http.post(path, json=body)
        assert reply.is_success, reply.text
        return str(reply.json()["id"])

    def file(self, name: str = "note.txt") -> str:
        reply = self.http.post(
            "/api/v1/beta/files", files={"file": (name, b"hello")}, data={"purpose": "extract"}
        )
        assert reply.status_code == 201, reply.text
        return str(reply.json()["id"])

    def extract_job(self, name: str) -> str:
        body = {"file_input": self.file(name), "configuration": {"data_schema": _SCHEMA}}
        return self._ended("/api/v2/extract", self.make("/api/v2/extract", body), name)

    def parse_job(self, name: str) -> str:
        body = {"file_id": self.file(name), "tier": "fast", "version": "latest"}
        return self._ended("/api/v2/parse", self.make("/api/v2/parse", body), name)

    def configuration(self) -> str:
        parameters = {"product_type": "extract_v2", "data_schema": _SCHEMA}
        return self.make("/api/v1/beta/configurations", {"name": "a", "parameters": parameters})

    def webhook(self) -> str:
        return self.make("/api/v1/beta/webhook-configs", {"webhook_url": "https://example.com/"})

    def _ended(self, path: str, job_id: str, name: str) -> str:
        if name == "slow.txt":  # it stays open, for those who cancel it
            return job_id
        while True:
            job = self.http.get(f"{path}/{job_id}").json()
            if job.get("job", job)["status"] not in {"PENDING", "RUNNING"}:
                return job_id


def _path_ids(real: _Real, path: str) -> dict[str, str]:
    """Ids of what an operation works on."""
    name = "slow.txt" if path.endswith("/cancel") else "note.txt"
    if "{job_id}" in path:
        return {"job_id": real.parse_job(name) if "/parse/" in path else real.extract_job(name)}
    if "{file_id}" in path:
        return {"file_id": real.file()}
    if "{config_id}" in path:
        return {"config_id": real.webhook() if "webhook" in path else real.configuration()}
    return {}


def _bodies(real: _Real, method: str, path: str) -> dict[str, Callable[[], dict[str, Any]]]:
    """What makes the body of an operation possible, whatever else was generated for it."""
    saved = {"name": "a", "parameters": {"product_type": "extract_v2", "data_schema": _SCHEMA}}
    return {
        "post /api/v2/extract": lambda: {
            "file_input": real.file(),
            "configuration": {"data_schema": _SCHEMA},
        },
        "post /api/v2/extract/schema/validation": lambda: {"data_schema": _SCHEMA},
        "post /api/v2/extract/schema/generate": lambda: {"prompt": "the number and the date"},
        "post /api/v2/parse": lambda: {"file_id": real.file(), "tier": "fast", "version": "latest"},
        "post /api/v2/parse/upload": lambda: {
            "file": b"hello",
            "configuration": json.dumps({"tier": "fast", "version": "latest"}),
        },
        "post /api/v1/beta/configurations": lambda: saved,
        "put /api/v1/beta/configurations/{config_id}": lambda: saved,
        "post /api/v1/beta/webhook-configs": lambda: {"webhook_url": "https://example.com/"},
        "put /api/v1/beta/webhook-configs/{config_id}": lambda: {"webhook_url": "https://example.com/a"},
    }


def _made_possible(case: Any, real: _Real) -> None:
    """Give a generated case real ids, and a body that can be carried out; queries and headers stay as generated, but filters."""
    method, path = case.method.lower(), case.operation.path
    for name, value in _path_ids(real, path).items():
        case.path_parameters[name] = value
    body = _bodies(real, method, path).get(f"{method} {path}")
    if body is not None:
        case.body = body()
    if case.query:
        for name in ("project_id", "organization_id", "page_token"):  # somebody else's project has none of it
            case.query.pop(name, None)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with _running(tmp_path_factory.mktemp("fuzzed")) as app:
        yield app


@pytest.mark.parametrize("seed", _SEEDS)
def test_it_answers_as_its_openapi_says(seed: int, app: Any) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    real = _Real(TestClient(app))
    reached = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        reached[operation.label] = _statuses(operation, seed, real)
    never = [label for label, statuses in reached.items() if not any(200 <= code < 300 for code in statuses)]
    print(
        f"seed {seed}: {len(reached) - len(never)} of {len(reached)} operations answered 2xx; never: {never}"
    )
    assert len(never) <= (1 - _REACHED) * len(reached), never


def _statuses(operation: Any, seed: int, real: _Real) -> set[int]:
    """Every status that an operation answered with; each answer is held to the OpenAPI."""
    load_all_checks()
    checks = CHECKS.get_by_names(_CHECK_NAMES)
    seen = set()

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(), possible=st.booleans())
    def examine(case: Any, possible: bool) -> None:
        if possible:
            _made_possible(case, real)
        response = case.call()
        seen.add(response.status_code)
        case.validate_response(response, checks=checks)

    examine()
    return seen
