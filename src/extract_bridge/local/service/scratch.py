"""Folders that end with their process: for the local service of a caller who names none."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":  # no such lock there, so stale folders are left alone
    import fcntl

_PREFIX = "extract-bridge-"
_LOCK = "alive"
_SETTLED_SECONDS = 60.0  # a younger folder may not have its lock yet


class ScratchFolder:
    """A new folder that only this user can open. A kernel lock says that its process lives.

    Attributes:
        path: Where it is.
    """

    def __init__(self) -> None:
        sweep()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._descriptor: int | None = os.open(self.path / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        if sys.platform != "win32":
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def remove(self) -> None:
        """Delete the folder and all in it."""
        self.forget()
        shutil.rmtree(self.path, ignore_errors=True)

    def forget(self) -> None:
        """Let go of the lock, for example in a forked child: there the folder is the parent's."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def sweep() -> None:
    """Delete the folders of processes that were killed."""
    if sys.platform == "win32":
        return
    for folder in Path(tempfile.gettempdir()).glob(_PREFIX + "*"):
        with suppress(OSError):
            if _is_stale(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_stale(folder: Path) -> bool:
    if sys.platform == "win32":
        return False
    status = folder.lstat()
    ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    if not ours or time.time() - status.st_mtime < _SETTLED_SECONDS:
        return False
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
