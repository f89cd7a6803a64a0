"""What a running service has, and how its routes reach it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request

from extract_bridge.local.service.configurations_store import ConfigurationStore
from extract_bridge.local.service.idempotency import InFlight
from extract_bridge.local.service.links import LinkSigner
from extract_bridge.local.service.parse_store import ParseStore
from extract_bridge.local.service.projects_store import ProjectStore
from extract_bridge.local.service.targets import normal_host
from extract_bridge.local.service.workers import WORKER_COMMAND

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from extract_bridge.core.language_model import LlmMode
    from extract_bridge.local.service.deliverer import Webhooks
    from extract_bridge.local.service.dispatcher import Dispatcher
    from extract_bridge.local.service.presence import Presence
    from extract_bridge.local.service.retention import Janitor
    from extract_bridge.local.service.store import JobStore
    from extract_bridge.sqlite import Database

_MOST_FETCHES = 4  # each holds a thread until its document is here


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """How a service runs.

    Attributes:
        data_dir: Everything it keeps; made where it is missing.
        workers: How many documents at once; None is up to two, and never more than there are processors.
        api_key: Asked of every request; None asks for nothing.
        llm: The user's language model, see `language_model.adapt`.
        llm_mode: Who fills the schema where there is a model.
        durable: False for a service that does not outlive its process.
        worker_command: What a worker process is.
        hosts: The names by which it may be asked, beside `localhost` and any address; None for any.
        max_open_jobs: How many jobs may wait or run at once; None is the limit of that name.
        faults: A SPEC of `faults`, for tests of clients; None is a service without faults.
        allow_webhook_hosts: Hosts that webhooks may go to wherever they are, also over plain http.
        allow_source_url: Documents may be named by a URL, which is fetched from here.
        allow_source_hosts: Hosts that such a URL may name wherever they are, also over plain http.
    """

    data_dir: Path
    workers: int | None = None
    api_key: str | None = None
    llm: Any = field(default=None, repr=False)
    llm_mode: LlmMode = "hybrid"
    durable: bool = True
    worker_command: Sequence[str] = WORKER_COMMAND
    hosts: Collection[str] | None = None
    max_open_jobs: int | None = None
    faults: str | None = None
    allow_webhook_hosts: Collection[str] = ()
    allow_source_url: bool = False
    allow_source_hosts: Collection[str] = ()


class Service:
    """What routes work with, from the start of the app to its end."""

    def __init__(
        self,
        *,
        settings: ServiceSettings,
        store: JobStore,
        database: Database,
        dispatcher: Dispatcher,
        files: Path,
        janitor: Janitor,
        presence: Presence,
        webhooks: Webhooks,
    ) -> None:
        self.settings = settings
        self.store = store
        self.projects = ProjectStore(database)
        self.configurations = ConfigurationStore(database)
        self.readings = ParseStore(database)
        self.dispatcher = dispatcher
        self.files = files
        self.janitor = janitor
        self.presence = presence
        self.webhooks = webhooks
        self.links = LinkSigner()
        self.in_flight = InFlight()
        self.fetching = threading.BoundedSemaphore(_MOST_FETCHES)
        self.source_hosts = frozenset(normal_host(host) for host in settings.allow_source_hosts)


async def service_of(request: Request) -> Service:
    """The service of the app that a request came to."""
    service: Service = request.app.state.service
    return service


CurrentService = Annotated[Service, Depends(service_of)]
