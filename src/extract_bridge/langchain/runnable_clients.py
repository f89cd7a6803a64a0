"""The clients that a runnable and its copies share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from extract_bridge.client.client import AsyncExtractClient, ExtractClient

K = TypeVar("K", "ExtractClient", "AsyncExtractClient")
_MOST = 32  # keys and services at a time; a further one lets the oldest go, which costs a new connection and nothing else


class SharedClients:
    """One client for each service and key. Project and organization are told with each request, over the same connections.

    LangChain makes a runnable with other fields (a user's key, a project) anew at each call: so that it need not connect anew, its
    clients lie here. A deep copy or a pickle starts with none.
    """

    def __init__(self) -> None:
        self._made: dict[Any, tuple[Any, Any]] = {}  # with what was asked for, so that its id stays its own

    def client(self, kind: type[K], asked: Any, half: Callable[[Any], K]) -> K:
        """The client for settings, or that half of a given one.

        Args:
            kind: Which half.
            asked: `Settings`, or the client that was given.
            half: Makes the half of a given client.

        Raises:
            ConfigurationError: no service is chosen, or that half cannot be made.
        """
        from extract_bridge.client.client import client_from  # noqa: PLC0415 - a class costs little until it is used
        from extract_bridge.client.connect import Settings  # noqa: PLC0415 - the same

        if not isinstance(asked, Settings):
            return cast("K", self._kept((kind, id(asked)), asked, lambda: half(asked)))
        plain = replace(asked, project_id=None, organization_id=None)
        local = plain.local if isinstance(plain.local, bool | None) else id(plain.local)
        key = (kind, plain.api_key, plain.base_url, local)
        client = cast("K", self._kept(key, plain, lambda: client_from(kind, plain)))
        if asked.project_id is None and asked.organization_id is None:
            return client
        return client.with_options(project_id=asked.project_id, organization_id=asked.organization_id)

    def _kept(self, key: Any, asked: Any, make: Callable[[], Any]) -> Any:
        """No lock: a fork could leave it held. Two threads at once may make two clients, and use the one that came first."""
        if key not in self._made:
            while len(self._made) >= _MOST:
                self._made.pop(next(iter(list(self._made)), None), None)
            self._made.setdefault(key, (asked, make()))
        found = self._made.get(key)
        return make() if found is None else found[1]

    def __len__(self) -> int:
        return len(self._made)

    def __bool__(self) -> bool:
        return True

    def __deepcopy__(self, _: object) -> SharedClients:
        return SharedClients()

    def __reduce__(self) -> tuple[Any, ...]:
        return SharedClients, ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SharedClients)  # says nothing about what was asked for

    __hash__ = None  # type: ignore[assignment]
