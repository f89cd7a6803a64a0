"""A document with known truth, jobs as the service writes them, a client of a service of its own, and models that do as they are told."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    CompletionResponse,
    LLMMetadata,
    MessageRole,
)
from llama_index.core.instrumentation import get_dispatcher
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.instrumentation.span import SimpleSpan
from llama_index.core.instrumentation.span_handlers import SimpleSpanHandler
from llama_index.core.llms.custom import CustomLLM
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import ToolSelection
from pydantic import Field, PrivateAttr

from extract_bridge import ExtractClient, LocalService
from extract_bridge.llama_index.instrumentation import ExtractJobEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TEXT = """INVOICE

Invoice number: INV-2041
Invoice date: 2026-03-14
Seller: Borealis Supply Ltd
Total: 1240.50
"""
SCHEMA = {
    "title": "Invoice",
    "type": "object",
    "properties": {
        "invoice_number": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "seller": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "total": {"anyOf": [{"type": "number"}, {"type": "null"}]},
    },
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with `a.txt` in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT)
    return tmp_path


@pytest.fixture
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExtractClient]:
    """A client of a local service of its own, so that its jobs can be counted."""
    service = LocalService(data_dir=tmp_path_factory.mktemp("service"), workers=1)
    with ExtractClient(local=service) as client:
        yield client


def _entry(quote: str, page: int, confidence: float) -> dict[str, Any]:
    box = {"x": 50.0, "y": 100.0, "w": 80.0, "h": 12.0}
    return {
        "citation": [
            {
                "page": page,
                "matching_text": quote,
                "bounding_boxes": [box],
                "page_dimensions": {"width": 595.0, "height": 842.0},
            }
        ],
        "confidence": confidence,
        "extraction_confidence": confidence,
        "parsing_confidence": 1.0,
    }


@pytest.fixture
def make_job() -> Callable[..., dict[str, Any]]:
    """A finished job as JSON; confidence, id and total as asked."""

    def make(
        *, confidence: float = 0.91, job_id: str = "ext-1", total: float = 1240.5, items: int = 2
    ) -> Any:
        rows = [{"description": f"Part {number}", "amount": number + 0.5} for number in range(items)]
        data = {
            "invoice_number": "INV-2041",
            "seller": {"name": "Borealis Supply Ltd"},
            "note": None,
            "total": total,
            "line_items": rows,
        }
        evidence = {
            "invoice_number": _entry("INV-2041", 1, confidence),
            "seller": {"name": _entry("Borealis Supply Ltd", 1, confidence)},
            "total": _entry("1,240.50", 2, confidence),
            "line_items": [
                {
                    "description": _entry(f"Part {number}", 1 + number % 2, confidence),
                    "amount": _entry(f"{number}.50", 1 + number % 2, confidence),
                }
                for number in range(items)
            ],
        }
        job = {
            "id": job_id,
            "status": "COMPLETED",
            "file_input": "dfl-11111111-2222-3333-4444-555555555555",
            "created_at": "2026-03-14T10:00:00Z",
            "updated_at": "2026-03-14T10:00:09Z",
            "configuration": {"data_schema": SCHEMA, "extraction_target": "per_doc", "tier": "agentic"},
            "extract_result": data,
            "extract_metadata": {"field_metadata": {"document_metadata": evidence}, "parse_job_id": "pjb-9"},
        }
        return copy.deepcopy(job)

    return make


class ScriptedLLM(FunctionCallingLLM, CustomLLM):
    """Takes its turns from a list. The framework's own mock of this kind is younger than the oldest framework that is supported."""

    _left: list[Any] = PrivateAttr()

    def __init__(self, turns: list[Any]) -> None:
        super().__init__()
        self._left = turns

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(is_function_calling_model=True, is_chat_model=True)

    def chat(self, messages: Any, **_: Any) -> ChatResponse:
        turn = self._left.pop(0) if self._left else []
        calls = turn(list(messages)) if callable(turn) else turn
        message = ChatMessage(
            role=MessageRole.ASSISTANT,
            content=None if calls else "done",
            additional_kwargs={"tool_calls": calls},
        )
        return ChatResponse(message=message)

    def get_tool_calls_from_response(self, response: Any, *_: Any, **__: Any) -> list[ToolSelection]:
        calls = response.message.additional_kwargs["tool_calls"]
        return [
            ToolSelection(tool_id=str(at), tool_name=name, tool_kwargs=arguments)
            for at, (name, arguments) in enumerate(calls)
        ]

    def _prepare_chat_with_tools(self, tools: Any, chat_history: Any = None, **_: Any) -> dict[str, Any]:
        return {"messages": chat_history}

    def complete(self, *_: Any, **__: Any) -> CompletionResponse:
        raise NotImplementedError

    def stream_complete(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError


@pytest.fixture
def scripted() -> Callable[..., ScriptedLLM]:
    """Makes a model of turns: each a list of `(tool, arguments)`, all called at once, or a function from messages to such a list."""
    return lambda *turns: ScriptedLLM(list(turns))


class Events(BaseEventHandler):
    seen: list[Any] = Field(default_factory=list)

    def handle(self, event: Any, **_: Any) -> None:
        if isinstance(event, ExtractJobEvent):
            self.seen.append(event)


class Spans(SimpleSpanHandler):
    told: list[str] = Field(default_factory=list)
    ends: list[tuple[str, str]] = Field(default_factory=list)

    def new_span(self, id_: str, bound_args: Any, **keywords: Any) -> SimpleSpan:
        self.told.append(f"{id_} {bound_args}")
        return super().new_span(id_, bound_args, **keywords)

    def prepare_to_exit_span(self, id_: str, bound_args: Any, result: Any = None, **keywords: Any) -> Any:
        if id_.startswith(("Extract", "extract")):  # those that the framework opens hold what it likes
            self.told.append(repr(result))
            self.ends.append((id_, "exit"))
        return super().prepare_to_exit_span(id_, bound_args, result=result, **keywords)

    def prepare_to_drop_span(self, id_: str, bound_args: Any, err: Any = None, **keywords: Any) -> Any:
        if id_.startswith(("Extract", "extract")):
            self.told.append(f"{err!r} {err}")
            self.ends.append((id_, "drop"))
        return super().prepare_to_drop_span(id_, bound_args, err=err, **keywords)


@pytest.fixture
def traced() -> Iterator[tuple[Events, Spans]]:
    """What a tracer at the root dispatcher is given: the events of our jobs, and spans."""
    root, events, spans = get_dispatcher(), Events(), Spans()
    root.add_event_handler(events)
    root.add_span_handler(spans)
    yield events, spans
    root.event_handlers.remove(events)
    root.span_handlers.remove(spans)
