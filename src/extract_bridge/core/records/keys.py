"""Natural keys of rows: what makes a row the same row next time, wherever it stands in its table.

Without one a row is known by its place, and a row put in at the top gives every other row another id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.identity import canonical_json, sha256_hex

RowKey = str | Sequence[str] | Callable[[Mapping[str, Any]], Any]
"""Names or JSON pointers of the fields that make up the key, or a function of the row's data."""

_LONGEST = 200
_MISSING = object()


class RowKeys:
    """The keys of one job's rows, in their order.

    Args:
        row_key: See `RowKey`; None gives no row a key.

    Raises:
        ConfigurationError: it names no field; `of`: it gives a key that JSON cannot hold.
    """

    def __init__(self, row_key: RowKey | None) -> None:
        self._function = row_key if callable(row_key) else None
        names = (
            [row_key]
            if isinstance(row_key, str)
            else []
            if row_key is None or callable(row_key)
            else list(row_key)
        )
        self._pointers = [name if name.startswith("/") else "/" + name.replace(".", "/") for name in names]
        self.wanted = row_key is not None
        if self.wanted and self._function is None and not self._pointers:
            raise ConfigurationError(
                "row_key names no field", where="row_key", hint='For example row_key="sku"'
            )
        self._seen: Counter[str] = Counter()

    def of(self, data: Mapping[str, Any]) -> tuple[str | None, tuple[str, ...]]:
        """The key of the next row, and what is odd about it: a row without one is known by its place."""
        if not self.wanted:
            return None, ()
        values = (
            [self._function(data)]
            if self._function
            else [_value(data, pointer) for pointer in self._pointers]
        )
        if any(value is None or value is _MISSING for value in values):
            return None, ("the row has no natural key, and is known by its place",)
        key = _text(values)
        self._seen[key] += 1
        if self._seen[key] == 1:
            return key, ()
        return f"{key}#{self._seen[key]}", ("another row has the same natural key",)


def _text(values: Sequence[Any]) -> str:
    try:
        text = canonical_json(values[0] if len(values) == 1 else values)
    except (TypeError, ValueError):
        raise ConfigurationError(
            "the function gave a key that JSON cannot hold",
            where="row_key",
            hint="Let it return text or a whole number",
        ) from None
    return text if len(text) <= _LONGEST else sha256_hex(text)


def _value(data: Any, pointer: str) -> Any:
    """What stands at a JSON pointer."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(data, Mapping) and name in data:
            data = data[name]
        elif isinstance(data, list) and name.isdecimal() and int(name) < len(data):
            data = data[int(name)]
        else:
            return _MISSING
    return data
