"""A field of a record, and where it was read. Callers take these names from `model`, which has the record too.

Units everywhere: pages are 1-based, boxes are PDF points from the page's top left corner (after rotation), confidence is 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Match = Literal["exact", "normalized", "fuzzy"]
"""How a quote carries its value: letter for letter, after normalising (numbers, dates, case, spaces), or nearly."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in PDF points from the top left corner."""

    x: float
    y: float
    w: float
    h: float

    def normalized(self, page: PageSize) -> Box:
        """The same rectangle with page width and height as 1."""
        return Box(self.x / page.width, self.y / page.height, self.w / page.width, self.h / page.height)


@dataclass(frozen=True, slots=True)
class PageSize:
    """Width and height of a page in PDF points, after rotation."""

    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One place in the document that a value was read from.

    Attributes:
        page: 1-based; None where the service gave none.
        quote: The words of the document, as they stand there.
        boxes: Around those words, in points from the top left.
        page_size: The page's size in points.
        match: How the quote carries the value; None where nobody said.
        extra: Keys of the wire that have no attribute here.
    """

    page: int | None = None
    quote: str | None = None
    boxes: tuple[Box, ...] = ()
    page_size: PageSize | None = None
    match: Match | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Without the quote: no document text gets into logs and messages."""
        return f"<Citation page={self.page} match={self.match} boxes={len(self.boxes)}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedField:
    """One leaf of a result with its evidence.

    Attributes:
        pointer: RFC 6901 JSON pointer inside its record, for example `/line_items/0/amount`.
        value: A JSON scalar, or None: not found.
        raw_value: The value as it was printed, before it was made to fit the schema; None where unknown.
        confidence: 0..1, None where not given.
        extraction_confidence: The extraction's share of it.
        parsing_confidence: The reading's share of it.
        citations: Where it was read, best first.
        reasoning: Why this value, or why none.
        extra: Keys of the wire that have no attribute here.
    """

    pointer: str
    value: Any = None
    raw_value: str | None = None
    confidence: float | None = None
    extraction_confidence: float | None = None
    parsing_confidence: float | None = None
    citations: tuple[Citation, ...] = ()
    reasoning: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Without the value: no document text gets into logs and messages."""
        pages = [citation.page for citation in self.citations]
        return f"<ExtractedField {self.pointer} confidence={self.confidence} pages={pages}>"


_new = object.__new__
_citation_slots: Any = [Citation.__dict__[name].__set__ for name in Citation.__slots__]
_field_slots: Any = [ExtractedField.__dict__[name].__set__ for name in ExtractedField.__slots__]
_set_page, _set_quote, _set_boxes, _set_page_size, _set_match, _set_citation_extra = _citation_slots
(
    _set_pointer,
    _set_value,
    _set_raw_value,
    _set_confidence,
    _set_extraction_confidence,
    _set_parsing_confidence,
    _set_citations,
    _set_reasoning,
    _set_field_extra,
) = _field_slots


def made_citation(
    page: int | None,
    quote: str | None,
    boxes: tuple[Box, ...],
    page_size: PageSize | None,
    match: Match | None,
    extra: Mapping[str, Any],
) -> Citation:
    """`Citation(…)`, in less than half the time: a frozen class sets each attribute by its name, this by its slot."""
    citation = _new(Citation)
    _set_page(citation, page)
    _set_quote(citation, quote)
    _set_boxes(citation, boxes)
    _set_page_size(citation, page_size)
    _set_match(citation, match)
    _set_citation_extra(citation, extra)
    return citation


def made_field(
    pointer: str,
    value: Any,
    raw_value: str | None,
    confidence: float | None,
    extraction_confidence: float | None,
    parsing_confidence: float | None,
    citations: tuple[Citation, ...],
    reasoning: str | None,
    extra: Mapping[str, Any],
) -> ExtractedField:
    """`ExtractedField(…)`, in less than half the time, see `made_citation`."""
    made = _new(ExtractedField)
    _set_pointer(made, pointer)
    _set_value(made, value)
    _set_raw_value(made, raw_value)
    _set_confidence(made, confidence)
    _set_extraction_confidence(made, extraction_confidence)
    _set_parsing_confidence(made, parsing_confidence)
    _set_citations(made, citations)
    _set_reasoning(made, reasoning)
    _set_field_extra(made, extra)
    return made
