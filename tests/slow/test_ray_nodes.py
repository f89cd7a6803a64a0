"""Nodes and transforms across the processes of a real Ray on this machine: what goes in comes out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import Document, NodeRelationship, TextNode
from pydantic import BaseModel

from extract_bridge import ExtractClient, LocalService
from extract_bridge.llama_index import (
    CitationNarrower,
    ExtractNodeParser,
    ExtractReader,
    citations,
    nodes_from_job,
)

# Ray warns of its own settings, and lets go of its processes' files when it likes.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

NOTE = "Number: {name}-17\nSeller: ACME of the long northern quay\nTotal: 12.50\n"


class Line(BaseModel):
    description: str | None = None


class Invoice(BaseModel):
    number: str | None = None
    seller: str | None = None
    total: float | None = None
    line_items: list[Line] | None = None


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    ray = pytest.importorskip("ray")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(
        num_cpus=2,
        object_store_memory=100_000_000,
        include_dashboard=False,
        configure_logging=False,
        log_to_driver=False,
    )
    yield ray
    ray.shutdown()


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    data = tmp_path_factory.mktemp("service")
    files = [(f"{name}.txt", NOTE.format(name=name).encode()) for name in "abc"]
    with ExtractClient(local=LocalService(data_dir=data)) as client:
        reader = ExtractReader(
            data_schema=Invoice, client=client, metadata_fields=["total"], citations="full"
        )
        return reader.load_data(files)


@pytest.fixture(scope="module")
def family(documents: list[Any]) -> list[Any]:
    """Nodes with every relation that there is."""
    job: dict[str, Any] = {
        "id": "ext-1",
        "status": "COMPLETED",
        "configuration": {"extraction_target": "per_doc"},
        "extract_result": {"seller": {"name": "ACME"}, "line_items": [{"amount": 1.5}, {"amount": 2.5}]},
        "extract_metadata": {
            "field_metadata": {
                "document_metadata": {
                    "seller": {
                        "name": {"citation": [{"page": 1, "matching_text": "ACME"}], "confidence": 0.9}
                    }
                }
            }
        },
    }
    made = [*documents, *ExtractNodeParser()(documents), *nodes_from_job(job, parents=True, source_id="a")]
    made += SentenceSplitter(chunk_size=100, chunk_overlap=0)(documents)
    assert {relation for node in made for relation in node.relationships} == set(NodeRelationship)
    return made


def facts(node: Any) -> tuple[Any, ...]:
    return (
        type(node).__name__,
        node.id_,
        node.hash,
        node.get_content(),
        node.metadata,
        node.ref_doc_id,
        dict(node.relationships),
        node.excluded_embed_metadata_keys,
        node.excluded_llm_metadata_keys,
        citations(node),
    )


def test_nodes_are_the_same_after_the_object_store(ray: Any, family: list[Any]) -> None:
    back = ray.get(ray.put(family))
    assert [facts(node) for node in back] == [facts(node) for node in family]
    assert {"ExtractDocument", "ExtractTextNode"} <= {type(node).__name__ for node in back}

    @ray.remote
    def elsewhere(nodes: list[Any]) -> tuple[int, list[Any], list[str]]:
        return os.getpid(), nodes, [node.hash for node in nodes]

    process, again, hashes = ray.get(elsewhere.remote(family))
    assert process != os.getpid()
    assert hashes == [node.hash for node in family], "another process says the same of them"
    assert [facts(node) for node in again] == [facts(node) for node in family]


def test_rows_of_a_data_set_hold_nodes_as_json(ray: Any, family: list[Any]) -> None:
    """As a pipeline on Ray sends them: JSON in a column; subclasses come back as the framework's own."""
    rows = [
        {"node": node.to_json(), "kind": "Document" if isinstance(node, Document) else "TextNode"}
        for node in family
    ]

    def through(row: dict[str, Any]) -> dict[str, Any]:
        kind = Document if row["kind"] == "Document" else TextNode
        node = kind.from_json(row["node"])
        return {"id": node.id_, "node": node.to_json()}

    found = {row["id"]: row["node"] for row in ray.data.from_items(rows).map(through).take_all()}
    assert len(found) == len(family)
    for node in family:
        told = json.loads(found[node.id_])
        own = json.loads(node.to_json())
        told.pop("class_name"), own.pop("class_name")
        assert told == own


def test_our_transforms_run_in_actors_made_from_class_and_keywords(ray: Any, documents: list[Any]) -> None:
    chunks = SentenceSplitter(chunk_size=100, chunk_overlap=0)(documents)
    for kind, keywords, given in (
        (CitationNarrower, {"min_confidence": 0.5}, chunks),
        (ExtractNodeParser, {"split_by": "field"}, documents),
    ):

        class Transform:
            def __init__(self, kind: Any, keywords: dict[str, Any]) -> None:
                self.transform = kind(**keywords)

            def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
                base = TextNode if isinstance(self.transform, CitationNarrower) else Document
                nodes = self.transform([base.from_json(item) for item in batch["node"]])
                return {"node": [node.to_json() for node in nodes]}

        data = ray.data.from_items([{"node": node.to_json()} for node in given])
        made = data.map_batches(
            Transform, fn_constructor_args=(kind, keywords), concurrency=1, batch_size=1
        ).take_all()
        wanted = [node for one in given for node in kind(**keywords)([one])]
        assert sorted(row["node"] for row in made) == sorted(node.to_json() for node in wanted)
        assert made


def test_the_framework_s_own_pipeline_on_ray_gives_what_it_gives_here(ray: Any, documents: list[Any]) -> None:
    """Its component makes each transform anew in an actor, from class and keywords, and nodes travel as the JSON of their own class."""
    on_ray = pytest.importorskip("llama_index.ingestion.ray")
    steps: list[tuple[Any, dict[str, Any]]] = [
        (SentenceSplitter, {"chunk_size": 24, "chunk_overlap": 0}),
        (CitationNarrower, {"min_confidence": 0.5}),
    ]
    batches = {"concurrency": 1, "batch_size": 100}
    far = on_ray.RayIngestionPipeline(
        transformations=[
            on_ray.RayTransformComponent(kind, map_batches_kwargs=batches, transform_kwargs=keywords)
            for kind, keywords in steps
        ]
    )
    near = IngestionPipeline(transformations=[kind(**keywords) for kind, keywords in steps])
    found, wanted = far.run(documents=documents), near.run(documents=documents)

    def told(nodes: Any) -> list[Any]:
        return sorted((node.ref_doc_id, node.text, sorted(node.metadata.items())) for node in nodes)

    assert told(found) == told(wanted)
    assert len(found) > len(documents)
    assert any('"span"' in node.metadata["citations"] for node in found)


def test_a_reader_reads_in_another_process(ray: Any) -> None:
    reader = ExtractReader(data_schema=Invoice, local=True, metadata_fields=["total"])

    @ray.remote
    def read(one: Any) -> list[Any]:
        return list(one.load_data(("a.txt", NOTE.format(name="a").encode())))

    (document,) = ray.get(read.remote(reader))
    (here,) = reader.load_data(("a.txt", NOTE.format(name="a").encode()))
    assert (document.id_, document.hash, document.text) == (here.id_, here.hash, here.text)
    assert document.metadata["total"] == 12.5
