"""HTTP by httpx, or by the caller's own client: requests in, complete answers out; errors sorted by whether the request may have arrived.

Each request has a client with one connection to itself (see `lanes`); uploads have lanes of their own, so that they never hold up the
rest. Longer than most modules: httpx has this one home in the client.
"""

from __future__ import annotations

import asyncio
import functools
import os
import threading
import weakref
from contextlib import (
    AsyncExitStack,
    ExitStack,
    aclosing,
    asynccontextmanager,
    closing,
    contextmanager,
    suppress,
)
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode

import httpx

from extract_bridge import __version__
from extract_bridge.client.effects import Call, Reply
from extract_bridge.client.lanes import AsyncLanes, Lanes
from extract_bridge.client.loops import LoopBound
from extract_bridge.client.official import is_async_official, is_official
from extract_bridge.core.errors import (
    APIError,
    ConfigurationError,
    NotSentError,
    ResultError,
    UnansweredError,
)
from extract_bridge.core.limits import limit

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator, Mapping

    from extract_bridge.client.effects import Query

K = TypeVar("K", httpx.Client, httpx.AsyncClient)
POOL = 10
UPLOADS = 4
_CONNECT = 10.0  # seconds; a service that does not even accept is not waited for as long as one that works
_KEEPALIVE = (
    3.0  # seconds; shorter than servers keep idle connections, so that a request never meets a closing one
)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_UNUSABLE = (httpx.UnsupportedProtocol, httpx.InvalidURL)
_FAILURES = (httpx.HTTPError, httpx.InvalidURL)
_SECRET_HEADERS = ("auth", "key", "token", "secret", "cookie")
_SHORTEST_SECRET = 6
_abandoned: list[object] = []  # of a parent process: closing them here would meddle with its connections


@dataclass(frozen=True)
class Target:
    """Where requests go.

    Attributes:
        base_url: With scheme, without a final slash.
        headers: Sent with each request, the key among them; never shown.
        timeout: Seconds for one request.
        trust_env: Whether the environment's proxy settings hold.
        transport: Makes the transport of an in-process service; None is the network.
        http_client: The caller's own, instead of all of this: of httpx, or a client of the official SDK.
    """

    base_url: str
    headers: Mapping[str, str] = field(repr=False)
    timeout: float = 60.0
    trust_env: bool = True
    transport: Callable[[], Any] | None = field(default=None, repr=False)
    http_client: Any = field(default=None, repr=False)

    def options(self) -> dict[str, Any]:
        """Keywords of an httpx client with one connection."""
        common = {
            "timeout": _timeout(self.timeout),
            "trust_env": self.trust_env,
            "headers": self.all_headers(),
        }
        if self.transport is not None:
            return {**common, "transport": _Shared(self.transport())}
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=_KEEPALIVE)
        return {**common, "limits": limits, "verify": _certificates()}

    def all_headers(self) -> dict[str, str]:
        """What is sent with each request."""
        return {"Accept": "application/json", "User-Agent": f"extract-bridge/{__version__}", **self.headers}

    def prepare(self) -> None:
        """Do what takes long once a process: open the in-process service, or load the certificates."""
        if self.http_client is not None:
            return
        if self.transport is not None:
            self.transport()
        else:
            _certificates()

    def request(self, call: Call) -> dict[str, Any]:
        """Keywords of an httpx request."""
        request: dict[str, Any] = {
            "method": call.method,
            "url": self.base_url + call.path + _question(call.query),
            # Our own clients have ours already.
            "headers": call.headers if self.http_client is None else {**self.all_headers(), **call.headers},
            "follow_redirects": False,
        }
        if call.timeout is not None:
            request["timeout"] = _timeout(call.timeout)
        if call.json is not None:
            request["json"] = call.json
        if call.parts is not None:
            parts = call.parts()
            request["files"] = {name: part for name, part in parts.items() if isinstance(part, tuple)}
            request["data"] = {name: part for name, part in parts.items() if isinstance(part, str)}
        return request


class Sender:
    """Sends from threads. Opens its pools at the first request, and again after a fork or `close`."""

    def __init__(self, target: Target) -> None:
        if not _usable(target.http_client, httpx.Client, asynchronous=False):
            raise _wrong_client("ExtractClient", "httpx.Client")
        self.target = target
        self._start()

    def _start(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._pools: dict[int, Lanes[httpx.Client | None]] = {}
        self._closing = weakref.finalize(self, _close_all, self._process, self._pools)

    def __call__(self, call: Call) -> Reply:
        """Send a request and read its whole answer.

        Raises:
            NotSentError: it surely never arrived.
            UnansweredError: it may have arrived.
        """
        try:
            with self._pool(UPLOADS if call.parts else POOL).lane() as client:
                if is_official(self.target.http_client):
                    return self._by_official(call)
                return self._by_httpx(self.target.http_client or client, call)
        except _FAILURES as error:
            raise _sorted(error, call) from error

    def _by_httpx(self, client: Any, call: Call) -> Reply:
        with client.stream(**self.target.request(call)) as response:
            answer = _Answer(call, response)
            for part in response.iter_bytes():
                answer.add(part)
            return answer.reply()

    @contextmanager
    def opener(self) -> Iterator[Opener]:
        """Sends like this, but leaves the body of a success to be read; what it opened is closed at the end."""
        with ExitStack() as stack:
            yield Opener(self, stack)

    def _by_official(self, call: Call) -> Reply:
        send, keywords = _official_request(self.target.http_client, call)
        try:
            return _whole_reply(call, send(call.path, **keywords))
        except Exception as error:
            if (answer := _official_answer(error)) is None:
                raise
            return _whole_reply(call, answer)

    def _pool(self, size: int) -> Lanes[httpx.Client | None]:
        if self._process != os.getpid():
            self._closing.detach()
            _abandoned.append(self._pools)
            self._start()
        with self._lock:
            if size not in self._pools:
                # No method of ours: the finalizer holds the pools, and must not hold us.
                self._pools[size] = Lanes(size, functools.partial(_open, httpx.Client, self.target))
            return self._pools[size]

    def close(self) -> None:
        """Close the connections; the caller's own httpx client stays open. A later request opens new ones."""
        with self._lock:
            pools = dict(self._pools)
            self._pools.clear()
        _close_all(self._process, pools)


class OpenAnswer:
    """A success whose body is still coming."""

    status_code = 200

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts

    def iter_bytes(self) -> Iterator[bytes]:
        """The body, part by part.

        Raises:
            ResultError: it broke off.
        """
        try:
            yield from self._parts
        except _FAILURES as error:
            raise _broken(error) from error


class AsyncOpenAnswer:
    """A success whose body is still coming, for an event loop."""

    def __init__(self, parts: AsyncIterator[bytes]) -> None:
        self._parts = parts

    async def aiter_bytes(self) -> AsyncGenerator[bytes, None]:
        """The body, part by part; see `OpenAnswer`."""
        try:
            async for part in self._parts:
                yield part
        except _FAILURES as error:
            raise _broken(error) from error


class Opener:
    """Sends requests, and keeps the answer of the one that succeeds open."""

    answer: OpenAnswer

    def __init__(self, sender: Sender, stack: ExitStack) -> None:
        self._sender, self._stack = sender, stack

    def __call__(self, call: Call) -> Reply:
        """Send a request; of a success, read no more than its head."""
        target = self._sender.target
        try:
            with ExitStack() as stack:
                client = stack.enter_context(self._sender._pool(POOL).lane())  # noqa: SLF001 - one thing
                if is_official(target.http_client):
                    response = stack.enter_context(closing(_opened_by_official(target.http_client, call)))
                else:
                    sending: Any = target.http_client or client
                    response = stack.enter_context(sending.stream(**target.request(call)))
                answer = _Answer(call, response)
                if not response.is_success:
                    for part in response.iter_bytes():
                        answer.add(part)
                    return answer.reply()
                self.answer = OpenAnswer(response.iter_bytes())
                self._stack.push(stack.pop_all())
                return answer.reply()
        except _FAILURES as error:
            raise _sorted(error, call) from error


class AsyncOpener:
    """`Opener`, for an event loop."""

    answer: AsyncOpenAnswer

    def __init__(self, sender: AsyncSender, stack: AsyncExitStack) -> None:
        self._sender, self._stack = sender, stack

    async def __call__(self, call: Call) -> Reply:
        """Send a request; of a success, read no more than its head."""
        target = self._sender.target
        try:
            async with AsyncExitStack() as stack:
                pools = await self._sender._of_this_loop()  # noqa: SLF001 - one thing
                client = await stack.enter_async_context(pools.pool(POOL).lane())
                if is_official(target.http_client):
                    opened = await _aopened_by_official(target.http_client, call)
                    response = await stack.enter_async_context(aclosing(opened))
                else:
                    sending: Any = target.http_client or client
                    response = await stack.enter_async_context(sending.stream(**target.request(call)))
                answer = _Answer(call, response)
                if not response.is_success:
                    async for part in response.aiter_bytes():
                        answer.add(part)
                    return answer.reply()
                self.answer = AsyncOpenAnswer(response.aiter_bytes())
                self._stack.push_async_exit(stack.pop_all())
                return answer.reply()
        except _FAILURES as error:
            raise _sorted(error, call) from error


def _broken(error: Exception) -> ResultError:
    return ResultError(
        f"the answer broke off ({type(error).__name__})",
        code="answer_broken",
        hint="Read the finished job again: that costs nothing",
    )


def _open(kind: type[K], target: Target) -> K | None:
    """A client for one lane; None where the caller's own is used."""
    return kind(**target.options()) if target.http_client is None else None


def _close_all(process: int, pools: dict[int, Lanes[httpx.Client | None]]) -> None:
    if process == os.getpid():
        for client in (client for lanes in pools.values() for client in lanes.made if client is not None):
            with suppress(Exception):  # at exit nobody is left to tell
                client.close()


class AsyncSender:
    """Sends from event loops: each loop has pools of its own, closed when that loop shuts down."""

    def __init__(self, target: Target) -> None:
        if not _usable(target.http_client, httpx.AsyncClient, asynchronous=True):
            raise _wrong_client("AsyncExtractClient", "httpx.AsyncClient")
        self.target = target
        self._start()

    def _start(self) -> None:
        self._process = os.getpid()
        self._loops: dict[asyncio.AbstractEventLoop, _LoopPools] = {}

    async def __call__(self, call: Call) -> Reply:
        """Send a request and read its whole answer.

        Raises:
            NotSentError: it surely never arrived.
            UnansweredError: it may have arrived.
        """
        try:
            pools = await self._of_this_loop()
            async with pools.pool(UPLOADS if call.parts else POOL).lane() as client:
                if is_official(self.target.http_client):
                    return await self._by_official(call)
                return await self._by_httpx(self.target.http_client or client, call)
        except _FAILURES as error:
            raise _sorted(error, call) from error

    async def _by_httpx(self, client: Any, call: Call) -> Reply:
        async with client.stream(**self.target.request(call)) as response:
            answer = _Answer(call, response)
            async for part in response.aiter_bytes():
                answer.add(part)
            return answer.reply()

    @asynccontextmanager
    async def opener(self) -> AsyncIterator[AsyncOpener]:
        """Sends like this, but leaves the body of a success to be read; what it opened is closed at the end."""
        async with AsyncExitStack() as stack:
            yield AsyncOpener(self, stack)

    async def _by_official(self, call: Call) -> Reply:
        send, keywords = _official_request(self.target.http_client, call)
        try:
            return _whole_reply(call, await send(call.path, **keywords))
        except Exception as error:
            if (answer := _official_answer(error)) is None:
                raise
            return _whole_reply(call, answer)

    async def _of_this_loop(self) -> _LoopPools:
        if self._process != os.getpid():
            _abandoned.append(self._loops)
            self._start()
        loop = asyncio.get_running_loop()
        if loop not in self._loops:
            await asyncio.to_thread(self.target.prepare)
        if loop not in self._loops:
            for dead in [known for known in self._loops if known.is_closed()]:
                del self._loops[dead]
            self._loops[loop] = pools = _LoopPools(self.target)
            await pools.begin()
        return self._loops[loop]

    async def aclose(self) -> None:
        """Close the connections of this loop; the caller's own httpx client stays open."""
        pools = self._loops.pop(asyncio.get_running_loop(), None)
        if pools is not None:
            await pools.aclose()


class _LoopPools(LoopBound):
    """The pools of one event loop, closed with it."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self._target = target
        self._pools: dict[int, AsyncLanes[httpx.AsyncClient | None]] = {}

    def pool(self, size: int) -> AsyncLanes[httpx.AsyncClient | None]:
        if size not in self._pools:
            self._pools[size] = AsyncLanes(size, functools.partial(_open, httpx.AsyncClient, self._target))
            self.closes(self._pools[size].made)
        return self._pools[size]


class _Shared(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport that others use too: closing a client leaves it open."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = self._transport.handle_request(request)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = await self._transport.handle_async_request(request)
        return response


def _question(query: Query) -> str:
    """The query's part of an address; httpx would parse the address twice for it."""
    return f"?{urlencode(query, quote_via=quote)}" if query else ""


@functools.cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _timeout(seconds: float) -> httpx.Timeout:
    return httpx.Timeout(seconds, connect=min(seconds, _CONNECT), pool=None)


class _Answer:
    """An answer that is being read; what is longer than the limit is not kept."""

    def __init__(self, call: Call, response: httpx.Response) -> None:
        self._call, self._response, self._parts = call, response, list[bytes]()
        self._left = limit("max_answer_bytes")

    def add(self, part: bytes) -> None:
        self._left -= len(part)
        if self._left < 0:
            raise APIError(
                f"{self._call.method} {self._call.path} answered with more than {limit('max_answer_bytes')} bytes",
                code="answer_too_large",
                hint="Ask for fewer pages, or raise EXTRACT_BRIDGE_MAX_ANSWER_BYTES",
            )
        self._parts.append(part)

    def reply(self) -> Reply:
        content = b"".join(self._parts)
        if not self._response.is_success:
            content = _without_secrets(content, self._response.request.headers)
        headers = dict(self._response.headers.items())  # without `items`, each name is looked for anew
        return Reply(self._response.status_code, headers, content)


def _without_secrets(content: bytes, sent: httpx.Headers) -> bytes:
    """A refusal without the secrets that it repeats: a proxy or a debugging service may answer with what was sent."""
    for name, value in sent.items():
        if any(word in name for word in _SECRET_HEADERS):
            for secret in {value, value.rpartition(" ")[2]}:
                if len(secret) >= _SHORTEST_SECRET:
                    content = content.replace(secret.encode(), b"[redacted]")
    return content


def _usable(client: Any, kind: type, *, asynchronous: bool) -> bool:
    if client is None or isinstance(client, kind):
        return True
    return is_official(client) and is_async_official(client) == asynchronous


def _official_request(client: Any, call: Call) -> tuple[Callable[..., Any], dict[str, Any]]:
    """The SDK's method for a request, and its keywords. Its own retries are off: it would send a create twice."""
    query: dict[str, list[str]] = {}
    for name, value in call.query:
        query.setdefault(name, []).append(value)
    options: dict[str, Any] = {
        "params": query,
        "headers": dict(call.headers),
        "max_retries": 0,
        "follow_redirects": False,
    }
    if call.timeout is not None:
        options["timeout"] = _timeout(call.timeout)
    keywords: dict[str, Any] = {"cast_to": httpx.Response, "options": options}
    if call.json is not None:
        keywords["body"] = call.json
    if call.parts is not None:
        parts = call.parts()
        options["headers"]["Content-Type"] = "multipart/form-data"
        keywords["body"] = {name: part for name, part in parts.items() if isinstance(part, str)}
        keywords["files"] = [(name, part) for name, part in parts.items() if isinstance(part, tuple)]
    return getattr(client, call.method.lower()), keywords


def _opened_by_official(client: Any, call: Call) -> httpx.Response:
    """The answer to a request of the SDK's; the body of a success is not read yet."""
    send, keywords = _official_request(client, call)
    try:
        answer: httpx.Response = send(call.path, stream=True, **keywords)
    except Exception as error:
        if (refused := _official_answer(error)) is None:
            raise
        return refused
    return answer


async def _aopened_by_official(client: Any, call: Call) -> httpx.Response:
    send, keywords = _official_request(client, call)
    try:
        answer: httpx.Response = await send(call.path, stream=True, **keywords)
    except Exception as error:
        if (refused := _official_answer(error)) is None:
            raise
        return refused
    return answer


def _official_answer(error: Exception) -> httpx.Response | None:
    """The answer behind an SDK error.

    Raises:
        UnansweredError: the SDK says that there is none, for no reason of httpx.
    """
    answer = getattr(error, "response", None)
    if isinstance(answer, httpx.Response):
        return answer
    if isinstance(error.__cause__, _FAILURES):
        raise error.__cause__
    if hasattr(error, "request"):
        raise UnansweredError(
            f"the official client got no answer ({type(error).__name__})",
            hint="It may have been carried out; look before you send it again",
        ) from error
    return None


def _whole_reply(call: Call, response: httpx.Response) -> Reply:
    answer = _Answer(call, response)
    answer.add(response.content)
    return answer.reply()


def _sorted(error: Exception, call: Call) -> APIError:
    """The error of this package for one of httpx; neither its text nor the address is repeated: they may hold a secret."""
    what, kind = f"{call.method} {call.path}", type(error).__name__
    if isinstance(error, _UNUSABLE):
        return NotSentError(f"{what} was not sent: the base URL is unusable", hint="Check base_url")
    if isinstance(error, _NOT_SENT):
        hint = "Check base_url, the network and proxy settings; nothing was started, so calling again is safe"
        return NotSentError(f"{what} did not reach the service ({kind})", hint=hint)
    return UnansweredError(
        f"{what} got no answer ({kind})", hint="It may have been carried out; look before you send it again"
    )


def _wrong_client(ours: str, theirs: str) -> ConfigurationError:
    return ConfigurationError(
        f"{ours} takes an {theirs} as http_client",
        where="http_client",
        hint="The other half of a client cannot be made from a hand-made http client: make both clients yourself",
    )
