"""One structured line a request: its id, what was asked, the answer's status, the job. Never a body, a query, a header or a file's name.

Every answer carries the id as `x-request-id`; a caller may choose it with a header of that name.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract_bridge.local.service.guard import HEALTH_PREFIX

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

_HEADER = b"x-request-id"
_OWN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class RequestLog:
    """The outermost layer of the service.

    Args:
        app: Everything below it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and say how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})
        status = 0
        began = time.monotonic()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (_HEADER, request_id.encode())]
            await send(message)

        problem: str | None = None
        try:
            await self._app(scope, receive, noted)
        except Exception as error:  # noqa: BLE001 -- the server would print it whole, and its text may quote a document
            problem = _where(error)
            if not status:
                await _apologize(noted)
        _write(scope, request_id, status, time.monotonic() - began, problem)


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's time, level and message, and the fields of a request or job where it has them."""
        fields: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        return json.dumps(fields)


def _request_id(scope: Scope) -> str:
    given: bytes = dict(scope["headers"]).get(_HEADER, b"")
    return given.decode() if _OWN_ID.fullmatch(given) else secrets.token_hex(8)


def _write(scope: Scope, request_id: str, status: int, seconds: float, problem: str | None) -> None:
    quiet = scope["path"].startswith(HEALTH_PREFIX)
    level = logging.ERROR if problem else logging.DEBUG if quiet else logging.INFO
    if not log.isEnabledFor(level):  # nearly always: lines about requests are asked for
        return
    route = scope.get("route")
    job_id = scope["state"].get("job_id") or scope.get("path_params", {}).get("job_id")
    fields = {
        "request_id": request_id,
        "method": scope["method"],
        # The route's pattern: a path may hold anything, and a link to content holds its own permission.
        "route": getattr(route, "path", None),
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
        "job_id": job_id,
        "problem": problem,
    }
    log.log(
        level, "request", extra={"fields": {name: item for name, item in fields.items() if item is not None}}
    )


def _where(error: Exception) -> str:
    """The error's kind and the last places it passed, without its text."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(
        [type(error).__name__, *(f"{Path(item.filename).name}:{item.lineno}" for item in reversed(frames))]
    )


async def _apologize(send: Send) -> None:
    body = b'{"detail":"Internal Server Error"}'
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
