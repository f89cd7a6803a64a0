"""Tools that make jobs: the developer fixes the schema and what can be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from extract_bridge.agent import parameters
from extract_bridge.agent.arguments import tool_name
from extract_bridge.agent.texts import (
    READ_FEWER_PAGES,
    READ_NO_MORE,
    create_description,
    extract_description,
)
from extract_bridge.langchain.tools.base import GuardedTool, Pair, WithRuntime, atold, told
from extract_bridge.langchain.tools.progress import Progress

if TYPE_CHECKING:
    from extract_bridge.agent.calls import ExtractCall
    from extract_bridge.agent.session import ToolKind
    from extract_bridge.core.pricing import Estimate


class ExtractTool(GuardedTool):
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
        budget: Credits that all jobs may cost together, a `Budget` or their number; a job that would break it is never made.
        evidence: Evidence in the text: of `all` values, of those to `review`, or `none`.
        min_confidence: A value below it is listed under `review`; 0..1.
        max_content_chars: Length of the text at most; at least 1000.
        max_artifact_chars: Length of the artifact's records as JSON at most.
        timeout: Seconds until the answer is "still running".
    """

    kind: ClassVar[ToolKind] = "extract"
    timeout: float = Field(default=120.0, gt=0)

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        if self.args_schema is None:
            self.args_schema = parameters.built(DocumentAndPages if self._can_choose_pages else Document)

    def estimate(
        self, document: str, pages: Any = None, runtime: Any = None, *, quick: bool = False
    ) -> Estimate:
        """What a call would cost at most, in credits. Blocks while the document is read; sends nothing.

        Args:
            document: The document's name, as the model writes it.
            pages: Text, a number or a list of numbers.
            runtime: For a `documents` function.
            quick: Rather unknown (None) than counted by laying a large text or table out.

        Raises:
            ExtractError: the document cannot be reached, or the pages are none.
        """
        return self._call().estimate(document, pages, runtime, quick=quick)

    @property
    def _can_choose_pages(self) -> bool:
        return self.configuration is None and self.configuration_id is None

    def _own_name(self) -> str:
        schema = self.normalized_schema()
        return tool_name(schema.name if schema else None)

    def _own_description(self) -> str:
        return extract_description(self.normalized_schema())

    def _run(self, document: str, pages: Any = None, runtime: Any = None) -> Pair:
        tell = Progress(document, runtime).tell
        return told(lambda: self._call().call(document, pages, runtime, tell=tell))

    async def _arun(self, document: str, pages: Any = None, runtime: Any = None) -> Pair:
        tell = Progress(document, runtime).atell
        return await atold(self._call().acall(document, pages, runtime, tell=tell))

    def _call(self) -> ExtractCall:
        from extract_bridge.agent.calls import ExtractCall  # noqa: PLC0415 - a class costs little until it is used

        return ExtractCall(
            clients=self,
            keywords=self.configuration_keywords(),
            guard=self._guard(),
            style=self._style(
                self.normalized_schema(), READ_FEWER_PAGES if self._can_choose_pages else READ_NO_MORE
            ),
            timeout=self.timeout,
            session=self._session,
        )


class CreateExtractJobTool(ExtractTool):
    """Starts a job and answers with its id at once; the other job tools of the same toolkit ask for it later.

    The model sees `create_extract_job(document, pages)`. It takes the keywords of `ExtractTool`; `timeout` is the time for upload and
    create. The same document and configuration as before is the same job.
    """

    kind: ClassVar[ToolKind] = "create"

    def _own_name(self) -> str:
        return "create_extract_job"

    def _own_description(self) -> str:
        return create_description(self.normalized_schema())

    def _run(self, document: str, pages: Any = None, runtime: Any = None) -> Pair:
        return told(lambda: self._call().submit(document, pages, runtime))

    async def _arun(self, document: str, pages: Any = None, runtime: Any = None) -> Pair:
        return await atold(self._call().asubmit(document, pages, runtime))


class Document(WithRuntime, parameters.Document):
    """What the model fills in."""


class DocumentAndPages(WithRuntime, parameters.DocumentAndPages):
    """What the model fills in."""
