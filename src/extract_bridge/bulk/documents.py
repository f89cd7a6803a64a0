"""One document among many, as a flow: run it and read its records, or leave its job to be collected."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk.extraction import Extraction, Submission
from extract_bridge.bulk.work import Work, source_of
from extract_bridge.client.effects import Blocking, Flow
from extract_bridge.client.flows import run
from extract_bridge.client.flows.jobs import QUICK
from extract_bridge.core.errors import ExtractError, WaitTimeoutError

if TYPE_CHECKING:
    from extract_bridge.client.flows.request import Api
    from extract_bridge.client.inputs import DocumentInput


def extraction_of(api: Api, work: Work, index: int, document: Any, until: float) -> Flow[Extraction]:
    """What comes of one document; its errors are results.

    Args:
        api: The service; it says that a scheduler watches its jobs.
        work: The call's keywords.
        index: Of the document, from 0.
        document: As it was handed in.
        until: The call's deadline, on the clock that only grows; a document that has not begun then is not begun.
    """
    source = source_of(document)
    begun = _begun(work, document)
    del document  # its bytes may be all that is large about a job in flight
    try:
        timeout = min(work.timeout, until - api.clock.monotonic())
        if timeout <= 0:
            raise WaitTimeoutError(
                "the call's deadline passed before this document was begun",
                code="deadline",
                where=None,
                hint="Call again with it: nothing was sent",
            )
        given, source_id = yield from begun
        del begun
        job = yield from run.run(
            api,
            given,
            work.resolved,
            timeout=timeout,
            source_id=source_id,
            on_progress=work.watch,
            ledger=work.ledger,
            budget=work.budget,
        )
    except ExtractError as error:
        return Extraction(index, source, getattr(error, "job", None), [], error)
    done = partial(work.done, index, source, job)
    is_quick = job.answer_size is not None and job.answer_size <= QUICK
    return done() if is_quick else (yield Blocking(done))


def submission_of(api: Api, work: Work, index: int, document: Any, _until: float) -> Flow[Submission]:
    """The job of one document, which is left running; see `extraction_of`."""
    if work.ledger is None:
        raise AssertionError("nobody would know the job")
    source = source_of(document)
    begun = _begun(work, document)
    del document
    try:
        given, source_id = yield from begun
        del begun
        job_id = yield from run.submit(
            api,
            given,
            work.resolved,
            work.ledger,
            timeout=work.timeout,
            source_id=source_id,
            budget=work.budget,
        )
    except ExtractError as error:
        return Submission(index, source, None, error)
    return Submission(index, source, job_id)


def _begun(work: Work, document: Any) -> Flow[tuple[DocumentInput, str | None]]:
    begin = partial(work.begin, document)
    return begin() if work.begins_at_once(document) else (yield Blocking(begin))
