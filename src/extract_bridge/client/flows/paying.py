"""What a job costs: set aside before anything is sent, settled when it is known. Without a ledger, which does it by itself."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from extract_bridge.client.costs import estimate_call
from extract_bridge.client.effects import Blocking, Flow
from extract_bridge.client.flows.jobs import get
from extract_bridge.core.errors import APIError
from extract_bridge.core.pricing import billed_credits
from extract_bridge.core.wire.jobs import JobStatus

if TYPE_CHECKING:
    from extract_bridge.client.flows.keywords import ResolvedConfiguration
    from extract_bridge.client.flows.request import Api
    from extract_bridge.client.inputs import DocumentInput
    from extract_bridge.client.keeping import Held, Purse
    from extract_bridge.core.pricing import Estimate
    from extract_bridge.core.wire.jobs import ExtractV2Job

_USAGE = ("usage",)


class Bill:
    """The purse of one call. Without a budget it does nothing.

    Attributes:
        sent: A create may have been sent, so there may be a job.
    """

    def __init__(self) -> None:
        self.sent = False
        self._held: Held | None = None
        self._estimate: float | None = None

    def set_aside(
        self,
        budget: Purse | None,
        resolved: ResolvedConfiguration,
        given: DocumentInput,
        content: bytes | None,
    ) -> Flow[None]:
        """Set aside what the document may cost.

        Raises:
            BudgetExceededError: too little is left.
        """
        if budget is not None:
            estimate = yield from estimated(budget, resolved, given, content)
            self._estimate = estimate.credits
            # In memory and quick, so not `Blocking`: a call that is cancelled while a thread sets something aside would never give it back.
            self._held = budget.reserve(estimate, where=given.name or given.source)

    def settle(self, api: Api, job: ExtractV2Job | None) -> Flow[None]:
        """The job is final, or was not in time; its duplicates count too."""
        if self._held is not None and job is not None and job.is_final:
            total = yield from _cost(api, job, self._estimate)
            for job_id in job.duplicates:
                with suppress(APIError):
                    other = yield from get(api, job_id, expand=_USAGE)
                    total = (total or 0.0) + (billed_credits(other) or 0.0)
            self._held.settle(total)
        self.close()

    def close(self) -> None:
        """The call has ended; what is still open is given back where there surely is no job, and counts as spent otherwise."""
        if self._held is not None and self.sent:
            self._held.settle(None)
        elif self._held is not None:
            self._held.release()


def estimated(
    budget: Purse, resolved: ResolvedConfiguration, given: DocumentInput, content: bytes | None
) -> Flow[Estimate]:
    """What a document costs at most; counting its pages may take a while."""
    estimate: Estimate = yield Blocking(
        lambda: estimate_call(resolved, content, given.name, unknown_pages=budget.unknown_pages)
    )
    return estimate


def with_bill(api: Api, job: ExtractV2Job) -> Flow[ExtractV2Job]:
    """A job that ended badly with what it cost, as far as the service says so now; one that succeeded is read with it anyway."""
    if job.usage is None and job.status != JobStatus.COMPLETED:
        with suppress(APIError):
            return (yield from get(api, job.id, expand=_USAGE))
    return job


def _cost(api: Api, job: ExtractV2Job, estimate: float | None) -> Flow[float | None]:
    """What a job cost; the estimate where nobody says."""
    billed = billed_credits((yield from with_bill(api, job)))
    return estimate if billed is None else billed
