"""What a job becomes in LlamaIndex: ids, hashes, metadata and relations that every pipeline treats right."""

from __future__ import annotations

import json
import pickle
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core import VectorStoreIndex
from llama_index.core.embeddings import MockEmbedding
from llama_index.core.ingestion import DocstoreStrategy, IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import Document, MetadataMode, NodeRelationship, NodeWithScore, TextNode
from llama_index.core.storage.docstore import SimpleDocumentStore
from llama_index.core.vector_stores import MetadataFilter, MetadataFilters, SimpleVectorStore
from llama_index.core.vector_stores.utils import metadata_dict_to_node, node_to_metadata_dict

from extract_bridge.core.errors import ConfigurationError, InputError, WaitTimeoutError
from extract_bridge.llama_index import (
    citations,
    confidences,
    documents_from_job,
    iter_documents,
    iter_nodes,
    nodes_from_job,
)
from extract_bridge.llama_index.documents import ExtractDocument

SOURCE = {"source": "invoices/a.pdf", "source_id": "invoices/a.pdf"}


def test_a_record_is_a_document(make_job):
    (document,) = documents_from_job(make_job(), **SOURCE)
    assert isinstance(document, Document)
    assert str(uuid.UUID(document.id_)) == document.id_
    assert "seller.name: Borealis Supply Ltd" in document.text
    assert "note" not in document.text
    assert document.metadata["source"] == "invoices/a.pdf"
    assert document.metadata["pages"] == "1-2"


def test_metadata_is_flat_sorted_json(make_job):
    documents = documents_from_job(make_job(), job_metadata=True, metadata_fields=["total"], **SOURCE)
    for item in [*documents, *nodes_from_job(make_job(), **SOURCE)]:
        assert list(item.metadata) == sorted(item.metadata)
        assert all(type(value) in (str, int, float, bool) for value in item.metadata.values())
        json.dumps(item.metadata, allow_nan=False)
        stored = node_to_metadata_dict(item, remove_text=True, flat_metadata=True)
        assert metadata_dict_to_node(stored, text="").metadata == item.metadata


def test_the_source_of_a_document_is_itself_without_metadata(make_job):
    (document,) = documents_from_job(make_job(), **SOURCE)
    source = document.relationships[NodeRelationship.SOURCE]
    assert document.ref_doc_id == document.id_ == source.node_id
    assert source.metadata == {}


def test_models_see_only_name_page_and_chosen_fields(make_job):
    (document,) = documents_from_job(
        make_job(), metadata_fields=["total"], extra_metadata={"desk": "7"}, **SOURCE
    )
    hidden = set(document.metadata) - {"file_name", "page_label", "total"}
    assert set(document.excluded_embed_metadata_keys) == set(document.excluded_llm_metadata_keys) == hidden
    assert document.excluded_embed_metadata_keys is not document.excluded_llm_metadata_keys
    for mode in (MetadataMode.EMBED, MetadataMode.LLM):
        assert document.get_metadata_str(mode).splitlines() == [
            "file_name: a.pdf",
            "page_label: 1-2",
            "total: 1240.5",
        ]
    assert document.metadata["desk"] == "7"


def test_the_same_job_twice_gives_the_same_bytes(make_job):
    first, second = (
        [item.to_json() for item in (*documents_from_job(job, **SOURCE), *nodes_from_job(job, **SOURCE))]
        for job in (make_job(), make_job())
    )
    assert first == second


def test_an_edited_file_keeps_its_id_and_changes_its_hash(make_job):
    (before,) = documents_from_job(make_job(), **SOURCE)
    (after,) = documents_from_job(make_job(total=99.0), **SOURCE)
    assert after.id_ == before.id_
    assert after.hash != before.hash


@pytest.mark.parametrize("citations_as", ["compact", "full", "none"])
def test_another_confidence_or_job_keeps_the_hash(make_job, citations_as):
    keywords = {"citations": citations_as, "job_metadata": True, "min_confidence": 0.9, **SOURCE}
    for build in (documents_from_job, nodes_from_job):
        before = build(make_job(confidence=0.91), **keywords)
        after = build(make_job(confidence=0.9, job_id="ext-2"), **keywords)
        assert [item.hash for item in after] == [item.hash for item in before]
        assert [item.metadata for item in after] != [item.metadata for item in before]


def test_another_page_or_quote_changes_the_hash(make_job):
    changed = make_job()
    entry = changed["extract_metadata"]["field_metadata"]["document_metadata"]["total"]["citation"][0]
    (before,) = documents_from_job(make_job(), **SOURCE)
    entry["matching_text"] = "1 240,50"
    (quote,) = documents_from_job(changed, **SOURCE)
    entry["page"] = 3
    (page,) = documents_from_job(changed, **SOURCE)
    assert len({before.hash, quote.hash, page.hash}) == 3


def test_metadata_of_the_caller_changes_the_hash(make_job):
    (before,) = documents_from_job(make_job(), extra_metadata={"desk": "7"}, **SOURCE)
    (after,) = documents_from_job(make_job(), extra_metadata={"desk": "8"}, **SOURCE)
    assert before.hash != after.hash


@given(
    quote=st.text(max_size=30),
    before=st.floats(0, 1, allow_nan=False),
    after=st.floats(0, 1, allow_nan=False),
)
def test_only_confidence_is_left_out_of_the_hash(quote, before, after):
    def hash_of(text, confidence):
        row = {"path": "/a", "page": 1, "confidence": confidence, "quote": text}
        return ExtractDocument(text="a: 1", metadata={"citations": json.dumps([row])}).hash

    assert hash_of(quote, before) == hash_of(quote, after)
    assert hash_of(quote, before) != hash_of(quote + ',"confidence":1,', before)


def test_citations_and_confidences_come_back(make_job):
    (document,) = documents_from_job(make_job(), citations="full", **SOURCE)
    for item in (document, NodeWithScore(node=TextNode(metadata=document.metadata)), document.metadata):
        assert citations(item)["/total"][0].page == 2
        assert citations(item)["/total"][0].quote == "1,240.50"
        assert citations(item)["/total"][0].boxes[0].w == 80.0
        assert confidences(item)["/total"] == 0.91
    assert citations({}) == confidences({}) == {}
    with pytest.raises(InputError):
        citations("text")


def test_nodes_know_their_document_and_their_neighbours(make_job):
    (document,) = documents_from_job(make_job(), **SOURCE)
    nodes = nodes_from_job(make_job(), **SOURCE)
    assert [node.metadata["field"] for node in nodes][:2] == ["/invoice_number", "/seller/name"]
    assert len({node.id_ for node in nodes} | {document.id_}) == len(nodes) + 1
    for node in nodes:
        assert str(uuid.UUID(node.id_)) == node.id_
        assert node.ref_doc_id == document.id_
        assert list(citations(node)) == [node.metadata["field"]]
    assert [node.next_node.node_id for node in nodes[:-1]] == [node.id_ for node in nodes[1:]]
    assert [node.prev_node.node_id for node in nodes[1:]] == [node.id_ for node in nodes[:-1]]
    assert all(info.metadata == {} for node in nodes for info in node.relationships.values())


def test_nodes_of_a_page(make_job):
    nodes = nodes_from_job(make_job(), split_by="page", **SOURCE)
    assert [node.metadata["page"] for node in nodes] == [1, 2]
    assert "Part 0" in nodes[0].text
    assert "Part 0" not in nodes[1].text


def test_rows_are_documents_of_their_own(make_job):
    job = make_job()
    rows = [{"name": "A", "amount": 1.0}, {"name": "B", "amount": None}]
    job["configuration"]["extraction_target"] = "per_table_row"
    job["extract_result"] = rows
    job["extract_metadata"] = {"field_metadata": {"row_metadata": [{}, {}]}}
    documents = documents_from_job(job, **SOURCE)
    assert [document.metadata["row"] for document in documents] == [0, 1]
    assert len({document.id_ for document in documents}) == 2
    nodes = nodes_from_job(job, **SOURCE)
    assert {node.ref_doc_id for node in nodes} == {document.id_ for document in documents}
    assert nodes[0].prev_node is None


def test_an_empty_result_is_an_empty_list(make_job):
    job = make_job()
    job["configuration"]["extraction_target"] = "per_table_row"
    job["extract_result"] = []
    assert documents_from_job(job, **SOURCE) == []
    assert nodes_from_job(job, **SOURCE) == []


def test_iterators_give_the_same(make_job):
    assert list(iter_documents(make_job(), **SOURCE)) == documents_from_job(make_job(), **SOURCE)
    assert list(iter_nodes(make_job(), **SOURCE)) == nodes_from_job(make_job(), **SOURCE)


def test_a_document_pickles(make_job):
    (document,) = documents_from_job(make_job(), **SOURCE)
    copied = pickle.loads(pickle.dumps(document))
    assert copied == document
    assert copied.hash == document.hash


def test_a_job_without_result_and_a_clash_are_typed_errors(make_job):
    unfinished = make_job() | {"status": "RUNNING", "extract_result": None}
    with pytest.raises(WaitTimeoutError):
        documents_from_job(unfinished, **SOURCE)
    job = make_job()
    job["extract_result"]["source"] = "x"
    with pytest.raises(ConfigurationError):
        documents_from_job(job, metadata_fields=["source"], **SOURCE)


def test_a_splitter_takes_a_document_with_many_citations(make_job):
    (document,) = documents_from_job(
        make_job(items=250), citations="full", max_metadata_bytes=200_000, **SOURCE
    )
    assert len(citations(document)) > 500
    chunks = SentenceSplitter(chunk_size=128, chunk_overlap=0)([document])
    assert len(chunks) > 10
    assert {chunk.ref_doc_id for chunk in chunks} == {document.id_}


class CountingEmbedding(MockEmbedding):
    """Counts what it embeds."""

    def __init__(self):
        super().__init__(embed_dim=4)
        self._seen = []

    def _get_text_embeddings(self, texts):
        self._seen.extend(texts)
        return super()._get_text_embeddings(texts)


def _stored(store):
    return store.data.metadata_dict


@pytest.mark.parametrize("splitter", [[], [SentenceSplitter(chunk_size=128, chunk_overlap=0)]])
def test_a_pipeline_embeds_nothing_twice_and_replaces_what_was_edited(make_job, splitter):
    embedding, store = CountingEmbedding(), SimpleVectorStore()
    pipeline = IngestionPipeline(
        transformations=[*splitter, embedding],
        docstore=SimpleDocumentStore(),
        vector_store=store,
        docstore_strategy=DocstoreStrategy.UPSERTS,
        disable_cache=True,
    )

    def run(**changes):
        embedding._seen.clear()
        pipeline.run(documents=documents_from_job(make_job(**changes), **SOURCE))
        return len(embedding._seen)

    first = run()
    size = len(_stored(store))
    assert first == size > 0
    assert run() == 0
    assert run(job_id="ext-2", confidence=0.5) == 0
    assert len(_stored(store)) == size
    assert run(total=99.0) == size
    assert len(_stored(store)) == size
    texts = "\n".join(embedding._seen)
    assert "99" in texts
    assert "1240.5" not in texts


def test_extracted_values_filter_a_search(make_job):
    documents = [
        *documents_from_job(make_job(), metadata_fields=["total"], source_id="a"),
        *documents_from_job(make_job(total=99.0), metadata_fields=["total"], source_id="b"),
    ]
    index = VectorStoreIndex.from_documents(documents, embed_model=MockEmbedding(embed_dim=4))
    dear = MetadataFilters(filters=[MetadataFilter(key="total", value=1000, operator=">")])
    (hit,) = index.as_retriever(filters=dear).retrieve("dear")
    assert hit.metadata["total"] == 1240.5
    assert citations(hit)["/total"][0].page == 2
