from __future__ import annotations

import pytest

from extract_bridge.core.pricing import count_fields, parse_tier_of, price


@pytest.mark.parametrize(
    ("tier", "parse_tier", "pages", "fields", "extract", "parse"),
    [
        ("cost_effective", None, 1, 3, 5, 3),
        ("agentic", None, 2, 3, 30, 20),
        ("agentic_plus", None, 1, 200, 50, 10),
        ("agentic_plus", None, 1, 201, 100, 10),
        ("agentic_plus", None, 1, 800, 100, 10),
        ("agentic_plus", None, 1, 801, 150, 10),
        ("agentic_plus", None, 1, 3200, 250, 10),
        ("agentic_plus", "agentic_plus", 1, 1, 50, 45),
        ("turbo", None, 3, 1, 105, 0),
        ("cost_effective", "fast", 10, 1, 50, 10),
    ],
)
def test_the_price_table(
    tier: str, parse_tier: str | None, pages: int, fields: int, extract: float, parse: float
) -> None:
    found = price(tier=tier, parse_tier=parse_tier, pages=pages, fields=fields)
    assert (found.extract, found.parse, found.total) == (extract, parse, extract + parse)


def test_turbo_reads_no_document() -> None:
    assert parse_tier_of("turbo") is None
    assert parse_tier_of("agentic_plus") == "agentic"


def test_leaf_fields_are_counted_through_lists_objects_and_choices() -> None:
    row = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"anyOf": [{"type": "number"}, {"type": "null"}]}},
    }
    schema = {
        "type": "object",
        "properties": {"x": {"type": "string"}, "rows": {"type": "array", "items": row}, "r": row},
    }
    assert count_fields(schema) == 5
