"""What checkers infer of `ExtractProgram`; read by them, never run."""

from typing import Any, assert_type

from pydantic import BaseModel

from extract_bridge import ExtractedRecord
from extract_bridge.llama_index import ExtractProgram


class Invoice(BaseModel):
    total: float | None = None


async def one() -> None:
    program = ExtractProgram(Invoice, local=True)
    assert_type(program(file="a"), Invoice)
    assert_type(program.call_with_metadata(file="a"), tuple[Invoice, ExtractedRecord])
    assert_type(await program.acall(file="a"), Invoice)
    assert_type(await program.acall_with_metadata(file="a"), tuple[Invoice, ExtractedRecord])


async def many() -> None:
    program = ExtractProgram(output_cls=Invoice, extraction_target="per_table_row", local=True)
    assert_type(program(file="a"), list[Invoice])
    assert_type(program.call_with_metadata(file="a"), tuple[list[Invoice], list[ExtractedRecord]])
    assert_type(await program.acall(file="a"), list[Invoice])
    assert_type(await program.acall_with_metadata(file="a"), tuple[list[Invoice], list[ExtractedRecord]])


def saved(schema: dict[str, Any]) -> None:
    assert_type(ExtractProgram(Invoice, configuration_id="cfg-1")(file="a"), Invoice)
    assert_type(ExtractProgram(Invoice, data_schema=schema)(file="a"), Invoice)
