"""What an agent's tool call gives back: JSON for the model, kept short, and an artifact with all evidence for the program.

The model's JSON is always valid and never longer than asked. When it would be, evidence goes first, then data is cut on a
row or field boundary, and `truncated` says where it goes on. Text that came out of a document loses the characters that
a reader would not see; the artifact keeps them.

Longer than most modules: every kind of answer is shortened by the same few steps, whose order is the promise above.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from extract_bridge.agent.artifact import field_artifact, plain_json, records_artifact
from extract_bridge.agent.keywords import MIN_CONTENT_CHARS
from extract_bridge.agent.text import clean_text, shorten
from extract_bridge.agent.tree import LeafPath, build, leaves, pointer, row_start
from extract_bridge.agent.view import View, clean_path, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from extract_bridge.agent.keywords import EvidenceShown
    from extract_bridge.agent.session import ToolKind
    from extract_bridge.core.records.model import ExtractedField, ExtractedRecord

_QUOTE_CHARS = 200
_WARNING_CHARS = 300
_POINTER_CHARS = 120
_READ_ON_CHARS = 250
_PATH_CHARS = 200
_ASK_AGAIN = "It goes on. Make the same extract call to wait for the result."


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStyle:
    """How an answer is written.

    Attributes:
        evidence: Page, confidence and quote of every value, of those to review, or none.
        max_content_chars: Length of the model's JSON at most, in characters; never below `MIN_CONTENT_CHARS`.
        min_confidence: A value below it is to be reviewed; 0..1.
        required: Pointer patterns of required fields, `*` for any index; a null there is to be reviewed.
        read_on: What the model may do to see what was cut.
        can_read: Whether there is a tool that reads a part of a result; then `truncated.rest` says which parts are left.
        max_artifact_chars: Length of the artifact's records as JSON at most.
    """

    evidence: EvidenceShown = "all"
    max_content_chars: int = 8000
    min_confidence: float = 0.8
    required: Collection[str] = ()
    read_on: str = ""
    can_read: bool = False
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
        _Content(head, records, warnings, style, View.whole(result_of(records, job))).text(),
        {
            **head,
            "document": document,
            "warnings": warnings,
            **records_artifact(records, style.max_artifact_chars),
        },
    )


def page_answer(
    job: Any,
    records: Sequence[ExtractedRecord],
    style: AnswerStyle,
    *,
    path: str,
    offset: int,
    limit: int | None,
) -> Answer:
    """One page of a completed job's result. Pages named by `truncated.rest`, read to the end, are all of it.

    Args:
        job: An `ExtractV2Job`.
        records: What `records_from_job` made of it.
        style: How to write it.
        path: JSON pointer of the value to read; `""` is all of the result.
        offset: Its first item to show: element of a list, member of an object, character of a text.
        limit: Items at most.

    Raises:
        InputError: there is no such value or item.
    """
    root = result_of(records, job)
    view = View.at(root, resolve(root, path), offset, limit)
    head = {**_head(job, records), "path": shorten(path, _PATH_CHARS), "offset": offset}
    content = _Content(head, records, [], style, view)
    text = content.text()
    return Answer(text, {**head, **content.artifact(style.max_artifact_chars)})


def result_of(records: Sequence[ExtractedRecord], job: Any = None) -> Any:
    """The whole result: an object, a list of objects where the target is not `per_doc`, or None."""
    if not records and getattr(job, "extract_result", None) == []:
        return []  # no rows, which is not the same as no result
    if records and records[0].extraction_target != "per_doc":
        return [record.data for record in records]
    return records[0].data if records else None


def pending_answer(job: Any, *, seconds: float, document: str) -> Answer:
    """The answer while the job still runs: no error, and what to do."""
    return _state(
        job,
        document,
        f"Still running after {seconds:g} s. Nothing is lost: make the same call again to get the result.",
    )


def submitted_answer(job: Any, *, document: str, tools: Mapping[ToolKind, str]) -> Answer:
    """The answer of a job that was made and is left to itself."""
    get = tools.get("get") or tools.get("read")
    return _state(job, document, f"Call {get} with this job_id for the result." if get else _ASK_AGAIN)


def state_answer(job: Any, *, document: str, tools: Mapping[ToolKind, str]) -> Answer:
    """How a job stands that is not COMPLETED; one that ended badly says why."""
    if not job.is_final:
        again = tools.get("get")
        return _state(
            job, document, f"It goes on. Call {again} again after a while." if again else _ASK_AGAIN
        )
    reason = shorten(job.error_message, _WARNING_CHARS) if job.error_message else None
    return _state(job, document, "It gave no result. Tell the user, or name another document.", reason=reason)


def _state(job: Any, document: str, following: str, *, reason: str | None = None) -> Answer:
    body = {**_head(job, ()), "data": None}
    if reason is not None:
        body["reason"] = reason
    body["next"] = following
    return Answer(dumps(body), {**body, "document": document, "records": []})


def pointer_pattern(path: LeafPath) -> str:
    """The pointer with `*` for each index."""
    return pointer(["*" if isinstance(part, int) else part for part in path])


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One value as it will be shown: its paths and value cleaned, its evidence, and why to review it.

    Attributes:
        path: In what is shown, as it is shown.
        raw_path: In what is shown, as the service wrote it.
        value: As it is shown.
        raw_value: As the service wrote it.
        pointer: In the whole result, as it is shown.
        found: What the record knows of it.
        evidence: As it is shown.
        reason: Why to review it.
    """

    path: LeafPath
    raw_path: LeafPath
    value: Any
    raw_value: Any
    pointer: str
    found: ExtractedField | None
    evidence: dict[str, Any]
    reason: str | None


class _Content:
    """One answer being fitted into its length."""

    def __init__(
        self,
        head: dict[str, Any],
        records: Sequence[ExtractedRecord],
        warnings: list[str],
        style: AnswerStyle,
        view: View,
    ) -> None:
        self.head = head
        self.style = style
        self.records = records
        self.view = view
        self.warnings = [shorten(text, _WARNING_CHARS) for text in warnings]
        self.read_on = shorten(style.read_on, _READ_ON_CHARS)
        self.is_list = isinstance(view.root, list)
        self.leaves = self._leaves()
        self.shown = self.leaves
        self.part: Any = None
        self.truncated: dict[str, Any] | None = None
        # One more was asked for than can fit, so a full list means that there is more.
        self.is_endless = len(self.leaves) > style.most // 2

    def text(self) -> str:
        if not self.is_endless:
            evidence = {item.pointer: item.evidence for item in self.leaves if item.evidence}
            review = [_review_entry(item) for item in self.leaves if item.reason]
            behind = self.view.rest_behind()
            self.truncated = {"rest": behind, "read_on": self.read_on} if behind else None
            text = self._compose(
                self._data(len(self.leaves)), evidence, review, self.warnings, self.truncated
            )
            if len(text) <= self.style.most:
                return text
        return self._cut()

    def artifact(self, most: int) -> dict[str, Any]:
        """What `text` showed, with hidden characters and all evidence; data alone where that is longer than `most`."""
        if self.part is not None:
            data = self.part
        else:
            data = build([(item.raw_path, plain_json(item.raw_value)) for item in self.shown], self._empty())
        fields = {item.pointer: field_artifact(item.found, boxes=True) for item in self.shown if item.found}
        whole = {"data": data, "fields": fields, "truncated": self.truncated}
        return whole if len(dumps(whole)) <= most else {**whole, "fields": {}, "left_out": ["fields"]}

    def _leaves(self) -> list[_Leaf]:
        judges: dict[int, _Judge] = {}
        found = []
        # A leaf takes two characters at least.
        for path, value in islice(leaves(self.view.value), self.style.most // 2 + 1):
            where = self.view.absolute(path)
            row = int(where[0]) if self.is_list and where else 0
            if row not in judges and row < len(self.records):
                judges[row] = _Judge(self.records[row], self.style)
            judge, own_path = judges.get(row), where[1:] if self.is_list else where
            known, evidence, reason = judge.judge(own_path) if judge else (None, {}, None)
            shown = pointer(clean_path(where))
            found.append(
                _Leaf(clean_path(path), path, _clean_value(value), value, shown, known, evidence, reason)
            )
        return found

    def _empty(self) -> Any:
        value = self.view.value
        return type(value)() if isinstance(value, list | dict) else None

    def _data(self, count: int) -> Any:
        return build([(item.path, item.value) for item in self.leaves[:count]], self._empty())

    def _cut(self) -> str:
        room = self.style.most - len(self._compose(None, {}, [], [], self._truncated_at_most()))
        warnings = _fitting(self.warnings, room // 8, cost=_list_cost)
        review_room = room // 4
        room -= sum(map(_list_cost, warnings)) + review_room
        count = self._count_within(room)
        data, characters = (self._data(count), 0) if count else self._part_of_first(room)
        skipped = not count and not characters and bool(self.leaves)
        self.part = data if characters else None
        self.shown = self.leaves[: count or (1 if characters else 0)]
        rest = self._fitting_rest(count, characters, skipped, room - len(dumps(data)))
        review = _fitting(
            (_review_entry(item) for item in self.shown if item.reason), review_room, cost=_list_cost
        )
        room += review_room - sum(map(_list_cost, review)) - len(dumps(data)) - len(dumps(rest))
        urgent_first = sorted(
            (item for item in self.shown if item.evidence), key=lambda item: item.reason is None
        )
        chosen = {item.pointer for item in _fitting(urgent_first, room, cost=_evidence_cost)}
        evidence = {item.pointer: item.evidence for item in self.shown if item.pointer in chosen}
        self.truncated = self._truncated(count, characters, len(urgent_first) - len(evidence), rest)
        if skipped:
            self.truncated["not_shown"] = 1
        return self._compose(data, evidence, review, warnings, self.truncated)

    def _compose(
        self, data: Any, evidence: dict[str, Any], review: list[Any], warnings: list[str], truncated: Any
    ) -> str:
        parts = {"data": data, "evidence": evidence, "review": review, "warnings": warnings}
        return dumps({**self.head, **parts, "truncated": truncated})

    def _count_within(self, room: int) -> int:
        def fits(many: int) -> bool:
            return len(dumps(self._data(many))) + len(dumps(self._rest(many, 0))) <= room

        count = _largest(len(self.leaves), fits)
        whole_rows = row_start([item.path for item in self.leaves], count)
        return whole_rows if fits(whole_rows) else count

    def _part_of_first(self, room: int) -> tuple[Any, int]:
        """Not even one value fits: as much of the first as does, and how many characters that is."""
        first = self.leaves[0] if self.leaves else None
        if first is None or not isinstance(first.value, str):
            return self._data(0), 0

        def part(length: int) -> Any:
            return build([(first.path, first.value[:length])], None)

        def fits(length: int) -> bool:
            return len(dumps(part(length))) + len(dumps(self._rest(0, length))) <= room

        length = _largest(min(len(first.value), max(room, 0)), fits)
        return (part(length), length) if length else (self._data(0), 0)

    def _rest(self, count: int, characters: int, *, skipped: bool = False) -> list[dict[str, Any]]:
        """The reading calls that show what is left."""
        if not self.style.can_read:
            return []
        if count >= len(self.leaves):
            return self.view.rest_behind()
        return self.view.rest_from(self.leaves[count].raw_path, include=not skipped, character=characters)

    def _fitting_rest(self, count: int, characters: int, skipped: bool, room: int) -> list[dict[str, Any]]:
        rest = self._rest(count, characters, skipped=skipped)
        # Nearest first; a name that is longer than the whole answer cannot be told, and is in the artifact only.
        return _fitting(rest, room, cost=_list_cost) if len(dumps(rest)) > room else rest

    def _truncated(
        self, count: int, characters: int, evidence_left: int, rest: list[dict[str, Any]]
    ) -> dict[str, Any]:
        cut: dict[str, Any] = {}
        if count < len(self.leaves):
            following = self.leaves[count]
            if len(following.pointer) <= _POINTER_CHARS:
                cut["next"] = following.pointer
            if characters:
                cut["next_character"] = characters
            if self.is_list and not self.view.base:
                cut |= {"rows_shown": following.path[0], "rows_total": self.view.size}
        if evidence_left:
            cut["evidence_left_out"] = evidence_left
        if self.style.can_read:
            cut["rest"] = rest
        return {**cut, "read_on": self.read_on}

    def _truncated_at_most(self) -> dict[str, Any]:
        number = 10**9
        return {
            "next": "x" * 2 * _POINTER_CHARS,  # quotes and backslashes take two characters each
            "next_character": number,
            "rows_shown": number,
            "rows_total": number,
            "evidence_left_out": number,
            "not_shown": number,
            "rest": [],
            "read_on": self.read_on,
        }


class _Judge:
    """What one record has to say about its values."""

    def __init__(self, record: ExtractedRecord, style: AnswerStyle) -> None:
        self.fields = record.fields
        self.style = style
        self._is_cited: bool | None = None

    def judge(self, path: LeafPath) -> tuple[ExtractedField | None, dict[str, Any], str | None]:
        found = self.fields.get(pointer(path))
        if found is None:
            return None, {}, None
        reason = self._reason(found, path)
        shows = self.style.evidence == "all" or (self.style.evidence == "review" and reason is not None)
        return found, (_evidence_entry(found) if shows else {}), reason

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
    return len(dumps(item)) + 1


def _evidence_cost(item: _Leaf) -> int:
    return len(dumps({item.pointer: item.evidence}))


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


def _clean_value(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _round(number: float) -> float:
    return round(number, 3)


def dumps(value: Any) -> str:
    """Compact JSON, as all answers are written."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
