"""Local references of a schema, replaced by what they point to; the size of the outcome is known before it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from extract_bridge.core.errors import SchemaError
from extract_bridge.core.limits import limit
from extract_bridge.core.schema.plain import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DEFINITIONS = ("$defs", "definitions")
_BRANCHES = ("anyOf", "oneOf", "allOf", "prefixItems")
_DYNAMIC = ("$dynamicRef", "$recursiveRef")
_DEEPEST = 100  # beyond it a schema is refused: Python's own stack must not decide


def inline_references(schema: dict[str, Any]) -> dict[str, Any]:
    """`schema` without `$ref` and `$defs`.

    References are followed where the normal form has schemas: not in a default, an example or a keyword that is dropped.

    Raises:
        SchemaError: a reference is not local, points nowhere, or runs in a circle; or the outcome would be larger than the
            limit `max_schema_properties` allows. `where` is the JSON pointer of the property that refers.
    """
    root = {key: value for key, value in schema.items() if key not in _DEFINITIONS}
    size, levels = _Measure(schema).of(root)
    # Four nodes a property leave room for its type, its null and its items; 2.5 kB of references can mean 2^24 leaves.
    most = 4 * limit("max_schema_properties") + 1000
    if size > most or levels > _DEEPEST:
        raise SchemaError(
            "schema_validation: data_schema grows too large when its references are followed",
            where="/$defs",
            hint="Use fewer nested references",
        )
    inlined: dict[str, Any] = _inlined(root, schema)
    return {key: value for key, value in inlined.items() if key not in _DEFINITIONS}


class _Measure:
    """How many objects a schema becomes and how many levels; each definition is measured once.

    Args:
        root: The schema that references point into.
    """

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._known: dict[str, tuple[int, int]] = {}
        self._open: list[str] = []

    def of(self, node: Any, pointer: str = "", depth: int = 0) -> tuple[int, int]:
        """(objects, levels) of `node`.

        Raises:
            SchemaError: a reference points nowhere or runs in a circle, or references follow each other too far.
        """
        if not isinstance(node, dict):
            return 0, 0
        if depth > _DEEPEST:
            raise SchemaError(
                "schema_validation: data_schema is nested too deeply when its references are followed",
                where="/$defs",
                hint="Flatten it",
            )
        inner = [self._referred(node["$ref"], pointer, depth)] if "$ref" in node else []
        inner += [self.of(child, f"{pointer}/{step}", depth + 1) for step, child in _children(node, pointer)]
        return 1 + sum(size for size, _ in inner), 1 + max((levels for _, levels in inner), default=0)

    def _referred(self, reference: Any, pointer: str, depth: int) -> tuple[int, int]:
        if not isinstance(reference, str):
            raise SchemaError(
                "a $ref is not text", where=pointer or "/", hint='Write {"$ref": "#/$defs/Name"}'
            )
        if reference in self._open:
            raise SchemaError(
                f"{reference[:80]} refers to itself",
                where=pointer or "/",
                hint="Write out as many levels as documents have",
            )
        if reference not in self._known:
            target = resolve(reference, self._root, pointer)
            self._open.append(reference)
            self._known[reference] = self.of(target, pointer, depth + 1)
            self._open.pop()
        return self._known[reference]


def _children(node: dict[str, Any], pointer: str) -> Iterator[tuple[str, Any]]:
    """The subschemas of one schema, each with its steps from there."""
    for key, value in node.items():
        if key in _DYNAMIC:
            raise SchemaError(
                f"{key} cannot be followed", where=pointer or "/", hint="Use $ref to a definition under $defs"
            )
        if key == "properties" and isinstance(value, dict):
            yield from ((f"properties/{escaped(name)}", item) for name, item in value.items())
        elif key in _BRANCHES and isinstance(value, list):
            yield from ((f"{key}/{number}", item) for number, item in enumerate(value))
        elif key == "items":
            yield key, value


def _inlined(node: Any, root: dict[str, Any]) -> Any:
    if not isinstance(node, dict):
        return node
    beside = {
        key: _changed(key, value, lambda item: _inlined(item, root))
        for key, value in node.items()
        if key != "$ref"
    }
    if "$ref" not in node:
        return beside
    target = _inlined(resolve(node["$ref"], root, ""), root)
    return {**target, **beside}


def _changed(key: str, value: Any, change: Callable[[Any], Any]) -> Any:
    """The value of one keyword with its subschemas changed."""
    if key == "properties" and isinstance(value, dict):
        return {name: change(item) for name, item in value.items()}
    if key in _BRANCHES and isinstance(value, list):
        return [change(item) for item in value]
    return change(value) if key == "items" else value


def resolve(reference: str, root: dict[str, Any], pointer: str) -> dict[str, Any]:
    """The schema that a local reference points to.

    Args:
        reference: `#`, or `#/…`: a JSON pointer, percent-encoded or not.
        root: The schema that it points into.
        pointer: JSON pointer of the property that refers, for errors.

    Raises:
        SchemaError: it is not local, points nowhere, or to something that is no schema.
    """
    if reference in ("", "#"):
        return root
    if not reference.startswith("#"):  # the reference itself is not repeated: an address may hold a secret
        raise SchemaError(
            "a $ref outside the schema is never fetched",
            where=pointer or "/",
            hint="Put the definition under $defs",
        )
    target = _found(reference[1:], root) or _found(unquote(reference[1:]), root)
    if target is None:
        raise SchemaError(
            f"a $ref points nowhere: {reference[:80]}",
            where=pointer or "/",
            hint="Write it as #/$defs/Name, and check its spelling under $defs",
        )
    if target[0] is True:
        return {}
    if not isinstance(target[0], dict):
        raise SchemaError(
            f"a $ref points to something that is no schema: {reference[:80]}",
            where=pointer or "/",
            hint="Write it as #/$defs/Name",
        )
    return target[0]


def _found(path: str, root: Any) -> tuple[Any] | None:
    if not path.startswith("/"):
        return None
    node: Any = root
    for part in path.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict) and name in node:
            node = node[name]
        elif isinstance(node, list) and name.isdecimal() and len(name) < 7 and int(name) < len(node):
            node = node[int(name)]
        else:
            return None
    return (node,)
