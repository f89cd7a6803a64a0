"""What a model is told when a call could not be answered: a stable code, what was wrong, and what to do next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.agent.text import shorten
from extract_bridge.core.errors import (
    AuthenticationError,
    ConfigurationError,
    ExtractError,
    JobError,
    NotSentError,
    PaymentRequiredError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    WaitTimeoutError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_MESSAGE_CHARS = 500
_NOT_FOR_MODELS = (AuthenticationError, ConfigurationError, PaymentRequiredError, PermissionDeniedError)
_PASSING = (NotSentError, RateLimitError, ServerError)
_TELL = "Tell the user, and do not repeat the call"


@dataclass(frozen=True, slots=True)
class ToolProblem:
    """A failure that an agent can act on.

    Attributes:
        code: Stable and short.
        message: What was wrong.
        next_step: What to do now.
        job_id: The job, if there is one.
        status: Its status.
    """

    code: str
    message: str
    next_step: str
    job_id: str | None = None
    status: str | None = None

    def text(self) -> str:
        """The problem as compact JSON, for the model."""
        parts = {
            "error": self.code,
            "message": self.message,
            "next": self.next_step,
            "job_id": self.job_id,
            "status": self.status,
        }
        given = {key: value for key, value in parts.items() if value is not None}
        return json.dumps(given, ensure_ascii=False)


def problem_of(error: Exception) -> ToolProblem:
    """The problem behind an error of this package, or behind an answer of a service that nobody could read."""
    if not isinstance(error, ExtractError):
        return ToolProblem("unexpected_answer", "the service's answer could not be read", f"{_TELL}.")
    message = f"{error.where}: {error.message}" if error.where else error.message
    job = error.job if isinstance(error, JobError) else None
    return ToolProblem(
        code=error.code,
        message=shorten(message, _MESSAGE_CHARS),
        next_step=shorten(_next_step(error), _MESSAGE_CHARS),
        job_id=None if job is None else shorten(str(job.id), 80),
        status=None if job is None else shorten(str(job.status), 40),
    )


def argument_problem(problems: Iterable[tuple[str, str]]) -> ToolProblem:
    """The problem of a call whose arguments do not fit, from `(argument, reason)` pairs."""
    said = "; ".join(f"{name}: {reason}" for name, reason in problems)
    return ToolProblem(
        "invalid_arguments", shorten(said, _MESSAGE_CHARS), "Correct the arguments and call again."
    )


def _next_step(error: ExtractError) -> str:
    if isinstance(error, _NOT_FOR_MODELS):
        return f"{_TELL}: {error.hint or error.message}."
    if isinstance(error, _PASSING):
        return "Try once more after a while; if it fails again, tell the user."
    if isinstance(error, JobError) and not isinstance(error, WaitTimeoutError):
        return "Tell the user what the message says, or name another document."
    return f"{error.hint or _TELL}."
