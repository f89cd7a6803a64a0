"""How a document of a real office sounds: a language's numbers and dates, and the people, firms and towns it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from random import Random

_MARKS = {"en": ",.", "fr": " ,", "pl": " ,", "sv": " ,"}
"""Between groups of three digits, and before decimals; a full stop and a comma where nothing is said."""


@cache
def _told(language: str) -> Mapping[str, tuple[str, ...]]:
    text = files("extract_bridge.bench.voices").joinpath(f"{language}.txt").read_text(encoding="utf-8")
    pairs = (line.split(": ", 1) for line in text.splitlines() if line)
    return {name: tuple(part.strip() for part in rest.split(" | ")) for name, rest in pairs}


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody lives or works: two lines of an address."""

    street: str
    town: str

    @property
    def line(self) -> str:
        """Both on one line."""
        return f"{self.street}, {self.town}"


@dataclass(frozen=True, slots=True)
class Voice:
    """One language, by chance.

    Attributes:
        rng: Who and where.
        language: Of the files in `voices`.
    """

    rng: Random
    language: str

    def number(self, value: float, places: int = 2) -> str:
        """A number; below 0 with a hyphen before it."""
        marks = _MARKS.get(self.language, ".,")
        text = f"{abs(value):,.{places}f}".replace(",", "\0").replace(".", marks[1]).replace("\0", marks[0])
        return f"-{text}" if value < 0 else text

    def day(self, value: date, form: str) -> str:
        """A date: `{d}`, `{m}`, `{y}`, `{yy}`, `{month}` and `{mon}` in a format string."""
        month = _told(self.language)["months"][value.month - 1]
        return form.format(
            d=value.day, m=value.month, y=value.year, yy=f"{value.year % 100:02}", month=month, mon=month[:3]
        )

    def person(self) -> str:
        """First and last name."""
        told = _told(self.language)
        return f"{self.rng.choice(told['first'])} {self.rng.choice(told['last'])}"

    def companies(self, count: int = 2) -> list[str]:
        """So many firms, no one twice."""
        return self.rng.sample(_told(self.language)["companies"], count)

    def homes(self, count: int = 2) -> list[Home]:
        """So many addresses, no part of one twice."""
        told = _told(self.language)
        pairs = zip(
            self.rng.sample(told["streets"], count), self.rng.sample(told["towns"], count), strict=True
        )
        return [Home(*pair) for pair in pairs]

    def digits(self, count: int) -> str:
        """A number of so many digits that does not begin with 0."""
        return str(self.rng.randint(10 ** (count - 1), 10**count - 1))
