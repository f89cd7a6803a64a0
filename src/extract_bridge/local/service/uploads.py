"""Uploaded bytes: streamed to files of random names that only their owner can read."""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Protocol

_CHUNK = 1 << 20
_LONGEST_NAME = 255


class Source(Protocol):
    """Bytes that are read from the front to the end."""

    def read(self, size: int, /) -> bytes:
        """Some bytes, not necessarily so many; none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Upload:
    """What arrived: `path` is the name inside the folder of files."""

    path: str
    size: int
    sha256: str


def keep(source: Source, folder: Path, *, durable: bool) -> Upload:
    """Copy a stream into a new file of the folder.

    Args:
        source: Read to its end.
        folder: Where the service keeps files.
        durable: Force it to disk before returning.
    """
    name = secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    target = folder / name
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
            while chunk := source.read(_CHUNK):
                sink.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            if durable:
                sink.flush()
                os.fsync(sink.fileno())
        if durable:
            _sync_folder(folder)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return Upload(path=name, size=size, sha256=digest.hexdigest())


def _sync_folder(folder: Path) -> None:
    """The name of a new file is on disk only when its folder is."""
    if sys.platform != "win32":  # where a folder cannot be opened
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def display_name(name: str) -> str:
    """A file's name for people: without folders of any system, without control characters, not too long."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    kept = "".join(char for char in last if char.isprintable())
    return kept[-_LONGEST_NAME:]
