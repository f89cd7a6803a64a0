"""The wire -> records: a finished job's `extract_result` and `field_metadata`, in every shape seen, as records.

Nothing raises on a payload: what is odd becomes a warning on the record. Longer than most modules: the shapes
of one payload are told apart by the same few questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, repeat
from typing import Any
from uuid import UUID

from extract_bridge.core.errors import (
    ExtractError,
    JobCancelledError,
    JobError,
    JobFailedError,
    ResultError,
    WaitTimeoutError,
)
from extract_bridge.core.identity import schema_name_of
from extract_bridge.core.page_ranges import parse_pages
from extract_bridge.core.records.clean import Oddities, cleaned, is_object
from extract_bridge.core.records.evidence import page_of
from extract_bridge.core.records.keys import RowKey, RowKeys
from extract_bridge.core.records.model import ExtractedRecord
from extract_bridge.core.records.required import null_warnings
from extract_bridge.core.records.rows import in_memory, is_rows, rows_in
from extract_bridge.core.records.walk import FieldMap, note_oddities
from extract_bridge.core.records.write import DETAILS_KEY, METADATA_KEYS
from extract_bridge.core.schema.normalize import normalize_schema

_FIELD_MAPS = ("fields", "field_metadata", "document_metadata")
_EVIDENCE = {"cite_sources": "citations", "confidence_scores": "confidences"}
_PAGES = ("page", "page_number")
_WRAPPER_KEYS = frozenset((*_FIELD_MAPS, *_PAGES))
_DETAILS = frozenset(("page", "row", "row_key", "warnings"))
_MOST_ROWS = 2**31
RESULTS = {"document_result": "per_doc", "page_results": "per_page", "table_results": "per_table_row"}
"""Keys that some answers wrap their whole result in, and the extraction targets that these speak of."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """One result object with its metadata, before it is a record."""

    data: dict[str, Any]
    metadata: Any
    details: Mapping[str, Any]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where the document came from."""

    source: str | None
    source_id: str
    file_name: str | None
    file_sha256: str | None
    service: str | None


def records_from_job(
    job: Any,
    data_schema: Any = None,
    *,
    name: str | None = None,
    source: str | None = None,
    source_id: str | None = None,
    service: str | None = None,
    row_key: RowKey | None = None,
    strict_nulls: bool | None = None,
) -> list[ExtractedRecord]:
    """The records of a completed job, whoever ran it.

    Args:
        job: An `ExtractV2Job`, its JSON object, or an object with `model_dump` (the official SDK's); read with
            `expand=extract_metadata` so that it has its evidence.
        data_schema: What was asked with; by default the one in the job's configuration.
        name: The schema's name, part of the records' ids; by default its title.
        source: What the document is called, for people.
        source_id: What makes it the same document next time, part of the ids; by default the caller's path or id.
        service: Which service answered.
        row_key: For `per_table_row`: names or JSON pointers of the fields that make a row the same row next time (`"sku"`), or a
            function of its data. By default its place in the table does.
        strict_nulls: Each required property that is null, or a list without items, is a warning of its record. By default
            as the job's configuration says: `configuration={…, "strict_nulls": True}`.

    Returns:
        One record for `per_doc`, one a page for `per_page`, one a row for `per_table_row`.

    Raises:
        JobError: the job is not COMPLETED (`JobFailedError`, `JobCancelledError`, `WaitTimeoutError`).
        ResultError: `job` is no job.
    """
    keywords: dict[str, Any] = {"name": name, "source": source, "source_id": source_id, "service": service}
    keywords |= {"row_key": row_key, "strict_nulls": strict_nulls}
    return list(records_of(_view(job), job, data_schema, **keywords))


def records_of(
    view: Mapping[str, Any],
    job: Any,
    data_schema: Any = None,
    *,
    name: str | None = None,
    source: str | None = None,
    source_id: str | None = None,
    service: str | None = None,
    row_key: RowKey | None = None,
    strict_nulls: bool | None = None,
) -> Iterator[ExtractedRecord]:
    """`records_from_job`, one at a time, of the job's fields; the long arrays among them may be `Rows`."""
    _require_completed(view, job)
    configuration = _mapping(view.get("configuration"))
    origin = _origin(job, view, source, source_id, service)
    schema = data_schema if data_schema is not None else configuration.get("data_schema")
    target, count, units = _units(view, configuration, schema)
    schema_name = _schema_name(schema, name)
    asked = _asked_pages(configuration, count)
    wanted = [name for name in _EVIDENCE if configuration.get(name) is True]
    job_id = _text(view.get("id"))
    keys = RowKeys(row_key if target == "per_table_row" else None)
    strict = configuration.get("strict_nulls") is True if strict_nulls is None else strict_nulls
    missed_in = _missed_in(schema) if strict else None
    for index, unit in enumerate(units):
        fields = FieldMap(unit.data, unit.metadata)
        page, odd = _page(unit, fields, index, asked) if target == "per_page" else (None, ())
        key, of_key = keys.of(unit.data)
        odd = (*odd, *_unfulfilled(fields, wanted), *of_key)
        record = _record(unit, fields, index, target, page, odd, origin, schema_name, job_id, key)
        if missed_in:  # a local service has said the same of all records together
            record = replace(record, warnings=tuple(dict.fromkeys((*record.warnings, *missed_in(unit.data)))))
        yield record


def _missed_in(schema: Any) -> Callable[[Any], tuple[str, ...]]:
    """What tells the required properties that some data lack."""
    try:
        normal = normalize_schema(schema).json_schema
    except ExtractError:
        return lambda _: ("strict_nulls: the schema cannot be read, so nothing is known of what it requires",)
    return partial(null_warnings, normal)


def _view(job: Any) -> Mapping[str, Any]:
    """The job's fields, whatever it is made of; nothing is copied deeply."""
    if isinstance(job, Mapping):
        return job
    names = ("id", "status", "file_input", "document_input_value", "error_message", "extract_result")
    if not hasattr(job, "extract_result"):
        raise ResultError(
            f"a {type(job).__name__} is no extract job", hint="Pass the job that get() or run() returned"
        )
    view = {name: getattr(job, name, None) for name in names}
    for name in ("configuration", "extract_metadata"):
        part: Any = getattr(job, name, None)
        view[name] = part.model_dump(mode="python") if hasattr(part, "model_dump") else part
    return view


def _require_completed(view: Mapping[str, Any], job: Any) -> None:
    status = _text(view.get("status")) or ("COMPLETED" if view.get("extract_result") is not None else None)
    if status == "COMPLETED":
        return
    kinds: dict[str | None, tuple[type[JobError], str]] = {
        "FAILED": (JobFailedError, "Correct what the message names and create a new job"),
        "CANCELLED": (JobCancelledError, "Create a new job"),
    }
    kind, hint = kinds.get(status, (WaitTimeoutError, "Wait for it with client.wait(job_id)"))
    said = _text(view.get("error_message"))
    raise kind(
        f"the job is {status or 'in no known state'}{f': {said}' if said else ''}",
        job=job,
        where=_text(view.get("id")),
        hint=hint,
    )


def _origin(
    job: Any, view: Mapping[str, Any], source: str | None, source_id: str | None, service: str | None
) -> _Origin:
    known = getattr(job, "origin", None)
    given = _text(view.get("file_input")) or _text(view.get("document_input_value"))
    default = getattr(known, "source", None) or given
    chosen = source or default
    return _Origin(
        source=chosen,
        source_id=source_id or getattr(known, "source_id", None) or chosen or _text(view.get("id")) or "",
        file_name=getattr(known, "file_name", None)
        or (source.replace("\\", "/").rpartition("/")[2] if source else None),
        file_sha256=getattr(known, "file_sha256", None),
        service=service or getattr(known, "service", None),
    )


def _schema_name(schema: Any, name: str | None) -> str:
    if name or schema is None:
        return name or "schema_unknown"
    if isinstance(schema, Mapping):
        return schema_name_of(cleaned(dict(schema), Oddities()))
    try:
        normalized = normalize_schema(schema)
    except ExtractError:
        return getattr(schema, "__name__", "schema_unknown")
    return schema_name_of(normalized.json_schema, normalized.name)


def _properties(schema: Any) -> Mapping[str, Any]:
    """The properties at the schema's root; none where it is unknown or unusable."""
    if not isinstance(schema, Mapping) and schema is not None:
        try:
            schema = normalize_schema(schema).json_schema
        except ExtractError:
            schema = None
    return _mapping(_mapping(schema).get("properties"))


def _units(
    view: Mapping[str, Any], configuration: Mapping[str, Any], schema: Any
) -> tuple[str, int, Iterator[_Unit]]:
    """The extraction target, how many result objects there are, and each beside its metadata."""
    evidence = _mapping(view.get("extract_metadata"))
    bare = not evidence.keys().isdisjoint(METADATA_KEYS.values())  # the level between is missing
    field_metadata = evidence if bare else _mapping(evidence.get("field_metadata"))
    result = view.get("extract_result")
    target = _text(configuration.get("extraction_target"))
    if isinstance(result, Mapping) and len(result) == 1:
        key = next(iter(result))
        if key in RESULTS and target in (None, RESULTS[key]) and key not in _properties(schema):
            target, result = RESULTS[key], result[key]
    if target not in METADATA_KEYS:
        target = _guess(result, field_metadata)
    result = in_memory(result)
    details = rows_in(field_metadata.get(DETAILS_KEY))
    if target == "per_doc" and not is_rows(result):
        metadata = _document_metadata(field_metadata)
        return target, 1, iter([_unit(result, metadata, next(iter(details), None), ())])
    results = result if is_rows(result) else [] if result is None else [result]
    entries = rows_in(field_metadata.get(METADATA_KEYS[target]))
    uneven = (
        (f"{len(results)} results came with metadata for {len(entries)}",)
        if entries and len(entries) != len(results)
        else ()
    )
    said, told = chain(entries, repeat(None)), chain(details, repeat(None))
    units = (_unit(item, next(said), next(told), uneven) for item in results)
    return target, len(results), units


def _guess(result: Any, field_metadata: Mapping[str, Any]) -> str:
    """The extraction target of a job that does not say it."""
    if not is_rows(result):
        return "per_doc"
    return "per_page" if field_metadata.get("page_metadata") else "per_table_row"


def _document_metadata(field_metadata: Mapping[str, Any]) -> Any:
    """Entries of a document: under `document_metadata`, or in older answers directly."""
    known = set(METADATA_KEYS.values()) | {DETAILS_KEY}
    direct = {key: value for key, value in field_metadata.items() if key not in known}
    under = field_metadata.get("document_metadata")
    return under if isinstance(under, Mapping) else direct


def _unit(data: Any, metadata: Any, details: Any, warnings: tuple[str, ...]) -> _Unit:
    odd, seen = list(warnings), Oddities()
    if is_object(data):
        values = dict(data)
    elif data is None:
        odd.append("the result is empty")
        values = {}
    else:
        odd.append("the result is no object; it is kept under the key value")
        values = {"value": data}
    values = cleaned(values, seen)
    wrapper = _mapping(metadata)
    found = dict(_mapping(details))
    inner = page = None
    if not _WRAPPER_KEYS.isdisjoint(wrapper):
        inner = next(
            (
                wrapper[key]
                for key in _FIELD_MAPS
                if key not in values and isinstance(wrapper.get(key), Mapping)
            ),
            None,
        )
        page = next((wrapper[key] for key in _PAGES if key not in values and page_of(wrapper.get(key))), None)
    errors = [wrapper.get("error")]
    if inner is not None:
        rest = {key: item for key, item in wrapper.items() if item is not inner and key != "error"}
        found = {**rest, "page": page_of(page), **found}
        metadata = inner
        errors.append(inner.get("error"))
    odd += [f"the service reports an error: {error}" for error in errors if isinstance(error, str)]
    note_oddities(values, metadata, seen)
    odd += seen.sentences()
    return _Unit(values, metadata, found, tuple(odd))


def _asked_pages(configuration: Mapping[str, Any], count: int) -> tuple[int, ...]:
    """The pages in the order they were asked for, if there are as many results."""
    asked: tuple[int, ...] = ()
    if isinstance(configuration.get("target_pages"), str):
        try:
            asked = parse_pages(configuration["target_pages"])
        except ExtractError:
            asked = ()
    return asked if len(asked) == count else ()


def _page(
    unit: _Unit, fields: FieldMap, index: int, asked: tuple[int, ...]
) -> tuple[int | None, tuple[str, ...]]:
    """The page of a result: what it says, where its evidence lies, the order asked for, else its place."""
    page = page_of(unit.details.get("page")) or _only_page(fields)
    if page is not None:
        return page, ()
    if asked:
        return asked[index], ()
    return index + 1, (f"page {index + 1} is assumed from the result's place",)


def _only_page(fields: FieldMap) -> int | None:
    only = None
    for field in fields.values():
        for citation in field.citations:
            if citation.page is not None and citation.page != only:
                if only is not None:
                    return None
                only = citation.page
    return only


def _record(
    unit: _Unit,
    fields: FieldMap,
    index: int,
    target: str,
    page: int | None,
    odd: tuple[str, ...],
    origin: _Origin,
    schema_name: str,
    job_id: str | None,
    row_key: str | None,
) -> ExtractedRecord:
    row = None
    if target == "per_table_row":
        page = page_of(unit.details.get("page")) or _only_page(fields)
        told_row = unit.details.get("row")
        row = told_row if _is_row(told_row) else index
    known: tuple[str, ...] = ()
    extra: dict[str, Any] = {}
    told_key = None
    if unit.details:
        told, told_key = unit.details.get("warnings"), unit.details.get("row_key")
        known = tuple(text for text in told if isinstance(text, str)) if isinstance(told, list) else ()
        extra = {key: value for key, value in unit.details.items() if key not in _DETAILS}
    return ExtractedRecord(
        data=unit.data,
        fields=fields,
        extraction_target=target,
        page=page,
        row=row,
        row_key=row_key or (told_key if isinstance(told_key, str) and target == "per_table_row" else None),
        schema_name=schema_name,
        source=origin.source,
        source_id=origin.source_id,
        file_name=origin.file_name,
        file_sha256=origin.file_sha256,
        service=origin.service,
        job_id=job_id,
        warnings=(*known, *unit.warnings, *odd),
        extra=cleaned(extra, Oddities()) if extra else {},
    )


def _unfulfilled(fields: FieldMap, asked: list[str]) -> tuple[str, ...]:
    """Evidence that was asked for and of which nothing came; a record without any value needs none."""
    if not asked:
        return ()
    found = {"values": False, "cite_sources": False, "confidence_scores": False}
    for field in fields.one_by_one():
        found["values"] |= field.value is not None
        found["cite_sources"] |= bool(field.citations)
        found["confidence_scores"] |= field.confidence is not None
        if all(found[name] for name in asked):
            return ()
    if not found["values"]:
        return ()
    return tuple(f"{_EVIDENCE[name]} were asked for, and none came back" for name in asked if not found[name])


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if is_object(value) else {}


def _text(value: Any) -> str | None:
    """Text, or an id of another kind as text; None for what is neither, and for nothing."""
    return (value if isinstance(value, str) else str(value) if isinstance(value, UUID) else None) or None


def _is_row(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST_ROWS
