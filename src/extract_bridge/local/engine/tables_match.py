"""Which column of a table answers which property of a schema.

Longer than most modules: likeness, kinds and what is left over are weighed against each other, and make one assignment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from rapidfuzz import fuzz

from extract_bridge.local.engine.tables_lexicon import concepts_of
from extract_bridge.local.engine.text import label_tokens, split_name
from extract_bridge.local.engine.values import kind_of, schema_types

_ENOUGH = 0.42
_BY_KIND = 0.35
"""How well a column fits whose kind alone speaks for it."""
_FILLERS = frozenset(
    [
        "name",
        "number",
        "value",
        "amount",
        "column",
        "row",
        "printed",
        "shown",
        "given",
        "example",
        "eg",
        "ie",
        "string",
        "as",
        "per",
        "each",
        "all",
    ]
)
_NUMBER = re.compile(
    r"[-+\u2212\u2013(]?\s{0,9}[^\w\s]{0,3}\s{0,9}[-+\u2212\u2013(]?\s{0,9}\d[\d\s.,'\u2019]*+[^\d\s]{0,6}\s*+[)*]*$"
)
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[.\s]++[^\W\d]{3}|[^\W\d]{3}\.?\s++\d{1,2}\b")
_NOTHING = frozenset(("-", "\u2013", "\u2014", "n/a", "n.a.", "na", "..", "...", "k.a.", "nd"))


@dataclass(frozen=True, slots=True)
class Property:
    """What a schema says about one column.

    Attributes:
        name: The property's name.
        kind: `number`, `integer`, `date`, `string`, ...
        phrases: Its names and titles, as they might head a column.
        tokens: The words of its name and title.
        extra: Further words of its description.
    """

    name: str
    kind: str
    phrases: tuple[str, ...]
    tokens: tuple[str, ...]
    extra: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """What a table shows of one column.

    Attributes:
        heading: As printed.
        tokens: The heading's words.
        numbers: The share of its cells that are numbers, 0..1.
        dates: The same for dates.
        filled: The share of its cells that are filled, 0..1.
        counts: It counts the rows: 1, 2, 3.
    """

    heading: str
    tokens: tuple[str, ...]
    numbers: float
    dates: float
    filled: float
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """Columns for properties, and how good the whole is, 0..1."""

    columns: Mapping[str, int]
    scores: Mapping[str, float]
    score: float


def properties_of(schema: Mapping[str, Any]) -> list[Property]:
    """The scalar properties of an object schema."""
    _, branch = schema_types(schema)
    found = []
    for name, subschema in dict(branch.get("properties") or {}).items():
        if not isinstance(subschema, Mapping):
            continue
        kind = kind_of(subschema, name)
        if kind in ("object", "array"):
            continue
        inner = schema_types(subschema)[1]
        spoken = split_name(name)
        title, description = str(inner.get("title") or ""), str(inner.get("description") or "")
        aliases = [str(alias) for alias in inner.get("aliases") or inner.get("x-aliases") or ()]
        phrases = tuple(phrase for phrase in (spoken, title, *aliases, *_short(description)) if phrase)
        tokens = label_tokens(spoken)
        extra = tuple(
            t for t in label_tokens(f"{title} {description}") if t not in tokens and t not in _FILLERS
        )
        found.append(Property(name, kind, phrases, tokens, extra))
    return found


def _short(description: str) -> list[str]:
    """A description that is itself a heading, and headings quoted in it."""
    quoted = re.findall(r"[\"“„«]([^\"”“»]{2,40})[\"”“»]", description)
    return [*quoted, *([description] if 0 < len(description.split()) <= 4 else [])]


@dataclass(frozen=True, slots=True)
class Look:
    """What one cell looks like.

    Attributes:
        number: It is a number.
        date: A date stands in it.
        nothing: It is filled with a sign for "nothing".
        ordinal: Which whole number it is; -1 where it is something else.
    """

    number: bool
    date: bool
    nothing: bool
    ordinal: int = -1


def look_of(text: str) -> Look | None:
    """What a cell looks like; None where it is empty."""
    if not text:
        return None
    bare = text.rstrip(".)")
    ordinal = int(bare) if bare.isdecimal() and bare.isascii() and len(bare) < 6 else -1
    return Look(is_number(text), bool(_DATE.search(text)), text.casefold() in _NOTHING, ordinal)


def column(heading: str, cells: Sequence[str]) -> Column:
    """A column seen from its heading and its cells."""
    return column_of(heading, [look_of(text) for text in cells])


def column_of(heading: str, cells: Sequence[Look | None]) -> Column:
    """A column seen from its heading and what its cells look like; None is an empty one."""
    looks = [look for look in cells if look is not None and not look.nothing]
    count = len(looks) or 1
    return Column(
        heading,
        label_tokens(heading) if heading else (),
        sum(look.number for look in looks) / count,
        sum(look.date for look in looks) / count,
        len(looks) / max(1, len(cells)),
        len(looks) > 1 and all(b.ordinal == a.ordinal + 1 > 0 for a, b in pairwise(looks)),
    )


def is_number(text: str) -> bool:
    """Whether a cell is a number, perhaps with a currency, unit, brackets or a footnote sign."""
    return bool(_NUMBER.match(text.strip()))


def fit(properties: Sequence[Property], columns: Sequence[Column]) -> Fit:
    """The best columns for the properties, each column once."""
    scores = _scores(properties, columns)
    chosen = _assign(scores)
    _last_column(properties, columns, chosen)
    _fill_between(properties, columns, chosen, scores)
    _only_ones_left(properties, columns, chosen)
    total = sum(score for _, score in chosen.values()) / max(1, len(properties))
    return Fit(
        {properties[p].name: c for p, (c, _) in chosen.items()},
        {properties[p].name: score for p, (_, score) in chosen.items()},
        total,
    )


def best_pairs(
    properties: Sequence[Property], columns: Sequence[Sequence[Column]]
) -> dict[int, tuple[int, float]]:
    """The place of the best column for each property and how well it fits, 0..1; each column once, by words alone.

    Args:
        properties: What is looked for.
        columns: Each as it may be headed; the heading that fits best counts.
    """
    rarity = _rarity([item[0] for item in columns])
    return _assign(
        [[max(_score(prop, way, rarity) for way in item) for item in columns] for prop in properties]
    )


def _scores(properties: Sequence[Property], columns: Sequence[Column]) -> list[list[float]]:
    rarity = _rarity(columns)
    return [[_score(prop, item, rarity) for item in columns] for prop in properties]


def _rarity(columns: Sequence[Column]) -> dict[str, float]:
    """How much a word tells columns apart: 1 for a word in one heading, less for a word in many."""
    counts: dict[str, int] = {}
    for item in columns:
        for token in set(item.tokens):
            counts[token] = counts.get(token, 0) + 1
    return {token: 1 / count for token, count in counts.items()}


def _score(prop: Property, item: Column, rarity: Mapping[str, float]) -> float:
    """How well a column fits a property, 0..1."""
    agreement = _agreement(prop.kind, item)
    if agreement == 0 or not item.tokens:
        return 0.0
    words = max(_same_meaning(prop, item), _shared_words(prop, item, rarity))
    return min(1.0, words * agreement)


def _agreement(kind: str, item: Column) -> float:
    """Whether the cells are of the kind asked for."""
    if not item.filled:
        return 0.6
    if kind in ("number", "integer"):
        return 1.0 if item.numbers >= 0.6 else 0.6 if item.numbers >= 0.3 else 0.0
    if kind == "date":
        return 1.0 if item.dates >= 0.5 else 0.5
    return 0.9 if item.numbers > 0.8 else 1.0


def _same_meaning(prop: Property, item: Column) -> float:
    """Whether a name of the property and the heading stand for the same thing in the table of headings."""
    best = 0.0
    heading = concepts_of(item.heading)
    parts = {
        concept
        for size in (1, 2, 3, 4)
        for at in range(len(item.tokens))
        for concept in concepts_of(" ".join(item.tokens[at : at + size]))
    }
    for at, phrase in enumerate(prop.phrases):
        wanted = concepts_of(phrase)
        weight = 1.0 if at == 0 else 0.9
        if wanted & heading:
            best = max(best, 0.9 * weight)
        elif wanted & parts:
            best = max(best, 0.72 * weight)
        if label_tokens(phrase) == item.tokens:
            best = max(best, weight)
    tail = (
        concepts_of(prop.tokens[-1]) | concepts_of(" ".join(prop.tokens[-2:])) if prop.tokens else frozenset()
    )
    return max(best, 0.6 if tail & heading else 0.0)


def _shared_words(prop: Property, item: Column, rarity: Mapping[str, float]) -> float:
    """How much of the property's name the heading says, and of the heading the property."""
    said = [
        max(_alike(token, other) * (0.5 + 0.5 * rarity.get(other, 1)) for other in item.tokens)
        for token in prop.tokens
    ]
    recall = sum(said) / len(said) if said else 0.0
    known = (*prop.tokens, *prop.extra)
    weights = [rarity.get(token, 1.0) for token in item.tokens]
    told = [max((_alike(token, other) for other in known), default=0.0) for token in item.tokens]
    precision = sum(w * t for w, t in zip(weights, told, strict=True)) / (sum(weights) or 1.0)
    described = 0.0
    if prop.extra:
        described = sum(
            max(_alike(token, other) * rarity.get(other, 1) for other in item.tokens) for token in prop.extra
        ) / len(prop.extra)
    return max(0.62 * recall + 0.38 * precision, 0.35 * recall + 0.4 * described + 0.25 * precision)


@lru_cache(maxsize=65_536)
def _alike(one: str, other: str) -> float:
    """Whether two words are the same, one an abbreviation of the other, or nearly the same."""
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit():
        return (
            1.0
            if len(one) != len(other)
            and min(len(one), len(other)) >= 2
            and (one.endswith(other) or other.endswith(one))
            else 0.0
        )
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and long.startswith(short):
        return 0.85
    ratio = fuzz.ratio(one, other) / 100
    return ratio if ratio >= 0.8 and len(short) >= 4 else 0.0


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
) -> None:
    """A run of properties without a column takes the columns at its place, where there are just as many and the kinds fit."""
    if not chosen:
        return
    run: list[int] = []
    for p in range(len(properties) + 1):
        if p < len(properties) and p not in chosen:
            run.append(p)
            continue
        if run:
            before = max((chosen[i][0] for i in range(run[0]) if i in chosen), default=-1)
            after = chosen[p][0] if p < len(properties) else len(columns)
            free = [c for c in range(before + 1, after) if columns[c].filled > 0]
            if len(free) == len(run) and all(
                _agreement(properties[i].kind, columns[c]) >= 0.6 for i, c in zip(run, free, strict=True)
            ):
                for i, c in zip(run, free, strict=True):
                    chosen[i] = (c, max(0.35, scores[i][c]))
        run = []


def _only_ones_left(
    properties: Sequence[Property], columns: Sequence[Column], chosen: dict[int, tuple[int, float]]
) -> None:
    """Where a table has as many columns as are asked for, one left of a kind answers the one property left of that kind.

    At least half of the properties must have found their columns by words: the table is the right one then.
    """
    taken = {c for c, _ in chosen.values()}
    used = [c for c, item in enumerate(columns) if c in taken or (item.filled > 0 and not item.counts)]
    if len(used) != len(properties) or len(chosen) < 0.5 * len(properties):
        return
    left = [p for p in range(len(properties)) if p not in chosen]
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
