"""Saved configurations, schema generation and parse jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from extract_bridge.client.effects import Call, Flow, Query
from extract_bridge.client.flows.jobs import PATH as EXTRACT
from extract_bridge.client.flows.jobs import page_of, page_query
from extract_bridge.client.flows.request import Api, ask, request, segment
from extract_bridge.core.wire.saved import (
    EXTRACT_PRODUCT,
    GeneratedConfiguration,
    ParseJob,
    ParseResult,
    SavedConfiguration,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONFIGURATIONS = "/api/v1/beta/configurations"
PARSE = "/api/v2/parse"


class ConfigurationFilters(TypedDict, total=False):
    """What a list of saved configurations may be narrowed by; None is the same as not given."""

    name: str | None
    latest_only: bool | None
    product_type: Sequence[str] | None
    page_size: int | None
    project_id: str | None
    organization_id: str | None


@dataclass(frozen=True, slots=True)
class ConfigurationPage:
    """One page of saved configurations.

    Attributes:
        items: The configurations.
        next_page_token: Asks for the next page; None at the end.
        total_size: Of the whole list, where the service says so.
    """

    items: list[SavedConfiguration]
    next_page_token: str | None
    total_size: int | None = None


def create_configuration(api: Api, name: str, parameters: Mapping[str, Any]) -> Flow[SavedConfiguration]:
    """Keep a configuration. Not sent again where the answer was lost: it would be kept twice."""
    body = {"name": name, "parameters": {"product_type": EXTRACT_PRODUCT, **parameters}}
    call = Call("POST", CONFIGURATIONS, api.scope, body)
    return SavedConfiguration.read((yield from ask(api, call, safe=False)))


def get_configuration(api: Api, config_id: str) -> Flow[SavedConfiguration]:
    """Read a saved configuration."""
    return SavedConfiguration.read((yield from ask(api, Call("GET", _path(config_id), api.scope))))


def update_configuration(
    api: Api, config_id: str, *, name: str | None, parameters: Mapping[str, Any] | None
) -> Flow[SavedConfiguration]:
    """Change name or parameters, or both."""
    body: dict[str, Any] = {} if name is None else {"name": name}
    if parameters is not None:
        body["parameters"] = {"product_type": EXTRACT_PRODUCT, **parameters}
    return SavedConfiguration.read((yield from ask(api, Call("PUT", _path(config_id), api.scope, body))))


def delete_configuration(api: Api, config_id: str) -> Flow[None]:
    """Forget a saved configuration."""
    yield from request(api, Call("DELETE", _path(config_id), api.scope))


def configuration_page(api: Api, query: Query, page_token: str | None = None) -> Flow[ConfigurationPage]:
    """One page of saved configurations."""
    call = Call("GET", CONFIGURATIONS, page_query(api, query, page_token))
    items, token, total = page_of((yield from ask(api, call)))
    return ConfigurationPage([SavedConfiguration.read(item) for item in items], token, total)


def generate_schema(api: Api, wanted: Mapping[str, Any]) -> Flow[GeneratedConfiguration]:
    """Let the service propose a schema."""
    body = {name: value for name, value in wanted.items() if value is not None}
    call = Call("POST", f"{EXTRACT}/schema/generate", api.scope, body)
    return GeneratedConfiguration.read((yield from ask(api, call)))


def create_parse(api: Api, body: Mapping[str, Any]) -> Flow[ParseJob]:
    """Create a parse job. Not sent again where the answer was lost: it would be paid twice."""
    return ParseJob.read((yield from ask(api, Call("POST", PARSE, api.scope, dict(body)), safe=False)))


def get_parse(api: Api, job_id: str, expand: Sequence[str]) -> Flow[ParseResult]:
    """Read a parse job and what `expand` names."""
    query = [*(("expand", name) for name in expand), *api.scope]
    call = Call("GET", f"{PARSE}/{segment(job_id)}", query, spool=bool(expand))
    return ParseResult.read((yield from ask(api, call)))


def cancel_parse(api: Api, job_id: str) -> Flow[ParseJob]:
    """Cancel a parse job that is not final yet."""
    headers = {"Content-Type": "application/json"}
    call = Call("POST", f"{PARSE}/{segment(job_id)}/cancel", api.scope, headers=headers)
    return ParseJob.read((yield from ask(api, call)))


def _path(config_id: str) -> str:
    return f"{CONFIGURATIONS}/{segment(config_id)}"
