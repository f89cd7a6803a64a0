"""One extract call of an agent, from the model's words to an answer; the same for every framework.

The way is written once, as a generator of steps. `call` and `acall` only say how a step is taken: with the blocking
client, or with the async one and never blocking its loop.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from extract_bridge.agent.answer import Answer, AnswerStyle, finished_answer, pending_answer
from extract_bridge.agent.arguments import coerce_pages
from extract_bridge.client.flows.keywords import ResolvedConfiguration, resolve_configuration
from extract_bridge.core.errors import (
    ConfigurationError,
    ExtractError,
    JobCancelledError,
    JobFailedError,
    NotFoundError,
    PageRangeError,
    WaitTimeoutError,
)
from extract_bridge.core.identity import canonical_json, sha256_hex
from extract_bridge.core.page_ranges import parse_pages
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.wire.jobs import ExtractV2Job, JobOrigin

if TYPE_CHECKING:
    from concurrent.futures import Future

    from extract_bridge.agent.jobs import JobBook
    from extract_bridge.agent.roots import DocumentGuard
    from extract_bridge.client.client import AsyncExtractClient, ExtractClient
    from extract_bridge.client.inputs import DocumentInput


class Clients(Protocol):
    """Who gives the clients; `ExtractOptions` does."""

    def sync_client(self) -> ExtractClient:
        """The blocking client."""
        ...

    def async_client(self) -> AsyncExtractClient:
        """The client for event loops."""
        ...


@dataclass(frozen=True, slots=True)
class _Work:
    """Run a function that blocks."""

    function: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class _Until:
    """Wait for another call to leave."""

    future: Future[None]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Ask:
    """Call a method of the client."""

    method: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]


Steps = Generator[_Work | _Until | _Ask, Any, Answer]


class ExtractCall:
    """How calls of one tool are made.

    Args:
        clients: Who gives the clients.
        keywords: Configuration keywords of `ExtractClient.run`; with `data_schema` the model may choose pages.
        guard: What can be reached.
        style: How answers are written.
        timeout: Seconds until an answer says "still running".
        book: Remembers jobs; calls with one book never make two jobs of one question.
    """

    def __init__(
        self,
        *,
        clients: Clients,
        keywords: Mapping[str, Any],
        guard: DocumentGuard,
        style: AnswerStyle,
        timeout: float,
        book: JobBook,
    ) -> None:
        self.clients = clients
        self.keywords = keywords
        self.guard = guard
        self.style = style
        self.timeout = timeout
        self.book = book

    @cached_property
    def resolved(self) -> ResolvedConfiguration:
        """What the keywords mean."""
        return resolve_configuration(**self.keywords)

    def call(self, document: str, pages: Any = None, context: Any = None) -> Answer:
        """Extract, blocking.

        Args:
            document: The document's name, as the model wrote it.
            pages: Text, a number or a list of numbers, as the model wrote them.
            context: The framework's run context, for a `documents` function.

        Raises:
            ExtractError: see `problem_of`; still running at `timeout` is no error but an answer.
        """
        client = self.clients.sync_client()
        steps = self._steps(document, pages, context, client.service)
        reply: Any = None
        error: BaseException | None = None
        while True:
            try:
                step = steps.send(reply) if error is None else steps.throw(error)
            except StopIteration as end:
                answer: Answer = end.value
                return answer
            reply, error = None, None
            try:
                reply = _take(client, step)
            except BaseException as failure:  # noqa: BLE001 - thrown on into the steps, which raise what they do not expect
                error = failure

    async def acall(self, document: str, pages: Any = None, context: Any = None) -> Answer:
        """Extract without blocking the event loop. Cancelling it cancels the job.

        Args:
            document: The document's name, as the model wrote it.
            pages: Text, a number or a list of numbers, as the model wrote them.
            context: The framework's run context, for a `documents` function.

        Raises:
            ExtractError: see `problem_of`; still running at `timeout` is no error but an answer.
        """
        client = self.clients.async_client()
        steps = self._steps(document, pages, context, client.service)
        reply: Any = None
        error: BaseException | None = None
        while True:
            try:
                step = steps.send(reply) if error is None else steps.throw(error)
            except StopIteration as end:
                answer: Answer = end.value
                return answer
            reply, error = None, None
            try:
                reply = await _atake(client, step)
            except BaseException as failure:  # noqa: BLE001 - thrown on into the steps, which raise what they do not expect
                error = failure

    def _steps(self, document: str, pages: Any, context: Any, service: str) -> Steps:
        deadline = time.monotonic() + self.timeout
        keywords = self._keywords_for(coerce_pages(pages))
        reached: DocumentInput = yield _Work(lambda: self.guard.open(document, context))
        sha256 = None if reached.kind == "id" else (yield _Work(lambda: sha256_hex(reached.read())))
        key = self._key(sha256 or reached.source, keywords.get("target_pages"))
        while (busy := self.book.enter(key)) is not None:
            yield _Until(busy, _left(deadline))
        try:
            job = yield from self._job(key, reached, keywords, deadline)
        except WaitTimeoutError as error:
            if error.job is None:
                raise
            self.book.remember(key, error.job.id)
            return pending_answer(error.job, seconds=self.timeout, document=document)
        except (JobFailedError, JobCancelledError, NotFoundError):
            self.book.forget(key)
            raise
        finally:
            self.book.leave(key)
        self.book.remember(key, job.id)
        job.origin = JobOrigin(service, reached.source, reached.source_id, reached.name, sha256)
        answer: Answer = yield _Work(lambda: self._answer(job, document))
        return answer

    def _job(
        self,
        key: str,
        reached: DocumentInput,
        keywords: Mapping[str, Any],
        deadline: float,
    ) -> Generator[_Work | _Until | _Ask, Any, ExtractV2Job]:
        known = self.book.job_id(key)
        if known is None:
            new: ExtractV2Job = yield _Ask("run", (reached,), {**keywords, "timeout": _left(deadline)})
            return new
        try:
            job: ExtractV2Job = yield _Ask("wait", (known,), {"timeout": _left(deadline)})
        except NotFoundError:  # deleted meanwhile
            self.book.forget(key)
            return (yield from self._job(key, reached, keywords, deadline))
        except GeneratorExit:  # nobody takes steps any more
            raise
        except BaseException as error:
            if not isinstance(
                error, Exception
            ):  # the call is cancelled, and so its job; `run` does this by itself
                self.book.forget(key)
                with suppress(ExtractError):
                    yield _Ask("cancel", (known,), {})
            raise
        return job

    def _keywords_for(self, pages: str | None) -> Mapping[str, Any]:
        if pages is None:
            return self.keywords
        if self.keywords.get("data_schema") is None:  # the two other ways decide everything themselves
            raise ConfigurationError(
                "this tool's configuration decides the pages", where="pages", hint="Call without pages"
            )
        allowed = self.resolved.configuration.target_pages if self.resolved.configuration else None
        if allowed is not None and not set(parse_pages(pages)) <= set(parse_pages(allowed)):
            raise PageRangeError(
                "these pages are outside of what may be read",
                code="pages_not_allowed",
                where="pages",
                hint=f"Choose from pages {allowed}",
            )
        return {**self.keywords, "target_pages": pages}

    def _key(self, content: str, pages: str | None) -> str:
        resolved = self.resolved
        configuration = (
            resolved.configuration.to_dict() if resolved.configuration else resolved.configuration_id
        )
        scope = [list(pair) for pair in resolved.scope]
        return sha256_hex(canonical_json([content, configuration, scope, pages]))

    def _answer(self, job: ExtractV2Job, document: str) -> Answer:
        schema = self.resolved.schema
        records = records_from_job(
            job, schema.json_schema if schema else None, name=schema.name if schema else None
        )
        return finished_answer(job, records, self.style, document=document)


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.0)


def _take(client: ExtractClient, step: _Work | _Until | _Ask) -> Any:
    if isinstance(step, _Work):
        return step.function()
    if isinstance(step, _Ask):
        return getattr(client, step.method)(*step.arguments, **step.keywords)
    try:
        return step.future.result(step.seconds)
    except TimeoutError:
        raise _still_busy() from None


async def _atake(client: AsyncExtractClient, step: _Work | _Until | _Ask) -> Any:
    if isinstance(step, _Work):
        return await asyncio.to_thread(step.function)
    if isinstance(step, _Ask):
        return await getattr(client, step.method)(*step.arguments, **step.keywords)
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
