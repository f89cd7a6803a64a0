"""Dates that belong together: both ends of a period from one place, and no date before the one it must follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.local.engine.candidates import Candidate
    from extract_bridge.local.engine.wanted import Wanted

_PERIOD = ("period_start", "period_end")
_FOLLOWS = (_PERIOD, ("document_date", "due_date"), ("effective_date", "expiry_date"))
"""Meanings whose dates stand in this order in any document."""
_LEAST = 0.6
_CLOSE = 0.15
_DOUBTFUL = 0.7


def settle_dates(candidates: Sequence[Candidate], fields: Sequence[Wanted]) -> list[Candidate]:
    """The candidates without dates that their partners rule out.

    Where one label gives both ends of a period, both come from there; a date before the one that it must follow is
    dropped where it is the weaker of the two.
    """
    kept = list(candidates)
    for first, second in _partners(fields, _PERIOD):
        kept = _from_one_place(kept, first, second)
    for names in _FOLLOWS:
        for first, second in _partners(fields, names):
            kept = _in_order(kept, first, second)
    return kept


def _partners(fields: Sequence[Wanted], names: tuple[str, str]) -> Iterator[tuple[Wanted, Wanted]]:
    """Dates of one object with these two meanings; none where several have the same meaning."""
    groups: dict[tuple[tuple[str, ...], str], list[Wanted]] = {}
    for item in fields:
        if item.kind == "date" and item.concept in names:
            groups.setdefault((item.path[:-1], item.concept), []).append(item)
    for (parent, name), items in groups.items():
        others = groups.get((parent, names[1]), [])
        if name == names[0] and len(items) == len(others) == 1:
            yield items[0], others[0]


def _from_one_place(candidates: list[Candidate], first: Wanted, second: Wanted) -> list[Candidate]:
    ends = {item.place_id: item for item in candidates if item.wanted is second and item.place_id}
    pairs = [
        (item, ends[item.place_id])
        for item in candidates
        if item.wanted is first and item.place_id in ends and item.value <= ends[item.place_id].value
    ]
    if not pairs:
        return candidates
    best = max(pairs, key=lambda pair: pair[0].score + pair[1].score)
    top = max(item.score for item in candidates if item.wanted in (first, second))
    if (best[0].score + best[1].score) / 2 < max(_LEAST, top - _CLOSE):
        return candidates
    return [
        item
        for item in candidates
        if item.wanted not in (first, second) or item.value in (best[0].value, best[1].value)
    ]


def _in_order(candidates: list[Candidate], first: Wanted, second: Wanted) -> list[Candidate]:
    before = max((item for item in candidates if item.wanted is first), key=_score, default=None)
    after = max((item for item in candidates if item.wanted is second), key=_score, default=None)
    if before is None or after is None or before.value <= after.value:
        return candidates
    weaker = min(before, after, key=_score)
    stronger = after if weaker is before else before
    if weaker.score >= _DOUBTFUL and stronger.score - weaker.score < _CLOSE:
        return candidates  # both are plainly labelled; the document says so itself
    return [
        item
        for item in candidates
        if item.wanted is not weaker.wanted
        or (item.value <= stronger.value if weaker is before else item.value >= stronger.value)
    ]


def _score(item: Candidate) -> float:
    return item.score
