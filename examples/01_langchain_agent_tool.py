"""LangChain: an agent that reads documents, inside a folder that you name.

    pip install -e '.[all]' langchain
    python examples/01_langchain_agent_tool.py

The tool answers with JSON: data, evidence (page, quote, confidence) and what to look at again. Only the chat model is
played here, so that this runs offline; put your own in its place.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import BaseModel

from extract_bridge.langchain import ExtractTool
from make_samples import make


class Invoice(BaseModel):
    """What to read. Every field may be None: a document may not say."""

    invoice_number: str | None = None
    due_date: str | None = None
    total: float | None = None


class PlayedModel(BaseChatModel):
    """Calls the tool once, then says what it was told."""

    @property
    def _llm_type(self) -> str:
        return "played"

    def bind_tools(self, tools: Any, **_: Any) -> "PlayedModel":
        """A real model would be told of the tools here."""
        return self

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **_: Any
    ) -> ChatResult:
        last = messages[-1]
        if isinstance(last, ToolMessage):
            answer = json.loads(str(last.content))
            total = answer["data"]["total"]
            seen = answer["evidence"]["/total"]
            reply = AIMessage(
                f"Invoice {answer['data']['invoice_number']} comes to {total}, due {answer['data']['due_date']} "
                f'(page {seen["page"]}: "{seen["quote"]}").'
            )
        else:
            call = {"name": "extract_invoice", "args": {"document": "invoice.pdf"}, "id": "call-1"}
            reply = AIMessage("", tool_calls=[call])
        return ChatResult(generations=[ChatGeneration(message=reply)])


def main() -> None:
    with TemporaryDirectory() as folder:
        inbox = Path(folder)
        make(1, inbox)
        tool = ExtractTool(data_schema=Invoice, allowed_roots=inbox, local=True)
        agent = create_agent(PlayedModel(), tools=[tool])
        answer = agent.invoke({"messages": [("user", "What does the invoice in the inbox come to?")]})
        print(answer["messages"][-1].text)

        # What lies outside the folder is out of reach, whatever the model asks for.
        print(tool.invoke({"document": "../../etc/passwd"}))


if __name__ == "__main__":
    main()
