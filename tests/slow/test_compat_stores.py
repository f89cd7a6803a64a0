"""Documents and nodes of every payload fixture in real vector stores, in memory: what goes in comes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extract_bridge.langchain import documents_from_job

PAYLOADS = sorted((Path(__file__).parents[1] / "data" / "payloads").glob("*.json"))


def everything() -> list[Any]:
    found: dict[str, Any] = {}
    for path in PAYLOADS:
        fixture = json.loads(path.read_text(encoding="utf-8"))
        if "raises" in fixture:
            continue
        for split in (None, "row", "field"):
            keywords: dict[str, Any] = {"split_by": split, "job_metadata": True}
            for document in documents_from_job(fixture["job"], source=path.stem, **keywords):
                found[document.id or ""] = document
    assert len(found) > 50
    return list(found.values())


@pytest.mark.slow
@pytest.mark.compat
def test_chroma_takes_and_gives_back_all_metadata() -> None:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.EphemeralClient(Settings(anonymized_telemetry=False))
    collection = client.create_collection("all", embedding_function=None)
    documents = everything()
    collection.add(
        ids=[item.id for item in documents],
        embeddings=[[float(number), 1.0] for number in range(len(documents))],
        documents=[item.page_content or "-" for item in documents],
        metadatas=[item.metadata for item in documents],
    )
    kept = collection.get(ids=[item.id for item in documents], include=["metadatas"])
    by_id = dict(zip(kept["ids"], kept["metadatas"] or [], strict=True))
    for item in documents:
        assert by_id[item.id] == item.metadata
    found = collection.get(where={"page": {"$gte": 2}})
    assert len(found["ids"]) == sum(item.metadata.get("page", 0) >= 2 for item in documents) > 0


@pytest.mark.slow
@pytest.mark.compat
def test_qdrant_takes_our_ids_and_metadata() -> None:
    from qdrant_client import QdrantClient
    from qdrant_client.models import Distance, FieldCondition, Filter, PointStruct, Range, VectorParams

    client = QdrantClient(":memory:")
    client.create_collection("all", vectors_config=VectorParams(size=2, distance=Distance.DOT))
    documents = everything()
    points = [
        PointStruct(
            id=item.id,
            vector=[float(number), 1.0],
            payload={"metadata": item.metadata, "text": item.page_content},
        )
        for number, item in enumerate(documents)
    ]
    client.upsert("all", points)
    kept = client.retrieve("all", ids=[item.id for item in documents])
    assert {str(point.id): point.payload["metadata"] for point in kept if point.payload} == {
        item.id: item.metadata for item in documents
    }
    pages = Filter(must=[FieldCondition(key="metadata.page", range=Range(gte=2))])
    found, _ = client.scroll("all", scroll_filter=pages, limit=10_000)
    assert len(found) == sum(item.metadata.get("page", 0) >= 2 for item in documents) > 0
    client.close()
