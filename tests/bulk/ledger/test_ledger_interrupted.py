"""Ctrl-C in a plain script that runs `extract_many`: once, it ends when all that is under way is written down; twice, at once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from extract_bridge import ExtractClient
from extract_bridge.bulk import Ledger

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
NAMES = [f"note-{number}.txt" for number in range(4)]
SCRIPT = """
import signal, sys
from extract_bridge import ExtractClient, RetryPolicy
from extract_bridge.bulk import Ledger, extract_many, threads

def interrupt(*_):  # as Python's own
    raise KeyboardInterrupt

def leave(crew, leave=threads.Crew.leave):
    if sys.exc_info()[0] is KeyboardInterrupt:
        print("interrupted", flush=True)  # told here: two signals that come while the first is still on its way are one
    leave(crew)

signal.signal(signal.SIGINT, interrupt)
threads.Crew.leave = leave
threads._PATIENCE = 3600  # whoever ends before the answers are there was made to
SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
retry = RetryPolicy(settle_after=0.2)
with ExtractClient(api_key="any", base_url=sys.argv[1], retry=retry) as client, Ledger("ledger.db") as ledger:
    for item in extract_many("in", client=client, data_schema=SCHEMA, ledger=ledger, max_concurrency=2):
        print(item.source, item.error or item.records[0].data["number"], flush=True)
"""


class Gate:
    """Stands before a service, and holds creates until it is opened."""

    def __init__(self, url: str) -> None:
        self.open, self.held, self.passed = threading.Event(), threading.Semaphore(0), threading.Semaphore(0)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                makes = self.command == "POST" and self.path == "/api/v2/extract"
                if makes:
                    outer.held.release()
                    outer.open.wait()
                headers = {
                    name: value
                    for name, value in self.headers.items()
                    if name.lower() not in ("host", "accept-encoding")
                }
                answer = httpx.request(
                    self.command, url + self.path, content=body, headers=headers, trust_env=False
                )
                if makes:
                    outer.passed.release()
                with suppress(OSError):  # nobody may be there any more
                    self.send_response(answer.status_code)
                    self.send_header("Content-Type", answer.headers.get("Content-Type", "application/json"))
                    self.send_header("Content-Length", str(len(answer.content)))
                    self.end_headers()
                    self.wfile.write(answer.content)

            do_GET = do_POST = do_DELETE = handle_any  # noqa: N815 - names of the standard library

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def gate(extract_bridge_server: Any) -> Iterator[Gate]:
    made = Gate(extract_bridge_server.base_url)
    yield made
    made.open.set()
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for number, name in enumerate(NAMES):
        (tmp_path / "in" / name).write_text(f"Number: A-{number}\n")
    return tmp_path


def started(here: Path, gate: Gate) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, gate.url],
        cwd=here,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def interrupted(running: subprocess.Popen[str]) -> None:
    assert running.stdout is not None
    running.send_signal(signal.SIGINT)
    assert running.stdout.readline() == "interrupted\n"


def finishes(here: Path, gate: Gate) -> None:
    """The same script again reads each document, and there is one job for each."""
    with started(here, gate) as running:
        told, errors = running.communicate(timeout=60)
    assert running.returncode == 0, errors
    wanted = Counter(f"{Path('in', name)} A-{number}" for number, name in enumerate(NAMES))
    assert Counter(told.splitlines()) == wanted
    with ExtractClient(api_key="any", base_url=gate.url) as client:
        jobs = list(client.list())
    assert Counter(str(job.status) for job in jobs) == {"COMPLETED": len(NAMES)}


def test_once_and_all_that_is_under_way_is_written_down(here: Path, gate: Gate) -> None:
    with started(here, gate) as running:
        for _ in range(2):
            assert gate.held.acquire(timeout=60)
        interrupted(running)
        gate.open.set()  # the answers come, and only then it ends
        _, errors = running.communicate(timeout=60)
    assert running.returncode == -signal.SIGINT
    assert errors.rstrip().endswith("KeyboardInterrupt")
    with Ledger(here / "ledger.db") as ledger:
        entries = list(ledger.entries())
    assert len(entries) == 2, "no other was begun"
    assert all(entry.job_id for entry in entries)
    finishes(here, gate)


def test_twice_and_it_ends_at_once(here: Path, gate: Gate) -> None:
    with started(here, gate) as running:
        for _ in range(2):
            assert gate.held.acquire(timeout=60)
        interrupted(running)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=60)
    assert running.returncode == -signal.SIGINT
    with Ledger(here / "ledger.db") as ledger:
        assert [entry.job_id for entry in ledger.entries()] == [None, None]
    gate.open.set()  # both creates arrive all the same, and nobody hears of their jobs
    for _ in range(2):
        assert gate.passed.acquire(timeout=60)
    finishes(here, gate)
