"""Jobs that are made now and collected later: for functions that may not wait, and for whatever a run has left behind."""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk.call import Call, Pace
from extract_bridge.bulk.documents import submission_of
from extract_bridge.bulk.ledger.collecting import Collectable
from extract_bridge.bulk.many import in_threads
from extract_bridge.bulk.work import Work, documents_of
from extract_bridge.client.client import driving
from extract_bridge.client.flows.keywords import resolve_configuration
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import APIError, NotFoundError, WaitTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from extract_bridge.bulk.extraction import Extraction, Submission
    from extract_bridge.bulk.ledger.ledger import Ledger
    from extract_bridge.client.client import ExtractClient
    from extract_bridge.client.keeping import Purse
    from extract_bridge.core.wire.jobs import ExtractV2Job


def submit(
    files: Any,
    *,
    ledger: Ledger,
    client: Any = None,
    budget: Purse | None = None,
    max_concurrency: int = 4,
    timeout: float = 600.0,
    source_id: str | Callable[[str], str] | None = None,
    reuse: str = "same",
    max_age: float | None = None,
    retry_failed: bool = False,
    **keywords: Any,
) -> list[Submission]:
    """Create a job for each document and return; `collect` gives the results when they are there, in this process or another.

    What the ledger knows is not sent again, and a document that was submitted before is not submitted twice: a call that was killed is simply
    made again.

    Args:
        files: A document, a directory, a pattern, or any iterable of these.
        ledger: Remembers the jobs.
        client: A client, instead of the keywords that choose a service.
        budget: A `Budget`: a document that it cannot pay is that document's error.
        max_concurrency: Documents sent at one time.
        timeout: Seconds for one document, until its job is created.
        source_id: Of a single document, or a function from source to source id.
        reuse: See `Ledger.terms`.
        max_age: See `Ledger.terms`.
        retry_failed: See `Ledger.terms`.
        **keywords: The common ones; see `ExtractOptions`.

    Raises:
        ConfigurationError: for keywords that contradict each other or choose no service.
        FileInputError: for a lone directory or pattern without documents.
    """
    options = ExtractOptions(client=client, **keywords)
    work = Work(
        options,
        resolve_configuration(**options.configuration_keywords()),
        timeout,
        source_id,
        max_concurrency,
        ordered=True,
        on_error="yield",
        ledger=ledger.terms(reuse=reuse, max_age=max_age, retry_failed=retry_failed),
        budget=budget,
    )
    api, perform = driving(options.sync_client())
    return list(in_threads(documents_of(files), Call(api, work, Pace(), submission_of), perform))


def collect(
    ledger: Ledger,
    *,
    client: Any = None,
    wait: float = 0.0,
    local: Any = None,
    api_key: str | None = None,
    base_url: str | None = None,
    project_id: str | None = None,
    organization_id: str | None = None,
) -> Iterator[Extraction]:
    """Give each finished job that was submitted, or that a run left when it was stopped or killed; the others stay for later.

    One counts as given when the next is asked for: a process that is killed before gets it again. `index` counts what this call gives.

    Args:
        ledger: What remembers the jobs.
        client: A client, instead of the next ones.
        wait: Seconds to wait for jobs that are not final yet.
        local: True or a `LocalService`.
        api_key: Of the service.
        base_url: Another service.
        project_id: Scope.
        organization_id: Scope.

    Yields:
        One `Extraction` for each name that a document was submitted under; a job that ended badly with its `error`.

    Raises:
        ConfigurationError: no service is chosen.
        StorageError: the ledger cannot be used.
        APIError: the service, or the way to it.
    """
    asking = _client(client, local, api_key, base_url, project_id, organization_id)
    return _collected(Collectable(ledger, asking.address), asking, wait)


def _client(
    client: Any,
    local: Any,
    api_key: str | None,
    base_url: str | None,
    project_id: str | None,
    organization_id: str | None,
) -> ExtractClient:
    from extract_bridge.client.client import ExtractClient, sync_client  # noqa: PLC0415 - chosen here, at the call

    if client is not None:
        return sync_client(client)
    return ExtractClient(
        local=local,
        api_key=api_key,
        base_url=base_url,
        project_id=project_id,
        organization_id=organization_id,
    )


def _collected(left: Collectable, client: ExtractClient, wait: float) -> Iterator[Extraction]:
    numbers = count()
    for attempt_id in left.doubtful():
        with suppress(APIError):  # it stays doubtful; the next look may say
            _look_for(left, client, attempt_id)
    yield from left.give(numbers)
    for job in _finished(client, left, wait):
        left.finish(job)
        yield from left.give(numbers)


def _look_for(left: Collectable, client: ExtractClient, attempt_id: str) -> None:
    """A create whose answer was lost: its job is the one of its file."""
    file_input = left.file_of(attempt_id)
    for job in client.list(file_input=file_input):
        if job.file_input == file_input:
            left.found(attempt_id, job)


def _finished(client: ExtractClient, left: Collectable, wait: float) -> Iterator[ExtractV2Job]:
    """Each job that is final, as it becomes so. One that the service does not know is left alone: another key may be asking."""
    open_ids = left.running()
    while open_ids:
        try:
            for job in client.as_completed(open_ids, timeout=wait):
                open_ids.remove(job.id)
                yield job
        except WaitTimeoutError:
            return
        except NotFoundError:
            known = [job_id for job_id in open_ids if _is_known(client, job_id)]
            if len(known) == len(open_ids):
                raise
            open_ids = known


def _is_known(client: ExtractClient, job_id: str) -> bool:
    try:
        client.get(job_id, expand=())
    except NotFoundError:
        return False
    return True
