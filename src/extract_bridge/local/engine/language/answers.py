"""Checked replies as data and leaves: located, the parts of a document put together, invented values flagged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extract_bridge.core.records.model import ExtractedField
from extract_bridge.local.engine.evidence import cite, reading_confidence
from extract_bridge.local.engine.language.grounding import NOWHERE, locate
from extract_bridge.local.engine.language.replies import Said
from extract_bridge.local.engine.leaves import is_list, missing, pointer_of
from extract_bridge.local.engine.lists import items_schema
from extract_bridge.local.engine.values import schema_types
from extract_bridge.local.engine.wanted import is_object

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from extract_bridge.local.engine.language.grounding import Located
    from extract_bridge.local.engine.language.replies import Tree
    from extract_bridge.local.engine.leaves import Leaves
    from extract_bridge.local.engine.pageview import PageView
    from extract_bridge.local.engine.values import Locale

_NOT_STATED = "The language model says that the document does not state it."
_READ = "The language model read it, and it stands in the document."
_DERIVED = "The language model took it from these words; the value itself is not among them."
_INVENTED = "The language model gave it, but it is not in the document's words."


@dataclass(frozen=True, slots=True)
class Answered:
    """One scalar that the model gave, with where it stands."""

    said: Said
    place: Located | None

    @property
    def confidence(self) -> float:
        """0..1; that of nothing for no value."""
        if self.said.value is None:
            return 0.0
        return self.place.confidence if self.place else NOWHERE


def located(tree: Tree, schema: Mapping[str, Any], views: Sequence[PageView], locale: Locale) -> Any:
    """A reply with `Answered` in the place of every `Said`.

    Args:
        tree: The reply.
        schema: What was asked for.
        views: The pages it was asked about.
        locale: How the document writes dates and numbers.
    """
    if isinstance(tree, Said):
        place = None if tree.value is None else locate(tree.value, tree.quote, schema, views, locale)
        return Answered(tree, place)
    if isinstance(tree, list):
        items = items_schema(schema)
        return [located(item, items, views, locale) for item in tree]
    properties = schema_types(schema)[1]["properties"]
    return {name: located(item, properties[name], views, locale) for name, item in tree.items()}


def merged(first: Any, second: Any) -> Any:
    """Two parts' answers as one: the surer scalar, all items of both lists.

    Parts do not overlap, so that equal items are two items of the document.
    """
    if isinstance(first, Answered):
        return second if second.confidence > first.confidence else first
    if isinstance(first, list):
        return [*first, *second]
    return {name: merged(item, second[name]) if name in second else item for name, item in first.items()}


def as_record(tree: Any, schema: Mapping[str, Any], path: tuple[str | int, ...] = ()) -> tuple[Any, Leaves]:
    """Data and leaves of answers.

    Args:
        tree: What `located` and `merged` gave; a property that was not asked for is left out.
        schema: The schema of that part.
        path: Where it stands in its record.
    """
    leaves: Leaves = {}
    if isinstance(tree, Answered):
        leaf = _leaf(pointer_of(path), tree)
        return leaf.value, {leaf.pointer: leaf}
    if is_list(schema):
        items = items_schema(schema)
        data: list[Any] = []
        for item in tree:
            if _says_nothing(item):
                continue
            value, found = as_record(item, items, (*path, len(data)))
            data.append(value)
            leaves.update(found)
        return data, leaves
    made = {}
    for name, item in tree.items():
        made[name], found = as_record(item, schema_types(schema)[1]["properties"][name], (*path, name))
        leaves.update(found)
    return made, leaves


def _says_nothing(tree: Any) -> bool:
    if isinstance(tree, Answered):
        return tree.said.value is None
    return all(map(_says_nothing, tree.values() if isinstance(tree, dict) else tree))


def _leaf(pointer: str, item: Answered) -> ExtractedField:
    if item.said.value is None:
        return missing(pointer, _NOT_STATED)
    place = item.place
    if place is None:
        return ExtractedField(
            pointer=pointer,
            value=item.said.value,
            confidence=NOWHERE,
            extraction_confidence=NOWHERE,
            reasoning=_INVENTED,
        )
    parsing = reading_confidence(place.view.page)
    return ExtractedField(
        pointer=pointer,
        value=item.said.value,
        raw_value=" ".join(word.text for word in place.words),
        confidence=round(place.confidence * parsing, 4),
        extraction_confidence=place.confidence,
        parsing_confidence=parsing,
        citations=(cite(place.view.page, place.words, place.match),),
        reasoning=_DERIVED if place.derived else _READ,
    )


def is_invented(leaf: ExtractedField) -> bool:
    """A value of the model that no words of the document carry."""
    return leaf.value is not None and not leaf.citations


def open_paths(schema: Mapping[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every scalar and list of a schema that is not inside a list."""
    paths = []
    for name, subschema in (schema_types(schema)[1].get("properties") or {}).items():
        if is_object(subschema):
            paths += open_paths(subschema, (*path, name))
        else:
            paths.append((*path, name))
    return paths
