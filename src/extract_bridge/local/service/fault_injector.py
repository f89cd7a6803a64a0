"""Stands outside the whole app and makes requests meet the faults of a plan, see `faults`."""

from __future__ import annotations

import asyncio
import json
import time
from itertools import count
from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.local.service.faults import FATE, FAULTS_HEADER, KINDS, Fate, FaultPlan

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_API = "/api/"
_JOBS = "/api/v2/extract"
_FILES = "/api/v1/beta/files"
_PIECES = 10  # that a slow body is sent in


class ConnectionLost(BaseException):
    """The connection ends here without an answer.

    No `Exception`: what stands between must not make an answer of it. The in-process door turns it into httpx's error; on a socket
    the connection itself is ended.
    """


class FaultInjector:
    """An ASGI app around the app.

    Args:
        app: What answers.
        plan: The service's own faults.
    """

    def __init__(self, app: ASGIApp, plan: FaultPlan) -> None:
        self._app = app
        self._plan = plan
        self._numbers = {kind: count() for kind in KINDS}
        self._late: set[asyncio.Task[None]] = set()
        self._bucket: tuple[float, float] | None = (
            None  # requests that may still come now, and when that was so
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its faults."""
        if scope["type"] != "http" or not scope["path"].startswith(_API):
            await self._app(scope, receive, send)
            return
        kind = kind_of(scope["method"], scope["path"])
        number = next(self._numbers[kind])
        try:
            plan = self._plan_of(scope)
        except ConfigurationError as error:
            await _answer(send, 400, str(error))
            return
        met = plan.draw(kind, number)
        await asyncio.sleep(met.get("latency") or 0)
        if "rate-limit" in met:
            await _too_many(send, met["rate-limit"])
        elif "throttle" in met and not self._takes(met["throttle"] or 1.0):
            await _too_many(send, None)
        elif "error-before" in met:
            await _answer(send, int(met["error-before"] or 0), "injected fault: error-before")
        elif "late" in met:
            await self._carry_out_late(scope, receive, send, met)
        else:
            await self._carry_out(scope, receive, send, met)

    async def close(self) -> None:
        """Give up what was to be carried out later."""
        for task in self._late:
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)

    def _takes(self, rate: float) -> bool:
        """Whether a request comes within so many a second; up to a second's worth may come at once."""
        now = time.monotonic()
        left, since = self._bucket or (rate, now)
        left = min(max(rate, 1.0), left + (now - since) * rate)
        taken = left >= 1
        self._bucket = (left - taken, now)
        return taken

    def _plan_of(self, scope: Scope) -> FaultPlan:
        for name, value in scope["headers"]:
            if name == FAULTS_HEADER.encode():
                return FaultPlan.parse(value.decode("latin-1"))
        return self._plan

    async def _carry_out(
        self, scope: Scope, receive: Receive, send: Send, met: dict[str, float | None]
    ) -> None:
        token = FATE.set(fate_of(met))
        try:
            if not met.keys() & {"error-after", "lost", "malformed", "slow-body"}:
                await self._app(scope, receive, send)
                return
            answer = _Held()
            await self._app(scope, receive, answer.send)
        finally:
            FATE.reset(token)
        if "lost" in met:
            await _hang_up(receive, send)
        elif "error-after" in met:
            await _answer(send, int(met["error-after"] or 0), "injected fault: error-after")
        elif "malformed" in met:
            await answer.cut(send)
        else:
            await answer.drip(send, met["slow-body"] or 0)

    async def _carry_out_late(
        self, scope: Scope, receive: Receive, send: Send, met: dict[str, float | None]
    ) -> None:
        body = await _whole_body(receive)
        if body is None:
            return
        task = asyncio.create_task(self._later(scope, body, met))
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        await _hang_up(receive, send)

    async def _later(self, scope: Scope, body: bytes, met: dict[str, float | None]) -> None:
        await asyncio.sleep(met["late"] or 0)
        FATE.set(fate_of(met))  # a task has a context of its own
        await self._app(scope, _replayed(body), _Held().send)


class _Held:
    """An answer that is not sent yet."""

    def __init__(self) -> None:
        self._start: Message = {}
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        """Keep a part of it."""
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._body += message.get("body", b"")

    async def cut(self, send: Send) -> None:
        """Send half of it as if that were all; what has no body stays as it is."""
        if not self._body:
            await send(self._start)
            await send({"type": "http.response.body", "body": b""})
            return
        half = bytes(self._body[: len(self._body) // 2])
        headers = [pair for pair in self._start["headers"] if pair[0].lower() != b"content-length"]
        headers.append((b"content-length", str(len(half)).encode()))
        await send({**self._start, "headers": headers})
        await send({"type": "http.response.body", "body": half})

    async def drip(self, send: Send, seconds: float) -> None:
        """Send it piece by piece."""
        await send(self._start)
        size = -(-len(self._body) // _PIECES) or 1
        for at in range(0, len(self._body), size):
            await asyncio.sleep(seconds / _PIECES)
            await send(
                {"type": "http.response.body", "body": bytes(self._body[at : at + size]), "more_body": True}
            )
        await send({"type": "http.response.body", "body": b""})


def kind_of(method: str, path: str) -> str:
    """Which of `faults.KINDS` a request is."""
    if path == _JOBS:
        return {"POST": "create", "GET": "list"}.get(method, "other")
    if method == "POST" and path == _FILES:
        return "upload"
    in_jobs = path.startswith(_JOBS + "/") and "/" not in path[len(_JOBS) + 1 :]
    return "get" if method == "GET" and in_jobs else "other"


def fate_of(met: dict[str, float | None]) -> Fate:
    """What the drawn faults mean for the job."""
    ending = next((name for name in ("stuck", "fail") if name in met), None)
    return Fate(met.get("list-lag") or 0.0, ending)


async def _whole_body(receive: Receive) -> bytes | None:
    """The request's body; None where the caller left before its end."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


def _replayed(body: bytes) -> Receive:
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


async def _hang_up(receive: Receive, send: Send) -> None:
    # uvicorn's `send` is a method of the object that holds the connection; ASGI itself has no word for hanging up.
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionLost
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _too_many(send: Send, retry_after: float | None) -> None:
    headers = [] if retry_after is None else [(b"retry-after", f"{retry_after:g}".encode())]
    await _answer(send, 429, "Rate limit exceeded (injected fault: rate-limit)", *headers)


async def _answer(send: Send, status: int, detail: str, *more: tuple[bytes, bytes]) -> None:
    body = json.dumps({"detail": detail}).encode()
    headers: list[Any] = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
