"""A create whose answer was lost: was the job made? Settled by lists, never by guessing.

A file that was uploaded for one attempt is that attempt's token: whatever job the service lists for it is the attempt's own. A file
that others may use too has no token; there only a job that is new, equally configured and alone counts.
"""

from __future__ import annotations

import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from extract_bridge.client.effects import Call, Flow, Sleep
from extract_bridge.client.flows.jobs import PATH, cancel, page_of
from extract_bridge.client.flows.request import Api, ask
from extract_bridge.core.errors import APIError, UnansweredError
from extract_bridge.core.wire.jobs import ExtractV2Job
from extract_bridge.core.wire.model import unexpected_answer

if TYPE_CHECKING:
    from extract_bridge.client.effects import Query
    from extract_bridge.core.wire.configuration import ExtractCreate

_SKEW = 60.0  # seconds that the service's clock may be behind ours, where a window is all there is
_FIRST_PAUSE = 1.0
_EMPTY_LOOKS = 2
_DOUBTFUL = "create_doubtful"
_FLOATING = (None, "latest")  # a job echoes the version that this came to mean


class DuplicateJobWarning(UserWarning):
    """A lost answer made a job more than once; `job.duplicates` names the others."""


@dataclass(frozen=True)
class Asked:
    """One attempt at a job.

    Attributes:
        body: What is sent.
        own: The file was uploaded for this attempt alone, so its id is the attempt's token.
        deadline: On the clock that only grows, in seconds; nothing is waited for beyond it.
        since: When the attempt began, in seconds since the epoch.
        keys: The `Idempotency-Key` of each dialect.
    """

    body: ExtractCreate
    own: bool
    deadline: float
    since: float
    keys: dict[bool, str] = field(default_factory=dict)

    @property
    def file_input(self) -> str:
        """The file or parse job to extract."""
        return self.body.file_input or ""


@dataclass(frozen=True, slots=True)
class Created:
    """A job, and whether it may not be the only one of its attempt.

    Attributes:
        job: The job.
        sent: How many creates were sent that may have been carried out, the one that made it among them.
        again: When the last of several was answered, or its answer known to be lost, on the clock that only grows; None if there was only one.
        answered: The last create was answered with this job; otherwise the job was found in a list.
    """

    job: ExtractV2Job
    sent: int = 1
    again: float | None = None
    answered: bool = True


def settle(api: Api, asked: Asked, error: APIError) -> Flow[ExtractV2Job | None]:
    """The job that a lost create made, or None when there is surely none.

    None comes only after `RetryPolicy.settle_after` seconds and two empty lists; the clock starts here, when the answer is known to be
    lost. It is right as long as processing and listing together lag less than that.

    Raises:
        UnansweredError: it stays unknown (code `create_doubtful`).
    """
    began, pause, empty, failures = api.clock.monotonic(), _FIRST_PAUSE, 0, 0
    if not asked.own:
        yield from _sleep(api, asked, api.retry.settle_after, error)
    while True:
        ripe = api.clock.monotonic() - began >= api.retry.settle_after
        try:
            found = yield from (_of_token(api, asked) if asked.own else _alike(api, asked))
        except APIError:
            failures += 1
            if failures > api.retry.attempts:
                raise doubtful(error, asked) from error
        else:
            if found and (asked.own or len(found) == 1):
                return found[-1]  # newest first: the oldest is the one that the others repeat
            if not asked.own:
                raise doubtful(error, asked) from error
            empty += ripe
            if empty >= _EMPTY_LOOKS:
                return None
        left = api.retry.settle_after - (api.clock.monotonic() - began)
        yield from _sleep(api, asked, min(pause, left) if left > 0 else api.retry.first, error)
        pause *= 2


def repeats_of(api: Api, created: Created, file_input: str, *, deadline: float) -> Flow[tuple[str, ...]]:
    """Other jobs of an attempt whose create had to be sent again, cancelled where they are still open.

    The list is read until it accounts for every create that was sent, or until `settle_after` has passed and it shows the job that
    answered the last of them: what came before that one is then listed too. Twice `settle_after` is waited at most.

    Args:
        api: The service.
        created: The job that counts.
        file_input: The attempt's token.
        deadline: On the clock that only grows; one look is always taken.
    """
    began = created.again or 0.0
    ripe, last = began + api.retry.settle_after, min(began + 2 * api.retry.settle_after, deadline)
    known, pause = {created.job.id: created.job}, _FIRST_PAUSE
    while True:
        now, listed = api.clock.monotonic(), set[str]()
        with suppress(APIError):  # the next look may succeed
            jobs = yield from jobs_of(api, file_input)
            listed = {job.id for job in jobs}
            known.update((job.id, job) for job in jobs)
        shown = created.answered and created.job.id in listed
        if len(known) >= created.sent or now >= last or (shown and now >= ripe):
            break
        yield Sleep(max(min(pause, (ripe if shown else last) - now), 0.0))
        pause *= 2
    del known[created.job.id]
    for job in known.values():
        if not job.is_final:
            with suppress(APIError):  # it ended meanwhile, or cannot be reached; it is reported either way
                yield from cancel(api, job.id)
    return tuple(known)


def note_repeats(
    api: Api, created: Created, job: ExtractV2Job, file_input: str, *, deadline: float
) -> Flow[None]:
    """Tell the job, and whoever listens to warnings, of the duplicates that its lost answers may have made; see `repeats_of`."""
    if created.again is not None:
        job.duplicates = yield from repeats_of(api, created, file_input, deadline=deadline)
    if job.duplicates:
        said = f"job {job.id} exists more than once, for answers were lost: {', '.join(job.duplicates)}"
        warnings.warn(f"{said}. Open ones were cancelled", DuplicateJobWarning, stacklevel=2)


def jobs_of(api: Api, file_input: str, more: Query = ()) -> Flow[list[ExtractV2Job]]:
    """Every job of exactly that file or parse job, newest first; the list is read to its end."""
    name = "document_input_value" if api.memory.older else "file_input"
    found: list[ExtractV2Job] = []
    token: Any = None
    seen = set()
    while True:
        query = [(name, file_input), *more, *api.scope, *([("page_token", token)] if token else [])]
        items, token, _ = page_of((yield from ask(api, Call("GET", PATH, query))))
        jobs = [ExtractV2Job.read(item) for item in items]
        found += [job for job in jobs if job.file_input == file_input]
        if not token:
            return found
        if token in seen:
            raise unexpected_answer("the list of jobs comes to no end")
        seen.add(token)


def may_exist(error: APIError) -> bool:
    """Whether a create that ended with this error may have made a job after all."""
    return error.code == _DOUBTFUL


def doubtful(error: APIError, asked: Asked) -> UnansweredError:
    """The error for a job that may or may not exist."""
    return UnansweredError(
        f"the job may have been created, but the service never confirmed it: {error.message}",
        code=_DOUBTFUL,
        hint=f"Look with list(file_input={asked.file_input!r}) before you create it again, or it may be paid twice",
    )


def _sleep(api: Api, asked: Asked, seconds: float, error: APIError) -> Flow[None]:
    if api.clock.monotonic() + seconds > asked.deadline:
        raise doubtful(error, asked) from error
    yield Sleep(seconds)


def _of_token(api: Api, asked: Asked) -> Flow[list[ExtractV2Job]]:
    return (yield from jobs_of(api, asked.file_input))


def _alike(api: Api, asked: Asked) -> Flow[list[ExtractV2Job]]:
    """Jobs of the window that are configured the same and that no other create of this process returned."""
    after = datetime.fromtimestamp(asked.since - _SKEW, UTC).isoformat()
    window = [("created_at_on_or_after", after), ("expand", "configuration")]
    jobs = yield from jobs_of(api, asked.file_input, window)
    return [job for job in jobs if job.id not in api.memory.jobs and _same(job, asked.body)]


def _same(job: ExtractV2Job, body: ExtractCreate) -> bool:
    """Whether a job was asked for in these words; its echo may say more than was said."""
    if body.configuration_id is not None:
        return job.configuration_id == body.configuration_id
    if body.configuration is None or job.configuration is None:
        return False
    said, echo = body.configuration.to_dict(), job.configuration.to_dict()
    version = said.pop("version", None) or said.pop("extract_version", None)
    said.pop("extract_version", None)
    if version not in _FLOATING and version not in (echo.get("version"), echo.get("extract_version")):
        return False
    return all(echo.get(name) == value for name, value in said.items() if value is not None)
