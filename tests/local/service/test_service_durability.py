"""What outlives a request, a crash and a while: kept answers, leases of the dead, retention, room for more."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.local.service import capacity
from extract_bridge.local.service.clock import now_text
from extract_bridge.local.service.ids import new_id
from extract_bridge.local.service.migrations import MIGRATIONS
from extract_bridge.local.service.presence import Presence
from extract_bridge.local.service.retention import purge
from extract_bridge.local.service.sqlite_store import SqliteJobStore
from extract_bridge.local.service.state import ServiceSettings
from extract_bridge.local.service.store import JobQuery, KeptAnswer, StoredJob
from extract_bridge.sqlite import Database, copy_of

STAND_IN = (sys.executable, str(Path(__file__).with_name("stand_in_worker.py")))

SCHEMA = {"type": "object", "properties": {"text": {"type": ["string", "null"]}}}
CREATE = "/api/v2/extract"
FINAL = ("COMPLETED", "FAILED", "CANCELLED")


def body_of(file_id: str, **more: Any) -> dict[str, Any]:
    return {"file_input": file_id, "configuration": {"data_schema": SCHEMA, **more}}


# Idempotency keys


def test_the_same_key_and_body_is_one_job_and_one_answer(http: Any) -> None:
    body = body_of(http.upload())
    headers = {"Idempotency-Key": new_id("k")}
    first = http.post(CREATE, json=body, headers=headers)
    http.until(first.json()["id"], "COMPLETED")
    second = http.post(
        CREATE, json=dict(reversed(body.items())), headers=headers
    )  # the same JSON, other bytes
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.content == first.content  # the answer of then, not the job of now
    assert second.headers["idempotency-replayed"] == "true"
    assert first.headers.get("idempotency-replayed") != "true"
    assert [
        job["id"] for job in http.get(CREATE, params={"file_input": body["file_input"]}).json()["items"]
    ] == [first.json()["id"]]


def test_the_same_key_with_another_body_is_refused(http: Any) -> None:
    file_id = http.upload()
    headers = {"Idempotency-Key": new_id("k")}
    assert http.post(CREATE, json=body_of(file_id), headers=headers).status_code == 200
    other = http.post(CREATE, json=body_of(file_id, max_pages=3), headers=headers)
    assert other.status_code == 422
    assert other.json()["detail"][0]["loc"] == ["header", "idempotency-key"]
    assert len(http.get(CREATE, params={"file_input": file_id}).json()["items"]) == 1


def test_another_project_is_another_scope_and_no_key_is_no_scope(http: Any) -> None:
    headers = {"Idempotency-Key": new_id("k")}
    body = body_of(http.upload())
    other = {"project_id": "prj-other"}
    upload = {"files": {"file": ("note.txt", b"hello")}, "data": {"purpose": "extract"}}
    elsewhere = body_of(http.post("/api/v1/beta/files", params=other, **upload).json()["id"])
    answers = [
        http.post(CREATE, json=body, headers=headers),
        http.post(CREATE, json=elsewhere, headers=headers, params=other),
        http.post(CREATE, json=body),
        http.post(CREATE, json=body),
    ]
    assert len({answer.json()["id"] for answer in answers}) == 4


def test_a_kept_answer_is_given_however_full_the_service_is(
    start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = start()
    client.until(client.start_job("slow.txt"), "RUNNING")
    body, headers = body_of(client.upload()), {"Idempotency-Key": "one"}
    first = client.post(CREATE, json=body, headers=headers)
    for name, value in {"MAX_OPEN_JOBS": "1", "MIN_FREE_BYTES": str(10**18)}.items():
        monkeypatch.setenv(f"EXTRACT_BRIDGE_{name}", value)
        assert client.post(CREATE, json=body).status_code in {429, 503}
        again = client.post(CREATE, json=body, headers=headers)
        assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    other = client.post(CREATE, json=body, headers={"Idempotency-Key": "two"})
    assert other.status_code == 503


def test_a_refusal_is_not_kept(http: Any) -> None:
    headers = {"Idempotency-Key": new_id("k")}
    assert http.post(CREATE, json=body_of("dfl-none"), headers=headers).status_code == 400
    assert http.post(CREATE, json=body_of(http.upload()), headers=headers).status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_a_length(key: str, http: Any) -> None:
    reply = http.post(CREATE, json=body_of(http.upload()), headers={"Idempotency-Key": key})
    assert reply.status_code == 422


def test_a_key_in_flight_is_worth_trying_again(
    start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = start()
    body, headers = body_of(client.upload()), {"Idempotency-Key": "one"}
    entered, gate = threading.Event(), threading.Event()
    add = SqliteJobStore.add_job

    def slow_add(*args: Any, **kwargs: Any) -> Any:
        entered.set()
        gate.wait()
        return add(*args, **kwargs)

    monkeypatch.setattr(SqliteJobStore, "add_job", slow_add)
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(client.post(CREATE, json=body, headers=headers)))
    thread.start()
    entered.wait()
    refused = client.post(CREATE, json=body, headers=headers)
    gate.set()
    thread.join()
    assert (refused.status_code, refused.headers["x-should-retry"]) == (409, "true")
    assert int(refused.headers["retry-after"]) >= 1
    again = client.post(CREATE, json=body, headers=headers)
    assert again.json()["id"] == answers[0].json()["id"]


def test_a_key_outlives_the_service_and_ends_after_its_time(
    start: Callable[..., Any], tmp_path: Path
) -> None:
    client = start()
    body, headers = body_of(client.upload()), {"Idempotency-Key": "one"}
    first = client.post(CREATE, json=body, headers=headers).json()["id"]
    client.close()
    client = start()
    assert client.post(CREATE, json=body, headers=headers).json()["id"] == first
    with closing(sqlite3.connect(tmp_path / "data" / "service.sqlite3")) as connection, connection:
        connection.execute("UPDATE kept_answers SET expires_at = ?", (now_text(hours=-1),))
    assert client.post(CREATE, json=body, headers=headers).json()["id"] != first


def new_job() -> StoredJob:
    return StoredJob(
        id=new_id("ext-"), project_id="p", file_input="dfl-1", configuration={}, created_at=now_text()
    )


def kept_for(job: StoredJob, scope: str = "s") -> KeptAnswer:
    return KeptAnswer(
        scope=scope, fingerprint="f", job_id=job.id, answer=job.id, expires_at=now_text(hours=1)
    )


def test_one_key_from_many_threads_is_one_job(tmp_path: Path) -> None:
    store = SqliteJobStore(tmp_path / "store.sqlite3")
    jobs = [new_job() for _ in range(16)]
    earlier: list[KeptAnswer | None] = []
    threads = [
        threading.Thread(target=lambda job=job: earlier.append(store.add_job(job, kept=kept_for(job))))
        for job in jobs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored = [job.id for job in store.list_jobs(JobQuery())]
    assert len(stored) == 1
    assert earlier.count(None) == 1
    assert {kept.answer for kept in earlier if kept} == set(stored)
    store.close()


# Observers


def test_what_an_observer_writes_is_one_transaction_with_the_change(tmp_path: Path) -> None:
    store = SqliteJobStore(tmp_path / "store.sqlite3")
    store.database.connection().execute("CREATE TABLE told (job_id, status)")
    refuse = ""

    def observer(connection: sqlite3.Connection, job: StoredJob) -> None:
        connection.execute("INSERT INTO told VALUES (?, ?)", (job.id, job.status))
        if job.status == refuse:
            raise LookupError

    store.observe(observer)

    def told() -> list[str]:
        return [row[0] for row in store.database.connection().execute("SELECT status FROM told")]

    job = new_job()
    store.add_job(job)
    lease = store.claim(now=0, lease_seconds=30)
    assert lease is not None
    refuse = "COMPLETED"
    with pytest.raises(LookupError):
        store.complete(lease, result="{}", field_metadata="{}", pages=1, warnings=())
    kept = store.get_job(job.id)
    assert kept is not None
    assert (kept.status, kept.result, told()) == ("RUNNING", None, ["PENDING", "RUNNING"])
    refuse = ""
    assert store.complete(lease, result="{}", field_metadata="{}", pages=1, warnings=())
    assert not store.complete(lease, result="{}", field_metadata="{}", pages=1, warnings=())
    store.cancel(job.id)  # final: nothing changes, nothing is told
    assert told() == ["PENDING", "RUNNING", "COMPLETED"]

    refuse = "PENDING"
    with pytest.raises(LookupError):
        store.add_job(new_job())
    assert len(store.list_jobs(JobQuery())) == 1
    store.close()


def test_a_lease_of_another_attempt_does_nothing(tmp_path: Path) -> None:
    store = SqliteJobStore(tmp_path / "store.sqlite3")
    store.add_job(new_job())
    lease = store.claim(now=0, lease_seconds=30)
    assert lease is not None
    store.database.connection().execute("UPDATE jobs SET attempts = attempts + 1")
    assert not store.heartbeat(lease, until=60)
    assert not store.fail(lease, error_message="no")
    assert not store.release(lease)
    store.close()


# Leases of the dead


@pytest.mark.skipif(os.name == "nt", reason="the system has no such lock: leases run out by time")
def test_jobs_of_a_dead_service_are_taken_back_at_once(start: Callable[..., Any], tmp_path: Path) -> None:
    client = start()
    job_id = client.start_job("slow.txt")
    client.until(job_id, "RUNNING")
    client.close()
    with closing(sqlite3.connect(tmp_path / "data" / "service.sqlite3")) as connection, connection:
        # As a kill leaves it, with a lease that would run out after centuries.
        connection.execute("UPDATE jobs SET status = 'RUNNING', lease_token = 'dead', lease_until = 2e10")
        connection.execute("UPDATE files SET name = 'note.txt'")
    assert start().until(job_id, "COMPLETED")["extract_result"]["text"] == "hello"


@pytest.mark.skipif(os.name == "nt", reason="the system has no such lock: leases run out by time")
def test_jobs_of_a_living_service_are_left_to_it(start: Callable[..., Any], tmp_path: Path) -> None:
    first = start()
    slow = first.start_job("slow.txt")
    first.until(slow, "RUNNING")
    settings_of_another = Presence(tmp_path / "data")
    assert not settings_of_another.alone
    settings_of_another.leave()
    assert first.until(slow, "RUNNING")["status"] == "RUNNING"
    first.close()
    last = Presence(tmp_path / "data")
    assert last.alone
    last.leave()


@pytest.mark.skipif(os.name == "nt", reason="the system has no such lock: leases run out by time")
def test_presence_is_shared_and_ends(tmp_path: Path) -> None:
    first = Presence(tmp_path)
    assert first.alone
    waiting = threading.Thread(target=lambda: others.append(Presence(tmp_path)))
    others: list[Presence] = []
    waiting.start()
    first.share()  # lets the other in
    waiting.join()
    assert not others[0].alone
    first.leave()
    first.leave()
    third = Presence(tmp_path)
    assert not third.alone  # the second is still there
    for presence in (third, *others):
        presence.leave()
    alone = Presence(tmp_path)
    assert alone.alone
    alone.leave()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_forked_child_keeps_no_lock(tmp_path: Path) -> None:
    presence = Presence(tmp_path)
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(write)
        os.read(read, 1)  # until the parent has looked
        os._exit(0)
    os.close(read)
    while True:  # the child lets go as soon as it runs
        presence.leave()
        again = Presence(tmp_path)
        alone = again.alone
        again.leave()
        if alone:
            break
    os.close(write)
    os.waitpid(child, 0)


# Retention


def test_what_is_over_is_removed_and_nothing_else(start: Callable[..., Any], tmp_path: Path) -> None:
    client = start()
    kept_job, old_job = client.start_job(), client.start_job()
    for job_id in (kept_job, old_job):
        client.until(job_id, *FINAL)
    waiting = client.start_job("slow.txt")  # its file is needed, however old
    client.until(waiting, "RUNNING")
    used = client.get(f"{CREATE}/{waiting}").json()["file_input"]
    old_file, fresh_file = client.upload(), client.upload()
    client.close()
    folder = tmp_path / "data" / "files"
    (folder / "lost").write_bytes(b"an upload that a kill ended")
    with closing(sqlite3.connect(tmp_path / "data" / "service.sqlite3")) as connection, connection:
        connection.execute("UPDATE files SET expires_at = '2000' WHERE id IN (?, ?)", (old_file, used))
        connection.execute("UPDATE jobs SET updated_at = '2000' WHERE id IN (?, ?)", (old_job, waiting))
    client = start()
    assert client.get(f"{CREATE}/{old_job}").status_code == 404
    assert client.get(f"{CREATE}/{kept_job}").status_code == 200
    assert client.get(f"{CREATE}/{waiting}").status_code == 200
    assert client.get(f"/api/v1/beta/files/{old_file}").status_code == 404
    assert client.get(f"/api/v1/beta/files/{fresh_file}").status_code == 200
    with closing(sqlite3.connect(tmp_path / "data" / "service.sqlite3")) as connection:
        rows = {row[0] for row in connection.execute("SELECT path FROM files")}
    assert {path.name for path in folder.iterdir()} == rows


def test_uploads_in_progress_are_no_orphans_while_a_service_runs(tmp_path: Path) -> None:
    store = SqliteJobStore(tmp_path / "store.sqlite3")
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "arriving").touch()
    (folder / "lost").touch()
    os.utime(folder / "lost", (0, 0))
    done = purge(store, folder)
    assert (done.files, done.jobs, done.answers, done.orphans) == (0, 0, 0, 1)
    assert [path.name for path in folder.iterdir()] == ["arriving"]
    assert purge(store, folder, alone=True).orphans == 1
    store.close()


def test_a_purge_of_many_goes_in_pieces(tmp_path: Path) -> None:
    store = SqliteJobStore(tmp_path / "store.sqlite3", durable=False)
    for number in range(1203):
        job = new_job()
        store.add_job(job, kept=kept_for(job, str(number)))
    store.database.connection().execute("UPDATE jobs SET status = 'CANCELLED', updated_at = '2000'")
    store.database.connection().execute("UPDATE kept_answers SET expires_at = '2000'")
    gone = store.purge(now=now_text(), jobs_before="2001")
    assert (gone.paths, gone.jobs, gone.answers) == ((), 1203, 1203)
    assert store.list_jobs(JobQuery()) == []
    store.close()


def test_the_limits_of_retention_are_settings(
    start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_FILE_HOURS", "1")
    client = start()
    file = client.get(f"/api/v1/beta/files/{client.upload()}").json()
    assert now_text() < file["expires_at"] <= now_text(hours=1)


# Room for more


def test_a_full_disk_refuses_before_anything_is_accepted(
    start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = start()
    body = body_of(client.upload())
    monkeypatch.setenv("EXTRACT_BRIDGE_MIN_FREE_BYTES", str(2**62))
    for refused in (
        client.post(CREATE, json=body),
        client.post("/api/v1/beta/files", files={"file": ("a.txt", b"a")}, data={"purpose": "extract"}),
    ):
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        assert isinstance(refused.json()["detail"], str)
    monkeypatch.delenv("EXTRACT_BRIDGE_MIN_FREE_BYTES")
    assert client.get(CREATE, params={"file_input": body["file_input"]}).json()["items"] == []
    assert client.post(CREATE, json=body).status_code == 200
    assert capacity.limit("min_free_bytes") == 256 * 1024 * 1024


def test_a_full_queue_refuses_until_there_is_room(
    start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_OPEN_JOBS", "2")
    client = start()
    jobs = [client.start_job("slow.txt") for _ in range(2)]
    refused = client.post(CREATE, json=body_of(client.upload()))
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
    client.post(f"{CREATE}/{jobs[1]}/cancel")
    assert client.post(CREATE, json=body_of(client.upload())).status_code == 200


def test_a_folder_of_a_newer_version_is_refused_and_left(start: Callable[..., Any], tmp_path: Path) -> None:
    client = start()
    client.upload()
    client.close()
    path = tmp_path / "data" / "service.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="format 999"):
        start().get(CREATE)
    assert path.read_bytes() == before
    again = Presence(tmp_path / "data")
    assert again.alone or os.name == "nt"  # the one that was refused holds no lock
    again.leave()


def test_two_services_share_a_folder(
    start: Callable[..., Any], serve_on_a_socket: Callable[..., Any], tmp_path: Path
) -> None:
    first = start()
    slow = first.start_job("slow.txt")
    before = first.until(slow, "RUNNING")
    settings = ServiceSettings(data_dir=tmp_path / "data", worker_command=STAND_IN, workers=1)
    with (
        serve_on_a_socket(settings) as url,
        httpx.Client(base_url=url, trust_env=False) as second,
    ):
        assert (
            second.get(f"{CREATE}/{slow}").json()["updated_at"] == before["updated_at"]
        )  # not taken from it
        upload = {"files": {"file": ("note.txt", b"hello")}, "data": {"purpose": "extract"}}
        file_id = second.post("/api/v1/beta/files", **upload).json()["id"]
        job_id = second.post(CREATE, json=body_of(file_id)).json()["id"]
        assert (
            first.until(job_id, *FINAL)["status"] == "COMPLETED"
        )  # by the second: the first has one worker, and it is busy
    assert first.until(slow, "RUNNING")["status"] == "RUNNING"


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_every_earlier_format_is_brought_up_to_date(version: int, tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    earlier = Database(path, MIGRATIONS[:version])
    with earlier.write() as connection:
        connection.execute(
            "INSERT INTO jobs (id, project_id, file_input, configuration, status, created_at, updated_at)"
            " VALUES ('ext-1', 'p', 'dfl-1', '{}', 'PENDING', '2026', '2026')"
        )
    earlier.close()
    store = SqliteJobStore(path)
    lease = store.claim(now=0, lease_seconds=30)
    assert lease is not None
    assert lease.job.id == "ext-1"
    assert store.complete(lease, result="{}", field_metadata="{}", pages=1, warnings=())
    store.close()
    assert copy_of(path, version).exists()
    Database(copy_of(path, version), MIGRATIONS[:version]).close()
