# ruff: noqa: SIM905 - a line of words reads better than a column of quoted ones
# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Which law a contract is under: the set phrases that name it, in six languages and in capitals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.local.engine.wanted import Wanted

_GAP = r"\s{1,4}"
_NO_NAME = r"(?!(?:WITHOUT|AND|OR|EXCLUDING|EXCEPT|APPLICABLE|AS|TO|SHALL|WITH|IN|WHICH|THAT|FOR|OTHER|REGARDLESS|GIVING|LAWS?)\b)"
_NAME = rf"[A-Z][\w'’\-]{{1,30}}(?:{_GAP}(?:(?:and|of|the){_GAP})?{_NO_NAME}[A-Z][\w'’\-]{{1,30}}){{0,3}}"
_PART = r"(?:state|commonwealth|province|republic|kingdom|federal republic|district)"
# A federation before its state, as in `the United States of America, State of Maine`, names no law of contracts.
_FEDERATION = rf"(?:(?i:united{_GAP}states(?:{_GAP}of{_GAP}america)?),?{_GAP}(?:(?i:and){_GAP})?(?=(?i:(?:the{_GAP})?{_PART}{_GAP}of\b)))?"
_PLACE = (
    rf"(?:(?i:the){_GAP})?{_FEDERATION}(?:(?:(?i:the){_GAP})?(?i:{_PART}{_GAP}of){_GAP})?(?:(?i:the){_GAP})?"
)
_CUE = rf"(?i:govern\w{{0,12}}|constru\w{{1,12}}|interpret\w{{1,12}}|enforc\w{{1,12}}|determin\w{{1,4}}|subject{_GAP}to|accordance{_GAP}with)"
_NO_LAW_OF = r"(?!(?:Applicable|Governing|Securities|The|This|Such|Federal|State|Any|All|Bankruptcy|Tax|Environmental|Choice|Law)\b)"

_PATTERNS = (
    re.compile(
        rf"{_CUE}\b[^.]{{0,160}}?\b(?i:laws?)(?:\s\([^()]{{0,160}}\)|,[^,.]{{0,80}},)?{_GAP}(?i:of|in{_GAP}force{_GAP}in),?{_GAP}{_PLACE}(?P<law>{_NAME})"
    ),
    re.compile(
        rf"\b(?i:laws?){_GAP}of{_GAP}{_PLACE}(?P<law>{_NAME})[^.;]{{0,120}}?\b(?:(?i:shall|will|is{_GAP}to){_GAP}(?i:govern|apply|be{_GAP}applied|be{_GAP}applicable|control)|(?i:governs?|controls?))\b"
    ),
    re.compile(
        rf"(?i:govern\w{{0,12}}|constru\w{{1,12}}|interpret\w{{1,12}}|subject)\b[^.]{{0,80}}?\b(?i:by|under|with|to){_GAP}(?P<law>{_NO_LAW_OF}[A-Z][a-z]{{1,30}}(?:\s[A-Z][a-z]{{1,30}})?){_GAP}[Ll]aw\b"
    ),
    re.compile(
        rf"\b(?P<law>{_NO_LAW_OF}[A-Z][a-z]{{2,30}}(?:\s[A-Z][a-z]{{2,30}})?){_GAP}[Ll]aws?{_GAP}(?:shall{_GAP}govern|will{_GAP}govern|governs?|applies|shall{_GAP}apply)\b"
    ),
    re.compile(
        rf"(?:gilt|unterliegt|findet)\b[^.]{{0,80}}?\b(?P<law>[a-zA-Zäöü]{{1,30}}(?:es|em|en){_GAP}Recht|Recht{_GAP}der{_GAP}[A-Z][\wäöü]{{1,30}}(?:\s[A-Z][\wäöü]{{1,30}})?)"
    ),
    re.compile(
        rf"\b(?i:governing{_GAP}law)\b[^.;]{{0,60}}?\b(?i:be|is)(?:{_GAP}(?i:that|the{_GAP}laws?))?(?:{_GAP}(?i:of))?{_GAP}{_PLACE}(?P<law>{_NAME})"
    ),
    re.compile(
        rf"(?:régie?s?|soumis\w{{0,12}})\b[^.]{{0,60}}?\b(?P<law>(?:droit|loi){_GAP}[a-zéçèï]{{1,30}})"
    ),
    re.compile(
        rf"(?:regir\w{{0,12}}|rige\w{{0,12}}|sujet\w{{0,12}})\b[^.]{{0,60}}?\b(?:ley(?:es)?|legislación){_GAP}(?:de(?:l|{_GAP}la)?{_GAP})?(?P<law>[\wáéíóúñ]{{1,30}})"
    ),
    re.compile(rf"(?P<law>[A-Z]?[a-z]{{1,30}}s?{_GAP}recht){_GAP}(?:is{_GAP})?van{_GAP}toepassing\b"),
    re.compile(
        rf"(?P<law>(?:droit|loi){_GAP}[a-zéçèï]{{3,30}}){_GAP}(?:est{_GAP}applicable|s['’]applique|régit)\b"
    ),
    re.compile(rf"(?:beheerst|toepassing)\b[^.]{{0,60}}?\b(?P<law>[A-Z]?[a-z]{{1,30}}s?{_GAP}recht)\b"),
    re.compile(
        rf"(?:regolat\w{{1,6}}|disciplinat\w{{1,6}}|soggett\w{{1,3}})\b[^.]{{0,60}}?\b(?P<law>(?:legge|diritto){_GAP}[a-zà]{{1,30}})"
    ),
    re.compile(
        rf"(?:reg\w{{1,8}}|rege-se|sujeit\w{{1,3}})\b[^.]{{0,60}}?\b(?P<law>(?:lei|direito|legislação){_GAP}(?!aplic)[a-zãçêé]{{3,30}})"
    ),
    re.compile(
        rf"(?:podlega\w{{0,4}}|stosuje|zastosowanie)\b[^.]{{0,60}}?\b(?P<law>praw\w{{1,3}}{_GAP}[a-ząćęłńóśźż]{{3,20}}(?:skie|kie)\w{{1,3}})"
    ),
)


def find_laws(text: str) -> Iterator[tuple[int, int]]:
    """Where the law that governs a contract is named: first and last character, in reading order."""
    places = {match.span("law") for pattern in _PATTERNS for match in pattern.finditer(text)}
    yield from sorted(places)


_LAW_WORDS = frozenset(
    ("law recht rechtswahl droit loi ley legislacion legge diritto lei direito prawo").split()
)
_GOVERNS = frozenset(
    (
        "governing applicable anwendbare anwendbar anwendbares geltende geltendes aplicable applicabile toepasselijk toepasselijke "
        "aplicavel wlasciwe"
    ).split()
)


def asks_law(item: Wanted) -> bool:
    """The field asks for the law that a contract is under."""
    tokens = set(item.tokens)
    if item.kind != "string":
        return False
    if tokens == {"jurisdiction"}:
        return not _of_courts(item)
    return bool(tokens & _LAW_WORDS) and (bool(tokens & _GOVERNS) or tokens == {"rechtswahl"})


_COURT_WORDS = frozenset(
    (
        "jurisdiction venue forum gerichtsstand foro tribunal tribunaux court courts rechtbank juridiction fuero jurisdiccion"
    ).split()
)
_TOWN = rf"(?P<place>{_NAME})"
_VENUES = (
    re.compile(
        rf"\b(?i:courts?){_GAP}(?:(?i:sitting|located|seated){_GAP})?(?i:of|in|for){_GAP}(?:(?i:the){_GAP})?(?:(?i:{_PART}{_GAP}of|city{_GAP}of|county{_GAP}of){_GAP})?{_TOWN}"
    ),
    re.compile(
        rf"\b(?i:gerichtsstand)\b[^.;]{{0,50}}?\b(?:ist|sind){_GAP}(?:das{_GAP}[^.;]{{0,40}}?(?:in|zu){_GAP})?{_TOWN}"
    ),
    re.compile(
        rf"\b(?:tribunal|tribunaux|juridictions?){_GAP}(?:de{_GAP}commerce{_GAP}|judiciaire{_GAP}|compétents?{_GAP}){{0,2}}(?:de{_GAP}|d['’])(?:la{_GAP})?{_TOWN}"
    ),
    re.compile(
        rf"\b(?:tribunales|juzgados)\b[^.;]{{0,40}}?\bde{_GAP}(?:la{_GAP}ciudad{_GAP}de{_GAP})?{_TOWN}"
    ),
    re.compile(rf"\b(?:rechtbank|rechter){_GAP}(?:te{_GAP}|in{_GAP}|van{_GAP})?{_TOWN}"),
    re.compile(rf"\b(?i:foro)\b[^.;]{{0,60}}?\b(?:di|de){_GAP}{_TOWN}"),
)


def _of_courts(item: Wanted) -> bool:
    """A jurisdiction is where the courts are where its description speaks of them, else whose law it is."""
    return (
        re.search(r"court|venue|dispute|litig", str(item.schema.get("description") or ""), re.IGNORECASE)
        is not None
    )


def asks_venue(item: Wanted) -> bool:
    """The field asks where the courts for an agreement are."""
    if item.kind != "string" or (item.tokens == ("jurisdiction",) and not _of_courts(item)):
        return False
    return bool(set(item.tokens) & _COURT_WORDS) and len(item.tokens) <= 3


def find_venues(text: str) -> Iterator[tuple[int, int]]:
    """Where the courts are named that a contract goes to: first and last character, in reading order."""
    places = {match.span("place") for pattern in _VENUES for match in pattern.finditer(text)}
    yield from sorted(places)
