"""Images as documents: their frames as pictures to read, capped before anything is decoded."""

from __future__ import annotations

import io
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageOps, UnidentifiedImageError

from extract_bridge.core.errors import DocumentError
from extract_bridge.core.limits import limit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_SIDE = 4000
"""Pixels; a larger picture is made smaller before it is read."""

_JPEG = 16  # times as many pixels, since it can be decoded smaller
_DAMAGED = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError)


def count_frames(data: bytes, name: str) -> int:
    """How many pages an image file holds: more than one in TIFF files alone; the frames of an animation show the same thing moving.

    Raises:
        DocumentError: `broken`, or `image_too_large`.
    """
    with _opened(data, name) as image:
        return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1


def frames(
    data: bytes, name: str, numbers: Sequence[int]
) -> Iterator[tuple[int, Image.Image, tuple[int, int]]]:
    """Each picture asked for: its 1-based number, upright and in RGB, and its own size in pixels as seen.

    Raises:
        DocumentError: `broken`, or `image_too_large`.
    """
    with _opened(data, name) as image:
        for number in numbers:
            image.seek(number - 1)
            _check(image, name)
            width, height = image.size
            image.draft(
                "RGB", (MAX_SIDE // 2, MAX_SIDE // 2)
            )  # JPEG only: decoded at a half, a quarter or an eighth
            upright = ImageOps.exif_transpose(image)
            turned = (upright.width > upright.height) != (image.width > image.height)
            yield number, _small(upright), (height, width) if turned else (width, height)


def _small(image: Image.Image) -> Image.Image:
    """In RGB on white, and no side longer than `MAX_SIDE`."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
    elif image.mode.startswith(("I", "F")):  # 16 bits and more; converting would cut them off
        low, high = image.getextrema()
        image = image.convert("F").point(
            lambda value: (value - _number(low)) * 255 / (_number(high) - _number(low) or 1)
        )
    picture = image.convert("RGB")
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    return picture


def _number(value: Any) -> float:
    return float(value)


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", Image.DecompressionBombWarning
            )  # the cap here is our own, and lower
            with Image.open(io.BytesIO(data)) as image:
                _check(image, name)
                yield image
    except Image.DecompressionBombError:  # more than twice Pillow's own limit: it says no before we can
        most = limit("max_image_pixels")
        raise _too_large(f"the image has more than {_millions(most)} pixels", name) from None
    except _DAMAGED:
        raise DocumentError(
            "the image is damaged",
            code="broken",
            where=name,
            hint="Open it in a viewer; if it opens there, save it again as PNG",
        ) from None


def _check(image: Image.Image, name: str) -> None:
    most = limit("max_image_pixels") * (_JPEG if image.format == "JPEG" else 1)
    if image.width * image.height > most:
        shown = f"{image.width} x {image.height} pixels, more than {_millions(most)}"
        raise _too_large(f"the image has {shown}", name)


def _millions(pixels: int) -> str:
    return f"{pixels / 1_000_000:g} million"


def _too_large(message: str, name: str) -> DocumentError:
    return DocumentError(
        message,
        code="image_too_large",
        where=name,
        hint="Make it smaller (300 pixels an inch are plenty), or raise EXTRACT_BRIDGE_MAX_IMAGE_PIXELS",
    )
