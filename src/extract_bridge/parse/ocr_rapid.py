"""Recognition by rapidocr: its models come with the package, so nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy
from rapidocr import RapidOCR

from extract_bridge.parse.ocr_model import Recognized

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.Image import Image


_SETTINGS = {
    "Global.log_level": "critical",
    "Global.use_cls": False,  # the page stands upright: small words and signs would be taken to stand on their heads
}


class RapidRecognizer:
    """Reads Latin, Chinese and Japanese script with one model, whatever the language."""

    name = "rapidocr"

    def __init__(self) -> None:
        self._engine = RapidOCR(params=_SETTINGS)

    def read(self, picture: Image, lang: str | None) -> Sequence[Recognized]:
        """The text on a picture; see `Recognizer.read`."""
        del lang
        pixels = numpy.asarray(picture)[:, :, ::-1]  # the models were made for blue, green, red
        result = self._engine(pixels, return_word_box=True)
        if result.txts is None:
            return []
        lines = zip(result.txts, result.boxes, result.scores, result.word_results, strict=True)
        return [item for text, box, score, words in lines for item in _words(text, box, score, words)]


def _words(text: str, box: Any, score: float, words: Any) -> Iterator[Recognized]:
    """The words of a line where the recognizer places them, if they are the line's; else the line as a whole."""
    if "".join(word for word, _, _ in words) == "".join(text.split()) and len(words) == len(text.split()):
        for word, sure, corners in words:
            yield Recognized(word, _around(corners), min(float(sure), float(score)))
    else:
        yield Recognized(text, _around(box), float(score))


def _around(corners: Any) -> tuple[float, float, float, float]:
    across = [float(x) for x, _ in corners]
    down = [float(y) for _, y in corners]
    return min(across), min(down), max(across), max(down)
