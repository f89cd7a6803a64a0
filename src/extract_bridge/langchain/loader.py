"""Files in, Documents out: one for each record, with evidence in the metadata."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, Unpack

from langchain_core.document_loaders import BaseLoader
from langchain_core.document_loaders.blob_loaders import BlobLoader
from langchain_core.documents import Document
from langchain_core.documents.base import Blob

from extract_bridge.bulk import aextract_many, extract_many
from extract_bridge.client.client import ExtractClient, async_client, sync_client
from extract_bridge.client.flows.keywords import ConfigurationKeywords
from extract_bridge.client.inputs import DocumentInput, expand_inputs, is_one_input, resolve_input
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ConfigurationError, ExtractError, FileInputError
from extract_bridge.core.identity import source_id_of, stable_uuid
from extract_bridge.core.schema.values import parse_as
from extract_bridge.langchain.documents import (
    CitationsForm,
    DocumentStyle,
    SplitBy,
    documents_from_job,
    iter_documents,
    style_of,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence

    from extract_bridge.bulk import Extraction
    from extract_bridge.client.connect import LocalService
    from extract_bridge.core.wire.jobs import ExtractV2Job

OnError = Literal["raise", "skip", "yield"]


class OptionKeywords(ConfigurationKeywords, total=False):
    """What `ExtractOptions` takes: what to extract, how, and by which service."""

    output_cls: Any
    client: Any
    local: bool | LocalService | None
    api_key: str | None
    base_url: str | None


class ExtractLoader(BaseLoader):
    """Loads documents as the records that were extracted from them.

    `lazy_load` is truly synchronous (it works inside a running event loop), `alazy_load` truly asynchronous; both keep
    `max_concurrency` documents at work and never read the input further ahead. Loading twice gives equal ids.

    Args:
        files: A path, pattern, directory, id, `(name, bytes)`, open file, Blob or BlobLoader, or an iterable of these. A
            one-shot iterator is read to its end here, so that loading can be repeated.
        on_error: `raise` the first error, with finished Documents on it as `partial` and every known job as `job_ids`;
            `skip` failed documents; or `yield` a Document with `extract_error` and `extract_error_code` in its metadata.
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
        **options: Unpack[OptionKeywords],
    ) -> None:
        if on_error not in ("raise", "skip", "yield"):
            raise ConfigurationError(
                "on_error is none of raise, skip, yield", where="on_error", hint='"raise" is the default'
            )
        self.files = list(files) if isinstance(files, Iterator) else files
        self.options = ExtractOptions(**options)
        self.on_error = on_error
        self.show_progress = show_progress
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
        data_schema: Any = None,
        source: str | None = None,
        **style: Any,
    ) -> BaseLoader:
        """A loader of jobs that were run before: nothing is extracted again, and nothing is paid.

        Args:
            jobs: Job ids, or finished jobs.
            client: Reads jobs by id; by default one that the environment chooses.
            local: Read them from the service on this machine.
            data_schema: The schema; by default each job's own.
            source: What the documents are called, for people.
            **style: As for `ExtractLoader`: `content, split_by, metadata_fields, citations, …`.
        """
        style_of(style)
        return _JobLoader(list(jobs), client, local, {"data_schema": data_schema, "source": source, **style})

    def lazy_load(self) -> Iterator[Document]:
        """Documents as they become ready, without any event loop.

        Raises:
            ExtractError: with `on_error="raise"`, the first error, with `partial` and `job_ids`.
        """
        inputs = _Inputs(self.files)
        count = 0
        finished: list[Extraction] = []
        extractions = extract_many(inputs, on_error=self._policy, **self._keywords())
        try:
            for extraction in extractions:
                count = self._count(count)
                yield from self._checked(extraction, inputs, finished)
        except ExtractError as error:
            raise self._with_documents(error, inputs) from None
        finally:
            extractions.close()  # type: ignore[attr-defined]  # a generator: what is queued and running is cancelled

    async def alazy_load(self) -> AsyncIterator[Document]:
        """Documents as they become ready; the event loop is never blocked.

        Raises:
            ExtractError: with `on_error="raise"`, the first error, with `partial` and `job_ids`.
        """
        inputs = _Inputs(self.files)
        count = 0
        finished: list[Extraction] = []
        extractions = aextract_many(inputs, on_error=self._policy, **self._keywords())
        try:
            async for extraction in extractions:
                count = self._count(count)
                for document in await asyncio.to_thread(self._checked, extraction, inputs, finished):
                    yield document
        except ExtractError as error:
            raise self._with_documents(error, inputs) from None
        finally:
            await extractions.aclose()  # type: ignore[attr-defined]  # an async generator

    @property
    def _policy(self) -> str:
        return "raise" if self.on_error == "raise" else "yield"

    def _keywords(self) -> dict[str, Any]:
        fields = type(self.options).model_fields
        named = {field.alias or name: getattr(self.options, name) for name, field in fields.items()}
        if named["api_key"] is not None:
            named["api_key"] = named["api_key"].get_secret_value()
        return {**self._many, **{name: value for name, value in named.items() if value is not None}}

    def _checked(self, extraction: Extraction, inputs: _Inputs, finished: list[Extraction]) -> list[Document]:
        """One document's Documents; a result that does not fit `output_cls` is that document's error."""
        extra = inputs.extra.get(extraction.index)
        error = extraction.error or self._misfit(extraction)
        if error is None:
            if self.on_error == "raise" and self.options.output_cls is not None:
                finished.append(extraction)
            return list(self.style.documents(extraction.records, extraction.job, extra))
        if self.on_error == "raise":
            error.__dict__["partial"] = finished
            error.__dict__["job_ids"] = [
                item.job.id for item in [*finished, extraction] if item.job is not None
            ]
            raise error
        return [] if self.on_error == "skip" else [_error_document(extraction.source, error, extra)]

    def _misfit(self, extraction: Extraction) -> ExtractError | None:
        if self.options.output_cls is None:
            return None
        try:
            for record in extraction.records:
                parse_as(record.data, self.options.output_cls)
        except ExtractError as error:
            return error
        return None

    def _with_documents(self, error: ExtractError, inputs: _Inputs) -> ExtractError:
        partial = [
            document
            for extraction in getattr(error, "partial", ())
            for document in self.style.documents(
                extraction.records, extraction.job, inputs.extra.get(extraction.index)
            )
        ]
        error.__dict__["partial"] = partial
        error.__dict__.setdefault("job_ids", [])
        return error

    def _count(self, count: int) -> int:
        if self.show_progress:
            sys.stderr.write(f"\r{count + 1} documents extracted")
            sys.stderr.flush()
        return count + 1


class _JobLoader(BaseLoader):
    """Documents of jobs that were run before."""

    def __init__(
        self, jobs: list[Any], client: Any, local: bool | LocalService | None, keywords: dict[str, Any]
    ) -> None:
        self.jobs, self.client, self.local, self.keywords = jobs, client, local, keywords

    def lazy_load(self) -> Iterator[Document]:
        for job in self.jobs:
            found = self._client().get(job) if isinstance(job, str) else job
            yield from iter_documents(found, **self.keywords)

    async def alazy_load(self) -> AsyncIterator[Document]:
        for job in self.jobs:
            found = await async_client(self._client()).get(job) if isinstance(job, str) else job
            for document in await asyncio.to_thread(documents_from_job, found, **self.keywords):
                yield document

    def _client(self) -> ExtractClient:
        if self.client is None:
            self.client = ExtractClient(local=self.local)
        return sync_client(self.client)


class _Inputs:
    """Documents one by one, and the metadata that Blobs bring along, by place."""

    def __init__(self, files: Any) -> None:
        self.extra: dict[int, dict[str, Any]] = {}
        self._documents = self._each(files)
        self._index = -1

    def __iter__(self) -> _Inputs:
        return self

    def __next__(self) -> Any:
        document = next(self._documents)
        self._index += 1
        if isinstance(document, Blob):
            if document.metadata:
                self.extra[self._index] = {
                    key: value for key, value in document.metadata.items() if key != "source"
                }
            return _from_blob(document)
        return document

    def _each(self, files: Any) -> Iterator[Any]:
        if isinstance(files, Blob):
            yield files
        elif isinstance(files, BlobLoader):
            yield from files.yield_blobs()
        elif is_one_input(files):
            yield from expand_inputs(files)
        else:
            for item in files:
                yield from self._entry(item)

    def _entry(self, item: Any) -> Iterator[Any]:
        if isinstance(item, Blob | BlobLoader):
            yield from self._each(item)
            return
        try:
            yield from expand_inputs(item)
        except FileInputError as error:  # among many, a bad entry is that entry's error
            yield error


def _from_blob(blob: Blob) -> Any:
    source = str(blob.source) if blob.source else None
    if blob.data is None:
        return blob.path
    content = blob.as_bytes()
    if source is None:
        return resolve_input(content, file_name=str(blob.metadata.get("file_name", "")) or None)
    path = PurePath(source)
    return DocumentInput("bytes", path.name, source, source_id_of(source), lambda: content)


def _error_document(source: str, error: ExtractError, extra: Mapping[str, Any] | None) -> Document:
    metadata = {"source": source, "extract_error": str(error), "extract_error_code": error.code}
    return Document(
        id=stable_uuid(source, "extract_error"), page_content="", metadata={**(extra or {}), **metadata}
    )
