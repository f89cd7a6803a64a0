"""Extract from many documents: a bounded window over any iterable, driven by threads or by tasks.

Memory does not grow with the number of documents (`on_error="raise"` alone keeps what is finished, for the error to carry).
"""

from __future__ import annotations

import asyncio
import inspect
import os
from itertools import islice
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk.call import END, Call, Give, Pace, Read, Say, Stop, Wait
from extract_bridge.bulk.ledger import Ledger
from extract_bridge.bulk.tasks import AsyncCrew
from extract_bridge.bulk.threads import Crew
from extract_bridge.bulk.work import Work, documents_in, documents_of
from extract_bridge.client.client import driving
from extract_bridge.client.flows.keywords import resolve_configuration
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from extract_bridge.bulk.extraction import Extraction
    from extract_bridge.bulk.progress import Progress
    from extract_bridge.client.drivers import AsyncPerform, Perform
    from extract_bridge.client.keeping import Keeping, Purse
    from extract_bridge.core.wire.jobs import ExtractV2Job

_AHEAD = 32  # documents that are read from a list or a directory at one time


def extract_many(
    files: Any,
    *,
    client: Any = None,
    max_concurrency: int = 4,
    on_error: str = "yield",
    ordered: bool = False,
    timeout: float = 1800.0,
    deadline: float | None = None,
    source_id: str | Callable[[str], str] | None = None,
    progress: Callable[[Extraction], Any] | None = None,
    on_progress: Callable[[Progress], Any] | None = None,
    total: int | None = None,
    rate_limit: float | None = None,
    webhook: Any = None,
    stop: Stop | None = None,
    ledger: Any = None,
    budget: Purse | None = None,
    reuse: str = "same",
    max_age: float | None = None,
    retry_failed: bool = False,
    watch: Callable[[ExtractV2Job], Any] | None = None,
    **keywords: Any,
) -> Iterator[Extraction]:
    """Extract from many documents with threads; no event loop is involved.

    A document at work is a suspended flow, not a thread: `max_concurrency` may be thousands, and still at most ten requests are under way and a
    few documents in memory. One list request tells of many running jobs. A refusal for too many requests (429) is no error: the request
    waits and is sent again, more slowly, while other documents go on.

    Closing the iterator early (`close()`, a `break` that drops it, Ctrl-C) cancels what is queued and running; with a ledger, jobs that run are
    left to it instead, and the next call with the same documents, or `collect`, takes them up.

    Args:
        files: A document, a directory, a pattern, or any iterable of these, which may be endless.
        client: A client, instead of the keywords that choose a service.
        max_concurrency: Documents at work at one time.
        on_error: `yield` gives failed documents as an `Extraction` with `error`; `skip` leaves them out; `raise` raises the
            first error once what is running has finished, with `partial` (finished Extractions) and `job_ids` on it.
        ordered: Results in input order; otherwise as they finish.
        timeout: Seconds for one document, upload to result.
        deadline: Seconds for the whole call. What is not final then is a `WaitTimeoutError` of its document; its job goes on.
        source_id: Of a single document, or a function from source to source id.
        progress: Called with each finished `Extraction`.
        on_progress: Called with a `Progress` after each finished document, and every second while none finishes.
        total: How many documents there are, for `Progress.eta`; known by itself once the input was read to its end.
        rate_limit: Requests a second at most. Without it the service's own limit is learned from its refusals, and remembered in this process.
        webhook: Verified events (`WebhookEvent`, as `unwrap` gives them) of a receiver that the jobs' `webhook_configurations` name, as an
            iterable that waits for the next one. Jobs are then read when an event tells of them, and looked at rarely.
        stop: A `threading.Event` or the like. Once it is set nothing more is begun; what runs is finished and comes.
        ledger: A `Ledger`: what it knows is not extracted again, and what was left is taken up; also for the same bytes twice in one call.
        budget: A `Budget`: a document that it cannot pay is that document's error, before anything is sent.
        reuse: See `Ledger.terms`.
        max_age: See `Ledger.terms`.
        retry_failed: See `Ledger.terms`.
        watch: Called with a document's job at each look, from a worker thread.
        **keywords: The common ones; see `ExtractOptions`.

    Raises:
        ConfigurationError: at once, for keywords that contradict each other or choose no service.
        FileInputError: for a lone directory or pattern without documents.
        WaitTimeoutError: at the end (code `deadline`), where the deadline passed before the input was read to its end.
    """
    terms = _terms(ledger, reuse, max_age, retry_failed)
    work = _work(
        client,
        keywords,
        timeout=timeout,
        source_id=source_id,
        max_concurrency=max_concurrency,
        ordered=ordered,
        on_error=on_error,
        watch=watch,
        ledger=terms,
        budget=budget,
    )
    api, perform = driving(work.options.sync_client())
    pace = Pace(rate_limit, deadline, stop, webhook, total, progress, on_progress)
    return in_threads(documents_of(files), Call(api, work, pace), perform)


def _work(client: Any, keywords: dict[str, Any], **call: Any) -> Work:
    options = ExtractOptions(client=client, **keywords)
    return Work(options, resolve_configuration(**options.configuration_keywords()), **call)


def _terms(ledger: Any, reuse: str, max_age: float | None, retry_failed: bool) -> Keeping | None:
    """The ledger on this call's terms; one that already has terms keeps them."""
    if isinstance(ledger, Ledger):
        return ledger.terms(reuse=reuse, max_age=max_age, retry_failed=retry_failed)
    if (reuse, max_age, retry_failed) != ("same", None, False):
        raise ConfigurationError(
            "reuse, max_age and retry_failed say how a ledger is used, and none is given",
            where="ledger",
            hint="Pass ledger=Ledger(path)",
        )
    return ledger  # type: ignore[no-any-return]


def in_threads(documents: Iterator[Any], call: Call, perform: Perform) -> Iterator[Any]:
    """What comes of each document, with threads."""
    crew = Crew(call.scheduler, perform, call.work.farewell, call.pace.webhook)
    steps, answer = call.steps(crew), None
    try:
        while True:
            try:
                step = steps.send(answer)
            except StopIteration:
                return
            answer = None
            match step:
                case Read():
                    answer = next(documents, END)
                case Wait(seconds):
                    answer = crew.wait(seconds)
                case Say(event):
                    event()
                case Give(result):
                    yield result
    finally:
        call.end()
        crew.leave()


def aextract_many(
    files: Any,
    *,
    client: Any = None,
    max_concurrency: int = 4,
    on_error: str = "yield",
    ordered: bool = False,
    timeout: float = 1800.0,
    deadline: float | None = None,
    source_id: str | Callable[[str], str] | None = None,
    progress: Callable[[Extraction], Any] | None = None,
    on_progress: Callable[[Progress], Any] | None = None,
    total: int | None = None,
    rate_limit: float | None = None,
    webhook: Any = None,
    stop: Stop | None = None,
    ledger: Any = None,
    budget: Purse | None = None,
    reuse: str = "same",
    max_age: float | None = None,
    retry_failed: bool = False,
    watch: Callable[[ExtractV2Job], Any] | None = None,
    **keywords: Any,
) -> AsyncIterator[Extraction]:
    """Like `extract_many`, with tasks; it never blocks the event loop.

    `files` and `webhook` may be asynchronous iterables too, and `progress`, `on_progress` and `watch` coroutine functions. To cancel early,
    cancel the task, or close the iterator (`contextlib.aclosing`): a bare `break` leaves that to the garbage collector.
    """
    terms = _terms(ledger, reuse, max_age, retry_failed)
    work = _work(
        client,
        keywords,
        timeout=timeout,
        source_id=source_id,
        max_concurrency=max_concurrency,
        ordered=ordered,
        on_error=on_error,
        watch=watch,
        ledger=terms,
        budget=budget,
    )
    api, perform = driving(work.options.async_client())
    pace = Pace(rate_limit, deadline, stop, webhook, total, progress, on_progress)
    return _in_tasks(_adocuments(files), Call(api, work, pace), perform)


async def _in_tasks(documents: AsyncIterator[Any], call: Call, perform: AsyncPerform) -> AsyncIterator[Any]:
    crew = AsyncCrew(call.scheduler, perform, call.work.farewell, call.pace.webhook)
    steps, answer = call.steps(crew), None
    try:
        while True:
            try:
                step = steps.send(answer)
            except StopIteration:
                return
            answer = None
            match step:
                case Read():
                    answer = await anext(documents, END)
                case Wait(seconds):
                    answer = await crew.wait(seconds)
                case Say(event):
                    if inspect.isawaitable(said := event()):
                        await said
                case Give(result):
                    yield result
    finally:
        call.end()
        await crew.leave()


async def _adocuments(files: Any) -> AsyncIterator[Any]:
    """The documents; a plain iterable is read in a worker thread, for directories and generators may block."""
    if hasattr(files, "__aiter__"):
        async for item in files:
            async for document in _in_parts(documents_in(item), _AHEAD):
                yield document
        return
    # A list has its next entry at hand, and so has the disk. Of any other iterable, the next may be long in coming.
    is_there = isinstance(files, (list, tuple, str, os.PathLike))
    async for document in _in_parts(documents_of(files), _AHEAD if is_there else 1):
        yield document


async def _in_parts(documents: Iterator[Any], size: int) -> AsyncIterator[Any]:
    """One after another, with one way to a thread for so many."""
    part = [None] * size
    while len(part) == size:
        part = await asyncio.to_thread(lambda: list(islice(documents, size)))
        for document in part:
            yield document
