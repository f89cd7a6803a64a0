"""One key and one document's text: neither is in any log, dump, trace, event, message or traceback. The text is in results alone."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.documents.base import Blob
from langchain_core.load import dumps
from langchain_core.messages import AIMessage
from langchain_core.tracers.base import BaseTracer
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from pydantic import BaseModel

from extract_bridge import ExtractClient, ResultValidationError, RetryPolicy
from extract_bridge.langchain import ExtractLoader, ExtractRunnable, ExtractTool, ExtractToolkit

KEY = "llx-canary-7f3a91c2"
TEXT = "DOCTEXT-51b0"
EVERY = ("extract", "fields", "create", "get", "read", "cancel", "jobs", "list")
Sinks = dict[str, str]


class Letter(BaseModel):
    number: str | None = None


class Strict(BaseModel):
    number: str
    total: float


class Runs(BaseTracer):
    """All that a tracer is told, in words."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Any] = []

    def _persist_run(self, run: Any) -> None:
        self.runs.append(run)

    def words(self, *, with_outputs: bool) -> str:
        left, said = [*self.runs], ""
        for run in left:
            left += run.child_runs
            hidden = ("child_runs", "parent_run", *(() if with_outputs else ("outputs",)))
            said += repr({key: value for key, value in vars(run).items() if key not in hidden})
        return said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(f"Number: {TEXT}\n")
    (tmp_path / "broken.pdf").write_bytes(f"%PDF-1.4 {TEXT} is no page".encode())
    return tmp_path


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("LLAMA_CLOUD_API_KEY", KEY)
    caplog.set_level(logging.DEBUG)


def parts(folder: Path, schema: Any = Letter, **common: Any) -> dict[str, Any]:
    guards: dict[str, Any] = {"data_schema": schema, "allowed_roots": folder, **common}
    toolkit = ExtractToolkit(include=EVERY, budget=1000, **guards)
    return {
        "tool": ExtractTool(**guards),
        "toolkit": toolkit,
        **{f"toolkit's {tool.name}": tool for tool in toolkit.get_tools()},
        "loader": ExtractLoader(folder / "a.txt", data_schema=schema, **common),
        "runnable": ExtractRunnable(data_schema=schema, **common),
        "raw runnable": ExtractRunnable(data_schema=schema, include_raw=True, **common),
    }


def shown(made: dict[str, Any]) -> Sinks:
    """Everything in which an object may be shown or sent on."""
    sinks: Sinks = {}
    for name, part in made.items():
        sinks[f"repr of {name}"] = repr(part)
        sinks[f"str of {name}"] = str(part)
        sinks[f"pickle of {name}"] = pickle.dumps(part).decode("latin-1")
        sinks[f"dumps of {name}"] = dumps(part)
        if isinstance(part, BaseModel):
            sinks[f"model_dump of {name}"] = repr(part.model_dump())
            sinks[f"rich repr of {name}"] = repr(list(part.__repr_args__()))
    return sinks


def check(sinks: Sinks, *words: str) -> None:
    for name, text in sinks.items():
        for word in words:
            assert word not in text, f"{word} is in the {name}"


def told(error: BaseException, sinks: Sinks, name: str) -> None:
    sinks[f"message of {name}"] = str(error)
    sinks[f"repr of {name}"] = repr(error)
    sinks[f"traceback of {name}"] = "".join(traceback.format_exception(error))
    sinks[f"pickle of {name}"] = pickle.dumps(error).decode("latin-1")


def test_what_works_tells_nothing(
    folder: Path, extract_bridge_server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    made = parts(folder, api_key=KEY, base_url=extract_bridge_server.base_url)
    tracer = Runs()
    run: Any = {"callbacks": [tracer]}
    events: list[Any] = []
    tools = {name: part for name, part in made.items() if hasattr(part, "args_schema")}
    job_id = json.loads(made["tool"].invoke({"document": "a.txt"}, run))["job_id"]
    done = json.loads(made["toolkit's extract_letter"].invoke({"document": "a.txt"}, run))
    arguments = {
        "fields": {"document": "a.txt", "fields": [{"name": "number"}]},
        "get": {"job_id": done["job_id"]},
        "read": {"job_id": done["job_id"]},
        "cancel": {"job_id": done["job_id"]},
        "jobs": {},
        "list": {},
    }
    for tool in tools.values():
        given = arguments.get(tool.kind, {"document": "a.txt"})
        tool.invoke({"type": "tool_call", "id": "1", "name": tool.name, "args": given}, run)

    async def later() -> None:
        for tool in tools.values():
            await tool.ainvoke(arguments.get(tool.kind, {"document": "a.txt"}), run)
        events.extend(
            [event async for event in made["runnable"].astream_events(folder / "a.txt", version="v2")]
        )
        assert TEXT in str(await made["runnable"].ainvoke(Blob.from_path(folder / "a.txt"), run))
        await made["toolkit"].aclose()

    asyncio.run(later())
    content = (folder / "a.txt").read_bytes()
    for given in (
        folder / "a.txt",
        Blob.from_data(content, path="a.txt"),
        Document(page_content=content.decode(), metadata={"source": str(folder / "a.txt")}),
        {"document": folder / "a.txt"},
    ):
        assert made["runnable"].invoke(given, run) == Letter(number=TEXT)
        made["raw runnable"].invoke(given, run)
    list(made["runnable"].stream(folder / "a.txt", run))
    assert made["loader"].load()[0].page_content
    assert TEXT in tracer.words(with_outputs=True), "the results are traced"

    check(shown(made), KEY, TEXT)
    check({"log": caplog.text, "trace": tracer.words(with_outputs=False)}, KEY, TEXT)
    check({"trace": tracer.words(with_outputs=True), "events": repr(events)}, KEY)
    outputs = ("output", "chunk")
    rest = [
        {**event, "data": {k: v for k, v in event["data"].items() if k not in outputs}} for event in events
    ]
    check({"events": repr(rest)}, TEXT)
    assert job_id


def failing(made: dict[str, Any], folder: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Calls that raise, or whose answer to the model is an error."""
    broken = folder / "broken.pdf"
    yield "tool", lambda: made["tool"].invoke({"document": "broken.pdf"})
    yield "tool, async", lambda: asyncio.run(made["tool"].ainvoke({"document": "broken.pdf"}))
    yield "tool that raises", lambda: raising(made["tool"]).invoke({"document": "broken.pdf"})
    yield "create", lambda: made["toolkit's create_extract_job"].invoke({"document": "broken.pdf"})
    yield "arguments", lambda: made["tool"].invoke({"document": "a.txt", "api_key": KEY})
    yield "loader", lambda: ExtractLoader(broken, data_schema=Letter, client=made["loader"].client).load()
    yield "runnable", lambda: made["runnable"].invoke(broken)
    yield (
        "runnable, bytes",
        lambda: made["runnable"].invoke(Blob.from_data(broken.read_bytes(), path="b.pdf")),
    )
    yield "runnable, async", lambda: asyncio.run(made["runnable"].ainvoke(broken))
    yield "raw runnable", lambda: made["raw runnable"].invoke(broken)


def raising(tool: ExtractTool) -> Any:
    return tool.model_copy(update={"handle_tool_error": False})


def gathered(made: dict[str, Any], folder: Path) -> Sinks:
    sinks: Sinks = {}
    for name, call in failing(made, folder):
        try:
            sinks[f"answer of {name}"] = str(call())
        except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at
            told(error, sinks, name)
    return sinks


def test_what_fails_tells_nothing(
    folder: Path, extract_bridge_server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    made = parts(folder, api_key=KEY, base_url=extract_bridge_server.base_url)
    sinks = gathered(made, folder)
    strict = ExtractRunnable(data_schema=Strict, api_key=KEY, base_url=extract_bridge_server.base_url)
    with pytest.raises(ResultValidationError) as caught:
        strict.invoke(folder / "a.txt")
    told(caught.value, sinks, "a record that does not fit")
    assert len([name for name in sinks if name.startswith("message of")]) >= 5
    check(sinks, KEY, TEXT)
    check(shown(made), KEY, TEXT)
    check({"log": caplog.text}, KEY, TEXT)


@contextmanager
def parrot(status: int, body: bytes | None = None) -> Iterator[str]:
    """A service that answers everything with one status, and repeats the key and all headers to the caller."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            said = (
                body
                or json.dumps(
                    {"detail": f"no: {self.headers.get('authorization')} {dict(self.headers)}"}
                ).encode()
            )
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the base class's names

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("status", [200, 400, 401, 402, 403, 404, 409, 413, 422, 429, 500, 503])
def test_a_service_that_repeats_the_key(status: int, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with parrot(status) as url:
        client = ExtractClient(api_key=KEY, base_url=url, retry=RetryPolicy(attempts=0))
        made = parts(folder, client=client)
        sinks = gathered(made, folder)
        client.close()
    assert len(sinks) >= 10
    check(sinks, KEY, TEXT)
    check({"log": caplog.text}, KEY, TEXT)


def test_an_answer_that_is_no_json_is_not_repeated(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with parrot(200, f'{{"id": "dfl-1", "text": "{TEXT} {KEY}'.encode()) as url:
        client = ExtractClient(api_key=KEY, base_url=url, retry=RetryPolicy(attempts=0))
        sinks = gathered(parts(folder, client=client), folder)
        client.close()
    check(sinks, KEY, TEXT)
    check({"log": caplog.text}, KEY, TEXT)


STATUSES = {
    401: "authentication",
    402: "payment_required",
    403: "permission",
    429: "rate_limit",
    500: "server_error",
    503: "server_error",
}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_a_refusal_through_tool_node_is_a_message(status: int, folder: Path, *, is_async: bool) -> None:
    with parrot(status) as url:
        client = ExtractClient(api_key=KEY, base_url=url, retry=RetryPolicy(attempts=0))
        tool = ExtractTool(data_schema=Letter, allowed_roots=folder, client=client)
        graph = StateGraph(MessagesState)
        graph.add_node("tools", ToolNode([tool]))
        graph.add_edge(START, "tools")
        call = {"name": tool.name, "args": {"document": "a.txt"}, "id": "1"}
        asked: Any = {"messages": [AIMessage("", tool_calls=[call])]}
        run = graph.compile()
        said = (asyncio.run(run.ainvoke(asked)) if is_async else run.invoke(asked))["messages"][-1]
        client.close()
    answer = json.loads(said.content)
    assert said.status == "error"
    assert answer["error"].startswith(STATUSES[status]), answer
    assert ("do not repeat" in answer["next"]) == (status < 429)
    check({"message": said.content}, KEY, TEXT, str(folder))
