from __future__ import annotations

import asyncio
import json
import pickle
import threading
import uuid
from pathlib import Path

import pytest
from langchain_core.document_loaders.blob_loaders import BlobLoader
from langchain_core.documents.base import Blob
from pydantic import BaseModel

from extract_bridge import (
    ConfigurationError,
    ExtractClient,
    FileInputError,
    JobFailedError,
    ResultValidationError,
)
from extract_bridge.langchain import ExtractLoader, citations, confidences, documents_from_job


class Invoice(BaseModel):
    number: str | None = None
    seller: str | None = None
    total: float | None = None


class Strict(BaseModel):
    number: str
    seller: str


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(f"Number: {name}-17\nSeller: ACME\nTotal: 1,250.00\n")
    return tmp_path


def loader(files: object, **keywords: object) -> ExtractLoader:
    return ExtractLoader(files, data_schema=Invoice, local=True, **keywords)


def test_a_pattern_gives_documents_with_evidence(inbox: Path) -> None:
    documents = loader(f"{inbox}/*.txt", metadata_fields=["seller", "total"]).load()
    assert [item.metadata["file_name"] for item in documents] == ["a.txt", "b.txt", "c.txt"]
    first = documents[0]
    assert "number: a-17" in first.page_content
    assert (first.metadata["seller"], first.metadata["total"], first.metadata["page"]) == ("ACME", 1250.0, 1)
    assert citations(first)["/total"][0].quote == "1,250.00"
    assert 0 < confidences(first)["/total"] <= 1
    assert uuid.UUID(first.id)
    assert all(isinstance(value, str | int | float | bool) for value in first.metadata.values())
    json.dumps(first.metadata, allow_nan=False)


def test_loading_twice_gives_the_same(inbox: Path) -> None:
    one = loader(path for path in sorted(inbox.glob("*.txt")))
    first, second = one.load(), one.load()
    assert [(item.id, item.page_content) for item in first] == [
        (item.id, item.page_content) for item in second
    ]
    assert [item.id for item in pickle.loads(pickle.dumps(one)).load()] == [item.id for item in first]


async def test_sync_loading_inside_a_running_loop(inbox: Path) -> None:
    assert len(loader(inbox).load()) == 3


async def test_async_loading_never_blocks_the_loop(inbox: Path) -> None:
    gate = threading.Event()

    def read_slowly() -> object:
        class Slow:
            name = "slow.txt"

            def read(self, _: int = -1) -> bytes:
                assert gate.wait(30), "the loop stood still while the document was read"
                return (inbox / "a.txt").read_bytes()

        return Slow()

    async def tick() -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        gate.set()

    ticking = asyncio.create_task(tick())
    documents = await loader([read_slowly()]).aload()
    await ticking
    assert documents[0].metadata["source"] == "slow.txt"


def test_two_event_loops_one_after_the_other(inbox: Path) -> None:
    one = loader(inbox)
    assert [len(asyncio.run(one.aload())) for _ in range(2)] == [3, 3]


@pytest.mark.parametrize("is_async", [False, True])
def test_one_bad_document_of_four(inbox: Path, is_async: bool) -> None:
    (inbox / "bb.pdf").write_bytes(b"%PDF-1.7\nthis is no document\n" * 20)

    def load(on_error: str) -> list:
        one = loader(inbox, on_error=on_error)
        return asyncio.run(one.aload()) if is_async else one.load()

    assert [item.metadata["file_name"] for item in load("skip")] == ["a.txt", "b.txt", "c.txt"]
    bad = load("yield")[2]
    assert (bad.page_content, bad.metadata["extract_error_code"]) == ("", "job_failed")
    assert bad.metadata["source"].endswith("bb.pdf")
    assert "bb.pdf" in bad.metadata["extract_error"]
    with pytest.raises(JobFailedError) as caught:
        load("raise")
    assert {item.metadata["file_name"] for item in caught.value.partial} >= {"a.txt", "b.txt"}
    assert len(caught.value.job_ids) >= 3


def test_a_missing_file_among_others(inbox: Path) -> None:
    documents = loader([inbox / "a.txt", inbox / "missing.txt"], on_error="yield").load()
    assert [item.metadata.get("extract_error_code") for item in documents] == [None, "file_not_found"]
    with pytest.raises(FileInputError):
        loader([inbox / "missing.txt"]).load()


def test_blobs_and_blob_loaders(inbox: Path) -> None:
    class Two(BlobLoader):
        def yield_blobs(self):
            yield Blob.from_path(inbox / "a.txt", metadata={"team": "north"})
            yield Blob.from_data("Number: z-1\nSeller: Zed\n", path="z.txt")

    first, second = loader(Two()).load()
    assert (first.metadata["source"], first.metadata["team"]) == (str(inbox / "a.txt"), "north")
    assert first.id == loader(inbox / "a.txt").load()[0].id
    assert (second.metadata["source"], "team" in second.metadata) == ("z.txt", False)
    assert loader([("y.txt", b"Number: y-1\n")]).load()[0].metadata["file_name"] == "y.txt"


def test_jobs_of_before_cost_nothing(inbox: Path) -> None:
    with ExtractClient(local=True) as client:
        job = client.run(inbox / "a.txt", data_schema=Invoice)
        before = len(list(client.list()))
        by_job = ExtractLoader.from_job(job).load()
        by_id = ExtractLoader.from_jobs([job.id], client=client, source=str(inbox / "a.txt")).load()
        assert len(list(client.list())) == before
    assert by_job[0].page_content == by_id[0].page_content == documents_from_job(job)[0].page_content
    assert by_job[0].id == by_id[0].id == loader(inbox / "a.txt").load()[0].id
    async_documents = asyncio.run(ExtractLoader.from_jobs([job.id], local=True).aload())
    assert async_documents[0].page_content == by_job[0].page_content
    assert {one.metadata["service"] for one in (by_job[0], by_id[0], async_documents[0])} == {"local"}


def test_a_result_that_does_not_fit_is_that_documents_error(inbox: Path) -> None:
    (inbox / "b.txt").write_text("Number: b-17\n")
    with pytest.raises(ResultValidationError) as caught:
        loader(inbox, output_cls=Strict).load()
    assert [item.metadata["file_name"] for item in caught.value.partial] == ["a.txt"]
    assert caught.value.problems[0][0] == "/seller"
    assert len(loader(inbox, output_cls=Strict, on_error="skip").load()) == 2


def test_wrong_keywords_are_said_at_once(inbox: Path) -> None:
    for keywords in ({"on_error": "ignore"}, {"colour": "red"}):
        with pytest.raises(ConfigurationError):
            loader(inbox, **keywords)
    with pytest.raises(ConfigurationError):
        ExtractLoader.from_jobs([], colour="red")


def test_the_client_that_was_passed_is_the_one_that_answers(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMA_CLOUD_API_KEY", "llx-never-used")
    with ExtractClient(local=True) as client:
        loader = ExtractLoader(next(inbox.glob("*.txt")), data_schema=Invoice, client=client)
        assert [document.metadata["service"] for document in loader.load()] == ["local"]
