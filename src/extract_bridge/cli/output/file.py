"""The output file: written beside its place under another name, and put there whole."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from extract_bridge.cli.output.columns import Columns
from extract_bridge.cli.output.lines import as_line
from extract_bridge.cli.output.parquet import Parquet, load_pyarrow
from extract_bridge.cli.output.writers import Csv, JsonArray, JsonLines
from extract_bridge.core.errors import ConfigurationError

try:
    import fcntl
except ImportError:  # Windows, where an open file cannot be replaced anyway
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from extract_bridge.cli.output.writers import Writer
    from extract_bridge.core.records.model import ExtractedRecord

FORMATS = (".jsonl", ".json", ".csv", ".parquet")
_SAME = {".ndjson": ".jsonl"}


def format_of(out: Path) -> str:
    """The format that a file's suffix names: one of `FORMATS`. What is no regular file (a pipe, `/dev/stdout`) gets `.jsonl`.

    Raises:
        ConfigurationError: it names none, or one whose package is not installed.
    """
    suffix = out.suffix.lower()
    suffix = _SAME.get(suffix, suffix)
    if suffix not in FORMATS:
        if is_special(out):
            return ".jsonl"
        raise ConfigurationError(
            f"{suffix or 'a name without a suffix'} says no format",
            where=f"--out {out.name}",
            hint="The suffix says which: " + ", ".join(FORMATS),
        )
    if suffix == ".parquet":
        load_pyarrow()
    return suffix


class OutputFile:
    """A file of records. Until `commit` they are in `partial`, a file of the same name with `.part` after it.

    Args:
        out: Where the records go; what is there is replaced by `commit`, and not before.
        json_schema: In normal form; says the columns of `.csv` and `.parquet`.
        full: JSON of the whole record with all evidence, as `ExtractedRecord.from_dict` reads it.

    Raises:
        ConfigurationError: the suffix says no format, it cannot be written there, or another run is at it.
    """

    def __init__(self, out: Path, json_schema: Mapping[str, Any], *, full: bool = False) -> None:
        self._format = format_of(out)
        self._special = is_special(out)
        # Resolved, so that a symbolic link stays one; but /dev/stdout leads to what no path can name.
        self._out = out if self._special else Path(os.path.realpath(out))
        self.partial = self._out if self._special else self._out.with_name(self._out.name + ".part")
        self._columns = Columns(json_schema)
        self._full = full
        self.records = 0
        self._file = self._opened(out)
        self._writer: Writer = self._made()

    def write(self, records: Iterable[ExtractedRecord]) -> int:
        """Writes one document's records; how many there were."""
        count = 0
        with told(self._out):
            for record in records:
                self._writer.write(self._item(record))
                count += 1
            self._writer.flush()
        self.records += count
        return count

    def commit(self) -> None:
        """Puts the file in its place, whole.

        Raises:
            ConfigurationError: it cannot be written; what was there before still is.
        """
        with told(self._out):
            self._writer.close()
            if self._special:
                return
            self._file.flush()
            os.fsync(self._file.fileno())
            if self._out.exists():
                shutil.copymode(self._out, self.partial)
            self.partial.replace(self._out)
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Without `commit`: what was written stays in `partial`, readable; an empty one is removed."""
        if self._file.closed:
            return
        with suppress(OSError):  # a full disk was told already
            self._writer.close()
        if not self._special and not self.records:
            self.partial.unlink(missing_ok=True)
        with suppress(OSError):
            self._file.close()

    def _item(self, record: ExtractedRecord) -> Any:
        if self._format in (".csv", ".parquet"):
            return self._columns.row(record)
        return record.to_dict() if self._full else as_line(record)

    def _made(self) -> Writer:
        if self._format == ".jsonl":
            return JsonLines(self._file)
        if self._format == ".json":
            return JsonArray(self._file)
        return (Csv if self._format == ".csv" else Parquet)(self._file, self._columns)

    def _opened(self, out: Path) -> IO[bytes]:
        try:
            file = self.partial.open("wb" if self._special else "ab")
        except OSError as problem:
            raise ConfigurationError(
                f"cannot write there ({problem.strerror})",
                where=f"--out {out.name}",
                hint="Name a file that you may write",
            ) from None
        if not self._special:
            claim(file, self.partial, out)
            file.truncate(0)
        return file


def claim(file: IO[bytes], path: Path, out: Path) -> None:
    """Makes sure that no other run writes a file, now or under this name a moment ago; closes it otherwise.

    Args:
        file: It, open.
        path: Its path.
        out: What the user calls it.

    Raises:
        ConfigurationError: another run is at it.
    """
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(file.fileno()), path.stat()):
            return
    except (BlockingIOError, FileNotFoundError):
        pass
    except OSError:
        return  # a file system without locks
    file.close()
    raise ConfigurationError(
        "another run is writing this file",
        where=f"--out {out.name}",
        hint="Wait for it, or name another file",
    )


@contextmanager
def told(out: Path) -> Iterator[None]:
    """A disk that is full, or gone, as an error of this package; a closed pipe stays what it is."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise ConfigurationError(
            f"it cannot be written ({problem.strerror})",
            code="output_unwritable",
            where=f"--out {out.name}",
            hint="Make room and give the same command again: what was read is not read twice",
        ) from None


def is_special(out: Path) -> bool:
    """Whether this is there and no regular file: a pipe, a device, a folder."""
    try:
        return not stat.S_ISREG(out.stat().st_mode)
    except OSError:
        return False
