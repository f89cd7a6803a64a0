"""The keywords that the normal form is made from: each must be of the kind that JSON Schema asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable

TYPES = ("string", "number", "integer", "boolean", "object", "array")


def check_keywords(node: dict[str, Any], pointer: str) -> None:
    """Refuse a subschema whose keywords are malformed.

    Args:
        node: The subschema.
        pointer: Its JSON pointer.

    Raises:
        SchemaError: a keyword is of another kind; `where` is its JSON pointer.
    """
    for key, (is_well_formed, wanted) in _KEYWORDS.items():
        if key in node and not is_well_formed(node[key]):
            raise SchemaError(f"{key} is not {wanted}", where=f"{pointer}/{key}", hint=f"Make it {wanted}")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, dict | list)


def _is_scalars(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_scalar, value))


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_schemas(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_items(value: Any) -> bool:
    return isinstance(value, dict | bool)


def _is_members(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict | bool) for item in value)


def _is_type(value: Any) -> bool:
    named = value if isinstance(value, list) else [value]
    return bool(named) and all(isinstance(item, str) and item in (*TYPES, "null") for item in named)


_KEYWORDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "title": (_is_text, "text"),
    "description": (_is_text, "text"),
    "format": (_is_text, "text"),
    "type": (_is_type, f"one of {', '.join(TYPES)}, or a list of one of these and null"),
    "enum": (_is_scalars, "a list of text, numbers, true, false or null, with one at least"),
    "const": (_is_scalar, "text, a number, true, false or null"),
    "required": (_is_texts, "a list of property names"),
    "properties": (_is_object, "an object of schemas"),
    "items": (_is_items, "one schema"),
    "prefixItems": (_is_members, "a list of schemas"),
    "anyOf": (_is_schemas, "a list of schemas, with one at least"),
    "oneOf": (_is_schemas, "a list of schemas, with one at least"),
    "allOf": (_is_schemas, "a list of schemas, with one at least"),
}
