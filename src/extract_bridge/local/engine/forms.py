"""Fields of a fillable form: each is matched to a property by the printed text that captions it.

A form says where an answer stands, so its caption is looked for around that place: before it on its line, above it, or
below it as under a signature. A blank inside a sentence is captioned by the words on both sides.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.candidates import Candidate
from extract_bridge.local.engine.pageview import view_page
from extract_bridge.local.engine.readers import read
from extract_bridge.local.engine.tables.fit import best_pairs
from extract_bridge.local.engine.tables.match import Column, Property, column, properties_of
from extract_bridge.local.engine.text import label_tokens
from extract_bridge.local.engine.values import coerce, read_boolean
from extract_bridge.parse.drawn_fields import UNCHECKED
from extract_bridge.parse.model import FormField

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.core.records.model import Match
    from extract_bridge.local.engine.dates import DateOrder
    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.values import Locale
    from extract_bridge.local.engine.wanted import Wanted
    from extract_bridge.parse.model import Word

_MOST_PAIRS = 200_000
_AROUND = 12  # words on either side that caption a blank in a sentence
_BELOW = 4.0  # points: a caption above is likelier than one below
_SMALLER = 0.86  # of the answer's type
_LONGEST_CAPTION, _LONGEST_ANSWER = 24, 8  # words
_MOST_FORM_PAGES = 4
_FEWEST_PAIRS, _MOST_OF_PAGE = 6, 0.35
_EMPTY_BOXES = UNCHECKED | {"[", "]", "[]"}
_NUMBERING = re.compile(r"^\(?\d{0,2}[a-z]?[.)]?\s+(?=\S)")
_BRACKETS = re.compile(r"\([^()]{0,200}\)")
_CLOSED = 0.42  # a caption that fits so well names the property, whether the field is filled in or not
_PACKED = re.compile(
    r"\b(?:DDMMYYYY|MMDDYYYY|YYYYMMDD|JJMMAAAA|TTMMJJJJ|DDMMAAAA|DDMMJJJJ|GGMMAAAA)\b", re.IGNORECASE
)
_PATTERNS: dict[DateOrder, re.Pattern[str]] = {
    "mdy": re.compile(r"\bM{1,2}\W{0,2}D{1,2}\b", re.IGNORECASE),
    "dmy": re.compile(r"\b(?:D{1,2}|T{1,2}|J{1,2})\W{0,2}M{1,2}\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class _Blank:
    """One field, the text that captions it (`near`: the closest words of a sentence), and the words of that text."""

    field: FormField
    view: PageView
    caption: str
    near: str = ""
    words: tuple[Word, ...] = ()
    value: bool | None = None

    @property
    def text(self) -> str:
        """What is filled in."""
        return " ".join(word.text for word in self.field.words)


def form_candidates(reading: Reading, fields: Sequence[Wanted]) -> tuple[list[Candidate], set[Wanted]]:
    """What a form's fields hold for the properties, and the properties that nothing else may answer.

    Those are the ones whose field is there but not filled in, and those whose values stand beside boxes.
    """
    written = [blank for view in reading.views for blank in _written(view)]
    if not written and len(reading.views) <= _MOST_FORM_PAGES:  # a longer document is no form
        written = [blank for view in reading.views for blank in _captioned(view)]
    ticked = [blank for view in reading.views for blank in _ticked(view)]
    if not 0 < (len(written) + len(ticked)) * len(fields) <= _MOST_PAIRS:
        return [], set()
    texts = [item for item in fields if item.kind != "boolean"]
    found, empty = _texts(reading, texts, _told_apart(written))
    found += _truths([item for item in fields if item.kind == "boolean"], ticked)
    chosen, answered = _choices(reading, [item for item in fields if item.choices], ticked)
    return [*found, *chosen], empty | answered


def _texts(
    reading: Reading, fields: Sequence[Wanted], blanks: Sequence[_Blank]
) -> tuple[list[Candidate], set[Wanted]]:
    found: list[Candidate] = []
    empty: set[Wanted] = set()
    columns = [_columns(blank, [blank.text] if blank.field.words else []) for blank in blanks]
    for wanted, blank, score in _matched(fields, blanks, columns):
        if not blank.field.words:
            empty |= {wanted} if score >= _CLOSED else set()
            continue
        value = _packed_date(wanted, blank) or _value(
            wanted, blank.text, _ordered(reading.locale, blank.caption)
        )
        if value is not None:
            found.append(_candidate(wanted, blank, value, blank.field.words, 0.55 + 0.45 * score))
    return found, empty


def _truths(fields: Sequence[Wanted], blanks: Sequence[_Blank]) -> Iterator[Candidate]:
    answers = [blank for blank in blanks if blank.value is None or blank.field.words]
    columns = [_columns(blank, ["x"]) for blank in answers]
    for wanted, blank, score in _matched(fields, answers, columns):
        checked = bool(blank.field.words)
        value = checked if blank.value is None else blank.value
        yield _candidate(wanted, blank, value, (*blank.field.words, *blank.words), 0.55 + 0.45 * score)


def _choices(
    reading: Reading, fields: Sequence[Wanted], blanks: Sequence[_Blank]
) -> tuple[list[Candidate], set[Wanted]]:
    """Checked boxes whose own captions are values that a property may have; and the properties that boxes answer."""
    found: list[Candidate] = []
    answered: set[Wanted] = set()
    for wanted in fields:
        values = [(blank, _value(wanted, blank.caption, reading.locale)) for blank in blanks]
        offered = [(blank, value) for blank, value in values if value is not None]
        answered |= {wanted} if len(offered) > 1 else set()
        found += [
            _candidate(wanted, blank, value, (*blank.field.words, *blank.words), 0.85)
            for blank, value in offered
            if blank.field.words
        ]
    return found, answered


def _matched(
    fields: Sequence[Wanted], blanks: Sequence[_Blank], columns: Sequence[Sequence[Column]]
) -> Iterator[tuple[Wanted, _Blank, float]]:
    properties = [(item, made) for item in fields if (made := _property(item)) is not None]
    pairs = best_pairs([made for _, made in properties], columns)
    for at, (place, score) in pairs.items():
        yield properties[at][0], blanks[place], score


def _columns(blank: _Blank, cells: Sequence[str]) -> list[Column]:
    """A field as a table's column, under its caption and under what the caption says outside brackets."""
    plain = _BRACKETS.sub(" ", blank.caption)
    captions = dict.fromkeys((blank.caption, *((plain,) if label_tokens(plain) else ()), blank.near))
    return [column(caption, cells) for caption in captions if caption or not blank.caption]


def _property(wanted: Wanted) -> Property | None:
    """A field as a table's property, the objects around it in its name."""
    return next(
        iter(properties_of({"type": "object", "properties": {"_".join(wanted.path): wanted.schema}})), None
    )


def _ordered(locale: Locale, caption: str) -> Locale:
    """How dates are written in a field whose caption shows the pattern, such as `MM/DD/YYYY`."""
    order = next((order for order, pattern in _PATTERNS.items() if pattern.search(caption)), None)
    return replace(locale, order=order, order_known=True) if order else locale


def _value(wanted: Wanted, text: str, locale: Locale) -> Any:
    item = coerce(text, wanted.schema, locale=locale, name=wanted.path[-1])
    if item is not None:
        return item.value
    return next((found.value for found in read(text, wanted, locale)), None)


def _packed_date(wanted: Wanted, blank: _Blank) -> str | None:
    """Eight digits in a comb whose caption shows their order, such as `DDMMYYYY`."""
    shown = _PACKED.search(blank.caption) if wanted.kind == "date" else None
    digits = "".join(blank.text.split())
    if shown is None or len(digits) != len(shown.group()) or not digits.isdigit():
        return None
    parts = dict.fromkeys("dmy", "")
    for sign, digit in zip(shown.group().upper(), digits, strict=True):
        parts[
            "d" if sign in "DTG" else "m" if sign == "M" else "y" if sign in "YA" else _french(shown.group())
        ] += digit
    return _iso(parts)


def _french(pattern: str) -> str:
    """What `J` stands for: a day where `A` is the year, as in French, else a year, as in German."""
    return "d" if "A" in pattern.upper() else "y"


def _iso(parts: dict[str, str]) -> str | None:
    try:
        return date(int(parts["y"]), int(parts["m"]), int(parts["d"])).isoformat()
    except ValueError:
        return None


def _candidate(wanted: Wanted, blank: _Blank, value: Any, words: tuple[Word, ...], score: float) -> Candidate:
    raw = " ".join(word.text for word in words)
    reason = f'is filled into the field "{blank.caption[:80]}"'
    match: Match = "exact" if value == raw else "normalized"
    return Candidate(wanted, value, raw, words, blank.view, min(1.0, score), reason, match, how="blank")


def _told_apart(blanks: Sequence[_Blank]) -> list[_Blank]:
    """Captions that stand more than once, each with the beginning of the last caption before it that stands once."""
    counts = Counter((id(blank.view), blank.caption) for blank in blanks)
    told: list[_Blank] = []
    before = ""
    for blank in blanks:
        if counts[id(blank.view), blank.caption] > 1:
            told.append(replace(blank, caption=f"{before} {blank.caption}".strip()))
        else:
            before = " ".join(label_tokens(blank.caption)[:3])
            told.append(blank)
    return told


# --- captions ----------------------------------------------------------------------------------------------------


def _printed(view: PageView) -> PageView:
    """The page without what is filled in."""
    filled = {id(word) for field in view.page.fields for word in field.words}
    words = (word for word in view.page.words if id(word) not in filled and word.text not in _EMPTY_BOXES)
    return view_page(replace(view.page, words=tuple(words)))


def _captioned(view: PageView) -> list[_Blank]:
    """Answers under captions in smaller type, or over them as at a signature, on a page that is mostly made of such pairs."""
    pairs = [
        (caption, answer) for answer in view.segments if (caption := _small_beside(view, answer)) is not None
    ]
    told = {id(word) for pair in pairs for segment in pair for word in segment.words}
    if len(pairs) < _FEWEST_PAIRS or len(told) < _MOST_OF_PAGE * len(view.page.words):
        return []
    return [
        _Blank(
            FormField("text", answer.x0, answer.y0, answer.x1, answer.y1, answer.words),
            view,
            _NUMBERING.sub("", caption.text),
        )
        for caption, answer in pairs
    ]


def _small_beside(view: PageView, answer: Segment) -> Segment | None:
    """The caption over an answer, else the one under it that has no answer of its own."""
    over = next(view.above(answer.x0, answer.x0 + 1, answer.line, 1), None)
    if over is not None and _captions(over, answer, answer.y0 - over.y1):
        return over
    under = next(view.below(answer.x0, answer.x0 + 1, answer.line, 1), None)
    if under is None or not _captions(under, answer, under.y0 - answer.y1):
        return None
    own = next(view.below(under.x0, under.x0 + 1, under.line, 1), None)
    return None if own is not None and _captions(under, own, own.y0 - under.y1) else under


def _captions(caption: Segment, answer: Segment, gap: float) -> bool:
    small = 0 < caption.words[0].size <= _SMALLER * answer.words[0].size
    short = len(caption.words) <= _LONGEST_CAPTION and len(answer.words) <= _LONGEST_ANSWER
    return small and short and gap < answer.height and re.search(r"[^\W\d_]{2}", caption.text) is not None


def _written(view: PageView) -> Iterator[_Blank]:
    fields = sorted((f for f in view.page.fields if f.kind == "text"), key=lambda f: (round(f.y0), f.x0))
    printed = _printed(view) if fields else view
    for field in fields:
        yield _blank(printed, field, view)


def _blank(printed: PageView, field: FormField, view: PageView) -> _Blank:
    """A field with the printed text that says what it holds, else with what the form says of it."""
    left, right = _beside(printed, field)
    if (left and _touches(left, field)) or (right and _touches(right, field)):
        runs = len(left.words if left else ()) + len(right.words if right else ()) > 4
        if runs and not (left and left.text.endswith(":")):
            before, after = _sentence(printed, field)
            near = " ".join(before[-4:] + after[:6]).replace("%", " percent ")
            return _Blank(field, view, " ".join(before + after), near)
    options = [(0.1 * (field.x0 - left.x1), left)] if left else []
    options += list(_over_and_under(printed, field))
    best = min(options, key=lambda option: option[0], default=None)
    return _Blank(field, view, _NUMBERING.sub("", best[1].text) if best else field.label)


def _beside(printed: PageView, field: FormField) -> tuple[Segment | None, Segment | None]:
    """The nearest texts before and after a field on its line, no other field between."""
    others = [f for f in printed.page.fields if f is not field and f.y0 < field.y1 and f.y1 > field.y0]
    left = right = None
    for segment in printed.segments:
        if not field.y0 - 1 <= (segment.y0 + segment.y1) / 2 <= field.y1 + 1:
            continue
        between = [
            f for f in others if min(segment.x0, field.x0) < (f.x0 + f.x1) / 2 < max(segment.x1, field.x1)
        ]
        if between or not re.search(r"[^\W_]{2}|%", segment.text):
            continue
        if segment.x1 <= field.x0 + 3 and (left is None or segment.x1 > left.x1):
            left = segment
        elif segment.x0 >= field.x1 - 3 and (right is None or segment.x0 < right.x0):
            right = segment
    return left, right


def _touches(segment: Segment, field: FormField) -> bool:
    gap = max(field.x0 - segment.x1, segment.x0 - field.x1)
    return gap < 0.8 * segment.height


def _sentence(printed: PageView, field: FormField) -> tuple[list[str], list[str]]:
    """The words before and after a blank, as the sentence runs over the lines."""
    middle = (field.y0 + field.y1) / 2
    before: list[Word] = []
    after: list[Word] = []
    for segment in printed.segments:
        same = abs((segment.y0 + segment.y1) / 2 - middle) <= segment.height
        for word in segment.words:
            first = word.x1 <= field.x0 + 3 if same else (word.y0 + word.y1) / 2 < middle
            (before if first else after).append(word)
    return (
        [word.text for word in before[-_AROUND:] if middle - word.y1 < 2.5 * (word.y1 - word.y0)],
        [word.text for word in after[:_AROUND] if word.y0 - middle < 2.5 * (word.y1 - word.y0)],
    )


def _over_and_under(printed: PageView, field: FormField) -> Iterator[tuple[float, Segment]]:
    """Texts close above and below, each with how unlikely it is as the caption."""
    for segment in printed.segments:
        if segment.x0 > field.x1 or segment.x1 < field.x0 or not re.search(r"[^\W\d_]{2}", segment.text):
            continue
        above, below = field.y0 - segment.y1, segment.y0 - field.y1
        gap = max(above, below, 0.0) if max(above, below) > -0.6 * segment.height else -1e9
        if not 0.0 <= gap <= 2.2 * segment.height:
            continue
        aside = (
            min(abs(x - field.x0) for x in _starts(printed, segment))
            if not segment.text.endswith(":")
            else 0.0
        )
        prose = max(0, len(segment.words) - 20)
        yield gap + 0.15 * min(aside, 100.0) + prose + (_BELOW if below > above else 0.0), segment


def _starts(printed: PageView, segment: Segment) -> list[float]:
    """Where a text begins: itself, and the number of its line before it."""
    before = printed.left_of(segment)[:1]
    near = before and len(before[0].text) <= 3 and segment.x0 - before[0].x1 < 3 * segment.height
    return [segment.x0, before[0].x0] if near else [segment.x0]


def _ticked(view: PageView) -> Iterator[_Blank]:
    """Boxes with their captions; of a pair `yes` and `no`, with the question before or above it."""
    boxes = [field for field in view.page.fields if field.kind != "text"]
    printed = _printed(view) if boxes else view
    for box in boxes:
        left, right = _beside(printed, box)
        near = right if right and (not left or right.x0 - box.x1 <= box.x0 - left.x1 + 2) else left
        words = near.words if near else ()
        caption = near.text if near else box.label
        truth = read_boolean(caption) if caption else None
        if truth is None:
            yield _Blank(box, view, _NUMBERING.sub("", caption), words=words)
            continue
        question = _question(printed, box)
        if question:
            yield _Blank(
                box, view, _NUMBERING.sub("", question.text), words=(*words, *question.words), value=truth
            )


def _question(printed: PageView, box: FormField) -> Segment | None:
    """The nearest text before a box on its line that is no answer itself, else above it."""
    middle = (box.y0 + box.y1) / 2
    asked = [
        s for s in printed.segments if read_boolean(s.text) is None and re.search(r"[^\W\d_]{2}", s.text)
    ]
    line = [s for s in asked if s.y0 - 1 <= middle <= s.y1 + 1 and s.x1 <= box.x0 + 3]
    above = [s for s in asked if 0 <= box.y0 - s.y1 <= 2.5 * s.height and s.x0 <= box.x1]
    return max(line, key=lambda s: s.x1, default=None) or max(above, key=lambda s: s.y1, default=None)
