"""Faults on demand: which request meets which fault. Off unless somebody asks; then seeded, so that a run can be repeated.

A SPEC is a text of items between commas:

    SPEC = ITEM {"," ITEM}
    ITEM = "seed=" INTEGER | FAULT ["@" KIND] "=" RATE [":" NUMBER]

for example `seed=7,lost=0.05,rate-limit@all=0.1:2`. RATE is the share of requests, 0 to 1. KIND is `create`, `list`, `get`, `upload`,
`other` or `all`. `seed=7` alone switches faults on without any of its own: requests may then bring their own SPEC in the header
`x-extract-bridge-faults`, which takes the place of the service's for this request.

| FAULT        | KIND if not said | NUMBER (default)       | what happens                                                              |
|--------------|------------------|------------------------|---------------------------------------------------------------------------|
| latency      | all              | seconds (1)            | the request waits before anything is done                                 |
| rate-limit   | all              | Retry-After (not sent) | 429; nothing is done                                                      |
| throttle     | all              | requests a second (50) | 429 to what comes faster; a second's worth may come at once               |
| error-before | all              | status (503)           | this status; nothing is done                                              |
| error-after  | create           | status (503)           | the request is carried out, and answered with this status                 |
| lost         | create           | -                      | the request is carried out, and the connection ends without an answer     |
| malformed    | all              | -                      | the request is carried out; half of the answer's JSON is sent             |
| slow-body    | all              | seconds (1)            | the request is carried out; the answer's body takes this long             |
| late         | create only      | seconds (1)            | the connection ends without an answer; the job is made this much later    |
| list-lag     | create only      | seconds (1)            | no list shows the job before it is this old                               |
| stuck        | create only      | -                      | the job runs until it is cancelled or deleted                             |
| fail         | create only      | -                      | the job ends FAILED                                                       |

The n-th request of a kind meets the same faults whenever the seed is the same, whatever the other kinds do meanwhile; `throttle` alone goes by the
clock.
"""

from __future__ import annotations

import hashlib
import math
import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from extract_bridge.core.errors import ConfigurationError

FAULTS_HEADER = "x-extract-bridge-faults"
KINDS = ("create", "list", "get", "upload", "other")

_ITEM = re.compile(
    r"(?P<name>[a-z-]+)(@(?P<kind>[a-z]+))?=(?P<rate>[0-9.e-]+)(:(?P<number>[0-9.e-]+))?", re.ASCII
)
_LONGEST_WAIT = 3600.0


@dataclass(frozen=True, slots=True)
class _Fault:
    """One row of the table: `number` is what NUMBER means."""

    number: Literal["seconds", "status", "retry-after", "rate", "none"]
    kind: str = "all"
    only: bool = False


_FAULTS = {
    "latency": _Fault("seconds"),
    "rate-limit": _Fault("retry-after"),
    "throttle": _Fault("rate"),
    "error-before": _Fault("status"),
    "error-after": _Fault("status", "create"),
    "lost": _Fault("none", "create"),
    "malformed": _Fault("none"),
    "slow-body": _Fault("seconds"),
    "late": _Fault("seconds", "create", only=True),
    "list-lag": _Fault("seconds", "create", only=True),
    "stuck": _Fault("none", "create", only=True),
    "fail": _Fault("none", "create", only=True),
}
_DEFAULTS: dict[str, float | None] = {
    "seconds": 1.0,
    "status": 503.0,
    "retry-after": None,
    "rate": 50.0,
    "none": None,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One item of a SPEC.

    Attributes:
        name: The fault.
        kind: Which requests, one of `KINDS` or `all`.
        rate: The share of them, 0..1.
        number: Seconds or a status, see the table; None for none.
    """

    name: str
    kind: str
    rate: float
    number: float | None


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """A SPEC that has been read.

    Attributes:
        seed: Of every draw.
        rules: In the order of the SPEC; of two rules for one fault, the first that is drawn counts.
    """

    seed: int = 0
    rules: tuple[Rule, ...] = ()

    @classmethod
    def parse(cls, spec: str) -> FaultPlan:
        """Read a SPEC.

        Raises:
            ConfigurationError: it is none; the message names the item.
        """
        seed, rules = 0, []
        for item in spec.split(","):
            text = item.strip()
            name, _, value = text.partition("=")
            if name == "seed":
                if not re.fullmatch(r"[0-9]{1,18}", value, re.ASCII):
                    raise _wrong(text, "seed is a whole number")
                seed = int(value)
            else:
                rules.append(_rule(text))
        return cls(seed, tuple(rules))

    def draw(self, kind: str, number: int) -> dict[str, float | None]:
        """The faults that the `number`-th request of a kind meets, each with its NUMBER."""
        met: dict[str, float | None] = {}
        for place, rule in enumerate(self.rules):
            if rule.name in met or rule.kind not in (kind, "all"):
                continue
            if _share(f"{self.seed}/{place}/{rule.name}/{kind}/{number}") < rule.rate:
                met[rule.name] = rule.number
        return met


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of the job that a request makes.

    Attributes:
        hidden: Seconds during which no list shows it.
        ending: `stuck`, `fail`, or None for its own.
    """

    hidden: float = 0.0
    ending: str | None = None


FATE: ContextVar[Fate | None] = ContextVar("extract_bridge_fate", default=None)
"""From the middleware to the store, through the thread of the route."""


def _rule(text: str) -> Rule:
    parts = _ITEM.fullmatch(text)
    if parts is None:
        raise _wrong(text, "an item is FAULT[@KIND]=RATE[:NUMBER] or seed=INTEGER")
    fault = _FAULTS.get(parts["name"])
    if fault is None:
        raise _wrong(text, f"the faults are {', '.join(_FAULTS)}")
    kind = parts["kind"] or fault.kind
    if kind not in (*KINDS, "all") or (fault.only and kind != fault.kind):
        raise _wrong(
            text,
            f"the kinds of {parts['name']} are {fault.kind if fault.only else ', '.join((*KINDS, 'all'))}",
        )
    rate = _float(parts["rate"])
    if not 0 <= rate <= 1:
        raise _wrong(text, "RATE is between 0 and 1")
    number = _DEFAULTS[fault.number]
    if parts["number"] is not None:
        number = _float(parts["number"])
        if not _fits(fault, number):
            raise _wrong(text, _MEANINGS[fault.number])
    return Rule(parts["name"], kind, rate, number)


_MEANINGS = {
    "seconds": f"NUMBER is seconds, up to {_LONGEST_WAIT:.0f}",
    "retry-after": f"NUMBER is the seconds of Retry-After, up to {_LONGEST_WAIT:.0f}",
    "status": "NUMBER is a status from 500 to 599",
    "rate": "NUMBER is requests a second, above 0 and up to 3600",
    "none": "this fault has no NUMBER",
}


def _fits(fault: _Fault, number: float) -> bool:
    if fault.number == "status":
        return number in range(500, 600)
    if fault.number == "rate" and number <= 0:
        return False
    return fault.number != "none" and 0 <= number <= _LONGEST_WAIT


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _share(text: str) -> float:
    """A number in 0..1 that depends on the text alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7]) / 2**56


def _wrong(item: str, hint: str) -> ConfigurationError:
    return ConfigurationError(f"{item!r} is no fault to inject", code="faults", where="faults", hint=hint)
