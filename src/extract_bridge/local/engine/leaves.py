"""Chosen words as leaves of a record, and records put together from leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from extract_bridge.core.records.model import ExtractedField
from extract_bridge.local.engine.assign import ALONE
from extract_bridge.local.engine.confidence import extraction_confidence
from extract_bridge.local.engine.evidence import cite, reading_confidence
from extract_bridge.local.engine.values import kind_of, schema_types
from extract_bridge.local.engine.wanted import is_object

if TYPE_CHECKING:
    from extract_bridge.local.engine.assign import Standing
    from extract_bridge.local.engine.candidates import Candidate

Leaves = dict[str, ExtractedField]
_MAX_DEPTH = 24


def pointer_of(path: tuple[str | int, ...]) -> str:
    """Steps from the root as an RFC 6901 JSON pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def leaf(pointer: str, item: Candidate, among: Standing = ALONE, *, value: Any = None) -> ExtractedField:
    """A found value with its evidence."""
    page = item.view.page
    extraction = extraction_confidence(item, among)
    parsing = reading_confidence(page, item.words)
    return ExtractedField(
        pointer=pointer,
        value=item.value if value is None else value,
        raw_value=item.raw,
        confidence=round(extraction * parsing, 4),
        extraction_confidence=extraction,
        parsing_confidence=parsing,
        citations=(cite(page, item.words, item.match),),
        reasoning=_sentence(item.reason),
    )


@lru_cache(maxsize=1_024)
def _sentence(reason: str) -> str:
    """A reason as a sentence: one text for the thousands of cells that have the same."""
    return reason[0].upper() + reason[1:] + "."


def missing(pointer: str, reason: str) -> ExtractedField:
    """A leaf for which nothing was found."""
    return ExtractedField(pointer=pointer, value=None, reasoning=reason)


def skeleton(
    schema: Mapping[str, Any], path: tuple[str | int, ...] = (), depth: int = 0
) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    """Every property that is no object with properties, with its path, in document order."""
    properties = schema_types(schema)[1].get("properties")
    if not isinstance(properties, Mapping) or depth > _MAX_DEPTH:
        return
    for name, subschema in properties.items():
        if not isinstance(subschema, Mapping):
            yield (*path, name), {}
        elif is_object(subschema) and depth < _MAX_DEPTH:
            yield from skeleton(subschema, (*path, name), depth + 1)
        else:
            yield (*path, name), subschema


def is_list(subschema: Mapping[str, Any]) -> bool:
    """The subschema describes a list."""
    return kind_of(subschema) == "array"


def put(data: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    """Set a value deep inside a record's data, making the objects on the way."""
    target: dict[str, Any] = data
    for step in path[:-1]:
        target = target.setdefault(str(step), {})
    target[str(path[-1])] = value


def empty_objects(schema: Mapping[str, Any], data: dict[str, Any], depth: int = 0) -> None:
    """Add the nested objects that have no properties below them at all."""
    properties = schema_types(schema)[1].get("properties")
    if not isinstance(properties, Mapping) or depth > _MAX_DEPTH:
        return
    for name, subschema in properties.items():
        if isinstance(subschema, Mapping) and is_object(subschema):
            empty_objects(subschema, data.setdefault(name, {}), depth + 1)
