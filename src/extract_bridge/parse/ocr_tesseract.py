"""Recognition by the program tesseract, for machines that cannot spare the memory of a neural model's runtime.

It takes a page to be laid out in one of several ways, and reads letters of some heights better than others. A page that the first
reading is unsure of is read in two other ways, and each place as the reading has it that is surest there.
"""

from __future__ import annotations

import csv
import io
import subprocess
import time
from functools import cached_property
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.ocr_lines import lined_up
from extract_bridge.parse.ocr_merge import merged, sureness
from extract_bridge.parse.ocr_model import Recognized

if TYPE_CHECKING:
    from collections.abc import Sequence

_SECONDS = 120  # for all readings of a page
_SURE = 0.93  # a clean page reaches it; one that is read again costs three times as much
_COLUMNS, _BLOCK, _SCATTERED = "4", "6", "11"  # the layouts that the program knows and that scans have
_LETTERS = 40  # pixels; the font size at which it errs least
_READABLE = 0.5
_MOST_PIXELS = 16_000_000
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
        found = self._reading(picture, 1.0, _COLUMNS, lang, end)
        if sureness(found) >= _SURE:
            return found
        clear, scale = _clearer(picture, found)
        for layout in (_BLOCK, _SCATTERED):
            try:
                found = merged(found, self._reading(clear, scale, layout, lang, end))
            except DocumentError:  # no time left: what was read holds
                break
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
        """The language asked for, where it is installed, and English beside it."""
        name = _LANGUAGES.get((lang or "en").lower()[:2], "eng")
        chosen = [one for one in dict.fromkeys((name, "eng")) if one in self.languages]
        return ["-l", "+".join(chosen)] if chosen else []

    def _run(self, arguments: list[str], picture: bytes, seconds: float) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program, no shell, nothing of the document among the arguments
                [self._program, *arguments],
                input=picture,
                capture_output=True,
                timeout=max(0.0, seconds),
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            raise DocumentError(
                "the program tesseract failed on a page",
                code="ocr_failed",
                hint='Install the other recognizer: pip install "extract-bridge[ocr]"',
            ) from None
        return done.stdout


def _clearer(picture: Image.Image, found: Sequence[Recognized]) -> tuple[Image.Image, float]:
    """The picture in grey from black to white, so large that its letters are as high as they are read best; and how much larger."""
    sizes = [item.size for item in found if item.confidence > _READABLE and item.size] or [_LETTERS]
    most = (_MOST_PIXELS / (picture.width * picture.height)) ** 0.5
    scale = min(max(0.5, _LETTERS / max(1.0, median(sizes))), 3.0, most)
    grey = ImageOps.autocontrast(picture.convert("L"), cutoff=1)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return grey.resize(size, Image.Resampling.LANCZOS), scale


def _line(row: dict[str, str]) -> tuple[str, str, str]:
    return row["block_num"], row["par_num"], row["line_num"]


def _word(row: dict[str, str], scale: float) -> Recognized:
    left, top = float(row["left"]) / scale, float(row["top"]) / scale
    box = left, top, left + float(row["width"]) / scale, top + float(row["height"]) / scale
    return Recognized(row["text"], box, max(0.0, float(row["conf"])) / 100)
