"""Every value of every body, and a key more at every level, set to what JSON libraries disagree about: answered, and in plain JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.parametrize("http", ["socket"], indirect=True)

SCHEMA = {"type": "object", "properties": {"text": {"type": ["string", "null"], "description": "d"}}}
HOOK = {
    "webhook_url": "https://example.com/x",
    "webhook_events": ["extract.success"],
    "webhook_headers": {"X-A": "b"},
    "webhook_output_format": "json",
    "webhook_signing_secret": "s",
}
CONFIGURATION = {
    "data_schema": SCHEMA,
    "tier": "agentic",
    "version": "latest",
    "extraction_target": "per_doc",
    "cite_sources": True,
    "parse_tier": "fast",
    "system_prompt": "p",
    "target_pages": "1",
    "max_pages": 1,
    "lang": "en",
    "sheet_names": ["A"],
}
BODIES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "create": ("POST", "/api/v2/extract", {"file_input": "FILE", "configuration": CONFIGURATION}),
    "create with a webhook": (
        "POST",
        "/api/v2/extract",
        {"file_input": "FILE", "configuration": {"data_schema": SCHEMA}, "webhook_configurations": [HOOK]},
    ),
    "validation": ("POST", "/api/v2/extract/schema/validation", {"data_schema": SCHEMA}),
    "generation": (
        "POST",
        "/api/v2/extract/schema/generate",
        {"prompt": "number and date", "data_schema": SCHEMA, "name": "n"},
    ),
    "parse": (
        "POST",
        "/api/v2/parse",
        {
            "file_id": "FILE",
            "tier": "fast",
            "version": "latest",
            "page_ranges": {"target_pages": "1", "max_pages": 1},
            "user_metadata": {"a": "b"},
        },
    ),
    "parse by address": (
        "POST",
        "/api/v2/parse",
        {"source_url": "https://example.com/a", "tier": "fast", "version": "latest"},
    ),
    "configuration": (
        "POST",
        "/api/v1/beta/configurations",
        {"name": "n", "parameters": {"product_type": "extract_v2", **CONFIGURATION}},
    ),
    "parse configuration": (
        "POST",
        "/api/v1/beta/configurations",
        {"name": "n", "parameters": {"product_type": "parse_v2", "tier": "fast", "version": "latest"}},
    ),
    "another product's configuration": (
        "POST",
        "/api/v1/beta/configurations",
        {"name": "n", "parameters": {"product_type": "split_v1", "anything": {"a": [1]}}},
    ),
    "webhook": ("POST", "/api/v1/beta/webhook-configs", HOOK),
}
ODD = {
    "NaN": "NaN",
    "infinity": "-Infinity",
    "1e999": "1e999",
    "many digits": "9" * 4000,
    "more digits than are read": "9" * 5000,
    "a lone surrogate": '"a\\ud800b"',
    "a null character": '"a\\u0000b"',
    "deep": "[" * 300 + "]" * 300,
    "deeper": "[" * 10_000 + "]" * 10_000,
    "an object": '{"a": {"b": [null, true, "x", 1.5]}}',
    "a lone surrogate as a key": '{"\\udfff": 1}',
    "true": "true",
    "empty": '""',
    "long": json.dumps("x" * 100_000),
    "minus one": "-1",
}
LISTS = (
    "/api/v2/extract?expand=configuration&expand=extract_metadata&page_size=1000",
    "/api/v2/parse?page_size=1000",
    "/api/v1/beta/configurations?page_size=1000",
    "/api/v1/beta/webhook-configs",
    "/api/v1/beta/files?page_size=1000",
)
MARK = "\u2603here\u2603"


def variants(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The value with a mark in the place of each of its parts in turn, and one key more in each of its objects."""
    yield at, MARK
    if isinstance(value, dict):
        yield (*at, "+"), {**value, "more": MARK}
        for name, item in value.items():
            for place, changed in variants(item, (*at, name)):
                yield place, {**value, name: changed}
    elif isinstance(value, list):
        for number, item in enumerate(value):
            for place, changed in variants(item, (*at, number)):
                yield place, [*value[:number], changed, *value[number + 1 :]]


def strict(text: str) -> Any:
    """JSON as every reader takes it."""

    def refuse(word: str) -> Any:
        raise ValueError(f"{word} is no JSON")

    found = json.loads(text, parse_constant=refuse)
    text.encode()
    return found


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", BODIES)
def test_an_odd_value_anywhere_is_answered_in_plain_json(name: str, odd: str, http: Any) -> None:
    method, path, body = BODIES[name]
    file_id = http.upload()
    for place, changed in variants(body):
        text = json.dumps(changed).replace("FILE", file_id).replace(json.dumps(MARK), ODD[odd])
        reply = http.request(method, path, content=text, headers={"content-type": "application/json"})
        where = f"{odd} at {place}: {reply.status_code} {reply.text[:200]}"
        assert reply.status_code in {200, 201, 400, 404, 413, 422}, where
        answer = strict(reply.text)
        if reply.status_code >= 400:
            assert set(answer) == {"detail"}, where
            assert "Traceback" not in reply.text, where
    for listed in LISTS:
        shown = http.get(listed)
        assert shown.status_code == 200, (listed, shown.text[:200])
        strict(shown.text)
