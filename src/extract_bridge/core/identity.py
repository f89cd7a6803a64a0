"""Canonical JSON, digests and stable ids: the one place where something is given a name from its content."""

from __future__ import annotations

import hashlib
import json
import posixpath
import uuid
from pathlib import Path, PurePath
from typing import Any

_NAMESPACE = uuid.UUID("b3f6a1de-6c0b-5a6e-9f0a-3f2c6b7d1e55")
_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode  # made once: making it takes as long as a small record
_SEPARATOR = "\x1f"  # stands in no path, title or pointer


def canonical_json(value: Any) -> str:
    """`value` as JSON text that is the same for equal values: sorted keys, no spaces, no NaN.

    Raises:
        ValueError: `value` holds NaN or an infinity.
        TypeError: `value` is not made of JSON types.
    """
    return _encode(value)


def sha256_hex(content: bytes | str) -> str:
    """SHA-256 of bytes, or of text in UTF-8, as 64 hex digits. Lone surrogates are kept apart, not refused."""
    return hashlib.sha256(
        content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    ).hexdigest()


def stable_uuid(*parts: str) -> str:
    """UUIDv5 of the parts, in this package's own namespace."""
    joined = _SEPARATOR.join(parts).encode("utf-8", "surrogatepass")
    digest = hashlib.sha1(_NAMESPACE.bytes + joined, usedforsecurity=False).hexdigest()
    variant = "89ab"[
        int(digest[16], 16) & 3
    ]  # RFC 9562; written out, for uuid.UUID takes longer than the rest of a row's id
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


def record_id(source_id: str, schema_name: str, extraction_target: str, unit: str) -> str:
    """The id that says which thing a record is; the same for an edited file, another job or tier.

    Args:
        source_id: Where the document came from, see `source_id_of`.
        schema_name: The schema's name, see `schema_name_of`.
        extraction_target: `per_doc`, `per_page` or `per_table_row`.
        unit: `""` for a document, `page:3`, `row:12`, or a JSON pointer below one of these.
    """
    return stable_uuid(source_id, schema_name, extraction_target, unit)


def schema_name_of(data_schema: Any, name: str | None = None) -> str:
    """`name` if given, else the schema's title, else `schema_` and 8 hex digits of the canonical schema."""
    if name:
        return name
    if isinstance(data_schema, dict):
        title = data_schema.get("title")
        if isinstance(title, str) and title.strip():
            return title.strip()
        return f"schema_{sha256_hex(canonical_json(data_schema))[:8]}"
    return "schema_unknown"


def source_id_of(source: str | PurePath | bytes) -> str:
    """The default `source_id` of what a caller handed in.

    A path in normalised posix form (`./a` is `a`, never made absolute), a URI or file id as it is, `sha256:…` for bare bytes.
    """
    if isinstance(source, bytes):
        return f"sha256:{sha256_hex(source)}"
    if isinstance(source, PurePath):
        return posixpath.normpath(source.as_posix())
    if "://" in source:
        return source
    return posixpath.normpath(Path(source).as_posix())
