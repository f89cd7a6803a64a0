"""What counts as a document: a path, bytes with a name, an open file, or an id of the service.

Longer than most modules: one document and many (directories, patterns) are told apart by the same few rules.
"""

from __future__ import annotations

import fnmatch
import glob
import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.core.errors import FileInputError
from extract_bridge.core.identity import sha256_hex, source_id_of
from extract_bridge.core.limits import limit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_URL = re.compile(r"([a-z][a-z0-9+.-]+://|data:)", re.IGNORECASE)
_LONGEST_PATH = 4096

Kind = Literal["path", "bytes", "file", "id"]


@dataclass(frozen=True, slots=True)
class DocumentInput:
    """One document as it was handed in.

    Attributes:
        kind: `path`, `bytes`, `file` (an open one, already read), or `id`.
        name: File name without folders; None for an id.
        source: For people: the path as given, the name, or the id.
        source_id: What makes it the same document next time.
    """

    kind: Kind
    name: str | None
    source: str
    source_id: str
    _read: Callable[[], bytes] | None = field(default=None, repr=False, compare=False)

    def read(self) -> bytes:
        """The document's bytes.

        Raises:
            FileInputError: it is an id, or cannot be read (any more), or is empty or too large.
        """
        if self._read is None:
            raise FileInputError(
                "an id has no bytes on this machine", code="id_not_readable", hint="Pass the file itself"
            )
        return _checked(self._read(), self.name)

    def read_hashed(self) -> tuple[bytes, str]:
        """The document's bytes and their sha256; see `read`."""
        content = self.read()
        return content, sha256_hex(content)


def resolve_input(value: Any, *, file_name: str | None = None, file_id: str | None = None) -> DocumentInput:
    """Say what `value` is. Looks at the file system for a path, and reads an open file, so it may block.

    Args:
        value: A `Path` (always a path); a `str` (an id if it starts with `dfl-` or `pjb-` or is shaped like a UUID, otherwise
            a path); bytes; `(name, bytes)`; or a binary file object.
        file_name: Name to upload under; bytes need one.
        file_id: Taken as an id whatever it looks like, instead of `value`.

    Raises:
        FileInputError: it names no usable document; `code` says why.
    """
    if file_id is not None:
        return _identified(file_id)
    if isinstance(value, DocumentInput):
        return value
    if isinstance(value, str):
        return _identified(value) if is_id(value) else _path_input(_path_of(value), value, file_name)
    if isinstance(value, os.PathLike):
        path = Path(os.fsdecode(value))
        return _path_input(path, str(path), file_name)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _bytes_input(bytes(value), file_name)
    if is_named_bytes(value):
        return _bytes_input(bytes(value[1]), file_name or value[0])
    if hasattr(value, "read"):
        return _file_input(value, file_name)
    raise FileInputError(
        f"a {type(value).__name__} is no document",
        code="not_a_document",
        hint="Pass a path, bytes with a name, a binary file object, or an id",
    )


def is_at_hand(value: Any) -> bool:
    """Whether `resolve_input` looks at nothing for this one: it does not block."""
    return isinstance(value, DocumentInput) or (isinstance(value, str) and is_id(value))


def is_id(text: str) -> bool:
    """Whether a text is an id of the service by its shape; whether such a file exists never decides."""
    return text.startswith(("dfl-", "pjb-")) or _UUID.fullmatch(text) is not None


def is_named_bytes(value: object) -> bool:
    """Whether `value` is a `(name, bytes)` pair."""
    return (
        isinstance(value, tuple)
        and len(value) == 2
        and isinstance(value[0], str)
        and isinstance(value[1], (bytes, bytearray, memoryview))
    )


def _identified(file_id: str) -> DocumentInput:
    if not file_id.strip():
        raise FileInputError(
            "the id is empty", code="file_not_found", hint="Pass the id that an upload returned"
        )
    return DocumentInput("id", None, file_id, file_id)


def _path_of(text: str) -> Path:
    if _URL.match(text):
        raise FileInputError(
            "a URL is no document here",
            code="url_not_supported",
            hint="Download it first, and pass the path or the bytes with file_name=",
        )
    if not text.strip():
        raise FileInputError("the path is empty", code="file_not_found", hint="Pass the path of a file")
    if _is_json(text):
        raise FileInputError(
            "JSON text is no document here",
            code="json_not_supported",
            hint='Pass a path; text of your own goes in as bytes with file_name="note.txt"',
        )
    if "\0" in text or "\n" in text or len(text) > _LONGEST_PATH:
        raise FileInputError(
            "this text is no path", code="not_a_path", hint='Pass text as bytes with file_name="note.txt"'
        )
    return Path(text)


def _is_json(text: str) -> bool:
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text.lstrip()[:1] == "{" and ":" in text
    return True


def _path_input(path: Path, given: str, file_name: str | None) -> DocumentInput:
    name = file_name or path.name or given
    try:
        found = path.stat()
    except FileNotFoundError:
        raise FileInputError(
            "there is no such file",
            code="file_not_found",
            where=name,
            hint="Check the path; it is taken from the working folder",
        ) from None
    except (OSError, ValueError) as error:
        raise _unreadable(error, name) from None
    if stat.S_ISDIR(found.st_mode):
        raise FileInputError(
            "this is a directory",
            code="is_a_directory",
            where=name,
            hint="Pass one file; for many use extract_many, a loader or a reader",
        )
    if not stat.S_ISREG(found.st_mode):
        raise FileInputError(
            "this is no regular file", code="not_a_file", where=name, hint="Pass an open file object instead"
        )
    _check_size(found.st_size, name)
    return DocumentInput("path", name, given, source_id_of(PurePath(given)), lambda: _bytes_of(path, name))


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit("max_upload_bytes") + 1)
    except OSError as error:
        raise _unreadable(error, name) from None


def _bytes_input(content: bytes, file_name: str | None) -> DocumentInput:
    name = _named(file_name)
    _check_size(len(content), name)
    return DocumentInput("bytes", name, name, source_id_of(content), lambda: content)


def _file_input(file: Any, file_name: str | None) -> DocumentInput:
    own = getattr(file, "name", None)
    given = own if isinstance(own, str) and own and not own.startswith("<") else None
    name = _named(file_name or (PurePath(given).name if given else None))
    try:
        if getattr(file, "seekable", lambda: False)():
            file.seek(0)
        content = file.read(limit("max_upload_bytes") + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(error, name) from None
    if not isinstance(content, bytes):
        raise FileInputError(
            "the file object gives text, not bytes",
            code="text_mode",
            where=name,
            hint='Open it with mode "rb"',
        )
    _check_size(len(content), name)
    source_id = source_id_of(PurePath(given)) if given else source_id_of(content)
    return DocumentInput("file", name, given or name, source_id, lambda: content)


def _named(file_name: str | None) -> str:
    name = PurePosixPath(file_name.replace("\\", "/")).name if file_name else ""
    if name in ("", ".", ".."):
        raise FileInputError(
            "bytes need a name",
            code="name_missing",
            hint='Pass file_name="invoice.pdf"; its suffix says what they are',
        )
    return name


def _checked(content: bytes, name: str | None) -> bytes:
    _check_size(len(content), name)
    return content


def _check_size(size: int, name: str | None) -> None:
    if size == 0:
        raise FileInputError(
            "the file is empty", code="empty_file", where=name, hint="Check how it was written or downloaded"
        )
    most = limit("max_upload_bytes")
    if size > most:
        raise FileInputError(
            f"the file is larger than {most} bytes",
            code="file_too_large",
            where=name,
            hint="Split the document; EXTRACT_BRIDGE_MAX_UPLOAD_BYTES changes the limit on this side",
        )


def _unreadable(error: BaseException, name: str) -> FileInputError:
    reason = getattr(error, "strerror", None) or type(error).__name__
    return FileInputError(
        f"the file cannot be read: {reason}", code="unreadable", where=name, hint="Check its permissions"
    )


SUFFIXES = frozenset(
    [
        ".pdf",
        ".txt",
        ".md",
        ".markdown",
        ".html",
        ".htm",
        ".xml",
        ".csv",
        ".tsv",
        ".json",
        ".rtf",
        ".epub",
        ".doc",
        ".docx",
        ".odt",
        ".ppt",
        ".pptx",
        ".odp",
        ".xls",
        ".xlsx",
        ".xlsm",
        ".ods",
        ".numbers",
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".bmp",
        ".tif",
        ".tiff",
        ".webp",
        ".heic",
        ".svg",
    ]
)
"""Suffixes that count as documents in a directory, and in a pattern that names no suffix itself."""


def expand_inputs(files: Any) -> Iterator[Any]:
    """One document after another, in sorted order within a directory or pattern; nothing is read ahead.

    Args:
        files: A document as `resolve_input` takes it, a directory, a pattern such as `invoices/**/*.pdf`, or any iterable of
            these. A directory gives its own files, not those below it; only `**` goes down. Hidden files, symbolic links
            and unknown suffixes are left out. A `Path` is never a pattern.

    Raises:
        FileInputError: a pattern or directory holds no document (code `no_match`).
    """
    if is_one_input(files):
        yield from _expanded(files)
    else:
        for item in files:
            yield from _expanded(item)


def is_one_input(files: Any) -> bool:
    """Whether `files` is one document, directory or pattern, not an iterable of them."""
    single = (str, os.PathLike, bytes, bytearray, memoryview, DocumentInput)
    return (
        isinstance(files, single)
        or is_named_bytes(files)
        or hasattr(files, "read")
        or not hasattr(files, "__iter__")
    )


def _expanded(item: Any) -> Iterator[Any]:
    if isinstance(item, str) and not is_id(item) and not _URL.match(item) and not _is_json(item):
        if glob.has_magic(item) and not _exists(item):
            yield from _some(_matching(item), item)
        elif _is_directory(item):
            yield from _some(_children(item), item)
        else:
            yield item
    elif isinstance(item, os.PathLike) and _is_directory(item):
        yield from _some(_children(os.fsdecode(item)), Path(item).name)
    else:
        yield item


def _some(paths: Iterator[str], where: str) -> Iterator[str]:
    none = True
    for path in paths:
        none = False
        yield path
    if none:
        name = PurePath(where).name or where
        hint = f"Known suffixes: {', '.join(sorted(SUFFIXES)[:6])}, …; hidden files and links are left out, only ** goes down"
        raise FileInputError("no document is there", code="no_match", where=name, hint=hint)


def _children(folder: str) -> Iterator[str]:
    return (path for path in _files(folder) if PurePath(path).suffix.lower() in SUFFIXES)


def _matching(pattern: str) -> Iterator[str]:
    path = PurePath(pattern)
    parts = list(path.parts[1:] if path.anchor else path.parts)
    found = _descend(path.anchor, parts)
    named = PurePath(parts[-1]).suffix not in ("", ".*")
    return found if named else (item for item in found if PurePath(item).suffix.lower() in SUFFIXES)


def _descend(folder: str, parts: list[str]) -> Iterator[str]:
    """Files below `folder` that match the rest of a pattern."""
    first, rest = parts[0], parts[1:]
    if first == "**":
        while rest[:1] == ["**"]:
            rest = rest[1:]
        yield from _descend(folder, rest or ["*"])
        for below in _folders(folder):
            yield from _descend(below, parts)
    elif not rest:
        hidden = first.startswith(".")
        names = _files(folder, hidden=hidden)
        yield from (path for path in names if fnmatch.fnmatchcase(PurePath(path).name, first))
    elif not glob.has_magic(first):
        yield from _descend(str(PurePath(folder, first)), rest)
    else:
        for below in _folders(folder):
            if fnmatch.fnmatchcase(PurePath(below).name, first):
                yield from _descend(below, rest)


def _files(folder: str, *, hidden: bool = False) -> Iterator[str]:
    return (
        str(PurePath(folder, entry.name))
        for entry in _entries(folder, hidden)
        if entry.is_file(follow_symlinks=False)
    )


def _folders(folder: str) -> Iterator[str]:
    return (
        str(PurePath(folder, entry.name)) for entry in _entries(folder) if entry.is_dir(follow_symlinks=False)
    )


def _entries(folder: str, hidden: bool = False) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder or ".") as entries:
            shown = [entry for entry in entries if hidden or not entry.name.startswith(".")]
    except OSError:
        return []
    return sorted(shown, key=lambda entry: entry.name)


def _exists(path: str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:
        return False


def _is_directory(path: str | os.PathLike[str]) -> bool:
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False
