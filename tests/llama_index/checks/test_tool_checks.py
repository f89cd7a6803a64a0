"""What a demanding user of the tools checks, measured at the service. Each check has a seeded defect in `defects/`."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from llama_cloud import LlamaCloud
from llama_index.core.agent.workflow import AgentStream, FunctionAgent, ToolCallResult
from llama_index.core.workflow import Context
from pydantic import BaseModel

from extract_bridge import AsyncExtractClient
from extract_bridge.llama_index import (
    ExtractProgram,
    ExtractReader,
    ExtractToolSpec,
    documents_from_job,
    make_extract_tool,
)
from extract_bridge.llama_index.instrumentation import ExtractJobEndEvent, ExtractJobStartEvent
from extract_bridge.llama_index.tools import ExtractProgressEvent, ExtractToolResult
from extract_bridge.testing.server import serving

if TYPE_CHECKING:
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


class Gate(httpx.AsyncHTTPTransport):
    """Holds every request for a job until so many are under way at once; then it stays open. It gives up after a while, and says so."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self.calls, self.held, self.open, self.gave_up = calls, 0, asyncio.Event(), False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if (request.method, request.url.path) == ("POST", "/api/v2/extract"):
            self.held += 1
            if self.held == self.calls:
                self.open.set()
            try:
                async with asyncio.timeout(10):
                    await self.open.wait()
            except TimeoutError:
                self.gave_up = True
                self.open.set()
        return await super().handle_async_request(request)


@pytest.mark.parametrize("way", ["agent", "alone"])
async def test_check_20_six_calls_at_once(inbox: Path, tmp_path: Path, scripted: Any, way: str) -> None:
    # An agent of the framework runs four calls of a turn at once; by itself the tool bounds nothing below its client's connections.
    gate = Gate(4 if way == "agent" else 6)
    names = [f"{number}.txt" for number in range(6)]
    with serving(tmp_path / "served") as service:
        async with httpx.AsyncClient(transport=gate) as http:
            client = AsyncExtractClient(base_url=service.base_url, api_key="llx-check", http_client=http)
            tool = make_extract_tool(data_schema=Invoice, allowed_roots=inbox, client=client)
            if way == "agent":
                result = await run(
                    [tool], scripted([("extract_invoice", {"document": name}) for name in names])
                )
                outputs = [call.tool_output for call in result.tool_calls]
            else:
                outputs = await asyncio.gather(*[tool.acall(document=name) for name in names])
            assert [str(job.status) async for job in client.list()] == ["COMPLETED"] * 6
    totals = [json.loads(output.content)["data"]["total"] for output in outputs]
    assert sorted(totals) == [50.0, 150.0, 250.0, 350.0, 450.0, 550.0]
    assert gate.held == 6
    assert not gate.gave_up, f"never were {gate.calls} calls under way at once"


async def test_check_21_events_and_spans(inbox: Path, client: ExtractClient, traced: Any) -> None:
    events, spans = traced
    tool = make_extract_tool(data_schema=Invoice, allowed_roots=inbox, client=client)
    program = ExtractProgram(Invoice, client=client)
    tool(document="1.txt")
    await tool.acall(document="2.txt")
    program(file=inbox / "3.txt")
    await program.acall(file=("b.txt", (inbox / "4.txt").read_bytes()))
    reader = ExtractReader(data_schema=Invoice, client=client)
    reader.load_data([inbox / "5.txt", ("c.txt", b"Seller: ACME\n")])
    await reader.aload_data([inbox / "0.txt", ("d.txt", b"Seller: ACME\n")])
    starts = [event for event in events.seen if isinstance(event, ExtractJobStartEvent)]
    ends = [event for event in events.seen if isinstance(event, ExtractJobEndEvent)]
    assert {job.id for job in client.list()} == {event.job_id for event in starts}
    assert sorted((event.job_id, event.span_id) for event in starts) == sorted(
        (event.job_id, event.span_id) for event in ends
    )
    assert [event.status for event in ends] == ["COMPLETED"] * 8
    said = "".join(spans.told) + "".join(event.model_dump_json() for event in events.seen)
    names = (
        "extract_invoice",
        "ExtractProgram.call",
        "ExtractProgram.acall",
        "ExtractReader.load",
        "ExtractReader.aload",
    )
    assert all(f"{name}-" in said for name in names)
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
