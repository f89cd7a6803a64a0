"""Webhooks of `extract-bridge serve`: opened hosts, and what a killed service still owes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from extract_bridge import unwrap

SCHEMA = {"type": "object", "properties": {"number": {"type": ["string", "null"]}}}
START = "from extract_bridge.cli import main; main()"
SECRET = "whsec_serve"


@contextmanager
def served(folder: Path, *options: str) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    process = subprocess.Popen(
        [sys.executable, "-c", START, "serve", "--port", "0", "--data-dir", "data", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        with httpx.Client(base_url=found[0], trust_env=False) as http:
            yield http, process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def told() -> Iterator[tuple[str, list[tuple[str, str]], threading.Event]]:
    """A receiver that says 503 until its switch is set; what it was told, as (event id, event name)."""
    got: list[tuple[str, str]] = []
    up = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            event = unwrap(body, dict(self.headers.items()), SECRET)
            got.append((event.event_id, event.event_type))
            self.send_response(200 if up.is_set() else 503)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", got, up
    server.shutdown()
    server.server_close()
    thread.join()


def create(http: httpx.Client, hook: dict[str, Any]) -> httpx.Response:
    files = {"file": ("a.txt", b"Number: A-17\n")}
    reply = http.post("/api/v1/beta/files", files=files, data={"purpose": "extract"})
    body = {
        "file_input": reply.json()["id"],
        "configuration": {"data_schema": SCHEMA},
        "webhook_configurations": [hook],
    }
    return http.post("/api/v2/extract", json=body)


def deliveries(http: httpx.Client, job: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = http.get(f"/api/v2/extract/{job}/webhook-deliveries").json()["items"]
    return items


def test_a_killed_service_goes_on_where_it_was(
    tmp_path: Path, told: tuple[str, list[tuple[str, str]], threading.Event]
) -> None:
    url, got, up = told
    hook = {"webhook_url": url, "webhook_signing_secret": SECRET, "webhook_events": ["extract.success"]}
    with served(tmp_path, "--allow-webhook-host", "127.0.0.1") as (http, process):
        job = create(http, hook).raise_for_status().json()["id"]
        while not (items := deliveries(http, job)) or not items[0]["attempts"]:
            time.sleep(0.01)
        process.kill()
        process.wait()
    up.set()
    with served(tmp_path, "--allow-webhook-host", "127.0.0.1") as (http, _):
        while (items := deliveries(http, job))[0]["state"] == "open":
            time.sleep(0.01)
    assert items[0]["state"] == "delivered"
    numbers = [attempt["attempt"] for attempt in items[0]["attempts"]]
    assert numbers in ([1, 2], [1, 2, 3])  # the second may have been over when the service was killed
    assert items[0]["attempts"][0]["status"] == 503
    assert items[0]["attempts"][-1]["status"] == 200
    assert {event_id for event_id, _ in got} == {items[0]["event_id"]}
    assert SECRET not in json.dumps(items)


def test_a_private_host_is_refused_unless_it_is_opened(
    tmp_path: Path, told: tuple[str, list[tuple[str, str]], threading.Event]
) -> None:
    url, got, _ = told
    with served(tmp_path) as (http, _):
        refused = create(http, {"webhook_url": url})
        assert refused.status_code == 422
        assert "https" in refused.text
    assert got == []
