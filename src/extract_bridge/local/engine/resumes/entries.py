# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""The entries of a résumé's sections: positions by the dates that stand with them, degrees by their words and schools."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.candidates import Candidate
from extract_bridge.local.engine.durations import find_durations
from extract_bridge.local.engine.resumes.sections import without_bullet
from extract_bridge.local.engine.resumes.words import (
    COMPANY,
    COUNTRIES,
    POINT,
    PRESENT,
    RANGE,
    SCHOOL,
    TITLE,
)
from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.core.records.model import Match
    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.resumes.sections import Row
    from extract_bridge.local.engine.wanted import Wanted
    from extract_bridge.parse.model import Word

_MOST_HEAD = 3  # lines of an entry's head on one side of its dates
_LONGEST_PIECE = 16  # words
_SEPARATOR = re.compile(r"\s{0,8}[|•·●]\s{0,8}|\s[–—-]\s|\s@\s|\t|:\s")
_AT = re.compile(r",?\s(?:at|bei(?:\sder|\sdem)?|chez|presso|bij)\s(?=[A-ZÀ-Þ])")
_STATE = re.compile(r"^[A-Z]{2}$")
_PART_OF_ORG = re.compile(
    r"\b(?:school|department|dept|faculty|division|lab|laboratory|group|team|institute|unit|office|center|centre|college|abteilung|fakultat|departement|faculte|facultad)\b"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a résumé's text with its words."""

    text: str
    words: tuple[Word, ...]
    view: PageView


@dataclass(slots=True)
class Entry:
    """One position or one course of study; what the document leaves open is None.

    Attributes:
        name: The position, or the degree.
        place: The employer, or the school.
        start: From when.
        end: Until when; None, too, where it goes on.
        ongoing: The word that says so, such as `Present`.
        span: Both, as printed.
        location: Where.
        subject: What was studied, where the degree says it apart: `Bachelor of Science in Chemistry`.
        level: How well a language is known.
    """

    name: Piece | None = None
    place: Piece | None = None
    start: Piece | None = None
    end: Piece | None = None
    ongoing: Piece | None = None
    span: Piece | None = None
    location: Piece | None = None
    subject: Piece | None = None
    level: Piece | None = None
    loose: list[Piece] = field(default_factory=list)


# --- positions ----------------------------------------------------------------------------------------------------


def positions(rows: Sequence[Row]) -> list[Entry]:
    """The entries of a section of experience, each around its dates."""
    dated = [at for at, row in enumerate(rows) if _has_dates(row)]
    if not dated:
        return []
    style, usual = _shape(rows, dated[0])
    entries: list[Entry] = []
    free = 0
    for number, at in enumerate(dated):
        begins = at if _is_whole(rows[at]) else _head_start(rows, free, at, style, usual)
        closes = dated[number + 1] if number + 1 < len(dated) else len(rows)
        entry = _dated_entry(rows[begins : at + 1])
        free = at + 1
        while len(entry.loose) < 2 and free < min(closes, at + 3) and not rows[free].is_body:
            if free + usual >= closes < len(rows):
                break  # the head of the next entry
            entry.loose += pieces_of(rows[free : free + 1])
            free += 1
        entries.append(entry)
    _name(entries)
    return [entry for entry in entries if entry.name or entry.place]


def _has_dates(row: Row) -> bool:
    text = fold(row.text)
    listed = without_bullet(row.text) > 0
    if (
        RANGE.search(text)
        and len(text.split()) <= 2 * _LONGEST_PIECE
        and not (listed and not TITLE.search(text))
    ):
        return True
    alone = POINT.search(text)
    return (
        alone is not None
        and TITLE.search(text) is not None
        and "(" in text[: alone.start()]
        and len(text.split()) <= _LONGEST_PIECE
    )


def _is_whole(row: Row) -> bool:
    """The line with the dates has position and employer, too."""
    pieces = _split_titles(pieces_of([row]))
    titles = [piece for piece in pieces if TITLE.search(fold(piece.text))]
    return (
        len(pieces) > 1 and bool(titles) and any(_is_org(piece) for piece in pieces if piece is not titles[0])
    )


def _shape(rows: Sequence[Row], first: int) -> tuple[object, int]:
    """How entries begin: the look of the first line, where it is not that of running text, and how many lines stand before the dates."""
    begins = first
    while begins > 0 and not rows[begins - 1].is_body and first - begins < _MOST_HEAD:
        begins -= 1
    plain = Counter(row.style for row in rows).most_common(1)[0][0]
    style = rows[begins].style
    return (style if style != plain else None), first - begins


def _head_start(rows: Sequence[Row], free: int, at: int, style: object, usual: int) -> int:
    """The first line of the head of the entry whose dates stand on line `at`."""
    begins = at
    while begins > free and at - begins < usual and not rows[begins - 1].is_body:
        if style is not None and rows[begins].style == style:
            break
        begins -= 1
    over = rows[begins - 1] if begins > free else None
    named = any(TITLE.search(fold(row.text)) for row in rows[begins : at + 1])
    if over is not None and not named and not over.is_body and TITLE.search(fold(over.text)):
        begins -= 1  # the head of this entry runs over one line more than usual
    return begins


def _dated_entry(rows: Sequence[Row]) -> Entry:
    row = rows[-1]
    entry = Entry()
    for segment in row.segments:
        text = folded(segment.text)
        match = RANGE.search(text) or (POINT.search(text) if not entry.span else None)
        if match is None:
            continue
        entry.span = piece_of(row.view, segment, *match.span())
        parts = match.groupdict()
        if parts.get("since"):
            entry.start = piece_of(row.view, segment, *match.span("since"))
        elif parts.get("start"):
            entry.start = piece_of(row.view, segment, *match.span("start"))
            last = piece_of(row.view, segment, *match.span("end"))
            if PRESENT.fullmatch(text[slice(*match.span("end"))]):
                entry.ongoing = last
            else:
                entry.end = last
        else:
            entry.start = entry.end = entry.span
        break
    entry.loose = list(pieces_of(rows))
    return entry


def _name(entries: list[Entry]) -> None:
    """Tell position from employer in each entry; where words do not, the order of the other entries does."""
    order: Counter[str] = Counter()
    open_entries: list[tuple[Entry, list[Piece]]] = []
    for entry in entries:
        pieces = _split_titles(_without_places(entry))
        titles = [piece for piece in pieces if TITLE.search(fold(piece.text))]
        sure = [piece for piece in titles if not _is_org(piece)] or titles
        if sure:
            entry.name = sure[0]
            rest = [piece for piece in pieces if piece is not entry.name]
            entry.place = next((piece for piece in rest if _is_org(piece)), rest[0] if rest else None)
            if entry.place:
                order["name" if pieces.index(entry.name) < pieces.index(entry.place) else "place"] += 1
        else:
            open_entries.append((entry, pieces))
    first = order.most_common(1)[0][0] if order else ""
    for entry, pieces in open_entries:
        orgs = [piece for piece in pieces if _is_org(piece)]
        if len(pieces) == 2 and (len(orgs) == 1 or first):
            entry.place = orgs[0] if len(orgs) == 1 else pieces[1] if first == "name" else pieces[0]
            entry.name = next(piece for piece in pieces if piece is not entry.place)
        elif len(pieces) == 1 and orgs:
            entry.place = orgs[0]
    for entry in entries:
        if entry.place:
            entry.place = _without_town(entry, entry.place)


def _without_places(entry: Entry) -> list[Piece]:
    """The pieces of an entry without towns and countries; `Alder & Co., Ireland` is an employer where nothing else is one."""
    rest = [piece for piece in entry.loose if not _is_place(entry, piece)]
    if len(rest) == 1 and TITLE.search(fold(rest[0].text)) and entry.location and "," in entry.location.text:
        whole, cut = entry.location, entry.location.text.rfind(",")
        entry.location = part_of(whole, cut + 1, len(whole.text))
        rest.append(part_of(whole, 0, cut))
    return rest


def _is_org(piece: Piece) -> bool:
    text = fold(piece.text)
    return COMPANY.search(text) is not None or SCHOOL.search(text) is not None


def _is_place(entry: Entry, piece: Piece) -> bool:
    """The piece is where it was: a country, or a town with a state or a country."""
    parts = [part.strip() for part in piece.text.split(",")]
    last = parts[-1]
    elsewhere = fold(last) in COUNTRIES or (_STATE.match(last) is not None and not _is_org(piece))
    if not elsewhere or len(parts) > 2 or TITLE.search(fold(piece.text)):
        return False
    entry.location = entry.location or piece
    return True


def _split_titles(pieces: list[Piece]) -> list[Piece]:
    """`Editor, City Gazette` as two pieces, where no other piece is the employer."""
    if len(pieces) != 1:
        return pieces
    piece = pieces[0]
    at = _AT.search(piece.text)
    cut = (at.start(), at.end()) if at else None
    for comma in re.finditer(r",\s", piece.text):
        if (
            cut is None
            and TITLE.search(fold(piece.text[: comma.start()]))
            and not _is_org(part_of(piece, 0, comma.start()))
        ):
            cut = (comma.start(), comma.end())
    if cut is None:
        return pieces
    return [part_of(piece, 0, cut[0]), part_of(piece, cut[1], len(piece.text))]


def _without_town(entry: Entry, piece: Piece) -> Piece:
    """The employer without the town behind it."""
    parts = [part.strip() for part in piece.text.split(",")]
    if len(parts) > 2 and (_STATE.match(parts[-1]) or fold(parts[-1]) in COUNTRIES):
        dropped = 2
    elif len(parts) > 1 and fold(parts[-1]) in COUNTRIES:
        dropped = 1
    elif (
        len(parts) == 2
        and re.fullmatch(r"[A-ZÀ-Þ][\w'’-]+(?:\s[A-ZÀ-Þ][\w'’-]+)?", parts[1])
        and not _is_org(replace(piece, text=parts[1]))
    ):
        dropped = 0 if _PART_OF_ORG.search(fold(parts[1])) else 1
    else:
        dropped = 0
    if not dropped:
        return piece
    end = piece.text.rfind(",")
    if dropped == 2:
        end = piece.text.rfind(",", 0, end)
    entry.location = entry.location or part_of(piece, end + 1, len(piece.text))
    return part_of(piece, 0, end)


# --- pieces -------------------------------------------------------------------------------------------------------


def folded(text: str) -> str:
    """The text folded, where that leaves its characters in their places."""
    folded = fold(text)
    return folded if len(folded) == len(text) else text.lower()


def piece_of(view: PageView, segment: Segment, start: int, end: int) -> Piece:
    """A stretch of a segment."""
    return Piece(segment.text[start:end], segment.words_between(start, end), view)


def part_of(piece: Piece, start: int, end: int) -> Piece:
    """A part of a piece, with the words that carry it."""
    raw = piece.text[start:end]
    start += len(raw) - len(raw.lstrip(" ,"))
    text = raw.strip(" ,")
    kept, position = [], 0
    for word in piece.words:
        at = piece.text.find(word.text.strip("|:,()"), position)
        if at < 0:
            continue
        position = at + len(word.text.strip("|:,()"))
        if start < position and at < start + len(text):
            kept.append(word)
    return Piece(text, tuple(kept) or piece.words, piece.view)


def pieces_of(rows: Sequence[Row], marks: re.Pattern[str] = _SEPARATOR) -> list[Piece]:
    """The texts of some lines between separators and dates; a line that ends in a separator goes on in the next."""
    made: list[Piece] = []
    for row in rows:
        for segment in row.segments:
            text = folded(segment.text)
            dates = [match.span() for match in RANGE.finditer(text)] or [
                match.span() for match in POINT.finditer(text)
            ]
            position = 0
            for start, end in [*dates, (len(text), len(text))]:
                made += _between(row.view, segment, position, start, marks)
                position = end
    return [piece for piece in made if piece.text]


def _between(
    view: PageView, segment: Segment, start: int, end: int, marks: re.Pattern[str]
) -> Iterator[Piece]:
    position = start
    for match in [*marks.finditer(segment.text, start, end), None]:
        stop = match.start() if match else end
        raw = segment.text[position:stop]
        opens = position + len(raw) - len(raw.lstrip(" ,;:|–—-•·("))
        text = segment.text[opens:stop].rstrip(" ,;:|–—-•·(")
        if text.count(")") > text.count("("):
            text = text.lstrip(")").rstrip(") ") if "(" not in text else text
        lasting = next(find_durations(text), None)
        if lasting and lasting.end - lasting.start >= len(text) - 2:
            text = ""  # how long it was
        if re.search(r"[^\W\d_]{2}", text) and len(text.split()) <= _LONGEST_PIECE:
            yield piece_of(view, segment, opens, opens + len(text))
        position = match.end() if match else end


def candidate_of(wanted: Wanted, piece: Piece, score: float, reason: str, value: Any) -> Candidate:
    """A piece as the value of a field."""
    quote = " ".join(word.text for word in piece.words)
    match: Match = "exact" if value == quote else "normalized"
    return Candidate(
        wanted, value, piece.text, piece.words, piece.view, score, reason, match, labelled=False, how="place"
    )
