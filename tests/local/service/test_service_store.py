"""The job store against a model of it that is a dict."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from extract_bridge.local.service.clock import now_text
from extract_bridge.local.service.ids import new_id
from extract_bridge.local.service.sqlite_store import SqliteJobStore
from extract_bridge.local.service.store import JobQuery, Lease, StoredJob


def new_job() -> StoredJob:
    return StoredJob(
        id=new_id("ext-"),
        project_id="p",
        file_input="dfl-1",
        configuration={"a": [1, "é\ud800"]},
        created_at=now_text(),
    )


class StoreMachine(RuleBasedStateMachine):
    """`status` and `holder` (the token of the lease in force) are all that a job's life is."""

    leases = Bundle("leases")
    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = SqliteJobStore(Path(self.folder.name) / "store.sqlite3", durable=False)
        self.now = 1000.0
        self.order: list[str] = []
        self.status: dict[str, str] = {}
        self.holder: dict[str, Lease] = {}
        self.until: dict[str, float] = {}
        self.attempts: dict[str, int] = {}

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def holds(self, lease: Lease) -> bool:
        return self.holder.get(lease.job.id) is lease

    def end(self, lease: Lease, status: str) -> None:
        self.status[lease.job.id] = status
        del self.holder[lease.job.id]

    @rule(target=jobs)
    def add(self) -> str:
        job = new_job()
        self.store.add_job(job)
        self.order.append(job.id)
        self.status[job.id] = "PENDING"
        self.attempts[job.id] = 0
        return job.id

    @rule(seconds=st.integers(1, 40))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule(target=leases)
    def claim(self) -> Lease | None:
        lease = self.store.claim(now=self.now, lease_seconds=30)
        free = [
            job_id
            for job_id in self.order
            if self.status[job_id] == "PENDING"
            or (self.status[job_id] == "RUNNING" and self.until[job_id] < self.now)
        ]
        assert (lease.job.id if lease else None) == (free[0] if free else None)
        if lease is not None:
            self.status[lease.job.id] = "RUNNING"
            self.holder[lease.job.id] = lease
            self.until[lease.job.id] = lease.until
            self.attempts[lease.job.id] += 1
        return lease

    @rule(lease=leases)
    def heartbeat(self, lease: Lease | None) -> None:
        if lease is not None:
            held = self.holds(lease)
            assert self.store.heartbeat(lease, until=self.now + 30) == held
            if held:
                self.until[lease.job.id] = self.now + 30

    @rule(lease=leases)
    def release(self, lease: Lease | None) -> None:
        if lease is not None:
            held = self.holds(lease)
            assert self.store.release(lease) == held
            if held:
                self.end(lease, "PENDING")
                self.attempts[lease.job.id] -= 1

    @rule(lease=leases)
    def complete(self, lease: Lease | None) -> None:
        if lease is not None:
            held = self.holds(lease)
            done = self.store.complete(
                lease, result=f'"{lease.token}"', field_metadata="{}", pages=1, warnings=("w",)
            )
            assert done == held
            if held:
                self.end(lease, "COMPLETED")

    @rule(lease=leases)
    def fail(self, lease: Lease | None) -> None:
        if lease is not None:
            held = self.holds(lease)
            assert self.store.fail(lease, error_message="no") == held
            if held:
                self.end(lease, "FAILED")

    @rule(job_id=jobs)
    def cancel(self, job_id: str) -> None:
        job = self.store.cancel(job_id)
        if self.status.get(job_id) in {"PENDING", "RUNNING"}:
            self.status[job_id] = "CANCELLED"
            self.holder.pop(job_id, None)
        assert (job.status if job else None) == self.status.get(job_id)

    @rule(job_id=consumes(jobs))
    def delete(self, job_id: str) -> None:
        assert self.store.delete_job(job_id) == (job_id in self.status)
        self.status.pop(job_id, None)
        self.holder.pop(job_id, None)
        self.order = [other for other in self.order if other != job_id]

    @invariant()
    def equal_to_the_model(self) -> None:
        stored = self.store.list_jobs(JobQuery(page_size=1000))
        assert {job.id: job.status for job in stored} == self.status
        for job in stored:
            assert job.attempts == self.attempts[job.id]
            assert (job.result is not None) == (job.status == "COMPLETED")
            assert (job.error_message is not None) == (job.status == "FAILED")
            assert job.configuration == {"a": [1, "é\ud800"]}


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_one_job_is_claimed_once_by_many_threads(tmp_path: Path) -> None:
    store = SqliteJobStore(tmp_path / "store.sqlite3")
    jobs = [new_job() for _ in range(40)]
    for job in jobs:
        store.add_job(job)
    claimed: list[str] = []

    def work() -> None:
        while (lease := store.claim(now=0.0, lease_seconds=30)) is not None:
            claimed.append(lease.job.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(job.id for job in jobs)
    store.close()


def test_a_store_keeps_what_it_accepted(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    first = SqliteJobStore(path)
    job = new_job()
    first.add_job(job)
    first.close()
    with pytest.raises(RuntimeError, match="closed"):
        first.get_job(job.id)
    second = SqliteJobStore(path)
    kept = second.get_job(job.id)
    assert kept is not None
    assert (kept.id, kept.status, kept.configuration) == (job.id, "PENDING", job.configuration)
    second.close()
