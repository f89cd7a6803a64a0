"""What kind of document some bytes are: their content decides, the name only where the content leaves it open."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import Literal

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.archive import check_entries
from extract_bridge.parse.wide import wide_encoding

Kind = Literal["pdf", "image", "xlsx", "docx", "html", "eml", "csv", "markdown", "text"]

MEDIA_TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "eml": "message/rfc822",
    "csv": "text/csv",
    "markdown": "text/markdown",
    "text": "text/plain",
}
READABLE = "PDF, DOCX, XLSX, HTML, Markdown, CSV, TSV, EML or plain text"

_IMAGES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_BY_SUFFIX: dict[str, Kind] = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".eml": "eml",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".md": "markdown",
    ".markdown": "markdown",
}
_NOT_TEXT = frozenset(
    (".pdf", ".docx", ".xlsx", ".xlsm", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".webp")
)
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?\n")
_MAIL_FIELD = re.compile(
    rb"^(?:from|received|return-path|message-id|mime-version):", re.IGNORECASE | re.MULTILINE
)


def kind_of(data: bytes, name: str) -> Kind:
    """The kind of document.

    Args:
        data: The whole document.
        name: File name; its suffix tells apart what looks alike, such as CSV and plain text.

    Raises:
        DocumentError: `empty_file`, `unsupported_type`, `encrypted` (an office file with a password), `too_large` (an
            archive of too many entries), or `broken` (the name promises a PDF or office file and the content is something else that cannot be read as such).
    """
    if not data.strip():
        raise DocumentError(
            "the file is empty", code="empty_file", where=name, hint="Send a file with content"
        )
    head = data[:1024]
    if head.lstrip().startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(tuple(_IMAGES)) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "image"
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(data, name)
    if head.startswith(_OLE):
        raise _old_office_error(data, name)
    suffix = PurePosixPath(name.lower()).suffix
    if b"%PDF-" in head and suffix == ".pdf":
        return "pdf"
    return _text_kind(data, suffix, name)


def image_type(data: bytes) -> str:
    """The media type of an image; WebP where no other sign is known."""
    return next((kind for sign, kind in _IMAGES.items() if data.startswith(sign)), "image/webp")


def _office_kind(data: bytes, name: str) -> Kind:
    check_entries(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise _broken(name) from None
    if "word/document.xml" in members:
        return "docx"
    if "xl/workbook.xml" in members:
        return "xlsx"
    raise _unsupported("an archive or an office format that is not read", name)


def _old_office_error(data: bytes, name: str) -> DocumentError:
    if _ENCRYPTED_OFFICE in data:
        return DocumentError(
            "the document is encrypted",
            code="encrypted",
            where=name,
            hint="Save a copy without a password and send that",
        )
    return _unsupported("an office format of before 2007", name)


def _text_kind(data: bytes, suffix: str, name: str) -> Kind:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff")) or wide_encoding(data) is not None
    if suffix in _NOT_TEXT:
        raise _broken(name)
    if not wide and b"\x00" in data[:65536]:
        raise _unsupported("no document format that is known", name)
    sample = data[:8192].removeprefix(b"\xef\xbb\xbf")
    if suffix in _BY_SUFFIX and not _HTML.match(sample):
        return _BY_SUFFIX[suffix]
    if _HTML.match(sample):
        return "html"
    if _MAIL.match(sample.replace(b"\r\n", b"\n")) and _MAIL_FIELD.search(sample):
        return "eml"
    return "text"


def _broken(name: str) -> DocumentError:
    return DocumentError(
        "the content is not what the file's name says, or it is damaged",
        code="broken",
        where=name,
        hint=f"Send the original {READABLE} file",
    )


def _unsupported(what: str, name: str) -> DocumentError:
    return DocumentError(
        f"this is {what}", code="unsupported_type", where=name, hint=f"Convert it to {READABLE}"
    )
