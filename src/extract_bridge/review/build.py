"""`review`: records beside the pages that they were read from, as one HTML file."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.review.checks import schema_fields
from extract_bridge.review.encode import Encoder
from extract_bridge.review.html import render
from extract_bridge.review.items import Item, items_of, schema_of
from extract_bridge.review.pages import (
    Budget,
    Document,
    Sheet,
    WhichPages,
    numbers_of,
    page_count,
    sheets_of,
    texts_of,
)
from extract_bridge.review.sources import Documents, Source, Sources, document_key

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_INLINE = 30 * 1024 * 1024
"""Characters of a page that a notebook still keeps in its file without pain."""


@dataclass(frozen=True)
class Review:
    """A review page.

    Attributes:
        html: The file's text.
        path: Where it was written; None where it was not.
        title: Of the page.
        records: How many it shows.
        fields: How many it shows.
        pages: How many pages of the documents it shows.
        notes: What a reader must know about the documents, one sentence each.
    """

    html: str = field(repr=False)
    path: Path | None
    title: str = field(repr=False)
    records: int
    fields: int
    pages: int
    notes: tuple[str, ...] = field(default=(), repr=False)

    def _repr_html_(self) -> str:
        """The page in a frame of its own, for notebooks: its script can reach neither the notebook nor the network."""
        if len(self.html) > _MOST_INLINE:
            size = len(self.html) // 1024**2
            return (
                f"<p>The review page has {size} MB, too much for a notebook: open the file in a browser.</p>"
            )
        return (
            '<iframe sandbox="allow-scripts allow-downloads" referrerpolicy="no-referrer" width="100%" height="720" '
            f'style="border:0" title="{escape(self.title)}" srcdoc="{escape(self.html)}"></iframe>'
        )


def review(
    job_or_records: Any,
    out: str | os.PathLike[str] | None = None,
    *,
    documents: Documents = None,
    data_schema: Any = None,
    title: str | None = None,
    pages: WhichPages = "cited",
    min_confidence: float = 0.8,
    max_bytes: int = 50_000_000,
    dpi: int = 132,
) -> Review:
    """Makes one self-contained HTML file: the pages with a box around each value, the fields beside them, and a way to correct them.

    It asks nothing of the network, runs no script but its own, and needs no server. Corrections are saved from it as
    `corrections.json`; `extract-bridge correct` or `correct_records` makes corrected records of them.

    Args:
        job_or_records: A finished job (ours, its JSON object, or the official SDK's), a record, or any number of them.
        out: The file to write, replaced if it is there; None only returns the page.
        documents: The documents: a path, bytes or a folder, several of these, or a mapping from a document's name or source to one.
            With None a file that a record names is opened only if its SHA-256 is the one that was extracted.
        data_schema: What the job was asked with, by default the one in the job; gives types, allowed values and required fields.
        title: Of the page; the documents' names by default.
        pages: `cited` for those that values were read from, or `all`.
        min_confidence: Values less sure than this (0..1) are marked.
        max_bytes: Of all page images together; pages beyond it are left out, and say so.
        dpi: Dots an inch of the page images.

    Returns:
        The page; in a notebook it shows itself.

    Raises:
        JobError: the job is not COMPLETED.
        ResultError: there is neither a job nor a record in `job_or_records`.
        FileInputError: a document that `documents` names cannot be read.
        MissingExtraError: pages are to be drawn, and what draws them is not installed.
        ConfigurationError: the file cannot be written, or a keyword makes no sense.
    """
    _check(pages, min_confidence, max_bytes, dpi)
    schema = data_schema if data_schema is not None else schema_of(job_or_records)
    items = items_of(job_or_records, data_schema=data_schema)
    found, sheets = _look_up(items, documents, pages, Budget(max_bytes), dpi)
    title = title or _title([document.source for document in found.values()])
    encoded = Encoder(found, sheets, schema_fields(schema)).encode(items)
    data = {
        "format": 1,
        "title": title,
        "least": min_confidence,
        "documents": [_document(document) for document in found.values()],
        "sheets": [_sheet(sheet) for sheet in sheets],
        **encoded,
    }
    html = render(title, data, [sheet.image for sheet in sheets])
    path = None if out is None else _write(Path(out), html)
    notes = tuple(
        dict.fromkeys(
            f"{item.source.name}: {item.source.note}" for item in found.values() if item.source.note
        )
    )
    return Review(html, path, title, len(items), len(encoded["fields"]), len(sheets), notes)


def _look_up(
    items: Sequence[Item], documents: Documents, which: WhichPages, budget: Budget, dots: int
) -> tuple[dict[str, Document], list[Sheet]]:
    """Every document, and the pages to show of all of them."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(document_key(item.record), []).append(item)
    sources = Sources(documents, alone=len(groups) == 1)
    found: dict[str, Document] = {}
    sheets: list[Sheet] = []
    for number, (key, group) in enumerate(groups.items()):
        source = sources.of(group[0].record)
        count, problem = page_count(source)
        if problem:
            source = Source(source.name, source.state, None, f"{problem} {source.note}".strip())
        records = [item.record for item in group]
        numbers = numbers_of(records, count, which)
        sheets += sheets_of(source, number, numbers, dots=dots, budget=budget)
        found[key] = Document(source, count, texts_of(source, records))
    return found, sheets


def _check(pages: object, min_confidence: float, max_bytes: int, dpi: int) -> None:
    if pages not in ("cited", "all"):
        raise ConfigurationError("there are no such pages", where="pages", hint='Give "cited" or "all"')
    if not 0 <= min_confidence <= 1:
        raise ConfigurationError("a confidence lies between 0 and 1", where="min_confidence")
    if max_bytes < 0:
        raise ConfigurationError("a size is no negative number", where="max_bytes")
    if not 36 <= dpi <= 400:
        raise ConfigurationError("this is not between 36 and 400", where="dpi", hint="132 is easy to read")


def _title(sources: Sequence[Source]) -> str:
    names = list(dict.fromkeys(source.name for source in sources))
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "") or "Nothing"


def _document(document: Document) -> dict[str, Any]:
    source = document.source
    return {"name": source.name, "state": source.state, "note": source.note, "count": document.pages}


def _sheet(sheet: Sheet) -> dict[str, Any]:
    said: dict[str, Any] = {"d": sheet.document, "n": sheet.number}
    if sheet.width and sheet.height:
        said |= {"w": round(sheet.width, 2), "h": round(sheet.height, 2)}
    if sheet.image:
        said["i"] = 1
    if sheet.words:
        said["t"] = list(sheet.words)
    if sheet.note:
        said["note"] = sheet.note
    return said


def _write(path: Path, html: str) -> Path:
    """Writes all of it or nothing: whoever has the old page open keeps it until the new one is whole."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            draft.write_text(html, "utf-8", newline="\n")
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as problem:
        raise ConfigurationError(
            f"cannot write there ({problem.strerror})", where=path.name, hint="Name a file that you may write"
        ) from None
    return path
