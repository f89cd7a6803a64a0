"""How often to repeat, and how often to look. Which answers may be repeated is decided here and nowhere else."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from extract_bridge.client.effects import Reply

_LONGEST_ASKED = (
    60.0  # a service that asks for a longer pause is not obeyed: our own backoff is shorter and bounded
)
_JITTER = 0.25
_LONGEST_READ = 4096
_RATE = re.compile(
    r"rate.?limit|too many requests|resources exhausted|concurren|slow down|try again|retry|throttl|per (second|minute|hour|day)",
    re.IGNORECASE,
)
_CAP = re.compile(
    r"upgrade|subscription|\bquota\b|\b(your|current|free|starter|pro) plan\b|\bplan('s)? (limit|cap|allows)"
    r"|(maximum|max|limit|cap)\b.{0,40}\b(projects|users|agents|seats|members|indexes|files)\b"
    r"|\b(projects?|users?|agents?|seats?|members?|index(es)?|files?)\b.{0,40}\b(limit|cap|maximum)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How failed requests are repeated.

    Attributes:
        attempts: Repetitions after the first try; 0 turns repeating off.
        first: Seconds before the first repetition; doubled each time, with up to a quarter of jitter taken off.
        most: Longest pause of the backoff, in seconds.
        settle_after: Seconds that a lost create may stay unlisted before it counts as not made.
    """

    attempts: int = 5
    first: float = 0.5
    most: float = 8.0
    settle_after: float = 60.0

    def __post_init__(self) -> None:
        if self.attempts < 0 or self.first < 0 or self.most < 0 or self.settle_after < 0:
            raise ConfigurationError(
                "RetryPolicy takes no negative number", hint="attempts=0 turns repeating off"
            )

    def pause(self, attempt: int, headers: Mapping[str, str] | None = None, *, now: float = 0.0) -> float:
        """Seconds before repetition `attempt` (from 0).

        Args:
            attempt: How many repetitions went before.
            headers: Of the refusal; `retry-after-ms` and `retry-after` are obeyed up to 60 s.
            now: Seconds since the epoch, for a `retry-after` that is a date.
        """
        asked = _asked_pause(headers or {}, now)
        if asked is not None and 0 < asked <= _LONGEST_ASKED:
            return asked
        backoff = min(self.first * 2.0 ** min(attempt, 30), self.most)
        return backoff * (1 - _JITTER * random.random())  # noqa: S311 - spreads load, guards nothing

    def repeats(self, reply: Reply, *, safe: bool) -> bool:
        """Whether a refusal may be followed by the same request.

        Args:
            reply: An answer with an error status.
            safe: The request may be carried out twice without harm. Otherwise only a 429 is repeated: it surely did nothing.
        """
        said = reply.headers.get("x-should-retry", "").lower()
        if said == "false":
            return False
        if reply.status == 429:
            return said == "true" or not is_plan_cap(reply)
        return safe and (said == "true" or reply.status in (408, 409) or reply.status >= 500)


def is_plan_cap(reply: Reply) -> bool:
    """Whether a 429 tells of a plan's cap (projects, users, agents, quota), which no waiting clears.

    Only its words can tell. An answer that speaks of a rate, or says when to come back, is a rate limit.
    """
    if reply.status != 429 or "retry-after" in reply.headers or "retry-after-ms" in reply.headers:
        return False
    text = reply.content[:_LONGEST_READ].decode("utf-8", "replace")
    return _CAP.search(text) is not None and _RATE.search(text) is None


@dataclass(frozen=True, slots=True)
class PollPolicy:
    """How often a job is looked at while it is waited for.

    Attributes:
        first: Seconds after the first look.
        most: Longest pause in seconds.
        factor: Growth from pause to pause.
    """

    first: float = 0.5
    most: float = 5.0
    factor: float = 1.5

    def __post_init__(self) -> None:
        if self.first <= 0 or self.most < self.first or self.factor < 1:
            raise ConfigurationError(
                "PollPolicy needs 0 < first <= most and factor >= 1", hint="PollPolicy() is the default"
            )

    def pauses(self) -> Iterator[float]:
        """Pauses between looks, without end."""
        pause = self.first
        while True:
            yield pause
            pause = min(pause * self.factor, self.most)


def _asked_pause(headers: Mapping[str, str], now: float) -> float | None:
    """The pause that the service asks for, in seconds: milliseconds, seconds, or a date."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = _number(text)
    if seconds is not None or text is None:
        return seconds
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
