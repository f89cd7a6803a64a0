"""What an engine is, and the one that this package brings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from extract_bridge.local.engine.rules import per_document, per_page, per_row, with_null_warnings
from extract_bridge.parse.turned import levelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.core.records.model import ExtractedRecord
    from extract_bridge.parse.model import ParsedDocument

_TARGETS = {"per_doc": per_document, "per_page": per_page, "per_table_row": per_row}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRequest:
    """What to look for.

    Attributes:
        data_schema: A JSON Schema whose root is an object, local references already inlined.
        extraction_target: `per_doc` (one record), `per_page` (one a page), `per_table_row` (one a table row).
        lang: Language code that settles the order of day and month and the decimal sign, for example `"de"`.
        strict_nulls: Warn of each required property for which nothing was found.
        system_prompt: Free text; only an engine with a language model can follow it.
    """

    data_schema: dict[str, Any] = field(default_factory=dict)
    extraction_target: str = "per_doc"
    lang: str | None = None
    strict_nulls: bool = False
    system_prompt: str | None = None


class Engine(Protocol):
    """Fills a schema from a document. Pure: no network, no database, no clock."""

    def extract(self, document: ParsedDocument, request: ExtractRequest) -> list[ExtractedRecord]:
        """One record for `per_doc`, one a page for `per_page`, one a row for `per_table_row`.

        A record's `data` holds every property of the schema: nulls where nothing was found, `[]` for absent lists.
        Every value that is not null has a citation made of the document's own words. What lists of objects show of their
        completeness stands in `extra["completeness"]`; see `completeness`.
        """
        ...


@runtime_checkable
class StreamingEngine(Engine, Protocol):
    """An engine that can also give its records one after the other, so that thousands are never held at once."""

    def each(self, document: ParsedDocument, request: ExtractRequest) -> Iterator[ExtractedRecord]:
        """The same records as `extract`; what was read of the document is let go on the way."""
        ...


class RulesEngine:
    """Fills a schema by rules alone: labels, forms of text, places on the page and tables; no model, no network.

    The same document and request always give the same records. What rules cannot read, such as a judgement or a
    summary, is `null` with a reason.
    """

    def extract(self, document: ParsedDocument, request: ExtractRequest) -> list[ExtractedRecord]:
        """The records of a document; see `Engine.extract`."""
        return list(self.each(document, request))

    def each(self, document: ParsedDocument, request: ExtractRequest) -> Iterator[ExtractedRecord]:
        """The records of a document one after the other; see `StreamingEngine.each`."""
        read = _TARGETS[request.extraction_target]
        records = read(levelled(document), request.data_schema, request.lang)
        if not request.strict_nulls:
            return records
        return (with_null_warnings(record, request.data_schema) for record in records)
