"""SQLite as this package uses it: one connection a thread, none across a fork, numbered forward migrations.

The job store of the local service and the ledger stand on it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Migration = tuple[str, ...]
"""The statements of one step; its number is its place in the list, from 1."""

_BUSY_SECONDS = 10.0


class Database:
    """One SQLite file with its schema brought up to date.

    Args:
        path: The file; made where it is missing, readable by its owner only.
        migrations: Every step since the first release, oldest first; released steps never change.
        durable: False for a file that does not outlive its process: nothing is forced to disk.

    Raises:
        ConfigurationError: the file was written by a newer version, or is no database; it is left as it is.
    """

    def __init__(self, path: Path, migrations: Sequence[Migration], *, durable: bool = True) -> None:
        self._path = path
        self._durable = durable
        self._pid = os.getpid()
        self._local = threading.local()
        self._open: weakref.WeakSet[_Handle] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._closed = False
        _refuse_newer(path, len(migrations))
        path.touch(mode=0o600)
        _migrate(self.connection(), migrations)

    def connection(self) -> sqlite3.Connection:
        """This thread's own connection, in autocommit mode, rows by name."""
        if os.getpid() != self._pid:
            raise RuntimeError("a database was opened before a fork; open it again in the child")
        if self._closed:
            raise RuntimeError("the database is closed")
        handle: _Handle | None = getattr(self._local, "handle", None)
        if handle is None:
            with self._lock:
                handle = self._local.handle = _Handle(_connect(self._path, durable=self._durable))
                self._open.add(handle)
        return handle.connection

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """One write transaction: committed at the end, rolled back on any error.

        Args:
            durable: The commit must survive a loss of power, not only a killed process.
        """
        connection = self.connection()
        durable = durable and self._durable
        if durable:  # can only be changed between transactions
            connection.execute("PRAGMA synchronous=FULL")
        try:
            # IMMEDIATE takes the write lock now: a transaction that read first could not wait for it later.
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        finally:
            if durable:
                connection.execute("PRAGMA synchronous=NORMAL")

    def close(self) -> None:
        """Close every thread's connection; nobody may be using one."""
        with self._lock:
            self._closed = True
            handles = list(self._open)
            self._open.clear()
        if os.getpid() == self._pid:
            for handle in handles:
                handle.close()


class _Handle:
    """Closes its connection when its thread ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._pid = os.getpid()

    def close(self) -> None:
        self.connection.close()

    def __del__(self) -> None:
        if os.getpid() == self._pid:  # SQLite forbids touching a connection that came through a fork
            self.connection.close()


def _connect(path: Path, *, durable: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path,
        isolation_level=None,  # we write BEGIN ourselves
        timeout=_BUSY_SECONDS,  # busy_timeout: wait for another writer instead of failing
        check_same_thread=False,  # used by one thread; closed by the one that stops the service
    )
    connection.row_factory = sqlite3.Row
    _use_wal(connection)
    # NORMAL loses at most the last commits on a loss of power, never the file; what must not be lost is written with FULL.
    connection.execute(f"PRAGMA synchronous={'NORMAL' if durable else 'OFF'}")
    connection.execute("PRAGMA foreign_keys=ON")  # off by default, for each connection
    connection.execute("PRAGMA trusted_schema=OFF")  # a crafted file must not call functions
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Readers never wait for the writer. The switch itself ignores busy_timeout, so two first openers need patience."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _refuse_newer(path: Path, known: int) -> None:
    """Look at the version before anything writes to the file."""
    if not path.exists() or not path.stat().st_size:
        return
    with suppress(sqlite3.OperationalError):  # a writer holds it: the check inside the migration decides
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)
        try:
            _check_version(connection, known, path.name)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            raise ConfigurationError(
                "this file is no database of ours", where=path.name, hint="Choose another folder"
            ) from None
        finally:
            connection.close()


def _check_version(connection: sqlite3.Connection, known: int, name: str) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > known:
        raise ConfigurationError(
            f"this file has format {version}, and this version of extract-bridge knows formats up to {known}",
            code="newer_format",
            where=name,
            hint="Install a newer extract-bridge, or choose another folder",
        )
    return version


def _migrate(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    name = "database"
    if _check_version(connection, len(migrations), name) == len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read again under the lock: another process may have done it meanwhile.
        version = _check_version(connection, len(migrations), name)
        for number, statements in enumerate(migrations[version:], start=version + 1):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
