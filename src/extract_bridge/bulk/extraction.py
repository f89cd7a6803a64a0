"""What came of one document among many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract_bridge.core.errors import ExtractError
    from extract_bridge.core.records.model import ExtractedRecord
    from extract_bridge.core.wire.jobs import ExtractV2Job


@dataclass(frozen=True, slots=True)
class Extraction:
    """One document's outcome.

    Attributes:
        index: Its place in the input, from 0.
        source: For people: the path as given, the name or the id.
        job: The finished job; of a failed document the job as last read, if there is one.
        records: The results; empty for a failed document.
        error: Why it failed; None for a success.
    """

    index: int
    source: str
    job: ExtractV2Job | None
    records: list[ExtractedRecord]
    error: ExtractError | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """One document that was submitted.

    Attributes:
        index: Its place in the input, from 0.
        source: For people: the path as given, the name or the id.
        job_id: Its job, which is running or finished; None for one that came to nothing.
        error: Why; None for a success.
    """

    index: int
    source: str
    job_id: str | None
    error: ExtractError | None = None


Result = Extraction | Submission
