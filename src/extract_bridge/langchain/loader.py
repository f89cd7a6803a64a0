"""Files in, Documents out: one for each record, with evidence in the metadata."""

from __future__ import annotations

import asyncio
import copy
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self, Unpack

from langchain_core.document_loaders import BaseLoader

from extract_bridge.bulk import aextract_many, extract_many
from extract_bridge.bulk.estimates import LoadEstimate, estimate_load
from extract_bridge.bulk.source_texts import page_texts
from extract_bridge.client.flows.keywords import ConfigurationKeywords
from extract_bridge.client.keeping import check_ledger
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ConfigurationError, ExtractError
from extract_bridge.core.schema.values import parse_as
from extract_bridge.langchain.documents import CitationsForm, DocumentStyle, SplitBy, style_of
from extract_bridge.langchain.inputs import Inputs, Roots
from extract_bridge.langchain.job_loader import JobLoader, OnError, check_policy, failed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence

    from langchain_core.documents import Document

    from extract_bridge.bulk import Extraction
    from extract_bridge.client.connect import LocalService
    from extract_bridge.client.keeping import Keeping, Purse
    from extract_bridge.core.wire.jobs import ExtractV2Job


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
        style_of(style)
        about = {"data_schema": data_schema, "name": name, "source": source, "source_id": source_id}
        return JobLoader(
            list(jobs), client=client, local=local, on_error=on_error, keywords={**about, **style}
        )

    def estimate(self) -> LoadEstimate:
        """What loading would cost at most. Nothing is sent; pages are counted here, where the format can be read here."""
        return estimate_load(self._inputs(), self.options.configuration_keywords())

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
        loading = _Loading(self)
        extractions = extract_many(loading.inputs, on_error=self._policy, **self._keywords())
        try:
            for extraction in extractions:
                yield from loading.documents(extraction)
        except ExtractError as error:
            raise loading.finished(error) from None
        finally:
            extractions.close()  # type: ignore[attr-defined]  # a generator: what is queued and running is cancelled

    async def alazy_load(self) -> AsyncIterator[Document]:
        """Documents as they become ready; the event loop is never blocked.

        Raises:
            ExtractError: with `on_error="raise"`, the first error, with `partial` and `job_ids`.
        """
        loading = _Loading(self)
        extractions = aextract_many(loading.inputs, on_error=self._policy, **self._keywords())
        try:
            async for extraction in extractions:
                for document in await asyncio.to_thread(loading.documents, extraction):
                    yield document
        except ExtractError as error:
            raise (await asyncio.to_thread(loading.finished, error)) from None
        finally:
            await extractions.aclose()  # type: ignore[attr-defined]  # an async generator

    def extractions(self) -> Iterator[Extraction]:
        """What comes of each document, with its records, before any Document is made of it; for transformers."""
        return extract_many(self._inputs(), on_error=self._policy, **self._keywords())

    def aextractions(self) -> AsyncIterator[Extraction]:
        """Like `extractions`, without blocking the event loop."""
        return aextract_many(self._inputs(), on_error=self._policy, **self._keywords())

    def _inputs(self) -> Inputs:
        return Inputs(self.files, self.allowed_roots)

    @property
    def _policy(self) -> str:
        return "raise" if self.on_error == "raise" else "yield"

    def _keywords(self) -> dict[str, Any]:
        fields = type(self.options).model_fields
        named = {field.alias or name: getattr(self.options, name) for name, field in fields.items()}
        if named["api_key"] is not None:
            named["api_key"] = named["api_key"].get_secret_value()
        return {
            **self._many,
            "ledger": self.ledger,
            "budget": self.budget,
            **{name: value for name, value in named.items() if value is not None},
        }


class _Loading:
    """One run of a loader: what belongs to it and not to the loader."""

    def __init__(self, loader: ExtractLoader) -> None:
        self.inputs = loader._inputs()  # noqa: SLF001 - one thing
        self._loader = loader
        self._count = 0
        self._raises = loader.on_error == "raise"
        self._finished: list[Extraction] = []

    def documents(self, extraction: Extraction) -> list[Document]:
        """One document's Documents; a result that does not fit `output_cls` is that document's error."""
        self._counted()
        error = extraction.error or self._misfit(extraction)
        if error is None:
            try:
                made = self._styled(extraction)
            except ConfigurationError:
                raise
            except ExtractError as failure:  # its text could not be read
                error = failure
            else:
                if self._raises and self._keeps:
                    self._finished.append(extraction)
                return made
        if self._raises:
            error.__dict__["partial"] = self._finished
            error.__dict__["job_ids"] = [
                item.job.id for item in [*self._finished, extraction] if item.job is not None
            ]
            raise error
        return failed(extraction.source, error, self._loader.on_error, self._extra(extraction))

    def finished(self, error: ExtractError) -> ExtractError:
        """The error with Documents in the place of the Extractions that were finished before it."""
        done = getattr(error, "partial", ())
        error.__dict__["partial"] = [document for item in done for document in self._styled(item)]
        error.__dict__.setdefault("job_ids", [])
        return error

    @property
    def _keeps(self) -> bool:
        """Whether a document may still fail once its job is done; then what is finished is kept for the error here."""
        return self._loader.options.output_cls is not None or self._loader.style.content == "source"

    def _styled(self, extraction: Extraction) -> list[Document]:
        style, texts = self._loader.style, None
        if style.content == "source" and style.page_texts is None:
            texts = page_texts(self._loader.options.sync_client(), extraction.job)
        return list(style.documents(extraction.records, extraction.job, self._extra(extraction), texts))

    def _extra(self, extraction: Extraction) -> dict[str, Any] | None:
        return self.inputs.brought(extraction.index, keep=self._raises)

    def _misfit(self, extraction: Extraction) -> ExtractError | None:
        if self._loader.options.output_cls is None:
            return None
        try:
            for record in extraction.records:
                parse_as(record.data, self._loader.options.output_cls)
        except ExtractError as error:
            return error
        return None

    def _counted(self) -> None:
        self._count += 1
        if self._loader.show_progress:
            sys.stderr.write(f"\r{self._count} documents extracted")
            sys.stderr.flush()
