# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Text read as the kind of value that a field wants."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from extract_bridge.local.engine.spans import TYPED, Found, find
from extract_bridge.local.engine.values import EMPTY, Locale, coerce, fits_pattern

if TYPE_CHECKING:
    from extract_bridge.local.engine.wanted import Wanted

_LEAD = re.compile(r"^[\s:：#*=|.\-–—>)•·●▪◦‣]+")
_TAIL = re.compile(r"(?<![\s:,;|=\-–—•·●*])[\s:,;|=\-–—•·●*]++$")
_HEADING = re.compile(
    r"\d+\.\d+\.?\s|(?:section|article|exhibit|schedule|annex|appendix)\s+[\divx]", re.IGNORECASE
)
_PLATE = re.compile(r"(?=.*\d)[A-ZÄÖÜ0-9]{1,4}(?:[ -][A-ZÄÖÜ0-9]{1,4}){1,3}")
_PARTED = re.compile(r"[\w.-]+(?: [\w.-]+){0,2} / [\w.-]+(?: [\w.-]+){0,3}")
"""A reference with a name behind a stroke."""
_A_NAME = re.compile(r"[A-ZÀ-Ž][\w'’.-]+(?: [A-ZÀ-Ž][\w'’.-]+){1,2}")
_PER_SHARE = frozenset(("basic_eps", "diluted_eps"))
_MOST_PER_SHARE = 1_000  # a larger number is one of shares
_ADDRESSED = re.compile(r"[\"'“]?([^\"'“”<>@]{2,80}?)[\"'”]?\s?[<\[(]\s?[\w.+\-]{1,64}@")
"""A name with its e-mail address behind it, as in the head of a message."""
_NAME_STOP = re.compile(r"\s[•·●|]\s| tel[.: ]| fax[.: ]", re.IGNORECASE)


def read(text: str, wanted: Wanted, locale: Locale) -> list[Found]:
    """Everything in a text that can be the value of a field."""
    if wanted.choices or wanted.kind == "boolean":
        return _whole(text, wanted, locale)
    if wanted.kind == "date":
        return find("date", text, locale)
    if wanted.kind in ("number", "integer"):
        found = find(wanted.search if wanted.search in TYPED else "number", text, locale)
        if _PER_SHARE & set(wanted.concepts):
            found = [item for item in found if abs(item.value) < _MOST_PER_SHARE]
        if wanted.positive:
            found = [replace(item, value=abs(item.value)) for item in found]
        return _integers(found) if wanted.kind == "integer" else found
    found = find(wanted.search, text, locale) if wanted.search in TYPED else _text(text, wanted, locale)
    if wanted.search == "id":
        found = _spelt(text, wanted) or found
    pattern = wanted.schema.get("pattern")
    return (
        [item for item in found if fits_pattern(pattern, str(item.value))]
        if isinstance(pattern, str)
        else found
    )


def _spelt(text: str, wanted: Wanted) -> list[Found]:
    """Numbers that are more than one code: the plate of a car, and a reference that is a name."""
    body = _TAIL.sub("", text).lstrip()
    start = text.find(body)
    if "plate" in wanted.concepts and _PLATE.fullmatch(body):
        return [Found(start, start + len(body), body, 0.95)]
    names = "reference_number" in wanted.concepts and (_A_NAME.fullmatch(body) or _PARTED.fullmatch(body))
    return [Found(start, start + len(body), body, 0.8)] if names else []


def _integers(found: list[Found]) -> list[Found]:
    whole = [item for item in found if float(item.value).is_integer()]
    return [Found(item.start, item.end, int(item.value), item.certainty) for item in whole]


def _whole(text: str, wanted: Wanted, locale: Locale) -> list[Found]:
    stripped = _TAIL.sub("", text)
    lead = len(stripped) - len(stripped.lstrip())
    for part in (stripped[lead:], stripped[lead:].split(" ")[0]):
        value = coerce(part, wanted.schema, locale=locale, name=wanted.path[-1]) if part else None
        if value is not None:
            return [Found(lead, lead + len(part), value.value, 0.95)]
    return []


def _text(text: str, wanted: Wanted, locale: Locale) -> list[Found]:
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    body = _TAIL.sub("", text[start:])
    if wanted.search == "name":
        addressed = _ADDRESSED.match(body)
        body = addressed[1] if addressed else body
        start += addressed.start(1) if addressed else 0
        cut = _NAME_STOP.search(body)
        body = _TAIL.sub("", body[: cut.start()]) if cut and cut.start() > 2 else body
    if (
        not body
        or body.casefold() in EMPTY
        or body[0] in ";,)]%"
        or (wanted.search != "address" and body[0] in "([")
        or body.endswith("(")
    ):
        return []
    certainty = _plausible(body, wanted.search, locale)
    return [Found(start, start + len(body), body, certainty)] if certainty > 0 else []


def _plausible(body: str, search: str, locale: Locale) -> float:
    letters = sum(letter.isalpha() for letter in body)
    words = body.split()
    if _HEADING.match(body) and search != "title":
        return 0.0
    if search in ("name", "city", "country", "state", "title"):
        if (
            letters < 2
            or letters < 0.45 * len(body.replace(" ", ""))
            or len(words) > 12
            or "@" in body
            or find("date", body, locale)
        ):
            return 0.0
        if search in ("city", "country", "state") and len(words) > 6:
            return 0.0
        return 0.95 if len(words) <= 7 else 0.7
    if search in ("address", "street"):
        return (
            0.9
            if letters >= 3 and re.search(r"\d", body) and len(words) <= 25
            else 0.4
            if letters >= 3
            else 0.0
        )
    if not letters and len(words) == 1:
        return 0.75  # the number of a room
    return 0.85 if letters and len(words) <= 8 else 0.55 if len(words) <= 16 else 0.2
