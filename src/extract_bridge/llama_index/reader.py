"""The reader: files in, Documents with the evidence of every value out."""

from __future__ import annotations

import logging
from collections.abc import Callable  # noqa: TC003 - pydantic reads it
from typing import TYPE_CHECKING, Any, Literal

from llama_index.core.readers.base import BasePydanticReader
from pydantic import BaseModel, Field
from tqdm.asyncio import tqdm  # type: ignore[import-untyped]

from extract_bridge.bulk import aextract_many, extract_many
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ExtractError
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.wire.jobs import EXPAND
from extract_bridge.llama_index.documents import ExtractDocument, TextKeywords, documents_of, failure_document
from extract_bridge.llama_index.remote import remote_inputs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterable, Iterator, Mapping

    from llama_index.core.schema import Document

    from extract_bridge.bulk import Extraction

logger = logging.getLogger(__name__)


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


class _PlainState(BasePydanticReader):
    """Pickles as pydantic does: LlamaIndex's own way drops what it cannot pickle, and only logs it."""

    def __getstate__(self) -> dict[Any, Any]:
        return BaseModel.__getstate__(self)


class ExtractReader(ExtractOptions, _PlainState):
    """Reads files with Extract: one Document a record, with the evidence of every value in its metadata.

    Works by itself, in `ReaderConfig`, and as a `file_extractor` of `SimpleDirectoryReader`.

    Attributes:
        is_remote: Whether documents leave this machine; False with `local`.
        on_error: `raise` (default) raises the first error, with finished Documents as `partial` and `job_ids`, once what runs
            has finished; `skip` logs it and goes on; `yield` gives an empty Document with `error` and `error_message` in its
            metadata.
        split_by: One Document a `page`, `row` or `field`; None is one a record.
        content: How a record becomes text.
        metadata_fields: Names or pointers of fields that are copied into metadata, for filters; models see them too.
        citations: `compact`, `full` (with boxes) or `none`.
        max_metadata_bytes: Above it quotes are left out.
        job_metadata: Job id, tier and the like too.
        min_confidence: A field below it (0..1) needs review.
        max_concurrency: Documents at work at one time.
        ordered: Documents come in input order; otherwise as they finish.
        show_progress: Show a progress bar.
        source_id: Of a single document, or a function from source to source id; by default the path as given.
        timeout: Seconds for one document, upload to result.
    """

    is_remote: bool = True
    on_error: Literal["raise", "skip", "yield"] = "raise"
    split_by: Literal["page", "row", "field"] | None = None
    content: Any = "lines"
    metadata_fields: list[str] = Field(default_factory=list)
    citations: Literal["compact", "full", "none"] = "compact"
    max_metadata_bytes: int = 30_000
    job_metadata: bool = False
    min_confidence: float = 0.8
    max_concurrency: int = Field(default=4, ge=1)
    ordered: bool = True
    show_progress: bool = False
    source_id: str | Callable[[str], str] | None = Field(default=None, exclude=True)
    timeout: float = Field(default=1800.0, gt=0)

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
        found = extract_many(_inputs(file, fs), client=self.sync_client(), **self._keywords())
        try:
            for extraction in self._with_bar(found):
                yield from self._documents(extraction, extra_info)
        except ExtractError as error:
            self._finish(error, extra_info)
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

    def from_job(
        self,
        job: Any,
        extra_info: Mapping[str, Any] | None = None,
        *,
        source: str | None = None,
        source_id: str | None = None,
    ) -> list[Document]:
        """Documents of a job that is already completed: nothing is sent, nothing is paid.

        Args:
            job: An `ExtractV2Job`, its JSON object, or an object of the official SDK.
            extra_info: Metadata of your own for each Document, flat.
            source: What the document is called, for people.
            source_id: What makes it the same document next time.
        """
        schema = self.normalized_schema()
        records = records_from_job(
            job,
            schema and schema.json_schema,
            name=schema.name if schema else None,
            source=source,
            source_id=source_id,
        )
        return list(documents_of(records, job=job, **self._text(extra_info)))

    def from_jobs(self, jobs: Iterable[Any], extra_info: Mapping[str, Any] | None = None) -> list[Document]:
        """Documents of several completed jobs; a job may also be an id, which is read from the service at no cost."""
        client = self.sync_client()
        read = (client.get(job, expand=EXPAND) if isinstance(job, str) else job for job in jobs)
        return [document for job in read for document in self.from_job(job, extra_info)]

    async def _arrive(
        self, file: Any, extra_info: Mapping[str, Any] | None, fs: Any
    ) -> AsyncIterator[ExtractDocument]:
        found = aextract_many(_inputs(file, fs), client=self.async_client(), **self._keywords())
        try:
            async for extraction in self._with_bar(found):
                for document in self._documents(extraction, extra_info):
                    yield document
        except ExtractError as error:
            self._finish(error, extra_info)
            raise

    def _keywords(self) -> dict[str, Any]:
        return {
            **self.configuration_keywords(),
            "max_concurrency": self.max_concurrency,
            "on_error": "raise" if self.on_error == "raise" else "yield",
            "ordered": self.ordered,
            "timeout": self.timeout,
            "source_id": self.source_id,
        }

    def _text(self, extra_info: Mapping[str, Any] | None) -> TextKeywords:
        return {
            "content": self.content,
            "split_by": self.split_by,
            "metadata_fields": self.metadata_fields,
            "citations": self.citations,
            "max_metadata_bytes": self.max_metadata_bytes,
            "job_metadata": self.job_metadata,
            "min_confidence": self.min_confidence,
            "extra_metadata": extra_info,
        }

    def _with_bar(self, found: Any) -> Any:
        return tqdm(found, desc="Extracting", unit="file") if self.show_progress else found

    def _documents(
        self, extraction: Extraction, extra_info: Mapping[str, Any] | None
    ) -> Iterator[ExtractDocument]:
        if extraction.error is None:
            yield from documents_of(extraction.records, job=extraction.job, **self._text(extra_info))
        elif self.on_error == "skip":
            logger.warning("skipped a document: %s", extraction.error)
        else:
            yield failure_document(extraction.source, extraction.error, extra_info)

    def _finish(self, error: ExtractError, extra_info: Mapping[str, Any] | None) -> None:
        """Make Documents of what was finished before the error."""
        finished: list[Extraction] | None = error.__dict__.get("partial")
        if finished is not None:
            error.__dict__["partial"] = [
                document for extraction in finished for document in self._documents(extraction, extra_info)
            ]

    def __getstate__(self) -> dict[Any, Any]:
        state = super().__getstate__()
        schema = self.normalized_schema()
        if schema is not None and self.data_schema is not None:
            # The class may be unknown elsewhere; its name stays, for it is part of every id.
            named = {**schema.json_schema, "title": schema.name} if schema.name else schema.json_schema
            state["__dict__"] = {**state["__dict__"], "data_schema": named}
        return state


def _inputs(file: Any, fs: Any) -> Any:
    return file if fs is None else remote_inputs(file, fs)
