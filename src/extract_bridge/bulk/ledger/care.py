"""Looking after a ledger: take out, throw away, look for damage, and give back what a machine that is gone was at."""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from extract_bridge.bulk.ledger.claims import result_of, void
from extract_bridge.bulk.ledger.entries import job_as, records_as, sources_of
from extract_bridge.core.errors import ExtractError
from extract_bridge.sqlite import storage_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from extract_bridge.bulk.ledger.shelf import Shelf

FORMAT_VERSION = 1
_PAGE = 100


def export(shelf: Shelf, out: IO[str]) -> int:
    """One JSON object a line for each document that was extracted; how many there are."""
    last, written = 0, 0
    while True:
        with shelf.read() as connection:
            rows = connection.execute(
                "SELECT * FROM attempts WHERE state = 'final' AND seq > ? ORDER BY seq LIMIT ?", (last, _PAGE)
            ).fetchall()
            for row in rows:
                for source in sources_of(connection, row["id"]):
                    job = job_as(connection, row, source)
                    records = records_as(connection, row, job, source) if row["status"] == "COMPLETED" else []
                    line: dict[str, Any] = {
                        "format_version": FORMAT_VERSION,
                        "source": source.source,
                        "source_id": source.source_id,
                        "document": row["document"],
                        "service": row["service"],
                        "job_id": row["job_id"],
                        "status": row["status"],
                        "credits": row["credits"],
                        "finished_at": row["finished_at"],
                        "error": job.error_message,
                        "records": [record.to_dict() for record in records],
                    }
                    out.write(json.dumps(line, ensure_ascii=False) + "\n")
                    written += 1
        if len(rows) < _PAGE:
            return written
        last = rows[-1]["seq"]


@contextmanager
def whole_file(path: Path) -> Iterator[IO[str]]:
    """A text file that is there in full or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    with storage_errors(path.name):
        try:
            with unfinished.open("w", encoding="utf-8") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


def prune(shelf: Shelf, older_than: float) -> int:
    """Forget attempts that ended so many seconds ago; how many those were. What is open, and what is owed, stays."""
    before = time.time() - older_than
    with shelf.write() as connection:
        gone = connection.execute(
            "DELETE FROM attempts WHERE state IN ('final', 'void', 'lost') AND owed = 0 AND coalesce(finished_at, created_at) < ?",
            (before,),
        ).rowcount
        connection.execute(
            "DELETE FROM configurations WHERE digest NOT IN (SELECT configuration FROM attempts)"
        )
        connection.execute(
            "DELETE FROM owners WHERE id NOT IN (SELECT owner FROM attempts WHERE owner IS NOT NULL)"
            " AND id NOT IN (SELECT owner FROM waiters) AND since < ?",
            (before,),
        )
    return int(gone)


def check(shelf: Shelf) -> list[str]:
    """What is wrong with the file, one sentence each; empty for a sound one. Reads all of it."""
    with shelf.read() as connection:
        said = [row[0] for row in connection.execute("PRAGMA integrity_check(20)").fetchall()]
        found = [f"the file is damaged: {one}" for one in said if one != "ok"]
        if found:
            return found
        strays = connection.execute("PRAGMA foreign_key_check").fetchall()
        found += [f"a row of {row[0]} belongs to nothing" for row in strays]
        ended = connection.execute("SELECT id FROM attempts WHERE state = 'final' ORDER BY seq").fetchall()
        early = connection.execute("SELECT * FROM attempts WHERE state IN ('intent', 'sending')").fetchall()
        found += [
            f"attempt {row['id']} belongs to another machine: recover it when that one is gone"
            for row in early
            if shelf.standing(connection, row["owner"], row["visit"]) == "elsewhere"
        ]
    for row in ended:
        with shelf.read() as connection:
            try:
                result_of(connection, row["id"])
            except ExtractError as error:
                found.append(f"attempt {row['id']}: {error.message}")
    return found


def resolve(shelf: Shelf, attempt_id: str, job_id: str | None) -> bool:
    """Write down what somebody found out about a doubtful attempt; False where there is no such attempt, or it is in no doubt."""
    with shelf.write() as connection:
        row = connection.execute(
            "SELECT * FROM attempts WHERE id = ? AND state = 'sending'", (attempt_id,)
        ).fetchone()
        if row is None or shelf.standing(connection, row["owner"], row["visit"]) != "nobody":
            return False
        if job_id is None:
            void(connection, attempt_id, "resolved", "somebody found that there is no job")
        else:
            connection.execute(
                "UPDATE attempts SET state = 'sent', job_id = ?, owner = NULL, visit = NULL, error_code = NULL, error = NULL"
                " WHERE id = ?",
                (job_id, attempt_id),
            )
    return True


def recover(shelf: Shelf) -> int:
    """Give back what other machines were at, for whoever asks next to carry on; how many attempts. Only when those are gone for good."""
    with shelf.write() as connection:
        rows = connection.execute("SELECT * FROM attempts WHERE owner IS NOT NULL").fetchall()
        gone = [
            row["id"] for row in rows if shelf.standing(connection, row["owner"], row["visit"]) == "elsewhere"
        ]
        connection.executemany(
            "UPDATE attempts SET owner = NULL, visit = NULL WHERE id = ?",
            [(attempt_id,) for attempt_id in gone],
        )
    return len(gone)
