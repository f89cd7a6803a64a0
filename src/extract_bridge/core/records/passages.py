"""Records as text and metadata, before a framework takes them as Documents or Nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from extract_bridge.core.errors import ConfigurationError, SchemaError
from extract_bridge.core.identity import canonical_json, record_id, sha256_hex
from extract_bridge.core.page_ranges import format_pages
from extract_bridge.core.records.citations import (
    citation_rows,
    decode_citations,
    decode_confidences,
    encode_rows,
    fit_rows,
)
from extract_bridge.core.records.clean import encodable, is_scalar
from extract_bridge.core.records.parts import Part, Split, parts_of
from extract_bridge.core.records.renderings import Content, render
from extract_bridge.core.records.source_text import page_texts_of, source_text
from extract_bridge.core.schema.fields import iter_schema_fields
from extract_bridge.core.schema.normalize import normalize_schema

if TYPE_CHECKING:
    from extract_bridge.core.records.model import ExtractedRecord

__all__ = ["Citations", "Passage", "decode_citations", "decode_confidences", "page_texts_of", "passages"]

_BYTES_OF_CHARACTER = 6  # a control character as JSON writes it
_BYTES_AROUND = 64
Citations = Literal["compact", "full", "none"]
SHARED_KEYS = frozenset(
    [
        "source",
        "file_name",
        "page",
        "pages",
        "page_label",
        "row",
        "field",
        "extraction_target",
        "schema_name",
        "confidence_min",
        "needs_review",
        "warnings",
        "service",
        "record_id",
        "content_key",
        "citations",
        "citations_truncated",
        "source_id",
        "file_sha256",
        "confidence_mean",
        "tier",
        "parse_tier",
        "version",
        "job_id",
        "parse_job_id",
        "created_at",
        "updated_at",
    ]
)
"""Metadata keys that no `metadata_fields` or `extra_metadata` may take."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One text with its metadata.

    Attributes:
        id: A UUID: which thing this is, the same after an edit, another job or tier.
        text: The rendered fields.
        metadata: Flat JSON scalars, sorted by key, nothing None.
        record: Where it comes from.
        unit: Which part of the record: empty for all of it, a JSON pointer, or `/page:3`.
    """

    id: str
    text: str
    metadata: dict[str, Any]
    record: ExtractedRecord
    unit: str = ""

    def __repr__(self) -> str:
        """Without the text: no document text gets into logs and messages."""
        return f"<Passage {self.id} of {len(self.text)} characters>"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """The keywords of `passages`."""

    content: Content
    metadata_fields: dict[str, str]
    citations: Citations
    max_metadata_bytes: int
    min_confidence: float
    extra: dict[str, Any]
    job: dict[str, Any]
    job_metadata: bool
    required: frozenset[str]
    page_texts: Mapping[int, str] | None


def passages(
    records: Iterable[ExtractedRecord],
    *,
    content: Content = "lines",
    split_by: Split = None,
    metadata_fields: Sequence[str] = (),
    citations: Citations = "compact",
    max_metadata_bytes: int = 30_000,
    job_metadata: bool = False,
    min_confidence: float = 0.8,
    extra_metadata: Mapping[str, Any] | None = None,
    job: Any = None,
    page_texts: Mapping[int, str] | None = None,
) -> Iterator[Passage]:
    """One passage a record, or one a page, row or field.

    Args:
        records: From `records_from_job`.
        content: `lines` (`seller.name: ACME`, nulls left out), `markdown`, `json`, `yaml`, `source` (the document's own page text), a
            template or a function.
        split_by: None, `page`, `row` (an item of a list of objects) or `field`.
        metadata_fields: Names (`"seller"`, `"seller.name"`) or pointers (`"/total"`) of scalars that are copied into the metadata.
        citations: `compact` (page, quote, span, confidence), `full` (boxes too) or `none`.
        max_metadata_bytes: Of the metadata as JSON; above it quotes go first, and `citations_truncated` says so.
        job_metadata: Also the job's id, tier, times and the like, which change from run to run.
        min_confidence: A field below it (0..1) makes `needs_review` true.
        extra_metadata: Of the caller; flat JSON scalars.
        job: The job, for `job_metadata` and for which fields are required.
        page_texts: For `source`: the text of each page, 1-based; see `page_texts_of`.

    Raises:
        ConfigurationError: an unknown `content`, `split_by` or `citations`; a metadata field that clashes with a shared key or is no
            scalar; extra metadata that is not flat.
    """
    wanted = _wanted(
        content=content,
        metadata_fields=metadata_fields,
        citations=citations,
        max_metadata_bytes=max_metadata_bytes,
        job_metadata=job_metadata,
        min_confidence=min_confidence,
        extra_metadata=extra_metadata,
        job=job,
        page_texts=page_texts,
    )
    if split_by not in (None, "page", "row", "field"):
        raise ConfigurationError(
            "split_by is none of page, row, field", where="split_by", hint="Leave it out for one each"
        )
    for record in records:
        for part in parts_of(record, split_by):
            yield _passage(record, part, wanted)


def _wanted(
    *,
    content: Content,
    metadata_fields: Sequence[str],
    citations: Citations,
    max_metadata_bytes: int,
    job_metadata: bool,
    min_confidence: float,
    extra_metadata: Mapping[str, Any] | None,
    job: Any,
    page_texts: Mapping[int, str] | None,
) -> _Wanted:
    if citations not in ("compact", "full", "none"):
        raise ConfigurationError(
            "citations is none of compact, full, none", where="citations", hint='"compact" is the default'
        )
    copied: dict[str, str] = {}
    for item in metadata_fields:
        name = item.rpartition("/")[2]
        if name in SHARED_KEYS or name in copied:
            raise ConfigurationError(
                f"the metadata field {name!r} clashes with a key that every document has",
                where="metadata_fields",
                hint="Leave it out, or rename the property in the schema",
            )
        copied[name] = item if item.startswith("/") else "/" + item.replace(".", "/")
    return _Wanted(
        content=content,
        metadata_fields=copied,
        citations=citations,
        max_metadata_bytes=max_metadata_bytes,
        min_confidence=min_confidence,
        extra=_flat_extra(extra_metadata or {}),
        job=_job_facts(job),
        job_metadata=job_metadata,
        required=_required(job),
        page_texts=page_texts,
    )


def _flat_extra(extra: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in extra.items():
        if value is not None and not is_scalar(value):
            raise ConfigurationError(
                f"the extra metadata {name!r} is no finite JSON scalar",
                where="extra_metadata",
                hint="Use text, numbers and true or false; write dates as text",
            )
    return {name: value for name, value in extra.items() if value is not None}


def _job_facts(job: Any) -> dict[str, Any]:
    def of(name: str, part: Any = job) -> Any:
        return part.get(name) if isinstance(part, Mapping) else getattr(part, name, None)

    configuration, metadata = of("configuration"), of("extract_metadata")
    facts = {
        "job_id": of("id"),
        "created_at": of("created_at"),
        "updated_at": of("updated_at"),
        "parse_job_id": of("parse_job_id", metadata),
        "parse_tier": of("parse_tier", metadata) or of("parse_tier", configuration),
        "tier": of("tier", configuration),
        "version": of("version", configuration) or of("extract_version", configuration),
    }
    return {
        name: value if is_scalar(value) else str(value)
        for name, value in facts.items()
        if is_scalar(value) or isinstance(value, date | UUID)
    }


def _required(job: Any) -> frozenset[str]:
    configuration = (
        job.get("configuration") if isinstance(job, Mapping) else getattr(job, "configuration", None)
    )
    if isinstance(configuration, Mapping):
        schema = configuration.get("data_schema")
    else:
        schema = getattr(configuration, "data_schema", None)
    if not isinstance(schema, Mapping):
        return frozenset()
    try:
        normal = normalize_schema(schema).json_schema  # a service may hand back a schema in another form
    except SchemaError:
        return frozenset()
    return frozenset(item.pointer_pattern for item in iter_schema_fields(normal) if item.required)


def _passage(record: ExtractedRecord, part: Part, wanted: _Wanted) -> Passage:
    if wanted.content == "source":
        text, spans = source_text(record, part, wanted.page_texts)
    else:
        text, spans = render(record, part.data, wanted.content)
    metadata = _metadata(record, part, wanted)
    if wanted.citations != "none":
        rows = citation_rows(part.fields, spans, full=wanted.citations == "full")
        text_of_rows, truncated = _fitted(rows, metadata, wanted.max_metadata_bytes)
        metadata["citations"] = encodable(text_of_rows)
        if truncated:
            metadata["citations_truncated"] = True
    identity = metadata["record_id"]
    if part.unit:
        identity = record_id(
            record.source_id, record.schema_name, record.extraction_target, record.unit + part.unit
        )
    return Passage(identity, text, dict(sorted(metadata.items())), record, part.unit)


def _fitted(rows: list[dict[str, Any]], metadata: dict[str, Any], most: int) -> tuple[str, bool]:
    """The rows as JSON, as many as the metadata has room for, and whether something was left out."""
    text = encode_rows(rows)
    characters = (
        len(text)
        + sum(map(len, metadata))
        + sum([len(value if isinstance(value, str) else str(value)) for value in metadata.values()])
    )
    if characters * _BYTES_OF_CHARACTER + len(metadata) * _BYTES_AROUND + _BYTES_AROUND < most:
        return text, False  # whatever the characters are: what is surely short is not measured
    room = most - len(canonical_json(metadata).encode("utf-8", "surrogatepass")) - _BYTES_AROUND
    return fit_rows(rows, room)


def _metadata(record: ExtractedRecord, part: Part, wanted: _Wanted) -> dict[str, Any]:
    found: set[int] = set()
    known: list[float] = []
    for field in part.fields:
        if field.confidence is not None and field.value is not None:
            known.append(field.confidence)
        for citation in field.citations:
            if citation.page is not None:
                found.add(citation.page)
    pages, least = sorted(found), min(known, default=None)
    shown = str(pages[0]) if len(pages) == 1 else format_pages(pages) or None
    page = pages[0] if len(pages) == 1 else None if pages else record.page
    facts: dict[str, Any] = {
        "source": record.source,
        "file_name": record.file_name,
        "page": page,
        "pages": shown,
        "page_label": str(page) if page is not None else shown,
        "row": part.row if part.row is not None else record.row,
        "field": part.pointer,
        "extraction_target": record.extraction_target,
        "schema_name": record.schema_name,
        "confidence_min": None if least is None else round(least, 4),
        "needs_review": _needs_review(record, part, least, wanted),
        "warnings": "; ".join(record.warnings) or None,
        "service": record.service,
        "record_id": record.id,
        "content_key": record.content_key if not part.unit else _content_key(part),
    }
    if wanted.job_metadata:
        facts |= wanted.job
        facts |= {"source_id": record.source_id, "file_sha256": record.file_sha256}
        facts["confidence_mean"] = round(sum(known) / len(known), 4) if known else None
        facts.setdefault("job_id", record.job_id)
    if wanted.metadata_fields:
        facts |= _copied(record, wanted.metadata_fields)
    facts |= {name: value for name, value in wanted.extra.items() if facts.get(name) is None}
    return {
        name: encodable(value) if isinstance(value, str) else value
        for name, value in facts.items()
        if value is not None
    }


def _copied(record: ExtractedRecord, names: Mapping[str, str]) -> dict[str, Any]:
    copied = {}
    for name, pointer in names.items():
        field = record.fields.get(pointer)
        if field is None:
            if any(known.startswith(f"{pointer}/") for known in record.fields):
                raise ConfigurationError(
                    f"the metadata field {pointer} is an object or a list",
                    where="metadata_fields",
                    hint="Name one of its scalars",
                )
            continue
        copied[name] = _filterable(field.value)
    return copied


def _filterable(value: Any) -> Any:
    """A value as a store can keep it: integers beyond 64 bits, which most refuse, become text."""
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**63:
        return str(value) if is_scalar(value) else None
    return value if is_scalar(value) else None


def _needs_review(record: ExtractedRecord, part: Part, least: float | None, wanted: _Wanted) -> bool:
    if record.warnings or (least is not None and least < wanted.min_confidence):
        return True
    return bool(wanted.required) and any(
        field.value is None and _pattern(field.pointer) in wanted.required for field in part.fields
    )


def _pattern(pointer: str) -> str:
    return "/".join("*" if step.isdecimal() else step for step in pointer.split("/"))


def _content_key(part: Part) -> str:
    evidence = [
        [field.pointer, field.value, [[citation.page, citation.quote] for citation in field.citations]]
        for field in part.fields
    ]
    return sha256_hex(canonical_json(evidence))
