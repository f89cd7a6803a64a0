"""Checking a schema before it is paid for."""

from typing import Any

from fastapi import APIRouter

from extract_bridge.local.service.plain import Body
from extract_bridge.local.service.schema_check import check_schema

router = APIRouter(prefix="/api/v2/extract/schema", tags=["extract"])


class SchemaBody(Body):
    """The body of a schema check."""

    data_schema: dict[str, Any]


@router.post("/validation")
@router.post("/validate", include_in_schema=False)  # the name in the vendor's own texts
def validate(body: SchemaBody) -> dict[str, Any]:
    """The schema in its normal form, or 400 `schema_validation: …`."""
    return {"data_schema": check_schema(body.data_schema)}
