"""Which meanings the words of a property's name, or of its description, may have."""

from __future__ import annotations

import re

from extract_bridge.local.engine.lexicon.phrases import HINTS, phrase_index
from extract_bridge.local.engine.money import TAX_WORDS
from extract_bridge.local.engine.text import fold

_WEAK = frozenset(
    [
        "value",
        "code",
        "text",
        "field",
        "info",
        "information",
        "detail",
        "document",
        "printed",
        "current",
        "official",
        "iso",
        "usd",
        "eur",
        "gbp",
    ]
)
_PERIOD_OF = frozenset(
    ("service", "billing", "bill", "invoice", "statement", "delivery", "reporting", "supply")
)
_PERIODS = frozenset(("period", "period_start", "period_end"))
_UNMISTAKABLE = frozenset(("vat", "iban", "bic", "email", "url", "phone"))
"""Kinds of text that one word of a name settles, whatever the others are: `nip sprzedawcy`."""
_WITH = {
    **dict.fromkeys(
        (
            "excluding",
            "exclusive",
            "without",
            "before",
            "ex",
            "excl",
            "exkl",
            "hors",
            "zonder",
            "sin",
            "senza",
            "sem",
        ),
        "excl",
    ),
    **dict.fromkeys(("including", "inclusive", "with", "inc", "incl", "inkl", "con", "com"), "incl"),
}


def about_tax(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """A name of an amount in the words of the lexicon: `total excluding gst` is `total excl tax`."""
    if not set(tokens) & TAX_WORDS:
        return tokens
    return tuple("tax" if token in TAX_WORDS else _WITH.get(token, token) for token in tokens)


def by_tokens(tokens: tuple[str, ...]) -> dict[str, float]:
    """The meanings of a name by its longest parts that are labels, with weight 0..1."""
    index = phrase_index()
    found: dict[str, float] = {}
    for size in range(len(tokens), 0, -1):
        for start in range(len(tokens) - size + 1):
            rest = [token for token in (*tokens[:start], *tokens[start + size :]) if token not in _WEAK]
            weight = 1.0 if not rest else 0.6 * size / (size + len(rest))
            if (
                size == 1
                and rest
                and tokens[start]
                in ("no", "date", "name", "total", "amount", "id", "number", "title", "code")
            ):
                weight = 0.3
            typed = size == 1 and bool(rest)
            for concept in index.get("".join(tokens[start : start + size]), ()):
                whole = (
                    size > 1 and concept.name in _PERIODS and set(rest) <= _PERIOD_OF
                )  # `service period start`, whatever the period is of
                sure = 0.9 if whole else 0.75 if typed and concept.kind in _UNMISTAKABLE else weight
                found[concept.name] = max(sure, found.get(concept.name, 0.0))
        if any(weight >= 0.9 for weight in found.values()):
            break
    return {name: weight for name, weight in found.items() if weight >= 0.5}


def by_description(description: str) -> list[str]:
    """The meanings that a description hints at."""
    folded = fold(description)
    return [concept for pattern, concept in HINTS if re.search(pattern, folded)] if folded else []
