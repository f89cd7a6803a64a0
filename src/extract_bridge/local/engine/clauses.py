# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""What contracts state in set phrases: who it is between, from when, under which law, and what a defined term stands for.

Only phrases that name their value beyond doubt are read; what a sentence implies is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from extract_bridge.local.engine.candidates import Candidate, candidate
from extract_bridge.local.engine.dates import find_dates
from extract_bridge.local.engine.durations import asks_duration, ranked_durations
from extract_bridge.local.engine.laws import find_laws
from extract_bridge.local.engine.text import fold, split_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.local.engine.pageview import PageView
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.wanted import Wanted
    from extract_bridge.parse.model import Word

_MOST_WORDS = 400_000
_HEAD = 6_000  # characters in which a contract names its date and parties
_DATED = re.compile(
    r"\b(?:dated|made|entered\s+into|effective|executed|geschlossen|conclu|gesloten|celebrado)\b[^.;]{0,90}?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\b(?:by\s+and\s+(?:between|among)|between|among|zwischen|entre|tussen|tra|fra|entered\s+into\b[^.]{0,60}?,?\s+by)\b(?:\s+and\s+(?:between|among))?[:\s]+"
)
_RECITALS = re.compile(
    r"\b(?:WITNESSETH|WHEREAS|RECITALS|BACKGROUND|NOW,? THEREFORE|Whereas|Recitals|Pr[äa]ambel)\b|\bhereby\b|\bprovides\s+for\b"
)
_SENTENCE = re.compile(
    r"(?<![A-Z])(?<!Inc)(?<!Corp)(?<!Ltd)(?<!Co)(?<!Dr)(?<!Mr)(?<!Ms)(?<!No)\.\s+(?=[A-Z])"
)
_TERM = re.compile(
    r"\s*\(\s*(?:\w+,?\s+){0,6}?(?:[\"“”„](?P<term>[^\"“”„]{2,40})[\"“”]|[‘'](?P<single>[^‘’']{2,40})[’'])[^()]{0,120}\)",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r",\s{1,3}(?:as|in its capacity as)\s{1,3}(?:the\s{1,3}|an?\s{1,3})?(?P<role>[A-Za-z]\w{2,20}(?:\s\w{2,20}){0,2})(?=\s?[,.;(]|\s(?:and|AND)\b)"
    r"|\s\(\s?(?:as\s|the\s|as\sthe\s|hereinafter\s(?:the\s)?)(?P<inside>[A-Za-z]\w{2,20}(?:\s\w{2,20}){0,2})\s?\)"
)
_MOST_ROLES = 200
_LONGEST_NAME = 90  # characters
_MEANS = re.compile(
    r"[\"“„](?P<term>[^\"“”„]{3,40})[\"”“]\s+(?:shall\s+mean|means|bedeutet|désigne|betekent|significa)[:,]?\s+"
)
_DESCRIBED = re.compile(
    r",?\s+(?:an?\s+(?:\w+\s+){0,5}(?:corporation|company|partnership|individual|person|entity|limited|body|trust|association|bank)\b"
    r"|having\b|with\s+(?:its|an?|offices?|principal)\b|located\b|whose\b|residing\b|of\s+\d|organi[sz]ed\b|incorporated\s+(?:in|under)\b|duly\b|as\s+(?:the\s+)?[a-z]|together\b|on\s+behalf\b"
    r"|eine?\s|mit\s+Sitz|ayant\b|dont\b|gevestigd\b|con\s+domicilio).*",
    re.DOTALL,
)
_DEGREES = re.compile(r"(?:,?\s+(?:M\.?D|Ph\.?D|Esq|J\.?D|CPA|MBA)\b\.?)+$")
_ENDS = re.compile(
    r"^(?:[\s,;:&]|d(?:er|ie|as|en|em)\s|la\s|le\s|and\b|und\b|et\b|en\b|y\b|by\b|the\s+undersigned\b|i\)|\(?[ivx1-9]{1,3}[.)])+",
    re.IGNORECASE,
)
_KIND = r"(?:Inc|Incorporated|LLC|L\.L\.C|Ltd|Limited|plc|PLC|Corp|Corporation|Company|Co|GmbH|AG|KG|SE|B\.?V|N\.?V|S\.?A|S\.?A\.?S|S\.?p\.?A|S\.?r\.?l|S\.?L|LLP|L\.?P)"
_COMPANY = re.compile(rf"\b{_KIND}\b\.?(?:,?\s{_KIND}\b\.?)?(?=,\s|\s*$)")
_DESCRIBES_THE_LAST = re.compile(
    r"^,?\s+(?:an?|eine?|une?|een)\s[^;:]{0,200}?,?\s(?:and|und|et|y|en)\s+(?=(?:d(?:er|ie|as)\s)?[A-Z])"
)
_STRUCTURE = frozenset(("date", "name", "agreement", "contract", "law", "party", "parties"))


@dataclass(eq=False, slots=True)
class Flow:
    """The document as one run of text, and the word behind each character."""

    text: str = ""
    words: list[tuple[PageView, Word]] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)

    def between(self, start: int, end: int) -> tuple[PageView, tuple[Word, ...]] | None:
        """The words from `start` to `end`, where they are on one page."""
        first = max(0, bisect_right(self.offsets, start) - 1)
        part = self.words[first : bisect_right(self.offsets, max(start, end - 1))]
        if not part or part[0][0] is not part[-1][0]:
            return None
        return part[0][0], tuple(word for _, word in part)


def flow_of(reading: Reading) -> Flow:
    """The words of all pages in reading order."""
    flow, parts, position = Flow(), [], 0
    for view in reading.views:
        for segment in view.segments:
            for word in segment.words:
                flow.words.append((view, word))
                flow.offsets.append(position)
                parts.append(word.text)
                position += len(word.text) + 1
        if len(flow.words) > _MOST_WORDS:
            break
    flow.text = " ".join(parts)
    return flow


def clause_candidates(reading: Reading, fields: list[Wanted]) -> Iterator[Candidate]:
    """Values that set phrases and defined terms of a contract give."""
    wanted = [
        item
        for item in fields
        if _asks_law(item) or _asks_start(item) or _could_be_defined(item) or asks_duration(item)
    ]
    if not wanted or sum(len(view.page.words) for view in reading.views) < 60:
        return
    flow = flow_of(reading)
    defined = list(_defined(flow))
    laws = list(find_laws(flow.text)) if any(map(_asks_law, wanted)) else []
    for item in wanted:
        if _asks_law(item):
            yield from _laws(flow, item, laws)
        if _asks_start(item):
            found = list(_starts(reading, flow, item))
            yield from found or _head_date(reading, item)
        if asks_duration(item):
            yield from _durations(flow, item)
        yield from _by_term(reading, flow, item, defined)


def _asks_law(item: Wanted) -> bool:
    tokens = set(item.tokens)
    return item.kind == "string" and "law" in tokens and bool(tokens & {"governing", "applicable"})


def _asks_start(item: Wanted) -> bool:
    tokens = set(item.tokens)
    return item.kind == "date" and (
        "effective" in tokens or (bool(tokens & {"agreement", "contract"}) and len(tokens) <= 2)
    )


def _could_be_defined(item: Wanted) -> bool:
    return (
        bool(_term_of(item)) and item.kind in ("string", "date") and item.search in ("name", "text", "date")
    )


def _term_of(item: Wanted) -> str:
    """The defined term that a field's name would be; empty where the name is too general for one."""
    spoken = fold(split_name(item.path[-1])).removesuffix(" name")
    return "" if set(spoken.split()) <= _STRUCTURE or len(item.path) > 2 else spoken


def _laws(flow: Flow, item: Wanted, laws: list[tuple[int, int]]) -> Iterator[Candidate]:
    for rank, (start, end) in enumerate(laws):
        made = _made(flow, item, start, end, 0.8 if rank == 0 else 0.6, "follows the phrase on governing law")
        if made:
            yield made


def _durations(flow: Flow, item: Wanted) -> Iterator[Candidate]:
    """Durations by the words around them; numbers only where the field names the unit that is printed."""
    for score, found in ranked_durations(flow.text, asks_duration(item)):
        value: str | int = found.text
        if item.kind != "string":
            if found.unit not in item.tokens:
                continue
            value = found.number
        made = _made(
            flow, item, found.start, found.end, score, "is how long the agreement says it lasts", value
        )
        if made:
            yield made


def _head_date(reading: Reading, item: Wanted) -> Iterator[Candidate]:
    """The date that stands alone at the head of an agreement in the form of a letter."""
    for segment, found in reading.found("date"):
        if segment.page is not reading.views[0] or segment.y0 > 0.4 * segment.page.page.height:
            return
        if found.end - found.start >= len(segment.text) - 2:
            made = candidate(
                reading, item, segment, 0, found, 0.5 * found.certainty, "stands at the head of the agreement"
            )
            made.how, made.labelled = "phrase", False
            yield made
            return


def _starts(reading: Reading, flow: Flow, item: Wanted) -> Iterator[Candidate]:
    for rank, match in enumerate(_DATED.finditer(flow.text[:_HEAD])):
        window = flow.text[match.start() : match.start() + 160]
        dates = find_dates(window, reading.locale.order)
        if not dates or _SENTENCE.search(window[: dates[0].start]):
            continue
        start = match.start() + dates[0].start
        score = 0.74 if rank < 3 else 0.6
        made = _made(
            flow,
            item,
            start,
            match.start() + dates[0].end,
            score,
            "the date the agreement says it is made or takes effect",
            dates[0].iso,
        )
        if made:
            yield made


def _defined(flow: Flow) -> Iterator[tuple[str, int, int, bool]]:
    """Defined terms with the text that they stand for: term, start, end, and whether the text follows."""
    for match in _TERM.finditer(flow.text):
        yield fold(_named(match)).strip(" ,."), max(0, match.start() - 160), match.start(), False
    for match in islice(_ROLE.finditer(flow.text[:_HEAD]), _MOST_ROLES):
        name = fold(match["role"] or match["inside"])
        yield name, max(0, match.start() - 160), match.start(), False
    for match in _MEANS.finditer(flow.text):
        yield fold(match["term"]).strip(" ,."), match.end(), match.end() + 200, True


def _named(match: re.Match[str]) -> str:
    """The term that a definition in brackets gives."""
    return match["term"] or match["single"]


def _by_term(
    reading: Reading, flow: Flow, item: Wanted, defined: list[tuple[str, int, int, bool]]
) -> Iterator[Candidate]:
    term = _term_of(item)
    for name, start, end, follows in defined:
        if not term or name != term:
            continue
        text = flow.text[start:end]
        reason = f'is defined as "{name}"'
        if item.kind == "date":
            dates = find_dates(text, reading.locale.order)
            chosen = (dates[:1] if follows else dates[-1:]) if dates else []
            for date in chosen:
                made = _made(flow, item, start + date.start, start + date.end, 0.8, reason, date.iso)
                if made:
                    yield made
        elif not follows:
            place = _name_before(text)
            made = place and _made(flow, item, start + place[0], start + place[1], 0.85, reason)
            if made:
                yield made


def _name_before(text: str) -> tuple[int, int] | None:
    """The name that ends a text: from its last break on, without what describes it."""
    cut = max(
        (
            match.end()
            for match in re.finditer(
                r"(?:\b(?:between|among|and|by|with|to|zwischen|und|der|die|dem|den|entre|et|tussen|tra)\b|[;:)],?|[a-z]\.|,\s(?:as|in its capacity as)\s(?:the\s)?\w+(?:\s\w+){0,2},)\s+(?=[A-Z])",
                text,
            )
        ),
        default=0,
    )
    return _bare_name(text, cut, len(text))


def _bare_name(text: str, start: int, end: int) -> tuple[int, int] | None:
    part = text[start:end]
    lead = _ENDS.match(part)
    begin = lead.end() if lead else 0
    company = _COMPANY.search(part, begin, begin + _LONGEST_NAME)
    part = part[: company.end()] if company else part
    body = _DEGREES.sub("", _DESCRIBED.sub("", part[begin:]).rstrip(" ,;")).rstrip(" ,;")
    words = body.split()
    if (
        not words
        or len(words) > 9
        or not any(letter.isupper() for letter in words[0])
        or re.search(r"\b(?:this|Agreement|hereof)\b", body)
    ):
        return None
    return start + begin, start + begin + len(body)


def parties(reading: Reading, wanted: Wanted) -> list[Candidate]:
    """The names between `between` and the recitals, one for each party; none where the sentence is not plain."""
    flow = flow_of(reading)
    head = flow.text[:_HEAD]
    for match in _BETWEEN.finditer(head):
        tail = head[match.end() : match.end() + 900]
        stop = min(
            (found.start() for found in (_SENTENCE.search(tail), _RECITALS.search(tail)) if found),
            default=len(tail),
        )
        places = _party_places(tail[:stop])
        made = [
            item
            for start, end in places
            if (
                item := _made(
                    flow,
                    wanted,
                    match.end() + start,
                    match.end() + end,
                    0.72,
                    "stands in the sentence that names the parties",
                )
            )
        ]
        if len(made) > 1:
            return made
    return []


def _party_places(text: str) -> list[tuple[int, int]]:
    ends = [
        match
        for match in _TERM.finditer(text)
        if not re.search(r"agreement|part(?:y|ies)\b|date", _named(match), re.IGNORECASE)
    ]
    if len(ends) > 1:
        cuts, position = [], 0
        for match in ends:
            last = _DESCRIBES_THE_LAST.match(text[position : match.start()]) if position else None
            cuts.append((position + (last.end() if last else 0), match.start()))
            position = match.end()
    else:
        split = re.search(r",?\s+(?:and|und|et|en|y)\s+(?=[A-Z])", text)
        if split is None:
            return []
        stop = next((match.start() for match in ends if match.start() > split.end()), len(text))
        cuts = [(0, split.start()), (split.end(), stop)]
    found = [_bare_name(text, start, end) for start, end in cuts]
    return [place for place in found if place] if all(found) else []


def asks_parties(wanted: Wanted) -> bool:
    """The list is one of the parties of a contract."""
    return wanted.kind == "string" and bool({"party", "partie", "contracting"} & set(wanted.tokens))


def _made(
    flow: Flow,
    wanted: Wanted,
    start: int,
    end: int,
    score: float,
    reason: str,
    value: str | int | None = None,
) -> Candidate | None:
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
