"""Pages as a person looks at them: pictures for a review, and the words of pages that have no look of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.open import count_pages_of, laid_out, needing
from extract_bridge.parse.sniff import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.Image import Image

    from extract_bridge.parse.model import Page


class PageLook(NamedTuple):
    """One page.

    Attributes:
        number: 1-based.
        width: In points (of an image file: pixels), after rotation.
        height: The same.
        picture: The page as seen, in RGB; None for formats that are laid out by us, and for a page that cannot be drawn.
        page: Its words, for formats that are laid out by us.
        problem: Why there is neither.
    """

    number: int
    width: float
    height: float
    picture: Image | None = None
    page: Page | None = None
    problem: str | None = None


def page_looks(data: bytes, name: str, numbers: Sequence[int], *, dots: int) -> Iterator[PageLook]:
    """The pages with these numbers, one at a time; a page that cannot be drawn says why and the next one follows.

    Args:
        data: The document.
        name: Its file name, for the suffix and for messages.
        numbers: 1-based; a number outside the document is a page that cannot be drawn.
        dots: An inch, for pages that have inches.

    Raises:
        DocumentError: Nothing of it can be shown: empty, broken, encrypted, of no readable type.
        MissingExtraError: Its format needs a package that is not installed.
    """
    kind = kind_of(data, name)
    count = count_pages_of(data, name=name)
    outside = [number for number in numbers if not 1 <= number <= count]
    within = [number for number in numbers if 1 <= number <= count]
    if kind == "pdf":
        yield from _of_pdf(data, name, within, dots)
    elif kind == "image":
        yield from _of_image(data, name, within)
    else:
        pages = laid_out(data, kind, name)
        for number in within:
            page = pages[number - 1]
            yield PageLook(number, page.width, page.height, page=page)
    for number in outside:
        yield PageLook(number, 0, 0, problem=f"the document has {count} page{'s' * (count != 1)}")


def _of_pdf(data: bytes, name: str, numbers: Sequence[int], dots: int) -> Iterator[PageLook]:
    with needing("pypdfium2"):
        from extract_bridge.parse.pdf import pdf_looks  # noqa: PLC0415 - loaded for PDFs only
    for number in numbers:
        try:
            with needing("PIL"):  # PDFium's own package loads it when it is used
                width, height, picture = pdf_looks(data, name, number, dots)
        except DocumentError as problem:
            yield PageLook(number, 0, 0, problem=problem.message)
        else:
            yield PageLook(number, width, height, picture)


def _of_image(data: bytes, name: str, numbers: Sequence[int]) -> Iterator[PageLook]:
    with needing("PIL"):
        from extract_bridge.parse.images import frames  # noqa: PLC0415 - loaded for images only
    for number in numbers:
        try:
            for _, picture, (width, height) in frames(data, name, [number]):
                yield PageLook(number, width, height, picture)
        except DocumentError as problem:
            yield PageLook(number, 0, 0, problem=problem.message)


def page_words(data: bytes, name: str, numbers: Sequence[int]) -> Iterator[Page]:
    """The words that the document itself has on these pages; pages that are pictures, damaged or not there are left out.

    Raises:
        DocumentError: Nothing of it can be read: empty, broken, encrypted, of no readable type.
        MissingExtraError: Its format needs a package that is not installed.
    """
    kind = kind_of(data, name)
    count = count_pages_of(data, name=name)
    within = [number for number in numbers if 1 <= number <= count]
    if kind == "pdf":
        with needing("pypdfium2"):
            from extract_bridge.parse.pdf import read_pdf_pages  # noqa: PLC0415 - loaded for PDFs only
        for number in within:
            try:
                yield from read_pdf_pages(data, name, [number])[0]
            except DocumentError:
                continue
    elif kind != "image":
        pages = laid_out(data, kind, name)
        yield from (pages[number - 1] for number in within)
