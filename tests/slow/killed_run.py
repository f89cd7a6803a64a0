"""Runs over a ledger, each in a process of its own that ends itself with SIGKILL at one named point, or only notes which points it reached.

The process of this script imports everything once, and is forked for each run: a start costs milliseconds. It has no thread, and no ledger is
open in it. It takes and gives a line of JSON at a time:

    {"start": {"base_url": …, "folder": …, "scenes": […], "tag": …, "keys": …, "kill_at": …}} -> the process id
    {"ended": process id} -> null while it runs, then how it ended, as `subprocess` says it; asked no more after that

When its input ends, it ends whatever is left.

A point is a commit of the ledger (`<module>.<method>`), a request (`http.<what>`) or another external effect, each `before` and `after`:
before a commit means after its last statement.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Any

import httpx

from extract_bridge import ExtractClient, PollPolicy, RetryPolicy
from extract_bridge.bulk import Budget, Ledger, collect, extract_many, submit
from extract_bridge.bulk.ledger import owners
from extract_bridge.bulk.ledger.shelf import Shelf
from extract_bridge.client.http import Sender
from extract_bridge.core.errors import APIError

LEDGER = "extract_bridge.bulk.ledger"
SCHEMA = {"title": "Note", "type": "object", "properties": {"text": {"type": ["string", "null"]}}}
RETRY = RetryPolicy(settle_after=0.3, first=0.05, most=0.2)
POLL = PollPolicy(first=0.01, most=0.05)


class Life:
    """What the one run of this process was asked to be; set after the fork."""

    log = -1
    kill_at: str | None = None


class Left(Exception):  # noqa: N818 - no error
    """Whoever waited for the job has gone."""


def point(name: str, when: str) -> None:
    if Life.log < 0:
        return
    os.write(Life.log, f"{name} {when}\n".encode())
    if f"{name} {when}" == Life.kill_at:
        os.write(Life.log, b"KILLED\n")
        os.kill(os.getpid(), signal.SIGKILL)


def caller() -> str:
    """`<module>.<function>` of the nearest public function of the ledger that led here."""
    frame = sys._getframe(2)
    while frame is not None:
        module, name = str(frame.f_globals.get("__name__")), frame.f_code.co_name
        if module.startswith(LEDGER) and not module.endswith(".shelf") and not name.startswith(("_", "<")):
            return f"{module.rpartition('.')[2]}.{name}"
        frame = frame.f_back
    return "unknown"


def around(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def watched(*args: Any, **kwargs: Any) -> Any:
        point(name, "before")
        result = call(*args, **kwargs)
        point(name, "after")
        return result

    return watched


def watch_commits() -> None:
    write, write_durably = Shelf.write, Shelf.write_durably

    @contextmanager
    def watched(self: Shelf) -> Iterator[Any]:
        name = caller()
        with write(self) as connection:
            yield connection
            point(name, "before")
        point(name, "after")

    def watched_durably(self: Shelf, work: Callable[[Any], Any]) -> Any:
        name = caller()

        def working(connection: Any) -> Any:
            result = work(connection)
            point(name, "before")
            return result

        result = write_durably(self, working)
        point(name, "after")
        return result

    Shelf.write, Shelf.write_durably = watched, watched_durably  # type: ignore[method-assign]


def watch_effects() -> None:
    owners.Presence.__init__ = around("owners.Presence", owners.Presence.__init__)  # type: ignore[method-assign]
    owners.sweep = around("owners.sweep", owners.sweep)
    send = Sender.__call__

    def sending(self: Sender, call: Any) -> Any:
        name = f"http.{kind_of(call)}"
        point(name, "before")
        reply = send(self, call)
        point(name, "after")
        return reply

    Sender.__call__ = sending  # type: ignore[method-assign]


def kind_of(call: Any) -> str:
    if call.parts is not None:
        return "upload"
    if call.method == "DELETE":
        return "delete"
    if call.method == "POST":
        return "cancel" if call.path.endswith("/cancel") else "create"
    if call.path.endswith("/extract"):
        return "list"
    return "read" if call.query else "look"


class Run:
    """The scenes of a run. Each can be played again after a kill, and comes to the same end."""

    def __init__(self, *, base_url: str, folder: str, tag: str, keys: bool) -> None:
        hooks = {} if keys else {"request": [lambda request: request.headers.pop("idempotency-key", None)]}
        http = httpx.Client(event_hooks=hooks, trust_env=False, timeout=20, base_url=base_url)
        self.client = ExtractClient(base_url=base_url, http_client=http, retry=RETRY, poll=POLL)
        self.folder, self.tag = Path(folder), tag
        self.ledger = Ledger(self.folder / "ledger.sqlite3")
        self.budget = Budget(1_000_000, unknown_pages=1, name="all")

    def document(self, scene: str) -> tuple[str, bytes]:
        return f"{scene}.txt", f"text: {self.tag} {scene}\n".encode()

    def extract(self, scene: str, **more: Any) -> None:
        job = self.client.run(
            self.document(scene), data_schema=SCHEMA, ledger=self.ledger, budget=self.budget, **more
        )
        assert job.extract_result == {"text": f"{self.tag} {scene}"}, job.extract_result

    def play_run(self) -> None:
        self.extract("run")

    def play_submit(self) -> None:
        submit(
            [self.document("submit")],
            ledger=self.ledger,
            client=self.client,
            budget=self.budget,
            data_schema=SCHEMA,
        )
        given = list(collect(self.ledger, client=self.client, wait=20))
        self.extract("submit")
        assert {item.source for item in given} <= {"submit.txt"}

    def play_leave(self) -> None:
        def gone(_: Any) -> None:
            raise Left

        with suppress(Left):
            self.extract("leave", on_progress=gone)
        self.extract("leave")

    def play_cancel(self) -> None:
        """Its caller is interrupted, once: played again after a kill, nobody is, or a job more would be cancelled each time."""
        mark = self.folder / "interrupted"

        def interrupted(_: Any) -> None:
            if not mark.exists():
                mark.write_text("")
                raise KeyboardInterrupt

        with suppress(KeyboardInterrupt):
            self.extract("cancel", on_progress=interrupted)
        self.extract("cancel")

    def play_lost(self) -> None:
        """Its job is deleted, once, while nobody waits for it."""
        mark = self.folder / "deleted"

        def gone(job: Any) -> None:
            if not mark.exists():
                mark.write_text(job.id)
            if mark.read_text() == job.id:
                raise Left

        with suppress(Left):
            self.extract("lost", on_progress=gone)
        if mark.exists():
            with suppress(APIError):
                self.client.wait(mark.read_text())
                self.client.delete(mark.read_text())
        self.extract("lost")

    def play_care(self) -> None:
        self.extract("care")
        assert self.ledger.record("nobody's") is None
        assert self.ledger.prune(older_than=1e9) == 0
        assert self.ledger.recover() == 0
        assert not self.ledger.resolve("nobody's", job_id=None)

    def play_many(self) -> None:
        """Documents in threads, as they come."""
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda number: self.extract(f"many-{number}"), range(6)))

    def play_scheduled(self) -> None:
        """The same documents, all of them in one call."""
        found = extract_many(
            [self.document(f"many-{number}") for number in range(6)],
            client=self.client,
            ledger=self.ledger,
            budget=self.budget,
            data_schema=SCHEMA,
            max_concurrency=6,
        )
        for item in found:
            assert item.error is None, item.error
            assert item.job is not None
            assert item.job.extract_result == {"text": f"{self.tag} {item.source.removesuffix('.txt')}"}

    def play_storm(self) -> None:
        """More of them, over a service that loses answers."""
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: self.extract(f"storm-{number}"), range(60)))

    def play_naive(self) -> None:
        """What people write with the official client: append each result to a file, and skip what is in it."""
        from llama_cloud import LlamaCloud  # in the child: it takes a second, which only this scene pays

        done = self.folder / "results.jsonl"
        known = (
            {json.loads(line)["name"] for line in done.read_text().splitlines()} if done.exists() else set()
        )
        with LlamaCloud(base_url=str(self.client.address), api_key="any") as sdk, done.open("a") as out:
            os.write(Life.log, b"naive begins\n")

            def one(number: int) -> None:
                name, content = self.document(f"many-{number}")
                if name in known:
                    return
                file = sdk.files.create(file=(name, content), purpose="extract")
                job = sdk.extract.create(file_input=file.id, configuration={"data_schema": SCHEMA})
                while job.status not in {"COMPLETED", "FAILED", "CANCELLED"}:
                    time.sleep(0.01)
                    job = sdk.extract.get(job.id)
                out.write(json.dumps({"name": name, "result": job.extract_result}) + "\n")
                out.flush()

            with ThreadPoolExecutor(4) as pool:
                list(pool.map(one, range(6)))

    def play_slow(self) -> None:
        self.extract("slow")


def play(*, scenes: list[str], log: str, errors: str, kill_at: str | None, **more: Any) -> None:
    """Be a run."""
    os.dup2(os.open(errors, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), 2)
    Life.log, Life.kill_at = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), kill_at
    warnings.simplefilter("error")
    run = Run(**more)
    for scene in scenes:
        os.write(Life.log, f"scene {scene}\n".encode())
        getattr(run, f"play_{scene}")()
    run.ledger.close()


def ended(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found == pid else None


def main() -> None:
    """Fork for each line that asks for it."""
    watch_commits()
    watch_effects()
    living: set[int] = set()
    for line in sys.stdin:
        asked = json.loads(line)
        if "start" in asked:
            answer: int | None = os.fork()
            if answer == 0:
                try:
                    play(**asked["start"])
                except BaseException:  # noqa: BLE001 - told to whoever started it
                    sys.excepthook(*sys.exc_info())
                    sys.stderr.flush()
                    os._exit(1)
                os._exit(0)
            assert answer is not None
            living.add(answer)
        else:
            answer = ended(asked["ended"])
            if answer is not None:
                living.remove(asked["ended"])
        print(json.dumps(answer), flush=True)
    for pid in living:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
