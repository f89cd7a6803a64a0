"""What contracts state in set phrases: who it is between, from when, under which law, and what a defined term stands for.

Only phrases that name their value beyond doubt are read; what a sentence implies is left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extract_bridge.local.engine.candidates import Candidate, candidate
from extract_bridge.local.engine.dates import find_dates
from extract_bridge.local.engine.durations import asks_duration, asks_unit, ranked_durations, says_secret
from extract_bridge.local.engine.flow import SENTENCE_END, Flow, flow_of
from extract_bridge.local.engine.lexicon.phrases import phrase_index
from extract_bridge.local.engine.prose.dated import asked_moment, dated_candidates
from extract_bridge.local.engine.prose.laws import asks_law, asks_venue, find_laws, find_venues
from extract_bridge.local.engine.prose.names import (
    HEAD,
    Definition,
    company_in,
    definitions,
    is_company,
    last_name,
    roles,
)
from extract_bridge.local.engine.prose.parties import bracketed_roles, made_at, party_of
from extract_bridge.local.engine.prose.stated import alike, is_agreement, shared_start, stated_candidates
from extract_bridge.local.engine.text import fold, label_key, label_tokens, split_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.wanted import Wanted

_DATED = re.compile(
    r"\b(?:dated|made|entered\s+into|effective|executed|geschlossen|conclu|gesloten|celebrado|as\s+of)\b[^.;]{0,90}?",
    re.IGNORECASE,
)
_MEANS = re.compile(
    r"[\"“„](?P<term>[^\"“”„]{3,40})[\"”“]\s+(?:shall\s+mean|means|bedeutet|désigne|betekent|significa)[:,]?\s+"
)
_LAST_SIGNED = re.compile(
    r"(?:effective|effect|in\sforce)\b[^.]{0,80}?\b(?:last|latest|later)\s(?:of\s)?(?:the\s)?(?:two\s)?(?:date|dates|signature|signatures|party|signing|execution)|date\sof\s(?:the\s)?last\s(?:signature|party)",
    re.IGNORECASE,
)
_SHORTEST_STEM, _ENDING = 4, 3  # letters
_FEWEST_WORDS = 60
_TAIL = 5_000  # characters in which an agreement is signed
_DATE_LABEL = re.compile(r"\b(?:date|dated|datum|data|fecha)\s?:\s?", re.IGNORECASE)
_WITNESS = re.compile(r"\bwitness\s+(?:whereof|hereof)\b", re.IGNORECASE)
_INFLECTED = re.compile(r"\bzwan\w{1,3}\b")
"""Behind it Polish names of people stand in another case than their own."""
_SALUTATION = re.compile(
    r"(?:Dear\b|Ladies and Gentlemen|Gentlemen|To [Ww]hom|Sehr geehrte|Lieber?\s|Guten Tag|Madame|Monsieur|Messieurs|Chère?\s|Estimad[oa]|Muy señor|Geachte|Beste\s|Gentile|Egregio|Spett|Exm[oa]|Car[oa]\s|Prezad[oa]|Szanown)"
)
_ALONE = re.compile(r"(?:[A-ZÀ-Þ][\w' .-]{1,30},?\s(?:den\s|le\s|a\s|il\s|em\s|dnia\s)?)?")
_LETTERS = frozenset(("letter", "brief", "schreiben", "lettre", "courrier", "carta", "lettera", "pismo"))
_OWN = 0.8
_LIVES = re.compile(
    r"\b(?:demeurant|residing|wohnhaft|wonende|residente|domiciliad[oa]|(?:offices?|address|seat)|located|siège(?:\ssocial)?)\s"
    r"(?:(?:actuellement|currently|est|situé|au|à|at|in|te|en)\s){0,3}"
)
_SITE = re.compile(
    r"\b(?:located|situated|known\sas|situ[ée]e?s?|sise?|gelegen|belegen|sit[oa]|ubicad[oa]|situad[oa]|poło[żz]on\w{1,4})\s"
    r"(?:(?:at|in|in\sder|im|au|à|te|en|na|no|w|von|unter|di)\s){0,2}(?=[\dA-ZÀ-Þa-z])",
    re.IGNORECASE,
)
_ADDRESS_END = re.compile(
    r",\s(?!(?:rue|via|calle|rua|ul|avenue|boulevard|place|quai|chemin|allée|impasse|bis|ter)\b)[a-zà-þ]|[;(]|\.\s|\.$"
)
_ADDRESS_WORDS = frozenset(
    [
        "address",
        "adresse",
        "adres",
        "direccion",
        "indirizzo",
        "morada",
        "endereco",
        "anschrift",
        "full",
        "complete",
        "street",
    ]
)
_NAMES = frozenset(("name", "nom", "naam", "nombre", "nome"))
_STRUCTURE = frozenset(("date", "name", "agreement", "contract", "law", "party", "parties"))


def clause_candidates(reading: Reading, fields: list[Wanted]) -> Iterator[Candidate]:
    """Values that set phrases and defined terms of a contract give, and those that sentences state."""
    yield from _letter_dates(reading, fields)
    if sum(len(view.page.words) for view in reading.views) < _FEWEST_WORDS:
        return
    if is_agreement(reading):
        yield from stated_candidates(reading, fields)
        yield from dated_candidates(reading, fields)
    phrased = [(item, clause) for item in fields for asks, clause in _CLAUSES if asks(item)]
    terms = [item for item in fields if _could_be_defined(item)]
    if not phrased and not terms:
        return
    flow = flow_of(reading)
    for item, clause in phrased:
        yield from clause(reading, flow, item)
    defined = list(_defined(flow)) if terms else []
    for item in terms:
        yield from _by_term(reading, flow, item, defined)


def _asks_start(item: Wanted) -> bool:
    tokens = set(item.tokens)
    return item.kind == "date" and (
        "effective" in tokens
        or (bool(tokens & {"agreement", "contract"}) and len(tokens) <= 2)
        or (asked_moment(item) == "begins" and "effect" in fold(str(item.schema.get("description") or "")))
    )


def _could_be_defined(item: Wanted) -> bool:
    return (
        bool(_term_of(item))
        and item.kind in ("string", "date")
        and item.search in ("name", "text", "date", "address")
    )


def _term_of(item: Wanted) -> str:
    """The defined term that a field's name would be; empty where the name is too general for one."""
    spoken = fold(split_name(item.path[-1])).removesuffix(" name")
    if len(item.path) == 2 and (spoken in _NAMES or item.search == "address"):
        return fold(split_name(item.path[0]))
    return "" if set(spoken.split()) <= _STRUCTURE or len(item.path) > 2 else spoken


def _laws(_reading: Reading, flow: Flow, item: Wanted) -> Iterator[Candidate]:
    for rank, (start, end) in enumerate(find_laws(flow.text)):
        made = made_at(
            flow, item, start, end, 0.8 if rank == 0 else 0.6, "follows the phrase on governing law"
        )
        if made:
            yield made


def _venues(_reading: Reading, flow: Flow, item: Wanted) -> Iterator[Candidate]:
    places = list(find_venues(flow.text))
    rival = len({flow.text[start:end] for start, end in places}) > 1
    for start, end in places[:2]:
        made = made_at(flow, item, start, end, 0.62 if rival else 0.76, "is where the courts are")
        if made:
            yield made


def _durations(_reading: Reading, flow: Flow, item: Wanted) -> Iterator[Candidate]:
    """Durations by the words around them; numbers only where the field names the unit that is printed."""
    for score, found in ranked_durations(flow.text, asks_duration(item), secret=says_secret(item)):
        value: str | int = found.text
        ends = found.end
        if item.kind != "string":
            if found.unit not in item.tokens and not asks_unit(item, found):
                continue
            value = found.number
            digits = flow.text[found.start : found.counted].isdigit()
            ends = found.counted if digits else found.end
        made = made_at(flow, item, found.start, ends, score, "is how long the agreement says it lasts", value)
        if made:
            yield made


def _starts(reading: Reading, flow: Flow, item: Wanted) -> Iterator[Candidate]:
    """When the agreement takes effect: with its last signature, on the date of its first sentence or of its last, else of its head."""
    if _LAST_SIGNED.search(flow.text):
        yield from _last_signed(reading, flow, item)
        return
    found = list(_dated(reading, flow, item, 0, HEAD))
    if not found and (witness := _WITNESS.search(flow.text)):
        found = list(_dated(reading, flow, item, witness.start(), witness.start() + 400))
    yield from found or _head_date(reading, item)


def _last_signed(reading: Reading, flow: Flow, item: Wanted) -> Iterator[Candidate]:
    """The latest of the dates beside the signatures."""
    signed = []
    for match in _DATE_LABEL.finditer(flow.text, max(0, len(flow.text) - _TAIL)):
        dates = find_dates(flow.text[match.end() : match.end() + 30], reading.locale.order)
        if dates and dates[0].start <= 1:
            signed.append((dates[0].iso, match.end() + dates[0].start, match.end() + dates[0].end))
    if len(signed) > 1:
        iso, start, end = max(signed)
        made = made_at(flow, item, start, end, 0.74, "is the date of the last signature", iso)
        if made:
            yield made


def _head_date(reading: Reading, item: Wanted) -> Iterator[Candidate]:
    """The date that stands alone at the head of an agreement in the form of a letter."""
    for segment, found in reading.found("date"):
        if segment.page is not reading.views[0] or segment.y0 > 0.4 * segment.page.page.height:
            return
        label = _DATE_LABEL.match(segment.text)
        if found.end - found.start >= len(segment.text) - (label.end() if label else 0) - 2:
            made = candidate(
                reading, item, segment, 0, found, 0.5 * found.certainty, "stands at the head of the agreement"
            )
            made.how, made.labelled = "phrase", False
            yield made
            return


def _letter_dates(reading: Reading, fields: list[Wanted]) -> Iterator[Candidate]:
    for item in fields:
        if _asks_letter_date(item) and reading.views:
            yield from _letter_date(reading, item)


def _letter_date(reading: Reading, item: Wanted) -> Iterator[Candidate]:
    """The date that stands alone over the salutation of a letter; a label `Date:` may stand where it was signed."""
    view = reading.views[0]
    greeting = next((segment for segment in view.segments if _SALUTATION.match(segment.text)), None)
    if greeting is None:
        return
    for segment, found in reading.found("date"):
        above = segment.page is view and segment.y1 <= greeting.y0
        alone = _ALONE.fullmatch(segment.text[: found.start]) and len(segment.text) - found.end <= len(", ")
        if above and alone and len(view.lines[segment.line]) == 1:
            made = candidate(
                reading, item, segment, 0, found, found.certainty, "stands alone over the salutation"
            )
            made.how, made.labelled = "phrase", False
            yield made
            return


def _asks_letter_date(item: Wanted) -> bool:
    tokens = set(item.tokens)
    named = item.concepts.get("document_date", 0.0) >= _OWN or tokens & _LETTERS
    return item.kind == "date" and len(item.path) == 1 and bool(named)


def _dated(reading: Reading, flow: Flow, item: Wanted, opens: int, closes: int) -> Iterator[Candidate]:
    for rank, match in enumerate(_DATED.finditer(flow.text, opens, closes)):
        window = flow.text[match.start() : match.start() + 160]
        dates = find_dates(window, reading.locale.order)
        if not dates or SENTENCE_END.search(window[: dates[0].start]):
            continue
        start = match.start() + dates[0].start
        end = match.start() + dates[0].end
        score = 0.74 if rank < 3 else 0.6
        made = made_at(
            flow,
            item,
            start,
            end,
            score,
            "the date the agreement says it is made or takes effect",
            dates[0].iso,
        )
        if made:
            yield made


def _defined(flow: Flow) -> list[tuple[Definition, bool]]:
    """Defined terms with the text that they stand for, and whether that text follows."""
    found = [(item, False) for item in definitions(flow.text, flow.paragraphs)]
    found += [(item, False) for item in (*roles(flow.text), *bracketed_roles(flow))]
    found += [
        (
            Definition(fold(match["term"]).strip(" ,."), match.end(), match.end() + 200, match.end() + 200),
            True,
        )
        for match in _MEANS.finditer(flow.text)
    ]
    return found


def _by_term(
    reading: Reading, flow: Flow, item: Wanted, defined: list[tuple[Definition, bool]]
) -> Iterator[Candidate]:
    term = _term_of(item)
    for definition, follows in defined:
        likeness = _same_role(item, term, definition.term) if term else 0.0
        if not likeness:
            continue
        reason = f'is defined as "{definition.term}"'
        if item.kind == "date":
            yield from _defined_date(reading, flow, item, definition, reason, follows=follows)
        elif not follows:
            place = (
                _home_before(flow.text, definition.opens, definition.start)
                if item.search == "address"
                else _named(flow.text, definition)
            )
            made = place and made_at(flow, item, *place, 0.85 * likeness, reason)
            if made:
                yield made


def _defined_date(
    reading: Reading, flow: Flow, item: Wanted, definition: Definition, reason: str, *, follows: bool
) -> Iterator[Candidate]:
    opens = definition.opens if follows else max(definition.opens, definition.start - 160)
    dates = find_dates(
        flow.text[opens : definition.start if not follows else definition.end], reading.locale.order
    )
    for date in dates[:1] if follows else dates[-1:]:
        made = made_at(flow, item, opens + date.start, opens + date.end, 0.8, reason, date.iso)
        if made:
            yield made


def _same_role(item: Wanted, asked: str, term: str) -> float:
    """Whether a defined term is the role that a field asks for: the same word, its other gender, or the word of another language."""
    if term == asked:
        return 1.0
    if " " not in asked and " " not in term and _same_stem(asked, term):
        return 0.97
    concepts = {concept.name for concept in phrase_index().get(label_key(term), ()) if concept.kind == "name"}
    return 0.9 if any(item.concepts.get(name, 0.0) >= 0.8 for name in concepts) else 0.0


def _same_stem(one: str, other: str) -> bool:
    """Two words begin alike and differ in an ending; `mieter` is no `vermieter`."""
    shared = shared_start(one, other)
    return (
        shared >= max(_SHORTEST_STEM, min(len(one), len(other)) - 2)
        and max(len(one), len(other)) - shared <= _ENDING
    )


def _named(text: str, definition: Definition) -> tuple[int, int] | None:
    """Whom a definition names: at the head of an agreement the party it describes, elsewhere the name right before it."""
    if definition.start <= HEAD and definition.described:
        place = party_of(text, definition)
        inflected = _INFLECTED.search(text[definition.start : definition.start + 12])
        return None if place and inflected and not is_company(text[slice(*place)]) else place
    opens = max(definition.opens, definition.start - 160)
    if definition.described:
        return company_in(text, opens, definition.start)
    return last_name(text, opens, definition.start)


def _asks_site(item: Wanted) -> bool:
    return (
        item.kind == "string"
        and item.role is None
        and (item.search == "address" or bool(set(item.tokens) & _ADDRESS_WORDS))
    )


def _sites(_reading: Reading, flow: Flow, item: Wanted) -> Iterator[Candidate]:
    """The address of the thing that a field speaks of: `the flat located at 12 Mill Lane, 4010 Basel, with ...`."""
    told = label_tokens(f"{split_name(item.path[-1])} {item.schema.get('description') or ''}")
    own = [token for token in told if len(token) > 3 and token not in _ADDRESS_WORDS]
    for match in _SITE.finditer(flow.text[:HEAD]):
        words = label_tokens(flow.text[max(0, match.start() - 60) : match.start()])[-2:]
        place = _ADDRESS_END.search(flow.text, match.end(), match.end() + 140)
        end = place.start() if place else match.end()
        if end - match.end() < 8 or not re.search(r"\d", flow.text[match.end() : end]):
            continue
        if any(alike(token, word) for token in own for word in words):
            made = made_at(flow, item, match.end(), end, 0.72, "is where the sentence says it lies")
            if made:
                yield made


def _home_before(text: str, opens: int, end: int) -> tuple[int, int] | None:
    """The address that ends a text, behind the words that say who lives or sits there."""
    lives = list(_LIVES.finditer(text, opens, end))
    if not lives or not re.search(r"\d", text[lives[-1].end() : end]):
        return None
    return lives[-1].end(), opens + len(text[opens:end].rstrip(" ,"))


_CLAUSES: tuple[
    tuple[Callable[[Wanted], object], Callable[[Reading, Flow, Wanted], Iterator[Candidate]]], ...
] = (
    (asks_venue, _venues),
    (asks_law, _laws),
    (_asks_start, _starts),
    (asks_duration, _durations),
    (_asks_site, _sites),
)
"""Who asks for what a set phrase gives, and how it is read."""
