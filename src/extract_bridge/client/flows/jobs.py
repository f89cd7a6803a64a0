"""Extract jobs: read, list, cancel, delete, wait."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

from extract_bridge.client.effects import AwaitJob, Blocking, Call, Flow, Progress, Query, Reply, Sleep
from extract_bridge.client.flows.request import Api, ask, request, segment
from extract_bridge.client.flows.schedule import pause, seconds_of
from extract_bridge.core.errors import (
    BadRequestError,
    JobCancelledError,
    JobError,
    JobFailedError,
    UnprocessableEntityError,
    WaitTimeoutError,
)
from extract_bridge.core.wire.jobs import EXPAND, ExtractV2Job, JobStatus
from extract_bridge.core.wire.model import decode, unexpected_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PATH = "/api/v2/extract"
QUICK = 64 * 1024  # bytes of an answer that are read in a millisecond or two: no event loop minds
_LEAVE_TIMEOUT = 5.0


class JobFilters(TypedDict, total=False):
    """What a list of jobs may be narrowed by; None is the same as not given. Times are RFC 3339 with an offset."""

    status: str | None
    job_ids: Sequence[str] | None
    configuration_id: str | None
    file_input: str | None
    document_input_value: str | None
    document_input_type: str | None
    created_at_on_or_after: str | None
    created_at_on_or_before: str | None
    expand: Sequence[str] | None
    page_size: int | None
    project_id: str | None
    organization_id: str | None


@dataclass(frozen=True, slots=True)
class JobPage:
    """One page of a list: newest first.

    Attributes:
        items: The jobs.
        next_page_token: Asks for the next page; None at the end.
        total_size: Of the whole list, where the service says so.
    """

    items: list[ExtractV2Job]
    next_page_token: str | None
    total_size: int | None = None


def job_path(job_id: str) -> str:
    """The path of one job."""
    return f"{PATH}/{segment(job_id)}"


def get(api: Api, job_id: str, *, expand: Sequence[str] = EXPAND) -> Flow[ExtractV2Job]:
    """Read a job. A service that refuses one of the four usual `expand` values is asked for the evidence alone."""
    try:
        return (yield from _get(api, job_id, expand))
    except (BadRequestError, UnprocessableEntityError):
        if tuple(expand) != EXPAND:
            raise
        return (yield from _get(api, job_id, ("extract_metadata",)))


def open_result(api: Api, job_id: str) -> Flow[None]:
    """Ask for a job in full; what is answered is read by who carries the request out. Otherwise like `get`."""
    try:
        yield from _ask_for(api, job_id, EXPAND)
    except (BadRequestError, UnprocessableEntityError):
        yield from _ask_for(api, job_id, ("extract_metadata",))


def _get(api: Api, job_id: str, expand: Sequence[str]) -> Flow[ExtractV2Job]:
    reply = yield from _ask_for(api, job_id, expand)
    read = partial(ExtractV2Job.from_json, reply.content)
    return read() if len(reply.content) <= QUICK else (yield Blocking(read))


def _ask_for(api: Api, job_id: str, expand: Sequence[str]) -> Flow[Reply]:
    query = [*(("expand", name) for name in expand), *api.scope]
    return (yield from request(api, Call("GET", job_path(job_id), query, spool=bool(expand))))


def list_page(api: Api, query: Query, page_token: str | None = None) -> Flow[JobPage]:
    """One page of jobs. Iterating over pages is the shells' business: a flow has one result, an iterator has many."""
    items, token, total = page_of(
        (yield from ask(api, Call("GET", PATH, page_query(api, query, page_token))))
    )
    return JobPage([ExtractV2Job.read(item) for item in items], token, total)


def page_query(api: Api, query: Query, page_token: str | None) -> Query:
    """Filters, scope and page of a list call; a scope among the filters goes before the client's own."""
    named = {name for name, _ in query}
    scope = [(name, value) for name, value in api.scope if name not in named]
    return [*query, *scope, *([("page_token", page_token)] if page_token else [])]


def page_of(page: Any) -> tuple[list[Any], str | None, int | None]:
    """The parts of a list answer.

    Raises:
        APIError: it is none.
    """
    if not isinstance(page, dict) or not isinstance(page.get("items"), list):
        raise unexpected_answer("the answer is no page of a list")
    return page["items"], page.get("next_page_token"), page.get("total_size")


def cancel(api: Api, job_id: str) -> Flow[ExtractV2Job]:
    """Cancel a job that is not final yet."""
    call = Call("POST", f"{job_path(job_id)}/cancel", api.scope, headers={"Content-Type": "application/json"})
    return ExtractV2Job.read((yield from ask(api, call)))


def delete(api: Api, job_id: str, *, force: bool = False) -> Flow[None]:
    """Delete a final job with its result."""
    query = [*([("force", "true")] if force else []), *api.scope]
    yield from request(api, Call("DELETE", job_path(job_id), query))


def validate_schema(api: Api, json_schema: dict[str, Any]) -> Flow[dict[str, Any]]:
    """Let the service check a schema; what it made of it."""
    answer = yield from ask(api, Call("POST", f"{PATH}/schema/validation", json={"data_schema": json_schema}))
    if not isinstance(answer, dict) or not isinstance(answer.get("data_schema"), dict):
        raise unexpected_answer("the answer holds no data_schema")
    return dict(answer["data_schema"])


def wait(
    api: Api,
    job_id: str,
    *,
    timeout: float,
    on_progress: Callable[[ExtractV2Job], Any] | None = None,
    where: str | None = None,
    in_full: bool = True,
) -> Flow[ExtractV2Job]:
    """Look at a job until it is final: small answers, a deadline by a clock that only grows, then one full read if `in_full`.

    Where a scheduler drives this, it looks, at many jobs at once.
    """
    began = api.clock.monotonic()
    deadline = began + timeout
    api = replace(api, deadline=min(deadline, api.deadline))
    pauses, still_open = api.poll.pauses(), 0.0
    while True:
        job, expand = None, tuple[str, ...]()
        if api.scheduled:
            left = max(deadline - api.clock.monotonic(), 0.0)
            job = yield AwaitJob(job_id, left, each=on_progress is not None)
            expand = EXPAND if in_full else ()  # it is most likely final: read once
        was_read = job is None and bool(expand)
        if job is None:
            job = yield from get(api, job_id, expand=expand)
        if on_progress is not None:
            yield Progress(partial(on_progress, job))
        now = api.clock.monotonic()
        if job.is_final:
            if not api.scheduled:
                api.memory.durations.add(seconds_of(job, now - began, still_open))
            return (yield from finish(api, job, where=where, in_full=in_full and not was_read))
        if now >= deadline:
            raise WaitTimeoutError(
                f"job {job_id} is still {job.status} after {timeout:g} s",
                job=job,
                where=where,
                hint=f"It goes on, nothing is lost: call wait({job_id!r}) again",
            )
        if not api.scheduled:
            still_open = now - began
            yield Sleep(min(_next_pause(api, next(pauses), now - began), deadline - now))


def _next_pause(api: Api, usual: float, age: float) -> float:
    """By what was learned of the service's jobs, else as the policy says."""
    durations = api.memory.durations
    return pause(api.poll, durations, (age,)) if durations.are_known else usual


def finish(
    api: Api, job: ExtractV2Job, *, where: str | None = None, in_full: bool = True
) -> Flow[ExtractV2Job]:
    """A final job: COMPLETED is read in full, anything else raises with the job."""
    if job.status == JobStatus.COMPLETED:
        return (yield from get(api, job.id)) if in_full else job
    raise _ended(job, where)


def _ended(job: ExtractV2Job, where: str | None) -> JobError:
    if job.status == JobStatus.CANCELLED:
        hint = "Create the job again if it was not meant to be cancelled"
        return JobCancelledError(f"job {job.id} was cancelled", job=job, where=where, hint=hint)
    reason = (job.error_message or "the service gives no reason").rstrip(" .")
    hint = (
        "Correct what the reason names and create a new job; this one stays as it is, and error.job holds it"
    )
    return JobFailedError(f"job {job.id} FAILED: {reason}", job=job, where=where, hint=hint)


def leave(api: Api, job_id: str) -> Flow[None]:
    """Cancel the job of a call that is itself being cancelled: one try, and no error of its own."""
    headers = {"Content-Type": "application/json"}
    with suppress(Exception):  # best effort: the caller leaves with its own error
        yield Call("POST", f"{job_path(job_id)}/cancel", api.scope, headers=headers, timeout=_LEAVE_TIMEOUT)


def leave_input(api: Api, file_input: str) -> Flow[None]:
    """Cancel what a lost create left behind. Only for a file id that nobody else uses: it names the job exactly."""
    name = "document_input_value" if api.memory.older else "file_input"
    try:
        reply: Reply = yield Call("GET", PATH, [(name, file_input), *api.scope], timeout=_LEAVE_TIMEOUT)
        items, _, _ = page_of(decode(reply.content))
        found = [ExtractV2Job.read(item) for item in items]
    except Exception:  # noqa: BLE001 - best effort
        return
    for job in found:
        if job.file_input == file_input and not job.is_final:
            yield from leave(api, job.id)
