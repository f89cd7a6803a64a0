"""What `ExtractRunnable` gives: the caller's own object from a finished job, alone or with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypedDict, TypeVar

from pydantic import WithJsonSchema, create_model

from extract_bridge.core.errors import ExtractError, ResultError, ResultValidationError
from extract_bridge.core.records.model import ExtractedRecord  # noqa: TC001 - a TypedDict's annotation is read when it is used
from extract_bridge.core.schema.values import parse_as, parse_result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.core.schema.normalize import NormalizedSchema
    from extract_bridge.core.wire.jobs import ExtractV2Job

T = TypeVar("T")
LIST_TARGETS = ("per_page", "per_table_row")


class Extracted(TypedDict, Generic[T]):
    """What `include_raw=True` gives for one object.

    Attributes:
        raw: The record, with all evidence; None where no result came.
        parsed: The caller's object; None where it could not be made.
        parsing_error: Why not; None for a success.
    """

    raw: ExtractedRecord | None
    parsed: T | None
    parsing_error: ExtractError | None


class ExtractedRows(TypedDict, Generic[T]):
    """What `include_raw=True` gives for `per_page` and `per_table_row`.

    Attributes:
        raw: The records, with all evidence; None where no result came.
        parsed: The caller's objects; None where one could not be made.
        parsing_error: Why not; None for a success.
    """

    raw: list[ExtractedRecord] | None
    parsed: list[T] | None
    parsing_error: ExtractError | None


@dataclass(frozen=True, slots=True)
class Shape:
    """What comes out.

    Attributes:
        schema: What was asked with; None where a saved configuration decides.
        output_cls: What results are parsed into, if not the schema's own class.
        target: The extraction target as far as the keywords tell.
        include_raw: Whether record and error stand beside the object.
    """

    schema: NormalizedSchema | None
    output_cls: Any
    target: str | None
    include_raw: bool

    def output(self, job: ExtractV2Job) -> Any:
        """A finished job as the caller gets it.

        Raises:
            ResultValidationError: it does not fit the caller's class; not with `include_raw`.
            ResultError: there is no result; not with `include_raw`.
        """
        records = self.records(job)
        raw: Any = records if self.is_list(job) else next(iter(records), None)
        if not self.include_raw:
            return self._parsed(raw)
        try:
            return {"raw": raw, "parsed": self._parsed(raw), "parsing_error": None}
        except ResultError as error:
            return {"raw": raw, "parsed": None, "parsing_error": error}

    def chunks(self, job: ExtractV2Job) -> Iterator[Any]:
        """A finished job in parts that add up to `output`: rows one by one, anything else whole."""
        if self.include_raw or not self.is_list(job):
            yield self.output(job)
            return
        records = self.records(job)
        if not records:
            yield []
        for record in records:
            yield [self.one(record)]

    @property
    def has_rows(self) -> bool:
        """Whether rows can be given before the answer is whole: not where only the finished job tells that there are any."""
        return self.target in LIST_TARGETS

    def failed(self, error: ExtractError) -> Any:
        """What `include_raw` gives where no result came."""
        return {"raw": None, "parsed": None, "parsing_error": error}

    def records(self, job: ExtractV2Job) -> list[ExtractedRecord]:
        """The job's records."""
        from extract_bridge.core.records.read import records_from_job  # noqa: PLC0415 - a class costs little until it is used

        schema = self.schema
        return records_from_job(
            job, schema.json_schema if schema else None, name=schema.name if schema else None
        )

    def is_list(self, job: ExtractV2Job) -> bool:
        """Whether the result is a list; a saved configuration tells only in the finished job."""
        said = self.target or getattr(job.configuration, "extraction_target", None)
        return said in LIST_TARGETS if said else isinstance(job.extract_result, list)

    def _parsed(self, raw: Any) -> Any:
        if isinstance(raw, list):
            return [self.one(record) for record in raw]
        if raw is None:
            raise ResultError(
                "the job has no result", code="no_result", hint="Look at the job's error_message"
            )
        return self.one(raw)

    def one(self, record: ExtractedRecord) -> Any:
        """One record as the caller's object.

        Raises:
            ResultValidationError: it does not fit.
        """
        try:
            return self._fitted(record, {})
        except ResultValidationError:
            return self._fitted(record, _reasons(record))  # it fails again, now with what the record knows

    def _fitted(self, record: ExtractedRecord, reasons: dict[str, str]) -> Any:
        schema = self.schema
        if schema is not None and (self.output_cls is None or schema.model is self.output_cls):
            return parse_result(record.data, schema, reasons=reasons)
        if self.output_cls is None:
            return record.data
        if schema is not None and schema.wrapped:
            data, prefix = record.data.get(schema.wrapped), f"/{schema.wrapped}"
            return parse_as(data, self.output_cls, prefix=prefix, reasons=reasons)
        return parse_as(record.data, self.output_cls, reasons=reasons)

    def output_type(self) -> Any:
        """The type that callers get, as far as the keywords tell."""
        one: Any = self._one_type()
        parsed: Any = list[one] if self.target in LIST_TARGETS else one
        if not self.include_raw:
            return parsed
        fields: dict[str, Any] = {"raw": (Any, None), "parsed": (parsed | None, None)}
        return create_model("Extracted", **fields, parsing_error=(Any, None))

    def _one_type(self) -> Any:
        schema = self.schema
        if self.output_cls is not None:
            return self.output_cls
        if schema is None:
            return dict[str, Any]
        if schema.model is not None:
            return schema.model
        said = schema.json_schema
        if "$ref" in str(said):  # pydantic would look for what it names among its own definitions
            return dict[str, Any]
        return Annotated[dict[str, Any], WithJsonSchema(said)]


def _reasons(record: ExtractedRecord) -> dict[str, str]:
    """Why a field is null, where the record says so."""
    return {
        pointer: field.reasoning
        for pointer, field in record.fields.items()
        if field.value is None and field.reasoning
    }
