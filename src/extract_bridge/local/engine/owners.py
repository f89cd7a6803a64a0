"""Whose a line is: what stands under the heading of a party, or goes on under its address, belongs to that party."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.local.engine.blocks import find_blocks
from extract_bridge.local.engine.lexicon.phrases import role_of_concepts

if TYPE_CHECKING:
    from extract_bridge.local.engine.blocks import Block
    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.regions import Reading

_EDGE = 8.0
_GAP = 1.7  # heights of a line
_MOST_LINES = 10
_PAGES = 2


def owners_of(reading: Reading) -> dict[Segment, str]:
    """The party that each line belongs to, for those that stand in the column of one."""
    heads = {
        segment: role
        for view in reading.views[:_PAGES]
        for segment in view.segments
        if (role := _heading(reading, segment))
    }
    owners: dict[Segment, str] = {}
    for head, role in heads.items():
        owners.setdefault(head, role)
        owners.update((line, role) for line in _column(head.page, head, heads))
    for block in find_blocks(reading):
        role = block.role or _letterhead(block)
        if role:
            last = block.segments[-1]
            for line in (*block.segments, *_column(last.page, last, heads)):
                owners.setdefault(line, role)
    return owners


def _heading(reading: Reading, segment: Segment) -> str | None:
    """The party that a line of its own names, such as `Buyer` over an address; not the label of one value beside it."""
    hit = next(
        (hit for hit in reading.hits.get(segment, ()) if hit.start <= 2 and (hit.alone or hit.colon)), None
    )
    return role_of_concepts(hit.concepts) if hit else None


def _letterhead(block: Block) -> str | None:
    """A block without a heading at the very top is that of whoever wrote."""
    top = block.segments[0]
    return "seller" if block.order == 0 and top.y1 < 0.14 * block.view.page.height else None


def _column(view: PageView, head: Segment, heads: dict[Segment, str]) -> list[Segment]:
    """The lines under one at its left edge, down to a gap or the next heading."""
    lines: list[Segment] = []
    last = head
    for number in range(head.line + 1, min(len(view.lines), head.line + 3 * _MOST_LINES)):
        line = next((item for item in view.lines[number] if abs(item.x0 - head.x0) <= _EDGE), None)
        if line is None:
            continue
        if (
            line in heads
            or line.y0 - last.y1 > _GAP * max(line.height, last.height)
            or len(lines) == _MOST_LINES
        ):
            break
        lines.append(line)
        last = line
    return lines
