"""The wire models: what was read is what is given back, and nothing is shown that must not be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from extract_bridge.core.errors import APIError
from extract_bridge.core.wire.configuration import ExtractConfiguration, ExtractCreate, WebhookConfiguration
from extract_bridge.core.wire.dialect import configuration_body, create_body
from extract_bridge.core.wire.files import File
from extract_bridge.core.wire.jobs import ExtractV2Job, JobOrigin, JobStatus
from extract_bridge.core.wire.model import decode

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
NUMBERS = st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)


def objects(known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with any of the known keys, and unknown ones beside them."""
    unknown = st.dictionaries(TEXT.filter(lambda key: key not in known), JSON, max_size=3)
    return st.builds(lambda a, b: {**a, **b}, st.fixed_dictionaries({}, optional=known), unknown)


OPTIONAL_TEXT = st.none() | TEXT
OPTIONAL_FLAG = st.none() | st.booleans()
CONFIGURATION = objects(
    {
        "data_schema": st.none() | st.dictionaries(TEXT, JSON, max_size=3),
        "tier": OPTIONAL_TEXT,
        "version": OPTIONAL_TEXT,
        "extraction_target": OPTIONAL_TEXT,
        "cite_sources": OPTIONAL_FLAG,
        "confidence_scores": OPTIONAL_FLAG,
        "advanced_citations": OPTIONAL_FLAG,
        "max_pages": st.none() | st.integers(min_value=1),
        "sheet_names": st.none() | st.lists(TEXT, max_size=2),
        "lang": OPTIONAL_TEXT,
    }
)
USAGE = objects({"credits": NUMBERS, "extract_credits": NUMBERS, "parse_credits": NUMBERS})
METADATA = objects(
    {"usage": st.none() | objects({"num_pages_extracted": NUMBERS, "num_pages_billed": NUMBERS})}
)
EVIDENCE = objects({"field_metadata": JSON, "parse_job_id": OPTIONAL_TEXT, "parse_tier": OPTIONAL_TEXT})
JOB = st.builds(
    lambda needed, rest: {**rest, **needed},
    st.fixed_dictionaries({"id": TEXT, "status": TEXT | st.sampled_from(list(map(str, JobStatus)))}),
    objects(
        {
            "file_input": OPTIONAL_TEXT,
            "created_at": OPTIONAL_TEXT,
            "configuration": st.none() | CONFIGURATION,
            "configuration_id": OPTIONAL_TEXT,
            "error_message": OPTIONAL_TEXT,
            "extract_result": JSON,
            "extract_metadata": st.none() | EVIDENCE,
            "metadata": st.none() | METADATA,
            "usage": st.none() | USAGE,
        }
    ),
)


def same(one: Any, other: Any) -> bool:
    """Equal, with 1, 1.0 and True told apart."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@given(JOB)
def test_a_job_survives_the_round_trip(value: dict[str, Any]) -> None:
    job = ExtractV2Job.from_json(json.dumps(value).encode())
    assert same(job.to_dict(), value)
    assert job.status == value["status"]
    assert job.is_final is (value["status"] in {"COMPLETED", "FAILED", "CANCELLED"})


@given(CONFIGURATION)
def test_a_configuration_survives_the_round_trip(value: dict[str, Any]) -> None:
    assert same(ExtractConfiguration.model_validate(value).to_dict(), value)


def test_integers_stay_integers_however_large() -> None:
    job = ExtractV2Job.from_json(
        b'{"id":"e","status":"COMPLETED","extract_result":{"n":3,"big":123456789012345678901234567890,"f":3.0}}'
    )
    assert job.extract_result == {"n": 3, "big": 123456789012345678901234567890, "f": 3.0}
    assert [type(value) for value in job.extract_result.values()] == [int, int, float]


def test_both_kinds_of_usage() -> None:
    job = ExtractV2Job.model_validate(
        {
            "id": "e",
            "status": "COMPLETED",
            "usage": {"credits": 50, "extract_credits": 30.0, "parse_credits": None, "new": 1},
            "metadata": {"usage": {"num_pages_extracted": 2, "num_pages_billed": 2}},
        }
    )
    assert job.usage is not None
    assert job.metadata is not None
    assert job.metadata.usage is not None
    assert (job.usage.credits, job.usage.parse_credits) == (50, None)
    assert job.metadata.usage.num_pages_extracted == 2
    assert job.usage.model_extra == {"new": 1}


@pytest.mark.parametrize("status", ["PENDING", "THROTTLED", "RUNNING", "SOMETHING_NEW", ""])
def test_an_unknown_status_is_not_final(status: str) -> None:
    assert not ExtractV2Job(id="e", status=status).is_final


def test_the_older_name_of_the_input_is_read() -> None:
    job = ExtractV2Job.model_validate({"id": "e", "status": "PENDING", "document_input_value": "dfl-1"})
    assert job.file_input == "dfl-1"
    assert job.to_dict() == {"id": "e", "status": "PENDING", "document_input_value": "dfl-1"}
    assert ExtractCreate(document_input_value="dfl-1", configuration_id="cfg-1").file_input == "dfl-1"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"file_input": "a", "document_input_value": "b", "configuration_id": "c"}, "document_input_value"),
        ({"configuration_id": "c"}, "file_input is missing"),
        ({"file_input": "a"}, "exactly one of configuration"),
        (
            {"file_input": "a", "configuration_id": "c", "configuration": {"data_schema": {}}},
            "exactly one of configuration",
        ),
        (
            {"file_input": "a", "configuration": {"data_schema": {}, "max_pages": 0}},
            "greater than or equal to 1",
        ),
        ({"file_input": "a", "configuration": {"version": "1", "extract_version": "2"}}, "extract_version"),
        ({"file_input": "a" * 201, "configuration_id": "c"}, "200 characters"),
    ],
)
def test_a_create_body_that_contradicts_itself(body: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ExtractCreate.model_validate(body)


def test_null_is_the_same_as_absent_in_a_create_body() -> None:
    body = {
        "file_input": "a",
        "document_input_value": None,
        "configuration": {"data_schema": {}},
        "configuration_id": None,
    }
    assert ExtractCreate.model_validate(body).configuration_id is None


def test_the_newer_dialect_is_sent() -> None:
    create = ExtractCreate(
        document_input_value="dfl-1",
        configuration=ExtractConfiguration(data_schema={}, extract_version="2.0", lang="de", max_pages=None),
    )
    assert create_body(create, lang=True) == {
        "file_input": "dfl-1",
        "configuration": {"data_schema": {}, "version": "2.0", "lang": "de", "max_pages": None},
    }
    assert create.configuration is not None
    assert "lang" not in configuration_body(create.configuration, lang=False)


def test_nothing_secret_or_private_is_shown() -> None:
    job = ExtractV2Job.model_validate(
        {"id": "ext-1", "status": "COMPLETED", "extract_result": {"a": "canary"}, "x": "canary"}
    )
    hook = WebhookConfiguration(
        webhook_url="https://a.example", webhook_headers={"X": "canary"}, webhook_signing_secret="canary"
    )
    file = File(id="dfl-1", download_url="https://a.example/?signature=canary")
    assert "ext-1" in repr(job)
    assert "canary" not in f"{job!r} {job} {hook!r} {file!r}"
    with pytest.raises(ValidationError) as caught:
        ExtractV2Job.model_validate({"id": ["canary"], "status": "x"})
    assert "canary" not in str(caught.value)


def test_an_origin_is_kept_and_never_dumped() -> None:
    job = ExtractV2Job(id="e", status="COMPLETED")
    assert job.origin is None
    job.origin = JobOrigin("local", "a.pdf", "a.pdf", "a.pdf", "00")
    assert job.origin.source == "a.pdf"
    assert "origin" not in job.model_dump()


@pytest.mark.parametrize("content", [b"", b"<html>", b"{", b'{"a":NaN}', b"[" * 10_000])
def test_what_is_no_json_is_a_typed_error(content: bytes) -> None:
    with pytest.raises(APIError) as caught:
        decode(content)
    assert caught.value.code == "unexpected_answer"
    assert caught.value.hint


@pytest.mark.parametrize(
    "value", [None, [], "x", {}, {"id": 1, "status": "x"}, {"id": "e", "status": "x", "usage": "canary"}]
)
def test_what_is_no_job_is_a_typed_error_without_its_values(value: Any) -> None:
    with pytest.raises(APIError) as caught:
        ExtractV2Job.read(value)
    assert caught.value.code == "unexpected_answer"
    assert "canary" not in str(caught.value)
