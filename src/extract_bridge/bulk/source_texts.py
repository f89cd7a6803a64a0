"""The page texts of a job's own parse, for `content="source"`: read from the service, which bills nothing for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import ResultError
from extract_bridge.core.records.source_text import page_texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract_bridge.client.client import AsyncExtractClient, ExtractClient


def page_texts(client: ExtractClient, job: Any) -> Mapping[int, str]:
    """The text of each page, 1-based.

    Args:
        client: Of the service that ran the job.
        job: A finished job, ours or its JSON.

    Raises:
        ResultError: the job does not say which parse it read.
        ExtractError: the parse job cannot be read.
    """
    return page_texts_of(client.parsing.get(_parse_job_of(job), expand=["text"]))


async def apage_texts(client: AsyncExtractClient, job: Any) -> Mapping[int, str]:
    """`page_texts`, without blocking the event loop."""
    return page_texts_of(await client.parsing.get(_parse_job_of(job), expand=["text"]))


def _parse_job_of(job: Any) -> str:
    def of(part: Any, name: str) -> Any:
        return part.get(name) if isinstance(part, dict) else getattr(part, name, None)

    found = of(of(job, "extract_metadata"), "parse_job_id")
    if isinstance(found, str) and found:
        return found
    given = of(job, "file_input") or of(job, "document_input_value")
    if isinstance(given, str) and given.startswith("pjb-"):
        return given
    raise ResultError(
        "the job does not say which parse job it read",
        code="no_parse_job",
        hint='Read it with expand=["extract_metadata"], or use content="lines"',
    )
