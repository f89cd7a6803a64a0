"""The typed program: a document in, the caller's own pydantic object out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Generic, Literal, cast, overload

from llama_index.core.types import BasePydanticProgram
from pydantic import BaseModel
from typing_extensions import TypeVar

from extract_bridge.agent.roots import DocumentGuard
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.schema.normalize import NormalizedSchema, normalize_schema
from extract_bridge.core.schema.values import parse_result
from extract_bridge.llama_index.instrumentation import job_span, own_span

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from extract_bridge.core.records.model import ExtractedRecord
    from extract_bridge.core.wire.jobs import ExtractV2Job

Model = TypeVar("Model", bound=BaseModel)
Out = TypeVar("Out", default=Model)


class ExtractProgram(BasePydanticProgram[Model], Generic[Model, Out]):
    """Reads a document into a pydantic object; into a list of them for `per_page` and `per_table_row`.

    Args:
        output_cls: The class; it is the `data_schema` too, unless `data_schema`, `configuration` or `configuration_id` is given.
        extraction_target: `per_doc` (default), or one object a page or row.
        allowed_roots: Folders below which `file` must lie, as a relative name; give it when a model chooses the file.
        timeout: Seconds for one document, upload to result.
        **keywords: Those of `ExtractOptions` (`local`, `tier`, `client`, …).

    Raises:
        ConfigurationError: keywords contradict each other.
        SchemaError: the class cannot be used as a schema.
    """

    @overload
    def __init__(
        self: ExtractProgram[Model, list[Model]],
        output_cls: type[Model],
        *,
        extraction_target: Literal["per_page", "per_table_row"],
        allowed_roots: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
        timeout: float = 1800.0,
        **keywords: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ExtractProgram[Model, Model],
        output_cls: type[Model],
        *,
        extraction_target: Literal["per_doc"] | None = None,
        allowed_roots: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
        timeout: float = 1800.0,
        **keywords: Any,
    ) -> None: ...
    def __init__(
        self,
        output_cls: type[Model],
        *,
        extraction_target: str | None = None,
        allowed_roots: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
        timeout: float = 1800.0,
        **keywords: Any,
    ) -> None:
        self._output_cls = output_cls
        self._timeout = timeout
        self._guard = DocumentGuard(allowed_roots=allowed_roots) if allowed_roots else None
        self._options = ExtractOptions(output_cls=output_cls, extraction_target=extraction_target, **keywords)

    @property
    def output_cls(self) -> type[Model]:
        """The class of the result."""
        return self._output_cls

    @own_span
    def __call__(self, *, file: Any) -> Out:  # type: ignore[override]
        """The object in a document.

        Args:
            file: A path, id, `(name, bytes)` or binary file; with `allowed_roots` a name below them.

        Raises:
            ExtractError: the document, the service or the job failed.
            ResultValidationError: the result does not fit the class; `problems` names each field and why.
        """
        return self.call_with_metadata(file=file)[0]

    @own_span
    async def acall(self, *, file: Any) -> Out:  # type: ignore[override]
        """The object in a document, without blocking the event loop. Cancelling it cancels the job."""
        return (await self.acall_with_metadata(file=file))[0]

    @overload
    def call_with_metadata(
        self: ExtractProgram[Model, list[Model]], *, file: Any
    ) -> tuple[list[Model], list[ExtractedRecord]]: ...
    @overload
    def call_with_metadata(self, *, file: Any) -> tuple[Out, ExtractedRecord]: ...
    def call_with_metadata(self, *, file: Any) -> tuple[Any, Any]:
        """The object and its record, which has the evidence of every field; two lists for `per_page` and `per_table_row`.

        Args:
            file: As for a plain call.
        """
        document = file if self._guard is None else self._guard.open(str(file))
        with job_span("ExtractProgram.call", output_cls=self._output_cls.__name__) as events:
            job = self._options.sync_client().run(
                document, timeout=self._timeout, on_progress=events.look, **self._keywords()
            )
            return self._pair(job)

    @overload
    async def acall_with_metadata(
        self: ExtractProgram[Model, list[Model]], *, file: Any
    ) -> tuple[list[Model], list[ExtractedRecord]]: ...
    @overload
    async def acall_with_metadata(self, *, file: Any) -> tuple[Out, ExtractedRecord]: ...
    async def acall_with_metadata(self, *, file: Any) -> tuple[Any, Any]:
        """`call_with_metadata` without blocking the event loop."""
        guard = self._guard
        document = file if guard is None else await asyncio.to_thread(guard.open, str(file))
        with job_span("ExtractProgram.acall", output_cls=self._output_cls.__name__) as events:
            job = await self._options.async_client().run(
                document, timeout=self._timeout, on_progress=events.alook, **self._keywords()
            )
            return await asyncio.to_thread(self._pair, job)

    def _keywords(self) -> dict[str, Any]:
        return cast("dict[str, Any]", self._options.configuration_keywords())

    def _pair(self, job: ExtractV2Job) -> tuple[Any, Any]:
        asked = self._options.normalized_schema()
        records = records_from_job(job, asked and asked.json_schema, name=asked.name if asked else None)
        wanted = self._wanted(asked)
        objects = [parse_result(record.data, wanted, reasons=_reasons(record)) for record in records]
        if len(records) == 1 and records[0].extraction_target == "per_doc":
            return objects[0], records[0]
        return objects, records

    def _wanted(self, asked: NormalizedSchema | None) -> NormalizedSchema:
        if asked is not None and asked.model is self._output_cls:
            return asked
        return normalize_schema(self._output_cls)


def _reasons(record: ExtractedRecord) -> dict[str, str]:
    return {pointer: field.reasoning for pointer, field in record.fields.items() if field.reasoning}
