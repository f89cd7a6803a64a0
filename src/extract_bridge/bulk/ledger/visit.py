"""One document's way through the ledger: each step is one transaction, and changes only what it finds as it left it."""

from __future__ import annotations

import json
import threading
import time
import uuid
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk.ledger import claims
from extract_bridge.bulk.ledger.claims import Asker
from extract_bridge.client.keeping import Attempt, Busy, Claim
from extract_bridge.core.errors import ExtractError, StorageError
from extract_bridge.core.pricing import Budget, billed_credits

if TYPE_CHECKING:
    import sqlite3

    from extract_bridge.bulk.ledger.accounts import Accounts
    from extract_bridge.bulk.ledger.claims import Rules
    from extract_bridge.bulk.ledger.shelf import Shelf
    from extract_bridge.client.keeping import Held, Purse, Question
    from extract_bridge.core.errors import APIError
    from extract_bridge.core.pricing import Estimate
    from extract_bridge.core.wire.jobs import ExtractV2Job
_PATIENCE = 5.0  # seconds for a claim of the same call to end


class LedgerVisit:
    """See `extract_bridge.client.keeping.Visit`, whose words these methods have.

    Args:
        shelf: The open ledger.
        accounts: Where its budgets are kept.
        rules: What the call takes from the ledger.
    """

    def __init__(self, shelf: Shelf, accounts: Accounts, rules: Rules) -> None:
        self._shelf, self._accounts, self._rules = shelf, accounts, rules
        self._visit = uuid.uuid4().hex
        self._lock = (
            threading.Lock()
        )  # a claim that goes on after its call was cancelled ends before the call is forsaken
        self._gone = False
        self._owner: str | None = None
        self._attempt: str | None = None
        self._sent = False
        self._held: Held | None = None

    @classmethod
    def to(cls, shelf: Shelf, accounts: Accounts, attempt_id: str) -> LedgerVisit:
        """A visit to an attempt that is known, to tell what became of it; it is not this call's."""
        visit = cls(shelf, accounts, claims.Rules())
        visit._attempt = attempt_id
        return visit

    def claim(self, question: Question) -> Claim:
        """The ledger's answer, or an attempt for this call to carry on."""
        with self._lock:
            if self._gone:
                return Busy()  # nobody listens any more
            with self._shelf.read() as connection:
                kept = claims.kept_answer(connection, question, self._rules)
                if kept is not None and claims.has_source(connection, kept[0], question):
                    return self._claimed(*kept)
            self._shelf.enter(self._visit)
            with self._shelf.write() as connection:
                self._owner = self._shelf.owner(connection)
                standing = partial(self._shelf.standing, connection)
                attempt_id, found = claims.claim(
                    connection, question, self._rules, Asker(self._owner, self._visit, standing)
                )
                claims.add_source(connection, attempt_id, question)
                # Set before the commit: an interrupted one is given back, whether it was carried out or not.
                self._attempt = attempt_id
            return self._claimed(attempt_id, found)

    def _claimed(self, attempt_id: str, found: Claim) -> Claim:
        self._attempt = attempt_id
        if not isinstance(found, (Attempt, Busy)):
            self._shelf.exit(self._visit)
        return found

    def reserve(self, budget: Purse, estimate: Estimate, *, where: str | None) -> None:
        """Set aside what the attempt will cost."""
        if isinstance(budget, Budget):
            budget.reserve_in(self._accounts, self._attempt or "", estimate, where=where)
        else:
            self._held = budget.reserve(estimate, where=where)

    def sending(self, file_input: str, *, own: bool) -> None:
        """On disk before the create is sent; refused where the attempt is not this call's."""
        values = {**self._names(), "file_input": file_input, "own": own, "now": time.time()}

        def send(connection: sqlite3.Connection) -> None:
            changed = connection.execute(
                "UPDATE attempts SET state = 'sending', file_input = :file_input, own = :own, sends = 1, sent_at = :now"
                " WHERE id = :id AND owner = :owner AND visit = :visit AND state = 'intent'",
                values,
            ).rowcount
            if not changed:
                raise StorageError(
                    "another process took this document over, so nothing was sent",
                    code="storage_taken",
                    hint="Leave the ledger's .owners folder alone; call again",
                )

        self._sent = True
        self._shelf.write_durably(send)

    def created(self, job: ExtractV2Job, *, sends: int) -> None:
        """The job is known."""
        attempt_id = self._attempt

        # Not forced to the disk, like all that follows: what a loss of power takes back is asked of the service again, at no cost.
        with self._shelf.write() as connection:
            changed = connection.execute(
                "UPDATE attempts SET job_id = ?, sends = max(sends, ?), state = 'sent', error_code = NULL, error = NULL"
                " WHERE id = ? AND state IN ('sending', 'void') AND job_id IS NULL",
                (job.id, sends, attempt_id),
            ).rowcount
            if not changed:
                _also(connection, attempt_id, job.id)

    def finished(self, job: ExtractV2Job) -> None:
        """State, bill and result, in one commit."""
        billed = billed_credits(job)
        body = zlib.compress(json.dumps(job.to_dict(), ensure_ascii=False, separators=(",", ":")).encode(), 6)
        echo = job.configuration
        values: dict[str, Any] = {
            "id": self._attempt,
            "job_id": job.id,
            "status": job.status,
            "version": (echo.version or echo.extract_version) if echo else None,
            "reusable": claims.is_clean(job),
            "duplicates": json.dumps(job.duplicates),
            "credits": billed,
            "now": time.time(),
        }

        with self._shelf.write() as connection:
            changed = connection.execute(
                "UPDATE attempts SET state = 'final', job_id = :job_id, status = :status, version = :version, reusable = :reusable,"
                " duplicates = :duplicates, credits = :credits, finished_at = :now, owner = NULL, visit = NULL,"
                " error_code = NULL, error = NULL, owed = CASE owed WHEN 2 THEN 2 ELSE 0 END"
                " WHERE id = :id AND state IN ('intent', 'sending', 'sent', 'lost')",
                values,
            ).rowcount
            if changed:
                connection.execute("INSERT OR REPLACE INTO results VALUES (?, ?)", (self._attempt, body))
                self._accounts.settle(connection, self._attempt or "", billed, 1 + len(job.duplicates))
            connection.execute("DELETE FROM waiters WHERE attempt_id = ?", (self._attempt,))
        self._shelf.exit(self._visit)
        if self._held is not None:
            self._held.settle(billed)

    def void(self, error: APIError) -> None:
        """There surely was no job."""
        with self._shelf.write() as connection:
            row = connection.execute(
                "SELECT 1 FROM attempts WHERE id = :id AND owner = :owner AND visit = :visit AND state = 'sending'",
                self._names(),
            ).fetchone()
            if row is not None:
                claims.void(connection, self._attempt or "", error.code, error.message)

    def lost(self) -> None:
        """The service forgot the job; what it cost stays as it was estimated."""
        with self._shelf.write() as connection:
            connection.execute(
                "UPDATE attempts SET state = 'lost', owner = NULL, visit = NULL, error_code = 'not_found',"
                " error = 'the service knows the job no more' WHERE id = ? AND state = 'sent'",
                (self._attempt,),
            )
            self._accounts.settle(connection, self._attempt or "", None)

    def promise(self) -> None:
        """`collect` is to give this attempt's result."""
        with self._shelf.write() as connection:
            connection.execute("UPDATE attempts SET owed = 2 WHERE id = ?", (self._attempt,))

    def given(self) -> None:
        """`collect` gave it."""
        with self._shelf.write() as connection:
            connection.execute("UPDATE attempts SET owed = 0 WHERE id = ?", (self._attempt,))

    def forsake(
        self, job_id: str | None = None, error: Exception | None = None, *, refused: bool = False
    ) -> None:
        """This call is no longer at it."""
        # Not for ever: the collector calls this too, from a thread that a claim which is still under way may be waiting for.
        locked = self._lock.acquire(timeout=_PATIENCE)
        try:
            if self._gone:
                return
            self._gone = True
            if locked and self._owner is not None and self._attempt is not None:
                with self._shelf.write() as connection:
                    self._give_back(connection, job_id, error, refused=refused)
        finally:
            self._shelf.exit(self._visit)
            self._let_go(refused=refused and job_id is None)
            if locked:
                self._lock.release()

    def leave(self, job_id: str | None = None) -> tuple[bool, str | None]:
        """The call was cancelled; whether nobody else waits, and the attempt's own file if a create may have been sent."""
        with self._lock:
            if self._gone or self._owner is None or self._attempt is None:
                self._gone = True
                return False, None
            self._gone = True
            try:
                with self._shelf.write() as connection:
                    before = self._give_back(connection, job_id, None, refused=False)
                    alone = before is not None and not self._others(connection)
                    if alone:
                        connection.execute(
                            "UPDATE attempts SET abandoned = 1, owed = 0 WHERE id = ? AND state IN ('sending', 'sent')",
                            (self._attempt,),
                        )
            finally:
                self._shelf.exit(self._visit)
                self._let_go(refused=False)
        posted = before is not None and before["state"] == "sending" and before["own"]
        return alone, before["file_input"] if posted and before is not None else None

    def _give_back(
        self, connection: sqlite3.Connection, job_id: str | None, error: Exception | None, *, refused: bool
    ) -> sqlite3.Row | None:
        """The attempt as it was, if it is still open; the next who asks may carry it on."""
        connection.execute(
            "DELETE FROM waiters WHERE attempt_id = :id AND owner = :owner AND visit = :visit", self._names()
        )
        row: sqlite3.Row | None = connection.execute(
            "SELECT * FROM attempts WHERE id = ? AND state IN ('intent', 'sending', 'sent')",
            (self._attempt,),
        ).fetchone()
        if row is None or (row["owner"], row["visit"]) != (self._owner, self._visit):
            return row
        code, said = _told(error)
        if row["state"] == "intent" or (row["state"] == "sending" and refused and job_id is None):
            claims.void(
                connection, row["id"], code or "left", said or "the call ended before a create was sent"
            )
            return row
        state = "sent" if job_id or row["job_id"] else "sending"
        connection.execute(
            "UPDATE attempts SET state = ?, job_id = coalesce(job_id, ?), owner = NULL, visit = NULL, error_code = ?, error = ?,"
            " owed = max(owed, 1) WHERE id = ?",
            (state, job_id, code, said, row["id"]),
        )
        return row

    def _others(self, connection: sqlite3.Connection) -> bool:
        """Whether anybody alive still waits for the attempt."""
        rows = connection.execute(
            "SELECT owner, visit FROM waiters WHERE attempt_id = ?", (self._attempt,)
        ).fetchall()
        return any(self._shelf.standing(connection, row["owner"], row["visit"]) != "nobody" for row in rows)

    def _let_go(self, *, refused: bool) -> None:
        if self._held is not None and (refused or not self._sent):
            self._held.release()
        elif self._held is not None:
            self._held.settle(None)

    def _names(self) -> dict[str, Any]:
        return {"id": self._attempt, "owner": self._owner, "visit": self._visit}


def _also(connection: sqlite3.Connection, attempt_id: str | None, job_id: str) -> None:
    """A job of an attempt that has another one: said, never dropped."""
    row = connection.execute("SELECT job_id, duplicates FROM attempts WHERE id = ?", (attempt_id,)).fetchone()
    if row is None or row["job_id"] in (None, job_id):
        return
    known = json.loads(row["duplicates"])
    if job_id not in known:
        connection.execute(
            "UPDATE attempts SET duplicates = ? WHERE id = ?", (json.dumps([*known, job_id]), attempt_id)
        )


def _told(error: Exception | None) -> tuple[str | None, str | None]:
    if error is None:
        return None, None
    if isinstance(error, ExtractError):
        return error.code, error.message
    return "interrupted", type(error).__name__
