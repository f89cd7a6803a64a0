"""Many flows, few workers.

The scheduler is a generator too: it says which effect to carry out next and how long to wait for an answer, and is told what happened.
Thousands of documents in flight are thousands of suspended generators; only requests need a worker. It touches no clock but the flows'
own, no thread and no loop, so that a test can play the world in virtual time. Threads and tasks differ in their two shells alone.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk.orders import (
    Done,
    Drop,
    Dropped,
    Given,
    Leave,
    Next,
    Order,
    Report,
    Room,
    Start,
    Told,
)
from extract_bridge.bulk.watching import Look, Watching
from extract_bridge.client.effects import AwaitJob, Call, Reply, Sleep
from extract_bridge.client.flows import jobs

if TYPE_CHECKING:
    from collections.abc import Generator

    from extract_bridge.bulk.limiter import Limiter
    from extract_bridge.bulk.orders import Event
    from extract_bridge.client.effects import Effect, Flow
    from extract_bridge.client.flows.request import Api

_PATIENCE = (
    60.0  # seconds without any success after which a refusal for too many requests is a document's error
)


@dataclass(slots=True, eq=False)
class _Flight:
    """One flow on its way.

    Attributes:
        index: Its number; -1 for a look of the scheduler's own.
        flow: What is driven.
        deadline: On the clock that only grows.
        is_loading: Its document's bytes may be in memory.
        effect: What it waits for; None while it is ready to go on.
        sent: When its request went, on the clock that only grows.
        refusals: How often this request was refused for being one too many.
        is_told: It was told to leave, and says goodbye.
    """

    index: int
    flow: Flow[Any]
    deadline: float = float("inf")
    is_loading: bool = False
    effect: Effect | None = None
    sent: float = 0.0
    refusals: int = 0
    is_told: bool = False


class Scheduler:
    """Drives the flows that it is given.

    Args:
        api: The service; its clock is the only one.
        limiter: How fast to send.
        at_once: Flows that are driven at one time; further ones wait for their turn.
        workers: Effects that are carried out at one time.
        uploads: Of these, at most so many uploads.
        told: Webhooks tell of most ends.
    """

    def __init__(
        self,
        api: Api,
        limiter: Limiter,
        *,
        at_once: int,
        workers: int,
        uploads: int,
        told: bool = False,
    ) -> None:
        self._api, self._limiter, self._at_once = api, limiter, at_once
        self._workers, self._uploads = workers, uploads
        self._watching = Watching(api, told=told)
        self._numbers = count()
        self._queued: deque[Given] = deque()
        self._alive: dict[_Flight, None] = {}
        self._ready: deque[tuple[_Flight, Any, BaseException | None]] = deque()
        self._plain: deque[_Flight] = deque()  # functions to call: no request
        self._calls: deque[_Flight] = deque()
        self._sending: deque[_Flight] = (
            deque()
        )  # uploads, after all other requests: what was begun is finished first
        self._busy: dict[int, _Flight] = {}
        self._uploading = 0
        self._timers: list[tuple[float, int, _Flight]] = []
        self._leave: Leave | None = None
        self._success = api.clock.monotonic()

    def run(self) -> Generator[Order, Event | None, None]:
        """Orders for the shell; it ends when it was told to leave and everything is settled."""
        while True:
            yield from self._go_on()
            if self._leave is not None and not self._alive:
                return
            event = yield Next(self._pause())
            if isinstance(event, Drop):
                dropped = len(self._queued)
                self._queued.clear()
                yield Dropped(dropped)
            elif event is not None:
                self._heard(event)

    def _go_on(self) -> Generator[Order, Event | None, None]:
        """Advance all that can be advanced, and hand out work."""
        now = self._api.clock.monotonic()
        while self._timers and self._timers[0][0] <= now:
            flight = heapq.heappop(self._timers)[2]
            if isinstance(flight.effect, Sleep):
                self._wake(flight)
            elif isinstance(flight.effect, Call):  # it was refused, and may be sent again
                self._queue_of(flight.effect).appendleft(flight)
        for flight in self._watching.expired(now):
            self._wake(flight)
        while self._leave is None and (look := self._watching.look(now)) is not None:
            self._begin(_Flight(-1, look))
        while self._ready or (self._queued and len(self._alive) < self._at_once):
            if self._ready:
                yield from self._advance(*self._ready.popleft())
            else:
                given = self._queued.popleft()
                self._begin(_Flight(given.index, given.flow, now + given.timeout, is_loading=True))
        yield from self._hand_out()

    def _begin(self, flight: _Flight) -> None:
        if flight.index >= 0:
            self._alive[flight] = None
        self._ready.append((flight, None, None))

    def _wake(self, flight: _Flight, value: Any = None, error: BaseException | None = None) -> None:
        flight.effect = None
        self._ready.append((flight, value, error))

    def _advance(
        self, flight: _Flight, value: Any, error: BaseException | None
    ) -> Generator[Order, Event | None, None]:
        """One step of a flow, to its next effect or its end."""
        if self._leave is not None and flight.index < 0:
            return  # nobody wants to know any more what that look saw
        try:
            effect = flight.flow.send(value) if error is None else flight.flow.throw(error)
            if self._leave is not None and not flight.is_told:
                flight.is_told = True
                effect = flight.flow.throw(self._leave.error)
        except StopIteration as stop:
            yield from self._ended(flight, stop.value, None)
            return
        except BaseException as fault:  # noqa: BLE001 - whoever reads the results is told; also what a flow was ended with
            yield from self._ended(flight, None, fault)
            return
        flight.effect = effect
        if flight.is_loading and _is_loaded(effect, flight):
            flight.is_loading = False
            yield Room()
        match effect:
            case Sleep(seconds):
                self._set_timer(self._api.clock.monotonic() + seconds, flight)
            case AwaitJob():
                if not self._watching.add(flight, effect, self._api.clock.monotonic()):
                    self._wake(flight)
            case Call():
                queue = self._queue_of(effect)
                queue.appendleft(flight) if flight.is_told else queue.append(flight)
            case _:
                self._plain.append(flight)

    def _ended(
        self, flight: _Flight, result: Any, error: BaseException | None
    ) -> Generator[Order, Event | None, None]:
        flight.effect = None
        if flight.index < 0:
            if error is not None:
                raise error
            self._seen(result)
            return
        del self._alive[flight]
        if flight.is_loading:
            yield Room()
        yield Done(flight.index, result, error)

    def _seen(self, look: Look) -> None:
        for flight, job, error in self._watching.seen(look, self._api.clock.monotonic()):
            self._wake(flight, job, error)

    def _hand_out(self) -> Generator[Order, Event | None, None]:
        """Give work to free workers."""
        while len(self._busy) < self._workers:
            now = self._api.clock.monotonic()
            if self._plain:
                flight = self._plain.popleft()
            elif self._limiter.wait(now) > 0:
                return
            elif self._calls:
                flight = self._calls.popleft()
            elif self._sending and self._uploading < self._uploads:
                flight = self._sending.popleft()
                self._uploading += 1
            else:
                return
            effect, number = flight.effect, next(self._numbers)
            if effect is None:
                raise AssertionError("a queued flow waits for its effect")
            if isinstance(effect, Call):
                self._limiter.sent(now)
                flight.sent = now
            self._busy[number] = flight
            yield Start(number, effect)

    def _pause(self) -> float | None:
        """Seconds until something is to be done although nothing happens."""
        now = self._api.clock.monotonic()
        times = [self._timers[0][0] - now] if self._timers else []
        if self._leave is None and (due := self._watching.due()) is not None:
            times.append(due - now)
        if len(self._busy) < self._workers and (
            self._calls or (self._sending and self._uploading < self._uploads)
        ):
            times.append(self._limiter.wait(now))
        return max(min(times), 0.0) if times else None

    def _heard(self, event: Event) -> None:
        match event:
            case Report():
                self._reported(event)
            case Given():
                self._queued.append(event)
            case Told(job_id):
                for flight in self._watching.tell(job_id):
                    self._wake(flight)
            case Leave():
                self._begin_to_leave(event)

    def _reported(self, report: Report) -> None:
        flight, now = self._busy.pop(report.number), self._api.clock.monotonic()
        effect, value = flight.effect, report.value
        if isinstance(effect, Call):
            self._uploading -= effect.parts is not None
            if isinstance(value, Reply):
                if self._is_held(flight, value, now):
                    return
                if value.status != 429:
                    self._success = now
                    self._limiter.accepted()
            flight.refusals = 0
        self._wake(flight, value, report.error)

    def _is_held(self, flight: _Flight, reply: Reply, now: float) -> bool:
        """Whether a request was one too many, and now waits here to be sent again."""
        if reply.status != 429 or not self._api.retry.repeats(reply, safe=False):
            return False
        pause = self._api.retry.pause(flight.refusals, reply.headers, now=self._api.clock.now())
        self._limiter.refused(now, flight.sent, pause)
        flight.refusals += 1
        for_ever = flight.refusals > 1 and now - self._success > _PATIENCE
        if for_ever or self._api.retry.attempts == 0 or flight.is_told or now + pause > flight.deadline:
            return False
        self._set_timer(now + pause, flight)
        return True

    def _set_timer(self, at: float, flight: _Flight) -> None:
        heapq.heappush(self._timers, (at, next(self._numbers), flight))

    def _queue_of(self, call: Call) -> deque[_Flight]:
        return self._calls if call.parts is None else self._sending

    # --- leaving --------------------------------------------------------------------------------------------------------------

    def _begin_to_leave(self, leave: Leave) -> None:
        """Tell every flow that it is not wanted any more; one whose request is under way hears it after the answer."""
        self._queued.clear()
        self._leave = leave
        on_the_way = set(self._busy.values()) | {flight for flight, _, _ in self._ready}
        self._plain.clear()
        self._calls.clear()
        self._sending.clear()
        self._timers.clear()
        for flight in list(self._alive):
            if flight not in on_the_way:
                if isinstance(flight.effect, AwaitJob):
                    self._watching.forget(flight, flight.effect.job_id)
                flight.effect, flight.is_told = None, True
                self._ready.append((flight, None, leave.error))


def _is_loaded(effect: Effect, flight: _Flight) -> bool:
    """Whether a flow that asks for this has sent its document, needs none, or waits for another call that has the same one."""
    if isinstance(effect, Call):
        return effect.method == "POST" and effect.path == jobs.PATH
    return isinstance(effect, AwaitJob) or (
        isinstance(effect, Sleep) and effect.seconds > 0 and not flight.sent
    )
