"""One request to a checked target: to the addresses that were checked, no redirects, no proxies, one deadline for all of it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from extract_bridge.local.service.targets import TargetError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator, Mapping

    from extract_bridge.local.service.targets import Target

_MOST_ADDRESSES = 4


def post(
    target: Target,
    *,
    headers: Mapping[str, str],
    body: bytes,
    seconds: float,
    ssl_context: ssl.SSLContext | None = None,
) -> int:
    """Send a request and give the status of its answer, whose body is not read.

    Args:
        target: Where to; its name is resolved here, once.
        headers: Beside Host and Content-Length.
        body: What to send.
        seconds: For everything after the name is resolved.
        ssl_context: Whom to trust; the usual authorities unless given. The environment has no say.

    Raises:
        TargetError: the target is not allowed, could not be reached, or did not answer in time; the text says which.
    """
    addresses = target.addresses()
    give_up_at = time.monotonic() + seconds
    sent = {**headers, "Content-Length": str(len(body))}
    try:
        with _exchange(
            target,
            "POST",
            headers=sent,
            body=body,
            addresses=addresses,
            give_up_at=give_up_at,
            trust=ssl_context,
        ) as answer:
            return answer.status
    except httpcore.TimeoutException:
        raise TargetError(f"no answer within {seconds:g} seconds") from None


@contextmanager
def get(
    target: Target,
    *,
    headers: Mapping[str, str],
    give_up_at: float,
    ssl_context: ssl.SSLContext | None = None,
) -> Iterator[httpcore.Response]:
    """Ask for something; its body has not been read yet, and reading it meets the same deadline.

    Args:
        target: Where from; its name is resolved here, once.
        headers: Beside Host.
        give_up_at: A time of `time.monotonic`, for all of it.
        ssl_context: Whom to trust; the usual authorities unless given. The environment has no say.

    Raises:
        TargetError: the target is not allowed, could not be reached, or did not answer in time; the text says which. So does what
            goes wrong inside the block while the body is read.
    """
    try:
        with _exchange(
            target,
            "GET",
            headers=headers,
            body=None,
            addresses=target.addresses(),
            give_up_at=give_up_at,
            trust=ssl_context,
        ) as answer:
            yield answer
    except httpcore.TimeoutException:
        raise TargetError("the answer did not arrive in time") from None


@contextmanager
def _exchange(
    target: Target,
    method: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None,
    addresses: list[str],
    give_up_at: float,
    trust: ssl.SSLContext | None,
) -> Iterator[httpcore.Response]:
    wires = _PinnedNetwork(addresses[:_MOST_ADDRESSES], give_up_at=give_up_at)
    # The host's own port and name stay in the URL, so Host, SNI and the certificate's name are what they would be anyway.
    sent = [("Host", target.url.netloc.decode("ascii")), *headers.items()]
    raw = [(name.encode("ascii"), value.encode("utf-8")) for name, value in sent]
    try:
        with (
            httpcore.ConnectionPool(
                ssl_context=trust or _authorities(), network_backend=wires, http2=False
            ) as pool,
            pool.stream(method, _core_url(target), headers=raw, content=body) as answer,
        ):
            yield answer
    except httpcore.ConnectError:
        raise TargetError("the connection was refused or is not trusted") from None
    except (httpcore.NetworkError, httpcore.ProtocolError):
        raise TargetError("the connection broke before the answer was whole") from None


@cache
def _authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _core_url(target: Target) -> httpcore.URL:
    url = target.url
    return httpcore.URL(
        scheme=url.raw_scheme, host=target.host.encode("ascii"), port=target.port, target=url.raw_path
    )


class _PinnedNetwork(httpcore.SyncBackend):
    """Connects to the given addresses, whatever name is asked for, until the deadline."""

    def __init__(self, addresses: list[str], *, give_up_at: float) -> None:
        self._addresses = addresses
        self._give_up_at = give_up_at

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Try one checked address after the other."""
        del host, timeout
        for place, address in enumerate(self._addresses, start=1):
            left = _left(self._give_up_at, httpcore.ConnectTimeout)
            share = left / (
                len(self._addresses) - place + 1
            )  # an address that swallows packets leaves time for the next
            try:
                stream = super().connect_tcp(address, port, share, local_address, socket_options)
                return _Deadline(stream, self._give_up_at)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if place == len(self._addresses):
                    raise
        raise httpcore.ConnectError


class _Deadline(httpcore.NetworkStream):
    """A stream on which nothing lasts beyond the deadline, however many small steps it takes."""

    def __init__(self, stream: httpcore.NetworkStream, give_up_at: float) -> None:
        self._stream = stream
        self._give_up_at = give_up_at

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what there is."""
        del timeout
        return self._stream.read(max_bytes, _left(self._give_up_at, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        del timeout
        self._stream.write(buffer, _left(self._give_up_at, httpcore.WriteTimeout))

    def close(self) -> None:
        """Close."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on encrypted."""
        del timeout
        left = _left(self._give_up_at, httpcore.ConnectTimeout)
        return _Deadline(self._stream.start_tls(ssl_context, server_hostname, left), self._give_up_at)

    def get_extra_info(self, info: str) -> Any:
        """What the stream below knows."""
        return self._stream.get_extra_info(info)


def _left(give_up_at: float, error: type[httpcore.TimeoutException]) -> float:
    left = give_up_at - time.monotonic()
    if left <= 0:
        raise error
    return left
