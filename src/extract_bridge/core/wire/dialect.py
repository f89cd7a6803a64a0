"""Two dialects of one wire: the newer names are sent unless a service only takes the older ones; both are understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extract_bridge.core.wire.configuration import ExtractConfiguration, ExtractCreate

WIRES = ("auto", "2.0", "current")
"""`2.0` says `document_input_value` and `extract_version`; `current` says `file_input` and `version`; `auto` finds out."""


def configuration_body(
    configuration: ExtractConfiguration, *, lang: bool, older: bool = False
) -> dict[str, Any]:
    """A configuration as one dialect sends it.

    Args:
        configuration: What to send; keys that nobody set are left out.
        lang: Whether the service still knows `lang`; the older dialect always does.
        older: `extract_version` for `version`.
    """
    body = configuration.to_dict()
    named = [body.pop(name, None) for name in ("version", "extract_version")]
    version = next((value for value in named if value is not None), None)
    if version is not None:
        body["extract_version" if older else "version"] = version
    if not lang and not older:
        body.pop("lang", None)
    return body


def create_body(create: ExtractCreate, *, lang: bool, older: bool = False) -> dict[str, Any]:
    """The body of a create call: `file_input` and `version`, or in the older dialect their older names."""
    body = create.to_dict()
    for name in ("file_input", "document_input_value"):
        body.pop(name, None)
    body["document_input_value" if older else "file_input"] = create.file_input
    if create.configuration is not None:
        body["configuration"] = configuration_body(create.configuration, lang=lang, older=older)
    return body
