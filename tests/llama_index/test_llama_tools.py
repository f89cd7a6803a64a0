"""The agent tool: what the model sees, what it gets, and that one question is one job."""

from __future__ import annotations

import asyncio
import json

import pytest
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.tools import FunctionTool
from llama_index.core.tools.calling import acall_tool, call_tool
from pydantic import BaseModel

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.llama_index import make_extract_tool
from extract_bridge.llama_index.tools import ExtractToolResult

# FunctionAgent looks at its own deprecated pydantic attributes with `inspect.getmembers`; not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:inspect")


class Invoice(BaseModel):
    invoice_number: str | None = None
    seller: str | None = None
    total: float | None = None


@pytest.fixture
def tool(folder, client):
    return make_extract_tool(data_schema=Invoice, allowed_roots=folder, client=client)


def jobs(client):
    return [job.status for job in client.list()]


def test_the_model_sees_document_and_pages_only(tool):
    assert isinstance(tool, FunctionTool)
    assert tool.metadata.name == "extract_invoice"
    assert len(tool.metadata.description) <= 1024
    parameters = tool.metadata.to_openai_tool()["function"]["parameters"]
    assert list(parameters["properties"]) == ["document", "pages"]
    assert parameters["required"] == ["document"]


async def test_an_agent_gets_json_with_evidence_from_one_job(tool, client, scripted):
    agent = FunctionAgent(
        tools=[tool], llm=scripted([("extract_invoice", {"document": "a.txt"})]), streaming=False
    )
    result = await agent.run(user_msg="Read a.txt")
    (call,) = result.tool_calls
    answer = json.loads(call.tool_output.content)
    assert not call.tool_output.is_error
    assert answer["data"]["total"] == 1240.5
    assert answer["evidence"]["/total"]["page"] == 1
    assert "1240.50" in answer["evidence"]["/total"]["quote"]
    assert isinstance(call.tool_output.raw_output, ExtractToolResult)
    assert call.tool_output.raw_output.records[0]["fields"]["/total"]["citations"][0]["boxes"]
    assert jobs(client) == ["COMPLETED"]


async def test_a_failing_document_is_an_error_and_one_job(tool, client, folder, scripted):
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    agent = FunctionAgent(
        tools=[tool], llm=scripted([("extract_invoice", {"document": "broken.pdf"})]), streaming=False
    )
    result = await agent.run(user_msg="Read broken.pdf")
    (call,) = result.tool_calls
    assert call.tool_output.is_error
    problem = json.loads(call.tool_output.content)
    assert {"error", "message", "next", "job_id"} <= problem.keys()
    assert call.tool_output.exception.code == problem["error"]
    assert jobs(client) == ["FAILED"]


async def test_every_way_to_call_it_runs_it_once(tool, client, folder):
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    assert call_tool(tool, {"document": "broken.pdf"}).is_error
    assert len(jobs(client)) == 1
    assert (await acall_tool(tool, {"document": "broken.pdf"})).is_error
    assert len(jobs(client)) == 2


def test_the_same_question_again_is_the_same_job(tool, client):
    first, second = tool(document="a.txt"), tool(document="a.txt")
    assert first.content == second.content
    assert len(jobs(client)) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"document": "missing.txt"}, "document_not_found"),
        ({"document": "../a.txt"}, "document_refused"),
        ({"document": "/etc/passwd"}, "document_refused"),
        ({"document": "dfl-11111111-2222-3333-4444-555555555555"}, "id_not_allowed"),
        ({"document": "a.txt", "pages": "0"}, "target_pages"),
        ({"document": "a.txt", "pages": "5-2"}, "target_pages"),
        ({"document": "a.txt", "pages": "x"}, "target_pages"),
        ({"document": 7}, "invalid_arguments"),
        ({}, "invalid_arguments"),
        ({"document": "a.txt", "api_key": "x"}, "invalid_arguments"),
    ],
)
def test_bad_arguments_are_told_and_cost_nothing(tool, client, arguments, code):
    output = tool(**arguments)
    assert output.is_error
    problem = json.loads(output.content)
    assert problem["error"] == code
    assert problem["next"]
    assert jobs(client) == []


def test_pages_outside_the_document_are_told(tool):
    output = tool(document="a.txt", pages=[7])
    assert output.is_error
    assert json.loads(output.content)["next"]


def test_no_service_is_told(folder):
    output = make_extract_tool(data_schema=Invoice, allowed_roots=folder)(document="a.txt")
    assert output.is_error
    assert json.loads(output.content)["error"] == "no_service"


def test_nothing_is_reachable_by_default(folder, client):
    output = make_extract_tool(data_schema=Invoice, client=client)(document="a.txt")
    assert output.is_error
    assert jobs(client) == []


async def test_still_running_is_an_answer_and_the_next_call_joins(folder, client):
    tool = make_extract_tool(data_schema=Invoice, allowed_roots=folder, client=client, timeout=0.001)
    output = await tool.acall(document="a.txt")
    while json.loads(output.content).get("status") in ("PENDING", "RUNNING"):
        assert not output.is_error
        assert json.loads(output.content)["next"]
        await asyncio.sleep(0.2)
        output = await tool.acall(document="a.txt")
    assert len(jobs(client)) <= 1


async def test_cancelling_the_call_cancels_its_job(folder, client):
    (folder / "long.txt").write_text("Total: 1.00\n" * 60_000)
    tool = make_extract_tool(data_schema=Invoice, allowed_roots=folder, client=client)
    task = asyncio.create_task(tool.acall(document="long.txt"))
    while not await asyncio.to_thread(jobs, client):
        assert not task.done()
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert jobs(client) == ["CANCELLED"]


async def test_an_async_call_lets_the_loop_go_on(tool):
    ticks = 0

    async def tick():
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    ticker = asyncio.create_task(tick())
    await tool.acall(document="a.txt")
    ticker.cancel()
    assert ticks > 20


def test_name_description_and_return_direct_are_the_developers(folder, client):
    tool = make_extract_tool(
        data_schema=Invoice,
        documents={"mine": folder / "a.txt"},
        client=client,
        name="read_bill",
        description="Reads a bill",
        return_direct=True,
    )
    assert (tool.metadata.name, tool.metadata.description) == ("read_bill", "Reads a bill")
    assert tool.metadata.return_direct
    assert json.loads(tool(document="mine").content)["data"]["total"] == 1240.5
    with pytest.raises(ConfigurationError):
        make_extract_tool(data_schema=Invoice, client=client, description="x" * 1025)
    with pytest.raises(ConfigurationError):
        make_extract_tool(data_schema=Invoice, client=client, alowed_roots=folder)


def test_the_answer_is_that_of_the_langchain_tool(tool, folder, client):
    langchain = pytest.importorskip("extract_bridge.langchain")
    other = langchain.ExtractTool(data_schema=Invoice, allowed_roots=folder, client=client)
    ours, theirs = json.loads(tool(document="a.txt").content), json.loads(other.invoke({"document": "a.txt"}))
    assert ours.pop("job_id") != theirs.pop("job_id")
    assert ours == theirs
    assert (tool.metadata.name, tool.metadata.description) == (other.name, other.description)
    asked = tool.metadata.get_parameters_dict()["properties"]
    assert asked.keys() == other.tool_call_schema.model_json_schema()["properties"].keys()


def test_a_required_field_without_a_value_is_to_be_reviewed(folder, client):
    schema = {
        "title": "Order",
        "type": "object",
        "properties": {
            "seller": {"type": "string"},
            "shoe_size": {"type": "string"},
            "hat": {"type": "string"},
        },
        "required": ["seller", "shoe_size"],
    }
    tool = make_extract_tool(data_schema=schema, allowed_roots=folder, client=client)
    review = json.loads(tool(document="a.txt").content)["review"]
    assert "/shoe_size" in json.dumps(review)
    assert "/hat" not in json.dumps(review)
