"""LlamaIndex: a document in, your own object out, with the record that proves it.

pip install -e '.[all]'
python examples/06_llama_index_typed_program.py
"""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel, Field

from extract_bridge.llama_index import ExtractProgram
from make_samples import make


class Invoice(BaseModel):
    """What to read."""

    invoice_number: str | None = None
    issue_date: date | None = Field(None, description="Invoice date")
    iban: str | None = None
    total: float | None = Field(None, description="Total due")


def main() -> None:
    with TemporaryDirectory() as folder:
        make(1, Path(folder))
        program = ExtractProgram(output_cls=Invoice, local=True)
        invoice, record = program.call_with_metadata(file=str(Path(folder) / "invoice.pdf"))
        print(repr(invoice))
        for pointer, item in record.fields.items():
            where = item.citations[0]
            box = where.boxes[0]
            print(
                f'{pointer}: page {where.page}, "{where.quote}", sure {item.confidence:.0%}, '
                f"at {box.x:.0f},{box.y:.0f} size {box.w:.0f}x{box.h:.0f}"
            )


if __name__ == "__main__":
    main()
