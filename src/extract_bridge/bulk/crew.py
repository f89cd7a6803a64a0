"""What the scheduler's two shells have in common: documents go in, results come out, and webhooks tell of ends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from extract_bridge.bulk.orders import Done, Drop, Dropped, Room, Told

if TYPE_CHECKING:
    from collections.abc import Callable

    from extract_bridge.bulk.orders import Event, Given
    from extract_bridge.bulk.scheduler import Scheduler

T_contra = TypeVar("T_contra", contravariant=True)


class Inbox(Protocol[T_contra]):
    """A queue; a `queue.SimpleQueue` is one."""

    def put(self, item: T_contra, /) -> None:
        """Add something at the end; never waits."""

    def empty(self) -> bool:
        """Whether nothing is there."""


class CommonCrew(ABC):
    """Carries a scheduler's orders out, from the first document on.

    Args:
        scheduler: What decides.
        farewell: What flows are ended with that nobody waits for any more; None makes them cancel their jobs.
        events: Verified webhook events; None where there is no receiver.
        heard: What the scheduler is to hear.
        results: What the caller is to hear.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        farewell: BaseException | None,
        events: Any,
        heard: Inbox[Event],
        results: Inbox[Any],
    ) -> None:
        self._scheduler, self._farewell, self._events = scheduler, farewell, events
        self._to_scheduler, self._to_caller = heard, results
        self._has_begun = False

    @abstractmethod
    def _begin(self) -> None:
        """Begin to drive the scheduler, and to listen where there is a receiver."""

    def hand_in(self, given: Given) -> None:
        """Give one more document's flow to the scheduler."""
        if not self._has_begun:
            self._has_begun = True
            self._begin()
        self._to_scheduler.put(given)

    def drop(self) -> None:
        """Forget what no flow has begun; `Dropped` comes among the results."""
        if self._has_begun:
            self._to_scheduler.put(Drop())
        else:
            self._to_caller.put(Dropped(0))

    @property
    def has_news(self) -> bool:
        """Whether `wait` would not wait."""
        return not self._to_caller.empty()

    def _tell(self, order: Done | Room | Dropped) -> None:
        """Let the caller hear what the scheduler says."""
        self._to_caller.put((order.error or order.result) if isinstance(order, Done) else order)

    def _listen(self, events: Any, put: Callable[[Any], None]) -> None:
        """Hear all events of a plain iterable, in a thread of its own: it may wait for ever.

        Args:
            events: The iterable.
            put: Has what was heard put where it belongs, from any thread: an event for the scheduler, or a fault for the caller.
        """
        try:
            for event in events:
                if (told := told_by(event)) is not None:
                    put(told)
        except Exception as fault:  # noqa: BLE001 - raised again where the results are read
            put(fault)

    def _hear(self, heard: Told | Exception) -> None:
        """From the receiver: news for the scheduler; its fault is for the caller, like one of the input."""
        if isinstance(heard, Exception):
            self._to_caller.put(heard)
        else:
            self._to_scheduler.put(heard)


def told_by(event: Any) -> Told | None:
    """The end of a job that a webhook event tells of; None where it tells of something else."""
    return Told(event.job_id) if event.is_final and event.job_id is not None else None


def or_raised(news: Any) -> Any:
    """What was heard.

    Raises:
        BaseException: what is no error of a document: a fault in the caller's function, or in this package.
    """
    if isinstance(news, BaseException):
        raise news
    return news
