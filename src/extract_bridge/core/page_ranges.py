"""`target_pages`: text such as `1,3,5-7`, pages 1-based, order kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extract_bridge.core.errors import PageRangeError
from extract_bridge.core.limits import limit

if TYPE_CHECKING:
    from collections.abc import Iterable

_PART = re.compile(r"([0-9]{1,9})(?:\s*-\s*([0-9]{1,9}))?")
_HINT = 'Write pages as "1,3,5-7", counted from 1'


def parse_pages(text: str) -> tuple[int, ...]:
    """The pages that `text` names, in its order, without repeats.

    Args:
        text: Pages and ranges between commas, 1-based, both ends of a range included.

    Raises:
        PageRangeError: `text` is malformed, counts from 0, runs backwards, or names more pages than the limit
            `max_target_pages`; checked before a range is expanded.
    """
    most = limit("max_target_pages")
    pages: dict[int, None] = {}
    for part in text.split(","):
        found = _PART.fullmatch(part.strip())
        if found is None:
            raise PageRangeError(
                f"target_pages has a part that is no page or range: {part.strip()[:20]!r}", hint=_HINT
            )
        first = int(found[1])
        last = int(found[2] or first)
        if first < 1:
            raise PageRangeError("target_pages names page 0", hint=_HINT)
        if last < first:
            raise PageRangeError(f"target_pages has a range that runs backwards: {first}-{last}", hint=_HINT)
        if last - first + 1 + len(pages) > most:
            raise PageRangeError(
                f"target_pages names more than {most} pages", hint="Split the call into several"
            )
        pages.update(dict.fromkeys(range(first, last + 1)))
    return tuple(pages)


def format_pages(pages: Iterable[int]) -> str:
    """Pages as text, runs joined: `(1, 3, 5, 6, 7)` is `1,3,5-7`. Order is kept."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], page]
        else:
            runs.append([page])
    return ",".join("-".join(map(str, run)) for run in runs)
