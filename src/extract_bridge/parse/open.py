"""Any document becomes pages of words with boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.core.errors import DocumentError, PageRangeError
from extract_bridge.core.limits import limit
from extract_bridge.parse.model import Page, ParsedDocument

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def count_pages(path: Path, *, name: str) -> int:
    from extract_bridge.parse.pdf import count_pdf_pages

    return count_pdf_pages(path.read_bytes(), name)


def parse_document(
    path: Path, *, name: str, target_pages: Sequence[int] | None = None, max_pages: int | None = None
) -> ParsedDocument:
    from extract_bridge.parse.pdf import count_pdf_pages, read_pdf_pages

    data = path.read_bytes()
    count = count_pdf_pages(data, name)
    pages = read_pdf_pages(data, name, target_pages or range(1, count + 1))
    return ParsedDocument(name, "application/pdf", tuple(pages), count)
