"""LangChain's own tests for tools."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from langchain_tests.integration_tests import ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests
from pydantic import BaseModel

from extract_bridge.langchain import ExtractTool


class Invoice(BaseModel):
    number: str | None = None
    total: float | None = None


INBOX = tempfile.TemporaryDirectory()


@pytest.fixture(autouse=True, scope="module")
def _inbox() -> Any:
    Path(INBOX.name, "a.txt").write_text("Number: A-17\nTotal: 1,250.00\n")
    yield
    INBOX.cleanup()


class TestExtractToolUnit(ToolsUnitTests):
    @property
    def tool_constructor(self) -> type[ExtractTool]:
        return ExtractTool

    @property
    def tool_constructor_params(self) -> dict[str, Any]:
        return {"data_schema": Invoice, "allowed_roots": INBOX.name, "local": True}

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return {"document": "a.txt", "pages": "1"}

    @property
    def init_from_env_params(self) -> tuple[dict[str, str], dict[str, Any], dict[str, Any]]:
        # The key stays in the environment until a client is made: the tool never holds it.
        return {"LLAMA_CLOUD_API_KEY": "llx-test"}, {"data_schema": Invoice}, {"api_key": None}


class TestExtractToolIntegration(ToolsIntegrationTests):
    @property
    def tool_constructor(self) -> type[ExtractTool]:
        return ExtractTool

    @property
    def tool_constructor_params(self) -> dict[str, Any]:
        return {"data_schema": Invoice, "allowed_roots": INBOX.name, "local": True}

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return {"document": "a.txt", "pages": "1"}


def test_the_environment_chooses_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLAMA_CLOUD_API_KEY", "llx-test")
    assert ExtractTool(data_schema=Invoice).service == "cloud"
    assert ExtractTool(data_schema=Invoice, local=True).service == "local"
