"""A folder, a client whose jobs can be counted, and language models that do what they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from llama_index.core.base.llms.types import ChatMessage, MessageRole, ToolCallBlock
from llama_index.core.llms.mock import MockFunctionCallingLLM

from extract_bridge import ExtractClient, LocalService

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Six small invoices, and a file that is none."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(f"Number: N-{number}\nSeller: ACME\nTotal: {number}50.00\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    return folder


@pytest.fixture
def client(tmp_path: Path) -> Iterator[ExtractClient]:
    """A client of a service of its own."""
    with ExtractClient(local=LocalService(data_dir=tmp_path / "service", workers=1)) as client:
        yield client


@pytest.fixture
def scripted() -> Callable[..., MockFunctionCallingLLM]:
    """Makes a model that takes its turns from a list: each is a list of `(tool, arguments)`, all called at once."""

    def make(*turns: Any) -> MockFunctionCallingLLM:
        left = list(turns)

        def answer(messages: Any, **_: Any) -> ChatMessage:
            turn = left.pop(0) if left else None
            if turn is None:
                return ChatMessage(role=MessageRole.ASSISTANT, content="done")
            calls = turn(messages) if callable(turn) else turn
            blocks = [
                ToolCallBlock(tool_call_id=str(at), tool_name=name, tool_kwargs=arguments)
                for at, (name, arguments) in enumerate(calls)
            ]
            return ChatMessage(role=MessageRole.ASSISTANT, blocks=blocks)

        return MockFunctionCallingLLM(is_chat_model=True, response_generator=answer)

    return make
