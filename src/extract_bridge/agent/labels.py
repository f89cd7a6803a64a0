"""Where a text comes from, as a model can repeat it: `[acme.pdf p.2]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.agent.text import clean_text
from extract_bridge.core.records.citations import Row, decode_rows
from extract_bridge.core.records.evidence import page_of
from extract_bridge.core.records.placing import span_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def label_of(metadata: Mapping[str, Any]) -> str:
    """The label of a text as a whole: its file, and the pages of its evidence where they are known."""
    return _label(_name_of(metadata), metadata.get("page_label"))


def labelled(text: str, metadata: Mapping[str, Any]) -> str:
    """A text for a prompt, below its label. Where its evidence lies on several pages, each line that shows a value has that value's label."""
    inline, _ = with_inline_labels(text, metadata)
    return f"{label_of(metadata)}\n{clean_text(inline)}"


def with_inline_labels(text: str, metadata: Mapping[str, Any]) -> tuple[str, list[Row]]:
    """A text whose evidence lies on several pages, with a label behind each line that shows a value, and its citations moved along.

    Returns:
        The text, and its citation rows with the spans that they have in it.
    """
    rows = decode_rows(metadata)
    shown = str(metadata.get("page_label", ""))
    if "," not in shown and "-" not in shown:
        return text, rows
    pages: dict[int, set[int]] = {}
    for row in rows:
        span, page = span_of(row), page_of(row.get("page"))
        if span is not None and page is not None and span[1] <= len(text):
            end = text.find("\n", span[1])
            pages.setdefault(len(text) if end < 0 else end, set()).add(page)
    name = _name_of(metadata)
    labels = {end: f" {_label(name, ','.join(map(str, sorted(found))))}" for end, found in pages.items()}
    for end in sorted(labels, reverse=True):
        text = f"{text[:end]}{labels[end]}{text[end:]}"
    return text, [_moved(row, labels) for row in rows]


def _moved(row: Row, labels: Mapping[int, str]) -> Row:
    span = span_of(row)
    if span is None:
        return row
    start, end = (place + sum(len(label) for at, label in labels.items() if at < place) for place in span)
    return {**row, "span": [start, end]}


def _name_of(metadata: Mapping[str, Any]) -> str:
    name = (
        metadata.get("file_name")
        or str(metadata.get("source") or "document").replace("\\", "/").rpartition("/")[2]
    )
    return clean_text(str(name)).replace("[", "(").replace("]", ")").replace("\n", " ")


def _label(name: str, pages: Any) -> str:
    return f"[{name} p.{pages}]" if pages else f"[{name}]"
