"""What an agent's tool call gives back: JSON for the model, kept short, and an artifact with all evidence for the program.

The model's JSON is always valid and never longer than asked. When it would be, evidence goes first, then data is cut on a
row or field boundary, and `truncated` says where it goes on. Text that came out of a document loses the characters that
a reader would not see; the artifact keeps them.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.agent.artifact import records_artifact
from extract_bridge.agent.text import clean_text, is_clean, shorten
from extract_bridge.agent.tree import LeafPath, build, leaves, pointer, row_start
from extract_bridge.core.identity import sha256_hex

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from extract_bridge.core.records.model import ExtractedField, ExtractedRecord

EvidenceShown = Literal["all", "review", "none"]
MIN_CONTENT_CHARS = 1000
_QUOTE_CHARS = 200
_WARNING_CHARS = 300
_POINTER_CHARS = 120
_READ_ON_CHARS = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStyle:
    """How an answer is written.

    Attributes:
        evidence: Page, confidence and quote of every value, of those to review, or none.
        max_content_chars: Length of the model's JSON at most, in characters; never below `MIN_CONTENT_CHARS`.
        min_confidence: A value below it is to be reviewed; 0..1.
        required: Pointer patterns of required fields, `*` for any index; a null there is to be reviewed.
        read_on: What the model may do to see what was cut.
        max_artifact_chars: Length of the artifact's records as JSON at most.
    """

    evidence: EvidenceShown = "all"
    max_content_chars: int = 8000
    min_confidence: float = 0.8
    required: Collection[str] = ()
    read_on: str = ""
    max_artifact_chars: int = 1_000_000

    @property
    def most(self) -> int:
        """The length in force."""
        return max(self.max_content_chars, MIN_CONTENT_CHARS)


@dataclass(frozen=True, slots=True)
class Answer:
    """Text for the model, and plain JSON for the program."""

    content: str
    artifact: dict[str, Any]


def finished_answer(
    job: Any, records: Sequence[ExtractedRecord], style: AnswerStyle, *, document: str
) -> Answer:
    """The answer of a completed job.

    Args:
        job: An `ExtractV2Job`.
        records: What `records_from_job` made of it.
        style: How to write it.
        document: The name the model used.
    """
    head = _head(job, records)
    warnings = list(dict.fromkeys(text for record in records for text in record.warnings))
    return Answer(
        _Content(head, records, warnings, style).text(),
        {
            **head,
            "document": document,
            "warnings": warnings,
            **records_artifact(records, style.max_artifact_chars),
        },
    )


def pending_answer(job: Any, *, seconds: float, document: str) -> Answer:
    """The answer while the job still runs: no error, and what to do."""
    body = {
        **_head(job, ()),
        "data": None,
        "next": f"Still running after {seconds:g} s. Nothing is lost: make the same call again to get the result.",
    }
    return Answer(_dumps(body), {**body, "document": document, "records": []})


def pointer_pattern(path: LeafPath) -> str:
    """The pointer with `*` for each index."""
    return pointer(["*" if isinstance(part, int) else part for part in path])


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One value as it will be shown: its path and value cleaned, its evidence, and why to review it."""

    path: LeafPath
    value: Any
    evidence: dict[str, Any]
    reason: str | None

    @property
    def pointer(self) -> str:
        return pointer(self.path)


class _Content:
    """One answer being fitted into its length."""

    def __init__(
        self,
        head: dict[str, Any],
        records: Sequence[ExtractedRecord],
        warnings: list[str],
        style: AnswerStyle,
    ) -> None:
        self.head = head
        self.style = style
        self.records = records
        self.warnings = [shorten(text, _WARNING_CHARS) for text in warnings]
        self.read_on = shorten(style.read_on, _READ_ON_CHARS)
        self.is_list = bool(records) and records[0].extraction_target != "per_doc"
        self.leaves = self._leaves()
        # One more was asked for than can fit, so a full list means that there is more.
        self.is_endless = len(self.leaves) > style.most // 2

    def text(self) -> str:
        if not self.is_endless:
            evidence = {item.pointer: item.evidence for item in self.leaves if item.evidence}
            review = [_review_entry(item) for item in self.leaves if item.reason]
            text = self._compose(self._data(len(self.leaves)), evidence, review, self.warnings, None)
            if len(text) <= self.style.most:
                return text
        return self._cut()

    def _leaves(self) -> list[_Leaf]:
        data: Any = [record.data for record in self.records] if self.is_list else self._first_data()
        judges = [_Judge(record, self.style) for record in islice(self.records, self.style.most)]
        found = []
        for path, value in islice(
            leaves(data), self.style.most // 2 + 1
        ):  # a leaf takes two characters at least
            judge = judges[int(path[0]) if self.is_list and path else 0] if judges else None
            own_path = path[1:] if self.is_list else path
            evidence, reason = judge.judge(own_path) if judge else ({}, None)
            found.append(_Leaf(_clean_path(path), _clean_value(value), evidence, reason))
        return found

    def _first_data(self) -> Any:
        return self.records[0].data if self.records else None

    def _data(self, count: int) -> Any:
        empty: Any = [] if self.is_list else {} if self.records else None
        return build([(item.path, item.value) for item in self.leaves[:count]], empty)

    def _cut(self) -> str:
        room = self.style.most - len(self._compose(None, {}, [], [], self._truncated_at_most()))
        warnings = _fitting(self.warnings, room // 8, cost=_list_cost)
        review_room = room // 4
        room -= sum(map(_list_cost, warnings)) + review_room
        count = self._count_within(room)
        data, offset = (self._data(count), 0) if count else self._part_of_first(room)
        shown = self.leaves[: count or (1 if offset else 0)]
        review = _fitting(
            (_review_entry(item) for item in shown if item.reason), review_room, cost=_list_cost
        )
        room += review_room - sum(map(_list_cost, review)) - len(_dumps(data))
        urgent_first = sorted((item for item in shown if item.evidence), key=lambda item: item.reason is None)
        chosen = {item.pointer for item in _fitting(urgent_first, room, cost=_evidence_cost)}
        evidence = {item.pointer: item.evidence for item in shown if item.pointer in chosen}
        truncated = self._truncated(count, offset, len(urgent_first) - len(evidence))
        return self._compose(data, evidence, review, warnings, truncated)

    def _compose(
        self, data: Any, evidence: dict[str, Any], review: list[Any], warnings: list[str], truncated: Any
    ) -> str:
        parts = {"data": data, "evidence": evidence, "review": review, "warnings": warnings}
        return _dumps({**self.head, **parts, "truncated": truncated})

    def _count_within(self, room: int) -> int:
        count = _largest(len(self.leaves), lambda many: len(_dumps(self._data(many))) <= room)
        return row_start([item.path for item in self.leaves], count)

    def _part_of_first(self, room: int) -> tuple[Any, int]:
        """Not even one value fits: as much of the first as does, and how many characters that is."""
        first = self.leaves[0] if self.leaves else None
        if first is None or not isinstance(first.value, str):
            return self._data(0), 0

        def part(length: int) -> Any:
            return build([(first.path, first.value[:length])], None)

        length = _largest(min(len(first.value), max(room, 0)), lambda many: len(_dumps(part(many))) <= room)
        return (part(length), length) if length else (self._data(0), 0)

    def _truncated(self, count: int, offset: int, evidence_left: int) -> dict[str, Any]:
        cut: dict[str, Any] = {}
        if count < len(self.leaves):
            following = self.leaves[count]
            if len(following.pointer) <= _POINTER_CHARS:
                cut["next"] = following.pointer
            if offset:
                cut["next_character"] = offset
            if self.is_list:
                cut |= {"rows_shown": following.path[0], "rows_total": len(self.records)}
        if evidence_left:
            cut["evidence_left_out"] = evidence_left
        return {**cut, "read_on": self.read_on}

    def _truncated_at_most(self) -> dict[str, Any]:
        number = 10**9
        return {
            "next": "x" * 2 * _POINTER_CHARS,  # quotes and backslashes take two characters each
            "next_character": number,
            "rows_shown": number,
            "rows_total": number,
            "evidence_left_out": number,
            "read_on": self.read_on,
        }


class _Judge:
    """What one record has to say about its values."""

    def __init__(self, record: ExtractedRecord, style: AnswerStyle) -> None:
        self.fields = record.fields
        self.style = style
        self._is_cited: bool | None = None

    def judge(self, path: LeafPath) -> tuple[dict[str, Any], str | None]:
        found = self.fields.get(pointer(path))
        if found is None:
            return {}, None
        reason = self._reason(found, path)
        shows = self.style.evidence == "all" or (self.style.evidence == "review" and reason is not None)
        return (_evidence_entry(found) if shows else {}), reason

    def _reason(self, found: ExtractedField, path: LeafPath) -> str | None:
        if found.value is None:
            return "required, not found" if pointer_pattern(path) in self.style.required else None
        if found.confidence is not None and found.confidence < self.style.min_confidence:
            return f"confidence {_round(found.confidence):g}"
        return "not located in the document" if not found.citations and self._cites() else None

    def _cites(self) -> bool:
        """Whether evidence was given at all; where it was switched off, its lack says nothing."""
        if self._is_cited is None:
            self._is_cited = any(item.citations for item in self.fields.values())
        return self._is_cited


def _head(job: Any, records: Sequence[ExtractedRecord]) -> dict[str, Any]:
    origin = getattr(job, "origin", None)
    service = getattr(origin, "service", None) or next(
        (item.service for item in records if item.service), None
    )
    return {
        "job_id": shorten(str(job.id), 80),
        "status": shorten(str(job.status), 40),
        "service": None if service is None else shorten(service, 100),
    }


def _largest(most: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to `most` that fits, where 0 always does and larger ones fit less."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _fitting(items: Iterable[Any], room: int, *, cost: Callable[[Any], int]) -> list[Any]:
    taken: list[Any] = []
    for item in items:
        room -= cost(item)
        if room < 0:
            break
        taken.append(item)
    return taken


def _list_cost(item: Any) -> int:
    return len(_dumps(item)) + 1


def _evidence_cost(item: _Leaf) -> int:
    return len(_dumps({item.pointer: item.evidence}))


def _review_entry(item: _Leaf) -> dict[str, Any]:
    return {"field": item.pointer, "reason": item.reason}


def _evidence_entry(found: ExtractedField) -> dict[str, Any]:
    first = found.citations[0] if found.citations else None
    entry = {
        "page": first.page if first else None,
        "confidence": None if found.confidence is None else _round(found.confidence),
        "quote": shorten(first.quote, _QUOTE_CHARS) if first and first.quote else None,
    }
    return {key: value for key, value in entry.items() if value is not None}


def _clean_path(path: LeafPath) -> LeafPath:
    return tuple(_clean_key(part) if isinstance(part, str) else part for part in path)


def _clean_key(key: str) -> str:
    # The digest keeps two keys apart that differ only in what was removed.
    return key if is_clean(key) else f"{clean_text(key)}~{sha256_hex(key)[:6]}"


def _clean_value(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _round(number: float) -> float:
    return round(number, 3)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
