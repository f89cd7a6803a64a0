"""Drawn documents as scans and photographs of them: the same truth, its boxes where the paper lies in the picture."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from itertools import cycle
from math import cos, radians, sin
from random import Random
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageFilter, ImageOps
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.bench.document import Place
from extract_bridge.core.records.fields import Box
from extract_bridge.parse.open import count_pages_of
from extract_bridge.parse.pictures import page_looks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extract_bridge.bench.document import BenchDocument

_Matrix = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
# Takes points (x, y, 1) to points, up to a factor. No inverse is computed: there and back are both made of simple ones.

_HIDDEN = "held-out"  # stays so: what goes wrong there is shown to nobody
_PAPER = (244, 243, 240)


@dataclass(frozen=True, slots=True)
class Damage:
    """What a scanner or a camera does to a page.

    Attributes:
        name: Of what stands out.
        dots: An inch.
        skew: Degrees by which the page may lie aslant, to either side; at least a fifth of it.
        turned: The page lies on a side or on its head.
        noise: Grey levels by which a pixel may be off.
        quality: Of the JPEG.
        contrast: 1 is black on white.
        shadow: Share of the light that is missing in the darkest corner.
        lean: Share by which the far edge of the page is shorter, as a camera sees it.
        blur: Radius in pixels.
    """

    name: str
    dots: int = 200
    skew: float = 0.3
    turned: bool = False
    noise: int = 12
    quality: int = 75
    contrast: float = 1.0
    shadow: float = 0.0
    lean: float = 0.0
    blur: float = 0.0


DAMAGES: tuple[Damage, ...] = (
    Damage("scan"),
    Damage("scan, aslant", skew=5.0),
    Damage("scan, turned", turned=True, skew=1.0),
    Damage("scan, coarse", dots=100, skew=1.0),
    Damage("scan, noisy", dots=150, skew=1.0, noise=60, quality=30),
    Damage("scan, pale", skew=1.0, contrast=0.35, shadow=0.3),
    Damage("photograph", dots=150, skew=3.0, lean=0.06, shadow=0.45, blur=0.6, quality=60),
)
"""One after the other, so that each has its share of every corpus."""


def all_scanned(documents: Iterable[BenchDocument], seed: int) -> Iterator[BenchDocument]:
    """Each document as a scan or a photograph, the damages by turns; the same documents and seed give the same pictures.

    What has no paper, such as a mail, is left out.
    """
    printed = (document for document in documents if document.name.endswith(".pdf"))
    for document, damage in zip(printed, cycle(DAMAGES), strict=False):
        yield scanned(document, damage, Random(f"{seed}/{damage.name}/{document.name}"))  # noqa: S311 - no secret is made


def scanned(document: BenchDocument, damage: Damage, rng: Random) -> BenchDocument:
    """A document whose pages are pictures; its layout is the name of the damage, but of held-out ones.

    Args:
        document: Drawn, with its truth.
        damage: What happens to each page.
        rng: Chance.
    """
    count = count_pages_of(document.content, name=document.name)
    looks = page_looks(document.content, document.name, range(1, count + 1), dots=damage.dots)
    pages = [
        _taken(look.picture, (look.width, look.height), damage, rng)
        for look in looks
        if look.picture is not None
    ]
    places = {
        pointer: tuple(
            Place(place.page, tuple(pages[place.page - 1].moved(box) for box in place.boxes))
            for place in found
        )
        for pointer, found in document.places.items()
    }
    layout = document.layout if document.layout == _HIDDEN else damage.name
    return replace(document, content=_bound(pages, damage.quality), places=places, layout=layout)


@dataclass(frozen=True, slots=True)
class _Page:
    """A picture of a page, its size in points, and where the points of the page are on it."""

    picture: Image.Image
    size: tuple[float, float]
    matrix: _Matrix

    def moved(self, box: Box) -> Box:
        """The box around where a box of the page is now."""
        corners = [_apply(self.matrix, x, y) for x in (box.x, box.x + box.w) for y in (box.y, box.y + box.h)]
        x0, y0 = min(x for x, _ in corners), min(y for _, y in corners)
        return Box(x0, y0, max(x for x, _ in corners) - x0, max(y for _, y in corners) - y0)


def _taken(picture: Image.Image, size: tuple[float, float], damage: Damage, rng: Random) -> _Page:
    angle = rng.choice((-1, 1)) * rng.uniform(0.2, 1.0) * damage.skew
    quarter = rng.choice((1, 2, 3)) if damage.turned else 0
    width, height = size
    there, back, size = _movement(width, height, angle, quarter, damage.lean)
    scale = picture.width / width
    out = round(size[0] * scale), round(size[1] * scale)
    pixels = _times(_scaling(scale), _times(back, _scaling(1 / scale)))
    numbers = [value / pixels[2][2] for row in pixels for value in row][:8]
    fill = (70, 66, 60) if damage.lean else _PAPER  # a table under the sheet, the lid of a scanner
    inked = ImageChops.multiply(picture, Image.new("RGB", picture.size, _PAPER))
    moved = inked.transform(
        out, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC, fillcolor=fill
    )
    return _Page(_worn(moved, damage, rng), size, there)


def _movement(
    width: float, height: float, angle: float, quarter: int, lean: float
) -> tuple[_Matrix, _Matrix, tuple[float, float]]:
    """Where the page's points go, where they come from, and the size of the new page."""
    lean_room = 1 + lean / 2
    c, s = abs(cos(radians(angle))) * lean_room, abs(sin(radians(angle)))
    size = width * c + height * s, height * c + width * s  # room for the corners
    size = (size[1], size[0]) if quarter % 2 else size
    to_middle, from_middle = _shift(-width / 2, -height / 2), _shift(width / 2, height / 2)
    away, home = _shift(size[0] / 2, size[1] / 2), _shift(-size[0] / 2, -size[1] / 2)
    turn = angle + 90 * quarter
    tilt = lean / height
    there = _times(away, _times(_leaning(tilt), _times(_turning(turn), to_middle)))
    back = _times(from_middle, _times(_turning(-turn), _times(_leaning(-tilt), home)))
    return there, back, size


def _worn(picture: Image.Image, damage: Damage, rng: Random) -> Image.Image:
    """Light, sharpness and noise."""
    if damage.contrast < 1:
        grey = Image.new("RGB", picture.size, (205, 203, 198))
        picture = Image.blend(grey, picture, damage.contrast)
    if damage.shadow:
        low = round(255 * (1 - damage.shadow))
        light = ImageOps.colorize(Image.linear_gradient("L"), (low, low, low), (255, 255, 255))
        turned = light.rotate(rng.uniform(0, 360), Image.Resampling.BILINEAR).crop((40, 40, 216, 216))
        picture = ImageChops.multiply(picture, turned.resize(picture.size, Image.Resampling.BICUBIC))
    if damage.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(damage.blur))
    grains = Image.frombytes("L", picture.size, rng.randbytes(picture.width * picture.height))
    half = grains.point([round(damage.noise * level / 255) for level in range(256)])
    return ImageChops.subtract(
        ImageChops.add(picture, Image.merge("RGB", (half,) * 3)),
        Image.new("RGB", picture.size, (damage.noise // 2,) * 3),
    )


def _bound(pages: list[_Page], quality: int) -> bytes:
    """A PDF of the pictures."""
    sink = io.BytesIO()
    canvas = Canvas(sink, invariant=1)
    for page in pages:
        packed = io.BytesIO()
        page.picture.save(packed, "JPEG", quality=quality)
        packed.seek(0)
        canvas.setPageSize(page.size)
        canvas.drawImage(ImageReader(packed), 0, 0, *page.size)
        canvas.showPage()
    canvas.save()
    return sink.getvalue()


def _times(a: _Matrix, b: _Matrix) -> _Matrix:
    def row(i: int) -> tuple[float, float, float]:
        x, y, z = (sum(a[i][k] * b[k][j] for k in range(3)) for j in range(3))
        return x, y, z

    return row(0), row(1), row(2)


def _shift(x: float, y: float) -> _Matrix:
    return (1, 0, x), (0, 1, y), (0, 0, 1)


def _scaling(factor: float) -> _Matrix:
    return (factor, 0, 0), (0, factor, 0), (0, 0, 1)


def _turning(degrees: float) -> _Matrix:
    """Clockwise as seen, since y grows downwards."""
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return (c, -s, 0), (s, c, 0), (0, 0, 1)


def _leaning(tilt: float) -> _Matrix:
    return (1, 0, 0), (0, 1, 0), (0, tilt, 1)


def _apply(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    across, down, share = (row[0] * x + row[1] * y + row[2] for row in matrix)
    return across / share, down / share
