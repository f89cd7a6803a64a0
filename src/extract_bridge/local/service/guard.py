"""What stands before every route: the key, and a cap on bodies. Plain ASGI, so that a body is never held here."""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException

from extract_bridge.core.limits import limit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MULTIPART_SLACK = 64 * 1024
OPEN_PREFIX = "/content/"
"""Links to content carry their own permission."""


class Guard:
    """Answers 401 without the right key and 413 to a body that is too large.

    Args:
        app: What is guarded.
        api_key: The one key, or None for no key.
    """

    def __init__(self, app: ASGIApp, *, api_key: str | None) -> None:
        self._app = app
        self._expected = None if api_key is None else f"Bearer {api_key}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if not self._known(scope, headers):
            await _refuse(send, 401, "Invalid API Key", (b"www-authenticate", b"Bearer"))
            return
        most = _cap(headers)
        declared = headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > most:
            await _refuse(send, 413, _too_large(most))
            return
        await self._counted(scope, receive, send, most)

    def _known(self, scope: Scope, headers: dict[bytes, bytes]) -> bool:
        if self._expected is None or scope["path"].startswith(OPEN_PREFIX):
            return True
        return hmac.compare_digest(headers.get(b"authorization", b""), self._expected)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        """Count what really arrives: a chunked body declares nothing."""
        seen = 0

        async def count() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise HTTPException(413, _too_large(most))
            return message

        await self._app(scope, count, send)


def _cap(headers: dict[bytes, bytes]) -> int:
    if headers.get(b"content-type", b"").lower().startswith(b"multipart/"):
        return limit("max_upload_bytes") + _MULTIPART_SLACK
    return limit("max_body_bytes")


def _too_large(most: int) -> str:
    return f"Request body exceeds {most} bytes."


async def _refuse(send: Send, status: int, detail: str, *more: tuple[bytes, bytes]) -> None:
    body = json.dumps({"detail": detail}).encode()
    headers: list[Any] = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
