"""A data_schema as the API takes it: an object at its root, inside the limits."""

from __future__ import annotations

import json
from typing import Any

from extract_bridge.core.errors import SchemaError
from extract_bridge.core.limits import limit
from extract_bridge.core.schema.normalize import normalize_schema
from extract_bridge.local.service.problems import schema_invalid

_PREFIX = "schema_validation: "  # of the limits' messages, which are the service's own


def check_schema(data_schema: dict[str, Any]) -> dict[str, Any]:
    """The schema in its normal form.

    Args:
        data_schema: As it came.

    Raises:
        HTTPException: 400 `schema_validation: …`.
    """
    try:
        normalized = normalize_schema(data_schema)
    except SchemaError as error:
        raise schema_invalid(str(error).replace(_PREFIX, "", 1)) from None
    if normalized.wrapped:
        raise schema_invalid("the root of data_schema must be an object with properties")
    _check_length(data_schema)
    return normalized.json_schema


def _check_length(data_schema: dict[str, Any]) -> None:
    """The limit on raw JSON is about what was sent; the normal form has lost what the service ignores."""
    length = len(json.dumps(data_schema, ensure_ascii=False, separators=(",", ":")))
    if length > limit("max_schema_bytes"):
        raise schema_invalid(
            f"data_schema has {length} characters of JSON, the limit is {limit('max_schema_bytes')}"
        )
