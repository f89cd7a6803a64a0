"""Who answers a question: the ledger, somebody who is at it, or this call. One transaction decides."""

from __future__ import annotations

import time
import uuid
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extract_bridge.client.keeping import Attempt, Busy, Claim, Failed, Kept
from extract_bridge.core.errors import ConfigurationError, StorageError
from extract_bridge.core.identity import canonical_json, sha256_hex
from extract_bridge.core.wire.jobs import ExtractV2Job, JobStatus

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from extract_bridge.client.keeping import Question

REUSES = ("same", "never")


@dataclass(frozen=True, slots=True)
class Rules:
    """What one call takes from a ledger.

    Attributes:
        reuse: `same`: a job for the same bytes and configuration; `never`: each document gets a job of its own.
        max_age: Seconds since a result was kept, beyond which it does not count; None for no bound.
        retry_failed: Make a new job, and pay for it, where the last one ended FAILED.
        horizon: The last attempt that was there when the call began: what came later came with it.
    """

    reuse: str = "same"
    max_age: float | None = None
    retry_failed: bool = False
    horizon: int = 0

    def __post_init__(self) -> None:
        if self.reuse not in REUSES:
            raise ConfigurationError(
                "reuse is none of " + ", ".join(REUSES), where="reuse", hint='"same" is the default'
            )
        if self.max_age is not None and self.max_age < 0:
            raise ConfigurationError(
                "max_age is negative", where="max_age", hint="Give seconds, or leave it out"
            )


@dataclass(frozen=True, slots=True)
class Asker:
    """A call that asks.

    Attributes:
        owner: Its process.
        visit: The call.
        standing: Says who is at an attempt, by its owner and visit; see `Shelf.standing`.
    """

    owner: str
    visit: str
    standing: Callable[[str | None, str | None], str]


def kept_answer(connection: sqlite3.Connection, question: Question, rules: Rules) -> tuple[str, Kept] | None:
    """The attempt whose result answers the question, and that result; None where there is none."""
    if rules.reuse == "never" or question.bypass:
        return None
    rows = connection.execute(
        "SELECT * FROM attempts WHERE key = ? AND status = 'COMPLETED' ORDER BY seq DESC", (question.key,)
    ).fetchall()
    for row in rows:
        if row["seq"] > rules.horizon or (row["reusable"] and _fits(connection, row, question, rules)):
            return row["id"], Kept(result_of(connection, row["id"]))
    return None


def claim(
    connection: sqlite3.Connection, question: Question, rules: Rules, asker: Asker
) -> tuple[str, Claim]:
    """The attempt that concerns the caller, and what it is to do.

    Raises:
        StorageError: another machine may be sending it.
    """
    if rules.reuse == "never" or question.bypass:
        return _begin(connection, question, asker)
    kept = kept_answer(connection, question, rules)
    if kept is not None:
        return kept
    open_rows = connection.execute(
        "SELECT * FROM attempts WHERE key = ? AND state IN ('intent', 'sending', 'sent') ORDER BY seq DESC",
        (question.key,),
    ).fetchall()
    for row in open_rows:
        found = _taken_up(connection, row, asker)
        if found is not None:
            return row["id"], found
    failed = connection.execute(
        "SELECT * FROM attempts WHERE key = ? AND status = 'FAILED' ORDER BY seq DESC LIMIT 1",
        (question.key,),
    ).fetchone()
    if failed is not None and not (rules.retry_failed and failed["seq"] <= rules.horizon):
        return failed["id"], Failed(result_of(connection, failed["id"]))
    return _begin(connection, question, asker)


def is_paid(connection: sqlite3.Connection, question: Question, rules: Rules) -> bool:
    """Whether `claim` would make no new job: the result is kept, the job runs, or it FAILED and is not to be tried again."""
    if rules.reuse == "never" or question.bypass:
        return False
    if kept_answer(connection, question, rules) is not None:
        return True
    row = connection.execute(
        "SELECT * FROM attempts WHERE key = ? AND (state = 'sent' OR status = 'FAILED') ORDER BY seq DESC LIMIT 1",
        (question.key,),
    ).fetchone()
    if row is None:
        return False
    return row["state"] == "sent" or not (rules.retry_failed and row["seq"] <= rules.horizon)


def result_of(connection: sqlite3.Connection, attempt_id: str) -> ExtractV2Job:
    """The job as it was kept.

    Raises:
        StorageError: it is not there, or damaged.
    """
    row = connection.execute("SELECT body FROM results WHERE attempt_id = ?", (attempt_id,)).fetchone()
    try:
        return ExtractV2Job.from_json(zlib.decompress(row["body"]))
    except (TypeError, zlib.error) as error:
        raise StorageError(
            "a result in the ledger is damaged",
            code="storage_damaged",
            hint="Run Ledger.check(); forget what it names, and extract it again",
        ) from error


def add_source(connection: sqlite3.Connection, attempt_id: str, question: Question) -> None:
    """Remember under which name a document was handed in."""
    origin = question.origin
    connection.execute(
        "INSERT OR IGNORE INTO sources VALUES (?, ?, ?, ?, ?)",
        (attempt_id, origin.source_id, question.schema_name or "", origin.source, origin.file_name),
    )


def has_source(connection: sqlite3.Connection, attempt_id: str, question: Question) -> bool:
    """Whether that name is known already."""
    found = connection.execute(
        "SELECT 1 FROM sources WHERE attempt_id = ? AND source_id = ? AND schema_name = ? AND source = ?",
        (attempt_id, question.origin.source_id, question.schema_name or "", question.origin.source),
    )
    return found.fetchone() is not None


def void(connection: sqlite3.Connection, attempt_id: str, code: str | None, said: str | None) -> None:
    """There surely is no job of that attempt: nothing was spent on it."""
    connection.execute(
        "UPDATE attempts SET state = 'void', owner = NULL, visit = NULL, error_code = ?, error = ?, finished_at = ? WHERE id = ?",
        (code, said, time.time(), attempt_id),
    )
    connection.execute(
        "UPDATE reservations SET billed = 0 WHERE attempt_id = ? AND billed IS NULL", (attempt_id,)
    )


def wait_for(connection: sqlite3.Connection, attempt_id: str, asker: Asker) -> None:
    """Somebody waits for that attempt."""
    connection.execute(
        "INSERT OR IGNORE INTO waiters VALUES (?, ?, ?)", (attempt_id, asker.owner, asker.visit)
    )


def _taken_up(connection: sqlite3.Connection, row: sqlite3.Row, asker: Asker) -> Claim | None:
    """An open attempt: waited for, joined, or carried on in place of whoever is gone; None where nothing had been sent yet."""
    standing = asker.standing(row["owner"], row["visit"])
    sent = row["state"] == "sent"
    if standing == "elsewhere" and not sent:
        raise StorageError(
            "another machine was about to send this document",
            code="storage_other_host",
            where=row["file_name"],
            hint="When that machine is gone for good, call Ledger.recover(), or extract-bridge jobs recover",
        )
    if standing == "nobody" and row["state"] == "intent":
        void(connection, row["id"], "ended", "the process ended before a create was sent")
        return None
    wait_for(connection, row["id"], asker)
    if standing == "here" or (standing == "there" and not sent):
        return Busy()
    if standing == "nobody":
        connection.execute(
            "UPDATE attempts SET owner = ?, visit = ? WHERE id = ?", (asker.owner, asker.visit, row["id"])
        )
    return Attempt(
        id=row["id"],
        file_input=row["file_input"],
        own=bool(row["own"]),
        job_id=row["job_id"],
        since=row["created_at"],
        sends=row["sends"],
        abandoned=bool(row["abandoned"]),
    )


def _begin(connection: sqlite3.Connection, question: Question, asker: Asker) -> tuple[str, Attempt]:
    attempt_id, now = uuid.uuid4().hex, time.time()
    origin = question.origin
    content = canonical_json(question.configuration)
    digest = sha256_hex(content)
    connection.execute("INSERT OR IGNORE INTO configurations VALUES (?, ?)", (digest, content))
    values: dict[str, Any] = {
        "id": attempt_id,
        "key": question.key,
        "state": "intent",
        "owner": asker.owner,
        "visit": asker.visit,
        "service": origin.service,
        "address": question.address,
        "project": question.project,
        "family": family_of(question),
        "document": f"id:{origin.source}" if origin.file_sha256 is None else f"sha256:{origin.file_sha256}",
        "file_name": origin.file_name,
        "configuration": digest,
        "configuration_id": question.configuration_id,
        "floating": question.floating,
        "created_at": now,
    }
    connection.execute(_insert(tuple(values)), values)
    wait_for(connection, attempt_id, asker)
    return attempt_id, Attempt(id=attempt_id, since=now)


def family_of(question: Question) -> str:
    """Jobs among which the service is expected to use one version."""
    asked = question.configuration or {}
    return sha256_hex(
        canonical_json(
            [question.address, question.project, asked.get("tier"), asked.get("extraction_target")]
        )
    )


def _fits(connection: sqlite3.Connection, row: sqlite3.Row, question: Question, rules: Rules) -> bool:
    """Whether a clean result is young enough, and of the version that the service uses now as far as the ledger has seen."""
    if rules.max_age is not None and time.time() - row["finished_at"] > rules.max_age:
        return False
    if not question.floating or row["version"] is None:
        return True
    newest = connection.execute(
        "SELECT version FROM attempts WHERE family = ? AND version IS NOT NULL ORDER BY seq DESC LIMIT 1",
        (row["family"],),
    ).fetchone()
    return newest is None or newest["version"] == row["version"]


def is_clean(job: ExtractV2Job) -> bool:
    """Whether a job's result may be given to the next who asks: COMPLETED, and no part of its evidence tells of an error."""
    if job.status != JobStatus.COMPLETED:
        return False
    evidence = job.extract_metadata.field_metadata if job.extract_metadata else None
    return not _has_error(evidence)


def _has_error(evidence: Any) -> bool:
    parts: Sequence[Any] = evidence if isinstance(evidence, list) else [evidence]
    for part in parts:
        if not isinstance(part, dict):
            continue
        if isinstance(part.get("error"), str) and part["error"]:
            return True
        if any(_has_error(part.get(name)) for name in ("document_metadata", "page_metadata", "row_metadata")):
            return True
    return False


def _insert(columns: Sequence[str]) -> str:
    return f"INSERT INTO attempts ({', '.join(columns)}) VALUES ({', '.join(':' + name for name in columns)})"  # noqa: S608 - our own words
