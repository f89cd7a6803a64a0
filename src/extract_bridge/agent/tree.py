"""JSON trees as rows of leaves: cut after so many leaves and put together again."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LeafPath = tuple[str | int, ...]


def leaves(value: Any) -> Iterator[tuple[LeafPath, Any]]:
    """Every leaf with its path, in document order. An empty container is a leaf. Lazy, and no recursion."""
    if not _is_branch(value):
        yield (), value
        return
    stack: list[tuple[LeafPath, Iterator[tuple[str | int, Any]]]] = [((), _children(value))]
    while stack:
        path, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            continue
        below = (*path, child[0])
        if _is_branch(child[1]):
            stack.append((below, _children(child[1])))
        else:
            yield below, child[1]


def build(items: Iterable[tuple[LeafPath, Any]], empty: Any) -> Any:
    """The tree with these leaves, which are a prefix of a tree's leaves; `empty` where there are none."""
    root: Any = empty
    for path, leaf in items:
        if not path:
            return leaf
        if root is empty:
            root = _container(path[0])
        _put(root, path, leaf)
    return root


def pointer(path: Sequence[str | int]) -> str:
    """The RFC 6901 pointer of a path."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def row_start(paths: Sequence[LeafPath], cut: int) -> int:
    """Where a cut before leaf number `cut` is moved back to, so that no row of a list is torn.

    The outermost list whose row begins in the second half of what would be shown decides; where there is none (one row
    that is larger than all before it), the cut stays between two fields.
    """
    if cut >= len(paths):
        return cut
    path = paths[cut]
    for depth, part in enumerate(path):
        if isinstance(part, int):
            head = path[: depth + 1]
            start = cut
            while start > 0 and paths[start - 1][: depth + 1] == head:
                start -= 1
            if start * 2 >= cut and start > 0:
                return start
    return cut


def _is_branch(value: Any) -> bool:
    return isinstance(value, dict | list) and bool(value)


def _children(value: Any) -> Iterator[tuple[str | int, Any]]:
    return iter(value.items()) if isinstance(value, dict) else iter(enumerate(value))


def _container(part: str | int) -> Any:
    return [] if isinstance(part, int) else {}


def _put(root: Any, path: LeafPath, leaf: Any) -> None:
    node = root
    for part, following in itertools.pairwise(path):
        if isinstance(part, int):
            if part == len(node):
                node.append(_container(following))
            node = node[part]
        else:
            node = node.setdefault(part, _container(following))
    last = path[-1]
    if isinstance(last, int):
        node.append(leaf)
    else:
        node[last] = leaf
