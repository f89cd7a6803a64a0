"""Nodes: the parts of a job's records as LlamaIndex indexes them, below the documents of the same job."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, Unpack

from llama_index.core.schema import NodeRelationship, ObjectType, TextNode

from extract_bridge.core.records.passages import passages
from extract_bridge.core.records.stream import opened_records
from extract_bridge.llama_index.documents import bare_info, common, content_hash, shown_of, sorted_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extract_bridge.core.records.model import ExtractedRecord
    from extract_bridge.core.records.passages import Passage
    from extract_bridge.llama_index.documents import JobKeywords, TextKeywords


class ExtractTextNode(TextNode):
    """A TextNode with the hash of an `ExtractDocument`."""

    @property
    def hash(self) -> str:
        """SHA-256 of text and metadata, without what changes from run to run."""
        return content_hash(self)


def nodes_from_job(job: Any, **keywords: Unpack[JobKeywords]) -> list[ExtractTextNode]:
    """The nodes of a completed job: one a field, unless `split_by` says page or row.

    Each knows its document (SOURCE, the id that `documents_from_job` gives) and its neighbours (PREVIOUS, NEXT).

    Args:
        job: An `ExtractV2Job`, its JSON object, or an object of the official SDK.
        **keywords: See `SourceKeywords` and `TextKeywords`.

    Raises:
        ResultError: the job has no result that can be read.
        ConfigurationError: `metadata_fields` clash with a key of every document.
    """
    return list(iter_nodes(job, **keywords))


def iter_nodes(job: Any, **keywords: Unpack[JobKeywords]) -> Iterator[ExtractTextNode]:
    """`nodes_from_job`, one record's at a time, also of an answer that is too long for memory.

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
        yield from nodes_of(records, job=about, **text)


def nodes_of(
    records: Iterable[ExtractedRecord], *, job: Any = None, **text: Unpack[TextKeywords]
) -> Iterator[ExtractTextNode]:
    """Nodes of records that are already read."""
    shown = shown_of(text)
    text.setdefault("split_by", "field")
    for _, group in groupby(passages(records, job=job, **text), key=lambda passage: id(passage.record)):
        nodes = [_node(passage, shown) for passage in group]
        for node, following in pairwise(nodes):
            node.relationships[NodeRelationship.NEXT] = bare_info(following.id_, ObjectType.TEXT)
            following.relationships[NodeRelationship.PREVIOUS] = bare_info(node.id_, ObjectType.TEXT)
        yield from nodes


def _node(passage: Passage, shown: frozenset[str]) -> ExtractTextNode:
    document = bare_info(passage.record.id, ObjectType.DOCUMENT)
    return ExtractTextNode(
        text=passage.text, relationships={NodeRelationship.SOURCE: document}, **common(passage, shown)
    )
