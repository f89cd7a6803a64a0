"""A payload as plain JSON: what JSON cannot hold becomes null and a warning, so that nothing further in has to ask."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

DEEPEST = 100
"""Levels of a result that are kept; a schema has at most 7."""

_MOST_BITS = 2048  # 617 digits: Python may be set to refuse writing integers of more than 640
_MOST_NAMED = 5
_LONGEST_POINTER = 200
_ALWAYS_CLEAN = frozenset((str, bool, type(None)))
_SURROGATES = re.compile("[\ud800-\udfff]")


class Oddities:
    """What is odd about one record: each kind once, with the places where it was seen."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}

    def add(self, what: str, pointer: str) -> None:
        """Note an oddity at a JSON pointer."""
        self._places.setdefault(what, []).append(pointer)

    def sentences(self) -> list[str]:
        """One warning for each kind, for example `/total, /tax: the confidence is …`."""
        return [_sentence(what, places) for what, places in self._places.items()]


def cleaned(value: Any, odd: Oddities, pointer: str = "", depth: int = 0) -> Any:
    """`value` made of JSON types only, at most `DEEPEST` levels deep; the very same object where nothing is odd.

    Args:
        value: Anything that a caller took for JSON.
        odd: Is told what became null or was left out.
        pointer: Of `value`, for `odd`.
        depth: Levels around `value`.
    """
    return value if _is_clean(value, depth) else _cleaned(value, odd, pointer, depth)


def _is_clean(value: Any, depth: int) -> bool:
    """Whether `cleaned` has nothing to do; nearly always so, and much faster than doing it."""
    kind = type(value)
    if kind in _ALWAYS_CLEAN:
        return True
    if kind is float:
        return math.isfinite(value)
    if kind is int:
        return bool(value.bit_length() <= _MOST_BITS)
    if depth >= DEEPEST:
        return False
    if kind is dict:
        for name, item in value.items():
            if type(name) is not str or not (type(item) in _ALWAYS_CLEAN or _is_clean(item, depth + 1)):
                return False
        return True
    return kind is list and all(_is_clean(item, depth + 1) for item in value)


def _cleaned(value: Any, odd: Oddities, pointer: str, depth: int) -> Any:
    if isinstance(value, Mapping | list | tuple):
        if depth >= DEEPEST:
            odd.add(f"what is nested deeper than {DEEPEST} levels became null", pointer)
            return None
        if isinstance(value, Mapping):
            return _object(value, odd, pointer, depth)
        items = [_cleaned(item, odd, f"{pointer}/{index}", depth + 1) for index, item in enumerate(value)]
        same = isinstance(value, list) and all(new is old for new, old in zip(items, value, strict=True))
        return value if same else items
    if value is None or is_scalar(value):
        return value
    kind = "number" if isinstance(value, int | float) else "value"
    odd.add(f"a {kind} that JSON cannot hold became null", pointer)
    return None


def is_object(value: Any) -> TypeGuard[Mapping[Any, Any]]:
    """Whether it is a JSON object; asked of every value several times, so the usual answers come first."""
    return type(value) is dict or (value is not None and isinstance(value, Mapping))


def is_scalar(value: Any) -> bool:
    """Whether JSON can hold it: text, true and false, finite numbers of up to 600 digits."""
    if isinstance(value, str | bool):
        return True
    if isinstance(value, int):
        return value.bit_length() <= _MOST_BITS
    return isinstance(value, float) and math.isfinite(value)


def encodable(text: str) -> str:
    """Text that UTF-8 can hold: each lone surrogate replaced by U+FFFD, so that places in it stay where they are."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def escape(name: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1") if "~" in name or "/" in name else name


def _object(value: Mapping[Any, Any], odd: Oddities, pointer: str, depth: int) -> Any:
    made: dict[str, Any] = {}
    for name, item in value.items():
        if isinstance(name, str):
            made[name] = _cleaned(item, odd, f"{pointer}/{escape(name)}", depth + 1)
        else:
            odd.add("a property whose name is no text was left out", pointer)
    same = isinstance(value, dict) and len(made) == len(value)
    return value if same and all(made[name] is item for name, item in value.items()) else made


def _sentence(what: str, places: Sequence[str]) -> str:
    named = ", ".join((place or "/")[:_LONGEST_POINTER] for place in places[:_MOST_NAMED])
    more = len(places) - _MOST_NAMED
    return f"{named}{f' and {more} more' if more > 0 else ''}: {what}"
