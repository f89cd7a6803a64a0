"""What a demanding user of the loader checks, measured at the service. Each check has a seeded defect in `defects/`."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import tracemalloc
import uuid
from collections import deque
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from langchain_core.document_loaders.blob_loaders import BlobLoader
from langchain_core.documents.base import Blob
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.indexing import InMemoryRecordManager, index
from langchain_core.vectorstores import InMemoryVectorStore
from pydantic import BaseModel

from extract_bridge import ExtractClient, ExtractError, LocalService
from extract_bridge.langchain import (
    ExtractLoader,
    citations,
    documents_from_job,
    iter_documents,
    stable_key,
)
from extract_bridge.parse.open import parse_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


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


class Invoice(BaseModel):
    number: str | None = None
    seller: str | None = None
    total: float | None = None


def loader(files: Any, client: Any, **keywords: Any) -> ExtractLoader:
    return ExtractLoader(files, data_schema=Invoice, client=client, **keywords)


class Notes:
    """As many inputs as one likes, that tell how far they were read; may be read again."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.seen = 0

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        for number in range(self.count):
            self.seen = number + 1
            yield f"note-{number}.txt", f"Number: N-{number}\n".encode()


async def test_check_18_loader_in_and_across_event_loops(inbox: Path, client: ExtractClient) -> None:
    one = loader(inbox, client)
    assert len(one.load()) == 3, "the sync half works inside a running loop"
    runs = [await asyncio.to_thread(asyncio.run, one.aload()) for _ in range(2)]
    assert [len(run) for run in runs] == [3, 3]
    gate = threading.Event()

    class Slow:
        def __iter__(self) -> Iterator[Path]:
            assert gate.wait(5), "the loop stood still while the next input was looked for"
            yield inbox / "a.txt"

    async def tick() -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        gate.set()

    ticking = asyncio.create_task(tick())
    assert len(await loader(Slow(), client).aload()) == 1
    await ticking


@pytest.mark.extract_bridge_faults("seed=1,stuck@create=1")
def test_check_21_loader_reads_no_further_than_its_window(
    extract_bridge_service: LocalService, client: ExtractClient
) -> None:
    notes = Notes(10_000)
    with closing(loader(notes, client, max_concurrency=2).lazy_load()) as stream:
        assert next(stream).metadata["source"] == "note-0.txt"
        assert notes.seen <= 1 + 4, "in order, the window is twice the concurrency"
    with ExtractClient(local=extract_bridge_service) as stuck:
        waiting = loader(Notes(10_000), stuck, max_concurrency=2, on_error="skip").alazy_load()

        async def close_early() -> list[str]:
            first = asyncio.ensure_future(anext(waiting))
            while len(list(await asyncio.to_thread(lambda: list(stuck.list())))) < 2:
                await asyncio.sleep(0.01)
            for _ in range(20):
                await asyncio.sleep(0.01)
            open_jobs = [job.status for job in await asyncio.to_thread(lambda: list(stuck.list()))]
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            await waiting.aclose()
            return open_jobs

        assert len(asyncio.run(close_early())) == 2, "in flight at the service"
        assert {job.status for job in stuck.list()} == {"CANCELLED"}


def test_check_22_loading_twice_gives_equal_ids_and_content(inbox: Path, client: ExtractClient) -> None:
    one = loader((path for path in sorted(inbox.glob("*.txt"))), client)
    first, second = one.load(), one.load()
    assert len(first) == 3
    assert [(item.id, item.page_content, item.metadata) for item in first] == [
        (item.id, item.page_content, item.metadata) for item in second
    ]


def test_check_23_metadata_is_flat_and_finite(client: ExtractClient) -> None:
    odd = {"a": None, "b": [], "c": {}, "d": float("nan"), "e": "x\ud800", "f": [{"g": None}], "h": True}
    job = {"id": "ext-1", "status": "COMPLETED", "extract_result": odd}
    documents = documents_from_job(job, source="odd.pdf", job_metadata=True, metadata_fields=["a", "h"])
    documents += loader(("empty.txt", b"nothing to see\n"), client, job_metadata=True).load()
    for document in documents:
        assert document.metadata
        for value in document.metadata.values():  # what Chroma's validate_metadata takes
            assert isinstance(value, str | int | float | bool)
        json.dumps(document.metadata, allow_nan=False).encode("utf-8")
    store = InMemoryVectorStore(DeterministicFakeEmbedding(size=8))
    done = index(documents, InMemoryRecordManager("n"), store, key_encoder="sha256")
    assert done["num_added"] == len(documents)


@pytest.mark.parametrize("cleanup", ["incremental", "full", "scoped_full"])
def test_check_24_index_skips_what_says_the_same(inbox: Path, client: ExtractClient, cleanup: Any) -> None:
    store = InMemoryVectorStore(DeterministicFakeEmbedding(size=8))
    manager = InMemoryRecordManager("invoices")
    manager.create_schema()
    one = loader(inbox, client, job_metadata=True, metadata_fields=["total"])

    def again() -> tuple[int, int, int]:
        done = index(
            one.load(), manager, store, cleanup=cleanup, source_id_key="source", key_encoder=stable_key
        )
        return done["num_added"], done["num_skipped"], done["num_deleted"]

    assert again() == (3, 0, 0)
    assert again() == (0, 3, 0)
    (inbox / "b.txt").write_text("Number: b-17\nSeller: ACME\nTotal: 77.00\n")
    assert again() == (1, 2, 1)
    texts = [item["text"] for item in store.store.values()]
    assert not any("1250" in text for text in texts)
    assert all(uuid.UUID(key) for key in store.store)
    dear = store.similarity_search("invoice", k=5, filter=lambda found: found.metadata.get("total", 0) > 1000)
    assert [found.metadata["file_name"] for found in dear] == ["c.txt"]


@pytest.mark.parametrize("is_async", [False, True])
def test_check_25_each_error_policy_as_documented(inbox: Path, client: ExtractClient, is_async: bool) -> None:
    (inbox / "bb.pdf").write_bytes(b"%PDF-1.7\nthis is no document\n" * 20)

    def load(on_error: str) -> list[Any]:
        one = loader(inbox, client, on_error=on_error)
        return asyncio.run(one.aload()) if is_async else one.load()

    assert [item.metadata["file_name"] for item in load("skip")] == ["a.txt", "b.txt", "c.txt"]
    found = load("yield")
    assert [item.metadata.get("extract_error_code") for item in found] == [None, None, "job_failed", None]
    with pytest.raises(ExtractError) as caught:
        load("raise")
    assert caught.value.code == "job_failed"
    before = len(list(client.list()))
    partial, job_ids = caught.value.partial, caught.value.job_ids  # type: ignore[attr-defined]
    again = ExtractLoader.from_jobs(job_ids, client=client, on_error="skip").load()
    assert sorted(item.page_content for item in again) == sorted(item.page_content for item in partial)
    assert len(partial) >= 2
    assert len(list(client.list())) == before, "reading jobs again makes none"


def wire_leaves(value: Any, metadata: Any, pointer: str = "") -> Iterator[tuple[str, set[int]]]:
    """(pointer, cited pages) of every leaf that the wire has a citation for, read without this package's reader."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from wire_leaves(item, (metadata or {}).get(name), f"{pointer}/{name}")
    elif isinstance(value, list):
        for at, item in enumerate(value):
            entries = metadata if isinstance(metadata, list) else []
            yield from wire_leaves(item, entries[at] if at < len(entries) else None, f"{pointer}/{at}")
    elif isinstance(metadata, dict) and metadata.get("citation"):
        yield pointer, {place["page"] for place in metadata["citation"]}


@pytest.mark.parametrize("target", ["per_doc", "per_page", "per_table_row"])
def test_check_26_every_leaf_of_the_wire_is_found_with_its_page(
    target: str, client: ExtractClient, samples: Callable[[int], dict[str, Any]]
) -> None:
    class Line(BaseModel):
        description: str | None = None
        amount: float | None = None

    class Bill(BaseModel):
        invoice_number: str | None = None
        line_items: list[Line] | None = None

    class Certificate(BaseModel):
        certificate_number: str | None = None
        verdict: str | None = None

    class Shipment(BaseModel):
        waybill: str | None = None
        charge: float | None = None

    name, schema = {
        "per_doc": ("invoice", Bill),
        "per_page": ("certificates", Certificate),
        "per_table_row": ("shipments", Shipment),
    }[target]
    path = samples(1)[name].path
    job = client.run(path, data_schema=schema, extraction_target=target)
    result = job.extract_result if isinstance(job.extract_result, list) else [job.extract_result]
    told = job.extract_metadata.field_metadata
    told = told if isinstance(told, dict) else told.model_dump()
    entries = (
        [told["document_metadata"]]
        if target == "per_doc"
        else told[{"per_page": "page_metadata", "per_table_row": "row_metadata"}[target]]
    )
    words = {
        page.number: "".join(word.text for word in page.words)
        for page in parse_document(path, name=path.name).pages
    }
    seen = 0
    for document, data, metadata in zip(documents_from_job(job), result, entries, strict=True):
        found = citations(document)
        for pointer, pages in wire_leaves(data, metadata):
            seen += 1
            assert {place.page for place in found[pointer]} == pages
            for place in found[pointer]:
                assert "".join(place.quote.split()) in "".join(words[place.page].split())
    assert seen > 5


def test_check_29_blobs_of_every_kind_and_blob_loaders(inbox: Path, client: ExtractClient) -> None:
    class Two(BlobLoader):
        def yield_blobs(self) -> Iterator[Blob]:
            yield Blob.from_path(inbox / "a.txt", metadata={"team": "north"})
            yield Blob.from_data("Number: z-1\n", path="z.txt")

    loaded = loader([Two(), Blob.from_data(b"Number: y-1\n", metadata={"source": "y.txt"})], client).load()
    assert [item.page_content.split("\n")[0] for item in loaded] == [
        "number: a-17",
        "number: z-1",
        "number: y-1",
    ]
    assert [item.metadata["source"] for item in loaded] == [str(inbox / "a.txt"), "z.txt", "y.txt"]
    assert [item.metadata.get("team") for item in loaded] == ["north", None, None]


def test_check_30_warnings_are_errors_on_import_and_use() -> None:
    script = """
import asyncio
from langchain_core.documents import Document
from extract_bridge.langchain import ExtractTransformer
schema = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
one = ExtractTransformer(data_schema=schema, local=True)
notes = [Document("Number: A-1", metadata={"source": "a.txt"})]
print(one.transform_documents(notes)[0].metadata["number"], asyncio.run(one.atransform_documents(notes))[0].metadata["number"])
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "A-1 A-1", "")


def test_check_32_a_hundred_thousand_rows_of_one_job() -> None:
    rows = 100_000
    entry = {"name": {"citation": [{"page": 1, "matching_text": "n"}], "confidence": 0.9}}
    job = {
        "id": "ext-1",
        "status": "COMPLETED",
        "configuration": {"extraction_target": "per_table_row"},
        "extract_result": [{"name": f"n{at}"} for at in range(rows)],
        "extract_metadata": {"field_metadata": {"row_metadata": [entry] * rows}},
    }
    made = []

    def text(record: Any) -> str:
        made.append(record.row)
        return str(record.data["name"])

    stream = iter_documents(job, source="register.pdf", content=text)
    assert next(stream).page_content == "n0"
    assert made == [0], "a Document is made when it is asked for"
    tracemalloc.start()
    try:
        list(islice(stream, 1000))
        before = tracemalloc.get_traced_memory()[0]
        assert [item.page_content for item in islice(stream, 2000)][-1] == "n3000"
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown / 2000 < 2000, "bytes that each Document leaves behind"
    ((count, last),) = deque(enumerate(stream, 3002), maxlen=1)
    assert count == rows
    assert (last.page_content, last.metadata["row"]) == (f"n{rows - 1}", rows - 1)
