"""LlamaIndex: an index that is kept up to date, filters on extracted fields, and answers that cite file and page.

    pip install -e '.[all]'
    python examples/10_llama_index_rag_citing.py

Each chunk keeps its own citations only (`CitationNarrower`). Bringing the index up to date
replaces what was edited and leaves the rest alone. Filters work on an extracted field, on confidence and on the page. The model reads a label such as `[invoice.pdf p.1]` with every text
(`CitationPostprocessor`), and the boxes behind it are there for a viewer. Model and embedding are the framework's mocks, so that
this runs offline: the mock answers with the prompt that a model would have read.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from llama_index.core import MockEmbedding, VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters
from pydantic import BaseModel

from extract_bridge.llama_index import CitationNarrower, CitationPostprocessor, ExtractReader, citations
from make_samples import make


class Line(BaseModel):
    """One item of an invoice."""

    description: str | None = None
    quantity: float | None = None
    amount: float | None = None


class Invoice(BaseModel):
    """What to read."""

    invoice_number: str | None = None
    total: float | None = None
    line_items: list[Line] | None = None


def where(key: str, operator: FilterOperator, value: float | str) -> MetadataFilter:
    """One condition of a search."""
    return MetadataFilter(key=key, operator=operator, value=value)


def main() -> None:
    with TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox"
        inbox.mkdir()
        make(1, Path(folder))
        (Path(folder) / "invoice.pdf").rename(inbox / "invoice.pdf")
        (inbox / "small.txt").write_text("Invoice number: S-1\nTotal: 80.00\n")

        reader = ExtractReader(
            data_schema=Invoice, metadata_fields=["invoice_number", "total"], job_metadata=True, local=True
        )
        index = VectorStoreIndex.from_documents(
            reader.load_data(inbox),
            transformations=[SentenceSplitter(chunk_size=128, chunk_overlap=0), CitationNarrower()],
            embed_model=MockEmbedding(embed_dim=8),
        )
        print("again:", sum(index.refresh_ref_docs(reader.load_data(inbox))), "replaced")
        (inbox / "small.txt").write_text("Invoice number: S-1\nTotal: 95.50\n")
        print("edited:", sum(index.refresh_ref_docs(reader.load_data(inbox))), "replaced")
        texts = [node.get_content() for node in index.docstore.docs.values()]
        print("80.0 is gone:", not any("total: 80.0" in text for text in texts))

        sure = [
            where("total", FilterOperator.GT, 1000),
            where("confidence_min", FilterOperator.GTE, 0.5),
            where("page_label", FilterOperator.EQ, "1"),
        ]
        engine = index.as_query_engine(
            llm=MockLLM(),
            similarity_top_k=1,
            filters=MetadataFilters(filters=sure),
            node_postprocessors=[CitationPostprocessor(client=reader.client)],
        )
        answer = engine.query("Which invoice exceeds 1,000?")
        print(answer)
        (hit,) = answer.source_nodes
        for pointer, places in citations(hit).items():
            for place in places:
                print(f"{pointer}: {hit.node.metadata['cite_as']} {place.quote!r}, {len(place.boxes)} box")


if __name__ == "__main__":
    main()
