"""A result and its metadata, walked side by side.

The result decides the shape, never the names in the metadata: a schema may well have properties called `confidence`, `citation`,
`reasoning` or `error`.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any

from extract_bridge.core.records.clean import Oddities, escape, is_object
from extract_bridge.core.records.evidence import (
    CONFIDENCES,
    EVIDENCE_KEYS,
    confidence_of,
    is_evidence,
    one_entry,
    read_field,
)
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

    def one_by_one(self) -> Iterator[ExtractedField]:
        """The fields, without walking further than is asked for."""
        return walk(self._data, self._metadata) if self._known is None else iter(self._known.values())

    def __repr__(self) -> str:
        return f"<{len(self)} fields>"


def walk(
    data: Any, metadata: Any, pointer: str = "", reasoning: str | None = None, around: Any = None
) -> Iterator[ExtractedField]:
    """Every leaf below `pointer`, in the result's order, nulls included.

    Args:
        data: The result, or a part of it.
        metadata: What is said of it, of whatever shape.
        pointer: Of `data`.
        reasoning: Of the objects around it.
        around: Evidence of the lists and objects around it; it speaks for leaves that have no entry of their own.
    """
    if is_object(data):
        said = metadata if is_object(metadata) else {}
        own = said.get("reasoning")
        reasoning = own if isinstance(own, str) else reasoning
        if not EVIDENCE_KEYS.isdisjoint(said):
            around = _evidence_of_all(said, data) or around
        for name, value in data.items():
            place, entry = f"{pointer}/{escape(str(name))}", said.get(name)
            if type(value) in SCALARS:  # a generator less for most leaves
                yield read_field(place, value, _entry_of_leaf(entry, around), reasoning)
            else:
                yield from walk(value, entry, place, reasoning, around)
    elif isinstance(data, list):
        if isinstance(metadata, Mapping):  # one entry for the whole list
            own = metadata.get("reasoning")
            reasoning = own if isinstance(own, str) else reasoning
            around, metadata = _evidence_of_all(metadata, {}) or around, None
        entries = metadata if isinstance(metadata, list) else ()
        for index, value in enumerate(data):
            entry = entries[index] if index < len(entries) else None  # they correspond by place
            yield from walk(value, entry, f"{pointer}/{index}", reasoning, around)
    else:
        yield read_field(pointer, data, _entry_of_leaf(metadata, around), reasoning)


def _evidence_of_all(said: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any] | None:
    """What an entry says of an object or list as a whole, beside what it says of the properties."""
    found = {
        name: value
        for name, value in said.items()
        if name in EVIDENCE_KEYS and name not in data and is_evidence(name, value)
    }
    return found or None


def _entry_of_leaf(entry: Any, around: Any) -> Any:
    """The entry of one value: its own, several of its own as one, or that of what it lies in."""
    if type(entry) is list:
        several = [item for item in entry if isinstance(item, Mapping)]
        entry = one_entry(several) if several else None
    return around if entry is None else entry


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


def note_oddities(data: Any, metadata: Any, odd: Oddities, pointer: str = "") -> None:
    """Tell `odd` of what cannot be used: lists of another length than their metadata, evidence of nothing, confidences that are none."""
    if metadata is None:
        return
    if is_object(data):
        said = metadata if is_object(metadata) else {}
        for name, value in data.items():
            entry = said.get(name)
            if type(value) not in SCALARS or not _is_sure(entry):
                note_oddities(value, entry, odd, f"{pointer}/{escape(str(name))}")
        if not data.keys() >= said.keys():
            _note_homeless(data, said, odd, pointer)
    elif isinstance(data, list):
        if isinstance(metadata, list) and len(data) != len(metadata):
            odd.add("the list and its metadata differ in length", pointer)
        entries = metadata if isinstance(metadata, list) else ()
        for index, (value, entry) in enumerate(zip(data, entries, strict=False)):
            note_oddities(value, entry, odd, f"{pointer}/{index}")
    else:
        _note_leaf(metadata, odd, pointer)


def _note_leaf(metadata: Any, odd: Oddities, pointer: str) -> None:
    entry = _entry_of_leaf(metadata, None)
    said = [entry.get(name) for name in CONFIDENCES] if isinstance(entry, Mapping) else []
    if any(value is not None and confidence_of(value) is None for value in said):
        odd.add("a confidence is no number from 0 to 1, and left out", pointer)


def _note_homeless(data: Mapping[str, Any], said: Mapping[str, Any], odd: Oddities, pointer: str) -> None:
    for name, entry in said.items():
        is_entry = isinstance(entry, Mapping) and _evidence_of_all(entry, {}) is not None
        if is_entry and isinstance(name, str) and name not in data and name not in EVIDENCE_KEYS:
            odd.add("there is evidence, but no value", f"{pointer}/{escape(name)}")
