"""Whatever stands on a page, the engine answers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.parse.model import Page, ParsedDocument, Word

TEXTS = (
    "Total",
    "9:00",
    "12/03/2024",
    "1,200.00",
    "#7",
    "-",
    "•",
    "Name:",
    "Ana Ng",
    "a",
    "12",
    "x",
    "Hall 1",
    "....",
)
ITEM = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "due": {"type": "string", "format": "date"},
        "amount": {"type": "number"},
        "no": {"type": "integer"},
    },
}
SCHEMA = {**ITEM, "properties": {**ITEM["properties"], "items": {"type": "array", "items": ITEM}}}
LINES = st.lists(st.lists(st.tuples(st.integers(0, 8), st.sampled_from(TEXTS)), max_size=8), max_size=14)


def page_of(lines):
    words = []
    for at, line in enumerate(lines):
        for place, text in line:
            x, y = 40.0 + 60 * place, 40.0 + 14 * at
            words.append(Word(text, x, y, x + 5.0 * len(text), y + 10, 10.0))
    return ParsedDocument("a.pdf", "application/pdf", (Page(1, 600, 800, tuple(words)),), 1)


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_the_engine_answers_whatever_stands_on_a_page(lines):
    for target in ("per_doc", "per_table_row"):
        schema = SCHEMA if target == "per_doc" else ITEM
        records = RulesEngine().extract(
            page_of(lines), ExtractRequest(data_schema=schema, extraction_target=target)
        )
        assert all(set(record.data) == set(schema["properties"]) for record in records)
