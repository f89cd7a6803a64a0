"""What a flow asks of a ledger and of a budget. `extract_bridge.bulk` has both; flows know only these words.

Whatever touches a file is called from a `Blocking` effect. One exception: a flow that is closed may yield no more, and calls `forsake` itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract_bridge.core.errors import APIError
    from extract_bridge.core.pricing import Estimate
    from extract_bridge.core.wire.jobs import ExtractV2Job, JobOrigin


class Detach(BaseException):
    """Thrown into a flow, it ends the call and leaves its job running: a ledger knows the job, and the next call takes it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be extracted, as a ledger knows it again.

    Attributes:
        key: The same for the same bytes (or id), configuration, service and project.
        origin: What the caller handed in.
        address: Where the service answers.
        project: The scope that was asked for, if any.
        configuration: What decides the result, a saved configuration resolved to its content; None where nobody can say.
        configuration_id: The saved configuration, if one was used.
        schema_name: Of the caller's schema, if it has one.
        floating: No version is pinned: a result counts as the same only while the service echoes the same version.
        bypass: The caller wants no cache (`disable_cache`).
    """

    key: str
    origin: JobOrigin
    address: str
    project: str | None
    configuration: Mapping[str, Any] | None
    configuration_id: str | None
    schema_name: str | None
    floating: bool
    bypass: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer is there.

    Attributes:
        job: The finished job, in full.
    """

    job: ExtractV2Job


@dataclass(frozen=True, slots=True)
class Failed:
    """It was tried, the job ended FAILED, and nobody asked to try again.

    Attributes:
        job: As it ended.
    """

    job: ExtractV2Job


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody alive is at it; ask again in a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt that this call carries on.

    Attributes:
        id: The attempt's id: the `external_file_id` of its file, and its `Idempotency-Key`.
        file_input: What the job is made from; None for an attempt that has sent nothing yet.
        own: The file was uploaded for this attempt alone.
        job_id: The job; None where none is known. With `file_input` and without this, it is unknown whether there is one.
        since: When the attempt began, in seconds since the epoch.
        sends: How many creates were sent that may have been carried out, as far as they are known.
        abandoned: Its last caller left, and asked the service to cancel the job.
    """

    id: str
    file_input: str | None = None
    own: bool = False
    job_id: str | None = None
    since: float = 0.0
    sends: int = 0
    abandoned: bool = False


Claim = Kept | Failed | Busy | Attempt


class Held(Protocol):
    """Credits set aside for one document."""

    def settle(self, billed: float | None) -> None:
        """The job is final, and cost so much; None: nobody said."""

    def release(self) -> None:
        """No job was made."""


class Purse(Protocol):
    """What `budget=` takes: `extract_bridge.bulk.Budget`."""

    @property
    def unknown_pages(self) -> int | None:
        """Pages to assume where nobody can count them."""

    def reserve(self, estimate: Estimate, *, where: str | None = None) -> Held:
        """Set aside what a job will cost, or raise `BudgetExceededError`."""


class Visit(Protocol):
    """One document's way through a ledger. Each method is one transaction; none waits for the service.

    A method that was begun when its call was cancelled may still be carried out, in whichever order: what it finds changed, it leaves alone.
    """

    def claim(self, question: Question) -> Claim:
        """Look the question up, or begin to answer it. An attempt is this call's until `finished`, `forsake` or `leave`.

        Raises:
            StorageError: the ledger cannot be used, or another machine must be asked first.
        """

    def reserve(self, budget: Purse, estimate: Estimate, *, where: str | None) -> None:
        """Set aside what the attempt will cost; it is settled with the attempt.

        Raises:
            BudgetExceededError: too little is left.
        """

    def sending(self, file_input: str, *, own: bool) -> None:
        """The create is about to be sent: on disk when this returns.

        Raises:
            StorageError: it cannot be written, or the attempt is no longer this call's. Then nothing may be sent.
        """

    def created(self, job: ExtractV2Job, *, sends: int) -> None:
        """The create was answered, or its job found."""

    def finished(self, job: ExtractV2Job) -> None:
        """The job is final, and read in full: state, bill and result are kept together."""

    def void(self, error: APIError) -> None:
        """There surely was no job, and nothing can come of the attempt any more; the question may be asked again.

        Args:
            error: The service's refusal.
        """

    def lost(self) -> None:
        """The service knows the job no more."""

    def promise(self) -> None:
        """Nobody waits for the result here: `collect` is to give it."""

    def forsake(
        self, job_id: str | None = None, error: Exception | None = None, *, refused: bool = False
    ) -> None:
        """This call is no longer at it: whoever comes next may carry on. Harmless when nothing is claimed.

        Args:
            job_id: The job, where it is known.
            error: Why.
            refused: There surely is no job, although the attempt had been about to send.
        """

    def leave(self, job_id: str | None = None) -> tuple[bool, str | None]:
        """`forsake`, because the call was cancelled.

        Returns:
            Whether nobody else waits for it, so that its job is to be cancelled; and the attempt's own file, if a create may have been sent.
        """


class Keeping(Protocol):
    """What `ledger=` takes: a `Ledger`, or its `terms(…)` for one call."""

    def visit(self) -> Visit:
        """The way of one document."""


def check_ledger(value: Any) -> None:
    """Refuse what is no ledger, at once and by name.

    Raises:
        ConfigurationError: it is neither None, a `Ledger`, nor its terms.
    """
    if value is not None and not callable(getattr(value, "visit", None)):
        raise ConfigurationError(
            f"a {type(value).__name__} is no ledger",
            where="ledger",
            hint="Pass ledger=Ledger(path), from extract_bridge.bulk",
        )
