"""The common keywords as a mixin of both frameworks' base classes."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.tools import BaseTool
from llama_index.core.readers.base import BasePydanticReader
from pydantic import BaseModel, Field

from extract_bridge.client.client import AsyncExtractClient, ExtractClient
from extract_bridge.client.connect import LocalService
from extract_bridge.client.flows.keywords import SETTINGS, resolve_configuration
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ConfigurationError, FileInputError, PageRangeError, SchemaError
from extract_bridge.core.wire.configuration import ExtractConfiguration

KEY = "LLAMA_CLOUD_API_KEY"
SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": "string"}}}
SAMPLES: dict[str, Any] = {
    "extraction_target": "per_page",
    "tier": "agentic",
    "parse_tier": "fast",
    "parse_config_id": "cfg-2",
    "version": "2.0",
    "extract_version": "2.0",
    "system_prompt": "x",
    "target_pages": "1",
    "max_pages": 1,
    "lang": "de",
    "cite_sources": False,
    "confidence_scores": False,
}


class Invoice(BaseModel):
    number: str | None = None


class Tool(ExtractOptions, BaseTool):
    name: str = "extract"
    description: str = "Extract."

    def _run(self, document: str) -> str:
        return document


class Reader(ExtractOptions, BasePydanticReader):
    is_remote: bool = True
    more: int = Field(default=1, alias="extra_more")


KINDS = [ExtractOptions, Tool, Reader]


# --- which configuration the keywords mean ------------------------------------------------------------------------------------


def test_a_schema_alone_gets_the_defaults() -> None:
    resolved = resolve_configuration(data_schema=Invoice)
    assert resolved.schema is not None
    assert resolved.schema.name == "Invoice"
    assert resolved.configuration is not None
    body = resolved.configuration.to_dict()
    assert body.pop("data_schema") == resolved.schema.json_schema
    expected = {
        "extraction_target": "per_doc",
        "tier": "cost_effective",
        "cite_sources": True,
        "confidence_scores": True,
    }
    assert body == expected


def test_the_samples_are_all_settings() -> None:
    assert set(SAMPLES) == set(SETTINGS)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("way", [{"configuration": {"data_schema": SCHEMA}}, {"configuration_id": "cfg-1"}])
def test_a_setting_beside_what_decides_it_is_named(name: str, way: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        resolve_configuration(**way, **{name: SAMPLES[name]})
    assert caught.value.where == name
    assert name in caught.value.message
    assert next(iter(way)) in caught.value.message
    resolve_configuration(**way, **{name: None})


@pytest.mark.parametrize("name", SAMPLES)
def test_each_setting_reaches_the_wire(name: str) -> None:
    resolved = resolve_configuration(data_schema=SCHEMA, **{name: SAMPLES[name]})  # type: ignore[misc]
    assert resolved.configuration is not None
    assert resolved.configuration.to_dict()[name] == SAMPLES[name]


@given(st.sets(st.sampled_from(["data_schema", "configuration", "configuration_id"])))
def test_exactly_one_says_what_to_extract(names: set[str]) -> None:
    values = {"data_schema": SCHEMA, "configuration": {"data_schema": SCHEMA}, "configuration_id": "cfg-1"}
    keywords: Any = {name: values[name] for name in names}
    if len(names) == 1:
        resolve_configuration(**keywords)
        return
    with pytest.raises(
        ConfigurationError, match="exactly one of data_schema, configuration and configuration_id"
    ):
        resolve_configuration(**keywords)


MISTAKES: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"data_schema": {"foo": {"foo": "bar"}}}, SchemaError, "object"),
    ({"data_schema": Path("nothere.json")}, FileInputError, "nothere.json"),
    ({"data_schema": SCHEMA, "target_pages": "0"}, PageRangeError, "1,3,5-7"),
    ({"data_schema": SCHEMA, "target_pages": 0}, PageRangeError, "1,3,5-7"),
    ({"data_schema": SCHEMA, "target_pages": [3, -1]}, PageRangeError, "1,3,5-7"),
    ({"data_schema": SCHEMA, "max_pages": 0}, ConfigurationError, "max_pages"),
    ({"data_schema": SCHEMA, "extraction_target": "per_row"}, ConfigurationError, "per_table_row"),
    ({"data_schema": SCHEMA, "version": "1", "extract_version": "2"}, ConfigurationError, "extract_version"),
    ({"data_schema": SCHEMA, "teir": "agentic"}, ConfigurationError, "teir"),
    ({"configuration": {}}, ConfigurationError, "data_schema"),
    ({"configuration": {"data_schema": SCHEMA, "tier": ["canary"]}}, ConfigurationError, "tier"),
    ({"configuration": {"data_schema": SCHEMA, "target_pages": "x"}}, PageRangeError, "1,3,5-7"),
]


@pytest.mark.parametrize(("keywords", "kind", "says"), MISTAKES)
@pytest.mark.parametrize("make", [resolve_configuration, *KINDS])
def test_a_mistake_is_said_when_the_object_is_made(
    make: Any, keywords: Any, kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind) as caught:
        make(**keywords)
    assert says in str(caught.value)
    assert "canary" not in str(caught.value)


def test_a_configuration_carries_the_rest() -> None:
    configuration = {
        "data_schema": Invoice,
        "advanced_citations": False,
        "brand_new": 1,
        "target_pages": [1, 2, 3],
    }
    resolved = resolve_configuration(configuration=configuration)
    assert resolved.configuration is not None
    body = resolved.configuration.to_dict()
    assert (body["advanced_citations"], body["brand_new"], body["target_pages"]) == (False, 1, "1-3")
    again = resolve_configuration(configuration=ExtractConfiguration.model_validate(body))
    assert again.configuration == resolved.configuration


def test_above_a_hundred_known_pages_confidence_is_not_asked_for() -> None:
    pages = resolve_configuration(data_schema=SCHEMA, target_pages="1-101")
    asked = resolve_configuration(data_schema=SCHEMA, target_pages="1-101", confidence_scores=True)
    assert [item.configuration.confidence_scores for item in (pages, asked) if item.configuration] == [
        False,
        True,
    ]


# --- the mixin ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_keywords_reach_the_call(kind: Any) -> None:
    options = kind(data_schema=Invoice, tier="agentic", target_pages=[1, 2], project_id="p", local=True)
    keywords = options.configuration_keywords()
    assert keywords.pop("data_schema").model is Invoice
    assert keywords == {"tier": "agentic", "target_pages": [1, 2], "project_id": "p"}
    assert resolve_configuration(**options.configuration_keywords()).schema == options.normalized_schema()
    assert options.configuration_keywords()["data_schema"] is options.normalized_schema()


@pytest.mark.parametrize("kind", KINDS)
def test_a_lone_output_class_is_the_schema_too(kind: Any) -> None:
    assert kind(output_cls=Invoice).normalized_schema().model is Invoice
    assert kind(output_cls=Invoice, configuration_id="cfg-1").normalized_schema() is None
    assert kind(output_cls=Invoice, data_schema=SCHEMA).normalized_schema().name == "Note"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("keywords", "says"),
    [
        ({"local": True, "api_key": "llx-canary"}, "local and api_key"),
        ({"client": ExtractClient(local=True), "api_key": "llx-canary"}, "client and api_key"),
        ({"client": ExtractClient(local=True), "local": True}, "client and local"),
        ({"api_key": ""}, "empty"),
        ({"api_keey": "llx-canary"}, "api_keey"),
        ({"api_key": ["llx-canary"]}, "api_key"),
    ],
)
def test_contradictions_are_said_when_the_object_is_made(
    kind: Any, keywords: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        kind(data_schema=SCHEMA, **keywords)
    assert says in str(caught.value)
    assert "canary" not in f"{caught.value} {caught.value!r}"


@pytest.mark.parametrize("kind", KINDS)
def test_the_service_is_chosen_at_the_first_call(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    options = kind(data_schema=SCHEMA)
    with pytest.raises(ConfigurationError, match="No Extract service chosen"):
        options.sync_client()
    monkeypatch.setenv(KEY, "llx-env")
    assert options.sync_client().service == "cloud"
    assert options.async_client() is options.async_client()
    assert kind(data_schema=SCHEMA, local=True).sync_client().service == "local"


@pytest.mark.parametrize("kind", KINDS)
def test_a_given_client_gives_both_halves(kind: Any) -> None:
    client = AsyncExtractClient(local=True)
    options = kind(data_schema=SCHEMA, client=client)
    assert options.async_client() is client
    assert isinstance(options.sync_client(), ExtractClient)
    assert copy.deepcopy(options).async_client() is client
    assert pickle.loads(pickle.dumps(options)).async_client().service == "local"


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_is_shown_nowhere(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    options = kind(
        data_schema=SCHEMA,
        api_key="llx-canary",
        webhook_configurations=[{"webhook_signing_secret": "canary"}],
    )
    options.sync_client()
    shown = f"{options!r} {options} {options.model_dump()} {options.model_dump_json()}"
    assert "canary" not in shown
    with pytest.raises(ConfigurationError, match="not pickled"):
        pickle.dumps(options)
    assert copy.deepcopy(options).sync_client().settings.api_key == "llx-canary"
    options.webhook_configurations = None
    monkeypatch.setenv(KEY, "llx-canary")
    data = pickle.dumps(options)
    assert b"canary" not in data
    monkeypatch.setenv(KEY, "llx-later")
    assert pickle.loads(data).sync_client().settings.api_key == "llx-later"
    with pytest.raises(ConfigurationError, match="not pickled"):
        pickle.dumps(kind(data_schema=SCHEMA, client=ExtractClient(api_key="llx-canary")))


@pytest.mark.parametrize("kind", KINDS)
def test_copies_share_nothing_that_they_must_not(kind: Any) -> None:
    options = kind(data_schema=SCHEMA, api_key="llx-one")
    client = options.sync_client()
    other = options.model_copy(update={"project_id": "p"})
    assert other.sync_client().settings.project_id == "p"
    assert options.sync_client().settings.project_id is None
    assert copy.deepcopy(options).sync_client() is not client
    assert copy.deepcopy(options) == options


@pytest.mark.parametrize("kind", KINDS)
def test_a_dump_is_plain_json(kind: Any) -> None:
    options = kind(data_schema=Invoice, local=LocalService(llm=object()), tier="agentic")
    dumped = json.loads(options.model_dump_json())
    assert dumped["data_schema"]["properties"]["number"]
    assert (dumped["local"], dumped["tier"]) == (True, "agentic")


@pytest.mark.parametrize("kind", [Tool, Reader])
@pytest.mark.parametrize("form", [dict, ExtractConfiguration])
def test_webhooks_inside_a_configuration_are_not_shown(kind: Any, form: Any) -> None:
    webhook = {"webhook_url": "https://hooks.example", "webhook_headers": {"X-Key": "canary"}}
    configuration = form(data_schema=Invoice.model_json_schema(), webhook_configurations=[webhook])
    made = kind(configuration=configuration, local=True)
    for text in (repr(made), str(made), str(made.model_dump()), made.model_dump_json()):
        assert "canary" not in text
    sent = resolve_configuration(**made.configuration_keywords()).configuration
    assert sent is not None
    assert "canary" in str(sent.to_dict())


def test_a_tool_may_get_its_key_at_the_call() -> None:
    from langchain_core.runnables import ConfigurableField

    tool = Tool(data_schema=SCHEMA).configurable_fields(api_key=ConfigurableField(id="api_key"))
    prepared, _ = tool.prepare({"configurable": {"api_key": "llx-late"}})
    assert isinstance(prepared, Tool)
    assert prepared.sync_client().settings.api_key == "llx-late"
    assert prepared.configuration_keywords()["data_schema"].name == "Note"


# --- the client in use ------------------------------------------------------------------------------------------------------


def test_the_client_in_use_can_be_read() -> None:
    made = ExtractOptions(data_schema=SCHEMA, local=True)
    assert made.client is made.sync_client()
    assert made.client.service == "local"
    mine = ExtractClient(local=True)
    assert ExtractOptions(data_schema=SCHEMA, client=mine).client is mine
    other = AsyncExtractClient(local=True)
    assert ExtractOptions(data_schema=SCHEMA, client=other).client is other


def test_no_service_is_told_when_the_client_is_read_not_before() -> None:
    options = ExtractOptions(data_schema=SCHEMA)
    with pytest.raises(ConfigurationError, match="No Extract service chosen"):
        _ = options.client


def test_having_read_the_client_changes_neither_copy_nor_pickle() -> None:
    options = ExtractOptions(data_schema=SCHEMA, local=True, validate_schema=True)
    before = options.model_dump()
    assert options.client is not None
    assert options.model_dump() == before
    for other in (pickle.loads(pickle.dumps(options)), options.model_copy(deep=True)):
        assert other.model_dump() == before
        assert other.given_client is None
        assert other.client.service == "local"


def test_a_none_beside_the_client_does_not_drop_it() -> None:
    with ExtractClient(local=True) as client:
        assert (
            ExtractOptions(
                data_schema={"type": "object", "properties": {"a": {}}}, client=None, given_client=client
            ).client
            is client
        )
