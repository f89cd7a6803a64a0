"""Many documents with a ledger, a budget, a deadline and a stop; the real service on this machine."""

from __future__ import annotations

import asyncio
import threading
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from extract_bridge.bulk import Budget, Extraction, Ledger, Progress, aextract_many, collect, extract_many
from extract_bridge.client.client import AsyncExtractClient, ExtractClient
from extract_bridge.client.policy import PollPolicy
from extract_bridge.core.errors import BudgetExceededError, ConfigurationError, WaitTimeoutError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
BOTH = pytest.mark.parametrize("how", ["threads", "tasks"])


def note(number: int) -> tuple[str, bytes]:
    return f"note-{number}.txt", f"Number: A-{number}\n".encode()


def gathered(files: Any, *, how: str, **keywords: Any) -> list[Extraction]:
    if how == "threads":
        return list(extract_many(files, data_schema=SCHEMA, **keywords))

    async def gather() -> list[Extraction]:
        return [item async for item in aextract_many(files, data_schema=SCHEMA, **keywords)]

    return asyncio.run(gather())


@BOTH
def test_the_second_time_nothing_is_extracted(how: str, tmp_path: Path, extract_bridge_service: Any) -> None:
    with ExtractClient(local=extract_bridge_service) as client, Ledger(tmp_path / "ledger.db") as ledger:
        keywords: dict[str, Any] = {"how": how, "client": client, "ledger": ledger, "ordered": True}
        files = [note(0), note(1), ("same.txt", note(0)[1])]
        first = gathered(files, **keywords)
        assert [item.records[0].data["number"] for item in first] == ["A-0", "A-1", "A-0"]
        assert len(list(client.list())) == 2, "the same bytes twice are one job"
        again = gathered([*files, note(2)], **keywords)
        assert len(list(client.list())) == 3
        assert [item.job.id for item in again[:3]] == [item.job.id for item in first]  # type: ignore[union-attr]
        assert [item.job.origin.reused for item in again] == [True, True, True, False]  # type: ignore[union-attr]
        never = gathered(files, **{**keywords, "reuse": "never"})
        assert len({item.job.id for item in never}) == 3  # type: ignore[union-attr]


def test_terms_without_a_ledger_are_a_mistake() -> None:
    with pytest.raises(ConfigurationError, match="none is given"):
        extract_many([], data_schema=SCHEMA, local=True, reuse="never")


@BOTH
def test_a_budget_refuses_what_it_cannot_pay(how: str, extract_bridge_service: Any) -> None:
    budget = Budget(credits=16)
    files = [note(number) for number in range(4)]
    found = gathered(files, how=how, local=extract_bridge_service, budget=budget, ordered=True)
    assert [type(item.error) for item in found] == [type(None)] * 2 + [BudgetExceededError] * 2
    assert (budget.spent, budget.reserved) == (16, 0)


@pytest.mark.extract_bridge_faults("seed=1,stuck@create=1")
@BOTH
def test_leaving_early_leaves_jobs_to_the_ledger(
    how: str, tmp_path: Path, extract_bridge_service: Any
) -> None:
    seen = threading.Event()
    with ExtractClient(local=extract_bridge_service) as client, Ledger(tmp_path / "ledger.db") as ledger:

        def watched(_: Any) -> None:
            if len(list(client.list())) == 3:
                seen.set()

        def read() -> Iterator[Any]:
            yield from map(note, range(3))
            assert seen.wait(60)
            raise KeyboardInterrupt

        async def cancelled() -> None:
            async with aclosing(
                aextract_many(read(), data_schema=SCHEMA, client=client, ledger=ledger, watch=watched)
            ) as stream:
                async for _ in stream:
                    pass

        def run() -> None:
            if how == "threads":
                list(extract_many(read(), data_schema=SCHEMA, client=client, ledger=ledger, watch=watched))
            else:
                asyncio.run(cancelled())

        with pytest.raises(KeyboardInterrupt):
            run()
        jobs = list(client.list())
        assert [job.is_final for job in jobs] == [False] * 3, "nobody cancelled them"
        assert {entry.job_id for entry in ledger.entries()} == {job.id for job in jobs}
        for job in jobs:
            client.cancel(job.id)
        assert {item.job.id for item in collect(ledger, client=client)} == {job.id for job in jobs}  # type: ignore[union-attr]


# --- deadline, stop, progress -------------------------------------------------------------------------------------------------


class Slow:
    """A service whose jobs end when they are let."""

    def __init__(self, ends: int) -> None:
        self.ends, self.created, self.cancelled = ends, 0, 0
        self.lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        with self.lock:
            if path.endswith("/files"):
                return httpx.Response(201, json={"id": "dfl-1"})
            if path.endswith("/cancel"):
                self.cancelled += 1
            elif request.method == "POST":
                self.created += 1
                return httpx.Response(200, json={"id": f"ext-{self.created - 1}", "status": "PENDING"})
            if path.endswith("/extract"):
                ids = request.url.params.get_list("job_ids")
                return httpx.Response(200, json={"items": [self.job(job_id) for job_id in ids]})
            return httpx.Response(200, json=self.job(path.split("/")[-1]))

    def job(self, job_id: str) -> dict[str, Any]:
        done = int(job_id[4:]) < self.ends
        return {"id": job_id, "status": "COMPLETED" if done else "RUNNING", "extract_result": {"number": "A"}}


def with_slow(how: str, service: Slow, files: Any, **keywords: Any) -> list[Extraction]:
    options: dict[str, Any] = {"base_url": "http://127.0.0.1:1", "poll": PollPolicy(0.01, 0.01)}

    async def main() -> list[Extraction]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(service)) as http_client:
            client = AsyncExtractClient(http_client=http_client, **options)
            return [
                item async for item in aextract_many(files, client=client, data_schema=SCHEMA, **keywords)
            ]

    if how == "tasks":
        return asyncio.run(main())
    with httpx.Client(transport=httpx.MockTransport(service)) as http_client:
        client = ExtractClient(http_client=http_client, **options)
        return list(extract_many(files, client=client, data_schema=SCHEMA, **keywords))


@BOTH
def test_a_deadline_ends_the_call_and_no_job(how: str) -> None:
    service, found = Slow(ends=1), list[Extraction]()
    with pytest.raises(WaitTimeoutError, match="before all documents were read") as caught:
        with_slow(
            how, service, map(note, range(1000)), max_concurrency=3, deadline=0.5, progress=found.append
        )
    assert caught.value.code == "deadline"
    assert [item.error for item in found if item.index == 0] == [None]
    late = [item for item in found if isinstance(item.error, WaitTimeoutError) and item.job is not None]
    assert len(late) == 3
    assert len(found) < 20
    assert service.cancelled == 0
    assert service.created == 4


@BOTH
def test_a_deadline_that_is_met_says_nothing(how: str) -> None:
    found = with_slow(how, Slow(ends=9), map(note, range(5)), deadline=600.0)
    assert [item.error for item in found] == [None] * 5


@BOTH
def test_a_stop_finishes_what_runs(how: str) -> None:
    service, stop = Slow(ends=1000), threading.Event()

    def read() -> Iterator[Any]:
        for number in range(1000):
            if number == 5:
                stop.set()
            yield note(number)

    found = with_slow(how, service, read(), max_concurrency=2, stop=stop)
    assert all(item.error is None for item in found)
    assert len(found) == service.created
    assert service.created <= 6
    assert service.cancelled == 0


@BOTH
def test_progress_counts_what_is_done(how: str, extract_bridge_service: Any) -> None:
    said: list[Progress] = []
    files = [*map(note, range(4)), "nothere.txt"]
    gathered(files, how=how, local=extract_bridge_service, on_progress=said.append)
    last = said[-1]
    assert (last.done, last.failed, last.running, last.total) == (5, 1, 0, 5)
    assert (last.pages, last.credits) == (4, 32.0)
    assert last.eta == 0
    assert [item.done for item in said] == sorted(item.done for item in said)
