"""The documents that the records were read from: found, and compared with what was sent."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.core.errors import FileInputError
from extract_bridge.core.identity import sha256_hex
from extract_bridge.core.limits import limit

if TYPE_CHECKING:
    from extract_bridge.core.records.model import ExtractedRecord

State = Literal["same", "changed", "missing", "unverified"]
"""The very bytes that were sent; others; none were found; or nobody knows which bytes were sent."""

Documents = str | Path | bytes | Iterable[Any] | Mapping[str, Any] | None

_NOTES = {
    "same": "",
    "changed": "This file is not the one that was read: its SHA-256 is another. Places on the pages may be wrong.",
    "missing": "The document was not found, so its pages are not shown. Name it with documents=… (or --documents).",
    "unverified": "",
}


@dataclass(frozen=True)
class Source:
    """One document.

    Attributes:
        name: File name without folders, for people.
        state: Whether it is what was read.
        data: Its bytes; None where it was not found.
        note: What a reader must know about it; empty where all is well.
    """

    name: str
    state: State
    data: bytes | None = None
    note: str = ""


def document_key(record: ExtractedRecord) -> str:
    """Records of the same document have the same key."""
    return record.source_id or record.source or record.file_sha256 or record.file_name or ""


class Sources:
    """Finds the document of a record.

    Args:
        documents: A path, bytes, a folder, several of these, or a mapping from a document's name, source or source id to a path or
            bytes. With None a file that a record names is opened only if its SHA-256 is the one that was sent: what a record names
            may come from anybody, and a page is made to be passed on.
        alone: All records are of one document; a single path or bytes is that document, whatever it is called.
    """

    def __init__(self, documents: Documents, *, alone: bool) -> None:
        self._named: dict[str, Any] = {}
        self._folders: list[Path] = []
        self._bytes: list[bytes] = []
        self._guess = documents is None
        self._only: Any = None
        if isinstance(documents, Mapping):
            self._named = {str(name): value for name, value in documents.items()}
            return
        given = [documents] if isinstance(documents, str | Path | bytes) else list(documents or ())
        for value in given:
            self._take(value)
        if alone and len(given) == 1 and not self._folders:
            self._only = given[0]

    def of(self, record: ExtractedRecord) -> Source:
        """The document of a record.

        Raises:
            FileInputError: a document that the caller named cannot be read.
        """
        told = record.file_name or PurePosixPath(record.source or "document").name
        data = self._data(record, told)
        name = told if record.file_name or not isinstance(self._only, str | Path) else Path(self._only).name
        if data is None:
            return Source(name, "missing", None, _NOTES["missing"])
        if record.file_sha256 is None:
            return Source(name, "unverified", data)
        state: State = "same" if sha256_hex(data) == record.file_sha256 else "changed"
        return Source(name, state, data, _NOTES[state])

    def _take(self, value: Any) -> None:
        if isinstance(value, bytes):
            self._bytes.append(value)
            return
        path = Path(value)
        if path.is_dir():
            self._folders.append(path)
        else:
            self._named[path.as_posix()] = path
            self._named.setdefault(path.name, path)

    def _data(self, record: ExtractedRecord, name: str) -> bytes | None:
        if self._only is not None:
            return _read(self._only)
        for key in (record.source, record.source_id, record.file_name, name):
            if key and key in self._named:
                return _read(self._named[key])
        for data in self._bytes:
            if record.file_sha256 in (None, sha256_hex(data)):
                return data
        for folder in self._folders:
            for told in (record.source, name):
                found = _below(folder, told)
                if found is not None:
                    return _read(found)
        return _proved(record) if self._guess else None


def _read(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    path = Path(value)
    try:
        if path.stat().st_size > limit("max_upload_bytes"):
            raise FileInputError(
                "the document is larger than any that is sent",
                where=path.name,
                hint="Raise EXTRACT_BRIDGE_MAX_UPLOAD_BYTES",
            )
        return path.read_bytes()
    except OSError as problem:
        raise FileInputError(
            f"the document cannot be read ({problem.strerror})",
            where=path.name,
            hint="Name a file that exists and that you may read",
        ) from None


def _below(folder: Path, told: str | None) -> Path | None:
    """A file in a folder or below it, by the name that a record gives; never one outside, whatever the name or a link says."""
    if not told or "\x00" in told:
        return None
    root = folder.resolve()
    try:
        path = (root / told).resolve(strict=True)
        inside = path.is_relative_to(root) and stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return None
    return path if inside else None


def _proved(record: ExtractedRecord) -> bytes | None:
    """The file that a record names, if its bytes are those that were sent."""
    if record.file_sha256 is None or not record.source or "\x00" in record.source:
        return None
    path = Path(record.source)
    try:
        regular = stat.S_ISREG(path.stat().st_mode) and path.stat().st_size <= limit("max_upload_bytes")
        data = path.read_bytes() if regular else b""
    except OSError:
        return None
    return data if sha256_hex(data) == record.file_sha256 else None
