"""The tools in an event loop and in real graphs: every async path, progress on all channels, cancelling, closing, copying."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
import threading
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, ToolMessage
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from pydantic import BaseModel

from extract_bridge import AsyncExtractClient, ExtractClient, LocalService, RetryPolicy
from extract_bridge.langchain import ExtractToolkit

EVERY = ("extract", "fields", "create", "get", "read", "cancel", "jobs", "list")


class Invoice(BaseModel):
    number: str | None = None
    total: float | None = None


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    for number in (1, 2):
        (tmp_path / f"{number}.txt").write_text(f"Number: A-{number}\nTotal: {number},250.00\n")
    return tmp_path


def made(inbox: Path, service: LocalService, **more: Any) -> ExtractToolkit:
    keywords: dict[str, Any] = {"data_schema": Invoice, "allowed_roots": inbox, "include": EVERY, **more}
    if "client" not in keywords:
        keywords["local"] = service
    return ExtractToolkit(**keywords)


def by_kind(toolkit: ExtractToolkit) -> dict[str, Any]:
    return {tool.kind: tool for tool in toolkit.get_tools()}  # type: ignore[attr-defined]


async def acalled(tool: Any, **arguments: Any) -> dict[str, Any]:
    message = await tool.ainvoke({"name": tool.name, "args": arguments, "id": "1", "type": "tool_call"})
    assert isinstance(message, ToolMessage)
    answer: dict[str, Any] = json.loads(str(message.content))
    return answer


def graph_of(tools: Any) -> Any:
    graph = StateGraph(MessagesState)
    graph.add_node("tools", ToolNode(tools))
    graph.add_edge(START, "tools")
    graph.add_edge("tools", END)
    return graph.compile()


def asking(tool: Any, **arguments: Any) -> Any:
    return {"messages": [AIMessage("", tool_calls=[{"name": tool.name, "args": arguments, "id": "call-7"}])]}


async def test_every_tool_in_an_event_loop(inbox: Path, extract_bridge_service: LocalService) -> None:
    toolkit = made(inbox, extract_bridge_service)
    tools = by_kind(toolkit)
    assert (await acalled(tools["list"], contains="1"))["documents"] == ["1.txt"]
    first = await acalled(tools["create"], document="1.txt")
    got = await acalled(tools["get"], job_id=first["job_id"], wait_seconds=30)
    assert (got["status"], got["data"]) == ("COMPLETED", {"number": "A-1", "total": 1250.0})
    assert (await acalled(tools["create"], document="1.txt"))["job_id"] == first["job_id"]
    assert (await acalled(tools["read"], job_id=first["job_id"], path="/total"))["data"] == 1250.0
    assert (await acalled(tools["extract"], document="1.txt"))["job_id"] == first["job_id"]
    assert "ended before" in (await acalled(tools["cancel"], job_id=first["job_id"]))["next"]
    named = await acalled(tools["fields"], document="2.txt", fields=[{"name": "number"}])
    assert named["data"] == {"number": "A-2"}
    listed = await acalled(tools["jobs"], limit=1)
    assert (listed["total"], listed["truncated"]) == (2, {"next_offset": 1})
    assert [job["job_id"] for job in listed["jobs"]] == [named["job_id"]]
    assert len([job async for job in toolkit.async_client().list()]) == 2
    await toolkit.aclose()


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "extract": ({"document": "none.txt"}, "document_not_found"),
    "create": ({"document": "../1.txt"}, "document_refused"),
    "fields": ({"document": "1.txt", "fields": [{"name": "a"}, {"name": "a"}]}, "data_schema"),
    "get": ({"job_id": "ext-other"}, "job_not_allowed"),
    "read": ({"job_id": ""}, "job_not_allowed"),
    "cancel": ({"job_id": "ext-other"}, "job_not_allowed"),
    "jobs": ({"limit": 0}, "invalid_arguments"),
    "list": ({"offset": -1}, "invalid_arguments"),
}


@pytest.mark.parametrize("kind", EVERY)
async def test_every_tool_fails_as_a_message(
    kind: str, inbox: Path, extract_bridge_service: LocalService
) -> None:
    toolkit = made(inbox, extract_bridge_service)
    tool = by_kind(toolkit)[kind]
    arguments, code = BAD[kind]
    said = (await graph_of([tool]).ainvoke(asking(tool, **arguments)))["messages"][-1]
    assert said.status == "error"
    assert json.loads(said.content)["error"].startswith(code)
    assert json.loads(said.content)["next"]


async def test_a_deleted_job_is_told_of(inbox: Path, extract_bridge_service: LocalService) -> None:
    tools = by_kind(made(inbox, extract_bridge_service))
    job_id = (await acalled(tools["extract"], document="1.txt"))["job_id"]
    await tools["extract"].async_client().delete(job_id)
    for kind in ("get", "read", "cancel"):
        assert (await acalled(tools[kind], job_id=job_id))["error"] == "not_found"
    again = await acalled(tools["create"], document="1.txt")
    assert again["job_id"] != job_id


async def test_no_tool_blocks_the_loop(inbox: Path, extract_bridge_service: LocalService) -> None:
    """A document that is slow to find: the loop goes on ticking while each tool looks for it."""
    gate = threading.Event()

    def find(_: str, __: Any) -> Path:
        assert gate.wait(30), "the loop stood still"
        return inbox / "1.txt"

    async def tick() -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        gate.set()

    tools = by_kind(made(inbox, extract_bridge_service, documents=find, allowed_roots=(), budget=100))
    for kind, more in (("create", {}), ("fields", {"fields": [{"name": "number"}]}), ("extract", {})):
        gate.clear()
        answer, _ = await asyncio.gather(acalled(tools[kind], document="mine", **more), tick())
        assert answer["job_id"]


STATES = {"PENDING", "RUNNING", "COMPLETED"}


def event_of(event: Any, document: str = "1.txt") -> str:
    assert event["type"] == "extract_progress"
    assert event["document"] == document
    assert event["job_id"].startswith("ext-")
    assert event["status"] in STATES
    return str(event["status"])


@pytest.mark.parametrize("kind", ["extract", "fields", "get"])
async def test_progress_on_every_channel(
    kind: str, inbox: Path, extract_bridge_service: LocalService
) -> None:
    tools = by_kind(made(inbox, extract_bridge_service))
    tool = tools[kind]

    async def question() -> Any:
        if kind != "get":
            more = {"fields": [{"name": f"f{number}"} for number in range(3)]} if kind == "fields" else {}
            return asking(tool, document="1.txt", **more)
        job = await acalled(tools["create"], document="1.txt")
        return asking(tool, job_id=job["job_id"], wait_seconds=30)

    graph = graph_of([tool])
    asked = await question()
    seen = [
        event_of(event["data"])
        async for event in graph.astream_events(asked, version="v2")
        if event["event"] == "on_custom_event" and event["name"] == "extract_progress"
    ]
    assert seen[-1] == "COMPLETED"
    assert len(seen) == len(set(seen)), "each status once"

    custom, deltas = [], []
    async for mode, chunk in graph.astream(asked, stream_mode=["custom", "tools"]):
        if mode == "custom":
            custom.append(event_of(chunk))
        elif chunk.get("event") == "tool-output-delta":
            deltas.append(event_of(chunk["delta"]))
    assert custom[-1] == "COMPLETED"
    assert custom == deltas

    again = [event_of(chunk) for chunk in graph.stream(asked, stream_mode="custom")]
    assert again[-1] == "COMPLETED", "also where the graph runs in threads"


async def test_outside_of_a_graph_progress_is_silent(
    inbox: Path, extract_bridge_service: LocalService, recwarn: pytest.WarningsRecorder
) -> None:
    tools = by_kind(made(inbox, extract_bridge_service))
    assert tools["extract"]._run("1.txt")[0]
    assert (await tools["extract"]._arun("2.txt"))[0]
    assert tools["extract"].invoke({"document": "1.txt"})
    assert len(recwarn) == 0


async def test_a_broken_stream_writer_is_no_secret(inbox: Path, extract_bridge_service: LocalService) -> None:
    """Only a missing run is passed over: an error of the application's own writer reaches it."""

    class Runtime:
        @staticmethod
        def stream_writer(_: Any) -> None:
            raise ZeroDivisionError

    tool = by_kind(made(inbox, extract_bridge_service))["extract"]
    with pytest.raises(ZeroDivisionError):
        await tool._arun("1.txt", runtime=Runtime())


@pytest.mark.extract_bridge_faults("seed=1,stuck=1")
@pytest.mark.parametrize("kind", ["extract", "fields"])
async def test_cancelling_the_call_cancels_the_job(
    kind: str, inbox: Path, extract_bridge_service: LocalService
) -> None:
    toolkit = made(inbox, extract_bridge_service)
    tool = by_kind(toolkit)[kind]
    more = {"fields": [{"name": "number"}]} if kind == "fields" else {}
    call = asyncio.create_task(graph_of([tool]).ainvoke(asking(tool, document="1.txt", **more)))
    while not (notes := tool._session.book.notes()):
        assert not call.done()
        await asyncio.sleep(0.01)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    job = await toolkit.async_client().get(notes[0].job_id)
    assert job.status == "CANCELLED"


@pytest.mark.extract_bridge_faults("seed=1,stuck=1")
async def test_cancelling_a_look_leaves_the_job_alone(
    inbox: Path, extract_bridge_service: LocalService
) -> None:
    """A job that was started to run by itself is cancelled by its own tool alone."""
    tools = by_kind(made(inbox, extract_bridge_service))
    job_id = (await acalled(tools["create"], document="1.txt"))["job_id"]
    look = asyncio.create_task(acalled(tools["get"], job_id=job_id, wait_seconds=60))
    await asyncio.sleep(0.2)
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
    assert not (await tools["get"].async_client().get(job_id)).is_final
    assert (await acalled(tools["cancel"], job_id=job_id))["status"] == "CANCELLED"


async def test_one_of_two_callers_leaves(inbox: Path, extract_bridge_service: LocalService) -> None:
    """Two calls of one question share one job; the second goes on when the first is cancelled."""
    tool = by_kind(made(inbox, extract_bridge_service))["extract"]
    first = asyncio.create_task(acalled(tool, document="1.txt"))
    await asyncio.sleep(0)
    second = asyncio.create_task(acalled(tool, document="1.txt"))
    await asyncio.sleep(0.01)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert (await second)["status"] == "COMPLETED"


@pytest.mark.extract_bridge_faults("seed=1,error-before@create=1:500")
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_a_failing_service_through_tool_node(
    inbox: Path, extract_bridge_service: LocalService, *, is_async: bool
) -> None:
    retry = RetryPolicy(attempts=1, first=0.01, settle_after=0.1)
    client: Any = (AsyncExtractClient if is_async else ExtractClient)(
        local=extract_bridge_service, retry=retry
    )
    toolkit = made(inbox, extract_bridge_service, client=client)
    for kind in ("extract", "create"):
        tool = by_kind(toolkit)[kind]
        graph, asked = graph_of([tool]), asking(tool, document="1.txt")
        said = (asyncio.run(graph.ainvoke(asked)) if is_async else graph.invoke(asked))["messages"][-1]
        answer = json.loads(said.content)
        assert (said.status, answer["error"]) == ("error", "server_error"), answer
        assert "Try once more" in answer["next"]
        assert str(inbox) not in said.content


def test_closing_is_optional_and_a_passed_client_stays_open(
    inbox: Path, extract_bridge_service: LocalService
) -> None:
    with made(inbox, extract_bridge_service) as toolkit:
        assert json.loads(by_kind(toolkit)["extract"].invoke({"document": "1.txt"}))["data"]
    with ExtractClient(local=extract_bridge_service) as client:
        with made(inbox, extract_bridge_service, client=client) as toolkit:
            assert toolkit.sync_client() is client
            by_kind(toolkit)["extract"].invoke({"document": "1.txt"})
        assert client.list_page().items, "it is the caller's"

    async def later() -> None:
        async with made(inbox, extract_bridge_service) as toolkit:
            assert (await acalled(by_kind(toolkit)["extract"], document="1.txt"))["data"]
        async with AsyncExtractClient(local=extract_bridge_service) as client:
            async with made(inbox, extract_bridge_service, client=client) as toolkit:
                await acalled(by_kind(toolkit)["extract"], document="1.txt")
            assert (await client.list_page()).items

    asyncio.run(later())


@pytest.mark.parametrize("how", ["pickle", "deepcopy"])
def test_a_copied_toolkit_works_and_shares_among_its_own(
    how: str, inbox: Path, extract_bridge_service: LocalService
) -> None:
    toolkit = made(inbox, extract_bridge_service, budget=100)
    first = json.loads(by_kind(toolkit)["extract"].invoke({"document": "1.txt"}))
    again = pickle.loads(pickle.dumps(toolkit)) if how == "pickle" else copy.deepcopy(toolkit)
    tools = by_kind(again)
    second = json.loads(tools["extract"].invoke({"document": "1.txt"}))
    assert second["data"] == first["data"]
    assert json.loads(tools["read"].invoke({"job_id": second["job_id"], "path": "/number"}))["data"] == "A-1"
    assert tools["extract"].sync_client() is tools["read"].sync_client() is again.sync_client()
    assert len({id(tool._session) for tool in again.get_tools()}) == 1
    for budget in (tools["extract"].budget, tools["extract"]._session.budget):
        assert budget is not None
        assert (budget.credits, budget.spent) == (100, 16)
    assert again.budget is tools["extract"]._session.budget
