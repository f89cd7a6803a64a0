"""Glyphs of a page become words in reading order. Plain arithmetic: no PDF library here."""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from extract_bridge.parse.model import Word

if TYPE_CHECKING:
    from collections.abc import Iterable

CHECKED = "\u2612"
"""Stands for the mark in a checked box."""

_LEAST_SPACED = 4  # characters set apart; fewer may be cells
_FARTHEST = 1.5  # font sizes between them
_EVEN = 0.15  # font sizes; kerning moves letters by less
_JUMP = 0.35  # font sizes; a gap as wide, or a step as high, ends a word

# Signs that PDF readers put in place of a hyphen at a line's end: they were printed as a hyphen.
_LINE_END_HYPHENS = frozenset("\x02\u00ad\ufffe")


@dataclass(slots=True)
class Glyph:
    """One printed character and its rectangle, in points from the page's top left corner as seen.

    Attributes:
        text: One character as the PDF names it; may be a ligature or a control character.
        x0: Left edge.
        y0: Upper edge.
        x1: Right edge.
        y1: Lower edge.
        size: Font size in points.
        bold: The font says bold.
        turned: As in `Word`.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    turned: int = 0


def words_of(glyphs: Iterable[Glyph]) -> list[Word]:
    """Words, in the order of the glyphs: a blank, a jump or a change of line ends one."""
    words: list[Word] = []
    run: list[Glyph] = []
    for glyph in glyphs:
        text = clean(glyph.text)
        if not text:
            continue
        if text.isspace():
            _close(run, words)
            continue
        if run and _apart(run, glyph):
            _close(run, words)
        glyph.text = text
        run.append(glyph)
    _close(run, words)
    return words


def clean(text: str) -> str:
    """Text as printed in plain Unicode: ligatures spelled out, control characters dropped, blanks a space."""
    if text in _LINE_END_HYPHENS:
        return "-"
    if text.isascii() and text.isprintable():
        return text
    if text.isspace():
        return " "
    if "\ufb00" <= text <= "\ufb06":
        return unicodedata.normalize("NFKC", text)
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


def plainly(text: str) -> str | None:
    """Text in which `clean` would change nothing, accents composed; None where a sign is not printable or stands for several."""
    if not text.isprintable():
        return None
    if text.isascii():
        return text
    return None if any("\ufb00" <= char <= "\ufb06" for char in text) else composed(text)


def composed(text: str) -> str:
    """Text with letters and their accents as one sign."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _apart(run: list[Glyph], glyph: Glyph) -> bool:
    """Whether a glyph begins a new word although no blank stands before it."""
    last = run[-1]
    if glyph.turned == 0 == last.turned and _under(last, glyph):
        return True
    reach = _JUMP * max(last.size, glyph.size, 1.0)
    across = max(glyph.x0 - last.x1, last.x0 - glyph.x1)
    down = max(glyph.y0 - last.y1, last.y0 - glyph.y1)
    return across > reach or down > reach


def _under(last: Glyph, glyph: Glyph) -> bool:
    """Whether a character that is not turned stands under another: both are words of a column, but for scripts written downwards."""
    beside = min(last.x1, glyph.x1) - max(last.x0, glyph.x0) < 0.5 * min(
        last.x1 - last.x0, glyph.x1 - glyph.x0
    )
    level = abs((glyph.y0 + glyph.y1) - (last.y0 + last.y1)) < last.y1 - last.y0
    return not (beside or level or unicodedata.east_asian_width(glyph.text[0]) in "WF")


def spaced(letters: list[Word]) -> list[Word]:
    """Single characters, printed in one piece without a blank, as one word where they stand evenly apart: a heading, or a number in a comb."""
    if len(letters) < _LEAST_SPACED or any(len(letter.text) > 1 or letter.turned < 0 for letter in letters):
        return letters
    gaps = [
        max(right.x0 - left.x1, left.x0 - right.x1, right.y0 - left.y1, left.y0 - right.y1)
        for left, right in pairwise(letters)
    ]
    size = letters[0].size
    if not 0 < min(gaps) <= max(gaps) <= min(_FARTHEST * size, min(gaps) + _EVEN * size):
        return letters
    word = replace(
        letters[0],
        text=composed("".join(letter.text for letter in letters)),
        x0=min(letter.x0 for letter in letters),
        y0=min(letter.y0 for letter in letters),
        x1=max(letter.x1 for letter in letters),
        y1=max(letter.y1 for letter in letters),
    )
    return [word]


def _close(run: list[Glyph], words: list[Word]) -> None:
    """Ends the word that is being gathered."""
    if not run:
        return
    text = composed("".join(glyph.text for glyph in run))
    words.append(
        Word(
            text=text,
            x0=min(glyph.x0 for glyph in run),
            y0=min(glyph.y0 for glyph in run),
            x1=max(glyph.x1 for glyph in run),
            y1=max(glyph.y1 for glyph in run),
            size=run[0].size,
            bold=run[0].bold,
            turned=run[0].turned,
        )
    )
    run.clear()


def field_words(text: str, box: tuple[float, float, float, float], size: float) -> list[Word]:
    """The words of a filled form field, spread over its rectangle as a viewer would roughly set them.

    Args:
        text: What is filled in; line breaks are kept.
        box: The field's rectangle (x0, y0, x1, y1) as seen.
        size: Font size in points; 0 where the field leaves it to the viewer.
    """
    x0, y0, x1, y1 = box
    lines = [
        clean_line
        for clean_line in ("".join(map(clean, line)).rstrip() for line in text.splitlines())
        if clean_line
    ]
    if not lines:
        return []
    lines = _wrapped(lines, x1 - x0, y1 - y0, size)
    pitch = (y1 - y0) / len(lines)
    height = min(size or 0.75 * pitch, pitch)
    advance = min(0.5 * height, (x1 - x0) / max(map(len, lines)))
    words = []
    for number, line in enumerate(lines):
        top = y0 + number * pitch + (pitch - height) / 2
        at = 0
        for part in line.split():
            at = line.index(part, at)
            words.append(
                Word(part, x0 + at * advance, top, x0 + (at + len(part)) * advance, top + height, height)
            )
            at += len(part)
    return words


def _wrapped(lines: list[str], width: float, height: float, size: float) -> list[str]:
    """Lines broken at blanks where they are too long for the box and it has room for more of them."""
    size = size or min(height / len(lines), 10.0)
    most = int(width / max(0.5 * size, 0.1))
    if most < 1 or height < 1.8 * size * len(lines):
        return lines
    return [
        piece for line in lines for piece in (textwrap.wrap(line, most, break_long_words=False) or [line])
    ]
