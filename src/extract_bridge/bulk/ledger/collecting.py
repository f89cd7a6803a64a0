"""What the ledger owes: jobs that nobody waits for, and results that nobody was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bulk.extraction import Extraction
from extract_bridge.bulk.ledger.entries import job_as, records_as, sources_of
from extract_bridge.bulk.ledger.visit import LedgerVisit
from extract_bridge.core.errors import ExtractError, JobCancelledError, JobError, JobFailedError
from extract_bridge.core.wire.jobs import JobStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.bulk.ledger.ledger import Ledger
    from extract_bridge.core.records.model import ExtractedRecord
    from extract_bridge.core.wire.jobs import ExtractV2Job


class Collectable:
    """What one ledger owes of one service.

    Args:
        ledger: The ledger.
        address: The service's.
    """

    def __init__(self, ledger: Ledger, address: str) -> None:
        self._shelf, self._accounts = ledger._shelf, ledger._accounts  # noqa: SLF001 - one thing
        self._address = address

    def doubtful(self) -> list[str]:
        """Attempts whose create may have been carried out, with a file of their own and nobody at them."""
        return [row["id"] for row in self._left("sending") if row["own"]]

    def running(self) -> list[str]:
        """Jobs that nobody waits for."""
        return list(dict.fromkeys(row["job_id"] for row in self._left("sent")))

    def file_of(self, attempt_id: str) -> str:
        """The file of an attempt."""
        with self._shelf.read() as connection:
            row = connection.execute("SELECT file_input FROM attempts WHERE id = ?", (attempt_id,)).fetchone()
        return str(row["file_input"])

    def found(self, attempt_id: str, job: ExtractV2Job) -> None:
        """The job of a doubtful attempt."""
        self._visit(attempt_id).created(job, sends=1)

    def finish(self, job: ExtractV2Job) -> None:
        """A job that ended: kept before it is given."""
        with self._shelf.read() as connection:
            rows = connection.execute(
                "SELECT id FROM attempts WHERE job_id = ? AND state = 'sent'", (job.id,)
            ).fetchall()
        for row in rows:
            visit = self._visit(row["id"])
            visit.promise()
            visit.finished(job)

    def give(self, numbers: Iterator[int]) -> Iterator[Extraction]:
        """Every result that is owed; it counts as given when the next is asked for."""
        with self._shelf.read() as connection:
            owed = connection.execute(
                "SELECT id FROM attempts WHERE owed > 0 AND state = 'final' AND address = ? ORDER BY seq",
                (self._address,),
            ).fetchall()
        for row in owed:
            yield from self._extractions(row["id"], numbers)
            self._visit(row["id"]).given()

    def _extractions(self, attempt_id: str, numbers: Iterator[int]) -> list[Extraction]:
        with self._shelf.read() as connection:
            row = connection.execute("SELECT * FROM attempts WHERE id = ?", (attempt_id,)).fetchone()
            found = []
            for source in sources_of(connection, attempt_id):
                job = job_as(connection, row, source)
                error: ExtractError | None = _error_of(job)
                records: list[ExtractedRecord] = []
                if error is None:
                    try:
                        records = records_as(connection, row, job, source)
                    except ExtractError as unreadable:
                        error = unreadable
                found.append(Extraction(next(numbers), source.source, job, records, error))
        return found

    def _left(self, state: str) -> list[dict[str, str]]:
        with self._shelf.read() as connection:
            rows = connection.execute(
                "SELECT * FROM attempts WHERE state = ? AND address = ? ORDER BY seq", (state, self._address)
            ).fetchall()
            return [
                dict(row)
                for row in rows
                if self._shelf.standing(connection, row["owner"], row["visit"]) == "nobody"
            ]

    def _visit(self, attempt_id: str) -> LedgerVisit:
        return LedgerVisit.to(self._shelf, self._accounts, attempt_id)


def _error_of(job: ExtractV2Job) -> JobError | None:
    if job.status == JobStatus.COMPLETED:
        return None
    name = job.origin.file_name if job.origin else None
    if job.status == JobStatus.CANCELLED:
        hint = "Submit the document again if it was not meant to be cancelled"
        return JobCancelledError(f"job {job.id} was cancelled", job=job, where=name, hint=hint)
    reason = (job.error_message or "the service gives no reason").rstrip(" .")
    hint = "Correct what the reason names, or submit it again with retry_failed=True"
    return JobFailedError(f"job {job.id} FAILED: {reason}", job=job, where=name, hint=hint)
