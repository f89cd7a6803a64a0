"""A document in, a finished job out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from extract_bridge.client.effects import Blocking, Flow
from extract_bridge.client.flows import create, files, jobs, kept
from extract_bridge.client.flows.paying import Bill
from extract_bridge.client.flows.settle import Created, may_exist, note_repeats
from extract_bridge.client.inputs import DocumentInput, is_at_hand, resolve_input
from extract_bridge.client.keeping import Detach, check_ledger
from extract_bridge.core.errors import APIError, JobError
from extract_bridge.core.wire.jobs import ExtractV2Job, JobOrigin

if TYPE_CHECKING:
    from collections.abc import Callable

    from extract_bridge.client.flows.keywords import ResolvedConfiguration
    from extract_bridge.client.flows.request import Api
    from extract_bridge.client.keeping import Keeping, Purse


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One document on its way.

    Attributes:
        file_input: What the job is made from.
        own: The file was uploaded for this attempt alone.
        deadline: On the clock that only grows.
        origin: What was handed in.
    """

    file_input: str
    own: bool
    deadline: float
    origin: JobOrigin


def run(
    api: Api,
    document: Any,
    resolved: ResolvedConfiguration,
    *,
    timeout: float,
    file_name: str | None = None,
    file_id: str | None = None,
    source_id: str | None = None,
    on_progress: Callable[[ExtractV2Job], Any] | None = None,
    in_full: bool = True,
    ledger: Keeping | None = None,
    budget: Purse | None = None,
) -> Flow[ExtractV2Job]:
    """Upload, create, wait, read in full if `in_full`. The time for all of it is `timeout`, in seconds.

    The file is uploaded for this attempt alone, so that a job whose answer was lost is known by its file. A call that is cancelled
    (Ctrl-C, a cancelled task) cancels its job on the way out; `Detach` leaves it running.

    With a ledger, what was extracted before is not extracted again, and what somebody left is taken up (`kept`); it keeps whole jobs, so
    `in_full` says nothing there. With a budget, what the job may cost is set aside before anything is sent.
    """
    create.check(api, resolved)
    check_ledger(ledger)
    deadline = api.clock.monotonic() + timeout
    api = replace(api, deadline=deadline)
    given = yield from _looked_at(document, file_name, file_id)
    yield from create.checked_schema(api, resolved)
    if ledger is not None:
        call = kept.Call(api, given, resolved, ledger, budget, deadline, source_id, on_progress)
        return (yield from call.run())
    bill = Bill()
    try:
        file_input, own, sha256 = given.source, False, None
        content: bytes | None = None
        if given.kind != "id":
            content, sha256 = yield Blocking(given.read_hashed)
        yield from bill.set_aside(budget, resolved, given, content)
        if content is not None:
            file, own = yield from files.create_own(api, given.name or given.source, content)
            file_input = file.id
            content = None  # of thousands in flight, only a few documents are to be in memory
        origin = JobOrigin(api.service, given.source, source_id or given.source_id, given.name, sha256)
        attempt = _Attempt(file_input, own, deadline, origin)
        job = yield from _extracted(api, attempt, resolved, on_progress, bill, in_full=in_full)
        yield from bill.settle(api, job)
    except JobError as error:
        yield from bill.settle(api, error.job)
        raise
    finally:
        bill.close()
    return job


def submit(
    api: Api,
    document: Any,
    resolved: ResolvedConfiguration,
    ledger: Keeping,
    *,
    timeout: float,
    file_name: str | None = None,
    source_id: str | None = None,
    budget: Purse | None = None,
) -> Flow[str]:
    """Upload and create, and leave the job running: the ledger knows it. Its id; see `kept`."""
    create.check(api, resolved)
    check_ledger(ledger)
    deadline = api.clock.monotonic() + timeout
    api = replace(api, deadline=deadline)
    given = yield from _looked_at(document, file_name)
    yield from create.checked_schema(api, resolved)
    call = kept.Call(api, given, resolved, ledger, budget, deadline, source_id, None)
    return (yield from call.submit())


def _looked_at(
    document: Any, file_name: str | None = None, file_id: str | None = None
) -> Flow[DocumentInput]:
    look = partial(resolve_input, document, file_name=file_name, file_id=file_id)
    return look() if is_at_hand(document) else (yield Blocking(look))


def _extracted(
    api: Api,
    attempt: _Attempt,
    resolved: ResolvedConfiguration,
    on_progress: Callable[[ExtractV2Job], Any] | None,
    bill: Bill,
    *,
    in_full: bool,
) -> Flow[ExtractV2Job]:
    created = None
    try:
        bill.sent = True
        created = yield from create.make(
            api, attempt.file_input, resolved, own=attempt.own, deadline=attempt.deadline
        )
        left = max(attempt.deadline - api.clock.monotonic(), 0.0)
        where = attempt.origin.file_name
        job = yield from jobs.wait(
            api, created.job.id, timeout=left, on_progress=on_progress, where=where, in_full=in_full
        )
        return (yield from _whole(api, attempt, created, job))
    except JobError as error:
        if error.job is not None and created is not None:
            yield from _whole(api, attempt, created, error.job)
        raise
    except APIError as error:
        bill.sent = created is not None or may_exist(error)
        raise
    except (GeneratorExit, Detach):  # the driver is gone, or the job shall go on: nothing is asked any more
        raise
    except BaseException as error:
        if not isinstance(error, Exception):
            if created is not None:
                yield from jobs.leave(api, created.job.id)
            if attempt.own and (created is None or created.again is not None):
                yield from jobs.leave_input(api, attempt.file_input)
        raise


def _whole(api: Api, attempt: _Attempt, created: Created, job: ExtractV2Job) -> Flow[ExtractV2Job]:
    """The job with its origin, and with the duplicates that its lost answers may have made."""
    job.origin = attempt.origin
    yield from note_repeats(api, created, job, attempt.file_input, deadline=attempt.deadline)
    return job
