"""What many documents would cost, before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk.work import documents_of, source_of
from extract_bridge.client.costs import DEAREST, estimate_call
from extract_bridge.client.flows.keywords import resolve_configuration
from extract_bridge.client.inputs import resolve_input
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ExtractError
from extract_bridge.core.pricing import LIST_PRICES, count_fields, price
from extract_bridge.core.wire.configuration import ONE_TARGET_TIERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from extract_bridge.client.flows.keywords import ConfigurationKeywords, ResolvedConfiguration
    from extract_bridge.core.pricing import Prices


@dataclass(frozen=True, slots=True)
class TierCost:
    """What the same pages cost on one tier.

    Attributes:
        extract: Credits for the extraction.
        parse: Credits for reading the documents.
        dollars: Both together, at the table's price of a credit.
    """

    extract: float
    parse: float
    dollars: float

    @property
    def credits(self) -> float:
        """Both legs together."""
        return self.extract + self.parse


@dataclass(frozen=True, slots=True)
class LoadEstimate:
    """What extracting many documents would cost at most, before anything is sent.

    Attributes:
        documents: How many there are, unreadable ones among them.
        pages: Pages that would be read, as far as they could be counted on this machine.
        credits: For these pages, extraction and parsing together, on the tier that is asked for.
        unknown: Sources whose pages nobody here can count (ids, formats that are not read here, files that cannot be read): what they
            cost comes on top.
        tier: The tier that is asked for; the dearest where a saved configuration decides.
        by_tier: The same pages on each tier that knows the extraction target.
    """

    documents: int
    pages: int
    credits: float
    unknown: tuple[str, ...] = ()
    tier: str = "cost_effective"
    by_tier: Mapping[str, TierCost] = field(default_factory=dict)

    @property
    def dollars(self) -> float:
        """On the tier that is asked for, at the table's price of a credit."""
        return self.by_tier[self.tier].dollars if self.tier in self.by_tier else 0.0


def estimate(
    files: Any, *, prices: Prices = LIST_PRICES, client: Any = None, **keywords: Any
) -> LoadEstimate:
    """What `extract_many` with the same keywords would cost at most: pages, credits and money by tier. Nothing is sent, no service is needed.

    Reads each document once, one at a time. What a ledger already has is counted too: `extract-bridge run --dry-run` leaves it out.

    Args:
        files: A document, a directory, a pattern, or any iterable of these.
        prices: Your plan's table in place of the list prices.
        client: Taken for the sake of equal keywords; it is not used.
        **keywords: The common ones; see `ExtractOptions`.

    Raises:
        ConfigurationError: the keywords contradict each other.
        FileInputError: for a lone directory or pattern without documents.
    """
    options = ExtractOptions(client=client, **keywords)
    return estimate_load(documents_of(files), options.configuration_keywords(), prices)


def estimate_load(
    documents: Iterable[Any], keywords: ConfigurationKeywords, prices: Prices = LIST_PRICES
) -> LoadEstimate:
    """The estimate of some documents; reads each of them once, one at a time."""
    resolved = resolve_configuration(**keywords)
    count, pages, unknown = 0, 0, list[str]()
    for document in documents:
        count += 1
        try:
            if isinstance(document, ExtractError):
                raise document
            given = resolve_input(document)
            one = estimate_call(resolved, None if given.kind == "id" else given.read(), given.name)
        except ExtractError:
            unknown.append(source_of(document))
            continue
        if one.pages is None:
            unknown.append(source_of(document))
        else:
            pages += one.pages
    tier, by_tier = tier_of(resolved), costs_by_tier(resolved, pages, prices)
    return LoadEstimate(count, pages, by_tier[tier].credits, tuple(unknown), tier, by_tier)


def costs_by_tier(
    resolved: ResolvedConfiguration, pages: int, prices: Prices = LIST_PRICES
) -> dict[str, TierCost]:
    """What so many pages cost on each tier that knows the extraction target, and on the one that is asked for."""
    return {
        name: _cost(resolved, name, pages, prices) for name in _tiers(resolved, tier_of(resolved), prices)
    }


def tier_of(resolved: ResolvedConfiguration) -> str:
    """The tier that is asked for; the dearest where a saved configuration decides."""
    asked = resolved.configuration
    return (asked.tier or "agentic") if asked is not None else DEAREST


def _tiers(resolved: ResolvedConfiguration, tier: str, prices: Prices) -> list[str]:
    target = resolved.configuration.extraction_target if resolved.configuration is not None else None
    known = [name for name in prices.extract if name not in ONE_TARGET_TIERS or target in (None, "per_doc")]
    return [*known, *([] if tier in known else [tier])]


def _cost(resolved: ResolvedConfiguration, tier: str, pages: int, prices: Prices) -> TierCost:
    asked = resolved.configuration
    cost = price(
        tier=tier,
        pages=pages,
        parse_tier=asked.parse_tier if asked is not None else None,
        fields=count_fields(asked.data_schema) if asked is not None else 0,
        prices=prices,
    )
    return TierCost(cost.extract, cost.parse, cost.total * prices.dollars_a_credit)
