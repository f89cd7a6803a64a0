"""The head of a letter or receipt: a name over several lines, and an address without a line of postal code and town."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extract_bridge.local.engine.blocks import BRACKETED, CONTACT, HEADLINES, SUFFIX, TRADE, Block, is_address
from extract_bridge.local.engine.spans import find
from extract_bridge.local.engine.text import fold, label_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.regions import Reading

_MOST_LINES = 9
_MOST_STACKED = 4
_STREET_WORD = re.compile(r"\d.*,|,.*\d|\d\s+[^\W\d_]{3,}\s+[^\W\d_]{2,}|[^\W\d_]{4,}\.?\s+\d+")


def letterhead(reading: Reading, view: PageView) -> Block | None:
    """The lines at the head of a page that stand alone in their line, if an address is among them."""
    lines = list(_head_lines(reading, view))
    for position, segment in enumerate(lines):
        if position and is_address(segment.text) and _STREET_WORD.search(segment.text[:200]):
            return Block(view, lines)
    return None


def _head_lines(reading: Reading, view: PageView) -> Iterator[Segment]:
    begun = False
    for line in view.lines[: _MOST_LINES + 3]:
        segment = line[0]
        if not re.search(r"[^\W\d_]{3}", segment.text) and not begun:
            continue  # a number over the name
        if len(line) > 1 or _ends(reading, segment):
            return
        begun = True
        if not BRACKETED.match(segment.text):
            yield segment


def _ends(reading: Reading, segment: Segment) -> bool:
    text = segment.text
    if len(segment.words) > 11 or reading.is_label(segment) or label_key(text) in HEADLINES:
        return True
    if find("date", text, reading.locale) or CONTACT.search(fold(text)):
        return True
    return not re.search(r"[^\W\d_]{3}", text) and not BRACKETED.match(text)


def stacked_name(view: PageView, segment: Segment) -> list[Segment]:
    """The lines that a name runs over, where one line alone cannot be the whole name."""
    if len(view.lines[segment.line]) > 1:
        return [segment]
    lines = [segment]
    while len(lines) < _MOST_STACKED and _lacks_a_beginning(lines):
        before = _single(view, lines[0].line - 1)
        if before is None or not _near(before, lines[0]):
            return [segment]
        lines.insert(0, before)
    if lines[0].text.count("(") > " ".join(item.text for item in lines).count(")"):
        after = _single(view, segment.line + 1)
        lines += [after] if after is not None and ")" in after.text and _near(segment, after) else []
    return lines


def _lacks_a_beginning(lines: list[Segment]) -> bool:
    text = " ".join(line.text for line in lines)
    return text.count(")") > text.count("(") or SUFFIX.match(fold(text)) is not None or not _whole(lines)


def _whole(lines: list[Segment]) -> bool:
    """The lines do not begin with a word of trade that a name before it must have."""
    if len(lines) == 1:
        return True
    first = fold(lines[0].text).split()
    return not (first and TRADE.fullmatch(first[0]))


def _single(view: PageView, line: int) -> Segment | None:
    if 0 <= line < len(view.lines) and len(view.lines[line]) == 1:
        return view.lines[line][0]
    return None


def _near(one: Segment, other: Segment) -> bool:
    gap = max(one.y0, other.y0) - min(one.y1, other.y1)
    return gap < 0.9 * max(one.height, other.height) and 0.6 < one.height / other.height < 1.7
