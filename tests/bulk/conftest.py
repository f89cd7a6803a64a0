"""A world in virtual time for the scheduler: a clock that only moves while it waits, and a service that answers after a while."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from urllib.parse import unquote

import pytest

from extract_bridge.bulk.documents import extraction_of
from extract_bridge.bulk.extraction import Extraction
from extract_bridge.bulk.limiter import Limiter
from extract_bridge.bulk.orders import Done, Dropped, Event, Given, Next, Report, Room, Start
from extract_bridge.bulk.scheduler import Scheduler
from extract_bridge.bulk.work import Work
from extract_bridge.client.effects import Blocking, Call, Progress, Reply
from extract_bridge.client.flows.keywords import resolve_configuration
from extract_bridge.client.flows.request import Api
from extract_bridge.client.options import ExtractOptions
from extract_bridge.client.policy import PollPolicy, RetryPolicy

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}


@dataclass
class Clock:
    elapsed: float = 0.0

    def monotonic(self) -> float:
        return self.elapsed

    def now(self) -> float:
        return 1_000_000.0 + self.elapsed


@dataclass
class Service:
    """Jobs that take their time.

    Attributes:
        seconds: How long the n-th job takes.
        filters: Lists obey `job_ids`.
        hidden: Job ids that no list shows.
        allows: Whether a request is taken now, or is one too many.
        answers: Instead of all that: an answer to a request, or None for the usual one.
    """

    clock: Clock
    seconds: Callable[[int], float] = lambda _: 1.0
    filters: bool = True
    hidden: set[str] = field(default_factory=set)
    allows: Callable[[float], bool] = lambda _: True
    answers: Callable[[Call], Reply | BaseException | None] = lambda _: None
    born: dict[str, float] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)
    read_at: dict[str, float] = field(default_factory=dict)
    refused: list[float] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    creates: Counter[str] = field(default_factory=Counter)

    def ends(self, job_id: str) -> float:
        return self.born[job_id] + self.seconds(int(job_id[4:]))

    def __call__(self, call: Call) -> Reply | BaseException:
        now = self.clock.elapsed
        if not self.allows(now):
            self.refused.append(now)
            return reply(429, {"detail": "Rate limit exceeded"})
        self.taken.append(now)
        if (answer := self.answers(call)) is not None:
            return answer
        path = call.path.removeprefix("/api/v2/extract").strip("/")
        if call.parts is not None:
            self.asked["upload"] += 1
            parts = call.parts()
            return reply(
                201, {"id": f"dfl-{self.asked['upload']}", "external_file_id": parts["external_file_id"]}
            )
        if path.endswith("/cancel"):
            self.cancelled.add(path.removesuffix("/cancel"))
            return reply(200, self.job(path.removesuffix("/cancel")))
        if call.method == "POST":
            job_id = f"ext-{self.asked['create']}"
            self.asked["create"] += 1
            self.creates[call.json["file_input"]] += 1  # type: ignore[index]
            self.born[job_id] = now
            return reply(200, self.job(job_id))
        if path:
            full = any(name == "expand" for name, _ in call.query)
            self.asked["read" if full else "get"] += 1
            if full:
                self.read_at[path] = now
            return reply(200, self.job(unquote(path), full=full)) if path in self.born else reply(404, {})
        self.asked["list"] += 1
        wanted = [value for name, value in call.query if name == "job_ids"]
        shown = wanted if self.filters else list(self.born)[-3:]
        return reply(
            200,
            {"items": [self.job(item) for item in shown if item not in self.hidden], "next_page_token": None},
        )

    def job(self, job_id: str, *, full: bool = False) -> dict[str, Any]:
        done = self.clock.elapsed >= self.ends(job_id)
        status = "CANCELLED" if job_id in self.cancelled else "COMPLETED" if done else "RUNNING"
        result = {"number": job_id} if full and done else None
        return {"id": job_id, "status": status, "extract_result": result}


def reply(status: int, body: Any) -> Reply:
    return Reply(status, {}, json.dumps(body).encode())


class World:
    """Plays threads, loop and service to a scheduler.

    Attributes:
        found: What was handed back, in order.
        most: The most that were under way at one time: `busy` effects, `uploads`, `alive` documents.
    """

    def __init__(
        self,
        *,
        at_once: int = 4,
        workers: int = 10,
        uploads: int = 4,
        latency: float = 0.02,
        rate_limit: float | None = None,
        told: bool = False,
        timeout: float = 1800.0,
        retry: RetryPolicy | None = None,
        poll: PollPolicy | None = None,
        **service: Any,
    ) -> None:
        self.clock = Clock()
        self.service = Service(self.clock, **service)
        self.latency = latency
        self.api = replace(
            Api(
                "cloud",
                self.clock,
                retry or RetryPolicy(),
                poll or PollPolicy(),
                new_id=map(str, count()).__next__,
            ),
            scheduled=True,
        )
        self.limiter = Limiter(rate_limit)
        self.scheduler = Scheduler(
            self.api, self.limiter, at_once=at_once, workers=workers, uploads=uploads, told=told
        )
        options = ExtractOptions(data_schema=SCHEMA)
        resolved = resolve_configuration(**options.configuration_keywords())
        self.work = Work(options, resolved, timeout, None, at_once, False, "yield")
        self.found: list[Extraction] = []
        self.faults: list[BaseException] = []
        self.dropped = 0
        self.rooms = 0
        self.busy: dict[int, Any] = {}
        self.most = Counter[str]()
        self._coming: list[tuple[float, int, Event]] = []
        self._order = count()
        self._numbers = count()
        self._orders = self.scheduler.run()
        self._event: Event | None = None
        self.waiting = True

    def hand_in(self, document: Any) -> int:
        index = next(self._numbers)
        flow = extraction_of(self.api, self.work, index, document, float("inf"))
        self.tell(Given(index, flow, self.work.timeout))
        return index

    def tell(self, event: Event, after: float = 0.0) -> None:
        heapq.heappush(self._coming, (self.clock.elapsed + after, next(self._order), event))

    def step(self) -> bool:
        """One order; False where the scheduler has ended."""
        try:
            order = self._orders.send(self._event)
        except StopIteration:
            self.waiting = False
            return False
        self._event = None
        match order:
            case Start(number, effect):
                self._start(number, effect)
            case Next(timeout):
                self._wait(timeout)
            case Done(result=result, error=error):
                self.found.append(result) if error is None else self.faults.append(error)
            case Room():
                self.rooms += 1
            case Dropped(flows):
                self.dropped += flows
        return True

    def play(
        self, documents: int = 0, *, until: Callable[[], bool] | None = None, orders: int = 1_000_000
    ) -> list[Extraction]:
        """Go on until all documents are back."""
        for number in range(documents):
            self.hand_in((f"note-{number}.txt", b"x"))
        for _ in range(orders):
            if (until or (lambda: len(self.found) + len(self.faults) >= documents))() or not self.step():
                return self.found
        raise AssertionError("the scheduler goes round in circles")

    def _start(self, number: int, effect: Any) -> None:
        assert number not in self.busy
        self.busy[number] = effect
        uploads = sum(isinstance(item, Call) and item.parts is not None for item in self.busy.values())
        self.most["busy"] = max(self.most["busy"], len(self.busy))
        self.most["uploads"] = max(self.most["uploads"], uploads)
        match effect:
            case Call():
                answer = self.service(effect)
                said = (
                    Report(number, error=answer)
                    if isinstance(answer, BaseException)
                    else Report(number, answer)
                )
                self.tell(said, self.latency)
            case Blocking(function):
                try:
                    self.tell(Report(number, function()))
                except Exception as error:  # noqa: BLE001 - thrown into the flow
                    self.tell(Report(number, error=error))
            case Progress(event):
                self.tell(Report(number, event()))

    def _wait(self, timeout: float | None) -> None:
        until = float("inf") if timeout is None else self.clock.elapsed + timeout
        if self._coming and self._coming[0][0] <= until:
            at, _, self._event = heapq.heappop(self._coming)
            self.clock.elapsed = max(self.clock.elapsed, at)
            if isinstance(self._event, Report):
                del self.busy[self._event.number]
            return
        assert until < float("inf"), "it waits for ever"
        self.clock.elapsed = until


@pytest.fixture
def world() -> type[World]:
    """Makes worlds."""
    return World


def numbers(found: Iterable[Extraction]) -> list[int]:
    return [item.index for item in found]
