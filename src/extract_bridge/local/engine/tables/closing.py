"""Rows of a table that are no items: sums, taxes and payments under them or between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extract_bridge.local.engine.money import meanings_of, only_tax
from extract_bridge.local.engine.tables.lexicon import concepts_of, is_total
from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.local.engine.tables.match import Property
    from extract_bridge.local.engine.tables.read import TableRow
    from extract_bridge.parse.model import Cell

_CLOSING = ("subtotal", "tax_amount", "amount_due", "amount_paid", "rounding", "change")
_SURE = 0.85
_LABEL = 3  # words of the label of a sum beside a remark
_RATE = re.compile(r"\d\s?%")
_LEADER = re.compile(r"[.·_]{5,}")
_PAYS = re.compile(
    r"(?:pag|pay|zahl|bezahl|betal|betaal|paiement|plat|zapl|maks|kart|card|cash|contant|kontant|especes|efectivo)"
)
"""How words for payments begin, which stand behind the sum of a receipt."""


def closes(row: Sequence[Cell], *, lacking: bool, after_sum: bool) -> bool:
    """Whether the row lacks what items have, or stands behind a sum, and its words are those of a tax, a sum or a payment."""
    words = fold(" ".join(cell.text for cell in row if any(char.isalpha() for char in cell.text)))
    if lacking and _LEADER.search(words):
        return True
    if after_sum and (_PAYS.match(words) is not None or (lacking and not words)):
        return True
    meant = meanings_of(words)
    if only_tax(words):
        return True
    if "tax_amount" in meant and _RATE.search(" ".join(cell.text for cell in row)):
        return True
    return (lacking or after_sum) and max(meant.get(name, 0.0) for name in _CLOSING) >= _SURE


def repeats_rates(rows: Sequence[TableRow], properties: Sequence[Property]) -> bool:
    """Whether rows say a rate of tax more than once, as items do: a list of taxes has one row for each rate."""
    rate = next(
        (
            prop.name
            for prop in properties
            if any("tax_rate" in concepts_of(phrase) for phrase in prop.phrases)
        ),
        None,
    )
    said = [" ".join(word.text for word in row.values.get(rate, ())) for row in rows] if rate else []
    return len(set(said)) < len(said)


def sums(row: Sequence[Cell]) -> bool:
    """Whether a row's first text, all of it, or a short text behind a remark says that it sums up others."""
    first = next((cell.text for cell in row if any(char.isalpha() for char in cell.text)), "")
    if is_total(first) or is_total(" ".join(cell.text for cell in row if cell.words)):
        return True
    brief = [cell.text for cell in row if cell.words and cell.text != first and len(cell.words) <= _LABEL]
    return any(is_total(text) for text in brief)
