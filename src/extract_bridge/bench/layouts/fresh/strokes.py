"""What a form or a printed list is made of beyond tables: frames with captions, combs, check boxes, leaders, tab stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.bench.draft import Fact
from extract_bridge.bench.sheet import Ink

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.sheet import Align

Tabs = tuple[tuple[float, "Align"], ...]
"""Where the cells of a row stand, in points from the left margin, and to which side of that."""
ONE_LINE = 3000.0
"""A width that no line of prose reaches."""


def across(
    draft: Draft,
    y: float,
    tabs: Tabs,
    cells: Sequence[Said],
    *,
    bold: bool = False,
    size: float | None = None,
) -> float:
    """A row of cells at tab stops, nothing drawn between them; where the next begins."""
    for (x, align), cell in zip(tabs, cells, strict=True):
        draft.say(draft.left + x, y, cell, align=align, bold=bold, size=size)
    return y + (size or draft.sheet.size) * 1.35


def captioned(
    draft: Draft,
    x: float,
    y: float,
    width: float,
    height: float,
    caption: str,
    what: Said,
    *,
    bold: bool = False,
) -> None:
    """A frame with a small caption in its upper left corner and the value below that."""
    draft.sheet.frame(x, y, width, height)
    draft.say(x + 3, y + 8, caption, size=6.5, grey=True)
    draft.say(x + 5, y + height - 5, what, bold=bold)


def comb(draft: Draft, x: float, y: float, fact: Fact, *, cell: float = 14.0, cells: int = 0) -> float:
    """A value with each of its characters in a cell of its own; where the comb ends."""
    inks = []
    for at, letter in enumerate(fact.text):
        inks.append(draft.sheet.text(x + (at + 0.5) * cell, y, letter, align="centre"))
    count = max(cells, len(fact.text))
    for at in range(count):
        draft.sheet.frame(x + at * cell, y - cell * 0.8, cell, cell * 1.1)
    draft.state(fact)
    if inks:
        draft.sheet.mark(fact.at, Ink(inks[0].page, tuple(box for ink in inks for box in ink.words), x))
    return x + count * cell


def tick(draft: Draft, x: float, y: float, label: str, *, on: bool, at: str = "", value: Any = None) -> float:
    """A box with a cross or without, and what it means; a crossed one may state a value. Where it ends."""
    size = draft.sheet.size
    draft.sheet.frame(x, y - size * 0.8, size * 0.9, size * 0.9)
    if on:
        draft.say(x + size * 0.45, y - size * 0.05, "X", bold=True, size=size * 0.9, align="centre")
    ink = draft.say(x + size * 1.3, y, label)
    if on and at:
        draft.state(Fact(label, at, value), ink)
    return ink.x1 + 14


def leader(
    draft: Draft, x: float, y: float, right: float, label: str, what: Said, *, mark: str = "."
) -> float:
    """A label, leaders, and its value at the right edge; where the next line begins."""
    sheet = draft.sheet
    start = draft.say(x, y, label).x1 + 4
    room = right - start - sheet.measure(what if isinstance(what, str) else what.text) - 6
    draft.say(start, y, mark * max(2, int(room / sheet.measure(mark))), grey=True)
    draft.say(right, y, what, align="right")
    return y + draft.step


def worth(draft: Draft, value: float, at: str, form: str = "{}", *, places: int = 2) -> Fact:
    """An amount, printed in the document's language; `{}` in its form is where the number goes."""
    return Fact(form.format(draft.voice.number(value, places)), at, value)


def dated(draft: Draft, when: date, at: str, form: str) -> Fact:
    """A date, printed in a form of `Voice.day`."""
    return Fact(draft.voice.day(when, form), at, when.isoformat())


def required(schema: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """A schema that says which of its properties there must be."""
    return {**schema, "required": list(names)}


def nullable(kind: Mapping[str, Any]) -> dict[str, Any]:
    """A property that a careful user allows to be null."""
    return {**kind, "type": [kind["type"], "null"]}
