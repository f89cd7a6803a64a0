"""What the API honours of a schema, kept; the rest dropped with a warning, or refused where dropping would change the meaning."""

from __future__ import annotations

from typing import Any

from extract_bridge.core.errors import SchemaError
from extract_bridge.core.schema.fields import resolve_type
from extract_bridge.core.schema.keywords import check_keywords
from extract_bridge.core.schema.plain import escaped

_KEPT = ("title", "description", "format")
_TYPED = ("type", "properties", "items", "prefixItems", "enum", "const", "anyOf", "oneOf")
_WORDS = ("title", "description")
_BESIDE = ("title", "description", "enum", "const", "format")
# Not honoured by the service (schema restrictions of its documentation): said, so that nobody relies on them.
_IGNORED = (
    "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems",
    "maxItems", "uniqueItems", "dependentRequired", "dependentSchemas", "if", "then", "else", "not", "contains", "propertyNames",
    "patternProperties", "minProperties", "maxProperties", "unevaluatedProperties", "unevaluatedItems",
)  # fmt: skip
_KINDS: dict[str, Any] = {"string": str, "number": (int, float), "integer": int, "boolean": bool}
_ISO_DATES = {"date": "ISO 8601 date", "date-time": "ISO 8601 date and time", "time": "ISO 8601 time"}
_HINT_UNION = "Split it into one optional property for each type"


class Simplifier:
    """Walks one schema; `warnings` grows."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def run(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The normal form of an object schema whose references are inlined.

        Raises:
            SchemaError: a union, a free map or another construct that a result could not be read back from.
        """
        return self._node(schema, "")

    def _node(self, node: Any, pointer: str) -> dict[str, Any]:
        node = {} if node is True else node
        if not isinstance(node, dict):
            raise SchemaError(
                "a property's schema is no object",
                where=pointer or "/",
                hint='Write {"type": "string"}, for example',
            )
        node = _merged(node, pointer)
        self._warn(node, pointer)
        if "anyOf" in node or "oneOf" in node:
            return self._union(node, pointer)
        kind, nullable = _type_of(node, pointer)
        kept: dict[str, Any] = {key: node[key] for key in _KEPT if key in node}
        values = _values(node)
        if None in values:
            nullable, values = True, [value for value in values if value is not None]
        if values:
            kept["enum"] = _of_type(kind, values, pointer)
        if kind == "object":
            kept |= self._object(node, pointer)
        elif kind == "array":
            kept["items"] = self._items(node, pointer)
        kept = _with_iso({**kept, "type": kind})
        if isinstance(node.get("type"), list) and nullable and not values:  # as the caller wrote it
            return {**kept, "type": [kind, "null"]}
        return _nullable(kept) if nullable else kept

    def _object(self, node: dict[str, Any], pointer: str) -> dict[str, Any]:
        properties = node.get("properties")
        if not properties:
            raise SchemaError(
                "an object without named properties (a free map) cannot be extracted",
                where=pointer or "/",
                hint="Name its properties, or make it a list of {key, value} objects",
            )
        walked = {
            name: self._node(item, f"{pointer}/properties/{escaped(name)}")
            for name, item in properties.items()
        }
        named = dict.fromkeys(node.get("required", ()))
        self.warnings += [
            f"{pointer}/required: there is no property {name[:80]!r}" for name in named if name not in walked
        ]
        required = [name for name in named if name in walked]
        return {"properties": walked, "required": required} if required else {"properties": walked}

    def _items(self, node: dict[str, Any], pointer: str) -> dict[str, Any]:
        """The schema of a list's items; a tuple is a list where all of it is of one type."""
        members = node.get("prefixItems")
        if not members:
            return self._node(node.get("items", {}), f"{pointer}/items")
        if isinstance(node.get("items"), dict):
            members = [*members, node["items"]]
        walked = [self._node(item, f"{pointer}/prefixItems/{number}") for number, item in enumerate(members)]
        bare = [{key: value for key, value in item.items() if key not in _WORDS} for item in walked]
        if any(item != bare[0] for item in bare):
            raise SchemaError(
                "a tuple of several types cannot be extracted",
                where=f"{pointer}/prefixItems",
                hint="Make it an object with a named property for each place",
            )
        return walked[0] if all(item == walked[0] for item in walked) else bare[0]

    def _union(self, node: dict[str, Any], pointer: str) -> dict[str, Any]:
        key = "anyOf" if "anyOf" in node else "oneOf"
        if "properties" in node or "items" in node or {"anyOf", "oneOf"} <= node.keys():
            raise SchemaError(
                f"{key} beside properties, items or another union cannot be extracted",
                where=f"{pointer}/{key}",
                hint=f"Leave {key} out, or write out one object",
            )
        for number, item in enumerate(node[key]):
            check_keywords(item, f"{pointer}/{key}/{number}")
        branches = [item for item in node[key] if not _is_null(item)]
        nullable = len(branches) < len(node[key])
        beside: dict[str, Any] = {name: node[name] for name in _BESIDE if name in node}
        branch = self._number_of_decimal(branches, pointer) or _one_branch(branches)
        if branch is None:
            raise SchemaError(
                "a union of several types cannot be extracted", where=pointer or "/", hint=_HINT_UNION
            )
        inner: dict[str, Any] = {**branch, **beside}
        walked = self._node(inner, pointer)
        # A union inside a union has said its null already.
        return _nullable(walked) if nullable and not resolve_type(walked)[1] else walked

    def _number_of_decimal(self, branches: list[Any], pointer: str) -> dict[str, Any] | None:
        """Pydantic writes Decimal as a number or a string of digits; a number says it all."""
        if sorted(str(item.get("type")) for item in branches) != ["number", "string"]:
            return None
        if not any("pattern" in item for item in branches):
            self.warnings.append(f"{pointer or '/'}: a number or text is asked for as a number")
        return {"type": "number"}

    def _warn(self, node: dict[str, Any], pointer: str) -> None:
        place = pointer or "/"
        self.warnings += [f"{place}: {key} is not honoured by the service" for key in _IGNORED if key in node]
        if isinstance(node.get("additionalProperties"), dict) and node.get("properties"):
            self.warnings.append(f"{place}: additionalProperties is not honoured by the service")
        if not any(key in node for key in _TYPED):
            self.warnings.append(f"{place}: no type is given, so text is asked for")


def _merged(node: dict[str, Any], pointer: str) -> dict[str, Any]:
    """`allOf` with one member is how some generators write a reference with a description."""
    check_keywords(node, pointer)
    while "allOf" in node:
        members = node["allOf"]
        if len(members) != 1:
            raise SchemaError(
                "allOf with several members cannot be extracted",
                where=f"{pointer}/allOf",
                hint="Write one object",
            )
        node = {**members[0], **{key: value for key, value in node.items() if key != "allOf"}}
        check_keywords(node, pointer)
    return node


def _type_of(node: dict[str, Any], pointer: str) -> tuple[str, bool]:
    """The one type besides null, and whether null is allowed."""
    kind = node.get("type")
    kinds = kind if isinstance(kind, list) else [kind] if kind is not None else []
    nullable = "null" in kinds or node.get("nullable") is True  # OpenAPI 3.0 says it so
    named = [item for item in kinds if item != "null"]
    if not named:
        named = [_implied(node)]
    if len(named) != 1:
        raise SchemaError(
            "a union of several types cannot be extracted", where=f"{pointer}/type", hint=_HINT_UNION
        )
    return named[0], nullable


def _implied(node: dict[str, Any]) -> str:
    if "properties" in node:
        return "object"
    if "items" in node or "prefixItems" in node:
        return "array"
    values = [value for value in _values(node) if value is not None]
    if values and all(isinstance(value, bool) for value in values):
        return "boolean"
    if values and all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return "integer"
    if values and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return "number"
    return "string"


def _is_null(item: dict[str, Any]) -> bool:
    return item.get("type") in ("null", ["null"]) or ("type" not in item and set(_values(item)) == {None})


def _values(node: dict[str, Any]) -> list[Any]:
    """The constants that a schema allows; none for any."""
    return node.get("enum") or ([node["const"]] if "const" in node else [])


def _of_type(kind: str, values: list[Any], pointer: str) -> list[Any]:
    """The constants without repetition, all of the one type: text beside numbers is a union of two types."""
    if (
        kind not in _KINDS
        or not all(isinstance(value, _KINDS[kind]) for value in values)
        or (kind != "boolean" and any(isinstance(value, bool) for value in values))
    ):
        raise SchemaError(
            f"enum has values that are no {kind}",
            where=f"{pointer}/enum",
            hint=f"Make all of them {kind}, or split the property",
        )
    return list(dict.fromkeys(values))


def _nullable(node: dict[str, Any]) -> dict[str, Any]:
    outer: dict[str, Any] = {name: node[name] for name in _WORDS if name in node}
    inner = {key: value for key, value in node.items() if key not in _WORDS}
    return {**outer, "anyOf": [inner, {"type": "null"}]}


def _one_branch(branches: list[Any]) -> dict[str, Any] | None:
    return branches[0] if len(branches) == 1 else _one_enum(branches)


def _one_enum(branches: list[Any]) -> dict[str, Any] | None:
    """Several constants or enums of one type are one enum."""
    values: list[Any] = []
    kinds = set()
    for item in branches:
        kind = item.get("type") or _implied(item)
        if not isinstance(kind, str) or not ("enum" in item or "const" in item):
            return None
        values += _values(item)
        kinds.add(kind)
    return {"type": kinds.pop(), "enum": values} if len(kinds) == 1 else None


def _with_iso(node: dict[str, Any]) -> dict[str, Any]:
    """A date says in its description how it is to be written, because the service does not honour `format`."""
    words = _ISO_DATES.get(node.get("format", ""))
    described = node.get("description", "")
    if words is None or node["type"] != "string" or "ISO 8601" in described:
        return node
    return {**node, "description": f"{described} ({words})" if described else words}
