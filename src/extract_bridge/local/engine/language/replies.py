"""A model's reply, checked: what fits is kept as a tree of `Said`, what does not is told for the repair round."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry

from extract_bridge.local.engine.leaves import is_list, pointer_of
from extract_bridge.local.engine.lists import items_schema
from extract_bridge.local.engine.values import choices_of, kind_of, schema_types
from extract_bridge.local.engine.wanted import is_object

_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)
_MOST_DEPTH = 24
_NO_REFERENCES: Any = Registry()  # a reference to elsewhere must not be fetched


@dataclass(frozen=True, slots=True)
class Said:
    """One scalar as the model gave it; `value` is None where it says that the document has none."""

    value: Any = None
    quote: str | None = None


Tree = dict[str, Any] | list[Any] | Said
"""A reply: objects, lists, and `Said` for every scalar."""


@dataclass(slots=True)
class Reply:
    """A reply as far as it fits.

    Attributes:
        tree: What fits; None where nothing did.
        problems: What did not, one sentence each, with its pointer and never with a value.
    """

    tree: Tree | None = None
    problems: list[str] = field(default_factory=list)


def read_reply(text: str, schema: Mapping[str, Any]) -> Reply:
    """Check a reply against the part of the user's schema that was asked for.

    Args:
        text: The model's; fences and words around the JSON are forgiven.
        schema: The user's part, not that of the reply.
    """
    reply = Reply()
    try:
        content = json.loads(_json_in(text), parse_constant=_no_number)
    except (ValueError, RecursionError):
        reply.problems.append("it is no JSON object")
        return reply
    if not isinstance(content, dict):
        reply.problems.append("it is no JSON object")
        return reply
    reply.tree = _checked(content, schema, (), reply.problems)
    return reply


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _json_in(text: str) -> str:
    fenced = _FENCE.search(text)
    inner = fenced[1] if fenced else text
    start, end = inner.find("{"), inner.rfind("}")
    return inner[start : end + 1] if 0 <= start < end else inner


def _checked(
    content: Any, schema: Mapping[str, Any], path: tuple[str | int, ...], problems: list[str]
) -> Tree:
    if is_object(schema):
        return _object(content, schema, path, problems)
    if is_list(schema):
        if not isinstance(content, list):
            problems.append(f"{pointer_of(path)} is no list")
            return []
        if len(path) > _MOST_DEPTH:
            return []
        items = items_schema(schema)
        return [_checked(item, items, (*path, place), problems) for place, item in enumerate(content)]
    return _scalar(content, schema, path, problems)


def _object(
    content: Any, schema: Mapping[str, Any], path: tuple[str | int, ...], problems: list[str]
) -> dict[str, Any]:
    properties = schema_types(schema)[1]["properties"]
    if not isinstance(content, Mapping):
        problems.append(f"{pointer_of(path) or 'the root'} is no object")
        content = {}
    tree = {}
    for name, subschema in properties.items():
        if not isinstance(subschema, Mapping):
            continue
        if name not in content:
            problems.append(f"{pointer_of((*path, name))} is missing")
            tree[name] = _nothing(subschema)
        else:
            tree[name] = _checked(content[name], subschema, (*path, name), problems)
    return tree


def _nothing(schema: Mapping[str, Any]) -> Tree:
    if is_object(schema):
        properties = schema_types(schema)[1]["properties"]
        return {name: _nothing(item) for name, item in properties.items() if isinstance(item, Mapping)}
    return [] if is_list(schema) else Said()


def _scalar(
    content: Any, schema: Mapping[str, Any], path: tuple[str | int, ...], problems: list[str]
) -> Said:
    value, quote = (
        (content.get("value"), content.get("quote")) if isinstance(content, Mapping) else (content, None)
    )
    if value is None or (isinstance(value, str) and not value.strip()):
        return Said()
    value = _as_asked(value, schema)
    if value is None or not _fits(value, schema):
        problems.append(f"{pointer_of(path)}/value does not fit {_asked(schema)}")
        return Said()
    return Said(value, quote if isinstance(quote, str) and quote.strip() else None)


def _as_asked(value: Any, schema: Mapping[str, Any]) -> Any:
    """The value in the form asked for, where only the form differs: `2.0` as an integer, digits as a number, a number as a string."""
    types = schema_types(schema)[0]
    if isinstance(value, bool):
        return value if "boolean" in types else None
    if isinstance(value, float) and (not math.isfinite(value)):
        return None
    if types <= {"integer"} and isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and not types & {"string", "boolean"}:
        try:
            number = json.loads(value)
        except ValueError:
            return None
        return number if isinstance(number, int | float) and not isinstance(number, bool) else None
    if isinstance(value, int | float) and types <= {"string"}:
        return str(value)
    return value if isinstance(value, str | int | float) else None


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    _, branch = schema_types(schema)
    choices = choices_of(branch)
    if choices and value not in choices:
        return False
    keywords = {key: item for key, item in branch.items() if key not in ("enum", "const")}
    return bool(Draft202012Validator(keywords, registry=_NO_REFERENCES).is_valid(value))


def _asked(schema: Mapping[str, Any]) -> str:
    choices = choices_of(schema_types(schema)[1])
    return f"one of {choices[:20]}" if choices else f"the type {kind_of(schema)}"
