"""A record cut into pages, rows or fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.core.records.renderings import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
                yield Part(
                    item.pointer, prune(record.data, item.pointer.__eq__), (item,), pointer=item.pointer
                )
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
    pointers = {field.pointer for field in fields}
    return Part(unit, prune(record.data, pointers.__contains__), tuple(fields), **place)


def prune(data: Any, keep: Callable[[str], bool], pointer: str = "") -> Any:
    """`data` with only the leaves that `keep` wants; list items that go leave `ABSENT`, so that places stay."""
    if isinstance(data, Mapping):
        kept = {
            name: prune(value, keep, f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}")
            for name, value in data.items()
        }
        kept = {name: value for name, value in kept.items() if value is not ABSENT}
        return kept if kept or not pointer else ABSENT
    if isinstance(data, list):
        items = [prune(value, keep, f"{pointer}/{index}") for index, value in enumerate(data)]
        return items if any(item is not ABSENT for item in items) else ABSENT
    return data if keep(pointer) else ABSENT
