"""LangChain's own tests for tools: every tool class by itself, and every member of a toolkit. No socket is open to them."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_socket
from langchain_tests.integration_tests import ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests
from pydantic import BaseModel

from extract_bridge import ExtractClient, LocalService
from extract_bridge import langchain as adapter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langchain_core.tools import BaseTool


class Invoice(BaseModel):
    number: str | None = None
    total: float | None = None


CLASSES = {
    "extract": adapter.ExtractTool,
    "fields": adapter.ExtractFieldsTool,
    "create": adapter.CreateExtractJobTool,
    "get": adapter.GetExtractJobTool,
    "read": adapter.ReadExtractResultTool,
    "cancel": adapter.CancelExtractJobTool,
    "jobs": adapter.ListExtractJobsTool,
    "list": adapter.ListDocumentsTool,
}
BY_SCHEMA = ("extract", "create")
REACHING = (*BY_SCHEMA, "fields", "list")


@functools.cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory()
    Path(folder.name, "inbox").mkdir()
    Path(folder.name, "inbox", "a.txt").write_text("Number: A-17\nTotal: 1,250.00\n")
    return folder


def inbox() -> str:
    return str(Path(_folder().name, "inbox"))


@functools.cache
def client() -> ExtractClient:
    return ExtractClient(local=LocalService(data_dir=Path(_folder().name, "service"), workers=1))


@functools.cache
def job_id() -> str:
    """A job that has ended, which the job tools are asked about."""
    return client().run(Path(inbox(), "a.txt"), data_schema=Invoice).id


@functools.cache
def members() -> dict[str, BaseTool]:
    toolkit = adapter.ExtractToolkit(
        data_schema=Invoice,
        allowed_roots=inbox(),
        client=client(),
        include=tuple(CLASSES),
        allowed_ids=[job_id()],
    )
    return {tool.kind: tool for tool in toolkit.get_tools()}


@pytest.fixture(autouse=True)
def _no_sockets() -> Iterator[None]:
    pytest_socket.disable_socket(allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()


@pytest.fixture(autouse=True, scope="module")
def _end() -> Iterator[None]:
    yield
    if _folder.cache_info().currsize:
        client().close()
        _folder().cleanup()


class _OneKind:
    """The parameters of both suites for one kind of tool, as a class or as the member of a toolkit."""

    kind: str
    is_member: bool

    @property
    def tool_constructor(self) -> Any:
        return members()[self.kind] if self.is_member else CLASSES[self.kind]

    @property
    def tool_constructor_params(self) -> dict[str, Any]:
        if self.is_member:
            return {}
        schema = {"data_schema": Invoice} if self.kind in BY_SCHEMA else {}
        reach = {"allowed_roots": inbox()} if self.kind in REACHING else {"allowed_ids": [job_id()]}
        return {**schema, **reach, "client": client()}

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        document = {"document": "a.txt", "pages": "1"}
        return {
            "extract": document,
            "create": document,
            "fields": {**document, "fields": [{"name": "total", "type": "number"}], "rows": False},
            "get": {"job_id": job_id(), "wait_seconds": 1},
            "read": {"job_id": job_id(), "path": "/number", "offset": 0, "limit": 2},
            "cancel": {"job_id": job_id()},
            "jobs": {"offset": 0, "limit": 5},
            "list": {"contains": "a", "offset": 0, "limit": 5},
        }[self.kind]


class _FromEnvironment(_OneKind):
    @property
    def init_from_env_params(self) -> tuple[dict[str, str], dict[str, Any], dict[str, Any]]:
        if self.is_member:
            return {}, {}, {}
        schema = {"data_schema": Invoice} if self.kind in BY_SCHEMA else {}
        # The key stays in the environment until a client is made: the tool never holds it.
        return {"LLAMA_CLOUD_API_KEY": "llx-test"}, schema, {"api_key": None}


def suites() -> dict[str, type]:
    """One class for each kind of tool, form and suite, by the name under which pytest collects it."""
    made: dict[str, type] = {}
    for kind in CLASSES:
        for form in ("class", "member"):
            facts = {"kind": kind, "is_member": form == "member", "__module__": __name__}
            for base, suite in ((_FromEnvironment, ToolsUnitTests), (_OneKind, ToolsIntegrationTests)):
                name = f"Test{kind.capitalize()}{form.capitalize()}{suite.__name__.removeprefix('Tools')}"
                made[name] = type(name, (base, suite), facts)
    return made


globals().update(suites())


@pytest.mark.parametrize("kind", CLASSES)
def test_the_environment_chooses_the_service(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLAMA_CLOUD_API_KEY", "llx-test")
    schema = {"data_schema": Invoice} if kind in BY_SCHEMA else {}
    assert CLASSES[kind](**schema).service == "cloud"
    assert CLASSES[kind](**schema, local=True).service == "local"
