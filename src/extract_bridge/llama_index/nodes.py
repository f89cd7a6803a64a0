"""Nodes: the parts of a job's records as LlamaIndex indexes them, below the documents of the same job."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Unpack

from llama_index.core.schema import NodeRelationship, ObjectType

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.records.passages import passages
from extract_bridge.core.records.stream import opened_records
from extract_bridge.llama_index.documents import bare_info, common, shown_of, sorted_out
from extract_bridge.llama_index.hierarchy import ExtractTextNode, linked, node_id, with_parents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extract_bridge.core.records.model import ExtractedRecord
    from extract_bridge.core.records.passages import Passage
    from extract_bridge.llama_index.documents import JobKeywords, TextKeywords


def nodes_from_job(
    job: Any, *, parents: bool = False, **keywords: Unpack[JobKeywords]
) -> list[ExtractTextNode]:
    """The nodes of a completed job: one a field, unless `split_by` says page or row.

    Each knows its document (SOURCE, the id that `documents_from_job` gives) and its neighbours (PREVIOUS, NEXT). Its id is the
    UUIDv5 of the document's id and of the JSON pointer, which is its `field` in the metadata.

    Args:
        job: An `ExtractV2Job`, its JSON object, or an object of the official SDK.
        parents: Also nodes of the objects and lists around the fields, tied by PARENT and CHILD, for auto-merging.
        **keywords: See `SourceKeywords` and `TextKeywords`.

    Raises:
        ResultError: the job has no result that can be read.
        ConfigurationError: `metadata_fields` clash with a key of every document.
    """
    return list(iter_nodes(job, parents=parents, **keywords))


def iter_nodes(
    job: Any, *, parents: bool = False, **keywords: Unpack[JobKeywords]
) -> Iterator[ExtractTextNode]:
    """`nodes_from_job`, one record's at a time, also of an answer that is too long for memory.

    Args:
        job: A job; or the service's answer itself: bytes, a path, a binary file or an open HTTP response, which are read as
            `iter_records` does.
        parents: Also nodes of the objects and lists around the fields, tied by PARENT and CHILD, for auto-merging.
        **keywords: See `SourceKeywords` and `TextKeywords`.

    Raises:
        JobError: the job is not COMPLETED.
        ResultError: `job` is no job, or its answer is malformed or cut off.
        ConfigurationError: `metadata_fields` clash with a key of every document.
    """
    text, source = sorted_out(keywords)
    with opened_records(job, **source) as (records, about):
        yield from nodes_of(records, job=about, parents=parents, **text)


def nodes_of(
    records: Iterable[ExtractedRecord],
    *,
    job: Any = None,
    parents: bool = False,
    **text: Unpack[TextKeywords],
) -> Iterator[ExtractTextNode]:
    """Nodes of records that are already read."""
    shown = shown_of(text)
    text.setdefault("split_by", "field")
    check_units(text["split_by"], parents)
    for _, group in groupby(passages(records, job=job, **text), key=lambda passage: id(passage.record)):
        found = list(group)
        nodes = linked([_node(passage, shown) for passage in found])
        yield from with_parents(nodes, found[0].record.id) if parents else nodes


def check_units(split_by: Any, parents: bool) -> None:
    """Refuse what nodes cannot be made of.

    Raises:
        ConfigurationError: `split_by` is none of field, row, page; or parents are asked for of anything but fields.
    """
    if split_by not in (None, "field", "row", "page"):
        raise ConfigurationError(
            "split_by is none of field, row, page", where="split_by", hint='"field" is the default'
        )
    if parents and split_by != "field":
        raise ConfigurationError(
            "parents are made of fields", where="parents", hint='Leave split_by out, or say split_by="field"'
        )


def _node(passage: Passage, shown: frozenset[str]) -> ExtractTextNode:
    document = passage.record.id
    return ExtractTextNode(
        text=passage.text,
        relationships={NodeRelationship.SOURCE: bare_info(document, ObjectType.DOCUMENT)},
        **common(passage, shown) | {"id_": node_id(document, passage.unit)},
    )
