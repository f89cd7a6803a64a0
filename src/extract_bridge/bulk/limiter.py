"""How fast to send: as fast as the service takes it, learned from its refusals (429, `Retry-After`).

Until the first refusal nothing is held back. After it, requests are evenly spaced at a rate that is cut a little below what the service just
took, and grows again while it alone holds requests back: quickly where it is far below the rate that was last refused, slowly near
it. The more often the refusals agree on that rate, the smaller both steps: a steady limit is used to a few percent, at the price of a
refusal every few seconds.
"""

from __future__ import annotations

from collections import deque

from extract_bridge.core.errors import ConfigurationError

_SPAN = 1.0  # seconds over which what the service took is measured
_SLACK = 0.04  # seconds that a late request may be made up for: timers are not exact, and bursts are refused
_GIVEN = 0.985  # of a limit that was given: requests do not arrive as evenly as they are sent
_SLOWEST = 0.2  # requests a second
_CLOSED = 4  # refusals in a row that mean: nothing is taken now
_FAST = 0.5  # growth a second, as a share, far from the rate that was last refused
_SPEEDS = (
    (0.05, 0.3),
    (0.02, 0.1),
    (0.01, 0.05),
    (0.004, 0.008),
)  # below and above it, by how often refusals agreed
_AGREE = 0.15  # two refused rates that differ by less are the same limit


class Limiter:
    """When the next request may go.

    Args:
        given: Requests a second that the caller allows; None learns from the service.
        remembered: What was learned of it before.

    Attributes:
        learned: Requests a second that the service takes, as far as was learned; None as long as it refused none.
        refusals: How many requests it refused.

    Raises:
        ConfigurationError: `given` is not above 0.
    """

    def __init__(self, given: float | None = None, remembered: float | None = None) -> None:
        if given is not None and not given > 0:
            raise ConfigurationError(
                "rate_limit must be above 0 requests a second",
                where="rate_limit",
                hint="Leave it out to learn it",
            )
        self.given = given
        self.learned = remembered
        self._rate = given * _GIVEN if given is not None else None
        self._agreed = 0
        if given is None and remembered is not None:
            self._rate, self._agreed = remembered * 0.97, 3
        self._slot = 0.0  # when the next request may go
        self._closed_until = 0.0
        self._taken: deque[float] = deque()  # when requests went, over the last span
        self._cut_at = float("-inf")
        self._in_a_row = 0
        self.refusals = 0

    @property
    def rate(self) -> float | None:
        """Requests a second now; None: as many as the workers carry."""
        return self._rate

    def wait(self, now: float) -> float:
        """Seconds until a request may go; 0 for now."""
        return max(self._closed_until - now, self._slot - now if self._rate is not None else 0.0, 0.0)

    def sent(self, now: float) -> None:
        """A request goes."""
        self._taken.append(now)
        while self._taken[0] < now - _SPAN:
            self._taken.popleft()
        if self._rate is None:
            return
        interval = 1 / self._rate
        was_held = self._slot > now - interval
        self._slot = max(self._slot, now - max(_SLACK, interval)) + interval
        if was_held and self.given is None:
            self._grow(interval)

    def accepted(self) -> None:
        """The service took a request."""
        self._in_a_row = 0

    def refused(self, now: float, began: float, pause: float) -> None:
        """The service said that there are too many requests.

        Args:
            now: The time.
            began: When the refused request went: one that went before the last cut says nothing new.
            pause: Seconds until that request is sent again; when nothing else is taken either, everything waits as long.
        """
        self.refusals += 1
        self._in_a_row += 1
        if self._in_a_row >= _CLOSED:
            self._closed_until = max(self._closed_until, now + pause)
            self._in_a_row = 0
        if began < self._cut_at or now - self._cut_at < _SPAN / 2:
            return
        self._cut_at = now
        if self._rate is None:
            took = sum(1 for at in self._taken if at > now - _SPAN) - self._in_a_row
            self._rate = self.learned = max(took / _SPAN * 0.9, _SLOWEST)
        elif self.given is None:
            self._cut(self._rate)
        self._slot = max(self._slot, now + 1 / self._rate)

    def _cut(self, refused: float) -> None:
        known = self.learned or refused
        if abs(refused - known) <= _AGREE * known:
            self._agreed += 1
            self.learned = 0.5 * (known + refused)
        else:
            self._agreed = 0
            self.learned = refused
        self._rate = max(refused * (0.8 if self._agreed < 1 else 0.9 if self._agreed < 3 else 0.95), _SLOWEST)

    def _grow(self, interval: float) -> None:
        rate, ceiling = self._rate or _SLOWEST, self.learned or _SLOWEST
        share = rate / ceiling
        near, above = _SPEEDS[min(self._agreed, len(_SPEEDS) - 1)]
        speed = _FAST if share < 0.85 or share > 1.3 else near if share < 1.03 else above
        self._rate = rate * (1 + speed * interval)
