"""LlamaCloud Extract v2 for LangChain and LlamaIndex, with evidence for every value.

Names are loaded when they are first used: `import extract_bridge` loads neither framework, nor httpx, nor pydantic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extract_bridge.client.client import AsyncExtractClient as AsyncExtractClient
    from extract_bridge.client.client import ExtractClient as ExtractClient
    from extract_bridge.client.connect import LocalService as LocalService
    from extract_bridge.client.policy import PollPolicy as PollPolicy
    from extract_bridge.client.policy import RetryPolicy as RetryPolicy
    from extract_bridge.core.errors import APIError as APIError
    from extract_bridge.core.errors import APIStatusError as APIStatusError
    from extract_bridge.core.errors import AuthenticationError as AuthenticationError
    from extract_bridge.core.errors import BadRequestError as BadRequestError
    from extract_bridge.core.errors import ConfigurationError as ConfigurationError
    from extract_bridge.core.errors import ConflictError as ConflictError
    from extract_bridge.core.errors import DocumentError as DocumentError
    from extract_bridge.core.errors import ExtractError as ExtractError
    from extract_bridge.core.errors import FileInputError as FileInputError
    from extract_bridge.core.errors import InputError as InputError
    from extract_bridge.core.errors import JobCancelledError as JobCancelledError
    from extract_bridge.core.errors import JobError as JobError
    from extract_bridge.core.errors import JobFailedError as JobFailedError
    from extract_bridge.core.errors import MissingExtraError as MissingExtraError
    from extract_bridge.core.errors import NotFoundError as NotFoundError
    from extract_bridge.core.errors import NotSentError as NotSentError
    from extract_bridge.core.errors import PageRangeError as PageRangeError
    from extract_bridge.core.errors import PayloadTooLargeError as PayloadTooLargeError
    from extract_bridge.core.errors import PaymentRequiredError as PaymentRequiredError
    from extract_bridge.core.errors import PermissionDeniedError as PermissionDeniedError
    from extract_bridge.core.errors import RateLimitError as RateLimitError
    from extract_bridge.core.errors import ResultError as ResultError
    from extract_bridge.core.errors import ResultValidationError as ResultValidationError
    from extract_bridge.core.errors import SchemaError as SchemaError
    from extract_bridge.core.errors import ServerError as ServerError
    from extract_bridge.core.errors import SourceChanged as SourceChanged
    from extract_bridge.core.errors import StorageError as StorageError
    from extract_bridge.core.errors import UnansweredError as UnansweredError
    from extract_bridge.core.errors import UnprocessableEntityError as UnprocessableEntityError
    from extract_bridge.core.errors import WaitTimeoutError as WaitTimeoutError
    from extract_bridge.core.errors import WebhookError as WebhookError
    from extract_bridge.core.errors import WebhookSignatureError as WebhookSignatureError
    from extract_bridge.core.language_model import OpenAICompatible as OpenAICompatible
    from extract_bridge.core.records.model import Box as Box
    from extract_bridge.core.records.model import Citation as Citation
    from extract_bridge.core.records.model import ExtractedField as ExtractedField
    from extract_bridge.core.records.model import ExtractedRecord as ExtractedRecord
    from extract_bridge.core.records.model import PageSize as PageSize
    from extract_bridge.core.records.read import records_from_job as records_from_job
    from extract_bridge.core.records.stream import iter_records as iter_records
    from extract_bridge.core.records.trust import min_confidence_for as min_confidence_for
    from extract_bridge.core.wire.configuration import ExtractConfiguration as ExtractConfiguration
    from extract_bridge.core.wire.configuration import WebhookConfiguration as WebhookConfiguration
    from extract_bridge.core.wire.jobs import ExtractV2Job as ExtractV2Job
    from extract_bridge.core.wire.jobs import JobStatus as JobStatus
    from extract_bridge.core.wire.webhooks import SeenEvents as SeenEvents
    from extract_bridge.core.wire.webhooks import WebhookEvent as WebhookEvent
    from extract_bridge.core.wire.webhooks import unwrap as unwrap
    from extract_bridge.core.wire.webhooks import verify_signature as verify_signature
    from extract_bridge.review.build import Review as Review
    from extract_bridge.review.build import review as review
    from extract_bridge.review.corrections import Corrections as Corrections
    from extract_bridge.review.corrections import correct_records as correct_records
    from extract_bridge.review.corrections import read_corrections as read_corrections

__version__ = "0.1.0"

_HOMES = {
    "extract_bridge.client.client": ("AsyncExtractClient", "ExtractClient"),
    "extract_bridge.client.connect": ("LocalService",),
    "extract_bridge.client.policy": ("PollPolicy", "RetryPolicy"),
    "extract_bridge.core.errors": (
        "APIError",
        "APIStatusError",
        "AuthenticationError",
        "BadRequestError",
        "BudgetExceededError",
        "ConfigurationError",
        "ConflictError",
        "DocumentError",
        "ExtractError",
        "FileInputError",
        "InputError",
        "JobCancelledError",
        "JobError",
        "JobFailedError",
        "MissingExtraError",
        "NotFoundError",
        "NotSentError",
        "PageRangeError",
        "PayloadTooLargeError",
        "PaymentRequiredError",
        "PermissionDeniedError",
        "RateLimitError",
        "ResultError",
        "ResultValidationError",
        "SchemaError",
        "ServerError",
        "SourceChanged",
        "StorageError",
        "UnansweredError",
        "UnprocessableEntityError",
        "WaitTimeoutError",
        "WebhookError",
        "WebhookSignatureError",
    ),
    "extract_bridge.core.language_model": ("OpenAICompatible",),
    "extract_bridge.core.records.model": ("Box", "Citation", "ExtractedField", "ExtractedRecord", "PageSize"),
    "extract_bridge.core.records.read": ("records_from_job",),
    "extract_bridge.core.records.stream": ("iter_records",),
    "extract_bridge.core.records.trust": ("min_confidence_for",),
    "extract_bridge.core.wire.configuration": ("ExtractConfiguration", "WebhookConfiguration"),
    "extract_bridge.core.wire.jobs": ("ExtractV2Job", "JobStatus"),
    "extract_bridge.core.wire.webhooks": ("SeenEvents", "WebhookEvent", "unwrap", "verify_signature"),
    "extract_bridge.review.build": ("Review", "review"),
    "extract_bridge.review.corrections": ("Corrections", "correct_records", "read_corrections"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted([*_HOME_OF, "__version__"])


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - a name costs its import only when it is used

    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
