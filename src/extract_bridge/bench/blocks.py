"""What documents are made of: labels with values, tables, addresses, running text. Each block returns where it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from extract_bridge.bench.brief import Brief
    from extract_bridge.bench.people import Party
    from extract_bridge.bench.sheet import Align, Ink, Sheet

How = Literal["left", "colon", "above", "below", "boxed", "row", "far", "dots"]
Look = Literal["ruled", "lines", "zebra", "plain"]


class Papered(Protocol):
    """What has paper to draw on."""

    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Entry:
    """A label with its value.

    Attributes:
        label: As printed.
        text: As printed.
        concept: What it answers, if it is asked for.
        value: The answer.
    """

    label: str
    text: str
    concept: str | None = None
    value: Any = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        heading: As printed; may be long, and is wrapped then.
        share: Of the table's width.
        align: Of heading and cells.
    """

    heading: str
    share: float
    align: Align = "left"


def pairs(brief: Brief, x: float, y: float, width: float, entries: Sequence[Entry], how: How) -> float:
    """Labels with their values, in one of eight ways; the values are asked for as the entries say."""
    if how in ("row", "boxed"):
        return _across(brief, x, y, width, entries, boxed=how == "boxed")
    tab = x + max(brief.sheet.measure(entry.label, bold=True) for entry in entries) + 14
    for entry in entries:
        y = _one(brief, (x, tab, width), y, entry, how)
    return y


def _one(brief: Brief, columns: tuple[float, float, float], y: float, entry: Entry, how: How) -> float:
    sheet, (x, tab, width) = brief.sheet, columns
    if how == "colon":
        count = len(entry.label.split(" "))
        ink = sheet.text(x, y, f"{entry.label}: {entry.text}")
        told(brief, entry, ink.only(count))
        return y + brief.step
    if how in ("above", "below"):
        small = sheet.size * 0.8
        first, second = (y, y + brief.step) if how == "above" else (y + brief.step * 0.85, y)
        sheet.text(x, first, entry.label, size=small, grey=True)
        told(brief, entry, sheet.text(x, second, entry.text))
        return y + 2.7 * brief.step
    sheet.text(x, y, entry.label + (":" if how == "left" and len(entry.label) % 2 else ""), bold=how == "far")
    if how == "dots":
        room = width - sheet.measure(entry.label) - sheet.measure(entry.text) - 16
        dots = "." * max(3, int(room / sheet.measure(".")))
        sheet.text(x + sheet.measure(entry.label) + 6, y, dots, grey=True)
    if how in ("far", "dots"):
        ink = sheet.text(x + width, y, entry.text, align="right")
    else:
        ink = sheet.text(tab, y, entry.text)
    told(brief, entry, ink)
    return y + brief.step


def _across(
    brief: Brief, x: float, y: float, width: float, entries: Sequence[Entry], *, boxed: bool
) -> float:
    """Labels in a row, each with its value below it; in frames, or as two lines of text."""
    sheet = brief.sheet
    count = max(1, min(len(entries), 3 if boxed else 4))
    cell, height = width / count, 2.6 * brief.step
    for at, entry in enumerate(entries):
        left, top = x + (at % count) * cell, y + (at // count) * height
        if boxed:
            sheet.frame(left, top - brief.step, cell, height)
        sheet.text(left + 4, top, entry.label, size=sheet.size * 0.8, grey=boxed, bold=not boxed)
        told(brief, entry, sheet.text(left + 4, top + brief.step * 1.1, entry.text))
    return y + height * -(-len(entries) // count) + brief.step * 0.5


def told(brief: Brief, entry: Entry, ink: Ink) -> None:
    """Ask for an entry's value, which stands here."""
    if entry.concept is not None:
        brief.ask.value(entry.concept, entry.value, ink)


def address(
    brief: Brief, x: float, y: float, party: Party, *, heading: str = "", bold: bool = False
) -> tuple[float, list[Ink]]:
    """A name and an address on lines of their own: where they end, and the lines."""
    sheet = brief.sheet
    if heading:
        sheet.text(x, y, heading, size=sheet.size * 0.85, grey=True)
        y += brief.step
    inks = []
    for at, line in enumerate((party.name, party.street, party.place)):
        inks.append(sheet.text(x, y, line, bold=bold and at == 0))
        y += brief.step
    return y, inks


def paragraph(brief: Brief, x: float, y: float, width: float, text: str, *, small: bool = False) -> float:
    """Running text."""
    size = brief.sheet.size * (0.8 if small else 1.0)
    for line in wrapped(brief.sheet, text, width, size):
        brief.sheet.text(x, y, line, size=size, grey=small)
        y += size * 1.35
    return y


def wrapped(sheet: Sheet, text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """A text in lines that fit a width."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and sheet.measure(longer, size=size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@dataclass(slots=True)
class Grid:
    """A table over as many pages as it needs, its headings repeated on each.

    Attributes:
        brief: What it is drawn for.
        x: Its left edge.
        width: Its width.
        columns: From left to right.
        look: Its lines.
        top: Where it goes on, on the next page.
        bottom: Where a page is full.
        on_page: Called after each turn of the page.
    """

    brief: Papered
    x: float
    width: float
    columns: Sequence[Column]
    look: Look = "ruled"
    top: float = 60.0
    bottom: float = 770.0
    on_page: Callable[[], None] | None = None
    _rows: int = 0

    def head(self, y: float) -> float:
        """Draw the headings; where the first row begins."""
        sheet, size = self.brief.sheet, self.brief.sheet.size
        lines = [wrapped(sheet, item.heading, self._room(item), size, bold=True) for item in self.columns]
        height = max(map(len, lines)) * size * 1.2 + 6
        if self.look == "zebra":
            sheet.shade(self.x, y, self.width, height)
        for (left, item), texts in zip(self._places(), lines, strict=True):
            for at, text in enumerate(texts):
                sheet.text(
                    self._anchor(left, item), y + size * (1.1 + 1.2 * at), text, bold=True, align=item.align
                )
        self._rule(y, height, heading=True)
        return y + height

    def row(self, y: float, texts: Sequence[str]) -> tuple[float, list[list[Ink]]]:
        """Draw a row: where the next begins, and each cell's lines."""
        sheet, size = self.brief.sheet, self.brief.sheet.size
        lines = [
            wrapped(sheet, text, self._room(item), size)
            for text, item in zip(texts, self.columns, strict=True)
        ]
        height = max(map(len, lines)) * size * 1.2 + (5 if self.look != "plain" else 3)
        if y + height > self.bottom:
            sheet.next_page()
            if self.on_page is not None:
                self.on_page()
            y = self.head(self.top)
        if self.look == "zebra" and self._rows % 2:
            sheet.shade(self.x, y, self.width, height)
        inks = [
            [
                sheet.text(self._anchor(left, item), y + size * (1.1 + 1.2 * at), text, align=item.align)
                for at, text in enumerate(cell)
                if text
            ]
            for (left, item), cell in zip(self._places(), lines, strict=True)
        ]
        self._rule(y, height)
        self._rows += 1
        return y + height, inks

    def _room(self, item: Column) -> float:
        return self.width * item.share - 10

    def _places(self) -> list[tuple[float, Column]]:
        left, found = self.x, []
        for item in self.columns:
            found.append((left, item))
            left += self.width * item.share
        return found

    def _anchor(self, left: float, item: Column) -> float:
        full = self.width * item.share
        return left + (4 if item.align == "left" else full - 4 if item.align == "right" else full / 2)

    def _rule(self, y: float, height: float, *, heading: bool = False) -> None:
        sheet = self.brief.sheet
        if self.look == "ruled":
            for left, item in self._places():
                sheet.frame(left, y, self.width * item.share, height)
        elif self.look == "lines" or (heading and self.look == "plain" and len(self.columns) % 2):
            sheet.line(self.x, y + height, self.x + self.width, y + height)
