"""What a demanding user of the reader checks, measured at the service. Each check has a seeded defect in `defects/`."""

from __future__ import annotations

import asyncio
import io
import json
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from llama_index.core import SimpleDirectoryReader
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.readers.base import BasePydanticReader, ReaderConfig, ResourcesReaderMixin
from pydantic import BaseModel

from extract_bridge import ExtractClient, ExtractError, LocalService
from extract_bridge.bulk import Budget
from extract_bridge.cli.samples.models import Certificate, Shipment
from extract_bridge.llama_index import (
    CitationNarrower,
    CitationPostprocessor,
    ExtractNodeParser,
    ExtractReader,
    ExtractTransformer,
    citations,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRET = "llx-canary-7041"


class Invoice(BaseModel):
    number: str | None = None
    seller: str | None = None
    total: float | None = None


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExtractClient]:
    """A client of one service in this process, shared by all checks."""
    with ExtractClient(local=LocalService(data_dir=tmp_path_factory.mktemp("service"))) as shared:
        yield shared


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Three small invoices."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    for name, total in (("a", "250.00"), ("b", "1,250.00"), ("c", "9,000.00")):
        (folder / f"{name}.txt").write_text(f"Number: {name}-17\nSeller: ACME\nTotal: {total}\n")
    return folder


def reader(client: Any, **keywords: Any) -> ExtractReader:
    return ExtractReader(data_schema=Invoice, client=client, **keywords)


def names(documents: Any) -> list[str]:
    return [document.metadata["file_name"] for document in documents]


def jobs(client: ExtractClient) -> int:
    return len(list(client.list()))


def test_check_01_each_class_is_what_the_framework_looks_for() -> None:
    bases = {
        ExtractReader: "BasePydanticReader",
        ExtractNodeParser: "NodeParser",
        CitationNarrower: "TransformComponent",
        ExtractTransformer: "TransformComponent",
        CitationPostprocessor: "BaseNodePostprocessor",
    }
    for kind, base in bases.items():
        assert base in [one.__name__ for one in kind.__mro__]
        assert kind.class_name() == kind.__name__
    assert issubclass(ExtractReader, BasePydanticReader)
    assert issubclass(ExtractReader, ResourcesReaderMixin)


def test_check_02_what_is_serialised_has_the_schema_and_no_key(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LLAMA_CLOUD_API_KEY", SECRET)
    for kind in (ExtractReader, ExtractTransformer):
        one = kind(data_schema=Invoice, api_key=SECRET, budget=Budget(5))
        plain = one.to_json()
        again = kind.from_json(plain)
        assert again.to_json() == plain
        assert json.loads(plain)["data_schema"]["properties"].keys() == {"number", "seller", "total"}
        pickled = pickle.dumps(one)
        for shown in (plain, repr(one), str(one.to_dict()), pickled.decode("latin-1"), caplog.text):
            assert "canary" not in shown
        assert pickle.loads(pickled).api_key.get_secret_value() == SECRET
    parts = (
        CitationNarrower(min_confidence=0.5),
        ExtractNodeParser(parents=True),
        CitationPostprocessor(client=ExtractClient(api_key=SECRET)),
    )
    for part in parts:
        assert "canary" not in part.to_json() + repr(part)
        assert "canary" not in pickle.dumps(part).decode("latin-1")
    assert CitationNarrower.from_json(parts[0].to_json()) == parts[0]


def test_check_03_a_file_extractor_of_a_directory_reader(inbox: Path) -> None:
    one = ExtractReader(data_schema=Invoice, metadata_fields=["total"], local=True)

    def directory(folder: str = str(inbox), **keywords: Any) -> Any:
        return SimpleDirectoryReader(folder, file_extractor={".txt": one}, raise_on_error=True, **keywords)

    alone = directory(file_metadata=lambda path: {"desk": Path(path).stem}).load_data()
    assert [item.metadata["desk"] for item in alone] == ["a", "b", "c"]
    assert [item.metadata["total"] for item in alone] == [250.0, 1250.0, 9000.0]
    ids = [item.id_ for item in alone]
    assert [item.id_ for item in directory().load_data(num_workers=2)] == ids
    assert [item.id_ for item in asyncio.run(directory().aload_data())] == ids
    fs = MemoryFileSystem()
    fs.store.clear()
    fs.pipe("/in/a.txt", (inbox / "a.txt").read_bytes())
    try:
        (remote,) = directory("/in", fs=fs).load_data()
    finally:
        fs.store.clear()
    assert remote.metadata["source"] == "memory:///in/a.txt"
    (inbox / "bad.txt").write_bytes(b"")
    with pytest.raises(Exception, match="Error loading file") as caught:
        directory().load_data()
    assert isinstance(caught.value.__cause__, ExtractError)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_check_04_the_sync_half_works_inside_a_running_loop(
    loop: str, inbox: Path, client: ExtractClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    factory = pytest.importorskip("uvloop").new_event_loop if loop == "uvloop" else asyncio.new_event_loop

    async def inside() -> list[str]:
        running = asyncio.get_running_loop()
        with monkeypatch.context() as patch:
            for name in ("run", "new_event_loop"):
                patch.setattr(asyncio, name, lambda *_, **__: pytest.fail("an event loop was started"))
            found = names(reader(client).load_data(inbox))
        assert asyncio.get_running_loop() is running
        return found + names(await reader(client).aload_data(inbox))

    with asyncio.Runner(loop_factory=factory) as runner:
        assert runner.run(inside()) == ["a.txt", "b.txt", "c.txt"] * 2
    assert "nest_asyncio" not in sys.modules or not hasattr(asyncio, "_nest_patched")


async def test_check_05_alazy_is_awaitable_and_iterable(inbox: Path, client: ExtractClient) -> None:
    one = reader(client)
    assert names(await one.alazy_load_data(inbox)) == ["a.txt", "b.txt", "c.txt"]
    assert [item.metadata["file_name"] async for item in one.alazy_load_data(inbox)] == [
        "a.txt",
        "b.txt",
        "c.txt",
    ]


class Gated(io.BytesIO):
    """A file that cannot be read before the gate is open."""

    name = "slow.txt"

    def __init__(self, gate: threading.Event) -> None:
        super().__init__(b"Number: slow-1\n")
        self._gate = gate

    def read(self, size: int | None = -1) -> bytes:
        assert self._gate.wait(20), "nobody opened the gate: the first Document waited for the last job"
        return super().read(size)


@pytest.mark.parametrize("is_async", [False, True])
def test_check_06_the_first_document_comes_before_the_last_job(
    is_async: bool, inbox: Path, client: ExtractClient
) -> None:
    gate = threading.Event()
    files = [inbox / "a.txt", Gated(gate)]

    async def arriving() -> list[str]:
        found = []
        async for document in reader(client).alazy_load_data(files):
            found.append(document.metadata["file_name"])
            gate.set()
        return found

    if is_async:
        assert asyncio.run(arriving()) == ["a.txt", "slow.txt"]
        return
    stream = reader(client).lazy_load_data(files)
    assert next(stream).metadata["file_name"] == "a.txt"
    gate.set()
    assert names(stream) == ["slow.txt"]


_OTHER_PROCESS = """
import json, sys
from extract_bridge.llama_index import ExtractReader
reader = ExtractReader(data_schema=json.loads(sys.argv[1]), local=True)
nodes = [*reader.load_data("a.txt"), *reader.load_nodes("a.txt")]
print(json.dumps([[node.id_, node.hash, node.to_json()] for node in nodes]))
"""


def test_check_08_two_loads_are_the_same_bytes_in_any_process(
    inbox: Path, client: ExtractClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(inbox)
    schema = Invoice.model_json_schema()
    shuffled = dict(reversed(schema.items()))
    told = []
    for asked in (schema, shuffled):
        one = ExtractReader(data_schema=asked, client=client)
        for _ in range(2):
            nodes = [*one.load_data("a.txt"), *one.load_nodes("a.txt")]
            told.append([[node.id_, node.hash, node.to_json()] for node in nodes])
    done = subprocess.run(
        [sys.executable, "-c", _OTHER_PROCESS, json.dumps(shuffled)],
        capture_output=True,
        text=True,
        check=True,
    )
    told.append(json.loads(done.stdout))
    for nodes in told[1:]:
        assert nodes == told[0]


def test_check_13_page_label_is_the_page_of_each_citation(
    client: ExtractClient, samples: Callable[[int], dict[str, Any]]
) -> None:
    path = samples(1)["shipments"].path
    truth = samples(1)["shipments"].records
    one = ExtractReader(data_schema=Shipment, client=client, extraction_target="per_table_row")
    documents = one.load_data(path)
    assert [item.metadata["page_label"] for item in documents] == [
        str(1 + at // 30) for at in range(len(truth))
    ]
    for item in [*documents, *ExtractNodeParser()(documents)]:
        pages = {place.page for places in citations(item).values() for place in places}
        assert {item.metadata["page_label"]} == {str(page) for page in pages}


def test_check_14_pages_and_rows_are_documents_of_their_own(
    client: ExtractClient, samples: Callable[[int], dict[str, Any]], make_job: Callable[..., dict[str, Any]]
) -> None:
    pages = ExtractReader(data_schema=Certificate, client=client, extraction_target="per_page").load_data(
        samples(1)["certificates"].path
    )
    assert [item.metadata["page"] for item in pages] == [1, 2, 3, 4]
    rows = ExtractReader(data_schema=Shipment, client=client, extraction_target="per_table_row").load_data(
        samples(1)["shipments"].path
    )
    wanted = [row["waybill"] for row in samples(1)["shipments"].records]
    assert all(f"waybill: {value}\n" in item.text for item, value in zip(rows, wanted, strict=True))
    assert [item.metadata["row"] for item in rows] == list(range(len(wanted)))
    assert [citations(item)["/waybill"][0].quote for item in rows] == wanted
    empty = make_job() | {"extract_result": []}
    empty["configuration"] = {**empty["configuration"], "extraction_target": "per_table_row"}
    assert reader(client).from_job(empty) == []


async def test_check_24_a_pipeline_reads_in_a_running_loop(inbox: Path, client: ExtractClient) -> None:
    pipeline = IngestionPipeline(
        transformations=[SentenceSplitter(), CitationNarrower()],
        readers=[ReaderConfig(reader=reader(client), reader_args=[str(inbox)])],
        disable_cache=True,
    )
    assert names(await pipeline.arun()) == ["a.txt", "b.txt", "c.txt"]


@pytest.mark.parametrize("is_async", [False, True])
def test_check_25_one_bad_of_ten_under_each_policy(
    is_async: bool, inbox: Path, client: ExtractClient, caplog: pytest.LogCaptureFixture
) -> None:
    files: list[Any] = [(f"n{at}.txt", f"Number: N-{at}\n".encode()) for at in range(9)]
    files.insert(4, ("bad.pdf", b"%PDF-1.7\nthis is no document\n" * 20))

    def load(on_error: str) -> list[Any]:
        one = reader(client, on_error=on_error)
        return asyncio.run(one.aload_data(files)) if is_async else one.load_data(files)

    assert len(load("skip")) == 9
    assert "skipped a document" in caplog.text
    found = load("yield")
    assert len(found) == 10
    assert [item.metadata.get("error") for item in found].count("job_failed") == 1
    assert found[4].text == ""
    assert found[4].metadata["source"] == "bad.pdf"
    with pytest.raises(ExtractError) as caught:
        load("raise")
    assert caught.value.code == "job_failed"
    partial, known = caught.value.partial, caught.value.job_ids  # type: ignore[attr-defined]
    assert len(partial) >= 4
    before = jobs(client)
    again = [
        item
        for job in known
        if client.get(job).status == "COMPLETED"
        for item in reader(client).load_resource(job)
    ]
    assert sorted(item.text for item in again) == sorted(item.text for item in partial)
    assert jobs(client) == before, "reading jobs again makes none"


def test_check_27_nothing_of_the_framework_is_loaded_before_it_is_asked_for() -> None:
    code = (
        "import sys, extract_bridge, extract_bridge.llama_index as adapter\n"
        "loaded = [name for name in sys.modules if name.partition('.')[0] in ('llama_index', 'langchain_core', 'httpx', 'pydantic')]\n"
        "assert not loaded, loaded\n"
        "adapter.CitationNarrower\n"
        "assert 'llama_index.core' in sys.modules and 'langchain_core' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_check_30_the_official_client_and_the_reader_read_equal_data(
    inbox: Path, extract_bridge_server: Any
) -> None:
    official = pytest.importorskip("llama_cloud").LlamaCloud
    with official(api_key="llx-any", base_url=extract_bridge_server.base_url, max_retries=0) as theirs:
        one = ExtractReader(data_schema=Invoice, client=theirs, source_id="a.txt")
        (loaded,) = one.load_data(inbox / "a.txt")
        (job_id,) = one.list_resources()
        expand = ["configuration", "extract_metadata"]
        job = theirs.extract.get(job_id, expand=expand)
        assert json.loads(json.dumps(job.extract_result)) == {
            "number": "a-17",
            "seller": "ACME",
            "total": 250.0,
        }
        (from_theirs,) = one.from_job(job, source=str(inbox / "a.txt"), source_id="a.txt")
        (read_again,) = one.load_resource(job_id, source=str(inbox / "a.txt"), source_id="a.txt")
        for other in (from_theirs, read_again):
            assert (other.id_, other.text) == (loaded.id_, loaded.text)
            assert other.metadata["content_key"] == loaded.metadata["content_key"]
            assert citations(other) == citations(loaded)
        differ = {name for name, value in loaded.metadata.items() if from_theirs.metadata.get(name) != value}
        assert differ <= {"service"}, "their object does not say which service answered"
        assert read_again.hash == loaded.hash
        assert len(list(theirs.extract.list())) == 1
