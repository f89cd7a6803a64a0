"""What a service sends to a webhook endpoint: signing, checking and reading it.

An event is only a nudge: ask the service for the job itself. The signature carries no time, so an old delivery can be sent again by
whoever saw it: treat each event id once (`SeenEvents`).
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import APIError, ConfigurationError, WebhookError, WebhookSignatureError
from extract_bridge.core.wire.model import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SIGNATURE_HEADER = "LC-Signature"
_SCHEME = "sha256="
_MOST_SEEN = 10_000
_FAR_OFF = 1e15  # seconds; an integer can be too large for a float


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEvent:
    """One event about one job.

    Attributes:
        event_id: Names the event: a repeated delivery has the same id. Older bodies have none; then it is made of the body itself.
        event_type: For example `extract.success`; may be one that this version does not know.
        job_id: The job that it is about; None where the body names none.
        timestamp: When it happened, in seconds since the epoch; None in older bodies.
        status: The job's status, only in older bodies.
        data: All that the body says about the job.
    """

    event_id: str
    event_type: str
    job_id: str | None = None
    timestamp: float | None = None
    status: str | None = None
    data: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_final(self) -> bool:
        """Whether the job has ended, as far as the event's name tells."""
        return self.event_type.rpartition(".")[2] in {"success", "partial_success", "error", "cancelled"}

    @classmethod
    def from_body(cls, body: bytes) -> WebhookEvent:
        """The event of a body whose sender is not checked: only for endpoints without a signing secret.

        Args:
            body: The request's body, byte by byte as it came: the current form (`event_id`, `event_type`, `timestamp`, `data`) or the
                older one (`event`, `job_id`, `status`), each as an object or as a text that holds one.

        Raises:
            WebhookError: the body is no event.
        """
        value = _object(body)
        event_type = value.get("event_type", value.get("event"))
        if not isinstance(event_type, str) or not event_type:
            raise _no_event("it names no event")
        data = _data(value)
        job_id = data.get("job_id", data.get("id"))
        event_id = value.get("event_id")
        return cls(
            # Not from a header: the signature does not cover those, so anybody could make an old event look new.
            event_id=event_id
            if isinstance(event_id, str) and event_id
            else "body-" + hashlib.sha256(body).hexdigest(),
            event_type=event_type,
            job_id=job_id if isinstance(job_id, str) else None,
            timestamp=_seconds(value.get("timestamp")),
            status=value["status"] if isinstance(value.get("status"), str) else None,
            data=data,
        )


class SeenEvents:
    """The events that this process has already treated. Usable from several threads.

    Several processes, or one that restarts, need a shared memory instead: a table with a unique `event_id`.

    Args:
        at_most: How many ids are remembered; the oldest are forgotten first.
    """

    def __init__(self, at_most: int = _MOST_SEEN) -> None:
        self._at_most = at_most
        self._seen: OrderedDict[str, object] = OrderedDict()

    @contextmanager
    def first_time(self, event: WebhookEvent) -> Iterator[bool]:
        """Whether the event is new. An error inside forgets it again, so that the service's next attempt counts.

        Example:
            ```python
            with seen.first_time(event) as is_new:
                if is_new:
                    treat(event)
            ```
        """
        mine = object()
        is_new = self._seen.setdefault(event.event_id, mine) is mine  # one step, also between threads
        while len(self._seen) > self._at_most:
            self._seen.popitem(last=False)
        try:
            yield is_new
        except BaseException:
            if is_new:
                self._seen.pop(event.event_id, None)
            raise


def sign(body: bytes, secret: str) -> str:
    """The value of the `LC-Signature` header for a body: `sha256=` and the HMAC-SHA256 in hexadecimal.

    Raises:
        ConfigurationError: the secret is empty.
    """
    if not secret:
        raise ConfigurationError(
            "the signing secret is empty",
            where="secret",
            hint="Give the webhook_signing_secret of the endpoint",
        )
    return _SCHEME + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify_signature(body: bytes, headers: Mapping[str, str], secret: str) -> None:
    """Check that a webhook was signed with the secret; returns nothing, raises otherwise. Takes the same time for every signature.

    Args:
        body: The request's body, byte by byte as it came: not parsed and written again.
        headers: The request's headers; their names in any case.
        secret: The endpoint's `webhook_signing_secret`.

    Raises:
        WebhookSignatureError: the signature is missing, or not this body's.
        ConfigurationError: the secret is empty.
    """
    expected = sign(body, secret)
    given = {value.strip() for name, value in headers.items() if name.lower() == SIGNATURE_HEADER.lower()}
    if len(given) != 1:
        problem = "has more than one signature" if given else "is not signed"
        raise WebhookSignatureError(
            f"the webhook {problem}",
            where=SIGNATURE_HEADER,
            hint="Answer 401; does the endpoint have a webhook_signing_secret?",
        )
    if not hmac.compare_digest(expected.encode(), given.pop().encode("utf-8", "replace")):
        raise WebhookSignatureError(
            "the signature does not belong to this body and secret",
            where=SIGNATURE_HEADER,
            hint="Answer 401; check the secret, and that the body is the raw one",
        )


def unwrap(body: bytes, headers: Mapping[str, str], secret: str) -> WebhookEvent:
    """Check a webhook's signature and read its event.

    Args:
        body: The request's body, byte by byte as it came.
        headers: The request's headers; their names in any case.
        secret: The endpoint's `webhook_signing_secret`.

    Raises:
        WebhookSignatureError: the signature is missing, or not this body's: answer 401.
        WebhookError: the body is no event: answer 400.
        ConfigurationError: the secret is empty.
    """
    verify_signature(body, headers, secret)
    return WebhookEvent.from_body(body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = decode(body)
        if isinstance(value, str):
            value = decode(value.encode())
    except (APIError, UnicodeEncodeError):
        raise _no_event("it is no JSON") from None
    if not isinstance(value, dict):
        raise _no_event("it is no JSON object")
    return value


def _data(value: dict[str, Any]) -> dict[str, Any]:
    data = value.get("data")
    if data is None:  # the older body is flat
        return {key: item for key, item in value.items() if key in {"id", "job_id", "status"}}
    return (
        data
        if isinstance(data, dict)
        else _object(data.encode("utf-8", "replace") if isinstance(data, str) else b"")
    )


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < _FAR_OFF else None


def _no_event(problem: str) -> WebhookError:
    return WebhookError(
        f"the body is no webhook event: {problem}",
        where="body",
        hint="Answer 400; is the body the raw one, and the sender the Extract service?",
    )
