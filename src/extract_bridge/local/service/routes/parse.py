"""Parse jobs: read a document once; see what was read; extract from it as often as needed."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import UploadFile

from extract_bridge.core.pricing import PARSE_CREDITS
from extract_bridge.local.engine.reading import read_reading
from extract_bridge.local.engine.rendering import item_pages, markdown_pages, metadata_pages, text_pages
from extract_bridge.local.engine.version import ENGINE_VERSION
from extract_bridge.local.service.bodies import ParseStatus
from extract_bridge.local.service.capacity import room_for_a_job
from extract_bridge.local.service.clock import now_text, wire_text
from extract_bridge.local.service.ids import PARSE_JOB, new_id
from extract_bridge.local.service.new_files import fetch_file, file_part, keep_file
from extract_bridge.local.service.new_jobs import saved_configuration, usable_file
from extract_bridge.local.service.paging import decode_token, encode_token
from extract_bridge.local.service.parse_bodies import ParseBody, ParseOptions
from extract_bridge.local.service.problems import conflict, invalid, not_found
from extract_bridge.local.service.routes.webhooks import endpoints_of
from extract_bridge.local.service.scope import CurrentScope, Scope
from extract_bridge.local.service.state import CurrentService
from extract_bridge.local.service.store import JobQuery, StoredFile, StoredJob

router = APIRouter(prefix="/api/v2/parse", tags=["parse"])

_OPEN = frozenset({"PENDING", "RUNNING"})
Expand = Annotated[list[str], Query(max_length=20)]


class ParseList(BaseModel):
    """The query of GET /api/v2/parse."""

    status: ParseStatus | None = None
    job_ids: list[str] = Field(default_factory=list, max_length=1000)
    created_at_on_or_after: datetime | None = None
    created_at_on_or_before: datetime | None = None
    page_size: int = Field(default=50, ge=1, le=1000)
    page_token: str | None = None
    project_id: str | None = Field(default=None, max_length=200)
    organization_id: str | None = Field(default=None, max_length=200)


@router.post("")
def create(body: ParseBody, request: Request, scope: CurrentScope) -> dict[str, Any]:
    """Accept a parse job; it is durable when this answers."""
    room_for_a_job(scope.service)
    return _accept(body, request, scope)


@router.post("/upload")
async def upload(request: Request, scope: CurrentScope) -> dict[str, Any]:
    """Upload and accept at once: a multipart body with the parts `file` and `configuration`, which is JSON."""
    async with request.form(max_files=1, max_fields=20) as form:
        part = file_part(form)
        body = _uploaded_body(form.get("configuration"))
        return await to_thread.run_sync(_upload, part, body, request, scope)


@router.get("")
def list_jobs(query: Annotated[ParseList, Query()], service: CurrentService) -> dict[str, Any]:
    """One page of parse jobs, newest first."""
    filters = query.model_dump(mode="json", exclude={"page_token", "page_size"})
    after, before = query.created_at_on_or_after, query.created_at_on_or_before
    jobs = service.store.list_jobs(
        JobQuery(
            parse_jobs=True,
            project_id=query.project_id or None,
            organization_id=query.organization_id or None,
            status=query.status,
            job_ids=query.job_ids,
            created_at_on_or_after=wire_text(after) if after else None,
            created_at_on_or_before=wire_text(before) if before else None,
            page_size=query.page_size + 1,  # one more tells whether there is a next page
            after=decode_token(query.page_token, filters) if query.page_token else None,
        )
    )
    page = jobs[: query.page_size]
    token = encode_token((page[-1].created_at, page[-1].id), filters) if len(jobs) > len(page) else None
    return {"items": [_job_view(job) for job in page], "next_page_token": token, "total_size": None}


@router.get("/versions")
def versions() -> dict[str, Any]:
    """The versions of each tier: there is one local reader."""
    return {
        **{tier: [ENGINE_VERSION] for tier in PARSE_CREDITS},
        "latest": dict.fromkeys(PARSE_CREDITS, ENGINE_VERSION),
    }


@router.get("/{job_id}")
def get(job_id: str, scope: CurrentScope, expand: Expand = []) -> dict[str, Any]:  # noqa: B006 -- FastAPI copies it
    """One parse job, and what it has read as far as `expand` names it."""
    job = _existing(scope, job_id)
    return {"job": _job_view(job, usage="usage" in expand), **_content(job, scope, frozenset(expand))}


@router.post("/{job_id}/cancel")
def cancel(job_id: str, scope: CurrentScope) -> dict[str, Any]:
    """Stop a parse job that is not final."""
    before = _existing(scope, job_id)
    job = scope.service.store.cancel(job_id) if before.status in _OPEN else before
    if job is None:
        raise not_found("Parse job")
    if before.status not in _OPEN or job.status != "CANCELLED":
        raise conflict(f"Parse job is {job.status} and cannot be cancelled")
    scope.service.dispatcher.abandon(job_id)
    return _job_view(job)


@router.delete("/{job_id}")
def delete(job_id: str, scope: CurrentScope) -> dict[str, str]:
    """Forget a parse job that is final, and what it has read."""
    job = _existing(scope, job_id)
    if job.status in _OPEN:
        raise conflict(f"Parse job is {job.status}: cancel it first")
    scope.service.store.delete_job(job_id)
    return {"id": job.id, "project_id": job.project_id}


def _uploaded_body(configuration: object) -> ParseBody:
    """What is asked of a file that has no id yet."""
    try:
        options = json.loads(configuration) if isinstance(configuration, str) else None
    except (ValueError, RecursionError):
        options = None
    if not isinstance(options, dict):
        raise invalid(("body", "configuration"), "configuration must be a JSON object")
    try:
        return ParseBody.model_validate({**options, "file_id": "upload"})
    except ValidationError as error:
        problems = [{**item, "loc": ("body", "configuration", *item["loc"])} for item in error.errors()]
        raise RequestValidationError(problems) from None


def _upload(part: UploadFile, body: ParseBody, request: Request, scope: Scope) -> dict[str, Any]:
    room_for_a_job(scope.service)
    file = keep_file(scope, part, purpose="parse", external_file_id=None)
    return _accept(body.model_copy(update={"file_id": file.id}), request, scope)


def _accept(body: ParseBody, request: Request, scope: Scope) -> dict[str, Any]:
    endpoints = endpoints_of(body, scope)
    job = _new_job(body, scope)
    request.state.job_id = job.id  # for the log
    if endpoints:
        job = replace(job, extra={**job.extra, "webhooks": endpoints})
    scope.service.store.add_job(job)
    scope.service.dispatcher.wake()
    return _job_view(job)


def _new_job(body: ParseBody, scope: Scope) -> StoredJob:
    saved = None
    options: ParseOptions = body
    if body.configuration_id is not None:
        saved = saved_configuration(body.configuration_id, "parse_v2", scope)
        options = ParseOptions.model_validate({**saved.parameters, **body.model_dump(exclude_none=True)})
    unused = [name for name in options.without_effect() if name not in ParseBody.model_fields]
    file = _input(body, scope)  # last: nothing is fetched for a body that is refused anyway
    now = now_text()
    return StoredJob(
        id=new_id(PARSE_JOB),
        project_id=file.project_id,
        file_input=file.id,
        configuration={
            "tier": options.tier or "agentic",
            "version": ENGINE_VERSION,
            "page_ranges": options.page_ranges.model_dump(exclude_none=True) if options.page_ranges else {},
        },
        configuration_id=saved.id if saved else None,
        created_at=now,
        updated_at=now,
        extra={
            "name": file.name,
            "user_metadata": body.user_metadata,
            "warnings": [f"{name} was not followed: the local reader has no use for it" for name in unused],
        },
    )


def _input(body: ParseBody, scope: Scope) -> StoredFile:
    if body.source_url is not None:
        return fetch_file(scope, body.source_url, purpose="parse")
    return usable_file(body.file_id or "", scope)


def _existing(scope: Scope, job_id: str) -> StoredJob:
    job = scope.service.store.get_job(job_id) if job_id.startswith(PARSE_JOB) else None
    if job is None:
        raise not_found("Parse job")
    scope.require(job.project_id, "Parse job")
    return job


def _job_view(job: StoredJob, *, usage: bool = False) -> dict[str, Any]:
    credits_ = (
        PARSE_CREDITS[job.configuration["tier"]] * job.pages if usage and job.pages is not None else None
    )
    return {
        "id": job.id,
        "project_id": job.project_id,
        "status": job.status,
        "name": job.extra.get("name"),
        "tier": job.configuration["tier"],
        "version": job.configuration["version"],
        "error_message": job.error_message,
        "created_at": job.created_at,
        "updated_at": job.updated_at,
        "user_metadata": job.extra.get("user_metadata"),
        "usage": None if credits_ is None else {"credits": float(credits_)},
    }


def _content(job: StoredJob, scope: Scope, expand: frozenset[str]) -> dict[str, Any]:
    """What was read, in each form that `expand` names; the other forms are null."""
    content: dict[str, Any] = dict.fromkeys(
        (
            "text",
            "text_full",
            "markdown",
            "markdown_full",
            "items",
            "metadata",
            "job_metadata",
            "raw_parameters",
        )
    )
    if "raw_parameters" in expand:
        content["raw_parameters"] = job.configuration
    asked = expand & content.keys() - {"raw_parameters"}
    reading = scope.service.readings.reading(job.id) if asked and job.status == "COMPLETED" else None
    if reading is None:
        return content
    document = read_reading(reading)
    if asked & {"text", "text_full"}:
        pages = text_pages(document)
        content["text"] = {"pages": pages} if "text" in asked else None
        content["text_full"] = "\n\n".join(page["text"] for page in pages) if "text_full" in asked else None
    if asked & {"markdown", "markdown_full"}:
        pages = markdown_pages(document)
        content["markdown"] = {"pages": pages} if "markdown" in asked else None
        full = "\n\n".join(page.get("markdown", "") for page in pages)
        content["markdown_full"] = full if "markdown_full" in asked else None
    if "items" in asked:
        content["items"] = {"pages": item_pages(document)}
    if "metadata" in asked:
        content["metadata"] = {"pages": metadata_pages(document), "document": None}
    if "job_metadata" in asked:
        content["job_metadata"] = {
            "version": job.configuration["version"],
            "media_type": document.media_type,
            "page_count": document.page_count,
            "pages": [page.number for page in document.pages],
            "words": job.words,
            "warnings": [*job.extra.get("warnings", ()), *document.warnings],
        }
    return content
