"""How the steps of one call are taken: with the blocking client, or with the async one and never blocking its loop.

Every call of a tool is written once, as a generator of steps; what differs between the two ways is here alone.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future  # noqa: TC003 - the dataclass below names it
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from extract_bridge.core.errors import WaitTimeoutError

if TYPE_CHECKING:
    from extract_bridge.client.client import AsyncExtractClient, ExtractClient
    from extract_bridge.core.wire.jobs import ExtractV2Job

T = TypeVar("T")

Tell = Callable[[dict[str, Any]], Any]
"""Told of a job's progress as plain JSON; for `adrive` it may be a coroutine function."""


class Clients(Protocol):
    """Who gives the clients; `ExtractOptions` does."""

    def sync_client(self) -> ExtractClient:
        """The blocking client."""
        ...

    def async_client(self) -> AsyncExtractClient:
        """The client for event loops."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """Run a function that blocks."""

    function: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Until:
    """Wait for another call to leave."""

    future: Future[None]
    seconds: float


@dataclass(frozen=True, slots=True)
class Ask:
    """Call a method of the client.

    Attributes:
        method: Its name.
        arguments: By position.
        keywords: By name.
        seen: Called with the job at each look; what it raises ends the call and leaves the job alone.
    """

    method: str
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    seen: Callable[[ExtractV2Job], None] | None = None


Steps = Generator[Work | Until | Ask, Any, T]


def drive(steps: Steps[T], client: ExtractClient, tell: Tell | None = None) -> T:
    """Take all steps in this thread."""
    reply: Any = None
    error: BaseException | None = None
    while True:
        try:
            step = steps.send(reply) if error is None else steps.throw(error)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        reply, error = None, None
        try:
            reply = _take(client, step, tell)
        except BaseException as failure:  # noqa: BLE001 - thrown on into the steps, which raise what they do not expect
            error = failure


async def adrive(steps: Steps[T], client: AsyncExtractClient, tell: Tell | None = None) -> T:
    """Take all steps in this event loop."""
    reply: Any = None
    error: BaseException | None = None
    while True:
        try:
            step = steps.send(reply) if error is None else steps.throw(error)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        reply, error = None, None
        try:
            reply = await _atake(client, step, tell)
        except BaseException as failure:  # noqa: BLE001 - thrown on into the steps, which raise what they do not expect
            error = failure


class _Looks:
    """Tells of a job whenever its status is another than before."""

    def __init__(self, step: Ask, tell: Tell | None) -> None:
        self.step, self.tell = step, tell
        self.status: str | None = None

    def __call__(self, job: ExtractV2Job) -> Any:
        if self.step.seen is not None:
            self.step.seen(job)
        if self.tell is None or job.status == self.status:
            return None
        self.status = str(job.status)
        return self.tell({"job_id": job.id, "status": self.status})

    async def later(self, job: ExtractV2Job) -> None:
        said = self(job)
        if inspect.isawaitable(said):
            await said


def _take(client: ExtractClient, step: Work | Until | Ask, tell: Tell | None) -> Any:
    if isinstance(step, Work):
        return step.function()
    if isinstance(step, Ask):
        keywords = {**step.keywords}
        if step.method in ("run", "wait"):
            keywords["on_progress"] = _Looks(step, tell)
        return getattr(client, step.method)(*step.arguments, **keywords)
    try:
        return step.future.result(step.seconds)
    except TimeoutError:
        raise _still_busy() from None


async def _atake(client: AsyncExtractClient, step: Work | Until | Ask, tell: Tell | None) -> Any:
    if isinstance(step, Work):
        return await asyncio.to_thread(step.function)
    if isinstance(step, Ask):
        keywords = {**step.keywords}
        if step.method in ("run", "wait"):
            keywords["on_progress"] = _Looks(step, tell).later
        return await getattr(client, step.method)(*step.arguments, **keywords)
    try:
        # Shielded: whoever gives up waiting must not mark the other call as done.
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(step.future)), step.seconds)
    except TimeoutError:
        raise _still_busy() from None


def _still_busy() -> WaitTimeoutError:
    return WaitTimeoutError(
        "the same call is still at work",
        code="still_running",
        hint="Nothing is lost: make the same call again",
    )
