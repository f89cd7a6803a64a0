# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Candidates that no label of their own points at: amounts by what their line says, currency, dates, single typed values.

Longer than most modules: what is guessed for each kind of value is weighed against the same few measures.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from extract_bridge.local.engine.candidates import Candidate, candidate
from extract_bridge.local.engine.money import (
    Amount,
    meanings_of,
    rounded_total,
    says_tax,
    settled_by_payment,
    support,
)
from extract_bridge.local.engine.spans import Found, find
from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.local.engine.pageview import Segment
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.wanted import Wanted
    from extract_bridge.parse.model import Word

_MONEY = frozenset(
    (
        "total",
        "subtotal",
        "tax_amount",
        "amount_due",
        "amount_paid",
        "gross_amount",
        "net_amount",
        "change",
        "rounding",
    )
)
_SHORT = 8  # words beside a rate
_SURE = 0.6  # from this weight on a meaning is the field's own
_BACKED = 0.2
_UNBACKED = 0.88
_PERSONAL = frozenset(("given_name", "family_name", "birth_date"))
_UNIQUE = {"email": 0.72, "phone": 0.58, "iban": 0.8, "vat": 0.72, "bic": 0.5, "url": 0.62}
_RANGE = re.compile(r"\s*(?:-|–|—|to|bis|au|tot|al|till|until|through|thru)\s*", re.IGNORECASE)
_OTHER_DATE = re.compile(
    r"due|fallig|echeance|verval|vencim|birth|geburt|naissance|expir|valid|print|order|bestell|commande|deliver|liefer|livraison|lever|ship|until|\bbis\b|periode?|from|start|end|payable|paid until|zahlbar"
)
_PAYING = re.compile(
    r"\b(?:pay|due\b|remit|settle|zahl|bezahl|beglei|uberweis|fallig|regle|verse|virement|betal|betaal|voldoe|overmak|pag|abon|ingres|salda|plat|zapl|uiszcz|indbetal|innbetal|inbetal|maks|suorit|uhra|splat|achit)"
)
_UNTIL = re.compile(
    r"\b(?:by|before|until|no later than|on or before|bis|bis zum|bis spatestens|spatestens|spatestens (?:am|bis|zum)|avant|avant le|au plus tard le|jusqu'au|antes del?|antes del dia|hasta|hasta el|entro|entro il|ate|ate ao?|"
    r"ate (?:ao? )?dia|voor|uiterlijk|uiterlijk op|voor of op|senest|senest den|senast|senast den|do|do dnia|najpozniej|najpozniej do|viimeistaan|nejpozdeji|nejpozdeji do|pana la|(?:due|fallig|vence|scade|forfalder|forfaller) (?:on|am|zum|el|il|den))"
    r"\s*+:?\s*+$"
)
_DISCOUNT = re.compile(
    r"skonto|discount|escompte|korting|sconto|descuento|desconto|rabat|kassarabatt|alennus|sleva|remise"
)
_CLOSE = re.compile(r"\W*(?:\w{1,3}\W+)?")
_CODE = re.compile(r"[A-Z]{3,5}")
_ISSUED = re.compile(
    r"\b(?:vom|issued(?: at| on)?|dated|du|van|del|as of|de fecha)\s*+:?\s*+$", re.IGNORECASE
)


def guessed(reading: Reading, fields: list[Wanted]) -> Iterator[Candidate]:
    """Candidates for fields whose meaning is general enough to find them without a label."""
    for wanted in fields:
        if wanted.search == "amount" and wanted.kind in ("number", "integer"):
            yield from _amounts(reading, wanted)
        elif wanted.search == "currency" or (wanted.choices and "currency" in wanted.concepts):
            yield from _currency(reading, wanted)
        elif wanted.choices:
            yield from _codes(reading, wanted)
        elif wanted.kind == "date":
            yield from _dates(reading, wanted)
        elif wanted.search in _UNIQUE:
            yield from _typed(reading, wanted)
        elif wanted.search == "title":
            yield from _title(reading, wanted)
        elif wanted.search == "percent" and wanted.concepts.get("tax_rate", 0.0) >= _SURE:
            yield from _rates(reading, wanted)
        elif wanted.search == "time" and wanted.concepts.get("time", 0.0) >= _SURE:
            yield from _times(reading, wanted)


def _amounts(reading: Reading, wanted: Wanted) -> Iterator[Candidate]:
    concepts = {name: weight for name, weight in wanted.concepts.items() if name in _MONEY and weight >= 0.6}
    if not concepts:
        return
    amounts = reading.amounts()
    if "amount_due" in concepts and not any(
        {"amount_due", "amount_paid"} & set(amount.meanings) for amount in amounts
    ):
        concepts.setdefault("total", 0.62)
    backing = (
        support(amounts)
        if "total" in concepts or "gross_amount" in concepts or "amount_due" in concepts
        else {}
    )
    rounded = rounded_total(amounts) if backing else None
    largest = max((abs(amount.value) for amount in amounts if amount.meanings), default=0.0)
    count = max(1, len(amounts))
    summed = any(_under_heading(amount, concepts) for amount in amounts)
    for position, amount in enumerate(amounts):
        strength = max(
            (weight * amount.meanings.get(name, 0.0) for name, weight in concepts.items()), default=0.0
        )
        if strength < 0.3:
            strength = _bare(amount, amounts, backing, rounded) if "total" in concepts else 0.0
        if strength < 0.3 or (wanted.kind == "integer" and not amount.value.is_integer()):
            continue
        score = strength * _form(amount, concepts) * (0.93 + 0.05 * position / count)
        score *= 0.7 if summed and amount.above else 1.0
        if "total" in concepts or "gross_amount" in concepts:
            score += min(0.2, backing.get(round(amount.value, 2), 0.0))
            score += 0.03 if amount.value >= largest else 0.0
            score -= 0.25 if amount.value == 0 and largest else 0.0
            score -= 0.35 if rounded is not None and 0 < abs(amount.value - rounded) < 0.5 else 0.0
        label = amount.label[:60]
        item = _typed_amount(amount.found, wanted)
        made = candidate(
            reading,
            wanted,
            amount.segment,
            0,
            item,
            score,
            f'the words beside it are "{label}"' if label else "it adds up as the total",
            how="amount",
        )
        made.support = min(1.0, backing.get(round(amount.value, 2), 0.0) / 0.25)
        yield made


def check_totals(reading: Reading, candidates: list[Candidate]) -> None:
    """What arithmetic says of totals that a label points at: those that add up gain, others yield to one that does."""
    asked = {
        item.wanted
        for item in candidates
        if item.wanted.search == "amount" and item.wanted.concepts.get("total", 0.0) >= _SURE
    }
    backing = support(reading.amounts()) if asked else {}
    if max(backing.values(), default=0.0) < _BACKED:
        return
    for item in candidates:
        if item.wanted in asked and item.how != "amount":
            backed = backing.get(round(float(item.value), 2), 0.0)
            item.support = min(1.0, backed / 0.25)
            item.score *= 1.0 if backed >= _BACKED / 2 else _UNBACKED


def _bare(amount: Amount, amounts: list[Amount], backing: dict[float, float], rounded: float | None) -> float:
    """An amount with no words beside it, or only ones for another meaning, that arithmetic makes the total."""
    if rounded is not None and round(amount.value, 2) == rounded and not amount.meanings:
        return 0.8
    if settled_by_payment(amount, amounts):
        return 0.55
    weight = backing.get(round(amount.value, 2), 0.0)
    return (
        0.5
        if weight >= 0.2 and (not amount.meanings or amount.meanings.get("total")) and not amount.label
        else 0.0
    )


def _under_heading(amount: Amount, concepts: dict[str, float]) -> bool:
    """The amount of a line of totals, in the column of the meaning asked for."""
    return bool(amount.heading) and any(
        meanings_of(amount.heading).get(name, 0.0) >= 0.9 for name in concepts
    )


def _form(amount: Amount, concepts: dict[str, float]) -> float:
    if amount.heading:
        under = meanings_of(amount.heading)
        if _under_heading(amount, concepts):
            return 1.0 / max(0.6, amount.meanings.get("total", 1.0) if "total" in concepts else 0.6)
        if any(name not in concepts and strength >= 0.8 for name, strength in under.items()):
            return 0.4
    crowd = 1.0 if amount.crowd <= 1 else 0.78 if amount.crowd == 2 else 0.7
    return crowd * (1.0 if amount.found.certainty == 1.0 else 0.6)


def _typed_amount(found: Found, wanted: Wanted) -> Found:
    value = abs(found.value) if wanted.positive else found.value
    return replace(found, value=int(value) if wanted.kind == "integer" else value)


def _currency(reading: Reading, wanted: Wanted) -> Iterator[Candidate]:
    places: dict[str, tuple[float, Segment, Found]] = {}
    votes: Counter[str] = Counter()
    for view in reading.views:
        for segment in view.segments:
            if not re.search(r"[€£$¥₹₽₩₪₺]|[A-Z]{3}|RM|uro|ollar", segment.text):
                continue
            for item in find("currency", segment.text, reading.locale):
                near = re.search(r"\d", segment.text[max(0, item.start - 4) : item.end + 4]) is not None
                word = segment.text[item.start : item.end]
                weight = 1.0 if near or not word.isalpha() else 0.5 if len(segment.words) <= 4 else 0.15
                votes[item.value] += weight  # type: ignore[assignment]
                best = places.get(item.value)
                if best is None or weight > best[0]:
                    places[item.value] = (weight, segment, item)
    total = sum(votes.values())
    for code, count in votes.most_common(2):
        if wanted.choices and code not in wanted.choices:
            continue
        weight, segment, item = places[code]
        score = (0.55 + 0.35 * count / total) * (1.0 if weight == 1.0 or count >= 1 else 0.8)
        yield candidate(
            reading,
            wanted,
            segment,
            0,
            item,
            score,
            f"printed {'beside amounts' if weight == 1.0 else 'in the document'}",
            is_labelled=False,
        )


def _codes(reading: Reading, wanted: Wanted) -> Iterator[Candidate]:
    """The one code of a list, such as a term of delivery, that is printed anywhere."""
    if not all(isinstance(choice, str) and _CODE.fullmatch(choice) for choice in wanted.choices):
        return
    spots = [
        (segment, offset, word.text.strip(".,:;()"))
        for view in reading.views
        for segment in view.segments
        for offset, word in zip(segment.offsets, segment.words, strict=True)
        if word.text.strip(".,:;()") in wanted.choices
    ]
    if len({code for _, _, code in spots}) == 1:
        segment, offset, code = spots[0]
        start = segment.text.index(code, offset)
        item = Found(start, start + len(code), code, 1.0)
        yield candidate(
            reading, wanted, segment, 0, item, 0.6, "the only code of the list", is_labelled=False
        )


def _dates(reading: Reading, wanted: Wanted) -> Iterator[Candidate]:
    if "document_date" in wanted.concepts and wanted.concepts["document_date"] >= 0.6:
        yield from _document_date(reading, wanted)
    if wanted.concepts.get("due_date", 0.0) >= _SURE:
        yield from _due(reading, wanted)
    for part, name in enumerate(("period_start", "period_end")):
        if wanted.concepts.get(name, 0.0) >= 0.6:
            yield from _ranges(reading, wanted, part)


def _due(reading: Reading, wanted: Wanted) -> Iterator[Candidate]:
    """The date in a sentence that asks for payment until then."""
    for segment, item in reading.found("date"):
        before = fold(segment.text[max(0, item.start - 90) : item.start])
        clause = re.split(r"[,;.]\s", before)[-1]
        if _UNTIL.search(before) and _PAYING.search(before) and not _DISCOUNT.search(clause):
            yield candidate(
                reading,
                wanted,
                segment,
                0,
                item,
                0.74 * item.certainty,
                "payment is asked for until this date",
            )


def _document_date(reading: Reading, wanted: Wanted) -> Iterator[Candidate]:
    spots = [(segment, item) for segment, item in reading.found("date") if segment.page is reading.views[0]]
    distinct = {item.value for _, item in spots}
    for rank, (segment, item) in enumerate(spots):
        before = fold(segment.text[: item.start])
        left = " ".join(other.text for other in segment.page.left_of(segment)[:1])
        named = any(
            hit.end <= item.start and ({"invoice_number", "receipt_number"} & set(hit.concepts))
            for hit in reading.hits.get(segment, ())
        )
        if named and _ISSUED.search(before):
            yield candidate(
                reading, wanted, segment, 0, item, 0.85 * item.certainty, "follows the document's number"
            )
            continue
        if _OTHER_DATE.search(before + " " + fold(left)) or len(segment.words) > 10:
            continue
        timed = re.search(r"\d{1,2}:\d\d", segment.text[item.end :]) is not None
        score = (0.62 if len(distinct) == 1 else 0.5) - 0.015 * rank + (0.08 if timed else 0.0)
        score *= 0.8 if len(distinct) > 3 or len(reading.views) > 20 else 1.0
        yield candidate(
            reading,
            wanted,
            segment,
            0,
            item,
            score * item.certainty,
            "a date with no other label",
            is_labelled=False,
        )


def _ranges(reading: Reading, wanted: Wanted, part: int) -> Iterator[Candidate]:
    found: list[tuple[Segment, Found]] = []
    pairs: Counter[tuple[str, str]] = Counter()
    for (segment, first), (other, second) in itertools.pairwise(reading.found("date")):
        between = segment.text[first.end : second.start]
        if segment is other and _RANGE.fullmatch(between) and first.value <= second.value:
            pairs[first.value, second.value] += 1
            found.append((segment, (first, second)[part]))
    if not pairs:
        return
    start = min(first for first, _ in pairs)
    end = max(second for _, second in pairs)
    for segment, item in found:
        outer = item.value == (start if part == 0 else end)
        score = 0.62 if len(pairs) == 1 else 0.46 if outer and len(pairs) <= 3 else 0.3
        yield candidate(
            reading, wanted, segment, 0, item, score, "one end of a printed period", is_labelled=False
        )


def _typed(reading: Reading, wanted: Wanted) -> Iterator[Candidate]:
    """The only value of its form; with several, the field's role must say which."""
    if wanted.role is None and _PERSONAL & set(reading.index.by_concept):
        return  # on a form about somebody what no label points at is whoever printed the form
    found = reading.found(wanted.search)
    others = {item.value for segment, item in found if _is_of_another(reading, wanted, segment, item)}
    spots = [(segment, item) for segment, item in found if item.certainty >= 0.7 and item.value not in others]
    owned = [spot for spot in spots if reading.owner(spot[0]) == (wanted.role or "seller")]
    spots = owned or [spot for spot in spots if not reading.owner(spot[0])] or spots
    distinct = {re.sub(r"\W", "", str(item.value)).casefold() for _, item in spots}
    for rank, (segment, item) in enumerate(spots[:6]):
        score = _UNIQUE[wanted.search] * item.certainty
        if len(distinct) > 1:
            score *= 0.75 if wanted.role in (None, "seller") and rank == 0 else 0.6
        if wanted.role == "buyer":
            score *= 0.8
        yield candidate(
            reading,
            wanted,
            segment,
            0,
            item,
            score,
            f"the {'only' if len(distinct) == 1 else 'first'} text of this form",
            is_labelled=False,
        )


def _is_of_another(reading: Reading, wanted: Wanted, segment: Segment, item: Found) -> bool:
    """A label of another meaning stands right before it: the number of a receipt may look like that of a telephone."""
    before = [
        hit
        for hit in reading.hits.get(segment, ())
        if hit.quality >= 0.6 and _CLOSE.fullmatch(segment.text[hit.end : max(hit.end, item.start)])
        if hit.end <= item.start
    ]
    if not before and item.start <= 1:
        left = segment.page.left_of(segment)[:1]
        before = [hit for other in left for hit in reading.hits.get(other, ()) if hit.alone or hit.colon]
    return bool(before) and bool(before[-1].concepts) and not set(before[-1].concepts) & set(wanted.concepts)


def _rates(reading: Reading, wanted: Wanted) -> Iterator[Candidate]:
    """The only rate that is printed beside a word for a tax."""
    spots = [
        (segment, item)
        for segment, item in reading.found("percent")
        if item.certainty == 1.0 and len(segment.words) <= _SHORT and says_tax(fold(segment.text))
    ]
    if len({item.value for _, item in spots}) == 1:
        segment, item = spots[0]
        yield candidate(reading, wanted, segment, 0, item, 0.7, "the only rate beside a word for a tax")


def _times(reading: Reading, wanted: Wanted) -> Iterator[Candidate]:
    """The time of a document: beside its date, or the only one; two with a dash between are hours of business."""
    spots = [
        (segment, item)
        for segment, item in reading.found("time")
        if not re.search(r"\d ?[-–] ?$", segment.text[: item.start])
        and not re.match(r" ?[-–] ?\d", segment.text[item.end :])
    ]
    dated = [spot for spot in spots if find("date", _line_of(spot[0]), reading.locale)]
    chosen = dated or spots
    if len({item.value for _, item in chosen}) == 1:
        segment, item = chosen[0]
        score = 0.66 if dated else 0.5
        yield candidate(
            reading, wanted, segment, 0, item, score, "a time beside a date" if dated else "the only time"
        )


def _line_of(segment: Segment) -> str:
    """The whole line that a segment stands in."""
    return segment.page.line_text(segment.line)


def _title(reading: Reading, wanted: Wanted) -> Iterator[Candidate]:
    """The largest text in the upper third of the first page."""
    view = reading.views[0] if reading.views else None
    if view is None:
        return
    upper = [
        segment
        for segment in view.segments
        if segment.y0 < 0.35 * view.page.height and re.search(r"[^\W\d_]{3}", segment.text)
    ]
    if not upper:
        return
    best = max(upper, key=lambda segment: (_size(segment.words[0]), -segment.y0))
    typical = sorted(_size(word) for segment in view.segments for word in segment.words)
    larger = _size(best.words[0]) > 1.15 * typical[len(typical) // 2]
    item = Found(0, len(best.text), best.text, 1.0)
    yield candidate(
        reading,
        wanted,
        best,
        0,
        item,
        0.6 if larger else 0.45,
        "the most prominent line at the top",
        is_labelled=False,
    )


def _size(word: Word) -> float:
    return word.size or word.y1 - word.y0
