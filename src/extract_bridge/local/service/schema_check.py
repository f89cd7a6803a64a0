"""A data_schema as the API takes it: an object at its root, inside the limits."""

from __future__ import annotations

from typing import Any

from extract_bridge.core.errors import SchemaError
from extract_bridge.core.schema.normalize import normalize_schema
from extract_bridge.local.service.problems import schema_invalid


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
        raise schema_invalid(str(error)) from None
    if normalized.wrapped:
        raise schema_invalid("the root of data_schema must be an object with properties")
    return normalized.json_schema
