"""A document that is drawn to a schema of its own: text that states a value says which, and the truth is what was said."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from extract_bridge.bench.blocks import Column, Grid, Look, wrapped
from extract_bridge.bench.document import BenchDocument
from extract_bridge.bench.sheet import FACES, Align, Face, Ink, Sheet
from extract_bridge.bench.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random


class Fact(NamedTuple):
    """Text that states a value.

    Attributes:
        text: As printed; empty where the document leaves it out.
        at: The value's JSON pointer in the truth.
        value: The value; None where it is the text itself.
    """

    text: str
    at: str
    value: Any = None

    @property
    def truth(self) -> Any:
        """The value, or None where nothing is printed."""
        return (self.text if self.value is None else self.value) if self.text else None


Said = str | Fact
"""Something to print."""


@dataclass(slots=True)
class Draft:
    """One document while it is drawn.

    Attributes:
        rng: Where every choice comes from.
        sheet: The paper.
        voice: Its language.
        schema: What is asked; a property that no text states is null in the truth, an array without rows empty.
        today: The day of the document.
        left: Margin on both sides, in points.
        facts: Pointer -> value.
    """

    rng: Random
    sheet: Sheet
    voice: Voice
    schema: Mapping[str, Any]
    today: date
    left: float = 50.0
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def right(self) -> float:
        """The right edge of what is printed."""
        return self.sheet.width - self.left

    @property
    def step(self) -> float:
        """From one line to the next, in points."""
        return self.sheet.size * 1.35

    def later(self, first: int, last: int) -> date:
        """A day after the document's, or before it."""
        return self.today + timedelta(days=self.rng.randint(first, last))

    def amount(self, least: float, most: float) -> float:
        """An amount of money."""
        return self.rng.randint(int(least * 100), int(most * 100)) / 100

    def say(
        self,
        x: float,
        y: float,
        what: Said,
        *,
        size: float | None = None,
        bold: bool = False,
        align: Align = "left",
        grey: bool = False,
    ) -> Ink:
        """Print one line; see `Sheet.text`."""
        text = what if isinstance(what, str) else what.text
        ink = self.sheet.text(x, y, text, size=size, bold=bold, align=align, grey=grey)
        if isinstance(what, Fact):
            self.state(what, ink)
        return ink

    def state(self, fact: Fact, *inks: Ink) -> None:
        """Say that these lines state a value."""
        self.facts[fact.at] = fact.truth
        self.sheet.mark(fact.at, *inks)

    def labels(
        self,
        x: float,
        y: float,
        tab: float,
        entries: Sequence[tuple[str, Said]],
        *,
        align: Align = "left",
        bold: bool = False,
    ) -> float:
        """Labels with their values on the same line, the values from `tab` on, or up to it; where they end."""
        for label, what in entries:
            self.say(x, y, label, bold=bold)
            self.say(tab, y, what, align=align)
            y += self.step
        return y

    def stacked(
        self, x: float, y: float, width: float, entries: Sequence[tuple[str, Said]], *, below: bool = False
    ) -> float:
        """Labels side by side, each small over its value, or under it; where they end."""
        small = self.sheet.size * 0.78
        for at, (label, what) in enumerate(entries):
            left = x + at * width
            self.say(left, y + (self.step * 0.85 if below else 0), label, size=small, grey=True)
            self.say(left, y + (0 if below else self.step), what)
        return y + 2.4 * self.step

    def lines(self, x: float, y: float, *texts: Said, size: float | None = None) -> float:
        """Lines one under the other; where they end."""
        for text in texts:
            self.say(x, y, text, size=size)
            y += (size or self.sheet.size) * 1.35
        return y

    def block(self, x: float, y: float, texts: Sequence[str], at: str, *, joint: str = ", ") -> float:
        """One value over several lines, an address above all; where they end."""
        inks = []
        for text in texts:
            inks.append(self.sheet.text(x, y, text))
            y += self.step
        self.state(Fact(joint.join(texts), at), *inks)
        return y

    def prose(
        self,
        x: float,
        y: float,
        width: float,
        *parts: Said,
        size: float | None = None,
        bold: bool = False,
        grey: bool = False,
        align: Align = "left",
    ) -> float:
        """Running text, some of which states values. Parts are joined as they are; where it ends."""
        points = size or self.sheet.size
        texts = [part if isinstance(part, str) else part.text for part in parts]
        lines = wrapped(self.sheet, "".join(texts), width, points, bold=bold)
        inks, starts, at = [], [], 0
        for line in lines:
            inks.append(self.sheet.text(x, y, line, size=points, bold=bold, grey=grey, align=align))
            starts.append(at)
            at += len(line) + 1
            y += points * 1.4
        first = 0
        for part, text in zip(parts, texts, strict=True):
            if isinstance(part, Fact):
                spans = zip(lines, starts, inks, strict=True)
                told = [_within(line, first - begin, len(text), ink) for line, begin, ink in spans]
                self.state(part, *(ink for ink in told if ink.words))
            first += len(text)
        return y

    def table(
        self,
        x: float,
        width: float,
        columns: Sequence[Column],
        look: Look = "plain",
        *,
        top: float = 60.0,
        on_page: Callable[[], None] | None = None,
    ) -> Grid:
        """A table; `row` prints into it."""
        return Grid(self, x, width, columns, look, top, self.sheet.height - 70, on_page)

    def row(self, grid: Grid, y: float, cells: Sequence[Said]) -> float:
        """A row of a table; where the next begins."""
        y, inks = grid.row(y, [cell if isinstance(cell, str) else cell.text for cell in cells])
        for cell, ink in zip(cells, inks, strict=True):
            if isinstance(cell, Fact):
                self.state(cell, *ink)
        return y

    def tell(self, *parts: Said) -> str:
        """What is said, as text for a file that is no paper: its values have no places."""
        for part in parts:
            if isinstance(part, Fact):
                self.facts[part.at] = part.truth
        return "".join(part if isinstance(part, str) else part.text for part in parts)

    def finish(
        self, layout: str, number: int, target: str = "per_doc", *, suffix: str = "pdf", written: bytes = b""
    ) -> BenchDocument:
        """The document that was drawn, or that was written as a file of another kind."""
        if target == "per_doc":
            expected = _shaped(self.schema, self.facts, "")
        else:
            expected = _rows(self.schema, self.facts, "")
        schema = copy.deepcopy(dict(self.schema))
        if self.rng.random() < 0.3:  # a user in a hurry
            _undescribed(schema)
        return BenchDocument(
            name=f"{layout}-{number:04}.{suffix}",
            content=written or self.sheet.finish(),
            data_schema=schema,
            extraction_target=target,
            expected=expected,
            places={pointer: tuple(found) for pointer, found in self.sheet.places.items()},
            layout=layout,
            language=self.voice.language,
        )


def new_draft(
    rng: Random,
    language: str,
    schema: Mapping[str, Any],
    *,
    width: float = 595.0,
    height: float = 842.0,
    size: float = 9.5,
    face: Face | None = None,
) -> Draft:
    """Paper and chance for a document; sizes in points."""
    sheet = Sheet(
        width=width,
        height=height,
        face=face or rng.choice((FACES[0], FACES[0], FACES[1], FACES[3])),
        size=size + rng.choice((-0.5, 0.0, 0.5)),
        margin=rng.choice((12.0, 28.0)) if rng.random() < 0.08 else 0.0,
    )
    day = date(2021, 1, 4) + timedelta(days=rng.randint(0, 1900))
    return Draft(rng, sheet, Voice(rng, language), schema, day)


def _within(line: str, first: int, length: int, ink: Ink) -> Ink:
    """The words of a line that a part of a text covers."""
    found, at, number = [], 0, 0
    for word in line.split(" "):
        if at < first + length and at + len(word) > first:
            found.append(number)
        number += bool(word)  # two spaces have no word between them
        at += len(word) + 1
    return ink.only(found[0], found[-1] + 1) if found else ink.only(0, 0)


def _shaped(schema: Mapping[str, Any], facts: Mapping[str, Any], pointer: str) -> Any:
    """The truth in the form of its schema."""
    if "properties" in schema:
        return {
            name: _shaped(kind, facts, f"{pointer}/{name}") for name, kind in schema["properties"].items()
        }
    return _rows(schema["items"], facts, pointer) if "items" in schema else facts.get(pointer)


def _rows(schema: Mapping[str, Any], facts: Mapping[str, Any], pointer: str) -> list[Any]:
    start = f"{pointer}/"
    known = [name.removeprefix(start).split("/")[0] for name in facts if name.startswith(start)]
    return [
        _shaped(schema, facts, f"{pointer}/{at}")
        for at in range(1 + max((int(at) for at in known), default=-1))
    ]


def _undescribed(schema: dict[str, Any]) -> None:
    if isinstance(schema.get("description"), str):
        del schema["description"]
    for kind in (*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])):
        _undescribed(kind)


def text(meaning: str = "", **more: Any) -> dict[str, Any]:
    """A string property."""
    return _kind("string", meaning, more)


def number(meaning: str = "", **more: Any) -> dict[str, Any]:
    """A number property."""
    return _kind("number", meaning, more)


def whole(meaning: str = "", **more: Any) -> dict[str, Any]:
    """An integer property."""
    return _kind("integer", meaning, more)


def day(meaning: str = "") -> dict[str, Any]:
    """A date property."""
    return _kind("string", meaning, {"format": "date"})


def thing(meaning: str = "", /, **properties: Any) -> dict[str, Any]:
    """An object property, or a schema."""
    return _kind("object", meaning, {"properties": properties})


def many(meaning: str = "", /, **properties: Any) -> dict[str, Any]:
    """A list of objects."""
    return _kind("array", meaning, {"items": thing(**properties)})


def _kind(name: str, meaning: str, more: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": name, **({"description": meaning} if meaning else {}), **more}
