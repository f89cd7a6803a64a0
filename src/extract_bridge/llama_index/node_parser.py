"""Documents of this package, however they came here, cut into nodes along their fields."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import NodeRelationship, ObjectType
from pydantic import Field

from extract_bridge.core.identity import canonical_json, sha256_hex
from extract_bridge.core.records.citations import Row, decode_rows
from extract_bridge.core.records.evidence import page_of
from extract_bridge.core.records.narrow import Retelling
from extract_bridge.core.records.placing import dotted, span_of
from extract_bridge.llama_index.documents import bare_info
from extract_bridge.llama_index.hierarchy import ExtractTextNode, joined, linked, node_id, with_parents
from extract_bridge.llama_index.nodes import check_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from llama_index.core.schema import BaseNode

_REST = "/rest"


class ExtractNodeParser(NodeParser):
    """Cuts the Documents of a reader into one node a field, row or page.

    It needs nothing but the Document, as a docstore gives it back: the places of the values in its text and their evidence are in
    its metadata. A node holds `seller.name: ACME` lines, its own citations, pages and confidence, and in `field` the JSON pointer; its id
    is the UUIDv5 of the Document's id and that pointer, so that an edited file replaces its nodes. SOURCE is the Document,
    PREVIOUS and NEXT are the neighbours in it. A Document without citations (`citations="none"`, or not of this package) becomes
    one node, and text behind the last citation that its metadata had room for a node of its own: nothing is lost.

    Attributes:
        split_by: One node a `field`, a `row` (an item of a list of objects; the rest is one node) or a `page`.
        parents: Also nodes of the objects and lists around the fields, tied by PARENT and CHILD, for an `AutoMergingRetriever`:
            put all of them into the docstore, and the leaves (`get_leaf_nodes`) into the index.
        min_confidence: Below it (0..1) a value needs review; as for the reader.
    """

    split_by: Literal["field", "row", "page"] = "field"
    parents: bool = False
    min_confidence: float = Field(default=0.8, ge=0, le=1)

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        check_units(self.split_by, self.parents)

    @classmethod
    def class_name(cls) -> str:
        """The name it is serialised under."""
        return "ExtractNodeParser"

    def _parse_nodes(
        self, nodes: Sequence[BaseNode], show_progress: bool = False, **kwargs: Any
    ) -> list[BaseNode]:
        return [node for document in nodes for node in self._nodes_of(document)]

    def _postprocess_parsed_nodes(
        self, nodes: list[BaseNode], parent_doc_map: dict[str, Any]
    ) -> list[BaseNode]:
        """Nothing: the framework's own would copy the Document's metadata into each node and relation."""
        return nodes

    def _nodes_of(self, document: BaseNode) -> Iterator[BaseNode]:
        source = document.ref_doc_id or document.id_
        leaves = list(_Leaves(document, source, self.min_confidence))
        if self.split_by == "field":
            nodes = linked(leaves) if self.include_prev_next_rel else leaves
            yield from with_parents(nodes, source) if self.parents else nodes
            return
        unit_of = _row_of if self.split_by == "row" else _page_unit
        units: dict[str, list[ExtractTextNode]] = {}
        for leaf in leaves:
            units.setdefault(unit_of(leaf), []).append(leaf)
        made = [
            joined(group, source, unit, unit if self.split_by == "row" and unit != _REST else None)
            for unit, group in units.items()
        ]
        yield from linked(made) if self.include_prev_next_rel else made


class _Leaves:
    """One node for each field of a Document whose value stands in its text."""

    def __init__(self, document: BaseNode, source: str, min_confidence: float) -> None:
        self._text, self._source, self._document = document.get_content(), source, document
        self._rows = decode_rows(document.metadata)
        self._told = Retelling(document.metadata, self._rows, min_confidence)

    def __iter__(self) -> Iterator[ExtractTextNode]:
        end = 0
        for path, group in groupby(enumerate(self._rows), key=lambda item: str(item[1]["path"])):
            rows = dict(group)
            span = next((span for row in rows.values() if (span := span_of(row)) is not None), None)
            if span is not None and span[1] <= len(self._text):
                end = max(end, span[1])
                yield self._leaf(path, rows, self._text[slice(*span)])
        if end == 0 or self._document.metadata.get("citations_truncated"):
            rest = self._text[end:] if end == 0 else self._text[end:].partition("\n")[2]
            if rest.strip():
                metadata = (
                    dict(self._document.metadata)
                    if end == 0
                    else self._told.metadata({}, self._document.metadata)
                )
                yield self._node(_REST if end else "", rest, metadata)

    def _leaf(self, path: str, rows: dict[int, Row], value: str) -> ExtractTextNode:
        name = f"{dotted(path)}: "
        text = name + value
        own = {number: {**row, "span": [len(name), len(text)]} for number, row in rows.items()}
        metadata = self._told.metadata(own, self._document.metadata)
        evidence = [[row.get("page"), row.get("quote")] for row in rows.values()]
        metadata["content_key"] = sha256_hex(canonical_json([path, value, evidence]))
        metadata["field"] = path
        return self._node(path, text, dict(sorted(metadata.items())))

    def _node(self, unit: str, text: str, metadata: dict[str, Any]) -> ExtractTextNode:
        given = self._document
        shown = set(given.metadata) - set(given.excluded_llm_metadata_keys) | {"page_label"}
        hidden = [name for name in metadata if name not in shown]
        return ExtractTextNode(
            id_=node_id(self._source, unit),
            text=text,
            metadata=metadata,
            excluded_embed_metadata_keys=hidden,
            excluded_llm_metadata_keys=list(hidden),
            relationships={NodeRelationship.SOURCE: bare_info(self._source, ObjectType.DOCUMENT)},
        )


def _row_of(leaf: ExtractTextNode) -> str:
    steps = str(leaf.metadata.get("field", "")).split("/")
    return "/".join(steps[:3]) if len(steps) > 3 and steps[2].isdecimal() else _REST


def _page_unit(leaf: ExtractTextNode) -> str:
    """The page of a field's first citation; what has none is a node of its own."""
    found = (page_of(row.get("page")) for row in decode_rows(leaf.metadata))
    page = next((page for page in found if page is not None), None) or leaf.metadata.get("page")
    return _REST if page is None else f"/page:{page}"
