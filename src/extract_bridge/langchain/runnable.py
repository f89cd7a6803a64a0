"""A document in, the caller's own object out: a step of a LangChain chain."""

from __future__ import annotations

import asyncio
import os  # noqa: TC003 - pydantic reads the annotations
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, TypedDict, TypeVar, cast, overload

from langchain_core.documents import Document
from langchain_core.documents.base import Blob
from langchain_core.runnables import RunnableConfig, RunnableSerializable
from langchain_core.runnables.config import get_config_list
from pydantic import ConfigDict, Field

from extract_bridge.agent.arguments import coerce_pages
from extract_bridge.agent.roots import DocumentGuard
from extract_bridge.client.inputs import resolve_input
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ExtractError, FileInputError, JobError, ResultError
from extract_bridge.core.identity import sha256_hex
from extract_bridge.core.records.model import ExtractedRecord  # noqa: TC001 - a TypedDict's annotation is read when it is used
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.schema.values import parse_as, parse_result
from extract_bridge.langchain.inputs import text_of

if TYPE_CHECKING:
    from extract_bridge.core.wire.jobs import ExtractV2Job

OutputT = TypeVar("OutputT")
T = TypeVar("T")
ExtractInput = str | Path | Blob | Document | dict[str, Any]
_Many = Literal["per_page", "per_table_row"]


class Extracted(TypedDict, Generic[OutputT]):
    """What `include_raw=True` gives.

    Attributes:
        raw: The records, with all evidence; None where no result came.
        parsed: The caller's object; None where it could not be made.
        parsing_error: Why not; None for a success.
    """

    raw: list[ExtractedRecord] | None
    parsed: OutputT | None
    parsing_error: ExtractError | None


class ExtractRunnable(ExtractOptions, RunnableSerializable[ExtractInput, OutputT]):
    """Extracts a document into the caller's type.

    The input is a path or id, a Blob, a LangChain Document (its *text* is extracted), or a dict with `document` and optionally
    `pages` (other keys are ignored, so it works under `RunnablePassthrough.assign`). The output is an instance of the class
    given as `data_schema` or `output_cls`, or a dict for a JSON Schema; a list of these for `per_page` and
    `per_table_row`; with `include_raw` a dict `raw, parsed, parsing_error` instead, and neither a failed job nor its result raises.

    With `allowed_roots` or one of the other guards only what they allow can be named, for input that a model wrote.
    Besides the attributes below it takes those of `ExtractOptions`.

    Attributes:
        include_raw: Give records and parsing error beside the object.
        timeout: Seconds for one document, upload to result.
        max_concurrency: Documents at work in one `batch`, unless the run's config says otherwise.
        allowed_roots: Folders below which documents may be named; see `ExtractTool`.
        documents: Names and what they stand for.
        allowed_ids: Ids that may be named.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    include_raw: bool = False
    timeout: float = Field(default=1800.0, gt=0)
    max_concurrency: int = Field(default=4, ge=1)
    allowed_roots: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None = None
    documents: Any = Field(default=None, exclude=True, repr=False)
    allowed_ids: str | Sequence[str] | None = None

    @overload
    def __init__(
        self: ExtractRunnable[Extracted[list[T]]],
        *,
        data_schema: type[T],
        include_raw: Literal[True],
        extraction_target: _Many,
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[Extracted[T]],
        *,
        data_schema: type[T],
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
        include_raw: Literal[False] = False,
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[T], *, output_cls: type[T], include_raw: Literal[False] = False, **keywords: Any
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractRunnable[dict[str, Any]],
        *,
        data_schema: dict[str, Any],
        include_raw: Literal[False] = False,
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(self: ExtractRunnable[Any], **keywords: Any) -> None: ...
    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)

    @classmethod
    def is_lc_serializable(cls) -> bool:
        """It is, without its key."""
        return True

    @property
    def lc_secrets(self) -> dict[str, str]:
        """Where the key comes from when a dump is loaded again."""
        return {"api_key": "LLAMA_CLOUD_API_KEY"}

    @property
    def OutputType(self) -> Any:  # noqa: N802 - LangChain's name
        """The caller's own type."""
        schema = self.normalized_schema()
        one: Any = self.output_cls or (schema.model if schema else None) or dict[str, Any]
        many = list[one] if self.extraction_target in ("per_page", "per_table_row") else one
        return dict[str, Any] if self.include_raw else many

    def invoke(self, input: ExtractInput, config: RunnableConfig | None = None, **kwargs: Any) -> OutputT:  # noqa: A002
        """Extract one document.

        Args:
            input: The document.
            config: The run's.
            **kwargs: Ignored.

        Raises:
            ResultValidationError: a required field is null, or a value does not fit; not with `include_raw`.
            ExtractError: no result came; with `include_raw` only what lies before the job raises (input, keywords, service).
        """

        def extract(_: Any) -> OutputT:
            document, pages = self._document(input)
            keywords: dict[str, Any] = {**self.configuration_keywords(), "timeout": self.timeout, **pages}
            try:
                job = self.sync_client().run(document, **keywords)
            except JobError as error:
                return self._failed(error)
            return self._output(job)

        return self._call_with_config(extract, shown(input), config)

    async def ainvoke(
        self,
        input: ExtractInput,  # noqa: A002 - LangChain's name
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> OutputT:
        """Extract one document without blocking the event loop; see `invoke`."""

        async def extract(_: Any) -> OutputT:
            document, pages = await asyncio.to_thread(self._document, input)
            keywords: dict[str, Any] = {**self.configuration_keywords(), "timeout": self.timeout, **pages}
            try:
                job = await self.async_client().run(document, **keywords)
            except JobError as error:
                return self._failed(error)
            return await asyncio.to_thread(self._output, job)

        return await self._acall_with_config(extract, shown(input), config)

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

    def _bounded(
        self, config: RunnableConfig | list[RunnableConfig] | None, count: int
    ) -> list[RunnableConfig]:
        return [
            item if item.get("max_concurrency") else {**item, "max_concurrency": self.max_concurrency}
            for item in get_config_list(config, count)
        ]

    def _document(self, value: Any) -> tuple[Any, dict[str, Any]]:
        """What to run, and the pages that were asked for."""
        pages = None
        if isinstance(value, Mapping):
            pages = coerce_pages(value.get("pages"))
            if value.get("document") is None:
                raise FileInputError(
                    "the input has no key document",
                    code="not_a_document",
                    hint='Pass {"document": "invoice.pdf"}',
                )
            value = value["document"]
        keywords = {} if pages is None else {"target_pages": pages}
        if isinstance(value, Document):
            return text_of(value), keywords
        if isinstance(value, Blob):
            return _bytes_of(value), keywords
        guard = self._guard()
        return (value if guard is None else guard.open(str(value))), keywords

    def _guard(self) -> DocumentGuard | None:
        if self.allowed_roots is None and self.documents is None and self.allowed_ids is None:
            return None
        return DocumentGuard(
            allowed_roots=self.allowed_roots or (),
            documents=self.documents,
            allowed_ids=self.allowed_ids or (),
        )

    def _failed(self, error: JobError) -> OutputT:
        if not self.include_raw:
            raise error
        return cast("OutputT", {"raw": None, "parsed": None, "parsing_error": error})

    def _output(self, job: ExtractV2Job) -> OutputT:
        schema = self.normalized_schema()
        records = records_from_job(
            job, schema.json_schema if schema else None, name=schema.name if schema else None
        )
        if not self.include_raw:
            return cast("OutputT", self._parsed(records))
        try:
            return cast("OutputT", {"raw": records, "parsed": self._parsed(records), "parsing_error": None})
        except ResultError as error:
            return cast("OutputT", {"raw": records, "parsed": None, "parsing_error": error})

    def _parsed(self, records: list[ExtractedRecord]) -> Any:
        is_list = self.extraction_target in ("per_page", "per_table_row") or (
            bool(records) and records[0].extraction_target != "per_doc"
        )
        parsed = [self._one(record) for record in records]
        if is_list:
            return parsed
        if not parsed:
            raise ResultError(
                "the job has no result", code="no_result", hint="Look at the job's error_message"
            )
        return parsed[0]

    def _one(self, record: ExtractedRecord) -> Any:
        schema = self.normalized_schema()
        if self.output_cls is not None and (schema is None or schema.model is not self.output_cls):
            return parse_as(record.data, self.output_cls)
        return record.data if schema is None else parse_result(record.data, schema)


def shown(value: Any) -> Any:
    """An input as traces may show it: name, size and digest in the place of bytes and text."""
    if isinstance(value, Mapping):
        return {key: shown(item) if key == "document" else _no_bytes(item) for key, item in value.items()}
    if isinstance(value, Document):
        return {"text": _digest(value.page_content.encode("utf-8", "replace")), "id": value.id}
    if isinstance(value, Blob):
        data = value.as_bytes() if value.data is not None else None
        return {"name": _name(value), **({} if data is None else _digest(data))}
    return _no_bytes(value)


def _no_bytes(value: Any) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return _digest(bytes(value))
    if isinstance(value, tuple):
        return [_no_bytes(item) for item in value]
    return value


def _digest(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": sha256_hex(content)}


def _name(blob: Blob) -> str | None:
    return Path(str(blob.source)).name if blob.source else None


def _bytes_of(blob: Blob) -> Any:
    if blob.data is None:
        return blob.path
    return resolve_input(
        blob.as_bytes(), file_name=_name(blob) or str(blob.metadata.get("file_name") or "") or None
    )
