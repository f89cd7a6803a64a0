"""A file that was uploaded."""

from __future__ import annotations

from pydantic import Field

from extract_bridge.core.wire.model import WireModel


class File(WireModel):
    """A stored file.

    Attributes:
        id: What `file_input` takes.
        name: As it was uploaded.
        external_file_id: The uploader's own id.
        file_type: Its suffix without the dot.
        purpose: What it was uploaded for: `extract`, `parse`, ….
        project_id: The project that it belongs to.
        last_modified_at: RFC 3339.
        expires_at: When the service forgets it, RFC 3339.
        download_url: Signed, so never shown.
    """

    id: str
    name: str | None = None
    external_file_id: str | None = None
    file_type: str | None = None
    purpose: str | None = None
    project_id: str | None = None
    last_modified_at: str | None = None
    expires_at: str | None = None
    download_url: str | None = Field(default=None, repr=False)
