"""Recognition by the program tesseract, for machines that cannot spare the memory of a neural model's runtime.

It takes a page to be laid out in one of several ways, and reads letters of some heights better than others. A page that the first
reading is unsure of is read in another way, and each place as the reading has it that is surer there.
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
import time
from functools import cached_property
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageFilter, ImageOps

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.ocr_lines import lined_up
from extract_bridge.parse.ocr_merge import merged, sureness
from extract_bridge.parse.ocr_model import Recognized

if TYPE_CHECKING:
    from collections.abc import Sequence

_SECONDS = 120  # for all readings of a page
_SURE = 0.93  # a clean page reaches it; a third reading in yet another way made no page better
_COLUMNS, _SCATTERED = "4", "11"  # the layouts that the program knows and that scans have
_LETTERS = 40  # pixels; the font size at which it errs least
_READABLE = 0.5
_MOST_PIXELS = 16_000_000
_HOPELESS = 0.4  # a page on its head, or no page of text: reading it again is of no use
_MOST_LANGUAGES = 4
_ONE_THREAD = {"OMP_THREAD_LIMIT": "1"}  # more of them wait for each other most of the time
_LANGUAGES = {"en": "eng", "de": "deu", "fr": "fra", "nl": "nld", "es": "spa", "it": "ita", "pt": "por"}


class TesseractRecognizer:
    """Reads with the languages that are installed.

    Args:
        program: Path of the program.
    """

    name = "tesseract"

    def __init__(self, program: str) -> None:
        self._program = program

    @cached_property
    def languages(self) -> frozenset[str]:
        """What is installed, as the program names it."""
        listed = self._run(["--list-langs"], b"", _SECONDS)
        return frozenset(line.strip() for line in listed.decode(errors="replace").splitlines()[1:])

    def read(self, picture: Image.Image, lang: str | None) -> Sequence[Recognized]:
        """The text on a picture; see `Recognizer.read`."""
        end = time.monotonic() + _SECONDS
        clear = clearer(picture)
        found = self._reading(clear, 1.0, _COLUMNS, lang, end)
        if not _HOPELESS <= sureness(found) < _SURE:
            return found
        large, scale = _legible(clear, found)
        try:
            return merged(found, self._reading(large, scale, _SCATTERED, lang, end))
        except DocumentError:  # no time left: what was read holds
            return found

    def _reading(
        self, picture: Image.Image, scale: float, layout: str, lang: str | None, end: float
    ) -> list[Recognized]:
        """One reading: of a picture made so much larger, its boxes in pixels of the original."""
        buffer = io.BytesIO()
        picture.save(buffer, "PNG", compress_level=1)
        arguments = ["stdin", "stdout", "--psm", layout, *self._language(lang), "tsv"]
        output = self._run(arguments, buffer.getvalue(), end - time.monotonic())
        rows = csv.DictReader(
            io.StringIO(output.decode(errors="replace")), delimiter="\t", quoting=csv.QUOTE_NONE
        )
        words = (row for row in rows if row.get("level") == "5" and (row.get("text") or "").strip())
        return [
            item
            for _, line in groupby(words, _line)
            for item in lined_up([_word(row, scale) for row in line])
        ]

    def _language(self, lang: str | None) -> list[str]:
        """The language asked for and those that share its letters, where they are installed: each helps with the names in another's text."""
        name = _LANGUAGES.get((lang or "en").lower()[:2], "eng")
        chosen = [one for one in dict.fromkeys((name, *_LANGUAGES.values())) if one in self.languages]
        chosen = chosen[:_MOST_LANGUAGES]
        return ["-l", "+".join(chosen)] if chosen else []

    def _run(self, arguments: list[str], picture: bytes, seconds: float) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program, no shell, nothing of the document among the arguments
                [self._program, *arguments],
                input=picture,
                capture_output=True,
                timeout=max(0.0, seconds),
                check=True,
                env=os.environ | _ONE_THREAD,
            )
        except (OSError, subprocess.SubprocessError):
            raise DocumentError(
                "the program tesseract failed on a page",
                code="ocr_failed",
                hint='Install the other recognizer: pip install "extract-bridge[ocr]"',
            ) from None
        return done.stdout


def clearer(picture: Image.Image) -> Image.Image:
    """The picture in grey, as if every place of the paper were white and the darkest ink black: no shadows, no pale print."""
    grey = picture.convert("L")
    small = grey.resize((max(1, grey.width // 8), max(1, grey.height // 8)), Image.Resampling.BOX)
    paper = small.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.BoxBlur(4))
    ink = ImageChops.subtract(paper.resize(grey.size, Image.Resampling.BILINEAR), grey)
    return ImageOps.invert(ImageOps.autocontrast(ink, cutoff=(30, 0.5)))


def _legible(picture: Image.Image, found: Sequence[Recognized]) -> tuple[Image.Image, float]:
    """The picture so large that its letters are as high as they are read best; and how much larger."""
    sizes = [item.size for item in found if item.confidence > _READABLE and item.size] or [_LETTERS]
    most = (_MOST_PIXELS / (picture.width * picture.height)) ** 0.5
    scale = min(max(0.5, _LETTERS / max(1.0, median(sizes))), 3.0, most)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.LANCZOS), scale


def _line(row: dict[str, str]) -> tuple[str, str, str]:
    return row["block_num"], row["par_num"], row["line_num"]


def _word(row: dict[str, str], scale: float) -> Recognized:
    left, top = float(row["left"]) / scale, float(row["top"]) / scale
    box = left, top, left + float(row["width"]) / scale, top + float(row["height"]) / scale
    return Recognized(row["text"], box, max(0.0, float(row["conf"])) / 100)
