"""The worker process asked to read only, and to extract from what was read."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extract_bridge.local.engine.frames import Answer, Ask, Failure, Job, Parse, Parsed, Result
from extract_bridge.local.engine.reading import read_reading
from extract_bridge.local.service.workers import WorkerProcess

SCHEMA = {"type": "object", "properties": {"number": {"type": ["string", "null"]}}}


def no_model(ask: Ask) -> Answer:
    return Answer(number=ask.number, error="no language model")


@pytest.fixture(scope="module")
def worker() -> Any:
    with closing(WorkerProcess()) as worker:
        worker.wait_ready()
        yield worker


def test_read_once_extract_twice(worker: WorkerProcess, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Number: A-17\fNumber: B-2\f")
    parsed = worker.run(Parse(job_id="pjb-1", path=str(path), name="note.txt"), no_model)
    assert isinstance(parsed, Parsed)
    assert (parsed.job_id, parsed.pages, parsed.words) == (
        "pjb-1",
        len(read_reading(parsed.reading).pages),
        4,
    )
    job = Job(
        job_id="ext-1",
        path=str(path),
        name="note.txt",
        configuration={"data_schema": SCHEMA, "cite_sources": True, "confidence_scores": True},
        keep_reading=True,
    )
    from_file = worker.run(job, no_model)
    assert isinstance(from_file, Result)
    assert from_file.reading == parsed.reading
    path.unlink()
    from_reading = worker.run(replace(job, reading=parsed.reading, keep_reading=False), no_model)
    assert isinstance(from_reading, Result)
    assert from_reading.reading is None
    assert replace(from_reading, reading=parsed.reading) == from_file
    assert (from_file.words, from_file.output_words) == (4, 1)


def test_pages_of_a_parse_job(worker: WorkerProcess, tmp_path: Path) -> None:
    path = tmp_path / "pages.txt"
    path.write_text("one\ftwo\fthree")
    asked = Parse(job_id="pjb-1", path=str(path), name="pages.txt", target_pages="3,1", max_pages=1)
    parsed = worker.run(asked, no_model)
    assert isinstance(parsed, Parsed)
    document = read_reading(parsed.reading)
    assert ([page.number for page in document.pages], document.page_count) == ([3], 3)
    assert parsed.warnings == document.warnings != ()
    outside = worker.run(replace(asked, target_pages="9"), no_model)
    assert isinstance(outside, Failure)
    assert outside.code == "PAGE_OUT_OF_RANGE"


def test_a_document_that_cannot_be_read(worker: WorkerProcess, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 nothing")
    failure = worker.run(Parse(job_id="pjb-1", path=str(path), name="a.pdf"), no_model)
    assert isinstance(failure, Failure)
    assert failure.code == "PDF_IS_BROKEN"
