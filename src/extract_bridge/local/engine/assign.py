"""One value for one field: the best candidates first, no value twice where two fields compete for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extract_bridge.local.engine.candidates import Candidate
    from extract_bridge.local.engine.wanted import Wanted

THRESHOLD = 0.42
"""Below this a candidate is no answer."""

_SHARED = (
    frozenset(("total", "amount_due", "amount_paid", "gross_amount", "net_amount", "subtotal")),
    frozenset(
        (
            "document_date",
            "delivery_date",
            "period_start",
            "period_end",
            "effective_date",
            "order_date",
            "signature_date",
        )
    ),
    frozenset(
        (
            "seller",
            "person_name",
            "given_name",
            "family_name",
            "buyer",
            "advertiser",
            "street",
            "city",
            "state",
            "postal_code",
            "country",
            "address",
        )
    ),
)
"""Meanings that a document may state once for two fields."""

Taken = dict[int, dict[Any, set[str | None]]]
"""Word -> value that it was taken for -> the meanings of the fields that took it."""


def assign(candidates: Iterable[Candidate]) -> dict[Wanted, tuple[Candidate, float]]:
    """The chosen candidate of each field, with the score of the best other value for the same field."""
    ranked: dict[Wanted, list[Candidate]] = {}
    for item in sorted(candidates, key=lambda item: -item.score):
        if item.score >= THRESHOLD * 0.6:
            ranked.setdefault(item.wanted, []).append(item)
    chosen: dict[Wanted, tuple[Candidate, float]] = {}
    concepts = {wanted: wanted.concept for wanted in ranked}
    taken: Taken = {}
    queue = sorted((item for items in ranked.values() for item in items), key=lambda item: -item.score)
    for item in queue:
        if item.wanted in chosen or item.score < THRESHOLD:
            continue
        mine = concepts[item.wanted]
        if _blocked(item, mine, taken):
            continue
        rival = next((other.score for other in ranked[item.wanted] if other.value != item.value), 0.0)
        chosen[item.wanted] = (item, rival)
        for place in item.place:
            taken.setdefault(place, {}).setdefault(item.value, set()).add(mine)
    return chosen


def _blocked(item: Candidate, mine: str | None, taken: Taken) -> bool:
    """Another field with the same value has these words, and no document would state the two at once."""
    return any(
        not _may_share(item, mine, theirs)
        for place in item.place
        for theirs in taken.get(place, {}).get(item.value, ())
    )


def _may_share(item: Candidate, mine: str | None, theirs: str | None) -> bool:
    if mine is not None and mine == theirs and item.labelled:
        return True
    if any(mine in group and theirs in group for group in _SHARED):
        return item.score >= 0.55
    return False
