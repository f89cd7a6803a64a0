"""What belongs to one event loop ends with it, whoever else forgets to close it."""

from __future__ import annotations

import asyncio
import os
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


_Owned = list["list[Any]"]
_guards: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, set[AsyncGenerator[None, None]]] = (
    weakref.WeakKeyDictionary()
)


class LoopBound:
    """Owns connections of the running loop; made inside it.

    A loop closes its asynchronous generators when it shuts down (`asyncio.run` does so), and that closes the connections. The generator stays
    known to the loop when this object is dropped: what closes the connections then may not be finished when the loop is asked to end.
    """

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._owned: _Owned = []
        closing: set[asyncio.Task[None]] = set()
        self._guard = _until_shutdown(self._owned, closing)
        for dead in [known for known in list(_guards) if known.is_closed()]:
            _guards.pop(dead, None)
        _guards.setdefault(loop, set()).add(self._guard)
        dropped = weakref.finalize(
            self, _drop, os.getpid(), weakref.ref(loop), self._guard, self._owned, closing
        )
        dropped.atexit = False

    async def begin(self) -> None:
        """Make the loop know of it; never suspends."""
        await anext(self._guard)

    def closes(self, connections: list[Any]) -> None:
        """Close these, and what is added to them: clients with an `aclose`, or None."""
        self._owned.append(connections)

    async def aclose(self) -> None:
        """Close them now."""
        await self._guard.aclose()
        _guards.get(asyncio.get_running_loop(), set()).discard(self._guard)


def _drop(
    process: int,
    known: weakref.ref[asyncio.AbstractEventLoop],
    guard: AsyncGenerator[None, None],
    owned: _Owned,
    closing: set[asyncio.Task[None]],
) -> None:
    """Nobody has the owner any more: its connections are closed by their loop while that runs. Called in any thread."""
    loop = known()
    if process != os.getpid() or loop is None:
        return

    async def close() -> None:
        await _close(owned)
        closing.clear()  # this task: the guard need not wait for it any more
        with suppress(RuntimeError):  # the loop shuts down, and the guard waits for this task
            await guard.aclose()  # never suspends: all are closed
        _guards.get(loop, set()).discard(guard)

    def begin() -> None:
        closing.add(loop.create_task(close()))

    with suppress(RuntimeError):  # the loop is closed
        loop.call_soon_threadsafe(begin)


async def _close(owned: _Owned) -> None:
    """One after another, each taken first: a loop that ends cancels the task that is at it, and the guard then closes the others."""
    for connections in owned:
        while connections:
            one = connections.pop()
            if one is not None:
                with suppress(Exception):
                    await one.aclose()


async def _until_shutdown(owned: _Owned, closing: set[asyncio.Task[None]]) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        await _close(owned)
        if closing:
            await asyncio.wait(closing)
