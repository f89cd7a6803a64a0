"""Arrays that may be too long for memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any


class Rows(ABC):
    """A JSON array whose items are made one by one, anew at each iteration; its length is known."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def __iter__(self) -> Iterator[Any]: ...


def is_rows(value: Any) -> bool:
    """Whether a value is a JSON array, in memory or not."""
    return isinstance(value, list | Rows)


def rows_in(value: Any) -> Rows | list[Any]:
    """The array itself; an empty one for what is no array."""
    found: Rows | list[Any] = value if is_rows(value) else []
    return found


def in_memory(value: Any) -> Any:
    """An object whose arrays are lists; anything else as it is."""
    if isinstance(value, Mapping) and any(isinstance(item, Rows) for item in value.values()):
        return {name: list(item) if isinstance(item, Rows) else item for name, item in value.items()}
    return value
