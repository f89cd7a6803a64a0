"""Tables printed side by side: where a page falls into parts that are read one after the other.

Two or more tables share the same lines of a page without having anything to do with each other. Told by the line over them: one title over
each, or the same headings once for each; and by what stands below: rows of their own on both sides, and nothing that runs across.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from extract_bridge.parse.columns import is_numeric

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.parse.lines import Line

_FAR = 3.5  # line heights between two rows
_SAME_EDGE = 3.0  # points
_MOST_SIDES = 4
_MOST_ROWS = 0.6  # of the lines of a side have more than one text


@dataclass(frozen=True, slots=True)
class Beside:
    """Tables side by side.

    Attributes:
        first: The line of their titles or of their headings.
        last: Their last line.
        edges: The left edge of each.
        titled: The first line has a title over each.
    """

    first: int
    last: int
    edges: tuple[float, ...]
    titled: bool


def tables_beside(lines: Sequence[Line]) -> Iterator[Beside]:
    """The places of a page where tables stand side by side, from top to bottom."""
    at = 0
    while at < len(lines) - 1:
        found = next((item for edges in _edges(lines[at]) if (item := _below(lines, at, edges))), None)
        if found is not None:
            yield found
        at = found.last + 1 if found else at + 1


def _edges(line: Line) -> Iterator[tuple[float, ...]]:
    """The left edge of each table that a line may head: of each of its titles, or of its headings where they repeat."""
    pieces = line.segments
    texts = [piece.text for piece in pieces]
    if len(pieces) < 2 or any(is_numeric(text) or text.endswith(":") for text in texts):
        return
    for count in range(2, _MOST_SIDES + 1):
        width = len(pieces) // count
        if len(pieces) == count or (width > 1 and texts == texts[:width] * count):
            yield tuple(piece.x0 for piece in pieces[::width])


def _below(lines: Sequence[Line], first: int, edges: tuple[float, ...]) -> Beside | None:
    """The tables below a line, each from its edge up to the next one's; None where these are not tables of their own."""
    last = first
    while last + 1 < len(lines):
        line = lines[last + 1]
        near = line.y0 - lines[last].y1 <= _FAR * max(line.size, lines[last].size)
        ends = any(_crosses(piece, edges) or piece.text.endswith(":") for piece in line.segments)
        if ends or not near:
            break
        last += 1
    sides = [
        [part for line in lines[first + 1 : last + 1] if (part := _part(line, edges, side))]
        for side in range(len(edges))
    ]
    headed = len(lines[first].segments) > len(edges)
    if not all(_is_table(rows, edge, headed=headed) for rows, edge in zip(sides, edges, strict=True)):
        return None
    if max(map(len, sides)) < 2:
        return None
    return Beside(first, last, edges, titled=not headed)


def _crosses(piece: Line, edges: Sequence[float]) -> bool:
    return any(piece.x0 < edge - _SAME_EDGE and piece.x1 > edge - _SAME_EDGE for edge in edges)


def _part(line: Line, edges: Sequence[float], side: int) -> list[Line]:
    """The texts of a line that one of the tables has."""
    left = edges[side] - _SAME_EDGE
    right = edges[side + 1] - _SAME_EDGE if side + 1 < len(edges) else float("inf")
    return [piece for piece in line.segments if left <= piece.x0 < right]


def _is_table(rows: Sequence[Sequence[Line]], edge: float, *, headed: bool) -> bool:
    """Whether the lines of one side are rows that begin at its edge and, unless headings say so, end with numbers."""
    full = [row for row in rows if len(row) > 1]
    if not full or len(full) < _MOST_ROWS * len(rows):
        return False
    if (
        median(row[0].x0 for row in full) > edge + _SAME_EDGE
        and median(row[0].x0 for row in rows) > edge + _SAME_EDGE
    ):
        return False
    numbers = sum(is_numeric(row[-1].text) for row in full)
    labels = sum(row[0].text.endswith(":") for row in full)
    return labels < len(full) / 2 and (headed or numbers >= _MOST_ROWS * len(full))
