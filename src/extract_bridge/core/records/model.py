"""The evidence model: a record, its fields, and where each was read.

Units everywhere: pages are 1-based, boxes are PDF points from the page's top left corner (after rotation), confidence is 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from statistics import fmean
from typing import TYPE_CHECKING, Any, TypeVar

from extract_bridge.core.identity import canonical_json, record_id, sha256_hex
from extract_bridge.core.records.diff import FieldChange, changes
from extract_bridge.core.records.fields import Box, Citation, ExtractedField, Match, PageSize
from extract_bridge.core.records.serial import attributes_from_dict, record_to_dict
from extract_bridge.core.records.table import html_table
from extract_bridge.core.records.trust import threshold_for
from extract_bridge.core.schema.values import parse_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

T = TypeVar("T")

__all__ = ["Box", "Citation", "ExtractedField", "ExtractedRecord", "FieldChange", "Match", "PageSize"]


@dataclass(frozen=True, kw_only=True)
class ExtractedRecord:
    """One result object with its evidence: a document's, a page's, or a table row's.

    Attributes:
        data: The result object, as the wire gave it.
        fields: Every leaf of `data` by JSON pointer, nulls included, in document order of `data`.
        extraction_target: `per_doc`, `per_page` or `per_table_row`.
        page: 1-based, for `per_page`, or where all evidence of a row lies on one page.
        row: 0-based, for `per_table_row`.
        row_key: What makes it the same row next time, where the caller asked for natural keys; takes the place of `row` in the id.
        schema_name: The schema's name; part of the record's id.
        source: What the caller handed in, for people: a path, URI, id or name.
        source_id: What makes the document the same document next time; part of the record's id.
        file_name: Name without folders.
        file_sha256: Of the bytes that were sent, where known.
        service: Which service answered: `cloud`, `local`, or its URL.
        job_id: The job that produced it.
        warnings: What is odd about it, one sentence each.
        extra: Record-level keys that have no attribute here.
    """

    data: dict[str, Any]
    fields: Mapping[str, ExtractedField]
    extraction_target: str = "per_doc"
    page: int | None = None
    row: int | None = None
    row_key: str | None = None
    schema_name: str = "schema_unknown"
    source: str | None = None
    source_id: str = ""
    file_name: str | None = None
    file_sha256: str | None = None
    service: str | None = None
    job_id: str | None = None
    warnings: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Without data and source: no document text and no path gets into logs and messages."""
        return f"<ExtractedRecord {self.id} {self.extraction_target} page={self.page} row={self.row}>"

    def __getitem__(self, pointer: str) -> ExtractedField:
        """The field at a JSON pointer, for example `record["/line_items/0/amount"]`.

        Raises:
            KeyError: there is no such leaf.
        """
        return self.fields[pointer]

    def __iter__(self) -> Iterator[ExtractedField]:
        """Every field, in the data's order."""
        return iter(self.fields.values())

    def __contains__(self, pointer: object) -> bool:
        """Whether there is a leaf at a JSON pointer, null or not."""
        return pointer in self.fields

    def _repr_html_(self) -> str:
        """A plain table, for notebooks: unlike `repr` it shows the document's text, escaped."""
        return html_table(self)

    @property
    def unit(self) -> str:
        """Which part of the document: empty for all of it, `page:3`, `row:12`, or `key:…` for a row with a natural key."""
        if self.extraction_target == "per_page" and self.page is not None:
            return f"page:{self.page}"
        if self.row_key is not None:
            return f"key:{self.row_key}"
        if self.extraction_target == "per_table_row" and self.row is not None:
            return f"row:{self.row}"
        return ""

    @property
    def id(self) -> str:
        """Which thing this is: a UUID that an edited file, another job or another tier does not change."""
        return record_id(self.source_id, self.schema_name, self.extraction_target, self.unit)

    @cached_property
    def content_key(self) -> str:
        """SHA-256 of the data with its pages and quotes: changes exactly when the content does."""
        evidence = {
            pointer: [[citation.page, citation.quote] for citation in item.citations]
            for pointer, item in self.fields.items()
            if item.citations
        }
        return sha256_hex(canonical_json([self.data, evidence]))

    @property
    def confidence_min(self) -> float | None:
        """The least sure value's confidence, 0..1; None where no value has one."""
        return min(self._confidences(), default=None)

    @property
    def confidence_mean(self) -> float | None:
        """The mean of the values' confidences, 0..1; None where no value has one."""
        known = self._confidences()
        return fmean(known) if known else None

    def below(self, confidence: float) -> list[ExtractedField]:
        """The values that are less sure than `confidence` (0..1), in the data's order; those that say nothing of it are not among them."""
        return [
            item
            for item in self.fields.values()
            if item.value is not None and item.confidence is not None and item.confidence < confidence
        ]

    def accepted(self, *, precision_target: float = 0.95) -> list[ExtractedField]:
        """The values to accept so that this share of them is to be expected right, going by their confidences; the rest is for review.

        They are as many as possible, surest first, in the data's order here; none where not even the surest is sure enough.
        `min_confidence_for` gives one bound for many records.

        Raises:
            ConfigurationError: `precision_target` is not above 0 and at most 1.
        """
        least = threshold_for(self._confidences(), precision_target)
        return [
            item
            for item in self.fields.values()
            if item.value is not None
            and item.confidence is not None
            and least is not None
            and item.confidence >= least
        ]

    def missing(self) -> list[ExtractedField]:
        """The fields that are null: not found in the document. Their `reasoning` may say why."""
        return [item for item in self.fields.values() if item.value is None]

    def diff(self, other: ExtractedRecord) -> list[FieldChange]:
        """What is not the same in `other`, a later record of the same thing: values added, removed, changed, or read elsewhere.

        Confidence alone is no change.
        """
        return list(changes(self, other))

    def parse(self, model: type[T]) -> T:
        """The data as an instance of `model`: a pydantic class, TypedDict, dataclass or other type that pydantic understands.

        Raises:
            ResultValidationError: it does not fit; `problems` has a JSON pointer and a reason for each field.
        """
        reasons = {item.pointer: item.reasoning for item in self.missing() if item.reasoning}
        parsed: T = parse_as(self.data, model, reasons=reasons)
        return parsed

    def to_dict(self) -> dict[str, Any]:
        """The record as plain JSON, nothing lost, with a `format_version`; attributes that are None or empty are left out."""
        return record_to_dict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ExtractedRecord:
        """The record that `to_dict` wrote.

        Raises:
            ResultError: `data` was written by a newer version, or is no record.
        """
        return cls(**attributes_from_dict(data, cls))

    def _confidences(self) -> list[float]:
        return [
            item.confidence
            for item in self.fields.values()
            if item.value is not None and item.confidence is not None
        ]
