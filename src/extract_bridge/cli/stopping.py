"""Ctrl-C, once: nothing more is begun, and what runs is finished. Twice: leave now."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopping:
    """A context in which the first SIGINT or SIGTERM sets `asked`, and the second raises KeyboardInterrupt.

    In another thread than the main one nothing is changed.

    Args:
        tell: Called at the first signal, between any two steps of the program: it may not print through a buffer.

    Attributes:
        asked: Set by the first signal.
        code: What the program should end with: 130 for SIGINT, 143 for SIGTERM.
    """

    def __init__(self, tell: Callable[[], None]) -> None:
        self.asked = threading.Event()
        self.code = 128 + signal.SIGINT
        self._tell = tell
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._hear) for number in _SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, number: int, _: object) -> None:
        self.code = 128 + number
        if self.asked.is_set():
            raise KeyboardInterrupt
        self.asked.set()
        self._tell()
