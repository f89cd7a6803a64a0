"""From the parts of an upload, or a URL, to a stored file."""

import mimetypes

from fastapi import HTTPException
from starlette.datastructures import FormData, UploadFile

from extract_bridge.core.limits import limit
from extract_bridge.local.service.clock import now_text
from extract_bridge.local.service.downloads import TooLargeError, download
from extract_bridge.local.service.ids import FILE, new_id
from extract_bridge.local.service.problems import inputs_invalid
from extract_bridge.local.service.scope import Scope
from extract_bridge.local.service.store import StoredFile
from extract_bridge.local.service.targets import TargetError
from extract_bridge.local.service.uploads import Upload, display_name, keep

_BUSY_RETRY_SECONDS = "5"


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
        raise _too_large(most)
    project = scope.home()
    upload = keep(part.file, scope.service.files, durable=scope.service.settings.durable)
    return _add(scope, upload, name, project=project, purpose=purpose, external_file_id=external_file_id)


def fetch_file(scope: Scope, url: str, *, purpose: str) -> StoredFile:
    """Fetch a document from a URL and keep it as if it had been uploaded.

    Args:
        scope: Where it belongs.
        url: Where the document is.
        purpose: What it is fetched for.

    Raises:
        HTTPException: 400 it may not be fetched, or cannot; 413 too large; 429 with Retry-After while too many are being fetched.
    """
    service = scope.service
    if not service.settings.allow_source_url:
        raise inputs_invalid(
            "source_url is not fetched here: upload the file and give its file_id, or start the service with --allow-source-url"
        )
    if not service.fetching.acquire(blocking=False):
        raise HTTPException(
            429, "Too many URLs are being fetched", headers={"retry-after": _BUSY_RETRY_SECONDS}
        )
    most = limit("max_upload_bytes")
    try:
        project = scope.home()
        with download(
            url,
            opened_hosts=service.source_hosts,
            most=most,
            seconds=limit("max_source_url_seconds"),
        ) as found:
            upload = keep(found, service.files, durable=service.settings.durable)
    except TooLargeError:
        raise _too_large(most) from None
    except TargetError as error:
        raise inputs_invalid(f"source_url was not fetched: {error}") from None
    finally:
        service.fetching.release()
    if not upload.size:
        (service.files / upload.path).unlink(missing_ok=True)
        raise inputs_invalid("source_url was not fetched: the document is empty")
    return _add(scope, upload, found.name, project=project, purpose=purpose, external_file_id=None)


def _too_large(most: int) -> HTTPException:
    return HTTPException(413, f"File size exceeds {most // (1024 * 1024)}MB limit.")


def _add(
    scope: Scope, upload: Upload, name: str, *, project: str, purpose: str, external_file_id: str | None
) -> StoredFile:
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
    scope.service.store.add_file(file)
    return file
