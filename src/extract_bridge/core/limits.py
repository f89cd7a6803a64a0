"""The one table of limits: default, the environment name that changes it, and what it protects.

The README's table is made from `LIMITS`. Values are read when they are used, so that a test or a process may change them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from extract_bridge.core.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit.

    Attributes:
        name: What code asks for.
        default: The value unless the environment says otherwise.
        unit: What is counted.
        meaning: What happens beyond it.
    """

    name: str
    default: int
    unit: str
    meaning: str

    @property
    def environment(self) -> str:
        """The environment variable that changes this limit."""
        return f"EXTRACT_BRIDGE_{self.name.upper()}"


LIMITS: dict[str, Limit] = {
    item.name: item
    for item in (
        Limit(
            "max_upload_bytes",
            100 * 1024 * 1024,
            "bytes",
            "a larger document is refused before it is sent (the cloud's own limit)",
        ),
        Limit(
            "max_answer_bytes",
            512 * 1024 * 1024,
            "bytes",
            "a longer answer of the service, decompressed, is an APIError",
        ),
        Limit("max_target_pages", 10_000, "pages", "a longer target_pages is a PageRangeError"),
        Limit("max_document_pages", 10_000, "pages", "the local engine refuses a document with more pages"),
        Limit(
            "max_confidence_pages",
            100,
            "pages",
            "above it confidence is not requested (the cloud's own limit)",
        ),
        Limit("max_body_bytes", 2 * 1024 * 1024, "bytes", "the local service refuses a larger JSON body"),
        Limit("max_open_jobs", 10_000, "jobs", "the local service answers 429 while so many wait or run"),
        Limit(
            "min_free_bytes",
            256 * 1024 * 1024,
            "bytes",
            "the local service answers 503 while its disk has less room",
        ),
        Limit(
            "max_source_url_seconds",
            30,
            "seconds",
            "the local service gives up a source_url that takes longer, redirects included",
        ),
        Limit("max_schema_properties", 5_000, "properties", "a larger data_schema is a SchemaError"),
        Limit("max_schema_depth", 7, "levels", "a deeper data_schema is a SchemaError"),
        Limit(
            "max_schema_characters",
            120_000,
            "characters",
            "longer names, descriptions and enum values are a SchemaError",
        ),
        Limit("max_schema_bytes", 150_000, "characters", "a longer raw data_schema is a SchemaError"),
        Limit(
            "max_worker_seconds", 300, "seconds", "a document that takes the local engine longer ends FAILED"
        ),
        Limit("max_worker_bytes", 4 * 1024**3, "bytes of memory", "a document that needs more ends FAILED"),
        Limit(
            "max_expanded_bytes",
            256 * 1024 * 1024,
            "bytes",
            "an office file or a stream of a PDF that unpacks to more is refused unopened",
        ),
        Limit("max_expanded_ratio", 300, "times", "the same, where it unpacks to so many times its size"),
        Limit("max_archive_entries", 20_000, "entries", "an office file that holds more is refused unopened"),
        Limit(
            "max_sheet_cells",
            5_000_000,
            "cells",
            "a sheet or table that spans more, empty ones counted, is refused",
        ),
        Limit("max_image_pixels", 50_000_000, "pixels", "a larger picture is refused before it is decoded"),
        Limit("max_llm_seconds", 120, "seconds", "the local engine goes on without a model's later reply"),
        Limit("max_llm_questions", 40, "questions", "the local engine asks a model no more for one document"),
        Limit("file_hours", 48, "hours", "the local service deletes an uploaded file after it"),
        Limit("job_days", 30, "days", "the local service deletes a final job after it"),
    )
}


def limit(name: str) -> int:
    """The value in force of one limit.

    Raises:
        ConfigurationError: its environment variable is no positive whole number.
    """
    item = LIMITS[name]
    text = os.environ.get(item.environment, "").strip()
    if not text:
        return item.default
    if not text.isdecimal() or int(text) < 1:
        raise ConfigurationError(
            f"{item.environment} is no positive whole number",
            hint=f"Unset it, or give {item.unit} as digits (default {item.default})",
        )
    return int(text)
