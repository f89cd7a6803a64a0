"""What a run has come to so far."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract_bridge.core.pricing import billed_credits

if TYPE_CHECKING:
    from extract_bridge.bulk import Extraction


@dataclass(slots=True)
class Tally:
    """Counts of a run.

    Attributes:
        documents: All there are.
        read: That were read.
        failed: That were not.
        records: That were written.
        pages: That the service read, as far as it says.
        credits: That the service counted for them, as far as it says; the local service bills nothing.
        reused: Those that the ledger had, at no cost.
        worked: Those that had a job of their own.
    """

    documents: int
    read: int = 0
    failed: int = 0
    records: int = 0
    pages: int = 0
    credits: float = 0.0
    reused: int = 0
    worked: int = 0
    _began: float = field(default_factory=time.monotonic)

    @property
    def finished(self) -> int:
        """Documents that came to an end, good or bad."""
        return self.read + self.failed

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self._began

    @property
    def left(self) -> int:
        """Documents that are still to come."""
        return self.documents - self.finished

    @property
    def rate(self) -> float | None:
        """Documents a second that had a job of their own; None while nobody can say."""
        return self.worked / self.seconds if self.worked and self.seconds else None

    def add(self, done: Extraction, records: int) -> None:
        """One more document, of which so many records were written."""
        if done.error is not None:
            self.failed += 1
        else:
            self.read += 1
            self.records += records
        if is_reused(done):
            self.reused += 1
            return
        self.worked += done.job is not None
        self.pages += pages_of(done) or 0
        self.credits += credits_of(done) or 0.0


def pages_of(done: Extraction) -> int | None:
    """Pages that were read; None where nobody says."""
    usage = done.job.metadata.usage if done.job is not None and done.job.metadata is not None else None
    pages = usage.num_pages_extracted if usage is not None else None
    return None if pages is None else int(pages)


def credits_of(done: Extraction) -> float | None:
    """Credits that the service counted; None where nobody says."""
    return billed_credits(done.job) if done.job is not None else None


def is_reused(done: Extraction) -> bool:
    """Whether the ledger had it: nothing was paid for it here."""
    origin = done.job.origin if done.job is not None else None
    return origin is not None and origin.reused
