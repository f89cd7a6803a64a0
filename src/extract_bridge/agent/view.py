"""Part of a result: the value at a pointer, from one of its items on; and where reading goes on after a cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extract_bridge.agent.text import clean_text, is_clean
from extract_bridge.agent.tree import pointer
from extract_bridge.core.errors import InputError
from extract_bridge.core.identity import sha256_hex

if TYPE_CHECKING:
    from extract_bridge.agent.tree import LeafPath

_SHOWN_KEYS = 10
_HINT = "Read the parent's path first; it shows what there is"


@dataclass(frozen=True, slots=True)
class View:
    """What one answer may show.

    Items are the elements of a list, the members of an object, or the characters of a text (as it is shown, without
    hidden characters).

    Attributes:
        root: The whole result.
        base: Path of the value that is looked at, in it.
        start: Its first item that is shown.
        value: Its items from `start` on, as many as were asked for.
        size: How many items it has.
        end: The first item that is not in `value` any more.
    """

    root: Any
    base: LeafPath
    start: int
    value: Any
    size: int
    end: int

    @classmethod
    def whole(cls, root: Any) -> View:
        """All of a result."""
        return cls.at(root, (), 0, None)

    @classmethod
    def at(cls, root: Any, base: LeafPath, start: int, limit: int | None) -> View:
        """The value at `base`, `limit` items from `start` on; None is all of them.

        Raises:
            InputError: the value has no such item.
        """
        value = follow(root, base)
        size = _size(value)
        if start > size or (start == size and start > 0):
            raise InputError(
                f"offset is behind the end: the value has {size} items",
                code="offset_out_of_range",
                where="offset",
                hint="Everything was read; do not go on",
            )
        end = size if limit is None else min(start + limit, size)
        return cls(root, base, start, _part(value, start, end), size, end)

    def absolute(self, path: LeafPath) -> LeafPath:
        """The path in the whole result of a path in `value`."""
        if path and isinstance(path[0], int):
            return (*self.base, path[0] + self.start, *path[1:])
        return (*self.base, *path)

    def rest_from(self, path: LeafPath, *, include: bool, character: int = 0) -> list[dict[str, Any]]:
        """What is left to read: calls whose answers, with what is already shown, are the whole view's value.

        Args:
            path: Path in `value` of the leaf where the cut is.
            include: Whether that leaf is left too.
            character: Of a leaf that is shown in part, its first character that is not.
        """
        where = self.absolute(path)
        left: list[dict[str, Any]] = []
        if character:
            left.append(_reading(where, character + (0 if path else self.start)))
            include = False
        for depth in range(len(where) - 1, len(self.base) - 1, -1):
            container = follow(self.root, where[:depth])
            position = _position(container, where[depth]) + (0 if include else 1)
            if include and position == 0 and depth > len(self.base):
                continue  # nothing of this container is shown yet: it is left as a whole
            include = False
            if position < len(container):
                left.append(_reading(where[:depth], position))
        return left

    def rest_behind(self) -> list[dict[str, Any]]:
        """What is left to read of the value at `base` behind this view."""
        return [_reading(self.base, self.end)] if self.end < self.size else []


def resolve(root: Any, text: str) -> LeafPath:
    """The path that a JSON pointer names, as it is shown to a model: hidden characters are not part of names.

    Raises:
        InputError: it is no pointer, or there is no such value.
    """
    if not text or (
        text == "/" and not (isinstance(root, dict) and "" in root)
    ):  # models write / for "all of it"
        return ()
    parts = text.removeprefix("/").split("/")
    path: list[str | int] = []
    node = root
    for part in parts:
        step = _step(node, part.replace("~1", "/").replace("~0", "~"))
        if step is None:
            raise InputError(
                "there is no value at this path",
                code="no_such_path",
                where="path",
                hint=f"{_HINT}{_keys_of(node)}",
            )
        path.append(step)
        node = node[step]
    return tuple(path)


def follow(root: Any, path: LeafPath) -> Any:
    """The value at a path that is there."""
    for step in path:
        root = root[step]
    return root


def clean_path(path: LeafPath) -> LeafPath:
    """A path as it is shown."""
    return tuple(clean_key(part) if isinstance(part, str) else part for part in path)


def clean_key(key: str) -> str:
    """A member's name as it is shown; the digest keeps two names apart that differ only in what was removed."""
    return key if is_clean(key) else f"{clean_text(key)}~{sha256_hex(key)[:6]}"


def _reading(path: LeafPath, offset: int) -> dict[str, Any]:
    return {"path": pointer(clean_path(path)), "offset": offset}


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(clean_text(value))
    return len(value) if isinstance(value, list | dict) else 1


def _part(value: Any, start: int, end: int) -> Any:
    if isinstance(value, dict):
        return dict(list(value.items())[start:end])
    if isinstance(value, str) and (start > 0 or end < len(clean_text(value))):
        return clean_text(value)[start:end]
    return value[start:end] if isinstance(value, list) else value


def _position(container: Any, step: str | int) -> int:
    return step if isinstance(step, int) else list(container).index(step)


def _step(node: Any, part: str) -> str | int | None:
    if isinstance(node, list):
        return (
            int(part)
            if part.isascii() and part.isdigit() and len(part) < 10 and int(part) < len(node)
            else None
        )
    if not isinstance(node, dict):
        return None
    return part if part in node else next((key for key in node if clean_key(key) == part), None)


def _keys_of(node: Any) -> str:
    if isinstance(node, list):
        return f". Here: 0 to {len(node) - 1}" if node else ". Here is an empty list"
    if not isinstance(node, dict) or not node:
        return ""
    return f". Here: {', '.join(clean_key(key)[:60] for key in list(node)[:_SHOWN_KEYS])}"
