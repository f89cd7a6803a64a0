"""Which column of records without headings answers which property: by what its texts are, and by the order of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.local.engine.tables.expected import expected, score_of, texts_of
from extract_bridge.local.engine.tables.fit import Fit, fit
from extract_bridge.local.engine.tables.match import column
from extract_bridge.local.engine.values import schema_types

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from extract_bridge.local.engine.tables.expected import Texts
    from extract_bridge.local.engine.tables.match import Column, Property
    from extract_bridge.local.engine.tables.records import Records

_MOST = 7  # properties, or columns, that are tried in every order
_IN_ORDER = 0.06
_CLEAR = 0.05  # how much better than any other a choice must be
_LEAST_SCORE = 0.3
_MOST_ANSWERED = 0.6  # of the properties
_NUMBERS = ("number", "whole")
_WORDS = ("text", "title", "marked", "person", "firm", "other")


def fit_records(
    records: Records, item_schema: Mapping[str, Any], properties: Sequence[Property]
) -> Fit | None:
    """The columns of records for properties; None where too few find one, or none by a label or a kind that is no mere text."""
    table = records.table
    body = table.rows[table.header_rows :]
    heads = [cell.text for cell in table.rows[0]] if table.header_rows else [""] * len(body[0])
    cells = [[row[at].text for row in body] for at in range(len(heads))]
    columns = [column(head, texts) for head, texts in zip(heads, cells, strict=True)]
    schemas = dict(schema_types(item_schema)[1].get("properties") or {})
    found = fit_texts(properties, schemas, columns, [texts_of(texts) for texts in cells])
    filled = [at for at in found.columns.values() if sum(map(bool, cells[at])) >= 0.5 * len(body)]
    if len(filled) < max(2, _MOST_ANSWERED * len(properties)):
        return None
    told = [
        prop
        for prop in properties
        if prop.name in found.columns
        and (columns[found.columns[prop.name]].tokens or expected(prop, schemas[prop.name]) not in _WORDS)
    ]
    return found if told else None


def fit_texts(
    properties: Sequence[Property],
    schemas: Mapping[str, Any],
    columns: Sequence[Column],
    texts: Sequence[Texts],
) -> Fit:
    """The columns for the properties: those whose label says so, and for the rest those whose texts are of the kind asked for.

    A property is left out where another column would be nearly as good.
    """
    labelled = fit(properties, columns) if any(item.tokens for item in columns) else Fit({}, {}, 0.0)
    chosen = {
        name: (at, labelled.scores[name]) for name, at in labelled.columns.items() if columns[at].tokens
    }
    taken = {at for at, _ in chosen.values()}
    open_props = [prop for prop in properties if prop.name not in chosen]
    free = [at for at in range(len(columns)) if at not in taken and not columns[at].tokens]
    if open_props and free and max(len(open_props), len(free)) <= _MOST:
        kinds = [expected(prop, schemas[prop.name]) for prop in open_props]
        scores = [[score_of(kind, texts[at]) for at in free] for kind in kinds]
        for p, (c, score) in _best(scores, kinds).items():
            chosen[open_props[p].name] = (free[c], score)
    total = sum(score for _, score in chosen.values()) / max(1, len(properties))
    return Fit(
        {name: at for name, (at, _) in chosen.items()},
        {name: score for name, (_, score) in chosen.items()},
        total,
    )


def suits(
    properties: Sequence[Property], item_schema: Mapping[str, Any], cells: Mapping[str, Sequence[str]]
) -> float:
    """How well the texts chosen for each property are of the kind asked for, 0..1.

    Args:
        properties: What is asked for.
        item_schema: The schema that they are from.
        cells: The texts of each property that has some.
    """
    schemas = dict(schema_types(item_schema)[1].get("properties") or {})
    scores = [
        score_of(expected(prop, schemas[prop.name]), texts_of(cells[prop.name]))
        for prop in properties
        if any(cells.get(prop.name, ()))
    ]
    return sum(scores) / max(1, len(properties))


def _best(scores: Sequence[Sequence[float]], kinds: Sequence[str]) -> dict[int, tuple[int, float]]:
    """The best column for each row of scores, each once; without those where another choice is nearly as good.

    Numbers are told from each other by their order alone, so there must be as many columns of them as are asked for.
    """
    best, choice = _search(scores, {})
    result = {}
    for p, c in enumerate(choice):
        if c is None or (kinds[p] in _NUMBERS and _other_numbers(scores, kinds)):
            continue
        other, _ = _search(scores, {p: c})
        if best - other >= _CLEAR:
            result[p] = (c, scores[p][c])
    return result


def _other_numbers(scores: Sequence[Sequence[float]], kinds: Sequence[str]) -> bool:
    """Whether there are more or fewer columns of numbers than asked for, where two or more are."""
    asked = [p for p, kind in enumerate(kinds) if kind in _NUMBERS]
    fitting = [c for c in range(len(scores[0])) if any(scores[p][c] >= _LEAST_SCORE for p in asked)]
    return len(asked) > 1 and len(fitting) != len(asked)


def _search(scores: Sequence[Sequence[float]], without: Mapping[int, int]) -> tuple[float, list[int | None]]:
    """The best sum of scores over all choices, with a little more for each that stands in order; and the choice."""
    width = len(scores[0])
    most = [max(row, default=0.0) + _IN_ORDER for row in scores]
    best: tuple[float, list[int | None]] = (0.0, [None] * len(scores))

    def walk(p: int, used: frozenset[int], last: int | None, total: float, picked: list[int | None]) -> None:
        nonlocal best
        if total + sum(most[p:]) <= best[0]:
            return
        if p == len(scores):
            best = (total, picked)
            return
        for c in sorted(range(width), key=lambda at: -scores[p][at]):
            if c in used or scores[p][c] < _LEAST_SCORE or without.get(p) == c:
                continue
            order = (
                0.0 if last is None else _IN_ORDER if c == last + 1 else _IN_ORDER / 2 if c > last else 0.0
            )
            walk(p + 1, used | {c}, c, total + scores[p][c] + order, [*picked, c])
        walk(p + 1, used, last, total, [*picked, None])

    walk(0, frozenset(), None, 0.0, [])
    return best
