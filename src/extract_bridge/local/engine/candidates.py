# ruff: noqa: SIM905 - a line of words reads better than a column of quoted ones
"""Possible values of a field: the text that a label points at, read as the kind of value that is wanted.

Longer than most modules: everything that raises or lowers a labelled candidate is read in the order in which it happens.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.blocks import POSTAL_CITY
from extract_bridge.local.engine.lexicon.phrases import phrase_index
from extract_bridge.local.engine.readers import read
from extract_bridge.local.engine.regions import PLACES, Reading, Region, regions_of
from extract_bridge.local.engine.spans import TYPED, Found, find
from extract_bridge.local.engine.text import label_key, split_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.core.records.model import Match
    from extract_bridge.local.engine.confidence import How
    from extract_bridge.local.engine.labels import LabelHit
    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.wanted import Wanted
    from extract_bridge.parse.model import Word

_WORDY = frozenset(("name", "text", "title", "street", "city", "state", "country", "address"))


@dataclass(eq=False, slots=True)
class Candidate:
    """One possible value of one field.

    Attributes:
        wanted: The field.
        value: What it would be.
        raw: As printed.
        words: The words it is made of, one tuple a line.
        view: The page.
        score: 0..1, how well labels, place and form speak for it.
        reason: Why, for people.
        match: How the words carry the value.
        labelled: A label points at it.
        label: That label as `label_key`.
        place_id: The label's place, the same for all that one label points at; 0 without a label.
        how: How it was found.
        support: 0..1, what else speaks for it: arithmetic for an amount, the other columns for a cell of a table.
        label_words: How many words the label has; 0 without one.
        whole: It is all of the text that the label points at.
        filled: 0..1, for a cell of a table the share of what is asked of its row that the row has.
    """

    wanted: Wanted
    value: Any
    raw: str
    words: tuple[Word, ...]
    view: PageView
    score: float
    reason: str
    match: Match = "exact"
    labelled: bool = True
    label: str = ""
    place_id: int = 0
    how: How = "guess"
    support: float = 0.0
    label_words: int = 0
    whole: bool = False
    filled: float = 0.0

    @property
    def place(self) -> frozenset[int]:
        """What it occupies on the page."""
        return frozenset(id(word) for word in self.words)


_MOST_OF_A_LINE = 8  # words of a line of an address
_FILLING = re.compile(r"[.·_\s]{3,}|\(?\d{1,3}(?:[.,]\d{1,3})?\s?%\)?")
"""What may stand between a label and its amount without parting them: a leader, the rate of a tax."""
_MOST_READ = 400_000
"""Times that a text is read for a field; beyond it only a field's own labels count, not those of its meaning."""

_HEAD = 0.4
"""The share of a page in which a bare `No.` is the document's own."""
_MOST_FIELDS = 8
_MARKS = " .,;:"
"""What may stand behind a value that is the whole of a text."""


def labelled(reading: Reading) -> Iterator[Candidate]:
    """Every candidate that a label points at, for all fields."""
    read_so_far = 0
    for hits in reading.hits.values():
        for position, hit in enumerate(hits):
            readers = reading.index.readers(hit)
            if not readers or hit.quality < 0.2:
                continue
            read_so_far += len(readers)
            if read_so_far > _MOST_READ:
                readers = dict(reading.index.fields_of.get(hit.key, ())[:_MOST_FIELDS])
            regions = list(regions_of(reading, hit, _not_offered(readers, hits[position + 1 :])))
            known: dict[tuple[str, str], list[list[Found]]] = {}
            for wanted, weight in readers.items():
                texts = _texts_read(reading, wanted, regions, known)
                yield from _read_regions(reading, wanted, hit, weight, list(zip(regions, texts, strict=True)))


def _not_offered(readers: dict[Wanted, float], later: list[LabelHit]) -> list[LabelHit]:
    """The labels that are not among the values that a field offers: `Visa` ends no text in which cards are looked for."""
    offered = {label_key(str(choice)) for wanted in readers for choice in wanted.choices}
    return [hit for hit in later if hit.key not in offered] if offered else later


def _texts_read(
    reading: Reading, wanted: Wanted, regions: list[Region], known: dict[tuple[str, str], list[list[Found]]]
) -> list[list[Found]]:
    """What a field reads in each region; fields that look for the same kind of text share it."""
    if wanted.choices or wanted.kind == "boolean" or "pattern" in wanted.schema:
        return [read(region.text, wanted, reading.locale) for region in regions]
    key = (wanted.kind, wanted.search)
    if key not in known:
        known[key] = [read(region.text, wanted, reading.locale) for region in regions]
    return known[key]


def temper(candidates: list[Candidate]) -> list[Candidate]:
    """Lower what repeated labels found: a label with many different values is a column or a line of a table."""
    values: dict[tuple[Wanted, str], set[str]] = {}
    counts: Counter[tuple[Wanted, str, int]] = Counter()
    for item in candidates:
        values.setdefault((item.wanted, item.label), set()).add(str(item.value))
        counts[item.wanted, item.label, item.view.page.number] += 1
    led: set[tuple[Wanted, str]] = set()
    for item in candidates:
        different = len(values[item.wanted, item.label])
        many = different > 3 or counts[item.wanted, item.label, item.view.page.number] > 3
        if (
            many
            and item.wanted.search == "number"
            and item.score > 0.6
            and (item.wanted, item.label) not in led
        ):
            led.add((item.wanted, item.label))
            item.score *= 0.8
        elif many:
            item.score *= 0.62
        elif different > 1:
            item.score *= 0.85 if different == 3 else 0.93
    return candidates


def prefer_headline(reading: Reading, candidates: list[Candidate]) -> None:
    """Where a field takes several kinds of number, favour the kind that the document says it is in its headline."""
    open_fields = {
        item.wanted
        for item in candidates
        if sum(name in _HEADLINES.values() for name in item.wanted.concepts) > 1
    }
    if not open_fields or not reading.views:
        return
    top = [
        segment for segment in reading.views[0].segments if segment.y0 < 0.2 * reading.views[0].page.height
    ]
    kinds = {
        _HEADLINES[key]
        for segment in top
        if (key := label_key(segment.text).removeprefix("duplicate")) in _HEADLINES
    }
    for item in candidates:
        if len(kinds) == 1 and item.wanted in open_fields and item.label:
            named = {concept.name for concept in phrase_index().get(item.label, ())}
            item.score *= 1.0 if named & kinds else 0.78


_HEADLINES = {
    "invoice": "invoice_number",
    "taxinvoice": "invoice_number",
    "rechnung": "invoice_number",
    "facture": "invoice_number",
    "factuur": "invoice_number",
    "order": "order_number",
    "purchaseorder": "order_number",
    "contract": "contract_number",
    "receipt": "receipt_number",
}


def _speaks(wanted: Wanted, hit: LabelHit) -> bool:
    """Text needs a label that is plainly one; a word inside a sentence points at nothing."""
    if wanted.search in TYPED or wanted.kind != "string":
        return True
    return hit.alone or hit.colon or (hit.start <= 3 and len(hit.segment.words) <= 10)


def _read_regions(
    reading: Reading,
    wanted: Wanted,
    hit: LabelHit,
    weight: float,
    readings: list[tuple[Region, list[Found]]],
) -> Iterator[Candidate]:
    if not _speaks(wanted, hit) or _heads_numbers(hit, readings):
        return
    pick = _range_part(wanted, hit)
    dates_seen = 0
    below = sum(bool(found) for region, found in readings if region.how == "below")
    column = 0.55 if wanted.search in TYPED and below > 1 else 1.0
    answered = 0
    for region, found in readings:
        later = 0.6 if answered else 1.0
        answered += bool(found)
        if region.how == "below":
            later *= column
            if (
                wanted.search == "id"
                and hit.key in _DOCUMENT_WORDS
                and not hit.colon
                and "#" not in region.text[:2]
            ):
                later *= 0.5
        if wanted.kind == "date" and pick:
            found = found[1:2] if not dates_seen and len(found) > 1 else found[:1] if dates_seen else []
            dates_seen += len(find("date", region.text, reading.locale))
        limit = 1 if "period" in hit.concepts else 2
        for rank, item in enumerate(found[:limit]):
            if _is_another_label(reading, wanted, hit, region, item):
                continue
            quality = hit.quality
            if (
                region.segment is hit.segment
                and item.start <= 1
                and hit.start <= 2
                and wanted.search in TYPED
            ):
                quality = max(quality, 0.9)
            score = (
                weight
                * quality
                * region.weight
                * later
                * item.certainty
                * (1.0 if rank == 0 else 0.7)
                * _specific(reading, hit, wanted)
            )
            if wanted.search in ("id", "amount", "number", "percent"):
                between = len(_FILLING.sub("", region.text[: item.start]))
                score *= max(0.5, 1.0 - 0.012 * max(0, between - 4))
            made = candidate(
                reading,
                wanted,
                region.segment,
                region.start,
                item,
                score,
                f'{PLACES[region.how]} "{hit.segment.text[hit.start : hit.end]}"',
                how=region.how,
            )
            made.label, made.place_id, made.label_words = hit.key, id(hit), hit.words
            made.whole = item.start <= 1 and not region.text[item.end :].strip(_MARKS)
            yield _with_town(made, region) if wanted.search == "address" else made


def _heads_numbers(hit: LabelHit, readings: list[tuple[Region, list[Found]]]) -> bool:
    """A bare `No.` over several numbers, or not in the head of the page, is not that of the document."""
    below = sum(bool(found) for region, found in readings if region.how == "below")
    return hit.key == "no" and (below > 1 or hit.segment.y0 > _HEAD * hit.segment.page.page.height)


def _with_town(made: Candidate, region: Region) -> Candidate:
    """An address to its end: a street goes on with the line of postal code and town under it."""
    segment, value = region.segment, str(made.value)
    if POSTAL_CITY.search(value) or len(value) < len(region.text.strip(" ,;")):
        return made
    words, parts = list(made.words), [value.rstrip(" ,")]
    last = segment
    for other in segment.page.below(made.words[0].x0, made.words[-1].x1, segment.line, 3):
        near = other.y0 - last.y1 < 0.9 * last.height and abs(other.x0 - made.words[0].x0) <= 4
        if not near or len(other.words) > _MOST_OF_A_LINE:
            break
        words += other.words
        parts.append(other.text.strip(" ,"))
        last = other
        if POSTAL_CITY.search(other.text):
            text = ", ".join(parts)
            return replace(
                made,
                value=text,
                raw=" ".join(word.text for word in words),
                words=tuple(words),
                match="normalized",
            )
    return made


def _is_another_label(reading: Reading, wanted: Wanted, hit: LabelHit, region: Region, item: Found) -> bool:
    """The text is a label itself, or begins with the one that points at it: `Loan agent's office` under `Loan agent`."""
    if wanted.search in _WORDY and reading.is_label(region.segment) and region.segment is not hit.segment:
        return True
    own = region.how == "below" and hit.words > 1 and wanted.kind == "string"
    return own and label_key(str(item.value)).startswith(hit.key)


def _range_part(wanted: Wanted, hit: LabelHit) -> bool:
    """The label names a period and the field wants its end: the second date."""
    return (
        "period" in hit.concepts
        and "period_end" in wanted.concepts
        and wanted.concepts["period_end"] >= 0.6
        and "period_end" not in hit.concepts
    )


_GENERIC = frozenset(
    [
        "date",
        "datum",
        "fecha",
        "no",
        "name",
        "total",
        "amount",
        "from",
        "to",
        "and",
        "company",
        "store",
        "end",
        "start",
        "period",
        "number",
        "price",
        "sum",
        "time",
    ]
)


_OF_A_PARTY = frozenset(
    (
        "vat_id",
        "tax_number",
        "fiscal_code",
        "company_registration",
        "iban",
        "phone",
        "email",
        "fax",
        "website",
    )
)
_DOCUMENT_WORDS = frozenset(
    "quotation quote offer angebot devis offerte presupuesto orcamento oferta tilbud offert tarjou preventivo invoice taxinvoice order contract receipt rechnung facture factuur factura customer purchaseorder bonnummer recibo pedido".split()
)
"""Words that name a document rather than its number."""


_BILLED = (
    "invoice",
    "billing",
    "statement",
    "reporting",
    "rechnung",
    "abrechnung",
    "facturation",
    "factu",
    "fattura",
)
_RUN = ("flight", "campaign", "order", "contract", "schedule", "broadcast", "kampagne", "campagne", "campana")


def _of_another_period(hit: LabelHit, wanted: Wanted) -> bool:
    """A label names the period that is billed where that of a campaign or an order is asked for, or the other way round."""
    name, kinds = "".join(wanted.tokens), (_BILLED, _RUN)
    asked, said = ([any(word in text for word in words) for words in kinds] for text in (name, hit.key))
    ends = {"period", "period_start", "period_end"} & set(hit.concepts)
    return bool(ends) and asked != said and sum(asked) == 1 and sum(said) == 1


def _whose(wanted: Wanted) -> str:
    """Whose a field says it is by `our` or `your`."""
    words = set(split_name(wanted.path[-1]).casefold().split())
    return "seller" if "our" in words else "buyer" if "your" in words else ""


def _specific(reading: Reading, hit: LabelHit, wanted: Wanted) -> float:
    """A label of several words, or the field's own name, says more than a general word; one of the other party says less."""
    if hit.whose and "reference_number" in wanted.concepts and _whose(wanted) not in ("", hit.whose):
        return 0.4
    if wanted.kind == "date" and _of_another_period(hit, wanted):
        return 0.7
    if wanted.concept in _OF_A_PARTY:
        whose = hit.whose or reading.owner(hit.segment)
        if whose and whose != (wanted.role or "seller"):
            return 0.55
    if wanted.labels.get(hit.key, 0.0) >= 0.9 and hit.words > 1:
        return 1.0
    own = [token for token in wanted.tokens if token not in _GENERIC and len(token) > 2]
    shared = 1.0 if not own or any(token in hit.key for token in own) else 0.93
    if wanted.search == "id" and hit.key in _DOCUMENT_WORDS:
        return 0.8 * shared
    return (0.9 if hit.words == 1 and hit.key in _GENERIC else 0.98) * shared


def candidate(
    reading: Reading,
    wanted: Wanted,
    segment: Segment,
    offset: int,
    item: Found,
    score: float,
    reason: str,
    *,
    is_labelled: bool = True,
    how: How = "guess",
) -> Candidate:
    """A found value as a candidate, with the words that carry it."""
    start, end = offset + item.start, offset + item.end
    words = segment.words_between(start, end)
    raw = segment.text[start:end]
    quote = " ".join(word.text for word in words)
    match: Match = "exact" if isinstance(item.value, str) and item.value == quote else "normalized"
    return Candidate(
        wanted, item.value, raw, words, segment.page, min(1.0, score), reason, match, is_labelled, how=how
    )
