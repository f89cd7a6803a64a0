"""A worker process and the pipe to it."""

from __future__ import annotations

import os
import subprocess
import sys
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import extract_bridge
from extract_bridge.local.engine.frames import (
    Answer,
    Ask,
    Failure,
    Job,
    Parse,
    Parsed,
    Ready,
    Result,
    read_frame,
    write_frame,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# -P: the working directory is not searched for modules, so that a user's json.py there cannot break or hijack a worker.
WORKER_COMMAND: tuple[str, ...] = (sys.executable, "-P", "-m", "extract_bridge.local.engine.worker")

# What a worker needs to run; it handles hostile documents, so it gets no key that happens to lie in the environment.
_PASSED_ON = frozenset(
    {
        "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
        "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT", "OMP_NUM_THREADS",
    }
)  # fmt: skip

_OWN = ("EXTRACT_BRIDGE_MAX_", "EXTRACT_BRIDGE_OCR")

_living: weakref.WeakSet[WorkerProcess] = weakref.WeakSet()


class WorkerStartError(RuntimeError):
    """The worker ended before it was ready."""


class WorkerProcess:
    """One engine process. `run` belongs to one thread; `kill` may be called by any.

    Args:
        command: What to start; it speaks frames on standard input and output.
    """

    def __init__(self, command: Sequence[str] = WORKER_COMMAND) -> None:
        self._process = subprocess.Popen(  # noqa: S603 -- our own command, no shell
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a library's complaint could hold document text
            env=_environment(),
            start_new_session=True,  # Ctrl-C in a terminal is the service's to handle
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._ready = False
        _living.add(self)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def wait_ready(self) -> None:
        """Wait until it has started.

        Raises:
            WorkerStartError: it has ended instead.
        """
        if not self._ready:
            if not isinstance(read_frame(self._stdout), Ready):
                raise WorkerStartError
            self._ready = True

    def run(self, job: Job | Parse, reply: Callable[[Ask], Answer]) -> Result | Parsed | Failure | None:
        """Let it do one job; None where it died over it.

        Args:
            job: What to do.
            reply: Answers its questions to a language model.
        """
        with suppress(OSError, ValueError):  # a dying worker breaks the pipe, or a frame in the middle
            write_frame(self._stdin, job)
            while (frame := read_frame(self._stdout)) is not None:
                if isinstance(frame, Result | Parsed | Failure):
                    return frame
                if isinstance(frame, Ask):
                    write_frame(self._stdin, reply(frame))
        return None

    def kill(self) -> None:
        """End it now; whoever reads from it sees the pipe close."""
        with suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """End it and wait until it is gone."""
        _living.discard(self)
        self.kill()
        self._process.wait()
        for pipe in (self._stdin, self._stdout):
            with suppress(OSError):  # what was not yet sent has no reader any more
                pipe.close()

    def forget(self) -> None:
        """In a forked child: let go of the parent's worker without touching it."""
        # A copy of the pipe in the child would keep the worker alive when the parent dies. The descriptor is pointed elsewhere, not
        # closed, because the file object of the parent's thread still owns its number.
        with suppress(OSError, ValueError), Path(os.devnull).open("rb+", buffering=0) as nowhere:
            for pipe in (self._stdin, self._stdout):
                os.dup2(nowhere.fileno(), pipe.fileno(), inheritable=False)
        self._process.returncode = 0  # not this process's child: nothing to wait for


def _environment() -> dict[str, str]:
    passed = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _PASSED_ON or name.startswith(_OWN)
    }
    # Found by a parent that changed its search path, too.
    home = str(Path(extract_bridge.__file__).parent.parent)
    return {**passed, "PYTHONPATH": os.pathsep.join(filter(None, (home, passed.get("PYTHONPATH"))))}


def _forget_after_fork() -> None:
    inherited: list[Any] = list(_living)
    _living.clear()
    for worker in inherited:
        worker.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)
