"""What a flow may ask of the world.

A flow is a generator: it yields one effect at a time, receives the answer (or has the error thrown in), and returns its result. A
flow never touches a socket, a file, a clock or a thread, so one flow serves sync code, async code and tests alike.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")
Query = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request.

    Attributes:
        method: Upper case.
        path: From the service's root, already escaped.
        query: Repeated keys stay repeated.
        json: The body, if any.
        parts: Makes the parts of a multipart body anew at each attempt, so that a retry sends the whole file.
        headers: Besides those that the client always sends.
        timeout: In seconds; None is the client's own.
        spool: The answer may be huge: the sender may keep it out of memory.
    """

    method: str
    path: str
    query: Query = ()
    json: object = None
    parts: Callable[[], Mapping[str, Any]] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float | None = None
    spool: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete HTTP answer of any status; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait that many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Blocking:
    """Call a function that blocks (hash or read a file): here, or in a worker thread where a loop must go on."""

    function: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Progress:
    """Tell whoever listens; a plain or an async callback."""

    event: Any


@dataclass(frozen=True, slots=True)
class AwaitJob:
    """Wait until a job is final; only a scheduler of many jobs answers this one.

    The answer is the job as it was last seen; None where the time is up or a webhook told of its end, and it is to be read.

    Attributes:
        job_id: Its id.
        timeout: Seconds.
        each: Answer at each look, whatever its state.
    """

    job_id: str
    timeout: float = float("inf")
    each: bool = False


Effect = Call | Sleep | Blocking | Progress | AwaitJob
Flow = Generator[Effect, Any, T]
