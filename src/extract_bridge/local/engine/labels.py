# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Where labels stand on a page: an index by phrase, and hits that take the longest label first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.local.engine.lexicon.phrases import phrase_index
from extract_bridge.local.engine.text import STOP_WORDS, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.local.engine.pageview import PageView, Segment, Token
    from extract_bridge.local.engine.wanted import Wanted

_LONGEST = 8
_ALSO: dict[str, tuple[tuple[str, float], ...]] = {
    "period_start": (("period", 0.97),),
    "period_end": (("period", 0.97),),
    "street": (("address", 0.75),),
    "address": (("street", 0.7),),
    "buyer": (("policy_holder", 0.9), ("guest", 0.85), ("passenger", 0.85)),
    "seller": (("payee", 0.6), ("insurer", 0.9)),
    "unit_price": (("total", 0.8),),
    "account_number": (("iban", 0.85), ("giro", 0.8)),
    "document_number": (("invoice_number", 0.8), ("receipt_number", 0.8), ("delivery_number", 0.85)),
    "invoice_number": (("document_number", 0.95),),
    "receipt_number": (("document_number", 0.95),),
    "delivery_number": (("document_number", 0.95),),
}
"""Meanings whose labels also point at values of another meaning, with weight."""
_DOCUMENT_NUMBERS = frozenset(
    (
        "document_number",
        "invoice_number",
        "receipt_number",
        "delivery_number",
        "certificate_number",
        "estimate_number",
        "contract_number",
        "order_number",
        "booking_number",
    )
)
_REGISTERS = frozenset(
    (
        "siren",
        "siret",
        "rcs",
        "kvk",
        "hrb",
        "cvr",
        "nif",
        "cif",
        "rea",
        "krs",
        "regon",
        "nip",
        "ico",
        "dic",
        "abn",
        "acn",
        "bsn",
    )
)
"""Registers whose numbers are told apart by name."""
_OWN_NUMBER = 0.75
_ANSWER = "no"
"""A text that is an answer where it stands by itself; as a label of a number it has a dot, a colon or the number behind it."""
_SMALL_WORD = re.compile(r"[\s.'’]{1,3}([^\W\d_]{1,5})(?![\w'’]|[-/]\w)")
_PREPOSITIONS = STOP_WORDS | {"vom", "al", "del", "dal", "beim", "vor", "nach", "dnia"}
_OURS = r"our|unsere?|notre|nos|ons|onze|nuestr[oa]|nostr[oa]|noss[oa]|nasze?|nase|n[aá]š|v[åa]re?|vores"
_YOURS = r"your|ihre?|votre|vos|uw|sus?|vuestr[oa]|vostr[oa]|voss[oa]|wasze?|vase|v[aá]š|ert?|deres|jeres"
_WHOSE = re.compile(rf"\W{{0,3}}(?:(?P<ours>{_OURS})|{_YOURS})\s", re.IGNORECASE)
_OPENED = re.compile(r"[\"“”„«‘]$")
_CLOSED = re.compile(r"[\"“”»’](?!\s?:)")
_OR = re.compile(r"[.:]?\s?[/|]\s?")
_OTHER_LANGUAGE = re.compile(r"[^\W\d_][^\d:/]{1,24}\s?/\s?")
_ONLY_MARKS = re.compile(r"[\s:：.#\-–—*/()\[\]|_]*")


@dataclass(eq=False, slots=True)
class LabelHit:
    """A label found in a segment.

    Attributes:
        segment: Where.
        start: First character in the segment's text.
        end: One behind the last character of the label, marks like `:` not included.
        key: The label as `label_key`.
        concepts: The meanings it may have.
        quality: 0..1, how much it looks like a label rather than a word in a sentence.
        words: How many words the label has.
        alone: Nothing but marks follows it in its segment.
        colon: A colon follows it.
    """

    segment: Segment
    start: int
    end: int
    key: str
    concepts: tuple[str, ...]
    quality: float
    words: int
    alone: bool
    colon: bool

    @property
    def whose(self) -> str:
        """`seller` for a label after `our`, `buyer` for one after `your`, else empty: whoever writes says `our`."""
        found = _WHOSE.fullmatch(self.segment.text[: self.start]) or _WHOSE.match(
            self.segment.text[self.start :]
        )
        return "" if found is None else "seller" if found["ours"] else "buyer"

    @property
    def x0(self) -> float:
        """Left edge of the label's own words."""
        return self.segment.words_between(self.start, self.end)[0].x0

    @property
    def x1(self) -> float:
        """Right edge of the label's own words."""
        return max(word.x1 for word in self.segment.words_between(self.start, self.end))


class LabelIndex:
    """Which labels are looked for: those of the wanted fields and every phrase of the lexicon."""

    def __init__(self, fields: Sequence[Wanted]) -> None:
        self.fields_of: dict[str, list[tuple[Wanted, float]]] = {}
        self.by_concept: dict[str, list[tuple[Wanted, float]]] = {}
        for wanted in fields:
            for key, weight in wanted.labels.items():
                self.fields_of.setdefault(key, []).append((wanted, weight))
            for concept, weight in wanted.concepts.items():
                for name, share in ((concept, 1.0), *_ALSO.get(concept, ())):
                    self.by_concept.setdefault(name, []).append((wanted, weight * share))
        if "document_date" not in self.by_concept:  # the date of an order is that of the document
            self.by_concept["document_date"] = [
                (wanted, 0.8 * weight) for wanted, weight in self.by_concept.get("order_date", ())
            ]
        own = next((wanted for wanted in fields if wanted.concept in _DOCUMENT_NUMBERS), None)
        if own is not None:  # `No.` alone in the head of a document is its own number
            self.fields_of.setdefault("no", []).append((own, _OWN_NUMBER))
        self._phrases = phrase_index()

    def hits(self, page: PageView) -> dict[Segment, list[LabelHit]]:
        """Every label of a page by segment, left to right, none inside another."""
        found: dict[Segment, list[LabelHit]] = {}
        for segment in page.segments:
            hits = self._in_segment(segment)
            if hits:
                found[segment] = hits
        return found

    def _in_segment(self, segment: Segment) -> list[LabelHit]:
        if segment.text.casefold() == _ANSWER:
            return []
        tokens = segment.tokens()
        hits: list[LabelHit] = []
        position = 0
        while position < len(tokens):
            size = self._longest(tokens, position)
            if size and _inside_a_word(segment.text, tokens[position].start, tokens[position + size - 1].end):
                size = 0
            if size:
                hits.append(self._hit(segment, tokens[position : position + size]))
            position += size or 1
        return _in_two_languages(hits) if len(hits) > 1 else hits

    def _longest(self, tokens: list[Token], position: int) -> int:
        key, best = "", 0
        for size in range(1, min(_LONGEST, len(tokens) - position) + 1):
            key += tokens[position + size - 1].text
            if (key in self._phrases or key in self.fields_of) and not key.isdigit():
                best = size
        return best

    def _hit(self, segment: Segment, tokens: list[Token]) -> LabelHit:
        first, last = tokens[0], tokens[-1]
        key = "".join(token.text for token in tokens)
        end = last.end + _preposition(segment.text[last.end :])
        before, after = segment.text[: first.start], segment.text[end:]
        after = re.sub(r"^\s?\([^)]{0,40}\)", "", after)
        alone = _ONLY_MARKS.fullmatch(after) is not None
        colon = re.match(r"\s?[.)#]{0,2}\s?[:：]", after) is not None
        concepts = tuple(concept.name for concept in self._phrases.get(key, ()))
        return LabelHit(
            segment,
            first.start,
            end,
            key,
            concepts,
            _quality(before, after, alone, colon, len(segment.words)),
            len(tokens),
            alone,
            colon,
        )

    def readers(self, hit: LabelHit) -> dict[Wanted, float]:
        """The wanted fields that a label speaks for, with weight 0..1."""
        weights: dict[Wanted, float] = {}
        for wanted, weight in self.fields_of.get(hit.key, ()):
            weights[wanted] = max(weight, weights.get(wanted, 0.0))
        for concept in hit.concepts:
            for wanted, weight in self.by_concept.get(concept, ()):
                if hit.key in _REGISTERS and set(wanted.tokens) & _REGISTERS - {hit.key}:
                    continue  # a SIRET is no RCS, though both are numbers of a company
                weights[wanted] = max(0.97 * weight, weights.get(wanted, 0.0))
        return weights


def _in_two_languages(hits: list[LabelHit]) -> list[LabelHit]:
    """Labels that say the same twice, as `Datum / Date`, are one label: what is behind the second belongs to both."""
    for first, second in zip(hits[-2::-1], hits[:0:-1], strict=True):
        if _OR.fullmatch(first.segment.text[first.end : second.start]) and (second.alone or second.colon):
            first.end, first.alone, first.colon = second.end, second.alone, second.colon
            first.quality = second.quality = max(first.quality, 1.0 if first.start <= 2 else 0.9)
    return hits


def _preposition(after: str) -> int:
    """How long a small word is that still belongs to the label before it: `on` in `Signed on 3 May`."""
    found = _SMALL_WORD.match(after)
    return found.end() if found and fold(found[1]) in _PREPOSITIONS else 0


def _inside_a_word(text: str, start: int, end: int) -> bool:
    """The found label is part of a longer word or code, such as `RE` in `RE-2020`.

    Scripts without capitals, which put no space between words, may have a number right behind a label.
    """
    if text[end - 1].lower() == text[end - 1].upper() and re.match(r"\d|[-_/]\d", text[end:]):
        return re.search(r"[\w_-]$", text[:start]) is not None
    return (
        re.match(r"[\w]|[-_/]\w", text[end:]) is not None or re.search(r"[\w_-]$", text[:start]) is not None
    )


def _quality(before: str, after: str, alone: bool, colon: bool, words: int) -> float:
    if _OPENED.search(before) and _CLOSED.match(after):
        return 0.1  # a word in quotes is spoken of, or defined
    starts = (
        _ONLY_MARKS.fullmatch(before) is not None
        or _WHOSE.fullmatch(before) is not None
        or ((alone or colon) and _OTHER_LANGUAGE.fullmatch(before) is not None)
    )
    follows = (
        re.match(r"\s?[#.]?\s*[-(]?\s?(?:[€$£]\s?|[A-Z]{1,4}-?)?\d", after) is not None
        or re.match(r"\s?#", after) is not None
    )
    if alone or colon:
        tail = 1.0
    elif after.rstrip().endswith(":") and not re.search(r"\d", after):
        tail = 0.25
    elif follows:
        tail = 0.9
    else:
        tail = 0.65 if words <= 8 else 0.4
    if starts:
        return tail
    if re.search(r"[:\d|;,)•·?!]\s*$", before):
        return 0.9 * tail
    return (0.75 if follows else 0.45) * tail
