"""LangChain: a document in, your own object out, in the middle of a chain.

    pip install -e '.[all]'
    python examples/03_langchain_typed_chain.py

`include_raw=True` gives the object together with its record, and never raises on a document that does not fit. With
`extraction_target="per_table_row"` a stream gives the lines one by one.
"""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough
from pydantic import BaseModel, Field

from extract_bridge.langchain import ExtractRunnable
from make_samples import make


class LineItem(BaseModel):
    """One line."""

    description: str | None = None
    quantity: float | None = None
    amount: float | None = None


class Invoice(BaseModel):
    """What to read."""

    invoice_number: str | None = None
    due_date: date | None = None
    total: float | None = Field(None, description="Total due")
    line_items: list[LineItem] = []


def main() -> None:
    with TemporaryDirectory() as folder:
        make(1, Path(folder))
        document = str(Path(folder) / "invoice.pdf")

        extract = ExtractRunnable(data_schema=Invoice, local=True)
        invoice = extract.invoke(document)
        print(invoice.invoice_number, invoice.due_date, invoice.total)
        for line in invoice.line_items:
            print(f"  {line.quantity:g} x {line.description}: {line.amount}")

        found = extract.with_structured_output(Invoice, include_raw=True).invoke(document)
        if found["raw"] is not None:
            total = found["raw"].fields["/total"]
            print(f"total {total.value} with confidence {total.confidence}, page {total.citations[0].page}")

        rows = ExtractRunnable(data_schema=LineItem, extraction_target="per_table_row", local=True)
        for chunk in rows.stream(document):
            print("  streamed:", chunk[0].description)

        prompt = ChatPromptTemplate.from_template("Write to {who} about this invoice: {invoice}")
        chain = RunnablePassthrough.assign(invoice=extract) | prompt
        print(chain.invoke({"document": document, "who": "the buyer"}).to_messages()[0].text)


if __name__ == "__main__":
    main()
