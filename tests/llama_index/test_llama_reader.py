"""The reader: files, directories, file systems and ids; sync and async; by itself and inside the framework."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import pytest_socket
from fsspec.implementations.memory import MemoryFileSystem
from llama_index.core import SimpleDirectoryReader
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.readers.base import BasePydanticReader, ReaderConfig
from pydantic import BaseModel

from extract_bridge import ConfigurationError, DocumentError, ExtractError, FileInputError, JobFailedError
from extract_bridge.llama_index import ExtractReader, citations


class Invoice(BaseModel):
    invoice_number: str | None = None
    seller: str | None = None
    total: float | None = None


@pytest.fixture
def reader(folder):
    return ExtractReader(data_schema=Invoice, metadata_fields=["total"], local=True)


@pytest.fixture
def many(folder):
    for name in ("b", "c"):
        shutil.copy(folder / "a.txt", folder / f"{name}.txt")
    return folder


def test_a_file_becomes_a_document_with_evidence(reader):
    (document,) = reader.load_data("a.txt")
    assert document.metadata["total"] == 1240.5
    assert document.metadata["source"] == "a.txt"
    assert document.metadata["service"] == "local"
    assert citations(document)["/total"][0].page == 1
    assert "seller: Borealis Supply Ltd" in document.text


def test_a_pdf_is_read(folder, reader):
    canvas = pytest.importorskip("reportlab.pdfgen.canvas").Canvas(str(folder / "p.pdf"))
    canvas.drawString(72, 720, "Invoice number: INV-7")
    canvas.drawString(72, 700, "Total: 99.50")
    canvas.save()
    (document,) = reader.load_data(Path("p.pdf"))
    assert document.metadata["total"] == 99.5
    assert document.metadata["page_label"] == "1"


def test_patterns_directories_and_lists(reader, many):
    names = [["a.txt", "b.txt", "c.txt"]] * 3
    asked = ("*.txt", str(many), [Path("a.txt"), "b.txt", ("c.txt", (many / "c.txt").read_bytes())])
    assert [[item.metadata["file_name"] for item in reader.load_data(files)] for files in asked] == names


def test_two_loads_give_the_same_bytes(reader):
    first, second = (reader.load_data("a.txt")[0] for _ in range(2))
    assert first.to_json() == second.to_json()
    assert first.hash == second.hash


def test_an_edited_file_keeps_its_id(reader, folder):
    (before,) = reader.load_data("a.txt")
    (folder / "a.txt").write_text((folder / "a.txt").read_text().replace("1240.50", "88.25"))
    (after,) = reader.load_data("./a.txt")
    assert after.id_ == before.id_
    assert after.hash != before.hash
    assert after.metadata["total"] == 88.25


def test_lazily_each_comes_when_it_is_there(reader, many, client):
    reader = ExtractReader(data_schema=Invoice, client=client, max_concurrency=1, ordered=False)
    documents = reader.lazy_load_data(["a.txt", "b.txt", "missing.txt"])
    assert next(documents).metadata["file_name"] == "a.txt"
    documents.close()


async def test_sync_and_async_inside_a_running_loop(reader, many):
    expected = [item.id_ for item in reader.load_data("*.txt")]
    assert [item.id_ for item in await reader.aload_data("*.txt")] == expected
    assert [item.id_ for item in await reader.alazy_load_data("*.txt")] == expected
    assert [item.id_ async for item in reader.alazy_load_data("*.txt")] == expected


async def test_an_async_load_lets_the_loop_go_on(reader):
    ticks = 0

    async def tick():
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    ticker = asyncio.create_task(tick())
    await reader.aload_data("a.txt")
    ticker.cancel()
    assert ticks > 20


def test_two_event_loops_in_a_row_with_one_reader(reader):
    assert asyncio.run(reader.aload_data("a.txt")) == asyncio.run(reader.aload_data("a.txt"))


def test_as_file_extractor_of_a_directory_reader(reader, many):
    directory = SimpleDirectoryReader(
        str(many), file_extractor={".txt": reader}, file_metadata=lambda path: {"desk": Path(path).stem}
    )
    documents = directory.load_data()
    assert [item.metadata["desk"] for item in documents] == ["a", "b", "c"]
    assert all(item.metadata["total"] == 1240.5 for item in documents)
    found = asyncio.run(directory.aload_data())
    assert [item.id_ for item in found] == [item.id_ for item in documents]
    default = SimpleDirectoryReader(str(many), file_extractor={".txt": reader}).load_data()
    assert {"file_path", "file_size", "total"} <= default[0].metadata.keys()


def test_a_directory_reader_with_processes(reader, many, caplog):
    directory = SimpleDirectoryReader(str(many), file_extractor={".txt": reader}, raise_on_error=True)
    alone = directory.load_data()
    with caplog.at_level(logging.WARNING):
        together = directory.load_data(num_workers=2)
    assert [item.id_ for item in together] == [item.id_ for item in alone]
    assert "pickle" not in caplog.text


def test_a_failure_inside_a_directory_reader_is_ours(reader, folder):
    (folder / "bad.txt").write_bytes(b"")
    directory = SimpleDirectoryReader(
        str(folder), file_extractor={".txt": reader}, raise_on_error=True, required_exts=[".txt"]
    )
    with pytest.raises(Exception, match="Error loading file") as caught:
        directory.load_data()
    assert isinstance(caught.value.__cause__, ExtractError)


def test_a_file_system_is_read_through_its_open(reader):
    fs = MemoryFileSystem()
    fs.store.clear()
    content = Path("a.txt").read_bytes()
    fs.pipe("/inbox/a.txt", content)
    fs.pipe("/inbox/b.txt", content)
    directory = SimpleDirectoryReader("/inbox", fs=fs, file_extractor={".txt": reader}, raise_on_error=True)
    documents = directory.load_data()
    assert [item.metadata["source"] for item in documents] == [
        "memory:///inbox/a.txt",
        "memory:///inbox/b.txt",
    ]
    assert [item.id_ for item in reader.load_data("/inbox/*.txt", fs=fs)] == [item.id_ for item in documents]
    with pytest.raises(FileInputError) as caught:
        reader.load_data("memory://inbox/missing.txt", fs=fs)
    assert caught.value.code == "file_not_found"
    fs.store.clear()


async def test_in_a_pipeline_with_a_running_loop(reader):
    config = ReaderConfig(reader=reader, reader_args=["a.txt"])
    nodes = await IngestionPipeline(transformations=[], readers=[config], disable_cache=True).arun()
    assert [node.metadata["total"] for node in nodes] == [1240.5]


def test_serialised_it_has_the_schema_and_no_key(monkeypatch):
    reader = ExtractReader(data_schema=Invoice, api_key="llx-secret", base_url="https://example.invalid")
    assert isinstance(reader, BasePydanticReader)
    assert reader.is_remote
    plain = json.loads(reader.to_json())
    assert plain["class_name"] == "ExtractReader"
    assert plain["data_schema"]["properties"].keys() == {"invoice_number", "seller", "total"}
    for shown in (reader.to_json(), repr(reader), str(reader), str(reader.to_dict())):
        assert "secret" not in shown
    again = ExtractReader.from_dict(plain)
    assert again.to_json() == reader.to_json()
    assert again.api_key is None
    with pytest.raises(ConfigurationError, match="not pickled"):
        pickle.dumps(reader)
    monkeypatch.setenv("LLAMA_CLOUD_API_KEY", "llx-secret")
    stored = pickle.dumps(reader)
    assert b"secret" not in stored
    assert pickle.loads(stored).api_key.get_secret_value() == "llx-secret"


def test_a_pickled_reader_knows_a_class_that_is_not_there(reader, caplog):
    class Local(BaseModel):
        total: float | None = None

    before = ExtractReader(data_schema=Local, local=True)
    before.load_data("a.txt")
    with caplog.at_level(logging.WARNING):
        after = pickle.loads(pickle.dumps(before))
    assert not caplog.records
    assert not after.is_remote
    assert [item.id_ for item in after.load_data("a.txt")] == [item.id_ for item in before.load_data("a.txt")]


@pytest.mark.parametrize("way", ["sync", "async"])
def test_one_bad_document_among_three(many, way):
    (many / "b.txt").write_bytes(b"")

    def load(on_error):
        reader = ExtractReader(data_schema=Invoice, local=True, on_error=on_error)
        files = ["a.txt", "b.txt", "c.txt"]
        return reader.load_data(files) if way == "sync" else asyncio.run(reader.aload_data(files))

    with pytest.raises(FileInputError) as caught:
        load("raise")
    assert caught.value.code == "empty_file"
    assert all(item.text for item in caught.value.partial)
    assert len(caught.value.job_ids) == len(caught.value.partial) >= 1
    assert [item.metadata["file_name"] for item in load("skip")] == ["a.txt", "c.txt"]
    bad = load("yield")[1]
    assert bad.text == ""
    assert bad.metadata["error"] == "empty_file"
    assert bad.metadata["source"] == "b.txt"
    assert str(many) not in bad.to_json()


def test_a_failure_document_adds_nothing_to_an_index(folder):
    (folder / "b.txt").write_bytes(b"")
    reader = ExtractReader(data_schema=Invoice, local=True, on_error="yield")
    chunks = SentenceSplitter()(reader.load_data(["a.txt", "b.txt"]))
    assert [chunk.metadata["source"] for chunk in chunks if chunk.text] == ["a.txt"]


@pytest.mark.parametrize("way", ["sync", "async"])
def test_a_progress_bar_is_shown_when_asked(reader, many, capsys, way):
    assert len(reader.load_data("*.txt")) == 3
    assert capsys.readouterr().err == ""
    reader.show_progress = True
    found = reader.load_data("*.txt") if way == "sync" else asyncio.run(reader.aload_data("*.txt"))
    assert len(found) == 3
    assert "Extracting" in capsys.readouterr().err


def test_a_script_that_closes_nothing_ends(folder):
    code = """
from pydantic import BaseModel
from extract_bridge.llama_index import ExtractReader

class Invoice(BaseModel):
    total: float | None = None

reader = ExtractReader(data_schema=Invoice, local=True)
print(reader.load_data("a.txt")[0].text)
"""
    ours = ["-W", "error", "-W", "ignore::DeprecationWarning"]  # the framework's own, at import
    done = subprocess.run(
        [sys.executable, *ours, "-X", "dev", "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "total: 1240.5\n", "")


def test_finished_jobs_are_read_again_at_no_cost(client, folder):
    reader = ExtractReader(data_schema=Invoice, client=client)
    job = client.run("a.txt", data_schema=Invoice)
    (loaded,) = reader.load_data("a.txt")
    count = len(list(client.list()))
    (same,) = reader.from_job(job)
    assert (same.id_, same.hash) == (loaded.id_, loaded.hash)
    (read,) = reader.from_jobs([job.id])
    assert read.text == loaded.text
    (named,) = reader.from_job(client.get(job.id, expand=["extract_metadata"]), source_id="a.txt")
    assert named.id_ == loaded.id_
    assert len(list(client.list())) == count


def test_a_key_in_the_environment_is_not_used_by_local(reader, monkeypatch):
    monkeypatch.setenv("LLAMA_CLOUD_API_KEY", "llx-secret")
    pytest_socket.disable_socket(allow_unix_socket=True)
    try:
        (document,) = reader.load_data("a.txt")
    finally:
        pytest_socket.enable_socket()
    assert document.metadata["service"] == "local"


def _write(folder):
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "fake.pdf").write_bytes(b"no pdf at all")
    (folder / "cut.pdf").write_bytes(b"%PDF-1.4\n1 0 obj\n<<")
    (folder / "empty_folder").mkdir()


@pytest.mark.parametrize(
    ("file", "kind", "code"),
    [
        ("missing.pdf", FileInputError, "file_not_found"),
        ("*.docx", FileInputError, "no_match"),
        ("empty_folder", FileInputError, "no_match"),
        ("empty.pdf", FileInputError, "empty_file"),
        (b"bytes", FileInputError, "name_missing"),
        ("https://example.invalid/a.pdf", FileInputError, "url_not_supported"),
        ('{"a": 1}', FileInputError, "json_not_supported"),
        ("fake.pdf", (JobFailedError, DocumentError), None),
        ("cut.pdf", (JobFailedError, DocumentError), None),
        ("dfl-11111111-2222-3333-4444-555555555555", ExtractError, None),
        ("pjb-none", ExtractError, None),
    ],
)
def test_bad_input_is_a_typed_error_with_a_next_step(reader, folder, file, kind, code):
    _write(folder)
    with pytest.raises(kind) as caught:
        reader.load_data(file)
    assert caught.value.hint
    assert str(folder) not in str(caught.value)
    if code:
        assert caught.value.code == code
    if isinstance(caught.value, JobFailedError):
        assert caught.value.job.error_message


@pytest.mark.parametrize(
    "keywords",
    [
        {},
        {"data_schema": Invoice, "configuration_id": "cfg-1"},
        {"data_schema": Invoice, "target_pages": "5-2"},
        {"data_schema": {"type": "string"}, "local": True, "api_key": "x"},
        {"data_schema": Invoice, "on_error": "ignore"},
        {"data_schema": Invoice, "max_concurrency": 0},
        {"data_schema": Invoice, "shema": 1},
        {"data_schema": Invoice, "metadata_fields": ["source"]},
    ],
)
def test_keywords_that_cannot_be_are_refused_at_once(keywords):
    with pytest.raises(ExtractError) as caught:
        ExtractReader(**keywords)
    assert caught.value.hint


def test_no_service_is_refused(folder):
    with pytest.raises(ConfigurationError) as caught:
        ExtractReader(data_schema=Invoice).load_data("a.txt")
    assert caught.value.code == "no_service"


def test_the_client_in_use_is_the_readers_client():
    reader = ExtractReader(
        data_schema={"type": "object", "properties": {"number": {"type": "string"}}}, local=True
    )
    assert reader.client is reader.sync_client()
    assert reader.client.service == "local"
