"""The scheduler's shell of threads: one that drives, and workers that carry effects out. No event loop is involved."""

from __future__ import annotations

import queue
import threading
import time
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk.crew import CommonCrew, or_raised
from extract_bridge.bulk.orders import Done, Dropped, Leave, Next, Report, Room, Start
from extract_bridge.client.drivers import Stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from extract_bridge.bulk.extraction import Extraction
    from extract_bridge.bulk.orders import Event
    from extract_bridge.bulk.scheduler import Scheduler
    from extract_bridge.client.drivers import Perform

_PATIENCE = 10.0  # seconds for running calls to cancel their jobs; a thread that hangs longer is left behind
_STEP = 0.1  # seconds: a signal that comes just before a wait for a thread is heard only after that wait


class Crew(CommonCrew):
    """Threads that carry a scheduler's orders out. They are daemons: none keeps a script from ending.

    Args:
        scheduler: What decides.
        perform: Carries out one effect.
        farewell: What flows are ended with that nobody waits for any more; None makes them cancel their jobs.
        events: Verified webhook events, read in a thread of their own; None where there is no receiver.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        perform: Perform,
        farewell: BaseException | None = None,
        events: Iterable[Any] | None = None,
    ) -> None:
        self._perform = perform
        self._heard: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._work: queue.SimpleQueue[Start | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._out = self._workers = 0  # effects under way, and threads for them: both are the driver's
        self._driver: threading.Thread | None = None
        super().__init__(scheduler, farewell, events, self._heard, self._results)

    def _begin(self) -> None:
        self._driver = self._thread(self._drive)
        if self._events is not None:
            self._thread(self._listen, self._events, self._hear)

    def wait(self, seconds: float | None = None) -> Extraction | Room | Dropped | None:
        """The next finished document, or news of room for another one; None when the seconds are over.

        Raises:
            BaseException: what is no error of a document: a fault in the caller's function, or in this package.
        """
        try:
            return or_raised(self._results.get(timeout=seconds))  # type: ignore[no-any-return]
        except queue.Empty:
            return None

    def leave(self) -> None:
        """End what is queued and running, and wait a while for the threads to end."""
        if self._driver is None:
            return
        self._heard.put(Leave(self._farewell or Stopped()))
        end = time.monotonic() + _PATIENCE
        while self._driver.is_alive() and (left := end - time.monotonic()) > 0:
            self._driver.join(min(left, _STEP))

    def _drive(self) -> None:
        orders = self._scheduler.run()
        event: Event | None = None
        try:
            while True:
                try:
                    order = orders.send(event)
                except StopIteration:
                    return
                event = None
                match order:
                    case Start():
                        self._start(order)
                    case Next(timeout):
                        event = self._next(timeout)
                    case Done() | Room() | Dropped():
                        self._tell(order)
        except BaseException as fault:  # noqa: BLE001 - raised again where the results are read
            self._results.put(fault)
        finally:
            for _ in range(self._workers):
                self._work.put(None)

    def _next(self, timeout: float | None) -> Event | None:
        try:
            event = self._heard.get(timeout=timeout) if timeout != 0 else self._heard.get_nowait()
        except queue.Empty:
            return None
        self._out -= isinstance(event, Report)
        return event

    def _start(self, order: Start) -> None:
        self._out += 1
        if self._out > self._workers:
            self._workers += 1
            self._thread(self._carry)
        self._work.put(order)

    def _carry(self) -> None:
        while (order := self._work.get()) is not None:
            try:
                report = Report(order.number, self._perform(order.effect))
            except BaseException as error:  # noqa: BLE001 - the flow decides what an error means
                report = Report(order.number, error=error)
            self._heard.put(report)

    def _thread(self, target: Callable[..., None], *args: Any) -> threading.Thread:
        thread = threading.Thread(
            target=copy_context().run, args=(target, *args), name="extract-bridge", daemon=True
        )
        thread.start()
        return thread
