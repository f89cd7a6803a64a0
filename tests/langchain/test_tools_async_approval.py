"""Approval in both modes, sync and async: no job before the answer, edits and rejections, and the same question on resume."""

from __future__ import annotations

import asyncio
import inspect
import threading
from pathlib import Path
from typing import Any, Literal

import pytest
from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from pydantic import BaseModel

from extract_bridge import ConfigurationError, LocalService
from extract_bridge.langchain import ExtractToolkit, extract_interrupt_on

Mode = Literal["batched", "per_call"]
RUN: Any = {"configurable": {"thread_id": "1"}}
_HAS_MODES = "interrupt_mode" in inspect.signature(HumanInTheLoopMiddleware).parameters
_NEWER = pytest.mark.skipif(not _HAS_MODES, reason="this langchain knows one mode only")
BOTH_MODES = pytest.mark.parametrize("mode", ["batched", pytest.param("per_call", marks=_NEWER)])
BOTH = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])


class Invoice(BaseModel):
    number: str | None = None


class Scripted(FakeMessagesListChatModel):
    def bind_tools(self, tools: Any, **_: Any) -> Any:
        return self


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("Number: A-17\n")
    (tmp_path / "b.txt").write_text("Number: B-18\n")
    (tmp_path / "long.txt").write_text("Number: A-17\n" * 500)
    return tmp_path


@pytest.fixture
def toolkit(inbox: Path, extract_bridge_service: LocalService) -> ExtractToolkit:
    include: Any = ("extract", "fields", "create", "list", "get")
    return ExtractToolkit(
        data_schema=Invoice, allowed_roots=inbox, local=extract_bridge_service, include=include
    )


def agent_of(toolkit: ExtractToolkit, saver: Any, mode: Mode, *calls: dict[str, Any], **more: Any) -> Any:
    model = Scripted(responses=[AIMessage("", tool_calls=[*calls]), AIMessage("done")])
    chosen: Any = {"interrupt_mode": mode} if _HAS_MODES else {}
    guard = HumanInTheLoopMiddleware(extract_interrupt_on(toolkit, **more), **chosen)
    return create_agent(model, toolkit.get_tools(), middleware=[guard], checkpointer=saver)


def call(document: str, name: str = "extract_invoice", **more: Any) -> dict[str, Any]:
    return {"name": name, "args": {"document": document, **more}, "id": f"{name}-{document}"}


def go(agent: Any, asked: Any, *, is_async: bool) -> Any:
    return asyncio.run(agent.ainvoke(asked, RUN)) if is_async else agent.invoke(asked, RUN)


START: Any = {"messages": [("user", "Read")]}


def decided(state: Any, mode: Mode, decision: dict[str, Any]) -> Any:
    """The same decision for every question."""
    if mode == "per_call":
        return Command(resume={item.id: decision for item in state["__interrupt__"]})
    count = len(state["__interrupt__"][0].value["action_requests"])
    return Command(resume={"decisions": [decision] * count})


def asked_of(state: Any) -> list[str]:
    """The questions that a person sees."""
    return [
        request["description"]
        for item in state.get("__interrupt__", ())
        for request in item.value.get("action_requests", [item.value])
    ]


def jobs(toolkit: ExtractToolkit) -> int:
    return len(list(toolkit.sync_client().list()))


def answers(state: Any) -> list[str]:
    return [str(item.content) for item in state["messages"] if isinstance(item, ToolMessage)]


@BOTH
@BOTH_MODES
def test_approved_calls_make_one_job_each(toolkit: ExtractToolkit, mode: Mode, *, is_async: bool) -> None:
    fields = call("b.txt", "extract_fields", fields=[{"name": "number"}])
    agent = agent_of(toolkit, InMemorySaver(), mode, call("a.txt"), fields)
    state = go(agent, START, is_async=is_async)
    said = asked_of(state)
    assert len(said) == 2
    assert all("1 pages at most (tier cost_effective): up to 8 credits" in text for text in said)
    assert jobs(toolkit) == 0
    done = go(agent, decided(state, mode, {"type": "approve"}), is_async=is_async)
    assert "A-17" in answers(done)[0]
    assert "B-18" in answers(done)[1]
    assert jobs(toolkit) == 2


@BOTH
@BOTH_MODES
def test_a_rejected_call_makes_no_job(toolkit: ExtractToolkit, mode: Mode, *, is_async: bool) -> None:
    agent = agent_of(toolkit, InMemorySaver(), mode, call("a.txt"))
    state = go(agent, START, is_async=is_async)
    decision = {"type": "reject", "message": "Too dear"}
    done = go(agent, decided(state, mode, decision), is_async=is_async)
    assert "Too dear" in answers(done)[0]
    assert jobs(toolkit) == 0


@BOTH
@BOTH_MODES
def test_an_edited_call_reads_what_the_person_named(
    toolkit: ExtractToolkit, mode: Mode, *, is_async: bool
) -> None:
    agent = agent_of(toolkit, InMemorySaver(), mode, call("a.txt"))
    state = go(agent, START, is_async=is_async)
    action = {"name": "extract_invoice", "args": {"document": "b.txt", "pages": "1"}}
    done = go(agent, decided(state, mode, {"type": "edit", "edited_action": action}), is_async=is_async)
    assert "B-18" in answers(done)[0]
    assert jobs(toolkit) == 1


@BOTH_MODES
def test_an_edit_leads_nowhere_else(toolkit: ExtractToolkit, mode: Mode) -> None:
    """What the person writes meets the same guards."""
    agent = agent_of(toolkit, InMemorySaver(), mode, call("a.txt"))
    state = go(agent, START, is_async=False)
    action = {"name": "extract_invoice", "args": {"document": "../secret.txt"}}
    done = go(agent, decided(state, mode, {"type": "edit", "edited_action": action}), is_async=False)
    assert "document_refused" in answers(done)[0]
    assert jobs(toolkit) == 0


@BOTH_MODES
def test_only_dear_and_unknown_calls_are_asked_about(toolkit: ExtractToolkit, mode: Mode) -> None:
    calls = (call("a.txt"), call("none.txt"), call("long.txt"), call("", "list_documents"))
    calls[3]["args"] = {}
    agent = agent_of(toolkit, InMemorySaver(), mode, *calls, min_credits=20)
    said = asked_of(go(agent, START, is_async=False))
    assert len(said) == 1
    assert "'long.txt'" in said[0]


@BOTH
@BOTH_MODES
def test_a_resumed_run_asks_the_same_although_the_file_is_another(
    toolkit: ExtractToolkit, inbox: Path, mode: Mode, *, is_async: bool
) -> None:
    """A question that vanished on resume would carry out what was rejected."""
    saver = InMemorySaver()
    agent = agent_of(toolkit, saver, mode, call("long.txt"), call("a.txt"), min_credits=20)
    state = go(agent, START, is_async=is_async)
    assert len(asked_of(state)) == 1
    (inbox / "long.txt").write_text("Number: A-17\n")  # now it is cheap
    (inbox / "a.txt").write_text("Number: A-17\n" * 500)  # and this is dear
    done = go(agent, decided(state, mode, {"type": "reject", "message": "No"}), is_async=is_async)
    assert any("No" in text for text in answers(done))
    assert len(answers(done)) == 2
    assert jobs(toolkit) == 1, "that of the call that nobody was asked about"


def test_wrong_arguments_are_no_crash(toolkit: ExtractToolkit) -> None:
    calls = [call("a.txt", pages="first"), {"name": "extract_invoice", "args": {}, "id": "2"}]
    agent = agent_of(toolkit, InMemorySaver(), "batched", *calls)
    assert all("fail and cost nothing" in text for text in asked_of(go(agent, START, is_async=False)))


def test_tools_that_make_no_jobs_need_no_approval(toolkit: ExtractToolkit) -> None:
    assert sorted(extract_interrupt_on(toolkit)) == [
        "create_extract_job",
        "extract_fields",
        "extract_invoice",
    ]
    with pytest.raises(ConfigurationError, match="none of these tools"):
        extract_interrupt_on([toolkit.get_tools()[3]])


def test_what_cannot_be_counted_in_a_moment_is_asked_about(toolkit: ExtractToolkit, inbox: Path) -> None:
    """The questions are put in the event loop: nothing large is laid out there."""
    (inbox / "large.csv").write_text("number\n" + "A-17\n" * 50_000)
    agent = agent_of(toolkit, InMemorySaver(), "batched", call("large.csv"), min_credits=1e9)
    said = asked_of(go(agent, START, is_async=True))
    assert len(said) == 1
    assert "unknown" in said[0]
    assert toolkit.get_tools()[0].estimate("large.csv").credits > 0  # type: ignore[attr-defined]


def test_a_slow_document_does_not_hold_up_the_event_loop(extract_bridge_service: LocalService) -> None:
    """The document is there only when the loop's own ticker has ticked: whoever waits for it in the loop waits for good."""
    ticked = threading.Event()
    asked: list[str] = []

    def documents(name: str, runtime: Any) -> Any:
        asked.append(threading.current_thread().name)
        assert ticked.wait(60)
        return ("a.txt", b"Number: A-17\n")

    slow = ExtractToolkit(data_schema=Invoice, documents=documents, local=extract_bridge_service)
    agent = agent_of(slow, InMemorySaver(), "batched", call("a.txt"))

    async def go_on() -> Any:
        async def tick() -> None:
            for _ in range(20):
                await asyncio.sleep(0.001)
            ticked.set()

        state, _ = await asyncio.gather(agent.ainvoke(START, RUN), tick())
        while not asked:
            await asyncio.sleep(0.001)
        return state

    (said,) = asked_of(asyncio.run(go_on()))
    assert "unknown" in said
    assert asked[0] != threading.main_thread().name
