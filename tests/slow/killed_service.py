"""Services, each in a process of its own that ends itself with SIGKILL at one named point, or only notes which points it reached.

The process of this script imports the service once, and is forked for each life: a start costs milliseconds, so that many can be killed. It
has no thread, and nothing of a service is open in it. It takes and gives a line of JSON at a time:

    {"start": {"data": …, "port": …, "log": …, "errors": …, "kill_at": …, "worker": …}} -> the process id
    {"ended": process id} -> whether that process has ended; asked no more after that

When its input ends, it ends whatever is left.

A point is a commit (`<module>.<method>`) or an external effect (`<module>.<function>:<call>`), each `before` and `after`. A
process with `kill_at` = `<point> before` is killed when it first gets there: before a commit means after its last statement.
Triggers in the database note each job that is born and each that ends, in the transaction that does it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import uvicorn

# What a start would import.
import uvicorn.lifespan.on
import uvicorn.loops.auto
import uvicorn.protocols.http.auto
import uvicorn.protocols.websockets.auto

from extract_bridge.local.service import deliverer, dispatcher, new_files, sqlite_store
from extract_bridge.local.service.app import create_app
from extract_bridge.local.service.state import ServiceSettings
from extract_bridge.sqlite import Database

SERVICE = "extract_bridge.local.service"

NOTES = """
CREATE TABLE IF NOT EXISTS noted (number INTEGER PRIMARY KEY, job_id TEXT, status TEXT);
CREATE TRIGGER IF NOT EXISTS note_birth AFTER INSERT ON jobs BEGIN INSERT INTO noted (job_id, status) VALUES (NEW.id, 'BORN'); END;
CREATE TRIGGER IF NOT EXISTS note_end AFTER UPDATE OF status ON jobs
    WHEN NEW.status NOT IN ('PENDING', 'RUNNING') BEGIN INSERT INTO noted (job_id, status) VALUES (NEW.id, NEW.status); END;
"""


class Life:
    """What the one service of this process was asked to be; set after the fork."""

    log = -1
    kill_at: str | None = None


def point(name: str, when: str) -> None:
    os.write(Life.log, f"{name} {when}\n".encode())
    if f"{name} {when}" == Life.kill_at:
        os.write(Life.log, b"KILLED\n")
        os.kill(os.getpid(), signal.SIGKILL)


def caller() -> str | None:
    """`<module>.<function>` of the nearest public function of the service that led here."""
    frame = sys._getframe(2)
    while frame is not None:
        module, name = str(frame.f_globals.get("__name__")), frame.f_code.co_name
        if module.startswith(SERVICE) and not name.startswith(("_", "<")):
            return f"{module.rpartition('.')[2]}.{name}"
        frame = frame.f_back
    return None


def around(name: Callable[[], str | None], call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def watched(*args: Any, **kwargs: Any) -> Any:
        known = name()
        if known is None:
            return call(*args, **kwargs)
        point(known, "before")
        result = call(*args, **kwargs)
        point(known, "after")
        return result

    return watched


def watch_commits() -> None:
    write = Database.write

    @contextmanager
    def watched(self: Database, *, durable: bool = False) -> Iterator[Any]:
        name = caller()
        with write(self, durable=durable) as connection:
            yield connection
            point(name or "unknown", "before")
        point(name or "unknown", "after")

    Database.write = watched  # type: ignore[method-assign]


def watch_effects() -> None:
    def fixed(name: str) -> Callable[[], str]:
        return lambda: name

    def unlinking() -> str | None:
        name = caller()
        return None if name is None or name.startswith("uploads.") else f"{name}:unlink"

    new_files.keep = around(fixed("new_files.keep_file:keep"), new_files.keep)
    Path.unlink = around(unlinking, Path.unlink)  # type: ignore[method-assign]
    deliverer.post = around(fixed("deliverer._work:post"), deliverer.post)
    worker = dispatcher.WorkerProcess
    worker.__init__ = around(fixed("dispatcher.run:WorkerProcess"), worker.__init__)  # type: ignore[method-assign]
    worker.run = around(fixed("dispatcher.run:run"), worker.run)  # type: ignore[method-assign]


def note_lives() -> None:
    opened = sqlite_store.SqliteJobStore.__init__

    def noting(self: Any, *args: Any, **kwargs: Any) -> None:
        opened(self, *args, **kwargs)
        self.database.connection().executescript(NOTES)

    sqlite_store.SqliteJobStore.__init__ = noting  # type: ignore[method-assign]


def note_workers() -> None:
    """The id of each worker process: none may outlive its service."""
    begun = dispatcher.WorkerProcess.__init__

    def noting(self: Any, *args: Any, **kwargs: Any) -> None:
        begun(self, *args, **kwargs)
        os.write(Life.log, f"worker {self.pid}\n".encode())

    dispatcher.WorkerProcess.__init__ = noting  # type: ignore[method-assign]


def serve(*, data: str, port: int, log: str, errors: str, kill_at: str | None, worker: str | None) -> None:
    """Be a service until a signal."""
    standard = (os.open(os.devnull, os.O_RDONLY), os.open(os.devnull, os.O_WRONLY))
    for number, descriptor in enumerate((*standard, os.open(errors, os.O_WRONLY | os.O_APPEND))):
        os.dup2(descriptor, number)
    Life.log, Life.kill_at = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), kill_at
    more: dict[str, Any] = {"worker_command": (sys.executable, worker)} if worker else {}
    settings = ServiceSettings(
        data_dir=Path(data), workers=2, durable=True, allow_webhook_hosts=["127.0.0.1"], **more
    )
    uvicorn.run(create_app(settings), host="127.0.0.1", port=port, log_level="critical", access_log=False)


def ended(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] == pid


def main() -> None:
    """Fork for each line that asks for it."""
    note_workers()
    watch_commits()
    watch_effects()
    note_lives()
    dispatcher._BEAT_SECONDS = dispatcher._TICK_SECONDS = 0.05  # so that a short life has heartbeats
    living: set[int] = set()
    for line in sys.stdin:
        asked = json.loads(line)
        answer: int | bool
        if "start" in asked:
            answer = os.fork()
            if answer == 0:
                serve(**asked["start"])
                return
            living.add(answer)
        else:
            answer = ended(asked["ended"])
            if answer:
                living.remove(asked["ended"])
        print(json.dumps(answer), flush=True)
    for pid in living:
        os.kill(pid, signal.SIGKILL)


main()
