"""Links to a file's bytes that carry their own permission for a while, as the cloud's presigned URLs do."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time

LINK_SECONDS = 3600


class LinkSigner:
    """Signs with a secret of this process: links end with it."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def sign(self, file_id: str, seconds: int = LINK_SECONDS) -> tuple[int, str]:
        """When a link to the file ends (seconds since the epoch), and its signature."""
        expires = int(time.time()) + seconds
        return expires, self._signature(file_id, expires)

    def accepts(self, file_id: str, expires: int, signature: str) -> bool:
        """The link was signed here and has not ended."""
        return hmac.compare_digest(signature, self._signature(file_id, expires)) and time.time() < expires

    def _signature(self, file_id: str, expires: int) -> str:
        return hmac.new(self._secret, f"{file_id}\n{expires}".encode(), hashlib.sha256).hexdigest()
