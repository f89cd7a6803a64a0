"""`extract-bridge serve`: the local service on a socket, for any client of the Extract API."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
import uvicorn

from extract_bridge.core.environment import is_loopback_host
from extract_bridge.core.language_model import OpenAICompatible
from extract_bridge.local.service.app import create_app
from extract_bridge.local.service.chat_endpoint import check_endpoint
from extract_bridge.local.service.request_log import JsonLines
from extract_bridge.local.service.state import ServiceSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.core.language_model import LlmMode

_KEEP_ALIVE_SECONDS = 75  # longer than clients keep idle connections, so that none is closed under a request


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8787,
    data_dir: Path = Path(".extract-bridge"),
    api_key: str | None = None,
    workers: int | None = None,
    allow_host: Sequence[str] | None = None,
    allow_webhook_host: Sequence[str] | None = None,
    allow_source_url: bool = False,
    allow_source_host: Sequence[str] | None = None,
    llm_url: str | None = None,
    llm_model: str | None = None,
    llm_key_env: str | None = None,
    llm_mode: LlmMode = "hybrid",
    log_level: str = "warning",
    faults: str | None = None,
) -> None:
    """Serve the Extract API on this machine until Ctrl-C; what the arguments mean, the command's help says.

    Raises:
        ConfigurationError: the language model cannot be asked, or a limit's variable is no number.
    """
    if not api_key and not is_loopback_host(host):
        typer.echo(f"{host} can be reached from other machines: choose a key with --api-key", err=True)
        raise typer.Exit(2)
    if allow_source_host and not allow_source_url:
        typer.echo("--allow-source-host does nothing without --allow-source-url", err=True)
        raise typer.Exit(2)
    if (llm_url is None) != (llm_model is None):
        typer.echo("--llm-url and --llm-model belong together", err=True)
        raise typer.Exit(2)
    llm = None
    if llm_url is not None and llm_model is not None:
        llm = OpenAICompatible(base_url=llm_url, model=llm_model, api_key_env=llm_key_env)
        check_endpoint(llm)
    settings = ServiceSettings(
        data_dir=data_dir.absolute(),
        llm=llm,
        llm_mode=llm_mode,
        workers=workers,
        api_key=api_key or None,
        durable=True,
        hosts=(host, *(allow_host or ())),
        faults=faults,
        allow_webhook_hosts=tuple(allow_webhook_host or ()),
        allow_source_url=allow_source_url,
        allow_source_hosts=tuple(allow_source_host or ()),
    )
    server = AnnouncingServer(
        uvicorn.Config(
            create_app(settings),
            lifespan="off",  # AnnouncingServer's
            host=host,
            port=port,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=5,
        ),
        data_dir,
    )
    _log_as_json(log_level)
    server.run()
    if not server.started:
        raise typer.Exit(1)


class AnnouncingServer(uvicorn.Server):
    """Opens the service, says where it listens once it does, and closes the service when the last request is over.

    uvicorn would turn a folder that cannot be opened into a page of stack frames; here the error is the caller's, who has a line for it.

    Args:
        config: uvicorn's.
        data_dir: Shown as the caller wrote it.
    """

    def __init__(self, config: uvicorn.Config, data_dir: Path) -> None:
        super().__init__(config)
        self._data_dir = data_dir
        self._opened = AsyncExitStack()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Open the service, bind, then print one line.

        Raises:
            ExtractError: the service cannot be opened.
        """
        app: Any = self.config.app
        await self._opened.enter_async_context(app.router.lifespan_context(app))
        try:
            await super().startup(sockets)  # type: ignore[arg-type]
        except BaseException:  # SystemExit where the port is taken
            await self._opened.aclose()
            raise
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
            typer.echo(
                f"Extract API on http://{host}:{port} (files and jobs in {self._data_dir}; Ctrl-C stops it)"
            )

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Let the last requests end, then close the service."""
        try:
            await super().shutdown(sockets)  # type: ignore[arg-type]
        finally:
            await self._opened.aclose()


def _log_as_json(level: str) -> None:
    """One line of JSON a record on standard error, ours and uvicorn's."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    for name in ("extract_bridge", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
    logging.getLogger("extract_bridge").setLevel(level.upper())
