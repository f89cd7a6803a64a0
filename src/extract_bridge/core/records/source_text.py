"""`content="source"`: the page text of the job's own parse as the text, and where in it each value was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.records.clean import encodable
from extract_bridge.core.records.renderings import scalar_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract_bridge.core.records.fields import ExtractedField
    from extract_bridge.core.records.model import ExtractedRecord
    from extract_bridge.core.records.parts import Part
    from extract_bridge.core.records.renderings import Spans

_BETWEEN = "\n\n"


def source_text(
    record: ExtractedRecord, part: Part, page_texts: Mapping[int, str] | None
) -> tuple[str, Spans]:
    """The text of the pages that a part of a record lies on, and the span of each value that is found there.

    A whole `per_doc` record has every page. A value is looked for inside its quote, and where the quote is not to be found or stands there more
    than once, by itself; only a value that stands there once, and is no part of a longer word or number, gets a span.

    Args:
        record: The record.
        part: It, or a page, row or field of it.
        page_texts: Text of each page of the parse job, 1-based.

    Raises:
        ConfigurationError: there are no texts.
    """
    if page_texts is None:
        raise ConfigurationError(
            'content="source" needs the text of the parse job',
            where="content",
            hint='Use a loader or reader, which fetches it, give page_texts=, or use content="lines"',
        )
    pages = sorted(page_texts) if _is_whole(record, part) else _pages_of(record, part)
    starts: dict[int, int] = {}
    pieces: list[str] = []
    length = 0
    for page in pages:
        text = encodable(page_texts.get(page, ""))
        if pieces:
            length += len(_BETWEEN)
        starts[page] = length
        pieces.append(text)
        length += len(text)
    by_page = dict(zip(pages, pieces, strict=True))
    spans: Spans = {}
    for field in part.fields:
        found = _found(field, by_page, starts) if field.value is not None else None
        if found is not None:
            spans[field.pointer] = found
    return _BETWEEN.join(pieces), spans


def _is_whole(record: ExtractedRecord, part: Part) -> bool:
    return record.extraction_target == "per_doc" and not part.unit


def _pages_of(record: ExtractedRecord, part: Part) -> list[int]:
    pages = {citation.page for field in part.fields for citation in field.citations if citation.page}
    if not pages and record.page is not None:
        pages = {record.page}
    return sorted(pages)


def _found(
    field: ExtractedField, texts: Mapping[int, str], starts: Mapping[int, int]
) -> tuple[int, int] | None:
    shown = [encodable(text) for text in (field.raw_value, scalar_text(field.value)) if text]
    for citation in field.citations:
        page = citation.page
        if page is None or page not in texts:
            continue
        text, quote = texts[page], encodable(citation.quote or "")
        at = _once(text, quote)
        place = (
            _inside(text[at : at + len(quote)], shown, whole=True)
            if at >= 0
            else _inside(text, shown, whole=False)
        )
        if place is not None:
            begin = starts[page] + max(at, 0)
            return begin + place[0], begin + place[1]
    return None


def _inside(text: str, shown: list[str], *, whole: bool) -> tuple[int, int] | None:
    """Where one of the forms of a value stands exactly once; else all of a quote, for the value was read from it."""
    for form in shown:
        at = _once(text, form)
        if at >= 0:
            return at, at + len(form)
    return (0, len(text)) if whole else None


def _once(text: str, form: str) -> int:
    """Where a form stands in a text as words or a number of their own; -1 unless it does so exactly once."""
    found = -1
    at = text.find(form) if form else -1
    while at >= 0:
        if not _goes_on(text, at) and not _goes_on(text, at + len(form)):
            if found >= 0:
                return -1
            found = at
        at = text.find(form, at + 1)
    return found


def _goes_on(text: str, at: int) -> bool:
    """Whether a place lies inside a word or number: a 5 is not read from 15.00. Scripts without capitals write words without spaces."""
    around = text[max(at - 1, 0) : at + 1] if at else ""
    if len(around) < 2:
        return False
    if all(char.isdigit() or char.lower() != char.upper() for char in around):
        return True
    near = text[max(at - 2, 0) : at + 2]
    return any(
        near[i].isdigit() and near[i + 1] in ".," and near[i + 2].isdigit() for i in range(len(near) - 2)
    )


def page_texts_of(parse: Any) -> dict[int, str]:
    """The text of each page, from what `parsing.get(parse_job_id, expand=["text"])` answers; pages that failed are left out."""
    text = parse.get("text") if hasattr(parse, "get") else getattr(parse, "text", None)
    pages = text.get("pages") if isinstance(text, dict) else getattr(text, "pages", None)
    found: dict[int, str] = {}
    for place, page in enumerate(pages or (), start=1):
        said = page if isinstance(page, dict) else getattr(page, "__dict__", {})
        number, words = said.get("page_number", place), said.get("text")
        if isinstance(number, int) and isinstance(words, str) and said.get("success") is not False:
            found[number] = words
    return found
