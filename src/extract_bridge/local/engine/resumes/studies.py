# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Degrees with their schools in a résumé's section of education, and what its lists say of languages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from extract_bridge.local.engine.resumes.entries import Entry, Piece, folded, part_of, piece_of, pieces_of
from extract_bridge.local.engine.resumes.words import COUNTRIES, DEGREE, POINT, PRESENT, RANGE, SCHOOL
from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.local.engine.resumes.sections import Row

_BARS = re.compile(r"\s{0,8}[|•·●]\s{0,8}|\t")
_IN = re.compile(r"(?:\s(?:in|en|em)|,)\s(?=[A-ZÀ-Þ])")
_LEVEL = re.compile(r"(?P<what>[^\W\d_][^(:–—]{1,28}?)\s?(?:\(|:\s|\s[–—-]\s)(?P<level>[^()]{2,40})\)?")
_LABELLED = re.compile(r"^[^\W\d_][\w &]{1,24}:")
_STATE = re.compile(r"^[A-Z]{2}$")


def studies(rows: Sequence[Row]) -> list[Entry]:
    """The entries of a section of education: a degree with its school, in either order."""
    entries: list[Entry] = []
    now = Entry()

    def done() -> None:
        nonlocal now
        if now.name or now.place:
            entries.append(now)
        now = Entry()

    for row in rows:
        if _is_note(row):
            continue
        pieces = [part for piece in pieces_of([row], _BARS) for part in _school_apart(piece)]
        names = [piece for piece in pieces if DEGREE.search(fold(piece.text)) and not _is_school(piece)]
        places = [piece for piece in pieces if _is_school(piece)]
        date = _moment(row)
        filled = (names and now.name) or (places and now.place)
        if filled or (date and now.end and not names and not places):
            done()
        if names:
            now.name = names[0]
        if places:
            now.place = _without_state(places[0])
        if date:
            now.start, now.end = (date[0] or now.start), date[1]
    done()
    return entries


def subject_apart(entry: Entry) -> Entry:
    """The entry with the subject apart from the degree, where a word such as `in` stands between them."""
    found = entry.name and _IN.search(entry.name.text)
    if not entry.name or not found or not DEGREE.search(fold(entry.name.text[: found.start()])):
        return entry
    name, subject = (
        part_of(entry.name, 0, found.start()),
        part_of(entry.name, found.end(), len(entry.name.text)),
    )
    return replace(entry, name=name, subject=subject)


def level_apart(piece: Piece) -> Entry:
    """A language with how well it is known apart: `German (basic)`, `German: fluent`."""
    found = _LEVEL.fullmatch(piece.text)
    if found is None:
        return Entry(name=piece)
    return Entry(name=part_of(piece, *found.span("what")), level=part_of(piece, *found.span("level")))


def _is_note(row: Row) -> bool:
    text = row.text
    labelled = _LABELLED.match(text)
    if labelled and not DEGREE.search(fold(labelled.group())) and not POINT.search(fold(labelled.group())):
        return True
    return row.is_body


def _is_school(piece: Piece) -> bool:
    text = fold(piece.text)
    school = SCHOOL.search(text)
    return (
        school is not None and not re.match(r"high school (?:diploma|degree)", text) and "a level" not in text
    )


def _school_apart(piece: Piece) -> Iterator[Piece]:
    """A degree and its school in one text, parted at the mark between them."""
    text = piece.text
    if DEGREE.search(fold(text)) and SCHOOL.search(fold(text)):
        for mark in re.finditer(r",\s|\s[–—-]\s|:\s|\s(?:at|from|an\sder|à\sl['’])\s?", text):
            left, right = fold(text[: mark.start()]), fold(text[mark.end() :])
            nearest = re.split(r",\s|\s[–—-]\s", right)[0]
            if (DEGREE.search(left) and not SCHOOL.search(left) and SCHOOL.search(nearest)) or (
                SCHOOL.search(left) and not DEGREE.search(left) and DEGREE.search(nearest)
            ):
                yield part_of(piece, 0, mark.start())
                yield part_of(piece, mark.end(), len(text))
                return
    yield piece


def _without_state(piece: Piece) -> Piece:
    parts = [part.strip() for part in piece.text.split(",")]
    if len(parts) > 2 and (_STATE.match(parts[-1]) or fold(parts[-1]) in COUNTRIES):
        return part_of(piece, 0, piece.text.rfind(",", 0, piece.text.rfind(",")))
    return piece


def _moment(row: Row) -> tuple[Piece | None, Piece] | None:
    for segment in row.segments:
        text = folded(segment.text)
        match = RANGE.search(text)
        if match and match["start"] and not PRESENT.fullmatch(match["end"]):
            return piece_of(row.view, segment, *match.span("start")), piece_of(
                row.view, segment, *match.span("end")
            )
        if match is None and (alone := POINT.search(text)):
            return None, piece_of(row.view, segment, *alone.span())
    return None
