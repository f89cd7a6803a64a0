"""Where a model's answer stands in the document's own words; numbers and words only whole, never inside longer ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz

from extract_bridge.local.engine.dates import find_dates
from extract_bridge.local.engine.numbers import find_numbers
from extract_bridge.local.engine.text import fold
from extract_bridge.local.engine.values import choices_of, schema_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from extract_bridge.core.records.model import Match
    from extract_bridge.local.engine.pageview import PageView
    from extract_bridge.local.engine.values import Locale
    from extract_bridge.parse.model import Word

_NEARLY = 92.0  # of 100; below it other words begin to pass
_SHORTEST = 6  # characters; shorter texts are nearly like too much
_EDGES = re.compile(r"^\W+|\W+$")

# How sure a model's value is, by where it stands. No model was measured: these are not calibrated.
_IN_QUOTE, _ONCE, _OFTEN, _ONLY_QUOTE, NOWHERE = 0.9, 0.8, 0.6, 0.5, 0.2


@dataclass(frozen=True, slots=True)
class Located:
    """Words that carry a value.

    Attributes:
        view: Their page.
        words: In reading order.
        match: How they carry it.
        confidence: 0..1, from how surely they are the ones.
        derived: They are the model's quote, and the value itself is not among them.
    """

    view: PageView
    words: tuple[Word, ...]
    match: Match
    confidence: float
    derived: bool = False


def locate(
    value: Any, quote: str | None, schema: Mapping[str, Any], views: Sequence[PageView], locale: Locale
) -> Located | None:
    """The best place for a value, inside the model's quote where that stands in the document.

    Args:
        value: A JSON scalar.
        quote: What the model says it read.
        schema: The value's.
        views: The pages it was asked about.
        locale: How the document writes dates and numbers.
    """
    texts = [_Words(view) for view in views]
    cited = next(iter(_runs_of(quote, texts)), None) if quote else None
    found = list(_places(value, schema, texts, locale))
    if cited is not None:
        inside = [item for item in found if _within(item, cited)]
        if inside:
            return _located(inside[0], _IN_QUOTE)
        if not found or _is_choice(schema):
            return Located(cited[0], cited[1], "fuzzy", _ONLY_QUOTE, derived=True)
    if not found or (_is_choice(schema) and quote is None):
        return None
    return _located(found[0], _ONCE if len(found) == 1 else _OFTEN)


_Place = tuple["PageView", "tuple[Word, ...]", "Match"]


def _located(place: _Place, confidence: float) -> Located:
    return Located(*place, confidence if place[2] != "fuzzy" else confidence - 0.1)


def _within(place: _Place, cited: _Place) -> bool:
    """At least half of the words: a quote may leave out the currency that belongs to a number."""
    ids = {id(word) for word in cited[1]}
    return 2 * sum(id(word) in ids for word in place[1]) >= len(place[1])


def _is_choice(schema: Mapping[str, Any]) -> bool:
    """The words of the value say little about where it comes from."""
    types, branch = schema_types(schema)
    return "boolean" in types or bool(choices_of(branch))


class _Words:
    """A page's words in reading order, each beside its folded form without signs at its ends."""

    def __init__(self, view: PageView) -> None:
        self.view = view
        kept = [(_key(word.text), word) for segment in view.segments for word in segment.words]
        self.keys = [key for key, _ in kept if key]
        self.words = tuple(word for key, word in kept if key)

    def runs(self, keys: Sequence[str]) -> Iterator[tuple[Word, ...]]:
        """Where these keys follow one another."""
        first, count = keys[0], len(keys)
        for start, key in enumerate(self.keys):
            if key == first and self.keys[start : start + count] == list(keys):
                yield self.words[start : start + count]


def _key(text: str) -> str:
    return _EDGES.sub("", fold(text))


def _runs_of(text: str, pages: Sequence[_Words]) -> Iterator[_Place]:
    """Where a text stands word for word; else where it nearly does."""
    keys = [key for key in map(_key, text.split()) if key]
    if not keys:
        return
    exact = False
    for page in pages:
        for words in page.runs(keys):
            exact = True
            same = " ".join(word.text for word in words) == " ".join(text.split())
            yield page.view, words, "exact" if same else "normalized"
    if not exact:
        yield from _nearly(" ".join(keys), pages)


def _nearly(text: str, pages: Sequence[_Words]) -> Iterator[_Place]:
    """Where a text stands but for a letter or two; its digits must be the same."""
    if len(text) < _SHORTEST:
        return
    digits = re.sub(r"\D", "", text)
    for page in pages:
        whole = " ".join(page.keys)
        if len(whole) < len(text):
            continue
        best = fuzz.partial_ratio_alignment(text, whole, score_cutoff=_NEARLY)
        if best is None or not best.score:
            continue
        words = _covered(page, best.dest_start, best.dest_end)
        if words and re.sub(r"\D", "", " ".join(_key(word.text) for word in words)) == digits:
            yield page.view, words, "fuzzy"


def _covered(page: _Words, start: int, end: int) -> tuple[Word, ...]:
    """The words of which most letters lie between two places of the joined keys."""
    kept, position = [], 0
    for key, word in zip(page.keys, page.words, strict=True):
        shared = min(end, position + len(key)) - max(start, position)
        if shared * 2 > len(key):
            kept.append(word)
        position += len(key) + 1
    return tuple(kept)


def _places(
    value: Any, schema: Mapping[str, Any], pages: Sequence[_Words], locale: Locale
) -> Iterator[_Place]:
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield from _numbers(value, pages, locale)
        return
    text = str(value)
    yield from _runs_of(text, pages)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        yield from _dates(text, pages, locale)


def _numbers(value: float, pages: Sequence[_Words], locale: Locale) -> Iterator[_Place]:
    for page in pages:
        for segment in page.view.segments:
            for number in find_numbers(segment.text, locale.numbers):
                same = number.value == value or (number.percent and number.value / 100 == value)
                if same and _whole(segment.text, number.start, number.end):
                    yield page.view, segment.words_between(number.start, number.end), "normalized"


def _whole(text: str, start: int, end: int) -> bool:
    """No letter or digit goes on at either end."""
    return not (start and text[start - 1].isalnum() and text[start].isalnum()) and not (
        end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
    )


def _dates(iso: str, pages: Sequence[_Words], locale: Locale) -> Iterator[_Place]:
    for page in pages:
        for segment in page.view.segments:
            for date in find_dates(segment.text, locale.order):
                if date.iso == iso:
                    yield page.view, segment.words_between(date.start, date.end), "normalized"
