"""What a demanding user of Documents, nodes and pipelines checks. Each check has a seeded defect in `defects/`."""

from __future__ import annotations

import json
import sys
import tracemalloc
from collections import deque
from itertools import islice
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from llama_index.core import StorageContext, VectorStoreIndex
from llama_index.core.embeddings import MockEmbedding
from llama_index.core.ingestion import DocstoreStrategy, IngestionCache, IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter, TokenTextSplitter, get_leaf_nodes, get_root_nodes
from llama_index.core.retrievers import AutoMergingRetriever
from llama_index.core.schema import (
    Document,
    MetadataMode,
    NodeRelationship,
    NodeWithScore,
    RelatedNodeInfo,
    TextNode,
)
from llama_index.core.storage.docstore import SimpleDocumentStore
from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters, SimpleVectorStore
from llama_index.core.vector_stores.utils import metadata_dict_to_node, node_to_metadata_dict
from pydantic import PrivateAttr

from extract_bridge import records_from_job
from extract_bridge.core.records.citations import decode_rows
from extract_bridge.llama_index import (
    CitationNarrower,
    CitationPostprocessor,
    ExtractNodeParser,
    citations,
    documents_from_job,
    iter_nodes,
    nodes_from_job,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., dict[str, Any]]

SOURCE: dict[str, Any] = {"source": "invoices/a.pdf", "source_id": "invoices/a.pdf"}


class Counting(MockEmbedding):
    """Counts the texts that it embeds."""

    _seen: list[str] = PrivateAttr(default_factory=list)

    def __init__(self) -> None:
        super().__init__(embed_dim=4)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        self._seen.extend(texts)
        return super()._get_text_embeddings(texts)


class Store(SimpleVectorStore):
    """As a vector store that does not overwrite by id; counts what is removed on request."""

    _rows: list[tuple[str, str]] = PrivateAttr(default_factory=list)
    _removed: int = PrivateAttr(default=0)

    def add(self, nodes: Any, **keywords: Any) -> list[str]:
        self._rows.extend((node.ref_doc_id or "", node.get_content()) for node in nodes)
        return super().add(nodes, **keywords)

    def delete(self, ref_doc_id: str, **keywords: Any) -> None:
        kept = [row for row in self._rows if row[0] != ref_doc_id]
        self._removed += len(self._rows) - len(kept)
        self._rows = kept
        super().delete(ref_doc_id, **keywords)


class Upserts:
    """A pipeline with UPSERTS, a docstore and a vector store."""

    def __init__(self, *before: Any) -> None:
        self.embedding, self.store = Counting(), Store()
        self.pipeline = IngestionPipeline(
            transformations=[*before, self.embedding],
            docstore=SimpleDocumentStore(),
            vector_store=self.store,
            docstore_strategy=DocstoreStrategy.UPSERTS,
            disable_cache=True,
        )

    def run(self, documents: list[Any]) -> int:
        """How many texts were embedded."""
        before = len(self.embedding._seen)
        self.pipeline.run(documents=documents)
        return len(self.embedding._seen) - before

    @property
    def size(self) -> int:
        return len(self.store._rows)

    @property
    def texts(self) -> str:
        return "\n".join(text for _, text in self.store._rows)


def splitter(size: int = 128) -> SentenceSplitter:
    return SentenceSplitter(chunk_size=size, chunk_overlap=0)


def sourced(document: Document, source: str) -> Document:
    """The Document with another SOURCE, as somebody else might have given it."""
    if source == "self":
        return document
    relations = {} if source == "none" else {NodeRelationship.SOURCE: RelatedNodeInfo(node_id="file-1")}
    return document.model_copy(update={"relationships": relations})


@pytest.mark.parametrize(
    ("split", "source", "again", "sizes", "removed"),
    [
        (True, "none", 0, (4, 4, 4), 4),
        (True, "self", 0, (4, 4, 4), 4),
        (True, "file", 4, (4, 8, 12), 0),
        (False, "none", 0, (1, 1, 2), 0),
        (False, "self", 0, (1, 1, 1), 1),
        (False, "file", 1, (1, 2, 3), 0),
    ],
)
def test_check_07_upserts_by_source_with_sizes(
    make_job: Make, split: bool, source: str, again: int, sizes: tuple[int, ...], removed: int
) -> None:
    """Only SOURCE = self re-runs nothing and removes what was edited, with and without a splitter."""
    upserts = Upserts(*([splitter(64)] if split else []))

    def documents(**changes: Any) -> list[Any]:
        made = documents_from_job(make_job(items=6, **changes), **SOURCE)
        assert made[0].ref_doc_id == made[0].id_
        return [sourced(document, source) for document in made]

    assert upserts.run(documents()) == sizes[0]
    seen = [upserts.size]
    assert upserts.run(documents()) == again
    seen.append(upserts.size)
    upserts.run(documents(total=77.25))
    seen.append(upserts.size)
    assert (tuple(seen), upserts.store._removed) == (sizes, removed)
    assert ("1240.5" in upserts.texts) is (source != "self" and not (split and source == "none"))


@pytest.mark.parametrize("split", [[], [splitter()], [splitter(), CitationNarrower()], [ExtractNodeParser()]])
def test_check_09_only_what_says_something_else_is_embedded_again(make_job: Make, split: list[Any]) -> None:
    upserts = Upserts(*split)

    def documents(**changes: Any) -> list[Any]:
        return documents_from_job(make_job(items=30, **changes), job_metadata=True, **SOURCE)

    first = upserts.run(documents())
    assert first == upserts.size > 0
    assert upserts.run(documents(job_id="ext-2")) == 0
    assert upserts.run(documents(confidence=0.92)) == upserts.run(documents(confidence=0.9)) == 0
    assert upserts.run(documents(confidence=0.2)) == 0, "not even where all of it now needs review"
    assert upserts.size == first
    stored = upserts.pipeline.docstore
    assert stored is not None
    if not split:
        return  # without a splitter, what an edit removes is check 07's
    assert upserts.run(documents(total=77.25)) == first == upserts.size
    assert "77.25" in upserts.texts
    assert "1240.5" not in upserts.texts, "edit a file, run again: the old text is gone"


def many(make_job: Make, content: str = "lines") -> list[Any]:
    """A Document with more than 500 citations."""
    return documents_from_job(
        make_job(items=250), content=content, citations="full", max_metadata_bytes=10**6, **SOURCE
    )


def test_check_10_metadata_is_flat_for_every_store(make_job: Make) -> None:
    documents = documents_from_job(make_job(items=40), job_metadata=True, metadata_fields=["total"], **SOURCE)
    chunks = splitter()(documents)
    made = [
        *documents,
        *chunks,
        *CitationNarrower()(chunks),
        *nodes_from_job(make_job(), parents=True, **SOURCE),
        *ExtractNodeParser(parents=True)(documents),
        *ExtractNodeParser(split_by="row")(documents),
        *ExtractNodeParser(split_by="page")(documents),
        *[item.node for item in CitationPostprocessor().postprocess_nodes([NodeWithScore(node=chunks[0])])],
    ]
    assert len({node.id_ for node in made}) > 90
    for node in made:
        stored = node_to_metadata_dict(node, remove_text=True, flat_metadata=True)
        json.dumps(stored, allow_nan=False).encode("utf-8")
        assert metadata_dict_to_node(stored, text=node.get_content()).metadata == node.metadata
        assert None not in node.metadata.values()


SPLITTERS = {
    "sentences": splitter(),
    "overlap": SentenceSplitter(chunk_size=128, chunk_overlap=40),
    "tokens": TokenTextSplitter(chunk_size=100, chunk_overlap=10),
    "tiny": TokenTextSplitter(chunk_size=20, chunk_overlap=0),
}


def test_check_11_five_hundred_citations_through_a_small_splitter(make_job: Make) -> None:
    (document,) = many(make_job)
    assert sum(map(len, citations(document).values())) > 500
    chunks = CitationNarrower()(splitter()([document]))
    assert len(chunks) > 20
    small = CitationNarrower()(SPLITTERS["tiny"]([document]))
    assert any("page" in chunk.metadata and "page" not in document.metadata for chunk in small)
    for node in [document, *chunks, *small]:
        for mode in (MetadataMode.EMBED, MetadataMode.LLM):
            assert len(node.get_metadata_str(mode).split()) < 64
            assert set(node.get_metadata_str(mode).splitlines()) <= {
                "file_name: a.pdf",
                f"page_label: {node.metadata.get('page_label')}",
            }


@pytest.mark.parametrize("content", ["lines", "markdown", "json"])
@pytest.mark.parametrize("name", sorted(SPLITTERS))
def test_check_12_each_chunk_cites_what_it_shows_and_all_chunks_all(
    make_job: Make, name: str, content: str
) -> None:
    (document,) = many(make_job, content)
    rows = decode_rows(document.metadata)
    values = {row["path"]: document.text[slice(*row["span"])] for row in rows if "span" in row}
    chunks = SPLITTERS[name]([document])
    narrowed = CitationNarrower()(chunks)
    kept = set()
    for chunk, before in zip(narrowed, chunks, strict=True):
        assert chunk.get_content() == before.get_content()
        own = decode_rows(chunk.metadata)
        kept |= {row["path"] for row in own}
        for row in own:
            if "span" in row:
                shown = chunk.get_content()[slice(*row["span"])]
                assert shown
                assert shown in values[row["path"]]
                assert row["boxes"]
        pages = {row["page"] for row in own if "page" in row}
        assert chunk.metadata.get("page") == (pages.pop() if len(pages) == 1 else None)
        for info in chunk.relationships.values():
            assert info.metadata == {}
    assert kept == {row["path"] for row in rows}
    assert max(len(chunk.to_json()) for chunk in narrowed) * 3 < min(len(chunk.to_json()) for chunk in chunks)


def test_check_15_odd_evidence_is_taken(make_job: Make) -> None:
    for evidence in (
        None,
        {},
        {"document_metadata": None},
        {"document_metadata": {"seller": None, "line_items": []}},
    ):
        job = make_job()
        job["extract_metadata"] = {"field_metadata": evidence}
        (document,) = documents_from_job(job, **SOURCE)
        assert "seller.name: Borealis Supply Ltd" in document.text
        assert len(nodes_from_job(job, **SOURCE)) == len(ExtractNodeParser()([document])) == 7
    job = make_job()
    del job["extract_metadata"]
    assert documents_from_job(job, **SOURCE)
    job = make_job()
    told = job["extract_metadata"]["field_metadata"]["document_metadata"]
    told |= {"error": "half of it", "reasoning": "because"}
    told["seller"] |= {"reasoning": "because", "error": None}
    (document,) = documents_from_job(job, **SOURCE)
    assert citations(document)["/seller/name"][0].page == 1
    assert citations(document)["/note"] == []


def test_check_22_filters_merging_and_deletion(make_job: Make) -> None:
    documents = [
        *documents_from_job(make_job(), metadata_fields=["total"], source_id="a"),
        *documents_from_job(make_job(total=99.0, confidence=0.5), metadata_fields=["total"], source_id="b"),
    ]
    index = VectorStoreIndex.from_documents(
        documents, transformations=[ExtractNodeParser()], embed_model=MockEmbedding(embed_dim=4)
    )

    def found(key: str, operator: FilterOperator, value: Any) -> list[Any]:
        filters = MetadataFilters(filters=[MetadataFilter(key=key, operator=operator, value=value)])
        hits = index.as_retriever(similarity_top_k=50, filters=filters).retrieve("anything")
        return [hit.node for hit in hits]

    assert {node.ref_doc_id for node in found("confidence_min", FilterOperator.GTE, 0.9)} == {
        documents[0].id_
    }
    assert {node.ref_doc_id for node in found("total", FilterOperator.LT, 100)} == {documents[1].id_}
    second = found("page_label", FilterOperator.EQ, "2")
    assert {node.metadata["field"] for node in second} == {
        "/total",
        "/line_items/1/description",
        "/line_items/1/amount",
    }
    index.delete_ref_doc(documents[1].id_, delete_from_docstore=True)
    assert found("total", FilterOperator.LT, 100) == []

    nodes = ExtractNodeParser(parents=True)(documents[:1])
    same = nodes_from_job(make_job(), parents=True, metadata_fields=["total"], source_id="a")
    assert [(node.id_, node.text, node.relationships) for node in nodes] == [
        (node.id_, node.text, node.relationships) for node in same
    ]
    leaves, (root,) = get_leaf_nodes(nodes), get_root_nodes(nodes)
    assert root.text == documents[0].text
    assert [node.metadata["field"] for node in nodes if node not in leaves and node is not root] == [
        "/line_items",
        "/line_items/0",
        "/line_items/1",
    ]
    context = StorageContext.from_defaults()
    context.docstore.add_documents(nodes)
    merged = VectorStoreIndex(leaves, storage_context=context, embed_model=MockEmbedding(embed_dim=4))
    retriever = AutoMergingRetriever(merged.as_retriever(similarity_top_k=len(leaves)), context)
    hits = retriever.retrieve("everything")
    assert {hit.node.metadata.get("field") for hit in hits} == {None, "/line_items"}, "merged level by level"
    assert root.id_ in {hit.node.node_id for hit in hits}

    kept = VectorStoreIndex.from_documents(documents[:1], embed_model=MockEmbedding(embed_dim=4))
    edited = documents_from_job(make_job(total=5.0), metadata_fields=["total"], source_id="a")
    other = documents_from_job(
        make_job(job_id="ext-9", confidence=0.4), metadata_fields=["total"], source_id="a"
    )
    assert kept.refresh_ref_docs(other) == [False]
    assert kept.refresh_ref_docs(edited) == [True]


def test_check_23_a_cache_does_not_mix_up_files_with_equal_text(make_job: Make) -> None:
    pipeline = IngestionPipeline(transformations=[splitter(), CitationNarrower()], cache=IngestionCache())
    for name in ("a.pdf", "b.pdf"):
        documents = documents_from_job(make_job(), source=name)
        for _ in range(2):
            nodes = pipeline.run(documents=documents)
            assert {node.ref_doc_id for node in nodes} == {documents[0].id_}
            assert {node.metadata["source"] for node in nodes} == {name}


def test_check_26_other_formats_keep_id_and_metadata(make_job: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    # The framework's bridge asks for a package that nothing else here needs; the class that it takes from there is this one.
    bridge = SimpleNamespace(Document=pytest.importorskip("langchain_core.documents").Document)
    monkeypatch.setitem(sys.modules, "llama_index.core.bridge.langchain", bridge)
    (document,) = documents_from_job(make_job(), **SOURCE)
    other = document.to_langchain_format()
    assert (other.id, other.metadata, other.page_content) == (document.id_, document.metadata, document.text)


def rows_job(rows: int) -> dict[str, Any]:
    entry = {"name": {"citation": [{"page": 1, "matching_text": "n"}], "confidence": 0.9}}
    return {
        "id": "ext-1",
        "status": "COMPLETED",
        "configuration": {"extraction_target": "per_table_row"},
        "extract_result": [{"name": f"n{at}"} for at in range(rows)],
        "extract_metadata": {"field_metadata": {"row_metadata": [entry] * rows}},
    }


def test_check_28_a_hundred_thousand_rows_become_nodes_one_by_one() -> None:
    rows, made = 100_000, []

    def text(record: Any) -> str:
        made.append(record.row)
        return str(record.data["name"])

    stream = iter_nodes(rows_job(rows), source="register.pdf", content=text, split_by="row")
    assert next(stream).text == "n0"
    assert len(made) <= 2, "a node is made when it is asked for"
    tracemalloc.start()
    try:
        list(islice(stream, 1000))
        before = tracemalloc.get_traced_memory()[0]
        assert [node.text for node in islice(stream, 2000)][-1] == "n3000"
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown / 2000 < 2000, "bytes that each node leaves behind"
    ((count, last),) = deque(enumerate(stream, 3002), maxlen=1)
    assert (count, last.text, last.metadata["row"]) == (rows, f"n{rows - 1}", rows - 1)


def test_check_29_nodes_and_the_narrower_cross_processes_as_json(make_job: Make) -> None:
    """As Ray does it: nodes cross as JSON by class name, and a transform is made anew from its class and keywords."""
    documents = many(make_job)
    chunks = splitter()(documents)
    sent = [TextNode.from_json(chunk.to_json()) for chunk in chunks]
    made = CitationNarrower.from_dict(CitationNarrower(min_confidence=0.8).to_dict())(sent)
    assert made == CitationNarrower()(chunks)
    for node in [*made, *nodes_from_job(make_job(), parents=True, **SOURCE)]:
        again = TextNode.from_json(node.to_json())
        assert again.to_json() == node.to_json().replace(node.class_name(), again.class_name())
        json.loads(node.to_json(), parse_constant=lambda name: pytest.fail(name))
    (document,) = documents
    stored = Document.from_json(document.to_json())
    assert ExtractNodeParser()([stored]) == ExtractNodeParser()([document]), "what a docstore keeps is enough"
    assert len(ExtractNodeParser()([stored])) == len(
        [item for item in records_from_job(make_job(items=250))[0] if item.value is not None]
    )
