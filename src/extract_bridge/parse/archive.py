"""What an office file's archive becomes is checked before anything opens it: by what it says, and by what it does.

An archive's directory can lie about sizes, and a sheet of a few hundred bytes can span 17 thousand million cells.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from extract_bridge.core.errors import DocumentError
from extract_bridge.core.limits import limit
from extract_bridge.parse.canvas import check_extent

if TYPE_CHECKING:
    from collections.abc import Iterator

HARMLESS: Final = 16 * 1024 * 1024
"""Bytes that may come out of whatever size."""

DEFLATE_MOST: Final = 1032
"""Deflate expands no further."""

_ENTRY: Final = b"PK\x01\x02"
_LOCAL: Final = struct.Struct("<26xHH")  # lengths of the name and of the extra field, before an entry's data
_ENCRYPTED: Final = 0x1
_CHUNK: Final = 64 * 1024
_SHEET: Final = re.compile(r"xl/worksheets/[^/]{1,200}\.xml", re.IGNORECASE)
_PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})?([0-9]{1,7})"')  # of a row, or of a cell
_LONGEST_PLACE: Final = len(b' r="XFD1048576"')


def expands_too_far(packed: int, unpacked: int) -> bool:
    """Whether so many bytes become too many: the limits `max_expanded_bytes` and `max_expanded_ratio`."""
    if unpacked > limit("max_expanded_bytes"):
        return True
    return unpacked > max(HARMLESS, limit("max_expanded_ratio") * packed)


def inflated(pieces: Iterator[bytes], wbits: int) -> Iterator[bytes]:
    """What compressed pieces become, never more than 64 kB at once; ends where they are damaged."""
    unpacker = zlib.decompressobj(wbits)
    for piece in pieces:
        while piece and not unpacker.eof:
            try:
                yield unpacker.decompress(piece, _CHUNK)
            except zlib.error:
                return
            piece = unpacker.unconsumed_tail


def check_entries(data: bytes, name: str) -> None:
    """Refuses an archive of too many entries without reading its directory.

    Raises:
        DocumentError: `too_large`.
    """
    entries = data.count(_ENTRY)
    if entries > limit("max_archive_entries"):
        raise _too_large(f"its archive holds {entries} entries", name)


def check_archive(data: bytes, name: str) -> None:
    """Refuses an archive that expands too far, that holds encrypted entries, or whose sheets span too many cells.

    What is no archive passes: whoever opens it says so.

    Raises:
        DocumentError: `too_large`, or `encrypted`.
    """
    check_entries(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise DocumentError(
            "the document is encrypted",
            code="encrypted",
            where=name,
            hint="Save a copy without a password and send that",
        )
    _check_size(sum(entry.file_size for entry in entries), data, name)
    if DEFLATE_MOST * sum(entry.compress_size for entry in entries) > HARMLESS:
        size = 0
        for entry in entries:
            for piece in _content(data, entry):
                size += len(piece)
                _check_size(size, data, name)
    for entry in entries:
        if _SHEET.fullmatch(entry.filename):
            _check_sheet(_content(data, entry))


def _check_size(unpacked: int, data: bytes, name: str) -> None:
    if expands_too_far(len(data), unpacked):
        raise _too_large(f"its archive expands to {unpacked} bytes or more", name)


def _too_large(message: str, name: str) -> DocumentError:
    return DocumentError(
        message,
        code="too_large",
        where=name,
        hint="Save it again in its own program, or split it, and send that",
    )


def _content(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """An entry's content as it unpacks, whatever size is stated."""
    head = data[entry.header_offset : entry.header_offset + _LOCAL.size]
    if len(head) < _LOCAL.size:
        return
    start = entry.header_offset + _LOCAL.size + sum(_LOCAL.unpack(head))
    packed = memoryview(data)[start : start + entry.compress_size]
    pieces = (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
    yield from inflated(pieces, -zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else pieces


def _check_sheet(content: Iterator[bytes]) -> None:
    """Refuses a sheet whose last row times its last column is too much: readers lay out every cell between."""
    rows = columns = 0
    rest = b""
    for piece in content:
        text = rest + piece
        for found in _PLACE.finditer(text):
            rows = max(rows, int(found[2]))
            columns = max(columns, _column(found[1] or b""))
        rest = text[-_LONGEST_PLACE:]
    check_extent(rows, columns)


def _column(letters: bytes) -> int:
    """`A` is 1, `AA` is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
