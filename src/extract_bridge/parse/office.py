"""Spreadsheets and text documents of office programs, laid out on pages of our own."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import TYPE_CHECKING, Any

import docx
import docx.table
import python_calamine as calamine
from docx.opc.exceptions import PackageNotFoundError

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.canvas import Canvas, CellText
from extract_bridge.parse.docx_text import blocks, cell_text, text_of
from extract_bridge.parse.text import rectangle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from extract_bridge.parse.model import Page

# A syntax error here is one of XML.
_DAMAGED = (PackageNotFoundError, SyntaxError, zipfile.BadZipFile, KeyError, ValueError, EOFError)


def read_xlsx(data: bytes, name: str) -> tuple[Page, ...]:
    """Pages of a workbook: each sheet begins one; rows without an empty row between them are a table.

    Raises:
        DocumentError: `encrypted`, or `broken`.
    """
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            sheets = [
                (title, workbook.get_sheet_by_name(title).to_python()) for title in workbook.sheet_names
            ]
    except calamine.PasswordError:
        raise _error("the workbook is encrypted", "encrypted", name) from None
    except (calamine.CalamineError, OSError):
        raise _error("the workbook is damaged", "broken", name) from None
    canvas = Canvas()
    for title, rows in sheets:
        blocks = list(_blocks([[_shown(value) for value in row] for row in rows]))
        if not blocks:
            continue
        canvas.page_break()
        if len(sheets) > 1:
            canvas.text(title, bold=True)
        for block in blocks:
            _draw_block(canvas, block)
    return canvas.pages()


def _error(message: str, code: str, name: str) -> DocumentError:
    hint = (
        "Save a copy without a password and send that"
        if code == "encrypted"
        else "Save it again and send that"
    )
    return DocumentError(message, code=code, where=name, hint=hint)


def _shown(value: object) -> str:
    """A cell's value as text: whole numbers without decimals, dates as ISO."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, float):
        return repr(round(value, 10))
    return str(value)


def _blocks(rows: Sequence[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    """Runs of rows that are not empty."""
    block: list[Sequence[str]] = []
    for row in rows:
        if any(text.strip() for text in row):
            block.append(row)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _draw_block(canvas: Canvas, block: list[Sequence[str]]) -> None:
    """Leading rows with a single cell are titles; the rest is a table without its empty columns."""
    while block and sum(bool(text.strip()) for text in block[0]) == 1:
        canvas.text(next(text for text in block[0] if text.strip()), bold=True)
        block = block[1:]
    if block:
        used = [i for i in range(len(block[0])) if any(row[i].strip() for row in block)]
        rows = [[row[i] for i in used] for row in block]
        canvas.table(rectangle(rows), header_rows=1 if len(rows) > 1 else 0)
    canvas.blank()


def read_docx(data: bytes, name: str) -> tuple[Page, ...]:
    """Pages of a text document: the first section's header, paragraphs and tables in order, the footer.

    Raises:
        DocumentError: `broken`.
    """
    canvas = Canvas()
    try:
        document = docx.Document(io.BytesIO(data))
        section = document.sections[0] if len(document.sections) else None
        if section is not None:
            _draw_items(canvas, blocks(section.header))
        _draw_items(canvas, blocks(document._body))  # noqa: SLF001 - the library hides its body
        if section is not None:
            _draw_items(canvas, blocks(section.footer))
    except _DAMAGED:
        raise _error("the document is damaged", "broken", name) from None
    return canvas.pages()


def _draw_items(canvas: Canvas, items: Iterable[Any]) -> None:
    for item in items:
        if isinstance(item, docx.table.Table):
            _draw_docx_table(canvas, item)
        else:
            style = item.style.name if item.style is not None else None
            canvas.text(text_of(item), bold=(style or "").startswith(("Heading", "Title")))


def _draw_docx_table(canvas: Canvas, table: docx.table.Table) -> None:
    """Merged cells stand at their first place, and say how far they reach; tables inside cells follow below."""
    grid = [list(row.cells) for row in table.rows]
    reach: dict[Any, tuple[int, int, int, int]] = {}
    inner: list[docx.table.Table] = []
    for y, row in enumerate(grid):
        for x, cell in enumerate(row):
            element = cell._element  # noqa: SLF001 - the only sign that two places show one merged cell
            if element not in reach:
                inner += cell.tables
            left, top, _, _ = reach.get(element, (x, y, x, y))
            reach[element] = (left, top, x, y)
    rows = [
        [_docx_cell(cell, x, y, reach[cell._element]) for x, cell in enumerate(row)]  # noqa: SLF001 - as above
        for y, row in enumerate(grid)
    ]
    width = max(map(len, rows), default=0)
    padded = [row + [CellText("")] * (width - len(row)) for row in rows]
    canvas.table(padded, header_rows=1 if len(padded) > 1 and width > 2 else 0)
    for child in inner:
        _draw_docx_table(canvas, child)


def _docx_cell(cell: Any, x: int, y: int, reach: tuple[int, int, int, int]) -> CellText:
    left, top, right, bottom = reach
    if (left, top) != (x, y):
        return CellText("")
    return CellText(cell_text(cell), right - left + 1, bottom - top + 1)
