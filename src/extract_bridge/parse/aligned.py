"""Tables seen by their alignment: columns that no word crosses, and drawn lines where there are any.

Longer than other files because regions, columns, rows and headings of one table are decided with the same few measures.
"""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from extract_bridge.parse.layers import layered_table
from extract_bridge.parse.lines import Line, lines_of
from extract_bridge.parse.model import Cell, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.parse.model import Page, Rule, Word

NUMERIC = re.compile(
    r"[(\[]?[-+\u2212\u2013]?\s{0,9}[^\w\s]{0,3}\s{0,9}\d[\d\s.,:/'\u2019%-]*[\w%€$£)\]*]{0,4}\)?$"
)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_WRITTEN_DATE = re.compile(r"\d{1,2}(?:\.|st|nd|rd|th)? [^\W\d_]{3,}[.,]? (?:19|20)\d\d$")
_MAX_HEADER_LINES = 6
_LEADER = re.compile(r"[.·_]{5,}|(?:[.·_] ){4,}")
_MOST_LETTERS = 4  # of a currency or a unit beside a number
_FAR = 3.5  # line heights


def aligned_tables(page: Page) -> list[Table]:
    """The tables of a page from top to bottom."""
    lines = [line for line in lines_of(page) if not line.in_margin]
    tables = []
    for first, last in _regions(lines):
        table = _table(page, lines, first, last)
        if table is not None:
            tables.append(table)
    return tables


def is_numeric(text: str) -> bool:
    """Whether a text is a number, an amount, a share, a date or a time in digits."""
    return bool(NUMERIC.match(text)) or text in ("-", "\u2013", "\u2014")


# --- regions -----------------------------------------------------------------------------------------------------


def _regions(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Runs of lines, both ends included, whose pieces stand under one another in two columns or more."""
    found = []
    at = 0
    while at < len(lines):
        last = _grow(lines, at) if len(lines[at].segments) > 1 else at
        start = next((i for i in range(at + 1, last) if _starts_table(lines, i)), None)
        if start is not None:  # what is over another table's heading says nothing of its columns
            last = start - 1
            found.append((at, last))
        elif last > at:
            found.append((at, last))
        at = last + 1
    return found


def _starts_table(lines: Sequence[Line], at: int) -> bool:
    """Whether a line looks like the first line of a heading: words only, over numbers soon after, under no such line."""
    if not _only_words(lines[at]) or _only_words(lines[at - 1]):
        return False
    return any(
        _numbers_in(line) and sum(is_numeric(piece.text) for piece in line.segments) >= 2
        for line in lines[at + 1 : at + 4]
    )


def _only_words(line: Line) -> bool:
    pieces = line.segments
    return len(pieces) >= 3 and not any(char.isdigit() for char in line.text)


def _grow(lines: Sequence[Line], first: int) -> int:
    """The last line that fits under the first."""
    columns = [[piece.x0, piece.x1] for piece in lines[first].segments]
    last = at = first
    rows = [first]
    while at + 1 < len(lines):
        line = lines[at + 1]
        if line.y0 - lines[at].y1 > _FAR * max(line.size, lines[at].size) or at - last >= 4:
            break
        fits = _fits(line, columns)
        if fits == "no" and not _interrupts(lines, at + 1, columns):
            break
        at += 1
        if fits == "row":
            last = at
            rows.append(at)
            _widen(columns, line)
        elif at == last + 1 and _wraps(lines, rows, at):
            last = at
    return last


def _interrupts(lines: Sequence[Line], at: int, columns: list[list[float]]) -> bool:
    """Whether a line is a remark between two rows: one piece, close above a line that fills most columns and has numbers."""
    if len(lines[at].segments) > 1 or at + 1 >= len(lines):
        return False
    line, below = lines[at], lines[at + 1]
    close = below.middle - line.middle <= 2.6 * max(line.size, below.size)
    full = len(below.segments) >= max(3, 0.5 * len(columns)) and _fits(below, columns) == "row"
    return close and full and _numbers_in(below) >= 1


def _wraps(lines: Sequence[Line], rows: Sequence[int], at: int) -> bool:
    """Whether a line is closer to the one above it than rows are to each other: the rest of the last row's cell."""
    steps = [
        lines[b].middle - lines[a].middle for a, b in pairwise(rows[1:])
    ]  # the first row is mostly the heading
    step = lines[at].middle - lines[at - 1].middle
    return bool(steps) and step <= min(0.85 * median(steps), 1.5 * lines[at].size)


def _fits(line: Line, columns: list[list[float]]) -> str:
    """`row`: pieces in two columns or more; `part`: within one column; `no`: its words run across columns."""
    pieces = line.segments
    crossed = [_touched(piece, columns) for piece in pieces]
    clashes = sum(len(touched) > 1 for touched in crossed)
    if not clashes:
        return "row" if len(pieces) > 1 else "part"
    if len(pieces) > 1 and (
        clashes < len(pieces) / 2 or len(columns) - sum(map(len, crossed)) + clashes >= 2
    ):
        return "row"
    return "no"


def _touched(piece: Line, columns: list[list[float]]) -> list[int]:
    return [i for i, (x0, x1) in enumerate(columns) if piece.x0 < x1 and piece.x1 > x0]


def _widen(columns: list[list[float]], line: Line) -> None:
    """Lets each column cover what now stands in it; pieces that touch none become new columns."""
    for piece in line.segments:
        touched = _touched(piece, columns)
        if len(touched) == 1:
            column = columns[touched[0]]
            column[0], column[1] = min(column[0], piece.x0), max(column[1], piece.x1)
        elif not touched:
            columns.append([piece.x0, piece.x1])
    columns.sort()


# --- one table ---------------------------------------------------------------------------------------------------


def _table(page: Page, lines: Sequence[Line], first: int, last: int) -> Table | None:
    region = list(lines[first : last + 1])
    body = _body(region)
    splits = _splits(page, body)
    if not splits:
        return None
    start = first + region.index(body[0])
    heads = _heads(lines, first, start, splits, min(line.x0 for line in body))
    upper = _over_rule(page.rules, heads, body, len(splits))
    if upper:  # a group's name stands between the heading and the first row
        start -= len(heads) - upper
        heads = heads[:upper]
    heads = _under_rule(page.rules, heads, body)
    layered = layered_table(
        lines[start : last + 1], heads, split=lambda some: _splits(page, some), is_numeric=is_numeric
    )
    if layered is not None:
        return layered
    if len(heads) > 1 and _heads_group(heads[-1], lines[start : last + 1], splits):
        heads, start = heads[:-1], start - 1
    header = _header_row(heads, splits)
    rows = _rows(lines[start : last + 1], splits)
    if header is None and len(rows) > 1 and not any(is_numeric(cell.text) for cell in rows[0]):
        header, rows = rows[0], rows[1:]
    return Table((header, *rows), 1) if header else Table(tuple(rows), 0)


def _heads_group(line: Line, body: Sequence[Line], splits: Sequence[float]) -> bool:
    """Whether the lowest line of a heading is one over the first rows only: alone in the first column, as others are further down."""

    def alone(item: Line) -> bool:
        return len(item.segments) == 1 and abs(item.x0 - line.x0) <= 2 and item.x1 < splits[0]

    if not alone(line) or any(char.isdigit() for char in line.text):
        return False
    steps = [lower.middle - upper.middle for upper, lower in pairwise(body)]
    return any(
        alone(item)
        and steps[at - 1] >= 0.9 * min(steps)
        and not _runs_on_in(item)
        and steps[at] <= steps[at - 1]
        for at, item in enumerate(body[:-1])
        if at and len(body[at + 1].segments) > 1
    )


def _runs_on_in(line: Line) -> bool:
    return line.text[0].islower() or line.text[0] in "([&,;"


def _body(region: list[Line]) -> list[Line]:
    """The lines that show the table's columns: those with numbers where many have some, else all but the first."""
    rows = [line for line in region if len(line.segments) > 1]
    counts = {id(line): _numbers_in(line) for line in rows}
    numeric = [line for line in rows if counts[id(line)]]
    if len(numeric) < max(1, 0.4 * len(rows)):
        return rows[1:] or rows
    usual = median(counts[id(line)] for line in numeric)
    left = median(line.x0 for line in numeric)
    while len(numeric) > 1 and _like_heading(numeric[0], counts[id(numeric[0])], usual, left):
        numeric.pop(0)
    return numeric


def _numbers_in(line: Line) -> int:
    """How many pieces after the first are numbers; none where all of them are years, as in a heading."""
    later = line.segments[1:]
    if len(later) > 1 and all(_YEAR.match(piece.text) for piece in later):
        return 0
    return sum(is_numeric(piece.text) for piece in later)


def _like_heading(line: Line, numbers: int, usual: float, left: float) -> bool:
    """Whether a first line has numbers as a heading has: few of them, or none under the first column."""
    return numbers < 0.5 * usual or line.x0 > left + 4 * line.size


def _splits(page: Page, body: Sequence[Line]) -> list[float]:
    """The x of each boundary between two columns: a gap that no word enters and that is wide, or has a drawn line."""
    body = [line for line in body if not _LEADER.search(line.text)] or list(body)
    most = max(len(line.segments) for line in body)
    left = median(line.x0 for line in body if len(line.segments) >= 0.8 * most)
    whole = [line for line in body if line.x0 <= left + 4 * line.size]
    whole = _without_sums(whole)  # a total's label may run over several columns
    size = median(line.size for line in whole)
    drawn = _drawn_splits(page.rules, whole)
    splits = []
    gaps = _gaps(whole)
    for at, (start, end) in enumerate(gaps):
        inside = [x for x in drawn if start - 2 <= x <= end + 2]
        limit = gaps[at + 1][0] if at + 1 < len(gaps) else float("inf")
        if inside:
            splits.append(inside[len(inside) // 2])
        elif end - start >= 0.25 * size and _separates(whole, start, end, limit, size):
            splits.append((start + end) / 2)
    return splits


def _without_sums(body: list[Line]) -> list[Line]:
    """The lines without the few whose first piece is a text over what stands in several columns of the others."""
    usual = median(len(line.segments) for line in body)
    model = next((line for line in body if len(line.segments) >= usual), body[0])
    kept = [
        line
        for line in body
        if len(line.segments) >= usual
        or not any(char.isalpha() for char in line.segments[0].text)
        or sum(line.segments[0].x1 > piece.x0 for piece in model.segments) < 2
    ]
    return kept if len(body) - len(kept) <= 0.25 * len(body) else body


def _gaps(body: Sequence[Line]) -> list[tuple[float, float]]:
    """What is free of words from top to bottom; with few lines, free of whole pieces, for blanks may meet by chance."""
    items = [word for line in body for word in (line.words if len(body) >= 5 else line.segments)]
    gaps = []
    spans = sorted((item.x0, item.x1) for item in items)
    reach = spans[0][1]
    for x0, x1 in spans:
        if x0 > reach:
            gaps.append((reach, x0))
        reach = max(reach, x1)
    return gaps


def _separates(body: Sequence[Line], start: float, end: float, limit: float, size: float) -> bool:
    """Whether the words between a gap and the next gap (`end` to `limit`) stand apart from those before the gap.

    A number and a text side by side in every line count as apart although only a blank is between them.
    """
    apart = changes = both = 0
    texts_after = set()
    for line in body:
        before = [word for word in line.words if word.x1 <= start + 0.01]
        after = [word for word in line.words if end - 0.01 <= word.x0 and word.x1 <= limit + 0.01]
        if before and after:
            both += 1
            apart += after[0].x0 - before[-1].x1 >= 0.7 * size
            texts = is_numeric(before[-1].text) and not any(char.isdigit() for char in after[0].text)
            changes += texts and not _is_written_date(line.words, len(before) - 1)
            texts_after.add(" ".join(word.text for word in after))
    # The same sign after every number is its currency or unit.
    return apart > both - apart or (both >= 3 and changes >= 0.8 * len(body) and len(texts_after) > 1)


def _is_written_date(words: Sequence[Word], at: int) -> bool:
    """Whether a date begins at a word whose month is a word: `10 November 2026` is one value."""
    return _WRITTEN_DATE.match(" ".join(word.text for word in words[at : at + 3])) is not None


def _drawn_splits(rules: Sequence[Rule], body: Sequence[Line]) -> list[float]:
    """The x of vertical drawn lines that stand beside most of the body."""
    top, bottom = body[0].y0, body[-1].y1
    left, right = min(line.x0 for line in body), max(line.x1 for line in body)
    beside: dict[int, list[Rule]] = {}
    for rule in rules:
        if not rule.horizontal and left < rule.x0 < right and rule.y1 > top and rule.y0 < bottom:
            beside.setdefault(round(rule.x0 / 2), []).append(rule)
    return [
        median(rule.x0 for rule in group)
        for _, group in sorted(beside.items())
        if sum(min(rule.y1, bottom) - max(rule.y0, top) for rule in group) >= 0.5 * (bottom - top)
    ]


def _column_of(x: float, splits: Sequence[float]) -> int:
    return sum(x > split for split in splits)


def _cells(line: Line, splits: Sequence[float]) -> list[list[Word]]:
    cells: list[list[Word]] = [[] for _ in range(len(splits) + 1)]
    for word in line.words:
        cells[_column_of((word.x0 + word.x1) / 2, splits)].append(word)
    return cells


# --- rows --------------------------------------------------------------------------------------------------------


def _rows(lines: Sequence[Line], splits: Sequence[float]) -> list[tuple[Cell, ...]]:
    """Rows of cells; a line that only continues the cells of another is joined to it."""
    cells = [_cells(line, splits) for line in lines]
    counts = [sum(map(bool, row)) for row in cells]
    usual = sorted(counts)[len(counts) * 3 // 4]
    notes = {i for i, line in enumerate(lines) if counts[i] < max(3, usual) and _is_note(line, splits)}
    anchors = [i for i, n in enumerate(counts) if n >= max(2, 0.5 * usual) and i not in notes] or [0]
    rows: dict[int, list[list[Word]]] = {}
    owners: list[int] = []
    for i, filled in enumerate(cells):
        owner = i if i in anchors or i in notes else _owner(lines, cells, anchors, i, owners)
        owners.append(owner)
        row = rows.setdefault(owner, [[] for _ in filled])
        if i in notes:
            row[0] += lines[i].words
            continue
        for at, words in enumerate(filled if owner == i else _running_on(lines[i], splits)):
            row[at] += words
    while len(rows) > 1 and max(rows) in notes:
        del rows[max(rows)]
    return [tuple(Cell(tuple(words)) for words in rows[key]) for key in sorted(rows)]


def _running_on(line: Line, splits: Sequence[float]) -> list[list[Word]]:
    """The cells of a line that goes on with the row over it: a text may run on under the next column, where that is empty."""
    cells: list[list[Word]] = [[] for _ in range(len(splits) + 1)]
    last: Word | None = None
    column = 0
    for word in line.words:
        if last is None or word.x0 - last.x1 >= 0.7 * line.size or word.x0 < last.x0:
            column = _column_of((word.x0 + word.x1) / 2, splits)
        cells[column].append(word)
        last = word
    return cells


def _is_note(line: Line, splits: Sequence[float]) -> bool:
    """Whether the line runs on over the boundary after the first column, as a remark or a heading of its own does."""
    return any(_crosses_from_first(piece, splits) and _glued(piece, splits) for piece in line.segments)


def _glued(piece: Line, splits: Sequence[float]) -> bool:
    """Whether only a blank is between the words on both sides of the first boundary."""
    left, right = _cells(piece, splits[:1])
    return bool(left and right) and right[0].x0 - left[-1].x1 < 0.45 * piece.size


def _owner(
    lines: Sequence[Line], cells: list[list[list[Word]]], anchors: list[int], at: int, owners: Sequence[int]
) -> int:
    """The line whose row this line belongs to; itself where it is a heading between rows, or a row of sums."""
    before = max((i for i in anchors if i < at), default=None)
    if before is not None and (owners[-1] != before or _repeats_numbers(cells[before], cells[at])):
        before = None  # something else stands between, or a number is printed where that row has one already
    after = min((i for i in anchors if i > at), default=None)
    filled = [i for i, words in enumerate(cells[at]) if words]
    size = lines[at].size
    up = lines[at].middle - lines[at - 1].middle if before is not None else 1e9
    down = lines[at + 1].middle - lines[at].middle if after is not None else 1e9
    if before is not None and up <= min(1.1 * size, down) and not any(cells[before][i] for i in filled):
        return before  # the same row, printed a little lower
    if after is not None and down <= 1.1 * size and not any(cells[after][i] for i in filled):
        return after
    if filled == [0]:
        if before is not None and (_runs_on(cells, at) or up < 0.75 * down) and up <= 2.0 * size:
            return before
        return after if after is not None and _runs_on(cells, after) and down <= 2.0 * size else at
    return before if before is not None and up <= 2.0 * size else at


def _repeats_numbers(upper: list[list[Word]], lower: list[list[Word]]) -> bool:
    """Whether both lines have a number in the same column: texts are wrapped, numbers are not, but for a date's year."""
    pairs = zip(upper[1:], lower[1:], strict=True)
    return any(a and b and _is_amount(a) and _is_amount(b) and not _only_year_left(a, b) for a, b in pairs)


def _is_amount(words: Sequence[Word]) -> bool:
    """A cell is a number, perhaps with a sign or a currency before it; not a text that ends with one."""
    letters = sum(char.isalpha() for word in words for char in word.text)
    return is_numeric(words[-1].text) and letters <= _MOST_LETTERS


def _only_year_left(upper: Sequence[Word], lower: Sequence[Word]) -> bool:
    """Whether a date was wrapped before its year: `November 15,` over `2025`."""
    words = any(char.isalpha() for word in upper for char in word.text)
    return words and len(lower) == 1 and _YEAR.match(lower[0].text) is not None


def _runs_on(cells: list[list[list[Word]]], lower: int) -> bool:
    """Whether the first cell of a line goes on with a sentence: it begins with a small letter or a bracket."""
    first = cells[lower][0]
    return bool(first) and (first[0].text[0].islower() or first[0].text[0] in "([&,;")


# --- headings ----------------------------------------------------------------------------------------------------


def _heads(lines: Sequence[Line], first: int, start: int, splits: Sequence[float], left: float) -> list[Line]:
    """The lines of the heading over line `start`: close above it, up to a title or sentence over the first columns."""
    heads: list[Line] = []
    for at in range(start - 1, max(-1, start - 1 - _MAX_HEADER_LINES), -1):
        line, below = lines[at], lines[at + 1]
        far = _FAR if at >= first else 1.6 if len(line.segments) > 1 else 0.9
        if below.y0 - line.y1 > far * max(below.size, line.size):
            break
        begins = left + 0.35 * (splits[0] - left)
        crosses = any(piece.x0 < begins and _crosses_from_first(piece, splits) for piece in line.segments)
        if (crosses and len(line.segments) < 3) or _is_title(line, splits):
            break
        heads.insert(0, line)
    return heads


def _under_rule(rules: Sequence[Rule], heads: list[Line], body: Sequence[Line]) -> list[Line]:
    """The lines of a heading under the lowest drawn line over the whole table; all where columns are drawn, too."""
    if len(heads) < 2 or _drawn_splits(rules, body):
        return heads
    across = _across(rules, body)
    for at in range(len(heads) - 1, 0, -1):
        upper, lower = heads[at - 1], heads[at]
        apart = lower.middle - upper.middle > 1.6 * lower.size  # a line of the same heading is closer
        if apart and any(upper.middle < y < lower.middle for y in across):
            return heads[at:]
    return heads


def _over_rule(rules: Sequence[Rule], heads: list[Line], body: Sequence[Line], splits: int) -> int:
    """How many lines the heading has where a line drawn under it parts it from the name of a group; 0 where none does."""
    for at in range(1, len(heads)):
        upper, lower = heads[at - 1], heads[at]
        full = len(upper.segments) > max(2, splits / 2) and len(lower.segments) <= 2
        parted = any(upper.middle < y < lower.middle for y in _across(rules, body))
        if full and parted and not any(char.isdigit() for char in upper.text):
            return at
    return 0


def _across(rules: Sequence[Rule], body: Sequence[Line]) -> list[float]:
    """The y of the lines that are drawn over the whole width of a table."""
    left, right = min(line.x0 for line in body), max(line.x1 for line in body)
    return [
        (rule.y0 + rule.y1) / 2
        for rule in rules
        if rule.horizontal and rule.x0 <= left + 5 and rule.x1 >= right - 5
    ]


def _is_title(line: Line, splits: Sequence[float]) -> bool:
    """Whether a single piece stands over nearly all columns."""
    if len(line.segments) > 1:
        return False
    covered = sum(line.x0 < split < line.x1 for split in splits)
    return covered > 2 and covered >= len(splits) - 1


def _crosses_from_first(piece: Line, splits: Sequence[float]) -> bool:
    return piece.x0 < splits[0] < piece.x1 and piece.x1 > splits[0] + 2 * piece.size


def _header_row(heads: Sequence[Line], splits: Sequence[float]) -> tuple[Cell, ...] | None:
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
    return tuple(Cell(tuple(words)) for words in cells) if any(cells) else None


def _spread(piece: Line, splits: Sequence[float], *, lowest: bool) -> list[tuple[int, list[Word]]]:
    """The columns of a heading's piece with its words there; only above the lowest line may one piece head several."""
    own: dict[int, list[Word]] = {}
    cuts = [_cut(piece, split) for split in splits]
    for word in piece.words:
        own.setdefault(_column_of((word.x0 + word.x1) / 2, cuts), []).append(word)
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
