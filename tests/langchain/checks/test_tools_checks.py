"""What a demanding user of the agent tools checks, measured at the service. Each check has a seeded defect in `defects/`."""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import pytest_socket
from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_tests.integration_tests import ToolsIntegrationTests
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.types import Command, interrupt
from packaging.requirements import Requirement
from pydantic import BaseModel, TypeAdapter

from extract_bridge import AsyncExtractClient, ExtractClient, LocalService, RetryPolicy
from extract_bridge.bulk import Budget
from extract_bridge.client.http import POOL, UPLOADS
from extract_bridge.langchain import ExtractTool, ExtractToolkit, extract_interrupt_on
from extract_bridge.testing.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from langchain_core.tools import BaseTool

ROOT = Path(__file__).parents[3]
KEY = "llx-canary-7f3a"
EVERY = ("extract", "fields", "create", "get", "read", "cancel", "jobs", "list")
# Where the middleware has no choice yet, as with the oldest core, it asks about all calls of a turn at once.
MODES = (
    ["batched", "per_call"]
    if "interrupt_mode" in inspect.signature(HumanInTheLoopMiddleware).parameters
    else ["batched"]
)


class Invoice(BaseModel):
    number: str | None = None
    seller: str | None = None
    total: float | None = None


class Row(BaseModel):
    type: str | None = None
    name: str | None = None


class Scripted(FakeMessagesListChatModel):
    """A model that says what it is told to, as one that calls tools."""

    def bind_tools(self, tools: Any, **_: Any) -> Any:
        return self


def tools_of(inbox: Path, client: Any, **keywords: Any) -> dict[str, BaseTool]:
    made = ExtractToolkit(data_schema=Invoice, allowed_roots=inbox, client=client, include=EVERY, **keywords)
    return {tool.kind: tool for tool in made.get_tools()}


def call_of(tool: BaseTool, arguments: dict[str, Any], call_id: str = "call-1") -> AIMessage:
    return AIMessage("", tool_calls=[{"name": tool.name, "args": arguments, "id": call_id}])


def graph_of(*tools: BaseTool, **keywords: Any) -> Any:
    """A graph that carries out the calls of the last message, with the tool node as it comes."""
    graph = StateGraph(MessagesState)
    graph.add_node("tools", ToolNode(list(tools)))
    graph.add_edge(START, "tools")
    graph.add_edge("tools", END)
    return graph.compile(**keywords)


async def ran(tool: BaseTool, *, is_async: bool, **arguments: Any) -> ToolMessage:
    """What a tool node answers to one call."""
    graph, state = graph_of(tool), {"messages": [call_of(tool, arguments)]}
    end = await graph.ainvoke(state) if is_async else await asyncio.to_thread(graph.invoke, state)
    message = end["messages"][-1]
    assert isinstance(message, ToolMessage)
    assert isinstance(message.content, str)
    return message


def answered(handle: Callable[[httpx.Request], httpx.Response]) -> ExtractClient:
    """A client of a service that the world cannot be asked for: refusals of the cloud, and answers that are none."""
    return ExtractClient(
        api_key=KEY,
        base_url="https://extract.example.com",
        http_client=httpx.Client(transport=httpx.MockTransport(handle)),
        retry=RetryPolicy(attempts=0, settle_after=0.0),
    )


def aanswered(handle: Callable[[httpx.Request], httpx.Response]) -> AsyncExtractClient:
    return AsyncExtractClient(
        api_key=KEY,
        base_url="https://extract.example.com",
        http_client=httpx.AsyncClient(transport=httpx.MockTransport(handle)),
        retry=RetryPolicy(attempts=0, settle_after=0.0),
    )


ASYNC = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])


def _standard() -> Any:
    return _module(ROOT / "tests" / "langchain" / "test_tools_standard.py")


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"loaded_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def standard() -> Iterator[Any]:
    """The module of the standard suites; what it opens is closed, so that a failure of its check stays its own."""
    module = _standard()
    yield module
    if module._folder.cache_info().currsize:
        module.client().close()
        module._folder().cleanup()


async def test_check_01_the_standard_suites_cover_every_tool(standard: Any) -> None:
    found = standard.suites()
    assert set(standard.CLASSES) == set(EVERY)
    assert len(found) == len(EVERY) * 2 * 2
    for suite in (item() for item in found.values() if issubclass(item, ToolsIntegrationTests)):
        made = suite.tool_constructor
        tool = made(**suite.tool_constructor_params) if isinstance(made, type) else made
        suite.test_invoke_matches_output_schema(tool)
        await suite.test_async_invoke_matches_output_schema(tool)
        suite.test_invoke_no_tool_call(tool)
        await suite.test_async_invoke_no_tool_call(tool)


def test_check_02_the_declared_range_of_langchain_core() -> None:
    """All LangChain tests run with both ends of it in `.ci/slow compat`, and here with what is installed."""
    import tomllib
    from importlib.metadata import version

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    (wanted,) = (Requirement(item) for item in extras["langchain"])
    assert wanted.name == "langchain-core"
    assert [number in wanted.specifier for number in ("1.4.6", "1.4.7", "1.7.2", "1.8.2", "2.0.0")] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert version("langchain-core") in wanted.specifier
    compat = _module(ROOT / "tests" / "slow" / "test_compat_langchain.py")
    assert compat.OLDEST in wanted.specifier
    assert Requirement(compat.REQUIRED["newest"]) == wanted
    lower = {item.version for item in wanted.specifier if item.operator == ">="}
    assert lower == {compat.OLDEST}, "the oldest that is declared is the oldest that is tested"


def _python(code: str, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_check_03_imports_stay_within_their_framework() -> None:
    code = """
import sys
import extract_bridge
print("langchain_core" in sys.modules)
import extract_bridge.langchain as adapter
print("langchain_core" in sys.modules)
others = {"langgraph", "llama_index", "langchain", "langchain_text_splitters"}
def loaded():
    return others & {name.partition(".")[0] for name in sys.modules}
from langchain_core.document_loaders import BaseLoader  # which loads text splitters where they are installed
before = loaded()
for name in adapter.__all__:
    getattr(adapter, name)
print(sorted(loaded() - before))
"""
    assert _python(code).split("\n")[:3] == ["False", "False", "[]"]


def test_check_04_works_without_langgraph_and_text_splitters(inbox: Path) -> None:
    code = f"""
import asyncio, json, sys
class Absent:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in ("langgraph", "langchain_text_splitters", "langchain", "llama_index"):
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Absent())
from pydantic import BaseModel
from extract_bridge.langchain import ExtractLoader, ExtractRunnable, ExtractToolkit
class Invoice(BaseModel):
    seller: str | None = None
if __name__ == "__main__":
    toolkit = ExtractToolkit(data_schema=Invoice, allowed_roots={str(inbox)!r}, local=True)
    tools = {{tool.kind: tool for tool in toolkit.get_tools()}}
    said = json.loads(tools["extract"].invoke({{"document": "a.txt"}}))
    again = json.loads(asyncio.run(tools["read"].ainvoke({{"job_id": said["job_id"], "path": "/seller"}})))
    loaded = ExtractLoader({str(inbox / "a.txt")!r}, data_schema=Invoice, local=True).load()
    typed = ExtractRunnable(data_schema=Invoice, local=True).invoke({str(inbox / "a.txt")!r})
    print(said["data"]["seller"], again["data"], len(loaded), typed.seller)
"""
    assert _python(code).split() == ["ACME", "ACME", "1", "ACME"]


def _objects(node: Any) -> Any:
    if isinstance(node, dict):
        if node.get("type") == "object" or "properties" in node:
            yield node
        for item in node.values():
            yield from _objects(item)
    elif isinstance(node, list):
        for item in node:
            yield from _objects(item)


@pytest.mark.parametrize("kind", EVERY)
def test_check_05_what_the_model_sees_is_strict(
    kind: str, inbox: Path, shared_service: ExtractClient
) -> None:
    function = convert_to_openai_tool(tools_of(inbox, shared_service)[kind], strict=True)["function"]
    assert function["strict"] is True
    for found in _objects(function["parameters"]):
        assert found["additionalProperties"] is False
        assert found["properties"], "an object without properties can only be {}"
        assert sorted(found["required"]) == sorted(found["properties"])
    names = set(function["parameters"]["properties"])
    assert not names & {"config", "callbacks", "run_manager", "runtime"}
    assert "ToolRuntime" not in json.dumps(function)


@ASYNC
@pytest.mark.parametrize("rows", ["document,one\nimage,two\ntext,three\n", ""], ids=["typed", "none"])
async def test_check_06_rows_are_text_for_the_model(
    rows: str, is_async: bool, inbox: Path, shared_service: ExtractClient
) -> None:
    (inbox / "rows.csv").write_text(f"type,name\n{rows}")
    tool = ExtractTool(
        data_schema=Row, extraction_target="per_table_row", allowed_roots=inbox, client=shared_service
    )
    message = await ran(tool, is_async=is_async, document="rows.csv")
    wanted = [dict(zip(("type", "name"), row.split(","), strict=True)) for row in rows.split()]
    assert json.loads(str(message.content))["data"] == wanted


def _refusing(status: int) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(status, json={"detail": f"no: {request.headers['authorization']}"})


def _silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("no answer", request=request)


WORLD = {
    "401": (_refusing(401), "authentication"),
    "402": (_refusing(402), "payment_required"),
    "403": (_refusing(403), "permission_denied"),
    "timeout": (_silent, None),
}
SPECS = {
    "429": ("rate-limit=1:30", "rate_limit", 0),
    "500": ("error-before=1:500", "server_error", 0),
    "500 at create": ("error-before@create=1:500", None, 0),
    "FAILED": ("fail=1", "job_failed", 1),
}


def _is_useful(message: ToolMessage, code: str | None, inbox: Path) -> None:
    said = json.loads(str(message.content))
    assert message.status == "error"
    assert said["error"] == (code or said["error"])
    assert said["message"]
    assert said["next"]
    for secret in (KEY, str(inbox), str(inbox.parent), "Traceback"):
        assert secret not in str(message.content)


@ASYNC
@pytest.mark.parametrize("name", WORLD)
async def test_check_07_a_refusal_is_a_message_and_the_run_goes_on(
    name: str, is_async: bool, inbox: Path
) -> None:
    handle, code = WORLD[name]
    client = aanswered(handle) if is_async else answered(handle)
    tool = ExtractTool(data_schema=Invoice, allowed_roots=inbox, client=client)
    _is_useful(await ran(tool, is_async=is_async, document="a.txt"), code, inbox)


@ASYNC
@pytest.mark.parametrize("name", SPECS)
async def test_check_07_a_fault_is_a_message_and_the_run_goes_on(
    name: str, is_async: bool, inbox: Path, faulty: Any, new_jobs: Any
) -> None:
    spec, code, jobs = SPECS[name]
    tool = ExtractTool(data_schema=Invoice, allowed_roots=inbox, client=faulty(spec))
    _is_useful(await ran(tool, is_async=is_async, document="a.txt"), code, inbox)
    assert len(new_jobs()) == jobs


@ASYNC
async def test_check_07_a_missing_file_is_a_message_with_what_there_is(
    is_async: bool, inbox: Path, shared_service: ExtractClient, new_jobs: Any
) -> None:
    tool = ExtractTool(data_schema=Invoice, allowed_roots=inbox, client=shared_service)
    message = await ran(tool, is_async=is_async, document="b.txt")
    _is_useful(message, "document_not_found", inbox)
    assert "a.txt" in message.content
    assert not new_jobs()


@ASYNC
async def test_check_07_still_running_is_an_answer_that_can_be_joined(
    is_async: bool, inbox: Path, faulty: Any, new_jobs: Any
) -> None:
    tool = ExtractTool(data_schema=Invoice, allowed_roots=inbox, client=faulty("stuck=1"), timeout=0.2)
    answers = [json.loads(str((await ran(tool, is_async=is_async, document="a.txt")).content)) for _ in "12"]
    assert [item["status"] for item in answers] == ["RUNNING", "RUNNING"]
    assert {item["job_id"] for item in answers} == set(new_jobs())
    shared = tool.sync_client()
    shared.cancel(answers[0]["job_id"])


NO_JOBS = {
    "no JSON": httpx.Response(200, content=b'{"id": "dfl-'),
    "an array": httpx.Response(200, json=[]),
    "other types": httpx.Response(200, json={"id": 5, "status": [], "name": {}}),
    "nothing": httpx.Response(200, json={}),
}


@ASYNC
@pytest.mark.parametrize("name", NO_JOBS)
async def test_check_08_a_malformed_answer_is_no_argument_error(
    name: str, is_async: bool, inbox: Path
) -> None:
    def handle(_: httpx.Request) -> httpx.Response:
        found = NO_JOBS[name]
        return httpx.Response(found.status_code, content=found.content)

    client = aanswered(handle) if is_async else answered(handle)
    tool = ExtractTool(data_schema=Invoice, allowed_roots=inbox, client=client)
    message = await ran(tool, is_async=is_async, document="a.txt")
    assert message.status == "error"
    assert json.loads(str(message.content))["error"] not in ("invalid_arguments", "document_refused")
    assert "Correct the arguments" not in message.content


@ASYNC
async def test_check_08_a_validation_error_within_is_no_argument_error(
    is_async: bool, shared_service: ExtractClient
) -> None:
    def find(_: str, __: Any) -> Any:
        return TypeAdapter(Invoice).validate_json('{"total": "many"}')

    tool = ExtractTool(data_schema=Invoice, documents=find, client=shared_service)
    said = json.loads(str((await ran(tool, is_async=is_async, document="a.txt")).content))
    assert said["error"] == "unexpected_answer"
    assert "many" not in json.dumps(said)


WRONG = {
    "missing": ("extract", {}, "document:"),
    "a list": ("extract", {"document": ["a.txt"]}, "document:"),
    "extra": ("extract", {"document": "a.txt", "tier": "agentic"}, "tier:"),
    "pages": ("extract", {"document": "a.txt", "pages": "first"}, "pages:"),
    "wait": ("get", {"job_id": "ext-1", "wait_seconds": 4000}, "wait_seconds:"),
    "offset": ("read", {"job_id": "ext-1", "offset": -1}, "offset:"),
    "limit": ("list", {"limit": "all"}, "limit:"),
}


@ASYNC
@pytest.mark.parametrize("name", WRONG)
async def test_check_09_bad_arguments_are_named(
    name: str, is_async: bool, inbox: Path, shared_service: ExtractClient, new_jobs: Any
) -> None:
    kind, arguments, said = WRONG[name]
    tool = tools_of(inbox, shared_service)[kind]
    message = await ran(tool, is_async=is_async, **arguments)
    problem = json.loads(str(message.content))
    assert (message.status, problem["error"]) == ("error", "invalid_arguments")
    assert said in problem["message"]
    assert not new_jobs()


@ASYNC
async def test_check_10_all_pages_together_are_the_result(
    is_async: bool, inbox: Path, shared_service: ExtractClient
) -> None:
    lines = [f'kind{number},"name {number} with some ""words"" to fill"' for number in range(120)]
    (inbox / "rows.csv").write_text("\n".join(["type,name", *lines]) + "\n")
    made = ExtractToolkit(
        data_schema=Row,
        extraction_target="per_table_row",
        allowed_roots=inbox,
        client=shared_service,
        max_content_chars=1500,
    )
    tools = {tool.kind: tool for tool in made.get_tools()}
    first = await ran(tools["extract"], is_async=is_async, document="rows.csv")
    answer = json.loads(str(first.content))
    wanted = [record["data"] for record in first.artifact["records"]]
    assert len(wanted) == 120
    found: list[Any] = [*answer["data"]]
    rest, pages = answer["truncated"]["rest"], 1
    assert answer["truncated"]["rows_total"] == 120
    assert len(first.content) <= 1500
    while rest:
        (following,) = rest  # whole rows are shown, so what is left begins at a row
        message = await ran(tools["read"], is_async=is_async, job_id=answer["job_id"], **following)
        assert len(message.content) <= 1500
        page = json.loads(str(message.content))
        assert page["data"], "a page that shows nothing would never end"
        found += page["data"]
        rest, pages = (page["truncated"] or {}).get("rest", []), pages + 1
    assert pages > 3
    assert found == wanted


@ASYNC
async def test_check_11_the_artifact_survives_a_checkpoint(
    is_async: bool, inbox: Path, shared_service: ExtractClient
) -> None:
    for kind, arguments in (("extract", {"document": "a.txt"}), ("list", {})):
        tool = tools_of(inbox, shared_service)[kind]
        graph = graph_of(tool, checkpointer=InMemorySaver())
        run: Any = {"configurable": {"thread_id": kind}}
        state: Any = {"messages": [call_of(tool, arguments)]}
        end = await graph.ainvoke(state, run) if is_async else graph.invoke(state, run)
        artifact = end["messages"][-1].artifact
        assert json.loads(json.dumps(artifact, allow_nan=False)) == artifact
        assert graph.get_state(run).values["messages"][-1].artifact == artifact
    assert end["messages"][-1].artifact["documents"] == ["a.txt"]


_STRICT = """
import json, sys
from dataclasses import dataclass
from langchain_core.messages import AIMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from extract_bridge.langchain import ExtractTool

@dataclass
class Note:
    text: str

serde = JsonPlusSerializer()
print("lax" if isinstance(serde.loads_typed(serde.dumps_typed(Note("x"))), Note) else "strict")
schema = {"title": "Invoice", "type": "object", "properties": {"seller": {"type": "string"}}}
tool = ExtractTool(data_schema=schema, allowed_roots=sys.argv[1], local=True)
graph = StateGraph(MessagesState)
graph.add_node("tools", ToolNode([tool]))
graph.add_edge(START, "tools")
graph.add_edge("tools", END)
graph = graph.compile(checkpointer=InMemorySaver())
run = {"configurable": {"thread_id": "1"}}
call = {"name": tool.name, "args": {"document": "a.txt"}, "id": "1"}
artifact = graph.invoke({"messages": [AIMessage("", tool_calls=[call])]}, run)["messages"][-1].artifact
again = graph.get_state(run).values["messages"][-1].artifact
print(again == artifact == json.loads(json.dumps(artifact)), artifact["records"][0]["data"]["seller"])
"""


def test_check_11_it_survives_a_checkpoint_that_refuses_foreign_types(inbox: Path) -> None:
    """In a process of its own: langgraph reads the variable when it is imported."""
    said = _python(_STRICT, str(inbox), LANGGRAPH_STRICT_MSGPACK="true").split("\n")
    assert said[:2] == ["strict", "True ACME"]


def _asked(toolkit: ExtractToolkit, mode: Any, *names: str) -> tuple[Any, Any]:
    tool = toolkit.get_tools()[0]
    calls = [{"name": tool.name, "args": {"document": name}, "id": str(at)} for at, name in enumerate(names)]
    model = Scripted(responses=[AIMessage("", tool_calls=calls), AIMessage("done")])
    chosen: Any = {"interrupt_mode": mode} if len(MODES) > 1 else {}
    guard = HumanInTheLoopMiddleware(interrupt_on=extract_interrupt_on(toolkit), **chosen)
    agent = create_agent(model, toolkit.get_tools(), middleware=[guard], checkpointer=InMemorySaver())
    run: Any = {"configurable": {"thread_id": "1"}}
    agent.invoke({"messages": [("user", "Read it")]}, run)
    return agent, run


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("decision", ["approve", "edit", "reject"])
def test_check_12_no_job_before_a_person_says_so(
    mode: str, decision: str, inbox: Path, shared_service: ExtractClient, new_jobs: Any
) -> None:
    (inbox / "b.txt").write_text("Number: b-17\n")
    toolkit = ExtractToolkit(data_schema=Invoice, allowed_roots=inbox, client=shared_service)
    agent, run = _asked(toolkit, mode, "a.txt")
    assert not new_jobs()
    tool = toolkit.get_tools()[0].name
    said: dict[str, Any] = {"type": decision}
    if decision == "edit":
        said["edited_action"] = {"name": tool, "args": {"document": "b.txt"}}
    messages = agent.invoke(Command(resume={"decisions": [said]} if mode == "batched" else said), run)[
        "messages"
    ]
    assert messages[-1].content == "done"
    assert len(new_jobs()) == (decision != "reject")
    if decision == "edit":
        (answer,) = (item for item in messages if isinstance(item, ToolMessage))
        assert answer.artifact["records"][0]["data"]["number"] == "b-17"  # the text has a note on the edit


def test_check_12_an_interrupt_within_the_tool_is_one_job(
    inbox: Path, shared_service: ExtractClient, new_jobs: Any
) -> None:
    seen: list[str] = []

    def find(name: str, _: Any) -> Any:
        seen.append(name)
        return inbox / interrupt(f"which {name}?")

    tool = ExtractTool(data_schema=Invoice, documents=find, client=shared_service)
    graph, run = graph_of(tool, checkpointer=InMemorySaver()), {"configurable": {"thread_id": "1"}}
    asked = graph.invoke({"messages": [call_of(tool, {"document": "mine"})]}, run)
    assert asked["__interrupt__"][0].value == "which mine?"
    assert not new_jobs()
    end = graph.invoke(Command(resume="a.txt"), run)
    assert json.loads(end["messages"][-1].content)["data"]["seller"] == "ACME"
    assert (len(seen), len(new_jobs())) == (2, 1)


REFUSED = {
    "up": "../secret.txt",
    "up within": "sub/../../secret.txt",
    "absolute": "{parent}/secret.txt",
    "link": "link.txt",
    "folder link": "outside/secret.txt",
    "proc": "/proc/self/environ",
    "fifo": "pipe.txt",
    "folder": "sub",
    "huge": "huge.txt",
    "NUL": "a.txt\0",
    "hidden": ".env",
    "URL": "https://example.com/a.pdf",
    "file URL": "file://{parent}/secret.txt",
    "data URL": "data:text/plain,secret",
    "home": "~/secret.txt",
    "Windows": "C:\\secret.txt",
    "an id": "dfl-of-another",
}


@ASYNC
@pytest.mark.parametrize("name", REFUSED)
async def test_check_13_nothing_else_can_be_reached(
    name: str,
    is_async: bool,
    inbox: Path,
    shared_service: ExtractClient,
    new_jobs: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (inbox / "sub").mkdir()
    (inbox / ".env").write_text("the secret")
    (inbox / "huge.txt").write_text("x" * 60_000)
    (inbox / "link.txt").symlink_to(inbox.parent / "secret.txt")
    (inbox / "outside").symlink_to(inbox.parent)
    os.mkfifo(inbox / "pipe.txt")
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_UPLOAD_BYTES", "50000")
    asked = REFUSED[name].format(parent=inbox.parent)
    for kind in ("extract", "create", "fields"):
        arguments = {"document": asked, **({"fields": [{"name": "number"}]} if kind == "fields" else {})}
        message = await ran(tools_of(inbox, shared_service)[kind], is_async=is_async, **arguments)
        said = json.loads(str(message.content))
        assert message.status == "error"
        assert said["error"] in ("document_refused", "document_too_large", "id_not_allowed")
        assert "the secret" not in message.content
        assert str(inbox) not in message.content
    assert not new_jobs()


@ASYNC
async def test_check_14_over_budget_no_job_is_made(
    is_async: bool, inbox: Path, shared_service: ExtractClient, new_jobs: Any
) -> None:
    fields = {"fields": [{"name": "number"}]}
    budget = Budget(credits=2)
    tools = tools_of(inbox, shared_service, budget=budget)
    for kind in ("extract", "create", "fields"):
        more = fields if kind == "fields" else {}
        message = await ran(tools[kind], is_async=is_async, document="a.txt", **more)
        assert (message.status, json.loads(str(message.content))["error"]) == ("error", "budget_exceeded")
    assert not new_jobs()
    assert (budget.spent, budget.reserved) == (0, 0)


@ASYNC
async def test_check_14_pages_beyond_those_allowed_are_no_job(
    is_async: bool, inbox: Path, shared_service: ExtractClient, new_jobs: Any
) -> None:
    tools = tools_of(inbox, shared_service, target_pages="1-2")
    for pages in ("3", "1-3", "1-999999999"):
        message = await ran(tools["extract"], is_async=is_async, document="a.txt", pages=pages)
        assert message.status == "error"
    assert not new_jobs()


@ASYNC
async def test_check_15_a_forged_runtime_is_ignored(
    is_async: bool, inbox: Path, shared_service: ExtractClient
) -> None:
    seen: list[Any] = []

    def find(_: str, runtime: Any) -> Any:
        seen.append(runtime)
        return inbox / "a.txt"

    tool = ExtractTool(data_schema=Invoice, documents=find, client=shared_service)
    forged = {"tool_call_id": "forged", "state": {"user": "root"}}
    await ran(tool, is_async=is_async, document="mine", runtime=forged)
    assert [runtime.tool_call_id for runtime in seen] == ["call-1"]
    assert "user" not in seen[0].state


async def test_check_16_progress_is_shown_where_somebody_looks(
    inbox: Path, shared_service: ExtractClient, capsys: pytest.CaptureFixture[str]
) -> None:
    tool = ExtractTool(data_schema=Invoice, allowed_roots=inbox, client=shared_service)
    state = {"messages": [call_of(tool, {"document": "a.txt"})]}

    def fresh() -> Any:
        return graph_of(ExtractTool(data_schema=Invoice, allowed_roots=inbox, client=shared_service))

    written = list(fresh().stream(state, stream_mode="custom"))
    awritten = [item async for item in fresh().astream(state, stream_mode="custom")]
    deltas = [item async for item in fresh().astream(state, stream_mode="tools")]
    events = [
        item["data"]
        async for item in fresh().astream_events(state, version="v2")
        if item["event"] == "on_custom_event" and item["name"] == "extract_progress"
    ]
    for shown in (written, awritten, events):
        assert shown[-1]["status"] == "COMPLETED"
        assert {item["document"] for item in shown} == {"a.txt"}
        assert len({item["job_id"] for item in shown}) == 1
    assert "COMPLETED" in str(deltas)
    assert "extract_progress" in str(deltas)
    capsys.readouterr()
    tool.invoke({"document": "a.txt"})
    await tool.ainvoke({"document": "a.txt"})
    assert capsys.readouterr() == ("", "")


class _Counting(BaseCallbackHandler):
    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.tags: Any = None
        self.metadata: Any = None

    def on_tool_start(self, *_: Any, tags: Any = None, metadata: Any = None, **__: Any) -> None:
        self.seen["start"] += 1
        self.tags, self.metadata = tags, metadata

    def on_tool_end(self, *_: Any, **__: Any) -> None:
        self.seen["end"] += 1

    def on_tool_error(self, *_: Any, **__: Any) -> None:
        self.seen["error"] += 1


@ASYNC
@pytest.mark.parametrize("document", ["a.txt", "b.txt"])
async def test_check_17_one_start_and_one_end_for_each_call(
    document: str,
    is_async: bool,
    inbox: Path,
    shared_service: ExtractClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "false")
    tool = ExtractTool(
        data_schema=Invoice, allowed_roots=inbox, client=shared_service, tags=["own"], metadata={"own": 1}
    )
    counting = _Counting()
    config: Any = {"callbacks": [counting], "tags": ["given"], "metadata": {"given": 2}}
    call: Any = {"name": tool.name, "args": {"document": document}, "id": "1", "type": "tool_call"}
    await tool.ainvoke(call, config) if is_async else tool.invoke(call, config)
    assert counting.seen["start"] == 1
    assert counting.seen["end"] + counting.seen["error"] == 1
    assert {"own", "given"} <= set(counting.tags)
    assert {"own": 1, "given": 2}.items() <= counting.metadata.items()


@pytest.mark.parametrize("way", ["cancel", "timeout", "join"])
async def test_check_19_cancelling_the_call_cancels_the_job(
    way: str, inbox: Path, faulty: Any, new_jobs: Any
) -> None:
    tool = ExtractTool(data_schema=Invoice, allowed_roots=inbox, client=faulty("stuck=1"), timeout=60)
    if way == "join":  # the job of a call before, which had given up
        tool.timeout = 0.2
        await tool.ainvoke({"document": "a.txt"})
        tool.timeout = 60
    call = asyncio.ensure_future(tool.ainvoke({"document": "a.txt"}))
    while not await asyncio.to_thread(new_jobs):
        await asyncio.sleep(0.01)
    if way == "timeout":
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(call, 0.2)
    else:
        await asyncio.sleep(0.1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    (job_id,) = new_jobs()
    client = tool.async_client()
    for _ in range(100):
        job = await client.get(job_id)
        if job.is_final:
            break
        await asyncio.sleep(0.02)
    status = str(job.status)
    if status != "CANCELLED":
        await client.cancel(job_id)
    assert status == "CANCELLED"


def test_check_20_one_tool_for_many_threads_and_tasks(tmp_path: Path, inbox: Path) -> None:
    # Tasks enough that each could have a connection of its own, and documents that several tasks and threads ask for at once.
    names = [f"{number}.txt" for number in range(40)]
    for name in names:
        (inbox / name).write_text(f"Number: n-{name}\n")
    with (
        serving(tmp_path / "service") as server,
        ExtractClient(api_key="any", base_url=server.base_url) as client,
    ):
        tool = ExtractTool(data_schema=Invoice, allowed_roots=inbox, client=client)
        most, done = [0], threading.Event()

        def watch() -> None:
            port = f":{int(server.base_url.rpartition(':')[2]):04X}"
            while not done.wait(0.01):
                rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
                # 01 is ESTABLISHED; counted at the client's end
                most[0] = max(most[0], sum(row[2].endswith(port) and row[3] == "01" for row in rows))

        async def tasks() -> list[tuple[str, str]]:
            async def one(name: str) -> tuple[str, str]:
                return name, await tool.ainvoke({"document": name})

            return await asyncio.gather(*map(one, [*names, *names[:10]]))

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            with ThreadPoolExecutor(21) as pool:
                running = pool.submit(asyncio.run, tasks())
                answers = list(
                    pool.map(
                        lambda name: (name, tool.invoke({"document": name})), names[:10] * 2, timeout=120
                    )
                )
                answers += running.result(120)
        finally:
            done.set()
            watching.join()
        assert len(answers) == 70
        assert all(json.loads(text)["data"]["number"] == f"n-{name}" for name, text in answers)
        assert len(list(client.list())) == len(names)
        if Path("/proc/net/tcp").exists():
            assert 0 < most[0] <= 2 * (POOL + UPLOADS), "the lanes of the threads, and those of the loop"


@ASYNC
async def test_check_31_an_agent_end_to_end_offline(is_async: bool, tmp_path: Path) -> None:
    (tmp_path / "ACME-Invoice.txt").write_text("Number: a-17\nSeller: ACME\nTotal: 250.00\n")
    service = LocalService(data_dir=tmp_path / ".service", workers=1)
    pytest_socket.disable_socket(allow_unix_socket=True)
    try:
        with ExtractToolkit(
            data_schema=Invoice, allowed_roots=tmp_path, local=service, include=EVERY
        ) as toolkit:
            tools = {tool.kind: tool for tool in toolkit.get_tools()}
            document = "ACME-Invoice.txt"
            responses = [
                call_of(tools["list"], {"contains": "acme"}, "1"),
                call_of(tools["extract"], {"document": document}, "2"),
                call_of(tools["jobs"], {}, "3"),
                AIMessage("It says 250.00 on page 1."),
            ]
            agent = create_agent(Scripted(responses=responses), toolkit.get_tools())
            question: Any = {"messages": [("user", "How much does the invoice of ACME say?")]}
            end = await agent.ainvoke(question) if is_async else agent.invoke(question)
            answers = [
                json.loads(str(item.content)) for item in end["messages"] if isinstance(item, ToolMessage)
            ]
            listed, extracted, jobs = answers
            assert listed["documents"] == [document]
            assert extracted["data"]["total"] == 250.0
            assert extracted["evidence"]["/total"]["page"] == 1
            assert "250.00" in extracted["evidence"]["/total"]["quote"]
            assert [job["job_id"] for job in jobs["jobs"]] == [extracted["job_id"]]
            assert end["messages"][-1].content == "It says 250.00 on page 1."
    finally:
        pytest_socket.enable_socket()
