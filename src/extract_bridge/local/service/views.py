"""Stored things as the wire shows them."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from extract_bridge.core.pricing import EXTRACT_CREDITS, count_fields, price

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from extract_bridge.core.pricing import Credits
    from extract_bridge.local.service.store import StoredFile, StoredJob

_encode = json.JSONEncoder(
    separators=(",", ":")
).encode  # made once: json.dumps makes one a call for these separators


def job_json(job: StoredJob, expand: Collection[str] = ()) -> str:
    """A job as JSON text.

    `configuration`, `extract_metadata`, `usage` and `metadata` are null unless `expand` names them. The stored answer is put in as
    it is, never parsed again.

    Args:
        job: The job.
        expand: What to add.
    """
    parts: dict[str, str] = {
        "id": _encode(job.id),
        "created_at": _encode(job.created_at),
        "updated_at": _encode(job.updated_at),
        "file_input": _encode(job.file_input),
        "document_input_value": _encode(job.file_input),  # the name before SDK 2.1; the cloud sends both
        "project_id": _encode(job.project_id),
        "status": _encode(job.status),
        "configuration_id": _encode(job.configuration_id),
        "configuration": _encode(job.configuration) if "configuration" in expand else "null",
        "error_message": _encode(job.error_message),
        "extract_result": job.result or "null",
        "extract_metadata": _metadata(job) if "extract_metadata" in expand else "null",
        "metadata": _encode(_page_counts(job)) if "metadata" in expand else "null",
        "usage": _encode(_usage(job)) if "usage" in expand else "null",
    }
    return "{" + ",".join(f'"{name}":{value}' for name, value in parts.items()) + "}"


def jobs_json(jobs: Iterable[StoredJob], expand: Collection[str], next_page_token: str | None) -> str:
    """One page of a list as JSON text."""
    items = ",".join(job_json(job, expand) for job in jobs)
    return f'{{"items":[{items}],"next_page_token":{_encode(next_page_token)},"total_size":null}}'


def file_view(file: StoredFile) -> dict[str, Any]:
    """A file as the wire shows it."""
    return {
        "id": file.id,
        "name": file.name,
        "project_id": file.project_id,
        "external_file_id": file.external_file_id,
        "file_type": PurePath(file.name).suffix.removeprefix(".").lower() or None,
        "last_modified_at": file.created_at,
        "expires_at": file.expires_at,
        "purpose": file.purpose,
        "download_url": None,
    }


def _metadata(job: StoredJob) -> str:
    if job.result is None:
        return "null"
    rest = {
        "parse_job_id": job.extra.get("parse_job_id"),
        "parse_tier": job.configuration["parse_tier"],
        "warnings": [*job.extra.get("warnings", ()), *job.warnings],
    }
    return f'{{"field_metadata":{job.field_metadata or "null"},{_encode(rest)[1:]}'


def _page_counts(job: StoredJob) -> dict[str, Any] | None:
    if job.pages is None:
        return None
    tier = job.configuration["tier"]
    usage = {
        "num_pages_extracted": job.pages,
        "num_pages_billed": round(_credits(job, job.pages).extract / EXTRACT_CREDITS[tier]),
        "num_document_tokens": job.words,  # words: rules read no tokens
        "num_output_tokens": job.output_words,
    }
    version = job.extra.get("configuration_version")
    return {"usage": usage} if version is None else {"usage": usage, "configuration_version": version}


def _usage(job: StoredJob) -> dict[str, float] | None:
    if job.pages is None:
        return None
    credits_ = _credits(job, job.pages)
    return {
        "credits": credits_.total,
        "extract_credits": credits_.extract,
        "parse_credits": credits_.parse,
    }


def _credits(job: StoredJob, pages: int) -> Credits:
    configuration = job.configuration
    return price(
        tier=configuration["tier"],
        pages=pages,
        parse_tier=configuration["parse_tier"],
        fields=count_fields(configuration["data_schema"]),
    )
