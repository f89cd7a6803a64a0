# ruff: noqa: SIM905 - a line of words reads better than a column of quoted ones
# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Who an agreement is between: the sentence or the paragraphs that name its parties, else the blocks of its signatures."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from extract_bridge.local.engine.candidates import Candidate
from extract_bridge.local.engine.flow import SENTENCE_END, Flow, flow_of
from extract_bridge.local.engine.prose.names import (
    BEFORE,
    DESCRIBES_THE_LAST,
    HEAD,
    Definition,
    bare_name,
    definitions,
    is_company,
    name_in,
    roles,
)
from extract_bridge.local.engine.text import fold, label_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.wanted import Wanted

_BETWEEN = re.compile(
    r"\b(?:by\s+and\s+(?:between|among)|between|among|zwischen|entre|tussen|tra|fra|pomi[ęe]dzy|entered\s+into\b[^.]{0,60}?,?\s+by)\b(?:\s+and\s+(?:between|among))?[:\s]+",
    re.IGNORECASE,
)
_RECITALS = re.compile(
    r"\b(?:WITNESSETH|WHEREAS|RECITALS|BACKGROUND|NOW,? THEREFORE|Whereas|Recitals|Pr[äa]ambel)\b|\bhereby\b|\bprovides\s+for\b"
)
_NOT_A_PARTY = re.compile(
    r"agreement|^(?:each )?(?:a )?part(?:y|ies|ie|es|ien|ijen|i)$|\bdate\b|purpose|transaction|information|material|affiliate|subsidiar|vertrag|contrat|overeenkomst|accord"
)
_DESCRIBED = re.compile(
    r"^[,\s]*(?:\(|an?\s|the\s|une?\s|eine?\s|een\s|con\s|with\s|mit\s|of\s|having\b|incorporated\b|organi[sz]ed\b|resid|demeur|dont\b|repr[ée]sent|immatricul|gevestigd|statutair"
    r"|wohnhaft|derzeit|vertreten|nat[oa]\b|n[ée]e?\b|geboren|wonende|domicil|individu|together|acting|d/b/a|au\scapital|au\b|,)",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r",?\s{1,4}(?:and|und|et|en|y|e|AND|UND|ET)\s{1,4}(?=(?:d(?:er|ie|as)\s|la\s|l['’]|de\s|the\s)?[A-ZÀ-Þ])"
)
_DECLARES = re.compile(
    r"\bI,\s(?P<name>[A-ZÀ-Þ][\w.'’-]+(?:\s[A-ZÀ-Þ][\w.'’-]*){1,3}),\s(?:\w+\s){0,3}?(?:agree|acknowledge|undertake|declare|confirm)\b"
)
_REASON = "stands in the sentence that names the parties"
_MOST = 12


PARTY_WORDS = frozenset(
    (
        "party partie parties contracting parte partes partei parteien vertragspartei vertragsparteien partij partijen parti strony"
    ).split()
)
"""Words in the name of a list of the parties of an agreement."""


def asks_parties(wanted: Wanted) -> bool:
    """The list is one of the parties of a contract."""
    return wanted.kind == "string" and bool(PARTY_WORDS & set(wanted.tokens))


def parties(reading: Reading, wanted: Wanted) -> list[Candidate]:
    """The names of the parties; none where the document does not state them plainly."""
    flow = flow_of(reading)
    for places, score, reason in (
        (_in_preamble(flow), 0.72, _REASON),
        (_defined(flow), 0.68, "is given a name of its own at the head of the agreement"),
        (_declared(flow), 0.66, "declares what the agreement says"),
    ):
        made = [made_at(flow, wanted, start, end, score, reason) for start, end in places]
        if len(made) > 1 and all(made):
            return _once([item for item in made if item])
    return _signed(reading, wanted)


def _once(made: list[Candidate]) -> list[Candidate]:
    """Each name once, in whatever letters it stands again."""
    seen: dict[str, Candidate] = {}
    for item in made:
        seen.setdefault(label_key(str(item.value)), item)
    return list(seen.values())[:_MOST]


def _in_preamble(flow: Flow) -> list[tuple[int, int]]:
    head = flow.text[:HEAD]
    for match in _BETWEEN.finditer(head):
        tail = head[match.end() : match.end() + 1_400]
        stop = min(
            (found.start() for found in (SENTENCE_END.search(tail), _RECITALS.search(tail)) if found),
            default=len(tail),
        )
        places = _party_places(tail[:stop])
        if len(places) > 1:
            return [(match.end() + start, match.end() + end) for start, end in places]
    return []


def _party_places(text: str) -> list[tuple[int, int]]:
    ends = [item for item in definitions(text, []) if not _NOT_A_PARTY.search(item.term)]
    if len(ends) > 1:
        cuts, position = [], 0
        for item in ends:
            last = DESCRIBES_THE_LAST.match(text[position : item.start]) if position else None
            if text[position : item.start].strip(" ,;&").casefold() not in ("", "and"):
                cuts.append((position + (last.end() if last else 0), item.start))
            position = item.end
    else:
        split = _SPLIT.search(text)
        if split is None:
            return []
        stop = next((item.start for item in ends if item.start > split.end()), len(text))
        cuts = [(0, split.start()), (split.end(), stop)]
    found = [place for start, end in cuts for place in _names(text, start, end)]
    return found if len(found) >= len(cuts) else []


def _names(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The names of one part of the sentence: one, or more where companies stand in a row before a common definition."""
    place = bare_name(text, start, end)
    if place is None:
        return
    yield place
    rest = re.compile(r"[,;]\s+(?:and\s+)?(?=[A-Z])").search(text, place[1], end)
    while rest is not None:
        more = bare_name(text, rest.end(), end)
        if more and is_company(text[more[0] : more[1]]) and _DESCRIBED.match(text[more[1] : more[1] + 24]):
            yield more
            rest = re.compile(r"[,;]\s+(?:and\s+)?(?=[A-Z])").search(text, more[1], end)
        else:
            rest = re.compile(r"[,;]\s+(?:and\s+)?(?=[A-Z])").search(text, rest.end(), end)


def _defined(flow: Flow) -> list[tuple[int, int]]:
    """The names at the head for which terms are defined and which are described as companies or people."""
    head = flow.text[:HEAD]
    found: list[tuple[int, int]] = []
    for item in sorted(
        (*definitions(head, flow.paragraphs), *bracketed_roles(flow)), key=lambda item: item.start
    ):
        if _NOT_A_PARTY.search(item.term):
            continue
        place = party_of(head, item)
        if place and (
            is_company(head[place[0] : place[1]]) or _DESCRIBED.match(head[place[1] : place[1] + 24])
        ):
            found.append(place)
    return found


def bracketed_roles(flow: Flow) -> list[Definition]:
    """Roles in brackets without quotes: `Alder plc, of 4 Mill Lane, Bath (the Seller)`, its paragraph before it."""
    return [
        replace(item, opens=max(flow.paragraph_at(item.start), item.start - BEFORE), described=True)
        for item in roles(flow.text)
        if flow.text[item.end - 1] == ")"
    ]


def _declared(flow: Flow) -> list[tuple[int, int]]:
    """Who declares something in the first person, `I, Joan Mills, agree`, and the company defined beside it."""
    found = _DECLARES.search(flow.text[:HEAD])
    if found is None:
        return []
    return [*_defined(flow), found.span("name")]


def party_of(text: str, item: Definition) -> tuple[int, int] | None:
    """The name that a definition is for; only description may stand between the two."""
    place = name_in(text, item.opens, item.start)
    if place is None or SENTENCE_END.search(text[place[1] : item.start]):
        return None
    return place


def made_at(
    flow: Flow,
    wanted: Wanted,
    start: int,
    end: int,
    score: float,
    reason: str,
    value: str | float | None = None,
) -> Candidate | None:
    """A stretch of the document's text as a candidate; None where it runs over two pages."""
    found = flow.between(start, end)
    if found is None:
        return None
    raw = flow.text[start:end]
    quote = " ".join(word.text for word in found[1])
    result = raw if value is None else value
    return Candidate(
        wanted,
        result,
        raw,
        found[1],
        found[0],
        score,
        reason,
        "exact" if result == quote else "normalized",
        how="phrase",
    )


# --- parties and signatories as objects ---------------------------------------------------------------------------

_ADDRESS = re.compile(
    r"\b(?:of|at|located\sat|offices?\s(?:is\s)?at|business\sat|seat\s(?:is\s)?(?:at|in)|demeurant(?:\sau)?|situé(?:e)?(?:\sau)?|wohnhaft|mit\sSitz\s(?:in)?|gevestigd\s(?:te|aan)|domicilio\sen|sede\s(?:legale\s)?(?:in|a))\s(?=[\dA-ZÀ-Þ])"
    r"|,\s(?=[A-ZÀ-Þ][\wß.-]+(?:straße|str\.|weg|allee|platz|gasse|ring|laan|straat)\s\d)"
)


def party_objects(
    reading: Reading, name: Wanted, role: Wanted | None, address: Wanted | None, state: Wanted | None
) -> list[dict[str, Candidate]]:
    """The parties, each with the term that is defined for it and the address in its description, where these are asked for."""
    flow = flow_of(reading)
    head = flow.text[:HEAD]
    made: list[dict[str, Candidate]] = []
    defined = [item for item in definitions(head, flow.paragraphs) if not _NOT_A_PARTY.search(item.term)]
    found = parties(reading, name)
    begins = [start for item in found if (start := head.find(item.raw)) >= 0]
    for item in found:
        row = {"name": item}
        start = head.find(item.raw)
        until = min((other for other in begins if other > start), default=len(head))
        own = next((term for term in defined if start < term.start < until), None) if start >= 0 else None
        if own is not None:
            ends = start + len(item.raw)
            at = list(_TERM_ITSELF.finditer(head, own.start, own.end))
            if (
                role is not None
                and at
                and (term := made_at(flow, role, *at[-1].span(1), 0.74, "is the term defined for this party"))
            ):
                row["role"] = term
            where = _ADDRESS.search(head, ends, own.start)
            stop = len(head[: own.start].rstrip(" ,(–—-"))
            if address is not None and where and re.search(r"\d", head[where.end() : stop]):
                place = made_at(flow, address, where.end(), stop, 0.72, "is the address of this party")
                row |= {"address": place} if place else {}
        found_state = (
            _STATE.match(flow.text[start + len(item.raw) : start + len(item.raw) + 140])
            if start >= 0
            else None
        )
        if state is not None and found_state:
            group = "state" if found_state["state"] else "under"
            opens, closes = (start + len(item.raw) + place for place in found_state.span(group))
            row |= (
                {"state": said}
                if (said := made_at(flow, state, opens, closes, 0.74, "is where this party is organised"))
                else {}
            )
        made.append(row)
    return made


_TERM_ITSELF = re.compile(
    r"[\"“„«‘'](?:(?:the|der|die|das|le|la|el|il|de)\s)?\s?([^\"“”„«»‘’']{2,40}?),?\s?[\"”“»’']",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"^[,\s]{1,3}an?\s(?P<state>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\s(?:corporation|company|limited|partnership|trust|close|professional|public|private|nonprofit)\b"
    r"|^.{0,60}?\b(?:organi[sz]ed|incorporated|existing)\s(?:and\sexisting\s)?(?:under\sthe\slaws\sof|in)\s(?:the\s(?:State|Commonwealth)\sof\s)?(?P<under>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)"
)


# --- signatures ---------------------------------------------------------------------------------------------------


def _signed(reading: Reading, wanted: Wanted) -> list[Candidate]:
    """The names over the lines to sign on, in the last pages; at least two."""
    made: list[Candidate] = []
    for view in reading.views[-6:]:
        for segment in view.segments:
            name = _signatory(view, segment)
            if name is None:
                continue
            place = bare_name(name.text, 0, len(name.text))
            if place is None:
                continue
            words = name.words_between(*place)
            text = name.text[place[0] : place[1]]
            quote = " ".join(word.text for word in words)
            made.append(
                Candidate(
                    wanted,
                    text,
                    text,
                    words,
                    view,
                    0.62,
                    "stands over a line to sign on",
                    "exact" if text == quote else "normalized",
                    how="phrase",
                )
            )
    made = _once(made)
    return made if len(made) > 1 else []


def _signatory(view: PageView, segment: Segment) -> Segment | None:
    """The company that signs at `By:`, which is the text over it."""
    if not re.match(r"by\s?:", segment.text, re.IGNORECASE):
        return None
    over = next(view.above(segment.x0, segment.x1, segment.line, 3), None)
    if (
        over is None
        or not is_company(over.text.rstrip(" ,:"))
        or segment.y0 - over.y1 > 6 * segment.height
        or len(over.words) > 9
    ):
        return None
    return over if not fold(over.text).startswith(("by:", "name:", "title:")) else None
