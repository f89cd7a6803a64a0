"""A document in, a finished job out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.client.effects import Blocking, Flow
from extract_bridge.client.flows import create, files, jobs
from extract_bridge.client.inputs import DocumentInput, resolve_input
from extract_bridge.core.errors import JobError
from extract_bridge.core.identity import sha256_hex
from extract_bridge.core.wire.jobs import ExtractV2Job, JobOrigin

if TYPE_CHECKING:
    from collections.abc import Callable

    from extract_bridge.client.flows.keywords import ResolvedConfiguration
    from extract_bridge.client.flows.request import Api


def run(
    api: Api,
    document: Any,
    resolved: ResolvedConfiguration,
    *,
    timeout: float,
    file_name: str | None = None,
    file_id: str | None = None,
    source_id: str | None = None,
    on_progress: Callable[[ExtractV2Job], Any] | None = None,
) -> Flow[ExtractV2Job]:
    """Upload, create, wait, read in full. The time for all of it is `timeout`, in seconds.

    A call that is cancelled (Ctrl-C, a cancelled task) cancels its job on the way out.
    """
    create.check(api, resolved)
    deadline = api.clock.monotonic() + timeout
    given: DocumentInput = yield Blocking(
        lambda: resolve_input(document, file_name=file_name, file_id=file_id)
    )
    file_input, sha256 = given.source, None
    if given.kind != "id":
        content: bytes = yield Blocking(given.read)
        sha256 = yield Blocking(lambda: sha256_hex(content))
        file_input = (yield from files.create(api, given.name or given.source, content)).id
    origin = JobOrigin(api.service, given.source, source_id or given.source_id, given.name, sha256)
    job_id = None
    try:
        job_id = (yield from create.create(api, file_input, resolved)).id
        left = max(deadline - api.clock.monotonic(), 0.0)
        job = yield from jobs.wait(api, job_id, timeout=left, on_progress=on_progress, where=given.name)
    except JobError as error:
        if error.job is not None:
            error.job.origin = origin
        raise
    except GeneratorExit:  # the driver is gone: nothing may be asked any more
        raise
    except BaseException as error:
        if not isinstance(error, Exception):
            if job_id is not None:
                yield from jobs.leave(api, job_id)
            elif given.kind != "id":
                yield from jobs.leave_input(api, file_input)
        raise
    job.origin = origin
    return job
