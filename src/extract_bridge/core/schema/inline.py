"""Local references of a schema, replaced by what they point to; the size of the outcome is known before it is made."""

from __future__ import annotations

from typing import Any

from extract_bridge.core.errors import SchemaError
from extract_bridge.core.limits import limit

_DEFINITIONS = ("$defs", "definitions")
_DEEPEST = 100  # beyond it a schema is refused: Python's own stack must not decide


def inline_references(schema: dict[str, Any]) -> dict[str, Any]:
    """`schema` without `$ref` and `$defs`.

    Raises:
        SchemaError: a reference is not local, points nowhere, or runs in a circle; or the outcome would be larger than the
            limit `max_schema_properties` allows.
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

    def of(self, node: Any, depth: int = 0) -> tuple[int, int]:
        """(objects, levels) of `node`.

        Raises:
            SchemaError: a reference points nowhere or runs in a circle, or references follow each other too far.
        """
        if not isinstance(node, dict | list):
            return 0, 0
        if depth > _DEEPEST:
            raise SchemaError(
                "schema_validation: data_schema is nested too deeply when its references are followed",
                where="/$defs",
                hint="Flatten it",
            )
        reference = node.get("$ref") if isinstance(node, dict) else None
        inner = [self._referred(reference, depth)] if isinstance(reference, str) else []
        inner += [self.of(value, depth + 1) for value in (node.values() if isinstance(node, dict) else node)]
        own = 1 if isinstance(node, dict) else 0
        return own + sum(size for size, _ in inner), 1 + max((levels for _, levels in inner), default=0)

    def _referred(self, reference: str, depth: int) -> tuple[int, int]:
        if reference in self._open:
            raise SchemaError(
                f"{reference[:80]} refers to itself",
                where=reference[:80],
                hint="Write out as many levels as documents have",
            )
        if reference not in self._known:
            self._open.append(reference)
            self._known[reference] = self.of(resolve(reference, self._root), depth + 1)
            self._open.pop()
        return self._known[reference]


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
