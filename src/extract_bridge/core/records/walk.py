"""A result and its metadata, walked side by side.

The result decides the shape, never the names in the metadata: a schema may well have properties called `confidence`, `citation`,
`reasoning` or `error`.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any

from extract_bridge.core.records.clean import Oddities, escape
from extract_bridge.core.records.evidence import CONFIDENCES, confidence_of, read_field
from extract_bridge.core.records.model import ExtractedField

SCALARS = frozenset((str, int, float, bool, type(None)))


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

    def keys(self) -> KeysView[str]:
        """The pointers."""
        return self._fields().keys()

    def values(self) -> ValuesView[ExtractedField]:
        """The fields, in the data's order."""
        return self._fields().values()

    def items(self) -> ItemsView[str, ExtractedField]:
        """Pointers and fields."""
        return self._fields().items()

    def __repr__(self) -> str:
        return f"<{len(self)} fields>"


def walk(
    data: Any, metadata: Any, pointer: str = "", reasoning: str | None = None
) -> Iterator[ExtractedField]:
    """Every leaf below `pointer`, in the result's order, nulls included."""
    if isinstance(data, Mapping):
        said = metadata if isinstance(metadata, Mapping) else {}
        around = said.get("reasoning")
        reasoning = around if isinstance(around, str) else reasoning
        for name, value in data.items():
            place, entry = f"{pointer}/{escape(str(name))}", said.get(name)
            if type(value) in SCALARS:  # a generator less for most leaves
                yield read_field(
                    place, value, _entry_of_leaf(entry) if type(entry) is list else entry, reasoning
                )
            else:
                yield from walk(value, entry, place, reasoning)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from walk(value, _entry_of_item(metadata, index), f"{pointer}/{index}", reasoning)
    else:
        yield read_field(pointer, data, _entry_of_leaf(metadata), reasoning)


def _is_sure(entry: Any) -> bool:
    """Whether nothing is odd about a leaf's entry, told from the likeliest case alone."""
    if entry is None:
        return True
    if type(entry) is not dict:
        return False
    for name in CONFIDENCES:
        if name in entry:
            value = entry[name]
            if type(value) is not float or not 0.0 <= value <= 1.0:
                return False
    return True


def _entry_of_item(metadata: Any, index: int) -> Any:
    """Items correspond by place; one entry for a whole list speaks for each of its items."""
    if isinstance(metadata, list):
        return metadata[index] if index < len(metadata) else None
    return metadata


def _entry_of_leaf(metadata: Any) -> Any:
    return metadata[0] if isinstance(metadata, list) and len(metadata) == 1 else metadata


def note_oddities(data: Any, metadata: Any, odd: Oddities, pointer: str = "") -> None:
    """Tell `odd` of lists that differ in length from their metadata, and of confidences that are none."""
    if metadata is None:
        return
    if isinstance(data, Mapping):
        said = metadata if isinstance(metadata, Mapping) else {}
        for name, value in data.items():
            entry = said.get(name)
            if type(value) not in SCALARS or not _is_sure(entry):
                note_oddities(value, entry, odd, f"{pointer}/{escape(str(name))}")
    elif isinstance(data, list):
        if isinstance(metadata, list) and len(data) != len(metadata):
            odd.add("the list and its metadata differ in length", pointer)
        for index, value in enumerate(data):
            note_oddities(value, _entry_of_item(metadata, index), odd, f"{pointer}/{index}")
    elif isinstance(entry := _entry_of_leaf(metadata), Mapping):
        said = {name: entry.get(name) for name in CONFIDENCES}
        if any(value is not None and confidence_of(value) is None for value in said.values()):
            odd.add("a confidence is no number from 0 to 1, and left out", pointer)
