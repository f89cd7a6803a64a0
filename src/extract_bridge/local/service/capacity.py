"""Whether there is room for more: asked before anything is accepted."""

import shutil

from fastapi import HTTPException

from extract_bridge.core.limits import limit
from extract_bridge.local.service.state import CurrentService, Service

_DISK_RETRY_SECONDS = "60"
_QUEUE_RETRY_SECONDS = "5"


def room_on_disk(service: CurrentService) -> None:
    """Refuse while the disk is nearly full: what is accepted must be kept, and so must its result.

    Raises:
        HTTPException: 503 with Retry-After.
    """
    if shutil.disk_usage(service.files).free < limit("min_free_bytes"):
        raise HTTPException(
            503, "The disk of this service is nearly full", headers={"retry-after": _DISK_RETRY_SECONDS}
        )


def room_for_a_job(service: Service) -> None:
    """Refuse while the disk is nearly full, or too many jobs wait or run. For routes that are in a thread already.

    Raises:
        HTTPException: 503 or 429, with Retry-After.
    """
    room_on_disk(service)
    most = service.settings.max_open_jobs or limit("max_open_jobs")
    if service.store.count_open(at_most=most) >= most:
        raise HTTPException(
            429, f"{most} jobs are waiting already", headers={"retry-after": _QUEUE_RETRY_SECONDS}
        )
