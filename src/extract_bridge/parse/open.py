"""Any document becomes pages of words with boxes: the room's front door."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from extract_bridge.core.errors import DocumentError, MissingExtraError, PageRangeError
from extract_bridge.core.limits import limit
from extract_bridge.core.page_ranges import format_pages
from extract_bridge.parse.archive import check_archive
from extract_bridge.parse.model import ParsedDocument
from extract_bridge.parse.sniff import MEDIA_TYPES, kind_of
from extract_bridge.parse.text import read_csv, read_markdown, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from extract_bridge.parse.model import Page
    from extract_bridge.parse.sniff import Kind

_OCR_HINT = 'Reading images needs: pip install "extract-bridge[ocr]"'


def count_pages(path: Path, *, name: str) -> int:
    """How many pages a document has.

    Args:
        path: The document.
        name: Its file name, for the suffix and for messages.

    Raises:
        DocumentError: It is empty, of no readable type, broken, encrypted, has no pages or only an image.
        MissingExtraError: Its format needs a package that is not installed.
    """
    return count_pages_of(path.read_bytes(), name=name)


def count_pages_of(data: bytes, *, name: str) -> int:
    """How many pages a document has whose bytes are at hand; see `count_pages`."""
    kind = kind_of(data, name)
    if kind == "pdf":
        return _pdf_page_count(data, name)
    return len(_laid_out(data, kind, name))


def parse_document(
    path: Path, *, name: str, target_pages: Sequence[int] | None = None, max_pages: int | None = None
) -> ParsedDocument:
    """Reads a document's words, boxes and stated tables.

    Args:
        path: The document.
        name: Its file name; the suffix settles the type where the content does not.
        target_pages: 1-based pages to read, in this order; all where None.
        max_pages: Read at most so many of them, and say so in a warning.

    Raises:
        DocumentError: `empty_file`, `unsupported_type`, `broken`, `encrypted`, `no_pages`, `needs_ocr` (nothing but
            images), or `too_many_pages` (the limit `max_document_pages`).
        PageRangeError: `page_out_of_range`: a target page that the document does not have.
        MissingExtraError: The format needs a package that is not installed.
    """
    data = path.read_bytes()
    kind = kind_of(data, name)
    warnings: list[str] = []
    unread: Sequence[int] = ()
    if kind == "pdf":
        count = _pdf_page_count(data, name)
        numbers = _selected(count, target_pages, max_pages, name, warnings)
        pages, unread = _read_pdf(data, name, numbers, warnings)
    else:
        laid_out = _laid_out(data, kind, name)
        count = len(laid_out)
        pages = [laid_out[number - 1] for number in _selected(count, target_pages, max_pages, name, warnings)]
    return ParsedDocument(name, MEDIA_TYPES[kind], tuple(pages), count, tuple(warnings), tuple(unread))


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
    with _needing("pypdfium2"):
        from extract_bridge.parse.pdf import count_pdf_pages  # noqa: PLC0415 - loaded for PDFs only
    return count_pdf_pages(data, name)


def _read_pdf(
    data: bytes, name: str, numbers: Sequence[int], warnings: list[str]
) -> tuple[Sequence[Page], Sequence[int]]:
    with _needing("pypdfium2"):
        from extract_bridge.parse.pdf import read_pdf_pages  # noqa: PLC0415 - loaded for PDFs only
    pages, unread = read_pdf_pages(data, name, numbers)
    if unread and not any(page.words for page in pages):
        raise _needs_ocr(name)
    if unread:
        which = f"page {unread[0]} is" if len(unread) == 1 else f"pages {format_pages(unread)} are"
        warnings.append(f"{which} only an image and not read. {_OCR_HINT}")
    return pages, unread


def _laid_out(data: bytes, kind: Kind, name: str) -> tuple[Page, ...]:
    """The pages of a format that has none of its own."""
    match kind:
        case "image":
            raise _needs_ocr(name)
        case "csv":
            return read_csv(data, tabs=name.lower().endswith((".tsv", ".tab")))
        case "markdown":
            return read_markdown(data)
        case "html" | "eml":
            with _needing("selectolax"):
                from extract_bridge.parse.html import read_html  # noqa: PLC0415 - loaded for HTML only
                from extract_bridge.parse.mail import read_mail  # noqa: PLC0415 - loaded for mails only
            return read_html(data) if kind == "html" else read_mail(data)
        case "xlsx" | "docx":
            check_archive(data, name)
            with _needing("python_calamine", "docx"):
                from extract_bridge.parse.office import read_docx, read_xlsx  # noqa: PLC0415 - loaded for office files
            return read_xlsx(data, name) if kind == "xlsx" else read_docx(data, name)
        case _:
            return read_text(data)


def _needs_ocr(name: str) -> DocumentError:
    return DocumentError("there is no text in it, only images", code="needs_ocr", where=name, hint=_OCR_HINT)


@contextmanager
def _needing(*packages: str) -> Iterator[None]:
    """Turns a missing package into an error that says how to install it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name in packages:
            raise MissingExtraError("local", error.name) from error
        raise
