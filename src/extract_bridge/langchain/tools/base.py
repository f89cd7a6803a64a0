"""What all tools have in common: how they fail, how answers are written, and the session they share."""

from __future__ import annotations

import os  # noqa: TC003 - pydantic reads the annotations
from collections.abc import Awaitable, Callable, Sequence  # noqa: TC003
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from langchain_core.tools import BaseTool, InjectedToolArg, ToolException
from pydantic import ConfigDict, Field, PrivateAttr, ValidationError, field_validator

from extract_bridge.agent.keywords import MIN_CONTENT_CHARS, EvidenceShown
from extract_bridge.agent.parameters import Arguments
from extract_bridge.agent.problems import argument_problem, problem_of
from extract_bridge.agent.session import TOOL_NAMES, Session, ToolKind
from extract_bridge.agent.texts import DESCRIPTIONS
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ExtractError
from extract_bridge.core.pricing import Budget

if TYPE_CHECKING:
    from extract_bridge.agent.answer import Answer, AnswerStyle
    from extract_bridge.agent.roots import DocumentGuard
    from extract_bridge.agent.steps import Clients
    from extract_bridge.client.client import AsyncExtractClient, ExtractClient
    from extract_bridge.core.schema.normalize import NormalizedSchema

Pair = tuple[str, dict[str, Any]]


class WithRuntime(Arguments):
    """What the model fills in."""

    # ToolNode injects the run's context under this name; the model does not see it, and what it forges is removed.
    runtime: Annotated[Any, InjectedToolArg] = None


class AgentTool(ExtractOptions, BaseTool):
    """A tool whose failures are messages with a code and a next step, and whose jobs a toolkit may share.

    Attributes:
        allowed_ids: Ids of files, parse jobs and extract jobs that may be named.
        allow_any_id: Whether every id may be named.
        budget: Credits that all jobs may cost together, a `Budget` or their number; a job that would break it is never made.
        ledger: A `bulk.Ledger`: what was extracted before, in another conversation too, is answered from it and not paid again.
        evidence: Evidence in the text: of `all` values, of those to `review`, or `none`.
        min_confidence: A value below it is listed under `review`; 0..1.
        max_content_chars: Length of the text at most; at least 1000.
        max_artifact_chars: Length of the artifact's records as JSON at most.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    kind: ClassVar[ToolKind]

    name: str = ""
    description: str = ""
    args_schema: Any = None
    response_format: Literal["content", "content_and_artifact"] = "content_and_artifact"
    handle_tool_error: bool | str | Callable[[ToolException], str] | None = str  # the exception's own text
    handle_validation_error: bool | str | Callable[..., str] | None = Field(default_factory=lambda: _explain)

    allowed_ids: str | Sequence[str] = ()
    allow_any_id: bool = False
    budget: Budget | None = Field(default=None, exclude=True)
    ledger: Any = Field(default=None, exclude=True, repr=False)
    evidence: EvidenceShown = "all"
    min_confidence: float = Field(default=0.8, ge=0, le=1)
    max_content_chars: int = Field(default=8000, ge=MIN_CONTENT_CHARS)
    max_artifact_chars: int = Field(default=1_000_000, ge=1)

    _session: Session = PrivateAttr(default_factory=Session)
    _clients: Any = PrivateAttr(default=None)  # the toolkit, whose one client all its tools use

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.name = self.name or self._own_name()
        self.description = self.description or self._own_description()
        self._session = Session(self.budget, {self.kind: self.name}, self.ledger)

    @field_validator("budget", mode="before")
    @classmethod
    def _as_budget(cls, value: Any) -> Any:
        return Budget(value) if isinstance(value, int | float) and not isinstance(value, bool) else value

    def join(self, session: Session, clients: Clients) -> None:
        """Share jobs, budget and client with the other tools of a toolkit.

        Args:
            session: What the tools share.
            clients: Who gives the clients.
        """
        self._session, self._clients = session, clients
        self.budget, self.ledger = session.budget, session.ledger

    @property
    def service(self) -> str:
        """Which service answers: `cloud`, `local`, or its URL."""
        return self.sync_client().service

    def sync_client(self) -> ExtractClient:
        """The blocking client; the toolkit's, in one.

        Raises:
            ConfigurationError: no service is chosen.
        """
        return super().sync_client() if self._clients is None else self._clients.sync_client()

    def async_client(self) -> AsyncExtractClient:
        """The asynchronous client; the toolkit's, in one.

        Raises:
            ConfigurationError: no service is chosen.
        """
        return super().async_client() if self._clients is None else self._clients.async_client()

    def _own_name(self) -> str:
        return TOOL_NAMES[self.kind]

    def _own_description(self) -> str:
        return DESCRIPTIONS[self.kind]

    def _ids(self) -> frozenset[str]:
        return frozenset([self.allowed_ids] if isinstance(self.allowed_ids, str) else self.allowed_ids)

    def _style(self, schema: NormalizedSchema | None, read_on: str = "") -> AnswerStyle:
        from extract_bridge.agent.style import style_of  # noqa: PLC0415 - a class costs little until it is used

        return style_of(self, self._session.tools, schema, read_on)


class GuardedTool(AgentTool):
    """A tool that reaches documents.

    Attributes:
        allowed_roots: Folders below which documents may be named.
        documents: Names and what they stand for (path, bytes, Blob, id), or a function of name and tool runtime.
    """

    allowed_roots: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = ()
    documents: Any = Field(default=None, exclude=True, repr=False)

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self._guard()

    def _guard(self) -> DocumentGuard:
        from extract_bridge.agent.roots import DocumentGuard  # noqa: PLC0415 - a class costs little until it is used

        return DocumentGuard(
            allowed_roots=self.allowed_roots,
            documents=self.documents,
            allowed_ids=self._ids(),
            allow_any_id=self.allow_any_id,
            is_own_id=self._session.book.is_own_file,
        )


def told(make: Callable[[], Answer]) -> Pair:
    """The answer as text and artifact.

    Raises:
        ToolException: it failed in a way that the model is told of; anything else passes through.
    """
    try:
        answer = make()
    except (ExtractError, ValidationError) as error:
        raise _exception(error) from None
    return answer.content, answer.artifact


async def atold(making: Awaitable[Answer]) -> Pair:
    """The awaited answer as text and artifact; see `told`."""
    try:
        answer = await making
    except (ExtractError, ValidationError) as error:
        raise _exception(error) from None
    return answer.content, answer.artifact


def _exception(error: Exception) -> ToolException:
    return ToolException(problem_of(error).text())


def _explain(error: Any) -> str:
    """Arguments that do not fit, one by one, without the values that were given."""
    problems = [
        (".".join(map(str, item["loc"])) or "arguments", item["msg"].removeprefix("Value error, "))
        for item in error.errors()
    ]
    return argument_problem(problems).text()
