"""Headings of aligned tables: which lines over the rows they are, and what each says over which column."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from extract_bridge.parse.columns import column_of, drawn_splits, is_numeric
from extract_bridge.parse.model import Cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.parse.lines import Line
    from extract_bridge.parse.model import Rule, Word

_MAX_HEADER_LINES = 6
_MOST_OVER_ROWS = 2  # a group and a group in it
_MOST_COLUMNS = 0.6
_NUMBERED = 2  # texts of a heading with its number
_SAME_PLACE = 2.0  # points
FAR = 3.5  # line heights


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over the rows of a table.

    Attributes:
        lines: Those that head its columns, from top to bottom.
        over_rows: How many lines stand between them and the first row, and are headings over some of the rows only.
    """

    lines: list[Line]
    over_rows: int = 0


def heading_of(
    rules: Sequence[Rule],
    lines: Sequence[Line],
    region: tuple[int, int],
    start: int,
    splits: Sequence[float],
    body: Sequence[Line],
) -> Heading:
    """The heading of a table.

    Args:
        rules: The drawn lines of the page.
        lines: The lines of the page.
        region: The first and the last line of the table.
        start: Its first row.
        splits: The x of the boundaries between its columns.
        body: The rows that show them.
    """
    first, last = region
    left, right = min(line.x0 for line in body), max(line.x1 for line in body)
    across = _across(rules, left, right)
    over = 0
    while over < _MOST_OVER_ROWS and start - over - 2 >= first:
        at = start - over - 1
        if not _heads_rows(lines[at - 1 : last + 1], splits, across):
            break
        over += 1
    if over and not _heads_columns(lines[start - over - 1], splits):
        over = 0
    heads = _heads(lines, first, start - over, splits, left)
    if not over and len(heads) > 1 and _is_repeated(heads[-1], lines[start : last + 1], splits):
        heads, over = heads[:-1], 1
    return Heading(_under_rule(across, heads) if not drawn_splits(rules, body) else heads, over)


def _across(rules: Sequence[Rule], left: float, right: float) -> list[float]:
    """The heights of the lines drawn over the whole width of a table."""
    return [
        (rule.y0 + rule.y1) / 2
        for rule in rules
        if rule.horizontal and rule.x0 <= left + 5 and rule.x1 >= right - 5
    ]


def _heads_columns(line: Line, splits: Sequence[float]) -> bool:
    """Whether words, and no numbers, stand over most columns."""
    if any(is_numeric(piece.text) for piece in line.segments):
        return False
    over = {column_of((piece.x0 + piece.x1) / 2, splits) for piece in line.segments}
    return len(over) > 1 and len(over) >= _MOST_COLUMNS * (len(splits) + 1)


def _heads_rows(lines: Sequence[Line], splits: Sequence[float], across: Sequence[float]) -> bool:
    """Whether the second of some lines heads rows: one text of words, apart from the heading above it by a drawn line, or like others further down, or wider than a column."""
    upper, line, *body = lines
    named = line.segments[-1]
    numbered = len(line.segments) == _NUMBERED and is_numeric(line.segments[0].text)
    if (len(line.segments) > 1 and not numbered) or is_numeric(named.text) or not named.text[0].isalnum():
        return False
    if any(upper.middle < y < line.middle for y in across):
        return True
    return _is_wide(line, splits) or _is_repeated(line, body, splits)


def _is_wide(line: Line, splits: Sequence[float]) -> bool:
    """Whether one text runs over the boundary after the first column, so that it can head no column."""
    return line.x0 < splits[0] and crosses_from_first(line, splits)


def _is_repeated(line: Line, body: Sequence[Line], splits: Sequence[float]) -> bool:
    """Whether lines further down stand alone as a line does, over rows rather than under them, and so head rows as it does.

    It begins in the first column as they do, or is in the middle of the table as they are.
    """

    def alone(item: Line) -> bool:
        if len(item.segments) != len(line.segments) or is_numeric(item.segments[-1].text):
            return False
        begins = abs(item.x0 - line.x0) <= _SAME_PLACE and max(item.x0, line.x0) < splits[0]
        centred = abs(item.x0 + item.x1 - line.x0 - line.x1) <= 2 * _SAME_PLACE
        return begins or (centred and line.x0 > splits[0])

    if not alone(line):
        return False
    steps = [lower.middle - upper.middle for upper, lower in pairwise(body)]
    return any(
        alone(item)
        and not runs_on(item.words)
        and (stands_out(item, body[at + 1]) or _stands_over(steps, at))
        for at, item in enumerate(body[:-1])
        if at and len(body[at + 1].segments) > 1
    )


def stands_out(line: Line, below: Line) -> bool:
    """Whether a line is printed bold over one that is not."""
    return all(word.bold for word in line.words) and not all(word.bold for word in below.words)


def _stands_over(steps: Sequence[float], at: int) -> bool:
    """Whether a line is no farther from the one below it than from the one above, nor closer to that than rows are."""
    return steps[at - 1] >= 0.9 * min(steps) and steps[at] <= steps[at - 1]


def runs_on(words: Sequence[Word]) -> bool:
    """Whether some words go on with a sentence: they begin with a small letter or a bracket, and with no name such as `pH`."""
    return bool(words) and (words[0].text.islower() or words[0].text[0] in "([&,;")


def _heads(lines: Sequence[Line], first: int, start: int, splits: Sequence[float], left: float) -> list[Line]:
    """The lines of the heading over line `start`: close above it, up to a title or sentence over the first columns."""
    heads: list[Line] = []
    for at in range(start - 1, max(-1, start - 1 - _MAX_HEADER_LINES), -1):
        line, below = lines[at], lines[at + 1]
        far = FAR if at >= first else 1.6 if len(line.segments) > 1 else 0.9
        if below.y0 - line.y1 > far * max(below.size, line.size):
            break
        begins = left + 0.35 * (splits[0] - left)
        crosses = any(piece.x0 < begins and crosses_from_first(piece, splits) for piece in line.segments)
        if (crosses and len(line.segments) < 3) or _is_title(line, splits):
            break
        heads.insert(0, line)
    return heads


def _under_rule(across: Sequence[float], heads: list[Line]) -> list[Line]:
    """The lines of a heading under the lowest line drawn over the whole table."""
    for at in range(len(heads) - 1, 0, -1):
        upper, lower = heads[at - 1], heads[at]
        apart = lower.middle - upper.middle > 1.6 * lower.size  # a line of the same heading is closer
        if apart and any(upper.middle < y < lower.middle for y in across):
            return heads[at:]
    return heads


def _is_title(line: Line, splits: Sequence[float]) -> bool:
    """Whether a single piece stands over nearly all columns."""
    if len(line.segments) > 1:
        return False
    covered = sum(line.x0 < split < line.x1 for split in splits)
    return covered > 2 and covered >= len(splits) - 1


def crosses_from_first(piece: Line, splits: Sequence[float]) -> bool:
    """Whether a text runs over the boundary after the first column, and well into the next."""
    return piece.x0 < splits[0] < piece.x1 and piece.x1 > splits[0] + 2 * piece.size


def header_row(heads: Sequence[Line], splits: Sequence[float]) -> tuple[Cell, ...] | None:
    """One heading cell a column; a piece over several columns belongs to each of them."""
    cells: list[list[Word]] = [[] for _ in range(len(splits) + 1)]
    for line in heads:
        used = -1
        for piece in line.segments:
            spread = _spread(piece, splits, lowest=line is heads[-1])
            if len(spread) > 1 and spread[0][0] == used:  # the piece before it has that column
                (_, words), (column, rest) = spread[:2]
                spread[:2] = [(column, rest if rest == words else [*words, *rest])]
            for column, words in spread:
                cells[column] += words
            used = spread[-1][0]
    _over_repeated(heads, cells, splits)
    return tuple(Cell(tuple(words)) for words in cells) if any(cells) else None


def _over_repeated(heads: Sequence[Line], cells: list[list[Word]], splits: Sequence[float]) -> None:
    """Each text over headings that repeat heads one turn of them: `Women  Men` over `Share  CI  Share  CI`."""
    if len(heads) < 2:
        return
    lowest = [" ".join(word.text for word in words) for words in _by_column(heads[1:], splits)]
    upper = heads[0].segments
    for start in range(len(lowest)):
        width = (len(lowest) - start) // len(upper) if len(upper) > 1 else 0
        for size in range(width, 1, -1):
            turn = lowest[start : start + size]
            if all(turn) and lowest[start : start + size * len(upper)] == turn * len(upper):
                _head_turns(upper, cells, start, size)
                return


def _by_column(lines: Sequence[Line], splits: Sequence[float]) -> list[list[Word]]:
    cells: list[list[Word]] = [[] for _ in range(len(splits) + 1)]
    for line in lines:
        for word in line.words:
            cells[column_of((word.x0 + word.x1) / 2, splits)].append(word)
    return cells


def _head_turns(upper: Sequence[Line], cells: list[list[Word]], start: int, size: int) -> None:
    over = {id(word) for piece in upper for word in piece.words}
    for turn, piece in enumerate(upper):
        for at in range(start + turn * size, start + (turn + 1) * size):
            cells[at][:] = [*piece.words, *(word for word in cells[at] if id(word) not in over)]


def _spread(piece: Line, splits: Sequence[float], *, lowest: bool) -> list[tuple[int, list[Word]]]:
    """The columns of a heading's piece with its words there; only above the lowest line may one piece head several."""
    own: dict[int, list[Word]] = {}
    cuts = [_cut(piece, split) for split in splits]
    for word in piece.words:
        own.setdefault(column_of((word.x0 + word.x1) / 2, cuts), []).append(word)
    gaps = [right[0].x0 - left[-1].x1 for left, right in pairwise(own.values())]
    if lowest or len(own) < 2 or min(gaps) >= 0.45 * piece.size:
        return list(own.items())
    return [(column, list(piece.words)) for column in own]


def _cut(piece: Line, split: float) -> float:
    """Where a heading is cut for a boundary of the body: at the nearest space that is wider than its other spaces."""
    spaces = [(right.x0 - left.x1, (left.x1 + right.x0) / 2) for left, right in pairwise(piece.words)]
    if not piece.x0 < split < piece.x1 or len(spaces) < 2:
        return split
    blank = min(width for width, _ in spaces)
    wide = [middle for width, middle in spaces if width > max(1.3 * blank, blank + 0.5)]
    nearest = min(wide, key=lambda middle: abs(middle - split), default=split)
    return nearest if abs(nearest - split) < 6 * piece.size else split
