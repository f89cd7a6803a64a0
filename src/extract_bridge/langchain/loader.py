"""Files in, Documents out: one for each record, with evidence in the metadata.

To import a loader costs little more than LangChain's own: what loading takes is imported when one is made.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Iterator
from contextlib import aclosing, closing
from typing import TYPE_CHECKING, Any, Self, Unpack

from langchain_core.document_loaders import BaseLoader

from extract_bridge.core.errors import ExtractError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence

    from langchain_core.documents import Document

    from extract_bridge.bulk import Extraction
    from extract_bridge.bulk.estimates import LoadEstimate
    from extract_bridge.client.keeping import Keeping, Purse
    from extract_bridge.client.local_service import LocalService
    from extract_bridge.core.wire.jobs import ExtractV2Job
    from extract_bridge.langchain.documents import CitationsForm, SplitBy
    from extract_bridge.langchain.inputs import Roots
    from extract_bridge.langchain.job_loader import OnError
    from extract_bridge.langchain.loading import Loading
    from extract_bridge.langchain.option_keywords import OptionKeywords


class ExtractLoader(BaseLoader):
    """Loads documents as the records that were extracted from them.

    `lazy_load` is truly synchronous (it works inside a running event loop), `alazy_load` truly asynchronous; both keep
    `max_concurrency` documents at work and never read the input further ahead. Loading twice gives equal ids.

    Args:
        files: A path, pattern, directory, id, `(name, bytes)`, open file, Blob, BlobLoader or Document, or an iterable of these. A
            one-shot iterator is read to its end here, so that loading can be repeated.
        on_error: `raise` the first error, with finished Documents on it as `partial` and every known job as `job_ids`;
            `skip` failed documents with a line in the log; or `yield` a Document with `extract_error` and `extract_error_code` in its metadata.
        split_by: One Document a record (None), `page`, `row` or `field`.
        content: `lines`, `markdown`, `json`, `yaml`, a template, or a function of the record.
        metadata_fields: Fields copied into the metadata under plain names, for filters.
        citations: `compact`, `full` (with boxes) or `none`.
        max_metadata_bytes: Above it quotes are left out of the metadata.
        job_metadata: Also what changes from job to job: ids and times.
        min_confidence: Below it (0..1) a field needs review.
        extra_metadata: Your own keys for every Document.
        max_concurrency: Documents at work at one time.
        ordered: Documents in input order; otherwise as they finish.
        show_progress: Count finished documents on stderr.
        source_id: What makes it the same document next time: a text for a single document, or a function of the source.
        timeout: Seconds for one document, upload to result.
        budget: A `Budget` of credits, shared with whoever else holds it: each document's cost is set aside before it is sent, and one
            that the budget cannot pay is that document's error.
        ledger: A `bulk.Ledger`: documents that did not change are not extracted and not paid again, whatever they are called; an edited file is.
            A call that was killed is simply made again: it takes up the jobs that were left.
        allowed_roots: Folders below which a Document's `metadata["source"]` may be opened; otherwise a Document means its text.
        **options: What to extract and by which service; see `ExtractOptions`.

    Raises:
        ConfigurationError: keywords that contradict each other.
    """

    def __init__(
        self,
        files: Any,
        *,
        on_error: OnError = "raise",
        split_by: SplitBy | None = None,
        content: str | Callable[..., str] = "lines",
        metadata_fields: Sequence[str] = (),
        citations: CitationsForm = "compact",
        max_metadata_bytes: int = 30_000,
        job_metadata: bool = False,
        min_confidence: float = 0.8,
        extra_metadata: Mapping[str, Any] | None = None,
        max_concurrency: int = 4,
        ordered: bool = True,
        show_progress: bool = False,
        source_id: str | Callable[[str], str] | None = None,
        timeout: float = 1800.0,
        budget: Purse | None = None,
        ledger: Keeping | None = None,
        allowed_roots: Roots = (),
        **options: Unpack[OptionKeywords],
    ) -> None:
        from extract_bridge.client.keeping import check_ledger  # noqa: PLC0415 - see above
        from extract_bridge.client.options import ExtractOptions  # noqa: PLC0415
        from extract_bridge.langchain.documents import DocumentStyle  # noqa: PLC0415
        from extract_bridge.langchain.job_loader import check_policy  # noqa: PLC0415

        check_policy(on_error)
        check_ledger(ledger)
        self.files = list(files) if isinstance(files, Iterator) else files
        self.options = ExtractOptions(**options)
        self.on_error = on_error
        self.show_progress = show_progress
        self.budget = budget
        self.ledger = ledger
        self.allowed_roots = tuple(allowed_roots) if isinstance(allowed_roots, list | set) else allowed_roots
        self.style = DocumentStyle(
            content=content,
            split_by=split_by,
            metadata_fields=tuple(metadata_fields),
            citations=citations,
            max_metadata_bytes=max_metadata_bytes,
            job_metadata=job_metadata,
            min_confidence=min_confidence,
            extra_metadata=dict(extra_metadata or {}),
        )
        self._many: dict[str, Any] = {
            "max_concurrency": max_concurrency,
            "ordered": ordered,
            "source_id": source_id,
            "timeout": timeout,
        }

    @classmethod
    def from_job(cls, job: str | ExtractV2Job | Any, **keywords: Any) -> BaseLoader:
        """A loader of one job that was run before; see `from_jobs`."""
        return cls.from_jobs([job], **keywords)

    @classmethod
    def from_jobs(
        cls,
        jobs: Iterable[str | ExtractV2Job | Any],
        *,
        client: Any = None,
        local: bool | LocalService | None = None,
        on_error: OnError = "raise",
        data_schema: Any = None,
        name: str | None = None,
        source: str | None = None,
        source_id: str | None = None,
        **style: Any,
    ) -> BaseLoader:
        """A loader of jobs that were run before: nothing is extracted again, and nothing is paid.

        Args:
            jobs: Job ids, or finished jobs.
            client: Reads jobs by id; by default one that the environment chooses.
            local: Read them from the service on this machine.
            on_error: For a job that did not end well, or cannot be read; as for `ExtractLoader`.
            data_schema: The schema; by default each job's own.
            name: The schema's name, part of each Document's id.
            source: What the documents are called, for people.
            source_id: What makes them the same documents next time; by default from `source`.
            **style: As for `ExtractLoader`: `content, split_by, metadata_fields, citations, …`.
        """
        from extract_bridge.langchain.documents import style_of  # noqa: PLC0415 - see above
        from extract_bridge.langchain.job_loader import JobLoader  # noqa: PLC0415

        style_of(style)
        about = {"data_schema": data_schema, "name": name, "source": source, "source_id": source_id}
        return JobLoader(
            list(jobs), client=client, local=local, on_error=on_error, keywords={**about, **style}
        )

    def estimate(self) -> LoadEstimate:
        """What loading would cost at most. Nothing is sent; pages are counted here, where the format can be read here."""
        return self._loading().estimate()

    async def aestimate(self) -> LoadEstimate:
        """Like `estimate`, in a worker thread."""
        return await asyncio.to_thread(self.estimate)

    def with_files(self, files: Any) -> Self:
        """This loader, for other documents; it shares the client."""
        loader = copy.copy(self)
        loader.files = list(files) if isinstance(files, Iterator) else files
        return loader

    def lazy_load(self) -> Iterator[Document]:
        """Documents as they become ready, without any event loop.

        Raises:
            ExtractError: with `on_error="raise"`, the first error, with `partial` and `job_ids`.
        """
        loading = self._loading()
        with closing(loading.extractions()) as extractions:  # type: ignore[type-var]  # a generator: what is queued and running is cancelled
            try:
                for extraction in extractions:
                    yield from loading.documents(extraction)
            except ExtractError as error:
                raise loading.finished(error) from None

    async def alazy_load(self) -> AsyncIterator[Document]:
        """Documents as they become ready; the event loop is never blocked.

        Raises:
            ExtractError: with `on_error="raise"`, the first error, with `partial` and `job_ids`.
        """
        loading = self._loading()
        async with aclosing(loading.aextractions()) as extractions:  # type: ignore[type-var]  # an async generator
            try:
                async for extraction in extractions:
                    for document in await asyncio.to_thread(loading.documents, extraction):
                        yield document
            except ExtractError as error:
                raise (await asyncio.to_thread(loading.finished, error)) from None

    def extractions(self) -> Iterator[Extraction]:
        """What comes of each document, with its records, before any Document is made of it; for transformers."""
        return self._loading().extractions()

    def aextractions(self) -> AsyncIterator[Extraction]:
        """Like `extractions`, without blocking the event loop."""
        return self._loading().aextractions()

    def _loading(self) -> Loading:
        from extract_bridge.langchain.loading import Loading  # noqa: PLC0415 - see above

        return Loading(self)
