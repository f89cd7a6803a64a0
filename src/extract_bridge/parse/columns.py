"""Columns that no word crosses: where one ends and the next begins, and which words of a line stand in each."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.parse.lines import Line
    from extract_bridge.parse.model import Page, Rule, Word

NUMERIC = re.compile(
    r"[(\[]?[-+\u2212\u2013]?\s{0,9}[^\w\s]{0,3}\s{0,9}\d[\d\s.,:/'\u2019%-]*[\w%€$£)\]*]{0,4}\)?$"
)
_MANY = 5  # lines
_FULL = 0.8  # of the texts that the fullest line has
_LEADER = re.compile(r"[.·_]{5,}|(?:[.·_] ){4,}")
_HALF_OF_DAY = re.compile(r"[ap]\.?m\b|(?:h|hrs|uhr)\b|[-\u2013\u2014/]", re.IGNORECASE)
_SAME_START = 0.7  # points
_DATE = re.compile(r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}:\d\d)$")
_SPACED = re.compile(r"[-\u2212]?\d{1,3}(?: \d{3})+(?:[.,]\d{1,4})?$")
_WRITTEN_DATE = re.compile(r"\d{1,2}(?:\.|st|nd|rd|th)? [^\W\d_]{3,}[.,]? (?:19|20)\d\d$")


def is_numeric(text: str) -> bool:
    """Whether a text is a number, an amount, a share, a date or a time in digits."""
    return bool(NUMERIC.match(text)) or text in ("-", "\u2013", "\u2014")


def cut_at_dates(lines: Sequence[Line]) -> list[Line]:
    """Lines cut behind a date or a time where only a blank parts it from a text that begins below or above another such text."""
    starts = [_behind_dates(line) for line in lines]
    result = []
    for at, line in enumerate(lines):
        near = [x for other in (*starts[max(0, at - 1) : at], *starts[at + 1 : at + 2]) for x in other]
        cuts = tuple(x for x in starts[at] if any(abs(x - other) < _SAME_START for other in near))
        result.append(replace(line, cuts=(*line.cuts, *cuts)) if cuts else line)
    return result


def _behind_dates(line: Line) -> list[float]:
    """Where a text begins behind a date or a time."""
    return [
        after.x0
        for word, after in pairwise(line.words)
        if _DATE.match(word.text) and not any(char.isdigit() for char in after.text[:1])
        if not _HALF_OF_DAY.match(after.text)
    ]


def splits_of(page: Page, body: Sequence[Line]) -> list[float]:
    """The x of each boundary between two columns: a gap that no word enters and that is wide, or has a drawn line."""
    body = [line for line in body if not _LEADER.search(line.text)] or body
    most = max(len(line.segments) for line in body)
    left = median(line.x0 for line in body if len(line.segments) >= _FULL * most)
    whole = [
        line for line in body if line.x0 <= left + 4 * line.size
    ]  # a total's label may run over several columns
    whole = _without_remarks(whole)
    size = median(line.size for line in whole)
    drawn = drawn_splits(page.rules, whole)
    splits = []
    gaps = _gaps(whole)
    for at, (start, end) in enumerate(gaps):
        inside = [x for x in drawn if start - 2 <= x <= end + 2]
        limit = gaps[at + 1][0] if at + 1 < len(gaps) else float("inf")
        if inside:
            splits.append(inside[len(inside) // 2])
        elif _only_signs(whole, splits[-1] if splits else 0.0, start):
            continue
        elif end - start >= 0.25 * size and _separates(whole, start, end, limit, size):
            splits.append((start + end) / 2)
    return splits


def _only_signs(body: Sequence[Line], left: float, right: float) -> bool:
    """Whether nothing but signs stands in a strip, as those of a currency before amounts: they are no column."""
    words = [word for line in body for word in line.words if left <= word.x0 and word.x1 <= right + 0.01]
    return bool(words) and not any(char.isalnum() for word in words for char in word.text)


def _without_remarks(lines: list[Line]) -> list[Line]:
    """Lines without those that have fewer texts than full ones, one of them over the place of two texts in most of these: a balance, a remark."""
    counts = [len(line.segments) for line in lines]
    if len(lines) < _MANY:
        return lines
    usual = sorted(counts)[len(counts) * 3 // 4]
    usually = [line for line, count in zip(lines, counts, strict=True) if count >= usual]
    kept = [
        line
        for line, count in zip(lines, counts, strict=True)
        if count >= usual or not any(_spans(piece, usually) for piece in line.segments)
    ]
    return kept if len(kept) >= _MANY else lines


def _spans(piece: Line, others: Sequence[Line]) -> bool:
    """Whether a text stands where most other lines have two."""
    both = sum(sum(piece.x0 < o.x1 and piece.x1 > o.x0 for o in line.segments) > 1 for line in others)
    return both >= 0.8 * len(others)


def _gaps(body: Sequence[Line]) -> list[tuple[float, float]]:
    """What is free of words from top to bottom; with few lines, free of whole pieces, for blanks may meet by chance."""
    items = [item for line in body for item in (_whole(line) if len(body) >= _MANY else line.segments)]
    gaps = []
    spans = sorted((item.x0, item.x1) for item in items)
    reach = spans[0][1]
    for x0, x1 in spans:
        if x0 > reach:
            gaps.append((reach, x0))
        reach = max(reach, x1)
    return gaps


def _whole(line: Line) -> list[Word | Line]:
    """The words of a line; an amount with spaces between its thousands is one."""
    items: list[Word | Line] = []
    for piece in line.segments:
        items += [piece] if _is_spaced(piece) else piece.words
    return items


def _is_spaced(piece: Line) -> bool:
    return len(piece.words) > 1 and _SPACED.match(piece.text) is not None


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
            dated = _DATE.match(before[-1].text) is not None and not is_numeric(after[0].text)
            dated = dated and not _HALF_OF_DAY.match(after[0].text)
            texts = is_numeric(before[-1].text) and not any(char.isdigit() for char in after[0].text)
            changes += dated or (texts and not _is_written_date(line.words, len(before) - 1))
            texts_after.add(" ".join(word.text for word in after))
    # The same sign after every number is its currency or unit.
    return apart > both - apart or (both >= 3 and changes >= 0.8 * len(body) and len(texts_after) > 1)


def _is_written_date(words: Sequence[Word], at: int) -> bool:
    """Whether a date begins at a word whose month is a word: `10 November 2026` is one value."""
    return _WRITTEN_DATE.match(" ".join(word.text for word in words[at : at + 3])) is not None


def drawn_splits(rules: Sequence[Rule], body: Sequence[Line]) -> list[float]:
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


def column_of(x: float, splits: Sequence[float]) -> int:
    """In which column a place is."""
    return sum(x > split for split in splits)


def cells_of(line: Line, splits: Sequence[float]) -> list[list[Word]]:
    """The words of a line in each column; an amount with spaces between its thousands stays whole."""
    cells: list[list[Word]] = [[] for _ in range(len(splits) + 1)]
    for piece in line.segments:
        whole = _is_spaced(piece)
        for word in piece.words:
            item = piece if whole else word
            cells[column_of((item.x0 + item.x1) / 2, splits)].append(word)
    return cells
