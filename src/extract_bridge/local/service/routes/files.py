"""Files: upload, list, get, content, delete."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel

from extract_bridge.local.service.capacity import room_on_disk
from extract_bridge.local.service.clock import wire_text
from extract_bridge.local.service.guard import OPEN_PREFIX
from extract_bridge.local.service.links import LINK_SECONDS
from extract_bridge.local.service.new_files import file_part, keep_file
from extract_bridge.local.service.new_jobs import is_over
from extract_bridge.local.service.paging import decode_token, encode_token
from extract_bridge.local.service.problems import invalid, not_found
from extract_bridge.local.service.scope import CurrentScope, Scope
from extract_bridge.local.service.state import CurrentService, Service
from extract_bridge.local.service.store import StoredFile
from extract_bridge.local.service.views import file_view

router = APIRouter(tags=["files"])

_FILES = "/api/v1/beta/files"
_PURPOSES = frozenset({"user_data", "parse", "extract", "classify", "split", "sheet", "agent_app"})
_LONGEST_EXTERNAL_ID = 500
_LONGEST_LINK_SECONDS = 7 * 24 * 3600


class ContentLink(BaseModel):
    """Where a file's bytes can be fetched for a while without a key."""

    url: str
    expires_at: str
    form_fields: dict[str, str] | None = None


@router.post(_FILES, status_code=201, dependencies=[Depends(room_on_disk)])
async def create(request: Request, scope: CurrentScope) -> dict[str, Any]:
    """Keep an uploaded file: a multipart body with the parts `file`, `purpose` and `external_file_id`."""
    async with request.form(max_files=1, max_fields=20) as form:
        part = file_part(form)
        purpose, external = form.get("purpose"), form.get("external_file_id")
        if not isinstance(purpose, str) or purpose not in _PURPOSES:
            raise invalid(("body", "purpose"), f"purpose must be one of {', '.join(sorted(_PURPOSES))}")
        if not isinstance(external, str | None) or len(external or "") > _LONGEST_EXTERNAL_ID:
            raise invalid(("body", "external_file_id"), "external_file_id must be a short text")
        file = await to_thread.run_sync(
            partial(keep_file, scope, part, purpose=purpose, external_file_id=external or None)
        )
        return file_view(file)


@router.get(_FILES)
def list_files(
    scope: CurrentScope,
    file_ids: Annotated[list[str], Query(max_length=1000)] = [],  # noqa: B006 -- FastAPI copies it
    file_name: str | None = None,
    external_file_id: str | None = None,
    order_by: Literal["created_at", "name", "id"] | None = None,
    page_size: Annotated[int, Query(ge=1, le=1000)] = 50,
    page_token: str | None = None,
) -> dict[str, Any]:
    """One page of files, newest first unless `order_by` says otherwise."""
    filters = {
        "ids": file_ids,
        "name": file_name,
        "external": external_file_id,
        "order": order_by,
        "project": scope.project_id,
        "organization": scope.organization_id,
    }
    files = scope.service.store.list_files(external_file_id=external_file_id, file_name=file_name)
    files = [file for file in files if scope.sees(file.project_id) and not is_over(file)]
    if file_ids:
        wanted = set(file_ids)
        files = [file for file in files if file.id in wanted]
    newest_first = order_by in {None, "created_at"}
    files.sort(key=lambda file: _place(file, order_by), reverse=newest_first)
    if page_token:
        last = decode_token(page_token, filters)
        files = [
            file
            for file in files
            if (_place(file, order_by) < last) == newest_first and _place(file, order_by) != last
        ]
    page = files[:page_size]
    token = encode_token(_place(page[-1], order_by), filters) if len(files) > page_size else None
    return {"items": [file_view(file) for file in page], "next_page_token": token, "total_size": None}


@router.get(_FILES + "/{file_id}")
def get(file_id: str, scope: CurrentScope) -> dict[str, Any]:
    """One file."""
    return file_view(_existing(scope, file_id))


@router.delete(_FILES + "/{file_id}", status_code=204)
def delete(file_id: str, scope: CurrentScope) -> Response:
    """Forget a file and its bytes."""
    service = scope.service
    file = _existing(scope, file_id)
    service.store.delete_file(file_id)
    (service.files / file.path).unlink(missing_ok=True)
    return Response(status_code=204)


@router.get(_FILES + "/{file_id}/content")
def content(
    file_id: str,
    request: Request,
    scope: CurrentScope,
    expires_at_seconds: Annotated[int | None, Query(ge=1, le=_LONGEST_LINK_SECONDS)] = None,
) -> ContentLink:
    """A link to the bytes, for an hour unless `expires_at_seconds` says otherwise."""
    file = _existing(scope, file_id)
    expires, signature = scope.service.links.sign(file.id, expires_at_seconds or LINK_SECONDS)
    path = f"{OPEN_PREFIX}{quote(file.id, safe='')}?expires={expires}&signature={signature}"
    return ContentLink(
        url=str(request.base_url).rstrip("/") + path,
        expires_at=wire_text(datetime.fromtimestamp(expires, UTC)),
    )


@router.get(OPEN_PREFIX + "{file_id}", include_in_schema=False)
def raw(file_id: str, expires: int, signature: str, service: CurrentService) -> Response:
    """The bytes themselves, never shown in place by a browser."""
    if not service.links.accepts(file_id, expires, signature):
        raise HTTPException(403, "This link is not valid, or no longer")
    file = _kept(service, file_id)
    return FileResponse(
        service.files / file.path,
        media_type="application/octet-stream",
        filename=file.name,
        headers={"x-content-type-options": "nosniff", "cache-control": "private, no-store"},
    )


def _existing(scope: Scope, file_id: str) -> StoredFile:
    file = _kept(scope.service, file_id)
    scope.require(file.project_id, "File")
    return file


def _kept(service: Service, file_id: str) -> StoredFile:
    """A file whose time is not over."""
    file = service.store.get_file(file_id)
    if file is None or is_over(file):
        raise not_found("File")
    return file


def _place(file: StoredFile, order_by: str | None) -> tuple[str, str]:
    return (file.name if order_by == "name" else file.id if order_by == "id" else file.created_at, file.id)
