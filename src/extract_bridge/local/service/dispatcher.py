"""Takes jobs from the store and has worker processes do them.

One thread claims jobs, keeps their leases alive and stops what runs too long; each slot is a thread with a worker process of its own,
kept over jobs. All are daemons: `stop` ends them within two seconds, leases given back.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.core.limits import limit
from extract_bridge.local.engine.frames import Answer, Ask, Failure, Job, Parsed, Result
from extract_bridge.local.service.language_model import answer
from extract_bridge.local.service.tasks import frame_of, keep
from extract_bridge.local.service.workers import WORKER_COMMAND, WorkerProcess, WorkerStartError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from extract_bridge.core.language_model import LanguageModel, LlmMode
    from extract_bridge.local.service.parse_store import ParseStore
    from extract_bridge.local.service.store import JobStore, Lease

_log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
_BEAT_SECONDS = 10.0
_TICK_SECONDS = 1.0
_IDLE_TICK_SECONDS = 5.0  # only leases that other services lost are found by looking; a new job wakes us
_MAX_ATTEMPTS = 5
_STOP_SECONDS = 1.5

Verdict = Literal["timeout", "gone", "stopping"]
"""Why a running job was stopped: over the wall limit, cancelled or deleted, or the service ends."""

_PARSE_FAILURES = frozenset(
    {
        "UNSUPPORTED_FILE_TYPE", "PDF_IS_PROTECTED", "PDF_IS_BROKEN", "NO_DATA_FOUND_IN_FILE", "DOCUMENT_TOO_LARGE",
        "TOO_MANY_PAGES", "TIMEOUT", "DOCUMENT_ERROR",
    }
)  # fmt: skip
_PREFIXES = {
    "ENGINE_ERROR": "engine_error: ",
    "SCHEMA_VALIDATION": "schema_validation: ",
    "INPUTS_INVALID": "inputs_invalid: ",
}


@dataclass(slots=True)
class _Running:
    """What a slot works on."""

    lease: Lease
    give_up_at: float
    beat_at: float
    verdict: Verdict | None = None

    def stopped(self) -> bool:
        """Somebody ended it."""
        return self.verdict is not None


class Dispatcher:
    """Starts with `start`, works until `stop`.

    Args:
        store: Where jobs are.
        readings: What parse jobs have read.
        files: The folder with the bytes of uploaded files.
        workers: How many documents at once, each in a process of its own.
        command: What a worker process is.
        llm: The user's language model, if any.
        llm_mode: Who fills the schema, where there is a model.
    """

    def __init__(
        self,
        store: JobStore,
        *,
        readings: ParseStore,
        files: Path,
        workers: int,
        command: Sequence[str] = WORKER_COMMAND,
        llm: LanguageModel | None = None,
        llm_mode: LlmMode = "hybrid",
    ) -> None:
        self.store = store
        self.readings = readings
        self.files = files
        self._changed = threading.Condition()
        self._waiting = True
        self._stopping = False
        self._llm = llm
        self.llm_mode: LlmMode = llm_mode if llm is not None else "rules"
        self._idle: list[_Slot] = [_Slot(self, command) for _ in range(workers)]
        self._slots = tuple(self._idle)
        self._thread = threading.Thread(target=self._work, name="extract-bridge-dispatcher", daemon=True)

    def start(self) -> None:
        """Begin to work; one worker process is started at once, the others when they are needed."""
        for slot in self._slots:
            slot.start()
        self._slots[-1].warm()
        self._thread.start()

    @property
    def working(self) -> bool:
        """It has started and not ended."""
        return self._thread.is_alive()

    def wake(self) -> None:
        """A job was added."""
        with self._changed:
            self._waiting = True
            self._changed.notify()

    def abandon(self, job_id: str) -> None:
        """A job was cancelled or deleted: whoever works on it stops now."""
        with self._changed:
            for slot in self._slots:
                if slot.running is not None and slot.running.lease.job.id == job_id:
                    slot.stop_job("gone")

    def stop(self) -> None:
        """Stop within two seconds; unfinished jobs are given back."""
        with self._changed:
            self._stopping = True
            for slot in self._slots:
                slot.stop()
            self._changed.notify()
        deadline = time.monotonic() + _STOP_SECONDS
        for thread in (self._thread, *self._slots):
            thread.join(max(0.0, deadline - time.monotonic()))

    def reply(self, ask: Ask, running: _Running) -> Answer:
        """What the language model says. The time it takes is not the document's.

        Args:
            ask: The question.
            running: The job that it is asked for; when that is stopped, nobody waits for the reply.
        """
        seconds, began = limit("max_llm_seconds"), time.monotonic()
        running.give_up_at += seconds
        try:
            return answer(self._llm, ask, seconds=seconds, stopped=running.stopped)
        finally:
            running.give_up_at -= max(0.0, seconds - (time.monotonic() - began))

    def begin(self, slot: _Slot, running: _Running) -> bool:
        """A slot starts on a job; False where the service is stopping."""
        with self._changed:
            slot.running = None if self._stopping else running
            return not self._stopping

    def finish(self, slot: _Slot) -> None:
        """A slot is free again."""
        with self._changed:
            slot.running = None
            self._idle.append(slot)  # last in, first out: a slot whose worker has started is taken first
            self._changed.notify()

    def _work(self) -> None:
        while True:
            with self._changed:
                busy = len(self._idle) < len(self._slots)
                self._changed.wait_for(
                    lambda: self._stopping or (self._waiting and self._idle),
                    timeout=_TICK_SECONDS if busy else _IDLE_TICK_SECONDS,
                )
                if self._stopping:
                    return
                self._waiting = False
            try:
                self._keep_leases()
                self._hand_out()
            except Exception as error:  # noqa: BLE001 -- a full disk now must not end the service for good
                _log.error("the dispatcher will try again: %s", type(error).__name__)
                time.sleep(_TICK_SECONDS)
                self._waiting = True

    def _hand_out(self) -> None:
        while True:
            with self._changed:
                if self._stopping or not self._idle:
                    self._waiting = True
                    return
            lease = self.store.claim(now=time.time(), lease_seconds=LEASE_SECONDS)
            if lease is None:
                return
            with self._changed:
                slot = self._idle.pop()
            slot.give(lease)

    def _keep_leases(self) -> None:
        now = time.monotonic()
        due: list[tuple[_Slot, _Running]] = []
        with self._changed:
            for slot in self._slots:
                if slot.running is None:
                    continue
                if now > slot.running.give_up_at:
                    slot.stop_job("timeout")
                elif now > slot.running.beat_at:
                    due.append((slot, slot.running))
        for slot, running in due:
            held = self.store.heartbeat(running.lease, until=time.time() + LEASE_SECONDS)
            with self._changed:
                running.beat_at = now + _BEAT_SECONDS
                if not held and slot.running is running:
                    slot.stop_job("gone")


class _Slot(threading.Thread):
    """Does one job after the other with one worker process."""

    def __init__(self, dispatcher: Dispatcher, command: Sequence[str]) -> None:
        super().__init__(name="extract-bridge-slot", daemon=True)
        self.running: _Running | None = None
        self._dispatcher = dispatcher
        self._command = command
        self._worker: WorkerProcess | None = None
        self._inbox: list[Lease | Literal["stop", "warm"]] = []
        self._arrived = threading.Condition()

    # Called by others

    def warm(self) -> None:
        """Start the worker process before the first job comes."""
        self._put("warm")

    def give(self, lease: Lease) -> None:
        """Do this job."""
        self._put(lease)

    def stop(self) -> None:
        """End the job at hand, and the thread."""
        self.stop_job("stopping")
        self._put("stop")

    def stop_job(self, verdict: Verdict) -> None:
        """End the job at hand by ending its worker; the dispatcher's lock is held."""
        if self.running is not None:
            self.running.verdict = self.running.verdict or verdict
            if self._worker is not None:
                self._worker.kill()

    def _put(self, item: Any) -> None:
        with self._arrived:
            self._inbox.append(item)
            self._arrived.notify()

    # Its own thread

    def run(self) -> None:
        """Work until told to stop."""
        while (item := self._next()) != "stop":
            if item == "warm":
                with suppress(OSError):
                    self._start_worker()
                continue
            fields = {"fields": {"job_id": item.job.id, "attempt": item.job.attempts}}
            try:
                self._do(item)
                _log.info("job worked on", extra=fields)
            except Exception as error:  # noqa: BLE001 -- the lease runs out and the job is tried again
                _log.error("a job could not be settled: %s", type(error).__name__, extra=fields)
                self._drop_worker()
            self._dispatcher.finish(self)
        self._drop_worker()
        for left in self._inbox:
            if not isinstance(left, str):
                self._dispatcher.store.release(left)

    def _next(self) -> Any:
        with self._arrived:
            self._arrived.wait_for(lambda: self._inbox)
            return self._inbox.pop(0)

    def _start_worker(self) -> WorkerProcess:
        if self._worker is None:
            self._worker = WorkerProcess(self._command)
        return self._worker

    def _drop_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _do(self, lease: Lease) -> None:
        now = time.monotonic()
        seconds = limit("max_worker_seconds")
        running = _Running(lease=lease, give_up_at=now + seconds, beat_at=now + _BEAT_SECONDS)
        if lease.job.attempts > _MAX_ATTEMPTS:
            self._fail(lease, f"the service ended {_MAX_ATTEMPTS} times while it worked on this document")
            return
        if not self._dispatcher.begin(self, running):
            self._dispatcher.store.release(lease)
            return
        outcome = self._attempt(running) or self._attempt(running)
        self._settle(running, outcome)

    def _attempt(self, running: _Running) -> Result | Parsed | Failure | None:
        """Once through a worker; None where the worker died over the document."""
        if running.stopped():
            return None
        job = running.lease.job
        frame = frame_of(job, self._dispatcher.store, self._dispatcher.readings, self._dispatcher.files)
        if isinstance(frame, Failure):
            return frame
        if isinstance(frame, Job):
            frame = replace(frame, llm_mode=self._dispatcher.llm_mode)
        try:
            worker = self._start_worker()
            if running.stopped():  # it came while there was no worker to kill
                worker.kill()
            worker.wait_ready()
            outcome = worker.run(frame, lambda ask: self._dispatcher.reply(ask, running))
        except (OSError, WorkerStartError):
            self._drop_worker()
            if running.stopped():
                return None
            return Failure(job_id=job.id, code="ENGINE_ERROR", message="the local engine could not start")
        if outcome is None:
            self._drop_worker()
        return outcome

    def _settle(self, running: _Running, outcome: Result | Parsed | Failure | None) -> None:
        lease, store = running.lease, self._dispatcher.store
        if running.stopped():
            self._drop_worker()
        if running.verdict == "stopping":
            store.release(lease)
        elif running.verdict == "timeout":
            seconds = limit("max_worker_seconds")
            self._fail(
                lease,
                f"parsing_error: TIMEOUT: the document took longer than {seconds} seconds. "
                "Split it, or name fewer pages with target_pages",
            )
        elif running.verdict == "gone":
            return
        elif isinstance(outcome, Result | Parsed):
            keep(lease, outcome, store, self._dispatcher.readings)
        elif outcome is not None:
            self._fail(lease, error_message_of(outcome))
        else:
            most = limit("max_worker_bytes") // 2**20
            self._fail(
                lease,
                "parsing_error: DOCUMENT_ERROR: the document ended its worker process twice: it is damaged, or needs "
                f"more than {most} MiB of memory. Print it to a new PDF, or split it",
            )

    def _fail(self, lease: Lease, message: str) -> None:
        self._dispatcher.store.fail(lease, error_message=message)


def error_message_of(failure: Failure) -> str:
    """The job's `error_message`, for example `parsing_error: PDF_IS_PROTECTED: a.pdf: the file needs a password. …`."""
    if failure.code in _PARSE_FAILURES:
        return f"parsing_error: {failure.code}: {failure.message}"
    return _PREFIXES.get(failure.code, "") + failure.message
