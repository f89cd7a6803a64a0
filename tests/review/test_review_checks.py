"""What is checked about a value."""

from __future__ import annotations

import pytest

from extract_bridge import Citation, ExtractedField, ExtractedRecord
from extract_bridge.review.checks import Checker, schema_fields

SCHEMA = {
    "type": "object",
    "properties": {
        "number": {"type": "string"},
        "total": {"type": "number"},
        "count": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "paid": {"type": "boolean"},
        "state": {"type": "string", "enum": ["open", "closed"]},
        "items": {"type": "array", "items": {"type": "object", "properties": {"amount": {"type": "number"}}}},
    },
    "required": ["number", "count"],
}
AT = (Citation(page=1, quote="x", match="exact"),)


def checks(pointer: str, value: object, warnings=(), citations=AT, count=3):
    item = ExtractedField(pointer=pointer, value=value, citations=citations)
    other = ExtractedField(pointer="/other", value=1, citations=AT)
    record = ExtractedRecord(data={}, fields={pointer: item, "/other": other}, warnings=warnings)
    return Checker(record, schema_fields(SCHEMA), count).of(item)


OK = ("ok", "Stands in the document letter for letter")


@pytest.mark.parametrize(
    ("pointer", "value", "said"),
    [
        ("/number", "7", None),
        ("/number", None, "Required by the schema, and not found"),
        ("/count", None, None),
        ("/total", None, None),
        ("/total", 7, None),
        ("/total", "7", "The schema asks for a number here"),
        ("/total", True, "The schema asks for a number here"),
        ("/count", 7.5, "The schema asks for an integer here"),
        ("/paid", "yes", "The schema asks for a boolean here"),
        ("/state", "open", None),
        ("/state", "shut", "Not one of the values that the schema allows"),
        ("/items/3/amount", "7", "The schema asks for a number here"),
        ("/items/3/amount", 7, None),
        ("/nowhere", {}, None),
    ],
)
def test_against_the_schema(pointer: str, value: object, said: str | None) -> None:
    assert [text for level, text in checks(pointer, value) if level == "fail"] == ([said] if said else [])


def test_places() -> None:
    assert checks("/number", "7") == [OK]
    assert checks("/number", "7", citations=()) == [
        ("note", "No place in the document was given for this value")
    ]
    beyond = checks("/number", "7", citations=(Citation(page=4),))
    assert beyond == [("fail", "Cites page 4, and the document has 3")]
    assert checks("/number", "7", citations=(Citation(page=4),), count=None) == []
    assert checks("/number", "7", citations=(Citation(page=1, match="fuzzy"),))[0][0] == "note"


def test_warnings_of_a_record_go_to_the_fields_that_they_name() -> None:
    warnings = ("/number, /other: read twice", "/missing: gone", "one page is a picture")
    item = ExtractedField(pointer="/number", value="7", citations=AT)
    record = ExtractedRecord(data={}, fields={"/number": item}, warnings=warnings)
    checker = Checker(record, {}, None)
    assert checker.of(item) == [("fail", "Read twice"), OK]
    assert checker.general == ["/missing: gone", "one page is a picture"]


def test_a_schema_that_cannot_be_used_checks_nothing() -> None:
    assert schema_fields(7) == {}
    assert schema_fields(None) == {}
