"""LangGraph: an agent that doubts a value, reads what the document says there, and answers with the page.

    pip install -e '.[all]' langgraph
    python examples/08_langgraph_agent_reads_evidence.py

The answer of `extract_invoice` lists under `review` what is below `min_confidence`. For each of these the agent reads the value with its
evidence (`read_extract_result`), and the user is told where to look. A budget bounds what all of it may cost. Only the chat model is
played here, so that this runs offline; put your own in its place.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition
from pydantic import BaseModel

from extract_bridge.langchain import ExtractToolkit
from make_samples import make


class Invoice(BaseModel):
    """What to read. Every field may be None: a document may not say."""

    invoice_number: str | None = None
    buyer: str | None = None
    total: float | None = None


def played_model(messages: list[AnyMessage]) -> AIMessage:
    """What a chat model with these tools would say."""
    answers = [json.loads(str(item.content)) for item in messages if isinstance(item, ToolMessage)]
    if not answers:
        return asks("extract_invoice", document="invoice.pdf")
    extracted, seen = answers[0], {answer["path"]: answer for answer in answers[1:]}
    for doubt in extracted["review"]:
        if doubt["field"] not in seen:
            return asks("read_extract_result", job_id=extracted["job_id"], path=doubt["field"])
    lines = [f"Invoice {extracted['data']['invoice_number']} comes to {extracted['data']['total']}."]
    for path, answer in seen.items():
        evidence = answer["evidence"][path]
        lines.append(
            f'Please check {path}: page {evidence["page"]} says "{evidence["quote"]}" (confidence {evidence["confidence"]}).'
        )
    return AIMessage("\n".join(lines))


def asks(name: str, **arguments: Any) -> AIMessage:
    """A message that calls a tool."""
    return AIMessage("", tool_calls=[{"name": name, "args": arguments, "id": f"{name} {arguments}"}])


def main() -> None:
    with TemporaryDirectory() as folder:
        make(1, Path(folder))
        toolkit = ExtractToolkit(
            data_schema=Invoice, allowed_roots=folder, budget=100, min_confidence=0.95, local=True
        )
        graph = StateGraph(MessagesState)
        graph.add_node("model", lambda state: {"messages": [played_model(state["messages"])]})
        graph.add_node("tools", ToolNode(toolkit.get_tools()))
        graph.add_edge(START, "model")
        graph.add_conditional_edges("model", tools_condition)
        graph.add_edge("tools", "model")
        for update in graph.compile().stream({"messages": [("user", "What is due?")]}, stream_mode="updates"):
            for message in update.get("model", {}).get("messages", ()):
                for call in message.tool_calls:
                    print("calls", call["name"], call["args"].get("path", ""))
                print(message.text, end="\n" if message.text else "")
        print(toolkit.budget)


if __name__ == "__main__":
    main()
