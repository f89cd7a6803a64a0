"""Everything that may be handed to the loader, what it would cost, and who pays."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import pickle
import threading
from typing import TYPE_CHECKING, Any

import pytest
from langchain_core.documents import Document
from langchain_core.documents.base import Blob
from pydantic import BaseModel

from extract_bridge import ConfigurationError, ExtractClient, ExtractError, FileInputError, JobFailedError
from extract_bridge.bulk import Budget, Ledger
from extract_bridge.langchain import ExtractLoader, documents_from_job

if TYPE_CHECKING:
    from pathlib import Path


class Invoice(BaseModel):
    number: str | None = None
    seller: str | None = None
    total: float | None = None


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"Number: {name}-17\nSeller: ACME\nTotal: 1,250.00\n")
    return folder


def loader(files: object, **keywords: Any) -> ExtractLoader:
    return ExtractLoader(files, data_schema=Invoice, local=True, **keywords)


def jobs_made() -> int:
    with ExtractClient(local=True) as client:
        return len(list(client.list()))


def codes(documents: list[Document]) -> list[Any]:
    return [item.metadata.get("extract_error_code") for item in documents]


def test_inputs_of_every_kind_together(inbox: Path) -> None:
    with ExtractClient(local=True) as client:
        file_id = client.files.create(inbox / "c.txt").id
    opened = io.BytesIO(b"Number: open-1\n")
    opened.name = "open.txt"
    (inbox / ".hidden.txt").write_text("Number: hidden\n")
    (inbox / "deeper").mkdir()
    (inbox / "deeper" / "d.txt").write_text("Number: d-17\n")
    (inbox / "link.txt").symlink_to(inbox / "a.txt")
    files = [
        inbox / "a.txt",
        str(inbox / "[b].txt"),
        inbox,
        f"{inbox}/**/*.txt",
        file_id,
        ("named.txt", b"Number: named-1\n"),
        opened,
        Blob.from_data("Number: blob-1\n", path="blob.txt"),
        Document("Number: text-1\n", metadata={"source": "letter.md"}),
    ]
    one = loader(files)
    numbers = [item.page_content.split("\n")[0].removeprefix("number: ") for item in one.load()]
    found = ["a-17", "b-17", "a-17", "b-17", "c-17", "a-17", "b-17", "c-17", "d-17", "c-17"]
    assert numbers == [*found, "named-1", "open-1", "blob-1", "text-1"]
    assert [item.id for item in one.load()] == [item.id for item in one.load()]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("https://example.com/a.pdf", "url_not_supported"),
        ('{"number": 1}', "json_not_supported"),
        ("two\nlines", "not_a_path"),
        (b"no name", "name_missing"),
        (Blob.from_data("no name"), "name_missing"),
        (17, "not_a_document"),
        ("nothere/*.pdf", "no_match"),
    ],
)
def test_what_is_no_document_is_refused_with_advice(bad: Any, code: str) -> None:
    before = jobs_made()
    (document,) = loader([bad], on_error="yield").load()
    assert document.metadata["extract_error_code"] == code
    with pytest.raises(FileInputError) as caught:
        loader([bad]).load()
    assert (caught.value.code, bool(caught.value.hint)) == (code, True)
    assert jobs_made() == before


def test_a_document_means_its_text_unless_its_file_is_allowed(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Number: secret\n")
    (inbox / "out.txt").symlink_to(tmp_path / "secret.txt")
    named = Document(
        "Number: text-1\n", metadata={"source": str(inbox / "a.txt"), "team": "n", "tags": ["x"]}
    )
    (as_text,) = loader(named).load()
    assert as_text.page_content.startswith("number: text-1")
    assert (as_text.metadata["team"], "tags" in as_text.metadata) == ("n", False)
    (as_file,) = loader(named, allowed_roots=inbox).load()
    assert as_file.page_content.startswith("number: a-17")
    assert as_file.metadata["source"] == str(inbox / "a.txt")
    before = jobs_made()
    for source in (tmp_path / "secret.txt", inbox / ".." / "secret.txt", inbox / "out.txt", "/etc/passwd"):
        forged = Document("text", metadata={"source": str(source)})
        with pytest.raises(FileInputError) as caught:
            loader(forged, allowed_roots=[inbox]).load()
        assert str(tmp_path) not in str(caught.value)
    assert jobs_made() == before


def test_an_estimate_sends_nothing(inbox: Path) -> None:
    before = jobs_made()
    one = loader([inbox, "dfl-1234", inbox / "missing.txt"], tier="cost_effective")
    found = one.estimate()
    assert (found.documents, found.pages, found.credits) == (5, 3, 24.0)
    assert list(found.unknown) == ["dfl-1234", str(inbox / "missing.txt")]
    assert asyncio.run(one.aestimate()) == found
    assert jobs_made() == before


@pytest.mark.parametrize("is_async", [False, True])
def test_a_budget_is_kept_and_shared(inbox: Path, is_async: bool) -> None:
    budget = Budget(credits=17)
    before = jobs_made()
    one = loader(inbox, budget=budget, on_error="yield", max_concurrency=1)
    documents = asyncio.run(one.aload()) if is_async else one.load()
    assert codes(documents) == [None, None, "budget_exceeded"]
    assert (budget.spent, budget.reserved, jobs_made() - before) == (16, 0, 2)
    with pytest.raises(ExtractError) as caught:
        loader(inbox, budget=budget).load()
    assert (caught.value.code, caught.value.partial) == ("budget_exceeded", [])
    assert jobs_made() - before == 2
    assert (
        loader(["dfl-1234"], budget=Budget(credits=1000), on_error="yield")
        .load()[0]
        .metadata["extract_error_code"]
        == "cost_unknown"
    )


def test_a_document_that_fails_gives_back_what_was_set_aside(inbox: Path) -> None:
    (inbox / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    budget = Budget(credits=1000, unknown_pages=2)
    loader(inbox / "broken.pdf", budget=budget, on_error="skip").load()
    assert budget.reserved == 0
    spent = budget.spent
    loader(inbox / "missing.txt", budget=budget, on_error="skip").load()
    assert (budget.reserved, budget.spent) == (0, spent)


def test_a_call_that_is_cancelled_while_it_counts_sets_nothing_aside() -> None:
    budget, reading, gate = Budget(credits=100), threading.Event(), threading.Event()

    class Slow:
        name = "slow.txt"

        def read(self, _: int = -1) -> bytes:
            reading.set()
            assert gate.wait(10)
            return b"Number: A-1\n"

    async def cancelled() -> None:
        task = asyncio.create_task(loader([Slow()], budget=budget).aload())
        await asyncio.to_thread(reading.wait, 10)
        task.cancel()
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(task, return_exceptions=True)

    before = jobs_made()
    asyncio.run(cancelled())
    assert (budget.reserved, budget.spent, jobs_made()) == (0, 0, before)


def test_skipped_documents_leave_a_line_in_the_log(inbox: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert loader(inbox / "missing.txt", on_error="skip").load() == []
    assert "missing.txt" in caplog.text
    assert str(inbox) not in caplog.text


def test_completed_with_an_error_is_never_clean() -> None:
    job = {
        "id": "ext-1",
        "status": "COMPLETED",
        "extract_result": {"number": "A"},
        "extract_metadata": {"field_metadata": {"document_metadata": {"error": "page 3 was not read"}}},
    }
    (document,) = documents_from_job(job)
    assert document.metadata["needs_review"] is True
    assert "page 3 was not read" in document.metadata["warnings"]


def test_jobs_that_did_not_end_well_follow_the_policy(inbox: Path) -> None:
    bad = {"id": "ext-1", "status": "FAILED", "error_message": "no text"}
    with pytest.raises(JobFailedError):
        ExtractLoader.from_job(bad).load()
    assert ExtractLoader.from_job(bad, on_error="skip").load() == []
    for documents in (
        ExtractLoader.from_job(bad, on_error="yield").load(),
        asyncio.run(ExtractLoader.from_job(bad, on_error="yield").aload()),
    ):
        assert codes(documents) == ["job_failed"]
    with pytest.raises(ConfigurationError):
        ExtractLoader.from_job(bad, on_error="ignore")


def test_what_is_no_ledger_is_refused(inbox: Path) -> None:
    with pytest.raises(ConfigurationError, match="ledger"):
        loader(inbox, ledger="ledger.sqlite3")


def test_loading_again_costs_nothing_for_what_did_not_change(inbox: Path, tmp_path: Path) -> None:
    budget = Budget(100)
    kept = loader(inbox, ledger=Ledger(tmp_path / "ledger.sqlite3"), budget=budget)
    before, first = jobs_made(), kept.load()
    assert (jobs_made() - before, budget.spent, budget.reserved) == (3, 24.0, 0.0)
    again = pickle.loads(pickle.dumps(kept)).load()
    assert [(item.id, item.page_content, item.metadata) for item in again] == [
        (item.id, item.page_content, item.metadata) for item in first
    ]
    (inbox / "b.txt").rename(inbox / "z.txt")
    (inbox / "c.txt").write_text("Number: c-18\nSeller: ACME\nTotal: 1,250.00\n")
    later = asyncio.run(kept.aload())
    assert [item.metadata["source"] for item in later] == [
        str(inbox / name) for name in ("a.txt", "c.txt", "z.txt")
    ]
    assert later[0].id == first[0].id
    assert later[1].id == first[2].id  # edited: the same thing with another content
    assert "c-18" in later[1].page_content
    assert "b-17" in later[2].page_content  # renamed: another thing, and not paid again
    assert (jobs_made() - before, budget.spent) == (4, 32.0)


def test_the_documents_own_text_with_spans_where_values_were_read(tmp_path: Path) -> None:
    text = "Invoice A-17\n\nNumber: A-17\nTotal: 1,250.00\n"
    (tmp_path / "a.txt").write_text(text)
    loader = ExtractLoader(tmp_path / "a.txt", data_schema=Invoice, content="source", local=True)
    (document,) = loader.load()
    assert "Invoice A-17" in document.page_content
    rows = {row["path"]: row for row in json.loads(document.metadata["citations"])}
    assert document.page_content[slice(*rows["/total"]["span"])] == "1,250.00"
    (later,) = asyncio.run(loader.aload())
    assert (later.page_content, later.metadata) == (document.page_content, document.metadata)
    client = loader.options.sync_client()
    job_ids = [job.id for job in client.list()][:1]  # newest first
    for found in (
        ExtractLoader.from_jobs(job_ids, client=client, content="source").load(),
        asyncio.run(ExtractLoader.from_jobs(job_ids, client=client, content="source").aload()),
    ):
        assert [item.page_content for item in found] == [document.page_content]


@pytest.mark.parametrize("is_async", [False, True])
def test_a_failed_job_is_settled_with_what_it_cost(inbox: Path, is_async: bool) -> None:
    """Not with its estimate: the service says what a job has cost only when it is asked for it."""
    (inbox / "b.txt").unlink()
    (inbox / "c.txt").unlink()
    (inbox / "x.pdf").write_bytes(b"%PDF-1.7 broken")
    budget = Budget(credits=1000, unknown_pages=2)
    one = loader(inbox, budget=budget, on_error="yield")
    documents = asyncio.run(one.aload()) if is_async else one.load()
    assert codes(documents) == [None, "job_failed"]
    assert (budget.spent, budget.reserved) == (8, 0), "a page of the first; nothing was read of the second"
