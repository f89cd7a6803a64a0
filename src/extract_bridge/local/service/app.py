"""The service: an ASGI app over a store, a folder of files and a dispatcher.

It keeps nothing that is bound to an event loop. Routes are plain functions, which FastAPI runs in threads: a loop never waits for the
database.
"""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from anyio import to_thread
from fastapi import FastAPI

from extract_bridge.core.limits import LIMITS, limit
from extract_bridge.local.engine.version import ENGINE_VERSION
from extract_bridge.local.service.deliverer import Webhooks
from extract_bridge.local.service.dispatcher import Dispatcher
from extract_bridge.local.service.fault_injector import FaultInjector
from extract_bridge.local.service.faults import FaultPlan
from extract_bridge.local.service.faulty_store import faulty
from extract_bridge.local.service.guard import Guard
from extract_bridge.local.service.language_model import adapt
from extract_bridge.local.service.layout import DATABASE, FILES, keep_private
from extract_bridge.local.service.openapi import describe
from extract_bridge.local.service.parse_store import ParseStore
from extract_bridge.local.service.presence import Presence
from extract_bridge.local.service.problems import add_handlers
from extract_bridge.local.service.request_log import RequestLog
from extract_bridge.local.service.retention import Janitor, purge
from extract_bridge.local.service.routes import (
    configurations,
    docs,
    extract,
    files,
    generate,
    health,
    parse,
    schemas,
    webhooks,
)
from extract_bridge.local.service.sqlite_store import SqliteJobStore
from extract_bridge.local.service.state import Service, ServiceSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from extract_bridge.local.service.store import JobStore

_MOST_WORKERS = 2


def create_app(settings: ServiceSettings) -> FastAPI:
    """The ASGI app; its lifespan opens the store and starts the workers.

    Args:
        settings: How it runs.

    Raises:
        ConfigurationError: `settings.faults` is no SPEC, or the environment sets a limit to what is no number.
    """
    for name in LIMITS:
        limit(name)  # a wrong one is told now, not with each request
    injector: FaultInjector | None = None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = app.state.service = await to_thread.run_sync(_open, settings)
        try:
            yield
        finally:
            if injector is not None:
                await injector.close()
            # Not in a thread: at the interpreter's end none may be started any more. Requests are over by now.
            _close(service)

    app = FastAPI(
        title="Extract Bridge",
        version=ENGINE_VERSION,
        lifespan=lifespan,
        docs_url=None,  # FastAPI's pages load their scripts from a content delivery network: `routes.docs` is ours
        redoc_url=None,
    )
    for routes in (extract, schemas, generate, files, configurations, parse, health, webhooks, docs):
        app.include_router(routes.router)
    add_handlers(app)
    describe(app)
    app.add_middleware(Guard, api_key=settings.api_key, hosts=settings.hosts)
    app.add_middleware(RequestLog)
    if settings.faults is not None:
        # Around the finished app: a lost answer must be lost, whatever the app makes of it.
        injector = FaultInjector(app.build_middleware_stack(), FaultPlan.parse(settings.faults))
        app.middleware_stack = injector
    return app


def _open(settings: ServiceSettings) -> Service:
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = settings.data_dir / FILES
    folder.mkdir(mode=0o700, exist_ok=True)
    keep_private(settings.data_dir)
    presence = Presence(settings.data_dir)
    try:
        kept = SqliteJobStore(settings.data_dir / DATABASE, durable=settings.durable)
        hooks = Webhooks(kept, folder=settings.data_dir, opened_hosts=settings.allow_webhook_hosts)
        store: JobStore = kept
        if presence.alone:  # whoever held a lease is dead
            store.take_back()
        purge(store, folder, alone=presence.alone)
        presence.share()
    except BaseException:
        presence.leave()
        raise
    if settings.faults is not None:
        store = faulty(store)
    dispatcher = Dispatcher(
        store,
        readings=ParseStore(kept.database),
        files=folder,
        workers=settings.workers or min(_MOST_WORKERS, os.cpu_count() or 1),
        command=settings.worker_command,
        llm=None if settings.llm is None else adapt(settings.llm),
        llm_mode=settings.llm_mode,
    )
    dispatcher.start()
    hooks.deliverer.start()
    janitor = Janitor(store, folder)
    janitor.start()
    return Service(
        settings=settings,
        store=store,
        database=kept.database,
        dispatcher=dispatcher,
        files=folder,
        janitor=janitor,
        presence=presence,
        webhooks=hooks,
    )


def _close(service: Service) -> None:
    service.dispatcher.stop()
    service.janitor.stop()
    service.webhooks.deliverer.stop()
    service.store.close()
    service.presence.leave()
