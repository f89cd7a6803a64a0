"""The keywords of `ExtractOptions` by type, for those that hold one instead of being one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.client.flows.keywords import ConfigurationKeywords

if TYPE_CHECKING:
    from extract_bridge.client.local_service import LocalService


class OptionKeywords(ConfigurationKeywords, total=False):
    """What `ExtractOptions` takes: what to extract, how, and by which service."""

    output_cls: Any
    client: Any
    local: bool | LocalService | None
    api_key: str | None
    base_url: str | None
