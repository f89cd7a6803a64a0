"""When to look at a job: learned from how long jobs took.

A look costs a request, waiting costs the caller's time. With a hazard h (the chance that a job ends within the next second, given that it
has not yet), looks as dense as sqrt(h) give the least delay for a number of looks: few while a job is surely too young, many when most
jobs of its kind end. So the next look is when the integral of sqrt(h) from now on reaches a fixed weight: what h is now says nothing of a
job that is about to come of age. One list tells of many jobs, so there h is the sum of theirs. Where most of them have ended, there is
nothing more to wait for: jobs that all take about as long are looked at right after that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter, deque
from datetime import datetime
from itertools import accumulate
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extract_bridge.client.policy import PollPolicy
    from extract_bridge.core.wire.jobs import ExtractV2Job

_MOST = 400  # durations that are remembered: services change their pace
_FEWEST = 8  # durations before they count for more than the policy
_WEIGHT = 1.1  # times sqrt(policy.first), of the integral: about as many looks as the official SDK takes at a job of 15 s
_SHORTEST = 0.55  # of the policy's first pause
_MOSTLY = 0.8  # of the jobs
_STEP = 0.5  # of the shortest pause: the integral's first step
_GROWTH = 1.15  # from step to step
_WIDTH = 0.3  # of an age: jobs that ended within so much of it say what the hazard is there


class Durations:
    """How long jobs of a service took, in seconds; the newest count. Threads may share it."""

    def __init__(self) -> None:
        self._newest: deque[float] = deque()
        self._sorted: list[float] = []
        self._sums: list[float] | None = None
        self._hazards: dict[tuple[float, float], float] = {}

    def __len__(self) -> int:
        return len(self._sorted)

    @property
    def are_known(self) -> bool:
        """Whether there are enough of them to go by."""
        return len(self._sorted) >= _FEWEST

    def add(self, seconds: float) -> None:
        """A job took so long."""
        newest, kept = self._newest, list(self._sorted)  # readers keep the list that they hold
        if len(newest) >= _MOST:
            del kept[bisect_left(kept, newest.popleft())]
        newest.append(seconds)
        insort(kept, seconds)
        self._sorted, self._sums, self._hazards = kept, None, {}

    def hazard(self, age: float, unknown: float) -> float:
        """The chance that a job of that age ends within a second.

        Args:
            age: Seconds since it was made.
            unknown: What it is where nothing is known; it counts like one second of watching.
        """
        hazards = self._hazards
        if (hazard := hazards.get((age, unknown))) is None:
            hazard = hazards[age, unknown] = self._counted(age, unknown)
        return hazard

    def likely_end(self, age: float) -> float:
        """How old most jobs of that age are when they end, in seconds; infinite where too few are known that grew older."""
        known = self._sorted
        younger = bisect_right(known, age)
        older = len(known) - younger
        return known[younger + int(_MOSTLY * older)] if older >= _FEWEST else float("inf")

    def _counted(self, age: float, unknown: float) -> float:
        known = self._sorted
        low, high = age * (1 - _WIDTH / 2), age * (1 + _WIDTH / 2) + 0.01
        first, last = bisect_left(known, low), bisect_right(known, high)
        sums = self._sums
        if sums is None or len(sums) != len(known) + 1:
            sums = self._sums = list(accumulate(known, initial=0.0))
        within = sums[last] - sums[first] - low * (last - first)
        watched = within + (high - low) * (len(known) - last)
        weight = min(1.0, high - low)
        return (last - first + weight * unknown) / (watched + weight)


def pause(policy: PollPolicy, durations: Durations, ages: Iterable[float]) -> float:
    """Seconds until the next look.

    Args:
        policy: Its longest pause holds, and about half of its first is the shortest.
        durations: How long jobs took.
        ages: Seconds since each of the jobs was made that the look tells of.
    """
    alike = Counter(float(f"{age:.2g}") for age in ages).items()
    shortest = policy.first * _SHORTEST
    longest = min(
        policy.most, max((durations.likely_end(age) - age for age, _ in alike), default=policy.most)
    )
    left, wait, step = _WEIGHT * sqrt(policy.first), 0.0, shortest * _STEP
    while left > 0 and wait < longest:
        ahead = wait + step / 2
        density = sqrt(sum(jobs * _hazard(policy, durations, age + ahead) for age, jobs in alike))
        left -= density * step
        wait += step if left >= 0 else step + left / density
        step *= _GROWTH
    return min(max(min(wait, longest), shortest), policy.most)


def _hazard(policy: PollPolicy, durations: Durations, age: float) -> float:
    """Where nothing is known, the younger a job is the likelier it ends."""
    return durations.hazard(age, 1 / (age + 2 * policy.first))


def seconds_of(job: ExtractV2Job, seen: float, still_open: float = 0.0) -> float:
    """How long a final job took, by the service's own clock; where that cannot be, half way between two looks.

    Taken for the time of the second look, jobs that end quickly would count as long ones, and be looked at late for good.

    Args:
        job: The job.
        seen: Seconds after its create, when it was seen to be final.
        still_open: When it was last seen to be open; 0 for never.
    """
    try:
        began = datetime.fromisoformat(job.created_at or "")
        ended = datetime.fromisoformat(job.updated_at or "")
        took = (ended - began).total_seconds()
    except (ValueError, TypeError):
        took = 0.0
    return took if 0 < took <= seen else (still_open + seen) / 2
