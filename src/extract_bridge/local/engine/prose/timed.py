"""Times of day at which sentences say that something begins or ends: `The meeting was opened at 17:30 and closed at 19:05`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extract_bridge.local.engine.flow import flow_of
from extract_bridge.local.engine.prose.parties import made_at
from extract_bridge.local.engine.text import fold, split_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.local.engine.candidates import Candidate
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.wanted import Wanted

_TIME = re.compile(r"(?<![\d:.])(?:[01]?\d|2[0-3])(?::|\.|h\s?)[0-5]\d(?:\s?[ap]m\b|\s?[ap]\.m\.)?(?![\d:])")
_ASKS = re.compile(r"\btime\b|uhrzeit|\bheure|\bhora\b|\bora\b|\btijd|\buur\b|godzina")
_ASKED = {
    "begins": re.compile(
        r"\b(?:begin\w*|start\w*|open\w*|debut|inicio|inizio|aanvang|rozpoczecie|ouverture|apertura)\b"
    ),
    "ends": re.compile(
        r"\b(?:end\w*|close\w*|closing|adjourn\w*|fin|fine|einde|sluiting|schluss|zakonczenie|cloture|cierre|termino|fecho)\b"
    ),
}
_SAID = {
    "begins": re.compile(
        r"\bopen(?:ed|s|ing)?\b|\bbeg[aiu]n\w*|\bstart\w*|call(?:s|ed)? to order|eroffne\w*|\bbeginnt|\bbegann|ouver\w*|\bouvr\w*|\bdebut\w*|\babr\w+|\babiert\w*|\binici\w*|comienz\w*|comenz\w*"
        r"|geopend|\bopent|\baanvang|\baper\w+|\biniz\w+|otwart\w*|otworz\w*|rozpocz\w*"
    ),
    "ends": re.compile(
        r"\bclos(?:ed|es|ing)\b|adjourn\w*|\bended?\b|\bends\b|conclud\w*|geschlossen|schliesst|beende\w*|\bendet|\bclos\w*|\blevee?\b|termin\w*|\bcerr\w+|levant\w*|finaliz\w*|gesloten|\bsluit\w*|eindigt"
        r"|chius\w*|chiud\w*|zamkni\w*|zakoncz\w*|encerr\w*"
    ),
}
_FEWEST_WORDS = 5


def timed_candidates(reading: Reading, fields: Sequence[Wanted]) -> Iterator[Candidate]:
    """The times of beginning and end that sentences give; none where two differ."""
    for item in fields:
        moment = _asked(item)
        if not moment:
            continue
        flow = flow_of(reading)
        found = [
            (start + match.start(), start + match.end())
            for start, end in flow.sentences()
            if len(flow.text[start:end].split()) >= _FEWEST_WORDS
            for match in _TIME.finditer(flow.text[start:end])
            if _says(flow.text[start:end], match, moment)
        ]
        if len({flow.text[start:end] for start, end in found}) == 1:
            made = made_at(flow, item, *found[0], 0.74, "is the time that the sentence gives for it")
            if made:
                yield made


def _asked(item: Wanted) -> str:
    if item.kind != "string" or item.search not in ("text", "name"):
        return ""
    name = fold(split_name(item.path[-1]))
    if not _ASKS.search(f"{name} {fold(str(item.schema.get('description') or ''))}"):
        return ""
    return next((moment for moment, words in _ASKED.items() if words.search(name)), "")


def _says(sentence: str, time: re.Match[str], moment: str) -> bool:
    """The words of the time's own clause are those of the moment, not those of the other one."""
    opens = max((other.end() for other in _TIME.finditer(sentence[: time.start()])), default=0)
    after = _TIME.search(sentence, time.end())
    before = fold(sentence[opens : time.start()])
    if any(words.search(before) for words in _SAID.values()):
        return _SAID[moment].search(before) is not None
    rest = fold(sentence[time.end() : after.start() if after else len(sentence)])
    other = next(name for name in _SAID if name != moment)
    return _SAID[moment].search(rest) is not None and _SAID[other].search(rest) is None
