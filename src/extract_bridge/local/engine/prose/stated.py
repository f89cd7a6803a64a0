# ruff: noqa: SIM905 - a line of words reads better than a column of quoted ones
"""Amounts and counts that a sentence states: `the monthly rent is 690 euros`, `2.500 € als Kaution`, `30 days of leave`.

A value in a sentence is what the words around it say, up to the next value on either side. A field is answered where these
words are its own: those of its name, of its description, or of a phrase that means the same in another language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.local.engine.durations import find_durations
from extract_bridge.local.engine.flow import Flow, flow_of
from extract_bridge.local.engine.lexicon.contracts import CONTRACTS
from extract_bridge.local.engine.prose.parties import made_at
from extract_bridge.local.engine.spans import Found, find
from extract_bridge.local.engine.text import (
    LABEL_PIECE,
    STOP_WORDS,
    canonical,
    fold,
    label_tokens,
    split_name,
)
from extract_bridge.local.engine.wanted import head_phrases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.local.engine.candidates import Candidate
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.wanted import Wanted

_TITLE = 1_500  # characters
_AGREEMENT = re.compile(
    r"agreement\b|\bcontract\b|\blease\b|\bdeed\b|vertrag|vereinbarung|\bcontrat\b|\bbail\b|\baccord\b|convention\b|\bcontrato\b|\bacuerdo\b|\bconvenio\b|overeenkomst|contratto|\baccordo\b"
    r"|scrittura privata|\bacordo\b|\bumow[ay]\b"
)
_LEFT, _RIGHT = 170, 70  # characters around a value that speak of it
_LEAST_PROSE = 0.5
_LONG_LINE = 7  # words
_FEWEST_WORDS = 5
_ENOUGH = 0.72  # of a phrase's weight
_APART = 0.06
_MOST_SENTENCES = 20_000
_GENERAL = frozenset(
    (
        "amount total sum value price fee fees maximum max minimum cap limit rate number count monthly annual yearly weekly month year per "
        "betrag summe hohe wert preis gesamt monatlich jahrlich monatliche montant somme valeur prix mensuel mensuelle annuel annuelle "
        "importe suma valor precio mensual anual cantidad bedrag som prijs maandelijks jaarlijks importo somma prezzo mensile annuo valore "
        "mensal kwota cena miesieczny miesieczna eur usd gbp chf euro gross net brutto netto brut bruto lordo"
    ).split()
)
_HEADS = frozenset(("fee fees price rate cost costs premium preis prix precio prijs prezzo cena").split())
_MONEY = frozenset(
    (
        "amount fee fees price cost costs cap rent salary deposit premium budget payment compensation bonus liability montant loyer prix "
        "betrag miete gehalt preis importe precio bedrag prijs importo prezzo valor kwota"
    ).split()
)
_ADDRESS = re.compile(
    r"\s(?:[A-ZÀ-Þ][a-zà-þ]+\s){1,3}(?:Street|Road|Lane|Avenue|Drive|Way|Square|Place|Court|Park)\b"
)
_AS = re.compile(
    r"^\W{0,3}(?:\w{1,12}\W{1,3}){0,3}?(?:as|for|als|zur?|a titre d[eu]|au titre d[eu]|en concepto de|a titolo di|a titulo de|por concepto de|tytulem|comme|per month as)\b"
)
_DAY_OF_MONTH = re.compile(
    r"\b(?P<day>[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|\.|º|ª|e)?\s(?:day\s)?(?:of\s(?:each|every|the)\s(?:calendar\s)?month|de\schaque\smois|du\smois|(?:eines\s)?jeden\smonats|des\smonats|de\scada\sm[eê]s"
    r"|van\s(?:elke|iedere|de)\smaand|di\sogni\smese|del\smese|ka[żz]dego\smiesi[ąa]ca)\b",
    re.IGNORECASE,
)
_DAYS = frozenset(["day", "tag", "jour", "dia", "dag", "giorno", "dzien"])
_PAYS = frozenset(
    (
        "due pay payment rent zahlung fallig miete paiement payer loyer dû du pago pagar renta betaling betalen huur pagamento canone renda "
        "platnosci"
    ).split()
)
_COUNTED = frozenset(["day", "week", "month", "year"])


@dataclass(frozen=True, slots=True)
class _Stated:
    """One value in a sentence, the folded words before it and after it, and whether those after say what it is for."""

    start: int
    end: int
    value: float
    money: bool
    before: tuple[str, ...]
    after: tuple[str, ...]
    is_for: bool


def is_agreement(reading: Reading) -> bool:
    """The document calls itself an agreement at its head, and most of its words stand in long lines of running text."""
    if _AGREEMENT.search(fold(flow_of(reading).text[:_TITLE])) is None:
        return False
    every = long = 0
    for view in reading.views:
        for segment in view.segments:
            every += len(segment.words)
            long += len(segment.words) if len(segment.words) >= _LONG_LINE else 0
    return every > 0 and long >= _LEAST_PROSE * every


def stated_candidates(reading: Reading, fields: Sequence[Wanted]) -> Iterator[Candidate]:
    """What sentences state for fields of numbers."""
    for item in fields:
        if _asks_day_of_month(item):
            yield from _days_of_month(flow_of(reading), item)
    asked = [
        (item, phrases)
        for item in fields
        if item.kind in ("number", "integer") and (phrases := _phrases(item))
    ]
    if not asked:
        return
    flow = flow_of(reading)
    values = list(_values(reading, flow))
    for item, phrases in asked:
        found = [(score, value) for value in values if (score := _fit(item, phrases, value)) > 0]
        found.sort(key=lambda pair: -pair[0])
        for score, value in found[:6]:
            rival = any(other.value != value.value and mark > score - _APART for mark, other in found)
            made = made_at(
                flow,
                item,
                value.start,
                value.end,
                score - (0.14 if rival else 0.0),
                "is what the sentence says of it",
                int(value.value) if item.kind == "integer" else value.value,
            )
            if made:
                yield made


def _days_of_month(flow: Flow, item: Wanted) -> Iterator[Candidate]:
    """The day on which something falls due each month: `on the 5th of each month`; none where there are several."""
    found = list(_DAY_OF_MONTH.finditer(flow.text))
    if len({match["day"] for match in found}) != 1:
        return
    made = made_at(flow, item, *found[0].span("day"), 0.72, "is the day of each month", int(found[0]["day"]))
    if made:
        yield made


def _asks_day_of_month(item: Wanted) -> bool:
    told = set(label_tokens(asked_names(item)))
    return item.kind == "integer" and bool(set(item.tokens) & _DAYS) and bool(told & _PAYS)


def _phrases(item: Wanted) -> list[tuple[float, dict[str, float]]]:
    """The phrases that name a field, each with how surely, and its words with what each weighs."""
    name = [token for token in item.tokens if token not in ("m", "no")]
    texts: list[tuple[float, Sequence[str]]] = [(1.0, name)]
    if item.owner:
        texts.append((1.0, [*label_tokens(item.owner), *name]))
    told = str(item.schema.get("description") or "")
    texts += [(0.95, label_tokens(phrase)) for phrase in (*head_phrases(told), told) if 0 < len(phrase) <= 60]
    for (concept, _), phrases in CONTRACTS.items():
        if item.concepts.get(concept, 0.0) >= 0.8:
            texts += [(0.95, label_tokens(phrase)) for phrase in phrases.split("|")]
    made = []
    for sure, words in texts:
        weights = {word: 0.3 if word in _GENERAL else 1.0 for word in words if len(word) > 2}
        if (
            not any(weight == 1.0 for weight in weights.values())
            and len(weights) > 1
            and weights.keys() & _HEADS
        ):
            weights = dict.fromkeys(weights, 1.0)  # `monthly fee` is enough where both words are there
        if any(weight == 1.0 for weight in weights.values()):
            made.append((sure, weights))
    return made


def _values(reading: Reading, flow: Flow) -> Iterator[_Stated]:
    for count, (start, end) in enumerate(flow.sentences()):
        text = flow.text[start:end]
        if count > _MOST_SENTENCES:
            return
        if not re.search(r"\d", text) or len(text.split()) < _FEWEST_WORDS:
            continue
        yield from _in_sentence(reading, text, start)


def _in_sentence(reading: Reading, text: str, offset: int) -> Iterator[_Stated]:
    locale = reading.locale
    dates = find("date", text, locale)
    lasting = [(item.start, item.end) for item in find_durations(text)]
    money = {(item.start, item.end) for item in find("amount", text, locale) if item.certainty == 1.0}
    found = [
        item
        for item in find("number", text, locale)
        if not any(item.start < date.end and date.start < item.end for date in dates)
        and not (
            text[item.start] == "(" and any(start < item.end and item.start < end for start, end in lasting)
        )
        and not _ADDRESS.match(text[item.end : item.end + 40])
    ]
    for at, item in enumerate(found):
        opens = max(found[at - 1].end if at else 0, item.start - _LEFT)
        closes = min(found[at + 1].start if at + 1 < len(found) else len(text), item.end + _RIGHT)
        after = fold(text[item.end : closes])
        yield _Stated(
            offset + item.start,
            offset + item.end,
            float(item.value),
            _is_money(text, item, money),
            _words(text[opens : item.start]),
            _words(text[item.end : closes]),
            _AS.match(after) is not None or any(start <= item.start < end for start, end in lasting),
        )


def _is_money(text: str, item: Found, money: set[tuple[int, int]]) -> bool:
    if any(start < item.end and item.start < end for start, end in money):
        return True
    return (
        re.match(r"\s?(?:euros?|dollars?|zl|pln|francs?)\b", fold(text[item.end : item.end + 12])) is not None
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(canonical(piece) for piece in LABEL_PIECE.findall(fold(text)) if piece not in STOP_WORDS)


def _fit(item: Wanted, phrases: list[tuple[float, dict[str, float]]], value: _Stated) -> float:
    """How well the words around a value name a field, 0 where they do not."""
    if item.kind == "integer" and not value.value.is_integer():
        return 0.0
    wants_money = item.search == "amount"
    if (wants_money or set(item.tokens) & _MONEY) and not value.money:
        return 0.0
    if (
        not wants_money
        and value.money
        and item.search in ("percent", "number")
        and set(item.tokens) & _COUNTED
    ):
        return 0.0
    near = value.after if value.is_for else value.after[:3]
    best = 0.0
    for sure, weights in phrases:
        whole = sum(weights.values())
        left = {word for word in weights if any(alike(word, other) for other in value.before)}
        right = {word for word in weights if any(alike(word, other) for other in near)} - left
        specific = any(weights[word] == 1.0 for word in left | right)
        share = sum(weights[word] for word in left | right) / whole
        head = next(reversed(weights))
        if not specific or share < _ENOUGH or (head in _HEADS and head not in left | right):
            continue
        place = 0.8 if any(weights[word] == 1.0 for word in left) else 0.74 if value.is_for else 0.66
        best = max(best, sure * place * (0.85 + 0.15 * share) - _distance(weights, value.before))
    return best


def _distance(weights: dict[str, float], before: tuple[str, ...]) -> float:
    """What a value loses for words between it and the nearest word of the phrase."""
    for steps, other in enumerate(reversed(before)):
        if any(alike(word, other) for word in weights):
            return min(0.16, 0.012 * max(0, steps - 3))
    return 0.0


def shared_start(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def alike(one: str, other: str) -> bool:
    """Two words are the same but for an ending, or one is the last or first part of a compound."""
    if one == other:
        return True
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if len(short) < 4:
        return False
    shared = shared_start(short, long)
    if shared == len(short):
        return len(short) >= 5 or len(long) - len(short) <= 3
    if shared >= max(4, len(short) - 2) and len(long) - shared <= 3:
        return True
    return len(short) >= 5 and long.endswith(short)


def asked_names(item: Wanted) -> str:
    """A field's name and description as one folded text."""
    return fold(f"{split_name(item.path[-1])} {item.schema.get('description') or ''}")
