# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Numbers as people print them: 1,234.56 · 1.234,56 · 1 234,56 · 1'234.56 · (12.00) · 12- · €12."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

CURRENCIES = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW", "₪": "ILS", "₺": "TRY", "zł": "PLN", "kč": "CZK",
    "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "us$": "USD", "$": "USD", "rm": "MYR", "r$": "BRL",
    "fr.": "CHF", "sfr": "CHF", "hk$": "HKD", "a$": "AUD", "c$": "CAD", "s$": "SGD", "nz$": "NZD", "pounds": "GBP", "yen": "JPY",
}  # fmt: skip
"""A printed sign or word, folded, and the ISO 4217 code it most often means."""

CURRENCY_CODES = frozenset(
    [
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "JPY",
        "CNY",
        "INR",
        "AUD",
        "CAD",
        "NZD",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
        "CZK",
        "HUF",
        "RON",
        "BGN",
        "TRY",
        "RUB",
        "UAH",
        "ILS",
        "ZAR",
        "BRL",
        "MXN",
        "ARS",
        "CLP",
        "COP",
        "PEN",
        "SGD",
        "HKD",
        "TWD",
        "KRW",
        "THB",
        "MYR",
        "IDR",
        "PHP",
        "VND",
        "AED",
        "SAR",
        "EGP",
        "NGN",
        "KES",
        "MAD",
        "ISK",
        "HRK",
        "RSD",
        "GEL",
        "KZT",
        "PKR",
        "BDT",
        "LKR",
        "QAR",
        "KWD",
        "BHD",
        "OMR",
        "JOD",
    ]
)

_DECIMAL_COMMA = frozenset(
    [
        "de",
        "fr",
        "nl",
        "es",
        "it",
        "pt",
        "da",
        "nb",
        "nn",
        "no",
        "sv",
        "fi",
        "pl",
        "cs",
        "sk",
        "hu",
        "ro",
        "bg",
        "tr",
        "ru",
        "uk",
        "el",
        "hr",
        "sl",
        "sr",
        "et",
        "lv",
        "lt",
        "id",
    ]
)
_DECIMAL_POINT = frozenset(["en", "ja", "zh", "ko", "he", "th", "ms", "hi"])

_SCALES = {
    "k": 1_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "mm": 1_000_000,
    "b": 1_000_000_000,
    "bn": 1_000_000_000,
}
_SIGN = r"[-−–+]"
_MARK = r"(?:US\$|HK\$|R\$|A\$|C\$|S\$|[€£$¥₹₽₩₪₺]|RM|EUR|USD|GBP|CHF|MYR|SEK|NOK|DKK|PLN)"
NUMBER = re.compile(
    rf"""(?<![\w.,/:@#-])(?P<open>\()?\s?(?P<sign>{_SIGN})?\s?(?P<mark>{_MARK})?\s?(?P<sign2>{_SIGN})?\s?
    (?P<digits>\d{{1,3}}(?:[ \u00a0\u202f'’]\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*|[.,]\d+)
    (?P<dash>[.,][-–]{{1,2}})?\s?(?P<percent>%)?\s?(?P<mark2>{_MARK}\b|[€£$¥₽₩円元원])?(?P<close>\))?(?P<trail>[-−](?=\s|$))?(?P<tail>[A-Za-z]{{1,2}}\b)?(?![\w/:@]|-\d)""",
    re.VERBOSE | re.IGNORECASE,
)
"""One printed number. `find_numbers` adds the checks that a pattern cannot make."""


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How a document writes numbers: its decimal sign, or None where nothing tells."""

    decimal: str | None = None


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number found in a text.

    Attributes:
        start: First character.
        end: One behind the last character.
        value: What it means.
        money: It is written like an amount: a currency sign or exactly two decimals.
        percent: A percent sign follows.
        decimals: Digits behind the decimal sign.
    """

    start: int
    end: int
    value: float
    money: bool
    percent: bool
    decimals: int


def style_for(lang: str | None, texts: Iterable[str]) -> NumberStyle:
    """The decimal sign: by language, else by the numbers that leave no doubt."""
    if lang:
        language = lang.replace("_", "-").split("-")[0].lower()
        if language in _DECIMAL_COMMA:
            return NumberStyle(",")
        if language in _DECIMAL_POINT:
            return NumberStyle(".")
    votes: Counter[str] = Counter()
    for text in (whole[:2_000] for whole in texts):
        for separator, digits in re.findall(r"(?<![\d.,])\d+(?:[.,]\d{3})*([.,])(\d+)(?![\d.,]*\d)", text):
            if len(digits) == 2:
                votes[separator] += 1
            elif len(digits) == 3:
                votes["." if separator == "," else ","] += 0.2  # type: ignore[assignment]
    if votes["."] == votes[","]:
        return NumberStyle()
    return NumberStyle("." if votes["."] > votes[","] else ",")


def _decimal_sign(digits: str, style: NumberStyle) -> str | None:
    """Which sign in `digits` is the decimal one, or None where the number is whole."""
    signs = [letter for letter in digits if letter in ".,"]
    if not signs:
        return None
    last = signs[-1]
    if len(set(signs)) == 2:
        return last if signs.count(last) == 1 else None
    if len(signs) > 1:
        return None
    behind = len(digits) - digits.rindex(last) - 1
    if behind != 3 or digits.startswith(("0", last)):
        return last
    if style.decimal:
        return last if style.decimal == last else None
    return "." if last == "." and len(digits) <= 4 else None


def read_digits(digits: str, style: NumberStyle) -> tuple[float, int] | None:
    """The value of digits with separators, and how many decimals they have."""
    compact = re.sub(r"[ \u00a0\u202f'’]", "", digits)
    if not compact.strip(".,").replace(".", "").replace(",", "").isdecimal():
        return None
    sign = _decimal_sign(compact, style)
    whole, _, fraction = compact.rpartition(sign) if sign else (compact, "", "")
    if not sign and re.search(r"[.,]", compact) and not re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", compact):
        return None
    whole = re.sub(r"[.,]", "", whole)
    if len(whole) + len(fraction) > 40:
        return None
    return float(f"{whole or '0'}.{fraction or '0'}"), len(fraction)


def find_numbers(text: str, style: NumberStyle) -> list[PrintedNumber]:
    """Every number that stands for itself in `text`, left to right."""
    found: list[PrintedNumber] = []
    for match in NUMBER.finditer(text[:2_000]):
        number = _from_match(match, style)
        if number is not None:
            found.append(number)
    return found


def _from_match(match: re.Match[str], style: NumberStyle) -> PrintedNumber | None:
    tail = match["tail"]
    scale = _SCALES.get(fold(tail), 1) if tail and match["mark"] else 1
    if tail and match["mark"] is None and not re.search(r"[.,]\d\d$", match["digits"]):
        return None
    read = read_digits(match["digits"], style)
    if read is None:
        return None
    value, decimals = read[0] * scale, read[1]
    bracketed = bool(match["open"] and match["close"])
    minus = any(match[name] and match[name] != "+" for name in ("sign", "sign2"))
    negative = bracketed or minus or bool(match["trail"])
    start, end = match.start(), match.end()
    if tail and scale == 1:
        end = match.start("tail")
    if match["open"] and not match["close"]:
        start = match.start("mark") if match["mark"] else match.start("digits")
    elif match["close"] and not match["open"]:
        end = match.start("close")
    while start < end and match.string[start].isspace():
        start += 1
    while end > start and match.string[end - 1].isspace():
        end -= 1
    marked = bool(match["mark"] or match["mark2"] or match["dash"])
    return PrintedNumber(
        start,
        end,
        -value if negative and value else value,
        marked or decimals == 2,
        bool(match["percent"]),
        decimals,
    )


def parse_number(text: str, style: NumberStyle) -> float | None:
    """The one number that `text` is, with nothing but signs, currency, percent and a short unit around it."""
    numbers = find_numbers(text, style)
    if len(numbers) != 1:
        return None
    number = numbers[0]
    around = text[: number.start] + " " + text[number.end :]
    rest = re.sub(rf"(?i){_MARK}|\b[A-Z]{{3}}\b|[\s.:*%()+\-]", "", around)
    return number.value if len(re.sub(r"[^\w]", "", rest)) <= 6 and not re.search(r"\d", rest) else None
