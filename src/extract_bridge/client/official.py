"""Clients of the official SDK, known by what they offer; neither the SDK nor an HTTP library is imported for it."""

from __future__ import annotations

import inspect
import sys
from typing import Any

_OFFERS = ("api_key", "base_url", "with_options", "get", "post", "put", "delete")


def is_official(client: object) -> bool:
    """Whether this is a client of the official SDK."""
    httpx = sys.modules.get("httpx")  # where it was never imported, nobody has a client of it
    if httpx is not None and isinstance(client, (httpx.Client, httpx.AsyncClient)):
        return False
    return all(hasattr(client, name) for name in _OFFERS)


def is_async_official(client: Any) -> bool:
    """Whether a client of the official SDK is the asynchronous one."""
    return inspect.iscoroutinefunction(client.post)
