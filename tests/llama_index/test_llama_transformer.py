"""Nodes enriched inside a pipeline: what is added, what models see, and what an error leaves alone."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import Document, MetadataMode, TextNode
from pydantic import BaseModel

from extract_bridge import ConfigurationError, ExtractClient, ExtractError
from extract_bridge.bulk import Budget
from extract_bridge.llama_index import ExtractTransformer, citations

if TYPE_CHECKING:
    from pathlib import Path


class Note(BaseModel):
    number: str | None = None
    total: float | None = None


def transformer(client: Any, **keywords: Any) -> ExtractTransformer:
    return ExtractTransformer(data_schema=Note, client=client, **keywords)


def notes() -> list[Any]:
    return [
        Document(text="Number: A-1\nTotal: 12.50\n", metadata={"file_name": "a.pdf", "page_label": "7"}),
        TextNode(text=" \n", metadata={"file_name": "b.pdf"}),
        TextNode(text="Number: C-3\nTotal: 9.00\n", id_="c"),
    ]


@pytest.mark.parametrize("is_async", [False, True])
def test_nodes_are_enriched_in_their_order(client: ExtractClient, is_async: bool) -> None:
    given = notes()
    one = transformer(client, metadata_fields=["total"])
    made = asyncio.run(one.acall(given)) if is_async else one(given)
    assert [node.metadata.get("total") for node in made] == [12.5, None, 9.0]
    assert [node.id_ for node in made] == [node.id_ for node in given]
    assert [node.get_content() for node in made] == [node.get_content() for node in given]
    assert given[0].metadata == {"file_name": "a.pdf", "page_label": "7"}, (
        "the caller's nodes stay as they are"
    )
    first = made[0]
    assert json.loads(first.metadata["extracted"]) == {"number": "A-1", "total": 12.5}
    assert first.metadata["page_label"] == "7", "what a node has is not replaced"
    assert citations(first)["/total"][0].quote == "12.50"
    assert "span" not in first.metadata["citations"]
    for mode in (MetadataMode.EMBED, MetadataMode.LLM):
        assert first.get_metadata_str(mode).splitlines() == [
            "file_name: a.pdf",
            "page_label: 7",
            "total: 12.5",
        ]
    assert made[1] is given[1]
    assert len(list(client.list())) == 2, "no job for a node without text"


def test_every_scalar_is_copied_where_none_is_named(client: ExtractClient) -> None:
    (made,) = transformer(client)(notes()[:1])
    assert (made.metadata["number"], made.metadata["total"]) == ("A-1", 12.5)
    assert "number" in made.excluded_embed_metadata_keys


async def test_inside_a_pipeline(client: ExtractClient) -> None:
    pipeline = IngestionPipeline(
        transformations=[SentenceSplitter(), transformer(client, metadata_fields=["number"])]
    )
    assert [node.metadata["number"] for node in await pipeline.arun(documents=notes()[:1])] == ["A-1"]
    again = await pipeline.arun(documents=notes()[:1])
    assert again[0].metadata["number"] == "A-1"
    assert len(list(client.list())) == 1, "the pipeline's cache knows the transformer by its schema"
    other = {"title": "Note", "type": "object", "properties": {"seller": {"type": ["string", "null"]}}}
    assert ExtractTransformer(data_schema=other, local=True).to_dict() != transformer(client).to_dict()


@pytest.mark.parametrize("is_async", [False, True])
def test_an_error_leaves_a_node_as_it_was(
    client: ExtractClient, is_async: bool, caplog: pytest.LogCaptureFixture
) -> None:
    nodes = [notes()[0], TextNode(text="Total: 3\n" * 2), notes()[2]]

    def run(on_error: str, most: float) -> list[Any]:
        one = transformer(client, on_error=on_error, budget=Budget(most), max_concurrency=1)
        return asyncio.run(one.acall(nodes)) if is_async else one(nodes)

    with caplog.at_level(logging.WARNING):
        made = run("skip", 8)
    assert [node.metadata.get("total") for node in made] == [12.5, None, None], "a budget of one page"
    assert made[1:] == nodes[1:]
    assert caplog.text.count("left a node as it was") == 2
    assert [node.metadata.get("error") for node in run("yield", 8)] == [
        None,
        "budget_exceeded",
        "budget_exceeded",
    ]
    with pytest.raises(ExtractError) as caught:
        run("raise", 8)
    assert caught.value.code == "budget_exceeded"
    assert [node.metadata["total"] for node in caught.value.partial] == [12.5]  # type: ignore[attr-defined]


def test_what_makes_no_sense_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="one record a node"):
        ExtractTransformer(data_schema=Note, extraction_target="per_page", local=True)
    with pytest.raises(ConfigurationError, match="split_by"):
        ExtractTransformer(data_schema=Note, split_by="page")
    with pytest.raises(ConfigurationError) as caught:
        ExtractTransformer(data_schema=Note)(notes())
    assert caught.value.code == "no_service"
