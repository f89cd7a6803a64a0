"""Extract jobs: create, list, get, cancel, delete."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from extract_bridge.local.service.bodies import CreateBody, ListQuery
from extract_bridge.local.service.capacity import room_in_queue, room_on_disk
from extract_bridge.local.service.clock import now_text, wire_text
from extract_bridge.local.service.idempotency import REPLAYED, accept_once
from extract_bridge.local.service.ids import DEFAULT_PROJECT, file_id_of, new_id, parse_job_id_of
from extract_bridge.local.service.paging import decode_token, encode_token
from extract_bridge.local.service.problems import conflict, inputs_invalid, not_found
from extract_bridge.local.service.schema_check import check_schema
from extract_bridge.local.service.state import CurrentService, Service
from extract_bridge.local.service.store import JobQuery, StoredJob
from extract_bridge.local.service.views import job_json, jobs_json

router = APIRouter(prefix="/api/v2/extract", tags=["extract"])

OPEN = frozenset({"PENDING", "RUNNING"})
ProjectId = Annotated[str | None, Query(max_length=200)]
Expand = Annotated[list[str], Query(max_length=20)]


@router.post("", dependencies=[Depends(room_on_disk), Depends(room_in_queue)])
def create(
    body: CreateBody, request: Request, service: CurrentService, project_id: ProjectId = None
) -> Response:
    """Accept a job, once for each `Idempotency-Key`; it is durable when this answers."""
    project = project_id or DEFAULT_PROJECT

    def make() -> tuple[StoredJob, str]:
        job = _new_job(body, service, project)
        return job, job_json(job, ["configuration"])

    answer, replayed = accept_once(
        service.store, service.in_flight, request, project=project, body=body.model_dump(), make=make
    )
    service.dispatcher.wake()
    return Response(answer, media_type="application/json", headers=REPLAYED if replayed else None)


def _new_job(body: CreateBody, service: Service, project: str) -> StoredJob:
    configuration = body.configuration
    if configuration is None:
        raise not_found("Configuration")
    check_schema(configuration.data_schema)
    if service.store.get_file(file_id_of(body.input_id)) is None:
        raise inputs_invalid(f"no file or completed parse job has the id {body.input_id}")
    now = now_text()
    return StoredJob(
        id=new_id("ext-"),
        project_id=project,
        file_input=body.input_id,
        configuration=configuration.effective(),
        created_at=now,
        updated_at=now,
        extra={"parse_job_id": parse_job_id_of(body.input_id), "warnings": _warnings(body, service)},
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
def get(job_id: str, service: CurrentService, expand: Expand = []) -> Response:  # noqa: B006 -- FastAPI copies it
    """One job."""
    return _reply(job_json(_existing(service, job_id), expand))


@router.post("/{job_id}/cancel")
def cancel(job_id: str, service: CurrentService) -> Response:
    """Stop a job that is not final."""
    before = _existing(service, job_id)
    job = service.store.cancel(job_id) if before.status in OPEN else before
    if job is None:
        raise not_found("Job")
    if before.status not in OPEN or job.status != "CANCELLED":
        raise conflict(f"Job is {job.status} and cannot be cancelled")
    service.dispatcher.abandon(job_id)
    return _reply(job_json(job))


@router.delete("/{job_id}")
def delete(job_id: str, service: CurrentService, *, force: bool = False) -> dict[str, Any]:
    """Forget a job; one that is not final only by force."""
    job = _existing(service, job_id)
    if job.status in OPEN and not force:
        raise conflict(f"Job is {job.status}: cancel it first")
    service.store.delete_job(job_id)
    service.dispatcher.abandon(job_id)
    return {"id": job_id, "deleted": True}


def _existing(service: Service, job_id: str) -> StoredJob:
    job = service.store.get_job(job_id)
    if job is None:
        raise not_found("Job")
    return job


def _reply(text: str) -> Response:
    return Response(text, media_type="application/json")


def _warnings(body: CreateBody, service: Service) -> list[str]:
    """What was asked for and has no effect here."""
    found = []
    if body.configuration is not None and body.configuration.system_prompt and service.settings.llm is None:
        found.append("system_prompt was not followed: the local engine works by rules")
    if body.webhook_configurations or body.webhook_configuration_ids:
        found.append("webhooks were not sent: the local service does not deliver them")
    return found


def _job_query(query: ListQuery, filters: dict[str, Any]) -> JobQuery:
    names = {query.file_input, query.document_input_value} - {None}
    if len(names) > 1:
        raise HTTPException(422, "file_input and document_input_value are one parameter and differ")
    after, before = query.created_at_on_or_after, query.created_at_on_or_before
    kind = query.document_input_type
    return JobQuery(
        project_id=query.project_id,
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
