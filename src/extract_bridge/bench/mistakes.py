"""Where a service goes wrong: wrong, missed and invented values by field, the most frequent first."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.bench.layouts.kinds import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extract_bridge.bench.run import Outcome
    from extract_bridge.bench.scoring.score import Verdict

Kind = Literal["wrong", "missed", "invented"]


@dataclass(slots=True)
class Mistake:
    """One way to go wrong with one field.

    Attributes:
        layout: Which drew the documents, or `folder`.
        at: The field's JSON pointer, `*` for any row.
        kind: `wrong`: another value is true; `missed`: there is none; `invented`: the document has none.
        count: How often.
        document: The first of them.
        truth: What is true there.
        answer: What was answered there.
    """

    layout: str
    at: str
    kind: Kind
    count: int
    document: str
    truth: Any = field(repr=False)
    answer: Any = field(repr=False)


def mistakes(outcomes: Iterable[Outcome]) -> list[Mistake]:
    """The mistakes of a run, without those on hidden layouts: whoever has seen them may as well fit to them.

    Args:
        outcomes: Of the run; documents without any answer are left out, as each has its error.
    """
    found: dict[tuple[str, str, Kind], Mistake] = {}
    for outcome in outcomes:
        if outcome.layout in HIDDEN or outcome.error is not None:
            continue
        for verdict in outcome.verdicts:
            kind = _kind(verdict)
            if kind is None:
                continue
            pointer = verdict.pointer or (verdict.found.pointer if verdict.found else "")
            at = re.sub(r"/\d+(?=/|$)", "/*", pointer)
            answer = verdict.found.value if verdict.found else None
            first = Mistake(outcome.layout, at, kind, 0, outcome.name, verdict.truth, answer)
            found.setdefault((outcome.layout, at, kind), first).count += 1
    return sorted(found.values(), key=lambda item: (-item.count, item.layout, item.at))


def _kind(verdict: Verdict) -> Kind | None:
    if verdict.right or not (verdict.wanted or verdict.given):
        return None
    if verdict.wanted:
        return "wrong" if verdict.given else "missed"
    return "invented"
