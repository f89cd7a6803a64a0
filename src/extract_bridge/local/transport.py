"""The door into the local service: an httpx transport, for sync and async callers alike, that opens no port.

One background thread runs one event loop with one lifespan of the app, shared by everybody in this process who names the same folder. A
sync caller waits for it in its own thread; an async caller awaits a future of its own loop. After a fork the child has a service of its
own.

Longer than most modules: who opens, shares, leaves and forgets the one service of a folder can only be checked in one place.
"""

from __future__ import annotations

import asyncio
import atexit
import multiprocessing.process
import multiprocessing.util
import os
import sys
import threading
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from anyio import to_thread

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.local.service.app import create_app
from extract_bridge.local.service.fault_injector import ConnectionLost
from extract_bridge.local.service.faults import FaultPlan
from extract_bridge.local.service.language_model import check_model
from extract_bridge.local.service.scratch import ScratchFolder
from extract_bridge.local.service.state import ServiceSettings
from extract_bridge.local.service.workers import WORKER_COMMAND

if sys.platform != "win32":
    import uvloop

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from extract_bridge.core.language_model import LlmMode

BASE_URL = "http://local.extract-bridge.internal"

_CLOSE_SECONDS = 2.0
_Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
_Key = tuple[str, int, str]


def open_transport(
    *,
    data_dir: Path | None = None,
    workers: int | None = None,
    llm: Any = None,
    llm_mode: LlmMode = "hybrid",
    faults: str | None = None,
    allow_webhook_hosts: Sequence[str] = (),
    allow_source_url: bool = False,
    allow_source_hosts: Sequence[str] = (),
) -> LocalTransport:
    """A transport to the local service; the service starts with the first request.

    All transports of a process that name the same folder share one service, which ends with the last of them. Without a folder there is
    one shared service in a temporary folder, which lives and ends with the process.

    Args:
        data_dir: Where the service keeps files and jobs.
        workers: How many documents at once; the first who opens the service decides.
        llm: The user's language model, see `service.language_model.adapt`.
        llm_mode: Who fills the schema where there is a model: `rules`, `hybrid` or `llm`.
        faults: A SPEC of `service.faults`, for tests.
        allow_webhook_hosts: Private hosts that webhooks may go to; the first who opens the service decides.
        allow_source_url: Parse jobs may name a URL; the first who opens the service decides.
        allow_source_hosts: Private hosts that such a URL may name; the first who opens the service decides.

    Raises:
        ConfigurationError: `faults` is no SPEC; `llm` is nothing that can be asked.
    """
    return LocalTransport(
        data_dir=data_dir,
        workers=workers,
        llm=llm,
        llm_mode=llm_mode,
        faults=faults,
        allow_webhook_hosts=allow_webhook_hosts,
        allow_source_url=allow_source_url,
        allow_source_hosts=allow_source_hosts,
    )


class LocalTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Hands requests to the local service of this process."""

    def __init__(
        self,
        *,
        data_dir: Path | None = None,
        workers: int | None = None,
        llm: Any = None,
        llm_mode: LlmMode = "hybrid",
        worker_command: Sequence[str] = WORKER_COMMAND,
        faults: str | None = None,
        allow_webhook_hosts: Sequence[str] = (),
        allow_source_url: bool = False,
        allow_source_hosts: Sequence[str] = (),
    ) -> None:
        if faults is not None:
            FaultPlan.parse(faults)  # a wrong one is told now, not with the first request
        if llm is not None:
            check_model(llm)
        self._data_dir = None if data_dir is None else Path(data_dir).absolute()
        self._llm = llm
        self._llm_mode = llm_mode
        self._faults = faults
        self._differs = repr(
            (llm_mode, faults, *map(tuple, (allow_webhook_hosts, allow_source_hosts)), allow_source_url)
        )
        self._make = partial(
            _SharedService,
            workers=workers,
            llm=llm,
            llm_mode=llm_mode,
            worker_command=tuple(worker_command),
            faults=faults,
            allow_webhook_hosts=tuple(allow_webhook_hosts),
            allow_source_url=allow_source_url,
            allow_source_hosts=tuple(allow_source_hosts),
        )
        self._shared: _SharedService | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer in the caller's own thread, which waits."""
        request.read()
        future = self._service().submit(request)
        try:
            answer = future.result()
        except CancelledError:
            raise _ended(request) from None
        return _response(request, answer)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer without blocking the caller's loop. A caller that is cancelled leaves; the request itself is carried out."""
        await request.aread()
        service = self._shared
        if service is None or not service.is_open:
            service = await to_thread.run_sync(self._service, abandon_on_cancel=True)
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        future = service.submit(request)
        future.add_done_callback(lambda _: _call_in(loop, waiter))
        await waiter
        try:
            return _response(request, future.result())
        except CancelledError:
            raise _ended(request) from None

    def close(self) -> None:
        """Leave the service."""
        shared, self._shared = self._shared, None
        if shared is not None and shared.pid == os.getpid():
            _leave(shared, id(self))

    async def aclose(self) -> None:
        """Leave the service without blocking the loop."""
        await to_thread.run_sync(self.close)

    def _service(self) -> _SharedService:
        shared = self._shared
        if shared is None or not shared.is_open:
            shared = self._shared = self._join()
            shared.start()
        return shared

    def _join(self) -> _SharedService:
        """The service of the folder, counted as used once more."""
        key = (str(self._data_dir), 0, "") if self._data_dir else ("", id(self._llm), self._differs)
        with _lock:
            shared = _open.get(key)
            if shared is None:
                shared = _open[key] = self._make(key, self._data_dir)
                _close_at_exit()
            if shared.llm is not self._llm or (self._llm is not None and shared.llm_mode != self._llm_mode):
                raise ConfigurationError(
                    "the local service of this data_dir already works with another llm or llm_mode",
                    where="llm",
                    hint="Use one data_dir for each language model",
                )
            if shared.faults != self._faults:
                raise ConfigurationError(
                    "the local service of this data_dir already works with other faults",
                    where="faults",
                    hint="Use one data_dir for each set of faults",
                )
            shared.users.add(id(self))
            return shared


class _SharedService:
    """The app with its loop, thread and folder."""

    def __init__(
        self,
        key: _Key,
        data_dir: Path | None,
        *,
        workers: int | None,
        llm: Any,
        llm_mode: LlmMode,
        worker_command: Sequence[str],
        faults: str | None,
        allow_webhook_hosts: tuple[str, ...],
        allow_source_url: bool,
        allow_source_hosts: tuple[str, ...],
    ) -> None:
        self.key = key
        self.pid = os.getpid()
        self.users: set[int] = set()
        self.llm_mode = llm_mode
        self.llm = llm  # kept, so that its id stays its own
        self.faults = faults
        self.scratch = ScratchFolder() if data_dir is None else None
        self._settings = ServiceSettings(
            data_dir=data_dir or self.scratch.path,  # type: ignore[union-attr]
            workers=workers,
            llm=llm,
            llm_mode=llm_mode,
            durable=data_dir is not None,
            worker_command=worker_command,
            faults=faults,
            allow_webhook_hosts=allow_webhook_hosts,
            allow_source_url=allow_source_url,
            allow_source_hosts=allow_source_hosts,
        )
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ready: Future[None] = Future()
        self._closing = False

    @property
    def is_open(self) -> bool:
        """It answers, in this process."""
        started = self._ready.done() and self._ready.exception() is None
        return started and not self._closing and self.pid == os.getpid()

    def start(self) -> None:
        """Start where that has not been done, and wait until it answers."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="extract-bridge-local", daemon=True)
                self._thread.start()
        try:
            self._ready.result()
        except BaseException:
            _discard(self)
            raise

    def submit(self, request: httpx.Request) -> Future[_Answer]:
        """Have a request, whose body has been read, answered by the app."""
        # A request of its own: the caller's may be bound to the caller's loop.
        copy = httpx.Request(
            request.method, request.url, headers=request.headers.raw, content=request.content
        )
        work: Coroutine[Any, Any, _Answer] = self._answer(copy)
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError:  # the loop was closed meanwhile
            work.close()
            raise _ended(request) from None

    def close(self) -> None:
        """End the app and its workers within two seconds."""
        with self._lock:
            self._closing = True
            thread = self._thread
        if thread is not None:
            with suppress(Exception):
                self._ready.result()
                self._loop.call_soon_threadsafe(self._ending.set)
            thread.join(_CLOSE_SECONDS)
        if self.scratch is not None:
            self.scratch.remove()

    def forget(self) -> None:
        """In a forked child: the service is the parent's."""
        if self.scratch is not None:
            self.scratch.forget()

    async def _answer(self, request: httpx.Request) -> _Answer:
        try:
            reply = await self._asgi.handle_async_request(request)
        except ConnectionLost:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.") from None
        return reply.status_code, reply.headers.raw, await reply.aread()

    def _run(self) -> None:
        loop = _new_loop()
        try:
            loop.run_until_complete(self._live())
        except BaseException as error:  # noqa: BLE001 -- the one who waits for the start must hear of it
            if not self._ready.done():
                self._ready.set_exception(error)
        finally:
            _finish(loop)

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ending = asyncio.Event()
        app = create_app(self._settings)
        self._asgi = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with app.router.lifespan_context(app):
            self._ready.set_result(None)
            await self._ending.wait()


_lock = threading.Lock()
_open: dict[_Key, _SharedService] = {}
_inherited: list[_SharedService] = []


def _leave(shared: _SharedService, user: int) -> None:
    with _lock:
        shared.users.discard(user)
        done = not shared.users and shared.scratch is None
        if done and _open.get(shared.key) is shared:
            del _open[shared.key]
    if done:
        shared.close()


def _discard(shared: _SharedService) -> None:
    """Forget a service that could not start, so that the next request tries again."""
    with _lock:
        if _open.get(shared.key) is shared:
            del _open[shared.key]
    if shared.scratch is not None:
        shared.scratch.remove()


def _close_all() -> None:
    with _lock:
        services = list(_open.values())
        _open.clear()
    for shared in services:
        shared.close()


def _close_at_exit() -> None:
    """A process of `multiprocessing` ends without atexit; it has finalizers of its own."""
    if len(_open) > 1:
        return
    if multiprocessing.process.parent_process() is None:
        atexit.unregister(_close_all)
        atexit.register(_close_all)
    else:
        multiprocessing.util.Finalize(None, _close_all, exitpriority=10)


def _after_fork() -> None:
    """No thread but the forking one lives on in the child: every lock and service of ours is made anew."""
    global _lock
    _lock = threading.Lock()
    _inherited.extend(_open.values())  # kept for good: finalizing what the parent's threads own would do harm
    _open.clear()
    for shared in _inherited:
        shared.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _new_loop() -> asyncio.AbstractEventLoop:
    loop: asyncio.AbstractEventLoop
    if sys.platform == "win32":
        loop = asyncio.new_event_loop()
    else:  # uvloop needs no socket to wake its loop, so the service works where sockets are switched off
        loop = uvloop.new_event_loop()
    loop.set_debug(False)  # a user's debug mode is about the user's loops
    return loop


def _finish(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel what is still running, and close."""
    with suppress(Exception):
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


def _call_in(loop: asyncio.AbstractEventLoop, waiter: asyncio.Future[None]) -> None:
    with suppress(RuntimeError):  # the caller's loop has ended: nobody waits
        loop.call_soon_threadsafe(_wake, waiter)


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)


def _response(request: httpx.Request, answer: _Answer) -> httpx.Response:
    status, headers, body = answer
    return httpx.Response(status, headers=headers, content=body, request=request)


def _ended(request: httpx.Request) -> httpx.ReadError:
    return httpx.ReadError("the local service has ended", request=request)
