"""Extract from many documents: a bounded window over any iterable, in threads or in tasks.

Memory does not grow with the number of documents (`on_error="raise"` alone keeps what is finished, for the error to carry).
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from extract_bridge.bulk.threads import Workers
from extract_bridge.bulk.window import Window
from extract_bridge.bulk.work import USAGE, Paid, Reserve, Work, documents_in, documents_of, with_rest
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ExtractError, JobError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from extract_bridge.bulk.extraction import Extraction
    from extract_bridge.client.client import AsyncExtractClient
    from extract_bridge.core.wire.jobs import ExtractV2Job

T = TypeVar("T")
_END: Any = object()


def extract_many(
    files: Any,
    *,
    client: Any = None,
    max_concurrency: int = 4,
    on_error: str = "yield",
    ordered: bool = False,
    timeout: float = 1800.0,
    source_id: str | Callable[[str], str] | None = None,
    progress: Callable[[Extraction], Any] | None = None,
    reserve: Reserve | None = None,
    watch: Callable[[ExtractV2Job], Any] | None = None,
    **keywords: Any,
) -> Iterator[Extraction]:
    """Extract from many documents with threads; no event loop is involved.

    Closing the iterator early (`close()`, or a `break` that drops it) cancels what is queued and running.

    Args:
        files: A document, a directory, a pattern, or any iterable of these, which may be endless.
        client: A client, instead of the keywords that choose a service.
        max_concurrency: Documents at work at one time.
        on_error: `yield` gives failed documents as an `Extraction` with `error`; `skip` leaves them out; `raise` raises the
            first error once what is running has finished, with `partial` (finished Extractions) and `job_ids` on it.
        ordered: Results in input order; otherwise as they finish.
        timeout: Seconds for one document, upload to result.
        source_id: Of a single document, or a function from source to source id.
        progress: Called with each finished `Extraction`.
        reserve: Called with each document before it is sent, from a worker thread: sets aside what it will cost and returns a
            reservation, or raises that document's error.
        watch: Called with a document's job at each look, from its worker thread.
        **keywords: The common ones; see `ExtractOptions`.

    Raises:
        ConfigurationError: at once, for keywords that contradict each other or choose no service.
        FileInputError: for a lone directory or pattern without documents.
    """
    work = _work(client, max_concurrency, on_error, ordered, timeout, source_id, keywords, reserve, watch)
    work.options.sync_client()
    return _in_threads(documents_of(files), work, progress)


def _work(
    client: Any,
    max_concurrency: int,
    on_error: str,
    ordered: bool,
    timeout: float,
    source_id: str | Callable[[str], str] | None,
    keywords: dict[str, Any],
    reserve: Reserve | None,
    watch: Callable[[ExtractV2Job], Any] | None,
) -> Work:
    options = ExtractOptions(client=client, **keywords)
    return Work(options, timeout, source_id, max_concurrency, ordered, on_error, reserve, watch)


def _in_threads(
    documents: Iterator[Any], work: Work, progress: Callable[[Extraction], Any] | None
) -> Iterator[Extraction]:
    window, workers = Window(work), Workers(work)
    try:
        while True:
            while window.has_room and not window.ready and (document := next(documents, _END)) is not _END:
                workers.hand_out(window.take(), document)
                for extraction in workers.finished():
                    window.give_back(extraction)
            if not window.ready:
                if not window.running:
                    return
                window.give_back(workers.wait())
            while window.ready:
                extraction = window.next()
                if progress is not None:
                    progress(extraction)
                if extraction.error is not None and work.on_error == "raise":
                    window.running -= workers.drop_queued()
                    rest = [workers.wait() for _ in range(window.running)]
                    raise with_rest(extraction.error, [*window.kept, *rest])
                if extraction.error is None or work.on_error == "yield":
                    yield extraction
    finally:
        workers.stop()


def aextract_many(
    files: Any,
    *,
    client: Any = None,
    max_concurrency: int = 4,
    on_error: str = "yield",
    ordered: bool = False,
    timeout: float = 1800.0,
    source_id: str | Callable[[str], str] | None = None,
    progress: Callable[[Extraction], Any] | None = None,
    reserve: Reserve | None = None,
    watch: Callable[[ExtractV2Job], Any] | None = None,
    **keywords: Any,
) -> AsyncIterator[Extraction]:
    """Like `extract_many`, with tasks; it never blocks the event loop.

    `files` may be an asynchronous iterable too, and `progress` a coroutine function. To cancel early, cancel the task, or close
    the iterator (`contextlib.aclosing`): a bare `break` leaves that to the garbage collector.
    """
    work = _work(client, max_concurrency, on_error, ordered, timeout, source_id, keywords, reserve, watch)
    return _in_tasks(_adocuments(files), work, work.options.async_client(), progress)


async def _in_tasks(
    documents: AsyncIterator[Any],
    work: Work,
    client: AsyncExtractClient,
    progress: Callable[[Extraction], Any] | None,
) -> AsyncIterator[Extraction]:
    window = Window(work)
    at_work = asyncio.Semaphore(
        work.max_concurrency
    )  # the window is wider: a slow one may not idle the others
    tasks: set[asyncio.Task[Extraction]] = set()
    try:
        while True:
            while (
                window.has_room
                and not window.ready
                and (document := await anext(documents, _END)) is not _END
            ):
                tasks.add(asyncio.create_task(_extract(client, work, at_work, window.take(), document)))
                _give_back(window, tasks)
            if not window.ready:
                if not tasks:
                    return
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                _give_back(window, tasks)
            while window.ready:
                extraction = window.next()
                if progress is not None and inspect.isawaitable(said := progress(extraction)):
                    await said
                if extraction.error is not None and work.on_error == "raise":
                    rest = await asyncio.gather(*tasks)
                    raise with_rest(extraction.error, [*window.kept, *rest])
                if extraction.error is None or work.on_error == "yield":
                    yield extraction
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _give_back(window: Window, tasks: set[asyncio.Task[Extraction]]) -> None:
    for task in [task for task in tasks if task.done()]:
        tasks.remove(task)
        window.give_back(task.result())


async def _extract(
    client: AsyncExtractClient, work: Work, at_work: asyncio.Semaphore, index: int, document: Any
) -> Extraction:
    try:
        async with at_work:
            with await _begun(work, document) as paid:
                try:
                    job = paid.job = await client.run(paid.document, **work.keywords(document))
                except JobError as error:
                    if (ended := paid.unknown_cost(error)) is not None:
                        with suppress(ExtractError):  # then it counts as what it was estimated to cost
                            paid.job = await client.get(ended, expand=USAGE)
                    raise
    except ExtractError as error:
        return work.failed(index, document, error)
    return await asyncio.to_thread(work.done, index, document, job)


async def _begun(work: Work, document: Any) -> Paid:
    """`work.begin`, in a worker thread where it reads the document; a call that is cancelled meanwhile sets nothing aside."""
    if work.reserve is None:
        return work.begin(document)
    made: list[Paid] = []
    gone = threading.Event()

    def begin() -> Paid:
        made.append(work.begin(document))
        if gone.is_set():
            made[0].give_up()
        return made[0]

    try:
        return await asyncio.to_thread(begin)
    except asyncio.CancelledError:
        gone.set()
        for paid in made:
            paid.give_up()
        raise


async def _adocuments(files: Any) -> AsyncIterator[Any]:
    """The documents; a plain iterable is read in a worker thread, for directories and generators may block."""
    if hasattr(files, "__aiter__"):
        async for item in files:
            expanded = documents_in(item)
            while (document := await asyncio.to_thread(next, expanded, _END)) is not _END:
                yield document
        return
    documents = documents_of(files)
    while (document := await asyncio.to_thread(next, documents, _END)) is not _END:
        yield document
