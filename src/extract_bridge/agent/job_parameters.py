"""What a model fills in, of the tools that ask about jobs; see `parameters`."""

from __future__ import annotations

from pydantic import Field

from extract_bridge.agent.job_calls import MOST_LISTED
from extract_bridge.agent.parameters import Arguments

_MOST_WAIT = 60


class Job(Arguments):
    """What the model fills in."""

    job_id: str = Field(description="The job_id that a tool answered with")


class JobAndWait(Job):
    """What the model fills in."""

    wait_seconds: int = Field(
        default=0, ge=0, le=_MOST_WAIT, description=f"Wait so long for it to end, 0 to {_MOST_WAIT}"
    )


class JobAndPart(Job):
    """What the model fills in."""

    path: str = Field(
        default="", max_length=2000, description='JSON pointer, such as /line_items; "" is all of the result'
    )
    offset: int = Field(
        default=0, ge=0, description="First item: row of a list, field of an object, character of a text"
    )
    limit: int | None = Field(
        default=None, ge=1, description="Items at most; leave it out for as many as fit"
    )


class PageOfJobs(Arguments):
    """What the model fills in."""

    offset: int = Field(default=0, ge=0, description="Leave out so many of the newest")
    limit: int = Field(default=10, ge=1, le=MOST_LISTED, description="Jobs at most")
