"""Bad documents at the size that a hostile or careless person sends, with the limits that everybody has: what they cost, and that the service lives on."""

from __future__ import annotations

import importlib.util
import io
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from extract_bridge import ExtractClient, JobFailedError, LocalService, records_from_job
from extract_bridge.core.limits import limit
from extract_bridge.local.service import workers

pytestmark = [pytest.mark.slow, pytest.mark.corpus]

_spec = importlib.util.spec_from_file_location(
    "bad_documents", Path(__file__).parents[1] / "local" / "bad_documents.py"
)
assert _spec is not None
assert _spec.loader is not None
make: Any = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = make
_spec.loader.exec_module(make)

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
GOOD = make.one_page(make.stream(make.TEXT))
MANY = 300_000_000
PIXELS = 50_000_000


def picture(side: int, form: str, **saving: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (side, side), 255).save(buffer, form, **saving)
    return buffer.getvalue()


def office(parts: dict[str, bytes], name: str, lie: int | None = None) -> bytes:
    data: bytes = make.zipped({**parts, name: parts.get(name, b"") + b" " * MANY})
    return data if lie is None else make.changed(data, name, size=lie)


# Name: the bytes; what the job's error says, or nothing where it is read; MiB and CPU seconds that its worker may take.
CASES: dict[str, tuple[Callable[[], bytes], str, int, int]] = {
    "pages-10000.pdf": (lambda: make.many_pages(10_000), "", 400, 60),
    "pages-10001.pdf": (lambda: make.many_pages(10_001), "TOO_MANY_PAGES", 200, 10),
    "glyphs-200000.pdf": (lambda: make.many_glyphs(200_000), "", 400, 60),
    "flate-bomb.pdf": (lambda: make.flate_bomb(1_500_000_000), "DOCUMENT_TOO_LARGE", 200, 10),
    "flate-bomb-twice.pdf": (
        lambda: make.one_page(
            make.stream(
                make.zlib.compress(make.packed(1_500_000_000, b" "), 9), b"/Filter[/FlateDecode/FlateDecode]"
            )
        ),
        "DOCUMENT_TOO_LARGE",
        200,
        10,
    ),
    "flate-bomb-hidden.pdf": (
        lambda: make.flate_bomb(1_500_000_000, b"q ", b"6 0 R"),
        "ended its worker process twice",
        0,
        0,
    ),
    "zip-bomb.docx": (lambda: office(make.docx_parts(), "word/media/a.xml"), "DOCUMENT_TOO_LARGE", 200, 10),
    "zip-bomb-lying.docx": (
        lambda: office(make.docx_parts(), "word/document.xml", 1_000),
        "DOCUMENT_TOO_LARGE",
        200,
        10,
    ),
    "zip-bomb-lying.xlsx": (
        lambda: office(make.xlsx_parts(), "xl/worksheets/sheet1.xml", 1_000),
        "DOCUMENT_TOO_LARGE",
        200,
        10,
    ),
    "deep.html": (lambda: b"<html><body>" + b"<div>" * 1_000_000, "DOCUMENT_TOO_LARGE", 600, 20),
    "deep-inline.html": (lambda: b"<html><body>" + b"<span>" * 1_000_000 + b"Number: A-17", "", 800, 30),
    "wide.html": (
        lambda: b"<html><body><table>" + b"<tr><td colspan=1000 rowspan=1000>x" * 1000,
        "DOCUMENT_TOO_LARGE",
        1500,
        30,
    ),
    "long.txt": (lambda: b"Number: A-17\n" * 1_000_000, "TOO_MANY_PAGES", 1500, 60),
    "vast.png": (lambda: make.png(60_000, 60_000), "DOCUMENT_TOO_LARGE", 200, 5),
    "pixels-50-million.png": (lambda: picture(7_071, "PNG"), "extract-bridge[ocr]", 600, 60),
    "pixels-81-million.jpg": (
        lambda: picture(9_000, "JPEG", quality=10),
        "extract-bridge[ocr]",
        400,
        60,
    ),
}


def spent(pid: int) -> tuple[float, float]:
    """Peak MiB and CPU seconds of a living process."""
    status = Path(f"/proc/{pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return peak / 1024, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def failure_of(client: ExtractClient, data: bytes, name: str) -> str:
    try:
        client.run(data, file_name=name, data_schema=SCHEMA)
    except JobFailedError as error:
        return error.job.error_message or "nothing said"
    return ""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what another process takes only on Linux")
@pytest.mark.parametrize("name", CASES)
def test_what_a_bad_document_costs(name: str, tmp_path: Path) -> None:
    make_it, says, megabytes, seconds = CASES[name]
    data, others = make_it(), set(workers._living)
    with ExtractClient(local=LocalService(data_dir=tmp_path, workers=1)) as client:
        client.run(GOOD, file_name="first.pdf", data_schema=SCHEMA)
        (worker,) = set(workers._living) - others
        began, before = time.monotonic(), spent(worker.pid)[1]
        message = failure_of(client, data, name)
        took = time.monotonic() - began
        assert says in message
        assert bool(says) == bool(message), message
        if megabytes:
            peak, cpu = spent(worker.pid)
            print(
                f"figure: {name}, {len(data):,} bytes: {peak:.0f} MiB, {cpu - before:.1f} s CPU, {took:.1f} s"
            )
            assert peak <= megabytes
            assert cpu - before <= seconds
        else:
            most = limit("max_worker_bytes") // 2**20
            print(
                f"figure: {name}, {len(data):,} bytes: its worker ended below {most} MiB, twice, {took:.1f} s"
            )
            assert not Path(f"/proc/{worker.pid}").exists()
        (record,) = records_from_job(client.run(GOOD, file_name="next.pdf", data_schema=SCHEMA))
        assert record.data == {"number": "A-17"}


def test_endless_work_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_WORKER_SECONDS", "10")
    with ExtractClient(local=LocalService(data_dir=tmp_path, workers=1)) as client:
        message = failure_of(client, make.forms_within_forms(9, 10), "forms.pdf")
        assert "TIMEOUT" in message
        assert "target_pages" in message
        assert failure_of(client, GOOD, "next.pdf") == ""
