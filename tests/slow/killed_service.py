"""A service in a process of its own that ends itself with SIGKILL at one named point, or only notes which points it reached.

    python killed_service.py DATA_DIR PORT LOG

A point is a commit (`<module>.<method>`) or an external effect (`<module>.<function>:<call>`), each `before` and `after`. With
EXTRACT_TEST_KILL_AT=`<point> before` the process is killed when it first gets there: before a commit means after its last statement.
Triggers in the database note each job that is born and each that ends, in the transaction that does it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import uvicorn

from extract_bridge.local.service import deliverer, dispatcher, new_files, sqlite_store
from extract_bridge.local.service.app import create_app
from extract_bridge.local.service.state import ServiceSettings
from extract_bridge.sqlite import Database

DATA, PORT, LOG = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
KILL_AT = os.environ.get("EXTRACT_TEST_KILL_AT")
WORKER = os.environ.get("EXTRACT_TEST_WORKER")
SERVICE = "extract_bridge.local.service"

NOTES = """
CREATE TABLE IF NOT EXISTS noted (number INTEGER PRIMARY KEY, job_id TEXT, status TEXT);
CREATE TRIGGER IF NOT EXISTS note_birth AFTER INSERT ON jobs BEGIN INSERT INTO noted (job_id, status) VALUES (NEW.id, 'BORN'); END;
CREATE TRIGGER IF NOT EXISTS note_end AFTER UPDATE OF status ON jobs
    WHEN NEW.status NOT IN ('PENDING', 'RUNNING') BEGIN INSERT INTO noted (job_id, status) VALUES (NEW.id, NEW.status); END;
"""

log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def point(name: str, when: str) -> None:
    os.write(log, f"{name} {when}\n".encode())
    if f"{name} {when}" == KILL_AT:
        os.write(log, b"KILLED\n")
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


def main() -> None:
    watch_commits()
    watch_effects()
    note_lives()
    dispatcher._BEAT_SECONDS = dispatcher._TICK_SECONDS = 0.05  # so that a short life has heartbeats
    more: dict[str, Any] = {"worker_command": (sys.executable, WORKER)} if WORKER else {}
    settings = ServiceSettings(
        data_dir=DATA, workers=2, durable=True, allow_webhook_hosts=["127.0.0.1"], **more
    )
    uvicorn.run(create_app(settings), host="127.0.0.1", port=PORT, log_level="critical", access_log=False)


main()
