"""Blocks of signatures: who signs, with which title, on which day, and whether it is the one who accepts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.local.engine.candidates import Candidate
from extract_bridge.local.engine.text import fold
from extract_bridge.local.engine.values import coerce

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.wanted import Wanted

_LAST_PAGES = 6
_SIGNS = re.compile(
    r"^(?:by|per|its|signature|signed|unterschrift|handtekening|firma|signé)\b\s?:?|^/s/|^_{4,}",
    re.IGNORECASE,
)
_LABELS = {
    "name": re.compile(r"(?:print(?:ed)?\s)?(?:name|nom|nombre|naam|nome)\s?:\s?", re.IGNORECASE),
    "title": re.compile(
        r"(?:title|titel|titre|fonction|qualité|cargo|functie|position|funktion|carica)\s?:\s?", re.IGNORECASE
    ),
    "date": re.compile(r"(?:date|datum|fecha|data)\s?:\s?", re.IGNORECASE),
}
_ACCEPTS = re.compile(
    r"\b(?:accepted|agreed to|acknowledged|accepte|akzeptiert|angenommen|aceptad|akkoord|accettat)"
)
_ACCEPTED = frozenset(("accepted", "accept", "acceptance", "acknowledged", "countersigned", "agreed"))
_SIGNER = frozenset(("signatory", "signer", "signed", "signature", "unterzeichner", "signataire", "firmante"))
_BELOW = 5  # lines


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of a block: the text and where it is."""

    view: PageView
    segment: Segment
    start: int

    @property
    def text(self) -> str:
        """What stands behind the label."""
        return self.segment.text[self.start :].strip()


@dataclass(frozen=True, slots=True)
class Signature:
    """What one block says, by part, and whether it stands under words of acceptance."""

    parts: dict[str, Said]
    accepts: bool


def signatures(reading: Reading) -> list[Signature]:
    """The blocks with a line to sign on and a label for the name under it, in reading order."""
    made: list[Signature] = []
    accepts = False
    for view in reading.views[-_LAST_PAGES:]:
        for segment in view.segments:
            accepts = accepts or _ACCEPTS.match(fold(segment.text)) is not None
            label = _LABELS["name"].match(segment.text)
            over = view.above(segment.x0, segment.x1, segment.line, 4)
            if label is None or not any(_SIGNS.match(other.text) for other in over):
                continue
            parts = {"name": _behind(view, segment, label.end())}
            for under in view.below(segment.x0, segment.x0 + 1, segment.line, _BELOW):
                if _LABELS["name"].match(under.text):
                    break
                for part in ("title", "date"):
                    found = _LABELS[part].match(under.text)
                    if found and part not in parts:
                        parts[part] = _behind(view, under, found.end())
            made.append(Signature({part: said for part, said in parts.items() if said}, accepts))
    return made


def _behind(view: PageView, segment: Segment, start: int) -> Said | None:
    """What stands behind a label, in its own text or in the next one on the line."""
    options = [Said(view, segment, start), *(Said(view, other, 0) for other in view.right_of(segment)[:1])]
    for said in options:
        if re.search(r"\w", said.text.replace("_", "")):
            labelled = any(
                pattern.match(said.text) or _SIGNS.match(said.text) for pattern in _LABELS.values()
            )
            return None if labelled else said
    return None


def said_candidate(reading: Reading, wanted: Wanted, said: Said, score: float = 0.93) -> Candidate | None:
    """A part of a block as the value of a field."""
    found = coerce(said.text, wanted.schema, locale=reading.locale, name=wanted.path[-1])
    if found is None:
        return None
    words = said.segment.words_between(said.start, len(said.segment.text))
    quote = " ".join(word.text for word in words)
    return Candidate(
        wanted,
        found.value,
        said.text,
        words,
        said.view,
        score,
        "stands behind its label in a block of signatures",
        "exact" if found.value == quote else "normalized",
        how="phrase",
    )


def signature_candidates(reading: Reading, fields: Sequence[Wanted]) -> tuple[list[Candidate], set[Wanted]]:
    """What blocks say for fields about who signs or accepts, and these fields: nothing else may answer them."""
    asked = [(item, part, accepts) for item in fields for part, accepts in _asked(item)]
    blocks = signatures(reading) if asked else []
    if not blocks:
        return [], set()
    found: list[Candidate] = []
    for item, part, accepts in asked:
        block = next((other for other in blocks if other.accepts == accepts), None)
        said = block.parts.get(part) if block else None
        made = said_candidate(reading, item, said) if said else None
        found += [made] if made else []
    return found, {item for item, _, _ in asked}


def _asked(item: Wanted) -> Iterator[tuple[str, bool]]:
    """The part of a block that a field of an object about signing asks for, and whether of the one who accepts."""
    if len(item.path) < len(("object", "part")):
        return
    owner = set(fold(re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", item.path[-2])).split())
    part = next((part for part in _LABELS if part in item.tokens), None)
    if part and owner & (_ACCEPTED | _SIGNER):
        yield part, bool(owner & _ACCEPTED)
