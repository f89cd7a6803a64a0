"""`Idempotency-Key`: a create that is sent again is carried out once.

The answer is kept in the same transaction as the job, for 48 hours, under project, method, path and key. Refusals are not kept: a create
that was refused may be sent again with the same key.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException

from extract_bridge.core.identity import canonical_json, sha256_hex
from extract_bridge.local.service.clock import now_text
from extract_bridge.local.service.problems import invalid
from extract_bridge.local.service.store import KeptAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import Request

    from extract_bridge.local.service.store import JobStore, StoredJob

HEADER = "idempotency-key"
_REPLAYED = "idempotency-replayed"
_KEPT_HOURS = 48
_LONGEST_KEY = 255


class InFlight:
    """The scopes that this service is working on just now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._scopes: set[str] = set()

    @contextmanager
    def hold(self, scope: str) -> Iterator[None]:
        """Be the only one on a scope.

        Raises:
            HTTPException: 409 that is worth trying again: another request with the same key has not been answered yet.
        """
        with self._lock:
            if scope in self._scopes:
                raise HTTPException(
                    409,
                    "A request with this Idempotency-Key is being carried out",
                    headers={"x-should-retry": "true", "retry-after": "1"},
                )
            self._scopes.add(scope)
        try:
            yield
        finally:
            with self._lock:
                self._scopes.discard(scope)


def replayed_headers(request: Request, *, replayed: bool) -> dict[str, str]:
    """What an answer says of its key: a client that sees it knows that keys count here, before an answer is ever lost."""
    return {_REPLAYED: "true" if replayed else "false"} if HEADER in request.headers else {}


def accept_once(
    store: JobStore,
    in_flight: InFlight,
    request: Request,
    *,
    project: str,
    body: Any,
    make: Callable[[], tuple[StoredJob, str]],
) -> tuple[str, bool]:
    """Accept a job, once for each key.

    Args:
        store: Where the job and its answer go, in one transaction.
        in_flight: The service's.
        request: For its method, path and key; without a key the job is simply accepted.
        project: Part of the key's scope.
        body: The request's body as JSON, every part of it that counts.
        make: The job and the text of the answer; called only where no answer is kept.

    Returns:
        The text of the answer, and whether it is that of an earlier request.

    Raises:
        HTTPException: 409, the same key is in flight; 422, the key came with another body before.
        RequestValidationError: the key is empty or too long.
    """
    key = request.headers.get(HEADER)
    if key is None:
        job, answer = make()
        store.add_job(job)
        return answer, False
    if not 1 <= len(key) <= _LONGEST_KEY:
        raise invalid(("header", HEADER), f"the key must have 1 to {_LONGEST_KEY} characters")
    scope = sha256_hex(canonical_json([project, request.method, request.url.path, key]))
    fingerprint = sha256_hex(json.dumps(body, sort_keys=True))
    with in_flight.hold(scope):
        kept = store.kept_answer(scope)
        if kept is None:
            job, answer = make()
            kept = store.add_job(
                job,
                kept=KeptAnswer(
                    scope=scope,
                    fingerprint=fingerprint,
                    job_id=job.id,
                    answer=answer,
                    expires_at=now_text(hours=_KEPT_HOURS),
                ),
            )
            if kept is None:
                return answer, False
        if kept.fingerprint != fingerprint:
            raise invalid(("header", HEADER), "this key was used with another body before")
        return kept.answer, True
