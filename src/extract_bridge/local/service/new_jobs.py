"""From the body of a create to the job that is stored: inputs found, saved configurations resolved, defaults filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException
from pydantic import ValidationError

from extract_bridge.core.pricing import parse_tier_of
from extract_bridge.local.service.bodies import ConfigurationBody
from extract_bridge.local.service.clock import now_text
from extract_bridge.local.service.ids import EXTRACT_JOB, PARSE_JOB, new_id
from extract_bridge.local.service.problems import inputs_invalid, not_found
from extract_bridge.local.service.schema_check import check_schema
from extract_bridge.local.service.store import StoredJob

if TYPE_CHECKING:
    from extract_bridge.local.service.bodies import CreateBody
    from extract_bridge.local.service.configurations_store import SavedConfiguration
    from extract_bridge.local.service.scope import Scope
    from extract_bridge.local.service.store import StoredFile

_NO_EFFECT = {
    "spreadsheet_mode": "spreadsheet_mode was not followed: the local engine reads sheets as pages",
    "sheet_names": "sheet_names was not followed: name the sheets' pages in target_pages",
}


@dataclass(frozen=True, slots=True)
class _Input:
    """What is extracted from, and for a parse job the tier it was read with."""

    project_id: str
    parse_job: StoredJob | None = None


def new_job(body: CreateBody, scope: Scope) -> StoredJob:
    """The job that a create asks for, not stored yet.

    Args:
        body: What was sent.
        scope: The project it was sent to.

    Raises:
        HTTPException: 400, 403 or 404: its input, schema or saved configuration cannot be used.
    """
    configuration, saved = _configuration(body, scope)
    check_schema(configuration.data_schema)
    source = _input(body.input_id, scope)
    warnings = [text for name, text in _NO_EFFECT.items() if getattr(configuration, name)]
    if configuration.system_prompt and scope.service.dispatcher.llm_mode == "rules":
        warnings.append("system_prompt was not followed: the local engine works by rules")
    effective = _with_parse_configuration(configuration.effective(), configuration, scope)
    parse_job_id = None if effective["tier"] == "turbo" else new_id(PARSE_JOB)
    if source.parse_job is not None:
        parse_job_id = source.parse_job.id
        effective["parse_tier"] = parse_tier_of(effective["tier"], source.parse_job.configuration["tier"])
        if configuration.parse_tier or configuration.parse_config_id:
            warnings.append(
                "parse_tier and parse_config_id had no effect: the parse job had read the document already"
            )
    now = now_text()
    extra: dict[str, Any] = {
        "parse_job_id": parse_job_id,
        "parse_tier": effective["parse_tier"],
        "warnings": warnings,
    }
    if saved is not None:
        extra["configuration_version"] = saved.version
    return StoredJob(
        id=new_id(EXTRACT_JOB),
        project_id=source.project_id,
        file_input=body.input_id,
        configuration=effective,
        configuration_id=saved.id if saved else None,
        created_at=now,
        updated_at=now,
        extra=extra,
    )


def usable_file(file_id: str, scope: Scope) -> StoredFile:
    """A file that something new may be made from.

    Args:
        file_id: Its id.
        scope: The project of what is made.

    Raises:
        HTTPException: 400 unknown, 403 of another project, 404 no longer kept.
    """
    file = scope.service.store.get_file(file_id)
    if file is None:
        raise inputs_invalid(f"no file or completed parse job has the id {file_id}")
    scope.allow(file.project_id, "The file")
    if is_over(file):
        raise HTTPException(404, "The file is no longer kept: upload it again")
    return file


def is_over(file: StoredFile) -> bool:
    """The file's time is over."""
    return file.expires_at is not None and file.expires_at <= now_text()


def saved_configuration(configuration_id: str, product_type: str, scope: Scope) -> SavedConfiguration:
    """A saved configuration of a product.

    Args:
        configuration_id: Its id.
        product_type: What it must be for.
        scope: The project of what is made with it.

    Raises:
        HTTPException: 404 unknown, 403 of another project, 400 for another product.
    """
    saved = scope.service.configurations.get(configuration_id)
    if saved is None:
        raise not_found("Configuration")
    scope.allow(saved.project_id, "The configuration")
    if saved.product_type != product_type:
        raise inputs_invalid(
            f"the configuration {configuration_id} is for {saved.product_type}, not for {product_type}"
        )
    return saved


def _configuration(body: CreateBody, scope: Scope) -> tuple[ConfigurationBody, SavedConfiguration | None]:
    if body.configuration is not None:
        return body.configuration, None
    saved = saved_configuration(body.configuration_id or "", "extract_v2", scope)
    try:
        return ConfigurationBody.model_validate(saved.parameters), saved
    except ValidationError as error:  # saved by an earlier version, which took more
        said = "; ".join(problem["msg"] for problem in error.errors(include_input=False, include_url=False))
        raise inputs_invalid(f"the configuration {saved.id} can no longer be used: {said}") from None


def _input(input_id: str, scope: Scope) -> _Input:
    if not input_id.startswith(PARSE_JOB):
        return _Input(usable_file(input_id, scope).project_id)
    job = scope.service.store.get_job(input_id)
    if job is None:
        raise inputs_invalid(f"no file or completed parse job has the id {input_id}")
    scope.allow(job.project_id, "The parse job")
    if job.status != "COMPLETED":
        raise inputs_invalid(f"the parse job {input_id} is {job.status}, not COMPLETED")
    return _Input(job.project_id, job)


def _with_parse_configuration(
    effective: dict[str, Any], configuration: ConfigurationBody, scope: Scope
) -> dict[str, Any]:
    """What a saved parse configuration decides, where the extract configuration does not: tier and pages."""
    if configuration.parse_config_id is None:
        return effective
    parameters = saved_configuration(configuration.parse_config_id, "parse_v2", scope).parameters
    ranges = parameters.get("page_ranges") or {}
    if configuration.parse_tier is None:
        effective["parse_tier"] = parse_tier_of(effective["tier"], parameters.get("tier"))
    if configuration.target_pages is None and configuration.max_pages is None:
        effective["target_pages"] = ranges.get("target_pages")
        effective["max_pages"] = None if ranges.get("target_pages") else ranges.get("max_pages")
    return effective
