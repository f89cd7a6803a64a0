"""The agent tool: the developer fixes the schema and what can be reached, the model names a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from llama_index.core.tools import FunctionTool, ToolMetadata, ToolOutput
from pydantic import BaseModel, ConfigDict, Field, create_model

from extract_bridge.agent.answer import AnswerStyle, EvidenceShown
from extract_bridge.agent.arguments import (
    DOCUMENT_HELP,
    MAX_DESCRIPTION_CHARS,
    PAGES_HELP,
    tool_description,
    tool_name,
)
from extract_bridge.agent.calls import ExtractCall
from extract_bridge.agent.jobs import JobBook
from extract_bridge.agent.problems import argument_problem, problem_of
from extract_bridge.agent.roots import DocumentGuard
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ConfigurationError, ExtractError
from extract_bridge.core.schema.fields import iter_schema_fields

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Sequence

    from extract_bridge.agent.answer import Answer
    from extract_bridge.agent.problems import ToolProblem
    from extract_bridge.agent.roots import Documents

_READ_ON = 'Not everything is shown. Call again with fewer pages (such as pages="1-2") to see the rest.'
_READ_ON_WHOLE = "Not everything is shown. Tell the user that the rest is in the job."


class StyleKeywords(TypedDict, total=False):
    """How an answer is written; see `AnswerStyle`."""

    evidence: EvidenceShown
    max_content_chars: int
    min_confidence: float
    max_artifact_chars: int


class ExtractToolResult(BaseModel):
    """What a tool call found, with all its evidence: `ToolOutput.raw_output`. Plain JSON inside, so a Context can store it.

    Attributes:
        job_id: The job.
        status: Its status; not COMPLETED while it still runs.
        service: Which service answered.
        document: The name the model used.
        records: Each record with data and fields (value, confidence, citations with page, quote and boxes).
        warnings: What is odd about the result.
        truncated: How many records are shown, where not all are.
    """

    model_config = ConfigDict(extra="allow")

    job_id: str
    status: str
    service: str | None = None
    document: str
    records: list[dict[str, Any]] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
    truncated: dict[str, Any] | None = None


def make_extract_tool(
    *,
    name: str | None = None,
    description: str | None = None,
    timeout: float = 120.0,
    return_direct: bool = False,
    allowed_roots: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
    documents: Documents | None = None,
    allowed_ids: Collection[str] = (),
    allow_any_id: bool = False,
    **keywords: Any,
) -> FunctionTool:
    """A tool that extracts one schema from a document that the model names, for any LlamaIndex agent.

    The model sees `extract_<schema name>(document, pages)`. The answer is JSON text with data and evidence; `raw_output` is an
    `ExtractToolResult`. A failure is a `ToolOutput` with `is_error`, a code and a next step. Still running at `timeout` is an
    answer, not an error. The same question about the same document is one job, and cancelling the call cancels its job.

    Args:
        name: Of the tool, instead of the schema's.
        description: For the model, at most 1024 characters, instead of one made from the schema.
        timeout: Seconds until the answer is "still running".
        return_direct: The answer ends the agent's turn.
        allowed_roots: Folders below which documents may be named.
        documents: Names and what they stand for (path, bytes, id), or a function of the name that returns one of these.
        allowed_ids: Ids of files and parse jobs that may be named.
        allow_any_id: Whether every id may be named.
        **keywords: Those of `ExtractOptions` (`data_schema`, `local`, …) and `StyleKeywords` (`evidence`, …).

    Raises:
        ConfigurationError: keywords contradict each other, a folder is missing, or the description is too long.
        SchemaError: the schema cannot be used.
    """
    if description is not None and len(description) > MAX_DESCRIPTION_CHARS:
        raise ConfigurationError(
            f"the description is longer than {MAX_DESCRIPTION_CHARS} characters",
            where="description",
            hint="Shorten it; the rest belongs into the agent's prompt",
        )
    guard = DocumentGuard(
        allowed_roots=allowed_roots, documents=documents, allowed_ids=allowed_ids, allow_any_id=allow_any_id
    )
    given: Any = {key: keywords.pop(key) for key in StyleKeywords.__annotations__ if key in keywords}
    options = ExtractOptions(**keywords)
    has_pages = options.data_schema is not None or options.output_cls is not None
    calls = ExtractCall(
        clients=options,
        keywords=options.configuration_keywords(),
        guard=guard,
        style=_style(options, has_pages, **given),
        timeout=timeout,
        book=JobBook(),
    )
    metadata = _metadata(options, name, description, has_pages=has_pages)
    metadata.return_direct = return_direct
    return _Tool(calls, metadata.get_name()).as_function_tool(metadata)


class _Tool:
    """One tool's two functions. Both return a ToolOutput whatever happens, so that no framework calls them twice."""

    def __init__(self, calls: ExtractCall, name: str) -> None:
        self.calls, self.name = calls, name

    def as_function_tool(self, metadata: ToolMetadata) -> FunctionTool:
        return FunctionTool(
            fn=self.extract,
            async_fn=self.aextract,
            metadata=metadata,
            callback=_as_it_is,
            async_callback=_aas_it_is,
        )

    def extract(self, document: Any = None, pages: Any = None, **unknown: Any) -> ToolOutput:
        if problem := _misfit(document, unknown):
            return self._failed(document, pages, problem, None)
        try:
            return self._answered(document, pages, self.calls.call(document, pages))
        except ExtractError as error:
            return self._failed(document, pages, problem_of(error), error)

    async def aextract(self, document: Any = None, pages: Any = None, **unknown: Any) -> ToolOutput:
        if problem := _misfit(document, unknown):
            return self._failed(document, pages, problem, None)
        try:
            return self._answered(document, pages, await self.calls.acall(document, pages))
        except ExtractError as error:
            return self._failed(document, pages, problem_of(error), error)

    def _answered(self, document: Any, pages: Any, answer: Answer) -> ToolOutput:
        return ToolOutput(
            tool_name=self.name,
            content=answer.content,
            raw_input={"document": document, "pages": pages},
            raw_output=ExtractToolResult.model_validate(answer.artifact),
        )

    def _failed(
        self, document: Any, pages: Any, problem: ToolProblem, error: ExtractError | None
    ) -> ToolOutput:
        return ToolOutput(
            tool_name=self.name,
            content=problem.text(),
            raw_input={"document": document, "pages": pages},
            raw_output=problem.text(),
            is_error=True,
            exception=error,
        )


def _as_it_is(output: ToolOutput) -> ToolOutput:
    return output


async def _aas_it_is(output: ToolOutput) -> ToolOutput:
    return output


def _misfit(document: Any, unknown: dict[str, Any]) -> ToolProblem | None:
    """FunctionTool checks no arguments, so they are checked here."""
    problems = [(name, "there is no such argument") for name in unknown]
    if not isinstance(document, str):
        problems.append(("document", "give the document's name as text"))
    return argument_problem(problems) if problems else None


def _style(options: ExtractOptions, has_pages: bool, **given: Unpack[StyleKeywords]) -> AnswerStyle:
    schema = options.normalized_schema()
    fields = iter_schema_fields(schema.json_schema) if schema else ()
    required = frozenset(item.pointer_pattern for item in fields if item.required)
    read_on = _READ_ON if has_pages else _READ_ON_WHOLE
    return AnswerStyle(required=required, read_on=read_on, **given)


def _metadata(
    options: ExtractOptions, name: str | None, description: str | None, *, has_pages: bool
) -> ToolMetadata:
    schema = options.normalized_schema()
    properties = schema.json_schema.get("properties", {}) if schema else {}
    about = schema.json_schema.get("description") if schema else None
    own_name = schema.name if schema else None
    return ToolMetadata(
        name=name or tool_name(own_name),
        description=description or tool_description(own_name, properties, about),
        fn_schema=_arguments(has_pages=has_pages),
    )


def _arguments(*, has_pages: bool) -> type[BaseModel]:
    fields: dict[str, Any] = {"document": (str, Field(description=DOCUMENT_HELP))}
    if has_pages:
        fields["pages"] = (str | None, Field(default=None, description=PAGES_HELP))
    return create_model("ExtractArguments", **fields)
