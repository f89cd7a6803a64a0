"""Every error that callers meet, sorted by who can fix it.

    ExtractError
    ├── ConfigurationError        the code: keywords, environment, installation
    │   └── MissingExtraError         install an extra (also an ImportError)
    ├── BudgetExceededError       the caller: a job would cost more credits than are left; none was made
    ├── StorageError              this machine: a ledger's file is locked, read-only, damaged, or its disk is full
    ├── InputError                the caller: what was handed in
    │   ├── FileInputError            the path, id, name or bytes (also a ValueError)
    │   │   └── SourceChanged             the file changed between being looked at and being sent
    │   ├── DocumentError             the document itself: empty, broken, encrypted, nothing to read
    │   ├── PageRangeError            target_pages (also a ValueError)
    │   ├── SchemaError               data_schema (also a ValueError)
    │   └── WebhookError              a webhook's body (also a ValueError)
    │       └── WebhookSignatureError     it was not signed with the secret
    ├── APIError                  the service, or the way to it
    │   ├── NotSentError              the request surely never arrived: safe to repeat
    │   ├── UnansweredError           it may have been carried out: the answer was lost
    │   └── APIStatusError            an answer with an error status; one subclass a status
    ├── JobError                  the job: carries it as `.job`
    │   ├── JobFailedError            it ended FAILED
    │   ├── JobCancelledError         it ended CANCELLED
    │   └── WaitTimeoutError          it is not final yet (also a TimeoutError); nothing is lost
    └── ResultError               the answer
        └── ResultValidationError     it does not fit the caller's model (also a ValueError)

An error says what was wrong, where, and what to do next. It never holds a secret, an absolute path or document text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class ExtractError(Exception):
    """Root of all errors of this package.

    Args:
        message: What was wrong, in one sentence without a final full stop.
        code: A stable, short, snake_case name for programs and agents; each class has a default.
        hint: What to do next, in one sentence.
        where: File name (never a path), JSON pointer, page or keyword that the message is about.
    """

    default_code: ClassVar[str] = "extract_error"

    def __init__(
        self, message: str, *, code: str | None = None, hint: str | None = None, where: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}. {self.hint}" if self.hint else text

    def to_dict(self) -> dict[str, Any]:
        """The error as plain JSON: `code`, `message`, and `where` and `hint` where known."""
        parts = {"code": self.code, "message": self.message, "where": self.where, "hint": self.hint}
        return {key: value for key, value in parts.items() if value is not None}


class ConfigurationError(ExtractError):
    """Keywords that contradict each other, or no service chosen."""

    default_code = "configuration"


class MissingExtraError(ConfigurationError, ImportError):
    """A part of this package needs packages that are not installed.

    Args:
        extra: The extra that brings them, for example `"local"`.
        package: The import that failed.
    """

    default_code = "missing_extra"

    def __init__(self, extra: str, package: str) -> None:
        super().__init__(
            f"this needs the package {package!r}",
            hint=f'Install it with: pip install "extract-bridge[{extra}]"',
        )
        self.extra = extra
        self.package = package

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.extra, self.package)


class BudgetExceededError(ExtractError):
    """A job would cost more credits than the budget has left, or nobody can say what it would cost; it was not made.

    Attributes:
        needed: Credits that the job would cost; None where that is unknown.
        left: Credits that the budget has left.
    """

    default_code = "budget_exceeded"

    def __init__(
        self,
        message: str,
        *,
        needed: float | None = None,
        left: float = 0.0,
        code: str | None = None,
        hint: str | None = None,
        where: str | None = None,
    ) -> None:
        super().__init__(message, code=code, hint=hint, where=where)
        self.needed = needed
        self.left = left


class StorageError(ExtractError):
    """A file that this package keeps on this machine cannot be used; `code` says why.

    `storage_locked`, `storage_read_only`, `storage_full`, `storage_damaged`, `storage_unreadable`; `storage_taken` where another process
    has taken over what this one was at; `storage_other_host` where what another machine began is to be recovered first.
    """

    default_code = "storage"


class InputError(ExtractError):
    """What was handed in cannot be used."""

    default_code = "input"


class FileInputError(InputError, ValueError):
    """A path, id, name or bytes object that names no usable document."""

    default_code = "file_input"


class SourceChanged(FileInputError):  # noqa: N818 - it tells what happened, under the name that callers know
    """A file changed between being looked up in a ledger and being sent; nothing was sent."""

    default_code = "source_changed"


class DocumentError(InputError):
    """The document itself: empty, broken, encrypted, of an unknown type, or without anything to read."""

    default_code = "document"


class PageRangeError(InputError, ValueError):
    """`target_pages` that is malformed, or outside the document."""

    default_code = "target_pages"


class SchemaError(InputError, ValueError):
    """A `data_schema` that cannot be used; `where` is a JSON pointer into it."""

    default_code = "data_schema"


class WebhookError(InputError, ValueError):
    """A webhook that cannot be used: its body is no event."""

    default_code = "webhook"


class WebhookSignatureError(WebhookError):
    """A webhook that was not signed with the endpoint's secret: whoever sent it is unknown."""

    default_code = "webhook_signature"


class APIError(ExtractError):
    """The service could not be asked, or refused."""

    default_code = "api"


class NotSentError(APIError):
    """The request surely never reached the service; sending it again is harmless."""

    default_code = "not_sent"


class UnansweredError(APIError):
    """The request may have been carried out, but its answer was lost."""

    default_code = "unanswered"


class APIStatusError(APIError):
    """The service answered with an error status.

    Attributes:
        status: The HTTP status.
        detail: The service's own `detail`, a text or a list of field errors.
        headers: Answer headers, lower case; only those that carry no secret.
    """

    default_code = "api_status"

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        detail: object = None,
        headers: Mapping[str, str] | None = None,
        code: str | None = None,
        hint: str | None = None,
        where: str | None = None,
    ) -> None:
        super().__init__(message, code=code, hint=hint, where=where)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})

    @staticmethod
    def class_for(status: int) -> type[APIStatusError]:
        """The subclass that belongs to an HTTP status."""
        return _BY_STATUS.get(status, ServerError if status >= 500 else APIStatusError)


class BadRequestError(APIStatusError):
    """400: the service cannot use the request (schema, input id)."""

    default_code = "bad_request"


class AuthenticationError(APIStatusError):
    """401: the key is missing, wrong, or belongs to another region."""

    default_code = "authentication"


class PaymentRequiredError(APIStatusError):
    """402: the credits are used up."""

    default_code = "payment_required"


class PermissionDeniedError(APIStatusError):
    """403: the file or configuration belongs to another project."""

    default_code = "permission_denied"


class NotFoundError(APIStatusError):
    """404: no such job, file or configuration."""

    default_code = "not_found"


class ConflictError(APIStatusError):
    """409: the thing changed meanwhile, or is in a state that does not allow this."""

    default_code = "conflict"


class PayloadTooLargeError(APIStatusError):
    """413: the file or body is larger than the service takes."""

    default_code = "payload_too_large"


class UnprocessableEntityError(APIStatusError):
    """422: a parameter is malformed."""

    default_code = "unprocessable_entity"


class RateLimitError(APIStatusError):
    """429: too many requests, or a plan's cap."""

    default_code = "rate_limit"


class ServerError(APIStatusError):
    """5xx: the service failed."""

    default_code = "server_error"


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    402: PaymentRequiredError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    413: PayloadTooLargeError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


class JobError(ExtractError):
    """A job that ended badly, or was not final in time.

    Attributes:
        job: The job as last read, an `ExtractV2Job`.
    """

    default_code = "job"

    def __init__(
        self,
        message: str,
        *,
        job: Any = None,
        code: str | None = None,
        hint: str | None = None,
        where: str | None = None,
    ) -> None:
        super().__init__(message, code=code, hint=hint, where=where)
        self.job = job


class JobFailedError(JobError):
    """The job ended FAILED; `job.error_message` says why."""

    default_code = "job_failed"


class JobCancelledError(JobError):
    """The job ended CANCELLED."""

    default_code = "job_cancelled"


class WaitTimeoutError(JobError, TimeoutError):
    """The job was not final in time. It goes on: wait again with the same id."""

    default_code = "wait_timeout"


class ResultError(ExtractError):
    """The answer of a finished job cannot be used as asked."""

    default_code = "result"


class ResultValidationError(ResultError, ValueError):
    """A result that does not fit the caller's model.

    Attributes:
        problems: One `(JSON pointer, reason)` for each field that does not fit.
    """

    default_code = "result_validation"

    def __init__(
        self,
        message: str,
        *,
        problems: Sequence[tuple[str, str]] = (),
        code: str | None = None,
        hint: str | None = None,
        where: str | None = None,
    ) -> None:
        super().__init__(message, code=code, hint=hint, where=where)
        self.problems = tuple(problems)
