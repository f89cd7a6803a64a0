"""An upserting pipeline of LlamaIndex on a real Qdrant, in memory: edited text goes, and what is the same is not embedded again."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.embeddings import MockEmbedding
from llama_index.core.ingestion import DocstoreStrategy, IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import TransformComponent
from llama_index.core.storage.docstore import SimpleDocumentStore
from pydantic import BaseModel, PrivateAttr

from extract_bridge import ExtractClient, LocalService
from extract_bridge.llama_index import (
    CitationNarrower,
    ExtractNodeParser,
    ExtractReader,
    citations,
    documents_from_job,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.compat,
    # The store asks for an index that only a server has.
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
]

BEFORE: dict[str, list[TransformComponent]] = {
    "whole": [],
    "splitter": [SentenceSplitter(chunk_size=50, chunk_overlap=0)],
    "narrowed": [SentenceSplitter(chunk_size=50, chunk_overlap=0), CitationNarrower()],
    "fields": [ExtractNodeParser()],
}
LONG = ("Address", "Delivery", "Remark")  # several chunks
Made = Callable[[list[TransformComponent]], "Index"]


class Invoice(BaseModel):
    number: str | None = None
    seller: str | None = None
    address: str | None = None
    delivery: str | None = None
    remark: str | None = None
    total: float | None = None


class Counting(MockEmbedding):
    """Counts the texts that it embeds."""

    _texts: int = PrivateAttr(default=0)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        self._texts += len(texts)
        return super()._get_text_embeddings(texts)


class Index:
    """A pipeline with UPSERTS, a docstore and a collection of Qdrant."""

    def __init__(self, qdrant: Any, before: list[TransformComponent]) -> None:
        from llama_index.vector_stores.qdrant import QdrantVectorStore

        self.qdrant, self.embedding = qdrant, Counting(embed_dim=4)
        self.pipeline = IngestionPipeline(
            transformations=[*before, self.embedding],
            docstore=SimpleDocumentStore(),
            vector_store=QdrantVectorStore(collection_name="all", client=qdrant),
            docstore_strategy=DocstoreStrategy.UPSERTS,
            disable_cache=True,
        )

    def run(self, documents: list[Any]) -> int:
        """How many texts were embedded."""
        before = self.embedding._texts
        self.pipeline.run(documents=documents)
        return self.embedding._texts - before

    def rows(self) -> list[Any]:
        """The nodes that Qdrant keeps."""
        return list(self.pipeline.vector_store.get_nodes())  # type: ignore[union-attr]

    def text(self) -> str:
        return "\n".join(node.get_content() for node in self.rows())


@pytest.fixture
def index() -> Iterator[Made]:
    from qdrant_client import QdrantClient

    qdrant = QdrantClient(":memory:")
    yield lambda before: Index(qdrant, before)
    qdrant.close()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExtractClient]:
    with ExtractClient(local=LocalService(data_dir=tmp_path_factory.mktemp("service"))) as shared:
        yield shared


def write(folder: Path, name: str, total: str) -> None:
    long = "the long northern quay behind the old harbour gate, second floor"
    lines = [f"Number: {name}-17", "Seller: ACME", *(f"{field}: {long}" for field in LONG), f"Total: {total}"]
    (folder / f"{name}.txt").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("before", BEFORE)
def test_an_edited_file_loses_its_old_text(
    before: str, index: Made, client: ExtractClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        write(tmp_path, name, "1250.25")
    reader = ExtractReader(data_schema=Invoice, client=client, metadata_fields=["total"])
    made = index(BEFORE[before])
    first = made.run(reader.load_data("*.txt"))
    size = len(made.rows())
    assert first == size >= (2 if before == "whole" else 4)
    assert made.run(reader.load_data("*.txt")) == 0
    assert len(made.rows()) == size

    write(tmp_path, "a", "77.5")
    again = made.run(reader.load_data("*.txt"))
    edited, left = (
        [node for node in made.rows() if node.metadata["file_name"] == f"{name}.txt"] for name in ("a", "b")
    )
    assert again == len(edited), "only the file that was edited, and nothing of it twice"
    assert len(left) == size // 2
    assert {node.metadata["total"] for node in edited} == {77.5}
    assert {node.metadata["total"] for node in left} == {1250.25}
    assert "1250.25" not in "\n".join(node.get_content() for node in edited)
    assert "77.5" in "\n".join(node.get_content() for node in edited)
    assert any(citations(node).get("/total") for node in edited), "what Qdrant gives back still cites"


def shifted(value: Any, by: float) -> Any:
    """The evidence with every confidence moved."""
    if isinstance(value, list):
        return [shifted(item, by) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: min(1.0, max(0.0, item + by))
        if key.endswith("confidence") and isinstance(item, int | float)
        else shifted(item, by)
        for key, item in value.items()
    }


@pytest.mark.parametrize("before", BEFORE)
def test_other_job_ids_and_confidences_embed_nothing_again(
    before: str, index: Made, client: ExtractClient, tmp_path: Path
) -> None:
    write(tmp_path, "a", "1250.25")
    done = client.run(tmp_path / "a.txt", data_schema=Invoice)
    job = client.get(done.id, expand=["extract_metadata", "configuration"]).model_dump(mode="json")

    def documents(changed: dict[str, Any]) -> list[Any]:
        return documents_from_job(changed, job_metadata=True, source_id="a.txt", source="a.txt")

    made = index(BEFORE[before])
    first = made.run(documents(job))
    assert first == len(made.rows()) > 0
    other = {**copy.deepcopy(job), "id": "ext-another-run"}
    assert made.run(documents(other)) == 0
    for by in (-0.01, 0.01):
        moved = {**other, "extract_metadata": shifted(other["extract_metadata"], by)}
        (told,), (before_it,) = documents(moved), documents(other)
        assert told.metadata["citations"] != before_it.metadata["citations"]
        assert made.run([told]) == 0
    assert len(made.rows()) == first
    edited = {**other, "extract_result": {**other["extract_result"], "total": 77.5}}
    assert made.run(documents(edited)) == first, "and the same pipeline does see another value"
    assert "77.5" in made.text()
    assert "1250.25" not in made.text()
