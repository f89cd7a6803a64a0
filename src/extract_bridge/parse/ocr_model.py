"""What a recognizer of text on pictures is, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Recognized:
    """A run of text on a picture.

    Attributes:
        text: As read; may hold blanks.
        box: (x0, y0, x1, y1) in pixels from the top left corner.
        confidence: How sure the recognizer is, 0..1.
        size: Font size in pixels; None where the recognizer does not say, and its box tells.
    """

    text: str
    box: tuple[float, float, float, float]
    confidence: float
    size: float | None = None


class Recognizer(Protocol):
    """Reads pictures; not used by two threads at once."""

    name: str

    def read(self, picture: Image, lang: str | None) -> Sequence[Recognized]:
        """The text on an upright RGB picture, in reading order.

        Args:
            picture: What to read.
            lang: Code of its language, for example `"de"`; a recognizer that reads all its languages ignores it.
        """
        ...
