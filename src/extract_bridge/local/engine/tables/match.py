"""How well a column of a table answers a property of a schema: the words of its heading, and the kind of its cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from rapidfuzz import fuzz

from extract_bridge.local.engine.tables.lexicon import concepts_of
from extract_bridge.local.engine.text import label_tokens, split_name
from extract_bridge.local.engine.values import choices_of, kind_of, schema_types

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
_FIRST_YEAR = 1000  # rows are counted from less
_SHORT, _FEW = 24, 12  # characters of a text, and different texts, of a column that chooses among some
_AMOUNTS = frozenset(("line_total", "unit_price", "amount", "total"))
_NO_AMOUNT = 0.9
"""What the sign of percent over a column leaves of how well it fits an amount."""
_TRADE_CODE = re.compile(r"\d{12,14}")  # of a bar code
_NOTHING = frozenset(("-", "--", "\u2013", "\u2014", "n/a", "n.a.", "na", "..", "...", "k.a.", "nd"))


@dataclass(frozen=True, slots=True)
class Property:
    """What a schema says about one column.

    Attributes:
        name: The property's name.
        kind: `number`, `integer`, `date`, `string`, ...
        phrases: Its names and titles, as they might head a column.
        tokens: The words of its name and title.
        extra: Further words of its description.
        choices: The texts of an enum, folded; empty where any text may stand.
        not_meant: Of what its names may mean, that which another property is called: beside a quantity, an amount is none.
    """

    name: str
    kind: str
    phrases: tuple[str, ...]
    tokens: tuple[str, ...]
    extra: tuple[str, ...]
    choices: frozenset[str] = frozenset()
    not_meant: frozenset[str] = frozenset()


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
        texts: What its cells say, folded, where these are few different short texts; else empty.
        indented: Its cells begin farther right than the headings between the rows.
    """

    heading: str
    tokens: tuple[str, ...]
    numbers: float
    dates: float
    filled: float
    counts: bool = False
    texts: frozenset[str] = frozenset()
    indented: bool = False


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
        choices = frozenset(text.casefold() for text in choices_of(inner) if isinstance(text, str))
        found.append(Property(name, kind, phrases, tokens, extra, choices))
    return [replace(prop, not_meant=_not_meant(prop, found)) for prop in found]


def _not_meant(prop: Property, properties: Sequence[Property]) -> frozenset[str]:
    """Meanings of a property's name that are another one's only meaning, where something is left of its own."""
    own = concepts_of(prop.phrases[0]) if prop.phrases else frozenset()
    names = [concepts_of(other.phrases[0]) for other in properties if other is not prop and other.phrases]
    others = frozenset(concept for concepts in names if len(concepts) == 1 for concept in concepts)
    return own & others if own - others else frozenset()


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
        text: What it says, folded, where that is short; else empty.
    """

    number: bool
    date: bool
    nothing: bool
    ordinal: int = -1
    text: str = ""


def look_of(text: str) -> Look | None:
    """What a cell looks like; None where it is empty."""
    if not text:
        return None
    bare = text.rstrip(".)")
    ordinal = int(bare) if bare.isdecimal() and bare.isascii() and len(bare) < 6 else -1
    short = text.casefold() if len(text) <= _SHORT else ""
    return Look(
        is_number(text) and not _TRADE_CODE.fullmatch(text),
        bool(_DATE.search(text)),
        text.casefold() in _NOTHING,
        ordinal,
        short,
    )


def column(heading: str, cells: Sequence[str]) -> Column:
    """A column seen from its heading and its cells."""
    return column_of(heading, [look_of(text) for text in cells])


def column_of(heading: str, cells: Sequence[Look | None]) -> Column:
    """A column seen from its heading and what its cells look like; None is an empty one."""
    filled = [look for look in cells if look is not None]
    looks = [look for look in filled if not look.nothing]
    count = len(looks) or 1
    said = {look.text for look in filled}
    return Column(
        heading,
        label_tokens(heading) if heading else (),
        sum(look.number for look in looks) / count,
        sum(look.date for look in looks) / count,
        len(looks) / max(1, len(cells)),
        len(looks) > 1
        and looks[0].ordinal < _FIRST_YEAR
        and all(b.ordinal == a.ordinal + 1 > 0 for a, b in pairwise(looks)),
        frozenset(said) if len(said) <= _FEW and "" not in said else frozenset(),
    )


def is_number(text: str) -> bool:
    """Whether a cell is a number, perhaps with a currency, unit, brackets or a footnote sign."""
    return bool(_NUMBER.match(text.strip()))


def rarity_of(columns: Sequence[Column]) -> dict[str, float]:
    """How much a word tells columns apart: 1 for a word in one heading, less for a word in many."""
    counts: dict[str, int] = {}
    for item in columns:
        for token in set(item.tokens):
            counts[token] = counts.get(token, 0) + 1
    return {token: 1 / count for token, count in counts.items()}


def score(prop: Property, item: Column, rarity: Mapping[str, float]) -> float:
    """How well a column fits a property, 0..1."""
    agreed = agreement(prop.kind, item)
    if agreed == 0 or not item.tokens:
        return 0.0
    alike = max(_same_meaning(prop, item), shared_words(prop, item, rarity))
    return min(1.0, alike * agreed * (_NO_AMOUNT if _heads_shares(item) and _asks_amount(prop) else 1.0))


def _heads_shares(item: Column) -> bool:
    """Whether the heading is a percent sign, perhaps under what it says of several columns: `12/31/2009 %`."""
    return item.heading.endswith("%")


def _asks_amount(prop: Property) -> bool:
    """Whether the property is an amount of money by one of the words of its name."""
    return any(concepts_of(token) & _AMOUNTS for token in prop.tokens)


def agreement(kind: str, item: Column) -> float:
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
        wanted = concepts_of(phrase) - prop.not_meant
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
    return max(best, 0.6 if (tail - prop.not_meant) & heading else 0.0)


def shared_words(prop: Property, item: Column, rarity: Mapping[str, float]) -> float:
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
