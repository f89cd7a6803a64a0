"""A job as a worker is asked to do it, and what becomes of the worker's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.frames import Failure, Job, Parse, Parsed, Result
from extract_bridge.local.engine.version import ENGINE_VERSION
from extract_bridge.local.service.ids import PARSE_JOB
from extract_bridge.local.service.store import StoredJob

if TYPE_CHECKING:
    from pathlib import Path

    from extract_bridge.local.service.parse_store import ParseStore
    from extract_bridge.local.service.store import JobStore, Lease


def is_parse_job(job: StoredJob) -> bool:
    """The job only reads."""
    return job.id.startswith(PARSE_JOB)


def frame_of(job: StoredJob, store: JobStore, readings: ParseStore, files: Path) -> Job | Parse | Failure:
    """What a worker is sent; a failure where the job's input is gone.

    Args:
        job: An extract job or a parse job.
        store: Where files are listed.
        readings: What parse jobs have read.
        files: The folder with the bytes of uploaded files.
    """
    if job.file_input.startswith(PARSE_JOB):
        reading = readings.reading(job.file_input)
        if reading is None:
            return _gone(job, "parse job")
        return Job(job_id=job.id, path="", name="", configuration=job.configuration, reading=reading)
    file = store.get_file(job.file_input)
    if file is None:
        return _gone(job, "file")
    path = str(files / file.path)
    if is_parse_job(job):
        pages = page_ranges_of(job.configuration)
        return Parse(job_id=job.id, path=path, name=file.name, **pages)
    keep_reading = job.extra.get("parse_job_id") is not None
    return Job(
        job_id=job.id, path=path, name=file.name, configuration=job.configuration, keep_reading=keep_reading
    )


def page_ranges_of(parameters: dict[str, Any]) -> dict[str, Any]:
    """The pages that a parse job reads, as arguments of `Parse`; `target_pages` goes before `max_pages`."""
    ranges = parameters.get("page_ranges") or {}
    target, most = ranges.get("target_pages"), ranges.get("max_pages")
    return {"target_pages": target, "max_pages": None if target else most}


def keep(lease: Lease, outcome: Result | Parsed, store: JobStore, readings: ParseStore) -> None:
    """Settle a job that was done. What was read is kept first: done again after a crash, it is kept once.

    Args:
        lease: The right to settle the job.
        outcome: What the worker answered.
        store: Where jobs are.
        readings: Where readings are.
    """
    job = lease.job
    if isinstance(outcome, Parsed):
        readings.keep(job.id, outcome.reading)
    elif outcome.reading is not None:
        readings.add_finished(_parse_job_of(job, outcome), outcome.reading)
    result, metadata = (
        (outcome.extract_result, outcome.field_metadata)
        if isinstance(outcome, Result)
        else (b"null", b"null")
    )
    store.complete(
        lease,
        result=result.decode("ascii"),
        field_metadata=metadata.decode("ascii"),
        pages=outcome.pages,
        warnings=outcome.warnings,
        words=outcome.words,
        output_words=outcome.output_words if isinstance(outcome, Result) else None,
    )


def _gone(job: StoredJob, what: str) -> Failure:
    return Failure(job_id=job.id, code="INPUTS_INVALID", message=f"the {what} was deleted meanwhile")


def _parse_job_of(job: StoredJob, outcome: Result) -> StoredJob:
    """The parse job that an extract job has done on its way."""
    configuration = job.configuration
    ranges = {name: configuration.get(name) for name in ("target_pages", "max_pages")}
    return StoredJob(
        id=job.extra["parse_job_id"],
        project_id=job.project_id,
        file_input=job.file_input,
        configuration={
            "tier": job.extra["parse_tier"],
            "version": ENGINE_VERSION,
            "page_ranges": {name: value for name, value in ranges.items() if value is not None},
        },
        created_at=job.created_at,
        updated_at=job.updated_at,
        pages=outcome.pages,
        words=outcome.words,
        extra={"extract_job_id": job.id},
    )
