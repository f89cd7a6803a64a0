"""Who is alive: a kernel lock that ends with its process, however that ends; never a time.

A process that is stopped (SIGSTOP, a laptop's lid) holds its lock, and so what it was at. A lock file is made under another name and renamed when
it is locked, so nobody ever sees one that is not held by its maker; a lock file that is gone, or that can be locked, is that of a dead process.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
import weakref
from contextlib import suppress
from pathlib import Path

from extract_bridge.core.errors import ConfigurationError

if sys.platform != "win32":
    import fcntl

_BOOT = Path("/proc/sys/kernel/random/boot_id")  # only Linux tells
_present: weakref.WeakSet[Presence] = weakref.WeakSet()


class Presence:
    """This process, alive until it ends or `leave`.

    Args:
        folder: Of the lock files; made where it is missing.

    Attributes:
        id: A fresh random name.

    Raises:
        ConfigurationError: this system has no such locks.
    """

    def __init__(self, folder: Path) -> None:
        if sys.platform == "win32":
            raise ConfigurationError(
                "a ledger needs kernel locks that this system does not have",
                where="ledger",
                hint="Use Linux or macOS, or go without ledger=",
            )
        self.id = secrets.token_hex(8)
        folder.mkdir(mode=0o700, exist_ok=True)
        unlocked = folder / f"{self.id}.new"
        self._descriptor = os.open(unlocked, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        unlocked.rename(folder / f"{self.id}.lock")
        _present.add(self)
        self._end = weakref.finalize(self, _end, folder / f"{self.id}.lock", self._descriptor, os.getpid())

    def leave(self) -> None:
        """This process is no longer at anything."""
        self._end()

    def forget(self) -> None:
        """In the child of a fork: the lock is the parent's, and its copy here would outlive it."""
        if self._end.detach() is not None:
            os.close(self._descriptor)


def is_alive(folder: Path, owner: str) -> bool:
    """Whether that process of this machine still runs, stopped ones included."""
    try:
        descriptor = os.open(folder / f"{owner}.lock", os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(
            descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB
        )  # shared: who asks at the same time does not see the other
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def sweep(folder: Path) -> None:
    """Remove the lock files of the dead."""
    for path in folder.glob("*.lock"):
        if not is_alive(folder, path.stem):
            path.unlink(missing_ok=True)


def host_name() -> str:
    """This machine's name."""
    return socket.gethostname()


def boot_name() -> str:
    """This start of this machine's kernel; empty where nobody tells. Machines that share it share their locks."""
    with suppress(OSError):
        return _BOOT.read_text().strip()
    return ""


def _end(path: Path, descriptor: int, pid: int) -> None:
    if os.getpid() != pid:
        return
    path.unlink(missing_ok=True)  # before the lock goes: nobody can find it unlocked in between
    with suppress(OSError):
        os.close(descriptor)


def _forget_all() -> None:
    for presence in list(_present):
        presence.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
