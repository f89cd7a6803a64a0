"""One entry of `field_metadata` <-> one `ExtractedField`; one citation of the wire <-> one `Citation`.

Services of several ages and kinds write these differently: `citation` or `citations`, one or a list, boxes as `{x, y, w, h}`, corners, lists or
polygons, pages as 2, 2.0 or "2". All are read; nothing raises; keys that have no attribute are kept in `extra`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from extract_bridge.core.records.clean import Oddities, cleaned, is_object
from extract_bridge.core.records.fields import (
    Box,
    Citation,
    ExtractedField,
    Match,
    PageSize,
    made_citation,
    made_field,
)

CONFIDENCES = ("confidence", "extraction_confidence", "parsing_confidence")
_CITATIONS = ("citation", "citations")
EVIDENCE_KEYS = frozenset((*CONFIDENCES, *_CITATIONS))
"""The keys of an entry that say where a value was read, and how sure."""
_FIELD_KEYS = frozenset((*EVIDENCE_KEYS, "reasoning", "raw_value"))
_QUOTES = ("matching_text", "quote", "text")
_BOXES = ("bounding_boxes", "bounding_box", "bbox")
_CITATION_KEYS = frozenset(("page", "page_dimensions", "match", *_QUOTES, *_BOXES))
_USUAL_KEYS = frozenset(("confidence", "citation"))
_USUAL_CITATION_KEYS = frozenset(("page", "matching_text"))
_BOX_KEYS = frozenset(_BOXES)
_MATCHES = frozenset(get_args(Match))
_POLYGON_NUMBERS = 6
# Beyond these a number is a mistake, and sums and products of boxes would leave the range of floats.
_LAST_PAGE = 10_000_000
_FARTHEST_POINT = 1e9


def read_field(pointer: str, value: Any, entry: Any, reasoning: str | None = None) -> ExtractedField:
    """A leaf with what `entry` says of it.

    Args:
        pointer: JSON pointer inside the record.
        value: The leaf's value.
        entry: Its entry, of whatever kind; what is no mapping says nothing.
        reasoning: Of the objects around it, for an entry that has none.
    """
    if not is_object(entry):
        return made_field(pointer, value, None, None, None, None, (), reasoning, {})
    confidence = entry.get("confidence")
    if type(confidence) is not float or not 0.0 <= confidence <= 1.0:
        confidence = confidence_of(confidence)
    # What most entries have is all that is looked at in most of them.
    if _USUAL_KEYS.issuperset(entry):
        return made_field(pointer, value, None, confidence, None, None, _read_citations(entry), reasoning, {})
    own, raw = entry.get("reasoning"), entry.get("raw_value")
    return made_field(
        pointer,
        value,
        raw if isinstance(raw, str) else None,
        confidence,
        confidence_of(entry.get("extraction_confidence")),
        confidence_of(entry.get("parsing_confidence")),
        _read_citations(entry),
        own if isinstance(own, str) else reasoning,
        {} if _FIELD_KEYS.issuperset(entry) else _extra(entry, _FIELD_KEYS),
    )


def write_field(field: ExtractedField, *, cite_sources: bool, confidence_scores: bool) -> dict[str, Any]:
    """The entry of a leaf, as the wire has it; only what is known and asked for."""
    entry: dict[str, Any] = dict(field.extra)
    if cite_sources and field.citations:
        entry["citation"] = [_write_citation(citation) for citation in field.citations]
    if confidence_scores:
        entry |= {name: getattr(field, name) for name in CONFIDENCES if getattr(field, name) is not None}
    if cite_sources and field.raw_value is not None:
        entry["raw_value"] = field.raw_value
    if field.reasoning is not None and (cite_sources or confidence_scores):
        entry["reasoning"] = field.reasoning
    return entry


def is_evidence(name: str, value: Any) -> bool:
    """Whether a key of `EVIDENCE_KEYS` holds evidence, and is not a property that happens to be called so."""
    if name in CONFIDENCES:
        return number_of(value) is not None
    items = value if isinstance(value, list) else [value]
    return bool(items) and all(
        isinstance(item, Mapping) and not _CITATION_KEYS.isdisjoint(item) for item in items
    )


def one_entry(entries: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Several entries of one value as one: every citation, and the least of the confidences."""
    if len(entries) == 1:
        return entries[0]
    merged = {name: value for entry in reversed(entries) for name, value in entry.items()}
    for name in CONFIDENCES:
        known = [value for entry in entries if (value := confidence_of(entry.get(name))) is not None]
        merged |= {name: min(known)} if known else {}
    places = [_listed(entry.get(name)) for entry in entries for name in _CITATIONS]
    merged.pop("citations", None)
    return {**merged, "citation": [item for found in places for item in found]}


def number_of(value: Any) -> float | None:
    """A finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:  # an integer beyond the range of floats
        return None
    return number if math.isfinite(number) else None


def confidence_of(value: Any) -> float | None:
    """A number from 0 to 1, or None."""
    if value is None:
        return None
    number = value if type(value) is float else number_of(value)
    return number if number is not None and 0.0 <= number <= 1.0 else None


def page_of(value: Any) -> int | None:
    """A page number from 1, however it was written, or None."""
    if type(value) is int and 1 <= value <= _LAST_PAGE:
        return value
    if isinstance(value, str):
        digits = value.strip()
        value = int(digits) if digits.isdecimal() and len(digits) <= len(str(_LAST_PAGE)) else None
    number = number_of(value)
    return int(number) if number is not None and 1 <= number <= _LAST_PAGE and number == int(number) else None


def match_of(value: Any) -> Match | None:
    """One of the words for how a quote carries its value, or None."""
    return cast("Match", value) if isinstance(value, str) and value in _MATCHES else None


def _point_of(value: Any) -> float | None:
    """A coordinate or length, or None."""
    number = number_of(value)
    return number if number is not None and abs(number) <= _FARTHEST_POINT else None


def _extra(item: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """What has no attribute here, as JSON; what JSON cannot hold is null without a word, for nobody asked for it."""
    extra: dict[str, Any] = cleaned(
        {key: value for key, value in item.items() if key not in known}, Oddities()
    )
    return extra


def _read_citations(entry: Mapping[str, Any]) -> tuple[Citation, ...]:
    found = entry.get("citation")
    if found is None:
        found = entry.get("citations")
    if found is None:
        return ()
    if type(found) is list and len(found) == 1 and type(found[0]) is dict:
        return (_read_citation(found[0]),)
    if is_object(found):
        return (_read_citation(found),)
    items = found if isinstance(found, Sequence) else ()
    return tuple([_read_citation(item) for item in items if is_object(item)])


def _read_citation(item: Mapping[str, Any]) -> Citation:
    quote = item.get("matching_text")
    if type(quote) is str and _USUAL_CITATION_KEYS.issuperset(item):
        return made_citation(page_of(item.get("page")), quote, (), None, None, {})
    size = item.get("page_dimensions")
    size = None if size is None else _read_size(size)
    boxes = item.get("bounding_boxes")
    if boxes is None and not _BOX_KEYS.isdisjoint(item):
        boxes = next((item[key] for key in _BOXES if item.get(key) is not None), None)
    if not isinstance(quote, str):
        quote = next((item[key] for key in _QUOTES if isinstance(item.get(key), str)), None)
    return made_citation(
        page_of(item.get("page")),
        quote,
        () if boxes is None else _read_boxes(boxes, size),
        size,
        match_of(item["match"]) if "match" in item else None,
        {} if _CITATION_KEYS.issuperset(item) else _extra(item, _CITATION_KEYS),
    )


def _write_citation(citation: Citation) -> dict[str, Any]:
    item: dict[str, Any] = dict(citation.extra)
    if citation.page is not None:
        item["page"] = citation.page
    if citation.quote is not None:
        item["matching_text"] = citation.quote
    if citation.boxes:
        item["bounding_boxes"] = [{"x": box.x, "y": box.y, "w": box.w, "h": box.h} for box in citation.boxes]
    if citation.page_size is not None:
        item["page_dimensions"] = {"width": citation.page_size.width, "height": citation.page_size.height}
    if citation.match is not None:
        item["match"] = citation.match
    return item


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _read_size(value: Any) -> PageSize | None:
    if not is_object(value):
        return None
    width, height = _point_of(value.get("width")), _point_of(value.get("height"))
    return PageSize(width, height) if width and height and width > 0 and height > 0 else None


def _read_boxes(value: Any, size: PageSize | None) -> tuple[Box, ...]:
    single = isinstance(value, Mapping) or (
        isinstance(value, Sequence) and bool(value) and all(_point_of(item) is not None for item in value)
    )
    items = (
        [value]
        if single
        else value
        if isinstance(value, Sequence) and not isinstance(value, str | bytes)
        else ()
    )
    return tuple(box for item in items if (box := _read_box(item, size)) is not None)


def _read_box(item: Any, size: PageSize | None) -> Box | None:
    corners = _corners(item)
    if corners is None:
        return None
    x0, y0, x1, y1 = corners
    if x1 < x0 or y1 < y0:
        return None
    if size is not None and max(corners) <= 1.0 and max(size.width, size.height) > 2.0:
        return Box(x0 * size.width, y0 * size.height, (x1 - x0) * size.width, (y1 - y0) * size.height)
    if isinstance(item, Mapping) and {"w", "h"} <= item.keys():
        return Box(x0, y0, float(item["w"]), float(item["h"]))
    return Box(x0, y0, x1 - x0, y1 - y0)


def _corners(item: Any) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of a box of any form."""
    if isinstance(item, Mapping):
        for names in (("x", "y", "w", "h"), ("x1", "y1", "x2", "y2"), ("x0", "y0", "x1", "y1")):
            numbers = [_point_of(item.get(name)) for name in names]
            if None not in numbers:
                a, b, c, d = (number or 0.0 for number in numbers)
                return (a, b, a + c, b + d) if names[2] == "w" else (a, b, c, d)
        return None
    if not isinstance(item, Sequence) or isinstance(item, str | bytes):
        return None
    flat = [
        _point_of(number) for point in item for number in (point if isinstance(point, Sequence) else (point,))
    ]
    values = [number for number in flat if number is not None]
    if len(values) != len(flat):
        return None
    if len(values) == 4 and all(not isinstance(point, Sequence) for point in item):
        return values[0], values[1], values[2], values[3]
    if len(values) >= _POLYGON_NUMBERS and len(values) % 2 == 0:
        return min(values[::2]), min(values[1::2]), max(values[::2]), max(values[1::2])
    return None
