"""What may be asked of the extract routes. Null is the same as absent, everywhere; unknown keys are kept."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from extract_bridge.core.errors import PageRangeError
from extract_bridge.core.page_ranges import parse_pages
from extract_bridge.core.pricing import parse_tier_of
from extract_bridge.core.wire.configuration import ONE_TARGET_TIERS
from extract_bridge.local.engine.version import ENGINE_VERSION
from extract_bridge.local.service.plain import Body
from extract_bridge.local.service.webhooks import InlineWebhook

Status = Literal["PENDING", "THROTTLED", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"]
ParseStatus = Literal["PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"]
InputId = Annotated[str, Field(min_length=1, max_length=200)]


def _pages(text: str) -> str:
    try:
        parse_pages(text)
    except PageRangeError as error:
        raise ValueError(str(error)) from None
    return text


PageText = Annotated[str, AfterValidator(_pages)]


class ConfigurationBody(BaseModel):
    """The `configuration` of a job."""

    model_config = ConfigDict(extra="allow")

    data_schema: dict[str, Any]
    tier: Literal["cost_effective", "agentic", "agentic_plus", "turbo"] | None = None
    version: str | None = Field(default=None, max_length=100)
    extract_version: str | None = Field(default=None, max_length=100)
    extraction_target: Literal["per_doc", "per_page", "per_table_row"] | None = None
    cite_sources: bool | None = None
    confidence_scores: bool | None = None
    parse_tier: Literal["fast", "cost_effective", "agentic", "agentic_plus"] | None = None
    parse_config_id: str | None = None
    system_prompt: str | None = None
    target_pages: PageText | None = None
    max_pages: int | None = Field(default=None, ge=1)
    lang: str | None = Field(default=None, max_length=35)
    advanced_citations: bool | None = None
    disable_cache: bool | None = None
    spreadsheet_mode: bool | None = None
    sheet_names: list[str] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.tier == "turbo" and (self.parse_tier or self.parse_config_id):
            raise ValueError("the turbo tier takes no parse_tier and no parse_config_id")
        if self.tier in ONE_TARGET_TIERS and self.extraction_target not in {None, "per_doc"}:
            raise ValueError(
                f"the {self.tier} tier has no extraction_target {self.extraction_target}, only per_doc"
            )
        if self.version and self.extract_version and self.version != self.extract_version:
            raise ValueError("version and extract_version are one setting and differ")
        return self

    def effective(self) -> dict[str, Any]:
        """The configuration as the job runs with it and echoes it: every default filled in, the version concrete."""
        tier = self.tier or "agentic"
        return {
            **self.model_dump(exclude={"product_type"}),
            "tier": tier,
            "version": ENGINE_VERSION,
            "extract_version": ENGINE_VERSION,
            "extraction_target": self.extraction_target or "per_doc",
            "cite_sources": bool(self.cite_sources),
            "confidence_scores": bool(self.confidence_scores),
            "parse_tier": parse_tier_of(tier, self.parse_tier),
        }


class CreateBody(Body):
    """The body of POST /api/v2/extract."""

    model_config = ConfigDict(extra="allow")

    file_input: InputId | None = None
    document_input_value: InputId | None = None
    configuration: ConfigurationBody | None = None
    configuration_id: str | None = Field(default=None, max_length=200)
    webhook_configurations: list[InlineWebhook] | None = Field(default=None, max_length=20)
    webhook_configuration_ids: list[str] | None = Field(default=None, max_length=20)

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if self.file_input is None and self.document_input_value is None:
            raise ValueError("file_input is required")
        if None not in {self.file_input, self.document_input_value} and (
            self.file_input != self.document_input_value
        ):
            raise ValueError("file_input and document_input_value are one parameter and differ")
        if (self.configuration is None) == (self.configuration_id is None):
            raise ValueError("give exactly one of configuration and configuration_id")
        return self

    @property
    def input_id(self) -> str:
        """The file id or parse job id."""
        return self.file_input or self.document_input_value or ""


class ListQuery(BaseModel):
    """The query of GET /api/v2/extract."""

    status: Status | None = None
    configuration_id: str | None = None
    file_input: str | None = None
    document_input_value: str | None = None
    document_input_type: Literal["file_id", "parse_job_id"] | None = None
    job_ids: list[str] = Field(default_factory=list, max_length=1000)
    created_at_on_or_after: datetime | None = None
    created_at_on_or_before: datetime | None = None
    expand: list[str] = Field(default_factory=list, max_length=20)
    page_size: int = Field(default=50, ge=1, le=1000)
    page_token: str | None = None
    project_id: str | None = Field(default=None, max_length=200)
    organization_id: str | None = Field(default=None, max_length=200)
