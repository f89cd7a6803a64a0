"""How a receipt was paid: the means beside a paid amount, and the last digits of a card among signs that hide the others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extract_bridge.local.engine.candidates import candidate
from extract_bridge.local.engine.spans import Found
from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.local.engine.candidates import Candidate
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.wanted import Wanted

_MEANS = re.compile(
    r"(?<!\w)(?:visa|master ?card|maestro|american express|amex|diners(?: club)?|discover|v ?pay|girocard|ec[ -]karte|kreditkarte|karte|carte bancaire|carta|tarjeta|debit card|credit card|card|"
    r"paypal|apple pay|google pay|ideal|bancontact|multibanco|mb ?way|blik|swish|vipps|mobilepay|twint|dankort|cash|bargeld|bar|especes|contanti|contante|efectivo|dinheiro|gotowka|kontant|kateinen|hotove)(?!\w)"
)
_HIDDEN = re.compile(r"(?:[*•.#]|(?<![A-Za-z])[xX]){3,16}[\s-]?(\d{4})(?!\d)|(?<=[xX]{4})(\d{4})(?!\d)")
_SCORE_OF_MEANS, _SCORE_OF_DIGITS = 0.6, 0.72
_MOST_WORDS = 5


def payment_candidates(reading: Reading, fields: Sequence[Wanted]) -> Iterator[Candidate]:
    """Means of payment and digits of cards that no label points at."""
    for wanted in fields:
        if wanted.kind != "string" or wanted.choices:
            continue
        if wanted.concepts.get("payment_method", 0.0) >= _SCORE_OF_MEANS:
            yield from _means(reading, wanted)
        elif "card" in wanted.tokens and _asks_digits(wanted):
            yield from _digits(reading, wanted)


def _asks_digits(wanted: Wanted) -> bool:
    return bool(set(wanted.tokens) & {"last", "last4", "digit", "4", "four", "ending"})


def _means(reading: Reading, wanted: Wanted) -> Iterator[Candidate]:
    """The word for a means of payment at the beginning of a line that says what was paid."""
    seen: set[str] = set()
    for amount in reading.amounts():
        line = amount.segment.page.lines[amount.segment.line]
        for segment in line[:1]:
            match = _MEANS.match(fold(segment.text).lstrip())
            if match is None or len(segment.words) > _MOST_WORDS or match.group() in seen:
                continue
            seen.add(match.group())
            text = segment.text[: match.end()]
            item = Found(0, match.end(), text, 1.0)
            score = _SCORE_OF_MEANS - 0.12 * (len(seen) - 1)
            yield candidate(
                reading,
                wanted,
                segment,
                0,
                item,
                score,
                "a means of payment beside an amount",
                is_labelled=False,
            )


def _digits(reading: Reading, wanted: Wanted) -> Iterator[Candidate]:
    """The digits behind signs that hide the rest of a card's number, where the document shows one card."""
    spots = [
        (segment, match.start(group), match[group])
        for view in reading.views
        for segment in view.segments
        for match in _HIDDEN.finditer(segment.text)
        for group in (1, 2)
        if match[group]
    ]
    if len({digits for _, _, digits in spots}) == 1:
        segment, start, digits = spots[0]
        item = Found(start, start + len(digits), digits, 1.0)
        yield candidate(
            reading,
            wanted,
            segment,
            0,
            item,
            _SCORE_OF_DIGITS,
            "the digits of a card that are shown",
            is_labelled=False,
        )
