"""What a tracer sees of the reader: each document's job under one span, and nothing of the document."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, closing
from typing import TYPE_CHECKING, Any

import pytest
from llama_index.core import SimpleDirectoryReader
from llama_index.core.instrumentation.span import active_span_id
from pydantic import BaseModel

from extract_bridge import ExtractError
from extract_bridge.llama_index import ExtractReader
from extract_bridge.llama_index.instrumentation import (
    ExtractJobEndEvent,
    ExtractJobStartEvent,
)

if TYPE_CHECKING:
    from pathlib import Path

    from extract_bridge import ExtractClient

KEY = "llx-canary-2963"
WORDS = "Zanzibar Lamp Works"


class Invoice(BaseModel):
    seller: str | None = None


@pytest.fixture
def notes(folder: Path) -> list[Any]:
    (folder / "own.txt").write_text(f"Seller: {WORDS}\n")
    return [folder / "own.txt", ("bytes.txt", f"Seller: {WORDS} again\n".encode())]


@pytest.fixture
def reader(client: ExtractClient) -> ExtractReader:
    return ExtractReader(data_schema=Invoice, client=client)


def of(events: Any, kind: type) -> list[Any]:
    return [event for event in events.seen if isinstance(event, kind)]


def load(reader: ExtractReader, files: Any, is_async: bool, what: str = "data") -> list[Any]:
    if is_async:
        return asyncio.run(getattr(reader, f"aload_{what}")(files))
    return list(getattr(reader, f"load_{what}")(files))


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("what", ["data", "records", "nodes"])
def test_each_job_starts_and_ends_under_one_span(
    reader: ExtractReader, client: ExtractClient, notes: list[Any], traced: Any, is_async: bool, what: str
) -> None:
    events, spans = traced
    assert len(load(reader, notes, is_async, what)) == 2
    ids = {job.id for job in client.list()}
    starts, ends = of(events, ExtractJobStartEvent), of(events, ExtractJobEndEvent)
    assert {event.job_id for event in starts} == {event.job_id for event in ends} == ids
    assert len(starts) == len(ends) == 2
    assert {event.status for event in ends} == {"COMPLETED"}
    last = {event.job_id: event.status for event in events.seen if not isinstance(event, ExtractJobEndEvent)}
    assert set(last.values()) == {
        "COMPLETED"
    }  # by a change of status, or at the first look where that came late
    ((span, how),) = spans.ends
    assert how == "exit"
    assert span.startswith("ExtractReader.aload-" if is_async else "ExtractReader.load-")
    assert {event.span_id for event in events.seen} == {span}


@pytest.mark.parametrize("is_async", [False, True])
def test_no_bytes_key_path_or_text_is_told(
    notes: list[Any], folder: Path, traced: Any, is_async: bool, extract_bridge_server: Any
) -> None:
    events, spans = traced
    keyed = ExtractReader(
        data_schema=Invoice, base_url=extract_bridge_server.base_url, api_key=KEY, on_error="raise"
    )
    assert len(load(keyed, notes, is_async)) == 2
    if not is_async:
        SimpleDirectoryReader(input_files=[folder / "own.txt"], file_extractor={".txt": keyed}).load_data()
    with pytest.raises(ExtractError):
        load(keyed, [folder / "missing.txt", *notes], is_async)
    said = "".join(spans.told) + "".join(event.model_dump_json() for event in events.seen)
    assert "ExtractReader" in said
    for secret in (KEY, str(folder), WORDS, "Zanzibar", "api_key"):
        assert secret not in said


@pytest.mark.parametrize("is_async", [False, True])
def test_an_error_drops_the_span_and_ends_every_job(
    reader: ExtractReader, notes: list[Any], traced: Any, is_async: bool
) -> None:
    events, spans = traced
    bad = ("bad.pdf", b"%PDF-1.7\nthis is no document\n" * 20)
    with pytest.raises(ExtractError):
        load(reader, [*notes, bad], is_async)
    assert [how for _, how in spans.ends] == ["drop"]
    ends = of(events, ExtractJobEndEvent)
    assert sorted(event.status for event in ends) == ["COMPLETED", "COMPLETED", "FAILED"]
    assert {event.job_id for event in of(events, ExtractJobStartEvent)} == {event.job_id for event in ends}


async def test_between_two_documents_the_callers_span_is_the_active_one(
    reader: ExtractReader, notes: list[Any], traced: Any
) -> None:
    _, spans = traced
    token = active_span_id.set("the-callers")
    try:
        for _ in reader.lazy_load_data(notes):
            assert active_span_id.get() == "the-callers"
        async for _ in reader.alazy_load_data(notes):
            assert active_span_id.get() == "the-callers"
    finally:
        active_span_id.reset(token)
    assert [how for _, how in spans.ends] == ["exit", "exit"]
    assert {span.parent_id for span in spans.completed_spans if "ExtractReader" in span.id_} == {
        "the-callers"
    }


@pytest.mark.parametrize("is_async", [False, True])
def test_who_has_enough_leaves_no_open_span_and_no_open_job(
    reader: ExtractReader, client: ExtractClient, notes: list[Any], folder: Path, traced: Any, is_async: bool
) -> None:
    events, spans = traced
    (folder / "long.txt").write_text("Seller: A\n" * 60_000)
    files = [*notes, folder / "long.txt"]

    async def first() -> None:
        async with aclosing(reader.alazy_load_data(files).__aiter__()) as stream:  # type: ignore[type-var]
            await anext(stream)

    if is_async:
        asyncio.run(first())
    else:
        with closing(reader.lazy_load_data(files)) as stream:  # type: ignore[type-var]
            next(stream)
    assert [how for _, how in spans.ends] == ["exit"]
    starts, ends = of(events, ExtractJobStartEvent), of(events, ExtractJobEndEvent)
    assert {event.job_id for event in starts} == {event.job_id for event in ends}
    real = {job.id: str(job.status) for job in client.list()}
    assert {event.status for event in ends} <= {"COMPLETED", "CANCELLED"}
    for event in ends:
        assert real[event.job_id] in (event.status, "COMPLETED")
