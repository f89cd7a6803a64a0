"""What the service keeps, and what any store of it must do.

A store is called from worker threads, never from the event loop; every method is one transaction. A job's life:

    PENDING --claim--> RUNNING --complete--> COMPLETED
                          |-----fail------> FAILED
    PENDING | RUNNING --cancel--> CANCELLED

A claimed job carries a lease (token, attempt and deadline). `heartbeat`, `complete`, `fail` and `release` do nothing and say False
when token and attempt are no longer the job's: its lease ran out and another claim won, or it was cancelled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One uploaded file; `path` is the service's own and never shown."""

    id: str
    name: str
    project_id: str
    path: str
    size: int
    sha256: str
    purpose: str
    external_file_id: str | None
    media_type: str
    created_at: str
    expires_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredJob:
    """One extract job; `result` and `field_metadata` are JSON text as it will be sent, None until COMPLETED."""

    id: str
    project_id: str
    file_input: str
    configuration: dict[str, Any]
    configuration_id: str | None = None
    status: str = "PENDING"
    error_message: str | None = None
    created_at: str = ""
    updated_at: str = ""
    attempts: int = 0
    result: str | None = None
    field_metadata: str | None = None
    pages: int | None = None
    words: int | None = None
    output_words: int | None = None
    warnings: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to work on a job until `until` (seconds since the epoch)."""

    job: StoredJob
    token: str
    until: float


Observer: TypeAlias = "Callable[[sqlite3.Connection, StoredJob], None]"
"""Called inside the transaction that added a job or changed its status, with the job as it is then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """The answer to a create with an `Idempotency-Key`, kept until `expires_at`.

    `scope` stands for project, method, path and key; `fingerprint` for the body.
    """

    scope: str
    fingerprint: str
    job_id: str
    answer: str
    expires_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What was forgotten because its time was over; `paths` are the files' names in their folder, whose bytes may go now."""

    paths: tuple[str, ...] = ()
    jobs: int = 0
    answers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class JobQuery:
    """Which jobs to list, newest first; None and empty are no filter. Extract jobs, or parse jobs."""

    parse_jobs: bool = False
    project_id: str | None = None
    organization_id: str | None = None
    status: str | None = None
    configuration_id: str | None = None
    file_input: str | None = None
    job_ids: Sequence[str] = ()
    created_at_on_or_after: str | None = None
    created_at_on_or_before: str | None = None
    page_size: int = 50
    file_input_is_parse_job: bool | None = None
    after: tuple[str, str] | None = None
    """Keyset: (created_at, id) of the last job of the page before."""


class JobStore(Protocol):
    """Files and jobs, durable."""

    def add_file(self, file: StoredFile) -> None:
        """Keep a file's row; its bytes are already on disk."""
        ...

    def get_file(self, file_id: str) -> StoredFile | None:
        """The file, or None."""
        ...

    def list_files(
        self, *, external_file_id: str | None = None, file_name: str | None = None
    ) -> list[StoredFile]:
        """Files, newest first."""
        ...

    def delete_file(self, file_id: str) -> bool:
        """Forget a file; False where there was none."""
        ...

    def add_job(self, job: StoredJob, *, kept: KeptAnswer | None = None) -> KeptAnswer | None:
        """Accept a job, and keep its answer with it: durable when this returns.

        Returns:
            None, or the answer that is already kept for the scope: then nothing was added.
        """
        ...

    def kept_answer(self, scope: str) -> KeptAnswer | None:
        """The answer in force for a scope, or None."""
        ...

    def get_job(self, job_id: str) -> StoredJob | None:
        """The job, or None."""
        ...

    def list_jobs(self, query: JobQuery) -> list[StoredJob]:
        """One page of jobs, newest first."""
        ...

    def claim(self, *, now: float, lease_seconds: float) -> Lease | None:
        """Take the oldest job that waits, or whose lease has run out."""
        ...

    def heartbeat(self, lease: Lease, *, until: float) -> bool:
        """Keep a lease alive."""
        ...

    def release(self, lease: Lease) -> bool:
        """Give a job back unharmed (the service stops)."""
        ...

    def complete(
        self,
        lease: Lease,
        *,
        result: str,
        field_metadata: str,
        pages: int,
        warnings: tuple[str, ...],
        words: int | None = None,
        output_words: int | None = None,
    ) -> bool:
        """RUNNING -> COMPLETED, with its answer, in one transaction."""
        ...

    def fail(self, lease: Lease, *, error_message: str) -> bool:
        """RUNNING -> FAILED."""
        ...

    def take_back(self) -> int:
        """RUNNING -> PENDING for every job; only for the one service that lives. How many there were."""
        ...

    def count_open(self, *, at_most: int) -> int:
        """How many jobs are PENDING or RUNNING, counted no further than `at_most`."""
        ...

    def purge(self, *, now: str, jobs_before: str) -> Purged:
        """Forget files and kept answers whose time is over at `now`, and final jobs last changed before `jobs_before`.

        A file that an open job needs stays.
        """
        ...

    def file_paths(self) -> frozenset[str]:
        """The names of all files' bytes in their folder."""
        ...

    def cancel(self, job_id: str) -> StoredJob | None:
        """PENDING or RUNNING -> CANCELLED; the job as it is then (unchanged if it was final), or None."""
        ...

    def delete_job(self, job_id: str) -> bool:
        """Forget a job; False where there was none."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...
