"""What the tools of one toolkit share: their jobs, their budget, and which tools there are to name as a next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from extract_bridge.agent.jobs import JobBook
from extract_bridge.core.errors import FileInputError

if TYPE_CHECKING:
    from collections.abc import Collection

    from extract_bridge.client.keeping import Keeping
    from extract_bridge.core.pricing import Budget

ToolKind = Literal["extract", "fields", "create", "get", "read", "cancel", "jobs", "list"]
"""A kind of tool, as `include=` of a toolkit names it."""

TOOL_NAMES: dict[ToolKind, str] = {
    "fields": "extract_fields",
    "create": "create_extract_job",
    "get": "get_extract_job",
    "read": "read_extract_result",
    "cancel": "cancel_extract_job",
    "jobs": "list_extract_jobs",
    "list": "list_documents",
}
"""What the tools are called in every framework; an `extract` tool bears its schema's name."""

_JOB_ID_CHARS = 200


class Session:
    """What the tools of one toolkit share. A tool that stands alone has one of its own.

    Args:
        budget: Credits that all jobs may cost together; None for no bound.
        tools: Names of the tools at hand, by kind; only these are named as a next step.
        ledger: Remembers what was extracted, beyond this conversation too; None for no memory but this one.
    """

    def __init__(
        self,
        budget: Budget | None = None,
        tools: dict[ToolKind, str] | None = None,
        ledger: Keeping | None = None,
    ) -> None:
        if ledger is not None:
            from extract_bridge.client.keeping import check_ledger  # noqa: PLC0415 - a class costs little until it is used

            check_ledger(ledger)
        self.budget = budget
        self.ledger = ledger
        self.book = JobBook()
        self.tools: dict[ToolKind, str] = dict(tools or {})

    def check_job(self, job_id: str, allowed_ids: Collection[str], *, any_id: bool) -> str:
        """The id of a job that may be asked about: one that was made here, or that the developer allows.

        Raises:
            FileInputError: it may not.
        """
        job_id = job_id.strip()
        if any_id and 0 < len(job_id) <= _JOB_ID_CHARS and job_id.isprintable():
            return job_id
        if self.book.note(job_id) is not None or job_id in allowed_ids:
            return job_id
        jobs = self.tools.get("jobs")
        raise FileInputError(
            "this is no job of this conversation",
            code="job_not_allowed",
            hint=f"Call {jobs} for the jobs that there are"
            if jobs
            else "Use a job_id that a tool has answered with",
        )
