"""What parse jobs have read. A parse job itself is a row of the jobs, with an id that begins `pjb-`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract_bridge.local.service.store import StoredJob
    from extract_bridge.sqlite import Database


class ParseStore:
    """Readings in the service's database; each goes with its job.

    Args:
        database: The service's.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def reading(self, job_id: str) -> str | None:
        """What a parse job has read, or None."""
        row = (
            self._database.connection()
            .execute("SELECT reading FROM readings WHERE job_id = ?", (job_id,))
            .fetchone()
        )
        return None if row is None else str(row[0])

    def keep(self, job_id: str, reading: str) -> None:
        """Keep what a parse job has read; a job that was deleted meanwhile has no use for it."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO readings (job_id, reading) SELECT id, ?2 FROM jobs WHERE id = ?1"
                " ON CONFLICT (job_id) DO UPDATE SET reading = excluded.reading",
                (job_id, reading),
            )

    def add_finished(self, job: StoredJob, reading: str) -> None:
        """Keep a parse job that was done in the course of an extract job; done twice, it is kept once.

        Args:
            job: The parse job; its `pages`, `words` and `warnings` are kept, its status becomes COMPLETED.
            reading: What it has read.
        """
        with self._database.write() as connection:
            connection.execute("DELETE FROM jobs WHERE id = ?", (job.id,))
            connection.execute(
                "INSERT INTO jobs (id, project_id, file_input, configuration, configuration_id, status, created_at,"
                " updated_at, extra, pages, words, warnings, result, field_metadata)"
                " VALUES (?, ?, ?, ?, ?, 'COMPLETED', ?, ?, ?, ?, ?, ?, 'null', 'null')",
                (
                    job.id,
                    job.project_id,
                    job.file_input,
                    json.dumps(job.configuration),
                    job.configuration_id,
                    job.created_at,
                    job.updated_at,
                    json.dumps(job.extra),
                    job.pages,
                    job.words,
                    json.dumps(job.warnings),
                ),
            )
            connection.execute("INSERT INTO readings (job_id, reading) VALUES (?, ?)", (job.id, reading))
