"""What may be asked of the parse routes."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from extract_bridge.local.service.bodies import InputId, PageText
from extract_bridge.local.service.plain import Body
from extract_bridge.local.service.webhooks import InlineWebhook

ParseTier = Literal["fast", "cost_effective", "agentic", "agentic_plus"]
_KNOWN = frozenset({"disable_cache", "webhook_configurations", "webhook_configuration_ids", "product_type"})


class PageRanges(BaseModel):
    """Which pages are read; `target_pages` goes before `max_pages`."""

    target_pages: PageText | None = None
    max_pages: int | None = Field(default=None, ge=1)


class ParseOptions(Body):
    """How a document is read; also the parameters of a saved parse configuration."""

    model_config = ConfigDict(extra="allow")

    tier: ParseTier | None = None
    version: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    page_ranges: PageRanges | None = None

    def without_effect(self) -> list[str]:
        """The names of options that were given and that the local reader does not know."""
        extra: dict[str, Any] = self.model_extra or {}
        return sorted(name for name, value in extra.items() if name not in _KNOWN and value)


class ParseBody(ParseOptions):
    """The body of POST /api/v2/parse."""

    file_id: InputId | None = None
    source_url: str | None = Field(default=None, max_length=4000)
    configuration_id: str | None = Field(default=None, max_length=200)
    user_metadata: dict[str, str] | None = None
    webhook_configurations: list[InlineWebhook] | None = Field(default=None, max_length=20)
    webhook_configuration_ids: list[str] | None = Field(default=None, max_length=20)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.file_id is None) == (self.source_url is None):
            raise ValueError("give exactly one of file_id and source_url")
        if self.configuration_id is None and (self.tier is None or self.version is None):
            raise ValueError("tier and version are required without configuration_id")
        return self
