"""Uploaded files."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, TypedDict

from extract_bridge.client.effects import Call, Flow, Query
from extract_bridge.client.flows.jobs import page_of, page_query
from extract_bridge.client.flows.request import Api, ask, request, segment
from extract_bridge.core.wire.files import File
from extract_bridge.core.wire.saved import FileLink

if TYPE_CHECKING:
    from collections.abc import Sequence

PATH = "/api/v1/beta/files"
_TYPES = {  # those that a bare machine's own table lacks or names differently from place to place
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".htm": "text/html",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class FileFilters(TypedDict, total=False):
    """What a list of files may be narrowed by; None is the same as not given."""

    file_ids: Sequence[str] | None
    file_name: str | None
    external_file_id: str | None
    order_by: str | None
    page_size: int | None
    project_id: str | None
    organization_id: str | None


@dataclass(frozen=True, slots=True)
class FilePage:
    """One page of a list of files.

    Attributes:
        items: The files.
        next_page_token: Asks for the next page; None at the end.
        total_size: Of the whole list, where the service says so.
    """

    items: list[File]
    next_page_token: str | None
    total_size: int | None = None


def mime_type(name: str) -> str:
    """The media type that a file name's suffix stands for."""
    suffix = PurePath(name).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(f"a{suffix}")[0] or "application/octet-stream"


def create(
    api: Api, name: str, content: bytes, *, purpose: str = "extract", external_file_id: str | None = None
) -> Flow[File]:
    """Upload. Sent again where the answer was lost: a file that is stored twice costs nothing."""
    fields = {"purpose": purpose, "external_file_id": external_file_id or api.new_id()}
    part = (name, content, mime_type(name))
    call = Call("POST", PATH, api.scope, parts=lambda: {**fields, "file": part})
    return File.read((yield from ask(api, call)))


def create_own(
    api: Api, name: str, content: bytes, *, attempt_id: str | None = None
) -> Flow[tuple[File, bool]]:
    """Upload for one attempt; the file, and whether it is that attempt's alone.

    It is not where the service gives back a file that it already had, or does not say whose it is.
    """
    attempt_id = attempt_id or api.new_id()
    file = yield from create(api, name, content, external_file_id=attempt_id)
    own = file.external_file_id == attempt_id and file.id not in api.memory.files
    api.memory.files.add(file.id)
    return file, own


def get(api: Api, file_id: str) -> Flow[File]:
    """Read what is known of a file."""
    return File.read((yield from ask(api, Call("GET", f"{PATH}/{segment(file_id)}", api.scope))))


def delete(api: Api, file_id: str) -> Flow[None]:
    """Delete a file."""
    yield from request(api, Call("DELETE", f"{PATH}/{segment(file_id)}", api.scope))


def content(api: Api, file_id: str) -> Flow[FileLink]:
    """A link to a file's bytes."""
    call = Call("GET", f"{PATH}/{segment(file_id)}/content", api.scope)
    return FileLink.read((yield from ask(api, call)))


def list_page(api: Api, query: Query, page_token: str | None = None) -> Flow[FilePage]:
    """One page of files."""
    items, token, total = page_of(
        (yield from ask(api, Call("GET", PATH, page_query(api, query, page_token))))
    )
    return FilePage([File.read(item) for item in items], token, total)
