"""Each kind of tool: its name, description, arguments, and what it does."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llama_index.core.tools import ToolMetadata

from extract_bridge.agent import job_parameters as ask
from extract_bridge.agent import parameters as fill
from extract_bridge.agent.arguments import tool_name
from extract_bridge.agent.calls import ExtractCall
from extract_bridge.agent.field_parameters import DocumentAndFields
from extract_bridge.agent.job_calls import JobCalls, documents
from extract_bridge.agent.session import TOOL_NAMES
from extract_bridge.agent.specs import FieldSpec, schema_of_fields
from extract_bridge.agent.style import style_of
from extract_bridge.agent.texts import (
    DESCRIPTIONS,
    READ_FEWER_PAGES,
    READ_NO_MORE,
    create_description,
    extract_description,
)
from extract_bridge.client.flows.keywords import resolve_configuration
from extract_bridge.client.options import ExtractOptions
from extract_bridge.llama_index.tool_functions import ToolBody

if TYPE_CHECKING:
    from extract_bridge.agent.answer import Answer, AnswerStyle
    from extract_bridge.agent.keywords import EvidenceShown
    from extract_bridge.agent.roots import DocumentGuard
    from extract_bridge.agent.session import Session, ToolKind
    from extract_bridge.agent.steps import Clients, Steps, Tell
    from extract_bridge.core.schema.normalize import NormalizedSchema

_ARGUMENTS: dict[ToolKind, type[fill.Arguments]] = {
    "fields": DocumentAndFields,
    "get": ask.JobAndWait,
    "read": ask.JobAndPart,
    "cancel": ask.Job,
    "jobs": ask.PageOfJobs,
    "list": fill.PageOfDocuments,
}


class WithoutSchema(ExtractOptions):
    """Options for which nothing says what to extract: who gives the clients, or settings of what a model names."""

    def normalized_schema(self) -> NormalizedSchema | None:
        """None: nothing is decided here."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What the tools of one spec share.

    Attributes:
        clients: Who gives the clients.
        session: Jobs, budget, names of the tools.
        guard: What can be reached.
        evidence, min_confidence, max_content_chars, max_artifact_chars: See `AnswerStyle`.
        timeout: Seconds until an extract tool answers "still running".
    """

    clients: Clients
    session: Session
    guard: DocumentGuard
    evidence: EvidenceShown = "all"
    min_confidence: float = 0.8
    max_content_chars: int = 8000
    max_artifact_chars: int = 1_000_000
    timeout: float = 120.0

    def style(self, schema: NormalizedSchema | None, read_on: str = "") -> AnswerStyle:
        """How answers about results of this schema are written."""
        return style_of(self, self.session.tools, schema, read_on)

    def extract_call(
        self, options: ExtractOptions, read_on: str, keywords: dict[str, Any] | None = None
    ) -> ExtractCall:
        """The call of one question."""
        return ExtractCall(
            clients=self.clients,
            keywords=options.configuration_keywords() if keywords is None else keywords,
            guard=self.guard,
            style=self.style(options.normalized_schema(), read_on),
            timeout=self.timeout,
            session=self.session,
        )


def schema_metadata(kind: ToolKind, options: ExtractOptions) -> ToolMetadata:
    """What the model sees of a tool that extracts the developer's schema, or starts jobs that do."""
    schema = options.normalized_schema()
    if kind == "create":
        name, description = TOOL_NAMES["create"], create_description(schema)
    else:
        name, description = tool_name(schema.name if schema else None), extract_description(schema)
    arguments = fill.DocumentAndPages if can_choose_pages(options) else fill.Document
    return ToolMetadata(name=name, description=description, fn_schema=arguments)


def plain_metadata(kind: ToolKind) -> ToolMetadata:
    """What the model sees of the other tools."""
    return ToolMetadata(name=TOOL_NAMES[kind], description=DESCRIPTIONS[kind], fn_schema=_ARGUMENTS[kind])


def schema_body(kind: ToolKind, options: ExtractOptions, shared: Shared) -> ToolBody:
    """What such a tool does."""
    calls = shared.extract_call(options, READ_FEWER_PAGES if can_choose_pages(options) else READ_NO_MORE)
    if kind == "create":
        return ToolBody(
            lambda given, ctx, _: calls.submit(given["document"], given.get("pages"), ctx),
            lambda given, ctx, _: calls.asubmit(given["document"], given.get("pages"), ctx),
        )
    return ToolBody(
        lambda given, ctx, tell: calls.call(given["document"], given.get("pages"), ctx, tell=tell),
        lambda given, ctx, tell: calls.acall(given["document"], given.get("pages"), ctx, tell=tell),
    )


def fields_body(options: ExtractOptions, shared: Shared) -> ToolBody:
    """What the tool does whose fields the model names."""

    def keywords(fields: list[FieldSpec], *, rows: bool) -> dict[str, Any]:
        target = "per_table_row" if rows else "per_doc"
        own = options.configuration_keywords()
        return {**own, "data_schema": schema_of_fields(fields), "extraction_target": target}

    def calls(given: dict[str, Any]) -> ExtractCall:
        return shared.extract_call(options, READ_FEWER_PAGES, keywords(given["fields"], rows=given["rows"]))

    async def acall(given: dict[str, Any], ctx: Any, tell: Tell) -> Answer:
        return await calls(given).acall(given["document"], given["pages"], ctx, tell=tell)

    resolve_configuration(
        **keywords([FieldSpec(name="field")], rows=False)
    )  # wrong settings are said at once
    return ToolBody(
        lambda given, ctx, tell: calls(given).call(given["document"], given["pages"], ctx, tell=tell), acall
    )


def job_body(kind: ToolKind, calls: JobCalls) -> ToolBody:
    """What a tool does that asks about jobs."""

    def steps(given: dict[str, Any]) -> Steps[Answer]:
        made: Steps[Answer] = getattr(calls, kind)(**given)
        return made

    return ToolBody(
        lambda given, _, tell: calls.call(steps(given), tell),
        lambda given, _, tell: calls.acall(steps(given), tell),
    )


def list_body(shared: Shared) -> ToolBody:
    """What the tool does that lists documents; it needs no service."""

    def listed(given: dict[str, Any]) -> Answer:
        return documents(shared.guard, **given, most=shared.max_content_chars)

    return ToolBody(
        lambda given, _ctx, _tell: listed(given), lambda given, _ctx, _tell: asyncio.to_thread(listed, given)
    )


def can_choose_pages(options: ExtractOptions) -> bool:
    """Whether the model may: a whole configuration decides the pages itself."""
    return options.configuration is None and options.configuration_id is None
