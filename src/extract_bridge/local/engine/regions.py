# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Where the value of a label may stand: after it, to its right, below it, or above it where a page is captioned that way."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.money import Amount, amounts_of
from extract_bridge.local.engine.owners import owners_of
from extract_bridge.local.engine.spans import Found, find
from extract_bridge.local.engine.tables.found import DocumentTables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.local.engine.confidence import How
    from extract_bridge.local.engine.flow import Flow
    from extract_bridge.local.engine.labels import LabelHit, LabelIndex
    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.resumes.sections import Section
    from extract_bridge.local.engine.values import Locale
    from extract_bridge.local.engine.wanted import Wanted

_LEAD = re.compile(r"^[\s:：#*=|.\-–—>)]+")
_AS_OF = re.compile(r"(?:[^\W\d_]{1,4}\s){0,2}\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\W*")
"""The date of a balance, between its label and the amount."""
_REST_OF_LABEL = re.compile(r"(?:\s(?!\d)[\w'’.()]+){1,3}\s?[:：]\s?(?=\S)")
"""Words that go on with a label up to its colon: `of the account:`."""
_SIGN = re.compile(r"(?:^|[\s:.])[-−]$")
_LEAST_CAPTIONS = 3
_NEAR = 1.0  # heights of a line
_FAR = 1e9
_PARTIES = frozenset(("seller", "buyer", "ship_to", "agency", "advertiser", "payee"))


PLACES: dict[How, str] = {
    "after": "stands after its label",
    "right": "stands right of its label",
    "below": "stands below its label",
    "above": "stands above its label",
}
"""Where the value of a label stands, in words."""


@dataclass(eq=False, slots=True)
class Reading:
    """A document while it is read: pages, labels on them, and how it writes dates and numbers.

    Attributes:
        views: The pages.
        index: The labels that are looked for.
        locale: How the document writes dates and numbers.
        lists: The lists of scalars that are asked for, by path.
        reads_tables: Lists are looked for in tables, too; off where there are too many for the length of the document.
        hits: The labels found, by segment.
        notes: How complete each list of objects is, by pointer; see `completeness`.
        note_warnings: What these notes warn of, one sentence each.
    """

    views: list[PageView]
    index: LabelIndex
    locale: Locale
    lists: dict[tuple[str, ...], Wanted] = field(default_factory=dict)
    reads_tables: bool = True
    hits: dict[Segment, list[LabelHit]] = field(default_factory=dict)
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)
    note_warnings: list[str] = field(default_factory=list)
    _tables: DocumentTables | None = None
    _amounts: list[Amount] | None = None
    _found: dict[str, list[tuple[Segment, Found]]] = field(default_factory=dict)
    _captioned: dict[int, bool] = field(default_factory=dict)
    _owners: dict[Segment, str] | None = None
    flow: Flow | None = None
    sections: list[Section] | None = None

    def __post_init__(self) -> None:
        """Find the labels of every page."""
        for view in self.views:
            self.hits.update(self.index.hits(view))

    def tables(self) -> DocumentTables:
        """Every table of the document; found once."""
        if self._tables is None:
            self._tables = DocumentTables(view.page for view in self.views)
        return self._tables

    def amounts(self) -> list[Amount]:
        """Every amount of the document; found once."""
        if self._amounts is None:
            self._amounts = [amount for view in self.views for amount in amounts_of(view, self.locale)]
        return self._amounts

    def found(self, kind: str) -> list[tuple[Segment, Found]]:
        """Every value of a typed kind in the document, in reading order; looked for once."""
        if kind not in self._found:
            self._found[kind] = [
                (segment, item)
                for view in self.views
                for segment in view.segments
                for item in find(kind, segment.text, self.locale)
            ]
        return self._found[kind]

    def dated(self) -> Locale:
        """How the document writes dates in its tables: where a year is left out, it is that of the document's own dates."""
        found = [item.value for _, item in self.found("date")]
        usual = Counter(value[:4] for value in found).most_common(1)
        near = [value for value in found if int(value[:4]) <= int(usual[0][0]) + 1]
        return replace(self.locale, latest=max(near)) if near else self.locale

    def owner(self, segment: Segment) -> str:
        """The party whose column or address a line stands in; empty where it is nobody's."""
        if self._owners is None:
            self._owners = owners_of(self)
        return self._owners.get(segment, "")

    def is_captioned(self, view: PageView) -> bool:
        """The labels of a page stand under their values: most of them are nearer to the text above than to that below."""
        if id(view) not in self._captioned:
            above = below = 0
            for hits in (self.hits.get(segment, ()) for segment in view.segments):
                for hit in hits[:1]:
                    near = _nearer_side(self, hit)
                    above, below = above + (near == "above"), below + (near == "below")
            self._captioned[id(view)] = above >= _LEAST_CAPTIONS and above >= 2 * below
        return self._captioned[id(view)]

    def is_label(self, segment: Segment) -> bool:
        """The segment is a label, or begins with one, and so is nobody's value as a whole."""
        hits = self.hits.get(segment, ())
        if segment.text.rstrip().endswith(":"):
            return True
        return any(hit.quality >= 0.9 and hit.start <= 2 and (hit.alone or hit.colon) for hit in hits)


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of text that a label points at: a segment's characters from `start` to `end`."""

    segment: Segment
    start: int
    end: int
    weight: float
    how: How

    @property
    def text(self) -> str:
        """Its characters."""
        return self.segment.text[self.start : self.end]


def regions_of(reading: Reading, hit: LabelHit, later: list[LabelHit]) -> Iterator[Region]:
    """Where the value of a label may stand, best place first."""
    segment = hit.segment
    stop = next(
        (
            other.start
            for other in later
            if other.start > hit.end
            and (other.quality >= 0.6 or (hit.colon and other.colon))
            and not _joins_dates(hit, other)
        ),
        len(segment.text),
    )
    if hit.colon and hit.start <= 1 and "subject" in hit.concepts:
        stop = len(segment.text)  # a subject may quote another's, with its `Re:`
    if _AS_OF.fullmatch(segment.text[hit.end :].strip()):
        stop = len(segment.text)  # `as of` is no label of its own here
    lead = re.match(
        r"[\s:：#*=.\-–—)]*(?:\((?!\+?\d[\d ]{0,6}\))[^)]{0,30}\)[\s:：#.]*)?", segment.text[hit.end : stop]
    )
    start = hit.end + (lead.end() if lead else 0)
    rest = _REST_OF_LABEL.match(segment.text[hit.end : stop]) if hit.start <= 2 and not hit.colon else None
    start = hit.end + rest.end() if rest else start
    start -= _takes_sign(segment.text, start)
    inside = segment.text[start:stop]
    if re.search(r"\w", inside):
        yield Region(segment, start, stop, 1.0 if hit.colon else 0.92, "after")
        if (hit.colon or len(inside) > 3) and not _AS_OF.fullmatch(inside):
            return
    if stop < len(segment.text):
        return
    if hit.alone and not hit.colon and reading.is_captioned(segment.page):
        yield from _above(reading, hit)
        return
    yield from _right(reading, hit)
    yield from _below(reading, hit)


def _joins_dates(hit: LabelHit, other: LabelHit) -> bool:
    """A small word between the two dates of a period, `to` or `bis`, is no label of its own."""
    return (
        "period" in hit.concepts and "period_end" in other.concepts and other.words == 1 and not other.colon
    )


def _takes_sign(text: str, start: int) -> int:
    """1 where the mark before a number is its sign rather than a dash."""
    signed = _SIGN.search(text[max(0, start - 2) : start]) is not None
    return int(signed and re.match(r"[€$£]?\d", text[start:]) is not None)


def _nearer_side(reading: Reading, hit: LabelHit) -> How | None:
    """On which side of a label that stands alone its value is, by the distance alone; None where that says nothing."""
    segment = hit.segment
    if (
        not hit.alone
        or hit.colon
        or hit.start > 2
        or hit.quality < 0.9
        or _has_value_beside(reading, segment)
    ):
        return None
    over = next(segment.page.above(hit.x0, hit.x1, segment.line, 2), None)
    under = next(segment.page.below(hit.x0, hit.x1, segment.line, 2), None)
    up = segment.y0 - over.y1 if over and not reading.is_label(over) else _FAR
    down = under.y0 - segment.y1 if under and not reading.is_label(under) else _FAR
    if min(up, down) > _NEAR * segment.height or abs(up - down) < 0.3 * segment.height:
        return None
    return "above" if up < down else "below"


def _has_value_beside(reading: Reading, segment: Segment) -> bool:
    beside = segment.page.right_of(segment)[:1]
    return bool(beside) and not reading.is_label(beside[0]) and beside[0] not in reading.hits


def _above(reading: Reading, hit: LabelHit) -> Iterator[Region]:
    """The text over a caption, if it is near and none itself."""
    other = next(hit.segment.page.above(hit.x0, hit.x1, hit.segment.line, 2), None)
    if other and not reading.is_label(other) and hit.segment.y0 - other.y1 <= _NEAR * other.height:
        yield Region(other, 0, len(other.text), 0.93, "above")


def _is_heading(reading: Reading, hit: LabelHit) -> bool:
    """The label stands in a row of labels, so that values are below rather than beside."""
    line = hit.segment.page.lines[hit.segment.line]
    beside = [segment for segment in line if segment is not hit.segment]
    if not beside:
        return False
    after = hit.segment.page.right_of(hit.segment)[:1]
    if after and re.search(r"\d", after[0].text) and after[0] not in reading.hits:
        return False
    marked = sum(
        any(
            other.alone or other.end - other.start > 0.6 * len(segment.text)
            for other in reading.hits.get(segment, ())
        )
        for segment in beside
    )
    digits = sum(bool(re.search(r"\d", segment.text)) for segment in beside)
    return not hit.colon and marked >= 1 and marked >= digits


def _right(reading: Reading, hit: LabelHit) -> Iterator[Region]:
    view, segment = hit.segment.page, hit.segment
    heading = _is_heading(reading, hit)
    edge = segment.x1
    steps = 0
    for other in view.right_of(segment)[:4]:
        distance = other.x0 - edge
        if distance > 0.6 * view.page.width:
            return
        if reading.is_label(other):
            yield from _named(reading, other)
            return
        if not re.search(r"\w", other.text):
            edge = other.x1
            continue
        lead = _LEAD.match(other.text)
        weight = (
            (0.55 if heading else 0.96)
            * (1.0 if distance < 0.3 * view.page.width else 0.85)
            * (1.0 if steps == 0 else 0.8)
        )
        begin = lead.end() if lead else 0
        yield Region(other, begin - _takes_sign(other.text, begin), len(other.text), weight, "right")
        if steps or re.search(r"[^\W\d_]", other.text):
            return
        steps += 1
        edge = other.x1


def _named(reading: Reading, segment: Segment) -> Iterator[Region]:
    """A label "Name" beside the label of a party: the party's name is what that label points at."""
    for other in reading.hits.get(segment, ()):
        if "person_name" in other.concepts and other.start <= 2:
            yield from (
                Region(region.segment, region.start, region.end, 0.97 * region.weight, region.how)
                for region in regions_of(reading, other, [])
            )


def _below(reading: Reading, hit: LabelHit) -> Iterator[Region]:
    view = hit.segment.page
    base = 0.93 if hit.alone and (_is_heading(reading, hit) or not view.right_of(hit.segment)) else 0.8
    previous = hit.segment.y1
    party = bool(_PARTIES & set(hit.concepts))
    for step, other in enumerate(view.below(hit.x0, hit.x1, hit.segment.line, 4)):
        if other.y0 - previous > 2.6 * max(other.height, hit.segment.height):
            return
        if reading.is_label(other):
            named = list(_named(reading, other))
            yield from named
            if named or not party:
                return
            previous = other.y1
            continue
        if step >= 3:
            return
        yield Region(other, 0, len(other.text), base, "below")
        previous = other.y1
