"""Page tokens: where the next page starts, bound to the filters of the list they came from."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from fastapi import HTTPException

from extract_bridge.core.identity import canonical_json, sha256_hex


def encode_token(after: tuple[str, str], filters: dict[str, Any]) -> str:
    """The token of the page that follows the item `after`."""
    text = json.dumps([*after, _digest(filters)])
    return base64.urlsafe_b64encode(text.encode()).decode()


def decode_token(token: str, filters: dict[str, Any]) -> tuple[str, str]:
    """The item that a page follows.

    Raises:
        HTTPException: 400: the token is not one of ours, or of a list with other filters.
    """
    try:
        created_at, item_id, digest = json.loads(base64.urlsafe_b64decode(token.encode()))
        if digest == _digest(filters):
            return str(created_at), str(item_id)
    except (binascii.Error, ValueError, TypeError):
        pass
    raise HTTPException(400, "page_token does not belong to this list")


def _digest(filters: dict[str, Any]) -> str:
    return sha256_hex(canonical_json(filters))[:16]
