"""`extract-bridge review`: records beside their pages, as one HTML file."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from rich.text import Text

from extract_bridge.cli import terminal
from extract_bridge.cli.reviewed import documents_for, read_input
from extract_bridge.cli.service import Door
from extract_bridge.core.errors import APIError, FileInputError
from extract_bridge.core.wire.jobs import EXPAND, JobOrigin
from extract_bridge.review.build import review

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from extract_bridge.client.client import ExtractClient
    from extract_bridge.core.wire.jobs import ExtractV2Job
    from extract_bridge.review.build import Review


def make_page(
    source: str,
    *,
    out: Path,
    documents: Sequence[Path] = (),
    pages: Literal["cited", "all"] = "cited",
    min_confidence: float = 0.8,
    door: Door = Door(),  # noqa: B008 - frozen
) -> None:
    """Writes the page and says where it is.

    Args:
        source: The id of a finished job, a file with a job or records, or a ledger.
        out: The page; replaced if it is there.
        documents: Documents, or folders with them. By default see `documents_for`; for a job that is named by its id, the working folder.
        pages: Which pages it shows.
        min_confidence: Values less sure than this (0..1) are marked.
        door: The service that knows a job which is named by its id; by default the one that the environment names.

    Raises:
        FileInputError: there is no such file, and `source` is no id.
        ResultError: there are no records in the file.
        ConfigurationError: `out` cannot be written, or an id came without a service.
    """
    path = Path(source)
    if path.is_file():
        items, schema = read_input(path)
        made = review(
            items,
            out,
            documents=documents or documents_for(path, items),
            data_schema=schema,
            pages=pages,
            min_confidence=min_confidence,
        )
    elif _is_id(source):
        with door.open() as client:
            job = _job_of(client, source)
        made = review(
            job, out, documents=documents or (Path.cwd(),), pages=pages, min_confidence=min_confidence
        )
    else:
        raise FileInputError(
            "there is no such file, and it is no job's id",
            where=path.name,
            hint="Name a file that extract-bridge run wrote, a job's JSON, or an id such as ext-…",
        )
    tell(terminal.make_console(), made)


def _job_of(client: ExtractClient, job_id: str) -> ExtractV2Job:
    """The job in full, and what its file is called where the service still has it: documents are found by that name."""
    job = client.get(job_id, expand=EXPAND)
    with suppress(APIError):
        name = client.files.get(job.file_input).name if job.file_input else None
        if name:
            job.origin = JobOrigin(client.service, name, name, name)
    return job


def tell(console: Console, made: Review) -> None:
    """Says what the page shows, and what its reader must know."""
    what = ", ".join(
        f"{count} {name}{'s' * (count != 1)}"
        for count, name in ((made.records, "record"), (made.fields, "field"), (made.pages, "page"))
    )
    for note in made.notes:
        console.print(Text.assemble(("note  ", "yellow"), terminal.plain(note)))
    shown = terminal.show_path(made.path) if made.path else "the page"
    console.print(f"{what} in {shown}: open it in a browser")


def _is_id(source: str) -> bool:
    if source.startswith("ext-"):
        return True
    try:
        return bool(UUID(source))
    except ValueError:
        return False
