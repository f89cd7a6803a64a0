"""Scans through the whole local service, read by the recognizers themselves. No network: the models are in the package."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from extract_bridge import ExtractClient, LocalService, records_from_job
from extract_bridge.bench.corpus import choose_layouts, generate
from extract_bridge.bench.run import run
from extract_bridge.bench.scans import all_scanned
from extract_bridge.parse.pdf import pdf_pictures

pytestmark = [pytest.mark.slow, pytest.mark.ocr]

SCHEMA = {
    "type": "object",
    "properties": {
        "invoice_number": {"type": "string"},
        "invoice_date": {"type": "string", "format": "date"},
        "total": {"type": "number"},
    },
}
TRUTH = {"invoice_number": "A-1705", "invoice_date": "2026-03-05", "total": 1250.0}
HAVE = {
    "rapidocr": find_spec("rapidocr") is not None,
    "tesseract": shutil.which("tesseract") is not None,
}


def scan(folder: Path) -> Image.Image:
    """A printed invoice as a picture."""
    drawn = canvas.Canvas(str(folder / "printed.pdf"), pagesize=(420, 300))
    drawn.setFont("Helvetica", 14)
    for at, line in enumerate(
        ["Invoice number: A-1705", "Invoice date: 5 March 2026", "Total: 1,250.00 USD"]
    ):
        drawn.drawString(40, 240 - 40 * at, line)
    drawn.save()
    ((_, picture, _),) = pdf_pictures((folder / "printed.pdf").read_bytes(), "printed.pdf", [1])
    return picture


@pytest.mark.parametrize("form", ["png", "pdf"])
@pytest.mark.parametrize("reader", ["rapidocr", "tesseract"])
def test_a_scan_is_read_with_boxes(
    reader: str, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not HAVE[reader]:
        pytest.skip(f"{reader} is not installed")
    monkeypatch.setenv("EXTRACT_BRIDGE_OCR", reader)
    picture, file = scan(tmp_path), tmp_path / f"scan.{form}"
    if form == "png":
        picture.save(file)
        points = 1.0
    else:
        drawn = canvas.Canvas(str(file), pagesize=(420, 300))
        drawn.drawImage(ImageReader(picture), 0, 0, 420, 300)
        drawn.save()
        points = 420 / picture.width
    with ExtractClient(local=LocalService(data_dir=tmp_path / "data", workers=1)) as client:
        (record,) = records_from_job(client.run(file, data_schema=SCHEMA))
    assert record.data == TRUTH
    assert any(f"read as an image by {reader}" in text for text in record.warnings)
    for field in record.fields.values():
        check_box(field, points * picture.width, points * picture.height)
        assert field.parsing_confidence is not None
        assert 0.5 < field.parsing_confidence <= 1, "what the recognizer says of the words, and nothing else"


def check_box(field: Any, width: float, height: float) -> None:
    (citation,) = field.citations
    assert citation.page == 1
    for box in citation.boxes:
        assert 0 <= box.x < box.x + box.w <= width
        assert 0 <= box.y < box.y + box.h <= height


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("reader", ["rapidocr", "tesseract"])
def test_a_scan_that_lies_on_its_side_or_head_is_read_and_cited_where_it_lies(
    reader: str, turn: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not HAVE[reader]:
        pytest.skip(f"{reader} is not installed")
    monkeypatch.setenv("EXTRACT_BRIDGE_OCR", reader)
    picture, file = scan(tmp_path).rotate(turn - 2, expand=True, fillcolor="white"), tmp_path / "scan.png"
    picture.save(file)
    with ExtractClient(local=LocalService(data_dir=tmp_path / "data", workers=1)) as client:
        (record,) = records_from_job(client.run(file, data_schema=SCHEMA))
    assert record.data == TRUTH
    for field in record.fields.values():
        check_box(field, picture.width, picture.height)
        (box,) = field.citations[0].boxes
        assert (box.h > box.w) == (turn != 180)
        inside = picture.convert("L").crop((int(box.x), int(box.y), int(box.x + box.w), int(box.y + box.h)))
        assert inside.getextrema()[0] < 100, "there is ink where the value is said to be"


@pytest.mark.parametrize(("reader", "least"), [("rapidocr", 0.75), ("tesseract", 0.5)])
def test_drawn_documents_are_read_from_scans(
    reader: str, least: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not HAVE[reader]:
        pytest.skip(f"{reader} is not installed")
    monkeypatch.setenv("EXTRACT_BRIDGE_OCR", reader)
    drawn = generate(14, 3, choose_layouts(["invoice", "receipt", "form", "letter"]))
    with ExtractClient(local=LocalService(data_dir=tmp_path / "data", workers=1)) as client:
        report = run(client, all_scanned(drawn, 3), max_concurrency=1)
    total = report.total
    print(
        f"figure: scans by {reader}: F1 {total.f1:.3f}, boxes {total.box_f1:.3f}, {report.seconds / 14:.1f} s a page"
    )
    assert not report.failures
    assert total.f1 is not None
    assert total.f1 >= least
