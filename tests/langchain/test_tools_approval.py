"""Nothing is made before a person says yes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from pydantic import BaseModel

from extract_bridge import LocalService
from extract_bridge.langchain import ExtractToolkit, extract_interrupt_on


class Invoice(BaseModel):
    number: str | None = None


class Scripted(FakeMessagesListChatModel):
    def bind_tools(self, tools: Any, **_: Any) -> Any:
        return self


def test_no_job_before_the_approval(tmp_path: Path, extract_bridge_service: LocalService) -> None:
    (tmp_path / "a.txt").write_text("Number: A-17\n")
    toolkit = ExtractToolkit(data_schema=Invoice, allowed_roots=tmp_path, local=extract_bridge_service)
    call = {"name": "extract_invoice", "args": {"document": "a.txt"}, "id": "1"}
    model = Scripted(responses=[AIMessage("", tool_calls=[call]), AIMessage("done")])
    guard = HumanInTheLoopMiddleware(interrupt_on=extract_interrupt_on(toolkit, min_credits=5))
    agent = create_agent(model, toolkit.get_tools(), middleware=[guard], checkpointer=InMemorySaver())
    run: Any = {"configurable": {"thread_id": "1"}}
    asked = agent.invoke({"messages": [("user", "Read it")]}, run)["__interrupt__"][0].value
    assert "'a.txt', 1 pages at most (tier cost_effective): up to 8 credits" in str(asked)
    assert list(toolkit.sync_client().list()) == []
    agent.invoke(Command(resume={"decisions": [{"type": "approve"}]}), run)
    assert len(list(toolkit.sync_client().list())) == 1
