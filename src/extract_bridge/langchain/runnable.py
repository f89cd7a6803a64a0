"""A document in, the caller's own object out: a step of a LangChain chain.

Longer than most modules: the overloads of the constructor are what tells editors and type checkers the output's type.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence  # noqa: TC003 - pydantic reads the annotations
from contextlib import aclosing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeGuard, TypeVar, overload

from langchain_core.callbacks import adispatch_custom_event, dispatch_custom_event
from langchain_core.runnables import RunnableConfig, RunnableSerializable
from langchain_core.runnables.config import get_config_list
from pydantic import ConfigDict, Field

from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ConfigurationError, ExtractError
from extract_bridge.langchain.runnable_clients import SharedClients
from extract_bridge.langchain.runnable_input import Asked, ExtractInput, read_input
from extract_bridge.langchain.runnable_output import Extracted, ExtractedRows, Shape

if TYPE_CHECKING:
    from extract_bridge.agent.roots import DocumentGuard
    from extract_bridge.client.client import AsyncExtractClient, ExtractClient
    from extract_bridge.core.wire.jobs import ExtractV2Job

__all__ = ["ExtractRunnable", "Extracted", "ExtractedRows"]

OutputT = TypeVar("OutputT")
T = TypeVar("T")
K = TypeVar("K", "ExtractClient", "AsyncExtractClient")
_Many = Literal["per_page", "per_table_row"]
_AT_ONCE = 50  # rows that a stream parses in one go of a worker thread
EVENT = "extract_progress"


class ExtractRunnable(ExtractOptions, RunnableSerializable[ExtractInput, OutputT]):
    """Extracts a document into the caller's type.

    The input is a path or id, a Blob, a LangChain Document (its *text* is extracted), or a dict with `document` and optionally
    `pages` (other keys are ignored, so it works under `RunnablePassthrough.assign`). The output is an instance of the class
    given as `data_schema` or `output_cls`, or a dict for a JSON Schema; a list of these for `per_page` and `per_table_row`.
    With `include_raw` it is a dict `raw, parsed, parsing_error` instead (`Extracted`, `ExtractedRows`), and of our errors only
    ConfigurationError is raised.

    `stream` and `astream` give `[row]` after `[row]` for `per_page` and `per_table_row`, which add up to what `invoke` gives; one
    chunk otherwise. While a job is at work each change of its status is a custom event `extract_progress` with `document`,
    `job_id` and `status`. Traces show a document as name, size and sha256.

    With `allowed_roots` or one of the other guards only what they allow can be named, for input that a model wrote.
    `dumps` keeps a class as its JSON Schema, so that what `load` gives returns dicts; it leaves out keys, `documents` and webhooks.
    Besides the attributes below it takes those of `ExtractOptions`.

    Attributes:
        include_raw: Give record and parsing error beside the object.
        timeout: Seconds for one document, upload to result.
        max_concurrency: Documents at work in one `batch`, unless the run's config says otherwise.
        allowed_roots: Folders below which documents may be named; see `ExtractTool`.
        documents: Names and what they stand for.
        allowed_ids: Ids that may be named.
        shared_clients: The clients made so far. Copies with other fields, such as those of `configurable_fields`, share them, so
            that a call opens no connection of its own; not for callers.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    include_raw: bool = False
    timeout: float = Field(default=1800.0, gt=0)
    max_concurrency: int = Field(default=4, ge=1)
    allowed_roots: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None = None
    documents: Any = Field(default=None, exclude=True, repr=False)
    allowed_ids: str | Sequence[str] | None = None
    shared_clients: SharedClients = Field(default_factory=SharedClients, exclude=True, repr=False)

    @overload
    def __init__(
        self: ExtractRunnable[ExtractedRows[T]],
        *,
        output_cls: type[T],
        extraction_target: _Many,
        include_raw: Literal[True],
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[Extracted[T]],
        *,
        output_cls: type[T],
        extraction_target: Literal["per_doc"] | None = None,
        include_raw: Literal[True],
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[list[T]],
        *,
        output_cls: type[T],
        extraction_target: _Many,
        include_raw: Literal[False] = False,
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[T],
        *,
        output_cls: type[T],
        extraction_target: Literal["per_doc"] | None = None,
        include_raw: Literal[False] = False,
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[ExtractedRows[T]],
        *,
        data_schema: type[T],
        extraction_target: _Many,
        include_raw: Literal[True],
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[Extracted[T]],
        *,
        data_schema: type[T],
        extraction_target: Literal["per_doc"] | None = None,
        include_raw: Literal[True],
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[list[T]],
        *,
        data_schema: type[T],
        extraction_target: _Many,
        include_raw: Literal[False] = False,
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[T],
        *,
        data_schema: type[T],
        extraction_target: Literal["per_doc"] | None = None,
        include_raw: Literal[False] = False,
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[ExtractedRows[dict[str, Any]]],
        *,
        data_schema: dict[str, Any] | Path,
        output_cls: None = None,
        extraction_target: _Many,
        include_raw: Literal[True],
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[Extracted[dict[str, Any]]],
        *,
        data_schema: dict[str, Any] | Path,
        output_cls: None = None,
        extraction_target: Literal["per_doc"] | None = None,
        include_raw: Literal[True],
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[list[dict[str, Any]]],
        *,
        data_schema: dict[str, Any] | Path,
        output_cls: None = None,
        extraction_target: _Many,
        include_raw: Literal[False] = False,
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[dict[str, Any]],
        *,
        data_schema: dict[str, Any] | Path,
        output_cls: None = None,
        extraction_target: Literal["per_doc"] | None = None,
        include_raw: Literal[False] = False,
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[Any],
        *,
        data_schema: type[Any] | None = None,
        output_cls: type[Any] | None = None,
        include_raw: bool = False,
        **keywords: Any,
    ) -> None: ...
    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        if self.allowed_roots is None and (self.documents is not None or self.allowed_ids is not None):
            self.allowed_roots = ()  # what is made from a dump, which has no documents, reaches nothing rather than everything
        self._guard()

    @classmethod
    def is_lc_serializable(cls) -> bool:
        """It is, without its key."""
        return True

    @property
    def lc_secrets(self) -> dict[str, str]:
        """Where the key comes from when a dump is loaded again."""
        return {"api_key": "LLAMA_CLOUD_API_KEY"}

    @property
    def lc_attributes(self) -> dict[str, Any]:
        """What a dump holds in the place of classes and paths, which are no JSON."""
        found: dict[str, Any] = {}
        schema = self.normalized_schema()
        if schema is not None and self.configuration is None:
            found["data_schema"] = schema.json_schema
        if self.configuration is not None:
            found["configuration"] = self._dumped_configuration(self.configuration)
        if self.local is not None:
            found["local"] = bool(self.local)
        if self.allowed_roots is not None:
            roots = self.allowed_roots
            some = [roots] if isinstance(roots, str | os.PathLike) else roots
            found["allowed_roots"] = [os.fspath(root) for root in some]
        if _is_ours(self.given_client):
            found.update(_connection(self.given_client))
        return found

    def to_json(self) -> Any:
        """The dump of LangChain; only a representation where a client cannot be told in keywords."""
        client = self.given_client
        ours = _is_ours(client) and client.settings.http_client is None
        return super().to_json() if client is None or ours else self.to_json_not_implemented()

    @property
    def InputType(self) -> Any:  # noqa: N802 - LangChain's name
        """What can be extracted."""
        return ExtractInput

    @property
    def OutputType(self) -> Any:  # noqa: N802 - LangChain's name
        """The caller's own type."""
        return self._shape().output_type()

    @overload
    def with_structured_output(
        self: ExtractRunnable[list[Any]], schema: type[T], *, include_raw: Literal[False] = False
    ) -> ExtractRunnable[list[T]]: ...
    @overload
    def with_structured_output(  # type: ignore[overload-overlap]  # a list target stays one; the first that fits counts
        self: ExtractRunnable[list[Any]], schema: type[T], *, include_raw: Literal[True]
    ) -> ExtractRunnable[ExtractedRows[T]]: ...
    @overload
    def with_structured_output(
        self, schema: type[T], *, include_raw: Literal[False] = False
    ) -> ExtractRunnable[T]: ...
    @overload
    def with_structured_output(
        self, schema: type[T], *, include_raw: Literal[True]
    ) -> ExtractRunnable[Extracted[T]]: ...
    @overload
    def with_structured_output(
        self, schema: dict[str, Any] | Path, *, include_raw: bool = False
    ) -> ExtractRunnable[dict[str, Any]]: ...
    def with_structured_output(self, schema: Any, *, include_raw: bool = False) -> ExtractRunnable[Any]:
        """This runnable for another schema, over the same connections; chat models have a method of the same name.

        Where a configuration decides what is extracted, its results are parsed into `schema`, which must be a class then.

        Args:
            schema: A pydantic class, TypedDict, dataclass, JSON Schema dict, or `Path` of one.
            include_raw: Give record and parsing error beside the object.

        Raises:
            ConfigurationError: a JSON Schema, where a configuration decides.
            SchemaError: it cannot be used.
        """
        if self.configuration is None and self.configuration_id is None:
            return self._with(data_schema=schema, output_cls=None, include_raw=include_raw)
        if isinstance(schema, dict | Path):
            raise ConfigurationError(
                "a configuration decides the schema, so results can only be parsed into a class",
                where="schema",
                hint="Pass a pydantic class, TypedDict or dataclass, or make a runnable with data_schema=",
            )
        return self._with(output_cls=schema, include_raw=include_raw)

    def invoke(self, input: ExtractInput, config: RunnableConfig | None = None, **kwargs: Any) -> OutputT:  # noqa: A002
        """Extract one document.

        Args:
            input: The document.
            config: The run's.
            **kwargs: Ignored.

        Raises:
            ResultValidationError: a required field is null, or a value does not fit; not with `include_raw`.
            ExtractError: no result came; with `include_raw` only ConfigurationError.
        """
        asked = read_input(input, self._guard())

        def extract(_: Any, run_manager: Any, config: RunnableConfig) -> Any:
            try:
                job = self._run(asked, config)
            except ExtractError as error:
                return self._failed(error)
            return self._shape().output(job)

        return self._call_with_config(extract, asked.shown, config)

    async def ainvoke(
        self,
        input: ExtractInput,  # noqa: A002 - LangChain's name
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> OutputT:
        """Extract one document without blocking the event loop; see `invoke`."""
        asked = await asyncio.to_thread(read_input, input, self._guard())

        async def extract(_: Any, run_manager: Any, config: RunnableConfig) -> Any:
            try:
                job = await self._arun(asked, config)
            except ExtractError as error:
                return self._failed(error)
            return await asyncio.to_thread(self._shape().output, job)

        return await self._acall_with_config(extract, asked.shown, config)

    def stream(
        self,
        input: ExtractInput,  # noqa: A002 - LangChain's name
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Iterator[OutputT]:
        """Extract one document; rows come one by one, each as a list of one, anything else as one chunk. See `invoke`.

        Where the keywords tell that there are rows, each is given as soon as it has come, and the rest of the answer is read afterwards.
        An answer that breaks off or turns out to be malformed then raises behind the rows that were given: they were whole, and are valid;
        reading the job again costs nothing. What the service says only behind them (an `error` in the metadata) is told by
        `include_raw` and by loaders, whose records have warnings; plain objects have no place for it, streamed or not.

        With `include_raw` each row is a dict whose `parsed` has that row alone, and the last chunk has all records as `raw`: their evidence
        is complete only then. Dicts add up as LangChain adds them, None giving way; after an error `parsed` is what was given before it.

        Raises:
            ResultError: the answer is malformed or cut off, maybe after some rows.
            ExtractError: see `invoke`.
        """
        asked = read_input(input, self._guard())

        def chunks(inputs: Iterator[Any], run_manager: Any, config: RunnableConfig) -> Iterator[Any]:
            for _ in inputs:  # the run's input, which has been read
                pass
            shape = self._shape()
            try:
                job = self._run(asked, config, in_full=not shape.has_rows)
            except ExtractError as error:
                yield self._failed(error)
            else:
                yield from self._rows(shape, job) if shape.has_rows else shape.chunks(job)

        shown: Any = asked.shown
        yield from self._transform_stream_with_config(iter([shown]), chunks, config)

    async def astream(
        self,
        input: ExtractInput,  # noqa: A002 - LangChain's name
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[OutputT]:
        """Extract one document without blocking the event loop; see `stream`."""
        asked = await asyncio.to_thread(read_input, input, self._guard())

        async def chunks(
            inputs: AsyncIterator[Any], run_manager: Any, config: RunnableConfig
        ) -> AsyncIterator[Any]:
            async for _ in inputs:
                pass
            shape = self._shape()
            try:
                job = await self._arun(asked, config, in_full=not shape.has_rows)
            except ExtractError as error:
                yield self._failed(error)
                return
            found = self._arows(shape, job) if shape.has_rows else _in_threads(shape.chunks(job))
            async with aclosing(found):
                async for chunk in found:
                    yield chunk

        async def inputs() -> AsyncIterator[Any]:
            yield asked.shown

        async for chunk in self._atransform_stream_with_config(inputs(), chunks, config):
            yield chunk

    def batch(
        self,
        inputs: list[ExtractInput],
        config: RunnableConfig | list[RunnableConfig] | None = None,
        *,
        return_exceptions: bool = False,
        **kwargs: Any,
    ) -> list[OutputT]:
        """Extract several documents, at most `max_concurrency` at a time."""
        bounded = self._bounded(config, len(inputs))
        return super().batch(inputs, bounded, return_exceptions=return_exceptions, **kwargs)

    async def abatch(
        self,
        inputs: list[ExtractInput],
        config: RunnableConfig | list[RunnableConfig] | None = None,
        *,
        return_exceptions: bool = False,
        **kwargs: Any,
    ) -> list[OutputT]:
        """Extract several documents, at most `max_concurrency` at a time."""
        bounded = self._bounded(config, len(inputs))
        return await super().abatch(inputs, bounded, return_exceptions=return_exceptions, **kwargs)

    def batch_as_completed(  # type: ignore[override]  # the overloads differ only in what return_exceptions adds
        self,
        inputs: Sequence[ExtractInput],
        config: RunnableConfig | Sequence[RunnableConfig] | None = None,
        *,
        return_exceptions: bool = False,
        **kwargs: Any,
    ) -> Iterator[tuple[int, OutputT | Exception]]:
        """Extract several documents, at most `max_concurrency` at a time; each as soon as it is done, with its index."""
        bounded: Any = self._bounded(config, len(inputs))
        raising: Any = return_exceptions  # the bool is one of the two literals of the overloads
        return super().batch_as_completed(inputs, bounded, return_exceptions=raising, **kwargs)

    def abatch_as_completed(  # type: ignore[override]  # the same
        self,
        inputs: Sequence[ExtractInput],
        config: RunnableConfig | Sequence[RunnableConfig] | None = None,
        *,
        return_exceptions: bool = False,
        **kwargs: Any,
    ) -> AsyncIterator[tuple[int, OutputT | Exception]]:
        """Extract several documents, at most `max_concurrency` at a time; see `batch_as_completed`."""
        bounded: Any = self._bounded(config, len(inputs))
        raising: Any = return_exceptions
        return super().abatch_as_completed(inputs, bounded, return_exceptions=raising, **kwargs)

    def _bounded(self, config: Any, count: int) -> list[RunnableConfig]:
        return [
            item if item.get("max_concurrency") else {**item, "max_concurrency": self.max_concurrency}
            for item in get_config_list(config, count)
        ]

    def _rows(self, shape: Shape, job: ExtractV2Job) -> Iterator[Any]:
        from extract_bridge.langchain.runnable_rows import StreamedRows  # noqa: PLC0415 - a class costs little until it is used

        with StreamedRows(shape) as rows:
            try:
                with self.sync_client().open_result(job.id) as answer:
                    for part in answer.iter_bytes():
                        yield from rows.add(part)
                yield from rows.rest(job)
            except ExtractError as error:
                yield self._failed(error)

    async def _arows(self, shape: Shape, job: ExtractV2Job) -> AsyncGenerator[Any, None]:
        from extract_bridge.langchain.runnable_rows import StreamedRows  # noqa: PLC0415 - a class costs little until it is used

        with StreamedRows(shape) as rows:
            try:
                async with (
                    self.async_client().open_result(job.id) as answer,
                    aclosing(answer.aiter_bytes()) as parts,
                ):
                    async for part in parts:
                        async with aclosing(_in_threads(rows.add(part))) as some:
                            async for row in some:
                                yield row
                async with aclosing(_in_threads(rows.rest(job))) as some:
                    async for row in some:
                        yield row
            except ExtractError as error:
                yield self._failed(error)

    def _run(self, asked: Asked, config: RunnableConfig, **more: Any) -> ExtractV2Job:
        told = _Told(asked)

        def tell(job: ExtractV2Job) -> None:
            if (event := told.event(job)) is not None:
                dispatch_custom_event(EVENT, event, config=config)

        return self.sync_client().run(asked.usable(), on_progress=tell, **self._keywords(asked), **more)

    async def _arun(self, asked: Asked, config: RunnableConfig, **more: Any) -> ExtractV2Job:
        told = _Told(asked)

        async def tell(job: ExtractV2Job) -> None:
            if (event := told.event(job)) is not None:
                await adispatch_custom_event(EVENT, event, config=config)

        return await self.async_client().run(
            asked.usable(), on_progress=tell, **self._keywords(asked), **more
        )

    def _keywords(self, asked: Asked) -> dict[str, Any]:
        return {**self.configuration_keywords(), "timeout": self.timeout, **asked.keywords}

    def _failed(self, error: ExtractError) -> Any:
        """The error as an output.

        Raises:
            ExtractError: it, without `include_raw` or where the runnable itself must be changed.
        """
        if not self.include_raw or isinstance(error, ConfigurationError):
            raise error
        return self._shape().failed(error)

    def _guard(self) -> DocumentGuard | None:
        from extract_bridge.agent.roots import DocumentGuard  # noqa: PLC0415 - a class costs little until it is used

        if self.allowed_roots is None:
            return None
        return DocumentGuard(
            allowed_roots=self.allowed_roots,
            documents=self.documents,
            allowed_ids=self.allowed_ids or (),
        )

    def _shape(self) -> Shape:
        target = self.extraction_target
        if target is None and self.configuration is None and self.configuration_id is None:
            target = "per_doc"
        elif target is None and self.configuration is not None:
            target = (self._dumped_configuration(self.configuration) or {}).get("extraction_target")
        return Shape(self.normalized_schema(), self.output_cls, target, self.include_raw)

    def _with(self, **changes: Any) -> ExtractRunnable[Any]:
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return ExtractRunnable(**{**fields, **changes})

    def _client(self, kind: type[K], half: Callable[[Any], K]) -> K:
        asked = self._settings() if self.given_client is None else self.given_client
        return self.shared_clients.client(kind, asked, half)


async def _in_threads(chunks: Iterator[Any]) -> AsyncGenerator[Any, None]:
    """The chunks of an iterator that computes, some at a time in a worker thread; the first by itself, for somebody waits for it."""
    size = 1
    while some := await asyncio.to_thread(_some, chunks, size):
        for chunk, error in some:
            if error is not None:
                raise error
            yield chunk
        size = _AT_ONCE


def _some(chunks: Iterator[Any], size: int) -> list[tuple[Any, Exception | None]]:
    """The next chunks; an error comes behind what was made before it."""
    found: list[tuple[Any, Exception | None]] = []
    try:
        for chunk in islice(chunks, size):
            found.append((chunk, None))  # noqa: PERF401 - what was made before an error counts
    except Exception as error:  # noqa: BLE001 - raised where the chunks are read
        found.append((None, error))
    return found


class _Told:
    """Which status was told last."""

    def __init__(self, asked: Asked) -> None:
        self._name, self._status = asked.name, ""

    def event(self, job: ExtractV2Job) -> dict[str, Any] | None:
        """What to tell; None where nothing changed."""
        if job.status == self._status:
            return None
        self._status = str(job.status)
        return {"type": EVENT, "document": self._name, "job_id": job.id, "status": self._status}


def _is_ours(client: Any) -> TypeGuard[ExtractClient | AsyncExtractClient]:
    from extract_bridge.client.client import AsyncExtractClient, ExtractClient  # noqa: PLC0415 - a class costs little until it is used

    return isinstance(client, ExtractClient | AsyncExtractClient)


def _connection(client: ExtractClient | AsyncExtractClient) -> dict[str, Any]:
    """A client of ours in keywords; LangChain puts a name in the place of the key."""
    settings = client.settings
    said = {
        name: getattr(settings, name) for name in ("api_key", "base_url", "project_id", "organization_id")
    }
    said["local"] = bool(settings.local) or None
    return {name: value for name, value in said.items() if value is not None}
