"""Records as plain JSON and back, nothing lost."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_args

from extract_bridge.core.errors import ResultError
from extract_bridge.core.records.fields import Box, Citation, ExtractedField, Match, PageSize

if TYPE_CHECKING:
    from extract_bridge.core.records.model import ExtractedRecord

FORMAT_VERSION = 1

_HINT = "Give what to_dict() returned"
_KINDS: dict[str, Any] = {
    "data": dict, "fields": list, "citations": list, "boxes": list, "warnings": list, "extra": dict, "page_size": list,
    "page": int, "row": int, "confidence": int | float, "extraction_confidence": int | float, "parsing_confidence": int | float,
    "value": str | int | float,
}  # fmt: skip
"""What an attribute is in JSON, where it is no text."""
_PARTS = frozenset(("data", "fields", "citations", "boxes", "page_size"))


def record_to_dict(record: ExtractedRecord) -> dict[str, Any]:
    """The record as plain JSON with its `format_version`; attributes that are None or empty are left out."""
    return {
        "format_version": FORMAT_VERSION,
        **_attributes(record),
        "data": deepcopy(record.data),
        "fields": [_field_to_dict(key, item) for key, item in record.fields.items()],
    }


def attributes_from_dict(data: Any, kind: type) -> dict[str, Any]:
    """The attributes of a record that `record_to_dict` wrote.

    Args:
        data: What it wrote.
        kind: The record's class.

    Raises:
        ResultError: `data` was written by a newer version, or is no record; `where` is a JSON pointer into it.
    """
    version = data.get("format_version") if isinstance(data, Mapping) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ResultError("there is no record in it", where="/format_version", hint=_HINT)
    if version > FORMAT_VERSION:
        raise ResultError(
            f"the record has format_version {version}, this package reads up to {FORMAT_VERSION}",
            where="/format_version",
            hint="Install a newer extract-bridge",
        )
    said = _checked({key: value for key, value in data.items() if key != "format_version"}, kind, "")
    read = [_field_from_dict(item, f"/fields/{index}") for index, item in enumerate(said.pop("fields", ()))]
    if "data" not in said:
        raise ResultError("the record has no data", where="/data", hint=_HINT)
    said["warnings"] = tuple(said.get("warnings", ()))
    return {**said, "fields": {item.pointer: item for item in read}}


def _field_to_dict(pointer: str, item: ExtractedField) -> dict[str, Any]:
    return {
        **_attributes(item),
        "pointer": pointer,
        "citations": [_citation_to_dict(citation) for citation in item.citations],
    }


def _citation_to_dict(citation: Citation) -> dict[str, Any]:
    made = _attributes(citation)
    if citation.boxes:
        made["boxes"] = [[box.x, box.y, box.w, box.h] for box in citation.boxes]
    if citation.page_size is not None:
        made["page_size"] = [citation.page_size.width, citation.page_size.height]
    return made


def _attributes(item: Any) -> dict[str, Any]:
    """What is known of a dataclass; its parts that are no JSON are written by the caller."""
    written = {}
    for name in _names(type(item)):
        value = getattr(item, name)
        if name not in _PARTS and value is not None and value != () and value != {}:
            written[name] = list(value) if isinstance(value, tuple) else deepcopy(value)
    return written


def _field_from_dict(item: Any, where: str) -> ExtractedField:
    said = _checked(item, ExtractedField, where)
    if "pointer" not in said:
        raise ResultError("a field has no pointer", where=where, hint=_HINT)
    places = said.pop("citations", ())
    read = (_citation_from_dict(place, f"{where}/citations/{index}") for index, place in enumerate(places))
    return ExtractedField(citations=tuple(read), **said)


def _citation_from_dict(item: Any, where: str) -> Citation:
    said = _checked(item, Citation, where)
    if "match" in said and said["match"] not in get_args(Match):
        raise ResultError("a match is of an unknown kind", where=f"{where}/match", hint=_HINT)
    if "boxes" in said:
        said["boxes"] = tuple(
            Box(*_numbers(box, 4, f"{where}/boxes/{index}")) for index, box in enumerate(said["boxes"])
        )
    if "page_size" in said:
        said["page_size"] = PageSize(*_numbers(said["page_size"], 2, f"{where}/page_size"))
    return Citation(**said)


def _checked(item: Any, kind: type, where: str) -> dict[str, Any]:
    """The attributes of a `kind`, each of the JSON type it must have; None is as good as absent."""
    if not isinstance(item, Mapping):
        raise ResultError(f"a {kind.__name__} is no object", where=where or "/", hint=_HINT)
    names = _names(kind)
    said = {
        key: deepcopy(value) if key in ("data", "extra") else value
        for key, value in item.items()
        if value is not None
    }
    for key, value in said.items():
        wanted = _KINDS.get(key, str)
        is_flag = isinstance(value, bool) and key != "value"
        if key not in names or is_flag or not isinstance(value, wanted):
            raise ResultError(
                "the record has an unknown or misshapen part", where=f"{where}/{key}", hint=_HINT
            )
    return said


def _names(kind: Any) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind))


def _numbers(value: Any, count: int, where: str) -> list[float]:
    numbers = [item for item in value if isinstance(item, int | float)] if isinstance(value, list) else []
    if len(numbers) != count or len(value) != count:
        raise ResultError(f"there are not {count} numbers", where=where, hint=_HINT)
    return numbers
