"""What the ledger tells of its attempts, and their results and records."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk.ledger.claims import result_of
from extract_bridge.core.errors import ExtractError
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.wire.jobs import JobOrigin

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from extract_bridge.bulk.ledger.shelf import Shelf
    from extract_bridge.core.records.model import ExtractedRecord
    from extract_bridge.core.wire.jobs import ExtractV2Job

_PAGE = 200  # rows read at a time: nothing is held open while the caller is at work


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One attempt at a document.

    Attributes:
        attempt_id: Its name in the ledger.
        job_id: The job; None where none is known.
        state: `new` (nothing was sent), `sending`, `doubtful` (a create may have been carried out, and nobody is at it), `running`,
            `completed`, `failed`, `cancelled`, `void` (there was no job), `lost` (the service no longer knows it).
        sources: What the document was called by those who handed it in.
        file_name: As it was uploaded; None for an id.
        service: `cloud`, `local`, or the URL.
        file_input: The file or parse job it is made from, once that is known.
        credits: What was billed; None where nobody said.
        error_code: Why it is where it is, for programs.
        error: The same in words.
        duplicates: Jobs that lost answers made beside this one.
        created_at: Seconds since the epoch.
        finished_at: Seconds since the epoch; None for one that is not over.
        owed: `collect` has its result to give, or will have.
    """

    attempt_id: str
    job_id: str | None
    state: str
    sources: tuple[str, ...]
    file_name: str | None
    service: str
    file_input: str | None
    credits: float | None
    error_code: str | None
    error: str | None
    duplicates: tuple[str, ...]
    created_at: float
    finished_at: float | None
    owed: bool

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON; what is unknown is left out."""
        known = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in known.items()
            if value not in (None, ())
        }


@dataclass(frozen=True, slots=True)
class Source:
    """Under which name a document was handed in."""

    source: str
    source_id: str
    schema_name: str | None
    file_name: str | None


def entries(
    shelf: Shelf, *, states: tuple[str, ...] = (), newest_first: bool = False
) -> Iterator[LedgerEntry]:
    """All attempts, or those in some states, in the order in which they began."""
    last: int | None = None
    while True:
        with shelf.read() as connection:
            rows = connection.execute(
                "SELECT * FROM attempts WHERE ?1 IS NULL OR seq < ?1 ORDER BY seq DESC LIMIT ?2"
                if newest_first
                else "SELECT * FROM attempts WHERE ?1 IS NULL OR seq > ?1 ORDER BY seq LIMIT ?2",
                (last, _PAGE),
            ).fetchall()
            page = [entry_of(shelf, connection, row) for row in rows]
        yield from (entry for entry in page if not states or entry.state in states)
        if len(rows) < _PAGE:
            return
        last = rows[-1]["seq"]


def entry_of(shelf: Shelf, connection: sqlite3.Connection, row: sqlite3.Row) -> LedgerEntry:
    """What one row says."""
    return LedgerEntry(
        attempt_id=row["id"],
        job_id=row["job_id"],
        state=_state(shelf, connection, row),
        sources=tuple(dict.fromkeys(source.source for source in sources_of(connection, row["id"]))),
        file_name=row["file_name"],
        service=row["service"],
        file_input=row["file_input"],
        credits=row["credits"],
        error_code=row["error_code"],
        error=row["error"],
        duplicates=tuple(json.loads(row["duplicates"])),
        created_at=row["created_at"],
        finished_at=row["finished_at"],
        owed=bool(row["owed"]),
    )


def sources_of(connection: sqlite3.Connection, attempt_id: str) -> list[Source]:
    """The names that an attempt's document was handed in under."""
    rows = connection.execute("SELECT * FROM sources WHERE attempt_id = ? ORDER BY source_id", (attempt_id,))
    return [
        Source(row["source"], row["source_id"], row["schema_name"] or None, row["file_name"])
        for row in rows.fetchall()
    ]


def job_as(connection: sqlite3.Connection, row: sqlite3.Row, source: Source | None) -> ExtractV2Job:
    """The kept job, as it was handed in under one name."""
    job = result_of(connection, row["id"])
    job.duplicates = tuple(json.loads(row["duplicates"]))
    if source is not None:
        document = row["document"]
        sha256 = document.removeprefix("sha256:") if document.startswith("sha256:") else None
        job.origin = JobOrigin(
            row["service"], source.source, source.source_id, source.file_name, sha256, reused=True
        )
    return job


def records_as(
    connection: sqlite3.Connection, row: sqlite3.Row, job: ExtractV2Job, source: Source | None
) -> list[ExtractedRecord]:
    """The records of a kept job, with the ids that they had for whoever handed the document in under that name."""
    kept = connection.execute(
        "SELECT content FROM configurations WHERE digest = ?", (row["configuration"],)
    ).fetchone()
    schema = json.loads(kept["content"]).get("data_schema") if kept else None
    return records_from_job(job, schema, name=source.schema_name if source else None)


def find_record(shelf: Shelf, record_id: str) -> ExtractedRecord | None:
    """The record with that id, from the last attempt that made one; results that nobody looked into yet are indexed first."""
    _index(shelf)
    with shelf.read() as connection:
        found = connection.execute("SELECT * FROM records WHERE id = ?", (record_id,)).fetchone()
        if found is None:
            return None
        row = connection.execute("SELECT * FROM attempts WHERE id = ?", (found["attempt_id"],)).fetchone()
        for source in sources_of(connection, row["id"]):
            if (source.source_id, source.schema_name or "") == (found["source_id"], found["schema_name"]):
                records = records_as(connection, row, job_as(connection, row, source), source)
                return records[int(found["place"])]
    return None


def _index(shelf: Shelf) -> None:
    """Note which records come from which attempt; one attempt at a time, so that no writer waits long."""
    while True:
        with shelf.read() as connection:
            row = connection.execute(
                "SELECT * FROM attempts WHERE status = 'COMPLETED' AND indexed = 0 ORDER BY seq LIMIT 1"
            ).fetchone()
            if row is None:
                return
            ids = _ids(connection, row)
        with shelf.write() as connection:
            connection.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?)", ids)
            connection.execute("UPDATE attempts SET indexed = 1 WHERE id = ?", (row["id"],))


def _ids(connection: sqlite3.Connection, row: sqlite3.Row) -> list[tuple[str, str, str, str, int]]:
    found = []
    for source in sources_of(connection, row["id"]):
        try:
            records = records_as(connection, row, job_as(connection, row, source), source)
        except ExtractError:  # a damaged result has no records; `check` names it
            continue
        found += [
            (record.id, row["id"], source.source_id, source.schema_name or "", place)
            for place, record in enumerate(records)
        ]
    return found


def _state(shelf: Shelf, connection: sqlite3.Connection, row: sqlite3.Row) -> str:
    match row["state"]:
        case "intent":
            return "new"
        case "sending":
            gone = shelf.standing(connection, row["owner"], row["visit"]) == "nobody"
            return "doubtful" if gone else "sending"
        case "sent":
            return "running"
        case "final":
            return str(row["status"]).lower()
        case state:
            return str(state)
