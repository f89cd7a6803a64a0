"""Which job belongs to which call, so that the same question about the same document is one job."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from typing import Any

_REMEMBERED = 1024


class JobBook:
    """Jobs by key, and who is at work on a key now. Thread-safe; copies and pickles are empty books."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, str] = OrderedDict()
        self._busy: dict[str, Future[None]] = {}

    def enter(self, key: str) -> Future[None] | None:
        """Begin work on a key: None if the caller may, else a future that is done when it may ask again."""
        with self._lock:
            busy = self._busy.get(key)
            if busy is None:
                self._busy[key] = Future()
            return busy

    def leave(self, key: str) -> None:
        """End the work that `enter` began."""
        with self._lock:
            busy = self._busy.pop(key)
        busy.set_result(None)

    def job_id(self, key: str) -> str | None:
        """The job of a key, if there is one that may still be asked."""
        with self._lock:
            return self._jobs.get(key)

    def remember(self, key: str, job_id: str) -> None:
        """Bind a job to a key; the oldest bindings are forgotten first."""
        with self._lock:
            self._jobs[key] = job_id
            self._jobs.move_to_end(key)
            if len(self._jobs) > _REMEMBERED:
                self._jobs.popitem(last=False)

    def forget(self, key: str) -> None:
        """Unbind a key: its job failed, was cancelled, or is gone."""
        with self._lock:
            self._jobs.pop(key, None)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), ()
