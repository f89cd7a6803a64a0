"""How the paper lies on a picture of it: turned by a quarter, or aslant. Lines of text tell.

Seen along its lines, a page is dark where a line is and light between two lines; seen askew, it is grey. So the direction in which the
ink of neighbouring rows differs most is the direction of the text.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageFilter, ImageOps

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIDE = 1000  # pixels; a tenth of a degree still moves the end of a line by more than one
_AIR = 12  # pixels around what is printed
_MOST = 8.0  # degrees; paper that lies more askew than that was laid so
_INK = 90  # of 255, of the strongest ink
_SURELY = 2.0  # times as clear as the other direction; pages come to less than one, or to five and more
_LEAST = 0.15  # degrees; what is less does no harm


def lies(picture: Image.Image) -> float:
    """The degrees by which the lines of text run clockwise of level; near 90 where they run down the page, and never more than that.

    Whether the page stands on its head, only reading can tell.

    Args:
        picture: Of a page.
    """
    return guesses(picture)[0]


def guesses(picture: Image.Image) -> tuple[float, ...]:
    """What `lies` says, and where a few lines do not settle it, the degrees if they ran down the page."""
    ink = _ink(picture)
    level, how_clear = _slope(ink)
    upright, clearer = _slope(ink.transpose(Image.Transpose.ROTATE_90))
    if clearer > _SURELY * how_clear:
        return (90.0 + upright,)
    likely = level if abs(level) >= _LEAST else 0.0
    return (likely, 90.0 + upright) if clearer > how_clear else (likely,)


def straightened(picture: Image.Image, degrees: float) -> Image.Image:
    """The picture turned back, larger where corners would be cut off.

    Args:
        picture: Of a page.
        degrees: By which its lines run clockwise of level.
    """
    quarter = round(degrees / 90) % 4
    if quarter:
        ways = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}
        picture = picture.transpose(ways[quarter])  # Pillow turns the other way round
    rest = degrees - 90 * round(degrees / 90)
    if not rest:
        return picture
    usual = picture.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return picture.rotate(rest, Image.Resampling.BICUBIC, expand=True, fillcolor=usual)


def _ink(picture: Image.Image) -> Image.Image:
    """What is darker than its surroundings, white on black, small."""
    grey = picture.convert("L")
    grey.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
    around = grey.filter(ImageFilter.BoxBlur(10))
    darker = ImageOps.autocontrast(ImageChops.subtract(around, grey), cutoff=(0, 1))
    ink = darker.point(lambda value: 255 if value > _INK else 0)
    x0, y0, x1, y1 = ink.getbbox() or (0, 0, 1, 1)
    return ink.crop(
        (x0 - _AIR, y0 - _AIR, x1 + _AIR, y1 + _AIR)
    )  # the same share of a long receipt and of a sheet is ink


def _slope(ink: Image.Image) -> tuple[float, float]:
    """The degrees clockwise at which the lines of text are clearest, and how clear."""
    rough = ink.resize((max(1, ink.width // 2), max(1, ink.height // 2)), Image.Resampling.BOX)
    steps = round(_MOST / 0.5)
    near = _clearest(rough, (0.5 * step for step in range(-steps, steps + 1)))[1]
    clear, exact = _clearest(ink, (near + 0.1 * step for step in range(-5, 6)))
    return round(exact, 2), clear


def _clearest(ink: Image.Image, angles: Iterable[float]) -> tuple[float, float]:
    return max(((_clearness(ink.rotate(angle)), angle) for angle in angles), key=_least_turned)


def _least_turned(found: tuple[float, float]) -> tuple[float, float]:
    return found[0], -abs(found[1])


def _clearness(ink: Image.Image) -> float:
    rows = ink.resize((1, ink.height), Image.Resampling.BOX).tobytes()
    return sum((a - b) ** 2 for a, b in pairwise(rows)) / len(rows)
