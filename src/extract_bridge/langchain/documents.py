"""Finished jobs as LangChain Documents, and the evidence read back from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from langchain_core.documents import Document

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.identity import source_id_of
from extract_bridge.core.records.passages import decode_citations, decode_confidences, passages
from extract_bridge.core.records.stream import opened_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from extract_bridge.core.records.keys import RowKey
    from extract_bridge.core.records.model import Citation, ExtractedRecord

SplitBy = Literal["page", "row", "field"]
CitationsForm = Literal["compact", "full", "none"]


@dataclass(frozen=True, kw_only=True)
class DocumentStyle:
    """How records become Documents.

    Attributes:
        content: `lines`, `markdown`, `json`, `yaml`, `source` (the document's own page text), a template, or a function of the record.
        split_by: One Document a record (None), page, row or field.
        metadata_fields: Fields copied into the metadata under plain names, for filters.
        citations: `compact` without boxes, `full` with them, or `none`.
        max_metadata_bytes: Above it quotes are left out of the metadata.
        job_metadata: Also what changes from job to job: ids and times.
        min_confidence: Below it a field needs review; 0..1.
        extra_metadata: Your own keys for every Document.
        page_texts: For `source`: the text of each page, 1-based. A loader fetches it.
    """

    content: str | Callable[..., str] = "lines"
    split_by: SplitBy | None = None
    metadata_fields: Sequence[str] = ()
    citations: CitationsForm = "compact"
    max_metadata_bytes: int = 30_000
    job_metadata: bool = False
    min_confidence: float = 0.8
    extra_metadata: Mapping[str, Any] = field(default_factory=dict)
    page_texts: Mapping[int, str] | None = None

    def documents(
        self,
        records: Iterable[ExtractedRecord],
        job: Any = None,
        extra_metadata: Mapping[str, Any] | None = None,
        page_texts: Mapping[int, str] | None = None,
    ) -> Iterator[Document]:
        """The Documents of these records, one after another."""
        found = passages(
            records,
            content=self.content,
            split_by=self.split_by,
            metadata_fields=self.metadata_fields,
            citations=self.citations,
            max_metadata_bytes=self.max_metadata_bytes,
            job_metadata=self.job_metadata,
            min_confidence=self.min_confidence,
            extra_metadata={**(extra_metadata or {}), **self.extra_metadata},
            job=job,
            page_texts=self.page_texts if page_texts is None else page_texts,
        )
        for passage in found:
            yield Document(id=passage.id, page_content=passage.text, metadata=passage.metadata)


def iter_documents(
    job: Any,
    *,
    source: str | None = None,
    source_id: str | None = None,
    data_schema: Any = None,
    name: str | None = None,
    service: str | None = None,
    row_key: RowKey | None = None,
    extra_metadata: Mapping[str, Any] | None = None,
    **style: Any,
) -> Iterator[Document]:
    """A finished job's Documents, one after another.

    Args:
        job: An `ExtractV2Job`, its JSON as a dict, a job of the official SDK, or the service's answer itself, however long: bytes, a
            path, a binary file or an open HTTP response, which are read as `iter_records` does.
        source: What the document is called, for people; by default what `run` was given.
        source_id: What makes it the same document next time; by default from `source`.
        data_schema: The schema; by default the job's own.
        name: The schema's name, part of each Document's id; by default the schema's title.
        service: Which service answered; by default what the job knows: one that `run` gave does, one that was read by id does not.
        row_key: Fields that make a table row the same row next time (`"sku"`), or a function of its data; by default its place does.
        extra_metadata: Your own keys for every Document.
        **style: `content, split_by, metadata_fields, citations, max_metadata_bytes, job_metadata, min_confidence, page_texts`,
            as for `ExtractLoader`.

    Raises:
        ConfigurationError: an unknown keyword, or one that contradicts another.
        JobError: the job is not COMPLETED.
        ResultError: `job` is no job, or its answer is malformed or cut off.
        FileInputError: there is no answer to read.
    """
    wanted = style_of({**style, "extra_metadata": extra_metadata or {}})
    if source is not None and source_id is None:
        source_id = source_id_of(source)
    origin: dict[str, Any] = {
        "name": name,
        "source": source,
        "source_id": source_id,
        "service": service,
        "row_key": row_key,
    }
    with opened_records(job, data_schema, **origin) as (records, about):
        yield from wanted.documents(records, about)


def documents_from_job(
    job: Any,
    *,
    source: str | None = None,
    source_id: str | None = None,
    data_schema: Any = None,
    name: str | None = None,
    service: str | None = None,
    row_key: RowKey | None = None,
    extra_metadata: Mapping[str, Any] | None = None,
    **style: Any,
) -> list[Document]:
    """A finished job's Documents; see `iter_documents`."""
    keywords: dict[str, Any] = {
        "source": source,
        "source_id": source_id,
        "data_schema": data_schema,
        "name": name,
        "service": service,
    }
    keywords["row_key"] = row_key
    return list(iter_documents(job, **keywords, extra_metadata=extra_metadata, **style))


def citations(document: Document) -> dict[str, list[Citation]]:
    """Where each value of a Document was read, by JSON pointer. Fields without a citation have an empty list."""
    return decode_citations(_encoded(document))


def confidences(document: Document) -> dict[str, float]:
    """How sure each value of a Document is (0..1), by JSON pointer; fields without a confidence are left out."""
    return decode_confidences(_encoded(document))


def style_of(keywords: Mapping[str, Any]) -> DocumentStyle:
    """The style that keywords ask for.

    Raises:
        ConfigurationError: one of them is unknown.
    """
    unknown = set(keywords) - set(DocumentStyle.__dataclass_fields__)
    if unknown:
        name = min(unknown)
        raise ConfigurationError(f"there is no keyword {name!r}", where=name, hint="Check its spelling")
    return DocumentStyle(**keywords)


def _encoded(document: Document) -> str:
    return document.metadata.get("citations") or "[]"
