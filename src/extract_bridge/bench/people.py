"""Companies, people and places that nobody has: put together from syllables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.bench.writing import words_of

if TYPE_CHECKING:
    from random import Random

_HEADS = "Bra Cor Dal Fen Gri Hol Jor Kel Lun Mar Nor Orv Pel Quin Ros Sel Tav Ulm Ves Wil Yor Zan".split(" ")  # noqa: SIM905
_MIDDLES = "ba de li mo na ri so ta vi lan den mer stel var".split(" ")  # noqa: SIM905
_TAILS = "ck ld nd rn st x ne ra sen ton mont wick by dal".split(" ")  # noqa: SIM905
_TRADES = {
    "en": "Tools Foods Logistics Textiles Instruments Garden Print".split(" "),  # noqa: SIM905
    "de": "Werkzeuge Feinkost Spedition Textil Messtechnik Gartenbau Druck".split(" "),  # noqa: SIM905
    "fr": "Outillage Alimentation Transports Textiles Mesures Jardins Imprimerie".split(" "),  # noqa: SIM905
    "nl": "Gereedschap Levensmiddelen Transport Textiel Meettechniek Tuinen Drukwerk".split(" "),  # noqa: SIM905
    "es": "Herramientas Alimentos Transportes Textiles Medidas Jardines Imprenta".split(" "),  # noqa: SIM905
    "it": "Utensili Alimentari Trasporti Tessuti Misure Giardini Stampa".split(" "),  # noqa: SIM905
}
_FORMS = {
    "en": ("Ltd", "Inc.", "LLC", "plc", ""),
    "de": ("GmbH", "AG", "KG", "e.K."),
    "fr": ("SARL", "SAS", "SA", ""),
    "nl": ("B.V.", "VOF", "N.V."),
    "es": ("S.L.", "S.A."),
    "it": ("S.r.l.", "S.p.A."),
}
_BEFORE = frozenset(("fr", "es", "it"))
"""Languages that write the kind of street before its name."""


@dataclass(frozen=True, slots=True)
class Party:
    """A company or a person with an address."""

    name: str
    street: str
    postcode: str
    city: str
    phone: str
    email: str
    vat_id: str
    iban: str

    @property
    def place(self) -> str:
        """Postcode and town."""
        return f"{self.postcode} {self.city}"

    @property
    def address(self) -> str:
        """The whole address on one line."""
        return f"{self.street}, {self.place}"


def name(rng: Random) -> str:
    """A proper name."""
    return rng.choice(_HEADS) + rng.choice(_MIDDLES) + rng.choice(("", rng.choice(_TAILS)))


def person(rng: Random) -> str:
    """First and last name."""
    return f"{name(rng)} {name(rng)}"


def company(rng: Random, language: str) -> str:
    """A company's name in the fashion of a language."""
    owner = rng.choice(
        (name(rng), f"{name(rng)} & {name(rng)}", f"{name(rng)} {rng.choice(_TRADES[language])}")
    )
    return f"{owner} {rng.choice(_FORMS[language])}".strip()


def party(rng: Random, language: str, *, private: bool = False) -> Party:
    """A company, or a private person."""
    called = person(rng) if private else company(rng, language)
    kind = rng.choice(words_of(language)["streets"])
    number = rng.randint(1, 199)
    if language in _BEFORE:
        street = (
            f"{number} {kind} {name(rng)}" if language == "fr" else f"{kind.title()} {name(rng)} {number}"
        )
    elif language == "en":
        street = f"{number} {name(rng)} {kind}"
    else:
        street = f"{name(rng)}{kind} {number}"
    code = {"nl": f"{rng.randint(1000, 9999)} {letters(rng, 2)}"}.get(
        language, f"{rng.randint(10000, 99999)}"
    )
    domain = called.split(" ")[0].lower()
    country = language.upper().replace("EN", "GB")
    digits = "".join(str(rng.randint(0, 9)) for _ in range(9))
    account = " ".join("".join(str(rng.randint(0, 9)) for _ in range(4)) for _ in range(4))
    return Party(
        name=called,
        street=street,
        postcode=code,
        city=name(rng) + rng.choice(("", "stad", "ville", "burg", "ford")),
        phone=f"+{rng.randint(30, 49)} {rng.randint(10, 99)} {rng.randint(100, 999)} {rng.randint(1000, 9999)}",
        email=f"{rng.choice(('info', 'office', 'hello'))}@{domain}.example",
        vat_id=f"{country}{digits}",
        iban=_iban(country, account),
    )


def letters(rng: Random, count: int) -> str:
    """Some capital letters."""
    return "".join(rng.choice("ABCDEFGHKLMNPRSTUVWXZ") for _ in range(count))


def number(rng: Random) -> str:
    """The number of a document, in one of many fashions."""
    year, count = rng.randint(2019, 2026), rng.randint(1, 99999)
    return rng.choice(
        (
            f"{letters(rng, 2)}-{year}-{count:04}",
            f"{year}{count:05}",
            f"{letters(rng, 1)}{count:06}",
            f"{count + 10000}",
            f"{year}/{count:04}",
            f"{letters(rng, 3)}{count:05}",
        )
    )


def _iban(country: str, account: str) -> str:
    """An account with the check digits that make it one."""
    digits = account.replace(" ", "") + "".join(str(ord(letter) - 55) for letter in country) + "00"
    return f"{country}{98 - int(digits) % 97:02} {account}"
