"""Repeated structure on pages without a grid: records, each over one line or a few, that look the same one after the other.

A record is told by its first line: the same place, weight and kind of beginning again and again, and the same kinds of lines below.
What stands between records, headings and remarks, is in none of them. What each record has at the same place becomes a column.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from extract_bridge.local.engine.tables.records_parts import columns_of_records
from extract_bridge.parse.columns import cut_at_dates, is_numeric
from extract_bridge.parse.layout import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from extract_bridge.parse.lines import Line
    from extract_bridge.parse.model import Page, Table

_LEAST, _LEAST_LABELLED = 3, 2  # records; fewer show no structure
_LONGEST_LABEL = 40
_MOST_LINES = 5  # of a record
_MOST_FIRST_LINES = 8  # kinds of first lines that are tried
_USUAL = 0.6  # of the records have a line of this kind at this place
_FAR = 2.5  # line heights between the lines of a record
_FARTHER = 1.1
_SAME_EDGE = 2.0  # points
_TIME = re.compile(r"\d{1,2}[:.h]\d\d(?:h|am|pm)?$", re.IGNORECASE)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}$")
_MARK = re.compile(r"[•·●▪◦‣*–-]$|\(?\d{1,2}[.)]$")  # noqa: RUF001 - printed so
_CODE = re.compile(r"#?(?=\S{0,12}\d)[A-Z0-9][A-Z0-9./-]{0,30}$")

Kind = tuple[int, str, bool, float]


@dataclass(frozen=True, slots=True)
class Records:
    """Records that look the same.

    Attributes:
        pages: The 1-based number of the page of each.
        table: Each as a row; a heading stands over what each of them labels.
    """

    pages: tuple[int, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class _Placed:
    page: int
    line: Line
    kind: Kind


def find_records(pages: Iterable[Page]) -> list[Records]:
    """The records of some pages in every way they may be told apart, those that explain most lines first."""
    lines = _placed(pages)
    counts = Counter(item.kind for item in lines)
    firsts = [kind for kind, count in counts.most_common(_MOST_FIRST_LINES) if count >= _least(kind)]
    found = []
    for first in firsts:
        groups = _records(lines, first)
        if _is_out_of_step(groups):
            continue
        rows = columns_of_records([[item.line for item in group] for group in groups])
        if rows is not None:
            found.append((sum(map(len, groups)), Records(tuple(group[0].page for group in groups), rows)))
    return [records for _, records in sorted(found, key=lambda item: -item[0])]


def _least(first: Kind) -> int:
    """How many records that begin like this show that they are some: fewer where a label says so."""
    return _LEAST_LABELLED if first[1].endswith(":") else _LEAST


def _placed(pages: Iterable[Page]) -> list[_Placed]:
    """The lines of all pages, with what each begins like."""
    lines = [(page.number, line) for page in pages for line in cut_at_dates(lines_of(page))]
    said = Counter(line.segments[0].text for _, line in lines)
    edges: list[tuple[bool, float]] = []
    placed = []
    for page, line in lines:
        text = line.segments[0].text
        right = _begins(line, "") == "number"
        own = line.segments[0].x1 if right else line.x0  # numbers of one column end at the same place
        same = (at for at, (side, x) in enumerate(edges) if side == right and abs(x - own) <= _SAME_EDGE)
        edge = next(same, len(edges))
        if edge == len(edges):
            edges.append((right, own))
        label = text if text.endswith(":") and said[text] > 1 and len(text) <= _LONGEST_LABEL else ""
        placed.append(_Placed(page, line, _kind(line, edge, label)))
    return placed


def _kind(line: Line, edge: int, label: str) -> Kind:
    return edge, _begins(line, label), line.words[0].bold, round(2 * line.segments[0].size) / 2


def _begins(line: Line, label: str) -> str:
    """What a line begins with: its label, or the kind of its first word."""
    text = line.words[0].text.rstrip(",;")
    kinds = (("time", _TIME), ("date", _DATE), ("mark", _MARK))
    begins = next((name for name, pattern in kinds if pattern.match(text)), None)
    if label or begins:
        return label or str(begins)
    return "number" if is_numeric(text) else "code" if _CODE.match(text) else "text"


def _records(lines: Sequence[_Placed], first: Kind) -> list[list[_Placed]]:
    """The lines of each record that begins with a line of a kind: those below it that most records have there."""
    starts = [at for at, item in enumerate(lines) if item.kind == first]
    below = [list(_below(lines, at, first)) for at in starts]
    usual: list[set[Kind]] = []
    for step in range(_MOST_LINES - 1):
        kinds = Counter(item[step].kind for item in below if len(item) > step)
        common = {kind for kind, count in kinds.items() if count >= max(2, 0.15 * len(starts))}
        if sum(kinds[kind] for kind in common) < _USUAL * len(starts):
            break
        usual.append(common)
    groups = []
    for at, rest in zip(starts, below, strict=True):
        group = [lines[at]]
        for item, kinds_there in zip(rest, usual, strict=False):
            if item.kind not in kinds_there:
                break
            group.append(item)
        groups.append(group)
    return groups


def _is_out_of_step(groups: Sequence[Sequence[_Placed]]) -> bool:
    """Whether the lines within records are farther from each other than records are: what was taken for a first line is a later one."""
    inside = [lower.line.middle - upper.line.middle for group in groups for upper, lower in pairwise(group)]
    between = [
        lower[0].line.middle - upper[-1].line.middle
        for upper, lower in pairwise(groups)
        if upper[-1].page == lower[0].page
    ]
    return bool(inside and between) and median(inside) > _FARTHER * median(between)


def _below(lines: Sequence[_Placed], at: int, first: Kind) -> Iterator[_Placed]:
    """The lines that may belong to the record of line `at`."""
    for upper, lower in zip(lines[at : at + _MOST_LINES - 1], lines[at + 1 : at + _MOST_LINES], strict=False):
        gap = lower.line.y0 - upper.line.y1
        if lower.kind == first or lower.page != upper.page or gap > _FAR * upper.line.size:
            return
        yield lower
