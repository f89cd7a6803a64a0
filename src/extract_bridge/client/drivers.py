"""The two shells: one flow, driven by a thread or by an event loop; and how a flow becomes a method of both clients."""

from __future__ import annotations

import asyncio
import functools
import inspect
import time
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Self, TypeVar, overload

from extract_bridge.client.effects import AwaitJob, Blocking, Call, Effect, Flow, Progress, Reply, Sleep
from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

P = ParamSpec("P")
T = TypeVar("T")
_GOODBYE = 5.0  # seconds that a cancelled call may take to cancel its job
_goodbyes: set[asyncio.Future[Any]] = set()


class Stopped(BaseException):
    """A call in a worker thread was told to end; like Ctrl-C, only for that call."""


class Perform:
    """Carries out one effect in a thread.

    Args:
        send: Sends a request.
    """

    def __init__(self, send: Callable[[Call], Reply]) -> None:
        self.send = send

    def __call__(self, effect: Effect) -> Any:
        """The effect's answer."""
        match effect:
            case Call():
                return self.send(effect)
            case Sleep(seconds):
                return time.sleep(seconds)
            case Blocking(function):
                return function()
            case Progress(event):
                return _told(event())
            case AwaitJob():
                raise TypeError("a lone flow waits by itself; only a scheduler of many jobs watches")


class AsyncPerform:
    """Carries out one effect in an event loop."""

    def __init__(self, send: Callable[[Call], Awaitable[Reply]]) -> None:
        self.send = send

    async def __call__(self, effect: Effect) -> Any:
        """The effect's answer."""
        match effect:
            case Call():
                return await self.send(effect)
            case Sleep(seconds):
                return await asyncio.sleep(seconds)
            case Blocking(function):
                return await asyncio.to_thread(function)
            case Progress(event):
                said = event()
                return await said if inspect.isawaitable(said) else said
            case AwaitJob():
                raise TypeError("a lone flow waits by itself; only a scheduler of many jobs watches")


def drive(flow: Flow[T], perform: Perform) -> T:
    """Run a flow in this thread."""
    value: Any = None
    error: BaseException | None = None
    while True:
        try:
            effect = flow.send(value) if error is None else flow.throw(error)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        value = error = None
        try:
            value = perform(effect)
        except BaseException as raised:  # noqa: BLE001 - also Ctrl-C: the flow may say goodbye to its job first
            error = raised


async def adrive(flow: Flow[T], perform: AsyncPerform) -> T:
    """Run a flow in this event loop. A cancelled flow may still say goodbye to its job, in a task of its own."""
    try:
        return await _steps(flow, None, perform)
    except _Cancelled as cancelled:
        goodbye = asyncio.ensure_future(_leave(flow, cancelled, perform))
        _goodbyes.add(goodbye)
        goodbye.add_done_callback(_forget)
        await asyncio.wait({goodbye}, timeout=_GOODBYE)
        raise cancelled.error from None


async def _steps(flow: Flow[T], error: BaseException | None, perform: AsyncPerform) -> T:
    value: Any = None
    while True:
        try:
            effect = flow.send(value) if error is None else flow.throw(error)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        value, error = None, None
        try:
            value = await _carry_out(effect, perform)
        except Exception as raised:  # noqa: BLE001 - the flow decides what an error means
            error = raised


async def _carry_out(effect: Effect, perform: AsyncPerform) -> Any:
    """Perform an effect. A request that makes something on the service goes on when the caller is cancelled."""
    work: asyncio.Future[Any] | None = None
    try:
        if isinstance(effect, Call) and effect.method == "POST" and effect.parts is None:
            work = asyncio.ensure_future(perform(effect))
            return await asyncio.shield(work)
        return await perform(effect)
    except asyncio.CancelledError as raised:
        raise _Cancelled(raised, work) from None


async def _leave(flow: Flow[Any], cancelled: _Cancelled, perform: AsyncPerform) -> None:
    """Tell the flow that it was cancelled; the answer that was on its way goes first, so that it knows its job."""
    if cancelled.work is not None:
        try:
            answer = await cancelled.work
        except Exception as raised:  # noqa: BLE001 - the flow decides what an error means
            flow.throw(raised)
        else:
            flow.send(answer)
    await _steps(flow, cancelled.error, perform)


class _Cancelled(BaseException):
    def __init__(self, error: asyncio.CancelledError, work: asyncio.Future[Any] | None) -> None:
        self.error, self.work = error, work


def _forget(goodbye: asyncio.Future[Any]) -> None:
    _goodbyes.discard(goodbye)
    if not goodbye.cancelled():
        goodbye.exception()  # read it: a failed goodbye is not worth a warning


def _told(said: Any) -> None:
    if inspect.iscoroutine(said):
        said.close()
        raise ConfigurationError(
            "on_progress is a coroutine function", hint="Pass a plain function, or use AsyncExtractClient"
        )


class Sync:
    """Drives operations in the caller's thread."""

    _perform: Perform

    def _bind(self, bound: operation[..., T]) -> Callable[..., T]:
        @functools.wraps(bound.flow)
        def call(*args: Any, **kwargs: Any) -> T:
            return drive(bound.flow(self, *args, **kwargs), self._perform)

        call.__signature__ = bound.signature  # type: ignore[attr-defined]
        return call


class Async:
    """Drives operations in the caller's event loop."""

    _perform: AsyncPerform

    def _bind(self, bound: operation[..., T]) -> Callable[..., Coroutine[Any, Any, T]]:
        @functools.wraps(bound.flow)
        async def call(*args: Any, **kwargs: Any) -> T:
            return await adrive(bound.flow(self, *args, **kwargs), self._perform)

        call.__signature__ = bound.signature  # type: ignore[attr-defined]
        return call


class operation(Generic[P, T]):  # noqa: N801 - a decorator
    """A generator method that reads as a plain method on one client and as a coroutine method on the other."""

    def __init__(self, flow: Callable[Concatenate[Any, P], Flow[T]]) -> None:
        self.flow = flow
        signature = inspect.signature(flow)
        answer = str(signature.return_annotation).removeprefix("Flow[").removesuffix("]")
        parameters = list(signature.parameters.values())[1:]  # without self
        self.signature = signature.replace(parameters=parameters, return_annotation=answer)
        functools.update_wrapper(self, flow)  # type: ignore[arg-type]

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: Sync, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: Async, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        """The operation, bound to the way its client drives flows."""
        return self if client is None else client._bind(self)  # noqa: SLF001 - decorator and clients are one
