"""A document that was read, as text that can be stored and read again without the file.

Numbers come back exactly, so that an extraction from a stored reading equals one from the file.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import PageRangeError
from extract_bridge.parse.model import Cell, FormField, Page, ParsedDocument, Rule, Table, Tilt, Word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LEVEL = 1  # most of what there is to gain, at a tenth of the time


def write_reading(document: ParsedDocument) -> str:
    """A document as ASCII text, compressed."""
    content = {
        "name": document.name,
        "media_type": document.media_type,
        "page_count": document.page_count,
        "warnings": document.warnings,
        "unread": document.unread,
        "pages": [_page_out(page) for page in document.pages],
    }
    packed = zlib.compress(json.dumps(content, separators=(",", ":")).encode(), _LEVEL)
    return base64.b64encode(packed).decode("ascii")


def read_reading(text: str) -> ParsedDocument:
    """The document that `write_reading` wrote."""
    content = json.loads(zlib.decompress(base64.b64decode(text)))
    return ParsedDocument(
        name=content["name"],
        media_type=content["media_type"],
        pages=tuple(_page_in(page) for page in content["pages"]),
        page_count=content["page_count"],
        warnings=tuple(content["warnings"]),
        unread=tuple(content["unread"]),
    )


def select_pages(
    document: ParsedDocument, *, target_pages: Sequence[int] | None, max_pages: int | None
) -> ParsedDocument:
    """Some of the pages of a document that was read.

    Args:
        document: What was read.
        target_pages: 1-based pages of the whole document, in this order; all that were read where None.
        max_pages: At most so many of them, with a warning.

    Raises:
        PageRangeError: `page_out_of_range`: a target page that was not read.
    """
    pages = document.pages
    if target_pages is not None:
        by_number = {page.number: page for page in document.pages}
        missing = next((number for number in target_pages if number not in by_number), None)
        if missing is not None:
            raise PageRangeError(
                f"page {missing} is not among the pages that the parse job has read",
                code="page_out_of_range",
                where=document.name,
                hint="Name pages that it has read, or extract from the file",
            )
        pages = tuple(by_number[number] for number in target_pages)
    warnings = document.warnings
    if max_pages is not None and len(pages) > max_pages:
        warnings = (*warnings, f"max_pages={max_pages}: read {max_pages} of {len(pages)} pages")
        pages = pages[:max_pages]
    return replace(document, pages=pages, warnings=warnings)


def _page_out(page: Page) -> dict[str, Any]:
    # The words of a table are words of its page: the engine tells them by identity, so a number stands for the word.
    places = {id(word): place for place, word in enumerate(page.words)}
    return {
        "head": [page.number, page.width, page.height, page.source],
        "words": [_word_out(word) for word in page.words],
        "rules": [[rule.x0, rule.y0, rule.x1, rule.y1] for rule in page.rules],
        "tables": [_table_out(table, places) for table in page.tables],
        "fields": [_field_out(item, places) for item in page.fields],
        **({"tilt": [page.tilt.degrees, page.tilt.width, page.tilt.height]} if page.tilt else {}),
    }


def _field_out(item: FormField, places: Mapping[int, int]) -> list[Any]:
    words = [places.get(id(word), _word_out(word)) for word in item.words]
    return [item.kind, item.x0, item.y0, item.x1, item.y1, words, item.label]


def _table_out(table: Table, places: Mapping[int, int]) -> list[Any]:
    rows = [
        [
            [[places.get(id(word), _word_out(word)) for word in cell.words], cell.column_span, cell.row_span]
            for cell in row
        ]
        for row in table.rows
    ]
    return [rows, table.header_rows]


def _word_out(word: Word) -> list[Any]:
    plain = [word.text, word.x0, word.y0, word.x1, word.y1, word.size, word.bold]
    more = (
        [word.confidence, word.turned] if word.turned else [word.confidence] if word.confidence != 1.0 else []
    )
    return [*plain, *more]


def _page_in(page: dict[str, Any]) -> Page:
    number, width, height, source = page["head"]
    words = tuple(Word(*word) for word in page["words"])
    return Page(
        number=number,
        width=width,
        height=height,
        words=words,
        rules=tuple(Rule(*rule) for rule in page["rules"]),
        tables=tuple(_table_in(rows, header_rows, words) for rows, header_rows in page["tables"]),
        source=source,
        fields=tuple(_field_in(item, words) for item in page.get("fields", ())),
        tilt=Tilt(*page["tilt"]) if "tilt" in page else None,
    )


def _field_in(item: list[Any], words: Sequence[Word]) -> FormField:
    kind, x0, y0, x1, y1, own, label = item
    return FormField(kind, x0, y0, x1, y1, _words_in(own, words), label)


def _words_in(items: Sequence[Any], words: Sequence[Word]) -> tuple[Word, ...]:
    return tuple(words[item] if isinstance(item, int) else Word(*item) for item in items)


def _table_in(rows: list[Any], header_rows: int, words: Sequence[Word]) -> Table:
    return Table(
        tuple(tuple(Cell(_words_in(cell, words), *spans) for cell, *spans in row) for row in rows),
        header_rows,
    )
