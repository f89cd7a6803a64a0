"""`Ledger`: what was extracted, what is on its way, and what was paid, in one file that several processes share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from extract_bridge.bulk.ledger import care, claims, entries
from extract_bridge.bulk.ledger.accounts import Accounts
from extract_bridge.bulk.ledger.claims import Rules
from extract_bridge.bulk.ledger.shelf import Shelf
from extract_bridge.bulk.ledger.visit import LedgerVisit

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from extract_bridge.bulk.ledger.entries import LedgerEntry
    from extract_bridge.client.keeping import Question
    from extract_bridge.core.records.model import ExtractedRecord
    from extract_bridge.core.wire.jobs import ExtractV2Job


class Ledger:
    """Extracts no document twice, and loses none: pass it as `ledger=`.

    Each attempt is written down before anything is sent, its file before its job is created, its job before anybody waits for it, and its
    result before anybody gets it. A process that is killed at any point is followed by the next that asks for the same document, which takes
    up what was left: a job in flight is joined, one whose answer was lost is looked for at the service, by a file that no other job has.

    A result answers for the same bytes (under whatever name), the same configuration, service and project. It is used again by default;
    FAILED, CANCELLED and doubtful jobs, and those that report an error in their evidence, never are. One that FAILED is only tried again with
    `retry_failed`. Where no `version` is pinned, results of a version that the service no longer uses are extracted anew.

    Threads, tasks and processes of one machine may share it; a forked or unpickled one opens the file again. The schema of the file is described in
    `extract_bridge.bulk.ledger.schema`.

    Args:
        path: The file; made where it is missing, readable by its owner only, for it holds results. Not on a network file system.

    Raises:
        ConfigurationError: a newer version wrote it (`newer_format`), it is something else, or lies where no ledger can.
        StorageError: it is locked, read-only or damaged, or the disk is full.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._shelf = Shelf(Path(os.path.abspath(os.fspath(path))))  # noqa: PTH100 - links stay as they are; a changed folder must not move it
        self._accounts = Accounts(self._shelf)

    def terms(
        self, *, reuse: str = "same", max_age: float | None = None, retry_failed: bool = False
    ) -> Terms:
        """This ledger for one call, which may be about many documents.

        Args:
            reuse: `same`: one job for the same bytes and configuration; `never`: each document gets a job of its own.
            max_age: Seconds since a result was kept, beyond which it does not count.
            retry_failed: Make a new job, and pay for it, where the last one ended FAILED.

        Raises:
            ConfigurationError: `reuse` is neither, or `max_age` is negative.
        """
        rules = Rules(reuse, max_age, retry_failed)
        with self._shelf.read() as connection:
            last = connection.execute("SELECT coalesce(max(seq), 0) FROM attempts").fetchone()[0]
        return Terms(self, Rules(rules.reuse, rules.max_age, rules.retry_failed, last))

    def visit(self) -> LedgerVisit:
        """One document's way through it, on the usual terms."""
        return self.terms().visit()

    def entries(self, *, states: Iterable[str] = (), newest_first: bool = False) -> Iterator[LedgerEntry]:
        """Every attempt, in the order in which they began.

        Args:
            states: Only these; see `LedgerEntry.state`.
            newest_first: The other way round.
        """
        return entries.entries(self._shelf, states=tuple(states), newest_first=newest_first)

    def entry(self, name: str) -> LedgerEntry | None:
        """One attempt, by its own id or its job's; None where there is none."""
        with self._shelf.read() as connection:
            row = _row(connection, name)
            return None if row is None else entries.entry_of(self._shelf, connection, row)

    def job(self, name: str) -> ExtractV2Job | None:
        """A finished job as it was kept, by its id or its attempt's; None where none is kept."""
        with self._shelf.read() as connection:
            row = _row(connection, name)
            if row is None or row["state"] != "final":
                return None
            return entries.job_as(
                connection, row, next(iter(entries.sources_of(connection, row["id"])), None)
            )

    def record(self, record_id: str) -> ExtractedRecord | None:
        """A record with all its evidence, boxes included, by the `record_id` that Documents and Nodes carry; None where it is not known.

        Of several that are the same thing (a file that was edited), the last one.
        """
        return entries.find_record(self._shelf, record_id)

    def export(self, out: str | os.PathLike[str] | IO[str]) -> int:
        """Write what was extracted as JSON lines: one for each document under each of its names, with its records.

        Args:
            out: A path, which then has the whole file or stays as it was; or a text file that is open.

        Returns:
            How many lines there are.
        """
        if not isinstance(out, (str, os.PathLike)):
            return care.export(self._shelf, out)
        with care.whole_file(Path(out)) as file:
            return care.export(self._shelf, file)

    def prune(self, *, older_than: float) -> int:
        """Forget attempts that ended longer ago, with their results; they would be extracted and paid again. How many those were.

        Args:
            older_than: Seconds. What is not over, or owed to `collect`, stays whatever its age.
        """
        return care.prune(self._shelf, older_than)

    def check(self) -> list[str]:
        """Read the whole file and say what is wrong with it, one sentence each; empty for a sound one."""
        return care.check(self._shelf)

    def resolve(self, attempt_id: str, *, job_id: str | None) -> bool:
        """Say what became of a doubtful attempt, where only a person can tell: one at a file id, whose jobs may be anybody's.

        Args:
            attempt_id: Of an entry whose state is `doubtful`.
            job_id: The job that it made; None: there is none, and the next who asks makes one.

        Returns:
            Whether there was such an attempt.
        """
        return care.resolve(self._shelf, attempt_id, job_id)

    def recover(self) -> int:
        """Give back what other machines were at; how many attempts. Only when those machines are gone for good.

        What processes of this machine left needs no call: whoever asks next takes it up.
        """
        return care.recover(self._shelf)

    def close(self) -> None:
        """Close the file. Optional; no call may be under way."""
        self._shelf.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Ledger({self._shelf.path.name!r})"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: object) -> Self:
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ledger) and self._shelf.path == other._shelf.path

    def __hash__(self) -> int:
        return hash(self._shelf.path)

    def __reduce__(self) -> tuple[Any, ...]:
        return Ledger, (os.fspath(self._shelf.path),)


class Terms:
    """A ledger for one call; see `Ledger.terms`."""

    def __init__(self, ledger: Ledger, rules: Rules) -> None:
        self.ledger = ledger
        self._rules = rules

    def visit(self) -> LedgerVisit:
        """One document's way through the ledger."""
        return LedgerVisit(self.ledger._shelf, self.ledger._accounts, self._rules)  # noqa: SLF001 - one thing

    def is_paid(self, question: Question) -> bool:
        """Whether no new job would be made, as far as the ledger knows; for a plan, nothing is claimed."""
        with self.ledger._shelf.read() as connection:  # noqa: SLF001 - one thing
            return claims.is_paid(connection, question, self._rules)


def _row(connection: sqlite3.Connection, name: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM attempts WHERE id = ?1 OR job_id = ?1 ORDER BY seq DESC LIMIT 1", (name,)
    ).fetchone()
    return row
