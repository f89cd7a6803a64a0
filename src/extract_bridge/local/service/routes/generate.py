"""A schema to begin with, proposed by rules from a prompt, from a sample document, or from both."""

import time
from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import Field

from extract_bridge.local.engine.reading import read_reading
from extract_bridge.local.engine.suggest import (
    Properties,
    object_schema,
    suggest_from_document,
    suggest_from_prompt,
)
from extract_bridge.local.engine.version import ENGINE_VERSION
from extract_bridge.local.service.capacity import room_for_a_job
from extract_bridge.local.service.clock import now_text
from extract_bridge.local.service.ids import PARSE_JOB, new_id
from extract_bridge.local.service.new_jobs import usable_file
from extract_bridge.local.service.plain import Body
from extract_bridge.local.service.problems import NO_RETRY, inputs_invalid, invalid
from extract_bridge.local.service.schema_check import check_schema
from extract_bridge.local.service.scope import CurrentScope, Scope
from extract_bridge.local.service.store import StoredFile, StoredJob

router = APIRouter(prefix="/api/v2/extract/schema", tags=["extract"])

_PATIENCE_SECONDS = 50.0  # official clients give up after 60
_LOOK_SECONDS = 0.02
_FINAL = frozenset({"COMPLETED", "FAILED", "CANCELLED"})
_SAMPLE_PAGES = 20
_NAMED = 3


class GenerateBody(Body):
    """The body of a generation; something to begin with must be in it."""

    prompt: str | None = Field(default=None, max_length=20_000)
    file_id: str | None = Field(default=None, max_length=200)
    data_schema: dict[str, Any] | None = None
    name: str | None = Field(default=None, max_length=255)


@router.post("/generate")
def generate(body: GenerateBody, scope: CurrentScope) -> dict[str, Any]:
    """What POST /api/v1/beta/configurations takes: a name, and a schema at `parameters.data_schema`.

    A `data_schema` that was sent is kept and extended by what prompt and document name beside it.
    """
    if not (body.prompt and body.prompt.strip()) and not body.file_id and body.data_schema is None:
        raise invalid(("body",), "give a prompt, a file_id or a data_schema")
    base = check_schema(body.data_schema) if body.data_schema is not None else {}
    sources: list[str] = []
    found: Properties = {}
    if body.prompt:
        found.update(suggest_from_prompt(body.prompt))
        sources.append("the prompt")
    if body.file_id:
        for name, schema in _from_file(body.file_id, scope).items():
            found.setdefault(name, schema)
        sources.append("a sample document")
    properties = {**found, **base.get("properties", {})}
    if not properties:
        raise inputs_invalid(
            f"no field is named in {' or '.join(sources)}: name fields such as 'invoice number, date and total'"
        )
    description = base.get("description") or (
        f"Proposed by rules ({ENGINE_VERSION}) from {' and '.join(sources)}; no model read it: check names and types"
    )
    schema = {**base, **object_schema(properties, description)}
    return {
        "name": body.name or "_".join(("extract", *list(properties)[:_NAMED]))[:255],
        "parameters": {"product_type": "extract_v2", "data_schema": check_schema(schema)},
    }


def _from_file(file_id: str, scope: Scope) -> Properties:
    """The fields of a document: a worker reads it as a parse job, which is forgotten afterwards."""
    file = usable_file(file_id, scope)
    service = scope.service
    room_for_a_job(service)
    job = _sample_job(file)
    service.store.add_job(job)
    service.dispatcher.wake()
    try:
        done = _wait(job.id, scope)
        if done.status != "COMPLETED":
            raise inputs_invalid(done.error_message or f"reading the file was {done.status.lower()}")
        reading = service.readings.reading(job.id)
        return suggest_from_document(read_reading(reading)) if reading else {}
    finally:
        service.store.delete_job(job.id)
        service.dispatcher.abandon(job.id)


def _sample_job(file: StoredFile) -> StoredJob:
    now = now_text()
    return StoredJob(
        id=new_id(PARSE_JOB),
        project_id=file.project_id,
        file_input=file.id,
        configuration={
            "tier": "fast",
            "version": ENGINE_VERSION,
            "page_ranges": {"max_pages": _SAMPLE_PAGES},
        },
        created_at=now,
        updated_at=now,
        extra={"name": file.name},
    )


def _wait(job_id: str, scope: Scope) -> StoredJob:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (job := scope.service.store.get_job(job_id)) is not None:
        if job.status in _FINAL:
            return job
        if time.monotonic() > deadline:
            raise HTTPException(503, "The sample document takes too long to read", headers=NO_RETRY)
        time.sleep(_LOOK_SECONDS)
    raise inputs_invalid("reading the file was given up: its job was deleted meanwhile")
