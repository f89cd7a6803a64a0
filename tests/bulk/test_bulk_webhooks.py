"""Jobs whose end a webhook tells: from the service on this machine, over a socket, to a receiver that feeds the call."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from extract_bridge import AsyncExtractClient, ExtractClient, LocalService, PollPolicy, WebhookEvent, unwrap
from extract_bridge.bulk import Extraction, aextract_many, extract_many

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
SECRET = "whsec_many"
FILES = [(f"note-{number}.txt", f"Number: A-{number}\n".encode()) for number in range(6)]
NEVER = PollPolicy(first=600, most=600)  # nobody looks within this test: what ends was told


class Receiver:
    """Verifies what comes and hands it to whoever listens, but for what it `loses`, by its number."""

    def __init__(self) -> None:
        self.told: queue.SimpleQueue[WebhookEvent] = queue.SimpleQueue()
        self.seen: list[str] = []
        self.loses: Callable[[int], bool] = lambda _: False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                event = unwrap(body, dict(self.headers.items()), SECRET)
                outer.seen.append(event.event_type)
                if not outer.loses(len(outer.seen)):
                    outer.told.put(event)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def hook(self) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self.server.server_port}/"
        return {"webhook_url": url, "webhook_signing_secret": SECRET}

    def events(self) -> Iterator[WebhookEvent]:
        while True:  # as a receiver does: it waits for the next one for ever
            yield self.told.get()

    async def aevents(self) -> AsyncIterator[WebhookEvent]:
        while True:
            try:
                yield self.told.get_nowait()
            except queue.Empty:
                await asyncio.sleep(0.01)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()
    made.thread.join()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> LocalService:
    return LocalService(
        data_dir=tmp_path_factory.mktemp("data"), workers=1, allow_webhook_hosts=("127.0.0.1",)
    )


HOWS = ["threads", "tasks", "tasks that await events"]


def gathered(how: str, service: LocalService, poll: PollPolicy, events: Any, **keywords: Any) -> Any:
    common: dict[str, Any] = {"data_schema": SCHEMA, "timeout": 60.0, "webhook": events, **keywords}

    async def gather() -> list[Extraction]:
        async with AsyncExtractClient(local=service, poll=poll) as client:
            return [item async for item in aextract_many(FILES, client=client, **common)]

    if how != "threads":
        return asyncio.run(gather())
    with ExtractClient(local=service, poll=poll) as client:
        return list(extract_many(FILES, client=client, **common))


def said(found: list[Extraction]) -> set[str]:
    assert [item.error for item in found] == [None] * len(FILES)
    return {item.records[0].data["number"] for item in found}


@pytest.mark.parametrize("how", HOWS)
def test_the_end_is_told_and_nobody_looks(how: str, service: LocalService, receiver: Receiver) -> None:
    events = receiver.aevents() if "await" in how else receiver.events()
    hooks = [receiver.hook()]
    found = gathered(how, service, NEVER, events, webhook_configurations=hooks)
    assert said(found) == {f"A-{number}" for number in range(6)}
    assert sum(name.endswith(".success") for name in receiver.seen) >= len(FILES)


@pytest.mark.parametrize("how", HOWS[:2])
def test_an_event_that_is_lost_loses_no_document(how: str, service: LocalService, receiver: Receiver) -> None:
    receiver.loses = lambda number: number % 2 == 0
    poll = PollPolicy(first=0.02, most=0.05)
    found = gathered(how, service, poll, receiver.events(), webhook_configurations=[receiver.hook()])
    assert said(found) == {f"A-{number}" for number in range(6)}


@pytest.mark.parametrize("how", HOWS)
def test_a_receiver_that_breaks_is_told(how: str, service: LocalService) -> None:
    def broken() -> Iterator[Any]:
        yield from ()
        raise OSError("the port is gone")

    async def abroken() -> AsyncIterator[Any]:
        for event in broken():
            yield event

    with pytest.raises(OSError, match="the port is gone"):
        gathered(how, service, NEVER, abroken() if "await" in how else broken())
