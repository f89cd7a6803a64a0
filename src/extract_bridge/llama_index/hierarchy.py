"""Nodes of fields joined into nodes of objects, rows and pages, and the tree that an auto-merging retriever climbs."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from llama_index.core.schema import NodeRelationship, ObjectType, TextNode

from extract_bridge.core.identity import sha256_hex, stable_uuid
from extract_bridge.core.page_ranges import format_pages
from extract_bridge.core.records.citations import Row, decode_rows, encode_rows, fit_rows
from extract_bridge.core.records.evidence import page_of
from extract_bridge.core.records.placing import span_of
from extract_bridge.llama_index.documents import bare_info, content_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_BYTES = 30_000  # of citations; a parent's children have them all
_OF_ITS_FIELDS = frozenset(
    (
        "citations",
        "confidence_min",
        "content_key",
        "field",
        "needs_review",
        "page",
        "page_label",
        "pages",
        "row",
    )
)


class ExtractTextNode(TextNode):
    """A TextNode with the hash of an `ExtractDocument`."""

    @property
    def hash(self) -> str:
        """SHA-256 of text and metadata, without what changes from run to run."""
        return content_hash(self)


def node_id(document_id: str, pointer: str) -> str:
    """The id of a part of a document: UUIDv5 of the document's id and the JSON pointer (or `/page:3`)."""
    return stable_uuid(document_id, pointer)


def linked(nodes: Sequence[ExtractTextNode]) -> Sequence[ExtractTextNode]:
    """The nodes of one document, each told its neighbours."""
    for node, following in pairwise(nodes):
        node.relationships[NodeRelationship.NEXT] = bare_info(following.id_, ObjectType.TEXT)
        following.relationships[NodeRelationship.PREVIOUS] = bare_info(node.id_, ObjectType.TEXT)
    return nodes


def joined(
    nodes: Sequence[ExtractTextNode], document_id: str, unit: str, pointer: str | None = None
) -> ExtractTextNode:
    """One node with the text and the evidence of several.

    Args:
        nodes: Of one document, in its order.
        document_id: Of that document.
        unit: What the id is made of: a JSON pointer, or `/page:3`.
        pointer: Of an object or list; None for a page, and for what has no place of its own.
    """
    rows: list[Row] = []
    length = 0
    for node in nodes:
        for row in decode_rows(node.metadata):
            span = span_of(row)
            rows.append(row if span is None else {**row, "span": [span[0] + length, span[1] + length]})
        length += len(node.text) + 1
    text = "\n".join(node.text for node in nodes)
    metadata = {name: value for name, value in nodes[0].metadata.items() if name not in _OF_ITS_FIELDS}
    metadata |= {
        name: value for name, value in _told(nodes, rows, text, pointer).items() if value is not None
    }
    shown = set(nodes[0].metadata) - set(nodes[0].excluded_llm_metadata_keys) | {"page_label"}
    hidden = [name for name in metadata if name not in shown]
    return ExtractTextNode(
        id_=node_id(document_id, unit),
        text=text,
        metadata=dict(sorted(metadata.items())),
        excluded_embed_metadata_keys=hidden,
        excluded_llm_metadata_keys=list(hidden),
        relationships={NodeRelationship.SOURCE: bare_info(document_id, ObjectType.DOCUMENT)},
    )


def _told(
    nodes: Sequence[ExtractTextNode], rows: list[Row], text: str, pointer: str | None
) -> dict[str, Any]:
    pages = sorted({page for row in rows if (page := page_of(row.get("page"))) is not None})
    every = [node.metadata for node in nodes]
    sure = [metadata["confidence_min"] for metadata in every if "confidence_min" in metadata]
    evidence = [[row.get("path"), row.get("page"), row.get("quote")] for row in rows]
    steps = pointer.split("/") if pointer else []
    encoded, truncated = fit_rows(rows, _MOST_BYTES)
    return {
        "citations": encoded if rows else None,
        "citations_truncated": truncated or None,
        "confidence_min": min(sure, default=None),
        "content_key": sha256_hex(encode_rows([{"text": text, "evidence": evidence}])),
        "field": pointer,
        "needs_review": any(metadata.get("needs_review") for metadata in every),
        "page": pages[0] if len(pages) == 1 else None,
        "page_label": format_pages(pages) or None,
        "pages": format_pages(pages) or None,
        "row": int(steps[-1]) if steps and steps[-1].isdecimal() else every[0].get("row"),
    }


def with_parents(leaves: Sequence[ExtractTextNode], document_id: str) -> Iterator[ExtractTextNode]:
    """The nodes of one document's fields, and above them one for each object, list and list item, and one for all of it.

    Parents come before their children. PARENT and CHILD tie them together as `HierarchicalNodeParser` does, so that
    `get_leaf_nodes` finds what to embed and `AutoMergingRetriever` climbs from there. An object with a single field has no node
    of its own: it would say the same.
    """
    tree = _Branch("")
    for leaf in leaves:
        pointer = leaf.metadata.get("field")
        tree.add(leaf, pointer.split("/")[1:-1] if isinstance(pointer, str) else [])
    yield from tree.nodes(document_id, None)


class _Branch:
    """An object or a list, and what is in it."""

    def __init__(self, pointer: str) -> None:
        self._pointer = pointer
        self._below: dict[str, _Branch] = {}
        self._inside: list[ExtractTextNode | _Branch] = []

    def add(self, leaf: ExtractTextNode, steps: list[str]) -> None:
        branch = self
        for step in steps:
            if step not in branch._below:
                branch._below[step] = _Branch(f"{branch._pointer}/{step}")
                branch._inside.append(branch._below[step])
            branch = branch._below[step]
        branch._inside.append(leaf)  # noqa: SLF001

    def leaves(self) -> Iterator[ExtractTextNode]:
        for item in self._inside:
            if isinstance(item, _Branch):
                yield from item.leaves()
            else:
                yield item

    def nodes(self, document_id: str, parent: ExtractTextNode | None) -> Iterator[ExtractTextNode]:
        inside = list(self.leaves())
        own = parent
        if len(self._inside) > 1 or (parent is None and inside):
            own = joined(inside, document_id, self._pointer, self._pointer or None)
            _tie(parent, own)
            yield own
        for item in self._inside:
            if isinstance(item, _Branch):
                yield from item.nodes(document_id, own)
            else:
                _tie(own, item)
                yield item


def _tie(parent: ExtractTextNode | None, child: ExtractTextNode) -> None:
    if parent is not None:
        child.relationships[NodeRelationship.PARENT] = bare_info(parent.id_, ObjectType.TEXT)
        children: Any = parent.relationships.setdefault(NodeRelationship.CHILD, [])
        children.append(bare_info(child.id_, ObjectType.TEXT))
