"""What is to be reviewed: records, wherever they come from, each with the two keys that corrections are checked against."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.core.errors import ExtractError, FileInputError, ResultError
from extract_bridge.core.records.clean import Oddities, cleaned
from extract_bridge.core.records.model import Citation, ExtractedField, ExtractedRecord
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.records.walk import walk

if TYPE_CHECKING:
    from pathlib import Path

Form = Literal["record", "line"]
"""How a record was written: by `to_dict`, or as a line of `extract-bridge run`."""

_HINT = "Give a finished job's JSON, or records as `extract-bridge run` or to_dict() wrote them"


@dataclass(frozen=True)
class Item:
    """A record to review.

    Attributes:
        record: It.
        id: Its id; of a line of `run` the one that stands there.
        content_key: Of its data and evidence, see `ExtractedRecord.content_key`.
        form: How it was written.
        line: The line as it was read, for `form == "line"`.
    """

    record: ExtractedRecord
    id: str
    content_key: str
    form: Form = "record"
    line: Mapping[str, Any] | None = None


def items_of(job_or_records: Any, *, data_schema: Any = None) -> list[Item]:
    """The records of a finished job, of one record, or of any number of them.

    Args:
        job_or_records: A job (ours, its JSON object, or the official SDK's), a record, a record's dict, an item, or an iterable of these.
        data_schema: What the job was asked with, for a job that does not say.

    Raises:
        JobError: the job is not COMPLETED.
        ResultError: there is something else in it; `where` says at which place.
    """
    if isinstance(job_or_records, Item):
        return [job_or_records]
    if isinstance(job_or_records, ExtractedRecord):
        return [of_record(job_or_records)]
    if isinstance(job_or_records, Mapping):
        return _of_mapping(job_or_records, data_schema)
    if isinstance(job_or_records, Iterable) and not hasattr(job_or_records, "extract_result"):
        found: list[Item] = []
        for number, entry in enumerate(job_or_records, 1):
            try:
                found += items_of(entry, data_schema=data_schema)
            except ResultError as problem:
                raise ResultError(
                    problem.message, where=f"entry {number}{problem.where or ''}", hint=problem.hint
                ) from None
        return found
    return [of_record(record) for record in records_from_job(job_or_records, data_schema)]


def schema_of(job: Any) -> Any:
    """The schema that a job carries; None for what is no job."""
    is_object = isinstance(job, Mapping)
    configuration = job.get("configuration") if is_object else getattr(job, "configuration", None)
    if isinstance(configuration, Mapping):
        return configuration.get("data_schema")
    return getattr(configuration, "data_schema", None)


def read_items(path: Path) -> tuple[list[Item], Any]:
    """The records of a file, one JSON value or one a line; and the schema, for a job that carries one.

    Raises:
        FileInputError: there is no such file.
        ResultError: there is no record in it, or something else too; `where` says in which line.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "it is no UTF-8 text"
        raise FileInputError(f"cannot be read ({why})", where=path.name, hint=_HINT) from None
    values = _values(text)
    try:
        found = items_of(values)
    except ResultError as problem:
        raise ResultError(
            problem.message, where=f"{path.name}, {problem.where or ''}".rstrip(", "), hint=problem.hint
        ) from None
    if not found:
        raise ResultError("there are no records in it", where=path.name, hint=_HINT)
    return found, schema_of(values)


def _values(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    values = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                values.append(json.loads(line))
            except (ValueError, RecursionError):
                raise ResultError("this is no JSON", where=f"line {number}", hint=_HINT) from None
    return values


def of_record(record: ExtractedRecord) -> Item:
    """A record with its keys."""
    return Item(record, record.id, record.content_key)


def _of_mapping(value: Mapping[str, Any], data_schema: Any) -> list[Item]:
    if isinstance(value.get("records"), list) and "data" not in value:  # a line of a ledger's export
        return items_of(value["records"])
    if "format_version" in value:
        return [of_record(ExtractedRecord.from_dict(value))]
    if "extract_result" in value or "status" in value:
        return [of_record(record) for record in records_from_job(value, data_schema)]
    if isinstance(value.get("data"), Mapping) and isinstance(value.get("evidence"), Mapping):
        return [_of_line(value)]
    raise ResultError("this is neither a record nor a job", hint=_HINT)


def _of_line(line: Mapping[str, Any]) -> Item:
    """A line of `run`: data, and of each value the first place, as far as they are of the right kind."""
    data = cleaned(dict(line["data"]), Oddities())
    fields = {item.pointer: item for item in walk(data, None)}
    for pointer, entry in line["evidence"].items():
        if pointer in fields and isinstance(entry, Mapping):
            fields[pointer] = _with_evidence(fields[pointer], entry)
    text = {name: line.get(name) for name in ("source", "service", "file_sha256", "schema_name", "job_id")}
    said: dict[str, Any] = {name: value for name, value in text.items() if isinstance(value, str)}
    page, row = (value if type(value) is int else None for value in (line.get("page"), line.get("row")))
    target = "per_table_row" if row is not None else "per_page" if page is not None else "per_doc"
    warnings = line.get("warnings")
    record = ExtractedRecord(
        data=data,
        fields=fields,
        extraction_target=target,
        page=page,
        row=row,
        source_id=said.get("source", ""),
        file_name=said["source"].replace("\\", "/").rpartition("/")[2] if "source" in said else None,
        warnings=tuple(map(str, warnings)) if isinstance(warnings, list) else (),
        **said,
    )
    own = line.get("id")
    return Item(record, own if isinstance(own, str) else record.id, record.content_key, "line", line)


def _with_evidence(item: ExtractedField, entry: Mapping[str, Any]) -> ExtractedField:
    entry = {name: entry.get(name) for name in ("page", "quote", "confidence")}
    metadata = {"citation": [entry], "confidence": entry["confidence"]}
    (read,) = walk(item.value, metadata, item.pointer)
    known = [place for place in read.citations if place != Citation()]
    return ExtractedField(
        pointer=item.pointer, value=item.value, confidence=read.confidence, citations=tuple(known)
    )


def describe(error: ExtractError) -> str:
    """An error's message for a place where only a sentence fits."""
    return f"{error.message[:1].upper()}{error.message[1:]}."
