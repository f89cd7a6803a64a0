"""After a splitter: each chunk's metadata told anew, so that a chunk cites only what stands in it.

A splitter copies a Document's metadata into every chunk, and with it citations whose spans point into the text before it was split.
Here a chunk keeps the rows whose values it shows, their spans shifted and cut to the chunk; pages and confidence are those of the rows
it keeps. Taken together the chunks hold every row of their parent: a row whose value no chunk shows (a null, a value that the
rendering left out) stays with the first chunk, without a span.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from extract_bridge.core.page_ranges import format_pages
from extract_bridge.core.records.citations import Row, decode_rows, encode_rows
from extract_bridge.core.records.evidence import confidence_of, page_of
from extract_bridge.core.records.placing import ParentRows, ParentText, Place, span_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_OURS = ("citations", "page", "pages", "page_label", "confidence_min", "needs_review")
_PARENT_KEYS = ("record_id", "content_key", "field", "citations")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a text, as a splitter left it.

    Attributes:
        text: The piece.
        metadata: What it took over from its parent.
        start: Where the splitter says it begins in the parent's text, in code points; None where it does not say (never -1).
    """

    text: str
    metadata: Mapping[str, Any]
    start: int | None = None

    def __repr__(self) -> str:
        """Without the text: no document text gets into logs and messages."""
        return f"<Chunk of {len(self.text)} characters>"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What came of some chunks.

    Attributes:
        metadata: Of each chunk, in their order.
        lost: How many chunks could not be placed: they keep all rows of their parent, without spans.
    """

    metadata: list[dict[str, Any]]
    lost: int


def narrow(
    chunks: Sequence[Chunk],
    *,
    parents: Iterable[tuple[str, Mapping[str, Any]]] = (),
    min_confidence: float = 0.8,
) -> Narrowed:
    """Each chunk's metadata with its own citations only.

    Args:
        chunks: Of any number of parents; those of one parent in the order of its text. Chunks without citations stay as they are.
        parents: Text and metadata of what was split, where at hand: then a chunk is found whatever the splitter did to it.
        min_confidence: Below it (0..1) a value needs review, in a parent that does.
    """
    texts = {parent_key(metadata): text for text, metadata in parents}
    families: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, chunk in enumerate(chunks):
        if chunk.metadata.get("citations"):
            families[parent_key(chunk.metadata)].append(number)
    narrowed = [dict(chunk.metadata) for chunk in chunks]
    lost = 0
    for key, numbers in families.items():
        if not decode_rows(chunks[numbers[0]].metadata):
            continue
        family = _Family([chunks[number] for number in numbers], texts.get(key), min_confidence)
        lost += family.lost
        for number, metadata in zip(numbers, family.narrowed(), strict=True):
            narrowed[number] = metadata
    return Narrowed(narrowed, lost)


def parent_key(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """What tells the chunks of one parent from those of another: they took over the same record, and the same citations."""
    return tuple(str(metadata.get(name)) for name in _PARENT_KEYS)


class _Family:
    """The chunks of one parent."""

    def __init__(self, chunks: Sequence[Chunk], parent: str | None, min_confidence: float) -> None:
        self._chunks = chunks
        self._metadata = dict(chunks[0].metadata)
        self._rows = decode_rows(self._metadata)
        finder = ParentRows(self._rows) if parent is None else ParentText(parent)
        self._places: list[list[Place]] = finder.places([(chunk.text, chunk.start) for chunk in chunks])
        self._spans = sorted(
            (span, number) for number, row in enumerate(self._rows) if (span := span_of(row)) is not None
        )
        self._latest_ends = list(accumulate((span[1] for span, _ in self._spans), max))
        self._retelling = Retelling(self._metadata, self._rows, min_confidence)

    @property
    def lost(self) -> int:
        """How many chunks have no place."""
        return sum(
            not places and bool(chunk.text.strip())
            for chunk, places in zip(self._chunks, self._places, strict=True)
        )

    def narrowed(self) -> list[dict[str, Any]]:
        """Each chunk's metadata."""
        kept = [self._kept(*pair) for pair in zip(self._chunks, self._places, strict=True)]
        shown = {number for rows in kept for number in rows}
        for number, row in enumerate(self._rows):
            if number not in shown:
                kept[self._home(span_of(row))][number] = _without_span(row)
        told = zip(self._chunks, kept, strict=True)
        return [self._retelling.metadata(rows, chunk.metadata) for chunk, rows in told]

    def _kept(self, chunk: Chunk, places: Sequence[Place]) -> dict[int, Row]:
        """The rows that a chunk may show, with the span that they have wherever it lies, else without one."""
        if not places and chunk.text.strip():
            return {number: _without_span(row) for number, row in enumerate(self._rows)}
        seen = [self._shown(chunk, place) for place in places]
        kept = {}
        for number in {number for spans in seen for number in spans}:
            own = {spans.get(number) for spans in seen}
            span = own.pop()
            row = self._rows[number]
            kept[number] = _without_span(row) if own or span is None else {**row, "span": list(span)}
        return kept

    def _shown(self, chunk: Chunk, place: Place) -> dict[int, tuple[int, int]]:
        moved = ((number, _moved(span, place, chunk.text)) for number, span in self._near(place))
        return {number: own for number, own in moved if own is not None}

    def _near(self, place: Place) -> Iterator[tuple[int, tuple[int, int]]]:
        """The rows whose spans may touch a place."""
        if place:
            first = bisect_left(self._latest_ends, place[0][1])
            last = bisect_right(self._spans, place[-1][1] + place[-1][2], key=lambda item: item[0][0])
            for span, number in self._spans[first:last]:
                yield number, span

    def _home(self, span: tuple[int, int] | None) -> int:
        """The chunk that takes a row which none shows: the last that begins before it, else the first."""
        if span is None:
            return 0
        before = [
            (places[0][0][1], number)
            for number, places in enumerate(self._places)
            if places and places[0][0][1] <= span[0]
        ]
        return max(before, default=(0, 0))[1]


class Retelling:
    """Metadata of a part, told from the rows that it keeps: citations, pages, confidence, and whether it needs review.

    Args:
        metadata: Of the whole.
        rows: Of the whole.
        min_confidence: Below it (0..1) a value needs review, in a whole that does.
    """

    def __init__(self, metadata: Mapping[str, Any], rows: Sequence[Row], min_confidence: float) -> None:
        self._metadata = metadata
        self._bar = _Bar(metadata, rows, min_confidence)

    def metadata(self, rows: Mapping[int, Row], copied: Mapping[str, Any]) -> dict[str, Any]:
        """What a part's metadata becomes.

        Args:
            rows: What it keeps, by place among the rows of the whole.
            copied: What it took over from the whole.
        """
        metadata = {name: value for name, value in copied.items() if name not in _OURS}
        metadata["citations"] = encode_rows([rows[number] for number in sorted(rows)])
        pages = sorted({page for row in rows.values() if (page := page_of(row.get("page"))) is not None})
        page = pages[0] if len(pages) == 1 else None if pages else self._metadata.get("page")
        facts = {
            "page": page,
            "pages": format_pages(pages) if pages else None,
            "page_label": str(page) if page is not None else format_pages(pages) if pages else None,
            "confidence_min": min(self._bar.confidences(rows), default=None),
            "needs_review": self._bar.needs_review(rows) if "needs_review" in copied else None,
        }
        metadata |= {name: value for name, value in facts.items() if value is not None}
        return dict(sorted(metadata.items()))


class _Bar:
    """How sure the rows of a parent are, and which of them make their chunk need review, given that the parent does."""

    def __init__(self, metadata: Mapping[str, Any], rows: Sequence[Row], min_confidence: float) -> None:
        self._flagged = bool(metadata.get("needs_review"))
        self._nulls = {
            number for number, row in enumerate(rows) if not row.keys() & {"span", "page", "quote"}
        }
        self._sure = {
            number: confidence
            for number, row in enumerate(rows)
            if number not in self._nulls and (confidence := confidence_of(row.get("confidence"))) is not None
        }
        reasons = {number for number, confidence in self._sure.items() if confidence < min_confidence}
        self._reasons = reasons or self._nulls  # a parent without unsure values is flagged for a null
        self._all = bool(metadata.get("warnings")) or not self._reasons

    def confidences(self, rows: Iterable[int]) -> list[float]:
        """How sure these rows' values are; nulls have none."""
        return [self._sure[number] for number in rows if number in self._sure]

    def needs_review(self, rows: Iterable[int]) -> bool:
        """Whether a chunk with these rows needs review."""
        return self._flagged and (self._all or not self._reasons.isdisjoint(rows))


def _without_span(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "span"}


def _moved(span: tuple[int, int], place: Place, text: str) -> tuple[int, int] | None:
    """The part of a span that a chunk shows, in the chunk; None where it shows nothing of it."""
    start, end = span
    parts = []
    for mine, theirs, length in place:
        first, last = max(start, theirs), min(end, theirs + length)
        if first < last or first == last == start == end:
            parts.append((mine + first - theirs, mine + last - theirs))
    if not parts:
        return None
    for (_, before), (after, _) in pairwise(parts):
        if text[before:after].strip():
            return None  # something else stands in between: this is not the value
    return parts[0][0], parts[-1][1]
