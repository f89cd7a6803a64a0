"""LangChain: a table over several pages becomes Documents in a vector store, found again with their evidence.

    pip install -e '.[all]'
    python examples/02_langchain_loader_index.py

One Document a row. Fields that you want to filter by are copied into the metadata under their own names; the embedding
is a stand-in, so that this runs offline.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.vectorstores import InMemoryVectorStore
from pydantic import BaseModel

from extract_bridge.langchain import ExtractLoader, citations
from make_samples import make


class Shipment(BaseModel):
    """One row of the register."""

    waybill: str | None = None
    consignee: str | None = None
    charge: float | None = None
    status: str | None = None


def main() -> None:
    with TemporaryDirectory() as folder:
        make(1, Path(folder))
        loader = ExtractLoader(
            Path(folder) / "shipments.pdf",
            data_schema=Shipment,
            extraction_target="per_table_row",
            metadata_fields=["waybill", "charge", "status"],
            local=True,
        )
        documents = loader.load()
        print(len(documents), "rows")
        store = InMemoryVectorStore.from_documents(documents, DeterministicFakeEmbedding(size=64))
        dear = store.similarity_search(
            "returned goods",
            k=len(documents),
            filter=lambda d: d.metadata.get("status") == "Returned" and d.metadata.get("charge", 0) > 1000,
        )
        for hit in sorted(dear, key=lambda d: d.metadata["waybill"]):
            where = citations(hit)["/charge"][0]
            print(hit.metadata["waybill"], hit.metadata["charge"], f'page {where.page}: "{where.quote}"')


if __name__ == "__main__":
    main()
