"""A document in, a finished job out, and a ledger that forgets neither: what it knows is not asked twice.

The order is what keeps it safe. The ledger knows of the attempt before its file is uploaded, and of the file before the create is sent; the file
was uploaded for this attempt alone, so whoever finds an attempt that was left there can ask the service for exactly that file's job. The job is
known to the ledger before anybody waits for it, and its result before anybody is given it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from extract_bridge.client.effects import Blocking, Flow, Sleep
from extract_bridge.client.flows import create, files, jobs
from extract_bridge.client.flows.paying import estimated, with_bill
from extract_bridge.client.flows.question import effective, question
from extract_bridge.client.flows.settle import Created, may_exist, note_repeats
from extract_bridge.client.keeping import Attempt, Busy, Detach, Failed, Kept
from extract_bridge.core.errors import (
    APIError,
    APIStatusError,
    JobCancelledError,
    JobFailedError,
    NotFoundError,
    SourceChanged,
    StorageError,
    UnansweredError,
    WaitTimeoutError,
)
from extract_bridge.core.identity import sha256_hex
from extract_bridge.core.wire.jobs import ExtractV2Job, JobOrigin, JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from extract_bridge.client.flows.keywords import ResolvedConfiguration
    from extract_bridge.client.flows.request import Api
    from extract_bridge.client.inputs import DocumentInput
    from extract_bridge.client.keeping import Keeping, Purse, Question

T = TypeVar("T")
_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.05, 1.0, 1.5  # seconds between looks at what somebody else is at
_FILE_IS_GONE = (400, 404, 410)


class Call:
    """One document's call.

    Args:
        api: The service.
        given: The document.
        resolved: What to extract.
        ledger: Where it is kept.
        budget: What pays for a new job.
        deadline: On the clock that only grows.
        source_id: What makes it the same document next time.
        on_progress: Told of the job at each look.
    """

    def __init__(
        self,
        api: Api,
        given: DocumentInput,
        resolved: ResolvedConfiguration,
        ledger: Keeping,
        budget: Purse | None,
        deadline: float,
        source_id: str | None,
        on_progress: Callable[[ExtractV2Job], Any] | None,
    ) -> None:
        self._api, self._given, self._resolved, self._budget = api, given, resolved, budget
        self._visit, self._deadline = ledger.visit(), deadline
        self._source_id, self._on_progress = source_id, on_progress
        self._job_id: str | None = None  # of the attempt that this call is at
        self._file_input: str | None = None

    def run(self) -> Flow[ExtractV2Job]:
        """The finished job, in full; see `run.run`."""
        asked, content = yield from self._asked()
        return (yield from self._guarded(self._finished(asked, content)))

    def submit(self) -> Flow[str]:
        """Create the job and leave it running: its id, or that of the job which the ledger has."""
        asked, content = yield from self._asked()
        return (yield from self._guarded(self._submitted(asked, content)))

    def _asked(self) -> Flow[tuple[Question, bytes | None]]:
        """The question. A file's bytes are not held on to: many documents wait here, and few are sent at a time."""
        configuration = yield from effective(self._api, self._resolved)
        given, sha256, content = self._given, None, None
        if given.kind != "id":
            content, sha256 = yield Blocking(given.read_hashed)
            if given.kind == "path":
                content = None
        source_id = self._source_id or given.source_id
        origin = JobOrigin(self._api.service, given.source, source_id, given.name, sha256)
        return question(self._api, self._resolved, configuration, origin), content

    def _guarded(self, flow: Flow[T]) -> Flow[T]:
        """The flow; however it ends, the ledger is told that this call is no longer at it."""
        try:
            return (yield from flow)
        except GeneratorExit:
            with suppress(Exception):
                self._visit.forsake(self._job_id)
            raise
        except Detach:
            with suppress(StorageError):
                yield Blocking(partial(self._visit.forsake, self._job_id))
            raise
        except Exception as error:
            refused = isinstance(error, APIError) and self._job_id is None and not may_exist(error)
            with suppress(StorageError):  # what went wrong first is what the caller is told
                yield Blocking(partial(self._visit.forsake, self._job_id, error, refused=refused))
            raise
        except BaseException:  # cancelled, and with it the job, unless others wait for it
            alone, file_input = True, None
            with suppress(StorageError):
                alone, file_input = yield Blocking(partial(self._visit.leave, self._job_id))
            if alone and self._job_id is not None:
                yield from jobs.leave(self._api, self._job_id)
            elif alone and file_input is not None:
                yield from jobs.leave_input(self._api, file_input)
            raise

    def _finished(self, asked: Question, content: bytes | None) -> Flow[ExtractV2Job]:
        while True:
            claim = yield from self._claimed(asked)
            if not isinstance(claim, Attempt):
                return claim
            job = yield from self._carried_on(claim, asked, content)
            if job is not None:
                return job

    def _submitted(self, asked: Question, content: bytes | None) -> Flow[str]:
        while True:
            claim = yield from self._claimed(asked)
            if not isinstance(claim, Attempt):
                yield Blocking(self._visit.promise)
                return claim.id
            job_id = claim.job_id
            if job_id is None:
                created = yield from self._created(claim, asked, content)
                if created is None:
                    continue
                job_id = created.job.id
            yield Blocking(self._visit.promise)
            yield Blocking(partial(self._visit.forsake, job_id))
            return job_id

    def _claimed(self, asked: Question) -> Flow[Attempt | ExtractV2Job]:
        """The answer that is there, or an attempt to carry on; waits while somebody else is at it."""
        pause = _FIRST_PAUSE
        while True:
            claim = yield Blocking(partial(self._visit.claim, asked))
            if isinstance(claim, Kept):
                claim.job.origin = replace(asked.origin, reused=True)
                return claim.job
            if isinstance(claim, Failed):
                raise _failed_before(claim.job, asked)
            if not isinstance(claim, Busy):
                self._job_id, self._file_input = claim.job_id, claim.file_input
                return claim  # type: ignore[no-any-return]
            left = self._deadline - self._api.clock.monotonic()
            if left <= 0:
                raise WaitTimeoutError(
                    "another call is still extracting this document",
                    where=asked.origin.file_name,
                    hint="It goes on, nothing is lost: call again",
                )
            yield Sleep(min(pause, left))
            pause = min(pause * _GROWTH, _LONGEST_PAUSE)

    def _carried_on(
        self, attempt: Attempt, asked: Question, content: bytes | None
    ) -> Flow[ExtractV2Job | None]:
        """The finished job of an attempt; None where it came to nothing, and the question is to be asked again."""
        sends, created = attempt.sends, None
        if attempt.job_id is None:
            created = yield from self._created(attempt, asked, content)
            if created is None:
                return None
        job_id, file_input = self._job_id or "", self._file_input or ""
        left = max(self._deadline - self._api.clock.monotonic(), 0.0)
        where = asked.origin.file_name
        try:
            if created is None and (yield from self._is_cancelled(job_id, sends, asked, file_input)):
                return None
            job = yield from jobs.wait(
                self._api, job_id, timeout=left, on_progress=self._on_progress, where=where
            )
        except NotFoundError:
            if created is not None:
                raise
            yield Blocking(self._visit.lost)  # 48 hours, or somebody deleted it: there is nothing to take up
            self._job_id = None
            return None
        except (JobFailedError, JobCancelledError) as error:
            yield from self._settled(created, sends, error.job, asked, file_input)
            if isinstance(error, JobCancelledError) and attempt.abandoned:
                self._job_id = None
                return None
            raise
        yield from self._settled(created, sends, job, asked, file_input)
        return job

    def _is_cancelled(self, job_id: str, sends: int, asked: Question, file_input: str) -> Flow[bool]:
        """Whether a job that is taken up was cancelled while nobody waited for it: then there is none to wait for."""
        job = yield from jobs.get(self._api, job_id, expand=())
        if job.status != JobStatus.CANCELLED:
            return False
        yield from self._settled(None, sends, job, asked, file_input)
        self._job_id = None
        return True

    def _settled(
        self, created: Created | None, sends: int, job: ExtractV2Job, asked: Question, file_input: str
    ) -> Flow[None]:
        """Keep how a job ended, before anybody is told."""
        job.origin = asked.origin
        if created is None and sends > 1:  # whoever sent it is gone; what it feared is looked at here
            created = Created(job, sends, self._api.clock.monotonic() - self._api.retry.settle_after)
        if created is not None:
            yield from note_repeats(self._api, created, job, file_input, deadline=self._deadline)
        billed = yield from with_bill(self._api, job)
        billed.origin, billed.duplicates = job.origin, job.duplicates
        yield Blocking(partial(self._visit.finished, billed))

    def _created(self, attempt: Attempt, asked: Question, content: bytes | None) -> Flow[Created | None]:
        """The attempt's job, made now or by somebody who is gone; None where nothing can come of the attempt any more."""
        earlier, file_input, own = None, attempt.file_input, attempt.own
        if file_input is None:
            file_input, own = yield from self._uploaded(attempt, asked, content)
        else:
            said = UnansweredError("the process that sent it has ended")
            earlier = create.Earlier(said, attempt.since, max(attempt.sends, 1))
        try:
            return (
                yield from create.make(
                    self._api,
                    file_input,
                    self._resolved,
                    own=own,
                    deadline=self._deadline,
                    attempt_id=attempt.id,
                    earlier=earlier,
                    stay=self._stay,
                )
            )
        except APIStatusError as error:
            if earlier is None or error.status not in _FILE_IS_GONE or self._job_id is not None:
                raise
            refused = error
        # There was no job, and the file is no longer there: settled, so it may be uploaded again.
        yield Blocking(partial(self._visit.void, refused))
        return None

    def _stay(self, _: Api, created: Created) -> Flow[None]:
        """The ledger learns of the job; a cancellation that came meanwhile lands here, and knows the job."""
        self._job_id = created.job.id
        yield Blocking(partial(self._visit.created, created.job, sends=created.sent))

    def _uploaded(self, attempt: Attempt, asked: Question, content: bytes | None) -> Flow[tuple[str, bool]]:
        """A file for this attempt, written down before the create is sent."""
        given, file_input, own = self._given, self._given.source, False
        if given.kind != "id" and content is None:
            content = yield Blocking(partial(_unchanged, given, asked.origin.file_sha256))
        if self._budget is not None:
            estimate = yield from estimated(self._budget, self._resolved, given, content)
            where = given.name or given.source
            yield Blocking(partial(self._visit.reserve, self._budget, estimate, where=where))
        if content is not None:
            name = given.name or given.source
            file, own = yield from files.create_own(self._api, name, content, attempt_id=attempt.id)
            file_input = file.id
        yield Blocking(partial(self._visit.sending, file_input, own=own))
        self._file_input = file_input
        return file_input, own


def _unchanged(given: DocumentInput, sha256: str | None) -> bytes:
    """The document's bytes, which are those that were asked about.

    Raises:
        SourceChanged: they are not.
    """
    content = given.read()
    if sha256_hex(content) != sha256:
        raise SourceChanged(
            "the file changed while it was being looked up; nothing was sent",
            where=given.name,
            hint="Call again when nobody writes to it any more",
        )
    return content


def _failed_before(job: ExtractV2Job, asked: Question) -> JobFailedError:
    job.origin = replace(asked.origin, reused=True)
    reason = (job.error_message or "the service gives no reason").rstrip(" .")
    return JobFailedError(
        f"job {job.id} FAILED: {reason}",
        job=job,
        where=asked.origin.file_name,
        hint="The ledger remembers it, and nothing was sent: correct what the reason names, or pass retry_failed=True to pay for another try",
    )
