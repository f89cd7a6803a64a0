"""Tools beside a ledger: an agent of tomorrow pays nothing for what the one of today has read."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from extract_bridge import ConfigurationError, ExtractClient, LocalService
from extract_bridge.bulk import Budget, Ledger
from extract_bridge.langchain import ExtractTool, ExtractToolkit
from extract_bridge.llama_index import ExtractToolSpec

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}


@pytest.fixture
def client(tmp_path: Path) -> Any:
    with ExtractClient(local=LocalService(data_dir=tmp_path / "data")) as made:
        yield made


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "a.txt").write_text("Number: A-1\n")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 broken")
    return folder


def keywords(inbox: Path, client: ExtractClient, tmp_path: Path, **more: Any) -> dict[str, Any]:
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    return {"data_schema": SCHEMA, "allowed_roots": inbox, "client": client, "ledger": ledger, **more}


def asked_by(framework: str, given: dict[str, Any], document: str) -> dict[str, Any]:
    """What a new agent's tool answers."""
    if framework == "langchain":
        return json.loads(ExtractTool(**given).invoke({"document": document}))
    (tool,) = (
        tool for tool in ExtractToolSpec(**given).to_tool_list() if tool.metadata.name == "extract_note"
    )
    return json.loads(asyncio.run(tool.acall(document=document)).content)


@pytest.mark.parametrize("framework", ["langchain", "llama_index"])
def test_another_conversation_pays_nothing(
    framework: str, inbox: Path, client: ExtractClient, tmp_path: Path
) -> None:
    budget = Budget(10)
    answers = [
        asked_by(framework, keywords(inbox, client, tmp_path, budget=budget), "a.txt") for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert answers[0]["data"] == {"number": "A-1"}
    assert len(list(client.list())) == 1
    assert (budget.spent, budget.reserved) == (8.0, 0.0)


@pytest.mark.parametrize("framework", ["langchain", "llama_index"])
def test_a_document_that_failed_is_not_paid_again(
    framework: str, inbox: Path, client: ExtractClient, tmp_path: Path
) -> None:
    given = keywords(inbox, client, tmp_path, budget=Budget(100, unknown_pages=1))
    for _ in range(2):
        said = ExtractTool(**given).invoke({"document": "bad.pdf"}) if framework == "langchain" else None
        if framework == "llama_index":
            said = asked_by(framework, given, "bad.pdf")
        assert "job_failed" in str(said)
    assert len(list(client.list())) == 1
    assert (given["budget"].spent, given["budget"].reserved) == (0.0, 0.0)


def test_the_tools_of_a_toolkit_know_each_others_jobs(
    inbox: Path, client: ExtractClient, tmp_path: Path
) -> None:
    given = keywords(inbox, client, tmp_path, include=("extract", "create", "read", "jobs"))
    jobs = []
    for _ in range(2):
        tools = {tool.kind: tool for tool in ExtractToolkit(**given).get_tools()}
        made = json.loads(tools["create"].invoke({"document": "a.txt"}))
        got = json.loads(tools["extract"].invoke({"document": "a.txt"}))
        assert got["job_id"] == made["job_id"]
        assert json.loads(tools["read"].invoke({"job_id": made["job_id"]}))["data"] == {"number": "A-1"}
        jobs.append(made["job_id"])
    assert len({*jobs, *(job.id for job in client.list())}) == 1


def test_what_is_no_ledger_is_refused(inbox: Path) -> None:
    for make in (ExtractTool, ExtractToolkit, ExtractToolSpec):
        with pytest.raises(ConfigurationError, match="ledger"):
            make(data_schema=SCHEMA, allowed_roots=inbox, local=True, ledger="ledger.sqlite3")
