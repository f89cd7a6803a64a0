"""The packed streams of a PDF are measured before the library unpacks one: 1.5 MB can ask for gigabytes.

It measures what is written plainly. What hides from it (a filter named elsewhere, an encrypted stream) meets the ceiling for memory that a
worker process has.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Final

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.archive import DEFLATE_MOST, HARMLESS, expands_too_far, inflated

if TYPE_CHECKING:
    from collections.abc import Iterator

_STREAM: Final = re.compile(rb"(?<!end)stream\r?\n")
_PACKED: Final = re.compile(rb"/Fl(?:ateDecode)?\b")
_UNREAD: Final = re.compile(rb"/Subtype\s{0,9}/Image\b|/EmbeddedFile\b")  # not unpacked in reading text
_HEAD: Final = 2000  # bytes before a stream in which its dictionary is looked for
_CHUNK: Final = 64 * 1024


def check_streams(data: bytes, name: str) -> None:
    """Refuses a PDF with a stream that unpacks too far.

    Raises:
        DocumentError: `too_large`.
    """
    small = HARMLESS // DEFLATE_MOST
    for found in _STREAM.finditer(data):
        head = data[max(0, found.start() - _HEAD) : found.start()]
        head = head[head.rfind(b" obj") + 1 :]
        times = len(_PACKED.findall(head))
        if not times or _UNREAD.search(head):
            continue
        end = data.find(b"endstream", found.end())
        end = len(data) if end < 0 else end
        if times > 1 or end - found.end() > small:
            _check(data, found.end(), end, times, name)


def _check(data: bytes, start: int, end: int, times: int, name: str) -> None:
    size = 0
    pieces: Iterator[bytes] = (data[at : min(at + _CHUNK, end)] for at in range(start, end, _CHUNK))
    for _ in range(times):
        pieces = inflated(pieces, zlib.MAX_WBITS)
    for piece in pieces:
        size += len(piece)
        if expands_too_far(end - start, size):
            raise DocumentError(
                f"a stream of the PDF unpacks to {size} bytes or more",
                code="too_large",
                where=name,
                hint="Print it to a new PDF; EXTRACT_BRIDGE_MAX_EXPANDED_BYTES and …_RATIO are the limits",
            )
