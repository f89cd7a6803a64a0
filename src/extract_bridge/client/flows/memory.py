"""What was learned of a service while talking to it: shared by all clients of one address in a process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from extract_bridge.client.flows.schedule import Durations

_MOST = 10_000


class Recent:
    """Names that were seen, the oldest forgotten when there are many. Threads may share it."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._new: set[str] = set()
        self._old: set[str] = set()

    def add(self, name: str) -> None:
        """Remember a name."""
        if len(self._new) >= self._most:
            self._old, self._new = self._new, set()
        self._new.add(name)

    def __contains__(self, name: str) -> bool:
        return name in self._new or name in self._old


@dataclass
class Memory:
    """What was learned.

    Attributes:
        older: The service takes only the older names of the create call.
        idempotent: The service honours `Idempotency-Key`.
        files: File ids that uploads of this process returned; a service that returns one twice gives no token.
        jobs: Job ids that creates of this process returned.
        checked: Digests of schemas that the service found good.
        durations: How long its jobs took.
        rate: Requests a second that it takes; None where it never said that there were too many.
        saved: Saved configurations that were read lately: when, on the clock that only grows, and what decides a result.
    """

    older: bool = False
    idempotent: bool = False
    files: Recent = field(default_factory=Recent)
    jobs: Recent = field(default_factory=Recent)
    checked: Recent = field(default_factory=Recent)
    durations: Durations = field(default_factory=Durations)
    rate: float | None = None
    saved: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)
