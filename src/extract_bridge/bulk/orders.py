"""What a scheduler of many flows says to its shell, and what the shell tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extract_bridge.client.effects import Effect, Flow


@dataclass(frozen=True, slots=True)
class Start:
    """Have a worker carry out this effect, and report back under this number."""

    number: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class Next:
    """Wait for what happens next, at most so many seconds; None: as long as it takes."""

    timeout: float | None


@dataclass(frozen=True, slots=True)
class Room:
    """A document is on its way and its bytes are gone from memory: another one may be handed in."""


@dataclass(frozen=True, slots=True)
class Done:
    """A flow has ended; an error here is a fault of the program, for a document's own errors are results."""

    index: int
    result: Any = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """So many flows were forgotten before they began."""

    flows: int


Order = Start | Next | Room | Dropped | Done


@dataclass(frozen=True, slots=True)
class Given:
    """One more flow.

    Attributes:
        index: Its number among all, from 0.
        flow: What to drive.
        timeout: Seconds that it may take; a refusal for too many requests is handed to it only when they are over.
    """

    index: int
    flow: Flow[Any]
    timeout: float = float("inf")


@dataclass(frozen=True, slots=True)
class Report:
    """An effect was carried out."""

    number: int
    value: Any = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A webhook told that a job has ended."""

    job_id: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Nobody wants the results any more.

    Attributes:
        error: What the flows are ended with: like Ctrl-C it makes them cancel their jobs, and `Detach` leaves those to a ledger.
    """

    error: BaseException


@dataclass(frozen=True, slots=True)
class Drop:
    """Forget the flows that have not begun; the running ones go on."""


Event = Drop | Given | Report | Told | Leave
