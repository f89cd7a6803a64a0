"""Plain text, Markdown and CSV, laid out on pages of our own."""

from __future__ import annotations

import codecs
import csv
import html
import io
import re
from typing import TYPE_CHECKING

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.canvas import Canvas, CellText, check_extent
from extract_bridge.parse.wide import wide_encoding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.parse.model import Page

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAID = re.compile(r"\ufeff?\"?sep=([,;\t|:^~])\"?\n", re.IGNORECASE)  # a spreadsheet program's first line
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BREAK = re.compile(r"<br\s{0,3}/?>", re.IGNORECASE)
_PIPE_ROW = re.compile(r"\s*\|.*\|\s*$|[^|]+\|.*")
_PIPE_RULE = re.compile(r"\s*+\|?\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+\|?\s*+$")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*+(?:\([^()\s]*+\)[^()\s]*+)?+[^()]*+\)")


def decode(data: bytes) -> str:
    """Text of bytes: by its byte order mark or its zeros, else UTF-8, else Windows-1252. Line ends become newlines."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _plain_newlines(data.decode(encoding, errors="replace"))
    wide = wide_encoding(data)
    if wide:
        return _plain_newlines(data.decode(wide, errors="replace"))
    try:
        return _plain_newlines(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    return _plain_newlines(data.decode("cp1252", errors="replace"))


def _plain_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def read_text(data: bytes) -> tuple[Page, ...]:
    """Pages of a plain text; a form feed begins a new one."""
    canvas = Canvas()
    for number, part in enumerate(decode(data).split("\f")):
        if number:
            canvas.page_break()
        canvas.text(part)
    return canvas.pages()


def read_csv(data: bytes, *, tabs: bool = False) -> tuple[Page, ...]:
    """Pages of one table: commas, semicolons, tabs or bars, whichever splits the first lines most evenly; or as `sep=` says."""
    text = decode(data)
    said = _SAID.match(text)
    try:
        if said:
            reader = csv.reader(io.StringIO(text[said.end() :]), delimiter=said[1])
        else:
            reader = csv.reader(io.StringIO(text), _dialect(text, tabs=tabs))
        rows = [row for row in reader if any(map(str.strip, row))]
    except csv.Error:  # one cell of more than 131,072 characters
        raise DocumentError(
            "a cell of the table is too long",
            code="malformed",
            hint="Check the quotation marks, or send it as .txt",
        ) from None
    canvas = Canvas()
    canvas.table(rectangle(rows))
    return canvas.pages()


def rectangle(rows: Sequence[Sequence[str]]) -> list[list[CellText]]:
    """Rows of cells, short rows filled with empty cells."""
    width = max(map(len, rows), default=0)
    check_extent(len(rows), width)
    return [[CellText(text) for text in row] + [CellText("")] * (width - len(row)) for row in rows]


def _dialect(text: str, *, tabs: bool) -> type[csv.Dialect]:
    delimiter = "\t" if tabs else max("\t;|,", key=lambda sign: _evenness(text, sign))

    class Found(csv.excel):
        pass

    Found.delimiter = delimiter
    return Found


def _evenness(text: str, sign: str) -> tuple[int, int]:
    """How many of the first rows have as many cells as most of them, if that is more than one; and how many cells."""
    lines = io.StringIO(text[:20_000])
    counts = [len(row) for _, row in zip(range(30), csv.reader(lines, delimiter=sign), strict=False) if row]
    usual = max(set(counts), key=counts.count, default=0)
    return (counts.count(usual), usual) if usual > 1 else (0, 0)


def read_markdown(data: bytes) -> tuple[Page, ...]:
    """Pages of a Markdown text: headings bold, emphasis and link marks removed, pipe tables as tables."""
    canvas = Canvas()
    lines = decode(data).split("\n")
    at = 0
    code = False
    while at < len(lines):
        if _FENCE.match(lines[at]):
            code = not code
            at += 1
            continue
        if code:
            canvas.text(lines[at] or " ")
            at += 1
            continue
        if at + 1 < len(lines) and _PIPE_ROW.match(lines[at]) and "|" in lines[at + 1]:
            end = _table_end(lines, at) if _PIPE_RULE.match(lines[at + 1]) else at
        else:
            end = at
        if end > at:
            canvas.table(rectangle([_pipe_cells(line) for line in (lines[at], *lines[at + 2 : end])]))
            at = end
        else:
            _markdown_line(canvas, lines[at])
            at += 1
    return canvas.pages()


def _table_end(lines: list[str], at: int) -> int:
    end = at + 2
    while end < len(lines) and "|" in lines[end] and lines[end].strip():
        end += 1
    return end


def _pipe_cells(line: str) -> list[str]:
    inner = re.sub(r"(?<!\\)\|\s*$", "", line.strip().removeprefix("|"))
    return [_unmarked(cell.strip().replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", inner)]


def _markdown_line(canvas: Canvas, line: str) -> None:
    heading = _HEADING.match(line)
    if heading:
        canvas.text(_unmarked(heading[2]), bold=True)
    elif line.strip():
        canvas.text(_unmarked(line))
    else:
        canvas.blank()


def _unmarked(text: str) -> str:
    """Text without the marks for emphasis, code, breaks and links; a link's words stay, and named signs are spelled out."""
    plain = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", _BREAK.sub(" ", text))))
    return _ENTITY.sub(lambda found: html.unescape(found[0]), plain)
