# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""The sections of a résumé: its headings by their words and by their look, column by column."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from extract_bridge.local.engine.resumes.words import HEADINGS, RANGE
from extract_bridge.local.engine.text import fold, label_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.regions import Reading

_LONGEST_HEADING = 6  # words
_FEWEST_HEADINGS, _FEW = 2, 3
_EXPERIENCE = re.compile(r"^(?:[\w&]+ ){1,3}(?:experience|employment)$")
_SET_APART = 2.6  # heights of a line between the words of one heading
_NEAR = 8.0  # points
_APART = 80.0  # points between the left edges of two columns
_MOST_PAGES = 12
_BULLET = re.compile(r"^\s?(?:[•●▪◦‣■○·*➢➤✓►-]|[–—](?=\s)|o(?=\s[A-Z]))\s?")
_LONG_LINE = 6  # words
_NAMED = 0.55  # the share of capitals in names and titles is at least this

Style = tuple[int, bool, bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of one column."""

    view: PageView
    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(segment.text for segment in self.segments)

    @property
    def style(self) -> Style:
        """How its first word looks."""
        return style_of(self.segments[0])

    @property
    def is_body(self) -> bool:
        """It is an item of a list, or running text."""
        text = self.text
        if _BULLET.match(text) or text.rstrip().endswith(":"):
            return True
        words = [word for word in text.split() if any(letter.isalpha() for letter in word)]
        if RANGE.search(fold(text)):
            return False
        if len(words) > 3 and text.rstrip().endswith((".", ";")):
            return True
        if len(words) <= _LONG_LINE:
            return False
        named = sum(word.lstrip("(“\"'")[:1].isupper() for word in words if len(word) > 3)
        return named < _NAMED * sum(len(word) > 3 for word in words)


@dataclass(slots=True)
class Section:
    """A heading's meaning, and the lines under it; the lines before every heading have the name `head`.

    A heading right below another one opens a group of that one's section, and has a `title` of its own.
    """

    name: str
    rows: list[Row] = field(default_factory=list)
    title: Row | None = None


def style_of(segment: Segment) -> Style:
    """Size, weight and capitals of a text."""
    word = segment.words[0]
    letters = [letter for letter in segment.text if letter.isalpha()]
    return (
        round(word.size or (word.y1 - word.y0)),
        word.bold,
        bool(letters) and all(map(str.isupper, letters)),
    )


def sections_of(views: list[PageView]) -> list[Section]:
    """The sections of a résumé in the order of its columns; empty where the document is none."""
    views = views[:_MOST_PAGES]
    known = list(_headings(views))
    names = {name for _, name in known}
    if not names & {"experience", "education"} or len(names) < _FEWEST_HEADINGS:
        return []
    looks = Counter(style_of(run[0]) for run, _ in known)
    look = looks.most_common(1)[0][0]
    plain = Counter(style_of(segment) for view in views for segment in view.segments).most_common(1)[0][0]
    headings = {
        id(run[0]): (name, len(run))
        for run, name in known
        if looks[style_of(run[0])] > 1 or style_of(run[0]) != plain or len(known) < _FEW
    }
    sections: list[Section] = []
    for rows in _columns(views, sorted(run[0].x0 for run, _ in known)):
        sections.append(Section("head"))
        for at, row in enumerate(rows):
            name, count = headings.get(id(row.segments[0]), ("", 0))
            if name and count == len(row.segments):
                sections.append(Section(name))
            elif look != plain and row.style == look and _is_heading(rows, at):
                sections.append(_unknown(sections[-1], row))
            else:
                sections[-1].rows.append(row)
    return [section for section in sections if section.rows]


def _unknown(over: Section, row: Row) -> Section:
    """What a heading without a known meaning opens: a group of the skills right under theirs, else something else."""
    if over.name == "skills" and (not over.rows or over.title is not None):
        return Section("skills", title=row)
    return Section("other")


def _headings(views: list[PageView]) -> Iterator[tuple[list[Segment], str]]:
    """Headings by their words: one text, or texts close to each other, since letters of headings are often set apart."""
    for view in views:
        for line in view.lines:
            at = 0
            while at < len(line):
                run = [line[at]]
                while (
                    at + len(run) < len(line)
                    and line[at + len(run)].x0 - run[-1].x1 < _SET_APART * run[-1].height
                ):
                    run.append(line[at + len(run)])
                sizes = [
                    size
                    for size in range(len(run), 0, -1)
                    if heading_of(" ".join(item.text for item in run[:size]))
                ]
                if sizes:
                    run = run[: sizes[0]]
                    yield run, heading_of(" ".join(item.text for item in run)) or ""
                at += len(run)


def heading_of(text: str) -> str | None:
    """The section that a text is the heading of, by its words."""
    text = re.sub(r"\([^()]*\)", "", text).strip(" :•|-–—0123456789.")
    if len(text.split()) > _LONGEST_HEADING or not text[:1].isupper():
        return None
    known = HEADINGS.get(label_key(text))
    if known is None and _EXPERIENCE.search(fold(text)) and (text.isupper() or text.istitle()):
        return "experience"
    return known


def _is_heading(rows: list[Row], at: int) -> bool:
    """A line that looks like the known headings is one, unless a date under it makes it the head of an entry."""
    row = rows[at]
    if (
        len(row.segments) > 1
        or len(row.segments[0].words) > _LONGEST_HEADING + 3
        or re.search(r"\d", row.text[:4])
    ):
        return False
    return not any(RANGE.search(fold(other.text)) for other in rows[at : at + 4])


def _columns(views: list[PageView], edges: list[float]) -> Iterator[list[Row]]:
    """The lines of each column over all pages, one column after the other; `edges` is where headings begin."""
    starts = [edges[0]]
    for edge in edges:
        if edge - starts[-1] > _APART and sum(abs(edge - other) <= _NEAR for other in edges) > 1:
            starts.append(edge)
    bounds = [-1e9, *(start - _NEAR for start in starts[1:]), 1e9]
    for low, high in pairwise(bounds):
        yield [
            Row(view, part)
            for view in views
            for line in view.lines
            if (part := tuple(segment for segment in line if low <= segment.x0 < high))
        ]


def without_bullet(text: str) -> int:
    """Where the text of an item begins behind its mark."""
    found = _BULLET.match(text)
    return found.end() if found else 0


def sections(reading: Reading) -> list[Section]:
    """The sections of a document that is a résumé, else none; found once."""
    if reading.sections is None:
        reading.sections = sections_of(reading.views)
    return reading.sections


def rows_of(reading: Reading, name: str) -> list[Row]:
    """The lines of all sections of a name."""
    return [row for section in sections(reading) if section.name == name for row in section.rows]
