"""SQLite as this package uses it: one connection a thread, none across a fork, numbered forward migrations.

The job store of the local service and the ledger stand on it. Before a file is brought to a newer format it is copied beside itself, as
`<name>.format-<number>.bak`. To go back to it: stop whatever uses the file, delete `<name>`, `<name>-wal` and `<name>-shm`, and rename the
copy to `<name>`.

Longer than most modules: `sqlite3` has this one home, so what opens a file, what guards it and what its errors mean stand side by side.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
import weakref
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from extract_bridge.core.errors import ConfigurationError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_T = TypeVar("_T")

Migration = tuple[str, ...]
"""The statements of one step; its number is its place in the list, from 1."""

_BUSY_SECONDS = 10.0
_MOUNTS = Path("/proc/self/mountinfo")  # only Linux tells

# Write-ahead logs need memory that all users of the file share, and locks that hold: these promise neither.
_NETWORK = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "gpfs",
        "beegfs",
        "davfs",
        "ncpfs",
    }
)
_NETWORK_FUSE = frozenset({"sshfs", "glusterfs", "davfs2", "s3fs", "gcsfuse", "rclone", "ceph", "juicefs"})


class Database:
    """One SQLite file with its schema brought up to date.

    Args:
        path: The file; made where it is missing, readable by its owner only.
        migrations: Every step since the first release, oldest first; released steps never change.
        durable: False for a file that does not outlive its process: nothing is forced to disk.
        patience: Seconds that a write waits for other writers, a process that was stopped in the middle of one among them.

    Raises:
        ConfigurationError: the file was written by a newer version, is no database, or lies on a network file system; it is left as
            it is.
    """

    def __init__(
        self,
        path: Path,
        migrations: Sequence[Migration],
        *,
        durable: bool = True,
        patience: float = _BUSY_SECONDS,
    ) -> None:
        self._path = path
        self._durable = durable
        self._patience = patience
        self._pid = os.getpid()
        self._local = threading.local()
        self._open: weakref.WeakSet[_Handle] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._closed = False
        self._group = threading.Lock()
        self._arrived: list[_Accept] = []
        if durable:
            _refuse_network(path)
        _refuse_newer(path, len(migrations))
        path.touch(mode=0o600)
        _migrate(self.connection(), migrations, path)

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
            self._begin(connection)
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

    def _begin(self, connection: sqlite3.Connection) -> None:
        """Take the write lock now: a transaction that read first could not wait for it later."""
        deadline = time.monotonic() + self._patience
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                    raise
            else:
                return

    def write_together(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """One durable write that shares its commit, and so its wait for the disk, with those that arrive while the disk is busy.

        Args:
            work: Called once with the connection of whichever thread commits, between savepoints: an error of one undoes only
                that one.

        Returns:
            What `work` returned, once it is on disk.
        """
        mine = _Accept(work)
        with self._lock:
            self._arrived.append(mine)
        with self._group:  # who waits here gathers: the next to enter commits for all of them
            if not mine.done:
                self._commit_arrived()
        if mine.error is not None:
            raise mine.error
        result: _T = mine.result
        return result

    def _commit_arrived(self) -> None:
        with self._lock:
            batch, self._arrived = self._arrived, []
        try:
            with self.write(durable=True) as connection:
                for accept in batch:
                    accept.run(connection)
        except BaseException as error:
            for accept in batch:
                accept.error = accept.error or error
            raise
        finally:
            for accept in batch:
                accept.done = True

    def close(self) -> None:
        """Close every thread's connection; nobody may be using one."""
        with self._lock:
            self._closed = True
            handles = list(self._open)
            self._open.clear()
        if os.getpid() == self._pid:
            for handle in handles:
                handle.close()


def application_of(path: Path) -> int | None:
    """Whose database a file is, by its `application_id`; None for one that is not there, or holds nothing yet."""
    if not path.exists() or not path.stat().st_size:
        return None
    try:
        return _application_in(path, "ro")
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_READONLY:
            raise
        return _application_in(
            path, "rw"
        )  # a process was killed while it wrote: that has to be undone before it can be read


def _application_in(path: Path, mode: str) -> int | None:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=_BUSY_SECONDS)
    try:
        if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
            return None
        found: int = connection.execute("PRAGMA application_id").fetchone()[0]
        return found
    finally:
        connection.close()


_SAID = {
    sqlite3.SQLITE_BUSY: (
        "storage_locked",
        "another process has held it for long",
        "Call again when that one is done",
    ),
    sqlite3.SQLITE_LOCKED: ("storage_locked", "another call holds it", "Call again when that one is done"),
    sqlite3.SQLITE_READONLY: (
        "storage_read_only",
        "it cannot be written",
        "Check the permissions of the file and its folder",
    ),
    sqlite3.SQLITE_PERM: (
        "storage_read_only",
        "it cannot be written",
        "Check the permissions of the file and its folder",
    ),
    sqlite3.SQLITE_FULL: (
        "storage_full",
        "the disk is full",
        "Make room and call again: nothing that was written is lost",
    ),
    sqlite3.SQLITE_CORRUPT: ("storage_damaged", "it is damaged", "Keep it, and put a copy in its place"),
    sqlite3.SQLITE_NOTADB: ("storage_damaged", "it is no database", "Choose another file"),
}
_UNREADABLE = (
    "storage_unreadable",
    "it cannot be read or written",
    "Check the file, its folder and the disk",
)


@contextmanager
def storage_errors(name: str) -> Iterator[None]:
    """What SQLite and the file system say, as `StorageError`.

    Args:
        name: The file's, without folders, for messages.
    """
    try:
        yield
    except sqlite3.Error as error:
        known = getattr(error, "sqlite_errorcode", 0) & 0xFF
        code, said, hint = _SAID.get(known, _UNREADABLE)
        raise StorageError(said, code=code, where=name, hint=hint) from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        denied = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
        number = sqlite3.SQLITE_FULL if full else sqlite3.SQLITE_READONLY if denied else 0
        code, said, hint = _SAID.get(number, _UNREADABLE)
        raise StorageError(said, code=code, where=name, hint=hint) from error


class _Accept:
    """One of the writes of a group."""

    def __init__(self, work: Callable[[sqlite3.Connection], Any]) -> None:
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = None
        self._work = work

    def run(self, connection: sqlite3.Connection) -> None:
        """Do it, or undo it and keep its error for its caller."""
        connection.execute("SAVEPOINT one")
        try:
            self.result = self._work(connection)
        except Exception as error:  # noqa: BLE001 -- belongs to the caller, who raises it
            self.error = error
            if (
                connection.in_transaction
            ):  # a full disk may have ended the whole transaction: the next statement says so
                connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")


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


def _refuse_network(path: Path) -> None:
    try:
        mounts = _MOUNTS.read_text("utf-8", "replace")
        device = path.parent.stat().st_dev
    except OSError:
        return
    kind = file_system_of(device, mounts)
    if kind in _NETWORK or (kind.startswith("fuse.") and kind.removeprefix("fuse.") in _NETWORK_FUSE):
        raise ConfigurationError(
            f"the folder lies on a network file system ({kind}), where a database can be damaged",
            code="network_file_system",
            where=path.name,
            hint="Choose a folder on a disk of this machine",
        )


def file_system_of(device: int, mounts: str) -> str:
    """The file system of a device by the text of `/proc/self/mountinfo`, for example `ext4`; empty where it is not listed."""
    number = f"{os.major(device)}:{os.minor(device)}"
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        if before.split(" ")[2:3] == [number] and after:
            return after.split(" ", 1)[0]
    return ""


def _refuse_newer(path: Path, known: int) -> None:
    """Look at the version before anything writes to the file."""
    if not path.exists() or not path.stat().st_size:
        return
    with suppress(sqlite3.OperationalError):  # a writer holds it: the check inside the migration decides
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)
        try:
            _check_version(connection, known, path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            raise ConfigurationError(
                "this file is no database of ours", where=path.name, hint="Choose another folder"
            ) from None
        finally:
            connection.close()


def _check_version(connection: sqlite3.Connection, known: int, path: Path) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > known:
        hint = "Install a newer extract-bridge, or choose another folder"
        copies = [copy.name for number in range(1, known + 1) if (copy := copy_of(path, number)).exists()]
        if copies:
            hint += (
                f". Or go back to the copy made before the upgrade: delete {path.name}, {path.name}-wal and {path.name}-shm,"
                f" and rename {copies[-1]} to {path.name}"
            )
        raise ConfigurationError(
            f"this file has format {version}, and this version of extract-bridge knows formats up to {known}",
            code="newer_format",
            where=path.name,
            hint=hint,
        )
    return version


def copy_of(path: Path, number: int) -> Path:
    """Where the copy lies that is made before a file of that format is brought to a newer one."""
    return path.with_name(f"{path.name}.format-{number}.bak")


def _copy(path: Path, number: int) -> None:
    """Copy the file as last committed, whole or not at all; the caller holds the write lock, so nothing is committed meanwhile."""
    target = copy_of(path, number)
    unfinished = target.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as sink:
        source.backup(sink)
        sink.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    descriptor = os.open(unfinished, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    unfinished.replace(target)


def _migrate(connection: sqlite3.Connection, migrations: Sequence[Migration], path: Path) -> None:
    if _check_version(connection, len(migrations), path) == len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read again under the lock: another process may have done it meanwhile.
        version = _check_version(connection, len(migrations), path)
        if 0 < version < len(migrations):
            _copy(path, version)
        for number, statements in enumerate(migrations[version:], start=version + 1):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
