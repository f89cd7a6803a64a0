"""Events that are to be told: written with the change of the job that they tell of, kept until they are delivered or given up.

An event waits behind the earlier ones of its job and endpoint. Failed attempts are counted here, so a restart neither resets nor skips
one; an attempt that the end of the process cut off was no attempt, and is made again under the same event id. An event outlives its job.
What an endpoint needs to be kept secret goes when its event is settled.
"""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.local.service.clock import wire_text
from extract_bridge.local.service.ids import PARSE_JOB

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection

    from extract_bridge.local.service.store import StoredJob
    from extract_bridge.sqlite import Database

MOST_ATTEMPTS = 3
KEPT_DAYS = 30
_STATES = {
    "PENDING": "pending",
    "RUNNING": "running",
    "COMPLETED": "success",
    "FAILED": "error",
    "CANCELLED": "cancelled",
}
_UNKNOWN = frozenset({"extract.running"})  # the API has no such event
_FINAL = frozenset({"COMPLETED", "FAILED", "CANCELLED"})
_HEADS = (
    "state = 'open' AND number NOT IN (SELECT value FROM json_each(:flying)) AND origin NOT IN (SELECT value FROM json_each(:busy))"
    " AND NOT EXISTS (SELECT 1 FROM webhook_outbox AS earlier WHERE earlier.job_id = webhook_outbox.job_id"
    " AND earlier.place = webhook_outbox.place AND earlier.number < webhook_outbox.number AND earlier.state = 'open')"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a job's events go, as it was when the job was created.

    Attributes:
        url: Checked when it was given, and again before each attempt.
        origin: Scheme, host and port of it.
        events: Which ones; None is all of them.
        headers: Sent with each.
        output_format: `string`, `json` or None for the body of the vendor's documentation.
        secret: Signs each.
    """

    url: str
    origin: str
    events: list[str] | None = None
    headers: dict[str, str] | None = None
    output_format: Literal["string", "json"] | None = None
    secret: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As it is stored."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __repr__(self) -> str:
        return f"Endpoint(origin={self.origin!r})"  # the rest may be secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event on its way to one endpoint.

    Attributes:
        number: Its place among all.
        event_id: The same for every endpoint and attempt.
        event_type: For example `extract.success`.
        job_id: The job.
        occurred_at: Seconds since the epoch.
        attempts: How many failed so far.
        endpoint: Where to.
    """

    number: int
    event_id: str
    event_type: str
    job_id: str
    occurred_at: float
    attempts: int
    endpoint: Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How one attempt went.

    Attributes:
        started_at: Seconds since the epoch.
        seconds: How long it took.
        status: The receiver's answer; None where there was none.
        problem: Why there was none.
    """

    started_at: float
    seconds: float
    status: int | None = None
    problem: str | None = None

    @property
    def succeeded(self) -> bool:
        """The receiver took it."""
        return self.status is not None and 200 <= self.status < 300


class Outbox:
    """The events in a service's database.

    Args:
        database: The service's.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wake: Callable[[], None] | None = None

    def on_event(self, wake: Callable[[], None] | None) -> None:
        """Call this when an event was written; its transaction may still be open, see `settled_writes`."""
        self._wake = wake

    def record(self, connection: sqlite3.Connection, job: StoredJob) -> None:
        """The store's observer: writes what a new or changed job is to tell."""
        endpoints = job.extra.get("webhooks")
        event_type = f"{'parse' if job.id.startswith(PARSE_JOB) else 'extract'}.{_STATES.get(job.status)}"
        if not endpoints or job.status not in _STATES or event_type in _UNKNOWN:
            return
        now, event_id = time.time(), str(uuid.uuid4())
        for place, endpoint in enumerate(endpoints):
            if endpoint["events"] is None or event_type in endpoint["events"]:
                # A job that is given back is PENDING once more: that is no second event.
                connection.execute(
                    "INSERT OR IGNORE INTO webhook_outbox (job_id, place, event_type, event_id, occurred_at, endpoint, origin,"
                    " next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (job.id, place, event_type, event_id, now, json.dumps(endpoint), endpoint["origin"], now),
                )
        if job.status in _FINAL:
            connection.execute(
                "UPDATE jobs SET extra = json_remove(extra, '$.webhooks') WHERE id = ?", (job.id,)
            )
        if self._wake is not None:
            self._wake()

    def settled_writes(self) -> None:
        """Return when whoever was writing has committed."""
        with self._database.write():
            pass

    def due(self, *, now: float, flying: Collection[int], busy: Collection[str]) -> Delivery | None:
        """The oldest event whose time has come.

        Args:
            now: Seconds since the epoch.
            flying: Numbers of events that are being sent.
            busy: Origins that get no more at the moment.
        """
        row = (
            self._database.connection()
            .execute(
                f"SELECT * FROM webhook_outbox WHERE {_HEADS} AND next_at <= :now ORDER BY number LIMIT 1",  # noqa: S608
                {"now": now, "flying": json.dumps(list(flying)), "busy": json.dumps(list(busy))},
            )
            .fetchone()
        )
        return _delivery(row) if row else None

    def next_time(self, *, flying: Collection[int], busy: Collection[str]) -> float | None:
        """When the next event is due, in seconds since the epoch; None where nothing waits for its time."""
        row = (
            self._database.connection()
            .execute(
                f"SELECT min(next_at) FROM webhook_outbox WHERE {_HEADS}",  # noqa: S608 -- our own words
                {"flying": json.dumps(list(flying)), "busy": json.dumps(list(busy))},
            )
            .fetchone()
        )
        return None if row[0] is None else float(row[0])

    def settle(self, delivery: Delivery, attempt: Attempt, *, pause: float) -> None:
        """Write down how an attempt went.

        Args:
            delivery: What was sent.
            attempt: How it went.
            pause: Seconds until the next one, if there is one.
        """
        number = delivery.attempts + 1
        over = attempt.succeeded or number >= MOST_ATTEMPTS
        state = "delivered" if attempt.succeeded else "failed" if over else "open"
        with self._database.write() as connection:
            connection.execute(
                "UPDATE webhook_outbox SET state = ?, attempts = ?, next_at = ?, endpoint = CASE WHEN ? THEN NULL ELSE endpoint END"
                " WHERE number = ? AND state = 'open'",
                (state, number, time.time() + pause, over, delivery.number),
            )
            connection.execute(
                "INSERT OR REPLACE INTO webhook_attempts VALUES (?, ?, ?, ?, ?, ?)",
                (
                    delivery.number,
                    number,
                    _text(attempt.started_at),
                    attempt.seconds,
                    attempt.status,
                    attempt.problem,
                ),
            )

    def log(self, job_id: str) -> list[dict[str, Any]]:
        """What a job told, was to tell, and how each attempt went; in order."""
        connection = self._database.connection()
        rows = connection.execute(
            "SELECT * FROM webhook_outbox WHERE job_id = ? ORDER BY number", (job_id,)
        ).fetchall()
        return [
            {
                "event_id": row["event_id"],
                "event_type": row["event_type"],
                "endpoint": row["place"],
                "origin": row["origin"],
                "state": row["state"],
                "occurred_at": _text(row["occurred_at"]),
                "attempts": [
                    dict(attempt)
                    for attempt in connection.execute(
                        "SELECT attempt, started_at, seconds, status, problem FROM webhook_attempts WHERE event = ? ORDER BY attempt",
                        (row["number"],),
                    ).fetchall()
                ],
            }
            for row in rows
        ]

    def prune(self) -> None:
        """Forget settled events that are older than `KEPT_DAYS`."""
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM webhook_outbox WHERE state <> 'open' AND occurred_at < ?",
                (time.time() - KEPT_DAYS * 86400,),
            )


def _delivery(row: sqlite3.Row) -> Delivery:
    values = {name: row[name] for name in Delivery.__slots__}
    return Delivery(**{**values, "endpoint": Endpoint(**json.loads(row["endpoint"]))})


def _text(seconds: float) -> str:
    return wire_text(datetime.fromtimestamp(seconds, UTC))
