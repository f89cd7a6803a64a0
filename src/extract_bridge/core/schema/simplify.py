"""What the API honours of a schema, kept; the rest dropped with a warning, or refused where dropping would change the meaning."""

from __future__ import annotations

from typing import Any

from extract_bridge.core.errors import SchemaError
from extract_bridge.core.schema.keywords import check_keywords

_KEPT = ("title", "description", "enum", "format")
_BESIDE = ("title", "description", "enum", "const", "format")
# Not honoured by the service (schema restrictions of its documentation): said, so that nobody relies on them.
_IGNORED = (
    "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems",
    "maxItems", "uniqueItems", "dependentRequired", "if", "not", "contains", "propertyNames",
)  # fmt: skip
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
        if "const" in node:
            kept["enum"] = [node["const"]]
        if kind == "object":
            kept |= self._object(node, pointer)
            if not kept["required"]:
                del kept["required"]
        elif kind == "array":
            kept["items"] = self._node(node.get("items", {"type": "string"}), f"{pointer}/items")
        kept |= {"type": [kind, "null"] if nullable else kind}
        return _with_iso(kept)

    def _object(self, node: dict[str, Any], pointer: str) -> dict[str, Any]:
        properties = node.get("properties")
        if not isinstance(properties, dict):
            raise SchemaError(
                "an object without named properties (a free map) cannot be extracted",
                where=pointer or "/",
                hint="Name its properties, or make it a list of {key, value} objects",
            )
        walked = {
            name: self._node(item, f"{pointer}/properties/{_escaped(name)}")
            for name, item in properties.items()
        }
        required = [name for name in node.get("required", ()) if name in walked]
        return {"properties": walked, "required": required}

    def _union(self, node: dict[str, Any], pointer: str) -> dict[str, Any]:
        key = "anyOf" if "anyOf" in node else "oneOf"
        if "properties" in node or "items" in node:
            raise SchemaError(
                f"{key} beside properties or items cannot be extracted",
                where=f"{pointer}/{key}",
                hint=f"Leave {key} out, or write out one object",
            )
        for number, item in enumerate(node[key]):
            check_keywords(item, f"{pointer}/{key}/{number}")
        branches = [item for item in node[key] if item.get("type") != "null"]
        nullable = len(branches) < len(node[key])
        beside: dict[str, Any] = {name: node[name] for name in _BESIDE if name in node}
        branch = _number_of_decimal(branches) or (branches[0] if len(branches) == 1 else _one_enum(branches))
        if branch is None:
            raise SchemaError(
                "a union of several types cannot be extracted", where=pointer or "/", hint=_HINT_UNION
            )
        inner: dict[str, Any] = {**branch, **beside}
        walked = self._node(inner, pointer)
        if not nullable or "anyOf" in walked:  # a union inside a union has said its null already
            return walked
        outer: dict[str, Any] = {
            name: walked.pop(name) for name in ("title", "description") if name in walked
        }
        outer["anyOf"] = [walked, {"type": "null"}]
        return outer

    def _warn(self, node: dict[str, Any], pointer: str) -> None:
        self.warnings += [
            f"{pointer or '/'}: {key} is not honoured by the service" for key in _IGNORED if key in node
        ]


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
    nullable = "null" in kinds
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
    if "items" in node:
        return "array"
    values = node.get("enum") or ([node["const"]] if "const" in node else [])
    if values and all(isinstance(value, bool) for value in values):
        return "boolean"
    if values and all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return "integer"
    if values and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return "number"
    return "string"


def _number_of_decimal(branches: list[Any]) -> dict[str, Any] | None:
    """Pydantic writes Decimal as a number or a string of digits; a number says it all."""
    kinds = sorted(str(item.get("type")) for item in branches)
    return {"type": "number"} if kinds == ["number", "string"] else None


def _one_enum(branches: list[Any]) -> dict[str, Any] | None:
    """Several constants or enums of one type are one enum."""
    values: list[Any] = []
    kinds = set()
    for item in branches:
        kind = item.get("type") or _implied(item)
        if not isinstance(kind, str) or not ("enum" in item or "const" in item):
            return None
        values += item.get("enum") or [item["const"]]
        kinds.add(kind)
    return {"type": kinds.pop(), "enum": values} if len(kinds) == 1 else None


def _with_iso(node: dict[str, Any]) -> dict[str, Any]:
    """A date says in its description how it is to be written, because the service does not honour `format`."""
    words = _ISO_DATES.get(node.get("format", ""))
    described = node.get("description", "")
    if words is None or "ISO 8601" in described:
        return node
    return {**node, "description": f"{described} ({words})" if described else words}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
