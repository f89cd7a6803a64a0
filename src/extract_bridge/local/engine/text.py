# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Letters made comparable: folding, label tokens, names of properties taken apart."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "for",
        "and",
        "or",
        "in",
        "on",
        "at",
        "this",
        "that",
        "be",
        "is",
        "are",
        "was",
        "as",
        "if",
        "per",
        "der",
        "die",
        "das",
        "des",
        "dem",
        "den",
        "ein",
        "eine",
        "eines",
        "und",
        "oder",
        "fur",
        "von",
        "im",
        "zu",
        "zur",
        "zum",
        "am",
        "mit",
        "le",
        "la",
        "les",
        "l",
        "du",
        "de",
        "d",
        "un",
        "une",
        "et",
        "ou",
        "pour",
        "au",
        "aux",
        "en",
        "het",
        "een",
        "van",
        "voor",
        "en",
        "el",
        "los",
        "las",
        "del",
        "y",
        "o",
        "para",
        "di",
        "della",
        "delle",
        "dei",
        "dello",
        "il",
        "lo",
    ]
)
"""Words that a label may have or lack without meaning something else, folded."""

_NUMBER_WORDS = frozenset(
    ["no", "nr", "n", "num", "nbr", "nummer", "number", "numero", "nro", "#", "№", "nos"]
)
_COMPOUND = re.compile(r"^([a-z]{4,}?)s?(?:nummer|nr|number)$")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
LABEL_PIECE = re.compile(r"[^\W\d_]+|\d+|[#№]")
"""One word of a folded label, in whatever script, one number or one sign for a number."""
_WHOLE_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"}
)  # NFKD takes no stroke off


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """Lower case, without accents and strokes; `ß` as `ss`, typographic quotes as plain ones."""
    text = text.replace("№", "#").replace("º", "o").replace("°", "o")
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return kept.translate(_WHOLE_LETTERS).replace("’", "'")


def canonical(token: str) -> str:
    """One spelling of a label word: `Nr`, `No` and `#` are `no`; plural endings go; `Rechnungsnr` ends in `no`."""
    if token in _NUMBER_WORDS:
        return "no"
    compound = _COMPOUND.match(token)
    if compound:
        return compound[1] + "no"
    if len(token) > 3 and token.endswith("s") and not token.endswith(("ss", "us", "is")):
        return token[:-1]
    return token


@lru_cache(maxsize=16_384)
def label_tokens(text: str) -> tuple[str, ...]:
    """The words of a label, folded and canonical, stop words left out (unless nothing else is there)."""
    pieces = LABEL_PIECE.findall(fold(text))
    kept = tuple(canonical(piece) for piece in pieces if piece not in STOP_WORDS)
    return kept or tuple(canonical(piece) for piece in pieces)


@lru_cache(maxsize=16_384)
def label_key(text: str) -> str:
    """A label as one string without spaces, so that `Sub-total`, `Sub Total` and `Subtotal` are the same."""
    return "".join(label_tokens(text))


def split_name(name: str) -> str:
    """A property name as words: `dueDate`, `due_date` and `due-date` give `due date`."""
    return " ".join(part for part in re.split(r"[\s_\-./]+", _CAMEL.sub(" ", name)) if part)
