"""What happens to jobs whose worker, service or document fails, with real processes."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from extract_bridge.local.service.workers import WorkerProcess


def test_a_worker_is_kept_over_jobs_and_gets_no_keys(
    start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMA_CLOUD_API_KEY", "llx-secret")
    http = start()
    results = [http.until(http.start_job())["extract_result"] for _ in range(3)]
    assert len({result["pid"] for result in results}) == 1
    assert {result["key"] for result in results} == {None}


def test_a_document_that_kills_its_worker_once_is_tried_again(start: Callable[..., Any]) -> None:
    http = start()
    assert http.until(http.start_job("die-once.txt"))["status"] == "COMPLETED"


def test_a_document_that_kills_its_worker_twice_is_failed(start: Callable[..., Any]) -> None:
    http = start()
    job = http.until(http.start_job("die.txt"))
    assert job["status"] == "FAILED"
    assert "ended its worker process twice" in job["error_message"]
    assert http.until(http.start_job())["status"] == "COMPLETED", "the next document has a worker again"


def test_a_document_that_kills_its_worker_fails_a_parse_job_and_a_generation(
    start: Callable[..., Any],
) -> None:
    http = start()
    file_id = http.upload("die.txt")
    made = http.post("/api/v2/parse", json={"file_id": file_id, "tier": "fast", "version": "latest"}).json()
    while (job := http.get(f"/api/v2/parse/{made['id']}").json()["job"])["status"] in {"PENDING", "RUNNING"}:
        pass
    assert job["status"] == "FAILED"
    assert "ended its worker process twice" in job["error_message"]
    refused = http.post("/api/v2/extract/schema/generate", json={"file_id": file_id})
    assert refused.status_code == 400
    assert "ended its worker process twice" in refused.json()["detail"]
    assert http.until(http.start_job())["status"] == "COMPLETED"


def test_a_worker_killed_between_jobs_harms_nobody(start: Callable[..., Any]) -> None:
    http = start()
    pid = http.until(http.start_job())["extract_result"]["pid"]
    os.kill(pid, signal.SIGKILL)
    after = http.until(http.start_job())
    assert after["status"] == "COMPLETED"
    assert after["extract_result"]["pid"] != pid


def test_a_document_over_the_wall_limit_is_failed(
    start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_WORKER_SECONDS", "1")
    http = start()
    job = http.until(http.start_job("slow.txt"))
    assert job["status"] == "FAILED"
    assert job["error_message"].startswith("parsing_error: TIMEOUT: ")
    assert http.until(http.start_job())["status"] == "COMPLETED"


def test_a_worker_that_cannot_start_fails_its_job(start: Callable[..., Any]) -> None:
    for command in (("/nowhere/at/all",), ("/bin/true",)):
        http = start(data_dir=None, worker_command=command, llm=lambda _p, _s: "")
        job = http.until(http.start_job())
        assert job["status"] == "FAILED"
        assert job["error_message"] == "engine_error: the local engine could not start"


@pytest.mark.parametrize(
    ("llm", "says"),
    [
        (None, "there is none"),
        (lambda messages, _schema: f"you asked {messages[0]['content']}", "you asked who?"),
        (lambda _messages, _schema: 1 / 0, "it raised ZeroDivisionError"),
    ],
    ids=["none", "answers", "raises"],
)
def test_a_worker_asks_the_users_language_model(start: Callable[..., Any], llm: Any, says: str) -> None:
    http = start(llm=llm)
    assert http.until(http.start_job("ask.txt"))["extract_result"]["text"] == says


def test_a_new_service_on_the_same_folder_goes_on(start: Callable[..., Any]) -> None:
    first = start()
    running = first.start_job("slow.txt")
    first.until(running, "RUNNING")
    waiting = [first.start_job() for _ in range(3)]
    first.close()
    second = start()
    given_back = second.until(running, "PENDING", "RUNNING")
    assert given_back["status"] in {"PENDING", "RUNNING"}
    second.post(f"/api/v2/extract/{running}/cancel")
    assert [second.until(job_id)["status"] for job_id in waiting] == ["COMPLETED"] * 3


def test_a_service_killed_again_and_again_over_one_document_gives_it_up(
    start: Callable[..., Any], tmp_path: Path
) -> None:
    first = start()
    job_id = first.until(first.start_job())["id"]
    first.close()
    database = sqlite3.connect(tmp_path / "data" / "service.sqlite3")
    with database:  # as five killed services leave it
        database.execute(
            "UPDATE jobs SET status = 'RUNNING', attempts = 5, lease_token = 'lost', lease_until = 0, result = NULL"
        )
    database.close()
    job = start().until(job_id)
    assert job["status"] == "FAILED"
    assert "ended 5 times" in job["error_message"]


def test_more_jobs_than_workers_all_end(start: Callable[..., Any]) -> None:
    http = start(workers=2)
    names = ["note.txt", "die-once.txt", "locked.pdf", "die.txt"] * 5
    jobs = [http.start_job(name) for name in names]
    ends = [http.until(job_id)["status"] for job_id in jobs]
    assert ends == ["COMPLETED", "COMPLETED", "FAILED", "FAILED"] * 5


def test_a_deleted_file_fails_the_job_that_waits_for_it(start: Callable[..., Any]) -> None:
    http = start()
    blocker = http.start_job("slow.txt")
    http.until(blocker, "RUNNING")
    waiting = http.start_job()
    file_id = http.get(f"/api/v2/extract/{waiting}").json()["file_input"]
    http.delete(f"/api/v1/beta/files/{file_id}")
    http.post(f"/api/v2/extract/{blocker}/cancel")
    job = http.until(waiting)
    assert (job["status"], job["error_message"]) == (
        "FAILED",
        "inputs_invalid: the file was deleted meanwhile",
    )


def test_stored_bytes_are_the_owners_alone(start: Callable[..., Any], tmp_path: Path) -> None:
    http = start()
    http.upload("secret.pdf", b"bytes")
    folder = tmp_path / "data"
    assert folder.stat().st_mode & 0o077 == 0
    [stored] = (folder / "files").iterdir()
    assert stored.stat().st_mode & 0o777 == 0o600
    assert "secret" not in stored.name


def test_a_worker_ends_with_its_pipe() -> None:
    with closing(WorkerProcess()) as worker:
        worker.wait_ready()
        worker._stdin.close()
        assert worker._process.wait(timeout=30) == 0
