# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Typed values inside a text: where they stand, what they mean, and how sure the form alone makes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.dates import find_dates
from extract_bridge.local.engine.numbers import CURRENCY_CODES, PrintedNumber, find_numbers
from extract_bridge.local.engine.text import fold
from extract_bridge.local.engine.values import Locale, currency_code

if TYPE_CHECKING:
    from collections.abc import Callable

_EU = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "EL",
    "ES",
    "FI",
    "FR",
    "GB",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
    "XI",
    "CHE",
    "NO",
]
_ID = re.compile(r"(?<![\w])(?=[\w\-/.#]{0,64}\d)[A-Za-z0-9#][\w\-/.]*[\w]|(?<![\w])\d(?![\w])")
_LETTER = re.compile(r"\s*[A-Z]\s*")  # of a coach or a gate
_DIGIT_GROUPS = re.compile(r"\s*((?:[A-Z]{1,2} )?\d{2,8}(?: \d{2,8}){1,6})\s*")
_YEAR_AND_NUMBER = re.compile(r"(?:19|20)\d\d(?:[-/ ]\d{2,8}|\s?[-–]\s?(?:19|20)\d\d)")
_ID_PREFIX = re.compile(r"\s*((?!(?:NO|NR|ID|REF)\b)(?:[A-Z]{1,3}-)?[A-Z]{1,4}) ")
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Z0-9])")
_LEAST_IBAN, _MOST_IBAN = 18, 34
_IBAN_PARTS = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: [A-Z0-9]{1,14}){2,6}(?![A-Z0-9])")
_BIC = re.compile(r"(?<![A-Z0-9])[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Z0-9a-z])")
_VAT = re.compile(
    rf"(?<![A-Za-z0-9])(?:{'|'.join(_EU)})[ .-]?[A-Z0-9]{{0,2}}\d(?:[ .-]?[A-Z0-9]{{1,9}}){{1,6}}(?![A-Za-z0-9])"
)
_LETTER_AND_DIGITS = re.compile(r"(?<![\w])(?:[A-Z]-?\d{7}[A-Z0-9]|\d{2}\.?\d{3}\.?\d{3}-?[A-Z])(?![\w])")
_TRIPLES = re.compile(r"(?<![\d.,] )(?<![\w.,])\d{3} \d{3} \d{3}(?: \d{5})?(?![\w.,]|[ ]\d)")
"""The number of a company in groups, in the midst of a text."""
_MONEY_LIKE = re.compile(r"\d+(?:[ .]\d{3})*[.]\d\d")
_VAT_DIGITS = re.compile(r"(?<![\w])\d(?:[ .\-/]?\d){5,14}(?![\w])")
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s,;|<>\"']+[^\s,;|<>\"'.)]|(?<![@\w.])[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){0,8}\.(?:com|org|net|de|fr|nl|eu|io|co\.uk|es|be|at|ch)(?:/[^\s,;|]*)?(?![\w@])",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.])(?:\+|00)?\(?\d[\d\s().\-/–]{5,20}\d(?![\w])")
_ZIP_BEFORE = re.compile(r"\d{5}\s+(?=\(\d{3}\))")
_POSTAL = re.compile(
    r"(?<![\w])(?:[A-Z]{1,2}-)?(\d{5}(?:-\d{4})?|\d{4} ?[A-Z]{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{4}|[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}|\d{3} \d{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?![\w])"
)
_MONTH_BEFORE = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)\s+(?:\d{1,2},?\s*)?$"
)
_TIME = re.compile(
    r"(?<![\d:.,/])(?:[01]?\d|2[0-3])(?::[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\.?(?![a-z]))?|\s?h\s?[0-5]\d|\.[0-5]\d(?=\s?(?:uhr|klo)\b))(?![\d:])",
    re.IGNORECASE,
)
_CURRENCY = re.compile(
    r"US\$|HK\$|R\$|[€£$¥₹₽₩₪₺]|(?<![A-Za-z])(?:[A-Z]{3}|RM|Euro|euros?|dollars?)(?![A-Za-z])"
)


_LONGEST = 2_000
"""Characters of one run of text that are searched; what is longer is no line of a document."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value in a text: characters start..end, its meaning, and 0..1 how much its form speaks for its kind."""

    start: int
    end: int
    value: Any
    certainty: float


def find(kind: str, text: str, locale: Locale) -> list[Found]:
    """Every value of a kind in a text, left to right; `kind` is one that `TYPED` names."""
    return _FINDERS[kind](text[:_LONGEST], locale) if kind in _FINDERS else []


def _dates(text: str, locale: Locale) -> list[Found]:
    unsure = 0.98 if locale.order_known else 0.85
    return [
        Found(item.start, item.end, item.iso, unsure if item.ambiguous else 1.0)
        for item in find_dates(text, locale.order)
    ]


def _amounts(text: str, locale: Locale) -> list[Found]:
    dates = find_dates(text, locale.order)
    found = []
    for number in find_numbers(text, locale.numbers):
        if (
            number.percent
            or _in_date(text, number.start)
            or any(number.start < date.end and date.start < number.end for date in dates)
        ):
            continue
        year = number.decimals == 0 and not number.money and 1900 <= number.value <= 2100
        found.append(
            Found(number.start, number.end, number.value, 1.0 if number.money else 0.3 if year else 0.7)
        )
    return found


def _in_date(text: str, start: int) -> bool:
    """The number follows the name of a month or a day within one, and so is part of a date without a year."""
    return _MONTH_BEFORE.search(fold(text[max(0, start - 16) : start])) is not None


def _numbers(text: str, locale: Locale) -> list[Found]:
    return [
        Found(item.start, item.end, item.value, 0.9)
        for item in find_numbers(text, locale.numbers)
        if not _in_date(text, item.start)
    ]


def _percents(text: str, locale: Locale) -> list[Found]:
    numbers = find_numbers(text, locale.numbers)
    marked = [item for item in numbers if item.percent]
    return [
        Found(item.start, item.end, _rate(text, item), 1.0 if item.percent else 0.6)
        for item in marked or numbers
    ]


def _rate(text: str, item: PrintedNumber) -> float:
    """The value of a rate: after words a bracket or a dash sets it apart and is no sign."""
    return abs(item.value) if re.search(r"[^\W\d_]\W*$", text[: item.start]) else item.value


def _ids(text: str, locale: Locale) -> list[Found]:
    account = next((item for item in _ibans(text, locale) if item.start <= 1), None)
    if account:
        return [account]
    if _LETTER.fullmatch(text):
        return [Found(text.index(text.strip()), len(text.rstrip()), text.strip(), 0.7)]
    groups = _DIGIT_GROUPS.fullmatch(text)
    if groups:
        return [Found(groups.start(1), groups.end(1), groups[1], 0.95)]
    dates = find_dates(text, locale.order)
    found = [Found(match.start(), match.end(), match.group(), 0.95) for match in _TRIPLES.finditer(text)]
    whole = list(found)
    for match in _ID.finditer(text):
        value = match.group().lstrip("#")
        if any(match.start() < item.end and item.start < match.end() for item in whole):
            continue
        if any(match.start() < date.end and date.start < match.end() for date in dates) or re.fullmatch(
            r"\d{1,2}:\d\d.*", text[match.start() :]
        ):
            continue
        money = re.fullmatch(r"\d+[.,]\d\d", value) is not None or text[match.end() : match.end() + 1] == "%"
        digits = sum(letter.isdigit() for letter in value)
        start = match.end() - len(value)
        prefix = _ID_PREFIX.fullmatch(text[:start])
        if prefix and not money:
            start = prefix.start(1)
        found.append(
            Found(
                start, match.end(), text[start : match.end()], 0.2 if money else 0.75 if digits < 3 else 1.0
            )
        )
    return sorted(found, key=lambda item: item.start)


def iban_valid(text: str) -> bool:
    """The check digits of an IBAN are right."""
    compact = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}", compact):
        return False
    return int("".join(str(int(letter, 36)) for letter in compact[4:] + compact[:4])) % 97 == 1


def _ibans(text: str, locale: Locale) -> list[Found]:
    found = [
        Found(match.start(), match.end(), match.group(), 1.0 if iban_valid(match.group()) else 0.7)
        for match in _IBAN_PARTS.finditer(text)
        if not _IBAN.search(match.group())
        and _LEAST_IBAN <= len(match.group().replace(" ", "")) <= _MOST_IBAN
    ]
    for match in _IBAN.finditer(text):
        value = match.group()
        while not iban_valid(value) and " " in value and iban_valid(value.rsplit(" ", 1)[0]):
            value = value.rsplit(" ", 1)[0]
        if sum(letter.isdigit() for letter in value) >= 10:
            found.append(
                Found(match.start(), match.start() + len(value), value, 1.0 if iban_valid(value) else 0.75)
            )
    return found


def _vats(text: str, locale: Locale) -> list[Found]:
    ibans = [item for item in _ibans(text, locale) if item.certainty == 1.0]
    found = []
    for match in _VAT.finditer(text):
        digits = sum(letter.isdigit() for letter in match.group())
        if 7 <= digits <= 13 and not any(
            match.start() < item.end and item.start < match.end() for item in ibans
        ):
            found.append(Found(match.start(), match.end(), match.group(), 1.0))
    found = found or [
        Found(item.start(), item.end(), item.group(), 0.6) for item in _LETTER_AND_DIGITS.finditer(text)
    ]
    return found or [
        Found(item.start(), item.end(), item.group(), 0.68)
        for item in _VAT_DIGITS.finditer(text)
        if not _MONEY_LIKE.fullmatch(item.group())
    ]


def _phones(text: str, locale: Locale) -> list[Found]:
    dates = find_dates(text, locale.order)
    found = []
    for match in _PHONE.finditer(text):
        start = match.start() + (zipped.end() if (zipped := _ZIP_BEFORE.match(match.group())) else 0)
        number = text[start : match.end()]
        if _YEAR_AND_NUMBER.fullmatch(match.group().strip("()")):
            continue  # the number of a document, or two years
        digits = sum(letter.isdigit() for letter in number)
        if 7 <= digits <= 15 and not any(start < date.end and date.start < match.end() for date in dates):
            shaped = re.search(r"[+()]|\d[\s\-/]\d", number) is not None
            found.append(Found(start, match.end(), number, 0.9 if shaped else 0.7))
    return found


def _currencies(text: str, locale: Locale) -> list[Found]:
    found = []
    for match in _CURRENCY.finditer(text):
        code = currency_code(match.group())
        if code:
            found.append(
                Found(match.start(), match.end(), code, 1.0 if match.group() in CURRENCY_CODES else 0.9)
            )
    return found


def _pattern(
    pattern: re.Pattern[str], certainty: float, group: int = 0
) -> Callable[[str, Locale], list[Found]]:
    def finder(text: str, locale: Locale) -> list[Found]:
        return [
            Found(match.start(group), match.end(group), match.group(group), certainty)
            for match in pattern.finditer(text)
        ]

    return finder


_FINDERS: dict[str, Callable[[str, Locale], list[Found]]] = {
    "date": _dates,
    "amount": _amounts,
    "number": _numbers,
    "percent": _percents,
    "id": _ids,
    "tax_number": _pattern(re.compile(r"(?<![\w])\d[\d\-/ .]{4,}\d(?![\w])"), 0.8),
    "iban": _ibans,
    "bic": _pattern(_BIC, 0.7),
    "vat": _vats,
    "email": _pattern(_EMAIL, 1.0),
    "url": _pattern(_URL, 0.9),
    "phone": _phones,
    "postal_code": _pattern(_POSTAL, 0.7, 1),
    "currency": _currencies,
    "time": _pattern(_TIME, 0.9),
}
TYPED = frozenset(_FINDERS)
"""The kinds of text whose form alone can be recognised."""
