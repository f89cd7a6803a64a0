"""Which jobs to ask for, and when: one list for up to a hundred, a read of its own for a job that no list shows.

A pure calculation with the scheduler's clock; what it wants to know comes back to it in `seen`.
"""

from __future__ import annotations

import heapq
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from extract_bridge.client.flows.jobs import get
from extract_bridge.client.flows.schedule import pause, seconds_of
from extract_bridge.client.flows.watch import AT_ONCE, listed
from extract_bridge.core.errors import APIError, APIStatusError, NotSentError, UnansweredError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from extract_bridge.client.effects import AwaitJob, Flow
    from extract_bridge.client.flows.request import Api
    from extract_bridge.core.wire.jobs import ExtractV2Job

_PATIENT = 12.0  # times longer between looks where webhooks tell; they may get lost
_MISSED = 3  # lists that do not show a job before it is always read by itself
_FAILURES = 2  # lists that fail in a row before their error is the jobs' own
_TOLD = 10_000
_AT_A_TIME = 4  # looks under way: more would only queue up where the service is slow
_UNTOLD = object()


@dataclass(slots=True)
class Look:
    """What a look saw.

    Attributes:
        asked: Ids of the jobs that it asked for.
        found: The jobs that were shown.
        error: Why the others were not, if that is known.
        was_list: It was a list.
    """

    asked: list[str]
    found: dict[str, ExtractV2Job]
    error: APIError | None = None
    was_list: bool = True


@dataclass(slots=True)
class _Job:
    """One job that is waited for.

    Attributes:
        since: When it was first waited for.
        waiting: Who waits until when, and whether each look is told.
        open_at: How old it was when it was last seen to be open.
        missed: Lists that did not show it.
        is_out: A look that asks for it is under way.
    """

    since: float
    waiting: dict[Hashable, tuple[float, bool]] = field(default_factory=dict)
    open_at: float = 0.0
    missed: int = 0
    is_out: bool = False


class Watching:
    """Jobs that are waited for.

    Args:
        api: The service.
        told: Webhooks tell of most ends; looks are a safety net.
    """

    def __init__(self, api: Api, *, told: bool = False) -> None:
        self._api = api
        self._patience = _PATIENT if told else 1.0
        self._told: OrderedDict[str, None] = OrderedDict()
        self._jobs: dict[str, _Job] = {}
        self._due: list[tuple[float, int, str]] = []
        self._ends: list[tuple[float, int, str, Any]] = []
        self._timed: set[Hashable] = set()
        self._numbers = count()
        self._out = 0
        self._lists = True
        self._failures = 0

    def __len__(self) -> int:
        return len(self._jobs)

    def add(self, waiter: Any, effect: AwaitJob, now: float) -> bool:
        """Wait for a job; False where its end is known already."""
        if self._told.pop(effect.job_id, _UNTOLD) is None:
            return False
        job = self._jobs.get(effect.job_id)
        if job is None:
            job = self._jobs[effect.job_id] = _Job(now)
            self._plan(effect.job_id, now, self._pause([job], now))  # unless a list of others comes first
        end = now + effect.timeout
        job.waiting[waiter] = (end, effect.each)
        if waiter not in self._timed and end < float("inf"):
            self._timed.add(waiter)
            heapq.heappush(self._ends, (end, next(self._numbers), effect.job_id, waiter))
        return True

    def forget(self, waiter: Hashable, job_id: str) -> None:
        """Somebody waits no more."""
        if (job := self._jobs.get(job_id)) is not None:
            job.waiting.pop(waiter, None)

    def tell(self, job_id: str) -> list[Any]:
        """A webhook told that a job has ended; who waits for it."""
        job = self._jobs.pop(job_id, None)
        if job is None:
            self._told[job_id] = None
            if len(self._told) > _TOLD:
                self._told.popitem(last=False)
            return []
        return list(job.waiting)

    def expired(self, now: float) -> Iterator[Any]:
        """Whose time is up."""
        while self._ends and self._ends[0][0] <= now:
            _, _, job_id, waiter = heapq.heappop(self._ends)
            self._timed.discard(waiter)
            job = self._jobs.get(job_id)
            if job is not None and waiter in job.waiting:
                del job.waiting[waiter]
                yield waiter

    def due(self) -> float | None:
        """When something is to be done next: a look, or somebody's time is up."""
        times = [self._ends[0][0]] if self._ends else []
        if self._due and self._out < _AT_A_TIME:
            times.append(self._due[0][0])
        return min(times, default=None)

    def look(self, now: float) -> Flow[Look] | None:
        """The next look, if it is time for one."""
        if self._out >= _AT_A_TIME:
            return None
        chosen: list[str] = []
        while self._due and len(chosen) < AT_ONCE:
            if not chosen and self._due[0][0] > now:
                return None
            job_id = self._due[0][2]
            job = self._jobs.get(job_id)
            if job is not None and job.waiting and not job.is_out:
                alone = self._is_alone(job)
                if alone and chosen:
                    break
                chosen.append(job_id)
                job.is_out = True
                if alone:
                    heapq.heappop(self._due)
                    break
            elif job is not None and not job.waiting:
                del self._jobs[job_id]
            heapq.heappop(self._due)
        if not chosen:
            return None
        self._out += 1
        return self._read(chosen[0]) if len(chosen) == 1 else self._list(chosen)

    def seen(self, look: Look, now: float) -> list[tuple[Any, ExtractV2Job | None, APIError | None]]:
        """A look is over.

        Returns:
            Who is to be told what: the job, or why it cannot be read.
        """
        self._out -= 1
        told: list[tuple[Any, ExtractV2Job | None, APIError | None]] = []
        given_up = self._judge(look)
        going_on: list[tuple[str, _Job]] = []
        for job_id in look.asked:
            job = self._jobs.get(job_id)
            if job is None:
                continue
            job.is_out = False
            found = look.found.get(job_id)
            if found is not None and found.is_final:
                self._api.memory.durations.add(seconds_of(found, now - job.since, job.open_at))
                told += [(waiter, found, None) for waiter in job.waiting]
                del self._jobs[job_id]
            elif found is None and given_up:
                told += [(waiter, None, look.error) for waiter in job.waiting]
                del self._jobs[job_id]
            else:
                job.open_at = now - job.since if found is not None else job.open_at
                job.missed = 0 if found is not None and look.was_list else job.missed + (found is None)
                told += self._informed(job, found)
                going_on.append((job_id, job))
        together = self._pause([job for _, job in going_on if not self._is_alone(job)], now)
        for job_id, job in going_on:
            self._plan(job_id, now, self._pause([job], now) if self._is_alone(job) else together)
        return told

    def _informed(
        self, job: _Job, found: ExtractV2Job | None
    ) -> list[tuple[Any, ExtractV2Job | None, APIError | None]]:
        """Those who want to know of each look; they come back to wait."""
        if found is None:
            return []
        curious = [waiter for waiter, (_, each) in job.waiting.items() if each]
        for waiter in curious:
            del job.waiting[waiter]
        return [(waiter, found, None) for waiter in curious]

    def _judge(self, look: Look) -> bool:
        """Whether a look's failure is its jobs' failure; a service whose lists are of no use is not asked for them again."""
        error = look.error
        if not look.was_list:
            return error is not None
        if error is None:
            self._failures = 0
            return False
        passing = isinstance(error, (NotSentError, UnansweredError)) or (
            isinstance(error, APIStatusError) and (error.status >= 500 or error.status in (408, 429))
        )
        self._lists = self._lists and passing
        self._failures += passing
        return passing and self._failures >= _FAILURES

    def _plan(self, job_id: str, now: float, wait: float) -> None:
        """Say when to look at a job next."""
        heapq.heappush(self._due, (now + wait * self._patience, next(self._numbers), job_id))

    def _pause(self, jobs: list[_Job], now: float) -> float:
        """Seconds until the next look at jobs that it tells of together."""
        return pause(self._api.poll, self._api.memory.durations, [now - job.since for job in jobs])

    def _is_alone(self, job: _Job) -> bool:
        """Whether a job is read by itself, for no list shows it."""
        return not self._lists or job.missed >= _MISSED

    def _read(self, job_id: str) -> Flow[Look]:
        try:
            return Look([job_id], {job_id: (yield from get(self._api, job_id, expand=()))}, was_list=False)
        except APIError as error:
            return Look([job_id], {}, error, was_list=False)

    def _list(self, asked: list[str]) -> Flow[Look]:
        try:
            return Look(asked, (yield from listed(self._api, asked)))
        except APIError as error:
            return Look(asked, {}, error)
