"""Which pages a review shows, and how each looks: a picture, or its words where the format has no look of its own."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.core.errors import DocumentError, MissingExtraError
from extract_bridge.parse.open import count_pages_of
from extract_bridge.parse.pictures import page_looks, page_words
from extract_bridge.review.items import describe
from extract_bridge.review.locate import PageText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from PIL.Image import Image

    from extract_bridge.core.records.model import ExtractedRecord
    from extract_bridge.parse.model import Page
    from extract_bridge.parse.pictures import PageLook
    from extract_bridge.review.sources import Source

WhichPages = Literal["cited", "all"]

_FIRST = 10
"""Pages of a document without a single citation: better some than none."""
_MOST_WORDS = 20_000
_LONGEST_SIDE = 2400  # pixels
_QUALITY = 50  # of WebP; text stays crisp, and half of 80's size
_EFFORT = 2  # of 6: a third of the time of the usual 4, and hardly larger


@dataclass(frozen=True)
class Sheet:
    """One page of the review.

    Attributes:
        document: Index of its document.
        number: 1-based.
        width: In points, 0 where unknown.
        height: The same.
        image: A data URI's base64 of WebP; empty where there is no picture.
        words: `[x, y, w, h, text]` with page width and height as 1, for pages without a picture.
        note: Why it shows nothing; empty where it does.
    """

    document: int
    number: int
    width: float = 0
    height: float = 0
    image: str = ""
    words: tuple[list[Any], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Document:
    """One document of the review.

    Attributes:
        source: Its bytes, and whether they are what was read.
        pages: How many it has; None where nobody knows.
        texts: Words of pages, by number, for quotes without boxes.
    """

    source: Source
    pages: int | None
    texts: Mapping[int, PageText]


@dataclass
class Budget:
    """Bytes that page images may still take, over all documents."""

    left: int
    left_out: list[int] = field(default_factory=list)


def numbers_of(records: Iterable[ExtractedRecord], count: int | None, which: WhichPages) -> list[int]:
    """The pages to show of one document, in order.

    Args:
        records: All that were read from it.
        count: How many pages it has; None where nobody knows.
        which: `all`, or `cited`: those that a value was read from or a record is about.
    """
    if which == "all" and count is not None:
        return list(range(1, count + 1))
    cited: set[int] = set()
    for record in records:
        if record.page is not None:
            cited.add(record.page)
        for item in record.fields.values():
            cited.update(place.page for place in item.citations if place.page is not None)
    return sorted(cited) or list(range(1, min(count or 0, _FIRST) + 1))


def texts_of(source: Source, records: Iterable[ExtractedRecord]) -> dict[int, PageText]:
    """The words of those pages that a quote without a box is on, by page number."""
    wanted = {
        place.page
        for record in records
        for item in record.fields.values()
        for place in item.citations
        if place.page is not None and place.quote and not place.boxes
    }
    if source.data is None or not wanted:
        return {}
    return {page.number: PageText(page) for page in page_words(source.data, source.name, sorted(wanted))}


def page_count(source: Source) -> tuple[int | None, str]:
    """How many pages a document has, and why nobody can say."""
    if source.data is None:
        return None, ""
    try:
        return count_pages_of(source.data, name=source.name), ""
    except (DocumentError, MissingExtraError) as problem:
        return None, f"Its pages cannot be shown. {describe(problem)} {problem.hint or ''}".strip()


def sheets_of(source: Source, document: int, numbers: list[int], *, dots: int, budget: Budget) -> list[Sheet]:
    """The pages of one document; one that cannot be shown says why. None where the document is not at hand, or cannot be opened."""
    if source.data is None:
        return []
    looks = page_looks(source.data, source.name, numbers, dots=dots)
    made = [_sheet(look, document, budget) for look in looks]
    return sorted(made, key=lambda sheet: sheet.number)


def _sheet(look: PageLook, document: int, budget: Budget) -> Sheet:
    if look.page is not None:
        return Sheet(document, look.number, look.width, look.height, words=_words(look.page))
    if look.picture is None:
        return Sheet(document, look.number, note=f"This page cannot be shown: {look.problem}.")
    image = _encoded(look.picture)
    if len(image) > budget.left:
        budget.left = 0  # no later, smaller page slips in: what is left out is the end
        note = "Left out: the pages before it fill the file's size limit. Raise max_bytes to see it."
        return Sheet(document, look.number, look.width, look.height, note=note)
    budget.left -= len(image)
    return Sheet(document, look.number, look.width, look.height, image=image)


def _encoded(picture: Image) -> str:
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    sink = io.BytesIO()
    picture.save(sink, "WEBP", quality=_QUALITY, method=_EFFORT)
    return base64.b64encode(sink.getvalue()).decode()


def _words(page: Page) -> tuple[list[Any], ...]:
    if not page.width or not page.height:
        return ()
    return tuple(
        [
            round(word.x0 / page.width, 5),
            round(word.y0 / page.height, 5),
            round((word.x1 - word.x0) / page.width, 5),
            round((word.y1 - word.y0) / page.height, 5),
            word.text,
        ]
        for word in page.words[:_MOST_WORDS]
    )
