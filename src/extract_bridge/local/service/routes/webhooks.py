"""Saved webhook endpoints, and how a job's deliveries went."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from extract_bridge.local.service.bodies import CreateBody
from extract_bridge.local.service.paging import decode_token, encode_token
from extract_bridge.local.service.parse_bodies import ParseBody
from extract_bridge.local.service.problems import invalid, not_found
from extract_bridge.local.service.scope import CurrentScope, Scope
from extract_bridge.local.service.state import CurrentService
from extract_bridge.local.service.targets import TargetError, check_url
from extract_bridge.local.service.webhooks import (
    InlineWebhook,
    SavedWebhook,
    WebhookSettings,
    endpoint_of,
)

router = APIRouter(tags=["webhooks"])

_SAVED = "/api/v1/beta/webhook-configs"
_WHAT = "Webhook configuration"


@router.post(_SAVED, status_code=201)
def create(body: InlineWebhook, scope: CurrentScope) -> dict[str, Any]:
    """Keep an endpoint for later jobs."""
    _check(body, scope)
    return scope.service.webhooks.saved.create(scope.home(), body).view()


@router.get(_SAVED)
def list_all(scope: CurrentScope) -> list[dict[str, Any]]:
    """Every saved endpoint, newest first."""
    return [saved.view() for saved in _visible(scope)]


@router.get("/api/v2/webhook-configs")
def list_page(
    scope: CurrentScope,
    page_size: Annotated[int, Query(ge=1, le=1000)] = 50,
    page_token: str | None = None,
    *,
    include_total: bool = False,
) -> dict[str, Any]:
    """One page of saved endpoints, newest first."""
    filters = {"project_id": scope.project_id, "organization_id": scope.organization_id}
    visible = _visible(scope)
    rest = visible
    if page_token:
        last = decode_token(page_token, filters)
        rest = [saved for saved in visible if (saved.created_at, saved.id) < last]
    page = rest[:page_size]
    more = len(rest) > page_size
    return {
        "items": [saved.view() for saved in page],
        "next_page_token": encode_token((page[-1].created_at, page[-1].id), filters) if more else None,
        "total_size": len(visible) if include_total else None,
    }


@router.get(_SAVED + "/{config_id}")
def get(config_id: str, scope: CurrentScope) -> dict[str, Any]:
    """One saved endpoint; its secret is never shown."""
    return _existing(config_id, scope).view()


@router.put(_SAVED + "/{config_id}")
def update(config_id: str, body: WebhookSettings, scope: CurrentScope) -> dict[str, Any]:
    """Change what is given; jobs that were created before keep what they had."""
    _existing(config_id, scope)
    _check(body, scope)
    saved = scope.service.webhooks.saved.update(config_id, body)
    if saved is None:
        raise not_found(_WHAT)
    return saved.view()


@router.delete(_SAVED + "/{config_id}", status_code=204)
def delete(config_id: str, scope: CurrentScope) -> Response:
    """Forget a saved endpoint; jobs that were created before keep what they had."""
    _existing(config_id, scope)
    scope.service.webhooks.saved.delete(config_id)
    return Response(status_code=204)


@router.get("/api/v2/extract/{job_id}/webhook-deliveries")
def deliveries(job_id: str, service: CurrentService, scope: CurrentScope) -> dict[str, Any]:
    """What a job told, and how each attempt went. Only this service has it: the cloud shows no such list."""
    job = service.store.get_job(job_id)
    items = service.webhooks.outbox.log(job_id)
    if job is None and not items:
        raise not_found("Job")
    if job is not None:
        scope.require(job.project_id, "Job")
    return {"items": items}


def endpoints_of(body: CreateBody | ParseBody, scope: Scope) -> list[dict[str, Any]]:
    """Where the events of a new job go: the endpoints that are named, as they are now.

    Raises:
        RequestValidationError: 422: a URL is not allowed.
        HTTPException: 404: a saved endpoint is unknown.
    """
    opened = scope.service.webhooks.opened_hosts
    found: list[dict[str, Any]] = []
    for place, given in enumerate(body.webhook_configurations or ()):
        try:
            found.append(endpoint_of(given, opened_hosts=opened).to_dict())
        except TargetError as error:
            raise invalid(("body", "webhook_configurations", place, "webhook_url"), str(error)) from None
    for place, config_id in enumerate(body.webhook_configuration_ids or ()):
        try:
            found.append(endpoint_of(_existing(config_id, scope), opened_hosts=opened).to_dict())
        except TargetError as error:  # the host is no longer open
            raise invalid(("body", "webhook_configuration_ids", place), str(error)) from None
    return found


def _check(body: WebhookSettings, scope: Scope) -> None:
    if body.webhook_url is not None:
        try:
            check_url(body.webhook_url, opened_hosts=scope.service.webhooks.opened_hosts)
        except TargetError as error:
            raise invalid(("body", "webhook_url"), str(error)) from None


def _visible(scope: Scope) -> list[SavedWebhook]:
    return [saved for saved in scope.service.webhooks.saved.all() if scope.sees(saved.project_id)]


def _existing(config_id: str, scope: Scope) -> SavedWebhook:
    saved = scope.service.webhooks.saved.get(config_id)
    if saved is None:
        raise not_found(_WHAT)
    scope.require(saved.project_id, _WHAT)
    return saved
