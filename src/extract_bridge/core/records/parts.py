"""A record cut into pages, rows or fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.core.records.renderings import Sparse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extract_bridge.core.records.model import ExtractedField, ExtractedRecord

Split = Literal["page", "row", "field"] | None


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """Some fields of a record.

    Attributes:
        unit: What tells it from the record's other parts; empty for the whole record.
        data: The record's data, what belongs elsewhere left out.
        fields: Its fields.
        pointer: For a single field or row, its JSON pointer.
        row: For a row, its 0-based place in its list.
    """

    unit: str
    data: Any = dataclasses.field(repr=False)
    fields: tuple[ExtractedField, ...]
    pointer: str | None = None
    row: int | None = None


def parts_of(record: ExtractedRecord, split_by: Split) -> Iterator[Part]:
    """The parts of a record; those without any value are left out, unless it is the whole record."""
    if split_by == "page" and record.extraction_target != "per_page":
        yield from _by_page(record)
    elif split_by == "row" and record.extraction_target != "per_table_row":
        yield from _by_row(record)
    elif split_by == "field":
        for item in record.fields.values():
            if item.value is not None:
                yield _part(record, item.pointer, [item], pointer=item.pointer)
    else:
        yield Part("", record.data, tuple(record.fields.values()))


def _by_page(record: ExtractedRecord) -> Iterator[Part]:
    """One part a page; a field belongs to the page of its first citation, one without to the first page there is."""
    pages: dict[int, list[ExtractedField]] = {}
    homeless: list[ExtractedField] = []
    for field in record.fields.values():
        page = next((citation.page for citation in field.citations if citation.page is not None), None)
        (homeless if page is None else pages.setdefault(page, [])).append(field)
    if not pages:
        yield Part("", record.data, tuple(record.fields.values()))
        return
    first = min(pages)
    for page in sorted(pages):
        fields = [*pages[page], *(homeless if page == first else ())]
        yield _part(record, f"/page:{page}", fields)


def _by_row(record: ExtractedRecord) -> Iterator[Part]:
    """One part for each item of a top-level list of objects, and one for the rest."""
    rows: dict[tuple[str, int], list[ExtractedField]] = {}
    rest: list[ExtractedField] = []
    for field in record.fields.values():
        steps = field.pointer.split("/")
        holder = record.data.get(steps[1].replace("~1", "/").replace("~0", "~"))
        if isinstance(holder, list) and len(steps) > 3:  # "", list, index, property: an object's property
            rows.setdefault((steps[1], int(steps[2])), []).append(field)
        else:
            rest.append(field)
    if any(field.value is not None for field in rest):
        yield _part(record, "/rest" if rows else "", rest)
    for (name, index), fields in rows.items():
        pointer = f"/{name}/{index}"
        yield _part(record, pointer, fields, pointer=pointer, row=index)


def _part(record: ExtractedRecord, unit: str, fields: list[ExtractedField], **place: Any) -> Part:
    data = only(record.data, (field.pointer for field in fields))
    return Part(unit, data, tuple(fields), **place)


def only(data: Mapping[str, Any], pointers: Iterable[str]) -> dict[str, Any]:
    """`data` with these leaves alone; lists become `Sparse`, so that places stay. The work grows with the leaves, not with the data."""
    kept: dict[str, Any] = {}
    for pointer in pointers:
        old: Any = data
        new: Any = kept
        for step in pointer.split("/")[1:]:
            key: Any = int(step) if isinstance(old, list) else step.replace("~1", "/").replace("~0", "~")
            old = old[key]
            places = new.items if isinstance(new, Sparse) else new
            if key not in places:
                places[key] = {} if isinstance(old, Mapping) else Sparse() if isinstance(old, list) else old
            new = places[key]
    return kept
