"""The agent tool: the developer fixes the schema and what can be reached, the model names a document."""

from __future__ import annotations

import os  # noqa: TC003 - pydantic reads the annotations
from collections.abc import Callable, Sequence  # noqa: TC003
from typing import TYPE_CHECKING, Annotated, Any, Literal

from langchain_core.tools import BaseTool, InjectedToolArg, ToolException
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from extract_bridge.agent.answer import MIN_CONTENT_CHARS, AnswerStyle, EvidenceShown
from extract_bridge.agent.arguments import DOCUMENT_HELP, PAGES_HELP, PagesText, tool_description, tool_name
from extract_bridge.agent.calls import ExtractCall
from extract_bridge.agent.jobs import JobBook
from extract_bridge.agent.problems import argument_problem, problem_of
from extract_bridge.agent.roots import DocumentGuard
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ExtractError
from extract_bridge.core.schema.fields import iter_schema_fields

if TYPE_CHECKING:
    from extract_bridge.agent.answer import Answer
    from extract_bridge.core.schema.normalize import NormalizedSchema

_READ_ON = 'Not everything is shown. Call again with fewer pages (such as pages="1-2") to see the rest.'
_READ_ON_WHOLE = "Not everything is shown. Tell the user that the rest is in the job."


class ExtractTool(ExtractOptions, BaseTool):
    """Extracts one schema from a document that the model names, for any LangChain agent.

    The model sees `extract_<schema name>(document, pages)`. Nothing is reachable unless `allowed_roots`, `documents`,
    `allowed_ids` or `allow_any_id` says so. The answer is JSON text with data and evidence, at most `max_content_chars`
    long; the artifact holds all evidence. Still running at `timeout` is an answer, not an error, and the same call again
    joins the same job. A failure becomes a message with a code and a next step; the agent goes on.

    Besides the attributes below it takes those of `ExtractOptions`.

    Attributes:
        allowed_roots: Folders below which documents may be named.
        documents: Names and what they stand for (path, bytes, Blob, id), or a function of name and tool runtime.
        allowed_ids: Ids of files and parse jobs that may be named.
        allow_any_id: Whether every id may be named.
        evidence: Evidence in the text: of `all` values, of those to `review`, or `none`.
        min_confidence: A value below it is listed under `review`; 0..1.
        max_content_chars: Length of the text at most; at least 1000.
        max_artifact_chars: Length of the artifact's records as JSON at most.
        timeout: Seconds until the answer is "still running".
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: str = ""
    description: str = ""
    args_schema: Any = None
    response_format: Literal["content", "content_and_artifact"] = "content_and_artifact"
    handle_tool_error: bool | str | Callable[[ToolException], str] | None = str  # the exception's own text
    handle_validation_error: bool | str | Callable[..., str] | None = Field(default_factory=lambda: _explain)

    allowed_roots: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = ()
    documents: Any = Field(default=None, exclude=True, repr=False)
    allowed_ids: str | Sequence[str] = ()
    allow_any_id: bool = False
    evidence: EvidenceShown = "all"
    min_confidence: float = Field(default=0.8, ge=0, le=1)
    max_content_chars: int = Field(default=8000, ge=MIN_CONTENT_CHARS)
    max_artifact_chars: int = Field(default=1_000_000, ge=1)
    timeout: float = Field(default=120.0, gt=0)

    _book: JobBook = PrivateAttr(default_factory=JobBook)

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self._guard()
        schema = self.normalized_schema()
        if not self.name:
            self.name = tool_name(schema.name if schema else None)
        if not self.description:
            self.description = _description(schema)
        if self.args_schema is None:
            self.args_schema = _DocumentAndPages if self._can_choose_pages else _Document

    @property
    def _can_choose_pages(self) -> bool:
        return self.configuration is None and self.configuration_id is None

    @property
    def service(self) -> str:
        """Which service answers: `cloud`, `local`, or its URL."""
        return self.sync_client().service

    def _run(self, document: str, pages: Any = None, runtime: Any = None) -> tuple[str, dict[str, Any]]:
        try:
            return _pair(self._call().call(document, pages, runtime))
        except (ExtractError, ValidationError) as error:
            raise _told(error) from None

    async def _arun(
        self, document: str, pages: Any = None, runtime: Any = None
    ) -> tuple[str, dict[str, Any]]:
        try:
            return _pair(await self._call().acall(document, pages, runtime))
        except (ExtractError, ValidationError) as error:
            raise _told(error) from None

    def _call(self) -> ExtractCall:
        return ExtractCall(
            clients=self,
            keywords=self.configuration_keywords(),
            guard=self._guard(),
            style=self._style(),
            timeout=self.timeout,
            book=self._book,
        )

    def _guard(self) -> DocumentGuard:
        return DocumentGuard(
            allowed_roots=self.allowed_roots,
            documents=self.documents,
            allowed_ids=self.allowed_ids,
            allow_any_id=self.allow_any_id,
        )

    def _style(self) -> AnswerStyle:
        return AnswerStyle(
            evidence=self.evidence,
            max_content_chars=self.max_content_chars,
            min_confidence=self.min_confidence,
            required=_required(self.normalized_schema()),
            read_on=_READ_ON if self._can_choose_pages else _READ_ON_WHOLE,
            max_artifact_chars=self.max_artifact_chars,
        )


def _pair(answer: Answer) -> tuple[str, dict[str, Any]]:
    return answer.content, answer.artifact


def _told(error: Exception) -> ToolException:
    return ToolException(problem_of(error).text())


def _explain(error: Any) -> str:
    """Arguments that do not fit, one by one, without the values that were given."""
    problems = [
        (".".join(map(str, item["loc"])) or "arguments", item["msg"].removeprefix("Value error, "))
        for item in error.errors()
    ]
    return argument_problem(problems).text()


def _required(schema: NormalizedSchema | None) -> frozenset[str]:
    fields = iter_schema_fields(schema.json_schema) if schema else ()
    return frozenset(item.pointer_pattern for item in fields if item.required)


def _description(schema: NormalizedSchema | None) -> str:
    if schema is None:
        return tool_description(None, ())
    fields = (
        item.pointer_pattern.strip("/").replace("/*", "[]").replace("/", ".")
        for item in iter_schema_fields(schema.json_schema)
    )
    return tool_description(schema.name, fields, schema.json_schema.get("description"))


class _Document(BaseModel):
    """What the model fills in."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    document: str = Field(description=DOCUMENT_HELP)
    # ToolNode injects the run's context under this name; the model does not see it, and what it forges is removed.
    runtime: Annotated[Any, InjectedToolArg] = None


class _DocumentAndPages(_Document):
    """What the model fills in."""

    pages: PagesText = Field(default=None, description=PAGES_HELP)
