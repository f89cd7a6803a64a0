"""The common keywords as one pydantic mixin: for tools, runnables, readers and programs; loaders hold one.

To import a class that inherits from it should cost little more than its framework, so that what connects and what reads a schema is
imported when an object is made or connects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    InstanceOf,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_serializer,
)

from extract_bridge.client.local_service import LocalService
from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from extract_bridge.client.client import AsyncExtractClient, ExtractClient
    from extract_bridge.client.connect import Settings
    from extract_bridge.client.flows.keywords import ConfigurationKeywords
    from extract_bridge.core.schema.normalize import NormalizedSchema

K = TypeVar("K", "ExtractClient", "AsyncExtractClient")
_CONNECTION = ("local", "api_key", "base_url")


class ExtractOptions(BaseModel):
    """What to extract, how, and by which service; None is the same as not given.

    Contradictions and unknown keywords raise when the object is made; which service answers is settled at the first call, so
    that a key may still come.

    Attributes:
        data_schema: A pydantic class, TypedDict, dataclass, JSON Schema dict, or `Path` of one.
        configuration: A whole configuration, instead of `data_schema`; not shown, and dumped without its webhooks.
        configuration_id: A saved configuration, instead of `data_schema`.
        output_cls: The class that results are parsed into; given alone it is the `data_schema` too.
        extraction_target: `per_doc` (default), `per_page` or `per_table_row`.
        tier: `cost_effective` by default.
        parse_tier: How the document is read first.
        parse_config_id: A saved parse configuration.
        version: Of the extraction.
        extract_version: Older name of `version`.
        system_prompt: Guidance in words.
        target_pages: `"1,3,5-7"`, 1-based; a page or a list of pages will do.
        max_pages: Process at most that many pages.
        lang: Language of the documents.
        cite_sources: Ask for citations; True by default.
        confidence_scores: Ask for confidences; True by default.
        webhook_configurations: Endpoints that are told about each job; may hold secrets, so never shown or dumped.
        project_id: Scope.
        organization_id: Scope.
        validate_schema: Let the service check the schema before the first paid job.
        client: A client of ours or of the official SDK, instead of the next three; read, it is the one in use.
        local: True or a `LocalService` extracts on this machine.
        api_key: Never shown, dumped or pickled.
        base_url: Another service.
    """

    model_config = ConfigDict(
        arbitrary_types_allowed=True,
        defer_build=True,  # a class that is only imported, or inherited from, costs little
        hide_input_in_errors=True,
        protected_namespaces=(),
        validate_by_name=True,
        validate_by_alias=True,
    )

    data_schema: Any = None
    configuration: Any = Field(default=None, repr=False)
    configuration_id: str | None = None
    output_cls: Any = Field(default=None, exclude=True)
    extraction_target: str | None = None
    tier: str | None = None
    parse_tier: str | None = None
    parse_config_id: str | None = None
    version: str | None = None
    extract_version: str | None = None
    system_prompt: str | None = None
    target_pages: str | int | list[int] | None = None
    max_pages: int | None = None
    lang: str | None = None
    cite_sources: bool | None = None
    confidence_scores: bool | None = None
    webhook_configurations: Any = Field(default=None, exclude=True, repr=False)
    project_id: str | None = None
    organization_id: str | None = None
    validate_schema: bool | None = None
    given_client: Any = Field(default=None, alias="client", exclude=True, repr=False)
    local: bool | InstanceOf[LocalService] | None = None
    api_key: SecretStr | None = Field(default=None, exclude=True, repr=False)
    base_url: str | None = None

    _made: _Made = PrivateAttr(default_factory=lambda: _Made())

    def __init__(self, **keywords: Any) -> None:
        fields = type(self).model_fields
        aliases = {field.alias for field in fields.values()}
        unknown = [name for name in keywords if name not in fields and name not in aliases]
        if unknown:
            raise ConfigurationError(
                f"there is no keyword {unknown[0]!r}", where=unknown[0], hint="Check its spelling"
            )
        if keywords.get("client") is None:
            # A framework copies by field names (LangChain's configurable fields do): a None beside them must not win.
            keywords.pop("client", None)
        try:
            super().__init__(**keywords)
        except ValidationError as error:
            from extract_bridge.core.wire.model import problems  # noqa: PLC0415 - see above

            raise ConfigurationError(
                f"a keyword cannot be used: {'; '.join(problems(error))}", hint="Correct what is named"
            ) from None
        self._check_client()
        self._settings().check()
        self.normalized_schema()

    def normalized_schema(self) -> NormalizedSchema | None:
        """The caller's schema in normal form; None where a saved configuration decides."""
        from extract_bridge.client.flows.keywords import resolve_configuration  # noqa: PLC0415 - see above

        given = self._given()
        if self._made.given != given:
            self._made.given, self._made.schema = given, resolve_configuration(**given).schema
        return self._made.schema

    def configuration_keywords(self) -> ConfigurationKeywords:
        """What `client.run` and `client.create` are called with."""
        keywords, schema = self._given(), self.normalized_schema()
        if schema is not None and "data_schema" in keywords:
            keywords["data_schema"] = schema  # normalised once, not once a document
        return keywords

    @property
    def client(self) -> Any:
        """The client in use: the one that was passed, otherwise the blocking one that was made from the keywords.

        Raises:
            ConfigurationError: none was passed, and no service is chosen.
        """
        return self.sync_client() if self.given_client is None else self.given_client

    def sync_client(self) -> ExtractClient:
        """The blocking client; made at the first call, and anew in a copy that asks for another service.

        Raises:
            ConfigurationError: no service is chosen.
        """
        from extract_bridge.client.client import ExtractClient, sync_client  # noqa: PLC0415 - see above

        return self._client(ExtractClient, sync_client)

    def async_client(self) -> AsyncExtractClient:
        """The asynchronous client; made at the first call.

        Raises:
            ConfigurationError: no service is chosen.
        """
        from extract_bridge.client.client import AsyncExtractClient, async_client  # noqa: PLC0415 - see above

        return self._client(AsyncExtractClient, async_client)

    def _client(self, kind: type[K], half: Callable[[Any], K]) -> K:
        from extract_bridge.client.client import client_from  # noqa: PLC0415 - see above
        from extract_bridge.client.connect import Settings  # noqa: PLC0415 - see above

        asked = self._settings() if self.given_client is None else self.given_client
        made = self._made.clients.get(kind)
        if made is None or made[0] != asked:
            made = (asked, client_from(kind, asked) if isinstance(asked, Settings) else half(asked))
            self._made.clients[kind] = made
        return cast("K", made[1])

    def _settings(self) -> Settings:
        from extract_bridge.client.connect import Settings  # noqa: PLC0415 - see above

        key = self.api_key.get_secret_value() if self.api_key is not None else None
        return Settings(
            api_key=key,
            base_url=self.base_url,
            local=self.local,
            project_id=self.project_id,
            organization_id=self.organization_id,
        )

    def _given(self) -> ConfigurationKeywords:
        from extract_bridge.client.flows.keywords import WAYS, ConfigurationKeywords  # noqa: PLC0415 - see above

        given = {
            name: value
            for name in ConfigurationKeywords.__annotations__
            if (value := getattr(self, name)) is not None
        }
        if self.output_cls is not None and not any(name in given for name in WAYS):
            given["data_schema"] = self.output_cls
        return cast("ConfigurationKeywords", given)

    def _check_client(self) -> None:
        if self.given_client is None:
            return
        for name in _CONNECTION:
            if getattr(self, name) is not None:
                raise ConfigurationError(
                    f"client and {name} are given together",
                    where=name,
                    hint="The client already says which service answers",
                )

    @field_serializer("data_schema")
    def _dumped_schema(self, value: Any) -> Any:
        if value is None or isinstance(value, dict):
            return value
        schema = self.normalized_schema()
        return None if schema is None else schema.json_schema

    @field_serializer("configuration")
    def _dumped_configuration(self, value: Any) -> dict[str, Any] | None:
        """Plain JSON, without webhooks: these may hold secrets."""
        from extract_bridge.core.wire.configuration import ExtractConfiguration  # noqa: PLC0415 - see above

        if value is None:
            return None
        whole = value.to_dict() if isinstance(value, ExtractConfiguration) else dict(value)
        whole.pop("webhook_configurations", None)
        schema = self.normalized_schema()
        return whole if schema is None else {**whole, "data_schema": schema.json_schema}

    @field_serializer("local")
    def _dumped_local(self, local: bool | LocalService | None) -> bool | None:
        return None if local is None else bool(local)

    def __getstate__(self) -> dict[str, Any]:
        from extract_bridge.client.client import AsyncExtractClient, ExtractClient  # noqa: PLC0415 - see above

        if isinstance(self.given_client, (ExtractClient, AsyncExtractClient)):
            self.given_client.settings.__getstate__()  # raises, where a framework would silently leave the client out
        state = dict(super().__getstate__())
        if self.api_key is not None:
            from extract_bridge.client.connect import key_name  # noqa: PLC0415 - see above

            name = key_name(self.api_key.get_secret_value())
            state["__dict__"] = {**state["__dict__"], "api_key": _KeyName(name)}
        return state


class _Made:
    """What an object made of its keywords; a copy or a pickle starts anew."""

    def __init__(self) -> None:
        self.clients: dict[type, tuple[Any, Any]] = {}
        self.given: ConfigurationKeywords | None = None
        self.schema: NormalizedSchema | None = None

    def __deepcopy__(self, _: object) -> _Made:
        return _Made()

    def __reduce__(self) -> tuple[Any, ...]:
        return _Made, ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Made)  # says nothing about what was asked for

    __hash__ = None  # type: ignore[assignment]


class _KeyName:
    """Stands for a key in a pickle: the environment variable that holds it, here and there."""

    def __init__(self, name: str | None) -> None:
        self.name = name

    def __reduce__(self) -> tuple[Any, ...]:
        return _key_of, (self.name,)


def _key_of(name: str | None) -> SecretStr | None:
    from extract_bridge.client.connect import key_from_environment  # noqa: PLC0415 - see above

    key = key_from_environment(name)
    return None if key is None else SecretStr(key)
