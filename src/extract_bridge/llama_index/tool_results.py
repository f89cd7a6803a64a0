"""What tools give to the program: `ToolOutput.raw_output`. Plain JSON inside, so that a Context can store it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class ToolResult(BaseModel):
    """What every result is; it may say more than is named here."""

    model_config = ConfigDict(extra="allow")


class ExtractToolResult(ToolResult):
    """What a tool call found, with all its evidence: `ToolOutput.raw_output`.

    Attributes:
        job_id: The job.
        status: Its status; not COMPLETED while it still runs.
        service: Which service answered.
        document: The name the model used.
        records: Each record with data and fields (value, confidence, citations with page, quote and boxes).
        warnings: What is odd about the result.
        truncated: How many records are shown, where not all are.
    """

    job_id: str
    status: str
    service: str | None = None
    document: str
    records: list[dict[str, Any]] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
    truncated: dict[str, Any] | None = None


class ExtractPartResult(ToolResult):
    """Part of a result: what `read_extract_result` showed.

    Attributes:
        job_id: The job.
        status: Its status.
        path: JSON pointer of the value that was read.
        offset: Its first item that is shown.
        data: What was shown, with the characters that a model does not see.
        fields: Evidence by JSON pointer.
        truncated: Where it goes on, where there is more.
    """

    job_id: str
    status: str
    path: str
    offset: int
    data: Any = None
    fields: dict[str, Any] = Field(default_factory=dict)
    truncated: dict[str, Any] | None = None


class ExtractJobState(ToolResult):
    """How a job stands after it was cancelled.

    Attributes:
        job_id: The job.
        status: Its status.
        document: The name the model used.
    """

    job_id: str
    status: str
    document: str = ""


class ExtractJobList(ToolResult):
    """Some jobs.

    Attributes:
        jobs: Each with job_id, status and document.
        total: How many there are.
        truncated: Where the list goes on.
    """

    jobs: list[dict[str, Any]]
    total: int
    truncated: dict[str, Any] | None = None


class DocumentList(ToolResult):
    """Some documents that may be named.

    Attributes:
        documents: Their names.
        total: How many there are.
        truncated: Where the list goes on.
    """

    documents: list[str]
    total: int
    truncated: dict[str, Any] | None = None


def result_from(artifact: dict[str, Any]) -> ToolResult:
    """The typed result of an answer's artifact."""
    for name, kind in (
        ("records", ExtractToolResult),
        ("jobs", ExtractJobList),
        ("documents", DocumentList),
        ("path", ExtractPartResult),
    ):
        if name in artifact:
            return kind.model_validate(artifact)
    return ExtractJobState.model_validate(artifact)
