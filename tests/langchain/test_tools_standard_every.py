"""LangChain's own tests for every tool class, and for every tool as a toolkit makes it. Sockets are shut."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from langchain_core.tools import BaseTool
from langchain_tests.integration_tests import ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests
from pydantic import BaseModel
from pytest_socket import disable_socket, enable_socket

from extract_bridge import ExtractClient
from extract_bridge.langchain import (
    CancelExtractJobTool,
    CreateExtractJobTool,
    ExtractFieldsTool,
    ExtractToolkit,
    GetExtractJobTool,
    ListDocumentsTool,
    ListExtractJobsTool,
    ReadExtractResultTool,
)


class Invoice(BaseModel):
    number: str | None = None
    total: float | None = None


INBOX = tempfile.TemporaryDirectory()
EVERY = ("extract", "fields", "create", "get", "read", "cancel", "jobs", "list")


@pytest.fixture(autouse=True, scope="module")
def _inbox() -> Iterator[None]:
    Path(INBOX.name, "a.txt").write_text("Number: A-17\nTotal: 1,250.00\n")
    yield
    INBOX.cleanup()


@pytest.fixture(autouse=True)
def _no_sockets() -> Iterator[None]:
    """A service on this machine needs none; an event loop wakes itself by a pair of unix sockets."""
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()


@cache
def job_id() -> str:
    """A finished job of the service that the tools use too."""
    with ExtractClient(local=True) as client:
        return client.run(("a.txt", b"Number: A-17\nTotal: 1,250.00\n"), data_schema=Invoice).id


SCHEMA = {"data_schema": Invoice, "allowed_roots": INBOX.name, "local": True}
GUARDED = {"allowed_roots": INBOX.name, "local": True}
ANY_JOB = {"allow_any_id": True, "local": True}
FIELDS = [{"name": "number"}, {"name": "total", "type": "number", "description": "to pay", "many": False}]
CLASSES: dict[type[BaseTool], tuple[dict[str, Any], Any]] = {
    CreateExtractJobTool: (SCHEMA, lambda: {"document": "a.txt"}),
    ExtractFieldsTool: (GUARDED, lambda: {"document": "a.txt", "fields": FIELDS}),
    GetExtractJobTool: (ANY_JOB, lambda: {"job_id": job_id(), "wait_seconds": 1}),
    ReadExtractResultTool: (ANY_JOB, lambda: {"job_id": job_id(), "path": "/number"}),
    CancelExtractJobTool: (ANY_JOB, lambda: {"job_id": job_id()}),
    ListExtractJobsTool: ({"local": True}, lambda: {"limit": 3}),
    ListDocumentsTool: (GUARDED, lambda: {"limit": 3}),
}
MEMBERS = {
    "extract": lambda: {"document": "a.txt", "pages": "1"},
    "fields": lambda: {"document": "a.txt", "fields": FIELDS},
    "create": lambda: {"document": "a.txt"},
    "get": lambda: {"job_id": job_id()},
    "read": lambda: {"job_id": job_id()},
    "cancel": lambda: {"job_id": job_id()},
    "jobs": dict,
    "list": dict,
}


def suite(name: str, base: type, constructor: Any, params: dict[str, Any], example: Any) -> type:
    """A standard suite for one tool: a class of the tool, or how to make one tool."""
    members: dict[str, Any] = {
        "tool_constructor": property(
            lambda _: constructor if isinstance(constructor, type) else constructor()
        ),
        "tool_constructor_params": property(lambda _: params),
        "tool_invoke_params_example": property(lambda _: example()),
    }
    if base is ToolsUnitTests and isinstance(constructor, type):
        given = {key: value for key, value in params.items() if key != "local"}
        # The key stays in the environment until a client is made: the tool never holds it.
        members["init_from_env_params"] = property(
            lambda _: ({"LLAMA_CLOUD_API_KEY": "llx-test"}, given, {"api_key": None})
        )
    return type(name, (base,), members)


@cache
def members_of_a_toolkit() -> dict[str, BaseTool]:
    return {
        tool.kind: tool for tool in ExtractToolkit(**SCHEMA, include=EVERY, allow_any_id=True).get_tools()
    }


for cls, (params, example) in CLASSES.items():
    for base, kind in ((ToolsUnitTests, "Unit"), (ToolsIntegrationTests, "Integration")):
        name = f"Test{cls.__name__}{kind}"
        globals()[name] = suite(name, base, cls, params, example)
for member, example in MEMBERS.items():
    for base, kind in ((ToolsUnitTests, "Unit"), (ToolsIntegrationTests, "Integration")):
        name = f"TestToolkit{member.title()}{kind}"
        globals()[name] = suite(name, base, lambda member=member: members_of_a_toolkit()[member], {}, example)


def test_no_tool_is_left_out() -> None:
    import extract_bridge.langchain as adapter

    tools = {name for name in adapter.__all__ if name.endswith("Tool")}
    assert tools == {cls.__name__ for cls in CLASSES} | {"ExtractTool"}
    assert set(MEMBERS) == set(members_of_a_toolkit()) == set(EVERY)
