"""What type checkers must know of `ExtractProgram`; read by them, never run. See `test_typing.py`."""

from pathlib import Path
from typing import Any, assert_type

from pydantic import BaseModel

from extract_bridge import ExtractedRecord
from extract_bridge.llama_index import ExtractProgram


class Invoice(BaseModel):
    total: float | None = None


class Certificate(BaseModel):
    verdict: str


async def one() -> None:
    program = ExtractProgram(Invoice, local=True)
    assert_type(program, ExtractProgram[Invoice, Invoice])
    assert_type(program.output_cls, type[Invoice])
    assert_type(program(file="a"), Invoice)
    assert_type(program(file=Path("a.pdf")).total, float | None)
    assert_type(program.call_with_metadata(file="a"), tuple[Invoice, ExtractedRecord])
    assert_type(await program.acall(file=("a.pdf", b"")), Invoice)
    assert_type(await program.acall_with_metadata(file="a"), tuple[Invoice, ExtractedRecord])
    invoice, record = program.call_with_metadata(file="a")
    assert_type(invoice.total, float | None)
    assert_type(record.fields["/total"].confidence, float | None)
    asked = ExtractProgram(
        output_cls=Certificate, extraction_target="per_doc", allowed_roots="inbox", timeout=60
    )
    assert_type(asked(file="a"), Certificate)
    assert_type(asked.output_cls, type[Certificate])


async def many() -> None:
    rows = ExtractProgram(output_cls=Invoice, extraction_target="per_table_row", local=True)
    pages = ExtractProgram(Invoice, extraction_target="per_page", configuration_id="cfg-1")
    assert_type(rows, ExtractProgram[Invoice, list[Invoice]])
    for program in (rows, pages):
        assert_type(program.output_cls, type[Invoice])
        assert_type(program(file="a"), list[Invoice])
        assert_type(program.call_with_metadata(file="a"), tuple[list[Invoice], list[ExtractedRecord]])
        assert_type(await program.acall(file="a"), list[Invoice])
        assert_type(await program.acall_with_metadata(file="a"), tuple[list[Invoice], list[ExtractedRecord]])


def saved(schema: dict[str, Any]) -> None:
    assert_type(ExtractProgram(Invoice, configuration_id="cfg-1")(file="a"), Invoice)
    assert_type(ExtractProgram(Invoice, configuration={"tier": "agentic"})(file="a"), Invoice)
    assert_type(ExtractProgram(Invoice, data_schema=schema)(file="a"), Invoice)


def wrong(program: ExtractProgram[Invoice, Invoice]) -> None:
    program("a.pdf")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    program(file="a").price  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # noqa: B018
    ExtractProgram(dict)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    ExtractProgram(Invoice, extraction_target="per_row")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType,reportCallIssue]
