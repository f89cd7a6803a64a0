"""An answer against the truth: every value, its page, its boxes, and how sure the service was of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from extract_bridge.bench.scoring.align import pair
from extract_bridge.bench.scoring.boxes import overlap
from extract_bridge.bench.scoring.compare import same

if TYPE_CHECKING:
    from extract_bridge.bench.document import BenchDocument, Place
    from extract_bridge.core.records.fields import ExtractedField
    from extract_bridge.core.records.model import ExtractedRecord

_OVERLAP = 0.5
"""Shared area over joined area from which a value's box is right."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One value of the truth, or one of the answer that the truth has no place for.

    Attributes:
        pointer: Into the truth; empty for what it has no place for.
        wanted: The truth has a value here.
        given: The answer has one.
        right: Both, and they are the same.
        page_right: The answer is right and cites a page that states it; None where the truth names no page.
        box_right: The same for the boxes.
        confidence: Of the answer, 0..1; None where it has none.
        found: The answer's own field.
        truth: The value that the truth has.
    """

    pointer: str
    wanted: bool
    given: bool
    right: bool = False
    page_right: bool | None = None
    box_right: bool | None = None
    confidence: float | None = None
    found: ExtractedField | None = None
    truth: Any = field(default=None, repr=False)


def judge(document: BenchDocument, records: Sequence[ExtractedRecord]) -> list[Verdict]:
    """The verdicts on one document.

    Args:
        document: With its truth.
        records: What the service answered; none where it failed.
    """
    if document.extraction_target == "per_doc":
        record = records[0] if records else None
        return list(_walk(document, document.expected, record.data if record else None, record, "", ""))
    answers = [record.data for record in records]
    return list(_rows(document, document.expected, answers, "", [(record, "") for record in records]))


def _walk(
    document: BenchDocument,
    truth: Any,
    answer: Any,
    record: ExtractedRecord | None,
    pointer: str,
    inside: str,
) -> Iterator[Verdict]:
    """`pointer` is the place in the truth, `inside` the one in the record."""
    if isinstance(truth, Mapping):
        answers = answer if isinstance(answer, Mapping) else {}
        for name, value in truth.items():
            step = "/" + str(name).replace("~", "~0").replace("/", "~1")
            yield from _walk(document, value, answers.get(name), record, pointer + step, inside + step)
    elif isinstance(truth, list):
        rows = answer if isinstance(answer, list) else []
        yield from _rows(
            document, truth, rows, pointer, [(record, f"{inside}/{at}") for at in range(len(rows))]
        )
    else:
        yield _leaf(document, truth, answer, record.fields.get(inside) if record else None, pointer)


def _rows(
    document: BenchDocument,
    truth: Sequence[Any],
    answer: Sequence[Any],
    pointer: str,
    homes: Sequence[tuple[ExtractedRecord | None, str]],
) -> Iterator[Verdict]:
    pairs = dict(pair(truth, answer))
    for at, value in enumerate(truth):
        to = pairs.get(at)
        record, inside = homes[to] if to is not None else (None, "")
        yield from _walk(
            document, value, answer[to] if to is not None else None, record, f"{pointer}/{at}", inside
        )
    known = {name for value in truth if isinstance(value, Mapping) for name in value}
    paired = set(pairs.values())
    for to, value in enumerate(answer):
        if to not in paired:
            record, inside = homes[to]
            yield from _surplus(value, known, record, inside)


def _surplus(value: Any, known: set[str], record: ExtractedRecord | None, inside: str) -> Iterator[Verdict]:
    """Values of a row that the truth does not have; names that the truth never speaks of are nobody's business."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if not known or name in known:
                yield from _surplus(item, set(), record, f"{inside}/{name}")
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _surplus(item, set(), record, f"{inside}/{at}")
    elif value is not None:
        found = record.fields.get(inside) if record else None
        yield Verdict(
            "", wanted=False, given=True, confidence=found.confidence if found else None, found=found
        )


def _leaf(
    document: BenchDocument, truth: Any, answer: Any, found: ExtractedField | None, pointer: str
) -> Verdict:
    wanted, given = truth is not None, answer is not None and answer not in ("", [], {})
    right = wanted and given and same(truth, answer)
    places = document.places.get(pointer, ()) if wanted else ()
    return Verdict(
        pointer,
        wanted,
        given,
        right,
        page_right=(right and _cites_page(found, places)) if places else None,
        box_right=(right and _cites_box(found, places)) if places else None,
        confidence=found.confidence if found and given else None,
        found=found if given else None,
        truth=truth,
    )


def _cites_page(found: ExtractedField | None, places: Sequence[Place]) -> bool:
    pages = {citation.page for citation in found.citations} if found else set()
    return any(place.page in pages for place in places)


def _cites_box(found: ExtractedField | None, places: Sequence[Place]) -> bool:
    return found is not None and any(
        citation.page == place.page and overlap(citation.boxes, place.boxes) >= _OVERLAP
        for citation in found.citations
        for place in places
    )
