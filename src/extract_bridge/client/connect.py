"""Which service answers, and the way to it. The only module of the client that reads the environment, and the one door to the local service.

Longer than most modules: whoever checks where a key may go reads all of it in one place.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from extract_bridge.client.flows.memory import Memory
from extract_bridge.client.flows.request import Api, Extra
from extract_bridge.client.local_service import LocalService as LocalService
from extract_bridge.client.official import is_official
from extract_bridge.client.policy import PollPolicy, RetryPolicy
from extract_bridge.core.environment import OFFLINE, flag, is_loopback_host
from extract_bridge.core.errors import ConfigurationError, MissingExtraError
from extract_bridge.core.wire.dialect import WIRES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract_bridge.client.http import Target

CLOUD = "https://api.cloud.llamaindex.ai"
CLOUD_EU = "https://api.cloud.eu.llamaindex.ai"
_CLOUDS = (CLOUD, CLOUD_EU)
_LOCAL_URL = "http://local.extract-bridge.internal"
_KEY_NAMES = ("LLAMA_CLOUD_API_KEY", "LLAMA_PARSE_API_KEY")
_URL_NAME = "LLAMA_CLOUD_BASE_URL"
_LOCAL_NAME = "EXTRACT_BRIDGE_LOCAL"
_DATA_DIR_NAME = "EXTRACT_BRIDGE_DATA_DIR"
_LOCAL_POLL = PollPolicy(first=0.02, most=1.0)  # looking at one's own machine costs little
_OWN_HEADERS = ("authorization", "host", "content-length", "transfer-encoding")


@dataclass(frozen=True)
class Settings:
    """What a client was asked for. Picklable, unless it holds a key that no environment variable holds."""

    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = None
    local: bool | LocalService | None = None
    project_id: str | None = None
    organization_id: str | None = None
    http_client: Any = field(default=None, repr=False)
    http_timeout: float = 60.0
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    poll: PollPolicy = field(default_factory=PollPolicy)
    wire: str = "auto"
    extra: Extra = field(default_factory=Extra, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        if self.extra.headers:
            raise ConfigurationError(
                "a client with extra headers cannot be pickled: they may hold secrets",
                where="extra_headers",
                hint="Pickle the client without them, and call with_options where it is unpickled",
            )
        if self.http_client is not None:
            raise ConfigurationError(
                "a client with a hand-made http_client cannot be pickled",
                where="http_client",
                hint="Leave http_client out",
            )
        return {**self.__dict__, "api_key": None, "key_from": key_name(self.api_key)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        name = state.pop("key_from")
        self.__dict__.update(state, api_key=key_from_environment(name))

    def check(self) -> None:
        """Refuse keywords that contradict each other.

        Raises:
            ConfigurationError: `local` together with a key, URL or http client; an empty key; a timeout that is none.
        """
        if self.local:
            for name in ("api_key", "base_url", "http_client"):
                if getattr(self, name) is not None:
                    raise ConfigurationError(
                        f"local and {name} are given together",
                        where=name,
                        hint="The local service needs no " + name,
                    )
        if self.api_key is not None:
            _check_key(self.api_key, "api_key")
        if not self.http_timeout > 0:
            raise ConfigurationError(
                "http_timeout must be above 0 seconds", where="http_timeout", hint="60 is the default"
            )
        if self.wire not in WIRES:
            raise ConfigurationError(
                "wire is none of " + ", ".join(WIRES), where="wire", hint="auto is the default"
            )
        for name, value in self.extra.headers.items():
            _check_header(name, value)


@dataclass(frozen=True, slots=True)
class Route:
    """The service that was chosen.

    Attributes:
        service: `cloud`, `local`, or its URL; what records say.
        base_url: Where requests go.
        key: The key that is sent there, if any.
        local: The service on this machine, if it is that.
    """

    service: str
    base_url: str
    key: str | None = field(default=None, repr=False)
    local: LocalService | None = None


def choose(settings: Settings) -> Route:
    """Say which service answers.

    Raises:
        ConfigurationError: none is chosen, keywords contradict each other, or a key would go where it must not.
    """
    settings.check()
    if settings.local:
        return _local_route(settings.local)
    url = settings.base_url or _own_url(settings.http_client)
    explicit = settings.api_key is not None or url is not None
    if not explicit and settings.local is None and flag(_LOCAL_NAME):
        return _local_route(True)
    environment_url = os.environ.get(_URL_NAME, "").strip() or None
    base_url = full_url(url or environment_url or CLOUD)
    loopback = is_loopback(base_url)
    key = settings.api_key
    if is_official(settings.http_client):  # it sends its own key; the rules for keys hold all the same
        key = settings.http_client.api_key
    if key is None and settings.http_client is None:
        trusted = {*_CLOUDS, *([full_url(environment_url)] if environment_url else [])}
        key = _environment_key() if base_url in trusted else None
        if key is None and not loopback:
            raise _no_key(explicit)
    return _guarded(base_url, key, loopback=loopback)


def _guarded(base_url: str, key: str | None, *, loopback: bool) -> Route:
    if key is not None and not loopback and urlsplit(base_url).scheme != "https":
        raise ConfigurationError(
            "a key is not sent over plain http to another machine",
            where="base_url",
            hint="Use an https base_url",
        )
    if not loopback and flag(OFFLINE):
        raise ConfigurationError(
            f"{OFFLINE} forbids connections to other machines",
            where="base_url",
            hint="Pass local=True, or unset it",
        )
    return Route("cloud" if base_url in _CLOUDS else base_url, base_url, key)


def _no_key(explicit: bool) -> ConfigurationError:
    if explicit:
        return ConfigurationError(
            "base_url needs api_key: a key of the environment goes only to the default hosts or LLAMA_CLOUD_BASE_URL",
            where="api_key",
            hint="Pass api_key= with base_url=",
        )
    return ConfigurationError(
        "No Extract service chosen: set LLAMA_CLOUD_API_KEY, or pass local=True to extract on this machine",
        code="no_service",
    )


def _local_route(local: bool | LocalService) -> Route:
    service = local if isinstance(local, LocalService) else LocalService()
    if service.data_dir is None and (folder := os.environ.get(_DATA_DIR_NAME, "").strip()):
        service = replace(service, data_dir=folder)
    return Route("local", _LOCAL_URL, local=service)


def api_of(settings: Settings, route: Route) -> Api:
    """What the flows know about the chosen service."""
    scope = [
        (name, value) for name in ("project_id", "organization_id") if (value := getattr(settings, name))
    ]
    poll = _LOCAL_POLL if route.local and settings.poll == PollPolicy() else settings.poll
    return Api(
        route.service,
        _SystemClock(),
        settings.retry,
        poll,
        scope,
        wire=settings.wire,
        memory=memory_of(route),
        extra=settings.extra,
        address="local" if route.local is not None else route.base_url,
    )


def memory_of(route: Route) -> Memory:
    """What this process learned of a service; one for each address."""
    name = route.base_url if route.local is None else f"{route.base_url} {route.local.data_dir}"
    return _memories.setdefault(name, Memory(idempotent=route.local is not None))


def target_of(settings: Settings, route: Route) -> Target:
    """Where a sender sends."""
    from extract_bridge.client.http import Target  # noqa: PLC0415 - httpx is loaded when a client is made

    headers: Mapping[str, str] = {"Authorization": f"Bearer {route.key}"} if route.key else {}
    return Target(
        base_url=route.base_url,
        headers=headers,
        timeout=settings.http_timeout,
        trust_env=not is_loopback(route.base_url),
        transport=None if route.local is None else partial(local_transport, route.local),
        http_client=settings.http_client,
    )


def full_url(text: str) -> str:
    """A base URL with a scheme and without a final slash.

    Raises:
        ConfigurationError: it is no http or https address, or carries a user name or password.
    """
    text = text.strip()
    if "://" not in text:
        text = f"{'http' if is_loopback('http://' + text) else 'https'}://{text}"
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:
        usable = False
    if (
        not usable
        or parts.username is not None
        or parts.password is not None
        or parts.query
        or parts.fragment
    ):
        raise ConfigurationError(
            "base_url is no plain http or https address", where="base_url", hint=f"Write it as {CLOUD}"
        )
    return text.rstrip("/")


def is_loopback(base_url: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        host = urlsplit(base_url).hostname or ""
    except ValueError:
        return False
    return base_url == _LOCAL_URL or is_loopback_host(host)


def key_name(key: str | None) -> str | None:
    """The environment variable that holds `key`, which may be stored in its place; None for no key.

    Raises:
        ConfigurationError: none holds it.
    """
    if key is None:
        return None
    for name in _KEY_NAMES:
        if os.environ.get(name, "").strip() == key:
            return name
    raise ConfigurationError(
        "an explicit api_key is not pickled",
        where="api_key",
        hint=f"Set {_KEY_NAMES[0]} in the environment, here and where it is unpickled",
    )


def key_from_environment(name: str | None) -> str | None:
    """The key that a pickle named by its environment variable; empty, and so refused, where that is unset."""
    return None if name is None else os.environ.get(name, "").strip()


def _environment_key() -> str | None:
    for name in _KEY_NAMES:
        if key := os.environ.get(name, "").strip():
            _check_key(key, name)
            return key
    return None


def _check_key(key: str, where: str) -> None:
    if not key:
        raise ConfigurationError(
            "the key is empty", where=where, hint="Check where it comes from, or pass local=True"
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError(
            "the key holds characters that no key has", where=where, hint="Copy it again"
        )


def _check_header(name: object, value: object) -> None:
    usable = (
        isinstance(name, str)
        and isinstance(value, str)
        and name.replace("-", "").replace("_", "").isalnum()
        and (name + value).isascii()
        and value.isprintable()
    )
    if not usable or str(name).lower() in _OWN_HEADERS:
        raise ConfigurationError(
            "an extra header is malformed or belongs to the client itself",
            where="extra_headers",
            hint="Pass the key as api_key; names are letters, digits and dashes, values printable ASCII",
        )


def _own_url(http_client: Any) -> str | None:
    """The base URL of a hand-made http client, if it has one."""
    url = str(getattr(http_client, "base_url", "") or "")
    return url or None


class _SystemClock:
    def monotonic(self) -> float:
        return time.monotonic()

    def now(self) -> float:
        return time.time()


_memories: dict[str, Memory] = {}
_doors: dict[tuple[int, object], tuple[Any, LocalService]] = {}
_door_lock = threading.Lock()


def local_transport(service: LocalService) -> Any:
    """The way into the service on this machine; one for each data_dir in a process, shared by all who use it.

    Raises:
        MissingExtraError: the packages of the extra `local` are not installed.
        ConfigurationError: the same data_dir is already served with other settings.
    """
    key = _door_key(service)
    with _door_lock:
        if key not in _doors:
            _doors[key] = (_open(_folder(service), service), service)
        transport, known = _doors[key]
    if known.llm is not service.llm or _settings(known) != _settings(service):
        raise ConfigurationError(
            "this data_dir is already served with another llm or llm_mode, number of workers, faults, webhook hosts, or source URLs",
            where="data_dir",
            hint="Use equal LocalService settings for one data_dir in a process",
        )
    return transport


def close_local(service: LocalService) -> None:
    """End the service on this machine that `local_transport` opened for these settings, if it did."""
    with _door_lock:
        transport, _ = _doors.pop(_door_key(service), (None, service))
    if transport is not None:
        transport.close()


def _door_key(service: LocalService) -> tuple[int, object]:
    folder = _folder(service)
    return os.getpid(), folder or (id(service.llm), *_settings(service))


def _settings(service: LocalService) -> tuple[object, ...]:
    return (
        service.llm_mode,
        service.workers,
        service.faults,
        tuple(service.allow_webhook_hosts),
        service.allow_source_url,
        tuple(service.allow_source_hosts),
    )


def _folder(service: LocalService) -> Path | None:
    return None if service.data_dir is None else Path(service.data_dir).expanduser().resolve()


def _open(folder: Path | None, service: LocalService) -> Any:
    try:
        module = import_module("extract_bridge.local.transport")
    except ImportError as error:
        package = (error.name or "").partition(".")[0]
        if package in ("", "extract_bridge"):
            raise
        raise MissingExtraError("local", package) from error
    return module.open_transport(
        data_dir=folder,
        workers=service.workers,
        llm=service.llm,
        llm_mode=service.llm_mode,
        faults=service.faults,
        allow_webhook_hosts=service.allow_webhook_hosts,
        allow_source_url=service.allow_source_url,
        allow_source_hosts=service.allow_source_hosts,
    )


def _new_lock() -> None:
    global _door_lock
    _door_lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_lock)
