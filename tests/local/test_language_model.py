"""The user's own language model, the whole way: client, service, worker and back, against a scripted server and the frameworks' fakes.

This shows the plumbing. It says nothing of how well a real model reads.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableLambda
from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from pydantic import BaseModel
from reportlab.pdfgen import canvas

from extract_bridge import ConfigurationError, ExtractClient, LocalService, OpenAICompatible, records_from_job
from extract_bridge.local.engine.frames import Ask
from extract_bridge.local.service.language_model import adapt, answer

TEXT = "Invoice number: A-77\nThe supplier shall deliver the goods to Oslo before winter.\n"
SCHEMA = {
    "type": "object",
    "properties": {"invoice_number": {"type": "string"}, "delivery_city": {"type": "string"}},
}
GOOD = json.dumps({"delivery_city": {"value": "Oslo", "quote": "to Oslo"}})
INVENTED = json.dumps({"delivery_city": {"value": "Bergen", "quote": "to Bergen"}})
KEY = "sk-canary-0451"


class Server(ThreadingHTTPServer):
    """An OpenAI-compatible server that plays a script: a status and a body, or a function that waits, for each request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: list[Any] = []
        self.seen: list[tuple[str, dict[str, Any], str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.seen.append((self.path, body, self.headers["authorization"]))
        step = self.server.script.pop(0)
        status, content, headers = step() if callable(step) else step
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"content-length": str(len(raw)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def says(text: str | None, finish: str = "stop", **more: Any) -> tuple[int, Any, dict[str, str]]:
    return 200, {"choices": [{"message": {"content": text, **more}, "finish_reason": finish}]}, {}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def extract(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Run one document through a service of its own that may ask `llm`."""
    file = tmp_path / "deal.txt"
    file.write_text(TEXT, encoding="utf-8")
    clients: list[ExtractClient] = []

    def run(llm: Any, **settings: Any) -> Any:
        service = LocalService(llm=llm, data_dir=tmp_path / f"data{len(clients)}", workers=1, **settings)
        client = ExtractClient(local=service)
        clients.append(client)
        (record,) = records_from_job(client.run(file, data_schema=SCHEMA))
        return record

    yield run
    for client in clients:
        client.close()


def asking(server: Server, **settings: Any) -> OpenAICompatible:
    return OpenAICompatible(base_url=server.url, model="tiny", **settings)


def test_a_good_reply_fills_the_gap_with_evidence(
    server: Server, extract: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINY_KEY", KEY)
    server.script = [says(GOOD)]
    record = extract(asking(server, api_key_env="TINY_KEY", options={"max_tokens": 500}))
    assert record.data == {"invoice_number": "A-77", "delivery_city": "Oslo"}
    city = record.fields["/delivery_city"]
    assert (city.citations[0].page, city.citations[0].quote) == (1, "Oslo")
    ((path, body, key),) = server.seen
    assert (path, key) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("tiny", 0, 500)
    form = body["response_format"]["json_schema"]
    assert form["strict"] is True
    assert list(form["schema"]["properties"]) == ["delivery_city"]
    assert KEY not in json.dumps(record.to_dict())


@pytest.mark.parametrize(
    ("script", "city", "warning"),
    [
        ([says("Oslo, I think."), says(GOOD)], "Oslo", None),
        ([says("Oslo"), says("Oslo")], None, "1 of its answers did not fit the schema"),
        ([says(INVENTED)], "Bergen", "not in the document's words: /delivery_city"),
        ([says('{"delivery_city": {"va', "length")], None, "cut off at the model's token limit"),
        ([says(None, refusal="no")], None, "declined to answer"),
        ([(429, {}, {"retry-after": "0"}), says(GOOD)], "Oslo", None),
        ([(429, {}, {"retry-after": "0"})] * 3, None, "rate limited (status 429)"),
        ([(401, {"error": KEY}, {})], None, "the key was refused (status 401)"),
        ([(500, b"boom", {}), (503, b"", {"retry-after": "0"}), says(GOOD)], "Oslo", None),
        ([(400, {"error": "response_format"}, {}), says(GOOD)], "Oslo", None),
        ([(200, b"<html>", {})], None, "no chat completion"),
        ([(302, b"", {"location": "http://127.0.0.1:1/"})], None, "refused the request (status 302)"),
    ],
    ids=[
        "repaired", "never fits", "invented", "truncated", "declined", "rate limited once", "rate limited", "wrong key",
        "down for a moment", "no response_format", "no JSON", "redirect",
    ],
)  # fmt: skip
def test_every_kind_of_reply_ends_in_a_record(
    server: Server, extract: Callable[..., Any], script: list[Any], city: str | None, warning: str | None
) -> None:
    server.script = list(script)
    record = extract(asking(server))
    assert record.data == {"invoice_number": "A-77", "delivery_city": city}
    assert server.script == []
    assert len(record.warnings) == (warning is not None)
    if warning:
        assert warning in record.warnings[0]
    assert KEY not in str(record.warnings)


def test_a_server_that_is_too_slow_is_given_up(server: Server, extract: Callable[..., Any]) -> None:
    release = threading.Event()

    def slow() -> Any:
        release.wait(30)
        return says(GOOD)

    server.script = [slow]
    record = extract(asking(server, timeout=0.2))
    release.set()
    assert record.data["delivery_city"] is None
    assert record.warnings == ("The language model was asked, but: no reply within 0.2 seconds.",)


def test_a_server_that_is_not_there_is_told(extract: Callable[..., Any]) -> None:
    record = extract(OpenAICompatible(base_url="http://127.0.0.1:9/v1", model="tiny", retries=0))
    assert record.warnings == ("The language model was asked, but: the server could not be reached.",)


def test_in_rules_mode_nothing_is_asked(server: Server, extract: Callable[..., Any]) -> None:
    assert extract(asking(server), llm_mode="rules").data["delivery_city"] is None
    assert server.seen == []


def test_a_langchain_chat_model_is_asked(extract: Callable[..., Any]) -> None:
    model = GenericFakeChatModel(messages=iter([AIMessage(f"```json\n{GOOD}\n```")]))
    assert extract(model).data["delivery_city"] == "Oslo"


class _Structured(GenericFakeChatModel):
    """A chat model that has structured output, as the hosted ones do."""

    def with_structured_output(self, schema: Any, *, include_raw: bool = False, **_: Any) -> Any:
        assert include_raw
        assert schema["title"] == "extraction"
        return RunnableLambda(
            lambda _: {"raw": AIMessage(""), "parsed": json.loads(GOOD), "parsing_error": None}
        )


def test_a_langchain_models_structured_output_is_used(extract: Callable[..., Any]) -> None:
    assert extract(_Structured(messages=iter([]))).data["delivery_city"] == "Oslo"


class _Scripted(CustomLLM):
    """A LlamaIndex LLM with one thing to say."""

    said: str

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata()

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        assert "deliver the goods" in prompt
        return CompletionResponse(text=self.said)

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> Any:
        raise NotImplementedError


def test_a_llama_index_llm_is_asked(extract: Callable[..., Any]) -> None:
    assert extract(_Scripted(said=GOOD)).data["delivery_city"] == "Oslo"


def test_a_function_is_asked(extract: Callable[..., Any]) -> None:
    assert extract(lambda _messages, _schema: GOOD).data["delivery_city"] == "Oslo"


def test_a_function_that_raises_does_not_tell_what(extract: Callable[..., Any]) -> None:
    def broken(_messages: Any, _schema: Any) -> str:
        raise ValueError(KEY)

    assert extract(broken).warnings == ("The language model was asked, but: it raised ValueError.",)


@pytest.mark.parametrize(
    ("llm", "says"),
    [
        (42, "int, which the local engine cannot ask"),
        (OpenAICompatible(base_url="ftp://x", model="m"), "no http or https URL"),
        (OpenAICompatible(base_url="https://x.example/v1", model="m", api_key_env="NO_SUCH_KEY"), "NO_SUCH_KEY holds no key"),
    ],
    ids=["no model", "no URL", "no key"],
)  # fmt: skip
def test_a_model_that_cannot_be_asked_is_refused_at_once(
    llm: Any, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    with pytest.raises(ConfigurationError, match=says):
        ExtractClient(local=LocalService(llm=llm, data_dir=tmp_path)).validate_schema(SCHEMA)


def test_a_key_does_not_leave_over_plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINY_KEY", KEY)
    with pytest.raises(ConfigurationError, match="plain http") as told:
        adapt(OpenAICompatible(base_url="http://models.example/v1", model="m", api_key_env="TINY_KEY"))
    assert KEY not in repr(told.value)


def test_offline_means_no_model_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_OFFLINE", "1")
    with pytest.raises(ConfigurationError, match="EXTRACT_BRIDGE_OFFLINE"):
        adapt(OpenAICompatible(base_url="https://models.example/v1", model="m"))
    adapt(OpenAICompatible(base_url="http://127.0.0.1:1/v1", model="m"))


def test_a_stopped_job_does_not_wait_for_its_model() -> None:
    release = threading.Event()
    stopped = threading.Event()

    def slow(_messages: Any, _schema: Any) -> str:
        stopped.set()
        release.wait(30)
        return GOOD

    ask = Ask(number=1, messages=[], json_schema={})
    assert answer(slow, ask, seconds=60, stopped=stopped.is_set).error == "the job was stopped"
    release.set()


def test_the_models_time_is_not_the_documents(
    extract: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_WORKER_SECONDS", "2")

    def patient(_messages: Any, _schema: Any) -> str:
        time.sleep(3.5)  # longer than the document may take, and the dispatcher looks every second
        return GOOD

    assert extract(patient).data["delivery_city"] == "Oslo"


def test_the_page_about_it_runs_as_it_stands(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "examples" / "language_model.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    drawn = canvas.Canvas(str(tmp_path / "contract.pdf"))
    drawn.drawString(72, 700, "The supplier shall deliver the goods to Oslo before winter.")
    drawn.save()

    class Contract(BaseModel):
        delivery_city: str | None = None

    monkeypatch.chdir(tmp_path)
    server.script = [says(GOOD)]
    exec(block.replace("http://127.0.0.1:11434/v1", server.url), {"Contract": Contract})
    assert "/delivery_city Oslo 0.89" in capsys.readouterr().out
    assert "Amounts are in thousands of euros." in server.seen[0][1]["messages"][0]["content"]
