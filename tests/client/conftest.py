"""A clock that only moves when a flow sleeps, and a player that stands in for the drivers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from extract_bridge.client.effects import Blocking, Call, Flow, Progress, Reply, Sleep
from extract_bridge.client.flows.request import Api
from extract_bridge.client.policy import PollPolicy, RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ENVIRONMENT = (
    "LLAMA_CLOUD_API_KEY",
    "LLAMA_PARSE_API_KEY",
    "LLAMA_CLOUD_BASE_URL",
    "EXTRACT_BRIDGE_LOCAL",
    "EXTRACT_BRIDGE_OFFLINE",
    "EXTRACT_BRIDGE_DATA_DIR",
)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)


@dataclass
class VirtualTime:
    """A clock of its own."""

    elapsed: float = 0.0

    def monotonic(self) -> float:
        return self.elapsed

    def now(self) -> float:
        return 1_000_000.0 + self.elapsed


@dataclass
class Player:
    """Plays the world to a flow: answers its calls in turn, lets its clock run while it sleeps."""

    clock: VirtualTime = field(default_factory=VirtualTime)
    calls: list[Call] = field(default_factory=list)
    sleeps: list[float] = field(default_factory=list)

    def api(self, **changes: Any) -> Api:
        settings = {"service": "cloud", "retry": RetryPolicy(), "poll": PollPolicy(), **changes}
        return Api(clock=self.clock, **settings)

    def play(
        self,
        flow: Flow[Any],
        answers: Iterable[Reply | BaseException] | Callable[[Call], Reply | BaseException],
    ) -> Any:
        """Drive a flow to its end; what it returns or raises."""
        script = answers if callable(answers) else None
        turns = None if callable(answers) else iter(answers)
        value: Any = None
        error: BaseException | None = None
        while True:
            try:
                effect = flow.send(value) if error is None else flow.throw(error)
            except StopIteration as stop:
                return stop.value
            value, error = None, None
            if isinstance(effect, Call):
                self.calls.append(effect)
                answer = script(effect) if script else next(turns)  # type: ignore[arg-type]
                value, error = (None, answer) if isinstance(answer, BaseException) else (answer, None)
            elif isinstance(effect, Sleep):
                self.sleeps.append(effect.seconds)
                self.clock.elapsed += effect.seconds
            elif isinstance(effect, Blocking):
                try:
                    value = effect.function()
                except Exception as raised:  # noqa: BLE001 - thrown into the flow
                    error = raised
            elif isinstance(effect, Progress):
                effect.event()


@pytest.fixture
def player() -> Player:
    return Player()


@pytest.fixture(scope="session")
def player_class() -> type[Player]:
    """For tests that need a fresh player for each of many examples."""
    return Player
