"""Create an extract job: sent again only when it was surely not carried out."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from extract_bridge.client.effects import Call, Flow, Progress, Reply
from extract_bridge.client.flows.jobs import PATH, leave
from extract_bridge.client.flows.request import Api, request
from extract_bridge.core.errors import APIStatusError, ConfigurationError, UnansweredError
from extract_bridge.core.wire.configuration import ExtractConfiguration, ExtractCreate
from extract_bridge.core.wire.dialect import create_body
from extract_bridge.core.wire.jobs import ExtractV2Job

if TYPE_CHECKING:
    from extract_bridge.client.flows.keywords import ResolvedConfiguration

_DOUBTFUL = (408, 409)
_ONE_TARGET_TIERS = ("agentic_plus", "turbo")


def create(api: Api, file_input: str, resolved: ResolvedConfiguration) -> Flow[ExtractV2Job]:
    """Create a job.

    Raises:
        UnansweredError: the job may exist (code `create_doubtful`): the answer was lost, or the service failed on it.
        APIStatusError: the service refused, so there is no job.
    """
    check(api, resolved)
    body = ExtractCreate(
        file_input=file_input,
        **_given(
            configuration=resolved.configuration,
            configuration_id=resolved.configuration_id,
            webhook_configurations=list(resolved.webhook_configurations) or None,
        ),
    )
    call = Call("POST", PATH, api.scope, create_body(body, lang=api.service != "cloud"))
    job = ExtractV2Job.from_json((yield from _send(api, call, file_input)).content)
    try:
        yield Progress(lambda: None)  # a cancellation that came while the request was on its way lands here
    except GeneratorExit:
        raise
    except BaseException:
        yield from leave(api, job.id)
        raise
    return job


def check(api: Api, resolved: ResolvedConfiguration) -> None:
    """What the cloud will not do, said before anything is uploaded.

    Raises:
        ConfigurationError: a tier that has only `per_doc` is asked for another target.
    """
    configuration = resolved.configuration
    if configuration is None or api.service != "cloud":
        return
    if configuration.lang is not None:
        warnings.warn("the cloud no longer takes lang; it is not sent", UserWarning, stacklevel=2)
    target = configuration.extraction_target
    if target in (None, "per_doc"):
        return
    if configuration.tier in _ONE_TARGET_TIERS:
        raise ConfigurationError(
            f"tier {configuration.tier} has no extraction_target {target}",
            where="extraction_target",
            hint="Use per_doc, or tier cost_effective or agentic with version 2.0 or earlier",
        )
    if configuration.version is None:
        said = f"{target} works on the cloud only with versions up to 2.0; pin one with version="
        warnings.warn(said, UserWarning, stacklevel=2)


def _send(api: Api, call: Call, file_input: str) -> Flow[Reply]:
    try:
        return (yield from request(api, call, safe=False))
    except UnansweredError as error:
        raise _doubtful(error, file_input) from error
    except APIStatusError as error:
        said = error.headers.get("x-should-retry", "").lower()
        if said != "false" and (error.status in _DOUBTFUL or error.status >= 500):
            raise _doubtful(error, file_input) from error
        raise


def _doubtful(error: UnansweredError | APIStatusError, file_input: str) -> UnansweredError:
    return UnansweredError(
        f"the job may have been created, but the service never confirmed it: {error.message}",
        code="create_doubtful",
        hint=f"Look with list(file_input={file_input!r}) before you create it again, or it may be paid twice",
    )


def _given(
    **values: ExtractConfiguration | str | list[object] | None,
) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
