"""Recognition by the program tesseract, for machines that cannot spare the memory of a neural model's runtime."""

from __future__ import annotations

import csv
import io
import subprocess
from functools import cached_property
from typing import TYPE_CHECKING

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.ocr_model import Recognized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

_SECONDS = 120
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
        listed = self._run(["--list-langs"], b"")
        return frozenset(line.strip() for line in listed.decode(errors="replace").splitlines()[1:])

    def read(self, picture: Image, lang: str | None) -> Sequence[Recognized]:
        """The text on a picture; see `Recognizer.read`."""
        buffer = io.BytesIO()
        picture.save(buffer, "PNG")
        output = self._run(["stdin", "stdout", "--psm", "4", *self._language(lang), "tsv"], buffer.getvalue())
        rows = csv.DictReader(
            io.StringIO(output.decode(errors="replace")), delimiter="\t", quoting=csv.QUOTE_NONE
        )
        return [
            Recognized(row["text"], _box(row), max(0.0, float(row["conf"])) / 100)
            for row in rows
            if row.get("level") == "5" and (row.get("text") or "").strip()
        ]

    def _language(self, lang: str | None) -> list[str]:
        """The language asked for, where it is installed, and English beside it."""
        name = _LANGUAGES.get((lang or "en").lower()[:2], "eng")
        chosen = [one for one in dict.fromkeys((name, "eng")) if one in self.languages]
        return ["-l", "+".join(chosen)] if chosen else []

    def _run(self, arguments: list[str], picture: bytes) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program, no shell, nothing of the document among the arguments
                [self._program, *arguments], input=picture, capture_output=True, timeout=_SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError):
            raise DocumentError(
                "the program tesseract failed on a page",
                code="ocr_failed",
                hint='Install the other recognizer: pip install "extract-bridge[ocr]"',
            ) from None
        return done.stdout


def _box(row: dict[str, str]) -> tuple[float, float, float, float]:
    left, top = float(row["left"]), float(row["top"])
    return left, top, left + float(row["width"]), top + float(row["height"])
