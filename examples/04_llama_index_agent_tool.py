"""LlamaIndex: an agent that reads documents, inside a folder that you name.

    pip install -e '.[all]'
    python examples/04_llama_index_agent_tool.py

Only the model is played here (by the framework's own mock), so that this runs offline; put your own in its place.
"""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.base.llms.types import ChatMessage, MessageRole, ToolCallBlock
from llama_index.core.llms.mock import MockFunctionCallingLLM
from pydantic import BaseModel

from extract_bridge.llama_index import make_extract_tool
from make_samples import make


class Certificate(BaseModel):
    """What to read on each page."""

    certificate_number: str | None = None
    instrument: str | None = None
    verdict: str | None = None


def play(messages: Sequence[ChatMessage], **_: Any) -> ChatMessage:
    """Calls the tool once, then says what it was told."""
    last = messages[-1]
    if last.role != MessageRole.TOOL:
        call = ToolCallBlock(
            tool_call_id="call-1",
            tool_name="extract_certificate",
            tool_kwargs={"document": "certificates.pdf"},
        )
        return ChatMessage(role=MessageRole.ASSISTANT, blocks=[call])
    answer = json.loads(last.content or "")
    failed = [one["certificate_number"] for one in answer["data"] if one["verdict"] == "FAIL"]
    return ChatMessage(role=MessageRole.ASSISTANT, content=f"Failed: {', '.join(failed)}")


async def ask(inbox: Path) -> None:
    tool = make_extract_tool(
        data_schema=Certificate, extraction_target="per_page", allowed_roots=inbox, local=True
    )
    llm = MockFunctionCallingLLM(is_chat_model=True, response_generator=play)
    agent = FunctionAgent(tools=[tool], llm=llm, streaming=False)
    answer = await agent.run(user_msg="Which instruments failed their calibration?")
    print(answer.response.content)


def main() -> None:
    with TemporaryDirectory() as folder:
        make(1, Path(folder))
        asyncio.run(ask(Path(folder)))


if __name__ == "__main__":
    main()
