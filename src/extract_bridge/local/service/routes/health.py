"""For whoever watches the process: does it live, and can it take work? Asked without a key, and saying nothing else."""

from typing import Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

from extract_bridge.local.service.capacity import room_on_disk
from extract_bridge.local.service.guard import HEALTH_PREFIX
from extract_bridge.local.service.state import CurrentService

router = APIRouter(prefix=HEALTH_PREFIX.rstrip("/"), tags=["health"])


class Health(BaseModel):
    """All is well."""

    status: Literal["ok"] = "ok"


@router.get("/live")
async def live() -> Health:
    """The process answers."""
    return Health()


@router.get("/ready", responses={503: {"description": "It could not accept a job now"}})
def ready(service: CurrentService) -> Health:
    """Jobs can be accepted and worked on: the store answers, the disk has room, the dispatcher works."""
    room_on_disk(service)
    service.store.count_open(at_most=1)
    if not service.dispatcher.working:
        raise HTTPException(503, "Jobs are not worked on")
    return Health()
