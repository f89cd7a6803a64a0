"""Who is alive on a folder: a kernel lock that ends with its process, however that ends.

The first service on a folder holds the lock alone for a moment, so it knows that whoever held a lease is dead, and takes the jobs back
at once. After that it shares the lock with any other service that opens the folder: they share the jobs by leases, and a job of one that
dies is taken over when its lease runs out.
"""

from __future__ import annotations

import os
import sys
import weakref
from typing import TYPE_CHECKING

if sys.platform != "win32":  # no such lock there: leases run out by time
    import fcntl

if TYPE_CHECKING:
    from pathlib import Path

_LOCK = "service.lock"
_present: weakref.WeakSet[Presence] = weakref.WeakSet()


class Presence:
    """A living service on a folder, until `leave`.

    Args:
        folder: What the service keeps its data in.

    Attributes:
        alone: No other service lived on the folder when this one came, and none can start before `share`.
    """

    def __init__(self, folder: Path) -> None:
        self.alone = False
        self._descriptor: int | None = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        _present.add(self)
        if sys.platform != "win32":
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.share()
            else:
                self.alone = True

    def share(self) -> None:
        """Let other services in; waits for one that is starting alone."""
        if sys.platform != "win32" and self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        self.alone = False

    def leave(self) -> None:
        """The service has ended."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _leave_after_fork() -> None:
    # The child's copy would keep the lock when the parent is dead; closing it leaves the parent's as it is.
    for presence in list(_present):
        presence.leave()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_after_fork)
