from __future__ import annotations

import asyncio
import json
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import pytest_socket
from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.utils.function_calling import convert_to_openai_tool
from langgraph.errors import GraphInterrupt
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from pydantic import BaseModel
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from extract_bridge import ConfigurationError, ExtractClient, LocalService
from extract_bridge.langchain import ExtractTool

TEXT = "Invoice\nNumber: A-17\nSeller: ACME\nTotal: 1,250.00\n"


class Invoice(BaseModel):
    """One invoice."""

    number: str | None = None
    seller: str | None = None
    total: float | None = None


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT)
    return folder


@pytest.fixture
def tool(inbox: Path) -> ExtractTool:
    return ExtractTool(data_schema=Invoice, allowed_roots=inbox, local=True)


def called(tool: ExtractTool, **arguments: Any) -> ToolMessage:
    message = tool.invoke({"name": tool.name, "args": arguments, "id": "call-1", "type": "tool_call"})
    assert isinstance(message, ToolMessage)
    assert isinstance(message.content, str)
    return message


def jobs_of(tool: ExtractTool) -> int:
    return len(list(tool.sync_client().list()))


def test_the_answer_has_data_and_evidence(tool: ExtractTool) -> None:
    message = called(tool, document="a.txt")
    answer = json.loads(str(message.content))
    assert message.status == "success"
    assert answer["data"] == {"number": "A-17", "seller": "ACME", "total": 1250.0}
    assert (answer["status"], answer["service"], answer["truncated"]) == ("COMPLETED", "local", None)
    assert answer["evidence"]["/seller"]["page"] == 1
    assert "ACME" in answer["evidence"]["/seller"]["quote"]
    record = message.artifact["records"][0]
    assert record["fields"]["/total"]["citations"][0]["boxes"]
    json.dumps(message.artifact, allow_nan=False)


def test_what_the_model_sees(tool: ExtractTool) -> None:
    function = convert_to_openai_tool(tool, strict=True)["function"]
    assert function["name"] == "extract_invoice"
    assert "number, seller, total" in function["description"]
    parameters = function["parameters"]
    assert sorted(parameters["properties"]) == ["document", "pages"]
    assert parameters["required"] == ["document", "pages"]
    assert parameters["additionalProperties"] is False
    assert {"type": "string"} in parameters["properties"]["pages"]["anyOf"]


@pytest.mark.parametrize("pages", ["1", 1, [1], "[1]", None])
def test_pages_as_models_write_them(tool: ExtractTool, pages: Any) -> None:
    assert called(tool, document="a.txt", pages=pages).status == "success"


BAD = {
    "missing": ({"document": "b.txt"}, "document_not_found"),
    "up": ({"document": "../secret.txt"}, "document_refused"),
    "absolute": ({"document": "/etc/passwd"}, "document_refused"),
    "link": ({"document": "link.txt"}, "document_refused"),
    "proc": ({"document": "/proc/self/environ"}, "document_refused"),
    "fifo": ({"document": "pipe.txt"}, "document_refused"),
    "NUL": ({"document": "a.txt\0"}, "document_refused"),
    "URL": ({"document": "https://example.com/a.pdf"}, "document_refused"),
    "too large": ({"document": "large.txt"}, "document_too_large"),
    "an id": ({"document": "dfl-1"}, "id_not_allowed"),
    "encrypted": ({"document": "locked.pdf"}, "job_failed"),
    "page outside": ({"document": "a.pdf", "pages": "9"}, "job_failed"),
    "bad pages": ({"document": "a.txt", "pages": "first"}, "invalid_arguments"),
    "no document": ({}, "invalid_arguments"),
    "an extra argument": ({"document": "a.txt", "tier": "agentic"}, "invalid_arguments"),
    "a list": ({"document": ["a.txt"]}, "invalid_arguments"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_call_is_a_message_with_a_next_step(
    name: str, inbox: Path, tool: ExtractTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox.parent / "secret.txt").write_text("secret")
    (inbox / "link.txt").symlink_to(inbox.parent / "secret.txt")
    (inbox / "large.txt").write_text("x" * 60_000)
    os.mkfifo(inbox / "pipe.txt")
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_UPLOAD_BYTES", "50000")
    for file, lock in (("locked.pdf", StandardEncryption("secret")), ("a.pdf", None)):
        canvas = Canvas(str(inbox / file), encrypt=lock)
        canvas.drawString(72, 700, "Number: A-17")
        canvas.save()
    arguments, code = BAD[name]
    graph = StateGraph(MessagesState)
    graph.add_node("tools", ToolNode([tool]))
    graph.add_edge(START, "tools")
    graph.add_edge("tools", END)
    call = {"name": tool.name, "args": arguments, "id": "call-1"}
    message = graph.compile().invoke({"messages": [AIMessage("", tool_calls=[call])]})["messages"][-1]
    said = json.loads(message.content)
    assert (message.status, said["error"]) == ("error", code)
    assert said["next"]
    assert said["message"]
    assert str(inbox.parent) not in message.content
    assert "secret" not in message.content


def test_an_agent_calls_it_and_goes_on(tool: ExtractTool) -> None:
    model = _Scripted(
        responses=[
            AIMessage("", tool_calls=[{"name": tool.name, "args": {"document": "b.txt"}, "id": "1"}]),
            AIMessage(
                "",
                tool_calls=[
                    {"name": tool.name, "args": {"document": "a.txt", "runtime": "forged"}, "id": "2"}
                ],
            ),
            AIMessage("ACME"),
        ]
    )
    messages = create_agent(model, tools=[tool]).invoke({"messages": [("user", "Who sells?")]})["messages"]
    first, second = (item for item in messages if isinstance(item, ToolMessage))
    assert "Documents here: a.txt" in first.content
    assert json.loads(second.content)["data"]["seller"] == "ACME"
    assert messages[-1].content == "ACME"


class _Scripted(FakeMessagesListChatModel):
    def bind_tools(self, tools: Any, **_: Any) -> Any:
        return self


def test_documents_by_a_function_get_the_runtime(inbox: Path) -> None:
    seen: list[Any] = []

    def find(name: str, runtime: Any) -> Any:
        seen.append(runtime)
        return inbox / "a.txt" if name == "mine" else None

    tool = ExtractTool(data_schema=Invoice, documents=find, local=True)
    model = _Scripted(
        responses=[
            AIMessage("", tool_calls=[{"name": tool.name, "args": {"document": "mine"}, "id": "7"}]),
            AIMessage("done"),
        ]
    )
    create_agent(model, tools=[tool]).invoke({"messages": [("user", "Go")]})
    assert seen[0].tool_call_id == "7"


def test_rows_with_a_type_column_stay_text(inbox: Path) -> None:
    (inbox / "rows.csv").write_text("type,name\ndocument,one\nimage,two\n")
    schema = {
        "title": "Row",
        "type": "object",
        "properties": {"type": {"type": ["string", "null"]}, "name": {"type": ["string", "null"]}},
    }
    tool = ExtractTool(data_schema=schema, extraction_target="per_table_row", allowed_roots=inbox, local=True)
    rows = json.loads(str(called(tool, document="rows.csv").content))["data"]
    assert rows == [{"type": "document", "name": "one"}, {"type": "image", "name": "two"}]


def test_the_same_question_is_one_job(tool: ExtractTool) -> None:
    before = jobs_of(tool)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: called(tool, document="a.txt").content, range(8)))
    assert len(set(answers)) == 1
    job_id = json.loads(str(answers[0]))["job_id"]
    assert json.loads(asyncio.run(tool.ainvoke({"document": "a.txt"})))["job_id"] == job_id
    assert json.loads(str(called(tool, document="./a.txt").content))["job_id"] == job_id
    assert jobs_of(tool) == before + 1
    assert json.loads(str(called(tool, document="a.txt", pages="1").content))["job_id"] != job_id


async def test_the_same_question_at_once_is_one_job(tool: ExtractTool, inbox: Path) -> None:
    (inbox / "same.txt").write_text(TEXT + "at once")
    calls = [tool.ainvoke({"document": "same.txt"}) for _ in range(5)]
    assert len({json.loads(answer)["job_id"] for answer in await asyncio.gather(*calls)}) == 1


async def test_an_async_call_never_blocks_the_loop(inbox: Path) -> None:
    gate = threading.Event()

    def find(_: str, __: Any) -> Path:
        assert gate.wait(30), "the loop stood still while the document was looked for"
        return inbox / "a.txt"

    async def tick() -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        gate.set()

    tool = ExtractTool(data_schema=Invoice, documents=find, local=True)
    answer, _ = await asyncio.gather(tool.ainvoke({"document": "mine"}), tick())
    assert json.loads(answer)["data"]["seller"] == "ACME"


def test_no_socket_is_needed(inbox: Path) -> None:
    tool = ExtractTool(data_schema=Invoice, allowed_roots=inbox, local=LocalService(workers=1))
    pytest_socket.disable_socket(allow_unix_socket=True)
    try:
        assert json.loads(tool.invoke({"document": "a.txt"}))["data"]["seller"] == "ACME"
    finally:
        pytest_socket.enable_socket()


def test_a_broken_answer_is_no_argument_error(tool: ExtractTool, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        return Invoice.model_validate({"total": "many"})

    monkeypatch.setattr(type(tool.sync_client()), "run", broken)
    message = called(tool, document="a.txt")
    assert (message.status, json.loads(str(message.content))["error"]) == ("error", "unexpected_answer")
    assert "many" not in str(message.content)


def test_an_interrupt_passes_through() -> None:
    def ask(_: str, __: Any) -> Any:
        raise GraphInterrupt

    tool = ExtractTool(data_schema=Invoice, documents=ask, local=True)
    with pytest.raises(GraphInterrupt):
        tool.invoke({"document": "a.txt"})


def test_still_running_is_an_answer_and_the_same_call_rejoins(inbox: Path) -> None:
    tool = ExtractTool(data_schema=Invoice, allowed_roots=inbox, local=True, timeout=0.001)
    (inbox / "slow.txt").write_text(TEXT + "x " * 5000)
    first = json.loads(str(called(tool, document="slow.txt").content))
    assert first["status"] in ("PENDING", "RUNNING")
    assert "same call again" in first["next"]
    tool.timeout = 60
    second = json.loads(str(called(tool, document="slow.txt").content))
    assert (second["status"], second["job_id"]) == ("COMPLETED", first["job_id"])


def test_a_job_that_was_deleted_is_made_anew(tool: ExtractTool) -> None:
    first = json.loads(tool.invoke({"document": "a.txt"}))["job_id"]
    tool.sync_client().delete(first)
    second = json.loads(tool.invoke({"document": "a.txt"}))
    assert second["status"] == "COMPLETED"
    assert second["job_id"] != first


async def test_cancelling_the_call_cancels_the_job(inbox: Path) -> None:
    tool = ExtractTool(data_schema=Invoice, allowed_roots=inbox, local=True)
    (inbox / "long.txt").write_text("\n".join(f"Line {number}: {number}" for number in range(20_000)))
    call = asyncio.create_task(tool.ainvoke({"document": "long.txt"}))
    client = tool.async_client()
    before = {job.id async for job in client.list()}
    new: set[str] = set()
    while not new and not call.done():
        await asyncio.sleep(0.01)
        new = {job.id async for job in client.list()} - before
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    for _ in range(200):
        job = await client.get(new.copy().pop())
        if job.is_final:
            break
        await asyncio.sleep(0.05)
    assert job.status == "CANCELLED"


def test_two_event_loops_one_after_the_other(tool: ExtractTool) -> None:
    for pages in (None, "1"):
        answer = asyncio.run(tool.ainvoke({"document": "a.txt", "pages": pages}))
        assert json.loads(answer)["data"]["seller"] == "ACME"


async def test_a_sync_call_inside_a_running_loop(tool: ExtractTool) -> None:
    assert json.loads(tool.invoke({"document": "a.txt"}))["data"]["seller"] == "ACME"


def test_a_key_in_the_environment_is_ignored(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLAMA_CLOUD_API_KEY", "llx-canary")
    tool = ExtractTool(data_schema=Invoice, allowed_roots=inbox, local=True)
    assert json.loads(tool.invoke({"document": "a.txt"}))["service"] == "local"
    assert "canary" not in repr(tool)


def test_it_pickles(tool: ExtractTool) -> None:
    copy = pickle.loads(pickle.dumps(tool))
    assert json.loads(copy.invoke({"document": "a.txt"}))["data"]["number"] == "A-17"


def test_nothing_is_reachable_by_default(inbox: Path) -> None:
    tool = ExtractTool(data_schema=Invoice, local=True)
    assert json.loads(str(called(tool, document="a.txt").content))["error"] == "document_not_found"


def test_a_wrong_keyword_is_said_at_once() -> None:
    for keywords in (
        {},
        {"data_schema": Invoice, "configuration_id": "cfg-1"},
        {"data_schema": Invoice, "roots": "."},
    ):
        with pytest.raises(ConfigurationError):
            ExtractTool(local=True, **keywords)


def test_a_saved_configuration_decides_the_pages() -> None:
    tool = ExtractTool(configuration_id="cfg-1", local=True)
    assert tool.name == "extract_document"
    assert list(tool.tool_call_schema.model_json_schema()["properties"]) == ["document"]


def test_a_client_of_the_caller_is_used(inbox: Path) -> None:
    with ExtractClient(local=True) as client:
        tool = ExtractTool(data_schema=Invoice, allowed_roots=inbox, client=client)
        assert tool.sync_client() is client


_AT_ONCE = """
import sys, threading
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.wire.jobs import ExtractV2Job
from extract_bridge.langchain import ExtractTool
sys.setswitchinterval(1e-6)
schema = {"title": "Invoice", "type": "object", "properties": {"number": {"type": "string"}}}
together, said = threading.Barrier(18), []

def tool():
    made = ExtractTool(data_schema=schema, local=True)
    return list(made.tool_call_schema.model_json_schema()["properties"]) + [made.args_schema(document="a").document]

def options():
    return ExtractOptions(data_schema=schema, local=True).model_dump()["local"]

def job():
    return ExtractV2Job.read({"id": "ext-1", "status": "PENDING", "later": 1}).to_dict()["later"]

def first(use):
    together.wait()
    said.append(use())

users = [threading.Thread(target=first, args=(use,)) for use in (tool, options, job) * 6]
for user in users: user.start()
for user in users: user.join()
print(sorted(map(str, said)))
"""


def test_classes_that_are_built_at_their_first_use_may_be_used_by_many_threads_at_once() -> None:
    """In a process of its own, where nothing was used before."""
    done = subprocess.run([sys.executable, "-c", _AT_ONCE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(["1"] * 6 + ["True"] * 6 + ["['document', 'pages', 'a']"] * 6)
