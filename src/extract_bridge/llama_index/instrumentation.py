"""Events and spans of LlamaIndex's instrumentation: which job, how it stands; never bytes, paths or text of a document.

A tracer that is attached to the root dispatcher (`llama_index.core.instrumentation.get_dispatcher()`) sees them.
"""

from __future__ import annotations

import inspect
import uuid
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

# Core passes these on without an export that type checkers see.
from llama_index.core.instrumentation import get_dispatcher  # type: ignore[attr-defined]
from llama_index.core.instrumentation.events.base import BaseEvent  # type: ignore[attr-defined]
from llama_index.core.instrumentation.span import active_span_id

from extract_bridge.core.wire.jobs import FINAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.core.wire.jobs import ExtractV2Job

dispatcher = get_dispatcher(__name__)
F = TypeVar("F")


class ExtractJobEvent(BaseEvent):
    """Something about one extract job.

    Attributes:
        job_id: The job.
        status: How it stands.
    """

    job_id: str
    status: str


class ExtractJobStartEvent(ExtractJobEvent):
    """A call made a job, or joined one that was made before."""

    @classmethod
    def class_name(cls) -> str:
        """Name of the event."""
        return "ExtractJobStartEvent"


class ExtractJobProgressEvent(ExtractJobEvent):
    """A job's status is another than before."""

    @classmethod
    def class_name(cls) -> str:
        """Name of the event."""
        return "ExtractJobProgressEvent"


class ExtractJobEndEvent(ExtractJobEvent):
    """A call does not watch its job any more; a `status` that is not final says that the job goes on."""

    @classmethod
    def class_name(cls) -> str:
        """Name of the event."""
        return "ExtractJobEndEvent"


class JobEvents:
    """Dispatches the events of one call's job, all with the span in which this object was made."""

    def __init__(self, span_id: str | None = None) -> None:
        self.span_id = span_id or active_span_id.get()
        self.job_id: str | None = None
        self.status = ""

    def saw(self, job_id: str, status: str) -> None:
        """The job was seen in a state."""
        if self.job_id != job_id:
            self.end()
            self.job_id, self.status = job_id, status
            self._dispatch(ExtractJobStartEvent)
        elif self.status != status:
            self.status = status
            self._dispatch(ExtractJobProgressEvent)

    def look(self, job: ExtractV2Job) -> None:
        """For `on_progress` of a blocking client."""
        self.saw(job.id, str(job.status))

    async def alook(self, job: ExtractV2Job) -> None:
        """For `on_progress` of an asynchronous client."""
        self.look(job)

    def end(self, status: str | None = None) -> None:
        """The call ends; `status` is how the job stands, where that is known better than by the last look."""
        if self.job_id is not None:
            self.status = status or self.status
            self._dispatch(ExtractJobEndEvent)
            self.job_id = None

    def _dispatch(self, kind: type[ExtractJobEvent]) -> None:
        dispatcher.event(kind(job_id=str(self.job_id), status=self.status, span_id=self.span_id))


class ReadingEvents:
    """Dispatches the events of many jobs at once, all with one span; each job is looked at from one thread at a time."""

    def __init__(self, span_id: str) -> None:
        self.span_id = span_id
        self._open: dict[str, JobEvents] = {}

    def look(self, job: ExtractV2Job) -> None:
        """A job was seen in a state."""
        self._open.setdefault(job.id, JobEvents(self.span_id)).look(job)

    def finished(self, job: ExtractV2Job | None) -> None:
        """A document is finished, and so its job, if one was made."""
        if job is not None:
            self.look(job)
            self._open.pop(job.id).end()

    def end(self, error: BaseException | None = None) -> None:
        """Nothing is read any more; what still ran when the caller had enough, or was cancelled, is cancelled."""
        for events in list(self._open.values()):
            events.end(None if error is None or events.status in FINAL else _status_after(error, None))
        self._open.clear()


@contextmanager
def job_span(name: str, **facts: str | int | None) -> Iterator[JobEvents]:
    """A span around one call, and the events of its job.

    What a tracer is given of the call is `facts`, not its arguments, and of its result nothing: both hold text of documents.

    Args:
        name: Such as `ExtractProgram.call`.
        **facts: Short and harmless ones, such as a tool's name.
    """
    with _span(name, facts) as span_id:
        token = active_span_id.set(span_id)
        events = JobEvents()
        try:
            yield events
        except BaseException as error:
            job = getattr(error, "job", None)
            events.end(_status_after(error, None if job is None else str(job.status)))
            raise
        else:
            events.end()
        finally:
            with suppress(ValueError):  # a generator that is closed from another context
                active_span_id.reset(token)


@contextmanager
def reading_span(name: str, **facts: str | int | None) -> Iterator[ReadingEvents]:
    """A span around a generator that reads many documents, and the events of their jobs.

    It is not the active span: what the caller does between two documents is no part of it.

    Args:
        name: Such as `ExtractReader.load`.
        **facts: See `job_span`.
    """
    with _span(name, facts) as span_id:
        events = ReadingEvents(span_id)
        try:
            yield events
        except BaseException as error:
            events.end(error)
            raise
        else:
            events.end()


@contextmanager
def _span(name: str, facts: dict[str, Any]) -> Iterator[str]:
    span_id = f"{name}-{uuid.uuid4()}"
    told: dict[str, Any] = {
        "id_": span_id,
        "bound_args": inspect.signature(_facts).bind(**facts),
        "instance": None,
    }
    dispatcher.span_enter(**told, parent_id=active_span_id.get(), tags={})
    try:
        yield span_id
    except GeneratorExit:  # the caller has enough, which is no failure
        dispatcher.span_exit(**told, result=None)
        raise
    except BaseException as error:
        dispatcher.span_drop(**told, err=error)
        raise
    else:
        dispatcher.span_exit(**told, result=None)


def own_span(function: F) -> F:
    """Marks a method that opens a span itself: core's own around it would hold its arguments and its result as they are."""
    function.__dispatcher_span_decorated__ = True  # type: ignore[attr-defined]
    return function


def _status_after(error: BaseException, status: str | None) -> str | None:
    if status is None and not isinstance(error, Exception):
        return "CANCELLED"  # a cancelled call cancels its job
    return status


def _facts(**facts: Any) -> None:
    """Whose signature a span's facts are bound to."""
