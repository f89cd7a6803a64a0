"""An extract job as the service tells it. The result and its metadata are left raw: `core.records` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from pydantic import PrivateAttr, model_validator

from extract_bridge.core.wire.configuration import ExtractConfiguration, Number, same_or_one
from extract_bridge.core.wire.model import WireModel, decode
from extract_bridge.core.wire.status import FINAL as FINAL
from extract_bridge.core.wire.status import JobStatus as JobStatus

EXPAND = ("configuration", "extract_metadata", "usage", "metadata")
"""What a job leaves out (null) unless it is asked for."""


@dataclass(frozen=True, slots=True)
class JobOrigin:
    """What the caller handed in; known to the process that ran the job, not to the service.

    Attributes:
        service: Which service answered: `cloud`, `local`, or its URL.
        source: For people: the path as given, a file id or a name.
        source_id: What makes the document the same document next time.
        file_name: Without folders; None for an id.
        file_sha256: Of the bytes that were sent; None for an id.
        reused: A ledger had the answer: no job was made for this call, and nothing is paid for it.
    """

    service: str
    source: str
    source_id: str
    file_name: str | None = None
    file_sha256: str | None = None
    reused: bool = False


class ExtractJobUsage(WireModel):
    """Pages of a job, in `job.metadata.usage`."""

    num_pages_extracted: Number | None = None
    num_pages_billed: Number | None = None
    num_document_tokens: Number | None = None
    num_output_tokens: Number | None = None


class Metadata(WireModel):
    """Facts about a job."""

    usage: ExtractJobUsage | None = None


class Usage(WireModel):
    """Credits of a job; null until billing has settled. A shared parse job counts in each extract job."""

    credits: Number | None = None
    extract_credits: Number | None = None
    parse_credits: Number | None = None


class ExtractJobMetadata(WireModel):
    """Evidence of a job: `field_metadata` raw, as `records_from_job` reads it.

    Attributes:
        field_metadata: Holds document_metadata, page_metadata or row_metadata.
        parse_job_id: The parse job behind this one.
        parse_tier: How the document was read.
    """

    field_metadata: Any = None
    parse_job_id: str | None = None
    parse_tier: str | None = None


class ExtractV2Job(WireModel):
    """An extract job.

    Attributes:
        id: The job's id.
        status: See `JobStatus`; unknown ones are kept, and count as not final.
        file_input: The file or parse job that was extracted.
        document_input_value: Older name of `file_input`.
        project_id: The project that it belongs to.
        created_at: RFC 3339.
        updated_at: RFC 3339.
        configuration: What was asked; null unless expanded.
        configuration_id: The saved configuration, if one was used.
        error_message: Why it FAILED.
        extract_result: An object (`per_doc`), or a list of objects.
        extract_metadata: Evidence; null unless expanded.
        metadata: Page counts; null unless expanded.
        usage: Credits; null unless expanded.
    """

    id: str
    status: str
    file_input: str | None = None
    document_input_value: str | None = None
    project_id: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    configuration: ExtractConfiguration | None = None
    configuration_id: str | None = None
    error_message: str | None = None
    extract_result: Any = None
    extract_metadata: ExtractJobMetadata | None = None
    metadata: Metadata | None = None
    usage: Usage | None = None

    _origin: JobOrigin | None = PrivateAttr(default=None)
    _duplicates: tuple[str, ...] = PrivateAttr(default=())
    _answer_size: int | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _one_input(self) -> Self:
        if self.file_input is None:
            same_or_one(self, "file_input", "document_input_value")
        return self

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """A job from an answer's bytes.

        Raises:
            APIError: the bytes are no job.
        """
        job = cls.read(decode(content))
        job._answer_size = len(content)  # noqa: SLF001 - of this class
        return job

    @property
    def answer_size(self) -> int | None:
        """Bytes of the answer that it was read from; None where it was read from none. Never dumped."""
        return self._answer_size

    @property
    def is_final(self) -> bool:
        """Whether the job ended: COMPLETED, FAILED or CANCELLED."""
        return self.status in FINAL

    @property
    def origin(self) -> JobOrigin | None:
        """What was handed in, if this process ran the job; never dumped."""
        return self._origin

    @origin.setter
    def origin(self, origin: JobOrigin | None) -> None:
        self._origin = origin

    @property
    def duplicates(self) -> tuple[str, ...]:
        """Ids of jobs that lost answers made beside this one, found and cancelled where still open; never dumped."""
        return self._duplicates

    @duplicates.setter
    def duplicates(self, job_ids: tuple[str, ...]) -> None:
        self._duplicates = job_ids

    def __repr__(self) -> str:
        return f"ExtractV2Job(id={self.id!r}, status={self.status!r})"  # the rest is the document's content

    __str__ = __repr__
