"""Words of a recognizer that draws its boxes around the ink get the height of their line and a font size, as printed words have.

A dash is a stroke high and "on" half as high as "By": boxes of ink say little of where a line is and how wide its blanks are.
"""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extract_bridge.parse.ocr_model import Recognized

_CAPITAL = 0.72  # of the font size; what capitals, figures and letters with a stroke measure
_SMALL, _TAIL = 0.52, 0.21  # letters without strokes; what hangs below the line
_TAILED = frozenset("gjpqyQ()[]/|")
_LOW = frozenset("acemnorsuvwxz-\u2013\u2014.,:;~_=+*\u00b7\u2022\"'`\u2018\u2019\u201c\u201d")
_RULES = frozenset("|\u00a6_~\u2014\u2013=")
_SKEW = 0.35  # of the font size; words of one line stand within as much


def lined_up(items: Sequence[Recognized]) -> list[Recognized]:
    """The words of one printed line, each as high as the line there; what is a drawn rule rather than text is left out.

    Args:
        items: Words of a line, with boxes around their ink.
    """
    tall = [_size(item) for item in items if _is_full(item.text)]
    low = [_size(item) for item in items if any(map(str.isalpha, item.text))]
    sizes = tall or low or [_height(item) / _CAPITAL for item in items]
    if not sizes:
        return []
    size = median(sizes)
    kept = [item for item in items if not _is_rule(item, size)]
    feet = [(item.box[0], item.box[3]) for item in kept if _is_full(item.text) and not _hangs(item.text)]
    return [replace(item, box=_stood(item, size, feet), size=size) for item in kept]


def _size(item: Recognized) -> float:
    """The font size at which its letters are as high as its ink."""
    return _height(item) / (
        (_CAPITAL if _is_full(item.text) else _SMALL) + (_TAIL if any(c in _TAILED for c in item.text) else 0)
    )


def _is_full(text: str) -> bool:
    """Whether some of its letters are as high as a capital."""
    return any(char.isalnum() and char not in _LOW for char in text)


def _hangs(text: str) -> bool:
    """Whether some of its signs reach below the line."""
    return any(char in "gjpqy,;Q()[]/|" for char in text)


def _is_rule(item: Recognized, size: float) -> bool:
    """Whether it is but strokes, and longer or higher than a sign is."""
    x0, _, x1, _ = item.box
    return set(item.text) <= _RULES and (_height(item) > 1.3 * size or x1 - x0 > 4 * size or item.text == "|")


def _stood(
    item: Recognized, size: float, feet: Iterable[tuple[float, float]]
) -> tuple[float, float, float, float]:
    """The box from the top of a capital to the lower end of a hanging letter, where the line stands at this place."""
    x0, y0, x1, y1 = item.box
    foot = min(feet, key=lambda place: abs(place[0] - x0), default=(x0, y1))[1]
    if abs((y0 + y1) / 2 - (foot - _CAPITAL * size / 2)) > _SKEW * size:
        return item.box  # not of this line after all, or above or below it
    return x0, min(y0, foot - _CAPITAL * size), x1, max(y1, foot + 0.2 * size)


def _height(item: Recognized) -> float:
    return item.box[3] - item.box[1]
