"""What an office file's archive says it will become is checked before anything opens it."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from extract_bridge.core.errors import DocumentError

_MOST_ENTRIES: Final = 20_000
_MOST_BYTES: Final = 512 * 1024 * 1024
# Repetitive sheets reach about 100; Deflate itself ends near 1,032.
_MOST_RATIO: Final = 300
_SMALL: Final = 16 * 1024 * 1024


def check_archive(data: bytes, name: str) -> None:
    """Refuses an archive with too many entries, or one that expands too far; what is no archive passes.

    Raises:
        DocumentError: `too_large`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = [entry.file_size for entry in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return
    expanded = sum(sizes)
    if (
        len(sizes) > _MOST_ENTRIES
        or expanded > _MOST_BYTES
        or expanded > max(_SMALL, _MOST_RATIO * len(data))
    ):
        raise DocumentError(
            f"its archive would expand to {expanded} bytes in {len(sizes)} entries",
            code="too_large",
            where=name,
            hint="Save it again in its own program, or split it, and send that",
        )
