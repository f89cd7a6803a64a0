"""Worker threads that run documents through a client, and can be told to stop."""

from __future__ import annotations

import queue
import threading
import time
from contextlib import suppress
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk.work import USAGE
from extract_bridge.client.drivers import Stopped
from extract_bridge.core.errors import ExtractError, JobError

if TYPE_CHECKING:
    from extract_bridge.bulk.extraction import Extraction
    from extract_bridge.bulk.work import Work

_PATIENCE = 10.0  # seconds for running calls to cancel their jobs; a thread that hangs longer is left behind


class Workers:
    """Threads, at most `work.max_concurrency`; made as documents come. They are daemons: none keeps a script from ending."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._stop = threading.Event()
        self._client = work.options.sync_client().stoppable(self._stop)
        self._tasks: queue.SimpleQueue[tuple[int, Any] | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[Extraction | BaseException] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    def hand_out(self, index: int, document: Any) -> None:
        """Give one document to a thread."""
        self._tasks.put((index, document))
        if len(self._threads) < self._work.max_concurrency:
            context = copy_context()
            thread = threading.Thread(
                target=context.run, args=(self._serve,), name="extract-bridge", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def wait(self) -> Extraction:
        """The next finished document.

        Raises:
            BaseException: what is no error of a document: a fault in the caller's function, or in this package.
        """
        result = self._results.get()
        if isinstance(result, BaseException):
            raise result
        return result

    def finished(self) -> list[Extraction]:
        """What is finished by now."""
        return [self.wait() for _ in range(self._results.qsize())]

    def drop_queued(self) -> int:
        """Take back what no thread has begun; how many that were."""
        dropped = 0
        with suppress(queue.Empty):
            while True:
                self._tasks.get_nowait()
                dropped += 1
        return dropped

    def stop(self) -> None:
        """Cancel what is queued and running, and wait a while for the threads to end."""
        self._stop.set()
        self.drop_queued()
        for _ in self._threads:
            self._tasks.put(None)
        deadline = time.monotonic() + _PATIENCE
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0.0))

    def _serve(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                self._results.put(self._extract(*task))
            except BaseException as error:  # noqa: BLE001 - raised again where the results are read
                self._results.put(error)
                if isinstance(error, Stopped):
                    return

    def _extract(self, index: int, document: Any) -> Extraction:
        try:
            with self._work.begin(document) as paid:
                try:
                    job = paid.job = self._client.run(paid.document, **self._work.keywords(document))
                except JobError as error:
                    if (ended := paid.unknown_cost(error)) is not None:
                        with suppress(ExtractError):  # then it counts as what it was estimated to cost
                            paid.job = self._client.get(ended, expand=USAGE)
                    raise
        except ExtractError as error:
            return self._work.failed(index, document, error)
        return self._work.done(index, document, job)
