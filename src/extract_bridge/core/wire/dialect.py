"""Two dialects of one wire: the newer names are sent; the older ones are understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extract_bridge.core.wire.configuration import ExtractConfiguration, ExtractCreate


def configuration_body(configuration: ExtractConfiguration, *, lang: bool) -> dict[str, Any]:
    """A configuration as the newer dialect sends it: `version` for `extract_version`.

    Args:
        configuration: What to send; keys that nobody set are left out.
        lang: Whether the service still knows `lang`.
    """
    body = configuration.to_dict()
    older = body.pop("extract_version", None)
    if older is not None and body.get("version") is None:
        body["version"] = older
    if not lang:
        body.pop("lang", None)
    return body


def create_body(create: ExtractCreate, *, lang: bool) -> dict[str, Any]:
    """The body of a create call in the newer dialect: `file_input`, and `version` in the configuration."""
    body = create.to_dict()
    body.pop("document_input_value", None)
    body["file_input"] = create.file_input
    if create.configuration is not None:
        body["configuration"] = configuration_body(create.configuration, lang=lang)
    return body
