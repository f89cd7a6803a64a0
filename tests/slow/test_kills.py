"""A service that is killed, anywhere in a job's life, ends each job that it accepted exactly once.

Loss of power is not tested: a killed process leaves what it wrote to the kernel, so these tests say nothing of what reached the disk.
"""

from __future__ import annotations

import ast
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

import extract_bridge.local.service
from extract_bridge.core.wire.webhooks import WebhookEvent

T = TypeVar("T")
HERE = Path(__file__).parent
SERVICE = Path(extract_bridge.local.service.__file__).parent
STAND_IN = HERE.parent / "local" / "service" / "stand_in_worker.py"
SCHEMA = {"type": "object", "properties": {"text": {"type": ["string", "null"]}}}
FINAL = {"COMPLETED", "FAILED", "CANCELLED"}
PATIENCE = 120.0  # seconds; what has not come by then does not come, and the drill is red instead of still
SHORT = os.environ.get("EXTRACT_BRIDGE_SHORT") == "1"  # read before the tests' clean environment
SEED = int(os.environ.get("EXTRACT_BRIDGE_SEED", "1"))

# Each commit and each external effect of a job's life, from its upload to its end by retention.
COMMITS = (
    "sqlite_store.add_file",
    "sqlite_store.add_job",
    "sqlite_store.claim",
    "sqlite_store.heartbeat",
    "parse_store.add_finished",
    "sqlite_store.complete",
    "sqlite_store.fail",
    "sqlite_store.cancel",
    "sqlite_store.release",
    "sqlite_store.take_back",
    "sqlite_store.purge",
    "sqlite_store.delete_job",
    "sqlite_store.delete_file",
    "outbox.settle",
    "outbox.prune",
)
EFFECTS = (
    "new_files.keep_file:keep",
    "files.delete:unlink",
    "retention.purge:unlink",
    "dispatcher.run:WorkerProcess",
    "dispatcher.run:run",
    "deliverer._work:post",
)
POINTS = tuple(f"{name} {when}" for name in (*COMMITS, *EFFECTS) for when in ("before", "after"))
# What is written or done in the service, but not in the life of an extract job.
APART = frozenset(
    {
        "configurations_store.delete",
        "configurations_store.put",
        "new_files.fetch_file:keep",  # a source_url, for a parse job of its own
        "new_files.fetch_file:unlink",
        "outbox.settled_writes",  # waits for a commit, and writes nothing
        "parse_store.keep",  # a parse job of its own
        "projects_store.bind",
        "scratch.remove:unlink",  # folders that end with their process
        "scratch.sweep:unlink",
        "uploads.keep:unlink",  # what was not wholly received
        "webhooks.create",
        "webhooks.delete",
        "webhooks.update",
    }
)
OTHER_EFFECTS = frozenset(
    {"os.remove", "os.rename", "os.replace", "os.link", "os.symlink", "shutil.move", "shutil.copyfile"}
)


class Receiver:
    """Takes every webhook, and remembers under which ids each event of a job came."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], set[str]] = defaultdict(set)
        seen = self.seen

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                event = WebhookEvent.from_body(self.rfile.read(int(self.headers["content-length"])))
                seen[str(event.job_id), event.event_type].add(event.event_id)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Mother:
    """The process of `killed_service.py`, of which each service is a fork."""

    def __init__(self) -> None:
        command = [sys.executable, str(HERE / "killed_service.py")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, **options: Any) -> Child:
        return Child(self, int(self.ask({"start": options})))

    def ask(self, question: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()
        assert self._process.returncode == 0


class Child:
    """A fork of the mother: a process of its own, killed as a process is."""

    def __init__(self, mother: Mother, pid: int) -> None:
        self.pid, self._mother, self._ended = pid, mother, False

    def ended(self) -> bool:
        self._ended = self._ended or self._mother.ask({"ended": self.pid})
        return self._ended

    def end(self, how: signal.Signals) -> None:
        """Send a signal and wait for the end."""
        if not self.ended():  # its id is nobody else's until the mother was told so
            os.kill(self.pid, how)
        self.wait()

    def wait(self) -> None:
        while not self.ended():
            time.sleep(0.002)


class Killable:
    """The service of `killed_service.py` on one folder and port, started again whenever it is found dead."""

    def __init__(
        self,
        folder: Path,
        mother: Mother,
        *,
        kill_at: str | None = None,
        worker: Path | None = STAND_IN,
        most_starts: int = 10,
    ) -> None:
        self.folder, self.kill_at, self.worker, self.most_starts = folder, kill_at, worker, most_starts
        self._mother = mother
        (folder / "errors").touch()
        self.data, self.log = folder / "data", folder / "points"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False, timeout=20)
        self.receiver = Receiver()
        self.process: Child | None = None
        self.starts = 0

    def start(self) -> None:
        """Until it answers, however often it is killed on the way."""
        while True:
            self._spawn()
            while self.process is not None and not self.process.ended():
                with suppress(httpx.TransportError):
                    self.http.get("/api/v2/extract", params={"page_size": 1})
                    return
                time.sleep(0.005)
            assert self.starts < self.most_starts, (self.folder / "errors").read_text()

    def _spawn(self) -> None:
        self.starts += 1
        self.process = self._mother.start(
            data=str(self.data),
            port=self.port,
            log=str(self.log),
            errors=str(self.folder / "errors"),
            kill_at=None if self.was_killed() else self.kill_at,
            worker=None if self.worker is None else str(self.worker),
        )

    def points(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []

    def workers(self) -> list[int]:
        """The ids of all worker processes that its lives started."""
        return [int(line.partition(" ")[2]) for line in self.points() if line.startswith("worker ")]

    def was_killed(self) -> bool:
        return "KILLED" in self.points()

    def end(self, how: signal.Signals) -> None:
        """Send a signal and wait for the end."""
        assert self.process is not None
        self.process.end(how)

    def ask(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Send a request until it is answered."""
        while True:
            try:
                return self.http.request(method, url, **options)
            except httpx.TransportError:
                assert self.process is not None
                self.process.wait()  # whoever does not answer has been killed
                self.start()

    def upload(self, name: str, content: bytes) -> str:
        part = {"file": (name, content)}
        reply = self.ask("POST", "/api/v1/beta/files", files=part, data={"purpose": "extract"})
        assert reply.status_code == 201, reply.text
        return str(reply.json()["id"])

    def body(self, file_id: str) -> dict[str, Any]:
        hooks = [{"webhook_url": self.receiver.url}]
        return {
            "file_input": file_id,
            "configuration": {"data_schema": SCHEMA},
            "webhook_configurations": hooks,
        }

    def create(self, key: str, file_id: str) -> str:
        reply = self.ask("POST", "/api/v2/extract", json=self.body(file_id), headers={"Idempotency-Key": key})
        assert reply.status_code == 200, reply.text
        return str(reply.json()["id"])

    def until(self, job_id: str, *statuses: str) -> str:
        def reached() -> str | None:
            status = str(self.ask("GET", f"/api/v2/extract/{job_id}").json()["status"])
            assert status in statuses or status not in FINAL, status
            return status if status in statuses else None

        return wait_for(reached)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.data / "service.sqlite3")) as connection, connection:
            return connection.execute(statement).fetchall()

    def close(self) -> None:
        if self.process is not None:
            self.end(signal.SIGKILL)
        self.http.close()
        self.receiver.close()


@pytest.fixture(scope="module")
def mother() -> Iterator[Mother]:
    mother = Mother()
    yield mother
    mother.close()


@pytest.fixture
def killable(tmp_path: Path, mother: Mother) -> Any:
    opened: list[Killable] = []

    def open_one(name: str = "service", **options: Any) -> Killable:
        folder = tmp_path / name
        folder.mkdir()
        opened.append(Killable(folder, mother, **options))
        opened[-1].start()
        return opened[-1]

    yield open_one
    for service in opened:
        service.close()


def wait_for(reached: Callable[[], T | None]) -> T:
    give_up_at = time.monotonic() + PATIENCE
    while not (found := reached()):
        assert time.monotonic() < give_up_at, "it does not come"
        time.sleep(0.005)
    return found


def alive(pid: int) -> bool:
    """A worker with this id runs; it is somebody else's child, and may be dead and not yet reaped."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"worker" in command


def live(service: Killable) -> list[str]:
    """Every kind of end that a job can have; gives the jobs that were accepted."""
    done_file = service.upload("note.txt", b"hello")
    done = service.create("done", done_file)
    service.until(done, "COMPLETED")
    failed = service.create("failed", service.upload("locked.pdf", b"%PDF-"))
    service.until(failed, "FAILED")

    slow = service.create("slow", service.upload("slow.txt", b"x"))
    service.until(slow, "RUNNING")
    beats = service.points().count("sqlite_store.heartbeat after")
    wait_for(
        lambda: service.points().count("sqlite_store.heartbeat after") > beats or service.process.ended()
    )
    service.end(signal.SIGTERM)  # given back
    service.start()
    service.until(slow, "RUNNING")
    service.end(signal.SIGKILL)  # taken back by the next
    service.rows("UPDATE files SET expires_at = '2000' WHERE name = 'locked.pdf'")
    service.rows(f"UPDATE jobs SET updated_at = '2000' WHERE id = '{failed}'")
    service.start()
    service.until(slow, "RUNNING")
    assert service.ask("POST", f"/api/v2/extract/{slow}/cancel").status_code in {200, 409}
    service.until(slow, "CANCELLED")

    assert service.ask("GET", f"/api/v2/extract/{failed}").status_code == 404
    assert service.ask("DELETE", f"/api/v2/extract/{done}").status_code in {200, 404}
    assert service.ask("DELETE", f"/api/v1/beta/files/{done_file}").status_code in {204, 404}
    return [done, failed, slow]


def check_lives(service: Killable, accepted: list[str]) -> Counter[str]:
    """Each accepted job was born once and ended once, no other was born, and nothing is left over or broken."""
    service.end(signal.SIGTERM)
    service.start()
    wait_for(lambda: not service.rows("SELECT 1 FROM webhook_outbox WHERE state = 'open'"))
    service.end(signal.SIGTERM)
    told = Counter(job_id for job_id, _ in service.receiver.seen)
    assert told == Counter(dict.fromkeys(accepted, 2))  # that it began, and how it ended
    assert {len(ids) for ids in service.receiver.seen.values()} == {1}
    assert service.rows("SELECT 1 FROM webhook_outbox WHERE state <> 'delivered'") == []
    noted = Counter(service.rows("SELECT job_id, status = 'BORN' FROM noted WHERE job_id LIKE 'ext-%'"))
    assert noted == Counter({(job_id, born): 1 for job_id in accepted for born in (0, 1)})
    wait_for(lambda: not any(map(alive, service.workers())))
    assert service.rows("PRAGMA integrity_check") == [("ok",)]
    assert service.rows("SELECT id FROM jobs WHERE status IN ('PENDING', 'RUNNING')") == []
    kept = {path for (path,) in service.rows("SELECT path FROM files")}
    assert {path.name for path in (service.data / "files").iterdir() if path.suffix != ".seen"} == kept
    assert (service.folder / "errors").read_text() == ""
    return Counter(
        status
        for (status,) in service.rows(
            "SELECT status FROM noted WHERE status <> 'BORN' AND job_id LIKE 'ext-%'"
        )
    )


def in_the_code() -> set[str]:
    """Every commit and external effect that the service's code has, by the public function that leads to it."""
    found: set[str] = set()
    for path in SERVICE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [
            node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        for function in functions:
            for call in ast.walk(function):
                kind = kind_of(call, path.stem)
                if kind is not None:
                    suffix = "" if kind == "commit" else f":{kind}"
                    found |= {f"{path.stem}.{name}{suffix}" for name in public(function.name, functions)}
    return found


def kind_of(node: ast.AST, module: str) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    called = ast.unparse(node.func)
    if called.endswith(("database.write", "database.write_together")):
        return "commit"
    last = called.rpartition(".")[2]
    if last in {"unlink", "rmtree", "rmdir"} and "scratch" not in called:
        return "unlink"
    if called in {"WorkerProcess", "post"} or (called, module) == ("keep", "new_files"):
        return called
    if called == "worker.run":
        return "run"
    # None of these is there today: bytes that come or go in any other way are a new effect.
    if called in OTHER_EFFECTS or last in {
        "write_bytes",
        "write_text",
        "rename",
        "symlink_to",
        "hardlink_to",
    }:
        return last
    return None


def public(name: str, functions: list[Any]) -> set[str]:
    """The public functions of a module that lead to a private one; that itself where only a thread does."""
    if not name.startswith("_"):
        return {name}
    callers = {
        function.name
        for function in functions
        if function.name not in {name, "__init__"}
        and any(
            isinstance(node, ast.Call | ast.Attribute | ast.Name) and refers(node, name)
            for node in ast.walk(function)
        )
    }
    return set().union(*(public(caller, functions) for caller in callers)) or {name}


def refers(node: ast.AST, name: str) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == name) or (
        isinstance(node, ast.Name) and node.id == name
    )


def test_every_commit_and_effect_of_the_code_is_listed() -> None:
    listed = {*COMMITS, *EFFECTS, *APART}
    assert sorted(in_the_code() - listed) == []
    assert sorted(listed - in_the_code()) == []
    assert len(POINTS) == 42


def test_a_life_reaches_every_point(killable: Any) -> None:
    service = killable()
    ends = check_lives(service, live(service))
    assert ends == {"COMPLETED": 1, "FAILED": 1, "CANCELLED": 1}
    assert set(POINTS) <= set(service.points())


def killed_at(killable: Any, point: str, round_: int) -> None:
    service = killable(f"{POINTS.index(point)}-{round_}", kill_at=point)
    ends = check_lives(service, live(service))
    assert service.was_killed()
    assert ends == {"COMPLETED": 1, "FAILED": 1, "CANCELLED": 1}


@pytest.mark.slow
@pytest.mark.kills
@pytest.mark.parametrize("round_", range(1 if SHORT else 3))
@pytest.mark.parametrize("point", [point for n, point in enumerate(POINTS) if not SHORT or n % 4 in {0, 3}])
def test_killed_at_each_point(point: str, round_: int, killable: Any) -> None:
    killed_at(killable, point, round_)


class Load:
    """Callers who upload and create until told to stop, each create under a key of its own."""

    def __init__(self, service: Killable, callers: int = 3) -> None:
        self.accepted: dict[str, str] = {}
        self.keys: list[str] = []
        self._service = service
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._call, args=(number,)) for number in range(callers)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _call(self, number: int) -> None:
        with httpx.Client(base_url=self._service.http.base_url, trust_env=False, timeout=20) as http:
            step = 0
            while not self._stop.is_set():
                step += 1
                key = f"{number}-{step}"
                self.keys.append(key)
                self.accepted[key] = self._one(http, key)
                time.sleep(0.05)

    def _one(self, http: httpx.Client, key: str) -> str:
        file_id = self._until_answered(
            lambda: http.post(
                "/api/v1/beta/files",
                files={"file": (f"{key}.txt", f"text: {key}".encode())},
                data={"purpose": "extract"},
            ),
            201,
        )
        body = self._service.body(file_id)
        return self._until_answered(
            lambda: http.post("/api/v2/extract", json=body, headers={"Idempotency-Key": key}), 200
        )

    def _until_answered(self, send: Callable[[], httpx.Response], status: int) -> str:
        while True:
            with suppress(httpx.TransportError):
                reply = send()
                assert reply.status_code == status, reply.text
                return str(reply.json()["id"])
            time.sleep(0.02)


def killed_at_random(killable: Any, kills: int) -> None:
    """Kill at random moments under load; what was accepted must end exactly once, and with its own result."""
    chance = random.Random(SEED)
    service = killable("random", worker=None, most_starts=kills + 5)
    load = Load(service)
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(0.05, 1.0))
            service.end(signal.SIGKILL)
            service.start()
    finally:
        load.stop()
    for key in load.keys:
        service.until(load.accepted[key], *FINAL)
        job = service.ask("GET", f"/api/v2/extract/{load.accepted[key]}").json()
        if job["status"] == "COMPLETED":
            assert job["extract_result"] == {"text": key}
        else:  # the oldest job is taken first each time, so one may be hit again and again
            assert "the service ended 5 times" in job["error_message"]
    assert len(load.keys) >= kills
    check_lives(service, list(load.accepted.values()))


def test_ten_random_kills_under_load(killable: Any) -> None:
    killed_at_random(killable, 10)


@pytest.mark.slow
@pytest.mark.kills
def test_random_kills_under_load(killable: Any) -> None:
    killed_at_random(killable, 10 if SHORT else 100)
