"""How a document writes: its language's labels, its numbers, money and dates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from random import Random

LANGUAGES = ("en", "de", "fr", "nl", "es", "it")
_MARKS = {"en": ",.", "de": ".,", "fr": " ,", "nl": ".,", "es": ".,", "it": ".,"}
_DATES = {
    "en": ("{d:02}/{m:02}/{y}", "{d} {month} {y}", "{month} {d}, {y}", "{d} {mon} {y}", "{y}-{m:02}-{d:02}"),
    "de": ("{d:02}.{m:02}.{y}", "{d}. {month} {y}", "{d}.{m}.{y}", "{d:02}.{m:02}.{yy}"),
    "fr": ("{d:02}/{m:02}/{y}", "{d} {month} {y}", "{d:02}.{m:02}.{y}"),
    "nl": ("{d:02}-{m:02}-{y}", "{d} {month} {y}", "{d}-{m}-{y}"),
    "es": ("{d:02}/{m:02}/{y}", "{d} de {month} de {y}", "{d:02}-{m:02}-{y}"),
    "it": ("{d:02}/{m:02}/{y}", "{d} {month} {y}", "{d:02}.{m:02}.{y}"),
}
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF"}
_TAX_RATES = {"en": 20, "de": 19, "fr": 20, "nl": 21, "es": 21, "it": 22}


@cache
def words_of(language: str) -> Mapping[str, tuple[str, ...]]:
    """Concept -> its labels in a language, the commonest first."""
    text = files("extract_bridge.bench.words").joinpath(f"{language}.txt").read_text(encoding="utf-8")
    pairs = (line.split(": ", 1) for line in text.splitlines() if line)
    return {name: tuple(part.strip() for part in rest.split(" | ")) for name, rest in pairs}


@dataclass(frozen=True, slots=True)
class Writing:
    """The hand of one document.

    Attributes:
        language: Of `LANGUAGES`.
        thousands: Between groups of three digits, or empty.
        point: Before the decimals.
        date_form: A format of `_DATES`.
        currency: An ISO code.
        money_form: `{n}` with the sign or code before or after it, or alone.
        tax_rate: In per cent.
    """

    language: str
    thousands: str
    point: str
    date_form: str
    currency: str
    money_form: str
    tax_rate: int

    def number(self, value: float, places: int = 2) -> str:
        """A number as this document prints it."""
        text = f"{abs(value):,.{places}f}".replace(",", "\0").replace(".", self.point)
        return ("-" if value < 0 else "") + text.replace("\0", self.thousands)

    def money(self, value: float) -> str:
        """An amount, with its currency where the document prints one."""
        return self.money_form.format(n=self.number(value), s=_SIGNS[self.currency], c=self.currency)

    def day(self, value: date) -> str:
        """A date."""
        month = words_of(self.language)["months"][0].split(" ")[value.month - 1]
        return self.date_form.format(
            d=value.day, m=value.month, y=value.year, yy=f"{value.year % 100:02}", month=month, mon=month[:3]
        )


def some_writing(rng: Random, language: str) -> Writing:
    """One way to write in a language."""
    thousands, point = _MARKS[language][0], _MARKS[language][1]
    currency = rng.choice(("GBP", "USD", "EUR") if language == "en" else ("EUR", "EUR", "EUR", "CHF"))
    if currency == "CHF":
        thousands, point = "'", "."
    if rng.random() < 0.2:
        thousands = ""
    form = rng.choice(("{n}", "{n}", "{s} {n}", "{s}{n}", "{n} {c}", "{n} {s}"))
    return Writing(
        language, thousands, point, rng.choice(_DATES[language]), currency, form, _TAX_RATES[language]
    )
