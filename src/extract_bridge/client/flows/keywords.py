"""Which configuration the common keywords mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

from pydantic import ValidationError

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.limits import limit
from extract_bridge.core.page_ranges import format_pages, parse_pages
from extract_bridge.core.schema.normalize import NormalizedSchema, normalize_schema
from extract_bridge.core.wire.configuration import ExtractConfiguration, WebhookConfiguration
from extract_bridge.core.wire.model import WireModel, problems

if TYPE_CHECKING:
    from pathlib import Path

    from extract_bridge.client.effects import Query

M = TypeVar("M", bound=WireModel)
Pages = str | int | Sequence[int]


class ConfigurationKeywords(TypedDict, total=False):
    """The keywords that say what to extract and how; None is the same as not given.

    Exactly one of `data_schema`, `configuration` and `configuration_id`. With `data_schema` the others default to
    `tier="cost_effective"`, `extraction_target="per_doc"`, `cite_sources=True`, `confidence_scores=True`. The two others
    decide everything themselves, so giving one of the rest beside them is a `ConfigurationError`.

    `target_pages` is `"1,3,5-7"` (1-based), a page, or a list of pages; `max_pages` truncates. `extract_version` is an older
    name of `version`. `webhook_configurations`, `project_id` and `organization_id` go with any of the three.
    `validate_schema=True` lets the service check the schema before the first paid job.
    """

    data_schema: type | Mapping[str, Any] | Path | NormalizedSchema | None
    configuration: ExtractConfiguration | Mapping[str, Any] | None
    configuration_id: str | None
    extraction_target: str | None
    tier: str | None
    parse_tier: str | None
    parse_config_id: str | None
    version: str | None
    extract_version: str | None
    system_prompt: str | None
    target_pages: Pages | None
    max_pages: int | None
    lang: str | None
    cite_sources: bool | None
    confidence_scores: bool | None
    webhook_configurations: Sequence[WebhookConfiguration | Mapping[str, Any]] | None
    project_id: str | None
    organization_id: str | None
    validate_schema: bool | None


WAYS = ("data_schema", "configuration", "configuration_id")
BESIDE = ("webhook_configurations", "project_id", "organization_id", "validate_schema")
SETTINGS = tuple(name for name in ConfigurationKeywords.__annotations__ if name not in (*WAYS, *BESIDE))
_TARGETS = ("per_doc", "per_page", "per_table_row")
_DEFAULTS: dict[str, Any] = {
    "extraction_target": "per_doc",
    "tier": "cost_effective",
    "cite_sources": True,
    "confidence_scores": True,
}


@dataclass(frozen=True, slots=True)
class ResolvedConfiguration:
    """What the keywords mean.

    Attributes:
        configuration: What is sent; None where a saved one decides.
        configuration_id: The saved configuration that decides.
        webhook_configurations: Endpoints that are told about the job.
        schema: The caller's schema in normal form; None where a saved configuration decides.
        scope: Query parameters that narrow the project.
        validate_schema: Let the service check the schema first.
    """

    configuration: ExtractConfiguration | None
    configuration_id: str | None
    webhook_configurations: tuple[WebhookConfiguration, ...]
    schema: NormalizedSchema | None
    scope: Query
    validate_schema: bool = False


def resolve_configuration(**keywords: Unpack[ConfigurationKeywords]) -> ResolvedConfiguration:
    """Say what the keywords mean, or why they contradict each other.

    Raises:
        ConfigurationError: none or several of `data_schema`, `configuration`, `configuration_id`; a setting beside one of
            the two that decide; a value that cannot be; an unknown keyword.
        SchemaError: the schema cannot be used.
        PageRangeError: `target_pages` is malformed.
    """
    given: dict[str, Any] = {name: value for name, value in keywords.items() if value is not None}
    for name in given:
        if name not in ConfigurationKeywords.__annotations__:
            raise ConfigurationError(f"there is no keyword {name!r}", where=name, hint="Check its spelling")
    way = _chosen(given)
    settings = {name: given[name] for name in SETTINGS if name in given}
    if way != "data_schema" and settings:
        name = next(iter(settings))
        raise ConfigurationError(
            f"{way} already decides {name}",
            where=name,
            hint=f"Leave {name} out, or give data_schema instead of {way}",
        )
    configuration, schema = None, None
    if way == "data_schema":
        schema = normalize_schema(given["data_schema"])
        configuration = _from_settings(schema, settings)
    elif way == "configuration":
        configuration, schema = _from_configuration(given["configuration"])
    return ResolvedConfiguration(
        configuration=configuration,
        configuration_id=given.get("configuration_id"),
        webhook_configurations=tuple(
            _model(WebhookConfiguration, item, "webhook_configurations")
            for item in given.get("webhook_configurations", ())
        ),
        schema=schema,
        scope=[(name, given[name]) for name in ("project_id", "organization_id") if name in given],
        validate_schema=bool(given.get("validate_schema")),
    )


def _chosen(given: Mapping[str, Any]) -> str:
    ways = [name for name in WAYS if name in given]
    if len(ways) == 1:
        return ways[0]
    said = f"{' and '.join(ways)} are given together" if ways else "nothing says what to extract"
    raise ConfigurationError(
        said,
        where=ways[-1] if ways else "data_schema",
        hint="Give exactly one of data_schema, configuration and configuration_id",
    )


def _from_settings(schema: NormalizedSchema, given: Mapping[str, Any]) -> ExtractConfiguration:
    settings = {**_DEFAULTS, **given}
    if settings["extraction_target"] not in _TARGETS:
        raise ConfigurationError(
            "extraction_target is none of " + ", ".join(_TARGETS),
            where="extraction_target",
            hint="per_doc is the default",
        )
    if "target_pages" in settings:
        settings["target_pages"], count = _pages(settings["target_pages"])
        if count > limit("max_confidence_pages") and "confidence_scores" not in given:
            settings["confidence_scores"] = False
    return _model(ExtractConfiguration, {"data_schema": schema.json_schema, **settings}, "configuration")


def _pages(pages: Pages) -> tuple[str, int]:
    """`target_pages` as the wire writes it, and how many pages that is."""
    if isinstance(pages, str):
        return pages, len(parse_pages(pages))
    text = str(pages) if isinstance(pages, int) else format_pages(pages)
    return text, len(parse_pages(text))


def _from_configuration(given: Any) -> tuple[ExtractConfiguration, NormalizedSchema]:
    values = given.to_dict() if isinstance(given, ExtractConfiguration) else dict(given)
    if values.get("data_schema") is None:
        raise ConfigurationError(
            "configuration has no data_schema",
            where="configuration",
            hint="Put the JSON Schema under its key data_schema",
        )
    schema = normalize_schema(values["data_schema"])
    if values.get("target_pages") is not None:
        values["target_pages"], _ = _pages(values["target_pages"])
    return _model(
        ExtractConfiguration, {**values, "data_schema": schema.json_schema}, "configuration"
    ), schema


def _model(model: type[M], value: Any, where: str) -> M:
    if isinstance(value, model):
        return value
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise ConfigurationError(
            f"a value cannot be used: {'; '.join(problems(error))}", where=where, hint="Correct what is named"
        ) from None
