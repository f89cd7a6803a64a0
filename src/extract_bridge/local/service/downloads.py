"""A document that a caller names by its URL: the guard of `targets` before every hop, a cap on hops, size and time.

The caller chooses the URL and this machine asks for it, so it must not lead to what only this machine can reach. Nothing of the caller's
goes with the request: no key, no cookie, no referrer.
"""

from __future__ import annotations

import mimetypes
import time
from contextlib import contextmanager
from email.message import Message
from pathlib import PurePath
from typing import TYPE_CHECKING

import httpx

from extract_bridge.local.service.outbound import get
from extract_bridge.local.service.targets import TargetError, check_url
from extract_bridge.local.service.uploads import display_name

if TYPE_CHECKING:
    import ssl
    from collections.abc import Collection, Iterator

    import httpcore

MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Packed bodies are refused: a small one may hold more than any disk.
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "extract-bridge"}


class TooLargeError(TargetError):
    """The document has more bytes than are taken."""


class Download:
    """What a URL led to; `read` takes it from the wire.

    Args:
        name: For people, and for telling what kind of document it is.
        answer: Not read yet.
        most: How many bytes are taken.
    """

    def __init__(self, name: str, answer: httpcore.Response, *, most: int) -> None:
        self.name = name
        self._chunks = answer.iter_stream()
        self._most = most
        self._seen = 0

    def read(self, size: int, /) -> bytes:
        """The next bytes as they came, however many were asked for; none at the end.

        Raises:
            TooLargeError: it is more than is taken.
        """
        del size
        for chunk in self._chunks:
            self._seen += len(chunk)
            if self._seen > self._most:
                raise TooLargeError("the document is too large")
            if chunk:
                return chunk
        return b""


@contextmanager
def download(
    url: str,
    *,
    opened_hosts: Collection[str] = (),
    most: int,
    seconds: float,
    ssl_context: ssl.SSLContext | None = None,
) -> Iterator[Download]:
    """Ask for a document; what goes wrong while the block reads it is raised from the block.

    Args:
        url: Where it is.
        opened_hosts: As `targets.check_url` takes them.
        most: How many bytes are taken.
        seconds: For all of it, redirects included.
        ssl_context: Whom to trust; the usual authorities unless given.

    Raises:
        TargetError: a URL on the way is not allowed, could not be reached, or answered with no document; the text says which, without
            the URL.
        TooLargeError: it is more than is taken.
    """
    give_up_at = time.monotonic() + seconds
    target = check_url(url, opened_hosts=opened_hosts)
    first = target.url
    for _ in range(1 + MOST_REDIRECTS):
        with get(target, headers=_HEADERS, give_up_at=give_up_at, ssl_context=ssl_context) as answer:
            headers = httpx.Headers(answer.headers)
            if answer.status not in _REDIRECTS:
                _check_answer(answer.status, headers, most)
                yield Download(_name(first, target.url, headers), answer, most=most)
                return
            place = headers.get("location")
        try:
            target = check_url(_joined(target.url, place), opened_hosts=opened_hosts)
        except TargetError as error:
            raise TargetError(f"it redirects to where it must not: {error}") from None
    raise TargetError(f"it redirects more than {MOST_REDIRECTS} times")


def _joined(base: httpx.URL, place: str | None) -> str:
    if not place:
        raise TargetError("the redirect names no place")
    try:
        return str(base.join(place))
    except (httpx.InvalidURL, ValueError):
        raise TargetError("the URL is malformed") from None


def _check_answer(status: int, headers: httpx.Headers, most: int) -> None:
    if status != 200:
        raise TargetError(f"it answers with status {status}")
    if headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise TargetError("it answers with a packed body, which was not asked for")
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most:
        raise TooLargeError("the document is too large")


def _name(first: httpx.URL, last: httpx.URL, headers: httpx.Headers) -> str:
    """What the server calls it, else how the URLs end; with a suffix where one can be found."""
    candidates = (_disposition_name(headers), first.path, last.path)
    names = [name for name in (display_name(candidate) for candidate in candidates) if name]
    with_suffix = [name for name in names if PurePath(name).suffix]
    if with_suffix:
        return with_suffix[0]
    kind = headers.get("content-type", "").partition(";")[0].strip()
    return display_name((names or ["document"])[0] + (mimetypes.guess_extension(kind) or ""))


def _disposition_name(headers: httpx.Headers) -> str:
    message = Message()
    message["content-disposition"] = "".join(
        char for char in headers.get("content-disposition", "") if char.isprintable()
    )
    return message.get_filename() or ""
