"""`JobStore` on one SQLite file."""

from __future__ import annotations

import json
import secrets
import sqlite3
from typing import TYPE_CHECKING, Any

from extract_bridge.local.service.clock import now_text
from extract_bridge.local.service.migrations import MIGRATIONS
from extract_bridge.local.service.store import (
    JobQuery,
    KeptAnswer,
    Lease,
    Observer,
    Purged,
    StoredFile,
    StoredJob,
)
from extract_bridge.sqlite import Database

if TYPE_CHECKING:
    from pathlib import Path

_CLAIMABLE = "(status = 'PENDING' OR (status = 'RUNNING' AND lease_until < :now))"
_HELD = "id = :id AND status = 'RUNNING' AND lease_token = :token AND attempts = :attempt"
_PURGED_AT_ONCE = 500  # so that no writer waits long
_PARSE_JOB = "substr(file_input, 1, 4) = 'pjb-'"
_IS_PARSE_JOB = "substr(id, 1, 4) = 'pjb-'"
_OF_ORGANIZATION = "project_id IN (SELECT projects.id FROM projects WHERE organization_id = ?)"


class SqliteJobStore:
    """Files and jobs in one SQLite file; see `JobStore` for what each method promises.

    Args:
        path: The database file.
        durable: False for a store that does not outlive its process.

    Attributes:
        database: The file itself, for modules that keep tables of their own in it (their steps go into `migrations.py`).
    """

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self.database = self._database = Database(path, MIGRATIONS, durable=durable)
        self._observers: list[Observer] = []

    def observe(self, observer: Observer) -> None:
        """Have `observer(connection, job)` called in the same transaction as every new job and every change of status.

        What it writes with that connection is committed with the change, or not at all; an error of it undoes the change. It must
        not wait for anything. Called for PENDING (new, or given back), RUNNING, COMPLETED, FAILED and CANCELLED.
        """
        self._observers.append(observer)

    # Files

    def add_file(self, file: StoredFile) -> None:
        """Keep a file's row; its bytes are already on disk."""
        with self._database.write(durable=True) as connection:
            connection.execute(
                "INSERT INTO files VALUES (:id, :name, :project_id, :path, :size, :sha256, :purpose, :external_file_id,"
                " :media_type, :created_at, :expires_at)",
                {name: getattr(file, name) for name in StoredFile.__slots__},
            )

    def get_file(self, file_id: str) -> StoredFile | None:
        """The file, or None."""
        row = self._database.connection().execute("SELECT * FROM files WHERE id = ?", (file_id,)).fetchone()
        return StoredFile(**row) if row else None

    def list_files(
        self, *, external_file_id: str | None = None, file_name: str | None = None
    ) -> list[StoredFile]:
        """Files, newest first."""
        rows = self._database.connection().execute(
            "SELECT * FROM files WHERE (?1 IS NULL OR external_file_id = ?1) AND (?2 IS NULL OR name = ?2)"
            " ORDER BY created_at DESC, id DESC",
            (external_file_id, file_name),
        )
        return [StoredFile(**row) for row in rows.fetchall()]

    def delete_file(self, file_id: str) -> bool:
        """Forget a file; False where there was none."""
        with self._database.write() as connection:
            return connection.execute("DELETE FROM files WHERE id = ?", (file_id,)).rowcount == 1

    # Jobs, as callers see them

    def add_job(self, job: StoredJob, *, kept: KeptAnswer | None = None) -> KeptAnswer | None:
        """Accept a job, and keep its answer with it: durable when this returns. See `JobStore`."""

        def accept(connection: sqlite3.Connection) -> KeptAnswer | None:
            if kept is not None:
                earlier = _find_kept(connection, kept.scope)
                if earlier is not None:
                    return earlier
                connection.execute(
                    "INSERT OR REPLACE INTO kept_answers VALUES (:scope, :fingerprint, :job_id, :answer, :expires_at)",
                    {name: getattr(kept, name) for name in KeptAnswer.__slots__},
                )
            connection.execute(_INSERT_JOB, _row_of(job))
            self._tell(connection, job.id)
            return None

        return self._database.write_together(accept)

    def kept_answer(self, scope: str) -> KeptAnswer | None:
        """The answer in force for a scope, or None."""
        return _find_kept(self._database.connection(), scope)

    def get_job(self, job_id: str) -> StoredJob | None:
        """The job, or None."""
        return _find(self._database.connection(), job_id)

    def list_jobs(self, query: JobQuery) -> list[StoredJob]:
        """One page of jobs, newest first."""
        where, values = _conditions(query)
        rows = self._database.connection().execute(
            f"SELECT * FROM jobs WHERE {where} ORDER BY created_at DESC, id DESC LIMIT ?",  # noqa: S608 -- our own words
            (*values, query.page_size),
        )
        return [_job(row) for row in rows.fetchall()]

    def cancel(self, job_id: str) -> StoredJob | None:
        """PENDING or RUNNING -> CANCELLED; the job as it is then (unchanged if it was final), or None."""
        with self._database.write(durable=True) as connection:
            changed = connection.execute(
                "UPDATE jobs SET status = 'CANCELLED', updated_at = ?, lease_token = NULL, lease_until = NULL"
                " WHERE id = ? AND status IN ('PENDING', 'RUNNING')",
                (now_text(), job_id),
            ).rowcount
            if changed:
                self._tell(connection, job_id)
            return _find(connection, job_id)

    def delete_job(self, job_id: str) -> bool:
        """Forget a job; False where there was none."""
        with self._database.write() as connection:
            return connection.execute("DELETE FROM jobs WHERE id = ?", (job_id,)).rowcount == 1

    # Jobs, as the dispatcher sees them

    def claim(self, *, now: float, lease_seconds: float) -> Lease | None:
        """Take the oldest job that waits, or whose lease has run out."""
        values: dict[str, Any] = {
            "now": now,
            "token": secrets.token_hex(16),
            "until": now + lease_seconds,
            "at": now_text(),
        }
        oldest = f"SELECT id FROM jobs WHERE status IN ('PENDING', 'RUNNING') AND {_CLAIMABLE} ORDER BY number LIMIT 1"  # noqa: S608
        if self._database.connection().execute(oldest, values).fetchone() is None:
            return None  # looking costs no write lock
        with self._database.write() as connection:
            # Fetched to the end: a commit over an unfinished RETURNING fails.
            rows = connection.execute(
                f"UPDATE jobs SET status = 'RUNNING', attempts = attempts + 1, updated_at = :at, lease_token = :token,"  # noqa: S608
                f" lease_until = :until WHERE id = ({oldest}) RETURNING *",
                values,
            ).fetchall()
            for row in rows:
                self._tell(connection, row["id"])
        return Lease(job=_job(rows[0]), token=values["token"], until=values["until"]) if rows else None

    def take_back(self) -> int:
        """RUNNING -> PENDING for every job; only for the one service that lives. The attempts count."""
        with self._database.write() as connection:
            rows = connection.execute(
                "UPDATE jobs SET status = 'PENDING', lease_token = NULL, lease_until = NULL WHERE status = 'RUNNING' RETURNING id"
            ).fetchall()
            for row in rows:
                self._tell(connection, row["id"])
            return len(rows)

    def count_open(self, *, at_most: int) -> int:
        """How many jobs are PENDING or RUNNING, counted no further than `at_most`."""
        row = self._database.connection().execute(
            "SELECT count(*) FROM (SELECT 1 FROM jobs WHERE status IN ('PENDING', 'RUNNING') LIMIT ?)",
            (at_most,),
        )
        return int(row.fetchone()[0])

    def heartbeat(self, lease: Lease, *, until: float) -> bool:
        """Keep a lease alive."""
        with self._database.write() as connection:
            return self._change(connection, lease, "lease_until = :until", until=until)

    def release(self, lease: Lease) -> bool:
        """Give a job back unharmed (the service stops): the attempt does not count."""
        return self._under(
            lease, "status = 'PENDING', attempts = attempts - 1, lease_token = NULL, lease_until = NULL"
        )

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
        return self._under(
            lease,
            "status = 'COMPLETED', result = :result, field_metadata = :field_metadata, pages = :pages,"
            " words = :words, output_words = :output_words,"
            " warnings = :warnings, updated_at = :at, lease_token = NULL, lease_until = NULL",
            result=result,
            field_metadata=field_metadata,
            pages=pages,
            words=words,
            output_words=output_words,
            warnings=json.dumps(warnings),
            at=now_text(),
        )

    def fail(self, lease: Lease, *, error_message: str) -> bool:
        """RUNNING -> FAILED."""
        return self._under(
            lease,
            "status = 'FAILED', error_message = :error_message, updated_at = :at, lease_token = NULL, lease_until = NULL",
            error_message=error_message,
            at=now_text(),
        )

    # Retention

    def purge(self, *, now: str, jobs_before: str) -> Purged:
        """Forget what is over; see `JobStore`."""
        paths = [row[0] for row in self._purge(_OLD_FILES, now)]
        jobs = len(self._purge(_OLD_JOBS, jobs_before))
        answers = len(self._purge(_OLD_ANSWERS, now))
        return Purged(paths=tuple(paths), jobs=jobs, answers=answers)

    def file_paths(self) -> frozenset[str]:
        """The names of all files' bytes in their folder."""
        return frozenset(
            row[0] for row in self._database.connection().execute("SELECT path FROM files").fetchall()
        )

    def check(self) -> tuple[list[str], dict[str, int]]:
        """What is wrong with the file (empty: nothing), and how many files there are and jobs of each status.

        The counts are empty where the file is damaged.
        """
        connection = self._database.connection()
        try:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check").fetchall()]
            found += [
                f"row {row['rowid']} of {row['table']} refers to no row of {row['parent']}"
                for row in connection.execute("PRAGMA foreign_key_check").fetchall()
            ]
            files = connection.execute("SELECT count(*) FROM files").fetchone()[0]
            rows = connection.execute("SELECT status, count(*) FROM jobs GROUP BY status ORDER BY status")
            counts = {"files": files, **dict(rows.fetchall())}
        except sqlite3.DatabaseError as error:
            return [str(error)], {}
        return [text for text in found if text != "ok"], counts

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def _purge(self, statement: str, limit: str) -> list[Any]:
        purged: list[Any] = []
        while True:
            with self._database.write() as connection:
                rows = connection.execute(statement, (limit, _PURGED_AT_ONCE)).fetchall()
            purged.extend(rows)
            if len(rows) < _PURGED_AT_ONCE:
                return purged

    def _under(self, lease: Lease, assignments: str, **values: object) -> bool:
        """Change a job's status if, and only if, the lease still holds it."""
        with self._database.write() as connection:
            held = self._change(connection, lease, assignments, **values)
            if held:
                self._tell(connection, lease.job.id)
            return held

    def _change(
        self, connection: sqlite3.Connection, lease: Lease, assignments: str, **values: object
    ) -> bool:
        done = connection.execute(
            f"UPDATE jobs SET {assignments} WHERE {_HELD}",  # noqa: S608 -- our own words
            {"id": lease.job.id, "token": lease.token, "attempt": lease.job.attempts, **values},
        )
        return done.rowcount == 1

    def _tell(self, connection: sqlite3.Connection, job_id: str) -> None:
        if not self._observers:
            return
        job = _find(connection, job_id)
        for observer in self._observers:
            if job is not None:
                observer(connection, job)


_INSERT_JOB = (
    "INSERT INTO jobs (id, project_id, file_input, configuration, configuration_id, status, created_at, updated_at, extra)"
    " VALUES (?, ?, ?, ?, ?, 'PENDING', ?, ?, ?)"
)
_OLD_FILES = (
    "DELETE FROM files WHERE id IN (SELECT id FROM files WHERE expires_at <= ? AND NOT EXISTS (SELECT 1 FROM jobs WHERE file_input"
    " IN (files.id, 'pjb-' || substr(files.id, 5)) AND status IN ('PENDING', 'RUNNING')) LIMIT ?) RETURNING path"
)
_OLD_JOBS = (
    "DELETE FROM jobs WHERE number IN (SELECT number FROM jobs WHERE updated_at < ?"
    " AND status NOT IN ('PENDING', 'RUNNING') ORDER BY number LIMIT ?) RETURNING id"
)
_OLD_ANSWERS = "DELETE FROM kept_answers WHERE scope IN (SELECT scope FROM kept_answers WHERE expires_at <= ? LIMIT ?) RETURNING scope"


def _row_of(job: StoredJob) -> tuple[Any, ...]:
    return (
        job.id,
        job.project_id,
        job.file_input,
        json.dumps(job.configuration),
        job.configuration_id,
        job.created_at,
        job.created_at,
        json.dumps(job.extra),
    )


def _find_kept(connection: sqlite3.Connection, scope: str) -> KeptAnswer | None:
    row = connection.execute(
        "SELECT * FROM kept_answers WHERE scope = ? AND expires_at > ?", (scope, now_text())
    ).fetchone()
    return KeptAnswer(**row) if row else None


def _find(connection: sqlite3.Connection, job_id: str) -> StoredJob | None:
    row = connection.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
    return _job(row) if row else None


def _job(row: sqlite3.Row) -> StoredJob:
    values = {key: row[key] for key in row.keys() if key in StoredJob.__slots__}  # noqa: SIM118 -- a Row iterates values
    values["configuration"] = json.loads(row["configuration"])
    values["warnings"] = tuple(json.loads(row["warnings"]))
    values["extra"] = json.loads(row["extra"])
    return StoredJob(**values)


def _conditions(query: JobQuery) -> tuple[str, list[Any]]:
    """The WHERE clause of a list, made of our own words, and its values."""
    equal = {
        "project_id": query.project_id,
        "status": query.status,
        "configuration_id": query.configuration_id,
        "file_input": query.file_input,
    }
    parts = [_IS_PARSE_JOB if query.parse_jobs else f"NOT {_IS_PARSE_JOB}"]
    parts += [f"{name} = ?" for name, value in equal.items() if value is not None]
    values: list[Any] = [value for value in equal.values() if value is not None]
    for condition, value in (
        ("created_at >= ?", query.created_at_on_or_after),
        ("created_at <= ?", query.created_at_on_or_before),
        (_OF_ORGANIZATION, query.organization_id),
    ):
        if value is not None:
            parts.append(condition)
            values.append(value)
    if query.file_input_is_parse_job is not None:
        parts.append(_PARSE_JOB if query.file_input_is_parse_job else f"NOT {_PARSE_JOB}")
    if query.job_ids:
        # One JSON value instead of thousands of parameters: SQLite caps those.
        parts.append("id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(list(query.job_ids)))
    if query.after is not None:
        parts.append("(created_at, id) < (?, ?)")
        values.extend(query.after)
    return " AND ".join(parts), values
