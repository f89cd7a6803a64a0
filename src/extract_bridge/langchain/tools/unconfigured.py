"""Tools for which nothing says what to extract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.langchain.tools.base import AgentTool

if TYPE_CHECKING:
    from extract_bridge.core.schema.normalize import NormalizedSchema

_SCOPE = ("project_id", "organization_id")


class WithoutSchema(AgentTool):
    """A tool for which nothing says what to extract: of the configuration keywords it takes the scope alone."""

    def __init__(self, **keywords: Any) -> None:
        from extract_bridge.client.flows.keywords import ConfigurationKeywords  # noqa: PLC0415 - a class costs little until it is used

        for name in ConfigurationKeywords.__annotations__:
            if keywords.get(name) is not None and name not in _SCOPE:
                raise ConfigurationError(
                    f"{type(self).__name__} extracts nothing, so it takes no {name}",
                    where=name,
                    hint="Leave it out",
                )
        super().__init__(**keywords)

    def normalized_schema(self) -> NormalizedSchema | None:
        """None: nothing is extracted here."""
        return None
