"""A file of JSON lines that grows from call to call, for results that are given once and for all."""

from __future__ import annotations

import json
import mmap
import os
from typing import IO, TYPE_CHECKING, Self

from extract_bridge.cli.output.file import claim, told
from extract_bridge.cli.output.lines import as_json, as_line
from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from extract_bridge.bulk import Extraction

Key = tuple[str | None, str | None]
"""Job and source: what makes a document's lines one group."""


class AppendedLines:
    """Each document's lines reach the disk before its result counts as given.

    A call that was killed may have written a line in part, or the lines of a document that did not count as given yet: the first is removed, the
    second are replaced when that document comes again.

    Args:
        out: The file; made where it is missing.

    Raises:
        ConfigurationError: it is no `.jsonl`, cannot be written, or another call is at it.
    """

    def __init__(self, out: Path) -> None:
        if out.suffix.lower() not in (".jsonl", ".ndjson"):
            raise ConfigurationError(
                "results are added line by line", where=f"--out {out.name}", hint="Name a .jsonl file"
            )
        self._out = out
        self.records = 0
        try:
            descriptor = os.open(out, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as problem:
            raise ConfigurationError(
                f"cannot write there ({problem.strerror})",
                where=f"--out {out.name}",
                hint="Name a file that you may write",
            ) from None
        self._file: IO[bytes] = os.fdopen(descriptor, "r+b")
        claim(self._file, out, out)
        self._last, self._from = _last_group(self._file)
        self._file.seek(0, os.SEEK_END)

    def write(self, done: Extraction) -> int:
        """One document's records, on disk when this returns; how many there were."""
        key: Key = (done.job.id if done.job is not None else None, done.source)
        with told(self._out):
            if self._last is not None and key == self._last:
                self._file.truncate(self._from)
                self._file.seek(self._from)
            self._last = None  # only the first may come a second time
            lines = [as_json(as_line(record)) + "\n" for record in done.records]
            self._file.write("".join(lines).encode("utf-8"))
            self._file.flush()
            os.fsync(self._file.fileno())
        self.records += len(lines)
        return len(lines)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _last_group(file: IO[bytes]) -> tuple[Key | None, int]:
    """The key of the last document and where its lines begin; a line without its end is cut off first."""
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        return None, 0
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        end = content.rfind(b"\n") + 1
        group, begins = None, end
        while begins > 0:
            start = content.rfind(b"\n", 0, begins - 1) + 1
            key = _key_of(content[start:begins])
            if key is None or group not in (None, key):
                break
            group, begins = key, start
    file.truncate(end)
    return group, begins


def _key_of(line: bytes) -> Key | None:
    try:
        item = json.loads(line)
    except ValueError:
        return None  # not of ours; it stays
    return (item.get("job_id"), item.get("source")) if isinstance(item, dict) else None
