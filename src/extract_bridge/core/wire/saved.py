"""What the service keeps besides jobs: saved configurations, generated schemas, links to files, and parse jobs."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from extract_bridge.core.wire.jobs import FINAL
from extract_bridge.core.wire.model import WireModel

EXTRACT_PRODUCT = "extract_v2"


class SavedConfiguration(WireModel):
    """A configuration that the service keeps.

    Attributes:
        id: What `configuration_id` takes, `cfg-…`.
        name: For people.
        product_type: `extract_v2` for extraction, `parse_v2` for parsing, ….
        parameters: The settings; those of an extraction hold `data_schema`.
        version: Changes with the parameters.
        created_at: RFC 3339.
        updated_at: RFC 3339.
    """

    id: str
    name: str | None = None
    product_type: str | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    version: str | None = None
    created_at: str | None = None
    updated_at: str | None = None


class GeneratedConfiguration(WireModel):
    """A configuration that the service proposes; nothing is kept until it is created.

    Attributes:
        name: Proposed.
        parameters: The settings, `data_schema` among them.
    """

    name: str | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)

    @property
    def data_schema(self) -> dict[str, Any]:
        """The proposed JSON Schema; empty if there is none."""
        schema = self.parameters.get("data_schema")
        return schema if isinstance(schema, dict) else {}


class FileLink(WireModel):
    """Where a file's bytes can be fetched for a while.

    Attributes:
        url: Signed, so never shown.
        expires_at: RFC 3339.
        form_fields: What an upload there would need.
    """

    url: str = Field(repr=False)
    expires_at: str | None = None
    form_fields: dict[str, str] | None = Field(default=None, repr=False)


class ParseJob(WireModel):
    """A parse job; finished, its id is a `file_input`.

    Attributes:
        id: `pjb-…`.
        status: PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; others count as not final.
        project_id: The project that it belongs to.
        error_message: Why it FAILED.
        tier: How the document is read.
        created_at: RFC 3339.
        updated_at: RFC 3339.
    """

    id: str
    status: str
    project_id: str | None = None
    error_message: str | None = None
    tier: str | None = None
    created_at: str | None = None
    updated_at: str | None = None

    @property
    def is_final(self) -> bool:
        """Whether the job ended."""
        return self.status in FINAL

    def __repr__(self) -> str:
        return f"ParseJob(id={self.id!r}, status={self.status!r})"

    __str__ = __repr__


class ParseResult(WireModel):
    """A parse job and what `expand` asked for, as the service tells it; pages are 1-based.

    Attributes:
        job: The job.
        text: Text by page.
        markdown: Markdown by page.
        items: Headings, tables and the like by page.
        metadata: Facts by page.
    """

    job: ParseJob
    text: Any = Field(default=None, repr=False)
    markdown: Any = Field(default=None, repr=False)
    items: Any = Field(default=None, repr=False)
    metadata: Any = Field(default=None, repr=False)
