"""One call with many documents, as far as threads and tasks have it in common: what may be handed in, and what came back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from extract_bridge.bulk.documents import extraction_of
from extract_bridge.bulk.extraction import Extraction, Submission
from extract_bridge.bulk.limiter import Limiter
from extract_bridge.bulk.orders import Dropped, Given, Room
from extract_bridge.bulk.progress import Tally
from extract_bridge.bulk.scheduler import Scheduler
from extract_bridge.bulk.window import Window
from extract_bridge.bulk.work import with_rest
from extract_bridge.core.errors import WaitTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from extract_bridge.bulk.extraction import Result
    from extract_bridge.bulk.progress import Progress
    from extract_bridge.bulk.work import Work
    from extract_bridge.client.effects import Flow
    from extract_bridge.client.flows.request import Api

END: Any = object()
_WORKERS = 10  # requests at one time: as many as the client has connections
_UPLOADS = 4  # of these
_LOADING = 8  # documents whose bytes may be in memory at one time
_TICK = 1.0  # seconds between two words on the progress while nothing finishes
_STOP_TICK = 0.2  # seconds until a stop is noticed while nothing finishes


class Stop(Protocol):
    """Says whether to stop; a `threading.Event` does."""

    def is_set(self) -> bool:
        """Whether no more documents are to be begun."""


class Hands(Protocol):
    """Where documents are handed in: `threads.Crew` and `tasks.AsyncCrew`."""

    @property
    def has_news(self) -> bool:
        """Whether something can be heard at once."""

    def hand_in(self, given: Given) -> None:
        """Give one more document's flow to the scheduler."""

    def drop(self) -> None:
        """Forget what no flow has begun."""


@dataclass(frozen=True, slots=True)
class Read:
    """Read the next document; the answer is `END` at the end of the input."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait for news, at most so many seconds."""

    seconds: float | None


@dataclass(frozen=True, slots=True)
class Say:
    """Call back; the function may be a coroutine function where there is a loop."""

    event: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Give:
    """Give this to the caller."""

    extraction: Extraction


Step = Read | Wait | Say | Give


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a call goes, and who is told about it.

    Attributes:
        rate_limit: Requests a second; None learns it.
        deadline: Seconds for the whole call; None has none.
        stop: Ends it early.
        webhook: Verified events; None polls.
        total: How many documents there are, where the caller knows.
        progress: Called with each finished document.
        on_progress: Called with the counts.
    """

    rate_limit: float | None = None
    deadline: float | None = None
    stop: Stop | None = None
    webhook: Any = None
    total: int | None = None
    progress: Callable[[Extraction], Any] | None = None
    on_progress: Callable[[Progress], Any] | None = None


class Call:
    """The state of one call, on its consumer's side.

    Args:
        api: The service.
        work: What is asked of it.
        pace: How fast.
        flow: What is done with each document; takes what `extraction_of` takes, and its result has an `index` and an `error`.

    Attributes:
        window: Which documents are out.
        scheduler: What drives them.
    """

    def __init__(
        self, api: Api, work: Work, pace: Pace, flow: Callable[..., Flow[Any]] = extraction_of
    ) -> None:
        self.work, self.pace, self._flow = work, pace, flow
        self._api = replace(api.scoped(work.resolved.scope), scheduled=True)
        self._limiter = Limiter(pace.rate_limit, api.memory.rate)
        self._clock = api.clock.monotonic
        self._until = float("inf") if pace.deadline is None else self._clock() + pace.deadline
        self._room = _LOADING
        self.window = Window(work)
        self._is_dry = False
        self.scheduler = Scheduler(
            self._api,
            self._limiter,
            at_once=work.max_concurrency,
            workers=_WORKERS,
            uploads=_UPLOADS,
            told=pace.webhook is not None,
        )
        self._tally = Tally(self._clock, self._limiter, pace.total)

    def steps(self, crew: Hands) -> Generator[Step, Any, None]:
        """What the consumer's side does, one step after another, until everything was given.

        Raises:
            ExtractError: with `on_error="raise"`, the first error, with what was finished.
            WaitTimeoutError: the deadline passed before the input was read to its end.
        """
        cut = False
        while True:
            while self._wants_more and not crew.has_news and not cut:
                cut = (
                    self._clock() >= self._until
                )  # one more is read, to know whether the input is at its end
                if (document := (yield Read())) is END:
                    cut = False
                    self._dry()
                else:
                    crew.hand_in(self._given(document))
            if not self._is_dry and self.pace.stop is not None and self.pace.stop.is_set():
                self._dry()
                crew.drop()
            if not self.window.ready:
                if not self.window.running:
                    break
                self._hear((yield Wait(self._tick)))
                if self.pace.on_progress is not None:
                    yield Say(partial(self.pace.on_progress, self._tally.progress(self.window.running)))
            while self.window.ready:
                yield from self._give(self.window.next(), crew)
        if cut:
            raise WaitTimeoutError(
                f"the deadline of {self.pace.deadline:g} s passed before all documents were read",
                code="deadline",
                hint="Call again with the documents that did not come; jobs that were not final go on, and their errors hold them",
            )

    def _give(self, extraction: Extraction, crew: Hands) -> Generator[Step, Any, None]:
        if self.pace.progress is not None:
            yield Say(partial(self.pace.progress, extraction))
        if extraction.error is not None and self.work.on_error == "raise":
            crew.drop()
            while self.window.running:
                self._hear((yield Wait(None)))
            raise with_rest(extraction.error, self.window.kept)
        if extraction.error is None or self.work.on_error == "yield":
            yield Give(extraction)

    @property
    def _wants_more(self) -> bool:
        """Whether another document may be handed in."""
        return not self._is_dry and self._room > 0 and self.window.has_room and not self.window.ready

    @property
    def _tick(self) -> float | None:
        """Seconds to wait for news at most."""
        if self.pace.stop is not None:
            return _STOP_TICK
        return _TICK if self.pace.on_progress is not None else None

    def _given(self, document: Any) -> Given:
        """The flow of one more document."""
        self._room -= 1
        index = self.window.take()
        timeout = min(self.work.timeout, max(self._until - self._clock(), 0.0))
        return Given(index, self._flow(self._api, self.work, index, document, self._until), timeout)

    def _dry(self) -> None:
        """No more documents are begun."""
        self._is_dry = True
        if self._tally.total is None:
            self._tally.total = self.window.taken

    def _hear(self, news: Result | Room | Dropped | None) -> None:
        """What came from the scheduler."""
        match news:
            case Room():
                self._room += 1
            case Dropped(flows):
                self.window.running -= flows
            case Extraction():
                self.window.give_back(news)
                self._tally.add(news)
            case Submission():
                self.window.give_back(news)

    def end(self) -> None:
        """Remember what was learned of the service."""
        if self._limiter.learned is not None:
            self._api.memory.rate = self._limiter.learned
