"""What stands before every route: who may ask, the key, and a cap on bodies. Plain ASGI, so that a body is never held here.

A web page that the user happens to look at must not reach a service on the user's own machine: a request that names another host (the page's
own name, pointed at this address) or that comes from a page of another origin is refused, and no answer carries CORS headers.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fastapi import HTTPException

from extract_bridge.core.limits import limit

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MULTIPART_SLACK = 64 * 1024
OPEN_PREFIX = "/content/"
"""Links to content carry their own permission."""
HEALTH_PREFIX = "/health/"
"""Whoever watches the process has no key."""


class Guard:
    """Answers 400 to another host's name, 403 to a web page, 401 without the right key, 413 to a body that is too large.

    Args:
        app: What is guarded.
        api_key: The one key, or None for no key.
        hosts: The names by which it may be asked, beside `localhost` and any address; None for any.
    """

    def __init__(self, app: ASGIApp, *, api_key: str | None, hosts: Collection[str] | None = None) -> None:
        self._app = app
        self._hosts = None if hosts is None else {host.lower() for host in (*hosts, "localhost")}
        self._expected = None if api_key is None else f"Bearer {api_key}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if not self._addressed(headers):
            await _refuse(send, 400, "This service is not known by the name in the Host header")
            return
        if _of_a_page(headers):
            await _refuse(send, 403, "Requests of web pages are refused")
            return
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
        if self._expected is None or scope["path"].startswith((OPEN_PREFIX, HEALTH_PREFIX)):
            return True
        return hmac.compare_digest(headers.get(b"authorization", b""), self._expected)

    def _addressed(self, headers: dict[bytes, bytes]) -> bool:
        if self._hosts is None:
            return True
        name = _host_name(headers.get(b"host", b""))
        return name in self._hosts or _is_address(name)

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


def _host_name(header: bytes) -> str:
    """The name in a Host header, without its port; empty where it is none."""
    try:
        return (urlsplit(f"//{header.decode('ascii')}").hostname or "").lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    """A number cannot be pointed elsewhere, as a name can."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _of_a_page(headers: dict[bytes, bytes]) -> bool:
    """A browser says which page a request comes from; one of our own origin may ask."""
    origin = headers.get(b"origin")
    if origin is not None:
        return origin.lower().partition(b"://")[2] != headers.get(b"host", b"").lower()
    return headers.get(b"sec-fetch-site", b"none") not in {b"none", b"same-origin"}


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
