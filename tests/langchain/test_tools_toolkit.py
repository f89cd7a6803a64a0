"""The toolkit: one client, one budget, one set of guards; measured at the service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import ToolMessage
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import BaseModel

from extract_bridge import ConfigurationError, LocalService
from extract_bridge.bulk import Budget
from extract_bridge.langchain import ExtractToolkit

EVERY = ("extract", "fields", "create", "get", "read", "cancel", "jobs", "list")


class Invoice(BaseModel):
    number: str | None = None
    total: float | None = None


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    for number in (1, 2):
        (tmp_path / f"{number}.txt").write_text(f"Number: A-{number}\nTotal: {number},250.00\n")
    return tmp_path


def toolkit(inbox: Path, service: LocalService, **more: Any) -> dict[str, Any]:
    made = ExtractToolkit(data_schema=Invoice, allowed_roots=inbox, local=service, **more)
    return {tool.kind: tool for tool in made.get_tools()}


def called(tool: Any, **arguments: Any) -> dict[str, Any]:
    message = tool.invoke({"name": tool.name, "args": arguments, "id": "1", "type": "tool_call"})
    assert isinstance(message, ToolMessage)
    answer: dict[str, Any] = json.loads(str(message.content))
    return answer


def test_jobs_are_made_read_and_listed(inbox: Path, extract_bridge_service: LocalService) -> None:
    tools = toolkit(inbox, extract_bridge_service, include=EVERY)
    assert called(tools["list"])["documents"] == ["1.txt", "2.txt"]
    made = called(tools["create"], document="1.txt")
    got = called(tools["get"], job_id=made["job_id"], wait_seconds=30)
    assert (got["status"], got["data"]["number"]) == ("COMPLETED", "A-1")
    assert called(tools["read"], job_id=made["job_id"], path="/number")["data"] == "A-1"
    assert called(tools["extract"], document="1.txt")["job_id"] == made["job_id"], "one question, one job"
    assert [job["job_id"] for job in called(tools["jobs"])["jobs"]] == [made["job_id"]]
    assert "ended before" in called(tools["cancel"], job_id=made["job_id"])["next"]
    fields = [{"name": "number"}, {"name": "total", "type": "number"}]
    assert called(tools["fields"], document="2.txt", fields=fields)["data"]["number"] == "A-2"
    assert len(list(tools["extract"].sync_client().list())) == 2
    assert called(tools["read"], job_id="ext-of-another")["error"] == "job_not_allowed"


def test_a_budget_refuses_before_any_job_is_made(inbox: Path, extract_bridge_service: LocalService) -> None:
    budget = Budget(credits=10)
    tools = toolkit(inbox, extract_bridge_service, budget=budget)
    assert called(tools["extract"], document="1.txt")["status"] == "COMPLETED"
    assert (budget.spent, budget.reserved) == (8, 0)
    refused = called(tools["extract"], document="2.txt")
    assert refused["error"] == "budget_exceeded"
    assert "8 credits" in refused["message"]
    assert "2 of 10" in refused["message"]
    assert len(list(tools["extract"].sync_client().list())) == 1
    assert called(tools["extract"], document="1.txt")["status"] == "COMPLETED", "the same job costs nothing"


def test_two_tools_of_one_name_are_refused(inbox: Path) -> None:
    with pytest.raises(ConfigurationError, match="extract_invoice"):
        ExtractToolkit(data_schema=[Invoice, Invoice], allowed_roots=inbox, local=True)
    made = ExtractToolkit(data_schema=[Invoice, ("receipt", Invoice)], allowed_roots=inbox, local=True)
    assert [tool.name for tool in made.get_tools()][:2] == ["extract_invoice", "extract_receipt"]


def test_what_the_model_sees_is_strict(inbox: Path, extract_bridge_service: LocalService) -> None:
    for tool in toolkit(inbox, extract_bridge_service, include=EVERY).values():
        function = convert_to_openai_tool(tool, strict=True)["function"]
        assert sorted(function["parameters"]["properties"]) == sorted(function["parameters"]["required"])
        assert "runtime" not in json.dumps(function)
