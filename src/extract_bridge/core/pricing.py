"""What the cloud asks for a page, in credits. The local service bills nothing: it reports what the same job would have cost there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

EXTRACT_CREDITS: Mapping[str, float] = {"cost_effective": 5, "agentic": 15, "agentic_plus": 50, "turbo": 35}
"""Credits a page for the extraction, by tier."""

PARSE_CREDITS: Mapping[str, float] = {"fast": 1, "cost_effective": 3, "agentic": 10, "agentic_plus": 45}
"""Credits a page for reading the document, by parse tier."""

_FOLLOWED = {"cost_effective": "cost_effective", "agentic": "agentic", "agentic_plus": "agentic"}
_FIELDS_PER_STEP = 800
_SMALL_SCHEMA = 200
_MOST_STEPS = 5


@dataclass(frozen=True, slots=True)
class Credits:
    """The price of one job, in credits."""

    extract: float
    parse: float

    @property
    def total(self) -> float:
        """Both legs together."""
        return self.extract + self.parse


def parse_tier_of(tier: str, parse_tier: str | None = None) -> str | None:
    """The tier that a document is read with: the one asked for, else the one that follows the extract tier; None for turbo."""
    if tier == "turbo":
        return None
    return parse_tier or _FOLLOWED.get(tier, tier)


def price(*, tier: str, pages: int, parse_tier: str | None = None, fields: int = 0) -> Credits:
    """What a job costs.

    Args:
        tier: The extract tier; an unknown one is priced as `agentic`.
        pages: Pages read.
        parse_tier: The parse tier where it differs from the one that follows `tier`.
        fields: Leaf fields of the schema; a large schema multiplies the price of `agentic_plus`.
    """
    extract = EXTRACT_CREDITS.get(tier, EXTRACT_CREDITS["agentic"]) * pages
    if tier == "agentic_plus":
        extract *= _multiplier(fields)
    leg = parse_tier_of(tier, parse_tier)
    parse = 0.0 if leg is None else PARSE_CREDITS.get(leg, PARSE_CREDITS["agentic"]) * pages
    return Credits(extract=float(extract), parse=float(parse))


def _multiplier(fields: int) -> int:
    if fields <= _SMALL_SCHEMA:
        return 1
    return min(_MOST_STEPS, 2 + (fields - 1) // _FIELDS_PER_STEP)


def count_fields(data_schema: Any) -> int:
    """How many leaf fields a JSON Schema names; a list counts its item's fields once."""
    if not isinstance(data_schema, dict):
        return 1
    properties = data_schema.get("properties")
    if isinstance(properties, dict):
        return sum(count_fields(value) for value in properties.values())
    if isinstance(data_schema.get("items"), dict):
        return count_fields(data_schema["items"])
    return max((count_fields(choice) for choice in data_schema.get("anyOf", ())), default=1)
