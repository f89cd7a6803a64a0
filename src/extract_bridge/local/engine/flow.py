"""The document as one run of text, as a reader of prose takes it in: its characters, its words, its paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.parse.model import Word

_MOST_WORDS = 400_000
_GAP = 0.75  # heights of a line: a wider gap than between the lines of a paragraph
_SHORT = 0.82  # of the widest line: one that ends sooner, with a stop, ends its paragraph
_STOPS = re.compile(r"[.:;!?»”\")]$")
SENTENCE_END = re.compile(
    r"(?<![A-Z])(?<!Inc)(?<!Corp)(?<!Ltd)(?<!Co)(?<!Dr)(?<!Mr)(?<!Mrs)(?<!Ms)(?<!No)(?<!Nr)(?<!Art)(?<!St)(?<!sig)(?<!\bing)(?<!\bdott)(?<!\bavv)(?<!\barch)(?<!\bprof)(?<!sig\.ra)(?<!\bn)(?<!ca)(?<!bzw)(?<!zzgl)(?<!\b[a-z])(?<![a-zà-þ]\s\d)(?<![a-zà-þ]\s\d\d)"
    r"[.;]\s+(?=[A-ZÀ-Þ(\"“„«§])"
)
"""Where one sentence ends and the next begins; not behind the short forms that names and titles have."""


@dataclass(eq=False, slots=True)
class Flow:
    """The document as one run of text, the word behind each character, and where its paragraphs begin."""

    text: str = ""
    words: list[tuple[PageView, Word]] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    paragraphs: list[int] = field(default_factory=list)

    def between(self, start: int, end: int) -> tuple[PageView, tuple[Word, ...]] | None:
        """The words from `start` to `end`, where they are on one page."""
        first = max(0, bisect_right(self.offsets, start) - 1)
        part = self.words[first : bisect_right(self.offsets, max(start, end - 1))]
        if not part or part[0][0] is not part[-1][0]:
            return None
        return part[0][0], tuple(word for _, word in part)

    def paragraph_at(self, position: int) -> int:
        """Where the paragraph begins that has this character."""
        found = bisect_right(self.paragraphs, position)
        return self.paragraphs[found - 1] if found else 0

    def spans(self) -> Iterator[tuple[int, int]]:
        """The paragraphs: first character, and one behind the last."""
        ends = [*self.paragraphs[1:], len(self.text) + 1]
        for start, end in zip(self.paragraphs, ends, strict=True):
            yield start, max(start, end - 1)

    def sentences(self) -> Iterator[tuple[int, int]]:
        """The sentences: first character, and one behind the last."""
        for start, end in self.spans():
            position = start
            for stop in SENTENCE_END.finditer(self.text, start, end):
                yield position, stop.start() + 1
                position = stop.end()
            if position < end:
                yield position, end


def flow_of(reading: Reading) -> Flow:
    """The words of all pages in reading order; made once for a document."""
    if reading.flow is None:
        reading.flow = _flow(reading.views)
    return reading.flow


def _flow(views: list[PageView]) -> Flow:
    flow = Flow()
    parts: list[str] = []
    position = 0
    for view in views:
        widest = max((segment.x1 for segment in view.segments), default=0.0)
        before: Segment | None = None
        for segment in view.segments:
            if before is None or _begins(before, segment, widest):
                flow.paragraphs.append(position)
            before = segment
            for word in segment.words:
                flow.words.append((view, word))
                flow.offsets.append(position)
                parts.append(word.text)
                position += len(word.text) + 1
        if len(flow.words) > _MOST_WORDS:
            break
    flow.text = " ".join(parts)
    return flow


def _begins(before: Segment, segment: Segment, widest: float) -> bool:
    """The segment begins a paragraph: on its line as a column, below a gap, or behind a line that ends with its text."""
    if before.line == segment.line:
        return True
    if segment.y0 - before.y1 > _GAP * max(before.height, segment.height):
        return True
    return before.x1 < _SHORT * widest and _STOPS.search(before.text) is not None
