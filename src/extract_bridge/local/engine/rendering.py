"""What was read, as text, as Markdown and as items: the outputs of a parse job, page by page."""

from __future__ import annotations

import csv
import html
import io
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from extract_bridge.parse.layout import find_tables, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extract_bridge.parse.layout import Line
    from extract_bridge.parse.model import Page, ParsedDocument, Table, Word

_UNREAD = "the page is only an image: there is no text in it to read"
_HEADING_SIZES = (1.7, 1.35, 1.15)  # times the usual font size, for levels 1 to 3
_BOLD_LEVEL = 3
_LONGEST_HEADING = 12  # words
_PARAGRAPH_GAP = 0.7  # times the font size, between the bottom of one line and the top of the next


@dataclass(frozen=True, slots=True)
class _Block:
    """An item and its words."""

    words: tuple[Word, ...]
    item: dict[str, Any]

    @property
    def top(self) -> float:
        return min(word.y0 for word in self.words)

    def placed(self, page: Page) -> dict[str, Any]:
        """The item with the box around it where the page shows it."""
        lefts, tops, rights, bottoms = zip(*map(page.shown, self.words), strict=True)
        x, y = min(lefts), min(tops)
        return {**self.item, "bbox": [{"x": x, "y": y, "w": max(rights) - x, "h": max(bottoms) - y}]}


def text_pages(document: ParsedDocument) -> list[dict[str, Any]]:
    """Each page's lines."""
    return [{"page_number": page.number, "text": _text(page)} for page in document.pages]


def markdown_pages(document: ParsedDocument) -> list[dict[str, Any]]:
    """Each page as Markdown, or why there is none."""
    return [
        _failed(page)
        if page.number in document.unread
        else {
            "success": True,
            "page_number": page.number,
            "markdown": "\n\n".join(item["md"] for item in page_items(page)),
        }
        for page in document.pages
    ]


def item_pages(document: ParsedDocument) -> list[dict[str, Any]]:
    """Each page's headings, paragraphs and tables with their boxes, or why there are none."""
    return [
        _failed(page)
        if page.number in document.unread
        else {
            "success": True,
            "page_number": page.number,
            "page_width": page.shown_size[0],
            "page_height": page.shown_size[1],
            "items": page_items(page),
        }
        for page in document.pages
    ]


def metadata_pages(document: ParsedDocument) -> list[dict[str, Any]]:
    """What is known of each page beside its content; rules judge no page's confidence."""
    return [
        {"page_number": page.number, "confidence": None, "original_orientation_angle": None}
        for page in document.pages
    ]


def page_items(page: Page) -> list[dict[str, Any]]:
    """The items of one page from top to bottom; every word is in exactly one."""
    tables = [table for table in find_tables(page) if any(cell.words for row in table.rows for cell in row)]
    taken = {id(word) for table in tables for row in table.rows for cell in row for word in cell.words}
    blocks = [_Block(_words_of(table), _table_item(table)) for table in tables]
    lines = [tuple(word for word in line.words if id(word) not in taken) for line in lines_of(page)]
    blocks += _text_blocks([words for words in lines if words])
    return [block.placed(page) for block in sorted(blocks, key=lambda block: block.top)]


def _text(page: Page) -> str:
    return "\n".join(_spaced(line) for line in lines_of(page))


def _spaced(line: Line) -> str:
    """The words, with more than one space where a reader sees a gap."""
    return "   ".join(segment.text for segment in line.segments)


def _failed(page: Page) -> dict[str, Any]:
    return {"success": False, "page_number": page.number, "error": _UNREAD}


def _text_blocks(lines: Sequence[tuple[Word, ...]]) -> list[_Block]:
    usual = median(_size(words) for words in lines) if lines else 1.0
    blocks: list[_Block] = []
    paragraph: list[tuple[Word, ...]] = []
    for words in lines:
        level = _level(words, usual)
        if level or (paragraph and _apart(paragraph[-1], words)):
            blocks += _paragraph(paragraph)
            paragraph = []
        if level:
            blocks.append(_heading(words, level))
        else:
            paragraph.append(words)
    return blocks + _paragraph(paragraph)


def _level(words: tuple[Word, ...], usual: float) -> int:
    """1 to 3 for a heading, 0 for none."""
    if len(words) > _LONGEST_HEADING:
        return 0
    size = _size(words)
    for level, times in enumerate(_HEADING_SIZES, start=1):
        if size >= times * usual:
            return level
    # Pages that we lay out ourselves have one size: there, and in plain prints, a bold line is a heading.
    return _BOLD_LEVEL if all(word.bold for word in words) and not words[-1].text.endswith(":") else 0


def _size(words: Iterable[Word]) -> float:
    return median(word.size or word.y1 - word.y0 for word in words) or 1.0


def _apart(above: tuple[Word, ...], below: tuple[Word, ...]) -> bool:
    gap = min(word.y0 for word in below) - max(word.y1 for word in above)
    return gap > _PARAGRAPH_GAP * _size(below)


def _heading(words: tuple[Word, ...], level: int) -> _Block:
    text = _joined(words)
    item = {"type": "heading", "level": level, "md": f"{'#' * level} {text}", "value": text}
    return _Block(words, item)


def _paragraph(lines: Sequence[tuple[Word, ...]]) -> list[_Block]:
    if not lines:
        return []
    text = "\n".join(_joined(words) for words in lines)
    every = tuple(word for words in lines for word in words)
    return [_Block(every, {"type": "text", "md": text, "value": text})]


def _joined(words: Iterable[Word]) -> str:
    return " ".join(word.text for word in words)


def _table_item(table: Table) -> dict[str, Any]:
    rows = [[cell.text for cell in row] for row in table.rows]
    return {
        "type": "table",
        "rows": rows,
        "md": _table_markdown(rows),
        "csv": _table_csv(rows),
        "html": _table_html(rows, table.header_rows),
    }


def _words_of(table: Table) -> tuple[Word, ...]:
    return tuple(word for row in table.rows for cell in row for word in cell.words)


def _table_markdown(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(text.replace("|", "\\|") for text in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def _table_csv(rows: list[list[str]]) -> str:
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\n").writerows(rows)
    return sink.getvalue()


def _table_html(rows: list[list[str]], header_rows: int) -> str:
    def line(row: list[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in row) + "</tr>"

    body = "".join(line(row, "th" if at < header_rows else "td") for at, row in enumerate(rows))
    return f"<table>{body}</table>"
