"""What an extract job is asked to do: the words of both dialects of the create call."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from extract_bridge.core.wire.model import WireModel

Number = int | float

ONE_TARGET_TIERS = frozenset({"agentic_plus", "turbo"})
"""Tiers that only extract `per_doc`: the official SDK's texts give the other targets to `cost_effective` and `agentic` alone."""


class ExtractConfiguration(WireModel):
    """Schema and settings of an extract job, as they are sent and as a job echoes them.

    Attributes:
        data_schema: JSON Schema of the result; its root is an object.
        tier: `cost_effective`, `agentic`, `agentic_plus`, `turbo`, or a later one.
        version: `latest`, a name such as `2.5`, or a date; a job echoes the one that was used.
        extract_version: Older name of `version`.
        extraction_target: `per_doc`, `per_page` or `per_table_row`.
        cite_sources: Ask for a citation of each value.
        confidence_scores: Ask for a confidence (0..1) of each value; documents of at most 100 pages on the cloud.
        advanced_citations: Closer boxes, slower.
        parse_tier: How the document is read first; follows `tier`.
        parse_config_id: A saved parse configuration, `cfg-…`.
        system_prompt: Guidance in words.
        target_pages: Pages to process, 1-based, such as `1,3,5-7`.
        max_pages: Process at most that many pages.
        disable_cache: Neither reuse nor store results on the service.
        spreadsheet_mode: Read cells straight from a workbook (agentic_plus only; without evidence).
        sheet_names: Worksheets to read in spreadsheet mode.
        lang: Language of the document; only in the older dialect and on the local service.
    """

    data_schema: dict[str, Any] | None = None
    tier: str | None = None
    version: str | None = None
    extract_version: str | None = None
    extraction_target: str | None = None
    cite_sources: bool | None = None
    confidence_scores: bool | None = None
    advanced_citations: bool | None = None
    parse_tier: str | None = None
    parse_config_id: str | None = None
    system_prompt: str | None = None
    target_pages: str | None = None
    max_pages: int | None = Field(default=None, ge=1)
    disable_cache: bool | None = None
    spreadsheet_mode: bool | None = None
    sheet_names: list[str] | None = None
    lang: str | None = None

    @model_validator(mode="after")
    def _one_version(self) -> Self:
        same_or_one(self, "version", "extract_version")
        return self


class WebhookConfiguration(WireModel):
    """Where the service tells about a job.

    Attributes:
        webhook_url: An https address.
        webhook_events: Names such as `extract.success`; None is all of them.
        webhook_headers: Sent with each event; may hold secrets, so never shown.
        webhook_output_format: `string` (default) or `json`.
        webhook_signing_secret: Signs each event (`LC-Signature`); never shown.
    """

    webhook_url: str | None = None
    webhook_events: list[str] | None = None
    webhook_headers: dict[str, str] | None = Field(default=None, repr=False)
    webhook_output_format: str | None = None
    webhook_signing_secret: str | None = Field(default=None, repr=False)


class ExtractCreate(WireModel):
    """The body that creates an extract job.

    Attributes:
        file_input: A file id, or the id of a finished parse job (`pjb-…`).
        document_input_value: Older name of `file_input`.
        configuration: Settings and schema; this or `configuration_id`.
        configuration_id: A saved configuration, `cfg-…`.
        webhook_configurations: Endpoints that are told about this job.
        webhook_configuration_ids: Saved endpoints, `whc-…`.
    """

    file_input: str | None = Field(default=None, max_length=200)
    document_input_value: str | None = Field(default=None, max_length=200)
    configuration: ExtractConfiguration | None = None
    configuration_id: str | None = None
    webhook_configurations: list[WebhookConfiguration] | None = None
    webhook_configuration_ids: list[str] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        same_or_one(self, "file_input", "document_input_value")
        if not self.file_input:
            raise ValueError("file_input is missing")
        if (self.configuration is None) == (self.configuration_id is None):
            raise ValueError("give exactly one of configuration and configuration_id")
        return self


def same_or_one(model: WireModel, name: str, older: str) -> None:
    """Fill `name` from its `older` spelling; what was set, and so what is dumped by `to_dict`, stays as it was given.

    Raises:
        ValueError: both are given and differ.
    """
    new, old = getattr(model, name), getattr(model, older)
    if new is not None and old is not None and new != old:
        raise ValueError(f"{name} and its older name {older} differ; give one of them")
    if new is None and old is not None:
        model.__dict__[name] = old
