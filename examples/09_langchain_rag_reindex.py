"""LangChain: an index that is kept up to date: extract, split, index; edit one file, index again.

    pip install -e '.[all]' langchain-text-splitters
    python examples/09_langchain_rag_reindex.py

Chunks keep their own citations only (`CitationNarrower`), a filter works on an extracted field, and `stable_key` makes LangChain's indexing API
skip what says the same and replace what was edited. The embedding is a stand-in, so that this runs offline.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from langchain_core.documents import Document
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.indexing import InMemoryRecordManager, index
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_text_splitters import RecursiveCharacterTextSplitter
from pydantic import BaseModel

from extract_bridge.langchain import CitationNarrower, ExtractLoader, format_evidence, stable_key
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


SPLITTER = RecursiveCharacterTextSplitter(chunk_size=200, chunk_overlap=0)
STORE = InMemoryVectorStore(DeterministicFakeEmbedding(size=64))
MANAGER = InMemoryRecordManager("invoices")


def chunks_of(folder: Path) -> list[Document]:
    """The folder's documents, extracted and split."""
    loader = ExtractLoader(
        folder, data_schema=Invoice, metadata_fields=["invoice_number", "total"], local=True
    )
    documents = loader.load()
    return CitationNarrower(parents=documents).transform_documents(SPLITTER.split_documents(documents))


def update(folder: Path) -> str:
    """Bring the index up to date; what was done."""
    done = index(
        chunks_of(folder), MANAGER, STORE, cleanup="full", source_id_key="source", key_encoder=stable_key
    )
    return f"{done['num_added']} added, {done['num_skipped']} skipped, {done['num_deleted']} deleted"


def main() -> None:
    with TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox"
        inbox.mkdir()
        make(1, Path(folder))
        (Path(folder) / "invoice.pdf").rename(inbox / "invoice.pdf")
        (inbox / "small.txt").write_text("Invoice number: S-1\nTotal: 80.00\n")
        (inbox / "other.txt").write_text("Invoice number: O-7\nTotal: 120.00\n")
        MANAGER.create_schema()
        print("first:", update(inbox))
        print("again:", update(inbox))

        dear = STORE.similarity_search(
            "what was bought", k=1, filter=lambda d: d.metadata.get("total", 0) > 1000
        )
        print(format_evidence(dear))

        (inbox / "small.txt").write_text("Invoice number: S-1\nTotal: 95.50\n")
        print("edited:", update(inbox))
        texts = [item["text"] for item in STORE.store.values()]
        print("80.0 is gone:", not any("total: 80.0" in text for text in texts))
        print("95.5 is found:", any("total: 95.5" in text for text in texts))


if __name__ == "__main__":
    main()
