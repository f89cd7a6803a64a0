"""What both clients offer besides jobs: files, saved configurations, parse jobs, and plain requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar, Unpack

from extract_bridge.client.drivers import Async, AsyncPerform, Perform, Sync, operation
from extract_bridge.client.effects import Blocking, Call, Flow, Reply
from extract_bridge.client.flows import files, saved
from extract_bridge.client.flows.keywords import ConfigurationKeywords, resolve_configuration
from extract_bridge.client.flows.request import exchange, query_of
from extract_bridge.client.inputs import resolve_input
from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.wire.dialect import configuration_body

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence

    from extract_bridge.client.flows.files import FileFilters, FilePage
    from extract_bridge.client.flows.request import Api
    from extract_bridge.client.flows.saved import ConfigurationFilters, ConfigurationPage
    from extract_bridge.core.wire.files import File
    from extract_bridge.core.wire.saved import FileLink, ParseJob, ParseResult, SavedConfiguration

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class Page(Protocol[T_co]):
    """One page of a list."""

    @property
    def items(self) -> Sequence[T_co]:
        """What is on it."""

    @property
    def next_page_token(self) -> str | None:
        """Asks for the next page; None at the end."""


def pages(fetch: Callable[[str | None], Page[T]]) -> Iterator[T]:
    """Everything on all pages, each page asked for when it is needed."""
    token: str | None = None
    while True:
        page = fetch(token)
        yield from page.items
        if not (token := page.next_page_token):
            return


async def apages(fetch: Callable[[str | None], Awaitable[Page[T]]]) -> AsyncIterator[T]:
    """Everything on all pages, each page asked for when it is needed."""
    token: str | None = None
    while True:
        page = await fetch(token)
        for item in page.items:
            yield item
        if not (token := page.next_page_token):
            return


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
    def content(self, file_id: str) -> Flow[FileLink]:
        """A link that gives the file's bytes for a while; anybody who holds it can fetch them."""
        return (yield from files.content(self._api, file_id))

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
        return pages(lambda token: self.list_page(page_token=token, **filters))


class AsyncFiles(FileOperations, Async):
    """Uploaded files, for an event loop."""

    def __init__(self, api: Api, perform: AsyncPerform) -> None:
        self._api, self._perform = api, perform

    def list(self, **filters: Unpack[FileFilters]) -> AsyncIterator[File]:
        """All files that match, page by page as they are needed."""
        return apages(lambda token: self.list_page(page_token=token, **filters))


class ConfigurationOperations:
    """What both clients can do with saved configurations."""

    _api: Api

    @operation
    def create(self, name: str, **configuration: Unpack[ConfigurationKeywords]) -> Flow[SavedConfiguration]:
        """Keep a configuration; jobs then name it by `configuration_id`.

        Args:
            name: For people.
            **configuration: What to extract and how, by `data_schema` and the settings or by `configuration`.

        Raises:
            ConfigurationError, SchemaError, PageRangeError: the keywords; nothing was sent.
            UnansweredError: it may be kept; look with `list(name=…)`.
        """
        parameters, api = yield Blocking(lambda: self._parameters(configuration))
        return (yield from saved.create_configuration(api, name, parameters))

    @operation
    def get(self, config_id: str) -> Flow[SavedConfiguration]:
        """Read a saved configuration."""
        return (yield from saved.get_configuration(self._api, config_id))

    @operation
    def update(
        self, config_id: str, *, name: str | None = None, **configuration: Unpack[ConfigurationKeywords]
    ) -> Flow[SavedConfiguration]:
        """Change a saved configuration; jobs that were created with it stay as they are.

        Args:
            config_id: Its id.
            name: A new name.
            **configuration: What to extract and how, instead of all that was saved; as for `create`.
        """
        parameters, api = None, self._api
        if configuration:
            parameters, api = yield Blocking(lambda: self._parameters(configuration))
        return (yield from saved.update_configuration(api, config_id, name=name, parameters=parameters))

    @operation
    def delete(self, config_id: str) -> Flow[None]:
        """Forget a saved configuration."""
        yield from saved.delete_configuration(self._api, config_id)

    @operation
    def list_page(
        self, *, page_token: str | None = None, **filters: Unpack[ConfigurationFilters]
    ) -> Flow[ConfigurationPage]:
        """One page of saved configurations."""
        return (yield from saved.configuration_page(self._api, query_of(filters), page_token))

    def _parameters(self, keywords: ConfigurationKeywords) -> tuple[dict[str, Any], Api]:
        resolved = resolve_configuration(**keywords)
        if resolved.configuration is None:
            raise ConfigurationError(
                "a saved configuration cannot be made from another one's id",
                where="configuration_id",
                hint="Give data_schema or configuration",
            )
        body = configuration_body(resolved.configuration, lang=self._api.service != "cloud")
        return body, self._api.scoped(resolved.scope)


class Configurations(ConfigurationOperations, Sync):
    """Saved configurations, blocking."""

    def __init__(self, api: Api, perform: Perform) -> None:
        self._api, self._perform = api, perform

    def list(self, **filters: Unpack[ConfigurationFilters]) -> Iterator[SavedConfiguration]:
        """All saved configurations that match, page by page as they are needed."""
        return pages(lambda token: self.list_page(page_token=token, **filters))


class AsyncConfigurations(ConfigurationOperations, Async):
    """Saved configurations, for an event loop."""

    def __init__(self, api: Api, perform: AsyncPerform) -> None:
        self._api, self._perform = api, perform

    def list(self, **filters: Unpack[ConfigurationFilters]) -> AsyncIterator[SavedConfiguration]:
        """All saved configurations that match, page by page as they are needed."""
        return apages(lambda token: self.list_page(page_token=token, **filters))


class ParsingOperations:
    """What both clients can do with parse jobs."""

    _api: Api

    @operation
    def create(
        self,
        file_id: str,
        *,
        tier: str = "cost_effective",
        version: str = "latest",
        configuration_id: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Flow[ParseJob]:
        """Read a document once; the finished job's id is the `file_input` of any number of extract jobs.

        Args:
            file_id: An uploaded file.
            tier: `fast`, `cost_effective`, `agentic` or `agentic_plus`; a saved configuration decides instead.
            version: Of the tier; a saved configuration decides instead.
            configuration_id: A saved parse configuration.
            options: Other keys of the body, such as `page_ranges` and `output_options`.

        Raises:
            UnansweredError: the job may exist; it is not sent again.
        """
        chosen = (
            {"tier": tier, "version": version}
            if configuration_id is None
            else {"configuration_id": configuration_id}
        )
        return (yield from saved.create_parse(self._api, {"file_id": file_id, **chosen, **(options or {})}))

    @operation
    def get(self, job_id: str, *, expand: Sequence[str] = ()) -> Flow[ParseResult]:
        """Read a parse job.

        Args:
            job_id: Its id.
            expand: What to ask for besides the job: `text`, `markdown`, `items`, `metadata`, ….
        """
        return (yield from saved.get_parse(self._api, job_id, expand))

    @operation
    def cancel(self, job_id: str) -> Flow[ParseJob]:
        """Cancel a parse job that is not final yet.

        Raises:
            ConflictError: it is final.
        """
        return (yield from saved.cancel_parse(self._api, job_id))


class Parsing(ParsingOperations, Sync):
    """Parse jobs, blocking."""

    def __init__(self, api: Api, perform: Perform) -> None:
        self._api, self._perform = api, perform


class AsyncParsing(ParsingOperations, Async):
    """Parse jobs, for an event loop."""

    def __init__(self, api: Api, perform: AsyncPerform) -> None:
        self._api, self._perform = api, perform


class RawOperations:
    """Any request of the service, and its answer as it came: status, headers, bytes. No status raises."""

    _api: Api

    @operation
    def get(self, path: str, *, query: Mapping[str, Any] | None = None) -> Flow[Reply]:
        """GET; repeated where the answer was lost. `path` starts with `/`; lists in `query` are repeated keys."""
        return (yield from self._exchange("GET", path, query, None))

    @operation
    def post(self, path: str, *, json: object = None, query: Mapping[str, Any] | None = None) -> Flow[Reply]:
        """POST; repeated only where it surely was not carried out.

        Raises:
            UnansweredError: it may have been carried out.
        """
        return (yield from self._exchange("POST", path, query, json))

    @operation
    def put(self, path: str, *, json: object = None, query: Mapping[str, Any] | None = None) -> Flow[Reply]:
        """PUT; repeated where the answer was lost."""
        return (yield from self._exchange("PUT", path, query, json))

    @operation
    def delete(self, path: str, *, query: Mapping[str, Any] | None = None) -> Flow[Reply]:
        """DELETE; repeated where the answer was lost."""
        return (yield from self._exchange("DELETE", path, query, None))

    def _exchange(self, method: str, path: str, query: Mapping[str, Any] | None, json: object) -> Flow[Reply]:
        if not path.startswith("/") or any(mark in path for mark in "?#\\") or not path.isprintable():
            raise ConfigurationError(
                "path is no path of the service", where="path", hint="Write it as /api/v2/extract; use query="
            )
        named = query_of(query or {})
        names = {name for name, _ in named}
        scope = [(name, value) for name, value in self._api.scope if name not in names]
        call = Call(method, path, [*named, *scope], json)
        return (yield from exchange(self._api, call, safe=method != "POST"))


class Raw(RawOperations, Sync):
    """Plain requests, blocking."""

    def __init__(self, api: Api, perform: Perform) -> None:
        self._api, self._perform = api, perform


class AsyncRaw(RawOperations, Async):
    """Plain requests, for an event loop."""

    def __init__(self, api: Api, perform: AsyncPerform) -> None:
        self._api, self._perform = api, perform
