"""HTML, laid out on pages of our own: blocks as lines, tables as tables, nothing that a browser would not show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selectolax.parser import HTMLParser

from extract_bridge.parse.canvas import Canvas, CellText
from extract_bridge.parse.text import decode

if TYPE_CHECKING:
    from extract_bridge.parse.model import Page


def read_html(data: bytes) -> tuple[Page, ...]:
    """Pages of an HTML document."""
    canvas = Canvas()
    draw_html(canvas, decode(data))
    return canvas.pages()


def draw_html(canvas: Canvas, source: str) -> None:
    """Places an HTML text."""
    canvas.text(HTMLParser(source).text(separator="\n"))
