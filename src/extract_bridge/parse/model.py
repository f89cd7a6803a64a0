"""What a document becomes: pages of words with boxes.

All coordinates are PDF points from the top left corner of the page as a reader sees it: rotation and the page box's origin are
already applied. Formats without pages (text, HTML, spreadsheets) are laid out on pages of our own; `synthetic` says so. The words of
a scan on which the paper lies askew stand on the page laid straight, and `Page.shown` says where they are seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from typing import Literal

FieldKind = Literal["text", "checkbox", "radio"]
PageSource = Literal["text", "form", "ocr", "synthetic"]


@dataclass(slots=True, unsafe_hash=True)
class Word:
    """Text without spaces inside, and the rectangle around it. Never changed once made.

    It is not frozen like the rest, for that takes three times as long to make, and a page has hundreds.

    Attributes:
        text: As printed.
        x0: Left edge.
        y0: Upper edge.
        x1: Right edge.
        y1: Lower edge.
        size: Font size in points; 0 where unknown.
        bold: The font says bold.
        confidence: How sure the reading is, 0..1; 1 unless a picture was read.
        turned: Quarter turns to the left that the text has been turned as the page is seen: 0 runs from left to right, 1 upwards; -1 aslant.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float = 0.0
    bold: bool = False
    confidence: float = 1.0
    turned: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn straight line or the edge of a thin or filled rectangle, from (x0, y0) to (x1, y1)."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def horizontal(self) -> bool:
        """It runs left to right rather than up and down."""
        return abs(self.x1 - self.x0) >= abs(self.y1 - self.y0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: the words in it, reading order, and how many columns and rows it covers."""

    words: tuple[Word, ...] = ()
    column_span: int = 1
    row_span: int = 1

    @property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells on one page; every row has the same number of cells. `header_rows` leading rows are headings."""

    rows: tuple[tuple[Cell, ...], ...]
    header_rows: int = 1


@dataclass(frozen=True, slots=True)
class FormField:
    """A place on a form that can be filled in, filled or not.

    Attributes:
        kind: `text` (written or chosen text), `checkbox` or `radio`.
        x0: Left edge.
        y0: Upper edge.
        x1: Right edge.
        y1: Lower edge.
        words: What is filled in, words of the page too; the mark of a box that is checked.
        label: What a viewer shows where the pointer rests on it; empty where the form says nothing.
    """

    kind: FieldKind
    x0: float
    y0: float
    x1: float
    y1: float
    words: tuple[Word, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Tilt:
    """How a page whose text is told from left to right lies where it is shown, as on a scan: the straight page, turned about its middle, is the page as it is shown.

    Attributes:
        degrees: Clockwise.
        width: Of the page as it is shown, in points.
        height: The same.
    """

    degrees: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        number: 1-based, in the document.
        width: In points, after rotation, laid straight.
        height: In points, after rotation, laid straight.
        words: In reading order.
        rules: Drawn lines, for ruled tables.
        tables: Tables that the format itself states (HTML, CSV, spreadsheets); tables of a PDF are found by `layout`.
        source: Where the words come from.
        fields: Fields of a form that can be filled in.
        tilt: How the page lies where it is shown; None where it lies straight.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...] = ()
    rules: tuple[Rule, ...] = ()
    tables: tuple[Table, ...] = ()
    source: PageSource = "text"
    fields: tuple[FormField, ...] = ()
    tilt: Tilt | None = None

    @property
    def shown_size(self) -> tuple[float, float]:
        """Width and height of the page as it is shown, in points."""
        return (self.tilt.width, self.tilt.height) if self.tilt else (self.width, self.height)

    def shown(self, word: Word) -> tuple[float, float, float, float]:
        """The rectangle (x0, y0, x1, y1) around a word on the page as it is shown, not over its edges."""
        if self.tilt is None:
            return word.x0, word.y0, word.x1, word.y1
        turn = radians(self.tilt.degrees)
        c, s = cos(turn), sin(turn)
        across, down = (word.x0 + word.x1 - self.width) / 2, (word.y0 + word.y1 - self.height) / 2
        x, y = self.tilt.width / 2 + c * across - s * down, self.tilt.height / 2 + s * across + c * down
        w, h = (word.x1 - word.x0) / 2, (word.y1 - word.y0) / 2
        wide, high = abs(c) * w + abs(s) * h, abs(s) * w + abs(c) * h
        return (
            min(max(0.0, x - wide), self.tilt.width),
            min(max(0.0, y - high), self.tilt.height),
            min(max(0.0, x + wide), self.tilt.width),
            min(max(0.0, y + high), self.tilt.height),
        )


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document as far as it was read.

    Attributes:
        name: File name without folders.
        media_type: For example `application/pdf`.
        pages: The pages that were asked for, in the order asked for.
        page_count: How many the whole document has.
        warnings: What is odd or left out, one sentence each.
        unread: Numbers of the pages among them that show something but hold no text.
    """

    name: str
    media_type: str
    pages: tuple[Page, ...]
    page_count: int
    warnings: tuple[str, ...] = ()
    unread: tuple[int, ...] = ()
