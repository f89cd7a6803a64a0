"""LlamaIndex: documents become an index whose answers know their page.

    pip install -e '.[all]'
    python examples/05_llama_index_reader_index.py

The reader keeps evidence out of the embedding text. Model and embedding are the framework's mocks, so that this runs
offline.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from llama_index.core import MockEmbedding, VectorStoreIndex
from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters
from pydantic import BaseModel

from extract_bridge.llama_index import ExtractReader, citations, confidences
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
        reader = ExtractReader(
            data_schema=Shipment,
            extraction_target="per_table_row",
            metadata_fields=["waybill", "charge"],
            local=True,
        )
        documents = reader.load_data(Path(folder) / "shipments.pdf")
        print(len(documents), "rows")
        index = VectorStoreIndex.from_documents(documents, embed_model=MockEmbedding(embed_dim=8))
        dear = MetadataFilters(filters=[MetadataFilter(key="charge", value=3000, operator=FilterOperator.GT)])
        hits = index.as_retriever(similarity_top_k=len(documents), filters=dear).retrieve(
            "the dearest shipments"
        )
        for hit in sorted(hits, key=lambda h: h.node.metadata["waybill"]):
            where = citations(hit.node)["/charge"][0]
            sure = confidences(hit.node)["/charge"]
            print(
                hit.node.metadata["waybill"],
                hit.node.metadata["charge"],
                f"page {where.page}, sure {sure:.0%}",
            )


if __name__ == "__main__":
    main()
