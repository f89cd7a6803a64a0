"""`JobStore` on one SQLite file."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from extract_bridge.local.service.clock import now_text
from extract_bridge.local.service.store import JobQuery, Lease, StoredFile, StoredJob
from extract_bridge.sqlite import Database, Migration

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

MIGRATIONS: tuple[Migration, ...] = (
    (
        """CREATE TABLE files (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, project_id TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL,
            sha256 TEXT NOT NULL, purpose TEXT NOT NULL, external_file_id TEXT, media_type TEXT NOT NULL,
            created_at TEXT NOT NULL, expires_at TEXT
        ) WITHOUT ROWID""",
        "CREATE INDEX files_newest ON files (created_at DESC, id DESC)",
        """CREATE TABLE jobs (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL, file_input TEXT NOT NULL, configuration TEXT NOT NULL,
            configuration_id TEXT, status TEXT NOT NULL, error_message TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0, result TEXT, field_metadata TEXT, pages INTEGER,
            warnings TEXT NOT NULL DEFAULT '[]', extra TEXT NOT NULL DEFAULT '{}',
            lease_token TEXT, lease_until REAL,
            CHECK (status IN ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')),
            CHECK ((status = 'RUNNING') = (lease_token IS NOT NULL))
        )""",
        "CREATE INDEX jobs_newest ON jobs (created_at DESC, id DESC)",
        "CREATE INDEX jobs_of_file ON jobs (file_input)",
        "CREATE INDEX jobs_open ON jobs (number) WHERE status IN ('PENDING', 'RUNNING')",
    ),
)

_CLAIMABLE = "(status = 'PENDING' OR (status = 'RUNNING' AND lease_until < :now))"
_HELD = "id = :id AND status = 'RUNNING' AND lease_token = :token"
_PARSE_JOB = "substr(file_input, 1, 4) = 'pjb-'"


class SqliteJobStore:
    """Files and jobs in one SQLite file; see `JobStore` for what each method promises.

    Args:
        path: The database file.
        durable: False for a store that does not outlive its process.
    """

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self._database = Database(path, MIGRATIONS, durable=durable)

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

    def add_job(self, job: StoredJob) -> None:
        """Accept a job: durable when this returns."""
        with self._database.write(durable=True) as connection:
            connection.execute(
                "INSERT INTO jobs (id, project_id, file_input, configuration, configuration_id, status, created_at,"
                " updated_at, extra) VALUES (?, ?, ?, ?, ?, 'PENDING', ?, ?, ?)",
                (
                    job.id,
                    job.project_id,
                    job.file_input,
                    json.dumps(job.configuration),
                    job.configuration_id,
                    job.created_at,
                    job.created_at,
                    json.dumps(job.extra),
                ),
            )

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
            connection.execute(
                "UPDATE jobs SET status = 'CANCELLED', updated_at = ?, lease_token = NULL, lease_until = NULL"
                " WHERE id = ? AND status IN ('PENDING', 'RUNNING')",
                (now_text(), job_id),
            )
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
            row = connection.execute(
                f"UPDATE jobs SET status = 'RUNNING', attempts = attempts + 1, updated_at = :at, lease_token = :token,"  # noqa: S608
                f" lease_until = :until WHERE id = ({oldest}) RETURNING *",
                values,
            ).fetchone()
        return Lease(job=_job(row), token=values["token"], until=values["until"]) if row else None

    def heartbeat(self, lease: Lease, *, until: float) -> bool:
        """Keep a lease alive."""
        return self._under(lease, "lease_until = :until", until=until)

    def release(self, lease: Lease) -> bool:
        """Give a job back unharmed (the service stops): the attempt does not count."""
        return self._under(
            lease, "status = 'PENDING', attempts = attempts - 1, lease_token = NULL, lease_until = NULL"
        )

    def complete(
        self, lease: Lease, *, result: str, field_metadata: str, pages: int, warnings: tuple[str, ...]
    ) -> bool:
        """RUNNING -> COMPLETED, with its answer, in one transaction."""
        return self._under(
            lease,
            "status = 'COMPLETED', result = :result, field_metadata = :field_metadata, pages = :pages,"
            " warnings = :warnings, updated_at = :at, lease_token = NULL, lease_until = NULL",
            result=result,
            field_metadata=field_metadata,
            pages=pages,
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

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def _under(self, lease: Lease, assignments: str, **values: object) -> bool:
        """Change a job if, and only if, the lease still holds it."""
        with self._database.write() as connection:
            done = connection.execute(
                f"UPDATE jobs SET {assignments} WHERE {_HELD}",  # noqa: S608 -- our own words
                {"id": lease.job.id, "token": lease.token, **values},
            )
            return done.rowcount == 1


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
    parts = [f"{name} = ?" for name, value in equal.items() if value is not None]
    values: list[Any] = [value for value in equal.values() if value is not None]
    for condition, value in (
        ("created_at >= ?", query.created_at_on_or_after),
        ("created_at <= ?", query.created_at_on_or_before),
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
    return " AND ".join(parts) or "1", values
