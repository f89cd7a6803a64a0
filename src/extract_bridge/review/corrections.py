"""`corrections.json` -> corrected records: all of it or nothing, and only for the very content that was reviewed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.core.errors import FileInputError, InputError, ResultError
from extract_bridge.core.records.clean import is_scalar
from extract_bridge.core.records.walk import walk
from extract_bridge.review.encode import every_field
from extract_bridge.review.items import Item, items_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from extract_bridge.core.records.model import ExtractedField, ExtractedRecord

Action = Literal["accept", "edit", "reject"]

FORMAT_VERSION = 1
KIND = "extract-bridge corrections"
_ACTIONS = ("accept", "edit", "reject")
_HINT = "Give the file that the review page saved"
_AGAIN = "Make a new review page of these records, and decide there"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about one field.

    Attributes:
        pointer: JSON pointer of the field.
        action: `accept`: it is right; `edit`: it is `value`; `reject`: it is wrong, and nothing takes its place.
        value: A JSON scalar, for `edit`.
        at: When, as the page wrote it (ISO 8601, UTC).
    """

    pointer: str
    action: Action
    value: Any = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Corrections:
    """A file of corrections.

    Attributes:
        reviewer: Who decided, as they called themselves.
        decisions: By record id and content key.
    """

    reviewer: str | None
    decisions: Mapping[tuple[str, str], tuple[Decision, ...]]


def read_corrections(path: Path) -> Corrections:
    """A file that the review page saved.

    Raises:
        FileInputError: it cannot be read.
        ResultError: it holds no corrections, or those of a newer version; `where` is a JSON pointer into it.
    """
    try:
        told = json.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise FileInputError(f"cannot be read ({problem.strerror})", where=path.name, hint=_HINT) from None
    except (ValueError, RecursionError):
        raise ResultError("this is no JSON", where=path.name, hint=_HINT) from None
    return corrections_from_dict(told)


def corrections_from_dict(told: Any) -> Corrections:
    """Corrections that are JSON already; see `read_corrections`."""
    if not isinstance(told, Mapping) or told.get("kind") != KIND:
        raise ResultError("there are no corrections in it", where="/kind", hint=_HINT)
    version = told.get("format_version")
    if version != FORMAT_VERSION or isinstance(version, bool):
        raise ResultError(
            f"these corrections have a format_version other than {FORMAT_VERSION}",
            where="/format_version",
            hint="Install a newer extract-bridge",
        )
    reviewer = told.get("reviewer")
    if reviewer is not None and not isinstance(reviewer, str):
        raise ResultError("the reviewer is no text", where="/reviewer", hint=_HINT)
    made: dict[tuple[str, str], tuple[Decision, ...]] = {}
    for place, entry in enumerate(_listed(told, "records", "")):
        where = f"/records/{place}"
        key = (_text(entry, "record_id", where), _text(entry, "content_key", where))
        fields = enumerate(_listed(entry, "fields", where))
        made[key] = (*made.get(key, ()), *(_decision(item, f"{where}/fields/{at}") for at, item in fields))
    return Corrections(reviewer, made)


def _decision(item: Any, where: str) -> Decision:
    action, value, at = _text(item, "action", where), item.get("value"), item.get("at")
    if action not in _ACTIONS:
        raise ResultError("this is no decision that is known", where=f"{where}/action", hint=_HINT)
    if action == "edit" and (value is None or not is_scalar(value)):
        raise ResultError(
            "a corrected value is a text, a number, true or false", where=f"{where}/value", hint=_HINT
        )
    known: Any = action
    return Decision(
        _text(item, "pointer", where, empty=True),
        known,
        value if action == "edit" else None,
        at if isinstance(at, str) else None,
    )


def _listed(told: Any, name: str, where: str) -> list[Any]:
    found = told.get(name) if isinstance(told, Mapping) else None
    if not isinstance(found, list):
        raise ResultError("there is no list here", where=f"{where}/{name}", hint=_HINT)
    return found


def _text(told: Any, name: str, where: str, *, empty: bool = False) -> str:
    found = told.get(name) if isinstance(told, Mapping) else None
    if not isinstance(found, str) or not (found or empty):
        raise ResultError("there is no text here", where=f"{where}/{name}", hint=_HINT)
    return found


def correct_records(
    job_or_records: Any, corrections: Corrections | Mapping[str, Any]
) -> list[ExtractedRecord]:
    """The records with a person's corrections in them; those without any stay the very same.

    An accepted or edited field has confidence 1: a person looked. A rejected one is null. `extra["correction"]` of the field says who
    did what and when, and what it was before. The record keeps its id; its content key changes where a value did.

    Args:
        job_or_records: What the review page was made of, see `review`.
        corrections: What it saved: `read_corrections(path)`, or its JSON object.

    Raises:
        InputError: `corrections_mismatch`: they are for another record, for another content of it, or for a field that it has not.
            Nothing is corrected then.
        ResultError: there is neither a job nor a record, or there are no corrections.
    """
    given = corrections if isinstance(corrections, Corrections) else corrections_from_dict(corrections)
    return [item.record for item in correct_items(items_of(job_or_records), given)]


def correct_items(items: Sequence[Item], corrections: Corrections) -> list[Item]:
    """`correct_records` of records that have been read from a file."""
    _check(items, corrections)
    return [
        _corrected(item, corrections.decisions[item.id, item.content_key], corrections.reviewer)
        if (item.id, item.content_key) in corrections.decisions
        else item
        for item in items
    ]


def _check(items: Sequence[Item], corrections: Corrections) -> None:
    known = {(item.id, item.content_key): item for item in items}
    ids = {item.id for item in items}
    for (record_id, content_key), decisions in corrections.decisions.items():
        item = known.get((record_id, content_key))
        if item is None:
            what = "another content of this record" if record_id in ids else "another record"
            raise _mismatch(f"the corrections are for {what}", record_id)
        leaves = {leaf.pointer for leaf in walk(item.record.data, None)}
        for decision in decisions:
            if decision.pointer not in leaves:
                raise _mismatch("the record has no such field", decision.pointer[:200] or "/")


def _mismatch(message: str, where: str) -> InputError:
    return InputError(
        message, code="corrections_mismatch", where=where, hint=f"Nothing was corrected. {_AGAIN}"
    )


def _corrected(item: Item, decisions: Sequence[Decision], reviewer: str | None) -> Item:
    record = item.record
    data, fields = deepcopy(record.data), every_field(record)
    made: dict[str, dict[str, Any]] = {}
    for decision in decisions:
        old = fields[decision.pointer]
        made[decision.pointer] = _provenance(decision, old, reviewer)
        fields[decision.pointer] = new = _field(decision, old, made[decision.pointer])
        _put(data, decision.pointer, new.value)
    done = replace(record, data=data, fields=fields)
    if item.form == "record" or item.line is None:
        return Item(done, item.id, done.content_key)
    line = {
        **item.line,
        "data": data,
        "evidence": _line_evidence(item.line, fields, made),
        "corrections": made,
    }
    return Item(done, item.id, done.content_key, "line", line)


def _provenance(decision: Decision, old: ExtractedField, reviewer: str | None) -> dict[str, Any]:
    said = {
        "action": decision.action,
        "by": reviewer,
        "at": decision.at,
        "was": old.value,
        "was_confidence": old.confidence,
        "was_read_from": [[place.page, place.quote] for place in old.citations]
        if decision.action == "reject"
        else None,
        "before": old.extra.get("correction"),
    }
    return {name: value for name, value in said.items() if value is not None or name == "was"}


def _field(decision: Decision, old: ExtractedField, said: dict[str, Any]) -> ExtractedField:
    extra = {**old.extra, "correction": said}
    if decision.action == "reject":
        return replace(
            old,
            value=None,
            raw_value=None,
            confidence=None,
            extraction_confidence=None,
            parsing_confidence=None,
            citations=(),
            reasoning="A person rejected the value that was read.",
            extra=extra,
        )
    if decision.action == "edit":
        # The place is still where the value stands, or should; how its words carried the old value no longer matters.
        places = tuple(replace(place, match=None) for place in old.citations)
        return replace(
            old,
            value=decision.value,
            confidence=1.0,
            citations=places,
            reasoning="A person corrected it.",
            extra=extra,
        )
    return replace(old, confidence=1.0, extra=extra)


def _line_evidence(
    line: Mapping[str, Any], fields: Mapping[str, ExtractedField], made: Mapping[str, Any]
) -> dict[str, Any]:
    """The evidence of a line of `run`, brought in step with what was corrected."""
    evidence = dict(line["evidence"])
    for pointer in made:
        if fields[pointer].value is None:
            evidence.pop(pointer, None)
        else:
            known = evidence.get(pointer)
            evidence[pointer] = {
                **(known if isinstance(known, Mapping) else {"page": None, "quote": None}),
                "confidence": fields[pointer].confidence,
            }
    return evidence


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _put(data: Any, pointer: str, value: Any) -> None:
    *above, last = _steps(pointer)
    for step in above:
        data = data[int(step)] if isinstance(data, list) else data[step]
    if isinstance(data, list):
        data[int(last)] = value
    else:
        data[last] = value
