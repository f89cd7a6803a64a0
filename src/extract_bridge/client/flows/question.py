"""What a ledger knows a document's extraction by: equal questions have equal keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.client.flows.saved import get_configuration
from extract_bridge.client.keeping import Question
from extract_bridge.core.identity import canonical_json, sha256_hex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract_bridge.client.effects import Flow
    from extract_bridge.client.flows.keywords import ResolvedConfiguration
    from extract_bridge.client.flows.request import Api
    from extract_bridge.core.wire.jobs import JobOrigin

_FRESH_SECONDS = 60.0  # so long a saved configuration counts as unchanged
_LATEST = "latest"


def effective(api: Api, resolved: ResolvedConfiguration) -> Flow[dict[str, Any]]:
    """What decides the result: the configuration as it is sent, or a saved one's content with its version.

    Raises:
        APIError: the saved configuration cannot be read.
    """
    if resolved.configuration is not None:
        return _canonical(resolved.configuration.to_dict())
    config_id = resolved.configuration_id or ""
    read, content = api.memory.saved.get(config_id, (float("-inf"), {}))
    if api.clock.monotonic() - read > _FRESH_SECONDS:
        saved = yield from get_configuration(api, config_id)
        content = {**_canonical(saved.parameters or {}), "saved_version": saved.version}
        api.memory.saved[config_id] = (api.clock.monotonic(), content)
    return content


def question(
    api: Api, resolved: ResolvedConfiguration, configuration: Mapping[str, Any], origin: JobOrigin
) -> Question:
    """The question that a ledger is asked. What does not change the result (webhooks, the document's name) is not in its key."""
    scope = canonical_json(dict(api.scope)) if api.scope else None
    document = f"id:{origin.source}" if origin.file_sha256 is None else f"sha256:{origin.file_sha256}"
    known = [document, configuration, api.address or api.service, scope]
    return Question(
        key=sha256_hex(canonical_json(known)),
        origin=origin,
        address=api.address or api.service,
        project=scope,
        configuration=configuration,
        configuration_id=resolved.configuration_id,
        schema_name=resolved.schema.name if resolved.schema else None,
        floating=configuration.get("version") == _LATEST,
        bypass=bool(configuration.get("disable_cache")),
    )


def _canonical(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """One spelling for what means the same: no nulls, one name of the version, and no product, which every extract configuration has."""
    said = {name: value for name, value in configuration.items() if value is not None}
    said.pop("product_type", None)
    said.pop("webhook_configurations", None)
    older = said.pop("extract_version", None)
    said["version"] = said.get("version") or older or _LATEST
    return said
