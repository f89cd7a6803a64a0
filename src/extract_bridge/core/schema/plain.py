"""A schema as JSON types only, copied: what is no JSON is named by its place, because a silent change of it would lose a field."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from extract_bridge.core.errors import SchemaError

_LARGEST = 10**300  # a larger number is no float, so no service could answer with it
_HINT = "Use text as names, and text, finite numbers, true, false, null, lists and objects as values"


def escaped(name: str) -> str:
    """A property's name as a step of a JSON pointer; long names are shortened, since pointers are read by people."""
    shown = name if len(name) <= 200 else f"{name[:200]}…"
    return shown.replace("~", "~0").replace("/", "~1")


def plain(value: Any, pointer: str = "") -> Any:
    """A copy of a schema made of dict, list, str, int, float, bool and None.

    Args:
        value: The schema, or a part of it; its depth has been checked.
        pointer: JSON pointer of `value`.

    Raises:
        SchemaError: something in it is no JSON; `where` is its JSON pointer.
    """
    if isinstance(value, Mapping):
        return {
            _name(key, pointer): plain(item, f"{pointer}/{escaped(str(key))}") for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [plain(item, f"{pointer}/{number}") for number, item in enumerate(value)]
    if isinstance(value, str):
        return _text(value, pointer)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST:
        return int(value)
    if isinstance(value, float) and isfinite(value):
        return value
    number = isinstance(value, int | float)
    said = "a number is not finite or too large" if number else f"a {type(value).__name__} is not JSON"
    raise SchemaError(f"data_schema is not made of JSON types: {said}", where=pointer or "/", hint=_HINT)


def _name(key: Any, pointer: str) -> str:
    if isinstance(key, str):
        return _text(key, pointer)
    raise SchemaError(
        f"data_schema is not made of JSON types: a name is a {type(key).__name__}",
        where=pointer or "/",
        hint=_HINT,
    )


def _text(text: str, pointer: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair: no request could carry it
        raise SchemaError(
            "data_schema is not made of JSON types: a text is no Unicode", where=pointer or "/", hint=_HINT
        ) from None
    return str(text)
