"""Readings and scopes in a real database: what is done twice is kept once, what belongs to a job goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from extract_bridge.local.service.clock import now_text
from extract_bridge.local.service.parse_store import ParseStore
from extract_bridge.local.service.projects_store import ProjectStore
from extract_bridge.local.service.sqlite_store import SqliteJobStore
from extract_bridge.local.service.store import JobQuery, StoredJob


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteJobStore]:
    store = SqliteJobStore(tmp_path / "store.sqlite3", durable=False)
    yield store
    store.close()


def job(job_id: str, **fields: object) -> StoredJob:
    now = now_text()
    values = {"project_id": "prj-a", "file_input": "dfl-a", "configuration": {"tier": "fast"}, **fields}
    return StoredJob(id=job_id, created_at=now, updated_at=now, **values)  # type: ignore[arg-type]


def test_a_parse_job_done_twice_is_kept_once(store: SqliteJobStore) -> None:
    readings = ParseStore(store.database)
    for reading in ("one", "two"):
        readings.add_finished(job("pjb-a", pages=2, words=5, warnings=("odd",)), reading)
    kept = store.get_job("pjb-a")
    assert kept is not None
    assert (kept.status, kept.pages, kept.words, kept.warnings) == ("COMPLETED", 2, 5, ("odd",))
    assert readings.reading("pjb-a") == "two"
    assert [item.id for item in store.list_jobs(JobQuery(parse_jobs=True))] == ["pjb-a"]
    assert store.list_jobs(JobQuery()) == []
    assert store.claim(now=0, lease_seconds=9) is None, "there is nothing left to do"


def test_a_reading_goes_with_its_job(store: SqliteJobStore) -> None:
    readings = ParseStore(store.database)
    store.add_job(job("pjb-a"))
    for reading in ("one", "two"):
        readings.keep("pjb-a", reading)
    assert readings.reading("pjb-a") == "two"
    store.delete_job("pjb-a")
    assert readings.reading("pjb-a") is None
    readings.keep("pjb-a", "late")
    assert readings.reading("pjb-a") is None


def test_a_project_keeps_its_first_organization(store: SqliteJobStore) -> None:
    projects = ProjectStore(store.database)
    assert projects.organization_of("prj-a") is None
    assert projects.bind("prj-a", "one") == projects.bind("prj-a", "two") == "one"
    store.add_job(job("ext-a"))
    store.add_job(job("ext-b", project_id="prj-b"))
    assert [item.id for item in store.list_jobs(JobQuery(organization_id="one"))] == ["ext-a"]
    assert store.list_jobs(JobQuery(organization_id="two")) == []
