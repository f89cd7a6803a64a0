"""LlamaIndex: a table that is longer than one answer. The agent reads on until it has every row, and says where the value stands.

    pip install -e '.[all]'
    python examples/14_llama_index_agent_reads_on.py

An answer never floods the model's context: it is cut at a row, and `truncated.rest` holds the arguments of the calls that show what is
left. Reading on costs nothing, for the job is done. Only the model is played here (by the framework's own mock), so that this runs
offline; put your own in its place.
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

from extract_bridge.llama_index import ExtractToolSpec
from make_samples import make


class Shipment(BaseModel):
    """What to read in each row of the register."""

    waybill: str | None = None
    charge: float | None = None
    status: str | None = None


def play(messages: Sequence[ChatMessage], **_: Any) -> ChatMessage:
    """What a model with these tools would say."""
    answers = [json.loads(item.content or "") for item in messages if item.role == MessageRole.TOOL]
    if not answers:
        return asks("extract_shipment", document="shipments.pdf")
    job_id = answers[0]["job_id"]
    parts = [answer for answer in answers if not answer.get("path", "").endswith("/charge")]
    left = [part for answer in parts for part in (answer["truncated"] or {}).get("rest", ())]
    if len(left) >= len(parts):  # the first part was not asked for by name
        return asks("read_extract_result", job_id=job_id, **left[len(parts) - 1])
    rows = [row for part in parts for row in part["data"]]
    dearest = max(rows, key=lambda row: row["charge"] or 0)
    path = f"/{rows.index(dearest)}/charge"
    if len(answers) == len(parts):
        return asks("read_extract_result", job_id=job_id, path=path)
    evidence = answers[-1]["evidence"][path]
    text = (
        f"The dearest of {len(rows)} shipments is {dearest['waybill']}:"
        f' page {evidence["page"]} says "{evidence["quote"]}".'
    )
    return ChatMessage(role=MessageRole.ASSISTANT, content=text)


def asks(name: str, **arguments: Any) -> ChatMessage:
    """A message that calls a tool."""
    call = ToolCallBlock(tool_call_id=f"{name} {arguments}", tool_name=name, tool_kwargs=arguments)
    return ChatMessage(role=MessageRole.ASSISTANT, blocks=[call])


async def ask(inbox: Path) -> None:
    tools = ExtractToolSpec(
        data_schema=Shipment,
        extraction_target="per_table_row",
        allowed_roots=inbox,
        max_content_chars=4000,
        local=True,
    )
    llm = MockFunctionCallingLLM(is_chat_model=True, response_generator=play)
    agent = FunctionAgent(tools=tools.to_tool_list(), llm=llm, streaming=False)
    answer = await agent.run(user_msg="Which shipment was the dearest?")
    for call in answer.tool_calls:
        print(call.tool_name, {name: call.tool_kwargs[name] for name in call.tool_kwargs if name != "job_id"})
    print(answer.response.content)
    print("Jobs:", len(list(tools.client.list())))


def main() -> None:
    with TemporaryDirectory() as folder:
        make(1, Path(folder))
        asyncio.run(ask(Path(folder)))


if __name__ == "__main__":
    main()
