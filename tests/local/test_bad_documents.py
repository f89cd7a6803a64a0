"""What no document may do to the service: each ends FAILED with a reason and a next step, or is read; the next job is answered.

The worker has a tenth of its usual memory here, and low ceilings, so that what is not refused in time shows.
"""

from __future__ import annotations

import importlib.util
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from extract_bridge import ExtractClient, JobFailedError, LocalService, records_from_job

_spec = importlib.util.spec_from_file_location("bad_documents", Path(__file__).with_name("bad_documents.py"))
assert _spec is not None
assert _spec.loader is not None
make: Any = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = make
_spec.loader.exec_module(make)

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
TIGHT = {
    "EXTRACT_BRIDGE_MAX_WORKER_BYTES": str(400 * 2**20),
    "EXTRACT_BRIDGE_MAX_WORKER_SECONDS": "30",
    "EXTRACT_BRIDGE_MAX_DOCUMENT_PAGES": "50",
    "EXTRACT_BRIDGE_MAX_SHEET_CELLS": "500000",
    "EXTRACT_BRIDGE_OCR": "none",
}
HARD_PDF = "Print it to a new PDF"


def encrypted(user: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption(user, ownerPassword="owner", canPrint=0), invariant=1)
    canvas.drawString(72, 700, "Number: A-17")
    canvas.save()
    return buffer.getvalue()


def encrypted_office() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")


def bomb(parts: dict[str, bytes], name: str, lie: int | None = None) -> bytes:
    """An archive with an entry of 40 MB; or one whose directory says less of it."""
    data: bytes = make.zipped({**parts, name: parts.get(name, b"") + bytes(40_000_000)})
    return data if lie is None else make.changed(data, name, size=lie)


def outlines() -> bytes:
    shapes = (b"%d 700 m %d 700 l %d 720 l f\n" % (x, x + 8, x + 4) for x in range(50, 300, 12))
    data: bytes = make.one_page(make.stream(b"".join(shapes)))
    return data


GOOD = make.one_page(make.stream(make.TEXT))
DOCX, XLSX = make.docx_parts(), make.xlsx_parts()
TWICE = make.zlib.compress(make.packed(40_000_000, b"q "), 9)

# Name: the bytes, what the job's error says, and what it says to do.
FAILED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "blank.txt": (lambda: b" \n\n", "NO_DATA_FOUND_IN_FILE", "Send a file with content"),
    "text.docx": (lambda: b"Number: A-17", "PDF_IS_BROKEN", "Send the original"),
    "picture.pdf": (lambda: make.png(9, 9), "NO_DATA_FOUND_IN_FILE", "extract-bridge[ocr]"),
    "program.pdf": (lambda: b"\x7fELF\x02\x01\x01" + bytes(600), "PDF_IS_BROKEN", "Send the original"),
    "gif-and-pdf.gif": (
        lambda: b"GIF89a\x01\x00\x01\x00\x00\x00\x00" + GOOD,
        "PDF_IS_BROKEN",
        "save it again",
    ),
    "password.pdf": (lambda: encrypted("user"), "PDF_IS_PROTECTED", "Save a copy without a password"),
    "password.docx": (encrypted_office, "PDF_IS_PROTECTED", "Save a copy without a password"),
    "password-inside.docx": (
        lambda: make.changed(make.zipped(DOCX), "word/document.xml", flags=1),
        "PDF_IS_PROTECTED",
        "Save a copy without a password",
    ),
    "no-trailer.pdf": (lambda: GOOD[: GOOD.index(b"xref")], "PDF_IS_BROKEN", "print it to a new PDF"),
    "too-many-pages.pdf": (lambda: make.many_pages(60), "TOO_MANY_PAGES", "Split it"),
    "says-more-pages.pdf": (lambda: make.many_pages(2, said=40), "PDF_IS_BROKEN", "Leave the page out"),
    "bomb.pdf": (lambda: make.flate_bomb(40_000_000), "DOCUMENT_TOO_LARGE", HARD_PDF),
    "bomb-in-bomb.pdf": (
        lambda: make.one_page(make.stream(TWICE, b"/Filter[/FlateDecode/FlateDecode]")),
        "DOCUMENT_TOO_LARGE",
        HARD_PDF,
    ),
    "hidden-bomb.pdf": (
        lambda: make.flate_bomb(300_000_000, b" ", b"6 0 R"),
        "ended its worker process twice",
        HARD_PDF,
    ),
    "bomb.docx": (lambda: bomb(DOCX, "word/media/a.xml"), "DOCUMENT_TOO_LARGE", "split it"),
    "lying.docx": (lambda: bomb(DOCX, "word/document.xml", 1000), "DOCUMENT_TOO_LARGE", "split it"),
    "bomb.xlsx": (lambda: bomb(XLSX, "xl/styles.xml"), "DOCUMENT_TOO_LARGE", "split it"),
    "lying.xlsx": (lambda: bomb(XLSX, "xl/worksheets/sheet1.xml", 1000), "DOCUMENT_TOO_LARGE", "split it"),
    "entries.xlsx": (
        lambda: make.zipped({**XLSX, **{f"x/{number}": b"" for number in range(20_001)}}),
        "DOCUMENT_TOO_LARGE",
        "split it",
    ),
    "far-out.xlsx": (
        lambda: make.zipped(make.xlsx_parts(make.sheet_row(1_048_576, "XFD", b"A-17"))),
        "DOCUMENT_TOO_LARGE",
        "Delete what stands far",
    ),
    "wide.csv": (
        lambda: b"Number," * 9_000 + b"\n" + b"A-17\n" * 9_000,
        "DOCUMENT_TOO_LARGE",
        "split the table",
    ),
    "wide.html": (
        lambda: b"<html><body><table>" + b"<tr><td colspan=1000 rowspan=1000>x" * 1000,
        "DOCUMENT_TOO_LARGE",
        "split the table",
    ),
    "laughs.docx": (
        lambda: make.zipped(make.docx_parts(b"<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", make.LAUGHS)),
        "PDF_IS_BROKEN",
        "Save it again",
    ),
    "laughs.xlsx": (
        lambda: make.zipped(make.xlsx_parts(make.sheet_row(1, "A", b"&a9;"), make.LAUGHS)),
        "PDF_IS_BROKEN",
        "Save it again",
    ),
    "deep.html": (lambda: b"<html><body>" + b"<div>" * 200_000, "DOCUMENT_TOO_LARGE", "send it as text"),
    "deep.eml": (
        lambda: b"From: a\nSubject: b\nMIME-Version: 1.0\n" + b"Content-Type: message/rfc822\n\n" * 3_000,
        "DOCUMENT_TOO_LARGE",
        "innermost part",
    ),
    "vast.png": (lambda: make.png(8_000, 8_000), "DOCUMENT_TOO_LARGE", "Make it smaller"),
    "outlines.pdf": (outlines, "NO_DATA_FOUND_IN_FILE", "extract-bridge[ocr]"),
    "fonts-alone.pdf": (
        lambda: make.one_page(make.stream(b"BT /F1 12 Tf ET")),
        "NO_DATA_FOUND_IN_FILE",
        "viewer",
    ),
    "damaged-stream.pdf": (
        lambda: make.one_page(make.stream(b"nonsense", b"/Filter/FlateDecode")),
        "NO_DATA_FOUND_IN_FILE",
        "viewer",
    ),
}

# Name: the bytes, and the number that is read.
READ: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "pdf.png": (lambda: GOOD, "A-17"),
    "pdf-and-zip.pdf": (lambda: GOOD + make.zipped(make.docx_parts()), "A-17"),
    "zip-and-pdf.docx": (lambda: make.zipped({**DOCX, "a.pdf": b"%PDF-1.7 Number: B-18"}), "A-17"),
    "html-and-pdf.html": (lambda: b"<html><!--" + GOOD + b"--><body>Number: C-19</body>", "C-19"),
    "owner-password.pdf": (lambda: encrypted(""), "A-17"),
    "broken-xref.pdf": (lambda: GOOD.replace(b"startxref\n", b"startxref\n99"), "A-17"),
    "many-glyphs.pdf": (lambda: make.many_glyphs(10_000), None),
    "outside.docx": (
        lambda: make.zipped(make.docx_parts(b"<w:p><w:r><w:t>Number: &a9;</w:t></w:r></w:p>", make.OUTSIDE)),
        None,
    ),
    "nested.html": (lambda: b"<html><body>" + b"<b><dl><dd>" * 2_000 + b"Number: A-17", "A-17"),
    "right-to-left.pdf": (lambda: make.written("A17 :רפסמ"), None),
    "top-to-bottom.pdf": (lambda: make.written("番号A17", b"Identity-V"), None),
}


@pytest.fixture(autouse=True)
def _tight(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in TIGHT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExtractClient]:
    folder = tmp_path_factory.mktemp("service")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in TIGHT.items():
            patch.setenv(name, value)
        with ExtractClient(local=LocalService(data_dir=folder, workers=1)) as client:
            client.run(GOOD, file_name="good.pdf", data_schema=SCHEMA)
            yield client


def answers(client: ExtractClient) -> bool:
    """The service takes the next job, and does it right."""
    (record,) = records_from_job(client.run(GOOD, file_name="next.pdf", data_schema=SCHEMA))
    return bool(record.data["number"] == "A-17")


@pytest.mark.parametrize("name", FAILED)
def test_a_document_that_cannot_be_read_fails_its_job_alone(name: str, client: ExtractClient) -> None:
    data, says, advice = FAILED[name]
    with pytest.raises(JobFailedError) as caught:
        client.run(data(), file_name=name, data_schema=SCHEMA)
    message = caught.value.job.error_message or ""
    assert says in message
    assert advice in message
    assert answers(client)


@pytest.mark.parametrize("name", READ)
def test_an_odd_document_is_read_as_what_it_is(name: str, client: ExtractClient) -> None:
    data, number = READ[name]
    job = client.run(data(), file_name=name, data_schema=SCHEMA)
    (record,) = records_from_job(job)
    assert record.data["number"] == number
    assert "root:" not in str(job.extract_result), "no file of the machine gets into a result"
    assert answers(client)
