# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Whom a résumé is about: the name, the calling under it, and the town."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extract_bridge.local.engine.resumes.entries import Piece, candidate_of
from extract_bridge.local.engine.resumes.sections import heading_of, rows_of, sections
from extract_bridge.local.engine.resumes.words import COMPANY, COUNTRIES, LISTS, PARTICLES, SCHOOL, TITLE
from extract_bridge.local.engine.text import fold, label_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.local.engine.candidates import Candidate
    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.wanted import Wanted

_LIKELY = 0.8
_LARGE = 1.5  # heights of a usual line
_EDGE = 8.0  # points
_MOST_PERSONS = 12
_HEAD_ROWS = 14
_NAMES = frozenset(
    (
        "full",
        "name",
        "candidate",
        "applicant",
        "person",
        "nom",
        "complet",
        "nombre",
        "completo",
        "nome",
        "naam",
        "volledige",
    )
)
_PARTS = {
    "city": "city",
    "town": "city",
    "state": "state",
    "region": "state",
    "country": "country",
    "location": "",
}
_CALLINGS = frozenset(("headline", "tagline", "profession", "occupation", "current"))
_TOWN = re.compile(
    r"(?P<city>[A-ZÀ-Þ][\w'’.-]+(?:\s[A-ZÀ-Þ][\w'’.-]+){0,2}),\s(?P<state>[A-Z]{2}|[A-ZÀ-Þ][a-z]+(?:\s[A-ZÀ-Þ][a-z]+)?)(?:\s\d{5})?(?:,\s(?P<country>[A-ZÀ-Þ][\w.]+(?:\s[A-Z][a-z]+)?))?$"
)


def resume_candidates(reading: Reading, fields: Sequence[Wanted]) -> Iterator[Candidate]:
    """The name and the town of whom a résumé is about."""
    asked = [
        item
        for item in fields
        if item.kind == "string" and (_asks_name(item) or _asks_town(item) or _asks_calling(item))
    ]
    if not asked or not sections(reading):
        return
    for item in asked:
        if _asks_name(item):
            yield from _name(reading, item)
        elif _asks_town(item):
            yield from _town(reading, item)
        else:
            yield from _calling(reading, item)


def _asks_calling(item: Wanted) -> bool:
    return bool(set(item.tokens) & _CALLINGS) and len(item.path) == 1


def _calling(reading: Reading, item: Wanted) -> Iterator[Candidate]:
    """The line of the head that names a position."""
    for row in rows_of(reading, "head")[:_HEAD_ROWS]:
        segment = row.segments[0]
        if row.is_body or len(row.segments) > 1 or re.search(r"[\d@]", segment.text):
            continue
        if TITLE.search(fold(segment.text)):
            piece = Piece(segment.text, segment.words, row.view)
            yield candidate_of(item, piece, _LIKELY, "stands at the head as a position", segment.text)
            return


def _asks_name(item: Wanted) -> bool:
    return item.search == "name" and set(item.tokens) <= _NAMES


def _asks_town(item: Wanted) -> bool:
    """The town of the person; `place of birth` and the like ask for another one."""
    return item.tokens[-1:] != () and item.tokens[-1] in _PARTS and len(item.tokens) <= len(("home", "city"))


def _name(reading: Reading, item: Wanted) -> Iterator[Candidate]:
    """The largest line of the head that can be a person's name; the e-mail address may confirm it."""
    view = reading.views[0]
    local = " ".join(fold(str(found.value).split("@")[0]) for _, found in reading.found("email")[:1])
    sizes = sorted(segment.height for segment in view.segments)
    usual, largest = sizes[len(sizes) // 2], sizes[-1]
    first = next(view.segments)
    elsewhere = {
        id(part)
        for section in sections(reading)
        if section.name in LISTS
        for row in section.rows
        for part in row.segments
    }
    for rank, lines in enumerate(_persons(view, _LARGE * usual, elsewhere)):
        text = " ".join(line.text for line in lines)
        parts = re.findall(r"[a-z]{3,}", fold(text))
        score = (
            0.5
            + (0.26 if any(part in local for part in parts) else 0.0)
            + (0.28 if max(line.height for line in lines) >= max(0.9 * largest, _LARGE * usual) else 0.0)
            + (0.1 if lines[0] is first else 0.0)
            - 0.01 * rank
        )
        words = tuple(word for line in lines for word in line.words)
        yield candidate_of(
            item, Piece(text, words, view), min(score, 0.92), "stands at the head as a name", text
        )


def _persons(view: PageView, large: float, elsewhere: set[int]) -> Iterator[list[Segment]]:
    """Lines that can be a name, the first ones of a page outside its lists; a large name may run over two lines."""
    count = 0
    for segment in view.segments:
        if id(segment) in elsewhere:
            continue
        under = next(view.below(segment.x0, segment.x1, segment.line, 4), None)
        near = (
            under is not None
            and under.y0 - segment.y1 < 0.5 * segment.height
            and abs(under.x0 - segment.x0) <= _EDGE
        )
        if (
            under is not None
            and near
            and min(segment.height, under.height) > large
            and _is_person(f"{segment.text} {under.text}")
        ):
            yield [segment, under]
        elif _is_person(segment.text):
            yield [segment]
        else:
            continue
        count += 1
        if count >= _MOST_PERSONS:
            return


def _is_person(text: str) -> bool:
    """Two to six words with capitals, no number, no heading, and no words of trades but for a title before the name."""
    words = re.findall(r"[^\W\d_][\w'’.-]*", text)
    if not 2 <= len(words) <= 6 or re.search(r"\d|@|[:;|/]", text) or heading_of(text):
        return False
    if not all(word[:1].isupper() or word.casefold() in PARTICLES or "-" in word for word in words):
        return False
    titled = re.sub(r"^(?:prof(?:essor)?|dr|mr|mrs|ms)\b\.?\s?(?:dr\.?\s)?", "", fold(text))
    known = (TITLE.search(titled), SCHOOL.search(titled), COMPANY.search(titled))
    return not any(known) and label_key(text) not in ("curriculumvitae", "lebenslauf")


def _town(reading: Reading, item: Wanted) -> Iterator[Candidate]:
    """A town with its state or country in the head of the résumé or among its contact details."""
    for row in [*rows_of(reading, "head")[:_HEAD_ROWS], *rows_of(reading, "contact")[:_HEAD_ROWS]]:
        for segment in row.segments:
            for start, end in _pieces(segment.text):
                found = _TOWN.match(segment.text[start:end])
                if not found:
                    continue
                part = _PARTS.get(item.tokens[-1], "")
                if part == "city" and re.search(
                    r"\b(?:state|country)\b", str(item.schema.get("description") or "")
                ):
                    part = ""
                if part == "country" and not found["country"] and fold(found["state"]) in COUNTRIES:
                    part = "state"
                elif part == "state" and fold(found["state"]) in COUNTRIES:
                    continue
                span = found.span(part) if part else (0, end - start)
                if span[0] < 0:
                    continue
                text = segment.text[start + span[0] : start + span[1]]
                yield candidate_of(
                    item,
                    Piece(text, segment.words_between(start + span[0], start + span[1]), row.view),
                    _LIKELY,
                    "stands among the contact details",
                    text,
                )
                return


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for match in [*re.finditer(r"\s{0,8}[|•·]\s{0,8}|\s[–—-]\s|:\s", text), None]:
        yield position, match.start() if match else len(text)
        position = match.end() if match else len(text)
