"""Tools that belong together: one client, one budget, one set of guards, and each other's jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, get_args

from llama_index.core.tools.tool_spec.base import BaseToolSpec

from extract_bridge.agent.arguments import MAX_DESCRIPTION_CHARS, tool_name
from extract_bridge.agent.job_calls import JobCalls
from extract_bridge.agent.keywords import MIN_CONTENT_CHARS, EvidenceShown
from extract_bridge.agent.roots import DocumentGuard
from extract_bridge.agent.session import Session, ToolKind
from extract_bridge.agent.several import BY_SCHEMA, DECIDED, named_schemas, refuse_twins
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.pricing import Budget
from extract_bridge.llama_index.tool_functions import function_tool
from extract_bridge.llama_index.tool_kinds import (
    Shared,
    WithoutSchema,
    fields_body,
    job_body,
    list_body,
    plain_metadata,
    schema_body,
    schema_metadata,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterator, Sequence

    from llama_index.core.tools import FunctionTool, ToolMetadata

    from extract_bridge.agent.roots import Documents
    from extract_bridge.client.keeping import Keeping
    from extract_bridge.llama_index.tool_functions import ToolBody

_SERVICE = ("client", "local", "api_key", "base_url")
_SCOPE = ("project_id", "organization_id")


class ExtractToolSpec(BaseToolSpec):
    """The tools of one agent: one client, one budget, one set of guards, and each other's jobs.

    By default an agent may extract, read results on, and list documents; job control is the developer's choice:
    `include=("extract", "create", "get", "read", "cancel", "jobs", "list")`, and `"fields"` lets the model name what it wants. A job
    that one tool made can be read by another; jobs of others cannot, unless `allowed_ids` or `allow_any_id` says so. Nothing is
    reachable by default.

    Answers are JSON text with data and evidence; `raw_output` is typed (`ExtractToolResult` and the like). A failure is a
    `ToolOutput` with `is_error`, a code and a next step. In a workflow, progress is on its stream as `ExtractProgressEvent`, and
    cancelling the run cancels the job.

    Args:
        data_schema: A schema, or a list of several; an entry of the list may be a pair of a name and a schema.
        include: Which tools.
        allowed_roots: Folders below which documents may be named.
        documents: Names and what they stand for (path, bytes, id), or a function of name and workflow context.
        allowed_ids: Ids of files, parse jobs and extract jobs that may be named.
        allow_any_id: Whether every id may be named.
        budget: Credits that all jobs may cost together, a `Budget` or their number.
        ledger: A `bulk.Ledger`: what was extracted before, in another conversation too, is answered from it and not paid again.
        evidence: Evidence in the text: of `all` values, of those to `review`, or `none`.
        min_confidence: A value below it is listed under `review`; 0..1.
        max_content_chars: Length of a text at most; at least 1000.
        max_artifact_chars: Length of the raw output's records as JSON at most.
        timeout: Seconds until an extract tool answers "still running".
        return_direct: An extract tool's answer ends the agent's turn.
        **keywords: Those of `ExtractOptions` (`local`, `client`, `tier`, `configuration_id`, …).

    Raises:
        ConfigurationError: keywords contradict each other, a folder is missing, or two tools would bear one name.
        SchemaError: a schema cannot be used.
    """

    def __init__(
        self,
        *,
        data_schema: Any = None,
        include: Sequence[ToolKind] = ("extract", "read", "list"),
        allowed_roots: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
        documents: Documents | None = None,
        allowed_ids: str | Collection[str] = (),
        allow_any_id: bool = False,
        budget: Budget | float | None = None,
        ledger: Keeping | None = None,
        evidence: EvidenceShown = "all",
        min_confidence: float = 0.8,
        max_content_chars: int = 8000,
        max_artifact_chars: int = 1_000_000,
        timeout: float = 120.0,
        return_direct: bool = False,
        **keywords: Any,
    ) -> None:
        _check(include, max_content_chars, min_confidence, timeout)
        ids = frozenset([allowed_ids] if isinstance(allowed_ids, str) else allowed_ids)
        session = Session(Budget(budget) if isinstance(budget, int | float) else budget, ledger=ledger)
        given = {name: value for name, value in keywords.items() if value is not None}
        self._options = WithoutSchema(**{name: given[name] for name in (*_SERVICE, *_SCOPE) if name in given})
        # No key is kept here: the options above hide it.
        self._settings = {name: value for name, value in given.items() if name not in _SERVICE}
        self._allowed_ids, self._allow_any_id = ids, allow_any_id
        self._shared = Shared(
            clients=self._options,
            session=session,
            guard=DocumentGuard(
                allowed_roots=allowed_roots,
                documents=documents,
                allowed_ids=ids,
                allow_any_id=allow_any_id,
                is_own_id=session.book.is_own_file,
            ),
            evidence=evidence,
            min_confidence=min_confidence,
            max_content_chars=max_content_chars,
            max_artifact_chars=max_artifact_chars,
            timeout=timeout,
        )
        made = [tool for kind in dict.fromkeys(include) for tool in self._planned(kind, data_schema)]
        refuse_twins([metadata.get_name() for _, metadata, _ in made])
        session.tools.update({kind: metadata.get_name() for kind, metadata, _ in reversed(made)})
        self._tools: list[FunctionTool] = []
        for kind, metadata, options in made:
            metadata.return_direct = return_direct and kind in ("extract", "fields")
            self._tools.append(function_tool(metadata, self._body(kind, options)))
        self.spec_functions = [tool.metadata.get_name() for tool in self._tools]

    @property
    def client(self) -> Any:
        """The client in use: the one that was passed, otherwise the blocking one that was made from the keywords.

        Raises:
            ConfigurationError: none was passed, and no service is chosen.
        """
        return self._options.client

    @property
    def budget(self) -> Budget | None:
        """What all jobs may cost together, and what they did."""
        return self._shared.session.budget

    def to_tool_list(
        self,
        spec_functions: Sequence[Any] | None = None,
        func_to_metadata_mapping: dict[str, ToolMetadata] | None = None,
    ) -> list[FunctionTool]:
        """The tools, the same objects each time.

        Args:
            spec_functions: Names of some of them, instead of all.
            func_to_metadata_mapping: Not taken: what a model sees is decided by the keywords of the spec.

        Raises:
            ConfigurationError: there is no tool of that name, or metadata is given.
        """
        if func_to_metadata_mapping:
            raise ConfigurationError(
                "the metadata of these tools is fixed",
                where="func_to_metadata_mapping",
                hint='Name a schema, data_schema=[("invoice", Invoice)], or use make_extract_tool(name=…, description=…)',
            )
        if spec_functions is None:
            return list(self._tools)
        by_name = {tool.metadata.get_name(): tool for tool in self._tools}
        unknown = [name for name in spec_functions if name not in by_name]
        if unknown:
            raise ConfigurationError(
                f"there is no tool {unknown[0]!r}",
                where="spec_functions",
                hint=f"Choose from {', '.join(by_name)}",
            )
        return [by_name[name] for name in spec_functions]

    def close(self) -> None:
        """Close the connections of the client that was made here; one that was passed stays open. Optional."""
        if self._options.given_client is None:
            self._options.sync_client().close()

    async def aclose(self) -> None:
        """Close the connections of this event loop; see `close`."""
        if self._options.given_client is None:
            await self._options.async_client().aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _planned(
        self, kind: ToolKind, data_schema: Any
    ) -> Iterator[tuple[ToolKind, ToolMetadata, ExtractOptions | None]]:
        if kind == "fields":
            free = {name: value for name, value in self._settings.items() if name not in DECIDED}
            yield kind, plain_metadata(kind), WithoutSchema(**free)
        elif kind not in BY_SCHEMA:
            yield kind, plain_metadata(kind), None
        else:
            is_one = not isinstance(data_schema, list | tuple)
            for name, schema in named_schemas(data_schema):
                options = ExtractOptions(data_schema=schema, **self._settings)
                metadata = schema_metadata(kind, options)
                if name or (kind == "create" and not is_one):
                    own = tool_name(name) if name else schema_metadata("extract", options).get_name()
                    metadata.name = own if kind == "extract" else f"create_{own}_job"[:64]
                yield kind, metadata, options

    def _body(self, kind: ToolKind, options: ExtractOptions | None) -> ToolBody:
        if kind == "list":
            return list_body(self._shared)
        if options is None:
            calls = JobCalls(
                clients=self._options,
                session=self._shared.session,
                style=lambda note: self._shared.style(note.schema if note else None),
                allowed_ids=self._allowed_ids,
                allow_any_id=self._allow_any_id,
            )
            return job_body(kind, calls)
        if kind == "fields":
            return fields_body(options, self._shared)
        return schema_body(kind, options, self._shared)


def make_extract_tool(
    *,
    name: str | None = None,
    description: str | None = None,
    timeout: float = 120.0,
    return_direct: bool = False,
    allowed_roots: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
    documents: Documents | None = None,
    allowed_ids: str | Collection[str] = (),
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
        documents: Names and what they stand for (path, bytes, id), or a function of the name and the workflow's context.
        allowed_ids: Ids of files and parse jobs that may be named.
        allow_any_id: Whether every id may be named.
        **keywords: Those of `ExtractOptions` (`data_schema`, `local`, …) and of `ExtractToolSpec` (`budget`, `evidence`, …).

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
    spec = ExtractToolSpec(
        include=("extract",),
        timeout=timeout,
        return_direct=return_direct,
        allowed_roots=allowed_roots,
        documents=documents,
        allowed_ids=allowed_ids,
        allow_any_id=allow_any_id,
        **keywords,
    )
    (tool,) = spec.to_tool_list()
    tool.metadata.name = name or tool.metadata.name
    tool.metadata.description = description or tool.metadata.description
    return tool


def _check(include: Sequence[str], max_content_chars: int, min_confidence: float, timeout: float) -> None:
    kinds = get_args(ToolKind)
    problem: tuple[str, str] | None = None
    if isinstance(include, str) or not include or any(kind not in kinds for kind in include):
        problem = "include", f"Give some of {', '.join(kinds)}"
    elif max_content_chars < MIN_CONTENT_CHARS:
        problem = "max_content_chars", f"Give at least {MIN_CONTENT_CHARS}"
    elif not 0 <= min_confidence <= 1:
        problem = "min_confidence", "Give a number from 0 to 1"
    elif timeout <= 0:
        problem = "timeout", "Give seconds above 0"
    if problem:
        raise ConfigurationError(f"{problem[0]} cannot be used", where=problem[0], hint=problem[1])
