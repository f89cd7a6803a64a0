"""What an agent can reach: nothing, except what the developer named.

A model's words choose the document, so every name is hostile until it is proved to lead to an allowed one. Checks that a
race could undo run on the opened file: the file that was checked is the file that is read.
"""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any

from extract_bridge.agent.text import is_clean, shorten
from extract_bridge.client.inputs import DocumentInput, is_id, resolve_input
from extract_bridge.core.errors import ConfigurationError, FileInputError
from extract_bridge.core.identity import source_id_of
from extract_bridge.core.limits import limit

MAX_NAME_CHARS = 512
_SUGGESTIONS = 5
_SCANNED_NAMES = 500
_READ_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a fifo must not hang the call before it is refused
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_HAS_DIR_FD = os.open in os.supports_dir_fd and bool(_NO_FOLLOW)

Documents = Mapping[str, Any] | Callable[[str, Any], Any]


class DocumentGuard:
    """The one way from a model's words to a document.

    Args:
        allowed_roots: One folder or several; files below are reachable by their relative name, the first root that
            has it wins. A missing folder is a ConfigurationError at once.
        documents: Names and what they stand for (path, bytes, Blob, id), or a function of the name and the
            framework's run context that returns one of these, or None for "no such document".
        allowed_ids: Ids of files and parse jobs that may be named.
        allow_any_id: Whether every id may be named.
        is_own_id: Says whether an id is one that the same tools made or listed before; those may be named too.
    """

    def __init__(
        self,
        *,
        allowed_roots: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
        documents: Documents | None = None,
        allowed_ids: Collection[str] = (),
        allow_any_id: bool = False,
        is_own_id: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self.roots = _folders(allowed_roots)
        self.documents = documents
        self.allowed_ids = frozenset([allowed_ids] if isinstance(allowed_ids, str) else allowed_ids)
        self.allow_any_id = allow_any_id
        self.is_own_id = is_own_id

    @property
    def is_closed(self) -> bool:
        """Whether nothing at all is reachable."""
        return not (self.roots or self.documents or self.allowed_ids or self.allow_any_id)

    def open(self, name: str, context: Any = None) -> DocumentInput:
        """The document of that name.

        Args:
            name: As the model wrote it.
            context: The framework's run context, handed to a `documents` function as it is.

        Raises:
            FileInputError: there is no such document, or it may not be reached. The message names no absolute path.
        """
        name = name.strip()
        _check_characters(name)
        if self.documents is not None:
            named = self._named(name, context)
            if named is not None:
                return named
        if is_id(name):
            return self._by_id(name)
        return self._below_roots(name)

    def names(self) -> Iterator[str]:
        """Names that a model may use, in a stable order, not those of a `documents` function."""
        if isinstance(self.documents, Mapping):
            yield from self.documents
        for root in self.roots:
            yield from _visible_files(root)

    def _named(self, name: str, context: Any) -> DocumentInput | None:
        if isinstance(self.documents, Mapping):
            value = self.documents.get(name)
        else:
            try:
                value = self.documents(name, context) if self.documents else None
            except LookupError:
                value = None
        return None if value is None else _from_developer(name, value)

    def _by_id(self, file_id: str) -> DocumentInput:
        if not (self.allow_any_id or file_id in self.allowed_ids or self.is_own_id(file_id)):
            raise FileInputError(
                "this id is not one that may be read here",
                code="id_not_allowed",
                hint="Name a document of this conversation, or ask the user for one",
            )
        return resolve_input(None, file_id=file_id)

    def _below_roots(self, name: str) -> DocumentInput:
        parts = _relative_parts(name)
        for root in self.roots:
            content = _read_below(root, parts, name)
            if content is not None:
                return _checked(content, parts[-1], root.joinpath(*parts))
        raise FileInputError(
            "there is no such document",
            code="document_not_found",
            hint=self._advice(name),
            where=shorten(name, 80),
        )

    def _advice(self, name: str) -> str:
        if self.is_closed:
            return (
                "Nothing is reachable here: the developer allows documents with allowed_roots= or documents="
            )
        known = [item for item, _ in zip(self.names(), range(_SCANNED_NAMES), strict=False) if is_clean(item)]
        near = difflib.get_close_matches(name, known, n=_SUGGESTIONS, cutoff=0.5) or known[:_SUGGESTIONS]
        if not near:
            return "Ask the user for the document's name"
        return f"Documents here: {', '.join(shorten(item, 80) for item in near)}"


def _folders(roots: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> tuple[Path, ...]:
    given = [roots] if isinstance(roots, str | os.PathLike) else list(roots)
    folders = tuple(Path(item) for item in given)
    for folder in folders:
        if not folder.is_dir():
            raise ConfigurationError(
                "allowed_roots names something that is no folder", where=folder.name, hint="Create it first"
            )
    return folders


def _check_characters(name: str) -> None:
    if not name:
        raise _refused("the document's name is empty")
    if len(name) > MAX_NAME_CHARS:
        raise _refused(f"the document's name is longer than {MAX_NAME_CHARS} characters")
    if not is_clean(name) or "\n" in name or "\t" in name:
        raise _refused("the document's name holds control characters")


def _relative_parts(name: str) -> tuple[str, ...]:
    if "://" in name or name.lower().startswith(("data:", "file:")):
        raise _refused("a URL is no document here")
    windows = PureWindowsPath(name)
    if name.startswith(("/", "~")) or windows.drive or windows.root:
        raise _refused("the document's name is not relative")
    parts = PurePosixPath(name).parts
    if ".." in windows.parts or any(part.startswith(".") for part in parts) or not parts:
        raise _refused("the document's name leads upwards or to hidden files")
    return parts


def _refused(message: str) -> FileInputError:
    return FileInputError(
        message,
        code="document_refused",
        hint="Give the plain relative name of a document, such as invoice.pdf",
    )


def _read_below(root: Path, parts: Sequence[str], name: str) -> bytes | None:
    real_root = root.resolve()
    try:
        real = real_root.joinpath(*parts).resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: links that run in a circle
        return None
    if not real.is_relative_to(real_root):
        raise _refused("the document lies outside of what may be read")
    try:
        descriptor = _open_below(real_root, real.relative_to(real_root).parts)
    except OSError:
        return None
    return _read_and_close(descriptor, name)


def _open_below(real_root: Path, parts: Sequence[str]) -> int:
    """Open a resolved path so that a link put in its way meanwhile is not followed."""
    if not parts:
        return os.open(real_root, _READ_FLAGS)
    if not _HAS_DIR_FD:
        return os.open(real_root.joinpath(*parts), _READ_FLAGS)
    folder = os.open(real_root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | _NO_FOLLOW, dir_fd=folder)
            os.close(folder)
            folder = below
        return os.open(parts[-1], _READ_FLAGS | _NO_FOLLOW, dir_fd=folder)
    finally:
        os.close(folder)


def _read_and_close(descriptor: int, name: str) -> bytes:
    try:
        return _read_regular(descriptor, shorten(PurePosixPath(name).name, 80))
    finally:
        os.close(descriptor)


def _read_regular(descriptor: int, shown: str) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise FileInputError(
            "this is no regular file", code="document_refused", hint="Name a document", where=shown
        )
    most = limit("max_upload_bytes")
    with open(descriptor, "rb", closefd=False) as file:
        content = file.read(most + 1) if status.st_size <= most else b""
    if status.st_size > most or len(content) > most:
        raise FileInputError(
            f"the document is larger than {most} bytes",
            code="document_too_large",
            hint="Name a smaller document",
            where=shown,
        )
    return content


def _checked(content: bytes, name: str, path: PurePath) -> DocumentInput:
    """The bytes that were checked, under the name and the identity that a loader of the same path gives them."""
    given = path.as_posix()
    return DocumentInput("bytes", name, given, source_id_of(path), lambda: content)


def _from_developer(name: str, value: Any) -> DocumentInput:
    """What a name of `documents=` stands for. The developer chose it: any path is right, any id is allowed."""
    if isinstance(value, bytes | bytearray | memoryview):
        return resolve_input(bytes(value), file_name=name)
    if not callable(getattr(value, "as_bytes", None)):
        return resolve_input(value)
    source = str(getattr(value, "source", None) or name)  # a LangChain Blob
    return _checked(value.as_bytes(), PurePosixPath(source).name, PurePosixPath(source))


def _visible_files(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(item for item in folders if not item.startswith("."))
        for file in sorted(files):
            path = Path(folder, file)
            if not file.startswith(".") and path.is_file() and not path.is_symlink():
                yield path.relative_to(root).as_posix()
