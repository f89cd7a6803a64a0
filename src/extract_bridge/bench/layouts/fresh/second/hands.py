"""What several of these documents need: a page turned in time, words typed into a printed form, ordinals and counts of lawyers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.sheet import Align, Face

TYPEWRITER = FACES[2]
AMERICAN_TOWNS = (
    "Dayton, OH 45402",
    "Boise, ID 83702",
    "Macon, GA 31201",
    "Yakima, WA 98901",
    "Erie, PA 16501",
)
_COUNTS = {1: "one", 2: "two", 3: "three", 5: "five", 7: "seven", 10: "ten", 30: "thirty", 60: "sixty"}


def onward(draft: Draft, y: float, need: float, *, foot: str = "") -> float:
    """Where to go on: here, or at the top of a new page where this one has too little room left."""
    if y + need <= draft.sheet.height - 62:
        return y
    if foot:
        page = foot.format(draft.sheet.page)
        draft.say(draft.sheet.width / 2, draft.sheet.height - 36, page, size=7.5, align="centre")
    draft.sheet.next_page()
    return 66.0


def typed(
    draft: Draft,
    x: float,
    y: float,
    what: Said,
    *,
    face: Face = TYPEWRITER,
    size: float | None = None,
    align: Align = "left",
) -> None:
    """What somebody filled in, in another font than the form's own."""
    printed, draft.sheet.face = draft.sheet.face, face
    draft.say(x, y, what, size=size, align=align)
    draft.sheet.face = printed


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def solemn(draft: Draft, when: date, at: str) -> Fact:
    """The 3rd day of March, 2021."""
    return Fact(draft.voice.day(when, f"{ordinal(when.day)} day of {{month}}, {{y}}"), at, when.isoformat())


def counted(draft: Draft, value: int, at: str) -> list[Said]:
    """A number in words with its figures in brackets, or in figures alone."""
    figures = Fact(str(value), at, value)
    return [f"{_COUNTS[value]} (", figures, ")"] if draft.rng.random() < 0.65 else [figures]


def numbered(draft: Draft, y: float, clauses: Sequence[tuple[str, Sequence[Said]]], *, foot: str) -> float:
    """Clauses in running text, each with its number and heading, in one of three manners; where they end."""
    manner, width = draft.rng.choice(("run in", "above", "capitals")), draft.right - draft.left
    for at, (heading, parts) in enumerate(clauses, 1):
        y = onward(draft, y, 84, foot=foot)
        if manner == "above":
            draft.say(draft.left, y, f"Section {at}.  {heading}", bold=True)
            y = draft.prose(draft.left + 18, y + draft.step * 1.2, width - 18, *parts) + 7
        else:
            shown = heading.upper() if manner == "capitals" else heading
            y = draft.prose(draft.left, y, width, f"{at}.  {shown}. ", *parts) + 7
    return y
