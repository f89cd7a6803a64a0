"""One extract call of an agent, from the model's words to an answer; the same for every framework."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from extract_bridge.agent.answer import Answer, AnswerStyle, finished_answer, pending_answer, submitted_answer
from extract_bridge.agent.arguments import coerce_pages
from extract_bridge.agent.jobs import JobNote
from extract_bridge.agent.session import Session
from extract_bridge.agent.steps import Ask, Until, Work, adrive, drive
from extract_bridge.client.costs import estimate_call
from extract_bridge.client.flows.keywords import ResolvedConfiguration, resolve_configuration
from extract_bridge.core.errors import (
    BudgetExceededError,
    ConfigurationError,
    ExtractError,
    JobCancelledError,
    JobError,
    JobFailedError,
    NotFoundError,
    PageRangeError,
    UnansweredError,
    WaitTimeoutError,
)
from extract_bridge.core.identity import canonical_json, sha256_hex
from extract_bridge.core.page_ranges import parse_pages
from extract_bridge.core.pricing import billed_credits
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.wire.jobs import ExtractV2Job, JobOrigin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract_bridge.agent.jobs import JobBook
    from extract_bridge.agent.roots import DocumentGuard
    from extract_bridge.agent.steps import Clients, Steps, Tell
    from extract_bridge.client.inputs import DocumentInput
    from extract_bridge.core.pricing import Estimate, Reservation

_USAGE: Mapping[str, Any] = {"expand": ("usage",)}


class _Made(Exception):  # noqa: N818 - no error: it ends a call whose job is made and shall go on
    """The job is there; nobody waits for it."""

    def __init__(self, job: ExtractV2Job) -> None:
        super().__init__()
        self.job = job


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What one call asks, with the document already opened.

    Attributes:
        key: The same for the same question.
        document: The name that the model used.
        reached: The document.
        content: Its bytes; None for an id.
        keywords: Of `ExtractClient.run`.
        deadline: On the clock that only grows.
        origin: Where the document came from.
    """

    key: str
    document: str
    reached: DocumentInput
    content: bytes | None
    keywords: Mapping[str, Any]
    deadline: float
    origin: JobOrigin


class ExtractCall:
    """How calls of one tool are made.

    Args:
        clients: Who gives the clients.
        keywords: Configuration keywords of `ExtractClient.run`; with `data_schema` the model may choose pages.
        guard: What can be reached.
        style: How answers are written.
        timeout: Seconds until an answer says "still running".
        book: Remembers jobs; calls with one book never make two jobs of one question. Ignored beside `session`.
        session: What the tools of one toolkit share; by default one of the call's own around `book`.
    """

    def __init__(
        self,
        *,
        clients: Clients,
        keywords: Mapping[str, Any],
        guard: DocumentGuard,
        style: AnswerStyle,
        timeout: float,
        book: JobBook | None = None,
        session: Session | None = None,
    ) -> None:
        self.clients = clients
        self.keywords = keywords
        self.guard = guard
        self.style = style
        self.timeout = timeout
        self.session = session or Session()
        if session is None and book is not None:
            self.session.book = book
        self.book = self.session.book

    @cached_property
    def resolved(self) -> ResolvedConfiguration:
        """What the keywords mean."""
        return resolve_configuration(**self.keywords)

    def call(
        self, document: str, pages: Any = None, context: Any = None, *, tell: Tell | None = None
    ) -> Answer:
        """Extract, blocking.

        Args:
            document: The document's name, as the model wrote it.
            pages: Text, a number or a list of numbers, as the model wrote them.
            context: The framework's run context, for a `documents` function.
            tell: Told of progress.

        Raises:
            ExtractError: see `problem_of`; still running at `timeout` is no error but an answer.
        """
        client = self.clients.sync_client()
        return drive(self._extract(document, pages, context, client.service), client, tell)

    async def acall(
        self, document: str, pages: Any = None, context: Any = None, *, tell: Tell | None = None
    ) -> Answer:
        """Extract without blocking the event loop. Cancelling it cancels the job. See `call`."""
        client = self.clients.async_client()
        return await adrive(self._extract(document, pages, context, client.service), client, tell)

    def submit(self, document: str, pages: Any = None, context: Any = None) -> Answer:
        """Make the job and leave it running; the same question as before names the same job. See `call`."""
        client = self.clients.sync_client()
        return drive(self._submit(document, pages, context, client.service), client)

    async def asubmit(self, document: str, pages: Any = None, context: Any = None) -> Answer:
        """Make the job and leave it running, without blocking the event loop. See `submit`."""
        client = self.clients.async_client()
        return await adrive(self._submit(document, pages, context, client.service), client)

    def estimate(
        self, document: str, pages: Any = None, context: Any = None, *, quick: bool = False
    ) -> Estimate:
        """What a call would cost at most, whether its job was made before or not. Blocks, with `quick` for a moment only; sends nothing.

        Raises:
            ExtractError: the document cannot be reached, or the pages are none.
        """
        keywords = self._keywords_for(coerce_pages(pages))
        reached = self.guard.open(document, context)
        content = None if reached.kind == "id" else reached.read()
        return self._estimate(keywords, content, reached.name, quick=quick)

    def _estimate(
        self, keywords: Mapping[str, Any], content: bytes | None, name: str | None, *, quick: bool = False
    ) -> Estimate:
        budget = self.session.budget
        return estimate_call(
            resolve_configuration(**keywords),
            content,
            name,
            unknown_pages=budget.unknown_pages if budget else None,
            quick=quick,
        )

    def _extract(self, document: str, pages: Any, context: Any, service: str) -> Steps[Answer]:
        asked: _Question = yield from self._question(document, pages, context, service)
        yield from self._enter(asked)
        try:
            job = yield from self._job(asked)
        except WaitTimeoutError as error:
            if error.job is None:
                raise
            return pending_answer(error.job, seconds=self.timeout, document=document)
        finally:
            self.book.leave(asked.key)
        job.origin = asked.origin
        answer: Answer = yield Work(lambda: self._answer(job, document))
        return answer

    def _submit(self, document: str, pages: Any, context: Any, service: str) -> Steps[Answer]:
        asked: _Question = yield from self._question(document, pages, context, service)
        yield from self._enter(asked)
        try:
            known = self._known(asked)
            if known is not None:
                with suppress(NotFoundError):  # deleted meanwhile
                    job: ExtractV2Job = yield Ask("get", (known,))
                    self.book.saw(job)
                    return submitted_answer(job, document=document, tools=self.session.tools)
                self.book.forget(asked.key)
            try:
                job = yield from self._new_job(asked, leave=True)
            except _Made as made:
                job = made.job
        finally:
            self.book.leave(asked.key)
        return submitted_answer(job, document=document, tools=self.session.tools)

    def _question(self, document: str, pages: Any, context: Any, service: str) -> Steps[_Question]:
        deadline = time.monotonic() + self.timeout
        keywords = self._keywords_for(coerce_pages(pages))
        reached: DocumentInput = yield Work(lambda: self.guard.open(document, context))
        content: bytes | None = None if reached.kind == "id" else (yield Work(reached.read))
        sha256 = None if content is None else (yield Work(lambda: sha256_hex(content)))
        return _Question(
            key=self._key(sha256 or reached.source, keywords.get("target_pages")),
            document=document,
            reached=reached,
            content=content,
            keywords=keywords,
            deadline=deadline,
            origin=JobOrigin(service, reached.source, reached.source_id, reached.name, sha256),
        )

    def _enter(self, asked: _Question) -> Steps[None]:
        while (busy := self.book.enter(asked.key)) is not None:
            yield Until(busy, _left(asked.deadline))

    def _job(self, asked: _Question) -> Steps[ExtractV2Job]:
        """The finished job of a question: the one that was made before, or a new one."""
        known = self._known(asked)
        if known is None:
            return (yield from self._new_job(asked))
        try:
            job: ExtractV2Job = yield Ask("wait", (known,), {"timeout": _left(asked.deadline)})
        except NotFoundError:  # deleted meanwhile
            self.book.forget(asked.key)
            return (yield from self._new_job(asked))
        except (JobFailedError, JobCancelledError) as error:
            yield from self._ended(error, asked)
            raise
        except GeneratorExit:  # nobody takes steps any more
            raise
        except BaseException as error:
            if not isinstance(
                error, Exception
            ):  # the call is cancelled, and so its job; `run` does it by itself
                self.book.forget(asked.key)
                with suppress(ExtractError):
                    self.book.saw((yield Ask("cancel", (known,))), in_full=False)
            raise
        self.book.saw(job)
        return job

    def _known(self, asked: _Question) -> str | None:
        """The job of a question in this conversation. A ledger is asked each time: it takes up what it knows, and is told how it ends."""
        return None if self.session.ledger is not None else self.book.job_id(asked.key)

    def _memory(self) -> Mapping[str, Any]:
        """A ledger knows what costs nothing, and settles what does; so the budget is its business."""
        ledger = self.session.ledger
        return {} if ledger is None else {"ledger": ledger, "budget": self.session.budget}

    def _new_job(self, asked: _Question, *, leave: bool = False) -> Steps[ExtractV2Job]:
        reservation: Reservation | None = yield from self._set_aside(asked)
        keywords = {**asked.keywords, **self._memory(), "timeout": _left(asked.deadline)}
        made: list[str] = []

        def seen(job: ExtractV2Job) -> None:
            if not made:
                made.append(job.id)
                self.book.add(asked.key, self._note(job, asked, reservation))
            if leave:
                raise _Made(job)

        try:
            job: ExtractV2Job = yield Ask("run", (asked.reached,), keywords, seen)
        except GeneratorExit:
            raise
        except (JobFailedError, JobCancelledError) as error:
            yield from self._ended(error, asked)
            raise
        except BaseException as error:
            if not isinstance(error, Exception):
                self.book.forget(asked.key)
            # A job that is known keeps its reservation: it is settled when somebody asks about it.
            if reservation is not None and not made:
                _close(reservation, error)
            raise
        yield from self._came(job, asked, reservation)
        return job

    def _came(self, job: ExtractV2Job, asked: _Question, reservation: Reservation | None) -> Steps[None]:
        if self.book.note(job.id) is None:  # a ledger had it
            self.book.add(asked.key, self._note(job, asked, None))
        if reservation is not None and job.duplicates:
            reservation.settle((yield from self._cost_of_all(job, reservation.credits)))
        self.book.saw(job)

    def _cost_of_all(self, job: ExtractV2Job, estimate: float) -> Steps[float]:
        """What a job and its duplicates have cost; the estimate for each of which nobody can say it."""
        billed = [billed_credits(job)]
        for job_id in job.duplicates:
            found: ExtractV2Job | None = None
            with suppress(ExtractError):
                found = yield Ask("get", (job_id,), _USAGE)
            billed.append(billed_credits(found) if found else None)
        return sum(estimate if credits_ is None else credits_ for credits_ in billed)

    def _ended(self, error: JobError, asked: _Question) -> Steps[None]:
        """A job ended badly: the same call makes a new one, and what this one cost is settled."""
        self.book.forget(asked.key)
        self.book.saw(error.job, in_full=False)
        note = self.book.note(error.job.id)
        if note is not None:
            yield from self._settle(note)

    def _settle(self, note: JobNote) -> Steps[None]:
        """Ask what a job has cost, if that is still open and it ended."""
        if note.reservation is not None and note.reservation.is_open:
            with suppress(ExtractError):
                self.book.saw((yield Ask("get", (note.job_id,), _USAGE)))

    def _set_aside(self, asked: _Question) -> Steps[Reservation | None]:
        """Reserve what a job will cost. Before that is refused, jobs that nobody has asked about since are settled."""
        budget = self.session.budget
        if budget is None or self.session.ledger is not None:
            return None
        name = asked.reached.name
        estimate: Estimate = yield Work(lambda: self._estimate(asked.keywords, asked.content, name))
        unsettled = self.book.unsettled()
        while True:
            try:
                return budget.reserve(estimate, where=name)
            except BudgetExceededError:
                if estimate.credits is None or not unsettled:
                    raise
            yield from self._settle(unsettled.pop(0))

    def _note(self, job: ExtractV2Job, asked: _Question, reservation: Reservation | None) -> JobNote:
        return JobNote(
            job_id=job.id,
            document=asked.document,
            file_input=job.file_input,
            status=str(job.status),
            schema=self.resolved.schema,
            origin=asked.origin,
            reservation=reservation,
        )

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


def _close(reservation: Reservation, error: BaseException) -> None:
    """End a reservation whose call failed before any job was seen."""
    if isinstance(error, ExtractError) and not isinstance(error, (UnansweredError, JobError)):
        reservation.release()  # the service refused, or was never asked
    else:
        reservation.settle(None)  # there may be a job that nobody will ask about again


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.0)
