"""Extract jobs: create, list, get, cancel, delete."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from extract_bridge.local.service.bodies import CreateBody, ListQuery
from extract_bridge.local.service.capacity import room_for_a_job
from extract_bridge.local.service.clock import wire_text
from extract_bridge.local.service.idempotency import accept_once, replayed_headers
from extract_bridge.local.service.ids import EXTRACT_JOB
from extract_bridge.local.service.new_jobs import new_job
from extract_bridge.local.service.paging import decode_token, encode_token
from extract_bridge.local.service.problems import conflict, invalid, not_found
from extract_bridge.local.service.routes.webhooks import endpoints_of
from extract_bridge.local.service.scope import CurrentScope, Scope
from extract_bridge.local.service.state import CurrentService
from extract_bridge.local.service.store import JobQuery, StoredJob
from extract_bridge.local.service.views import job_json, jobs_json

router = APIRouter(prefix="/api/v2/extract", tags=["extract"])

OPEN = frozenset({"PENDING", "RUNNING"})
Expand = Annotated[list[str], Query(max_length=20)]


@router.post("")
def create(body: CreateBody, request: Request, scope: CurrentScope) -> Response:
    """Accept a job, once for each `Idempotency-Key`; it is durable when this answers."""
    service = scope.service

    def make() -> tuple[StoredJob, str]:
        room_for_a_job(service)  # asked here: an answer that is kept is given again however full it is
        job = new_job(body, scope)
        request.state.job_id = job.id  # for the log
        endpoints = endpoints_of(body, scope)
        if endpoints:
            job = replace(job, extra={**job.extra, "webhooks": endpoints})
        return job, job_json(job, ["configuration"])

    answer, replayed = accept_once(
        service.store, service.in_flight, request, project=scope.home(), body=body.model_dump(), make=make
    )
    service.dispatcher.wake()
    return Response(
        answer, media_type="application/json", headers=replayed_headers(request, replayed=replayed)
    )


@router.get("")
def list_jobs(query: Annotated[ListQuery, Query()], service: CurrentService) -> Response:
    """One page of jobs, newest first."""
    filters = query.model_dump(mode="json", exclude={"page_token", "page_size", "expand"})
    jobs = service.store.list_jobs(_job_query(query, filters))
    more = len(jobs) > query.page_size
    jobs = jobs[: query.page_size]
    token = encode_token((jobs[-1].created_at, jobs[-1].id), filters) if more else None
    return _reply(jobs_json(jobs, query.expand, token))


@router.get("/{job_id}")
def get(job_id: str, scope: CurrentScope, expand: Expand = []) -> Response:  # noqa: B006 -- FastAPI copies it
    """One job."""
    return _reply(job_json(_existing(scope, job_id), expand))


@router.post("/{job_id}/cancel")
def cancel(job_id: str, scope: CurrentScope) -> Response:
    """Stop a job that is not final."""
    service = scope.service
    before = _existing(scope, job_id)
    job = service.store.cancel(job_id) if before.status in OPEN else before
    if job is None:
        raise not_found("Job")
    if before.status not in OPEN or job.status != "CANCELLED":
        raise conflict(f"Job is {job.status} and cannot be cancelled")
    service.dispatcher.abandon(job_id)
    return _reply(job_json(job))


@router.delete("/{job_id}")
def delete(job_id: str, scope: CurrentScope, *, force: bool = False) -> dict[str, Any]:
    """Forget a job; one that is not final only by force."""
    service = scope.service
    job = _existing(scope, job_id)
    if job.status in OPEN and not force:
        raise conflict(f"Job is {job.status}: cancel it first")
    service.store.delete_job(job_id)
    service.dispatcher.abandon(job_id)
    return {"id": job_id, "deleted": True}


def _existing(scope: Scope, job_id: str) -> StoredJob:
    job = scope.service.store.get_job(job_id) if job_id.startswith(EXTRACT_JOB) else None
    if job is None:
        raise not_found("Job")
    scope.require(job.project_id, "Job")
    return job


def _reply(text: str) -> Response:
    return Response(text, media_type="application/json")


def _job_query(query: ListQuery, filters: dict[str, Any]) -> JobQuery:
    names = {query.file_input, query.document_input_value} - {None}
    if len(names) > 1:
        raise invalid(
            ("query", "document_input_value"),
            "file_input and document_input_value are one parameter and differ",
        )
    after, before = query.created_at_on_or_after, query.created_at_on_or_before
    kind = query.document_input_type
    return JobQuery(
        project_id=query.project_id or None,
        organization_id=query.organization_id or None,
        status=query.status,
        configuration_id=query.configuration_id,
        file_input=next(iter(names), None),
        job_ids=query.job_ids,
        created_at_on_or_after=wire_text(after) if after else None,
        created_at_on_or_before=wire_text(before) if before else None,
        file_input_is_parse_job=None if kind is None else kind == "parse_job_id",
        page_size=query.page_size + 1,  # one more tells whether there is a next page
        after=decode_token(query.page_token, filters) if query.page_token else None,
    )
