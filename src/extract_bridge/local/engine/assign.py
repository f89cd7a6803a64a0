"""One value for one field: the best candidates first, no value twice where two fields compete for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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

_NEAR = 0.75
"""A candidate with at least this share of another's score is as good a place for the value."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the chosen candidate of a field stands among the others for it.

    Attributes:
        rival: The score of the best one with another value; 0 without one.
        crowd: How many other values have nearly its score.
        disputed: How many other values the same words, used as a label, point at.
        again: How many other places of the document give the same value.
    """

    rival: float = 0.0
    crowd: int = 0
    disputed: int = 0
    again: int = 0


ALONE = Standing()

Taken = dict[int, dict[Any, set[str | None]]]
"""Word -> value that it was taken for -> the meanings of the fields that took it."""


def assign(candidates: Iterable[Candidate]) -> dict[Wanted, tuple[Candidate, Standing]]:
    """The chosen candidate of each field, and how it stands among the others for the same field."""
    ranked: dict[Wanted, list[Candidate]] = {}
    for item in sorted(candidates, key=lambda item: -item.score):
        if item.score >= THRESHOLD * 0.6:
            ranked.setdefault(item.wanted, []).append(item)
    chosen: dict[Wanted, tuple[Candidate, Standing]] = {}
    concepts = {wanted: wanted.concept for wanted in ranked}
    taken: Taken = {}
    queue = sorted((item for items in ranked.values() for item in items), key=lambda item: -item.score)
    for item in queue:
        if item.wanted in chosen or item.score < THRESHOLD:
            continue
        mine = concepts[item.wanted]
        if _blocked(item, mine, taken):
            continue
        chosen[item.wanted] = (item, standing(item, ranked[item.wanted]))
        for place in item.place:
            taken.setdefault(place, {}).setdefault(item.value, set()).add(mine)
    return chosen


def standing(item: Candidate, others: Sequence[Candidate]) -> Standing:
    """How a candidate stands among all candidates of its field."""
    mine, place = _plain(item.value), item.place
    rivals: dict[str, float] = {}
    disputed: set[str] = set()
    again: set[frozenset[int]] = set()
    for other in others:
        value = _plain(other.value)
        if value != mine:
            rivals[value] = max(other.score, rivals.get(value, 0.0))
            if item.label and other.label == item.label:
                disputed.add(value)
        elif not other.place & place:
            again.add(other.place)
    return Standing(
        max(rivals.values(), default=0.0),
        sum(score >= _NEAR * item.score for score in rivals.values()),
        len(disputed),
        len(again),
    )


def _plain(value: Any) -> str:
    """A value as people compare it: letters and digits, whatever their case."""
    return "".join(letter for letter in fold(str(value)) if letter.isalnum())


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
