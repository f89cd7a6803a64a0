"""The two clients. Every operation is written once, as a flow; a client only says how it is driven.

Longer than most modules: both clients, their files and their documentation are read side by side.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack, overload

from extract_bridge.client.connect import Settings, api_of, choose, target_of
from extract_bridge.client.drivers import Async, AsyncPerform, Perform, Sync, adrive, drive, operation
from extract_bridge.client.effects import Blocking, Flow
from extract_bridge.client.flows import create, jobs, run, saved
from extract_bridge.client.flows.keywords import ConfigurationKeywords, resolve_configuration
from extract_bridge.client.flows.request import Extra, query_of
from extract_bridge.client.flows.watch import Watch
from extract_bridge.client.official import is_async_official, is_official
from extract_bridge.client.policy import PollPolicy, RetryPolicy
from extract_bridge.client.resources import (
    AsyncConfigurations,
    AsyncFiles,
    AsyncParsing,
    AsyncRaw,
    Configurations,
    Files,
    Parsing,
    Raw,
    apages,
    pages,
)
from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.schema.normalize import normalize_schema
from extract_bridge.core.wire.jobs import EXPAND, ExtractV2Job

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence

    from extract_bridge.client.connect import LocalService, Route
    from extract_bridge.client.flows.jobs import JobFilters, JobPage
    from extract_bridge.client.flows.request import Api
    from extract_bridge.client.http import AsyncOpenAnswer, OpenAnswer
    from extract_bridge.client.keeping import Keeping, Purse
    from extract_bridge.core.wire.saved import GeneratedConfiguration

K = TypeVar("K", bound="Operations")

_RETRY, _POLL = RetryPolicy(), PollPolicy()
_LONG = 7200.0  # seconds; as long as the service lets a job take


class Operations:
    """What both clients can do. On `AsyncExtractClient` each operation is a coroutine method.

    Args:
        api_key: By default `LLAMA_CLOUD_API_KEY`, then `LLAMA_PARSE_API_KEY`, of the environment.
        base_url: Another service; it needs an `api_key` of its own unless it is on this machine.
        local: True or a `LocalService` extracts on this machine, without key or network; False never does.
        project_id: Scope of all calls.
        organization_id: Scope of all calls.
        http_client: An `httpx.Client` (or `httpx.AsyncClient`) of yours, or a `LlamaCloud` (or `AsyncLlamaCloud`), to send with.
        http_timeout: Seconds for one request.
        retry: How failed requests are repeated.
        poll: How often a job is looked at.
        wire: `auto` finds out which names a service takes; `2.0` and `current` fix them.

    Raises:
        ConfigurationError: no service is chosen, or the keywords contradict each other.
    """

    _api: Api
    _route: Route
    settings: Settings

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        local: bool | LocalService | None = None,
        project_id: str | None = None,
        organization_id: str | None = None,
        http_client: Any = None,
        http_timeout: float = 60.0,
        retry: RetryPolicy = _RETRY,
        poll: PollPolicy = _POLL,
        wire: str = "auto",
    ) -> None:
        self._set_up(
            Settings(
                api_key=api_key,
                base_url=base_url,
                local=local,
                project_id=project_id,
                organization_id=organization_id,
                http_client=http_client,
                http_timeout=http_timeout,
                retry=retry,
                poll=poll,
                wire=wire,
            )
        )

    def _set_up(self, settings: Settings) -> None:
        route = choose(settings)
        self.settings, self._api, self._route = settings, api_of(settings, route), route
        self._open(route)

    def _open(self, route: Route) -> None:
        raise TypeError("make an ExtractClient or an AsyncExtractClient")

    @property
    def service(self) -> str:
        """Which service answers: `cloud`, `local`, or its URL."""
        return self._api.service

    @property
    def address(self) -> str:
        """Where it answers, as a ledger knows it: `local`, or a URL."""
        return self._api.address

    def with_options(
        self,
        *,
        http_timeout: float | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        project_id: str | None = None,
        organization_id: str | None = None,
        retry: RetryPolicy | None = None,
        poll: PollPolicy | None = None,
    ) -> Self:
        """This client with other settings, over the same connections: for one call, or for several.

        Args:
            http_timeout: Seconds for one request.
            extra_headers: Sent with each request, over the client's own.
            extra_body: Top-level keys of JSON bodies, over the client's own.
            project_id: Scope.
            organization_id: Scope.
            retry: How failed requests are repeated.
            poll: How often a job is looked at.

        Raises:
            ConfigurationError: a value that cannot be; the key and `Host` are no extra headers.
        """
        given = {
            "http_timeout": http_timeout,
            "project_id": project_id,
            "organization_id": organization_id,
            "retry": retry,
            "poll": poll,
        }
        old = self.settings.extra
        extra = Extra(
            {**old.headers, **(extra_headers or {})},
            {**old.body, **(extra_body or {})},
            http_timeout or old.timeout,
        )
        changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        settings = replace(self.settings, extra=extra, **changes)
        settings.check()
        client = object.__new__(type(self))
        client.__dict__.update(self.__dict__, settings=settings, _api=api_of(settings, self._route))
        return client

    @operation
    def create(
        self,
        file_input: str | None = None,
        *,
        document_input_value: str | None = None,
        **configuration: Unpack[ConfigurationKeywords],
    ) -> Flow[ExtractV2Job]:
        """Create an extract job from an uploaded file.

        Args:
            file_input: A file id, or the id of a finished parse job (`pjb-…`).
            document_input_value: Older name of `file_input`.
            **configuration: What to extract and how; see `ConfigurationKeywords`.

        Raises:
            ConfigurationError, SchemaError, PageRangeError: the keywords; nothing was sent.
            UnansweredError: the job may exist, but the answer was lost.
        """
        if file_input is not None and document_input_value is not None and file_input != document_input_value:
            raise ConfigurationError(
                "file_input and its older name document_input_value differ",
                where="file_input",
                hint="Give one of them",
            )
        chosen = file_input or document_input_value
        if not chosen:
            raise ConfigurationError(
                "file_input is missing", where="file_input", hint="Pass the id that files.create returned"
            )
        resolved = yield Blocking(lambda: resolve_configuration(**configuration))
        return (yield from create.create(self._api.scoped(resolved.scope), chosen, resolved))

    @operation
    def get(self, job_id: str, *, expand: Sequence[str] = EXPAND) -> Flow[ExtractV2Job]:
        """Read a job.

        Args:
            job_id: Its id.
            expand: What to ask for besides the result: `configuration`, `extract_metadata`, `usage`, `metadata`; all by
                default. What is not asked for is null.
        """
        return (yield from jobs.get(self._api, job_id, expand=expand))

    @operation
    def list_page(self, *, page_token: str | None = None, **filters: Unpack[JobFilters]) -> Flow[JobPage]:
        """One page of jobs, newest first."""
        return (yield from jobs.list_page(self._api, query_of(filters), page_token))

    @operation
    def cancel(self, job_id: str) -> Flow[ExtractV2Job]:
        """Cancel a job that is not final yet.

        Raises:
            ConflictError: it is final.
        """
        return (yield from jobs.cancel(self._api, job_id))

    @operation
    def delete(self, job_id: str, *, force: bool = False) -> Flow[None]:
        """Delete a job with its result.

        Args:
            job_id: Its id.
            force: Also a job that is stuck.

        Raises:
            ConflictError: it is not final yet; cancel it first.
        """
        yield from jobs.delete(self._api, job_id, force=force)

    @operation
    def wait(
        self, job_id: str, *, timeout: float = _LONG, on_progress: Callable[[ExtractV2Job], Any] | None = None
    ) -> Flow[ExtractV2Job]:
        """Wait until a job is final, then read all of it.

        It raises for a job that did not end well, on both clients. (The SDK's `wait_for_completion` raises on the sync
        client, and returns the failed job on the async one.)

        Args:
            job_id: Its id.
            timeout: Seconds.
            on_progress: Called with the job at each look; may be a coroutine function on `AsyncExtractClient`.

        Raises:
            JobFailedError, JobCancelledError: how it ended; `job` holds it.
            WaitTimeoutError: it is not final yet; it goes on.
        """
        return (yield from jobs.wait(self._api, job_id, timeout=timeout, on_progress=on_progress))

    @operation
    def run(
        self,
        document: Any = None,
        *,
        timeout: float = 1800.0,
        file_name: str | None = None,
        file_id: str | None = None,
        source_id: str | None = None,
        on_progress: Callable[[ExtractV2Job], Any] | None = None,
        in_full: bool = True,
        ledger: Keeping | None = None,
        budget: Purse | None = None,
        **configuration: Unpack[ConfigurationKeywords],
    ) -> Flow[ExtractV2Job]:
        """Upload a document, extract, wait; the whole COMPLETED job, with `job.origin` set.

        Cancelling the call (Ctrl-C, a cancelled task) cancels the job; with a ledger, unless another call waits for it too.

        Args:
            document: A path, bytes, `(name, bytes)`, a binary file object, or an id (`dfl-…`, `pjb-…`, a UUID).
            timeout: Seconds for all of it, upload to result.
            file_name: Name to upload under; bytes need one.
            file_id: Taken as an id whatever it looks like, instead of `document`.
            source_id: What makes this the same document next time; by default the path as given.
            on_progress: Called with the job at each look.
            in_full: Read the result. Without it the job comes as the last look found it, for `open_result`.
            ledger: A `bulk.Ledger`, or its `terms(…)`: what it knows is not extracted and not paid again (`job.origin.reused`), and a job that
                a killed call left is taken up. It keeps whole jobs, whatever `in_full` says.
            budget: A `bulk.Budget`: what the job may cost is set aside before anything is sent.
            **configuration: What to extract and how; see `ConfigurationKeywords`.

        Raises:
            ConfigurationError, SchemaError, PageRangeError, FileInputError: what was handed in; nothing was sent.
            BudgetExceededError: the budget cannot pay it; nothing was sent.
            StorageError: the ledger cannot be used.
            JobFailedError, JobCancelledError, WaitTimeoutError: how the job went; `job` holds it.
            APIError: the service, or the way to it.
        """
        resolved = yield Blocking(lambda: resolve_configuration(**configuration))
        return (
            yield from run.run(
                self._api.scoped(resolved.scope),
                document,
                resolved,
                timeout=timeout,
                file_name=file_name,
                file_id=file_id,
                source_id=source_id,
                on_progress=on_progress,
                in_full=in_full,
                ledger=ledger,
                budget=budget,
            )
        )

    @operation
    def submit(
        self,
        document: Any,
        *,
        ledger: Keeping,
        budget: Purse | None = None,
        timeout: float = 600.0,
        file_name: str | None = None,
        source_id: str | None = None,
        **configuration: Unpack[ConfigurationKeywords],
    ) -> Flow[str]:
        """Upload a document, create its job and leave it running; the job's id. `bulk.collect` gives the result when it is there.

        What the ledger knows is not sent again: then it is the id of the job that is running or finished.

        Args:
            document: As `run` takes it.
            ledger: A `bulk.Ledger`, or its `terms(…)`; it remembers the job.
            budget: A `bulk.Budget`: what the job may cost is set aside before anything is sent.
            timeout: Seconds until the job is created.
            file_name: Name to upload under; bytes need one.
            source_id: What makes this the same document next time; by default the path as given.
            **configuration: What to extract and how; see `ConfigurationKeywords`.

        Raises:
            ExtractError: as `run`, as far as it gets.
        """
        resolved = yield Blocking(lambda: resolve_configuration(**configuration))
        return (
            yield from run.submit(
                self._api.scoped(resolved.scope),
                document,
                resolved,
                ledger,
                timeout=timeout,
                file_name=file_name,
                source_id=source_id,
                budget=budget,
            )
        )

    @operation
    def validate_schema(self, data_schema: Any) -> Flow[dict[str, Any]]:
        """Let the service check a schema before anything is paid for; the schema as it will be used.

        Raises:
            SchemaError: it cannot be used, found before sending.
            BadRequestError: the service refuses it.
        """
        normalized = yield Blocking(lambda: normalize_schema(data_schema))
        return (yield from jobs.validate_schema(self._api, normalized.json_schema))

    @operation
    def generate_schema(
        self,
        *,
        prompt: str | None = None,
        file_id: str | None = None,
        data_schema: Any = None,
        name: str | None = None,
    ) -> Flow[GeneratedConfiguration]:
        """Let the service propose a schema: `.data_schema` of the answer. Nothing is kept.

        Args:
            prompt: What to extract, in words.
            file_id: A sample document.
            data_schema: A schema to start from.
            name: Of the proposal.

        Raises:
            BadRequestError, UnprocessableEntityError: the service cannot make one from that.
        """
        given = None
        if data_schema is not None:
            given = (yield Blocking(lambda: normalize_schema(data_schema))).json_schema
        wanted = {"prompt": prompt, "file_id": file_id, "data_schema": given, "name": name}
        return (yield from saved.generate_schema(self._api, wanted))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(service={self.service!r})"

    def __copy__(self) -> Self:
        return self  # shared, like its connections

    def __deepcopy__(self, _: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return client_from, (type(self), self.settings)


class ExtractClient(Operations, Sync):
    """Extract jobs, blocking. Safe to share between threads; needs no closing; survives a fork. For keywords see `Operations`."""

    def _open(self, route: Route) -> None:
        from extract_bridge.client.http import Sender  # noqa: PLC0415 - httpx is loaded when a client is made

        self._sender = Sender(target_of(self.settings, route))
        self._perform = Perform(self._sender)

    @property
    def files(self) -> Files:
        """Uploaded files."""
        return Files(self._api, self._perform)

    @property
    def configurations(self) -> Configurations:
        """Saved configurations."""
        return Configurations(self._api, self._perform)

    @property
    def parsing(self) -> Parsing:
        """Parse jobs."""
        return Parsing(self._api, self._perform)

    @property
    def raw(self) -> Raw:
        """Plain requests, whose answers come as they are."""
        return Raw(self._api, self._perform)

    def list(self, **filters: Unpack[JobFilters]) -> Iterator[ExtractV2Job]:
        """All jobs that match, newest first, page by page as they are needed."""
        return pages(lambda token: self.list_page(page_token=token, **filters))

    def as_completed(self, job_ids: Iterable[str], *, timeout: float = _LONG) -> Iterator[ExtractV2Job]:
        """Each job as soon as it is final, in full; one list tells of all that are open.

        A job that ended FAILED or CANCELLED comes like any other: look at its `status`.

        Args:
            job_ids: Of the jobs.
            timeout: Seconds for all of them.

        Raises:
            WaitTimeoutError: some are not final in time; they go on.
        """
        watch = Watch(self._api, job_ids, timeout)
        while not watch.is_over:
            yield drive(watch.next(), self._perform)

    @contextmanager
    def open_result(self, job_id: str) -> Iterator[OpenAnswer]:
        """A finished job's whole answer while it is still coming: for `iter_records`, or part by part with `iter_bytes`.

        Args:
            job_id: Its id.

        Raises:
            APIError: the service, or the way to it; asked again like any request, until the answer begins.
        """
        with self._sender.opener() as opener:
            drive(jobs.open_result(self._api, job_id), Perform(opener))
            yield opener.answer

    def close(self) -> None:
        """Close the connections. Optional: they are also closed at exit."""
        self._sender.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncExtractClient(Operations, Async):
    """Extract jobs, for event loops: one after another, too, as several `asyncio.run` make them. Needs no closing. Keywords: see `Operations`."""

    def _open(self, route: Route) -> None:
        from extract_bridge.client.http import AsyncSender  # noqa: PLC0415 - httpx is loaded when a client is made

        self._sender = AsyncSender(target_of(self.settings, route))
        self._perform = AsyncPerform(self._sender)

    @property
    def files(self) -> AsyncFiles:
        """Uploaded files."""
        return AsyncFiles(self._api, self._perform)

    @property
    def configurations(self) -> AsyncConfigurations:
        """Saved configurations."""
        return AsyncConfigurations(self._api, self._perform)

    @property
    def parsing(self) -> AsyncParsing:
        """Parse jobs."""
        return AsyncParsing(self._api, self._perform)

    @property
    def raw(self) -> AsyncRaw:
        """Plain requests, whose answers come as they are."""
        return AsyncRaw(self._api, self._perform)

    def list(self, **filters: Unpack[JobFilters]) -> AsyncIterator[ExtractV2Job]:
        """All jobs that match, newest first, page by page as they are needed."""
        return apages(lambda token: self.list_page(page_token=token, **filters))

    async def as_completed(
        self,
        job_ids: Iterable[str],
        *,
        timeout: float = _LONG,  # noqa: ASYNC109 - the jobs' time; both clients take the same keywords
    ) -> AsyncIterator[ExtractV2Job]:
        """Each job as soon as it is final, in full; see `ExtractClient.as_completed`."""
        watch = Watch(self._api, job_ids, timeout)
        while not watch.is_over:
            yield await adrive(watch.next(), self._perform)

    @asynccontextmanager
    async def open_result(self, job_id: str) -> AsyncIterator[AsyncOpenAnswer]:
        """A finished job's whole answer while it is still coming, part by part with `aiter_bytes`; see `ExtractClient.open_result`."""
        async with self._sender.opener() as opener:
            await adrive(jobs.open_result(self._api, job_id), AsyncPerform(opener))
            yield opener.answer

    async def aclose(self) -> None:
        """Close the connections of this event loop. Optional: they are also closed when the loop shuts down."""
        await self._sender.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def client_from(kind: type[K], settings: Settings) -> K:
    """A client of that kind from settings."""
    client = object.__new__(kind)
    client._set_up(settings)
    return client


@overload
def driving(client: ExtractClient) -> tuple[Api, Perform]: ...
@overload
def driving(client: AsyncExtractClient) -> tuple[Api, AsyncPerform]: ...
def driving(client: Any) -> tuple[Api, Any]:
    """What a client drives its flows with, for whoever drives many at once: the service, and who carries effects out."""
    return client._api, client._perform  # noqa: SLF001 - one thing


def sync_client(client: Any) -> ExtractClient:
    """The blocking half of a client: itself, or made from its settings.

    Args:
        client: ExtractClient, AsyncExtractClient, or the official SDK's LlamaCloud or AsyncLlamaCloud. A LlamaCloud is what requests
            are sent with; its counterpart lends its key and address.

    Raises:
        ConfigurationError: it is none of these, or was made with an http client of its own.
    """
    if isinstance(client, ExtractClient):
        return client
    if is_official(client) and not is_async_official(client):
        return ExtractClient(http_client=client)
    return client_from(ExtractClient, _settings_of(client))


def async_client(client: Any) -> AsyncExtractClient:
    """The asynchronous half of a client: itself, or made from its settings; see `sync_client`."""
    if isinstance(client, AsyncExtractClient):
        return client
    if is_official(client) and is_async_official(client):
        return AsyncExtractClient(http_client=client)
    return client_from(AsyncExtractClient, _settings_of(client))


def _settings_of(client: Any) -> Settings:
    """What the other half of a client is made from."""
    if is_official(client):
        own = not type(getattr(client, "_client", None)).__name__.endswith("HttpxClientWrapper")
        settings = Settings(api_key=client.api_key, base_url=str(client.base_url))
    elif not isinstance(client, Operations):
        raise ConfigurationError(
            f"a {type(client).__name__} is no client",
            where="client",
            hint="Pass ExtractClient, AsyncExtractClient, LlamaCloud or AsyncLlamaCloud",
        )
    elif is_official(client.settings.http_client):
        lent = _settings_of(client.settings.http_client)
        return replace(client.settings, http_client=None, api_key=lent.api_key, base_url=lent.base_url)
    else:
        settings, own = client.settings, client.settings.http_client is not None
    if own:
        raise ConfigurationError(
            "the other half of this client cannot be made, for it has a hand-made http client",
            where="client",
            hint="Pass a client without http_client, or one of the kind that is called (sync or async)",
        )
    return settings
