"""What a text is by its form: a date, a time, a number, a code, a name, or words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extract_bridge.local.engine.blocks import SUFFIX, TRADE
from extract_bridge.local.engine.dates import find_dates
from extract_bridge.local.engine.tables.match import is_number
from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIME = re.compile(
    r"\d{1,2}(?::\d\d| ?h(?: ?\d\d)?|\.\d\d ?(?:h|uhr)| ?(?:uhr|am|pm|a\.m\.|p\.m\.))(?: ?(?:h|uhr|am|pm|a\.m\.|p\.m\.))?"
    r"(?: ?[-\u2013] ?\d{1,2}[:.]\d\d.{0,4})?$"
)
_MONEY = re.compile(r"[.,]\d\d(?!\d)|[€$£]|\b(?:EUR|USD|GBP|CHF|PLN)\b")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{3,255}$")
_URL = re.compile(r"(?:https?://|www\.)\S++$|[\w-]{1,63}\.(?:com|org|net|eu|de|fr|nl|es|it|uk)(?:/\S*+)?$")
_PHONE = re.compile(r"(?:tel\.? ?)?\+?\(?\d[\d ()./-]{6,20}$", re.IGNORECASE)
_PERCENT = re.compile(r"-?\d{1,9}(?:[.,]\d{1,9})? ?%$")
_CODE = re.compile(r"#?(?=\S{0,30}\d)\S{1,40}$")
_COUNT = re.compile(r"#\d{1,9}$")
_NAME_WORD = re.compile(r"[^\W\d_][\w'\u2019.-]*+$")
_LONGEST_DATE = 5  # words: `Friday, 3rd of May 2024`
_PHRASE = 3  # words
_LONGEST_COUNT = 7  # digits
_LEAST_LETTERS = 2
_LEAST_NAME, _LONGEST_NAME = 2, 4  # words


def kinds_of(text: str) -> frozenset[str]:
    """All that a text may be: `time`, `date`, `email`, `url`, `phone`, `percent`, `number`, `money`, `whole`, `code`, `text`, `numbered`, `phrase`, `firm`, `person`."""
    bare = text.strip(" ,;")
    if _TIME.match(bare.casefold()):
        return frozenset(("time",))
    if len(bare.split()) <= _LONGEST_DATE and find_dates(bare):
        return frozenset(("date",))
    for kind, pattern in (("email", _EMAIL), ("percent", _PERCENT)):
        if pattern.match(bare):
            return frozenset((kind,))
    return frozenset(_of_digits(bare)) or frozenset(_of_words(bare))


def _of_digits(text: str) -> Iterator[str]:
    if _PHONE.match(text):
        yield "phone"
    if text.isdecimal() and len(text) > _LONGEST_COUNT:
        yield "code"
    elif is_number(text):
        yield "number"
        yield "money" if _MONEY.search(text) else "whole"
    elif " " not in text and _CODE.match(text):
        yield "code"
        if _COUNT.match(text):
            yield "whole"
            yield "number"


def _of_words(text: str) -> Iterator[str]:
    if _URL.match(text):
        yield "url"
        return
    if sum(map(str.isalpha, text)) < _LEAST_LETTERS:
        return  # a mark
    yield "text"
    words, folded = text.split(), fold(text)
    if len(words) >= _PHRASE:
        yield "phrase"
    if len(words) <= _PHRASE and any(char.isdigit() for char in text):
        yield "numbered"
    if SUFFIX.search(folded) or TRADE.search(folded):
        yield "firm"
    elif _is_name(words):
        yield "person"


def _is_name(words: list[str]) -> bool:
    """Whether words are like a person's name: two to four, the outer ones with a capital letter."""
    named = _LEAST_NAME <= len(words) <= _LONGEST_NAME and all(_NAME_WORD.match(word) for word in words)
    return named and words[0][0].isupper() and words[-1][0].isupper()
