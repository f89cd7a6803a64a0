"""The service's own words about a schema."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import HTTPException

from extract_bridge.local.service.schema_check import check_schema


def schema(**more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": {"type": "string", **more}}}


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (schema(description="x" * 150_000), "the limit is 150000"),
        (schema(examples=["x" * 150_000]), "the limit is 150000"),
        ({"type": "object", "properties": {f"p{n}": {} for n in range(5001)}}, "5001 properties, the limit is 5000"),
        ({"type": "array", "items": schema()}, "must be an object"),
        (schema(enum=[1]), "/properties/a/enum"),
    ],
)  # fmt: skip
def test_a_refusal_says_its_prefix_once(sent: Any, says: str) -> None:
    with pytest.raises(HTTPException) as caught:
        check_schema(sent)
    assert caught.value.status_code == 400
    assert caught.value.detail.startswith("schema_validation: ")
    assert caught.value.detail.count("schema_validation") == 1
    assert says in caught.value.detail
