"""Rows one by one, progress on the way, and what traces may hold."""

from __future__ import annotations

import asyncio
import functools
import operator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.documents.base import Blob
from langchain_core.runnables import RunnableGenerator
from langchain_core.tracers.base import BaseTracer
from pydantic import BaseModel, field_validator

from extract_bridge import ConfigurationError, ExtractedRecord, ExtractError, ResultValidationError
from extract_bridge.langchain import ExtractRunnable

CSV = "sku,amount\nA-1,1.5\nA-2,2.5\nA-3,3.5\n"
parsed: list[str] = []


class Row(BaseModel):
    sku: str | None = None
    amount: float | None = None

    @field_validator("sku")
    @classmethod
    def _seen(cls, sku: str | None) -> str | None:
        parsed.append(str(sku))
        return sku


class Needy(BaseModel):
    number: str
    buyer: str


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(CSV)
    return tmp_path / "a.csv"


@pytest.fixture
def rows() -> ExtractRunnable[list[Row]]:
    return ExtractRunnable(data_schema=Row, extraction_target="per_table_row", local=True)


def test_rows_come_one_by_one_and_add_up(table: Path, rows: ExtractRunnable[list[Row]]) -> None:
    whole = rows.invoke(table)
    assert [row.sku for row in whole] == ["A-1", "A-2", "A-3"]
    parsed.clear()
    stream = rows.stream(table)
    assert next(stream) == whole[:1]
    assert parsed == ["A-1"]  # the others are not read yet
    chunks = [whole[:1], *stream]
    assert [len(chunk) for chunk in chunks] == [1, 1, 1]
    assert [row for chunk in chunks for row in chunk] == whole

    async def later() -> list[list[Row]]:
        return [chunk async for chunk in rows.astream(table)]

    assert asyncio.run(later()) == chunks


def test_streams_in_a_chain(table: Path, rows: ExtractRunnable[list[Row]]) -> None:
    def skus(chunks: Any) -> Any:
        for chunk in chunks:
            yield [row.sku for row in chunk]

    assert list((rows | RunnableGenerator(skus)).stream(table)) == [["A-1"], ["A-2"], ["A-3"]]


def test_anything_else_is_one_chunk(table: Path) -> None:
    one = ExtractRunnable(data_schema=Row, local=True)
    assert list(one.stream(table)) == [one.invoke(table)]
    (whole,) = ExtractRunnable(data_schema=Row, include_raw=True, local=True).stream(table)
    assert isinstance(whole["raw"], ExtractedRecord)


def test_with_include_raw_rows_come_one_by_one_and_the_records_at_the_end(table: Path) -> None:
    raw = ExtractRunnable(data_schema=Row, extraction_target="per_table_row", include_raw=True, local=True)
    whole = raw.invoke(table)

    async def later() -> list[Any]:
        return [chunk async for chunk in raw.astream(table)]

    for chunks in (list(raw.stream(table)), asyncio.run(later())):
        assert [(chunk["raw"] is None, chunk["parsed"]) for chunk in chunks] == [
            *((True, [row]) for row in whole["parsed"] or ()),
            (False, None),
        ]
        added: Any = functools.reduce(operator.add, chunks)
        assert added["parsed"] == whole["parsed"]
        assert added["parsing_error"] is None
        for streamed, invoked in zip(added["raw"], whole["raw"] or (), strict=True):
            assert streamed.to_dict() == {**invoked.to_dict(), "job_id": streamed.job_id}
            assert streamed.id == invoked.id
            assert streamed.service == "local"
    (table.parent / "empty.csv").write_text("sku,amount\n")
    (empty,) = raw.stream(table.parent / "empty.csv")
    assert empty == raw.invoke(table.parent / "empty.csv") == {"raw": [], "parsed": [], "parsing_error": None}


def test_a_table_without_rows_is_an_empty_list(tmp_path: Path, rows: ExtractRunnable[list[Row]]) -> None:
    (tmp_path / "empty.csv").write_text("sku,amount\n")
    assert rows.invoke(tmp_path / "empty.csv") == []
    assert list(rows.stream(tmp_path / "empty.csv")) == [[]]
    configured = ExtractRunnable(
        configuration={"data_schema": Row, "extraction_target": "per_table_row"}, output_cls=Row, local=True
    )
    assert configured.invoke(tmp_path / "empty.csv") == []


def test_a_stream_fails_as_the_call_does(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Number: A-17\n")
    needy = ExtractRunnable(data_schema=Needy, local=True)
    with pytest.raises(ResultValidationError):
        list(needy.stream(tmp_path / "a.txt"))
    kept = needy.with_structured_output(Needy, include_raw=True)
    (chunk,) = kept.stream(tmp_path / "missing.txt")
    assert isinstance(chunk["parsing_error"], ExtractError)


def test_include_raw_keeps_every_error_but_those_of_the_developer(tmp_path: Path) -> None:
    extract = ExtractRunnable(data_schema=Row, include_raw=True, local=True)

    async def later(value: Any) -> Any:
        return await extract.ainvoke(value)

    for value in (
        tmp_path / "missing.csv",
        "dfl-unknown",
        {"question": "?"},
        {"document": "a", "pages": "x"},
    ):
        for found in (extract.invoke(value), asyncio.run(later(value))):
            assert isinstance(found["parsing_error"], ExtractError)
            assert found["raw"] is found["parsed"] is None
    with pytest.raises(ConfigurationError):
        ExtractRunnable(data_schema=Row, include_raw=True).invoke("a.csv")  # no service is chosen


def test_a_required_null_says_what_the_record_knows(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Number: A-17\n")
    kept = ExtractRunnable(data_schema=Needy, include_raw=True, local=True).invoke(tmp_path / "a.txt")
    record, error = kept["raw"], kept["parsing_error"]
    assert isinstance(record, ExtractedRecord)
    assert isinstance(error, ResultValidationError)
    ((pointer, reason),) = error.problems
    assert pointer == "/buyer"
    known = record.fields["/buyer"].reasoning
    assert known
    assert known in reason


class _Events(BaseCallbackHandler):
    def __init__(self) -> None:
        self.seen: list[tuple[str, Any]] = []

    def on_custom_event(self, name: str, data: Any, **_: Any) -> None:
        self.seen.append((name, data))


def test_progress_is_told(table: Path, rows: ExtractRunnable[list[Row]]) -> None:
    for call in (rows.invoke, lambda *a: list(rows.stream(*a)), lambda *a: asyncio.run(rows.ainvoke(*a))):
        events = _Events()
        call(table, {"callbacks": [events]})
        names, data = zip(*events.seen, strict=True)
        assert set(names) == {"extract_progress"}
        assert data[-1]["status"] == "COMPLETED"
        assert data[-1]["document"] == "a.csv"
        assert len({item["status"] for item in data}) == len(data)  # told once each

    async def later() -> list[Any]:
        return [event async for event in rows.astream_events(str(table), version="v2")]

    told = [event for event in asyncio.run(later()) if event["event"] == "on_custom_event"]
    assert told[-1]["data"]["status"] == "COMPLETED"


class _Kept(BaseTracer):
    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Any] = []

    def _persist_run(self, run: Any) -> None:
        self.runs.append(run)


def test_traces_show_name_size_and_digest(table: Path) -> None:
    extract = ExtractRunnable(data_schema=Row, local=True)
    secret = table.parent / "canary" / "a.csv"
    secret.parent.mkdir()
    secret.write_text(CSV)
    for value in (secret, str(secret), Blob.from_path(secret), Blob.from_data(CSV, path=str(secret)),
                  Document(CSV, metadata={"source": str(secret)}), {"document": secret, "canary": b"canary"}):  # fmt: skip
        for call in (
            extract.invoke,
            lambda *a: list(extract.stream(*a)),
            lambda *a: asyncio.run(extract.ainvoke(*a)),
        ):
            tracer = _Kept()
            call(value, {"callbacks": [tracer]})
            (run,) = tracer.runs
            assert run.run_type == "chain"
            text = str([run.inputs, run.extra, run.serialized])
            assert "sha256" in text
            assert "'bytes': " + str(len(CSV)) in text
            assert "canary" not in text
    for value in (
        "https://host/a?sig=canary",
        '{"canary": 1}',
        "canary\ncanary",
        secret.with_name("missing.csv"),
    ):
        tracer = _Kept()
        with pytest.raises(ExtractError):
            extract.invoke(value, {"callbacks": [tracer]})
        assert "canary" not in str(tracer.runs[0].inputs)


def test_blobs_without_a_name(tmp_path: Path) -> None:
    extract = ExtractRunnable(data_schema=Row, local=True)
    assert extract.invoke(Blob.from_data("sku: A-9", mime_type="text/plain")).sku == "A-9"
    with pytest.raises(ExtractError, match="name"):
        extract.invoke(Blob.from_data(b"sku: A-9"))
