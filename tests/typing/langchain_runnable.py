"""What type checkers must know of `ExtractRunnable`; read by them, never run. See `test_typing.py`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, TypedDict, assert_type

from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from pydantic import BaseModel

from extract_bridge import ExtractedRecord, ExtractError
from extract_bridge.langchain import ExtractRunnable
from extract_bridge.langchain.runnable import Extracted, ExtractedRows


class Invoice(BaseModel):
    total: float | None = None


class Buyer(TypedDict):
    name: str | None


JSON_SCHEMA: dict[str, Any] = {"type": "object", "properties": {"total": {"type": "number"}}}

# A class, as the schema or only to parse into.
one = ExtractRunnable(data_schema=Invoice, local=True)
assert_type(one, ExtractRunnable[Invoice])
assert_type(one.invoke("a.pdf"), Invoice)
assert_type(one.invoke("a.pdf").total, float | None)
assert_type(one.invoke({"document": Path("a.pdf"), "pages": "1"}), Invoice)
assert_type(one.batch(["a.pdf"]), list[Invoice])
assert_type(one.stream("a.pdf"), Iterator[Invoice])
assert_type(ExtractRunnable(data_schema=Buyer).invoke("a.pdf"), Buyer)
assert_type(ExtractRunnable(output_cls=Invoice).invoke("a.pdf"), Invoice)
assert_type(ExtractRunnable(output_cls=Invoice, configuration_id="cfg-1").invoke("a.pdf"), Invoice)
assert_type(ExtractRunnable(data_schema=JSON_SCHEMA, output_cls=Invoice).invoke("a.pdf"), Invoice)
assert_type(ExtractRunnable(data_schema=Invoice, extraction_target="per_doc").invoke("a.pdf"), Invoice)

# List targets.
rows = ExtractRunnable(data_schema=Invoice, extraction_target="per_table_row")
assert_type(rows.invoke("a.pdf"), list[Invoice])
assert_type(rows.stream("a.pdf"), Iterator[list[Invoice]])
assert_type(
    ExtractRunnable(output_cls=Invoice, configuration_id="cfg-1", extraction_target="per_page").invoke("a"),
    list[Invoice],
)
assert_type(
    ExtractRunnable(data_schema=JSON_SCHEMA, extraction_target="per_page").invoke("a"), list[dict[str, Any]]
)

# With the record beside the object.
raw = ExtractRunnable(data_schema=Invoice, include_raw=True).invoke("a.pdf")
assert_type(raw, Extracted[Invoice])
assert_type(raw["raw"], ExtractedRecord | None)
assert_type(raw["parsed"], Invoice | None)
assert_type(raw["parsing_error"], ExtractError | None)
raw_rows = ExtractRunnable(data_schema=Invoice, extraction_target="per_page", include_raw=True).invoke("a")
assert_type(raw_rows, ExtractedRows[Invoice])
assert_type(raw_rows["raw"], list[ExtractedRecord] | None)
assert_type(raw_rows["parsed"], list[Invoice] | None)
assert_type(
    ExtractRunnable(output_cls=Invoice, configuration_id="cfg-1", include_raw=True).invoke("a"),
    Extracted[Invoice],
)

# JSON Schemas, and what only a finished job can tell.
assert_type(ExtractRunnable(data_schema=JSON_SCHEMA).invoke("a.pdf"), dict[str, Any])
assert_type(ExtractRunnable(data_schema=JSON_SCHEMA, include_raw=True).invoke("a"), Extracted[dict[str, Any]])
assert_type(ExtractRunnable(configuration_id="cfg-1").invoke("a.pdf"), Any)

# Another schema on the same runnable.
assert_type(one.with_structured_output(Buyer).invoke("a.pdf"), Buyer)
assert_type(one.with_structured_output(Buyer, include_raw=True).invoke("a.pdf"), Extracted[Buyer])
assert_type(one.with_structured_output(JSON_SCHEMA).invoke("a.pdf"), dict[str, Any])
assert_type(rows.with_structured_output(Buyer).invoke("a.pdf"), list[Buyer])
assert_type(rows.with_structured_output(Buyer, include_raw=True).invoke("a.pdf"), ExtractedRows[Buyer])


# In a chain.
def total_of(invoice: Invoice) -> float | None:
    return invoice.total


chain = one | RunnableLambda(total_of)
assert_type(chain.invoke("a.pdf"), float | None)
RunnablePassthrough.assign(invoice=one).invoke({"document": "a.pdf"})


async def later() -> None:
    assert_type(await one.ainvoke("a.pdf"), Invoice)
    assert_type(await rows.abatch(["a.pdf"]), list[list[Invoice]])
    assert_type(rows.astream("a.pdf"), AsyncIterator[list[Invoice]])
    async for index, invoice in one.abatch_as_completed(["a.pdf"], return_exceptions=True):
        assert_type(index, int)
        assert_type(invoice, Invoice | Exception)


one.invoke(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
