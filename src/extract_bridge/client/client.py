"""The two clients. Every operation is written once, as a flow; a client only says how it is driven.

Longer than most modules: both clients, their files and their documentation are read side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from extract_bridge.client.connect import Settings, api_of, choose, target_of
from extract_bridge.client.drivers import Async, AsyncPerform, Perform, Sync, operation
from extract_bridge.client.effects import Blocking, Flow
from extract_bridge.client.flows import create, files, jobs, run
from extract_bridge.client.flows.keywords import ConfigurationKeywords, resolve_configuration
from extract_bridge.client.flows.request import query_of
from extract_bridge.client.http import AsyncSender, Sender
from extract_bridge.client.inputs import resolve_input
from extract_bridge.client.policy import PollPolicy, RetryPolicy
from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.schema.normalize import normalize_schema
from extract_bridge.core.wire.jobs import EXPAND, ExtractV2Job

if TYPE_CHECKING:
    import threading
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence

    from extract_bridge.client.connect import LocalService, Route
    from extract_bridge.client.flows.files import FileFilters, FilePage
    from extract_bridge.client.flows.jobs import JobFilters, JobPage
    from extract_bridge.client.flows.request import Api
    from extract_bridge.core.wire.files import File

K = TypeVar("K", bound="Operations")

_RETRY, _POLL = RetryPolicy(), PollPolicy()
_LONG = 7200.0  # seconds; as long as the service lets a job take


class FileOperations:
    """What both clients can do with files."""

    _api: Api

    @operation
    def create(
        self,
        file: Any,
        *,
        file_name: str | None = None,
        purpose: str = "extract",
        external_file_id: str | None = None,
    ) -> Flow[File]:
        """Upload a document.

        Args:
            file: A path, bytes, `(name, bytes)` or a binary file object.
            file_name: Name to upload under; bytes need one. Its suffix says what they are.
            purpose: What it is for.
            external_file_id: An id of your own; a random one by default.

        Raises:
            FileInputError: it names no usable document.
        """
        given = yield Blocking(lambda: resolve_input(file, file_name=file_name))
        content = yield Blocking(given.read)
        return (
            yield from files.create(
                self._api, given.name, content, purpose=purpose, external_file_id=external_file_id
            )
        )

    @operation
    def get(self, file_id: str) -> Flow[File]:
        """Read what the service knows of a file."""
        return (yield from files.get(self._api, file_id))

    @operation
    def delete(self, file_id: str) -> Flow[None]:
        """Delete a file."""
        yield from files.delete(self._api, file_id)

    @operation
    def list_page(self, *, page_token: str | None = None, **filters: Unpack[FileFilters]) -> Flow[FilePage]:
        """One page of files."""
        return (yield from files.list_page(self._api, query_of(filters), page_token))


class Files(FileOperations, Sync):
    """Uploaded files, blocking."""

    def __init__(self, api: Api, perform: Perform) -> None:
        self._api, self._perform = api, perform

    def list(self, **filters: Unpack[FileFilters]) -> Iterator[File]:
        """All files that match, page by page as they are needed."""
        token: str | None = None
        while True:
            page = self.list_page(page_token=token, **filters)
            yield from page.items
            if not (token := page.next_page_token):
                return


class AsyncFiles(FileOperations, Async):
    """Uploaded files, for an event loop."""

    def __init__(self, api: Api, perform: AsyncPerform) -> None:
        self._api, self._perform = api, perform

    async def list(self, **filters: Unpack[FileFilters]) -> AsyncIterator[File]:
        """All files that match, page by page as they are needed."""
        token: str | None = None
        while True:
            page = await self.list_page(page_token=token, **filters)
            for item in page.items:
                yield item
            if not (token := page.next_page_token):
                return


class Operations:
    """What both clients can do. On `AsyncExtractClient` each operation is a coroutine method.

    Args:
        api_key: By default `LLAMA_CLOUD_API_KEY`, then `LLAMA_PARSE_API_KEY`, of the environment.
        base_url: Another service; it needs an `api_key` of its own unless it is on this machine.
        local: True or a `LocalService` extracts on this machine, without key or network; False never does.
        project_id: Scope of all calls.
        organization_id: Scope of all calls.
        http_client: An `httpx.Client` (or `httpx.AsyncClient`) of yours, to send with.
        http_timeout: Seconds for one request.
        retry: How failed requests are repeated.
        poll: How often a job is looked at.

    Raises:
        ConfigurationError: no service is chosen, or the keywords contradict each other.
    """

    _api: Api
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
            )
        )

    def _set_up(self, settings: Settings) -> None:
        route = choose(settings)
        self.settings, self._api = settings, api_of(settings, route)
        self._open(route)

    def _open(self, route: Route) -> None:
        raise TypeError("make an ExtractClient or an AsyncExtractClient")

    @property
    def service(self) -> str:
        """Which service answers: `cloud`, `local`, or its URL."""
        return self._api.service

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
        **configuration: Unpack[ConfigurationKeywords],
    ) -> Flow[ExtractV2Job]:
        """Upload a document, extract, wait; the whole COMPLETED job, with `job.origin` set.

        Cancelling the call (Ctrl-C, a cancelled task) cancels the job.

        Args:
            document: A path, bytes, `(name, bytes)`, a binary file object, or an id (`dfl-…`, `pjb-…`, a UUID).
            timeout: Seconds for all of it, upload to result.
            file_name: Name to upload under; bytes need one.
            file_id: Taken as an id whatever it looks like, instead of `document`.
            source_id: What makes this the same document next time; by default the path as given.
            on_progress: Called with the job at each look.
            **configuration: What to extract and how; see `ConfigurationKeywords`.

        Raises:
            ConfigurationError, SchemaError, PageRangeError, FileInputError: what was handed in; nothing was sent.
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
        self._sender = Sender(target_of(self.settings, route))
        self._perform = Perform(self._sender)

    @property
    def files(self) -> Files:
        """Uploaded files."""
        return Files(self._api, self._perform)

    def list(self, **filters: Unpack[JobFilters]) -> Iterator[ExtractV2Job]:
        """All jobs that match, newest first, page by page as they are needed."""
        token: str | None = None
        while True:
            page = self.list_page(page_token=token, **filters)
            yield from page.items
            if not (token := page.next_page_token):
                return

    def stoppable(self, stop: threading.Event) -> ExtractClient:
        """This client, whose calls end as by Ctrl-C, their job cancelled, once `stop` is set."""
        client = object.__new__(type(self))
        client.__dict__.update(self.__dict__, _perform=Perform(self._sender, stop))
        return client

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
        self._sender = AsyncSender(target_of(self.settings, route))
        self._perform = AsyncPerform(self._sender)

    @property
    def files(self) -> AsyncFiles:
        """Uploaded files."""
        return AsyncFiles(self._api, self._perform)

    async def list(self, **filters: Unpack[JobFilters]) -> AsyncIterator[ExtractV2Job]:
        """All jobs that match, newest first, page by page as they are needed."""
        token: str | None = None
        while True:
            page = await self.list_page(page_token=token, **filters)
            for item in page.items:
                yield item
            if not (token := page.next_page_token):
                return

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


def sync_client(client: Any) -> ExtractClient:
    """The blocking half of a client: itself, or made from its settings.

    Args:
        client: ExtractClient, AsyncExtractClient, or the official SDK's LlamaCloud or AsyncLlamaCloud.

    Raises:
        ConfigurationError: it is none of these, or was made with an http client of its own.
    """
    return client if isinstance(client, ExtractClient) else client_from(ExtractClient, _settings_of(client))


def async_client(client: Any) -> AsyncExtractClient:
    """The asynchronous half of a client: itself, or made from its settings; see `sync_client`."""
    return (
        client
        if isinstance(client, AsyncExtractClient)
        else client_from(AsyncExtractClient, _settings_of(client))
    )


def _settings_of(client: Any) -> Settings:
    if isinstance(client, Operations):
        settings, own = client.settings, client.settings.http_client is not None
    elif type(client).__module__.partition(".")[0] == "llama_cloud" and hasattr(client, "api_key"):
        settings = Settings(api_key=client.api_key, base_url=str(client.base_url))
        own = not type(getattr(client, "_client", None)).__name__.endswith("HttpxClientWrapper")
    else:
        raise ConfigurationError(
            f"a {type(client).__name__} is no client",
            where="client",
            hint="Pass ExtractClient, AsyncExtractClient, LlamaCloud or AsyncLlamaCloud",
        )
    if own:
        raise ConfigurationError(
            "the other half of this client cannot be made, for it has a hand-made http client",
            where="client",
            hint="Pass a client without http_client, or one of the kind that is called (sync or async)",
        )
    return settings
