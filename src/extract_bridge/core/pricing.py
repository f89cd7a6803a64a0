"""What the cloud asks for a page, in credits, and budgets of credits.

The local service bills nothing: it reports what the same job would have cost there, and that is what a budget counts.
"""

from __future__ import annotations

import math
import threading
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, Self

from extract_bridge.core.errors import BudgetExceededError, ConfigurationError
from extract_bridge.core.wire.status import JobStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract_bridge.core.wire.jobs import ExtractV2Job

EXTRACT_CREDITS: Mapping[str, float] = {"cost_effective": 5, "agentic": 15, "agentic_plus": 50, "turbo": 35}
"""Credits a page for the extraction, by tier."""

PARSE_CREDITS: Mapping[str, float] = {"fast": 1, "cost_effective": 3, "agentic": 10, "agentic_plus": 45}
"""Credits a page for reading the document, by parse tier."""

DOLLARS_A_CREDIT = 1.25 / 1000
"""The list price; plans differ."""

_FOLLOWED = {"cost_effective": "cost_effective", "agentic": "agentic", "agentic_plus": "agentic"}
_FIELDS_PER_STEP = 800
_SMALL_SCHEMA = 200
_MOST_STEPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """A table of prices; the list prices of 2026, or your plan's in their place.

    Attributes:
        extract: Credits a page for the extraction, by tier.
        parse: Credits a page for reading the document, by parse tier.
        dollars_a_credit: What a credit costs.
    """

    extract: Mapping[str, float] = field(default_factory=lambda: EXTRACT_CREDITS)
    parse: Mapping[str, float] = field(default_factory=lambda: PARSE_CREDITS)
    dollars_a_credit: float = DOLLARS_A_CREDIT


LIST_PRICES = Prices()


@dataclass(frozen=True, slots=True)
class Credits:
    """The price of one job, in credits."""

    extract: float
    parse: float

    @property
    def total(self) -> float:
        """Both legs together."""
        return self.extract + self.parse


def parse_tier_of(tier: str, parse_tier: str | None = None) -> str | None:
    """The tier that a document is read with: the one asked for, else the one that follows the extract tier; None for turbo."""
    if tier == "turbo":
        return None
    return parse_tier or _FOLLOWED.get(tier, tier)


def price(
    *,
    tier: str,
    pages: int,
    parse_tier: str | None = None,
    fields: int = 0,
    prices: Prices = LIST_PRICES,
) -> Credits:
    """What a job costs.

    Args:
        tier: The extract tier; an unknown one is priced as `agentic`.
        pages: Pages read.
        parse_tier: The parse tier where it differs from the one that follows `tier`.
        fields: Leaf fields of the schema; a large schema multiplies the price of `agentic_plus`.
        prices: The table.
    """
    extract = _listed(tier, prices.extract, EXTRACT_CREDITS) * pages
    if tier == "agentic_plus":
        extract *= _multiplier(fields)
    leg = parse_tier_of(tier, parse_tier)
    parse = 0.0 if leg is None else _listed(leg, prices.parse, PARSE_CREDITS) * pages
    return Credits(extract=float(extract), parse=float(parse))


def _listed(tier: str, table: Mapping[str, float], usual: Mapping[str, float]) -> float:
    """Credits a page: what a table does not name has its list price, and what nobody names that of `agentic`."""
    for prices, name in ((table, tier), (usual, tier), (table, "agentic")):
        if name in prices:
            return prices[name]
    return usual["agentic"]


def _multiplier(fields: int) -> int:
    if fields <= _SMALL_SCHEMA:
        return 1
    return min(_MOST_STEPS, 2 + (fields - 1) // _FIELDS_PER_STEP)


def count_fields(data_schema: Any) -> int:
    """How many leaf fields a JSON Schema names; a list counts its item's fields once."""
    if not isinstance(data_schema, dict):
        return 1
    properties = data_schema.get("properties")
    if isinstance(properties, dict):
        return sum(count_fields(value) for value in properties.values())
    if isinstance(data_schema.get("items"), dict):
        return count_fields(data_schema["items"])
    return max((count_fields(choice) for choice in data_schema.get("anyOf", ())), default=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a job will cost at most, before it is made.

    Attributes:
        credits: Both legs together; None where the pages are unknown, and so the price.
        pages: Pages that will be read at most; None where nobody can say.
        tier: The extract tier that was priced.
    """

    credits: float | None
    pages: int | None
    tier: str


def estimate_job(*, tier: str, pages: int | None, parse_tier: str | None = None, fields: int = 0) -> Estimate:
    """The estimate of one job; see `price` for the arguments, where `pages` may be unknown."""
    cost = (
        None if pages is None else price(tier=tier, pages=pages, parse_tier=parse_tier, fields=fields).total
    )
    return Estimate(credits=cost, pages=pages, tier=tier)


def billed_credits(job: ExtractV2Job) -> float | None:
    """What a job that was read in full has cost, as far as the service says.

    Credits that are named count, whatever became of the job. A FAILED or CANCELLED job without any was not billed: 0. None for a job that
    is not final, and for a COMPLETED one whose bill is not settled yet.
    """
    if job.usage is not None and job.usage.credits is not None:
        return float(job.usage.credits)
    return 0.0 if job.is_final and job.status != JobStatus.COMPLETED else None


class Books(Protocol):
    """Where a ledger keeps what budgets have set aside, so that several processes share them and none forgets."""

    def balance(self, account: str) -> tuple[float, float]:
        """Credits spent, and credits set aside."""

    def set_aside(self, account: str, credits: float, most: float, attempt_id: str) -> float | None:  # noqa: A002 - the API's word
        """Set credits aside for an attempt unless the account would then hold more than `most`; None, or what is left if it would."""


class Budget:
    """Credits that jobs may cost together. Safe to share between threads and tasks; copies are the same budget.

    Beside a ledger it is kept in the ledger's file: processes that hold pickled copies share it, and what a killed process had set aside
    is settled when its job is. With a `name` it is the same budget in every process and every run that uses this name and ledger.

    A job's estimate is reserved before anything is sent, and a job that would break the budget is never made. When the job is final,
    what was really billed takes the estimate's place, see `billed_credits`; where nobody knows what that was, the estimate stays.

    Args:
        credits: That all jobs may cost together.
        unknown_pages: Pages to assume where they cannot be counted here (an id, an unreadable format) and neither `pages` nor
            `max_pages` bounds them. None refuses such a job: a budget that guesses is none.
        name: Of the account in a ledger; by default one of its own.

    Raises:
        ConfigurationError: `credits` is negative or no number, or `unknown_pages` is below 1.
    """

    def __init__(
        self,
        credits: float,  # noqa: A002 - the API's word
        *,
        unknown_pages: int | None = None,
        name: str | None = None,
    ) -> None:
        if not (isinstance(credits, int | float) and math.isfinite(credits) and credits >= 0):
            raise ConfigurationError(
                "credits is no number of at least 0",
                where="credits",
                hint="Give the credits that may be spent",
            )
        if unknown_pages is not None and unknown_pages < 1:
            raise ConfigurationError(
                "unknown_pages is below 1", where="unknown_pages", hint="Leave it out to refuse unknown jobs"
            )
        self.credits = float(credits)
        self.unknown_pages = unknown_pages
        self.name = name
        self._account = name or uuid.uuid4().hex
        self._books: Books | None = None
        self._spent = 0.0
        self._reserved = 0.0
        self._lock = threading.Lock()

    @property
    def spent(self) -> float:
        """Credits of jobs that are settled."""
        return self._spent + self._in_books()[0]

    @property
    def reserved(self) -> float:
        """Credits set aside for jobs that are not settled yet."""
        return self._reserved + self._in_books()[1]

    @property
    def left(self) -> float:
        """Credits that nobody has spent or reserved; below 0 when jobs cost more than was estimated."""
        spent, reserved = self._in_books()
        with self._lock:
            return self._left() - spent - reserved

    def _in_books(self) -> tuple[float, float]:
        return (0.0, 0.0) if self._books is None else self._books.balance(self._account)

    def reserve(self, estimate: Estimate, *, where: str | None = None) -> Reservation:
        """Set aside what a job will cost, before it is made.

        Args:
            estimate: Of the job.
            where: The document's name, for the message.

        Raises:
            BudgetExceededError: too little is left, or the price is unknown (code `cost_unknown`).
        """
        needed = estimate.credits
        spent, reserved = self._in_books()
        with self._lock:
            left = self._left() - spent - reserved
            if needed is not None and needed <= left:
                self._reserved += needed
                return Reservation(self, needed)
        raise self._refused(estimate, left, where)

    def reserve_in(self, books: Books, attempt_id: str, estimate: Estimate, *, where: str | None) -> None:
        """Set aside what an attempt of a ledger will cost; the ledger settles it. See `reserve`.

        Raises:
            BudgetExceededError: as `reserve`.
            ConfigurationError: the budget is kept in another ledger.
        """
        with self._lock:
            if self._books is not None and self._books != books:
                raise ConfigurationError(
                    "one budget cannot be kept in two ledgers", where="budget", hint="Make a Budget for each"
                )
            self._books, most = books, self._left()
        left: float | None = None
        if estimate.credits is not None:
            left = books.set_aside(self._account, estimate.credits, most, attempt_id)
            if left is None:
                return
        raise self._refused(estimate, self.left if left is None else left, where)

    def _refused(self, estimate: Estimate, left: float, where: str | None) -> BudgetExceededError:
        needed = estimate.credits
        if needed is None:
            return BudgetExceededError(
                "what this would cost is unknown, for its pages cannot be counted here",
                code="cost_unknown",
                left=left,
                where=where,
                hint="Name the pages to read, or let the developer set max_pages= or Budget(unknown_pages=)",
            )
        return BudgetExceededError(
            f"this would cost {needed:g} credits ({estimate.pages} pages), and {max(left, 0):g} of {self.credits:g} are left",
            needed=needed,
            left=left,
            where=where,
            hint="Read fewer pages, or let the user raise the budget; nothing was spent on this call",
        )

    def _left(self) -> float:
        return self.credits - self._spent - self._reserved

    def _end(self, reserved: float, billed: float) -> None:
        with self._lock:
            self._reserved -= reserved
            self._spent += billed

    def __repr__(self) -> str:
        return f"Budget(credits={self.credits:g}, spent={self.spent:g}, reserved={self.reserved:g})"

    def __copy__(self) -> Self:
        return self  # a copy that could be spent again would double the money

    def __deepcopy__(self, _: object) -> Self:
        return self

    def __getstate__(self) -> dict[str, Any]:
        """What a pickle carries: in another process, what is reserved here counts as spent. What a ledger keeps is shared."""
        with self._lock:
            spent = self._spent + self._reserved
        return {
            "credits": self.credits,
            "unknown_pages": self.unknown_pages,
            "spent": spent,
            "name": self.name,
            "account": self._account,
            "books": self._books,
        }

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__init__(state["credits"], unknown_pages=state["unknown_pages"], name=state["name"])  # type: ignore[misc]
        self._spent, self._account, self._books = state["spent"], state["account"], state["books"]


class Reservation:
    """Credits set aside for one job, until it is settled or released. Ending it a second time does nothing."""

    def __init__(self, budget: Budget, credits: float) -> None:  # noqa: A002 - the API's word
        self.credits = credits
        self._budget = budget
        self._once = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether it was neither settled nor released yet."""
        return not self._once.locked()

    def settle(self, billed: float | None) -> None:
        """The job is final.

        Args:
            billed: Credits that the service says; None where it does not say, and the estimate stays.
        """
        if self._once.acquire(blocking=False):
            self._budget._end(self.credits, self.credits if billed is None else float(billed))  # noqa: SLF001 - one thing

    def release(self) -> None:
        """No job was made."""
        self.settle(0.0)
