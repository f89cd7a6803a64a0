"""At query time: labels that a model sees, and full evidence from a job."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.embeddings import MockEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import MetadataMode, NodeWithScore, TextNode
from pydantic import BaseModel

from extract_bridge import ExtractClient
from extract_bridge.bulk import Ledger
from extract_bridge.core.records.citations import decode_rows
from extract_bridge.llama_index import (
    CitationNarrower,
    CitationPostprocessor,
    ExtractReader,
    citations,
    documents_from_job,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Invoice(BaseModel):
    seller: str | None = None
    total: float | None = None


def hits(nodes: Any) -> list[NodeWithScore]:
    return [NodeWithScore(node=node, score=0.5) for node in nodes]


def test_a_node_of_one_page_has_a_label_that_models_see(make_job: Callable[..., Any]) -> None:
    chunks = CitationNarrower()(
        SentenceSplitter(chunk_size=30, chunk_overlap=0)(
            documents_from_job(make_job(items=1), source="in/a.pdf")
        )
    )
    before = [chunk.to_json() for chunk in chunks]
    made = CitationPostprocessor().postprocess_nodes(hits(chunks), query_str="?")
    labels = {item.node.metadata["cite_as"] for item in made}
    assert {"[a.pdf p.1]"} <= labels <= {"[a.pdf p.1]", "[a.pdf p.2]", "[a.pdf p.1-2]"}
    for item in made:
        assert item.score == 0.5
        assert f"cite_as: {item.node.metadata['cite_as']}" in item.node.get_content(MetadataMode.LLM)
        assert "cite_as" not in item.node.get_content(MetadataMode.EMBED)
    assert [chunk.to_json() for chunk in chunks] == before, "the index is not changed"
    assert CitationPostprocessor().postprocess_nodes(made) == made, "twice is once"


def test_lines_of_several_pages_have_a_label_each_and_spans_move_along(make_job: Callable[..., Any]) -> None:
    (document,) = documents_from_job(make_job(), source="a.pdf")
    ((item),) = CitationPostprocessor().postprocess_nodes(hits([document]))
    text = item.node.get_content()
    assert text.splitlines()[0] == "invoice_number: INV-2041 [a.pdf p.1]"
    assert "total: 1240.5 [a.pdf p.2]" in text.splitlines()
    moved = {
        row["path"]: text[slice(*row["span"])] for row in decode_rows(item.node.metadata) if "span" in row
    }
    assert moved == {
        row["path"]: document.text[slice(*row["span"])]
        for row in decode_rows(document.metadata)
        if "span" in row
    }


def test_other_nodes_stay_as_they_are() -> None:
    given = hits([TextNode(text="from elsewhere")])
    assert CitationPostprocessor().postprocess_nodes(given) == given


@pytest.mark.parametrize("is_async", [False, True])
async def test_boxes_come_from_the_job(client: ExtractClient, folder: Path, is_async: bool) -> None:
    reader = ExtractReader(data_schema=Invoice, client=client, job_metadata=True)
    chunks = CitationNarrower()(SentenceSplitter()(reader.load_data("a.txt")))
    assert not citations(chunks[0])["/total"][0].boxes
    one = CitationPostprocessor(client=reader.client)
    made = await one.apostprocess_nodes(hits(chunks)) if is_async else one.postprocess_nodes(hits(chunks))
    (place,) = citations(made[0])["/total"]
    assert place.boxes
    assert place.page_size is not None
    spans = {row["path"]: row["span"] for row in decode_rows(made[0].node.metadata)}
    assert spans == {row["path"]: row["span"] for row in decode_rows(chunks[0].metadata)}
    assert len(list(client.list())) == 1


def test_a_job_that_is_gone_costs_its_boxes_only(
    client: ExtractClient, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reader = ExtractReader(data_schema=Invoice, client=client, job_metadata=True)
    documents = reader.load_data("a.txt")
    client.delete(documents[0].metadata["job_id"])
    with caplog.at_level(logging.WARNING):
        (made,) = CitationPostprocessor(client=client).postprocess_nodes(hits(documents))
    assert "cannot be read" in caplog.text
    assert made.node.metadata["cite_as"] == "[a.txt p.1]"
    assert citations(made)["/total"][0].page == 1


def test_a_query_engine_shows_the_label_to_its_model(make_job: Callable[..., Any]) -> None:
    index = VectorStoreIndex.from_documents(
        documents_from_job(make_job(items=0), source="acme.pdf"),
        transformations=[SentenceSplitter(), CitationNarrower()],
        embed_model=MockEmbedding(embed_dim=4),
    )
    engine = index.as_query_engine(llm=MockLLM(), node_postprocessors=[CitationPostprocessor()])
    answer = engine.query("Which invoices exceed 1,000?")
    assert "total: 1240.5 [acme.pdf p.2]" in str(answer)
    assert citations(answer.source_nodes[0])["/total"][0].page == 2


@pytest.mark.parametrize("is_async", [False, True])
async def test_boxes_come_from_the_ledger_when_the_job_is_gone(
    client: ExtractClient, folder: Path, tmp_path: Path, is_async: bool
) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    reader = ExtractReader(data_schema=Invoice, client=client, ledger=ledger)
    chunks = CitationNarrower()(SentenceSplitter()(reader.load_data("a.txt")))
    for job in client.list():
        client.delete(job.id)
    one = CitationPostprocessor(ledger=ledger)
    made = await one.apostprocess_nodes(hits(chunks)) if is_async else one.postprocess_nodes(hits(chunks))
    assert citations(made[0])["/total"][0].boxes
    again = reader.load_data("a.txt")  # the ledger answers, the service has nothing left
    assert [document.id_ for document in again] == [chunks[0].ref_doc_id]
    assert list(client.list()) == []
