"""Paper to draw on that remembers where each word went: the boxes come from the font's metrics at the time of drawing."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import getAscentDescent, registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.bench.document import Place
from extract_bridge.core.records.fields import Box

if TYPE_CHECKING:
    from collections.abc import Iterable

Align = Literal["left", "right", "centre"]
_VERA = Path(reportlab.__file__).parent / "fonts"


@dataclass(frozen=True, slots=True)
class Face:
    """A font family: the names of its regular and bold cuts."""

    regular: str
    bold: str


FACES = (
    Face("Helvetica", "Helvetica-Bold"),
    Face("Times-Roman", "Times-Bold"),
    Face("Courier", "Courier-Bold"),
    Face("Vera", "VeraBd"),
)


@dataclass(frozen=True, slots=True)
class Ink:
    """Text that was drawn.

    Attributes:
        page: 1-based.
        words: A box for each word, in points from the top left.
        x1: Where it ends.
    """

    page: int
    words: tuple[Box, ...]
    x1: float

    def only(self, first: int, last: int | None = None) -> Ink:
        """Some of its words, by number."""
        return Ink(self.page, self.words[first:last], self.x1)


@dataclass(slots=True)
class Sheet:
    """The pages of one document.

    Attributes:
        width: Of a page as it is shown, in points.
        height: The same.
        face: The font family.
        size: The usual font size.
        turn: The page's `/Rotate`; what is drawn reads upright all the same.
        margin: Points by which the media box is larger than the crop box, on each side.
        tremble: Points by which a line may stand off its place, as on a printer that has seen better days.
    """

    width: float = 595.0
    height: float = 842.0
    face: Face = FACES[0]
    size: float = 10.0
    turn: int = 0
    margin: float = 0.0
    tremble: Iterable[float] | None = None
    page: int = 1
    places: dict[str, list[Place]] = field(default_factory=dict)
    _buffer: io.BytesIO = field(default_factory=io.BytesIO)
    _canvas: Canvas = field(init=False)

    def __post_init__(self) -> None:
        """Open the first page."""
        _register()
        self._canvas = Canvas(self._buffer, invariant=1, pageCompression=1)
        self._open()

    def _open(self) -> None:
        shown = (self.width, self.height) if self.turn in (0, 180) else (self.height, self.width)
        # reportlab exchanges the sides of a page that is turned by a quarter, but not those of its crop box.
        self._canvas.setPageSize((self.width + 2 * self.margin, self.height + 2 * self.margin))
        if self.margin:
            box = (self.margin, self.margin, self.margin + shown[0], self.margin + shown[1])
            self._canvas.setCropBox(box)
        self._canvas.setPageRotation(self.turn)
        x, y = self._origin()
        self._canvas.translate(self.margin + x, self.margin + y)
        self._canvas.rotate(self.turn)

    def _origin(self) -> tuple[float, float]:
        """Where the lower left corner of what is shown lies on the page before it is turned."""
        turned = {90: (self.height, 0.0), 180: (self.width, self.height), 270: (0.0, self.width)}
        return turned.get(self.turn, (0.0, 0.0))

    def next_page(self) -> None:
        """Turn to a new page."""
        self._canvas.showPage()
        self.page += 1
        self._open()

    def finish(self) -> bytes:
        """The PDF."""
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()

    def measure(self, text: str, *, size: float | None = None, bold: bool = False) -> float:
        """The width of a text in points."""
        return float(stringWidth(text, self.face.bold if bold else self.face.regular, size or self.size))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float | None = None,
        bold: bool = False,
        align: Align = "left",
        grey: bool = False,
    ) -> Ink:
        """Write one line.

        Args:
            x: Its left end, right end or middle, as `align` says.
            y: Its base line, from the top of the page.
            text: What to write; words are separated by spaces.
            size: Font size in points, the sheet's by default.
            bold: In the bold cut.
            align: What `x` is.
            grey: Paler than the rest.
        """
        points, name = size or self.size, self.face.bold if bold else self.face.regular
        width = stringWidth(text, name, points)
        x -= width if align == "right" else width / 2 if align == "centre" else 0.0
        y += next(iter(self.tremble)) if self.tremble is not None else 0.0
        self._canvas.setFont(name, points)
        self._canvas.setFillColor(HexColor("#767676" if grey else "#111111"))
        self._canvas.drawString(x, self.height - y, text)
        ascent, descent = getAscentDescent(name, points)
        boxes, at = [], 0
        for word in text.split(" "):
            if word:
                left = x + stringWidth(text[:at], name, points)
                box = Box(left, y - ascent, stringWidth(word, name, points), ascent - descent)
                boxes.append(box)
            at += len(word) + 1
        return Ink(self.page, tuple(boxes), x + width)

    def line(self, x0: float, y0: float, x1: float, y1: float, *, width: float = 0.6) -> None:
        """Draw a line."""
        self._canvas.setLineWidth(width)
        self._canvas.setStrokeColor(HexColor("#444444"))
        self._canvas.line(x0, self.height - y0, x1, self.height - y1)

    def frame(self, x: float, y: float, w: float, h: float) -> None:
        """Draw a frame."""
        self._canvas.setLineWidth(0.6)
        self._canvas.setStrokeColor(HexColor("#444444"))
        self._canvas.rect(x, self.height - y - h, w, h)

    def shade(self, x: float, y: float, w: float, h: float) -> None:
        """Fill a pale rectangle."""
        self._canvas.setFillColor(HexColor("#e9edf2"))
        self._canvas.rect(x, self.height - y - h, w, h, stroke=0, fill=1)

    def mark(self, pointer: str, *inks: Ink) -> None:
        """Say that these lines together state the value at a pointer; said again, it is stated twice."""
        if inks and any(ink.words for ink in inks):
            boxes = tuple(_around(ink.words) for ink in inks if ink.words)
            self.places.setdefault(pointer, []).append(Place(inks[0].page, boxes))


def _around(words: tuple[Box, ...]) -> Box:
    x0, y0 = min(box.x for box in words), min(box.y for box in words)
    return Box(x0, y0, max(box.x + box.w for box in words) - x0, max(box.y + box.h for box in words) - y0)


def _register() -> None:
    for name in ("Vera", "VeraBd"):
        registerFont(TTFont(name, str(_VERA / f"{name}.ttf")))
