"""Rows come before the answer's last byte: a real server that holds the rest back until the consumer has the first row."""

from __future__ import annotations

import asyncio
import functools
import json
import operator
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from llama_cloud import AsyncLlamaCloud, LlamaCloud
from pydantic import BaseModel

from extract_bridge import (
    APIError,
    ExtractClient,
    ResultError,
    ResultValidationError,
    RetryPolicy,
    iter_records,
)
from extract_bridge.client.client import AsyncExtractClient
from extract_bridge.langchain import ExtractRunnable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BOTH = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
JOB = {"id": "ext-1", "status": "COMPLETED", "file_input": "dfl-1234", "created_at": "2026-03-14T10:00:00Z"}


class Row(BaseModel):
    sku: str
    amount: float | None = None


def body(
    rows: list[Any], *, first: dict[str, Any] | None = None, last: dict[str, Any] | None = None
) -> bytes:
    said = {"configuration": {"extraction_target": "per_table_row", "data_schema": Row.model_json_schema()}}
    return json.dumps({**JOB, **said, **(first or {}), "extract_result": rows, **(last or {})}).encode()


class Service:
    """A job that is done, and whose answer comes in two parts.

    Attributes:
        head: Comes at once.
        tail: Comes when `gate` is open.
        fails: So many reads are refused with 503 first.
        cut: The connection ends behind the head.
    """

    def __init__(self) -> None:
        self.head = self.tail = b""
        self.gate = threading.Event()
        self.fails = 0
        self.cut = False
        self.reads: list[str] = []
        self.keys: set[str | None] = set()
        self.told = 0

    def split(self, content: bytes, behind: bytes) -> None:
        at = content.index(behind) + len(behind)
        self.head, self.tail = content[:at], content[at:]


@contextmanager
def served(service: Service) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def _json(self, status: int, value: Any) -> None:
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._json(200, JOB)

        def do_GET(self) -> None:
            service.keys.add(self.headers.get("Authorization"))
            if "expand=" not in self.path:
                self._json(200, JOB)
                return
            service.reads.append(self.path)
            if len(service.reads) <= service.fails:
                self._json(503, {"detail": "busy"})
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(service.head) + len(service.tail)))
            self.end_headers()
            self.wfile.write(service.head)
            self.wfile.flush()
            if service.cut:
                self.close_connection = True
                return
            assert service.gate.wait(60), "the tail was never asked for"
            self.wfile.write(service.tail)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        service.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def service() -> Service:
    return Service()


def runnable(url: str, *, is_async: bool = False, **keywords: Any) -> ExtractRunnable[Any]:
    kind: Any = AsyncExtractClient if is_async else ExtractClient
    client = kind(base_url=url, api_key="key-of-this-test", retry=RetryPolicy(attempts=2, first=0.01))
    return ExtractRunnable(client=client, data_schema=Row, extraction_target="per_table_row", **keywords)


def taken(extract: ExtractRunnable[Any], seen: Callable[[list[Any]], None], *, is_async: bool) -> list[Any]:
    """The rows of all chunks; see `chunks_of`."""
    return [row for chunk in chunks_of(extract, seen, is_async=is_async) for row in chunk]


def chunks_of(
    extract: ExtractRunnable[Any], seen: Callable[[list[Any]], Any], *, is_async: bool
) -> list[Any]:
    """All chunks; `seen` is told of each at once, and of the error that ended them."""
    found: list[Any] = []

    async def later() -> None:
        async for chunk in extract.astream("dfl-1234"):
            found.append(chunk)
            seen(found)

    if is_async:
        asyncio.run(later())
    else:
        for chunk in extract.stream("dfl-1234"):
            found.append(chunk)
            seen(found)
    return found


@BOTH
@pytest.mark.parametrize("evidence_first", [False, True])
def test_the_first_row_comes_before_the_last_byte(
    service: Service, is_async: bool, evidence_first: bool
) -> None:
    rows = [{"sku": f'Tür "{number}" ]}}', "amount": number} for number in range(200)]
    entry = {"sku": {"citation": [{"page": 1, "matching_text": 'a "quote\\" }]'}], "confidence": 0.9}}
    evidence = {"extract_metadata": {"field_metadata": {"row_metadata": [entry] * len(rows)}}}
    content = body(rows, **{"first" if evidence_first else "last": evidence})
    service.split(content, b'"amount": 0}, ')
    opened: list[int] = []

    def seen(found: list[Any]) -> None:
        if not service.gate.is_set():
            opened.append(len(found))
            service.gate.set()

    with served(service) as url:
        given = taken(runnable(url, is_async=is_async), seen, is_async=is_async)
    assert opened == [1], "the server has held the rest back until then"
    assert given == [Row(**row) for row in rows]
    assert len(service.reads) == 1, "the answer is read once"
    assert service.keys == {"Bearer key-of-this-test"}


@BOTH
def test_the_official_client_gives_the_first_row_as_soon(service: Service, is_async: bool) -> None:
    rows = [{"sku": f"s{number}", "amount": number} for number in range(200)]
    service.split(body(rows), b'"amount": 0}, ')
    service.fails = 1
    found: list[Any] = []

    def seen(chunk: list[Any]) -> None:
        found.extend(chunk)
        if len(found) == 1:
            service.gate.set()  # the rest is held back until then

    def extract(client: Any) -> ExtractRunnable[Any]:
        return ExtractRunnable(client=client, data_schema=Row, extraction_target="per_table_row")

    async def later() -> None:
        async with AsyncLlamaCloud(base_url=url, api_key="key-of-this-test") as client:
            async for chunk in extract(client).astream("dfl-1234"):
                seen(chunk)

    with served(service) as url:
        if is_async:
            asyncio.run(later())
        else:
            with LlamaCloud(base_url=url, api_key="key-of-this-test") as client:
                for chunk in extract(client).stream("dfl-1234"):
                    seen(chunk)
    assert found == [Row(**row) for row in rows]
    assert len(service.reads) == 2, "once refused, then read once"
    assert service.keys == {"Bearer key-of-this-test"}


@BOTH
def test_with_include_raw_too_and_its_records_have_their_evidence(service: Service, is_async: bool) -> None:
    rows = [{"sku": f"s{number}", "amount": number} for number in range(200)]
    entry = {"sku": {"citation": [{"page": 1, "matching_text": "s"}], "confidence": 0.9}}
    content = body(rows, last={"extract_metadata": {"field_metadata": {"row_metadata": [entry] * len(rows)}}})
    service.split(content, b'"amount": 0}, ')
    opened: list[Any] = []

    def seen(found: list[Any]) -> None:
        if not service.gate.is_set():
            opened.extend(found)
            service.gate.set()

    with served(service) as url:
        chunks = chunks_of(runnable(url, is_async=is_async, include_raw=True), seen, is_async=is_async)
    assert opened == [{"raw": None, "parsed": [Row(sku="s0", amount=0)], "parsing_error": None}]
    added: Any = functools.reduce(operator.add, chunks)
    assert added["parsed"] == [Row(**row) for row in rows]
    assert [record.fields["/sku"].confidence for record in added["raw"]] == [0.9] * len(rows)


@BOTH
def test_with_include_raw_what_is_wrong_is_in_the_last_chunk(service: Service, is_async: bool) -> None:
    why = {"sku": {"reasoning": "VERBATIM: the cell is empty"}}
    evidence = {"extract_metadata": {"field_metadata": {"row_metadata": [{}, why, {}]}}}
    misfit = body([{"sku": "a"}, {"sku": None}, {"sku": "c"}], last=evidence)
    service.gate.set()
    for content, raw in ((misfit, 3), (misfit[:-1], None)):
        service.head = content
        with served(service) as url:
            extract = runnable(url, is_async=is_async, include_raw=True)
            first, last = chunks_of(extract, len, is_async=is_async)
        assert first["parsed"] == [Row(sku="a")]
        assert last["parsed"] is None
        assert isinstance(last["parsing_error"], ResultError)
        assert (last["raw"] and len(last["raw"])) == raw


@BOTH
def test_what_is_wrong_behind_the_rows_is_told_behind_them(service: Service, is_async: bool) -> None:
    service.gate.set()
    for tail, code in (
        (b', "x": tru}', "malformed_answer"),
        (b"", "malformed_answer"),
        (b"}}", "malformed_answer"),
    ):
        content = body([{"sku": "a"}, {"sku": "b"}])
        service.head, service.tail = content[:-1], tail
        found: list[Any] = []
        with served(service) as url, pytest.raises(ResultError) as caught:
            taken(runnable(url, is_async=is_async), found.append, is_async=is_async)
        assert caught.value.code == code
        assert found[-1] == [[Row(sku="a")], [Row(sku="b")]]


@BOTH
def test_an_answer_that_breaks_off(service: Service, is_async: bool) -> None:
    content = body([{"sku": "a"}, {"sku": "b"}])
    service.split(content, b'{"sku": "a"},')
    service.cut = True
    found: list[Any] = []
    with served(service) as url, pytest.raises(ResultError) as caught:
        taken(runnable(url, is_async=is_async), found.append, is_async=is_async)
    assert caught.value.code == "answer_broken"
    assert found[-1] == [[Row(sku="a")]]
    assert url not in str(caught.value)


@BOTH
def test_the_beginning_is_asked_for_again(service: Service, is_async: bool) -> None:
    service.head, service.fails = body([{"sku": "a"}]), 2
    service.gate.set()
    with served(service) as url:
        assert taken(runnable(url, is_async=is_async), len, is_async=is_async) == [Row(sku="a")]
        assert len(service.reads) == 3
        service.fails = 99
        with pytest.raises(APIError, match="503"):
            taken(runnable(url, is_async=is_async), len, is_async=is_async)


@BOTH
def test_a_row_that_does_not_fit_ends_the_stream_with_its_reason(service: Service, is_async: bool) -> None:
    """The evidence stands behind the rows: the error waits for it, and what was given before stays given."""
    why = {"sku": {"reasoning": "VERBATIM: the cell is empty"}}
    evidence = {"extract_metadata": {"field_metadata": {"row_metadata": [{}, why, {}]}}}
    content = body([{"sku": "a"}, {"sku": None}, {"sku": "c"}], last=evidence)
    service.head, found = content, list[Any]()
    service.gate.set()
    with served(service) as url, pytest.raises(ResultValidationError) as caught:
        taken(runnable(url, is_async=is_async), found.append, is_async=is_async)
    assert found[-1] == [[Row(sku="a")]]
    ((pointer, reason),) = caught.value.problems
    assert pointer == "/sku"
    assert "the cell is empty" in reason


@BOTH
def test_who_stops_early_closes_the_connection(service: Service, is_async: bool) -> None:
    service.split(body([{"sku": "a"}, {"sku": "b"}]), b'{"sku": "a"},')
    with served(service) as url:
        extract = runnable(url, is_async=is_async)

        async def later() -> Any:
            stream: Any = extract.astream("dfl-1234")
            first = await anext(stream)
            await stream.aclose()
            return first

        if is_async:
            assert asyncio.run(later()) == [Row(sku="a")]
        else:
            stream: Any = extract.stream("dfl-1234")
            assert next(stream) == [Row(sku="a")]
            stream.close()
        service.gate.set()
        assert len(taken(runnable(url, is_async=is_async), len, is_async=is_async)) == 2


def test_an_open_result_is_an_answer_for_iter_records(service: Service) -> None:
    service.head = body([{"sku": "a"}, {"sku": "b"}])
    service.gate.set()
    with served(service) as url, ExtractClient(base_url=url) as client:
        job = client.run("dfl-1234", data_schema=Row, extraction_target="per_table_row", in_full=False)
        assert (job.status, job.extract_result) == ("COMPLETED", None)
        with client.open_result(job.id) as answer:
            assert [record.data["sku"] for record in iter_records(answer)] == ["a", "b"]
