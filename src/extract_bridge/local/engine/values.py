# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Printed text to a JSON value of the type that a schema asks for; None instead of a guess."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.local.engine.dates import DateOrder, find_dates, order_for, without_year
from extract_bridge.local.engine.numbers import (
    CURRENCIES,
    CURRENCY_CODES,
    NumberStyle,
    find_numbers,
    parse_number,
    style_for,
)
from extract_bridge.local.engine.text import fold, label_key, split_name

if TYPE_CHECKING:
    from extract_bridge.core.records.model import Match

Kind = Literal["string", "number", "integer", "boolean", "date", "object", "array", "any"]

_TRUE = frozenset(
    [
        "yes",
        "y",
        "true",
        "x",
        "✓",
        "✔",
        "☑",
        "☒",
        "■",
        "[x]",
        "(x)",
        "on",
        "checked",
        "selected",
        "ja",
        "oui",
        "si",
        "sí",
        "vrai",
        "wahr",
        "waar",
        "verdadero",
    ]
)
_FALSE = frozenset(
    [
        "no",
        "n",
        "false",
        "☐",
        "□",
        "[]",
        "()",
        "off",
        "unchecked",
        "unselected",
        "nein",
        "non",
        "nee",
        "faux",
        "falsch",
        "onwaar",
        "falso",
    ]
)
_DATE_WORDS = re.compile(
    r"\b(date|datum|fecha|dated|dateof)\b|\bdate\b|datum$|(?:^| )(?:dob|birthday)(?: |$)"
)
_MEASURED = re.compile(
    r"([-+\u2212\u2013]?\d[\d\s.,'\u2019]*)(?:\s[^\W\d_]{1,8}|(?<=\d)(?:[^\W\d_]{2,8}|[xX×]))[.²³]?"
)
"""A number with its unit behind it; a single letter close behind may scale it."""
_TIMES = re.compile(r"^[xX×@*]\s?(?=\d)|(?<=[.,]\d\d)\s?[A-G]$")
"""What a till prints about a number: `x2,99`, and the letter of a rate of tax behind an amount."""
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)\b", re.IGNORECASE)
EMPTY = frozenset(("", "-", "–", "—", "--", "n/a", "na", "none", "null", "nil", "./.", "...", "…"))
"""Printed stand-ins for no value."""


@dataclass(frozen=True, slots=True)
class Locale:
    """What a document says about how it writes dates and numbers."""

    order: DateOrder = "dmy"
    order_known: bool = False
    numbers: NumberStyle = field(default_factory=NumberStyle)
    latest: str | None = None
    """An ISO date that lends its year to days and months in a table; None where such days are no dates."""


@dataclass(frozen=True, slots=True)
class Coerced:
    """A value, the text it was read from, and how the one carries the other."""

    value: Any
    raw: str
    match: Match


def locale_of(lang: str | None, texts: Iterable[str]) -> Locale:
    """The locale of a document from a language code and its own texts."""
    lines = list(texts)
    order, known = order_for(lang, lines)
    return Locale(order, known, style_for(lang, lines))


def schema_types(subschema: Mapping[str, Any]) -> tuple[set[str], Mapping[str, Any]]:
    """The JSON types a subschema allows, without null, and the branch that holds its keywords."""
    for keyword in ("anyOf", "oneOf", "allOf"):
        branches = subschema.get(keyword)
        if isinstance(branches, list):
            real = [
                branch for branch in branches if isinstance(branch, Mapping) and branch.get("type") != "null"
            ]
            if real:
                types: set[str] = set()
                for branch in real:
                    types |= schema_types(branch)[0]
                inner = schema_types(real[0])[1]
                return types, {**{key: item for key, item in subschema.items() if key != keyword}, **inner}
    named = subschema.get("type")
    types = {named} if isinstance(named, str) else {item for item in named or () if isinstance(item, str)}
    types.discard("null")
    if not types:
        types = _implied_types(subschema)
    return types, subschema


def _implied_types(subschema: Mapping[str, Any]) -> set[str]:
    if "properties" in subschema:
        return {"object"}
    if "items" in subschema:
        return {"array"}
    choices = choices_of(subschema)
    if choices and all(isinstance(item, bool) for item in choices):
        return {"boolean"}
    if choices and all(isinstance(item, int | float) for item in choices):
        return {"number"}
    return {"string"}


def choices_of(subschema: Mapping[str, Any]) -> list[Any]:
    """The values of `enum` or `const`, null left out."""
    choices = subschema.get("enum")
    if isinstance(choices, list):
        return [item for item in choices if item is not None]
    return [subschema["const"]] if subschema.get("const") is not None else []


def kind_of(subschema: Mapping[str, Any], name: str = "") -> Kind:
    """The one kind of value to look for. A string whose format or name says so is a date."""
    types, branch = schema_types(subschema)
    for kind in ("object", "array", "boolean"):
        if kind in types:
            return kind
    if "string" not in types:
        return "number" if "number" in types else "integer" if "integer" in types else "string"
    if branch.get("format") in ("date", "date-time"):
        return "date"
    if (
        not branch.get("format")
        and not choices_of(branch)
        and names_a_date(name, str(branch.get("description") or ""))
    ):
        return "date"
    return "string"


@lru_cache(maxsize=4_096)
def names_a_date(name: str, description: str) -> bool:
    """The property's name says date, and its description does not ask for the text as it stands."""
    if re.search(r"as (?:written|printed|stated|shown|is)|verbatim", fold(description)):
        return False
    return bool(_DATE_WORDS.search(fold(split_name(name))))


def coerce(
    text: str,
    subschema: Mapping[str, Any],
    *,
    lang: str | None = None,
    locale: Locale | None = None,
    name: str = "",
) -> Coerced | None:
    """Text to the value a subschema describes.

    Args:
        text: As printed.
        subschema: The JSON Schema of the value.
        lang: Language code for dates and numbers, where no `locale` is given.
        locale: What the whole document says about dates and numbers; wins over `lang`.
        name: The property's name; it may say that a string is a date.

    Returns:
        The value with the text it came from, or None where the text is no such value.
    """
    raw = " ".join(text.split())
    if fold(raw) in EMPTY:
        return None
    place = locale or locale_of(lang, (raw,))
    _, branch = schema_types(subschema)
    choices = choices_of(branch)
    if choices:
        return _choice(raw, choices)
    kind = kind_of(subschema, name)
    value = _value(raw, kind, place, branch)
    if value is None:
        return None
    exact = isinstance(value, str) and value == raw
    return Coerced(value, raw, "exact" if exact else "normalized")


def _value(raw: str, kind: Kind, locale: Locale, branch: Mapping[str, Any]) -> Any:
    if kind == "boolean":
        return read_boolean(raw)
    if kind == "number":
        return _number(raw, locale)
    if kind == "integer":
        number = _number(raw.lstrip("#:"), locale)  # `#12` counts items, `:30` seconds
        return int(number) if number is not None and math.isfinite(number) and number == int(number) else None
    if kind == "date":
        dates = find_dates(raw, locale.order)
        if not dates and locale.latest:
            return without_year(raw, locale.order, locale.latest)
        return dates[0].iso if dates and len({item.iso for item in dates}) == 1 else None
    if kind in ("object", "array"):
        return None
    pattern = branch.get("pattern")
    return raw if not isinstance(pattern, str) or fits_pattern(pattern, raw) else None


def fits_pattern(pattern: str, text: str) -> bool:
    """The text matches a schema's pattern; a pattern that Python cannot read, or a very long text, counts as fitting."""
    if len(pattern) > 200 or len(text) > 200:
        return True
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return True


def _number(raw: str, locale: Locale) -> float | None:
    single = parse_number(_TIMES.sub("", raw), locale.numbers)
    if single is not None:
        return single
    measured = _MEASURED.fullmatch(raw)
    if measured and not _ORDINAL.search(raw):
        return parse_number(measured[1], locale.numbers)
    numbers = find_numbers(raw, locale.numbers)
    money = [item for item in numbers if item.money]
    if len(numbers) == 1 and len(re.sub(r"[^A-Za-z]", "", raw)) <= 12:
        return numbers[0].value
    return money[0].value if len(money) == 1 and len(numbers) <= 2 else None


def read_boolean(text: str) -> bool | None:
    """Yes or no in several languages, ticked or empty boxes; None where the text is neither."""
    key = fold(text).strip(" .:;!")
    if key in _TRUE:
        return True
    return False if key in _FALSE else None


def _choice(raw: str, choices: list[Any]) -> Coerced | None:
    key = label_key(raw)
    for choice in choices:
        if str(choice) == raw:
            return Coerced(choice, raw, "exact")
    for choice in choices:
        if key and label_key(split_name(str(choice))) == key:
            return Coerced(choice, raw, "normalized")
    inside = [
        choice for choice in choices if len(str(choice)) > 2 and _has_words(raw, split_name(str(choice)))
    ]
    return Coerced(inside[0], raw, "normalized") if len(inside) == 1 else None


def _has_words(text: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fold(phrase))}(?!\w)", fold(text)) is not None


def currency_code(text: str) -> str | None:
    """The ISO 4217 code that a printed sign, word or code stands for."""
    stripped = text.strip(" .:,;()[]")
    if stripped.upper() in CURRENCY_CODES and (stripped.isupper() or len(stripped) == 3):
        return stripped.upper()
    return CURRENCIES.get(fold(stripped))
