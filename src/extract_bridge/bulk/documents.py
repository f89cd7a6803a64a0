"""One document among many, as a flow: set its cost aside, run it, read its records."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk.extraction import Extraction
from extract_bridge.bulk.work import USAGE, Work, source_of
from extract_bridge.client.effects import Blocking, Flow, Sleep
from extract_bridge.client.flows import jobs, run
from extract_bridge.core.errors import ExtractError, JobError, WaitTimeoutError

if TYPE_CHECKING:
    from extract_bridge.bulk.work import Paid
    from extract_bridge.client.flows.request import Api
    from extract_bridge.core.wire.jobs import ExtractV2Job


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
    begin = Blocking(partial(work.begin, document))
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
        paid = yield begin
        del begin
        job = yield from _run(api, work, paid, timeout)
    except ExtractError as error:
        return Extraction(index, source, getattr(error, "job", None), [], error)
    done: Extraction = yield Blocking(partial(work.done, index, source, job))
    return done


def _run(api: Api, work: Work, paid: Paid, timeout: float) -> Flow[ExtractV2Job]:
    try:
        yield Sleep(0)  # an end that was asked for while the cost was counted is heard here
    except BaseException:
        paid.give_up()
        raise
    with paid:
        try:
            paid.job = yield from run.run(
                api,
                paid.document,
                work.resolved,
                timeout=timeout,
                source_id=paid.source_id,
                on_progress=work.watch,
                ledger=work.ledger,
                budget=work.budget,
            )
        except JobError as error:
            if (ended := paid.unknown_cost(error)) is not None:
                with suppress(ExtractError):  # then it counts as what it was estimated to cost
                    paid.job = yield from jobs.get(api, ended, expand=USAGE)
            raise
        return paid.job
