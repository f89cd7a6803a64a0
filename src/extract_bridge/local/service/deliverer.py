"""Takes events from the outbox to their receivers.

One thread works with the database; each delivery under way is a thread of its own that only talks to its receiver. Of several services
on one folder one delivers, so that the order holds; a kernel lock says which, and the next takes over when it ends.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import weakref
from typing import TYPE_CHECKING

from extract_bridge.local.service.outbound import post
from extract_bridge.local.service.outbox import Attempt, Delivery, Outbox
from extract_bridge.local.service.targets import TargetError, check_url, normal_host
from extract_bridge.local.service.webhooks import SavedWebhooks, message

if sys.platform != "win32":  # no such lock there: two services on one folder may both send an event
    import fcntl

if TYPE_CHECKING:
    import ssl
    from collections.abc import Collection
    from pathlib import Path

    from extract_bridge.local.service.sqlite_store import SqliteJobStore

_log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 30.0
PAUSES = (1.0, 2.0, 4.0)
_LOCK = "webhooks.lock"
_IDLE_SECONDS = 5.0
_PRUNE_SECONDS = 3600.0
_STOP_SECONDS = 0.3
_MISHAP_SECONDS = 1.0
_MOST_AT_ONCE = 8
_MOST_PER_ORIGIN = 2  # a receiver that hangs must not hold up the others


class Webhooks:
    """All that a service needs to tell of its jobs.

    Args:
        store: Whose jobs are told of.
        folder: The service's.
        opened_hosts: Hosts that may be anywhere and may speak plain http.

    Attributes:
        opened_hosts: As they are compared.
        saved: The saved endpoints.
        outbox: What is to be told.
        deliverer: Who tells it.
    """

    def __init__(self, store: SqliteJobStore, *, folder: Path, opened_hosts: Collection[str]) -> None:
        self.opened_hosts = frozenset(normal_host(host) for host in opened_hosts)
        self.saved = SavedWebhooks(store.database)
        self.outbox = Outbox(store.database)
        self.deliverer = Deliverer(self.outbox, folder=folder, opened_hosts=self.opened_hosts)
        store.observe(self.outbox.record)


class Deliverer:
    """Starts with `start`, works until `stop`.

    Args:
        outbox: What to deliver.
        folder: Where the lock is.
        opened_hosts: Hosts that may be anywhere and may speak plain http.
        timeout: Seconds that a receiver has to answer.
        pauses: Seconds to wait after the first failed attempt, the second, ….
        ssl_context: Whom to trust; the usual authorities unless given.
    """

    def __init__(
        self,
        outbox: Outbox,
        *,
        folder: Path,
        opened_hosts: Collection[str] = (),
        timeout: float = TIMEOUT_SECONDS,
        pauses: tuple[float, ...] = PAUSES,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._outbox = outbox
        self._folder = folder
        self._opened_hosts = frozenset(opened_hosts)
        self._timeout = timeout
        self._pauses = pauses
        self._ssl_context = ssl_context
        self._changed = threading.Condition()
        self._woken = False
        self._stopping = False
        self._flying: dict[int, Delivery] = {}
        self._landed: list[tuple[Delivery, Attempt]] = []
        self._thread = threading.Thread(target=self._work, name="extract-bridge-webhooks", daemon=True)

    def start(self) -> None:
        """Begin to deliver, also what an earlier service left."""
        self._outbox.on_event(self.wake)
        self._thread.start()

    def wake(self) -> None:
        """An event was written, or is about to be committed."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def stop(self) -> None:
        """Stop at once; what is under way is given a moment, and sent again by the next service if that is too short."""
        self._outbox.on_event(None)
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(2 * _STOP_SECONDS)

    def _work(self) -> None:
        lock = _SoleLock(self._folder / _LOCK)
        try:
            self._deliver(lock)
        finally:
            lock.release()

    def _deliver(self, lock: _SoleLock) -> None:
        pause, prune_at = 0.0, 0.0
        while self._wait(pause):
            try:
                if not lock.acquire():
                    with self._changed:
                        self._woken = False  # the one that has the lock looks for itself
                    pause = _IDLE_SECONDS
                    continue
                if time.monotonic() > prune_at:
                    self._outbox.prune()
                    prune_at = time.monotonic() + _PRUNE_SECONDS
                self._write_down()
                pause = self._send_due()
            except Exception as error:  # noqa: BLE001 -- a full disk now must not end the service for good
                _log.error("webhooks will be tried again: %s", type(error).__name__)
                with self._changed:
                    self._changed.wait_for(lambda: self._stopping, timeout=_MISHAP_SECONDS)
                pause = 0.0
        self._last_words()

    def _wait(self, seconds: float) -> bool:
        """Wait for something to do; False when the service stops."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._stopping or self._woken or self._landed, timeout=max(0.0, seconds)
            )
            return not self._stopping

    def _write_down(self) -> None:
        with self._changed:
            landed = list(self._landed)
        for delivery, attempt in landed:
            pause = self._pauses[min(delivery.attempts, len(self._pauses) - 1)]
            self._outbox.settle(delivery, attempt, pause=pause)
            with self._changed:  # only now: an event whose outcome is not written must not be sent again
                self._landed.remove((delivery, attempt))
                del self._flying[delivery.number]
            _log.info(
                "webhook %s %s of job %s to %s: attempt %d, %s",
                delivery.event_id,
                delivery.event_type,
                delivery.job_id,
                delivery.endpoint.origin,
                delivery.attempts + 1,
                attempt.status or attempt.problem,
            )

    def _send_due(self) -> float:
        """Send all that may go now; how many seconds until there may be more."""
        with self._changed:
            woken, self._woken = self._woken, False
        if woken:
            self._outbox.settled_writes()
        while len(self._flying) < _MOST_AT_ONCE:
            busy = self._busy()
            delivery = self._outbox.due(now=time.time(), flying=self._flying, busy=busy)
            if delivery is None:
                at = self._outbox.next_time(flying=self._flying, busy=busy)
                return _IDLE_SECONDS if at is None else min(_IDLE_SECONDS, max(0.0, at - time.time()))
            threading.Thread(
                target=self._send, args=(delivery,), name="extract-bridge-webhook", daemon=True
            ).start()
            self._flying[delivery.number] = delivery
        return _IDLE_SECONDS

    def _busy(self) -> list[str]:
        origins = [delivery.endpoint.origin for delivery in self._flying.values()]
        return [origin for origin in set(origins) if origins.count(origin) >= _MOST_PER_ORIGIN]

    def _send(self, delivery: Delivery) -> None:
        started_at, begin = time.time(), time.monotonic()
        status, problem = None, None
        try:
            target = check_url(delivery.endpoint.url, opened_hosts=self._opened_hosts)
            headers, body = message(delivery)
            status = post(
                target, headers=headers, body=body, seconds=self._timeout, ssl_context=self._ssl_context
            )
        except TargetError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 -- whatever happens, the attempt must be counted
            problem = f"it could not be sent ({type(error).__name__})"
        attempt = Attempt(
            started_at=started_at, seconds=time.monotonic() - begin, status=status, problem=problem
        )
        with self._changed:
            self._landed.append((delivery, attempt))
            self._changed.notify()

    def _last_words(self) -> None:
        """Give what is under way a moment, and write down what came back."""
        give_up_at = time.monotonic() + _STOP_SECONDS
        with self._changed:
            self._changed.wait_for(
                lambda: len(self._landed) == len(self._flying), timeout=give_up_at - time.monotonic()
            )
        try:
            self._write_down()
        except Exception as error:  # noqa: BLE001 -- the next service sends them again
            _log.error("webhooks could not be written down: %s", type(error).__name__)


class _SoleLock:
    """A kernel lock on a file, which ends with its holder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        _locks.add(self)

    def acquire(self) -> bool:
        """Take it, unless another holds it."""
        if self._descriptor is not None or sys.platform == "win32":
            return True
        descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let it go."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


_locks: weakref.WeakSet[_SoleLock] = weakref.WeakSet()


def _release_after_fork() -> None:
    for lock in list(_locks):  # the child's copy would outlive the parent
        lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_release_after_fork)
