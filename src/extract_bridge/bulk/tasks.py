"""The scheduler's shell of tasks: one that drives, and one for each effect under way. The event loop is never blocked."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from extract_bridge.bulk.crew import CommonCrew, or_raised, told_by
from extract_bridge.bulk.orders import Done, Dropped, Leave, Next, Report, Room, Start
from extract_bridge.client.effects import Call

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable

    from extract_bridge.bulk.extraction import Extraction
    from extract_bridge.bulk.orders import Event
    from extract_bridge.bulk.scheduler import Scheduler
    from extract_bridge.client.drivers import AsyncPerform

T = TypeVar("T")
_PATIENCE = 5.0  # seconds that a cancelled call may take to cancel its jobs; then they go on without it
_leaving: set[asyncio.Task[Any]] = set()  # held here, for a loop holds its tasks weakly


class AsyncCrew(CommonCrew):
    """Tasks that carry a scheduler's orders out. See `threads.Crew`, which has the same methods.

    Args:
        scheduler: What decides.
        perform: Carries out one effect.
        farewell: What flows are ended with that nobody waits for any more; None makes them cancel their jobs.
        events: Verified webhook events, an asynchronous iterable or a plain one, which is read in a thread of its own.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        perform: AsyncPerform,
        farewell: BaseException | None = None,
        events: Any = None,
    ) -> None:
        self._perform = perform
        self._heard: _Inbox[Event] = _Inbox()
        self._results: _Inbox[Any] = _Inbox()
        self._driver: asyncio.Task[None] | None = None
        self._out: dict[int, tuple[asyncio.Task[None], Any]] = {}
        self._listener: asyncio.Task[None] | None = None
        super().__init__(scheduler, farewell, events, self._heard, self._results)

    def _begin(self) -> None:
        self._driver = _task(self._drive())
        if hasattr(self._events, "__aiter__"):
            self._listener = _task(self._alisten(self._events))
        elif self._events is not None:
            put = partial(_put_soon, asyncio.get_running_loop(), self._hear)
            # No worker thread of the loop's: it waits for those when it ends, and this one may wait for ever.
            threading.Thread(
                target=copy_context().run, args=(self._listen, self._events, put), daemon=True
            ).start()

    async def wait(self, seconds: float | None = None) -> Extraction | Room | Dropped | None:
        """The next finished document, or news of room for another one; None when the seconds are over.

        Raises:
            BaseException: what is no error of a document: a fault in the caller's function, or in this package.
        """
        return or_raised(await self._results.get(seconds))  # type: ignore[no-any-return]

    async def leave(self) -> None:
        """End what is queued and running, and wait a while for it."""
        if self._listener is not None:
            self._listener.cancel()
        if self._driver is None or self._driver.done():
            return
        for task, effect in list(self._out.values()):
            if isinstance(effect, Call) and (effect.method != "POST" or effect.parts is not None):
                task.cancel()  # but what may make a job, or set something aside, is waited for
        self._heard.put(Leave(self._farewell or asyncio.CancelledError()))
        await asyncio.wait({self._driver}, timeout=_PATIENCE)

    async def _drive(self) -> None:
        orders = self._scheduler.run()
        event: Event | None = None
        while True:
            try:
                order = orders.send(event)
            except StopIteration:
                return
            except Exception as fault:  # noqa: BLE001 - raised again where the results are read
                self._results.put(fault)
                return
            event = None
            match order:
                case Start(number, effect):
                    self._out[number] = (_task(self._carry(order)), effect)
                case Next(timeout):
                    try:
                        event = await self._heard.get(timeout)
                    except (
                        asyncio.CancelledError
                    ) as cancelled:  # the loop shuts down: the flows may say goodbye
                        event = Leave(self._farewell or cancelled)
                case Done() | Room() | Dropped():
                    self._tell(order)

    async def _carry(self, order: Start) -> None:
        try:
            report = Report(order.number, await self._perform(order.effect))
        except BaseException as error:  # noqa: BLE001 - the flow decides what an error means
            report = Report(order.number, error=error)
        del self._out[order.number]
        self._heard.put(report)

    async def _alisten(self, events: AsyncIterable[Any]) -> None:
        try:
            async for event in events:
                if (told := told_by(event)) is not None:
                    self._hear(told)
        except Exception as fault:  # noqa: BLE001 - raised again where the results are read
            self._hear(fault)


def _put_soon(loop: asyncio.AbstractEventLoop, put: Callable[[Any], None], heard: Any) -> None:
    """From another thread; for a loop that has ended, nobody is there any more."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(put, heard)


class _Inbox(Generic[T]):
    """A queue for one reader of this loop."""

    def __init__(self) -> None:
        self._items: deque[T] = deque()
        self._waiter: asyncio.Future[None] | None = None

    def empty(self) -> bool:
        return not self._items

    def put(self, item: T, /) -> None:
        self._items.append(item)
        self._wake()

    async def get(self, timeout: float | None) -> T | None:  # noqa: ASYNC109 - a timer costs a tenth of a cancelled task
        if not self._items and timeout != 0:
            loop = asyncio.get_running_loop()
            self._waiter = loop.create_future()
            timer = None if timeout is None else loop.call_later(timeout, self._wake)
            try:
                await self._waiter
            finally:
                self._waiter = None
                if timer is not None:
                    timer.cancel()
        elif timeout == 0:
            await asyncio.sleep(0)
        return self._items.popleft() if self._items else None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _task(work: Any) -> asyncio.Task[Any]:
    task: asyncio.Task[Any] = asyncio.create_task(work)
    _leaving.add(task)
    task.add_done_callback(_leaving.discard)
    return task
