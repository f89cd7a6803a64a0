"""The service's OpenAPI: what FastAPI finds in the routes, and what it cannot find there.

Answers that are sent as stored text have no model that FastAPI could read, an upload is read from the stream itself, and statuses come from
layers that no route knows. One table here says all of it; `tests/slow/test_fuzz.py` holds the service to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

if TYPE_CHECKING:
    from fastapi import FastAPI

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_OBJECT: Schema = {"type": "object"}
_OBJECT_OR_NULL: Schema = {"type": ["object", "null"]}
_TIME: Schema = {"type": "string", "format": "date-time"}


def _object(*optional: str, **properties: Schema) -> Schema:
    """An object of exactly these keys, all of them always there but the ones named."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _page_of(name: str) -> Schema:
    return _object(
        items={"type": "array", "items": _named(name)},
        next_page_token=_TEXT_OR_NULL,
        total_size={"type": ["integer", "null"]},
    )


_STATUSES = ["PENDING", "THROTTLED", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"]
_SCHEMAS: dict[str, Schema] = {
    "Error": {
        "type": "object",
        "required": ["detail"],
        "properties": {
            "detail": {
                "anyOf": [
                    _TEXT,
                    {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["loc", "msg", "type"],
                            "properties": {
                                "loc": {"type": "array", "items": {"type": ["string", "integer"]}},
                                "msg": _TEXT,
                                "type": _TEXT,
                            },
                        },
                    },
                ]
            }
        },
    },
    "ExtractJob": _object(
        id=_TEXT,
        created_at=_TIME,
        updated_at=_TIME,
        file_input=_TEXT,
        document_input_value=_TEXT,
        project_id=_TEXT,
        status={"enum": _STATUSES},
        configuration_id=_TEXT_OR_NULL,
        configuration=_OBJECT_OR_NULL,
        error_message=_TEXT_OR_NULL,
        extract_result={"type": ["object", "array", "null"]},
        extract_metadata=_OBJECT_OR_NULL,
        metadata=_OBJECT_OR_NULL,
        usage=_OBJECT_OR_NULL,
    ),
    "ExtractJobPage": _page_of("ExtractJob"),
    "File": _object(
        id=_TEXT,
        name=_TEXT,
        project_id=_TEXT,
        external_file_id=_TEXT_OR_NULL,
        file_type=_TEXT_OR_NULL,
        last_modified_at=_TIME,
        expires_at={**_TIME, "type": ["string", "null"]},
        purpose=_TEXT,
        download_url=_TEXT_OR_NULL,
    ),
    "FilePage": _page_of("File"),
    "ParseJob": _object(
        id=_TEXT,
        project_id=_TEXT,
        status={"enum": [status for status in _STATUSES if status != "THROTTLED"]},
        name=_TEXT_OR_NULL,
        tier=_TEXT,
        version=_TEXT,
        error_message=_TEXT_OR_NULL,
        created_at=_TIME,
        updated_at=_TIME,
        user_metadata=_OBJECT_OR_NULL,
        usage=_OBJECT_OR_NULL,
    ),
    "ParseJobPage": _page_of("ParseJob"),
    "ParseResult": {
        "type": "object",
        "required": ["job", "text", "text_full", "markdown", "markdown_full", "items", "metadata"],
        "properties": {"job": _named("ParseJob"), "text": _OBJECT_OR_NULL, "items": _OBJECT_OR_NULL},
    },
    "Configuration": _object(
        id=_TEXT,
        name=_TEXT,
        project_id=_TEXT,
        product_type=_TEXT,
        parameters=_OBJECT,
        version=_TEXT,
        created_at=_TIME,
        updated_at=_TIME,
    ),
    "ConfigurationPage": _page_of("Configuration"),
    "WebhookConfiguration": {
        "type": "object",
        "required": ["id", "webhook_url", "has_secret", "created_at", "updated_at"],
        "properties": {"has_secret": {"type": "boolean"}, "webhook_signing_secret": False},
    },
    "WebhookConfigurationPage": _page_of("WebhookConfiguration"),
    "WebhookConfigurations": {"type": "array", "items": _named("WebhookConfiguration")},
}

_EXTRACT, _PARSE = "/api/v2/extract", "/api/v2/parse"
_FILES = "/api/v1/beta/files"
_CONFIGURATIONS = "/api/v1/beta/configurations"
_WEBHOOKS = "/api/v1/beta/webhook-configs"

# The answer to what went well.
_ANSWERS: dict[tuple[str, str], str] = {
    ("post", _EXTRACT): "ExtractJob",
    ("get", _EXTRACT): "ExtractJobPage",
    ("get", _EXTRACT + "/{job_id}"): "ExtractJob",
    ("post", _EXTRACT + "/{job_id}/cancel"): "ExtractJob",
    ("post", _FILES): "File",
    ("get", _FILES): "FilePage",
    ("get", _FILES + "/{file_id}"): "File",
    ("post", _PARSE): "ParseJob",
    ("get", _PARSE): "ParseJobPage",
    ("post", _PARSE + "/upload"): "ParseJob",
    ("get", _PARSE + "/{job_id}"): "ParseResult",
    ("post", _PARSE + "/{job_id}/cancel"): "ParseJob",
    ("post", _CONFIGURATIONS): "Configuration",
    ("get", _CONFIGURATIONS): "ConfigurationPage",
    ("get", _CONFIGURATIONS + "/{config_id}"): "Configuration",
    ("put", _CONFIGURATIONS + "/{config_id}"): "Configuration",
    ("post", _WEBHOOKS): "WebhookConfiguration",
    ("get", _WEBHOOKS): "WebhookConfigurations",
    ("get", _WEBHOOKS + "/{config_id}"): "WebhookConfiguration",
    ("put", _WEBHOOKS + "/{config_id}"): "WebhookConfiguration",
    ("get", "/api/v2/webhook-configs"): "WebhookConfigurationPage",
}

_BYTES: Schema = {"type": "string", "contentMediaType": "application/octet-stream", "minLength": 1}
_PURPOSES = ["user_data", "parse", "extract", "classify", "split", "sheet", "agent_app"]

# The parts of bodies that are read from the stream itself.
_UPLOADS: dict[str, Schema] = {
    _FILES: _object(
        "external_file_id",
        file=_BYTES,
        purpose={"enum": _PURPOSES},
        external_file_id={"type": "string", "maxLength": 500},
    ),
    _PARSE + "/upload": _object(file=_BYTES, configuration=_TEXT),
}

_HEALTH = "/health/"
_EVERYWHERE = {
    "400": "Bad input: `schema_validation: …`, `inputs_invalid: …`, a page token of another list, another host's name",
    "401": "No key, or a wrong one",
    "403": "A request of a web page",
    "422": "A parameter is missing or not of its kind",
}
_OF_ONE = {"404": "There is none of this id"}
_OF_A_BODY = {"404": "Something that the body names is not there", "413": "The body is too large"}
_CONFLICT = {"409": "Not in this state"}
_WORK = {
    "409": "The answer to the same Idempotency-Key is on its way",
    "429": "Too many jobs wait or run",
    "503": "The disk is almost full",
}
_NEW_WORK = frozenset({_EXTRACT, _EXTRACT + "/schema/generate", _PARSE, _PARSE + "/upload", _FILES})


def describe(app: FastAPI) -> None:
    """Let the app show its OpenAPI with all that FastAPI cannot find.

    Args:
        app: With every route in it.
    """

    def openapi() -> Schema:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(
                get_openapi(title=app.title, version=app.version, routes=app.routes)
            )
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: Schema) -> Schema:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_SCHEMAS)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete_operation(method, path, operation)
    return document


def _complete_operation(method: str, path: str, operation: Schema) -> None:
    responses = operation["responses"]
    answer = _ANSWERS.get((method, path))
    if answer is not None:
        good = next(status for status in responses if status.startswith("2"))
        responses[good]["content"] = {"application/json": {"schema": _named(answer)}}
    if method == "post" and path in _UPLOADS:
        parts = {"multipart/form-data": {"schema": _UPLOADS[path]}}
        operation["requestBody"] = {"required": True, "content": parts}
    for status, text in _problems(method, path).items():
        responses[status] = {
            "description": text,
            "content": {"application/json": {"schema": _named("Error")}},
        }


def _problems(method: str, path: str) -> dict[str, str]:
    """The statuses of an operation that mean that something was wrong."""
    if path.startswith(_HEALTH):
        return {"400": _EVERYWHERE["400"], "403": _EVERYWHERE["403"], "503": "It could not accept a job now"}
    found = dict(_EVERYWHERE)
    if method in {"post", "put"}:
        found |= _OF_A_BODY
    if "{" in path:
        found |= _OF_ONE
        if method != "get":
            found |= _CONFLICT
    if method == "post" and path in _NEW_WORK:
        found |= _WORK
    return found
