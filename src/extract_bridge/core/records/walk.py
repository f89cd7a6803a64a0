"""A result and its metadata, walked side by side.

The result decides the shape, never the names in the metadata: a schema may well have properties called `confidence`, `citation`,
`reasoning` or `error`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from extract_bridge.core.records.evidence import read_field
from extract_bridge.core.records.model import ExtractedField


class FieldMap(Mapping[str, ExtractedField]):
    """Every leaf by JSON pointer; walked when it is first looked at.

    Args:
        data: The result object.
        metadata: What the wire says about it, of whatever shape.
    """

    def __init__(self, data: Any, metadata: Any) -> None:
        self._data = data
        self._metadata = metadata
        self._known: dict[str, ExtractedField] | None = None

    def _fields(self) -> dict[str, ExtractedField]:
        if self._known is None:
            self._known = {field.pointer: field for field in walk(self._data, self._metadata)}
        return self._known

    def __getitem__(self, pointer: str) -> ExtractedField:
        return self._fields()[pointer]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields())

    def __len__(self) -> int:
        return len(self._fields())

    def __repr__(self) -> str:
        return f"<{len(self)} fields>"


def escape(name: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def walk(
    data: Any, metadata: Any, pointer: str = "", reasoning: str | None = None
) -> Iterator[ExtractedField]:
    """Every leaf below `pointer`, in the result's order, nulls included."""
    if isinstance(data, Mapping):
        said = metadata if isinstance(metadata, Mapping) else {}
        around = said.get("reasoning")
        reasoning = around if isinstance(around, str) else reasoning
        for name, value in data.items():
            yield from walk(value, said.get(name), f"{pointer}/{escape(str(name))}", reasoning)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from walk(value, _entry_of_item(metadata, index), f"{pointer}/{index}", reasoning)
    else:
        entry = metadata[0] if isinstance(metadata, list) and len(metadata) == 1 else metadata
        yield read_field(pointer, data, entry, reasoning)


def _entry_of_item(metadata: Any, index: int) -> Any:
    """Items correspond by place; one entry for a whole list speaks for each of its items."""
    if isinstance(metadata, list):
        return metadata[index] if index < len(metadata) else None
    return metadata


def uneven_lists(data: Any, metadata: Any, pointer: str = "") -> Iterator[str]:
    """Pointers of lists whose metadata has another number of entries."""
    if isinstance(data, Mapping) and isinstance(metadata, Mapping):
        for name, value in data.items():
            yield from uneven_lists(value, metadata.get(name), f"{pointer}/{escape(str(name))}")
    elif isinstance(data, list) and isinstance(metadata, list):
        if len(data) != len(metadata):
            yield pointer
        for index, (value, entry) in enumerate(zip(data, metadata, strict=False)):
            yield from uneven_lists(value, entry, f"{pointer}/{index}")
