"""The local service on a real socket, in a thread of this process."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.core.errors import ExtractError, MissingExtraError

try:
    import uvicorn

    from extract_bridge.local.service.app import create_app
    from extract_bridge.local.service.state import ServiceSettings
except ModuleNotFoundError as error:
    if (error.name or "").startswith("extract_bridge"):
        raise
    raise MissingExtraError("local", error.name or "uvicorn") from error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOOK_SECONDS = 0.005
_KEEP_ALIVE_SECONDS = 75
_GRACE_SECONDS = 1  # a request that waits for an injected latency must not hold up the end of a test


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A service that answers.

    Attributes:
        base_url: With scheme, without a final slash.
    """

    base_url: str


@contextmanager
def serving(data_dir: Path, *, faults: str | None = None, workers: int | None = 1) -> Iterator[RunningServer]:
    """Serve on a free port of 127.0.0.1 until the block ends.

    Args:
        data_dir: Where the service keeps files and jobs.
        faults: A SPEC of `extract_bridge.local.service.faults`.
        workers: How many documents at once.

    Raises:
        ConfigurationError: `faults` is no SPEC.
        ExtractError: the server did not start.
    """
    app = create_app(ServiceSettings(data_dir=data_dir, workers=workers, faults=faults, durable=False))
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=0,
            log_level="critical",
            access_log=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )
    thread = threading.Thread(target=server.run, name="extract-bridge-server", daemon=True)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise ExtractError(
                    "the server did not start", code="server", hint="Is 127.0.0.1 open to this process?"
                )
            time.sleep(_LOOK_SECONDS)
        yield RunningServer(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join()
