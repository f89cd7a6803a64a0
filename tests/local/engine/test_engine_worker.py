"""The real worker process, with real documents."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from extract_bridge.local.engine.frames import Answer, Ask, Failure, Job, Result
from extract_bridge.local.engine.worker import run_job
from extract_bridge.local.service.workers import WorkerProcess

SCHEMA = {
    "title": "Note",
    "type": "object",
    "properties": {"number": {"type": ["string", "null"]}, "total": {"type": ["number", "null"]}},
}


def no_model(ask: Ask) -> Answer:
    return Answer(number=ask.number, error="no language model")


def job_of(path: Path, **configuration: Any) -> Job:
    return Job(
        job_id="ext-1", path=str(path), name=path.name, configuration={"data_schema": SCHEMA, **configuration}
    )


@pytest.fixture(scope="module")
def worker() -> Any:
    with closing(WorkerProcess()) as worker:
        worker.wait_ready()
        yield worker


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text("Number: A-17\nTotal: 12.50\n")
    return path


def test_a_text_file(worker: WorkerProcess, note: Path) -> None:
    found = worker.run(job_of(note, cite_sources=True, confidence_scores=True), no_model)
    assert isinstance(found, Result)
    assert json.loads(found.extract_result) == {"number": "A-17", "total": 12.5}
    assert found.pages == 1
    leaf = json.loads(found.field_metadata)["document_metadata"]["number"]
    assert leaf["citation"][0]["matching_text"] == "A-17"
    assert 0 < leaf["confidence"] <= 1


def test_the_switches_switch(worker: WorkerProcess, note: Path) -> None:
    def leaf(**switches: bool) -> Any:
        found = worker.run(job_of(note, **switches), no_model)
        assert isinstance(found, Result)
        return ((json.loads(found.field_metadata) or {}).get("document_metadata") or {}).get("number") or {}

    assert "citation" in leaf(cite_sources=True)
    assert "confidence" not in leaf(cite_sources=True)
    assert "citation" not in leaf(confidence_scores=True)
    assert "confidence" in leaf(confidence_scores=True)
    assert not {"citation", "confidence"} & set(leaf())


@pytest.mark.parametrize(
    ("target", "shape"), [("per_doc", dict), ("per_page", list), ("per_table_row", list)]
)
def test_the_target_decides_the_shape(
    worker: WorkerProcess, tmp_path: Path, target: str, shape: type
) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("number,total\nA-1,1.50\nA-2,2.50\n")
    found = worker.run(job_of(table, extraction_target=target), no_model)
    assert isinstance(found, Result)
    result = json.loads(found.extract_result)
    assert isinstance(result, shape)
    if target == "per_table_row":
        assert [row["number"] for row in result] == ["A-1", "A-2"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.pdf", b"", "NO_DATA_FOUND_IN_FILE"),
        ("fake.pdf", b"%PDF-1.7\nthis is no document\n" * 20, "PDF_IS_BROKEN"),
        ("program.exe", b"MZ\x90\x00\x00" * 40, "UNSUPPORTED_FILE_TYPE"),
    ],
)
def test_documents_that_cannot_be_read(
    worker: WorkerProcess, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    found = worker.run(job_of(path), no_model)
    assert isinstance(found, Failure)
    assert found.code == code
    assert name in found.message
    assert str(tmp_path) not in found.message


def test_a_page_outside_the_document(worker: WorkerProcess, note: Path) -> None:
    found = worker.run(job_of(note, target_pages="9"), no_model)
    assert isinstance(found, Failure)
    assert found.code == "PAGE_OUT_OF_RANGE"
    assert "page 9" in found.message
    assert str(note.parent) not in found.message


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the limits of another process only on Linux")
def test_a_worker_has_a_ceiling_for_memory_and_time(monkeypatch: pytest.MonkeyPatch, note: Path) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_WORKER_BYTES", str(1 << 30))
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_WORKER_SECONDS", "1000")
    with closing(WorkerProcess()) as worker:
        worker.wait_ready()
        worker.run(job_of(note), no_model)
        limits = Path(f"/proc/{worker.pid}/limits").read_text()
    soft = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert soft["Max address space"] == str(1 << 30)
    assert soft["Max core file size"] == "0"
    assert 1000 < int(soft["Max cpu time"]) < 1100


class Broken:
    """An engine with a fault."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def extract(self, document: Any, _request: Any) -> Any:
        raise self.error


def test_a_fault_of_the_engine_ends_the_job_without_its_text(note: Path) -> None:
    found = run_job(job_of(note), Broken(KeyError("A-17")))
    assert found == Failure(
        job_id="ext-1", code="ENGINE_ERROR", message="the local engine failed on this document (KeyError)"
    )


def test_out_of_memory_is_said(note: Path) -> None:
    found = run_job(job_of(note), Broken(MemoryError()))
    assert isinstance(found, Failure)
    assert found.code == "DOCUMENT_TOO_LARGE"
