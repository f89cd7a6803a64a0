"""The ledger's open file: its database, and this process's presence at it. Survives a fork: the child opens both anew."""

from __future__ import annotations

import os
import threading
import time
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from extract_bridge.bulk.ledger import owners
from extract_bridge.bulk.ledger.schema import APPLICATION, MIGRATIONS
from extract_bridge.core.errors import ConfigurationError
from extract_bridge.sqlite import Database, application_of, storage_errors

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

T = TypeVar("T")
_PATIENCE = (
    60.0  # seconds that a write waits: as long as a process may have been stopped in the middle of one
)


_shelves: weakref.WeakSet[Shelf] = weakref.WeakSet()


class Shelf:
    """One ledger file as this process has it open.

    Args:
        path: The file; its folder must exist.

    Attributes:
        path: The file.
        folder: Of the lock files.

    Raises:
        ConfigurationError: it was written by a newer version, lies on a network file system, or is a database of something else.
        StorageError: it cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = path.with_name(f"{path.name}.owners")
        self._lock, self._turn = threading.Lock(), threading.RLock()
        self._open()
        _shelves.add(self)

    def _open(self) -> None:
        self._pid = os.getpid()
        self._presence: owners.Presence | None = None
        self._visits: set[str] = set()
        with storage_errors(self.path.name):
            if not self.path.parent.is_dir():
                raise ConfigurationError(
                    "the ledger's folder is not there",
                    where=self.path.name,
                    hint="Make it, or choose another",
                )
            if application_of(self.path) not in (None, APPLICATION):
                raise ConfigurationError(
                    "this database is no ledger",
                    where=self.path.name,
                    hint="Choose another file for the ledger",
                )
            self._database = Database(self.path, MIGRATIONS, patience=_PATIENCE)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with."""
        with storage_errors(self.path.name):
            yield self._of_this_process().connection()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One write transaction; it survives a killed process. Threads of this one take turns: SQLite lets who waits only try again.

        A write inside another of the same thread fails, and does not hang: the collector may close a flow that was dropped at any moment.
        """
        with storage_errors(self.path.name), self._turn, self._of_this_process().write() as connection:
            yield connection

    def write_durably(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """One write that also survives a loss of power; those that arrive together share their wait for the disk."""
        with storage_errors(self.path.name):
            return self._of_this_process().write_together(work)

    def owner(self, connection: sqlite3.Connection) -> str:
        """This process's name in the ledger; its presence begins with it, and is written with what needs it."""
        with self._lock:
            if self._presence is None:
                with storage_errors(self.path.name):
                    owners.sweep(self.folder)
                    self._presence = owners.Presence(self.folder)
            name = self._presence.id
        connection.execute(
            "INSERT OR IGNORE INTO owners VALUES (?, ?, ?, ?, ?)",
            (name, owners.host_name(), owners.boot_name(), os.getpid(), time.time()),
        )
        return name

    def enter(self, visit: str) -> None:
        """A call of this process begins."""
        self._of_this_process()
        self._visits.add(visit)

    def exit(self, visit: str) -> None:
        """It is no longer at anything, whether that could be written or not."""
        self._visits.discard(visit)

    def standing(self, connection: sqlite3.Connection, owner: str | None, visit: str | None) -> str:
        """Who is at it: `nobody`, `here` (a call of this process), `there` (another process), `elsewhere` (another machine)."""
        if owner is None:
            return "nobody"
        presence = self._presence
        if presence is not None and owner == presence.id:
            return "here" if visit in self._visits else "nobody"
        row = connection.execute("SELECT host, boot FROM owners WHERE id = ?", (owner,)).fetchone()
        if row is None:
            return "nobody"
        # A shared kernel shares its locks; of this machine before it was started again, no lock is left.
        if row["boot"] != owners.boot_name() and row["host"] != owners.host_name():
            return "elsewhere"
        return "there" if owners.is_alive(self.folder, owner) else "nobody"

    def close(self) -> None:
        """Close the file; no call may be under way."""
        if self._pid == os.getpid():
            if self._presence is not None:
                self._presence.leave()
            self._database.close()

    def _of_this_process(self) -> Database:
        if self._pid != os.getpid():
            with self._lock:
                if self._pid != os.getpid():
                    self._open()
        return self._database

    def __reduce__(self) -> tuple[Any, ...]:
        return Shelf, (self.path,)


def _new_locks() -> None:
    for shelf in list(_shelves):
        # Another thread may have held them in the parent.
        shelf._lock, shelf._turn = threading.Lock(), threading.RLock()  # noqa: SLF001 - one thing


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_locks)
