"""An answer's bytes at any place of it, wherever they come from: memory, a file, or an open response that is spooled to one."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, Any, Protocol, Self

from extract_bridge.core.errors import APIError, APIStatusError, FileInputError, ResultError
from extract_bridge.core.limits import limit

if TYPE_CHECKING:
    from collections.abc import Iterator

_IN_MEMORY = 1024 * 1024  # bytes of a spooled answer; a longer one goes to disk
_PART = 256 * 1024
_TEXT = "Pass bytes, a pathlib.Path, a file opened with 'rb', or an open HTTP response"


class Body(Protocol):
    """Bytes that can be read anywhere, any number of times."""

    def read(self, offset: int, size: int) -> bytes:
        """`size` bytes from `offset`; fewer only at the end."""


def is_answer(source: Any) -> bool:
    """Whether `source` holds an answer's bytes, rather than being a job itself."""
    if isinstance(source, bytes | bytearray | memoryview | str | PurePath | Spool):
        return True
    if isinstance(source, Mapping) or hasattr(source, "extract_result"):  # our jobs have a `read` too
        return False
    return any(hasattr(source, name) for name in ("read", "iter_bytes"))


@contextmanager
def opened(source: Any) -> Iterator[Body]:
    """The bytes of `source`; what was opened or spooled for them is closed and deleted at the end.

    Args:
        source: Bytes; a path; a binary file, rewound where it can be; an open response, one with `iter_bytes`; or a `Spool`.

    Raises:
        FileInputError: it is none of these, or cannot be read.
        APIStatusError: the response has an error status.
        APIError: the answer is longer than the limit `max_answer_bytes`.
        ResultError: the response broke off.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        yield _Memory(source)
    elif isinstance(source, str | PurePath):
        with _file(source) as file:
            yield _Seekable(file)
    elif isinstance(source, Spool):
        yield source
    else:
        with Spool() as spool:
            for part in _parts(source):
                spool.write(part)
            yield spool


class _Memory:
    def __init__(self, content: bytes | bytearray | memoryview) -> None:
        self._view = memoryview(content).cast("B")

    def read(self, offset: int, size: int) -> bytes:
        return bytes(self._view[offset : offset + size])


class _Seekable:
    def __init__(self, file: Any) -> None:
        self._file = file

    def read(self, offset: int, size: int) -> bytes:
        self._file.seek(offset)
        content: bytes = self._file.read(size)
        return content


class Spool(_Seekable):
    """An answer that is still coming: what was written so far, in memory while it is small, else in a file without a name."""

    def __init__(self) -> None:
        super().__init__(tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - closed by `__exit__`
        self._left = limit("max_answer_bytes")

    def write(self, part: Any) -> None:
        """Add a part.

        Raises:
            FileInputError: it is not made of bytes.
            APIError: the answer is longer than the limit `max_answer_bytes`.
        """
        if not isinstance(part, bytes | bytearray | memoryview):
            raise FileInputError(f"the answer is made of {type(part).__name__}, not of bytes", hint=_TEXT)
        self._left -= len(part)
        if self._left < 0:
            raise APIError(
                f"the answer has more than {limit('max_answer_bytes')} bytes",
                code="answer_too_large",
                hint="Raise EXTRACT_BRIDGE_MAX_ANSWER_BYTES, or save the answer and pass its path",
            )
        self._file.write(part)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _file(path: str | PurePath) -> IO[bytes]:
    if isinstance(path, str) and ("://" in path or path.lstrip()[:1] in ("{", "[")):
        what = "a URL" if "://" in path else "JSON text"
        raise FileInputError(f"the answer is {what}, not a path", hint=_TEXT)
    where = PurePath(path).name
    try:
        return Path(path).open("rb")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise FileInputError(
            f"the answer's file cannot be read: {reason or 'its name is no path'}", where=where, hint=_TEXT
        ) from None


def _parts(source: Any) -> Iterator[Any]:
    if hasattr(source, "iter_bytes"):
        _require_success(source)
        parts = iter(source.iter_bytes())
    elif hasattr(source, "read"):
        if hasattr(source, "seekable") and source.seekable():
            source.seek(0)
        parts = iter(lambda: source.read(_PART) or None, None)
    else:
        raise FileInputError(f"a {type(source).__name__} holds no answer", hint=_TEXT)
    while True:
        try:
            part = next(parts)
        except StopIteration:
            return
        except Exception as error:  # HTTP libraries have errors of their own, and core knows none of them
            raise ResultError(
                f"the answer broke off ({type(error).__name__})",
                code="answer_broken",
                hint="Read the finished job again: that costs nothing",
            ) from error
        yield part


def _require_success(response: Any) -> None:
    status = getattr(response, "status_code", 200)
    if not 200 <= status < 300:
        kind = APIStatusError.class_for(status)
        raise kind(f"the response has the status {status}", status=status)
