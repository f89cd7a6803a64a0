"""LlamaIndex: a folder with files of many kinds, where SimpleDirectoryReader hands the PDFs to ExtractReader.

    pip install -e '.[all]'
    python examples/12_llama_index_directory.py

Every PDF becomes a Document with typed metadata and its evidence; other files are read as the framework reads them. A file
that cannot be read is told and left out.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from llama_index.core import SimpleDirectoryReader
from pydantic import BaseModel

from extract_bridge.llama_index import ExtractReader, citations
from make_samples import make


class Invoice(BaseModel):
    """What the archive wants to know of each invoice."""

    invoice_number: str | None = None
    due_date: str | None = None
    total: float | None = None


def main() -> None:
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        make(1, Path(folder) / "all")
        archive.mkdir()
        (Path(folder) / "all" / "invoice.pdf").rename(archive / "invoice.pdf")
        (archive / "note.txt").write_text("Paid by bank transfer.")
        (archive / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
        reader = ExtractReader(
            data_schema=Invoice, metadata_fields=["invoice_number", "total"], on_error="skip", local=True
        )
        documents = SimpleDirectoryReader(archive, file_extractor={".pdf": reader}).load_data()
        for document in sorted(documents, key=lambda item: item.metadata["file_name"]):
            total = document.metadata.get("total")
            where = f", total {total} on page {citations(document)['/total'][0].page}" if total else ""
            print(f"{document.metadata['file_name']}: {document.text.splitlines()[0]}{where}")


if __name__ == "__main__":
    main()
