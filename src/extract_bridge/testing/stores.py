"""What any job store must do, see `extract_bridge.local.service.store`.

class TestMyStore(JobStoreSuite):
    def open_store(self, folder):
        return MyStore(folder / "jobs")
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from extract_bridge.local.service.clock import now_text
from extract_bridge.local.service.ids import new_id
from extract_bridge.local.service.store import JobQuery, StoredFile, StoredJob
from extract_bridge.testing._pytest import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from extract_bridge.local.service.store import JobStore, Lease

_ODD = {"text": "é 語 \x00 'quoted\" ; --", "list": [1, 2.5, None, True], "nested": {"a": {"b": []}}}


class JobStoreSuite(ABC):
    """Derive a class named `Test…` and open the store; pytest finds the tests."""

    @abstractmethod
    def open_store(self, folder: Path) -> JobStore:
        """The store in a folder; opened twice on one folder, the second finds what the first kept."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[JobStore]:
        """The store under test, empty."""
        store = self.open_store(tmp_path)
        yield store
        store.close()

    # Files

    def test_a_file_is_kept_as_it_is(self, store: JobStore) -> None:
        """Every attribute comes back; an unknown id is None."""
        file = new_file(name="Übersicht 'a' \\ b.pdf")
        store.add_file(file)
        assert store.get_file(file.id) == file
        assert store.get_file("dfl-other") is None

    def test_files_are_listed_newest_first(self, store: JobStore) -> None:
        """By both filters, which hold together."""
        files = [
            new_file(name=name, external_file_id=key) for name, key in (("a", "1"), ("b", "1"), ("a", "2"))
        ]
        for file in files:
            store.add_file(file)
        assert store.list_files() == files[::-1]
        assert store.list_files(external_file_id="1") == [files[1], files[0]]
        assert store.list_files(file_name="a") == [files[2], files[0]]
        assert store.list_files(file_name="a", external_file_id="1") == [files[0]]

    def test_a_file_is_deleted_once(self, store: JobStore) -> None:
        """The second time there is none."""
        file = new_file()
        store.add_file(file)
        assert store.delete_file(file.id) is True
        assert store.delete_file(file.id) is False
        assert store.get_file(file.id) is None

    # Jobs

    def test_a_job_is_kept_as_it_is(self, store: JobStore) -> None:
        """Also after the store was closed: `add_job` accepted it."""
        job = new_job(configuration=_ODD, configuration_id="cfg-1", extra={"warnings": ["é"]})
        store.add_job(job)
        kept = store.get_job(job.id)
        assert kept is not None
        for name in (
            "id",
            "project_id",
            "file_input",
            "configuration",
            "configuration_id",
            "extra",
            "created_at",
        ):
            assert getattr(kept, name) == getattr(job, name)
        assert (kept.status, kept.attempts, kept.result, kept.pages) == ("PENDING", 0, None, None)
        assert store.get_job("ext-other") is None

    def test_what_was_accepted_outlives_the_store(self, tmp_path: Path) -> None:
        """Jobs and files are there when the folder is opened again."""
        job, file = new_job(), new_file()
        first = self.open_store(tmp_path)
        first.add_file(file)
        first.add_job(job)
        first.close()
        second = self.open_store(tmp_path)
        try:
            assert second.get_file(file.id) == file
            assert [found.id for found in second.list_jobs(JobQuery())] == [job.id]
        finally:
            second.close()

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({}, [3, 2, 1, 0]),
            ({"project_id": "p1"}, [2, 0]),
            ({"configuration_id": "cfg-1"}, [3]),
            ({"file_input": "dfl-0"}, [0]),
            ({"status": "RUNNING"}, [0]),
            ({"status": "PENDING"}, [3, 2, 1]),
            ({"file_input_is_parse_job": True}, [3]),
            ({"file_input_is_parse_job": False}, [2, 1, 0]),
            ({"created_at_on_or_after": "2026-01-01T00:00:02.000000Z"}, [3, 2]),
            ({"created_at_on_or_before": "2026-01-01T00:00:02.000000Z"}, [2, 1, 0]),
            ({"project_id": "p1", "page_size": 1}, [2]),
            ({"project_id": "none"}, []),
        ],
    )
    def test_jobs_are_listed_newest_first(
        self, store: JobStore, filters: dict[str, Any], expected: list[int]
    ) -> None:
        """By every filter."""
        jobs = [
            new_job(
                project_id=f"p{1 + number % 2}",
                file_input=f"dfl-{number}" if number < 3 else "pjb-3",
                configuration_id="cfg-1" if number == 3 else None,
                created_at=f"2026-01-01T00:00:0{number}.000000Z",
            )
            for number in range(4)
        ]
        for job in jobs:
            store.add_job(job)
        store.claim(now=1000.0, lease_seconds=30)
        assert [job.id for job in store.list_jobs(JobQuery(**filters))] == [
            jobs[number].id for number in expected
        ]

    def test_jobs_are_found_by_many_ids(self, store: JobStore) -> None:
        """Thousands of them; ids that no job has are no error."""
        jobs = [new_job() for _ in range(3)]
        for job in jobs:
            store.add_job(job)
        wanted = [jobs[0].id, jobs[2].id, *(new_id("ext-") for _ in range(3000))]
        found = store.list_jobs(JobQuery(job_ids=wanted))
        assert {job.id for job in found} == {jobs[0].id, jobs[2].id}

    def test_pages_follow_each_other_without_gap(self, store: JobStore) -> None:
        """Also where many jobs were made at one moment."""
        for number in range(7):
            store.add_job(new_job(created_at=f"2026-01-01T00:00:0{number // 4}.000000Z"))
        whole = [job.id for job in store.list_jobs(JobQuery())]
        paged: list[str] = []
        after = None
        while page := store.list_jobs(JobQuery(page_size=2, after=after)):
            paged += [job.id for job in page]
            after = (page[-1].created_at, page[-1].id)
        assert paged == whole

    def test_a_job_is_deleted_once(self, store: JobStore) -> None:
        """The second time there is none."""
        job = new_job()
        store.add_job(job)
        assert store.delete_job(job.id) is True
        assert store.delete_job(job.id) is False
        assert store.get_job(job.id) is None

    # Leases

    def test_jobs_are_claimed_oldest_first_and_once(self, store: JobStore) -> None:
        """None where nothing waits."""
        jobs = [new_job() for _ in range(3)]
        for job in jobs:
            store.add_job(job)
        claimed = [claim(store).job for _ in jobs]
        assert [job.id for job in claimed] == [job.id for job in jobs]
        assert {(job.status, job.attempts) for job in claimed} == {("RUNNING", 1)}
        assert store.claim(now=1000.0, lease_seconds=30) is None

    def test_a_job_is_claimed_by_one_of_many_threads(self, store: JobStore) -> None:
        """However many ask at once."""
        for _ in range(40):
            store.add_job(new_job())
        claimed: list[str] = []

        def work() -> None:
            while (lease := store.claim(now=1000.0, lease_seconds=30)) is not None:
                claimed.append(lease.job.id)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(claimed) == 40
        assert len(set(claimed)) == 40

    def test_a_lease_that_ran_out_is_worth_nothing(self, store: JobStore) -> None:
        """Another claim wins, and the first holder changes nothing any more."""
        store.add_job(new_job())
        first = claim(store, now=1000.0)
        assert store.claim(now=1029.0, lease_seconds=30) is None
        second = claim(store, now=1031.0)
        assert second.job.attempts == 2
        assert store.heartbeat(first, until=2000.0) is False
        assert complete(store, first) is False
        assert store.fail(first, error_message="no") is False
        assert store.release(first) is False
        assert complete(store, second) is True

    def test_a_heartbeat_keeps_a_lease(self, store: JobStore) -> None:
        """Until the new deadline."""
        store.add_job(new_job())
        lease = claim(store, now=1000.0)
        assert store.heartbeat(lease, until=1100.0) is True
        assert store.claim(now=1099.0, lease_seconds=30) is None
        assert claim(store, now=1101.0).job.id == lease.job.id

    def test_a_job_that_was_given_back_waits_again(self, store: JobStore) -> None:
        """And that attempt does not count."""
        store.add_job(new_job())
        lease = claim(store)
        assert store.release(lease) is True
        again = claim(store)
        assert (again.job.id, again.job.attempts) == (lease.job.id, 1)

    # Ends

    def test_a_completed_job_has_its_answer_to_the_letter(self, store: JobStore) -> None:
        """What will be sent is what was stored."""
        store.add_job(new_job())
        lease = claim(store)
        result = '{"b":1.0,"a":"\\u00e9\\ud800","list":[ ]}'
        assert (
            store.complete(lease, result=result, field_metadata="null", pages=3, warnings=("one", "two"))
            is True
        )
        job = store.get_job(lease.job.id)
        assert job is not None
        assert (job.status, job.result, job.field_metadata) == ("COMPLETED", result, "null")
        assert (job.pages, job.warnings) == (3, ("one", "two"))

    def test_a_failed_job_says_why(self, store: JobStore) -> None:
        """It has no answer, and ends once."""
        store.add_job(new_job())
        lease = claim(store)
        assert store.fail(lease, error_message="parsing_error: é") is True
        job = store.get_job(lease.job.id)
        assert job is not None
        assert (job.status, job.error_message, job.result) == ("FAILED", "parsing_error: é", None)
        assert complete(store, lease) is False

    @pytest.mark.parametrize("running", [False, True])
    def test_an_open_job_is_cancelled(self, store: JobStore, *, running: bool) -> None:
        """Whoever works on it can do nothing any more, and nobody is given it again."""
        job = new_job()
        store.add_job(job)
        lease = claim(store) if running else None
        cancelled = store.cancel(job.id)
        assert cancelled is not None
        assert cancelled.status == "CANCELLED"
        if lease is not None:
            assert complete(store, lease) is False
        assert store.claim(now=10_000.0, lease_seconds=30) is None

    def test_a_final_job_is_not_cancelled(self, store: JobStore) -> None:
        """It stays as it is; one that is not there is None."""
        store.add_job(new_job())
        lease = claim(store)
        complete(store, lease)
        job = store.cancel(lease.job.id)
        assert job is not None
        assert (job.status, job.result) == ("COMPLETED", "{}")
        assert store.cancel("ext-other") is None

    def test_a_deleted_job_cannot_be_ended(self, store: JobStore) -> None:
        """Its lease holds nothing."""
        store.add_job(new_job())
        lease = claim(store)
        store.delete_job(lease.job.id)
        assert complete(store, lease) is False
        assert store.get_job(lease.job.id) is None


def new_job(**values: Any) -> StoredJob:
    """A job that waits."""
    defaults: dict[str, Any] = {
        "id": new_id("ext-"),
        "project_id": "prj-1",
        "file_input": "dfl-1",
        "configuration": {},
        "created_at": now_text(),
    }
    return StoredJob(**{**defaults, **values})


def new_file(**values: Any) -> StoredFile:
    """A file's row."""
    defaults: dict[str, Any] = {
        "id": new_id("dfl-"),
        "name": "note.txt",
        "project_id": "prj-1",
        "path": new_id("p"),
        "size": 5,
        "sha256": "0" * 64,
        "purpose": "extract",
        "external_file_id": None,
        "media_type": "text/plain",
        "created_at": now_text(),
        "expires_at": None,
    }
    return StoredFile(**{**defaults, **values})


def claim(store: JobStore, *, now: float = 1000.0) -> Lease:
    """The lease of the oldest job, which must be there."""
    lease = store.claim(now=now, lease_seconds=30)
    assert lease is not None
    return lease


def complete(store: JobStore, lease: Lease) -> bool:
    """End a job well."""
    return store.complete(lease, result="{}", field_metadata="{}", pages=1, warnings=())
