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

    def __init__(self) -> None:
        self.span_id = active_span_id.get()
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


@contextmanager
def job_span(name: str, **facts: str | int | None) -> Iterator[JobEvents]:
    """A span around one call, and the events of its job.

    What a tracer is given of the call is `facts`, not its arguments, and of its result nothing: both hold text of documents.

    Args:
        name: Such as `ExtractProgram.call`.
        **facts: Short and harmless ones, such as a tool's name.
    """
    span_id = f"{name}-{uuid.uuid4()}"
    token = active_span_id.set(span_id)
    parent = active_span_id.get() if token.old_value is token.MISSING else token.old_value
    told: dict[str, Any] = {
        "id_": span_id,
        "bound_args": inspect.signature(_facts).bind(**facts),
        "instance": None,
    }
    dispatcher.span_enter(**told, parent_id=None if parent == span_id else parent, tags={})
    events = JobEvents()
    try:
        yield events
    except BaseException as error:
        job = getattr(error, "job", None)
        events.end(_status_after(error, None if job is None else str(job.status)))
        dispatcher.span_drop(**told, err=error)
        raise
    else:
        events.end()
        dispatcher.span_exit(**told, result=None)
    finally:
        with suppress(ValueError):  # a generator that is closed from another context
            active_span_id.reset(token)


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
