"""Tools that belong together: one client, one budget, one set of guards, and each other's jobs."""

from __future__ import annotations

import os  # noqa: TC003 - pydantic reads the annotations
from collections.abc import Sequence  # noqa: TC003
from typing import TYPE_CHECKING, Any, Self

from langchain_core.tools import BaseTool, BaseToolkit
from pydantic import Field, PrivateAttr, field_validator

from extract_bridge.agent.arguments import tool_name
from extract_bridge.agent.keywords import MIN_CONTENT_CHARS, EvidenceShown
from extract_bridge.agent.session import Session, ToolKind
from extract_bridge.agent.several import BY_SCHEMA, DECIDED, named_schemas, refuse_twins
from extract_bridge.client.flows.keywords import ConfigurationKeywords
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.pricing import Budget
from extract_bridge.langchain.tools.documents import ListDocumentsTool
from extract_bridge.langchain.tools.extract import CreateExtractJobTool, ExtractTool
from extract_bridge.langchain.tools.fields import ExtractFieldsTool
from extract_bridge.langchain.tools.jobs import (
    CancelExtractJobTool,
    GetExtractJobTool,
    ListExtractJobsTool,
    ReadExtractResultTool,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.core.schema.normalize import NormalizedSchema
    from extract_bridge.langchain.tools.base import AgentTool

_CLASSES: dict[str, type[AgentTool]] = {
    "extract": ExtractTool,
    "fields": ExtractFieldsTool,
    "create": CreateExtractJobTool,
    "get": GetExtractJobTool,
    "read": ReadExtractResultTool,
    "cancel": CancelExtractJobTool,
    "jobs": ListExtractJobsTool,
    "list": ListDocumentsTool,
}
_SHARED = (
    "allowed_ids",
    "allow_any_id",
    "evidence",
    "min_confidence",
    "max_content_chars",
    "max_artifact_chars",
)
_GUARDS = ("allowed_roots", "documents")


class ExtractToolkit(ExtractOptions, BaseToolkit):
    """The tools of one agent: one client, one budget, one set of guards, and each other's jobs.

    By default an agent may extract, read results on, and list documents; job control is the developer's choice:
    `include=("extract", "create", "get", "read", "cancel", "jobs", "list")`, and `"fields"` lets the model name what it wants. A job
    that one tool made can be read by another; jobs of others cannot, unless `allowed_ids` or `allow_any_id` says so.

    Besides the attributes below it takes those of `ExtractOptions`.

    Attributes:
        data_schema: A schema, or a list of several; an entry of the list may be a pair of a name and a schema.
        include: Which tools.
        allowed_roots: Folders below which documents may be named.
        documents: Names and what they stand for (path, bytes, Blob, id), or a function of name and tool runtime.
        allowed_ids: Ids of files, parse jobs and extract jobs that may be named.
        allow_any_id: Whether every id may be named.
        ledger: A `bulk.Ledger`: what was extracted before, in another conversation too, is answered from it and not paid again.
        budget: Credits that all jobs of the toolkit may cost together, a `Budget` or their number.
        evidence: Evidence in the text: of `all` values, of those to `review`, or `none`.
        min_confidence: A value below it is listed under `review`; 0..1.
        max_content_chars: Length of a text at most; at least 1000.
        max_artifact_chars: Length of an artifact's records as JSON at most.
        timeout: Seconds until an extract tool answers "still running".
    """

    include: Sequence[ToolKind] = ("extract", "read", "list")
    allowed_roots: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = ()
    documents: Any = Field(default=None, exclude=True, repr=False)
    allowed_ids: str | Sequence[str] = ()
    allow_any_id: bool = False
    budget: Budget | None = Field(default=None, exclude=True)
    ledger: Any = Field(default=None, exclude=True, repr=False)
    evidence: EvidenceShown = "all"
    min_confidence: float = Field(default=0.8, ge=0, le=1)
    max_content_chars: int = Field(default=8000, ge=MIN_CONTENT_CHARS)
    max_artifact_chars: int = Field(default=1_000_000, ge=1)
    timeout: float = Field(default=120.0, gt=0)

    _tools: list[AgentTool] = PrivateAttr(default_factory=list)

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        tools = [tool for kind in dict.fromkeys(self.include) for tool in self._made_tools(kind)]
        refuse_twins([tool.name for tool in tools])
        session = Session(self.budget, {tool.kind: tool.name for tool in reversed(tools)}, self.ledger)
        for tool in tools:
            tool.join(session, self)
        self._tools = tools

    @field_validator("budget", mode="before")
    @classmethod
    def _as_budget(cls, value: Any) -> Any:
        return Budget(value) if isinstance(value, int | float) and not isinstance(value, bool) else value

    def get_tools(self) -> list[BaseTool]:
        """The tools, the same objects each time."""
        return list(self._tools)

    def normalized_schema(self) -> NormalizedSchema | None:
        """None: there may be several; each tool has its own."""
        return None

    def close(self) -> None:
        """Close the connections of the client that was made here; one that was passed stays open. Optional."""
        if self.given_client is None:
            self.sync_client().close()

    async def aclose(self) -> None:
        """Close the connections of this event loop; see `close`."""
        if self.given_client is None:
            await self.async_client().aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _made_tools(self, kind: ToolKind) -> Iterator[AgentTool]:
        names = [*_SHARED, *(_GUARDS if kind in (*BY_SCHEMA, "fields", "list") else ())]
        common = {name: getattr(self, name) for name in names}
        if kind not in (*BY_SCHEMA, "fields"):
            yield _CLASSES[kind](**common)
            return
        settings = {name: getattr(self, name) for name in ConfigurationKeywords.__annotations__}
        common |= {"timeout": self.timeout}
        if kind == "fields":
            free = {name: value for name, value in settings.items() if name not in DECIDED}
            yield ExtractFieldsTool(**common, **free)
            return
        for name, schema in named_schemas(self.data_schema):
            given = {**settings, "data_schema": schema, "output_cls": self.output_cls}
            yield _CLASSES[kind](**common, **given, **self._named(kind, name, schema))

    def _named(self, kind: ToolKind, name: str | None, schema: Any) -> dict[str, str]:
        """The name of a tool where it is not its own: with several schemas, each starts jobs by its own name."""
        if kind == "extract":
            return {"name": tool_name(name)} if name else {}
        if not isinstance(self.data_schema, list | tuple):
            return {}
        own = tool_name(name) if name else ExtractTool(data_schema=schema).name
        return {"name": f"create_{own}_job"[:64]}
