# ruff: noqa: SIM905 - a line of words reads better than a column of quoted ones
# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Possible values of a field: the text that a label points at, read as the kind of value that is wanted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.money import Amount, amounts_of
from extract_bridge.local.engine.spans import TYPED, Found, find
from extract_bridge.local.engine.values import EMPTY, Locale, coerce, fits_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.core.records.model import Match
    from extract_bridge.local.engine.labels import LabelHit, LabelIndex
    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.wanted import Wanted
    from extract_bridge.parse.model import Word

_LEAD = re.compile(r"^[\s:#*=|.\-–—>)]+")
_TAIL = re.compile(r"[\s:,;|=\-–—•·●*]+$")
_NAME_STOP = re.compile(r"\s[•·●|]\s| tel[.: ]| fax[.: ]", re.IGNORECASE)
PARTIES = frozenset(("seller", "buyer", "ship_to", "agency", "advertiser", "payee"))
_WORDY = frozenset(("name", "text", "title", "street", "city", "state", "country", "address"))


@dataclass(eq=False, slots=True)
class Candidate:
    """One possible value of one field.

    Attributes:
        wanted: The field.
        value: What it would be.
        raw: As printed.
        words: The words it is made of, one tuple a line.
        view: The page.
        score: 0..1, how well labels, place and form speak for it.
        reason: Why, for people.
        match: How the words carry the value.
        labelled: A label points at it.
        label: That label as `label_key`.
    """

    wanted: Wanted
    value: Any
    raw: str
    words: tuple[Word, ...]
    view: PageView
    score: float
    reason: str
    match: Match = "exact"
    labelled: bool = True
    label: str = ""

    @property
    def place(self) -> frozenset[int]:
        """What it occupies on the page."""
        return frozenset(id(word) for word in self.words)


@dataclass(eq=False, slots=True)
class Reading:
    """A document while it is read: pages, labels on them, and how it writes dates and numbers."""

    views: list[PageView]
    index: LabelIndex
    locale: Locale
    hits: dict[Segment, list[LabelHit]] = field(default_factory=dict)
    _amounts: list[Amount] | None = None

    def __post_init__(self) -> None:
        """Find the labels of every page."""
        for view in self.views:
            self.hits.update(self.index.hits(view))

    def amounts(self) -> list[Amount]:
        """Every amount of the document; found once."""
        if self._amounts is None:
            self._amounts = [amount for view in self.views for amount in amounts_of(view, self.locale)]
        return self._amounts

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
    how: str

    @property
    def text(self) -> str:
        """Its characters."""
        return self.segment.text[self.start : self.end]


def labelled(reading: Reading) -> Iterator[Candidate]:
    """Every candidate that a label points at, for all fields."""
    for hits in reading.hits.values():
        for position, hit in enumerate(hits):
            readers = reading.index.readers(hit)
            if not readers or hit.quality < 0.2:
                continue
            regions = list(regions_of(reading, hit, hits[position + 1 :]))
            for wanted, weight in readers.items():
                yield from _read_regions(reading, wanted, hit, weight, regions)


def regions_of(reading: Reading, hit: LabelHit, later: list[LabelHit]) -> Iterator[Region]:
    """Where the value of a label may stand, best place first."""
    segment = hit.segment
    stop = next(
        (other.start for other in later if other.quality >= 0.6 and other.start > hit.end), len(segment.text)
    )
    lead = re.match(r"[\s:#*=.\-–—)]*(?:\([^)]{0,30}\)[\s:#.]*)?", segment.text[hit.end : stop])
    start = hit.end + (lead.end() if lead else 0)
    inside = segment.text[start:stop]
    if re.search(r"\w", inside):
        yield Region(segment, start, stop, 1.0 if hit.colon else 0.92, "after its label")
        if hit.colon or len(inside) > 3:
            return
    if stop < len(segment.text):
        return
    yield from _right(reading, hit)
    yield from _below(reading, hit)


def _is_heading(reading: Reading, hit: LabelHit) -> bool:
    """The label stands in a row of labels, so that values are below rather than beside."""
    line = hit.segment.page.lines[hit.segment.line]
    beside = [segment for segment in line if segment is not hit.segment]
    if not beside:
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
        yield Region(other, lead.end() if lead else 0, len(other.text), weight, "right of its label")
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
    party = bool(PARTIES & set(hit.concepts))
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
        yield Region(other, 0, len(other.text), base, "below its label")
        previous = other.y1


def temper(candidates: list[Candidate]) -> list[Candidate]:
    """Lower what repeated labels found: a label with many different values is a column or a line of a table."""
    values: dict[tuple[Wanted, str], set[str]] = {}
    counts: Counter[tuple[Wanted, str, int]] = Counter()
    for item in candidates:
        values.setdefault((item.wanted, item.label), set()).add(str(item.value))
        counts[item.wanted, item.label, item.view.page.number] += 1
    led: set[tuple[Wanted, str]] = set()
    for item in candidates:
        different = len(values[item.wanted, item.label])
        many = different > 3 or counts[item.wanted, item.label, item.view.page.number] > 3
        if (
            many
            and item.wanted.search == "number"
            and item.score > 0.6
            and (item.wanted, item.label) not in led
        ):
            led.add((item.wanted, item.label))
            item.score *= 0.8
        elif many:
            item.score *= 0.62
        elif different > 1:
            item.score *= 0.85 if different == 3 else 0.93
    return candidates


def _speaks(wanted: Wanted, hit: LabelHit) -> bool:
    """Text needs a label that is plainly one; a word inside a sentence points at nothing."""
    if wanted.search in TYPED or wanted.kind != "string":
        return True
    return hit.alone or hit.colon or (hit.start <= 3 and len(hit.segment.words) <= 10)


def _read_regions(
    reading: Reading, wanted: Wanted, hit: LabelHit, weight: float, regions: list[Region]
) -> Iterator[Candidate]:
    if not _speaks(wanted, hit):
        return
    pick = _range_part(wanted, hit)
    dates_seen = 0
    readings = [(region, read(region.text, wanted, reading.locale)) for region in regions]
    below = sum(bool(found) for region, found in readings if region.how.startswith("below"))
    column = 0.55 if wanted.search in TYPED and below > 1 else 1.0
    answered = 0
    for region, found in readings:
        later = 0.6 if answered else 1.0
        answered += bool(found)
        if region.how.startswith("below"):
            later *= column
            if wanted.search == "id" and hit.words == 1 and not hit.colon and "#" not in region.text[:2]:
                later *= 0.5
        if wanted.kind == "date" and pick:
            found = found[1:2] if not dates_seen and len(found) > 1 else found[:1] if dates_seen else []
            dates_seen += len(find("date", region.text, reading.locale))
        limit = 1 if "period" in hit.concepts else 2
        for rank, item in enumerate(found[:limit]):
            if (
                wanted.search in _WORDY
                and reading.is_label(region.segment)
                and region.segment is not hit.segment
            ):
                continue
            quality = hit.quality
            if (
                region.segment is hit.segment
                and item.start <= 1
                and hit.start <= 2
                and wanted.search in TYPED
            ):
                quality = max(quality, 0.9)
            score = (
                weight
                * quality
                * region.weight
                * later
                * item.certainty
                * (1.0 if rank == 0 else 0.7)
                * _specific(hit, wanted)
            )
            if wanted.search in ("id", "amount", "number", "percent"):
                score *= max(0.5, 1.0 - 0.012 * max(0, item.start - 4))
            made = candidate(
                reading,
                wanted,
                region.segment,
                region.start,
                item,
                score,
                f'stands {region.how} "{hit.segment.text[hit.start : hit.end]}"',
            )
            made.label = hit.key
            yield made


def _range_part(wanted: Wanted, hit: LabelHit) -> bool:
    """The label names a period and the field wants its end: the second date."""
    return (
        "period" in hit.concepts
        and "period_end" in wanted.concepts
        and wanted.concepts["period_end"] >= 0.6
        and "period_end" not in hit.concepts
    )


_GENERIC = frozenset(
    [
        "date",
        "datum",
        "fecha",
        "no",
        "name",
        "total",
        "amount",
        "from",
        "to",
        "and",
        "company",
        "store",
        "end",
        "start",
        "period",
        "number",
        "price",
        "sum",
        "time",
    ]
)


_DOCUMENT_WORDS = frozenset(
    "invoice taxinvoice order contract receipt rechnung facture factuur factura customer purchaseorder bonnummer recibo pedido reference ref".split()
)
"""Words that name a document rather than its number."""


def _specific(hit: LabelHit, wanted: Wanted) -> float:
    """A label of several words, or the field's own name, says more than a general word."""
    if wanted.labels.get(hit.key, 0.0) >= 0.9 and hit.words > 1:
        return 1.0
    own = [token for token in wanted.tokens if token not in _GENERIC and len(token) > 2]
    shared = 1.0 if not own or any(token in hit.key for token in own) else 0.93
    if wanted.search == "id" and hit.key in _DOCUMENT_WORDS:
        return 0.8 * shared
    return (0.9 if hit.words == 1 and hit.key in _GENERIC else 0.98) * shared


def candidate(
    reading: Reading,
    wanted: Wanted,
    segment: Segment,
    offset: int,
    item: Found,
    score: float,
    reason: str,
    *,
    is_labelled: bool = True,
) -> Candidate:
    """A found value as a candidate, with the words that carry it."""
    start, end = offset + item.start, offset + item.end
    words = segment.words_between(start, end)
    raw = segment.text[start:end]
    quote = " ".join(word.text for word in words)
    match: Match = "exact" if isinstance(item.value, str) and item.value == quote else "normalized"
    return Candidate(
        wanted, item.value, raw, words, segment.page, min(1.0, score), reason, match, is_labelled
    )


def read(text: str, wanted: Wanted, locale: Locale) -> list[Found]:
    """Everything in a text that can be the value of a field."""
    if wanted.choices or wanted.kind == "boolean":
        return _whole(text, wanted, locale)
    if wanted.kind == "date":
        return find("date", text, locale)
    if wanted.kind in ("number", "integer"):
        found = find(wanted.search if wanted.search in TYPED else "number", text, locale)
        return _integers(found) if wanted.kind == "integer" else found
    found = find(wanted.search, text, locale) if wanted.search in TYPED else _text(text, wanted, locale)
    pattern = wanted.schema.get("pattern")
    return (
        [item for item in found if fits_pattern(pattern, str(item.value))]
        if isinstance(pattern, str)
        else found
    )


def _integers(found: list[Found]) -> list[Found]:
    whole = [item for item in found if float(item.value).is_integer()]
    return [Found(item.start, item.end, int(item.value), item.certainty) for item in whole]


def _whole(text: str, wanted: Wanted, locale: Locale) -> list[Found]:
    stripped = _TAIL.sub("", text)
    lead = len(stripped) - len(stripped.lstrip())
    for part in (stripped[lead:], stripped[lead:].split(" ")[0]):
        value = coerce(part, wanted.schema, locale=locale, name=wanted.path[-1]) if part else None
        if value is not None:
            return [Found(lead, lead + len(part), value.value, 0.95)]
    return []


def _text(text: str, wanted: Wanted, locale: Locale) -> list[Found]:
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    body = _TAIL.sub("", text[start:])
    search_name = wanted.search == "name"
    if search_name:
        cut = _NAME_STOP.search(body)
        body = _TAIL.sub("", body[: cut.start()]) if cut and cut.start() > 2 else body
    if (
        not body
        or body.casefold() in EMPTY
        or body[0] in ";,)]%"
        or (search_name and body[0] == "(")
        or body.endswith("(")
    ):
        return []
    certainty = _plausible(body, wanted.search, locale)
    return [Found(start, start + len(body), body, certainty)] if certainty > 0 else []


def _plausible(body: str, search: str, locale: Locale) -> float:
    letters = sum(letter.isalpha() for letter in body)
    words = body.split()
    if search in ("name", "city", "country", "state", "title"):
        if (
            letters < 2
            or letters < 0.45 * len(body.replace(" ", ""))
            or len(words) > 12
            or "@" in body
            or find("date", body, locale)
        ):
            return 0.0
        if search in ("city", "country", "state") and len(words) > 6:
            return 0.0
        return 0.95 if len(words) <= 7 else 0.7
    if search in ("address", "street"):
        return (
            0.9
            if letters >= 3 and re.search(r"\d", body) and len(words) <= 25
            else 0.4
            if letters >= 3
            else 0.0
        )
    return 0.85 if letters and len(words) <= 10 else 0.6 if len(words) <= 40 else 0.2
