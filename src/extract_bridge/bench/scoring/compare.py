"""Whether an answer is the value that the truth has: numbers as numbers, dates as dates, text by how alike it is."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from rapidfuzz import fuzz

_ALIKE = 90.0
"""Per cent from which two texts are one."""
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NUMERIC = re.compile(r"(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})")


def plain(text: str) -> str:
    """A text without what does not matter: case, spaces, punctuation, the form of its characters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def same(truth: Any, answer: Any) -> bool:
    """Whether an answer that is not null is right.

    Args:
        truth: A JSON scalar that is not null.
        answer: A JSON value.
    """
    if isinstance(truth, bool) or isinstance(answer, bool):
        return truth is answer or (isinstance(truth, bool) and str(truth).casefold() == plain(str(answer)))
    if isinstance(truth, int | float):
        number = as_number(answer)
        return number is not None and abs(number - truth) <= max(1e-6 * abs(truth), 0.0049)
    if isinstance(answer, dict | list):
        return False
    day = as_date(truth)
    if day is not None and _ISO.fullmatch(truth.strip()):
        return as_date(str(answer)) == day
    return same_text(truth, str(answer))


def same_text(truth: str, answer: str) -> bool:
    """Whether two texts are one: nearly alike, and alike in every digit; short ones must be equal."""
    one, other = plain(truth), plain(answer)
    if one == other:
        return bool(one) or truth.strip() == answer.strip()
    digits = [re.sub(r"\D", "", text) for text in (one, other)]
    if min(len(one), len(other)) < 4 or digits[0] != digits[1]:
        return False
    return fuzz.ratio(one, other) >= _ALIKE


def as_number(value: Any) -> float | None:
    """A number, also from text such as `1.234,50 EUR` or `(12.00)`; the last mark with one or two digits after it is the point."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    found = re.search(r"\d[\d\s.,'\u2019]*", str(value))
    if found is None:
        return None
    digits = re.sub(r"[\s'\u2019]", "", found[0]).rstrip(".,")
    marks = [letter for letter in digits if letter in ".,"]
    if marks:
        whole, last, tail = digits.rpartition(marks[-1])
        grouping = len(tail) == 3 and len(set(marks)) == 1 and re.fullmatch(r"\d{1,3}([.,]\d{3})*", whole)
        whole = re.sub(r"[.,]", "", whole)
        digits = whole + tail if grouping and (last == "," or len(marks) > 1) else f"{whole}.{tail}"
    before = str(value)[: found.start()]
    negative = "-" in before or "\u2212" in before or "(" in before
    return -float(digits) if negative else float(digits)


def as_date(value: str) -> date | None:
    """A date from `2026-03-09`, with or without a time after it, or from numbers with the day first."""
    text = value.strip()
    if found := _ISO.match(text):
        year, month, day = map(int, found.groups())
    elif found := _NUMERIC.fullmatch(text):
        day, month, year = map(int, found.groups())
        if day > 31:
            day, year = year, day
        year += 2000 if year < 70 else 1900 if year < 100 else 0
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
