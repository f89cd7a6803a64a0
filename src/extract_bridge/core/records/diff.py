"""What changed from one record to another: after a document was edited, or extracted again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.core.records.fields import ExtractedField
    from extract_bridge.core.records.model import ExtractedRecord

ChangeKind = Literal["added", "removed", "changed", "evidence"]
"""A value that is new, gone or another; or the same value, read in another place or with other words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field that is not as it was.

    Attributes:
        pointer: JSON pointer of the field.
        kind: What happened to it; a null that got a value is `added`, a value that became null `removed`.
        before: The field as it was; None where there was none.
        after: The field as it is; None where there is none.
    """

    pointer: str
    kind: ChangeKind
    before: ExtractedField | None
    after: ExtractedField | None

    def __repr__(self) -> str:
        """Without the values: no document text gets into logs and messages."""
        return f"<FieldChange {self.kind} {self.pointer}>"


def changes(before: ExtractedRecord, after: ExtractedRecord) -> Iterator[FieldChange]:
    """The fields that differ, in the order of `after`, then those that are gone. Confidence alone is no change."""
    old, new = before.fields, after.fields
    for pointer in [*new, *(pointer for pointer in old if pointer not in new)]:
        was, now = old.get(pointer), new.get(pointer)
        kind = _kind(was, now)
        if kind is not None:
            yield FieldChange(pointer=pointer, kind=kind, before=was, after=now)


def _kind(was: ExtractedField | None, now: ExtractedField | None) -> ChangeKind | None:
    had, has = was is not None and was.value is not None, now is not None and now.value is not None
    if had != has:
        return "added" if has else "removed"
    if was is None or now is None or not has:
        return None
    if was.value != now.value or isinstance(was.value, bool) != isinstance(now.value, bool):
        return "changed"
    return "evidence" if _places(was) != _places(now) else None


def _places(field: ExtractedField) -> list[tuple[int | None, str | None]]:
    return [(citation.page, citation.quote) for citation in field.citations]
