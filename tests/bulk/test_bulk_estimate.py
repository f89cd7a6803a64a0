"""What many documents would cost; and that this is what the service then says they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from extract_bridge.bulk import Prices, estimate, extract_many
from extract_bridge.core.errors import ConfigurationError, FileInputError
from extract_bridge.core.pricing import billed_credits

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
FILES: list[Any] = [
    ("a.txt", b"Number: A-1\n"),
    ("b.txt", b"Number: A-2\n\fNumber: A-3\n"),
    "nothere.txt",
    "dfl-1",
]


@pytest.mark.parametrize("tier", ["cost_effective", "agentic", "agentic_plus", "turbo"])
def test_the_estimate_is_what_is_billed(tier: str) -> None:
    found = estimate(FILES[:2], data_schema=SCHEMA, local=True, tier=tier)
    billed = [
        billed_credits(item.job)
        for item in extract_many(FILES[:2], data_schema=SCHEMA, local=True, tier=tier)
    ]  # type: ignore[arg-type]
    assert found.credits == sum(cost or 0 for cost in billed)
    assert found.by_tier[tier].credits == found.credits


def test_pages_credits_and_money_by_tier() -> None:
    found = estimate(FILES, data_schema=SCHEMA)
    pages = found.pages
    assert (found.documents, found.unknown, found.tier) == (4, ("nothere.txt", "dfl-1"), "cost_effective")
    costs = {name: (cost.extract, cost.parse) for name, cost in found.by_tier.items()}
    assert costs == {
        "cost_effective": (5 * pages, 3 * pages),
        "agentic": (15 * pages, 10 * pages),
        "agentic_plus": (50 * pages, 10 * pages),
        "turbo": (35 * pages, 0),
    }
    assert found.dollars == pytest.approx(pages * 0.01)


def test_a_target_leaves_out_the_tiers_that_do_not_know_it() -> None:
    found = estimate(FILES[:1], data_schema=SCHEMA, extraction_target="per_page")
    assert set(found.by_tier) == {"cost_effective", "agentic"}


def test_a_plan_of_your_own() -> None:
    prices = Prices(extract={"cost_effective": 4.0}, parse={"cost_effective": 1.0}, dollars_a_credit=0.01)
    found = estimate(FILES[:1], data_schema=SCHEMA, prices=prices)
    assert (found.credits, found.dollars, list(found.by_tier)) == (5.0, 0.05, ["cost_effective"])
    asked = estimate(FILES[:1], data_schema=SCHEMA, tier="agentic", prices=prices)
    assert asked.by_tier["agentic"].credits == 25.0, "what a table does not name has its list price"


def test_a_saved_configuration_is_priced_as_the_dearest() -> None:
    assert estimate(FILES[:1], configuration_id="cfg-1").tier == "agentic_plus"


def test_mistakes(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        estimate(FILES)
    with pytest.raises(FileInputError):
        estimate(tmp_path, data_schema=SCHEMA)
