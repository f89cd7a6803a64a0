"""Which documents are out, and which result comes next."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extract_bridge.bulk.extraction import Result
    from extract_bridge.bulk.work import Work


class Window:
    """Counts documents from handing out to giving on; never more than `work.window` lie in between.

    Attributes:
        ready: Results to give on now.
        running: Documents that are handed out and not back yet.
        taken: Documents that were handed out, ever.
        kept: All finished ones, for an error to carry; empty unless errors raise.
    """

    def __init__(self, work: Work) -> None:
        self.ready: deque[Result] = deque()
        self.running = 0
        self.kept: list[Any] = []
        self._work = work
        self.taken = 0
        self._given_on = 0
        self._early: dict[int, Result] = {}  # back before one that comes first

    @property
    def has_room(self) -> bool:
        """Whether another document may be handed out."""
        return self.taken - self._given_on < self._work.window

    def take(self) -> int:
        """Hand out one more document; its index."""
        self.taken += 1
        self.running += 1
        return self.taken - 1

    def give_back(self, result: Result) -> None:
        """A document came back."""
        self.running -= 1
        if self._work.on_error == "raise":
            self.kept.append(result)
        if not self._work.ordered or (result.error is not None and self._work.on_error == "raise"):
            self.ready.append(result)
            return
        self._early[result.index] = result
        at = self._given_on + len(self.ready)
        while at in self._early:
            self.ready.append(self._early.pop(at))
            at += 1

    def next(self) -> Any:
        """The next result."""
        self._given_on += 1
        return self.ready.popleft()
