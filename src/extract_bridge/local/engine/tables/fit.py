"""Which column of a table answers which property of a schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.local.engine.tables.lexicon import concepts_of
from extract_bridge.local.engine.tables.match import agreement, rarity_of, score
from extract_bridge.local.engine.text import label_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from extract_bridge.local.engine.tables.match import Column, Property

_ENOUGH = 0.42
_BY_CHOICES = 0.9
"""How well a column fits that says nothing but what the property may say."""
_THINGS = frozenset(("description", "product", "service", "name", "party", "team", "task"))
_BY_COUNTING = 0.6
_COUNTS = ("integer", "number", "string")
_BY_KIND = 0.35
"""How well a column fits whose kind alone speaks for it."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Columns for properties, and how good the whole is, 0..1.

    Attributes:
        columns: The place of each property's column.
        scores: How well each fits.
        score: How well all of them fit.
        over_rows: The property that the headings between the rows answer, if any.
        told: How many of the properties the words of the headings tell.
    """

    columns: Mapping[str, int]
    scores: Mapping[str, float]
    score: float
    over_rows: str | None = None
    told: int = 0


def fit(properties: Sequence[Property], columns: Sequence[Column], *, groups: Sequence[str] = ()) -> Fit:
    """The best columns for the properties, each column once.

    Args:
        properties: What is looked for.
        columns: Those of a table.
        groups: The headings between its rows; they answer a property as a column does.
    """
    scores = _scores(properties, columns)
    chosen = _assign(scores)
    told = len(chosen)
    _by_choices(properties, columns, chosen)
    _by_counting(properties, columns, chosen)
    _last_column(properties, columns, chosen)
    over = _over_rows(properties, columns, chosen, groups) if groups else None
    over = _swapped(properties, columns, chosen, over)
    asked = [p for p in range(len(properties)) if p != over]
    _fill_between(properties, columns, chosen, scores, asked)
    _only_ones_left(properties, columns, chosen, asked)
    total = sum(score for _, score in chosen.values()) / max(1, len(asked))
    return Fit(
        {properties[p].name: c for p, (c, _) in chosen.items()},
        {properties[p].name: score for p, (_, score) in chosen.items()},
        total,
        properties[over].name if over is not None else None,
        told,
    )


def best_pairs(
    properties: Sequence[Property], columns: Sequence[Sequence[Column]]
) -> dict[int, tuple[int, float]]:
    """The place of the best column for each property and how well it fits, 0..1; each column once, by words alone.

    Args:
        properties: What is looked for.
        columns: Each as it may be headed; the heading that fits best counts.
    """
    rarity = rarity_of([item[0] for item in columns])
    return _assign(
        [[max(score(prop, way, rarity) for way in item) for item in columns] for prop in properties]
    )


def _assign(scores: list[list[float]]) -> dict[int, tuple[int, float]]:
    """Columns for properties so that the sum of scores is highest: best pairs first, then swaps while they help."""
    pairs = sorted(
        ((s, p, c) for p, row in enumerate(scores) for c, s in enumerate(row) if s >= _ENOUGH), reverse=True
    )
    chosen: dict[int, int] = {}
    for _, p, c in pairs:
        if p not in chosen and c not in chosen.values():
            chosen[p] = c
    improved = True
    while improved:
        improved = False
        for p in range(len(scores)):
            for q in range(len(scores)):
                if p != q and p in chosen and _swap_helps(scores, chosen, p, q):
                    improved = True
    return {p: (c, scores[p][c]) for p, c in chosen.items()}


def _swap_helps(scores: list[list[float]], chosen: dict[int, int], p: int, q: int) -> bool:
    """Gives p's column to q and q's to p, or p a free one, where the sum grows by that."""
    mine, theirs = chosen[p], chosen.get(q)
    if scores[q][mine] < _ENOUGH:
        return False
    free = [c for c in range(len(scores[p])) if c not in chosen.values() or c == theirs]
    best = max(free, key=lambda c: scores[p][c], default=None)
    before = scores[p][mine] + (scores[q][theirs] if theirs is not None else 0.0)
    gained = scores[p][best] if best is not None and scores[p][best] >= _ENOUGH else 0.0
    if scores[q][mine] + gained <= before + 1e-9:
        return False
    chosen[q] = mine
    if gained and best is not None:
        chosen[p] = best
    else:
        del chosen[p]
    return True


def _by_choices(
    properties: Sequence[Property], columns: Sequence[Column], chosen: dict[int, tuple[int, float]]
) -> None:
    """A column without a heading whose cells say nothing but what a property may say is its column, where no other is like that."""
    taken = {c for c, _ in chosen.values()}
    for p, prop in enumerate(properties):
        if p in chosen or not prop.choices:
            continue
        told = [
            c
            for c, item in enumerate(columns)
            if c not in taken and item.texts and item.texts <= prop.choices
        ]
        if len(told) == 1 and not columns[told[0]].tokens:
            chosen[p] = (told[0], _BY_CHOICES)
            taken.add(told[0])


def _by_counting(
    properties: Sequence[Property], columns: Sequence[Column], chosen: dict[int, tuple[int, float]]
) -> None:
    """The one column that counts the rows is the number that is asked for, where only one is and no other column is."""
    taken = {c for c, _ in chosen.values()}
    counting = [c for c, item in enumerate(columns) if item.counts]
    waiting = [p for p, prop in enumerate(properties) if p not in chosen and prop.kind in _COUNTS]
    asked = [p for p in waiting if _is_place(properties[p])] or [
        p for p in waiting if properties[p].tokens[-1:] == ("no",)
    ]
    if len(counting) == len(asked) == 1 and counting[0] not in taken and chosen:
        chosen[asked[0]] = (counting[0], _BY_COUNTING)


def _is_place(prop: Property) -> bool:
    """Whether a property is the place in a list: `line`, `position`, `rank`."""
    return any(concepts_of(phrase) & {"position", "rank"} for phrase in prop.phrases)


def _over_rows(
    properties: Sequence[Property],
    columns: Sequence[Column],
    chosen: Mapping[int, tuple[int, float]],
    groups: Sequence[str],
) -> int | None:
    """The text property that headings between the rows answer.

    It is the one that they name before a colon, the only one left, the one whose name says so, or the first where there is one more than
    columns of words.
    """
    waiting = [p for p, prop in enumerate(properties) if p not in chosen and prop.kind == "string"]
    labels = {label_tokens(group.partition(":")[0]) if ":" in group else () for group in groups}
    labelled = [p for p in waiting if labels <= {label_tokens(phrase) for phrase in properties[p].phrases}]
    taken = {c for c, _ in chosen.values()}
    free = [
        c for c, item in enumerate(columns) if c not in taken and item.filled > 0 and shows(item) == "string"
    ]
    if labelled or (len(waiting) == 1 and not free):
        return (labelled or waiting)[0]
    named = [p for p in waiting if any("category" in concepts_of(phrase) for phrase in properties[p].phrases)]
    if len(named) == 1:
        return named[0]
    first = bool(waiting) and waiting[0] < min(chosen, default=0)
    return waiting[0] if first and len(waiting) == len(free) + 1 else None


def _swapped(
    properties: Sequence[Property],
    columns: Sequence[Column],
    chosen: dict[int, tuple[int, float]],
    over: int | None,
) -> int | None:
    """The property that headings between the rows answer, where the first column's heading names them rather than the rows.

    The schema asks for the larger thing before the smaller one in it: what the first column is called, then what it leaves open.
    """
    first = next((p for p, (c, _) in chosen.items() if c == 0), None)
    if over is None or first is None or over != first + 1 or properties[first].kind != "string":
        return over
    if any(concepts_of(phrase) & _THINGS for phrase in properties[first].phrases) or not columns[0].indented:
        return over
    chosen[over] = chosen.pop(first)
    return first


def _last_column(
    properties: Sequence[Property], columns: Sequence[Column], chosen: dict[int, tuple[int, float]]
) -> None:
    """A line's amount that has no column yet stands in the last one, where that holds numbers and is free."""
    last = len(columns) - 1
    if len(chosen) < 2 or any(c == last for c, _ in chosen.values()) or columns[last].numbers < 0.8:
        return
    for p, prop in enumerate(properties):
        if p not in chosen and any("line_total" in concepts_of(phrase) for phrase in prop.phrases):
            chosen[p] = (last, 0.4)
            return


def _fill_between(
    properties: Sequence[Property],
    columns: Sequence[Column],
    chosen: dict[int, tuple[int, float]],
    scores: list[list[float]],
    asked: Sequence[int],
) -> None:
    """A run of properties without a column takes the columns at its place, where there are just as many and the kinds fit."""
    if not chosen:
        return
    run: list[int] = []
    for p in (*asked, None):
        if p is not None and p not in chosen:
            run.append(p)
            continue
        if run:
            before = max((chosen[i][0] for i in range(run[0]) if i in chosen), default=-1)
            after = chosen[p][0] if p is not None else len(columns)
            free = [c for c in range(before + 1, after) if columns[c].filled > 0 and not columns[c].counts]
            if len(free) == len(run) and all(
                agreement(properties[i].kind, columns[c]) >= 0.6 for i, c in zip(run, free, strict=True)
            ):
                for i, c in zip(run, free, strict=True):
                    chosen[i] = (c, max(0.35, scores[i][c]))
        run = []


def _only_ones_left(
    properties: Sequence[Property],
    columns: Sequence[Column],
    chosen: dict[int, tuple[int, float]],
    asked: Sequence[int],
) -> None:
    """Where a table has as many columns as are asked for, one left of a kind answers the one property left of that kind.

    At least half of the properties must have found their columns by words: the table is the right one then.
    """
    taken = {c for c, _ in chosen.values()}
    used = [c for c, item in enumerate(columns) if c in taken or (item.filled > 0 and not item.counts)]
    if len(used) != len(asked) or len(chosen) < 0.5 * len(asked):
        return
    left = [p for p in asked if p not in chosen]
    free = [c for c in used if c not in taken]
    for p in left:
        same = [q for q in left if _class_of(properties[q].kind) == _class_of(properties[p].kind)]
        fitting = [c for c in free if shows(columns[c]) == _class_of(properties[p].kind)]
        if len(same) == len(fitting) == 1:
            chosen[p] = (fitting[0], _BY_KIND)


def shows(item: Column) -> str:
    """The kind of value in a column's cells: `date`, `number` or `string`."""
    return "date" if item.dates >= 0.7 else "number" if item.numbers >= 0.7 else "string"


def _class_of(kind: str) -> str:
    return "number" if kind in ("number", "integer") else "date" if kind == "date" else "string"


def _scores(properties: Sequence[Property], columns: Sequence[Column]) -> list[list[float]]:
    rarity = rarity_of(columns)
    return [[score(prop, item, rarity) for item in columns] for prop in properties]
