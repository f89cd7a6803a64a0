"""What a LangChain user hands in as documents: paths and the like, Blobs, BlobLoaders, and Documents, which mean their text."""

from __future__ import annotations

import mimetypes
import os
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from langchain_core.document_loaders.blob_loaders import BlobLoader
from langchain_core.documents import Document
from langchain_core.documents.base import Blob

from extract_bridge.client.inputs import DocumentInput, expand_inputs, is_one_input, resolve_input
from extract_bridge.core.errors import FileInputError
from extract_bridge.core.identity import source_id_of
from extract_bridge.core.records.clean import is_scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Roots = str | os.PathLike[str] | tuple[str | os.PathLike[str], ...]
"""One folder or several."""


class Inputs:
    """Documents one by one, never read ahead, and the metadata that Blobs and Documents bring along, by place."""

    def __init__(self, files: Any, roots: Roots = ()) -> None:
        self._extra: dict[int, dict[str, Any]] = {}
        self._documents = self._each(files)
        self._guard = _Guard(roots)
        self._index = -1

    def __iter__(self) -> Inputs:
        return self

    def __next__(self) -> Any:
        document = next(self._documents)
        self._index += 1
        try:
            return self._handed_in(document)
        except FileInputError as error:  # among many, a bad entry is that entry's error
            return error

    def brought(self, index: int, *, keep: bool = False) -> dict[str, Any] | None:
        """The metadata that came with a document; forgotten once it is asked for, unless it is kept, so that memory does not grow."""
        return self._extra.get(index) if keep else self._extra.pop(index, None)

    def _handed_in(self, document: Any) -> Any:
        if not isinstance(document, Blob | Document):
            return document
        known = {
            str(key): value
            for key, value in document.metadata.items()
            if key not in ("source", "citations") and is_scalar(value)
        }
        if known:
            self._extra[self._index] = known
        return from_blob(document) if isinstance(document, Blob) else self._guard.file_or_text(document)

    def _each(self, files: Any) -> Iterator[Any]:
        if isinstance(files, Blob | Document):
            yield files
        elif isinstance(files, BlobLoader):
            yield from files.yield_blobs()
        elif is_one_input(files):
            yield from expand_inputs(files)
        else:
            for item in files:
                yield from self._entry(item)

    def _entry(self, item: Any) -> Iterator[Any]:
        if isinstance(item, Blob | BlobLoader | Document):
            yield from self._each(item)
            return
        try:
            yield from expand_inputs(item)
        except FileInputError as error:
            yield error


class _Guard:
    """Opens the file that a Document's metadata names, where the developer allows it: metadata may come from anywhere."""

    def __init__(self, roots: Roots) -> None:
        from extract_bridge.agent.roots import DocumentGuard  # noqa: PLC0415 - a class costs little until it is used

        given: Sequence[Any] = (roots,) if isinstance(roots, str | os.PathLike) else roots
        self._guards = [(os.path.realpath(root), DocumentGuard(allowed_roots=root)) for root in given]

    def file_or_text(self, document: Document) -> DocumentInput:
        """The file below the allowed folders, or the Document's text where nothing is allowed or named.

        Raises:
            FileInputError: the file lies elsewhere, or cannot be read.
        """
        source = document.metadata.get("source")
        if not self._guards or not isinstance(source, str) or not source:
            return text_of(document)
        for root, guard in self._guards:
            below = os.path.relpath(os.path.abspath(source), root)  # noqa: PTH100 - links are the guard's business
            if not below.startswith("..") and not os.path.isabs(below):  # noqa: PTH117
                opened = guard.open(Path(below).as_posix())
                return DocumentInput("bytes", opened.name, source, source_id_of(source), opened.read)
        raise FileInputError(
            "the file that this Document names lies outside of allowed_roots",
            code="document_refused",
            where=PurePath(source).name,
            hint="Add its folder to allowed_roots, or leave allowed_roots out: then the Document's text is extracted",
        )


def text_of(document: Document) -> DocumentInput:
    """A Document's text as a document of its own, which keeps the identity of its source."""
    content = document.page_content.encode("utf-8", "replace")
    source = str(document.metadata.get("source") or document.id or "")
    name = f"{PurePath(source).stem or 'document'}.txt"
    return DocumentInput(
        "bytes",
        name,
        source or name,
        source_id_of(source) if source else source_id_of(content),
        lambda: content,
    )


def from_blob(blob: Blob) -> Any:
    """A Blob as a document: its path, or its bytes under its name; `document.pdf` where only its mimetype is known.

    Raises:
        FileInputError: it is bytes without any name.
    """
    source = str(blob.source) if blob.source else None
    if blob.data is None:
        return Path(str(blob.path))
    content = blob.as_bytes()
    if source is None:
        suffix = mimetypes.guess_extension(blob.mimetype) if blob.mimetype else None
        name = str(blob.metadata.get("file_name", "")) or (f"document{suffix}" if suffix else None)
        return resolve_input(content, file_name=name)
    return DocumentInput("bytes", PurePath(source).name, source, source_id_of(source), lambda: content)
