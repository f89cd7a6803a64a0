"""One request: sent again where that is harmless, and its refusal as a typed error."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from extract_bridge.client.effects import Call, Flow, Query, Reply, Sleep
from extract_bridge.client.flows.memory import Memory
from extract_bridge.client.policy import PollPolicy, RetryPolicy, is_plan_cap
from extract_bridge.core.errors import APIError, APIStatusError, NotSentError, UnansweredError
from extract_bridge.core.wire.model import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_KEPT_HEADERS = (
    "retry-after",
    "retry-after-ms",
    "x-should-retry",
    "x-request-id",
    "x-correlation-id",
    "date",
)
_LONGEST_DETAIL = 500
_HINTS = {
    400: "Correct what the service names, then call again",
    401: "Check the API key of this service; a LlamaCloud key belongs to one region: for the EU set base_url to https://api.cloud.eu.llamaindex.ai",
    402: "Add credits to the account, or pass local=True to extract on this machine",
    403: "Pass the project_id that owns the file or configuration, or a key of that project",
    404: "Check the id, and project_id: what was deleted or expired is not found either",
    409: "Read the thing again: its state does not allow this now",
    413: "Split the document, or send fewer pages",
    422: "Correct the parameter that the service names",
    429: "Slow down and call again later",
}


class Clock(Protocol):
    """Time, as flows see it."""

    def monotonic(self) -> float:
        """Seconds that only grow."""

    def now(self) -> float:
        """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Extra:
    """What a caller adds to requests.

    Attributes:
        headers: Over the client's own; may hold secrets.
        body: Top-level keys of JSON bodies, over the client's own.
        timeout: Seconds for one request; None is the client's.
    """

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    timeout: float | None = None

    def on(self, call: Call) -> Call:
        """The request with what is added."""
        changes: dict[str, Any] = {}
        if self.headers:
            changes["headers"] = {**call.headers, **self.headers}
        if self.body and isinstance(call.json, dict):
            changes["json"] = {**call.json, **self.body}
        if self.timeout is not None and call.timeout is None:
            changes["timeout"] = self.timeout
        return replace(call, **changes) if changes else call


@dataclass(frozen=True)
class Api:
    """What flows know about the service they talk to; there is no connection in it.

    Attributes:
        service: `cloud`, `local`, or its URL.
        clock: Time.
        retry: How failed requests are repeated.
        poll: How often a job is looked at.
        scope: Query parameters that every scoped call carries.
        new_id: Makes a fresh random id.
        wire: The dialect of creates: `auto`, `2.0` or `current`.
        memory: What was learned of the service.
        extra: What the caller adds to every request.
        deadline: On the clock that only grows; nothing is repeated beyond it.
        scheduled: A scheduler of many jobs drives the flows: it watches their jobs for them (`AwaitJob`).
        address: Where the service answers; what a ledger knows it by.
    """

    service: str
    clock: Clock
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    poll: PollPolicy = field(default_factory=PollPolicy)
    scope: Query = ()
    new_id: Callable[[], str] = lambda: uuid.uuid4().hex
    wire: str = "auto"
    memory: Memory = field(default_factory=Memory)
    extra: Extra = field(default_factory=lambda: Extra())
    deadline: float = float("inf")
    scheduled: bool = False
    address: str = ""

    def scoped(self, scope: Query) -> Api:
        """The same service, with `scope` over the client's own."""
        return replace(self, scope=tuple({**dict(self.scope), **dict(scope)}.items())) if scope else self


def request(api: Api, call: Call, *, safe: bool = True) -> Flow[Reply]:
    """Send, and send again where that is harmless.

    Args:
        api: Policies and clock.
        call: The request.
        safe: It may be carried out twice without harm. Otherwise only what surely did not happen is repeated.

    Raises:
        APIStatusError: the service refused, finally.
        NotSentError: it never got there.
        UnansweredError: whether it was carried out is unknown.
    """
    reply = yield from exchange(api, call, safe=safe)
    if 200 <= reply.status < 300:
        return reply
    raise status_error(call, reply)


def exchange(api: Api, call: Call, *, safe: bool = True) -> Flow[Reply]:
    """Like `request`, but a final refusal is an answer like any other."""
    call = api.extra.on(call)
    attempt = 0
    while True:
        answer: Reply | APIError
        try:
            answer = yield call
        except (NotSentError, UnansweredError) as error:
            answer = error
        headers = answer.headers if isinstance(answer, Reply) else None
        pause = api.retry.pause(attempt, headers, now=api.clock.now())
        in_time = api.clock.monotonic() + pause <= api.deadline
        if in_time and _worth_repeating(api, answer, attempt, safe=safe):
            yield Sleep(pause)
            attempt += 1
        elif isinstance(answer, APIError):
            raise answer
        else:
            return answer


def _worth_repeating(api: Api, answer: Reply | APIError, attempt: int, *, safe: bool) -> bool:
    if attempt >= api.retry.attempts:
        return False
    if isinstance(answer, APIError):
        return safe or isinstance(answer, NotSentError)
    return not 200 <= answer.status < 300 and api.retry.repeats(answer, safe=safe)


def ask(api: Api, call: Call, *, safe: bool = True) -> Flow[Any]:
    """Like `request`; the answer decoded."""
    reply = yield from request(api, call, safe=safe)
    return decode(reply.content)


def query_of(filters: Mapping[str, Any]) -> Query:
    """Filters as query parameters: lists are repeated, what is None is left out."""
    query: list[tuple[str, str]] = []
    for name, value in filters.items():
        if value is None:
            continue
        values = [value] if isinstance(value, (str, int)) else value
        query += [(name, str(item).lower() if isinstance(item, bool) else str(item)) for item in values]
    return query


def segment(value: str) -> str:
    """One path segment from an id, whatever it holds.

    Raises:
        APIStatusError: the id is empty, or a dot path; no service has such a thing.
    """
    if not value or value.strip(".") == "":
        raise APIStatusError.class_for(404)("this id is empty", status=404, hint=_HINTS[404])
    return quote(value, safe="")


def status_error(call: Call, reply: Reply) -> APIStatusError:
    """The typed error for a refusal: method, path, status and the service's own words, never a header or body of ours."""
    detail = _detail(reply)
    said = _spoken(detail)
    code = None
    if is_plan_cap(reply):
        code, hint = (
            "plan_cap",
            "A cap of the account's plan does not clear by waiting: free what it counts, or raise the plan",
        )
    elif 300 <= reply.status < 400:
        said, hint = "a redirect, which is not followed", "Set base_url to the address that the service is at"
    else:
        hint = _HINTS.get(
            reply.status, "The service failed; call again later, and name the request id if it stays"
        )
    return APIStatusError.class_for(reply.status)(
        f"{call.method} {call.path} answered {reply.status}" + (f": {said}" if said else ""),
        status=reply.status,
        detail=detail,
        headers={name: reply.headers[name] for name in _KEPT_HEADERS if name in reply.headers},
        code=code,
        hint=hint,
    )


def _detail(reply: Reply) -> object:
    """The service's `detail`; what a validation error echoes of the request is left out: it may be document text."""
    try:
        body = decode(reply.content)
    except APIError:
        return None
    detail = body.get("detail") if isinstance(body, dict) else None
    if isinstance(detail, list):
        kept = ("loc", "msg", "type")
        return [
            {key: item[key] for key in kept if key in item} if isinstance(item, dict) else str(item)
            for item in detail
        ]
    return detail


def _spoken(detail: object) -> str:
    if isinstance(detail, list):
        texts = [_spoken_item(item) for item in detail]
        text = "; ".join(texts)
    else:
        text = detail if isinstance(detail, str) else ""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return printable[:_LONGEST_DETAIL].rstrip(" .")


def _spoken_item(item: object) -> str:
    if not isinstance(item, dict):
        return str(item)
    place = ".".join(str(part) for part in item.get("loc", ()) if part != "body")
    return f"{place}: {item.get('msg', '')}" if place else str(item.get("msg", ""))
