"""The states of an extract job."""

from __future__ import annotations

from enum import StrEnum


class JobStatus(StrEnum):
    """The states of a job that are known today; `job.status` may be a later one, which counts as not final."""

    PENDING = "PENDING"
    THROTTLED = "THROTTLED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


FINAL = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED})
