"""Documents and nodes: the records of a job as LlamaIndex wants them.

A document's id says which thing it is, its hash says whether its content changed, and its SOURCE is itself: so every
pipeline replaces what was edited, leaves alone what is the same, and deletes what is gone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from llama_index.core.schema import Document, NodeRelationship, ObjectType, RelatedNodeInfo

from extract_bridge.core.errors import InputError
from extract_bridge.core.identity import sha256_hex, stable_uuid
from extract_bridge.core.records.passages import decode_citations, decode_confidences, passages
from extract_bridge.core.records.stream import opened_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from llama_index.core.schema import BaseNode

    from extract_bridge.core.errors import ExtractError
    from extract_bridge.core.records.keys import RowKey
    from extract_bridge.core.records.model import Citation, ExtractedRecord
    from extract_bridge.core.records.parts import Split
    from extract_bridge.core.records.passages import Citations, Passage
    from extract_bridge.core.records.renderings import Content

SHOWN = ("file_name", "page_label")
"""Metadata that an embedding and a language model see, besides `metadata_fields`."""

_UNSTABLE = frozenset(
    {
        "confidence_min",
        "confidence_mean",
        "needs_review",
        "job_id",
        "parse_job_id",
        "created_at",
        "updated_at",
    }
)
# Inside a JSON string every quote has a backslash before it, so this matches keys only.
_CONFIDENCE = re.compile(r'(?<=[,{])\s*"confidence":\s*[-+.0-9eE]+,?')


class ExtractDocument(Document):
    """A Document whose hash leaves out confidences and job ids: when only they change, nothing is embedded again."""

    @property
    def hash(self) -> str:
        """SHA-256 of text and metadata, without what changes from run to run."""
        return content_hash(self)


class TextKeywords(TypedDict, total=False):
    """How records become text and metadata.

    `content`: `"lines"` (`seller.name: ACME`). `split_by`: one document a record, page, row or field. `metadata_fields`: names
    or pointers of fields whose scalars are copied into metadata, for filters. `citations`: `"compact"`, `"full"` (with boxes)
    or `"none"`. `max_metadata_bytes`: above it quotes are left out. `job_metadata`: job id, tier and the like too.
    `min_confidence`: a field below it (0..1) needs review. `extra_metadata`: of your own, for each document. `page_texts`: for
    `content="source"`, the text of each page, 1-based; a reader fetches them itself.
    """

    content: Content
    split_by: Split
    metadata_fields: Sequence[str]
    citations: Citations
    max_metadata_bytes: int
    job_metadata: bool
    min_confidence: float
    extra_metadata: Mapping[str, Any] | None
    page_texts: Mapping[int, str] | None


class SourceKeywords(TypedDict, total=False):
    """Where a job's document came from; what is not given is taken from the job itself.

    `data_schema`: the schema that was asked for. `name`: the schema's name. `source`: for people. `source_id`: what makes
    it the same document next time. `service`: which service answered. `row_key`: fields that make a table row the same row next
    time, or a function of its data; by default its place does.
    """

    data_schema: Any
    name: str | None
    source: str | None
    source_id: str | None
    service: str | None
    row_key: RowKey | None


class JobKeywords(SourceKeywords, TextKeywords, total=False):
    """`SourceKeywords` and `TextKeywords` together."""


def documents_from_job(job: Any, **keywords: Unpack[JobKeywords]) -> list[ExtractDocument]:
    """The documents of a completed job, whoever ran it: one a record, or as `split_by` says.

    Args:
        job: An `ExtractV2Job`, its JSON object, or an object of the official SDK.
        **keywords: See `SourceKeywords` and `TextKeywords`.

    Raises:
        ResultError: the job has no result that can be read.
        ConfigurationError: `metadata_fields` clash with a key of every document.
    """
    return list(iter_documents(job, **keywords))


def iter_documents(job: Any, **keywords: Unpack[JobKeywords]) -> Iterator[ExtractDocument]:
    """`documents_from_job`, one at a time, also of an answer that is too long for memory.

    Args:
        job: A job; or the service's answer itself: bytes, a path, a binary file or an open HTTP response, which are read as
            `iter_records` does.
        **keywords: See `SourceKeywords` and `TextKeywords`.

    Raises:
        JobError: the job is not COMPLETED.
        ResultError: `job` is no job, or its answer is malformed or cut off.
        ConfigurationError: `metadata_fields` clash with a key of every document.
    """
    text, source = sorted_out(keywords)
    with opened_records(job, **source) as (records, about):
        yield from documents_of(records, job=about, **text)


def documents_of(
    records: Iterable[ExtractedRecord], *, job: Any = None, **text: Unpack[TextKeywords]
) -> Iterator[ExtractDocument]:
    """Documents of records that are already read."""
    shown = shown_of(text)
    for passage in passages(records, job=job, **text):
        yield ExtractDocument(
            text=passage.text,
            relationships={NodeRelationship.SOURCE: bare_info(passage.id, ObjectType.DOCUMENT)},
            **common(passage, shown),
        )


def failure_document(
    source: str, error: ExtractError, extra_metadata: Mapping[str, Any] | None = None
) -> ExtractDocument:
    """An empty document that stands for one that failed: `error` (a code) and `error_message` are in its metadata."""
    job = getattr(error, "job", None)
    facts = {
        **(extra_metadata or {}),
        "source": source,
        "error": error.code,
        "error_message": str(error),
        "job_id": getattr(job, "id", None),
        "needs_review": True,
    }
    metadata = {key: value for key, value in sorted(facts.items()) if value is not None}
    identity = stable_uuid(source, "failure")
    return ExtractDocument(
        id_=identity,
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=list(metadata),
        relationships={NodeRelationship.SOURCE: bare_info(identity, ObjectType.DOCUMENT)},
    )


def citations(item: BaseNode | Mapping[str, Any] | Any) -> dict[str, list[Citation]]:
    """Where each value was read, by JSON pointer; empty for a field that was not found, or with `citations="none"`.

    Args:
        item: A Document, a node, a retrieved node with its score, or metadata.
    """
    return decode_citations(_metadata_of(item))


def confidences(item: BaseNode | Mapping[str, Any] | Any) -> dict[str, float]:
    """How sure each value is (0..1), by JSON pointer; only fields that have a confidence.

    Args:
        item: A Document, a node, a retrieved node with its score, or metadata.
    """
    return decode_confidences(_metadata_of(item))


def sorted_out(keywords: JobKeywords) -> tuple[TextKeywords, dict[str, Any]]:
    """Keywords of the text, and those of the source."""
    text: Any = {key: value for key, value in keywords.items() if key in TextKeywords.__annotations__}
    return text, {key: value for key, value in keywords.items() if key not in TextKeywords.__annotations__}


def shown_of(text: TextKeywords) -> frozenset[str]:
    """Metadata keys that an embedding and a language model see."""
    names = (field.rpartition("/")[2] for field in text.get("metadata_fields", ()))
    return frozenset(SHOWN).union(names)


def common(passage: Passage, shown: frozenset[str]) -> dict[str, Any]:
    """Keywords that a document and a node of a passage have in common."""
    hidden = [key for key in passage.metadata if key not in shown]
    return {
        "id_": passage.id,
        "metadata": passage.metadata,
        "excluded_embed_metadata_keys": hidden,
        "excluded_llm_metadata_keys": list(hidden),  # a list of its own: SimpleDirectoryReader extends both
    }


def bare_info(node_id: str, node_type: ObjectType) -> RelatedNodeInfo:
    """A bare relation: one with metadata would copy all citations into each neighbour."""
    return RelatedNodeInfo(node_id=node_id, node_type=node_type)


def content_hash(node: BaseNode) -> str:
    """SHA-256 of text and metadata, without what changes from run to run."""
    kept = {key: value for key, value in node.metadata.items() if key not in _UNSTABLE}
    if isinstance(kept.get("citations"), str):
        kept["citations"] = _CONFIDENCE.sub("", kept["citations"])
    return sha256_hex(json.dumps([node.get_content(), kept], sort_keys=True, default=str))


def _metadata_of(item: Any) -> Mapping[str, Any]:
    metadata = getattr(item, "metadata", item)
    if not isinstance(metadata, Mapping):
        raise InputError(
            f"a {type(item).__name__} has no metadata", hint="Pass a Document, a node or its metadata"
        )
    return metadata
