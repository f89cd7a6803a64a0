"""Calls about jobs and documents: how a job stands, reading and cancelling it, and what there is; for every framework.

Written once as steps, like the extract call: `call` takes them in this thread, `acall` in this event loop.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from extract_bridge.agent.answer import Answer, dumps, finished_answer, page_answer, state_answer
from extract_bridge.agent.steps import Ask, Work, adrive, drive
from extract_bridge.agent.text import is_clean, shorten
from extract_bridge.core.errors import ConflictError, JobError, NotFoundError
from extract_bridge.core.records.read import records_from_job

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from extract_bridge.agent.answer import AnswerStyle
    from extract_bridge.agent.jobs import JobNote
    from extract_bridge.agent.roots import DocumentGuard
    from extract_bridge.agent.session import Session
    from extract_bridge.agent.steps import Clients, Steps, Tell
    from extract_bridge.core.records.model import ExtractedRecord
    from extract_bridge.core.wire.jobs import ExtractV2Job

MOST_LISTED = 20
_MOST_SCANNED = 10_000
_NAME_CHARS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCalls:
    """How the job tools of one session make their calls.

    Attributes:
        clients: Who gives the clients.
        session: What the tools share.
        style: How an answer is written, given what a note says of the job (None of a job from elsewhere).
        allowed_ids: Jobs that may be asked about besides the session's own.
        allow_any_id: Whether every job may be asked about.
    """

    clients: Clients
    session: Session
    style: Callable[[JobNote | None], AnswerStyle]
    allowed_ids: Collection[str] = ()
    allow_any_id: bool = False

    def call(self, steps: Steps[Answer], tell: Tell | None = None) -> Answer:
        """Take the steps in this thread.

        Raises:
            ExtractError: see `problem_of`.
        """
        return drive(steps, self.clients.sync_client(), tell)

    async def acall(self, steps: Steps[Answer], tell: Tell | None = None) -> Answer:
        """Take the steps in this event loop. Cancelling it leaves the job alone.

        Raises:
            ExtractError: see `problem_of`.
        """
        return await adrive(steps, self.clients.async_client(), tell)

    def get(self, job_id: str, wait_seconds: float = 0) -> Steps[Answer]:
        """How a job stands; its result once it is COMPLETED.

        Args:
            job_id: The job.
            wait_seconds: Wait so long for it to end.
        """
        job_id = self._allowed(job_id)
        job: ExtractV2Job
        try:
            if wait_seconds > 0:
                yield Ask("wait", (job_id,), {"timeout": wait_seconds})
        except JobError:  # how it ended, or that it has not, is the answer
            pass
        job = yield Ask("get", (job_id,))
        self._saw(job)
        if job.status != "COMPLETED":
            return state_answer(job, document=self._document(job_id), tools=self.session.tools)
        answer: Answer = yield Work(lambda: self._finished(job))
        return answer

    def read(self, job_id: str, path: str = "", offset: int = 0, limit: int | None = None) -> Steps[Answer]:
        """One page of a finished job's result; see `page_answer`."""
        job_id = self._allowed(job_id)
        job: ExtractV2Job = yield Ask("get", (job_id,))
        self._saw(job)
        if job.status != "COMPLETED":
            return state_answer(job, document=self._document(job_id), tools=self.session.tools)
        answer: Answer = yield Work(lambda: self._page(job, path, offset, limit))
        return answer

    def cancel(self, job_id: str) -> Steps[Answer]:
        """Cancel a job. One that ended meanwhile is left as it is, and the answer says how it ended."""
        job_id = self._allowed(job_id)
        with suppress(ConflictError):
            yield Ask("cancel", (job_id,))
        job: ExtractV2Job = yield Ask("get", (job_id,))
        self._saw(job)
        body = {"job_id": job_id, "status": shorten(str(job.status), 40)}
        if job.status != "CANCELLED":
            body["next"] = "It had ended before it could be cancelled; nothing was changed."
        return Answer(dumps(body), {**body, "document": self._document(job_id)})

    def jobs(self, offset: int = 0, limit: int = 10) -> Steps[Answer]:
        """The session's own jobs and those allowed by id, newest first."""
        own = [note.job_id for note in self.session.book.notes()]
        known = [*own, *(item for item in sorted(self.allowed_ids) if item not in own and _may_be_job(item))]
        shown = []
        for job_id in known[offset : offset + limit]:
            shown.append((yield from self._listed(job_id)))  # noqa: PERF401 - a comprehension cannot yield
        return _page_of_list("jobs", shown, offset, len(known), self.style(None).most)

    def _listed(self, job_id: str) -> Steps[dict[str, Any]]:
        note = self.session.book.note(job_id)
        status = note.status if note else None
        if note is None or not note.is_final:
            try:
                job: ExtractV2Job = yield Ask("get", (job_id,))
            except NotFoundError:
                status = "DELETED"
            else:
                self._saw(job)
                status = str(job.status)
        listed = {"job_id": job_id, "status": shorten(status or "", 40)}
        return {**listed, "document": shorten(note.document, _NAME_CHARS)} if note else listed

    def _allowed(self, job_id: str) -> str:
        return self.session.check_job(job_id, self.allowed_ids, any_id=self.allow_any_id)

    def _document(self, job_id: str) -> str:
        note = self.session.book.note(job_id)
        return note.document if note else ""

    def _saw(self, job: ExtractV2Job) -> None:
        self.session.book.saw(job)
        note = self.session.book.note(job.id)
        if note is not None and job.origin is None:
            job.origin = note.origin

    def _records(self, job: ExtractV2Job) -> list[ExtractedRecord]:
        note = self.session.book.note(job.id)
        schema = note.schema if note else None
        return records_from_job(
            job, schema.json_schema if schema else None, name=schema.name if schema else None
        )

    def _finished(self, job: ExtractV2Job) -> Answer:
        note = self.session.book.note(job.id)
        return finished_answer(job, self._records(job), self.style(note), document=self._document(job.id))

    def _page(self, job: ExtractV2Job, path: str, offset: int, limit: int | None) -> Answer:
        style = self.style(self.session.book.note(job.id))
        return page_answer(job, self._records(job), style, path=path, offset=offset, limit=limit)


def documents(
    guard: DocumentGuard, contains: str | None, offset: int, limit: int, *, most: int = 8000
) -> Answer:
    """The documents that can be named, those whose name holds `contains` (in any case), `limit` from `offset` on.

    Blocks while folders are read. What a `documents` function knows cannot be listed. Names with characters that a reader
    would not see are left out: nobody could write them.
    """
    wanted = (contains or "").casefold()
    every = [*islice(guard.names(), _MOST_SCANNED), *sorted(guard.allowed_ids)]
    names = list(dict.fromkeys(name for name in every if is_clean(name) and wanted in name.casefold()))
    shown = [shorten(name, _NAME_CHARS * 3) for name in names[offset : offset + limit]]
    return _page_of_list("documents", shown, offset, len(names), most)


def _may_be_job(text: str) -> bool:
    return not text.startswith(("dfl-", "pjb-"))


def _page_of_list(what: str, shown: list[Any], offset: int, total: int, most: int) -> Answer:
    while True:
        behind = offset + len(shown)
        body: dict[str, Any] = {what: shown, "total": total}
        body["truncated"] = {"next_offset": behind} if behind < total else None
        text = dumps(body)
        if len(text) <= most or len(shown) < 2:
            return Answer(text, body)
        shown = shown[: max(len(shown) * most // len(text), 1)]
