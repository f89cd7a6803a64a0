"""The scheduler's shell of tasks: one that drives, and one for each effect under way. The event loop is never blocked."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from extract_bridge.bulk.orders import Done, Drop, Dropped, Given, Leave, Next, Report, Room, Start, Told
from extract_bridge.client.effects import Call

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable

    from extract_bridge.bulk.extraction import Extraction
    from extract_bridge.bulk.orders import Event
    from extract_bridge.bulk.scheduler import Scheduler
    from extract_bridge.client.drivers import AsyncPerform

T = TypeVar("T")
_PATIENCE = 5.0  # seconds that a cancelled call may take to cancel its jobs; then they go on without it
_END: Any = object()
_leaving: set[asyncio.Task[Any]] = set()  # held here, for a loop holds its tasks weakly


class AsyncCrew:
    """Tasks that carry a scheduler's orders out. See `threads.Crew`, which has the same methods.

    Args:
        scheduler: What decides.
        perform: Carries out one effect.
        farewell: What flows are ended with that nobody waits for any more; None makes them cancel their jobs.
        events: Verified webhook events, an asynchronous iterable or a plain one, which is read in a worker thread.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        perform: AsyncPerform,
        farewell: BaseException | None = None,
        events: Any = None,
    ) -> None:
        self._farewell = farewell
        self._scheduler, self._perform = scheduler, perform
        self._heard: _Inbox[Event] = _Inbox()
        self._results: _Inbox[Extraction | Room | Dropped | BaseException] = _Inbox()
        self._driver: asyncio.Task[None] | None = None
        self._out: dict[int, tuple[asyncio.Task[None], Any]] = {}
        self._events = events
        self._listener: asyncio.Task[None] | None = None

    def hand_in(self, given: Given) -> None:
        """Give one more document's flow to the scheduler."""
        if self._driver is None:
            self._driver = _task(self._drive())
            if self._events is not None:
                self._listener = _task(self._listen(self._events))
        self._heard.put(given)

    async def wait(self, seconds: float | None = None) -> Extraction | Room | Dropped | None:
        """The next finished document, or news of room for another one; None when the seconds are over.

        Raises:
            BaseException: what is no error of a document: a fault in the caller's function, or in this package.
        """
        result = await self._results.get(seconds)
        if isinstance(result, BaseException):
            raise result
        return result

    def drop(self) -> None:
        """Forget what no flow has begun; `Dropped` comes among the results."""
        if self._driver is None:
            self._results.put(Dropped(0))
        else:
            self._heard.put(Drop())

    @property
    def has_news(self) -> bool:
        """Whether `wait` would not wait."""
        return not self._results.is_empty

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
                case Done(result=result, error=error):
                    self._results.put(error or result)
                case Room() | Dropped():
                    self._results.put(order)

    async def _carry(self, order: Start) -> None:
        try:
            report = Report(order.number, await self._perform(order.effect))
        except BaseException as error:  # noqa: BLE001 - the flow decides what an error means
            report = Report(order.number, error=error)
        del self._out[order.number]
        self._heard.put(report)

    async def _listen(self, events: AsyncIterable[Any] | Iterable[Any]) -> None:
        async for event in _one_by_one(events):
            if event.is_final and event.job_id is not None:
                self._heard.put(Told(event.job_id))


class _Inbox(Generic[T]):
    """A queue for one reader of this loop."""

    def __init__(self) -> None:
        self._items: deque[T] = deque()
        self._waiter: asyncio.Future[None] | None = None

    @property
    def is_empty(self) -> bool:
        return not self._items

    def put(self, item: T) -> None:
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


async def _one_by_one(events: Any) -> Any:
    if hasattr(events, "__aiter__"):
        async for event in events:
            yield event
        return
    given = iter(events)
    while (event := await asyncio.to_thread(next, given, _END)) is not _END:
        yield event


def _task(work: Any) -> asyncio.Task[Any]:
    task: asyncio.Task[Any] = asyncio.create_task(work)
    _leaving.add(task)
    task.add_done_callback(_leaving.discard)
    return task
