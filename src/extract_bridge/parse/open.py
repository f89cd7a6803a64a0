"""Any document becomes pages of words with boxes: the room's front door."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from extract_bridge.core.errors import DocumentError, MissingExtraError, PageRangeError
from extract_bridge.core.limits import limit
from extract_bridge.core.page_ranges import format_pages
from extract_bridge.parse.archive import check_archive
from extract_bridge.parse.drawn_fields import with_drawn_fields
from extract_bridge.parse.model import Page, ParsedDocument
from extract_bridge.parse.ocr import recognized, recognizer
from extract_bridge.parse.sniff import MEDIA_TYPES, image_type, kind_of
from extract_bridge.parse.text import read_csv, read_markdown, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from PIL.Image import Image

    from extract_bridge.parse.ocr import Sight
    from extract_bridge.parse.sniff import Kind

_OCR_HINT = 'Reading images needs: pip install "extract-bridge[ocr]"'


def count_pages(path: Path, *, name: str) -> int:
    """How many pages a document has.

    Args:
        path: The document.
        name: Its file name, for the suffix and for messages.

    Raises:
        DocumentError: It is empty, of no readable type, broken, encrypted or has no pages.
        MissingExtraError: Its format needs a package that is not installed.
    """
    return count_pages_of(path.read_bytes(), name=name)


def count_pages_of(data: bytes, *, name: str) -> int:
    """How many pages a document has whose bytes are at hand; see `count_pages`."""
    kind = kind_of(data, name)
    if kind == "pdf":
        return _pdf_page_count(data, name)
    if kind == "image":
        with needing("PIL"):
            from extract_bridge.parse.images import count_frames  # noqa: PLC0415 - loaded for images only
        return count_frames(data, name)
    return len(laid_out(data, kind, name))


def parse_document(
    path: Path,
    *,
    name: str,
    target_pages: Sequence[int] | None = None,
    max_pages: int | None = None,
    lang: str | None = None,
) -> ParsedDocument:
    """Reads a document's words, boxes and stated tables.

    Args:
        path: The document.
        name: Its file name; the suffix settles the type where the content does not.
        target_pages: 1-based pages to read, in this order; all where None.
        max_pages: Read at most so many of them, and say so in a warning.
        lang: Code of the document's language, for pages that are pictures.

    Raises:
        DocumentError: `empty_file`, `unsupported_type`, `broken`, `encrypted`, `no_pages`, `needs_ocr` (nothing but
            pictures, and no recognizer is installed), `no_text` (blank, or pictures without text), `image_too_large`,
            `too_large`, or `too_many_pages` (the limit `max_document_pages`).
        PageRangeError: `page_out_of_range`: a target page that the document does not have.
        MissingExtraError: The format needs a package that is not installed.
    """
    data = path.read_bytes()
    kind = kind_of(data, name)
    warnings: list[str] = []
    unread: Sequence[int] = ()
    if kind in ("pdf", "image"):
        count = count_pages_of(data, name=name)
        numbers = _selected(count, target_pages, max_pages, name, warnings)
        if kind == "pdf":
            pages, unread = _read_pdf(data, name, numbers, lang)
        else:
            pages, unread = _read_image(data, name, numbers, lang)
        _tell(pages, unread, name, warnings)
    else:
        drawn = laid_out(data, kind, name)
        count = len(drawn)
        pages = [drawn[number - 1] for number in _selected(count, target_pages, max_pages, name, warnings)]
    if not any(page.words or page.fields for page in pages):
        raise DocumentError(
            "it shows no text",
            code="no_text",
            where=name,
            hint="Open it in a viewer: if it is not blank there, print it to a new PDF, or send a scan",
        )
    media_type = image_type(data) if kind == "image" else MEDIA_TYPES[kind]
    return ParsedDocument(
        name, media_type, tuple(map(with_drawn_fields, pages)), count, tuple(warnings), tuple(unread)
    )


def _selected(
    count: int, target_pages: Sequence[int] | None, max_pages: int | None, name: str, warnings: list[str]
) -> Sequence[int]:
    """The page numbers to read."""
    most = limit("max_document_pages")
    if count > most:
        raise DocumentError(
            f"the document has {count} pages, more than {most}",
            code="too_many_pages",
            where=name,
            hint="Split it, or raise EXTRACT_BRIDGE_MAX_DOCUMENT_PAGES",
        )
    numbers = range(1, count + 1) if target_pages is None else target_pages
    for number in numbers:
        if not 1 <= number <= count:
            raise PageRangeError(
                f"page {number} is outside the document",
                code="page_out_of_range",
                where=name,
                hint=f"Name pages from 1 to {count}",
            )
    if max_pages is not None and len(numbers) > max_pages:
        warnings.append(f"max_pages={max_pages}: read {max_pages} of {len(numbers)} pages")
        return numbers[:max_pages]
    return numbers


def _pdf_page_count(data: bytes, name: str) -> int:
    with needing("pypdfium2"):
        from extract_bridge.parse.pdf import count_pdf_pages  # noqa: PLC0415 - loaded for PDFs only
    return count_pdf_pages(data, name)


def _read_pdf(
    data: bytes, name: str, numbers: Sequence[int], lang: str | None
) -> tuple[Sequence[Page], Sequence[int]]:
    """Pages with their own text, and with recognized text where they have none; and those without any."""
    with needing("pypdfium2"):
        from extract_bridge.parse.pdf import pdf_pictures, read_pdf_pages  # noqa: PLC0415 - loaded for PDFs only
    pages, unread = read_pdf_pages(data, name, numbers)
    if not unread:
        return pages, unread
    read = dict(recognized(pdf_pictures(data, name, unread), lang))
    pages = [_seen(page, read[page.number]) if page.number in read else page for page in pages]
    return pages, [number for number in unread if number not in read or not read[number].words]


def _seen(page: Page, sight: Sight) -> Page:
    """A page with what was read on its picture; what else is drawn on it is of no use where the paper lies askew."""
    words, width, height, tilt = sight.words, sight.width, sight.height, sight.tilt
    if tilt is None:
        return replace(page, words=words, source="ocr")
    return Page(page.number, width, height, words=words, source="ocr", tilt=tilt)


def _read_image(
    data: bytes, name: str, numbers: Sequence[int], lang: str | None
) -> tuple[Sequence[Page], Sequence[int]]:
    """Pages of an image file; a pixel counts as a point."""
    with needing("PIL"):
        from extract_bridge.parse.images import frames  # noqa: PLC0415 - loaded for images only
    sizes: dict[int, tuple[int, int]] = {}

    def pictures() -> Iterator[tuple[int, Image, float]]:
        for number, picture, size in frames(data, name, numbers):
            sizes[number] = size
            yield number, picture, size[0] / picture.width

    read = dict(recognized(pictures(), lang))
    pages = [Page(number, *sizes.get(number, (0, 0)), source="ocr") for number in numbers]
    pages = [_seen(page, read[page.number]) if page.number in read else page for page in pages]
    return pages, [page.number for page in pages if not page.words]


def _tell(pages: Sequence[Page], unread: Sequence[int], name: str, warnings: list[str]) -> None:
    """Says which pages were read as pictures, and which could not be read; nothing read at all is an error."""
    reader = recognizer()
    if unread and not any(page.words for page in pages):
        if reader is None:
            raise _needs_ocr(name)
        raise DocumentError(
            "there are only images in it, and no text was recognized in them",
            code="no_text",
            where=name,
            hint="Send a sharper scan, or a document with text",
        )
    seen = [page.number for page in pages if page.source == "ocr" and page.words]
    if seen and reader:
        warnings.append(f"{_which(seen)} read as an image by {reader.name}: letters may be mistaken")
    if unread:
        why = f"not read. {_OCR_HINT}" if reader is None else "no text was recognized in it"
        warnings.append(f"{_which(unread)} only an image and {why}")


def _which(numbers: Sequence[int]) -> str:
    return f"page {numbers[0]} is" if len(numbers) == 1 else f"pages {format_pages(numbers)} are"


def laid_out(data: bytes, kind: Kind, name: str) -> tuple[Page, ...]:
    """The pages of a format that has none of its own."""
    try:
        return _read_laid_out(data, kind, name)
    except DocumentError as error:
        error.where = error.where or name
        raise
    except RecursionError:  # parts within parts of a mail, tables within tables
        raise DocumentError(
            "it is nested too deeply",
            code="too_large",
            where=name,
            hint="Save it again in its own program, or send its innermost part",
        ) from None


def _read_laid_out(data: bytes, kind: Kind, name: str) -> tuple[Page, ...]:
    match kind:
        case "csv":
            return read_csv(data, tabs=name.lower().endswith((".tsv", ".tab")))
        case "markdown":
            return read_markdown(data)
        case "html" | "eml":
            with needing("selectolax"):
                from extract_bridge.parse.html import read_html  # noqa: PLC0415 - loaded for HTML only
                from extract_bridge.parse.mail import read_mail  # noqa: PLC0415 - loaded for mails only
            return read_html(data) if kind == "html" else read_mail(data)
        case "xlsx" | "docx":
            check_archive(data, name)
            with needing("python_calamine", "docx"):
                from extract_bridge.parse.office import read_docx, read_xlsx  # noqa: PLC0415 - loaded for office files
            return read_xlsx(data, name) if kind == "xlsx" else read_docx(data, name)
        case _:
            return read_text(data)


def _needs_ocr(name: str) -> DocumentError:
    return DocumentError("there is no text in it, only images", code="needs_ocr", where=name, hint=_OCR_HINT)


@contextmanager
def needing(*packages: str) -> Iterator[None]:
    """Turns a missing package into an error that says how to install it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name in packages:
            raise MissingExtraError("local", error.name) from error
        raise
