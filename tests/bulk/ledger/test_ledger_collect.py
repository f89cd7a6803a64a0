"""Jobs that are made now and collected later, with the real service on this machine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from extract_bridge import ExtractClient, LocalService
from extract_bridge.bulk import Budget, Ledger, collect, submit
from extract_bridge.core.errors import BudgetExceededError, ConfigurationError, FileInputError

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExtractClient]:
    with ExtractClient(local=LocalService(data_dir=tmp_path_factory.mktemp("service"))) as made:
        yield made


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite3")


def note(number: int, text: str | None = None) -> tuple[str, bytes]:
    return f"note-{number}.txt", f"Number: {text or number}\n".encode()


def test_what_was_submitted_is_collected_once(client: ExtractClient, ledger: Ledger, tmp_path: Path) -> None:
    files = [note(1, "C-1"), note(2, "C-1"), "nothere.pdf", ("bad.pdf", b"%PDF-1.7 broken")]
    given = {"data_schema": SCHEMA, "client": client, "budget": Budget(100, unknown_pages=1)}
    made = submit(files, ledger=ledger, **given)
    assert [item.index for item in made] == [0, 1, 2, 3]
    assert made[0].job_id == made[1].job_id
    assert isinstance(made[2].error, FileInputError)
    assert submit(files[:2], ledger=ledger, **given) == made[:2]  # a call that was killed is made again
    found = {
        item.source: item for item in collect(Ledger(tmp_path / "ledger.sqlite3"), client=client, wait=60)
    }
    assert set(found) == {"note-1.txt", "note-2.txt", "bad.pdf"}
    assert [found[f"note-{n}.txt"].records[0].data for n in (1, 2)] == [{"number": "C-1"}] * 2
    assert found["bad.pdf"].error is not None
    assert found["bad.pdf"].error.code == "job_failed"
    assert list(collect(ledger, client=client)) == []
    assert (given["budget"].reserved, given["budget"].spent) == (0.0, 8.0)


def test_one_that_was_not_taken_is_given_again(client: ExtractClient, ledger: Ledger) -> None:
    submit([note(1, "D-1")], ledger=ledger, client=client, data_schema=SCHEMA)
    first = next(iter(collect(ledger, client=client, wait=60)))
    (again,) = collect(ledger, client=client)
    assert again.job is not None
    assert first.job is not None
    assert again.job.id == first.job.id


def test_a_run_that_was_left_is_collected(client: ExtractClient, ledger: Ledger) -> None:
    def gone(_: Any) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        client.run(note(1, "E-1"), data_schema=SCHEMA, ledger=ledger, on_progress=gone)
    assert [entry.owed for entry in ledger.entries()] == [True]
    (found,) = collect(ledger, client=client, wait=60)
    assert found.records[0].data == {"number": "E-1"}
    assert client.run(note(1, "E-1"), data_schema=SCHEMA, ledger=ledger).origin.reused  # type: ignore[union-attr]


def test_what_a_run_gave_is_not_owed(client: ExtractClient, ledger: Ledger) -> None:
    client.run(note(1, "F-1"), data_schema=SCHEMA, ledger=ledger)
    assert list(collect(ledger, client=client)) == []


def test_a_budget_that_cannot_pay_is_that_documents_error(client: ExtractClient, ledger: Ledger) -> None:
    made = submit(
        [note(1, "G-1"), note(2, "G-2")], ledger=ledger, client=client, data_schema=SCHEMA, budget=Budget(10)
    )
    assert sorted(type(item.error) for item in made if item.error) == [BudgetExceededError]
    assert len(list(collect(ledger, client=client, wait=60))) == 1


def test_another_service_is_not_asked(client: ExtractClient, ledger: Ledger) -> None:
    submit([note(1, "H-1")], ledger=ledger, client=client, data_schema=SCHEMA)
    other = ExtractClient(base_url="http://127.0.0.1:9")
    assert list(collect(ledger, client=other)) == []


def test_threads_share_one_ledger(client: ExtractClient, ledger: Ledger) -> None:
    jobs: list[str] = []

    def run(number: int) -> None:
        document = note(number, f"T-{number % 3}")
        jobs.append(client.run(document, data_schema=SCHEMA, ledger=ledger).id)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(jobs) == 9
    assert len(set(jobs)) == 3


async def test_tasks_too(client: ExtractClient, ledger: Ledger) -> None:
    from extract_bridge.client.client import async_client

    asynchronous = async_client(client)
    job_id = await asynchronous.submit(note(1, "A-1"), ledger=ledger, data_schema=SCHEMA)
    job = await asynchronous.run(note(2, "A-1"), ledger=ledger, data_schema=SCHEMA)
    assert job.id == job_id


def test_what_is_no_ledger_is_refused(client: ExtractClient) -> None:
    with pytest.raises(ConfigurationError, match="no ledger"):
        client.run(note(1), data_schema=SCHEMA, ledger="ledger.sqlite3")  # type: ignore[arg-type]


async def test_tasks_that_are_cancelled_at_any_moment(client: ExtractClient, ledger: Ledger) -> None:
    """What a thread still writes for a call that is gone changes nothing: the next call makes or takes up one job."""
    from extract_bridge.client.client import async_client

    asynchronous, budget = async_client(client), Budget(10_000, unknown_pages=1)
    before = {job.id for job in client.list()}
    for number in range(16):
        document = note(number, f"X-{number}")
        given = {"ledger": ledger, "data_schema": SCHEMA, "budget": budget}
        task = asyncio.create_task(asynchronous.run(document, **given))
        await asyncio.sleep(number * 0.006)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        job = await asynchronous.run(document, **given)
        assert job.extract_result == {"number": f"X-{number}"}
    made = [job for job in client.list() if job.id not in before]
    assert sum(job.status == "COMPLETED" for job in made) == 16
    assert {job.status for job in made} <= {"COMPLETED", "CANCELLED"}
    assert (budget.spent, budget.reserved) == (16 * 8.0, 0.0)
    assert {entry.state for entry in ledger.entries()} <= {"completed", "cancelled", "void"}
