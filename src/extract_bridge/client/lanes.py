"""Clients in lanes: each request has one of its own while it lasts, with one connection, and at most so many are under way.

A pool of many connections looks at all of them before each request, so its cost grows with its size; a client of one connection costs the same however
many stand beside it. The lane that was free last is taken first: calls one after another use one connection.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

C = TypeVar("C")


class _Lanes(Generic[C]):
    """Lanes that are free, and those that were ever made.

    Args:
        make: Makes the client of one lane.
    """

    def __init__(self, make: Callable[[], C]) -> None:
        self.made: list[C] = []
        self._make = make
        self._free: list[C] = []

    def _take(self) -> C:
        try:
            return self._free.pop()
        except IndexError:
            self.made.append(made := self._make())
            return made


class Lanes(_Lanes[C]):
    """For threads; at most `size` at one time, the others wait."""

    def __init__(self, size: int, make: Callable[[], C]) -> None:
        super().__init__(make)
        self._gate = threading.Semaphore(size)

    @contextmanager
    def lane(self) -> Iterator[C]:
        """A client for one request."""
        with self._gate:
            client = self._take()
            try:
                yield client
            finally:
                self._free.append(client)


class AsyncLanes(_Lanes[C]):
    """For the tasks of one event loop; at most `size` at one time, the others wait."""

    def __init__(self, size: int, make: Callable[[], C]) -> None:
        super().__init__(make)
        self._gate = asyncio.Semaphore(size)

    @asynccontextmanager
    async def lane(self) -> AsyncIterator[C]:
        """A client for one request."""
        async with self._gate:
            client = self._take()
            try:
                yield client
            finally:
                self._free.append(client)
