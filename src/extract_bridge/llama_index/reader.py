"""The reader: files in, Documents with the evidence of every value out.

Longer than most modules: each way in has its blocking and its asynchronous half side by side.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable  # noqa: TC003 - pydantic reads it
from contextlib import aclosing, closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from llama_index.core.readers.base import BasePydanticReader, ResourcesReaderMixin
from pydantic import Field
from tqdm.asyncio import tqdm  # type: ignore[import-untyped]

from extract_bridge.bulk import aextract_many, extract_many
from extract_bridge.bulk.estimates import LoadEstimate, estimate_load
from extract_bridge.bulk.source_texts import apage_texts, page_texts
from extract_bridge.bulk.work import documents_of as documents_in
from extract_bridge.core.errors import ExtractError
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.wire.jobs import EXPAND
from extract_bridge.llama_index.component import ExtractComponent
from extract_bridge.llama_index.documents import ExtractDocument, TextKeywords, documents_of, failure_document
from extract_bridge.llama_index.instrumentation import reading_span
from extract_bridge.llama_index.nodes import check_units, nodes_of
from extract_bridge.llama_index.remote import remote_inputs

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterable, Iterator, Mapping

    from llama_index.core.schema import Document

    from extract_bridge.bulk import Extraction
    from extract_bridge.core.records.model import ExtractedRecord
    from extract_bridge.core.records.parts import Split
    from extract_bridge.core.wire.jobs import ExtractV2Job
    from extract_bridge.llama_index.hierarchy import ExtractTextNode

logger = logging.getLogger(__name__)


_Reading = tuple["Extraction", "Mapping[int, str] | None"]


class AsyncDocuments:
    """Documents on their way: `async for` gives each as soon as it is there, `await` the list of all."""

    def __init__(self, start: Callable[[], AsyncIterator[ExtractDocument]]) -> None:
        self._start = start

    def __aiter__(self) -> AsyncIterator[ExtractDocument]:
        return self._start()

    def __await__(self) -> Generator[Any, None, list[ExtractDocument]]:
        return self._all().__await__()

    async def _all(self) -> list[ExtractDocument]:
        return [document async for document in self._start()]


class ExtractReader(ExtractComponent, BasePydanticReader, ResourcesReaderMixin):
    """Reads files with Extract: one Document a record, with the evidence of every value in its metadata.

    Works by itself, in `ReaderConfig`, and as a `file_extractor` of `SimpleDirectoryReader`. As a reader of resources its
    resources are the jobs that the service keeps: loading one again costs nothing.

    Attributes:
        is_remote: Whether documents leave this machine; False with `local`.
        on_error: `raise` (default) raises the first error, with finished Documents as `partial` and `job_ids`, once what runs
            has finished; `skip` logs it and goes on; `yield` gives an empty Document with `error` and `error_message` in its
            metadata.
        split_by: One Document a `page`, `row` or `field`; None is one a record.
        content: How a record becomes text; `source` takes the page text of the job's own parse, at no new cost.
        ordered: Documents come in input order; otherwise as they finish.
        show_progress: Show a progress bar.
        source_id: Of a single document, or a function from source to source id; by default the path as given.
    """

    is_remote: bool = True
    on_error: Literal["raise", "skip", "yield"] = "raise"
    split_by: Literal["page", "row", "field"] | None = None
    content: Any = "lines"
    ordered: bool = True
    show_progress: bool = False
    source_id: str | Callable[[str], str] | None = Field(default=None, exclude=True)

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**{"is_remote": not keywords.get("local"), **keywords})

    @classmethod
    def class_name(cls) -> str:
        """The name it is serialised under."""
        return "ExtractReader"

    def lazy_load_data(
        self, file: Any, extra_info: Mapping[str, Any] | None = None, fs: Any = None
    ) -> Iterator[ExtractDocument]:
        """Documents one after another, as soon as they are there.

        Args:
            file: A path, directory, glob pattern, id, `(name, bytes)`, binary file, or an iterable of these.
            extra_info: Metadata of your own for each Document, flat.
            fs: An fsspec file system that `file` lies on.

        Raises:
            ConfigurationError: no service is chosen, or keywords contradict each other.
            ExtractError: a document failed, and `on_error` is `raise`.
        """
        with closing(self._extractions(file, fs)) as found:
            try:
                for extraction in self._with_bar(found):
                    yield from self._documents(self._read(extraction), extra_info)
            except ExtractError as error:
                self._finish(error, map(self._read, error.__dict__.get("partial", ())), extra_info)
                raise

    def load_data(
        self, file: Any, extra_info: Mapping[str, Any] | None = None, fs: Any = None
    ) -> list[Document]:
        """All Documents; see `lazy_load_data`. Starts no event loop, so it works inside a running one."""
        return list(self.lazy_load_data(file, extra_info, fs))

    async def aload_data(
        self, file: Any, extra_info: Mapping[str, Any] | None = None, fs: Any = None
    ) -> list[Document]:
        """All Documents, without blocking the event loop."""
        return [document async for document in self._arrive(file, extra_info, fs)]

    def alazy_load_data(  # type: ignore[override]
        self, file: Any, extra_info: Mapping[str, Any] | None = None, fs: Any = None
    ) -> AsyncDocuments:
        """Documents without blocking the event loop: `async for` each as soon as it is there, or `await` all."""
        return AsyncDocuments(lambda: self._arrive(file, extra_info, fs))

    def load_records(self, file: Any, fs: Any = None) -> list[ExtractedRecord]:
        """The records themselves, typed by `record.parse(Model)`, with all their evidence; see `lazy_load_data` for the arguments.

        A document that failed raises, or with `on_error` `skip` or `yield` is left out with a line in the log.
        """
        with closing(self._extractions(file, fs)) as found:
            return [record for extraction in self._with_bar(found) for record in self._records(extraction)]

    async def aload_records(self, file: Any, fs: Any = None) -> list[ExtractedRecord]:
        """Like `load_records`, without blocking the event loop."""
        async with aclosing(self._aextractions(file, fs)) as found:
            return [
                record async for extraction in self._with_bar(found) for record in self._records(extraction)
            ]

    def load_nodes(
        self,
        file: Any,
        extra_info: Mapping[str, Any] | None = None,
        fs: Any = None,
        *,
        split_by: Split = "field",
        parents: bool = False,
    ) -> list[ExtractTextNode]:
        """Nodes instead of Documents: one a field, page or row, below the Documents that `load_data` gives.

        Args:
            file: As for `lazy_load_data`.
            extra_info: Metadata of your own for each node, flat.
            fs: An fsspec file system that `file` lies on.
            split_by: `field`, `row` or `page`.
            parents: Also nodes of the objects and lists around the fields, tied by PARENT and CHILD, for auto-merging.

        Raises:
            ConfigurationError: before anything is sent, for a `split_by` that is none, or parents of anything but fields.
            ExtractError: as `load_records`.
        """
        check_units(split_by, parents)
        with closing(self._extractions(file, fs)) as found:
            return [
                node
                for extraction in self._with_bar(found)
                for node in self._nodes(self._read(extraction), extra_info, split_by, parents)
            ]

    async def aload_nodes(
        self,
        file: Any,
        extra_info: Mapping[str, Any] | None = None,
        fs: Any = None,
        *,
        split_by: Split = "field",
        parents: bool = False,
    ) -> list[ExtractTextNode]:
        """Like `load_nodes`, without blocking the event loop."""
        check_units(split_by, parents)
        nodes: list[ExtractTextNode] = []
        async with aclosing(self._aextractions(file, fs)) as found:
            async for extraction in self._with_bar(found):
                read = await self._aread(extraction)
                nodes += await asyncio.to_thread(self._nodes, read, extra_info, split_by, parents)
        return nodes

    def estimate(self, file: Any, fs: Any = None) -> LoadEstimate:
        """What loading would cost at most. Nothing is sent; pages are counted here, where the format can be read here."""
        return estimate_load(documents_in(_inputs(file, fs)), self.configuration_keywords())

    async def aestimate(self, file: Any, fs: Any = None) -> LoadEstimate:
        """Like `estimate`, in a worker thread."""
        return await asyncio.to_thread(self.estimate, file, fs)

    def list_resources(self, *, limit: int = 100, **filters: Any) -> list[str]:
        """Ids of finished jobs that the service keeps, newest first.

        Args:
            limit: At most that many.
            **filters: As `client.list` takes them; `status` is COMPLETED unless given.
        """
        filters = {"status": "COMPLETED", **filters}
        return [job.id for job, _ in zip(self.sync_client().list(**filters), range(limit), strict=False)]

    async def alist_resources(self, *, limit: int = 100, **filters: Any) -> list[str]:
        """Like `list_resources`, without blocking the event loop."""
        ids: list[str] = []
        async for job in self.async_client().list(**{"status": "COMPLETED", **filters}):
            if len(ids) >= limit:
                break
            ids.append(job.id)
        return ids

    def get_resource_info(self, resource_id: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What is known of a job: `job_id, status, file_input, created_at, updated_at`."""
        return _facts_of(self.sync_client().get(resource_id, expand=()))

    async def aget_resource_info(self, resource_id: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Like `get_resource_info`, without blocking the event loop."""
        return _facts_of(await self.async_client().get(resource_id, expand=()))

    def load_resource(
        self,
        resource_id: str,
        extra_info: Mapping[str, Any] | None = None,
        *,
        source: str | None = None,
        source_id: str | None = None,
    ) -> list[Document]:
        """Documents of a job that was run before, read by its id: nothing is extracted again, nothing is paid.

        Args:
            resource_id: The job's id.
            extra_info: Metadata of your own for each Document, flat.
            source: What the document is called, for people.
            source_id: What makes it the same document next time: give the path that the job was run with.

        Raises:
            JobError: the job did not end well.
        """
        client = self.sync_client()
        job = client.get(resource_id, expand=EXPAND)
        texts = page_texts(client, job) if self.content == "source" else None
        return self._of_job(job, extra_info, source, source_id, texts, client.service)

    async def aload_resource(
        self,
        resource_id: str,
        extra_info: Mapping[str, Any] | None = None,
        *,
        source: str | None = None,
        source_id: str | None = None,
    ) -> list[Document]:
        """Like `load_resource`, without blocking the event loop."""
        client = self.async_client()
        job = await client.get(resource_id, expand=EXPAND)
        texts = await apage_texts(client, job) if self.content == "source" else None
        return await asyncio.to_thread(
            self._of_job, job, extra_info, source, source_id, texts, client.service
        )

    def from_job(
        self,
        job: Any,
        extra_info: Mapping[str, Any] | None = None,
        *,
        source: str | None = None,
        source_id: str | None = None,
    ) -> list[Document]:
        """Documents of a job that is already completed: nothing is sent (but for `content="source"`), nothing is paid.

        Args:
            job: An `ExtractV2Job`, its JSON object, or an object of the official SDK.
            extra_info: Metadata of your own for each Document, flat.
            source: What the document is called, for people.
            source_id: What makes it the same document next time.
        """
        texts = page_texts(self.sync_client(), job) if self.content == "source" else None
        return self._of_job(job, extra_info, source, source_id, texts)

    def from_jobs(self, jobs: Iterable[Any], extra_info: Mapping[str, Any] | None = None) -> list[Document]:
        """Documents of several completed jobs; a job may also be an id, which is read from the service at no cost."""
        return [
            document
            for job in jobs
            for document in (
                self.load_resource(job, extra_info)
                if isinstance(job, str)
                else self.from_job(job, extra_info)
            )
        ]

    def _of_job(
        self,
        job: Any,
        extra_info: Mapping[str, Any] | None,
        source: str | None,
        source_id: str | None,
        texts: Mapping[int, str] | None,
        service: str | None = None,
    ) -> list[Document]:
        schema = self.normalized_schema()
        records = records_from_job(
            job,
            schema and schema.json_schema,
            name=schema.name if schema else None,
            source=source,
            source_id=source_id,
            service=service,
        )
        return list(documents_of(records, job=job, **self._text(extra_info, texts)))

    async def _arrive(
        self, file: Any, extra_info: Mapping[str, Any] | None, fs: Any
    ) -> AsyncIterator[ExtractDocument]:
        async with aclosing(self._aextractions(file, fs)) as found:
            try:
                async for extraction in self._with_bar(found):
                    for document in self._documents(await self._aread(extraction), extra_info):
                        yield document
            except ExtractError as error:
                finished = [await self._aread(item) for item in error.__dict__.get("partial", ())]
                self._finish(error, finished, extra_info)
                raise

    def _extractions(self, file: Any, fs: Any) -> Generator[Extraction, None, None]:
        with reading_span("ExtractReader.load", on_error=self.on_error) as events:
            keywords = {**self._keywords(), "watch": events.look}
            with closing(extract_many(_inputs(file, fs), client=self.sync_client(), **keywords)) as found:  # type: ignore[type-var]
                for extraction in found:
                    events.finished(extraction.job)
                    yield extraction

    async def _aextractions(self, file: Any, fs: Any) -> AsyncGenerator[Extraction, None]:
        with reading_span("ExtractReader.aload", on_error=self.on_error) as events:
            keywords = {**self._keywords(), "watch": events.look}
            async with aclosing(
                aextract_many(_inputs(file, fs), client=self.async_client(), **keywords)
            ) as found:  # type: ignore[type-var]
                async for extraction in found:
                    events.finished(extraction.job)
                    yield extraction

    def _keywords(self) -> dict[str, Any]:
        return {
            **self._many(),
            "on_error": "raise" if self.on_error == "raise" else "yield",
            "ordered": self.ordered,
            "source_id": self.source_id,
        }

    def _text(
        self, extra_info: Mapping[str, Any] | None, texts: Mapping[int, str] | None = None
    ) -> TextKeywords:
        style: TextKeywords = {**self._style(extra_info), "content": self.content, "split_by": self.split_by}  # type: ignore[typeddict-item]
        if texts is not None:
            style["page_texts"] = texts
        return style

    def _with_bar(self, found: Any) -> Any:
        return tqdm(found, desc="Extracting", unit="file") if self.show_progress else found

    def _read(self, extraction: Extraction) -> _Reading:
        """With the page texts where they are the content; one that cannot be read is that document's error."""
        if self.content != "source" or extraction.error is not None:
            return extraction, None
        try:
            return extraction, page_texts(self.sync_client(), extraction.job)
        except ExtractError as error:
            return _failed(extraction, error), None

    async def _aread(self, extraction: Extraction) -> _Reading:
        if self.content != "source" or extraction.error is not None:
            return extraction, None
        try:
            return extraction, await apage_texts(self.async_client(), extraction.job)
        except ExtractError as error:
            return _failed(extraction, error), None

    def _documents(
        self, reading: _Reading, extra_info: Mapping[str, Any] | None
    ) -> Iterator[ExtractDocument]:
        extraction, texts = reading
        if extraction.error is None:
            yield from documents_of(extraction.records, job=extraction.job, **self._text(extra_info, texts))
        elif self.on_error == "yield":
            yield failure_document(extraction.source, extraction.error, extra_info)
        else:
            self._records(extraction)

    def _records(self, extraction: Extraction) -> list[ExtractedRecord]:
        """What was read; of a document that failed nothing, after a line in the log, unless errors raise."""
        if extraction.error is not None:
            if self.on_error == "raise":
                raise extraction.error
            logger.warning("skipped a document: %s", extraction.error)
        return extraction.records

    def _nodes(
        self, reading: _Reading, extra_info: Mapping[str, Any] | None, split_by: Split, parents: bool
    ) -> list[ExtractTextNode]:
        extraction, texts = reading
        style: Any = {**self._text(extra_info, texts), "split_by": split_by, "parents": parents}
        return list(nodes_of(self._records(extraction), job=extraction.job, **style))

    def _finish(
        self, error: ExtractError, finished: Iterable[_Reading], extra_info: Mapping[str, Any] | None
    ) -> None:
        """Make Documents of what was finished before the error."""
        error.__dict__["partial"] = [
            document
            for reading in finished
            if reading[0].error is None
            for document in self._documents(reading, extra_info)
        ]


def _failed(extraction: Extraction, error: ExtractError) -> Extraction:
    """A job that is fine, of which something more was needed: it can be read again at no cost."""
    if extraction.job is not None:
        error.__dict__["job_ids"] = [extraction.job.id]
    return replace(extraction, records=[], error=error)


def _facts_of(job: ExtractV2Job) -> dict[str, Any]:
    facts = {
        "job_id": job.id,
        "status": job.status,
        "file_input": job.file_input,
        "created_at": job.created_at,
        "updated_at": job.updated_at,
    }
    return {
        name: value if isinstance(value, str) else str(value)
        for name, value in facts.items()
        if value is not None
    }


def _inputs(file: Any, fs: Any) -> Any:
    return file if fs is None else remote_inputs(file, fs)
