"""What a demanding user of the tools checks, measured at the service. Each check has a seeded defect in `defects/`."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from llama_cloud import LlamaCloud
from llama_index.core.agent.workflow import AgentStream, FunctionAgent, ToolCallResult
from llama_index.core.instrumentation import get_dispatcher
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.instrumentation.span import SimpleSpan
from llama_index.core.instrumentation.span_handlers import SimpleSpanHandler
from llama_index.core.workflow import Context
from pydantic import BaseModel, Field

from extract_bridge.llama_index import ExtractProgram, ExtractToolSpec, documents_from_job, make_extract_tool
from extract_bridge.llama_index.instrumentation import (
    ExtractJobEndEvent,
    ExtractJobEvent,
    ExtractJobStartEvent,
)
from extract_bridge.llama_index.tools import ExtractProgressEvent, ExtractToolResult
from extract_bridge.testing.server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from extract_bridge import ExtractClient

# FunctionAgent looks at its own deprecated pydantic attributes with `inspect.getmembers`; not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:inspect")


class Invoice(BaseModel):
    number: str | None = None
    seller: str | None = None
    total: float | None = None


def statuses(client: ExtractClient) -> list[str]:
    return sorted(str(job.status) for job in client.list())


async def run(tools: Any, llm: Any) -> Any:
    return await FunctionAgent(tools=tools, llm=llm, streaming=False).run(user_msg="Read it")


async def test_check_16_one_job_whatever_happens(inbox: Path, client: ExtractClient, scripted: Any) -> None:
    tool = make_extract_tool(data_schema=Invoice, allowed_roots=inbox, client=client)
    shown = tool.metadata.to_openai_tool()["function"]
    assert len(shown["description"]) <= 1024
    assert set(shown["parameters"]["properties"]) == {"document", "pages"}
    good = [("extract_invoice", {"document": "1.txt"})]
    bad = [("extract_invoice", {"document": "broken.pdf"})]
    result = await run([tool], scripted(good, good, bad))
    first, again, failed = (call.tool_output for call in result.tool_calls)
    assert json.loads(first.content)["evidence"]["/total"]["page"] == 1
    assert isinstance(first.raw_output, ExtractToolResult)
    assert again.content == first.content
    assert failed.is_error
    assert json.loads(failed.content)["next"]
    assert statuses(client) == ["COMPLETED", "FAILED"]


async def test_check_17_cancelled_run_cancels_its_job(
    inbox: Path, client: ExtractClient, scripted: Any
) -> None:
    (inbox / "long.txt").write_text("Total: 1.00\n" * 60_000)
    tool = make_extract_tool(data_schema=Invoice, allowed_roots=inbox, client=client)
    agent = FunctionAgent(
        tools=[tool], llm=scripted([("extract_invoice", {"document": "long.txt"})]), streaming=False
    )
    handler = agent.run(user_msg="Read it")
    while not await asyncio.to_thread(statuses, client):
        assert not handler.done()
        await asyncio.sleep(0.01)
    await handler.cancel_run()
    for _ in range(500):
        if await asyncio.to_thread(statuses, client) == ["CANCELLED"]:
            break
        await asyncio.sleep(0.02)
    assert await asyncio.to_thread(statuses, client) == ["CANCELLED"]


# Core says of an agent's memory that it has to be set anew; that is all it may say.
@pytest.mark.filterwarnings("ignore:Skipping serialization of known unserializable key. memory")
async def test_check_18_progress_on_the_stream(inbox: Path, client: ExtractClient, scripted: Any) -> None:
    tool = make_extract_tool(data_schema=Invoice, allowed_roots=inbox, client=client)
    agent = FunctionAgent(
        tools=[tool], llm=scripted([("extract_invoice", {"document": "1.txt"})]), streaming=False
    )
    context = Context(agent)
    handler = agent.run(user_msg="Read it", ctx=context)
    seen = [event async for event in handler.stream_events() if not isinstance(event, AgentStream)]
    await handler
    progress = [event for event in seen if isinstance(event, ExtractProgressEvent)]
    assert [event.status for event in progress][-1:] == ["COMPLETED"]
    assert {event.document for event in progress} == {"1.txt"}
    (called,) = [event for event in seen if isinstance(event, ToolCallResult)]
    assert {event.job_id for event in progress} == {called.tool_output.raw_output.job_id}
    assert "ctx" not in called.tool_kwargs
    json.dumps(context.to_dict())


async def test_check_19_return_direct(inbox: Path, client: ExtractClient, scripted: Any) -> None:
    spec = ExtractToolSpec(data_schema=Invoice, allowed_roots=inbox, client=client, return_direct=True)
    assert [tool.metadata.return_direct for tool in spec.to_tool_list()] == [True, False, False]
    llm = scripted([("extract_invoice", {"document": "1.txt"})], [("list_documents", {})])
    result = await run(spec.to_tool_list(), llm)
    assert [call.tool_name for call in result.tool_calls] == ["extract_invoice"]
    assert json.loads(result.response.content)["data"]["total"] == 150.0


async def test_check_20_six_calls_at_once(inbox: Path, client: ExtractClient, scripted: Any) -> None:
    gate = threading.Barrier(
        3, timeout=60
    )  # opens when three calls are under way; an agent runs four at once

    def documents(name: str, _: Any) -> Path:
        gate.wait()
        return inbox / name

    tool = make_extract_tool(data_schema=Invoice, documents=documents, client=client)
    calls = [("extract_invoice", {"document": f"{number}.txt"}) for number in range(6)]
    result = await run([tool], scripted(calls))
    totals = [json.loads(call.tool_output.content)["data"]["total"] for call in result.tool_calls]
    assert sorted(totals) == [50.0, 150.0, 250.0, 350.0, 450.0, 550.0]
    assert statuses(client) == ["COMPLETED"] * 6


class Events(BaseEventHandler):
    seen: list[Any] = Field(default_factory=list)

    def handle(self, event: Any, **_: Any) -> None:
        if isinstance(event, ExtractJobEvent):
            self.seen.append(event)


class Spans(SimpleSpanHandler):
    told: list[str] = Field(default_factory=list)

    def new_span(self, id_: str, bound_args: Any, **keywords: Any) -> SimpleSpan:
        self.told.append(f"{id_} {bound_args}")
        return super().new_span(id_, bound_args, **keywords)

    def prepare_to_exit_span(self, id_: str, bound_args: Any, result: Any = None, **keywords: Any) -> Any:
        if id_.startswith(("Extract", "extract")):  # those that the framework opens hold what it likes
            self.told.append(repr(result))
        return super().prepare_to_exit_span(id_, bound_args, result=result, **keywords)


@pytest.fixture
def traced() -> Iterator[tuple[Events, Spans]]:
    root, events, spans = get_dispatcher(), Events(), Spans()
    root.add_event_handler(events)
    root.add_span_handler(spans)
    yield events, spans
    root.event_handlers.remove(events)
    root.span_handlers.remove(spans)


async def test_check_21_events_and_spans(
    inbox: Path, client: ExtractClient, traced: tuple[Events, Spans]
) -> None:
    events, spans = traced
    tool = make_extract_tool(data_schema=Invoice, allowed_roots=inbox, client=client)
    program = ExtractProgram(Invoice, client=client)
    tool(document="1.txt")
    await tool.acall(document="2.txt")
    program(file=inbox / "3.txt")
    await program.acall(file=("b.txt", (inbox / "4.txt").read_bytes()))
    starts = [event for event in events.seen if isinstance(event, ExtractJobStartEvent)]
    ends = [event for event in events.seen if isinstance(event, ExtractJobEndEvent)]
    assert {job.id for job in client.list()} == {event.job_id for event in starts}
    assert [(event.job_id, event.span_id) for event in starts] == [
        (event.job_id, event.span_id) for event in ends
    ]
    assert [event.status for event in ends] == ["COMPLETED"] * 4
    said = "".join(spans.told) + "".join(event.model_dump_json() for event in events.seen)
    names = ("extract_invoice-", "ExtractProgram.call-", "ExtractProgram.acall-")
    assert all(name in said for name in names)
    assert all(event.span_id in said for event in starts)
    for secret in (str(inbox), "ACME", "50.00"):
        assert secret not in said


def test_check_30_the_official_client_sees_the_same(inbox: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "served") as service:
        tool = make_extract_tool(
            data_schema=Invoice, allowed_roots=inbox, base_url=service.base_url, api_key="llx-check"
        )
        output = tool(document="1.txt")
        with LlamaCloud(base_url=service.base_url, api_key="llx-check") as official:
            job = official.extract.get(output.raw_output.job_id, expand=["extract_metadata"])
        assert job.extract_result == json.loads(output.content)["data"]
        (document,) = documents_from_job(job.model_dump(mode="json"), data_schema=Invoice)
        assert "total: 150.0" in document.text
