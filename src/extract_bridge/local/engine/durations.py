"""How long something lasts: `eighteen (18) months`, `zwei Jahre`, `30 days`, and which of a contract's durations is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.local.engine.wanted import Wanted

_NUMBERS: dict[str, int] = {}
for _words in (
    "one two three four five six seven eight nine ten eleven twelve",
    "ein zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
    "un deux trois quatre cinq six sept huit neuf dix onze douze",
    "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "een twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "uno due tre quattro cinque sei sette otto nove dieci undici dodici",
    "um dois tres quatro cinco seis sete oito nove dez onze doze",
):
    _NUMBERS.update({word: number for number, word in enumerate(_words.split(), 1)})
_NUMBERS.update(
    {
        "eine": 1,
        "einem": 1,
        "einer": 1,
        "une": 1,
        "una": 1,
        "uma": 1,
        "fifteen": 15,
        "eighteen": 18,
        "twenty": 20,
        "twenty-four": 24,
        "thirty": 30,
        "thirty-six": 36,
        "forty-five": 45,
        "forty-eight": 48,
        "sixty": 60,
        "ninety": 90,
        "dreissig": 30,
        "trente": 30,
        "treinta": 30,
        "dertig": 30,
        "trenta": 30,
        "trinta": 30,
    }
)
_UNITS = {
    "year": "year years jahr jahre jahren an ans annee annees ano anos jaar anno anni",
    "month": "month months monat monate monaten mois mes meses maand maanden mese mesi",
    "week": "week weeks woche wochen semaine semaines semana semanas weken settimana settimane",
    "day": "day days tag tage tagen jour jours dia dias dag dagen giorno giorni",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}


def _any_of(words: dict[str, int] | dict[str, str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_DURATION = re.compile(
    rf"(?<![\w.,-])(?:(?P<word>{_any_of(_NUMBERS)})(?:\s?\(\s?(?P<again>\d{{1,3}})\s?\))?|\(?(?P<digits>\d{{1,3}})\)?)"
    rf"[\s-]{{1,3}}(?:(?:full|calendar|consecutive|business|working|volle|voll)\s)?(?P<unit>{_any_of(_UNIT_OF)})(?!\w)"
)
_SENTENCE_END = re.compile(r"[.;]\s+(?=[A-Z(])")
_LASTS = re.compile(
    r"\bterm\b|expire|terminat|remain|continu|surviv|\bin (?:full )?(?:force|effect)\b|\bvalid\b|duration|\bend(?:s|et)?\b"
    r"|laufzeit|dauer|\bgilt\b|\bgelten|duree|vigueur|vigencia|duracion|vigor|looptijd|duur\b|\bgeldig|durata|vigenza|duracao"
)
_THIS = re.compile(
    r"(?:this|the) (?:\w+ ){0,2}agreement|hereof|hereunder|effective date|diese[rs]? v|vereinbarung|present|du contrat|del contrato"
    r"|overeenkomst|del contratto|accordo"
)
_SECRECY = re.compile(r"confiden|secre|disclos|non-?use|geheim|vertraul|geheimhouding|riservat|sigilo")
_OTHER = re.compile(
    r"compet|solicit|employ|\bhire\b|payment|invoice|interest|\bcure\b|breach|notice|arbitrat|\bpay\b|standstill|wettbewerb|zahlung"
    r"|concurren|competenc|concorren"
)
_NOTICE = re.compile(r"notice|kundig|preavis|preaviso|opzeg|preavviso|pre-?aviso")
_PAYMENT = re.compile(r"paym|payable|\bpaid\b|zahl|paiement|regle|betal|\bpago|pagam|platn")
_RENEWS = re.compile(r"renew|extend|extension|verlanger|renouvel|reconduc|prorrog|renov|verleng|rinnov")
_APART = 0.08
_ASKS_HOW_LONG = re.compile(r"how long|duration|\bdauer|laufzeit|duree|duracion|looptijd|durata|period")


@dataclass(frozen=True, slots=True)
class Duration:
    """A printed duration: characters start..end, how many, of what, and the unit as printed."""

    start: int
    end: int
    number: int
    unit: str
    printed: str

    @property
    def text(self) -> str:
        """The number in digits with the printed unit: `18 months`."""
        return f"{self.number} {self.printed}"


def find_durations(text: str) -> Iterator[Duration]:
    """Every duration in a text, left to right."""
    folded = fold(text)
    if len(folded) != len(text):  # places in the one would not be places in the other
        folded = text.lower()
    for match in _DURATION.finditer(folded):
        digits = match["again"] or match["digits"]
        number = int(digits) if digits else _NUMBERS[match["word"]]
        printed = text[match.start("unit") : match.end("unit")]
        if number:
            yield Duration(match.start(), match.end(), number, _UNIT_OF[match["unit"]], printed)


def asks_duration(wanted: Wanted) -> str:
    """Which duration of a contract a field asks for: `term`, `notice`, `renewal` or `payment`; empty where it asks for none."""
    tokens = set(wanted.tokens)
    told = fold(str(wanted.schema.get("description") or ""))
    if wanted.kind not in ("string", "number", "integer") or wanted.search in ("name", "id", "email", "url"):
        return ""
    if "notice" in tokens and tokens & {"period", "term", "day", "month", "duration"}:
        return "notice"
    if tokens & {"renewal", "extension"} and tokens & {"period", "term", "duration", "month", "year"}:
        return "renewal"
    if tokens & {"payment", "zahlung", "paiement", "betaling", "pago"} or "payment" in told:
        return "payment" if item_unit(wanted) or "how long" in told else ""
    lasting = tokens & {"term", "duration", "laufzeit", "duree", "vigencia", "durata", "looptijd"}
    plain = tokens <= {
        *lasting, "agreement", "contract", "confidentiality", "initial", "lease", "license", "period",
        "year", "month", "day", "in", "length", "nda",
    }  # fmt: skip
    if lasting and plain and (len(tokens) > 1 or _ASKS_HOW_LONG.search(told) or not told):
        return "term"
    return "term" if "period" in tokens and "confidentiality" in tokens else ""


def item_unit(wanted: Wanted) -> bool:
    """The field is a number of days, weeks, months or years."""
    return wanted.kind in ("number", "integer") and bool(set(wanted.tokens) & set(_UNITS))


def ranked_durations(text: str, asked: str) -> Iterator[tuple[float, Duration]]:
    """The durations of a contract that can be the one asked for, best first, each with a score 0..1 by the words around it.

    None where the words around two different ones speak for them alike: contracts have many durations.
    """
    ranked = sorted(_scored(text, asked), key=lambda pair: -pair[0])
    if ranked and any(
        score > ranked[0][0] - _APART
        and (found.number, found.unit) != (ranked[0][1].number, ranked[0][1].unit)
        for score, found in ranked
    ):
        return
    yield from ranked


def _scored(text: str, asked: str) -> Iterator[tuple[float, Duration]]:
    for found in find_durations(text):
        before, after = text[max(0, found.start - 220) : found.start], text[found.end : found.end + 140]
        opens = max((match.end() for match in _SENTENCE_END.finditer(before)), default=0)
        closes = next((match.start() for match in _SENTENCE_END.finditer(after)), len(after))
        around = fold(before[opens:] + " " + after[:closes])
        score = _score(around, asked, found)
        if score > 0:
            yield score, found


def _score(around: str, asked: str, found: Duration) -> float:
    if asked == "notice":
        return 0.7 if _NOTICE.search(around) else 0.0
    if asked == "payment":
        return 0.7 if _PAYMENT.search(around) else 0.0
    if asked == "renewal":
        return 0.7 if _RENEWS.search(around) else 0.0
    if not _LASTS.search(around) or not _THIS.search(around):
        return 0.0
    score = 0.7 + (0.04 if _SECRECY.search(around) else 0.0)
    score -= 0.25 if _OTHER.search(around) else 0.0
    score -= 0.1 if _RENEWS.search(around) else 0.0
    return score - (0.15 if found.unit == "day" else 0.0)
