"""What any engine must do.

    class TestMyEngine(EngineSuite):
        def make_engine(self):
            return MyEngine()

Values are not judged: an engine may find nothing. What it says must be of the schema's form, and proved by the document's own words.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from extract_bridge.core.records.write import write_records
from extract_bridge.local.engine.engine import ExtractRequest
from extract_bridge.parse.model import Page, ParsedDocument, Word
from extract_bridge.testing._pytest import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.core.records.model import ExtractedField, ExtractedRecord
    from extract_bridge.local.engine.engine import Engine

_TEXT = {"type": ["string", "null"]}
_NUMBER = {"type": ["number", "null"]}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "number": _TEXT,
        "total": _NUMBER,
        "seller": {"type": "object", "properties": {"name": _TEXT, "city": _TEXT}},
        "items": {
            "type": "array",
            "items": {"type": "object", "properties": {"description": _TEXT, "amount": _NUMBER}},
        },
    },
}
PAGES = (
    ("Number: A-17", "Seller: Northwind Joinery", "City: Odense", "Total: 12.50"),
    ("Number: B-18", "Description Amount", "Oak board 7.25", "Screws 5.25", "Total: 12.50"),
)
TARGETS = ("per_doc", "per_page", "per_table_row")


class EngineSuite(ABC):
    """Derive a class named `Test…` and make the engine; pytest finds the tests."""

    @abstractmethod
    def make_engine(self) -> Engine:
        """A fresh engine."""

    @pytest.fixture
    def engine(self) -> Engine:
        """The engine under test."""
        return self.make_engine()

    def test_one_record_for_a_document(self, engine: Engine) -> None:
        """`per_doc` gives one record, whatever was found."""
        records = engine.extract(document(1, 2), request("per_doc"))
        assert [record.extraction_target for record in records] == ["per_doc"]

    def test_one_record_a_page_in_the_order_of_the_pages(self, engine: Engine) -> None:
        """`per_page` says which page each record is."""
        records = engine.extract(document(2, 1), request("per_page"))
        assert [record.page for record in records] == [2, 1]

    def test_rows_are_numbered_from_zero(self, engine: Engine) -> None:
        """`per_table_row` numbers its records."""
        records = engine.extract(document(1, 2), request("per_table_row"))
        assert [record.row for record in records] == list(range(len(records)))

    @pytest.mark.parametrize("target", TARGETS)
    def test_records_have_every_property(self, engine: Engine, target: str) -> None:
        """Nulls where nothing was found, `[]` for lists without items; nothing that the schema does not name."""
        for record in engine.extract(document(1, 2), request(target)):
            assert_form(record.data, SCHEMA)

    @pytest.mark.parametrize("target", TARGETS)
    def test_every_leaf_is_a_field(self, engine: Engine, target: str) -> None:
        """`fields` holds each scalar of `data` under its pointer."""
        for record in engine.extract(document(1, 2), request(target)):
            for pointer, value in leaves(record.data):
                assert record.fields[pointer].pointer == pointer
                assert record.fields[pointer].value == value

    @pytest.mark.parametrize("target", TARGETS)
    def test_every_value_is_proved_by_the_documents_words(self, engine: Engine, target: str) -> None:
        """Page, quote and boxes are the document's, also where pages were left out."""
        for pages in ((1, 2), (2,), (2, 1)):
            read = document(*pages)
            for record in engine.extract(read, request(target)):
                for field in found_fields(record):
                    assert_proved(field, read)

    @pytest.mark.parametrize("target", TARGETS)
    def test_a_document_without_words(self, engine: Engine, target: str) -> None:
        """Nothing is made up."""
        empty = ParsedDocument("empty.pdf", "application/pdf", (Page(1, 595, 842),), 1)
        for record in engine.extract(empty, request(target)):
            assert found_fields(record) == []

    @pytest.mark.parametrize("target", TARGETS)
    def test_the_answer_can_be_sent(self, engine: Engine, target: str) -> None:
        """What the records are on the wire is JSON: no NaN, no object of Python's."""
        records = engine.extract(document(1, 2), request(target))
        json.dumps(write_records(records, extraction_target=target), allow_nan=False)

    def test_the_request_stays_as_it_was(self, engine: Engine) -> None:
        """An engine may be handed the same schema again."""
        asked = request("per_doc")
        before = deepcopy(asked.data_schema)
        engine.extract(document(1), asked)
        assert asked.data_schema == before


def request(target: str) -> ExtractRequest:
    """The suite's schema with a target."""
    return ExtractRequest(data_schema=deepcopy(SCHEMA), extraction_target=target)


def document(*numbers: int) -> ParsedDocument:
    """The suite's document with these of its pages, in this order."""
    pages = tuple(_page(number, PAGES[number - 1]) for number in numbers)
    return ParsedDocument("note.pdf", "application/pdf", pages, len(PAGES))


def _page(number: int, lines: Sequence[str]) -> Page:
    words = []
    for row, line in enumerate(lines):
        left, top = 50.0, 60.0 + 20 * row
        for text in line.split():
            right = left + 6.0 * len(text)
            words.append(Word(text, left, top, right, top + 10, 10))
            left = right + 4
    return Page(number, 595, 842, tuple(words))


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Each scalar of JSON with its pointer."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, f"{pointer}/{index}")
    else:
        yield pointer, value


def found_fields(record: ExtractedRecord) -> list[ExtractedField]:
    """The fields that have a value."""
    return [field for field in record.fields.values() if field.value is not None and field.value != []]


def assert_form(value: Any, schema: dict[str, Any]) -> None:
    """A value has the form that the schema says, all properties given."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if value is None and "null" in kinds:
        return
    if "object" in kinds:
        assert set(value) == set(schema["properties"])
        for name, part in schema["properties"].items():
            assert_form(value[name], part)
    elif "array" in kinds:
        assert isinstance(value, list)
        for item in value:
            assert_form(item, schema["items"])
    elif "number" in kinds:
        assert isinstance(value, int | float)
        assert not isinstance(value, bool)
    else:
        assert isinstance(value, str)


def assert_proved(field: ExtractedField, read: ParsedDocument) -> None:
    """A field's citations lie in the document, and its confidence in 0..1."""
    assert field.citations, f"{field.pointer} has a value and no citation"
    assert field.confidence is None or 0 <= field.confidence <= 1
    pages = {page.number: page for page in read.pages}
    for citation in field.citations:
        assert citation.page in pages
        page = pages[citation.page]
        width, height = page.shown_size
        printed = {word.text for word in page.words}
        assert citation.quote
        assert set(citation.quote.split()) <= printed, (
            f"{field.pointer} quotes words that page {page.number} has not"
        )
        for box in citation.boxes:
            assert box.x >= 0
            assert box.y >= 0
            assert box.x + box.w <= width
            assert box.y + box.h <= height
