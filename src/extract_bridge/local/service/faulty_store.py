"""A store whose jobs meet the fates that were drawn for them: hidden from lists for a while, stuck, or failing."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from extract_bridge.local.service.faults import FATE

if TYPE_CHECKING:
    from extract_bridge.local.service.store import JobQuery, JobStore, Lease, StoredJob

FAILED_BY_FAULT = "engine_error: the job failed (injected fault: fail)"
_ENDING = "injected_fault"
_STUCK_SECONDS = 365 * 24 * 3600.0


class FaultyStore:
    """Stands before a store and passes on everything that no fault concerns.

    Args:
        store: The true one.
    """

    def __init__(self, store: JobStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._hidden: dict[str, float] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def add_job(self, job: StoredJob, *others: Any, **more: Any) -> Any:
        """Accept a job, its fate with it."""
        fate = FATE.get()
        if fate is not None and fate.hidden:
            with self._lock:
                self._hidden[job.id] = time.monotonic() + fate.hidden
        if fate is not None and fate.ending:
            job = replace(job, extra={**job.extra, _ENDING: fate.ending})
        return self._store.add_job(job, *others, **more)

    def list_jobs(self, query: JobQuery) -> list[StoredJob]:
        """One page of the jobs that can be seen by now."""
        hidden = self._still_hidden()
        if not hidden:
            return self._store.list_jobs(query)
        found = self._store.list_jobs(replace(query, page_size=query.page_size + len(hidden)))
        return [job for job in found if job.id not in hidden][: query.page_size]

    def claim(self, *, now: float, lease_seconds: float) -> Lease | None:
        """The next job that ends by itself."""
        while (lease := self._store.claim(now=now, lease_seconds=lease_seconds)) is not None:
            ending = lease.job.extra.get(_ENDING)
            if ending is None:
                break
            if ending == "fail":
                self._store.fail(lease, error_message=FAILED_BY_FAULT)
            else:
                self._store.heartbeat(lease, until=now + _STUCK_SECONDS)
        return lease

    def _still_hidden(self) -> frozenset[str]:
        with self._lock:
            now = time.monotonic()
            for job_id in [job_id for job_id, until in self._hidden.items() if until <= now]:
                del self._hidden[job_id]
            return frozenset(self._hidden)


def faulty(store: JobStore) -> JobStore:
    """The store, open to the fates of its jobs."""
    return cast("JobStore", FaultyStore(store))
