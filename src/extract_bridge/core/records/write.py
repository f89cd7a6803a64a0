"""Records -> the wire: `extract_result` and `field_metadata`. The mirror of `read`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import ResultError
from extract_bridge.core.records.clean import escape
from extract_bridge.core.records.evidence import write_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from extract_bridge.core.records.model import ExtractedField, ExtractedRecord

METADATA_KEYS = {"per_doc": "document_metadata", "per_page": "page_metadata", "per_table_row": "row_metadata"}
"""Where `field_metadata` keeps the entries of each extraction target."""

DETAILS_KEY = "record_details"
"""Ours: what the wire has no place for (page, row, warnings), one object a record."""

# Escaped to ASCII: a lone surrogate from a broken font must not make an answer unstorable.
_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def write_records(
    records: Sequence[ExtractedRecord],
    *,
    extraction_target: str,
    cite_sources: bool = True,
    confidence_scores: bool = True,
) -> tuple[Any, dict[str, Any] | None]:
    """`extract_result` and `field_metadata` of a job.

    Args:
        records: One for `per_doc`, else one a page or row.
        extraction_target: Decides whether the result is an object or a list, and where the metadata goes.
        cite_sources: Write where values were read.
        confidence_scores: Write how sure they are.

    Returns:
        The result, and its metadata; None for the latter where neither citations nor confidences are wanted.
    """
    results = [record.data for record in records]
    entries = [
        _entries(
            record.data,
            record.fields,
            "",
            {"cite_sources": cite_sources, "confidence_scores": confidence_scores},
        )
        for record in records
    ]
    single = extraction_target == "per_doc"
    result: Any = (results[0] if results else None) if single else results
    if not (cite_sources or confidence_scores):
        return result, None
    metadata: dict[str, Any] = dict.fromkeys(METADATA_KEYS.values())
    metadata[METADATA_KEYS[extraction_target]] = (entries[0] if entries else None) if single else entries
    metadata[DETAILS_KEY] = [_details(record) for record in records]
    return result, metadata


def dump_records(
    records: Iterable[ExtractedRecord],
    *,
    extraction_target: str,
    cite_sources: bool = True,
    confidence_scores: bool = True,
) -> tuple[bytearray, bytearray]:
    """What `write_records` gives, as JSON text in ASCII, each record and each item of a list written before the next is asked for.

    Args:
        records: One for `per_doc`, else one a page or row; none of them is kept.
        extraction_target: As in `write_records`.
        cite_sources: As in `write_records`.
        confidence_scores: As in `write_records`.

    Returns:
        The result and its metadata; `null` for the latter where neither citations nor confidences are wanted.

    Raises:
        ResultError: A value is NaN or an infinity.
    """
    single = extraction_target == "per_doc"
    asked = {"cite_sources": cite_sources, "confidence_scores": confidence_scores}
    told = any(asked.values())
    opening, closing = ("", b"") if single else ("[", b"]")
    mine = METADATA_KEYS[extraction_target]
    others = "".join(f'"{name}":null,' for name in METADATA_KEYS.values() if name != mine)
    result, details = bytearray(opening.encode()), bytearray()
    metadata = bytearray(f'{{{others}"{mine}":{opening}'.encode())
    comma = b""
    for record in islice(records, 1) if single else records:
        result += comma + _text(record.data).encode()
        details += comma + _text(_details(record)).encode()
        metadata += comma
        for piece in _entry_texts(record.data, record.fields, "", asked) if told else ():
            metadata += piece.encode()
        comma = b","
    missing = b"null" if single and not comma else closing
    result += missing
    metadata += missing + f',"{DETAILS_KEY}":['.encode()
    metadata += details
    metadata += b"]}"
    return result, metadata if told else bytearray(b"null")


def _text(value: Any) -> str:
    try:
        return _encode(value)
    except ValueError:
        raise ResultError("a record holds a number that JSON cannot hold") from None


def _entry_texts(
    data: Any, fields: Mapping[str, ExtractedField], pointer: str, asked: dict[str, bool]
) -> Iterator[str]:
    """The text of `_entries` in pieces: leaves, and items of lists."""
    if isinstance(data, Mapping):
        comma = "{"
        for name, value in data.items():
            yield f"{comma}{_text(str(name))}:"
            yield from _entry_texts(value, fields, f"{pointer}/{escape(str(name))}", asked)
            comma = ","
        yield "}" if data else "{}"
    elif isinstance(data, list):
        yield "["
        for index, value in enumerate(data):
            yield ("," if index else "") + _text(_entries(value, fields, f"{pointer}/{index}", asked))
        yield "]"
    else:
        yield _text(_entries(data, fields, pointer, asked))


def _entries(data: Any, fields: Mapping[str, ExtractedField], pointer: str, asked: dict[str, bool]) -> Any:
    if isinstance(data, Mapping):
        return {
            name: _entries(value, fields, f"{pointer}/{escape(str(name))}", asked)
            for name, value in data.items()
        }
    if isinstance(data, list):
        return [_entries(value, fields, f"{pointer}/{index}", asked) for index, value in enumerate(data)]
    field = fields.get(pointer)
    return (write_field(field, **asked) if field is not None else None) or None


def _details(record: ExtractedRecord) -> dict[str, Any]:
    details = {
        "page": record.page,
        "row": record.row,
        "row_key": record.row_key,
        "warnings": list(record.warnings),
        **record.extra,
    }
    return {key: value for key, value in details.items() if value not in (None, [])}
