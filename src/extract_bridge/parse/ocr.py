"""Pictures of text become words with boxes, by the recognizer that this machine has."""

from __future__ import annotations

import importlib.util
import os
import shutil
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from extract_bridge.core.limits import limit
from extract_bridge.parse.model import Tilt, Word
from extract_bridge.parse.ocr_merge import sureness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from PIL.Image import Image

    from extract_bridge.parse.ocr_model import Recognized, Recognizer

_TEXT_HEIGHT = 0.7  # of a recognized line's box: recognizers leave a margin around the letters
_LEAST_SURE = 0.3
_SHARE = 0.6  # of the time that a document may take
_HEAD_UP = 0.85  # sureness that no page reaches which stands on its head
_PARTS = 4  # of a page's height, one of which tells
_BETTER = 0.1  # what chance does not make


OCR = "EXTRACT_BRIDGE_OCR"
"""The environment variable that chooses a recognizer: `rapidocr`, `tesseract` or `none`; without it the best one that is there."""


def recognizer() -> Recognizer | None:
    """The best recognizer that is installed: rapidocr, else the program tesseract, else none. Loaded at first use."""
    return _recognizer(os.environ.get(OCR, "").strip().lower())


@lru_cache(maxsize=4)
def _recognizer(chosen: str) -> Recognizer | None:
    may = [name for name in ("rapidocr", "tesseract") if chosen in ("", name)]
    if "rapidocr" in may and importlib.util.find_spec("rapidocr") and importlib.util.find_spec("onnxruntime"):
        from extract_bridge.parse.ocr_rapid import RapidRecognizer  # noqa: PLC0415 - an optional package

        return RapidRecognizer()
    program = shutil.which("tesseract") if "tesseract" in may else None
    if program:
        from extract_bridge.parse.ocr_tesseract import TesseractRecognizer  # noqa: PLC0415 - loaded where it is used

        return TesseractRecognizer(program)
    return None


@dataclass(frozen=True, slots=True)
class Sight:
    """What was read on a picture of a page.

    Attributes:
        words: On the page laid straight.
        width: Of that page, in points.
        height: The same.
        tilt: How it lies on the picture.
    """

    words: tuple[Word, ...]
    width: float
    height: float
    tilt: Tilt | None = None


def recognized(pictures: Iterable[tuple[int, Image, float]], lang: str | None) -> Iterator[tuple[int, Sight]]:
    """What is read on each picture, as long as there is time; nothing where no recognizer is installed.

    Args:
        pictures: Page number, picture, and points a pixel.
        lang: Code of their language.
    """
    reader = recognizer()
    if reader is None:
        return
    end = time.monotonic() + _SHARE * limit("max_worker_seconds")
    for number, picture, scale in pictures:
        if time.monotonic() > end:  # rather some pages with a warning than none
            return
        yield number, look(reader, picture, scale, lang)


def look(reader: Recognizer, picture: Image, scale: float, lang: str | None = None) -> Sight:
    """Reads a picture of a page, however the paper lies on it.

    Args:
        reader: Reads it when it lies straight.
        picture: In RGB.
        scale: Points a pixel.
        lang: Code of its language.
    """
    from extract_bridge.parse.straight import guesses, straightened  # noqa: PLC0415 - Pillow, for pictures only

    degrees, *others = guesses(picture)
    straight = straightened(picture, degrees)
    found = reader.read(straight, lang)
    for other in others if sureness(found) < _HEAD_UP else ():
        on_side = straightened(picture, other)
        read = reader.read(on_side, lang)
        if sureness(read) > sureness(found) + _BETTER:
            degrees, straight, found = other, on_side, read
    if _on_its_head(reader, straight, found, lang):
        degrees += 180
        straight = straightened(straight, 180)
        found = reader.read(straight, lang)
    tilt = Tilt(degrees, picture.width * scale, picture.height * scale) if degrees else None
    return Sight(words_on(found, scale), straight.width * scale, straight.height * scale, tilt)


def _on_its_head(reader: Recognizer, picture: Image, found: Sequence[Recognized], lang: str | None) -> bool:
    """Whether a part of a page that was hardly read reads better the other way round; the part with most letters."""
    from extract_bridge.parse.straight import straightened  # noqa: PLC0415 - Pillow, for pictures only

    if not found or sureness(found) >= _HEAD_UP:
        return False
    parts: dict[int, list[Recognized]] = {}
    for item in found:
        middle = (item.box[1] + item.box[3]) / 2
        parts.setdefault(int(_PARTS * middle / picture.height), []).append(item)
    place, read = max(parts.items(), key=lambda part: sum(len(item.text) for item in part[1]))
    top, bottom = (picture.height * edge // _PARTS for edge in (place, place + 1))
    turned = straightened(picture.crop((0, top, picture.width, bottom)), 180)
    return sureness(reader.read(turned, lang)) > sureness(read) + _BETTER


def words_on(found: Iterable[Recognized], scale: float) -> tuple[Word, ...]:
    """Words of recognized text; a run of several is split in proportion to its letters.

    Args:
        found: What a recognizer read.
        scale: Points a pixel.
    """
    return tuple(word for item in found if item.confidence >= _LEAST_SURE for word in _split(item, scale))


def _split(item: Recognized, scale: float) -> Iterator[Word]:
    x0, y0, x1, y1 = (value * scale for value in item.box)
    text = item.text.strip()
    share = (x1 - x0) / max(1, len(text))
    size = _TEXT_HEIGHT * (y1 - y0) if item.size is None else item.size * scale
    at = 0
    for part in text.split():
        at = text.index(part, at)
        begin, at = at, at + len(part)
        yield Word(
            part, x0 + begin * share, y0, x0 + at * share, y1, size, confidence=round(item.confidence, 4)
        )
