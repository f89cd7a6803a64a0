"""Dates that sentences give: when something begins, ends, was agreed or signed, by the words around the date.

`made` is the date of the document itself: in its first sentence, or behind a town at its foot (`Lyon, le 21 août 2020`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from extract_bridge.local.engine.dates import find_dates
from extract_bridge.local.engine.flow import Flow, flow_of
from extract_bridge.local.engine.prose.names import HEAD
from extract_bridge.local.engine.prose.parties import made_at
from extract_bridge.local.engine.prose.stated import alike
from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.local.engine.candidates import Candidate
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.wanted import Wanted

Moment = Literal["begins", "ends", "made", ""]

_BEFORE, _AFTER = 70, 40
_FEWEST_WORDS = 3
_MOST = 400
_APART, _DOUBT, _LATER = 0.05, 0.16, 0.12
_OWN = 0.8
_OF_ANOTHER = frozenset(("original", "prior", "previous", "existing", "former"))  # agreements, not this one
_LONG = 60_000  # characters: so long a document speaks of many dates, and of its own at its head
_BEGINS = re.compile(
    r"(?:\b(?:beginn\w*|commenc\w*|start(?:s|ing)?|effective(?: as of| from| on)?|with effect (?:from|as of|on)|in (?:force|effect) from|takes? effect|tritt|ab|ab dem|mit wirkung (?:vom|zum)|wirksam"
    r"|a compter du|a dater du|prend(?:ra)? effet|prenant effet|debut\w*|a partir d[ue]l?|en vigueur|a contar desde|a contar de|con efectos? (?:desde|de)|inicia\w*|comienza|en vigor|desde"
    r"|gaat in|ingaande|vanaf|met ingang van|in werking|dal|dall'|decorre\w*|a decorrere|a partire|inizi\w*|in vigore|tem inicio|com inicio|inicio|com efeitos|a partir de|od|od dnia|z dniem|rozpoczyna\w* sie)"
    r"(?:\W+(?:on|at|from|as of|am|vom|zum|dem|den|le|du|el|il|op|em|a|dia|dnia|de|the|del|dal|desde)\b){0,3})\W*$"
)
_STARTS_AFTER = re.compile(r"^\W*in kraft\b")
_ENDS = re.compile(
    r"(?:\b(?:end(?:s|ing)?|expir\w*|terminat\w*|until|matur\w*|bis|bis zum|endet|lauft bis|jusqu'au|prend(?:ra)? fin|expire\w*|s'acheve|hasta|finaliza\w*|vence|termina\w*|tot|tot en met|eindigt"
    r"|loopt af|al|fino al|scade\w*|ate|ate ao|caduca|do|do dnia|konczy sie)(?:\W+(?:on|at|am|le|el|il|op|em|a|dia|dnia|zum|the|the earlier of|and including)\b){0,3})\W*$"
)
_MADE = re.compile(
    r"(?:\b(?:dated|made|entered into|executed|concluded|signed|geschlossen|abgeschlossen|unterzeichnet|conclu|signe|fait a [^,]{2,40},?|celebrad[oa]|firmad[oa]|suscrit[oa]|gesloten|ondertekend|getekend|overeengekomen(?: te [^,]{2,30})?"
    r"|stipulat[oa]|sottoscritt[oa]|redatto|assinad[oa]|zawart[aey]|sporzadzon[aoy])(?:\W+(?:as|of|on|this|the|and|effective|am|den|zum|vom|le|el|il|op|em|a|dia|w|dniu|dnia|in|data|te|ce|entered|into|made|day)\b){0,7})\W*$"
)
_AT_A_PLACE = re.compile(
    r"(?:^|[\s.])(?:(?:fait\s)?(?:a|en|em|w|te|gegeben\szu)\s)?[a-z][\w' .-]{1,30},?\s(?:den|le|il|a|ai|el|em|dnia|am|op)?\s?$|(?:^|\W)(?:en|fait a|w|te)\s[a-z][\w' -]{1,30},\s(?:a|le)\s(?:los\s)?$"
)
_OPENS_AT_A_PLACE = re.compile(
    r"\W*(?:en|em|a|in|te|w)\s[a-z][\w' -]{1,30},?\s(?:a|il|den|op|dnia|aos?)?\s?(?:los\s)?"
)
_BORN = re.compile(r"\b(?:born|geboren|nee?|nat[oa]|nacid[oa]|nascid[oa]|urodzon\w+)\b[^.;]{0,40}$")
_AGREED = re.compile(
    r"\b(?:agreement|lease|tenancy|contract|term|employment|mietverhaltnis|mietzeit|vertrag|vereinbarung|arbeitsverhaltnis|laufzeit|bail|contrat|accord|duree|contrato|acuerdo|arrendamiento|duracion"
    r"|overeenkomst|huur|contratto|accordo|locazione|durata|prazo|umow\w+)\b"
)
_MEANINGS: dict[Moment, frozenset[str]] = {
    "begins": frozenset(("effective_date", "valid_from", "period_start")),
    "ends": frozenset(("period_end", "expiry_date")),
    "made": frozenset(("signature_date", "document_date")),
}
_WORDS: dict[Moment, re.Pattern[str]] = {
    "begins": re.compile(
        r"beginn|\bstart|commenc|effective|effet|debut|inicio|inizio|ingang|aanvang|decorrenza|prise deffet|antritt|eintritt|entry into force|takes effect|rozpoczec"
    ),
    "ends": re.compile(
        r"\bend\b|\bends\b|ende\b|\bfin\b|expir|terminat|einde?\b|eind|scadenza|fine\b|vencim|ablauf|matur|zakoncz"
    ),
    "made": re.compile(
        r"sign|unterschr|unterzeich|firma|ondertek|assinat|podpis|(?:agreement|contract|vertrag|contrat|contrato|contratto|overeenkomst|umow|accord|acuerdo)\w*\b"
    ),
}


def asked_moment(item: Wanted) -> Moment:
    """Which moment of an agreement a field of a date asks for; empty where it asks for none of them."""
    if item.kind != "date" or "birth_date" in item.concepts or set(item.tokens) & _OF_ANOTHER:
        return ""
    told = (
        fold(" ".join((*item.path[-1:], str(item.schema.get("description") or ""))))
        .replace("_", " ")
        .replace("'", "")
    )
    for moment in ("begins", "ends"):
        strong = any(item.concepts.get(name, 0.0) >= 0.8 for name in _MEANINGS[moment])
        if strong or _WORDS[moment].search(told):
            return moment
    if any(item.concepts.get(name, 0.0) >= 0.8 for name in _MEANINGS["made"]) or _WORDS["made"].search(told):
        return "made"
    return ""


def dated_candidates(reading: Reading, fields: Sequence[Wanted]) -> Iterator[Candidate]:
    """The dates that running text gives for the beginning, the end and the making of an agreement."""
    asked = [(item, moment) for item in fields if (moment := asked_moment(item))]
    if not asked:
        return
    flow = flow_of(reading)
    found = list(_dates(reading, flow))
    for item, moment in asked:
        scored = [
            (score, place) for place in found if (score := _score(item, moment, place.kinds, place.around))
        ]
        scored.sort(key=lambda entry: -entry[0])
        for rank, (score, place) in enumerate(scored[:4]):
            rival = any(other.iso != place.iso and mark > score - _APART for mark, other in scored)
            score -= (_DOUBT if rival else 0.0) + 0.01 * rank
            made = made_at(
                flow, item, place.start, place.end, score, "the words before the date say so", place.iso
            )
            if made:
                yield made


@dataclass(frozen=True, slots=True)
class _Dated:
    """A date in a sentence, the moments that the words around it make it, and the words before it."""

    start: int
    end: int
    iso: str
    kinds: dict[Moment, float]
    around: str


def _dates(reading: Reading, flow: Flow) -> Iterator[_Dated]:
    """Dates in sentences, each with the moments that the words around it make it, and these words."""
    count = 0
    longest = HEAD if len(flow.text) > _LONG else len(flow.text)
    for start, end in flow.sentences():
        text = flow.text[start:end]
        if start > longest:
            return
        if not re.search(r"\d", text) or len(text.split()) < _FEWEST_WORDS:
            continue
        for date in find_dates(text, reading.locale.order):
            before = fold(text[max(0, date.start - _BEFORE) : date.start])
            after = fold(text[date.end : date.end + _AFTER])
            kinds = _moments(before, after, text, date.end)
            if kinds:
                count += 1
                yield _Dated(start + date.start, start + date.end, date.iso, kinds, fold(text[: date.start]))
        if count > _MOST:
            return


def _moments(before: str, after: str, text: str, ends: int) -> dict[Moment, float]:
    if _BORN.search(before):
        return {}
    kinds: dict[Moment, float] = {}
    if _BEGINS.search(before) or _STARTS_AFTER.search(after):
        kinds["begins"] = 0.74
    if _ENDS.search(before):
        kinds["ends"] = 0.74
    if _MADE.search(before):
        kinds["made"] = 0.74
    elif not kinds and _OPENS_AT_A_PLACE.fullmatch(before):
        kinds["made"] = 0.7
    elif not kinds and len(text.split()) <= 16 and len(text) - ends <= 40 and _AT_A_PLACE.search(before):
        kinds["made"] = 0.66
    return kinds


def _score(item: Wanted, moment: Moment, kinds: dict[Moment, float], around: str) -> float:
    score = kinds.get(moment, 0.0)
    if not score and moment == "begins" and item.concepts.get("effective_date", 0.0) >= _OWN:
        score = max(
            0.0, kinds.get("made", 0.0) - _LATER
        )  # where nothing says otherwise, it holds from the day it was made
    if not score:
        return 0.0
    own = [
        token
        for token in item.tokens
        if len(token) > 3 and token not in ("date", "datum", "fecha", "data", "start", "beginn")
    ]
    words = around.split()
    if _AGREED.search(around):
        score += 0.06
    if any(alike(token, word) for token in own for word in words[-25:]):
        score += 0.06
    return score
