"""Real clients over a real socket and over the service on this machine: loops, threads, forks, cancelling, closing nothing."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from extract_bridge.client.client import AsyncExtractClient, ExtractClient
from extract_bridge.client.policy import PollPolicy, RetryPolicy
from extract_bridge.core.errors import ConfigurationError, NotSentError, UnansweredError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
DOCUMENT = ("note.txt", b"Number: A-17\n")
FAST = PollPolicy(first=0.01, most=0.01)


class Server(ThreadingHTTPServer):
    """A service that answers as told, over HTTP/1.1 with connections kept alive."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.status = "COMPLETED"
        self.before: Callable[[str], None] = lambda _: None
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        asked = f"{self.command} {self.path.partition('?')[0]}"
        self.server.asked.append(asked)
        self.server.before(asked)
        if "/files" in asked:
            body: dict[str, Any] = {"id": "dfl-1", "name": "note.txt"}
        elif asked == "GET /api/v2/extract":
            body = {
                "items": [{"id": "ext-1", "status": "RUNNING", "file_input": "dfl-1"}],
                "next_page_token": None,
            }
        else:
            body = {
                "id": "ext-1",
                "status": self.server.status,
                "file_input": "dfl-1",
                "extract_result": {"number": "A-17"},
            }
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815 - the names that the base class calls

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


CANCEL = "POST /api/v2/extract/ext-1/cancel"


def test_a_sync_call_works_inside_a_running_loop() -> None:
    async def main() -> Any:
        with ExtractClient(local=True) as client:
            return client.run(DOCUMENT, data_schema=SCHEMA)

    assert asyncio.run(main()).extract_result == {"number": "A-17"}


@pytest.mark.parametrize("local", [True, False])
def test_one_object_serves_several_loops(server: Server, local: bool) -> None:
    client = AsyncExtractClient(local=True) if local else AsyncExtractClient(base_url=server.url)
    for _ in range(3):
        assert asyncio.run(client.run(DOCUMENT, data_schema=SCHEMA)).extract_result == {"number": "A-17"}


@pytest.mark.parametrize(
    "held", ["POST /api/v1/beta/files", "POST /api/v2/extract", "GET /api/v2/extract/ext-1"]
)
async def test_an_async_call_never_blocks_its_loop(server: Server, held: str) -> None:
    open_gate = threading.Event()
    passed: list[bool] = []

    def gate(asked: str) -> None:
        if asked == held:
            passed.append(open_gate.wait(60))

    async def ticker() -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        open_gate.set()

    server.before = gate
    client = AsyncExtractClient(base_url=server.url)
    running = asyncio.create_task(client.run(DOCUMENT, data_schema=SCHEMA))
    while held not in server.asked:
        await asyncio.sleep(0.001)
    await ticker()
    assert (await running).status == "COMPLETED"
    assert all(passed)
    await client.aclose()


async def test_a_cancelled_task_cancels_its_job(server: Server) -> None:
    server.status = "RUNNING"
    looked = asyncio.Event()
    client = AsyncExtractClient(base_url=server.url, poll=FAST)
    running = asyncio.create_task(
        client.run(DOCUMENT, data_schema=SCHEMA, on_progress=lambda _: looked.set())
    )
    await looked.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert server.asked[-1] == CANCEL
    await client.aclose()


@pytest.mark.parametrize("call", ["run", "create"])
async def test_a_task_cancelled_while_it_creates_cancels_what_it_created(server: Server, call: str) -> None:
    arrived, answer = threading.Event(), threading.Event()

    def hold(asked: str) -> None:
        if asked == "POST /api/v2/extract":
            arrived.set()
            answer.wait(60)

    server.before = hold
    client = AsyncExtractClient(base_url=server.url, poll=FAST)
    work = (
        client.run(DOCUMENT, data_schema=SCHEMA)
        if call == "run"
        else client.create("dfl-1", data_schema=SCHEMA)
    )
    running = asyncio.create_task(work)
    assert await asyncio.to_thread(arrived.wait, 60)
    running.cancel()
    await asyncio.sleep(0)
    answer.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert CANCEL in server.asked
    await client.aclose()


def test_ctrl_c_cancels_the_job(server: Server) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    server.status = "RUNNING"
    with ExtractClient(base_url=server.url, poll=FAST) as client, pytest.raises(KeyboardInterrupt):
        client.run(DOCUMENT, data_schema=SCHEMA, on_progress=interrupt)
    assert server.asked[-1] == CANCEL


def test_progress_may_be_a_coroutine_function_only_on_the_async_client(server: Server) -> None:
    seen: list[str] = []

    async def progress(job: Any) -> None:
        seen.append(job.status)

    client = AsyncExtractClient(base_url=server.url)
    asyncio.run(client.run(DOCUMENT, data_schema=SCHEMA, on_progress=progress))
    assert seen == ["COMPLETED"]
    with (
        ExtractClient(base_url=server.url) as sync,
        pytest.raises(ConfigurationError, match="coroutine function"),
    ):
        sync.run(DOCUMENT, data_schema=SCHEMA, on_progress=progress)


def test_many_threads_share_one_client(server: Server) -> None:
    results: list[str] = []
    with ExtractClient(base_url=server.url) as client:
        threads = [threading.Thread(target=lambda: results.append(client.get("ext-1").id)) for _ in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == ["ext-1"] * 30


def test_what_never_arrived_is_told_from_what_was_lost(server: Server) -> None:
    never = RetryPolicy(attempts=0, settle_after=0.0)
    with (
        ExtractClient(base_url="http://127.0.0.1:1", retry=never) as client,
        pytest.raises(NotSentError) as caught,
    ):
        client.get("ext-1")
    assert caught.value.hint

    def hang_up(_: str) -> None:
        raise ConnectionAbortedError

    server.before = hang_up
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    with ExtractClient(base_url=server.url, retry=never) as client, pytest.raises(UnansweredError) as lost:
        client.create("dfl-1", data_schema=SCHEMA)
    assert lost.value.code == "create_doubtful"
    assert server.asked == ["POST /api/v2/extract", "GET /api/v2/extract"]


def test_a_slow_answer_is_lost_after_http_timeout(server: Server) -> None:
    release = threading.Event()
    server.before = lambda _: release.wait(60) and None
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    never = RetryPolicy(attempts=0, settle_after=0.0)
    with (
        ExtractClient(base_url=server.url, retry=never, http_timeout=0.05) as client,
        pytest.raises(UnansweredError),
    ):
        client.get("ext-1")
    release.set()


# --- scripts ------------------------------------------------------------------------------------------------------------------

CLOSES_NOTHING = """
import asyncio, sys
from extract_bridge import AsyncExtractClient, ExtractClient
where = {"base_url": sys.argv[1]} if sys.argv[1] != "local" else {"local": True}
schema = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
client = ExtractClient(**where)
later = AsyncExtractClient(**where)
for _ in range(2):
    print(client.run(("a.txt", b"Number: A-17"), data_schema=schema).extract_result["number"])
    print(asyncio.run(later.run(("a.txt", b"Number: A-17"), data_schema=schema)).extract_result["number"])
"""

WORKERS = """
import multiprocessing, sys
from extract_bridge import ExtractClient
schema = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}

def work(client):
    return client.run(("a.txt", b"Number: A-17"), data_schema=schema).extract_result["number"]

if __name__ == "__main__":
    client = ExtractClient(local=True)
    print(work(client))
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(2) as pool:
        print(*pool.map(work, [client, client]))
    print(work(client))
"""


def run_script(tmp_path: Path, text: str, *arguments: str) -> list[str]:
    script = tmp_path / "script.py"
    script.write_text(text)
    command = [sys.executable, "-W", "error", "-X", "dev", str(script), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, env={**os.environ}, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.parametrize("local", [True, False])
def test_a_script_that_closes_nothing_ends_quietly(tmp_path: Path, server: Server, local: bool) -> None:
    assert run_script(tmp_path, CLOSES_NOTHING, "local" if local else server.url) == ["A-17"] * 4


@pytest.mark.parametrize("dropped", ["at the end", "before"])
def test_many_connections_of_a_client_that_nobody_closes_end_with_their_loop(
    server: Server, dropped: str
) -> None:
    async def many() -> None:
        client = AsyncExtractClient(base_url=server.url)
        await asyncio.gather(*(client.list_page() for _ in range(10)))
        if dropped == "before":
            del client
            await asyncio.sleep(0)

    for _ in range(5):
        asyncio.run(many())
        gc.collect()  # a connection that is still open warns, and a warning is an error


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_worker_processes_may_use_a_client_of_their_parent(tmp_path: Path, method: str) -> None:
    assert run_script(tmp_path, WORKERS, method) == ["A-17"] * 4
