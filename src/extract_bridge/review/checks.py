"""What can be checked about a value without reading the document again, so that a person looks where it matters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.core.errors import ExtractError
from extract_bridge.core.schema.fields import SchemaField, iter_schema_fields
from extract_bridge.core.schema.normalize import normalize_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from extract_bridge.core.records.model import ExtractedField, ExtractedRecord

Level = Literal["fail", "note", "ok"]
Check = tuple[Level, str]

_INDEX = re.compile(r"/[0-9]+(?=/|$)")
_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}
_MATCHES: dict[str, Check] = {
    "exact": ("ok", "Stands in the document letter for letter"),
    "normalized": ("ok", "Stands in the document, written differently"),
    "fuzzy": ("note", "The words in the document are only nearly these"),
}
_CORRECTION = "correction"


def schema_fields(data_schema: Any) -> Mapping[str, SchemaField]:
    """The leaves of a schema by pointer pattern; none where there is no usable schema."""
    if data_schema is None:
        return {}
    try:
        schema = normalize_schema(data_schema).json_schema
    except ExtractError:
        return {}
    return {item.pointer_pattern: item for item in iter_schema_fields(schema)}


def schema_field(fields: Mapping[str, SchemaField], pointer: str) -> SchemaField | None:
    """The leaf that a pointer is of: `/line_items/3/amount` is one of `/line_items/*/amount`."""
    return fields.get(pointer) or fields.get(_INDEX.sub("/*", pointer))


class Checker:
    """Checks the fields of one record.

    Args:
        record: It.
        fields: Leaves of its schema, see `schema_fields`.
        page_count: Of its document; None where nobody knows.
    """

    def __init__(
        self, record: ExtractedRecord, fields: Mapping[str, SchemaField], page_count: int | None
    ) -> None:
        self._fields = fields
        self._count = page_count
        self._is_cited = any(item.citations for item in record.fields.values())
        self._warned: dict[str, list[str]] = {}
        self.general: list[str] = []
        """Warnings of the record that name no field of it."""
        for warning in record.warnings:
            named = [pointer for pointer in _named(warning) if pointer in record.fields]
            for pointer in named:
                self._warned.setdefault(pointer, []).append(warning.partition(": ")[2])
            if not named:
                self.general.append(warning)

    def of(self, item: ExtractedField) -> list[Check]:
        """What is right and wrong about a field, failures first."""
        found = [*self._against_schema(item), *self._places(item)]
        found += [("fail", f"{text[:1].upper()}{text[1:]}") for text in self._warned.get(item.pointer, ())]
        return sorted(found, key=lambda check: ("fail", "note", "ok").index(check[0]))

    def _against_schema(self, item: ExtractedField) -> Iterator[Check]:
        wanted = schema_field(self._fields, item.pointer)
        if wanted is None:
            return
        value = item.value
        if value is None:
            if wanted.required and not wanted.nullable:
                yield "fail", "Required by the schema, and not found"
            return
        kinds = _KINDS.get(wanted.type, ())
        if kinds and (not isinstance(value, kinds) or (isinstance(value, bool) and wanted.type != "boolean")):
            yield "fail", f"The schema asks for {_article(wanted.type)} here"
        elif wanted.enum and value not in wanted.enum:
            yield "fail", "Not one of the values that the schema allows"

    def _places(self, item: ExtractedField) -> Iterator[Check]:
        if item.value is None:
            return
        if not item.citations:
            if self._is_cited and _CORRECTION not in item.extra:
                yield "note", "No place in the document was given for this value"
            return
        beyond = [
            place.page
            for place in item.citations
            if self._count is not None and place.page is not None and place.page > self._count
        ]
        if beyond:
            yield "fail", f"Cites page {beyond[0]}, and the document has {self._count}"
        matches = [place.match for place in item.citations if place.match is not None]
        if matches:
            yield _MATCHES[matches[0]]


def _named(warning: str) -> list[str]:
    """The pointers that a warning begins with, as in `/total, /tax: …`."""
    said, colon, _ = warning.partition(": ")
    if not colon or not said.startswith("/"):
        return []
    return [part.partition(" and ")[0] for part in said.split(", ")]


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
