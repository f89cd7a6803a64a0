"""Local references of a schema, replaced by what they point to; the size of the outcome is known before it is made."""

from __future__ import annotations

from typing import Any

from extract_bridge.core.errors import SchemaError
from extract_bridge.core.limits import limit

_DEFINITIONS = ("$defs", "definitions")


def inline_references(schema: dict[str, Any]) -> dict[str, Any]:
    """`schema` without `$ref` and `$defs`.

    Raises:
        SchemaError: a reference is not local, points nowhere, or runs in a circle; or the outcome would be larger than the
            limit `max_schema_properties` allows.
    """
    sizes: dict[str, int] = {}
    # Four nodes a property leave room for its type, its null and its items; 2.5 kB of references can mean 2^24 leaves.
    most = 4 * limit("max_schema_properties") + 1000
    if _size(schema, schema, sizes, ()) > most:
        raise SchemaError(
            "schema_validation: data_schema grows too large when its references are followed",
            where="/$defs",
            hint="Use fewer nested references",
        )
    root = {key: value for key, value in schema.items() if key not in _DEFINITIONS}
    inlined: dict[str, Any] = _inlined(root, schema)
    return {key: value for key, value in inlined.items() if key not in _DEFINITIONS}


def _size(node: Any, root: dict[str, Any], sizes: dict[str, int], path: tuple[str, ...]) -> int:
    """How many objects `node` becomes; each definition is counted once."""
    if isinstance(node, list):
        return sum(_size(item, root, sizes, path) for item in node)
    if not isinstance(node, dict):
        return 0
    reference = node.get("$ref")
    if isinstance(reference, str):
        if reference in path:
            raise SchemaError(
                f"{reference} refers to itself",
                where=reference,
                hint="Write out as many levels as documents have",
            )
        if reference not in sizes:
            sizes[reference] = _size(resolve(reference, root), root, sizes, (*path, reference))
        return sizes[reference] + 1
    return 1 + sum(_size(value, root, sizes, path) for key, value in node.items() if key not in _DEFINITIONS)


def _inlined(node: Any, root: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(item, root) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if isinstance(reference, str):
        target = _inlined(resolve(reference, root), root)
        beside = {key: _inlined(value, root) for key, value in node.items() if key != "$ref"}
        return {**target, **beside} if isinstance(target, dict) else target
    return {key: _inlined(value, root) for key, value in node.items()}


def resolve(reference: str, root: dict[str, Any]) -> Any:
    """What a local reference points to.

    Raises:
        SchemaError: it is not local, or points nowhere.
    """
    if not reference.startswith("#"):
        raise SchemaError(
            "a $ref outside the schema is never fetched",
            where=reference[:80],
            hint="Put the definition under $defs",
        )
    node: Any = root
    for part in reference.lstrip("#").split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, dict) or name not in node:
            raise SchemaError(
                "a $ref points nowhere", where=reference[:80], hint="Check its spelling under $defs"
            )
        node = node[name]
    return node
