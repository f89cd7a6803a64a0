"""From the parts of an upload to a stored file."""

import mimetypes

from fastapi import HTTPException
from starlette.datastructures import FormData, UploadFile

from extract_bridge.core.limits import limit
from extract_bridge.local.service.clock import now_text
from extract_bridge.local.service.ids import FILE, new_id
from extract_bridge.local.service.scope import Scope
from extract_bridge.local.service.store import StoredFile
from extract_bridge.local.service.uploads import display_name, keep


def file_part(form: FormData) -> UploadFile:
    """The part `file` of a multipart body.

    Raises:
        HTTPException: 400: it is missing.
    """
    part = form.get("file")
    if not isinstance(part, UploadFile):
        raise HTTPException(400, "The multipart part 'file' is missing")
    return part


def keep_file(scope: Scope, part: UploadFile, *, purpose: str, external_file_id: str | None) -> StoredFile:
    """Keep an uploaded file.

    Args:
        scope: Where it belongs.
        part: Name and bytes.
        purpose: What it was uploaded for.
        external_file_id: The uploader's own id.

    Raises:
        HTTPException: 400 no name or no bytes, 413 too large.
    """
    name = display_name(part.filename or "")
    if not name:
        raise HTTPException(400, "The uploaded file has no name")
    if not part.size:
        raise HTTPException(400, "The uploaded file is empty")
    most = limit("max_upload_bytes")
    if part.size > most:
        raise HTTPException(413, f"File size exceeds {most // (1024 * 1024)}MB limit.")
    service = scope.service
    project = scope.home()
    upload = keep(part.file, service.files, durable=service.settings.durable)
    file = StoredFile(
        id=new_id(FILE),
        name=name,
        project_id=project,
        path=upload.path,
        size=upload.size,
        sha256=upload.sha256,
        purpose=purpose,
        external_file_id=external_file_id,
        media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        created_at=now_text(),
        expires_at=now_text(hours=limit("file_hours")),
    )
    service.store.add_file(file)
    return file
