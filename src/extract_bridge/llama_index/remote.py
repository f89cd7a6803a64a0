"""Documents on a file system of fsspec: `SimpleDirectoryReader(fs=…)` and cloud storage."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath, PurePosixPath
from typing import TYPE_CHECKING, Any

from extract_bridge.client.inputs import DocumentInput
from extract_bridge.core.errors import FileInputError
from extract_bridge.core.limits import limit

if TYPE_CHECKING:
    from collections.abc import Iterator


def remote_inputs(files: Any, fs: Any) -> Iterator[DocumentInput]:
    """Each file of a path, glob or list of these. A file is opened when its turn comes, not before.

    Args:
        files: Paths as `fs` knows them, with or without its protocol.
        fs: An fsspec file system.
    """
    for given in [files] if isinstance(files, str | PurePath) else files:
        path = fs._strip_protocol(str(given))  # noqa: SLF001 - fsspec's own name for what every file system offers
        for name in sorted(fs.glob(path)) if any(mark in path for mark in "*?[") else [path]:
            uri = fs.unstrip_protocol(name)
            file_name = PurePosixPath(name).name
            yield DocumentInput("file", file_name, uri, uri, partial(_read, fs, name, file_name))


def _read(fs: Any, path: str, file_name: str) -> bytes:
    try:
        with fs.open(path, "rb") as file:
            content: bytes = file.read(limit("max_upload_bytes") + 1)
    except FileNotFoundError:
        raise FileInputError(
            "there is no such file",
            code="file_not_found",
            where=file_name,
            hint="Check the path and the file system",
        ) from None
    except OSError as error:
        raise FileInputError(
            f"the file cannot be read: {error.strerror or type(error).__name__}",
            code="unreadable",
            where=file_name,
            hint="Check the permissions of the file system",
        ) from None
    return content
