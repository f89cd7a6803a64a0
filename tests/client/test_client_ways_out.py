"""The caller's own client as the way out, and answers that are too long; over a real socket."""

from __future__ import annotations

import asyncio
import gzip
import json
import pickle
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from llama_cloud import AsyncLlamaCloud, LlamaCloud

from extract_bridge.client.client import AsyncExtractClient, ExtractClient, async_client, sync_client
from extract_bridge.client.policy import RetryPolicy
from extract_bridge.core.errors import (
    APIError,
    ConfigurationError,
    NotFoundError,
    NotSentError,
    UnansweredError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
DOCUMENT = ("note.txt", b"Number: A-17\n")
ONCE = RetryPolicy(attempts=0, settle_after=0.0)


class Server(ThreadingHTTPServer):
    """A service that keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.said: bytes | None = None
        self.status = 200

    def handle_error(self, *_: object) -> None:
        pass


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((f"{self.command} {self.path}", headers, body))
        job = {
            "id": "ext-1",
            "status": "COMPLETED",
            "file_input": "dfl-1",
            "extract_result": {"number": "A-17"},
        }
        file = {"id": "dfl-1", "name": "note.txt"}
        content = self.server.said or gzip.compress(
            json.dumps(file if "/files" in self.path else job).encode()
        )
        if content == b"hang up":
            raise ConnectionAbortedError
        self.send_response(self.server.status)
        self.send_header("content-encoding", "gzip")
        self.send_header("content-type", "application/json")
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


def test_requests_go_out_by_the_official_client(server: Server) -> None:
    with LlamaCloud(api_key="llx-canary", base_url=server.url, default_headers={"X-Own": "1"}) as official:
        client = sync_client(official)
        assert client.service == server.url
        assert client.with_options(project_id="p").run(DOCUMENT, data_schema=SCHEMA).extract_result
    upload, create, *looks = server.asked
    assert upload[0] == "POST /api/v1/beta/files?project_id=p"
    assert b'filename="note.txt"' in upload[2]
    assert b"Number: A-17" in upload[2]
    assert json.loads(create[2])["file_input"] == "dfl-1"
    assert looks[-1][0].count("expand=") == 4
    for _, headers, _ in server.asked:
        assert (headers["authorization"], headers["x-own"]) == ("Bearer llx-canary", "1")
        assert headers["user-agent"].startswith("LlamaCloud/")
    assert "canary" not in repr(client)


def test_requests_go_out_by_the_official_asynchronous_client(server: Server) -> None:
    async def main() -> Any:
        async with AsyncLlamaCloud(api_key="llx-canary", base_url=server.url) as official:
            return await async_client(official).run(DOCUMENT, data_schema=SCHEMA)

    assert asyncio.run(main()).extract_result == {"number": "A-17"}
    assert all(headers["user-agent"].startswith("AsyncLlamaCloud/") for _, headers, _ in server.asked)


def test_the_missing_half_is_made_from_its_settings(server: Server) -> None:
    with LlamaCloud(api_key="llx-canary", base_url=server.url) as official:
        given = ExtractClient(http_client=official, project_id="p")
        others = (async_client(official), async_client(given))

        async def main() -> list[str]:
            return [(await other.get("ext-1")).status for other in others]

        assert asyncio.run(main()) == ["COMPLETED", "COMPLETED"]
        assert [headers["authorization"] for _, headers, _ in server.asked] == ["Bearer llx-canary"] * 2
        assert "project_id=p" in server.asked[1][0]
        with pytest.raises(ConfigurationError, match="pickled"):
            pickle.dumps(given)
        with pytest.raises(ConfigurationError, match="AsyncExtractClient"):
            AsyncExtractClient(http_client=official)
    with httpx.Client() as own, LlamaCloud(api_key="k", base_url=server.url, http_client=own) as official:
        assert sync_client(official).get("ext-1").status == "COMPLETED"
        with pytest.raises(ConfigurationError, match="hand-made"):
            async_client(official)


def test_its_refusals_and_failures_are_ours_and_nothing_is_sent_twice(server: Server) -> None:
    with LlamaCloud(api_key="k", base_url=server.url) as official:
        client = ExtractClient(http_client=official, retry=ONCE)
        server.status = 404
        with pytest.raises(NotFoundError):
            client.get("ext-1")
        server.status, server.said = 200, b"hang up"
        server.asked.clear()
        with pytest.raises(UnansweredError) as caught:
            client.create("dfl-1", data_schema=SCHEMA)
        assert caught.value.code == "create_doubtful"
        assert [asked.split("?")[0] for asked, _, _ in server.asked] == [
            "POST /api/v2/extract",
            "GET /api/v2/extract",
        ]
    with LlamaCloud(api_key="k", base_url="http://127.0.0.1:1") as official, pytest.raises(NotSentError):
        ExtractClient(http_client=official, retry=ONCE).get("ext-1")


def test_the_rules_for_keys_hold_for_it_too() -> None:
    with (
        LlamaCloud(api_key="k", base_url="http://extract.example") as official,
        pytest.raises(ConfigurationError, match="plain http"),
    ):
        sync_client(official)


@pytest.mark.parametrize("way", ["own", "official"])
def test_an_answer_that_unpacks_beyond_the_limit_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_ANSWER_BYTES", "100000")
    server.said = gzip.compress(b" " * 10_000_000)
    assert len(server.said) < 100_000
    with LlamaCloud(api_key="k", base_url=server.url) as official:
        client = ExtractClient(base_url=server.url) if way == "own" else ExtractClient(http_client=official)
        with pytest.raises(APIError) as caught:
            client.get("ext-1")
        assert caught.value.code == "answer_too_large"
        assert len(server.asked) == 1
        client.close()


async def test_an_answer_that_is_too_long_for_the_asynchronous_client(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_ANSWER_BYTES", "100000")
    server.said = gzip.compress(b" " * 10_000_000)
    async with AsyncExtractClient(base_url=server.url) as client:
        with pytest.raises(APIError) as caught:
            await client.get("ext-1")
    assert caught.value.code == "answer_too_large"
