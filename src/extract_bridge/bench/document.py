"""One document of a benchmark: its bytes, what is asked of it, and the true answer with its places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract_bridge.core.records.fields import Box


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is printed: one page, and a box around its words on each of its lines.

    Attributes:
        page: 1-based.
        boxes: In points from the top left corner of the page as it is shown.
    """

    page: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchDocument:
    """A document whose truth is known.

    Attributes:
        name: File name, unique in its corpus.
        content: The bytes.
        data_schema: What to ask for.
        extraction_target: `per_doc`, `per_page` or `per_table_row`.
        expected: The true result: an object for `per_doc`, else a list of objects. A null in it says that the document
            does not have this value, so that any answer is a false one.
        places: RFC 6901 pointer into `expected` -> every place that states the value. Empty where nobody knows.
        layout: Which layout drew it, or `folder`.
        language: Its language's code, or empty.
    """

    name: str
    content: bytes = field(repr=False)
    data_schema: Mapping[str, Any] = field(repr=False)
    expected: Any = field(repr=False)
    extraction_target: str = "per_doc"
    places: Mapping[str, tuple[Place, ...]] = field(default_factory=dict, repr=False)
    layout: str = "folder"
    language: str = ""
