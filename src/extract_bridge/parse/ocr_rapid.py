"""Recognition by rapidocr: its models come with the package, so nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy
from rapidocr import RapidOCR

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.ocr_ink import Letter, inked_words
from extract_bridge.parse.ocr_model import Recognized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

_SETTINGS: dict[str, Any] = {
    "Global.log_level": "critical",
    "Global.use_cls": False,  # the page stands upright: small words and signs would be taken to stand on their heads
    "Global.max_side_len": 4000,  # no picture is larger
    "Det.limit_type": "max",  # lines are found as well on a smaller picture as on a large one, in less than half the time
    "Det.limit_side_len": 1280,
}
_SHEET = (
    1.42  # height by width; what is longer, a receipt, is looked at with its width's share of the same area
)


class RapidRecognizer:
    """Reads Latin, Chinese and Japanese script with one model, whatever the language."""

    name = "rapidocr"

    def __init__(self) -> None:
        self._engine: Any = RapidOCR(params=_SETTINGS)

    def read(self, picture: Image, lang: str | None) -> Sequence[Recognized]:
        """The text on a picture; see `Recognizer.read`."""
        del lang
        pixels = numpy.asarray(picture)[:, :, ::-1]  # the models were made for blue, green, red
        longer = max(picture.size) / min(picture.size) / _SHEET
        load = getattr(self._engine, "_load_det_model", None)  # later versions load it at first use
        finder = load() if load else self._engine.text_det
        finder.limit_side_len = round(_SETTINGS["Det.limit_side_len"] * max(1.0, longer) ** 0.5)
        try:
            result = self._engine(pixels, return_word_box=True, return_single_char_box=True)
        except Exception as problem:  # whatever its libraries raise for a picture that they cannot take
            raise DocumentError(
                "rapidocr failed on a page",
                code="ocr_failed",
                hint="Leave the page out with target_pages, or set EXTRACT_BRIDGE_OCR=tesseract",
            ) from problem
        if result.txts is None:
            return []
        grey = numpy.asarray(picture.convert("L"))
        found = list(zip(result.txts, result.boxes, result.scores, strict=True))
        letters = result.word_results
        if len(letters) != len(found):  # it leaves out lines in which it places no letter
            letters = [()] * len(found)
        return [
            item
            for (text, box, score), placed in zip(found, letters, strict=True)
            for item in _words(text, _around(box), float(score), placed, grey)
        ]


def _words(
    text: str, box: tuple[float, float, float, float], score: float, placed: Any, grey: Any
) -> list[Recognized]:
    """The words of a line where the recognizer places their letters; else the line as a whole."""
    letters = [
        Letter(letter, float(sure), (across[0] + across[2]) / 2)
        for letter, sure, corners in placed
        for across in [_around(corners)]
    ]
    if letters and "".join(letter.text for letter in letters) == "".join(text.split()):
        return inked_words(text, box, letters, grey)
    return [Recognized(text, box, score)]


def _around(corners: Any) -> tuple[float, float, float, float]:
    across = [float(x) for x, _ in corners]
    down = [float(y) for _, y in corners]
    return min(across), min(down), max(across), max(down)
