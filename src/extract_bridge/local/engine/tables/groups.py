"""What a table says of several rows at once: a cell that stands only in the first of them, a heading between rows, a label above the table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.tables.match import look_of
from extract_bridge.local.engine.text import label_tokens
from extract_bridge.parse.layout import lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from extract_bridge.local.engine.tables.match import Property
    from extract_bridge.local.engine.tables.read import TableRow
    from extract_bridge.parse.model import Page, Word

Words = tuple["Word", ...]
_BY_PLACE = 0.45
"""How well a heading between rows fits a property that nothing but its being the only one left speaks for."""
_LABELLED = 0.85
_SAID_BEFORE = 0.95  # of its column's score, for a cell that stands in an earlier row


@dataclass(frozen=True, slots=True)
class Heading:
    """Text over some rows of a table that is no heading of a column.

    Attributes:
        page: 1-based number of the page it is printed on.
        words: Its words.
    """

    page: int
    words: Words


def carried_down(
    rows: Sequence[TableRow], properties: Sequence[Property], order: Sequence[str]
) -> list[TableRow]:
    """Rows whose leading cells stand only in the first row of each group, with these cells in all of them.

    Args:
        rows: The items of the table.
        properties: What is asked for.
        order: The names of the properties that have a column, from left to right.
    """
    kinds = {prop.name: prop.kind for prop in properties}
    result = list(rows)
    for name in order:
        if kinds.get(name) not in ("string", "date") or not _is_said_once(rows, name):
            break
        said: Words = ()
        page = 0
        for at, row in enumerate(result):
            if row.values.get(name):
                said, page = tuple(row.values[name]), row.page
            else:
                result[at] = _with(row, name, said, page, _SAID_BEFORE * row.scores.get(name, row.score))
    return result


def _is_said_once(rows: Sequence[TableRow], name: str) -> bool:
    """Whether a column is filled where its value changes: in the first row, never twice with the same, and with words or dates."""
    texts = [" ".join(word.text for word in row.values.get(name, ())) for row in rows]
    said = [text for text in texts if text]
    if len(said) < 2 or not texts[0] or len(texts) - len(said) < 2 or len(set(said)) < len(said):
        return False
    looks = [look for text in said if (look := look_of(text)) is not None]
    if any(look.nothing or (look.number and not look.date) for look in looks):
        return False
    full = max(len(row.values) for row in rows)
    return all(len(row.values) >= full - 1 - (not text) for row, text in zip(rows, texts, strict=True))


def _with(row: TableRow, name: str, words: Words, page: int, score: float) -> TableRow:
    elsewhere = {**row.elsewhere, name: page} if page != row.page else row.elsewhere
    return replace(
        row, values={**row.values, name: words}, scores={**row.scores, name: score}, elsewhere=elsewhere
    )


def under_headings(
    rows: Sequence[TableRow],
    headings: Sequence[Heading | None],
    properties: Sequence[Property],
    open_names: Sequence[str],
    *,
    over: str | None = None,
) -> list[TableRow]:
    """Rows with the heading that stands over them between rows, for a property without a column.

    A heading that begins with a property's name and a colon answers that; else the property that headings answer, or the one text property
    left where there are two headings or more.

    Args:
        rows: The items of the table.
        headings: The heading over each, if any.
        properties: What is asked for.
        open_names: The names of those without a column.
        over: The one that headings answer, if that is known.
    """
    if len(rows) != len(headings) or None in headings:
        return list(rows)
    waiting = [prop for prop in properties if prop.name in open_names]
    for prop in waiting:
        rests = [_after_label(heading.words, prop) if heading else () for heading in headings]
        if all(rests):
            return [
                _with(row, prop.name, rest, heading.page, _LABELLED) if heading else row
                for row, heading, rest in zip(rows, headings, rests, strict=True)
            ]
    rows, headings = _numbers_apart(rows, headings, waiting)
    texts = [prop.name for prop in waiting if prop.kind == "string" and prop.name not in rows[0].values]
    name = over if over in texts else texts[0] if len(texts) == 1 else None
    if name is None or (name != over and len({heading.words for heading in headings if heading}) < 2):
        return list(rows)
    return [
        _with(row, name, heading.words, heading.page, _BY_PLACE) if heading else row
        for row, heading in zip(rows, headings, strict=True)
    ]


def _numbers_apart(
    rows: Sequence[TableRow], headings: Sequence[Heading | None], waiting: Sequence[Property]
) -> tuple[Sequence[TableRow], Sequence[Heading | None]]:
    """Rows with the number of their heading where one is asked for, and the headings without it: `Lot 2 Roofs` is number 2, `Roofs`."""
    numbers = [prop.name for prop in waiting if _is_number_of(prop, headings)]
    places = [_place_of_number(heading.words) if heading else None for heading in headings]
    if len(numbers) != 1 or len(waiting) == 1 or None in places:
        return rows, headings
    with_numbers, names = [], []
    for row, heading, at in zip(rows, headings, places, strict=True):
        if heading is None or at is None:
            return rows, headings
        with_numbers.append(_with(row, numbers[0], heading.words[at : at + 1], heading.page, _BY_PLACE))
        names.append(Heading(heading.page, heading.words[at + 1 :]))
    return with_numbers, names


def _is_number_of(prop: Property, headings: Sequence[Heading | None]) -> bool:
    """Whether a property is the number in headings: it is called a number, and the word before the number in them is its own, if there is one."""
    if prop.kind != "integer" and prop.tokens[-1:] != ("no",):
        return False
    before = {label_tokens(heading.words[0].text) for heading in headings if heading}
    return all(not tokens or tokens[0].isdecimal() or tokens[0] in prop.tokens for tokens in before)


def _place_of_number(words: Words) -> int | None:
    """Which of the first words is the heading's number, with a name behind it."""
    for at, word in enumerate(words[:2]):
        if word.text.rstrip(".:)").isdecimal() and at + 1 < len(words):
            return at
    return None


def _after_label(words: Words, prop: Property) -> Words:
    """The words after a property's name and a colon; none where they do not begin with these: `Lot 2` is a name as a whole."""
    names = [tokens for phrase in prop.phrases if (tokens := label_tokens(phrase))]
    for end in range(1, min(len(words), 6)):
        label, after = " ".join(word.text for word in words[:end]), words[end:]
        if after[0].text == ":":
            label, after = f"{label}:", after[1:]
        if label.endswith(":") and label_tokens(label.rstrip(":")) in names:
            return after
    return ()


def labels_above(
    page: Page, top: float, bottom: float, properties: Sequence[Property], open_names: Sequence[str]
) -> dict[str, Words]:
    """What stands beside the name of each property and a colon, between two heights of a page."""
    found: dict[str, Words] = {}
    waiting = [prop for prop in properties if prop.name in open_names]
    for line in lines_of(page):
        if not top < line.middle < bottom:
            continue
        for at, piece in enumerate(line.segments):
            after = line.segments[at + 1].words if at + 1 < len(line.segments) else ()
            for prop in waiting:
                words = _beside_colon(piece.words, after, prop)
                if words:
                    found[prop.name] = words
    return found


def _beside_colon(words: Words, after: Words, prop: Property) -> Words:
    """The value of `Name: value` or `Name :value`, in one piece or in two."""
    text = " ".join(word.text for word in words)
    label, colon, _ = text.partition(":")
    names = [tokens for phrase in prop.phrases if (tokens := label_tokens(phrase))]
    if not colon or label_tokens(label) not in names:
        return ()
    place = next(at for at, word in enumerate(words) if ":" in word.text)
    head, _, tail = words[place].text.partition(":")
    rest = list(words[place + 1 :])
    if tail:
        # The value is glued to the colon: its box is the rest of the word's, by the number of letters.
        word = words[place]
        share = (len(head) + 1) / len(word.text)
        rest.insert(0, replace(word, text=tail, x0=word.x0 + share * (word.x1 - word.x0)))
    return tuple(rest) or after


def said_above(
    rows: Sequence[TableRow], found: Mapping[int, Mapping[str, Words]], *, all_records: bool
) -> list[TableRow]:
    """Rows with what labels above the table on their page say, where the pages differ in it or the rows are all that is asked for.

    Args:
        rows: The items of the table.
        found: Page number -> name -> words.
        all_records: Every row is a record of its own.
    """
    pages = {row.page for row in rows}
    shared: dict[str, Any] = {}
    for name in {name for names in found.values() for name in names}:
        texts = {tuple(word.text for word in found[page].get(name, ())) for page in pages if page in found}
        if pages <= set(found) and () not in texts and (all_records or len(texts) > 1):
            shared[name] = None
    result = list(rows)
    for at, row in enumerate(result):
        for name in shared:
            if name not in row.values:
                result[at] = _with(result[at], name, found[row.page][name], row.page, _LABELLED)
    return result
