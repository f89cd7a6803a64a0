"""`extract-bridge serve` as a process of its own."""

from __future__ import annotations

import inspect
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from typer.testing import CliRunner

from extract_bridge.cli.app import app, start
from extract_bridge.cli.commands.service import serve as serve_command
from extract_bridge.cli.serve import serve

SCHEMA = {"type": "object", "properties": {"number": {"type": ["string", "null"]}}}
START = "from extract_bridge.cli import main; main()"


@contextmanager
def served(folder: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", START, "serve", "--port", "0", "--data-dir", "data", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, (line, process.communicate())
        yield found[0], process
    finally:
        process.kill()
        process.communicate()


def extract(url: str, **headers: str) -> dict[str, Any]:
    with httpx.Client(base_url=url, headers=headers, trust_env=False) as http:
        reply = http.post(
            "/api/v1/beta/files", files={"file": ("a.txt", b"Number: A-17\n")}, data={"purpose": "extract"}
        )
        body = {"file_input": reply.raise_for_status().json()["id"], "configuration": {"data_schema": SCHEMA}}
        job: dict[str, Any] = http.post("/api/v2/extract", json=body).json()
        while job["status"] not in {"COMPLETED", "FAILED"}:
            time.sleep(0.1)  # a line of log each, and nobody empties the pipe meanwhile
            job = http.get(f"/api/v2/extract/{job['id']}").json()
    return job


def test_it_says_where_works_and_stops_gracefully(tmp_path: Path) -> None:
    with served(tmp_path) as (url, process):
        assert url.startswith("http://127.0.0.1:")
        job = extract(url)
        assert job["extract_result"] == {"number": "A-17"}
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert errors == ""
        assert process.returncode in {0, 130, -signal.SIGINT}
    with served(tmp_path) as (url, _):
        assert httpx.get(f"{url}/api/v2/extract/{job['id']}", trust_env=False).json() == job


def test_a_service_that_was_killed_goes_on_with_what_it_accepted(tmp_path: Path) -> None:
    with served(tmp_path) as (url, process):
        with httpx.Client(base_url=url, trust_env=False) as http:
            reply = http.post(
                "/api/v1/beta/files",
                files={"file": ("a.txt", b"Number: A-17\n")},
                data={"purpose": "extract"},
            )
            body = {"file_input": reply.json()["id"], "configuration": {"data_schema": SCHEMA}}
            jobs = [http.post("/api/v2/extract", json=body).json()["id"] for _ in range(20)]
        process.kill()
        process.wait()
    with served(tmp_path) as (url, _), httpx.Client(base_url=url, trust_env=False) as http:
        for job_id in jobs:
            job = http.get(f"/api/v2/extract/{job_id}").json()
            assert job["status"] in {"PENDING", "RUNNING", "COMPLETED"}
            while job["status"] == "PENDING":
                job = http.get(f"/api/v2/extract/{job_id}").json()


def test_a_key_is_asked_for(tmp_path: Path) -> None:
    with served(tmp_path, "--api-key", "llx-local") as (url, _):
        for headers in ({}, {"authorization": "Bearer wrong"}):
            refused = httpx.get(f"{url}/api/v2/extract", headers=headers, trust_env=False)
            assert (refused.status_code, refused.json()) == (401, {"detail": "Invalid API Key"})
        assert extract(url, authorization="Bearer llx-local")["status"] == "COMPLETED"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_another_address_without_a_key_is_refused(host: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["serve", "--host", host, "--data-dir", str(tmp_path / "data")])
    assert done.exit_code == 2
    assert "--api-key" in done.output
    assert not (tmp_path / "data").exists()


def test_opened_source_hosts_without_source_urls_are_a_mistake(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["serve", "--allow-source-host", "127.0.0.1", "--data-dir", str(tmp_path / "data")]
    )
    assert done.exit_code == 2
    assert "--allow-source-url" in done.output
    assert not (tmp_path / "data").exists()


COMMAND = "import sys; from extract_bridge.cli.app import start; sys.exit(start(sys.argv[1:]))"


def told(folder: Path, **environment: str) -> tuple[int, str]:
    """How `extract-bridge serve` ends where it cannot start, and all that it says."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", COMMAND, "serve", "--port", "0", "--data-dir", "data"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_folder_that_cannot_be_opened_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect(tmp_path / "data" / "service.sqlite3")) as database:
        database.execute("PRAGMA user_version=99")
        database.execute("CREATE TABLE a (x)")
    code, said = told(tmp_path)
    assert code not in {0, -15}
    assert "format 99" in said
    assert "newer extract-bridge" in said
    assert "Traceback" not in said
    assert str(tmp_path) not in said


def test_a_limit_that_is_no_number_is_told_before_the_first_request(tmp_path: Path) -> None:
    code, said = told(tmp_path, EXTRACT_BRIDGE_MAX_BODY_BYTES="many")
    assert code not in {0, -15}
    assert "EXTRACT_BRIDGE_MAX_BODY_BYTES" in said
    assert "Traceback" not in said
    assert not (tmp_path / "data").exists()


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-c", COMMAND, "serve", "--port", port, "--data-dir", "data"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode not in {0, -15}
    assert "address already in use" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET /health/live HTTP/9.9\r\n\r\n",
        b"POST /api/v2/extract HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: many\r\n\r\n{}",
        b"POST /api/v2/extract HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: -1\r\n\r\n{}",
        b"POST /api/v2/extract HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"POST /api/v2/extract HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 99999999\r\n\r\n{",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # the first bytes of TLS
    ],
    ids=["words", "version", "length", "negative", "chunks", "too long", "tls"],
)
def test_what_is_no_http_is_answered_or_cut_off_and_the_service_goes_on(sent: bytes, running: str) -> None:
    host, port = running.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(sent)
        got = b""
        try:
            while chunk := connection.recv(65536):
                got += chunk
        except ConnectionResetError:
            pass
    assert got == b"" or got.split(b" ")[1] in {b"400", b"413", b"431"}
    assert b"Traceback" not in got
    assert httpx.get(f"{running}/health/ready", trust_env=False).json() == {"status": "ok"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("running")) as (url, _):
        yield url


def test_the_command_offers_all_that_serve_takes() -> None:
    offered, taken = (
        {name: item.default for name, item in inspect.signature(command).parameters.items()}
        for command in (serve_command, serve)
    )
    assert offered == taken


def test_it_writes_one_line_of_json_a_request_when_asked(tmp_path: Path) -> None:
    with served(tmp_path, "--log-level", "info") as (url, process):
        job = extract(url)
        httpx.get(f"{url}/health/live", trust_env=False)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    lines = [json.loads(line) for line in errors.splitlines()]
    requests = [line for line in lines if line["message"] == "request"]
    assert {line["method"] for line in requests} == {"GET", "POST"}
    assert all(line["request_id"] and line["status"] < 300 for line in requests)
    created = [line["job_id"] for line in requests if line["route"] == "/api/v2/extract"]
    assert created == [job["id"]]
    assert [line["job_id"] for line in lines if line["message"] == "job worked on"] == created
    assert "A-17" not in errors
    assert "a.txt" not in errors


def test_another_name_of_this_machine_is_refused_unless_allowed(tmp_path: Path) -> None:
    with served(tmp_path, "--allow-host", "docs.example") as (url, _):
        for host, status in {"docs.example": 200, "127.0.0.1": 200, "evil.example": 400}.items():
            assert (
                httpx.get(f"{url}/health/ready", headers={"host": host}, trust_env=False).status_code
                == status
            )


def test_an_idle_connection_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    taken = {}

    class Config:
        def __init__(self, _app: object, **settings: Any) -> None:
            taken.update(settings)
            raise KeyboardInterrupt

    monkeypatch.setattr("extract_bridge.cli.serve.uvicorn.Config", Config)
    with pytest.raises(KeyboardInterrupt):
        serve(data_dir=tmp_path)
    assert taken["timeout_keep_alive"] == 75


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"llm_url": "http://127.0.0.1:1/v1"}, "belong together"),
        ({"llm_model": "tiny"}, "belong together"),
    ],
)
def test_half_a_language_model_is_refused(
    settings: dict[str, str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as leaving:
        serve(data_dir=tmp_path, **settings)  # type: ignore[arg-type]
    assert leaving.value.exit_code == 2
    assert says in capsys.readouterr().err


def test_a_language_model_without_its_key_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-c", START, "serve", "--data-dir", str(tmp_path)]
    llm = ["--llm-url", "https://models.example/v1", "--llm-model", "tiny", "--llm-key-env", "NO_SUCH_KEY"]
    done = subprocess.run([*command, *llm], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "NO_SUCH_KEY holds no key" in done.stderr
    assert "Traceback" not in done.stderr


def test_run_against_a_service_that_asks_for_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("Number: A-17\n")
    Path("schema.json").write_text(json.dumps(SCHEMA))
    with served(tmp_path, "--api-key", "llx-local") as (url, _):
        command = ["run", "a.txt", "--schema", "schema.json", "--out", "o.jsonl", "--base-url", url]
        assert start(command) == 1
        said = capsys.readouterr().err
        assert "401" in said
        assert "0 of 1 documents are read, 1 failed. The same command tries again" in said
        assert not Path("o.jsonl").exists()
        monkeypatch.setenv("MY_KEY", "llx-local")
        assert start([*command, "--api-key-env", "MY_KEY"]) == 0
    assert json.loads(Path("o.jsonl").read_text())["data"] == {"number": "A-17"}
    assert "llx-local" not in said + "".join(capsys.readouterr())
