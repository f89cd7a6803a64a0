"""Create an extract job at most once: sent again only when it was surely not carried out."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.client.effects import Call, Flow, Progress, Sleep
from extract_bridge.client.flows.jobs import PATH, leave, validate_schema
from extract_bridge.client.flows.request import Api, request
from extract_bridge.client.flows.settle import Asked, Created, doubtful, jobs_of, settle
from extract_bridge.client.keeping import Detach
from extract_bridge.core.errors import (
    APIError,
    APIStatusError,
    ConfigurationError,
    NotSentError,
    UnansweredError,
    UnprocessableEntityError,
)
from extract_bridge.core.identity import canonical_json, sha256_hex
from extract_bridge.core.wire.configuration import ONE_TARGET_TIERS, ExtractConfiguration, ExtractCreate
from extract_bridge.core.wire.dialect import create_body
from extract_bridge.core.wire.jobs import ExtractV2Job

if TYPE_CHECKING:
    from extract_bridge.client.flows.keywords import ResolvedConfiguration

_OLDER_NAME = "document_input_value"
_REPLAYED = "idempotency-replayed"
_KEY_LIFE = 3600.0  # seconds; a key that is older may be forgotten

Stay = Callable[[Api, Created], Flow[None]]
"""Told of a job that was made or found."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Creates of an attempt that were, or may have been, sent by somebody who is gone.

    Attributes:
        doubt: What is said where it stays unknown.
        since: When the attempt began, in seconds since the epoch.
        sends: How many there were, at least 1.
    """

    doubt: APIError
    since: float
    sends: int = 1


def create(api: Api, file_input: str, resolved: ResolvedConfiguration) -> Flow[ExtractV2Job]:
    """Create a job from a file that others may use too; a lost answer is looked up, and never sent again.

    Raises:
        UnansweredError: the job may exist (code `create_doubtful`): the answer was lost, or the service failed on it.
        APIStatusError: the service refused, so there is no job.
    """
    check(api, resolved)
    yield from checked_schema(api, resolved)
    return (yield from make(api, file_input, resolved)).job


def make(
    api: Api,
    file_input: str,
    resolved: ResolvedConfiguration,
    *,
    own: bool = False,
    deadline: float = float("inf"),
    attempt_id: str | None = None,
    earlier: Earlier | None = None,
    stay: Stay | None = None,
) -> Flow[Created]:
    """Create a job.

    Args:
        api: The service.
        file_input: The file or parse job.
        resolved: What to extract.
        own: The file was uploaded for this attempt alone; then a create that surely came to nothing is sent again.
        deadline: On the clock that only grows; a lost answer is not looked for beyond it.
        attempt_id: The `Idempotency-Key`, where somebody remembers it; by default a fresh one.
        earlier: Creates of this attempt that somebody else may have sent: what became of them is settled first.
        stay: Told of the job before anything else happens; by default a call that was cancelled meanwhile cancels its job there.

    Raises:
        UnansweredError: the job may exist (code `create_doubtful`).
        APIError: there is no job.
    """
    asked = Asked(_body(file_input, resolved), own, deadline, earlier.since if earlier else api.clock.now())
    if attempt_id is not None:
        asked.keys.update({False: attempt_id, True: f"{attempt_id}-older"})
    again, before = None, earlier.sends if earlier else 0
    rounds = api.retry.attempts + (2 if earlier else 1)  # what is settled first sends nothing
    for attempt in range(rounds):
        is_repeat = attempt + before > 0 and not api.memory.idempotent
        settled = earlier if attempt == 0 else None
        answered = True
        try:
            if settled is not None:
                raise settled.doubt
            job = yield from _posted(api, asked)
        except APIError as error:
            # Taken when it ended: a connection that was refused first has put its sending off.
            again = api.clock.monotonic() if is_repeat else again
            if not _is_doubtful(error):
                raise
            last = attempt == rounds - 1 or _forbidden(error)
            found = yield from _looked_up(api, asked, error, last=last, first=settled is not None)
            if found is None:
                continue
            job, answered = found, False
        else:
            again = api.clock.monotonic() if is_repeat else again
        api.memory.jobs.add(job.id)
        created = Created(job, attempt + (before or 1), again, answered)
        yield from (stay or _stay)(api, created)
        return created
    raise AssertionError("the last attempt returns or raises")


def _looked_up(
    api: Api, asked: Asked, error: APIError, *, last: bool, first: bool
) -> Flow[ExtractV2Job | None]:
    """The job of a doubtful create; None if there is none, and it may be sent again."""
    if not api.memory.idempotent:
        found = yield from settle(api, asked, error)
    elif first:
        found = yield from _before_its_key(api, asked, error)
    else:
        found = yield from _under_its_key(api, asked, error)
    if found is None and last:
        if api.memory.idempotent:  # under a key, that means unreadable to the end
            raise doubtful(error, asked) from error
        raise error
    return found


def _before_its_key(api: Api, asked: Asked, error: APIError) -> Flow[ExtractV2Job | None]:
    """The job of a create that another process may have sent, where keys are honoured; None if it may be sent under its key.

    A key is only remembered for a while, and a file names its job as long as it is kept: so the list is asked first.
    """
    if asked.own:
        return (yield from _listed(api, asked, error))
    if not 0 <= api.clock.now() - asked.since <= _KEY_LIFE:
        raise doubtful(error, asked) from error
    return None


def _under_its_key(api: Api, asked: Asked, error: APIError) -> Flow[ExtractV2Job | None]:
    """The job of a create that failed although it was sent again under one key; None if it may be sent once more.

    An answer that came but cannot be read is simply asked for again. Otherwise the service has failed for long: the list decides.
    """
    if not isinstance(error, (APIStatusError, UnansweredError)):
        yield Sleep(api.retry.pause(0))
        return None
    if not asked.own:
        raise doubtful(error, asked) from error
    if api.service != "local":
        found = yield from settle(api, asked, error)
    else:  # its list has no lag: one look is enough
        found = yield from _listed(api, asked, error)
    if found is None:
        raise error
    return found


def _listed(api: Api, asked: Asked, error: APIError) -> Flow[ExtractV2Job | None]:
    """The job of the attempt's own file by one look at the list; a list that cannot be had leaves the doubt as it is."""
    try:
        return next(iter((yield from jobs_of(api, asked.file_input))), None)
    except APIError:
        raise doubtful(error, asked) from error


def check(api: Api, resolved: ResolvedConfiguration) -> None:
    """What the service will not do, said before anything is uploaded.

    Raises:
        ConfigurationError: a tier that has only `per_doc` is asked for another target.
    """
    configuration = resolved.configuration
    if configuration is None:
        return
    cloud = api.service == "cloud"
    if cloud and configuration.lang is not None and not _older(api):
        warnings.warn("the cloud no longer takes lang; it is not sent", UserWarning, stacklevel=2)
    target = configuration.extraction_target
    if target in (None, "per_doc"):
        return
    if configuration.tier in ONE_TARGET_TIERS:
        raise ConfigurationError(
            f"tier {configuration.tier} has no extraction_target {target}",
            where="extraction_target",
            hint="Use per_doc, or tier cost_effective or agentic with version 2.0 or earlier",
        )
    if cloud and configuration.version is None:
        said = f"{target} works on the cloud only with versions up to 2.0; pin one with version="
        warnings.warn(said, UserWarning, stacklevel=2)


def checked_schema(api: Api, resolved: ResolvedConfiguration) -> Flow[None]:
    """With `validate_schema=True`, let the service check the schema; once for each schema in a process.

    Raises:
        BadRequestError: the service refuses it; nothing was paid for.
    """
    if not resolved.validate_schema or resolved.schema is None:
        return
    digest = sha256_hex(canonical_json(resolved.schema.json_schema))
    if digest not in api.memory.checked:
        yield from validate_schema(api, resolved.schema.json_schema)
        api.memory.checked.add(digest)


def _body(file_input: str, resolved: ResolvedConfiguration) -> ExtractCreate:
    return ExtractCreate(
        file_input=file_input,
        **_given(
            configuration=resolved.configuration,
            configuration_id=resolved.configuration_id,
            webhook_configurations=list(resolved.webhook_configurations) or None,
        ),
    )


def _posted(api: Api, asked: Asked) -> Flow[ExtractV2Job]:
    """Send in the dialect that the service is known to take; one that asks for the older names gets them."""
    older = _older(api)
    try:
        return (yield from _send(api, asked, older=older))
    except UnprocessableEntityError as error:
        if older or api.wire != "auto" or _OLDER_NAME not in str(error.detail):
            raise
    job = yield from _send(api, asked, older=True)
    api.memory.older = True
    return job


def _send(api: Api, asked: Asked, *, older: bool) -> Flow[ExtractV2Job]:
    body = create_body(asked.body, lang=api.service != "cloud", older=older)
    headers = {"Idempotency-Key": asked.keys.setdefault(older, api.new_id())}
    call = Call("POST", PATH, api.scope, body, headers=headers)
    reply = yield from request(api, call, safe=api.memory.idempotent)
    if _REPLAYED in reply.headers:
        api.memory.idempotent = True
    return ExtractV2Job.from_json(reply.content)


def _older(api: Api) -> bool:
    return api.wire == "2.0" or (api.wire == "auto" and api.memory.older)


def _stay(api: Api, created: Created) -> Flow[None]:
    """Go on, unless the call was cancelled while its create was on the way; then the job is cancelled too."""
    try:
        yield Progress(lambda: None)  # a cancellation that came meanwhile lands here
    except (GeneratorExit, Detach):
        raise
    except BaseException:
        yield from leave(api, created.job.id)
        raise


def _is_doubtful(error: APIError) -> bool:
    """Whether the job may exist: the answer was lost, unreadable, or says that the service failed on it."""
    if isinstance(error, NotSentError):
        return False
    if not isinstance(error, APIStatusError):
        return True
    return error.status == 408 or error.status >= 500 or (error.status == 409 and not _forbidden(error))


def _forbidden(error: APIError) -> bool:
    """Whether the service asked not to be asked again."""
    return isinstance(error, APIStatusError) and error.headers.get("x-should-retry", "").lower() == "false"


def _given(
    **values: ExtractConfiguration | str | list[object] | None,
) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
