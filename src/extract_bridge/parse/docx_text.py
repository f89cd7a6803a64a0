"""What a reader sees of a text document's XML that its library passes over.

Text that was inserted while changes are tracked, content controls (the fields of a template) and text boxes are shown; text that was
struck out or is hidden is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

_WRAPPERS = frozenset(map(qn, ("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:customXml", "w:smartTag")))
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_AGAIN = f"{_COMPATIBILITY}Fallback"  # what is beside it once more, for old programs
_UNSEEN = frozenset([*map(qn, ("w:del", "w:moveFrom", "w:rPr", "w:pPr", "w:sdtPr")), _AGAIN])
_BOX = qn("w:txbxContent")
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_OFF = frozenset(("0", "false", "off"))


def blocks(parent: Any) -> Iterator[Paragraph | Table]:
    """Paragraphs and tables in their order, those of content controls included; after a paragraph those of its text boxes.

    Args:
        parent: A body, header, footer or cell.
    """
    return _blocks(parent._element, parent)  # noqa: SLF001 - the library has no other way to what it passes over


def _blocks(element: Any, parent: Any) -> Iterator[Paragraph | Table]:
    stack = [iter(element)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif item.tag == qn("w:p"):
            yield Paragraph(item, parent)
            stack.extend(iter(box) for box in reversed(list(_seen(item, boxes=True))))
        elif item.tag == qn("w:tbl"):
            yield Table(item, parent)
        elif item.tag in _WRAPPERS:
            stack.append(iter(item))


def text_of(paragraph: Paragraph) -> str:
    """The text of a paragraph as shown, without its text boxes."""
    parts: list[str] = []
    for item in _seen(paragraph._element):  # noqa: SLF001 - as above
        if item.tag == qn("w:t"):
            parts.append(item.text or "")
        else:
            parts.append(_SIGNS.get(item.tag, ""))
    return "".join(parts)


def cell_text(cell: Any) -> str:
    """The text of a table's cell, without that of the tables in it."""
    return "\n".join(text_of(item) for item in blocks(cell) if isinstance(item, Paragraph))


def _seen(element: Any, *, boxes: bool = False) -> Iterator[Any]:
    """What is shown below an element, depth first: all of it outside text boxes, or the outermost text boxes."""
    stack = list(reversed(element))
    while stack:
        item = stack.pop()
        if item.tag == _BOX:
            if boxes:
                yield item
        elif item.tag not in _UNSEEN and not _is_hidden(item):
            if not boxes:
                yield item
            stack.extend(reversed(item))


def _is_hidden(item: Any) -> bool:
    if item.tag != qn("w:r"):
        return False
    hidden = item.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return hidden is not None and hidden.get(qn("w:val"), "1") not in _OFF
