"""Which job belongs to which call, so that the same question about the same document is one job; and whose jobs are whose."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extract_bridge.core.pricing import billed_credits
from extract_bridge.core.wire.status import FINAL

if TYPE_CHECKING:
    from extract_bridge.core.pricing import Reservation
    from extract_bridge.core.schema.normalize import NormalizedSchema
    from extract_bridge.core.wire.jobs import ExtractV2Job, JobOrigin

_REMEMBERED = 1024


@dataclass(slots=True)
class JobNote:
    """What is known of one job that was made here.

    Attributes:
        job_id: The job.
        document: The name that the model used.
        file_input: What the service calls the document.
        status: As last seen.
        schema: What was asked for; None where a saved configuration decides.
        origin: Where the document came from.
        reservation: What its price was set aside as; None without a budget.
    """

    job_id: str
    document: str
    file_input: str | None
    status: str
    schema: NormalizedSchema | None = None
    origin: JobOrigin | None = None
    reservation: Reservation | None = None

    @property
    def is_final(self) -> bool:
        """Whether it ended."""
        return self.status in FINAL


class JobBook:
    """Jobs by key, who is at work on a key now, and a note on each job. Thread-safe; copies and pickles are empty books."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, str] = OrderedDict()
        self._notes: OrderedDict[str, JobNote] = OrderedDict()
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
            _put(self._jobs, key, job_id)

    def forget(self, key: str) -> None:
        """Unbind a key: its job failed, was cancelled, or is gone."""
        with self._lock:
            self._jobs.pop(key, None)

    def add(self, key: str, note: JobNote) -> None:
        """A job was made for a key."""
        with self._lock:
            _put(self._notes, note.job_id, note)
            _put(self._jobs, key, note.job_id)

    def note(self, job_id: str) -> JobNote | None:
        """What is known of a job; None of one that was not made here."""
        with self._lock:
            return self._notes.get(job_id)

    def notes(self) -> list[JobNote]:
        """All jobs that were made here, newest first."""
        with self._lock:
            return list(reversed(self._notes.values()))

    def is_own_file(self, file_id: str) -> bool:
        """Whether a job of this book was made from that file."""
        with self._lock:
            return any(note.file_input == file_id for note in self._notes.values())

    def unsettled(self) -> list[JobNote]:
        """Jobs for which credits are still set aside, oldest first."""
        with self._lock:
            return [note for note in self._notes.values() if note.reservation and note.reservation.is_open]

    def saw(self, job: ExtractV2Job, *, in_full: bool = True) -> None:
        """Take down how a job stands; one that ended is settled with what the service says it cost.

        Args:
            job: The job.
            in_full: Whether what it cost was asked for. Otherwise its credits stay set aside until it is.
        """
        note = self.note(job.id)
        if note is None:
            return
        note.status = str(job.status)
        if job.is_final and in_full and note.reservation is not None:
            note.reservation.settle(billed_credits(job))
        if job.is_final and note.status != "COMPLETED":
            with self._lock:
                for key in [key for key, job_id in self._jobs.items() if job_id == job.id]:
                    del self._jobs[key]

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), ()


def _put(entries: OrderedDict[str, Any], key: str, value: Any) -> None:
    entries[key] = value
    entries.move_to_end(key)
    if len(entries) > _REMEMBERED:
        entries.popitem(last=False)
