"""HTML, laid out on pages of our own: blocks as lines, tables as tables, nothing that a browser would not show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.canvas import Canvas, CellText, check_extent
from extract_bridge.parse.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selectolax.lexbor import LexborNode

    from extract_bridge.parse.model import Page

_UNSEEN = frozenset(
    [
        "head",
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "math",
        "iframe",
        "object",
        "canvas",
        "audio",
        "video",
        "-comment",
        "_comment",
        "!doctype",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "legend", "caption"])
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_BREAKS = dict.fromkeys(map(ord, "\u00ad\u200b"))
_MOST_SPAN = 1000
_COVERED = CellText("")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})")
_CLOSE_THEMSELVES = frozenset(
    ["br", "hr", "p", "li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "tfoot", "option"]
)
_DEEPEST = 20_000
"""Blocks within blocks; the parser looks through all of those around it for each that it opens."""


def read_html(data: bytes) -> tuple[Page, ...]:
    """Pages of an HTML document."""
    canvas = Canvas()
    draw_html(canvas, _decoded(data))
    return canvas.pages()


def draw_html(canvas: Canvas, source: str) -> None:
    """Places an HTML text.

    Raises:
        DocumentError: `too_large`: its blocks are nested too deeply.
    """
    _check_depth(source)
    root = LexborHTMLParser(source).root
    if root is not None:
        _Writer(canvas).write(root)


def _check_depth(source: str) -> None:
    depth = 0
    for slash, tag in _TAG.findall(source):
        name = tag.lower()
        if name in _BLOCKS and name not in _CLOSE_THEMSELVES:
            depth = max(0, depth - 1) if slash else depth + 1
            if depth > _DEEPEST:
                raise DocumentError(
                    f"its elements are nested more than {_DEEPEST} deep",
                    code="too_large",
                    hint="Save it again from a browser, or send it as text",
                )


def _decoded(data: bytes) -> str:
    """By byte order mark or UTF-8, else by what the page says of itself."""
    found = _CHARSET.search(data[:4096])
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if found and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            try:
                return data.decode(found[1].decode("ascii"), errors="replace")
            except LookupError:
                return decode(data)
    return decode(data)


class _Writer:
    """Goes through the tree without recursion: a hostile page may nest a million elements."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._parts: list[str] = []
        self._bold = False

    def write(self, root: LexborNode) -> None:
        stack: list[tuple[LexborNode, bool]] = [(root, True)]
        while stack:
            node, enter = stack.pop()
            tag = node.tag or ""
            if not enter:
                self._leave(tag)
            elif tag == "-text":
                self._parts.append(_printed(node))
            elif not _unseen(node):
                if self._whole(node, tag):
                    continue
                self._enter(tag)
                stack.append((node, False))
                stack.extend((child, True) for child in reversed(list(node.iter(include_text=True))))
        self._flush()

    def _whole(self, node: LexborNode, tag: str) -> bool:
        """Places what is laid out as one thing; whether the node was such a thing."""
        if tag == "table" and node.css_first("table table, td table, th table") is None:
            self._flush()
            _draw_table(self._canvas, node)
        elif tag == "dl" and node.css_first("dl dl, dl table") is None:
            self._flush()
            _draw_definitions(self._canvas, node)
        elif tag == "pre":
            self._flush()
            self._canvas.text(node.text())
        elif tag in ("input", "textarea", "select"):
            self._parts.append(f" {_filled_in(node, tag)} ")
        else:
            return False
        return True

    def _enter(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
        self._bold = self._bold or tag in _HEADINGS

    def _leave(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
        if tag in _HEADINGS:
            self._bold = False

    def _flush(self) -> None:
        text = " ".join("".join(self._parts).split())
        self._parts.clear()
        if text:
            self._canvas.text(text, bold=self._bold)


def _printed(node: LexborNode) -> str:
    """The text of a text node without the places where a browser may break a word."""
    return (node.text_content or "").translate(_BREAKS)


def _unseen(node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        (node.tag or "") in _UNSEEN
        or "hidden" in attributes
        or (attributes.get("type") or "").lower() == "hidden"
        or bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))
    )


def _filled_in(node: LexborNode, tag: str) -> str:
    """What a form's field shows."""
    if tag == "select":
        chosen = node.css_first("option[selected]") or node.css_first("option")
        return chosen.text() if chosen else ""
    if tag == "textarea":
        return node.text()
    kind = (node.attributes.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "☒" if "checked" in node.attributes else "☐"
    return "" if kind in ("password", "file", "image") else node.attributes.get("value") or ""


def _text_of(node: LexborNode) -> str:
    """The visible text below a node, a block or `br` beginning a new line."""
    parts: list[str] = []
    stack = [node]
    while stack:
        item = stack.pop()
        tag = item.tag or ""
        if tag == "-text":
            parts.append(" ".join(f"|{_printed(item)}|".split())[1:-1])
        elif tag in ("input", "textarea", "select"):
            parts.append(f" {'' if _unseen(item) else _filled_in(item, tag)} ")
        elif tag == "\n":
            parts.append("\n")
        elif not _unseen(item):
            if tag in _BLOCKS:
                parts.append("\n")
            stack.extend(reversed(list(item.iter(include_text=True))))
    lines = (" ".join(line.split()) for line in "".join(parts).splitlines())
    return "\n".join(line for line in lines if line)


def _draw_definitions(canvas: Canvas, node: LexborNode) -> None:
    """Terms and their definitions side by side."""
    rows: list[list[CellText]] = []
    for item in node.css("dt, dd"):
        text = _text_of(item)
        if item.tag == "dt" or not rows:
            rows.append(
                [CellText(text if item.tag == "dt" else ""), CellText("" if item.tag == "dt" else text)]
            )
        elif rows[-1][1].text:
            rows.append([CellText(""), CellText(text)])
        else:
            rows[-1][1] = CellText(text)
    canvas.table(rows, header_rows=0)


def _draw_table(canvas: Canvas, table: LexborNode) -> None:
    caption = table.css_first("caption")
    if caption is not None:
        canvas.text(_text_of(caption), bold=True)
    lines = [line for line in table.css("tr") if not _unseen(line)]
    grid = _grid(
        [[cell for cell in line.iter() if cell.tag in ("td", "th") and not _unseen(cell)] for line in lines]
    )
    rows = [row for row in grid if any(cell.text for cell in row)]
    canvas.table(rows, header_rows=_header_rows(lines, rows))


def _grid(lines: Sequence[Sequence[LexborNode]]) -> list[list[CellText]]:
    """Rows of one length: a cell stands at its first place, the other places that it covers are empty."""
    placed: dict[tuple[int, int], CellText] = {}
    for y, cells in enumerate(lines):
        x = 0
        for cell in cells:
            while (y, x) in placed:
                x += 1
            columns, rows = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(lines) - y)
            check_extent(len(lines), x + columns)
            placed.update(dict.fromkeys(_places(y, x, rows, columns), _COVERED))
            placed[y, x] = CellText(_text_of(cell), columns, rows)
            x += columns
    width = max((x + 1 for _, x in placed), default=0)
    return [[placed.get((y, x), _COVERED) for x in range(width)] for y in range(len(lines))]


def _places(y: int, x: int, rows: int, columns: int) -> Iterator[tuple[int, int]]:
    return ((y + down, x + across) for down in range(rows) for across in range(columns))


def _span(cell: LexborNode, name: str) -> int:
    text = (cell.attributes.get(name) or "").strip()
    return min(max(int(text), 1), _MOST_SPAN) if text.isdecimal() and len(text) < 6 else 1


def _header_rows(lines: Sequence[LexborNode], rows: Sequence[Sequence[CellText]]) -> int:
    """How many rows are headings: those of `thead`, or of `th` cells only; else the first of a table that looks like one."""
    count = 0
    for line in lines:
        parent = line.parent
        cells = [cell for cell in line.iter() if cell.tag in ("td", "th")]
        if not (parent is not None and parent.tag == "thead") and not (
            cells and all(cell.tag == "th" for cell in cells)
        ):
            break
        count += 1
    if count or len(rows) < 2:
        return min(count, max(0, len(rows) - 1))
    first = [cell.text for cell in rows[0]]
    plain = all(text and not any(char.isdigit() for char in text) for text in first)
    return int(plain and len(first) > 2)
