"""Pictures of text: who reads them, what becomes of what was read, and what is refused before it is decoded."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse import ocr
from extract_bridge.parse import open as opening
from extract_bridge.parse.ocr_model import Recognized
from extract_bridge.parse.open import count_pages, parse_document


class Reader:
    """A recognizer that reads the same line on every picture, and remembers the pictures."""

    name = "stand-in"

    def __init__(self, *found: Recognized) -> None:
        self.found, self.seen = found, []

    def read(self, picture: Image.Image, lang: str | None) -> Sequence[Recognized]:
        self.seen.append((picture.size, picture.mode, lang))
        return self.found


LINE = Recognized("Total 12.50", (100, 40, 210, 60), 0.9)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    made = Reader(LINE, Recognized("~~", (0, 0, 9, 9), 0.1))
    for module in (ocr, opening):
        monkeypatch.setattr(module, "recognizer", lambda: made)
    return made


def picture(size: tuple[int, int] = (400, 200), form: str = "PNG", **saving: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "white").save(buffer, form, **saving)
    return buffer.getvalue()


def parse(folder: Path, data: bytes, name: str, **keywords: Any) -> Any:
    (folder / "stored").write_bytes(data)
    return parse_document(folder / "stored", name=name, **keywords)


def test_a_line_is_split_into_words_in_proportion(tmp_path: Path, reader: Reader) -> None:
    document = parse(tmp_path, picture(), "a.png", lang="de")
    (page,) = document.pages
    assert (document.media_type, page.source, page.width, page.height) == ("image/png", "ocr", 400, 200)
    assert [(word.text, word.x0, word.x1, word.confidence) for word in page.words] == [
        ("Total", 100, 150, 0.9),
        ("12.50", 160, 210, 0.9),
    ]
    assert reader.seen == [((400, 200), "RGB", "de")]
    assert "read as an image by stand-in" in document.warnings[0]


def test_a_picture_on_its_side_is_read_upright(tmp_path: Path, reader: Reader) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    (page,) = parse(tmp_path, picture(form="JPEG", exif=exif), "a.jpg").pages
    assert reader.seen[0][0] == (200, 400)
    assert (page.width, page.height) == (200, 400)


def test_only_the_pages_without_text_are_read_as_pictures(tmp_path: Path, reader: Reader) -> None:
    buffer = io.BytesIO()
    drawn = canvas.Canvas(buffer, pagesize=(300, 200))
    drawn.drawString(20, 150, "Number A-17")
    drawn.showPage()
    drawn.drawImage(ImageReader(io.BytesIO(picture())), 0, 0, 300, 200)
    drawn.save()
    document = parse(tmp_path, buffer.getvalue(), "a.pdf")
    assert [page.source for page in document.pages] == ["text", "ocr"]
    assert [word.text for word in document.pages[1].words] == ["Total", "12.50"]
    assert len(reader.seen) == 1
    assert document.unread == ()
    assert document.pages[1].words[0].x0 == pytest.approx(100 * 72 / 200, abs=0.1), "points, not pixels"


def test_each_picture_of_a_tiff_is_a_page(tmp_path: Path, reader: Reader) -> None:
    data = picture(form="TIFF", save_all=True, append_images=[Image.new("L", (90, 50), 255)])
    (tmp_path / "stored").write_bytes(data)
    assert count_pages(tmp_path / "stored", name="a.tif") == 2
    document = parse(tmp_path, data, "a.tif", target_pages=[2])
    assert [(page.number, page.width) for page in document.pages] == [(2, 90)]
    assert len(reader.seen) == 1


def test_an_animation_is_one_page(tmp_path: Path, reader: Reader) -> None:
    data = picture(form="GIF", save_all=True, append_images=[Image.new("RGB", (400, 200), "red")])
    assert parse(tmp_path, data, "a.gif").page_count == 1


def test_a_picture_without_text_is_an_error(tmp_path: Path, reader: Reader) -> None:
    reader.found = ()
    with pytest.raises(DocumentError, match="no text was recognized") as caught:
        parse(tmp_path, picture(), "a.png")
    assert caught.value.code == "no_text"


def test_without_a_recognizer_the_error_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"extract-bridge\[ocr\]") as caught:
        parse(tmp_path, picture(), "a.png")
    assert caught.value.code == "needs_ocr"


@pytest.mark.parametrize("side", [8_000, 60_000])
def test_a_large_picture_is_refused_by_its_header(side: int, tmp_path: Path, reader: Reader) -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(DocumentError, match="million") as caught:
        parse(tmp_path, data, "a.png")
    assert caught.value.code == "image_too_large"
    assert reader.seen == []


def test_a_damaged_picture_is_an_error(tmp_path: Path, reader: Reader) -> None:
    with pytest.raises(DocumentError, match="damaged") as caught:
        parse(tmp_path, picture()[:60], "a.png")
    assert caught.value.code == "broken"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has both recognizers: programs and packages by these names that can be found and loaded."""
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o700)
    (tmp_path / "rapidocr.py").write_text("class RapidOCR:\n    def __init__(self, params): ...\n")
    for name in ("onnxruntime", "numpy"):
        (tmp_path / f"{name}.py").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("rapidocr", "onnxruntime", "numpy", "extract_bridge.parse.ocr_rapid"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    ocr._recognizer.cache_clear()


@pytest.mark.parametrize(
    ("chosen", "reads"),
    [
        ("", "rapidocr"),
        ("rapidocr", "rapidocr"),
        ("tesseract", "tesseract"),
        (" Tesseract ", "tesseract"),
        ("none", None),
    ],
)
@pytest.mark.usefixtures("installed")
def test_the_environment_chooses_the_recognizer(
    chosen: str, reads: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_OCR", chosen)
    try:
        assert getattr(ocr.recognizer(), "name", None) == reads
    finally:  # what was loaded from that machine is not ours
        ocr._recognizer.cache_clear()
        for name in ("rapidocr", "onnxruntime", "numpy", "extract_bridge.parse.ocr_rapid"):
            sys.modules.pop(name, None)


def test_a_recognizer_that_is_not_there_is_not_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("EXTRACT_BRIDGE_OCR", "tesseract")
    ocr._recognizer.cache_clear()
    assert ocr.recognizer() is None
    ocr._recognizer.cache_clear()
