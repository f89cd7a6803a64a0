"""How far a call with many documents has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.core.pricing import billed_credits

if TYPE_CHECKING:
    from collections.abc import Callable

    from extract_bridge.bulk.extraction import Extraction
    from extract_bridge.bulk.limiter import Limiter


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a call stands; for `on_progress`.

    Attributes:
        done: Documents that are finished, failed ones among them.
        failed: Documents that came to nothing.
        running: Documents that are handed out and not finished.
        total: How many there are; None while that is unknown.
        pages: Pages that were extracted, as far as the service says.
        credits: What the finished jobs cost, as far as the service says.
        seconds: Since the call began.
        refused: Requests that the service refused for being too many; they were sent again.
        request_rate: Requests a second that are sent at most; None where nothing holds them back.
    """

    done: int
    failed: int
    running: int
    total: int | None
    pages: int
    credits: float
    seconds: float
    refused: int = 0
    request_rate: float | None = None

    @property
    def rate(self) -> float:
        """Documents a second, on average."""
        return self.done / self.seconds if self.seconds > 0 else 0.0

    @property
    def eta(self) -> float | None:
        """Seconds until all are done at this rate; None where nobody can say."""
        if self.total is None or self.done == 0:
            return None
        return max(self.total - self.done, 0) / self.rate if self.rate else None


class Tally:
    """Counts what is finished.

    Args:
        clock: Seconds that only grow.
        limiter: What it learned is part of the progress.
        total: How many documents there are, if that is known.
    """

    def __init__(self, clock: Callable[[], float], limiter: Limiter, total: int | None) -> None:
        self.total = total
        self._clock, self._limiter, self._began = clock, limiter, clock()
        self._done = self._failed = self._pages = 0
        self._credits = 0.0

    def add(self, extraction: Extraction) -> None:
        """One more is finished."""
        self._done += 1
        self._failed += extraction.error is not None
        job = extraction.job
        if job is None:
            return
        usage = job.metadata.usage if job.metadata is not None else None
        self._pages += int(usage.num_pages_extracted or 0) if usage is not None else 0
        self._credits += billed_credits(job) or 0.0

    def progress(self, running: int) -> Progress:
        """Where the call stands."""
        return Progress(
            done=self._done,
            failed=self._failed,
            running=running,
            total=self.total,
            pages=self._pages,
            credits=self._credits,
            seconds=self._clock() - self._began,
            refused=self._limiter.refusals,
            request_rate=self._limiter.rate,
        )
