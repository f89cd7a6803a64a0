"""The columns of records: what each has at the same place, cut further where all of them have the same sign, label or kind of beginning."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import partial
from statistics import mean, median
from typing import TYPE_CHECKING

from extract_bridge.local.engine.dates import find_dates
from extract_bridge.parse.model import Cell, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from extract_bridge.parse.lines import Line
    from extract_bridge.parse.model import Word

Words = tuple["Word", ...]
Column = list[Words]
"""What each record has in it; empty where it has nothing."""
_USUAL = 0.7  # of the records are cut the same way
_LEAST_FILLED = 0.2  # of the records
_MOST_WORDS = 12.0  # of a cell on average: more are running text
_SIGNS = ("·", "•", "|", "–", "—", "-", "/")  # noqa: RUF001 - printed so
_ENDS = (";", ",")
_MARK = re.compile(r"[•·●▪◦‣*–-]$|\(?\d{1,3}[.)]$")  # noqa: RUF001 - printed so
_CODE = re.compile(r"#\S{0,12}\d|(?=\S{0,12}\d)[A-Z0-9][A-Z0-9./-]{0,30}$")
_DOTS = re.compile(r"[.·_…]{2,}+$")


def columns_of_records(records: Sequence[Sequence[Line]]) -> Table | None:
    """The records as rows; None where they have a single column, or hold running text."""
    columns: list[Column] = []
    for layer in range(max(map(len, records))):
        lines = [record[layer] if layer < len(record) else None for record in records]
        columns += _places(lines)
    headed = [part for column in columns for part in _parted(column)]
    headed = _labels_first(headed)
    kept = [
        (head, column)
        for head, column in headed
        if sum(map(bool, column)) >= max(1, _LEAST_FILLED * len(records))
    ]
    if len(kept) < 2 or any(_runs(column) for _, column in kept):
        return None
    rows = tuple(tuple(Cell(column[at]) for _, column in kept) for at in range(len(records)))
    heads = tuple(Cell(head) for head, _ in kept)
    return Table((heads, *rows), 1) if any(cell.words for cell in heads) else Table(rows, 0)


def _runs(column: Column) -> bool:
    return mean(len(words) for words in column if words) > _MOST_WORDS


def _places(lines: Sequence[Line | None]) -> list[Column]:
    """The texts of one line of the records, by where they begin or end in most of them."""
    counts = Counter(len(line.segments) for line in lines if line)
    if not counts:
        return []
    width = max(
        (count for count, number in counts.items() if number >= 0.3 * counts.total()), default=min(counts)
    )
    full = [line.segments for line in lines if line and len(line.segments) == width]
    lefts = [median(line[at].x0 for line in full) for at in range(width)]
    rights = [median(line[at].x1 for line in full) for at in range(width)]
    columns: list[Column] = [[() for _ in lines] for _ in range(width)]
    for row, line in enumerate(lines):
        for piece in line.segments if line else ():
            at = min(
                range(width),
                key=lambda place: min(abs(piece.x0 - lefts[place]), abs(piece.x1 - rights[place])),
            )
            columns[at][row] += piece.words
    return columns


# --- parts of a column -------------------------------------------------------------------------------------------


def _parted(column: Column) -> list[tuple[Words, Column]]:
    """A column, cut as far as all its texts are alike, each part with its label if it has one."""
    column = _without_marks(column)
    for cut in (_at_dots, _at_code, _at_sign, _at_end):
        parts = cut(column)
        if parts is not None:
            return [part for piece in parts for part in _parted(piece)]
    return [_label_apart(column)]


def _without_marks(column: Column) -> Column:
    """Texts without the bullet or the number of the item before them, and without the dots that lead to the next column."""
    filled = [words for words in column if words]
    if sum(len(words) > 1 and _MARK.match(words[0].text) is not None for words in filled) >= _USUAL * len(
        filled
    ):
        column = [words[1:] if words and _MARK.match(words[0].text) else words for words in column]
    return [words[:-1] if len(words) > 1 and _DOTS.match(words[-1].text) else words for words in column]


def _at_dots(column: Column) -> list[Column] | None:
    """Cut at the dots that lead from a text to what belongs to it."""
    return _cut(column, lambda word: _DOTS.match(word.text) is not None, _bare)


def _at_code(column: Column) -> list[Column] | None:
    """Cut behind a number or code that begins every text, where words follow."""
    filled = [words for words in column if words]
    coded = sum(
        len(words) > 1
        and _CODE.match(words[0].text) is not None
        and _is_word(words[1].text)
        and not find_dates(" ".join(word.text for word in words[:4]))
        for words in filled
    )
    if not filled or coded < max(2, 0.9 * len(filled)) or len({words[0].text for words in filled}) == 1:
        return None
    return [[words[:1] for words in column], [words[1:] for words in column]]


def _is_word(text: str) -> bool:
    """Whether a text is a word, and no sign of times between a count and a price."""
    return text[0].isalpha() and text.casefold() != "x" and not any(char.isdigit() for char in text)


def _at_sign(column: Column) -> list[Column] | None:
    """Cut at a sign that stands alone between words: `Oslo · Norway`."""
    cuts = (_cut(column, partial(_is, sign), _bare) for sign in _SIGNS)
    return next((parts for parts in cuts if parts is not None), None)


def _at_end(column: Column) -> list[Column] | None:
    """Cut behind a word that ends with a comma or semicolon, where every text has as many."""
    cuts = (_cut(column, partial(_ends_with, sign), _without_last, all_alike=True) for sign in _ENDS)
    return next((parts for parts in cuts if parts is not None), None)


def _is(sign: str, word: Word) -> bool:
    return word.text == sign


def _ends_with(sign: str, word: Word) -> bool:
    return word.text.endswith(sign) and word.text != sign


def _bare(words: Words) -> Words:
    return words[:-1]


def _without_last(words: Words) -> Words:
    """The words without the sign that ends the last of them; its box is the rest of the word's, by the number of letters."""
    last = words[-1]
    share = (len(last.text) - 1) / len(last.text)
    return (*words[:-1], replace(last, text=last.text[:-1], x1=last.x0 + share * (last.x1 - last.x0)))


def _cut(
    column: Column,
    ends: Callable[[Word], bool],
    clean: Callable[[Words], Words],
    *,
    all_alike: bool = False,
) -> list[Column] | None:
    """A column cut behind the words that end a part; None where too few texts have such a word."""
    cuts = [_cut_one(words, ends, clean) for words in column]
    counts = Counter(len(parts) for parts in cuts if parts)
    if not counts:
        return None
    width, number = max(
        ((width, number) for width, number in counts.items() if width > 1),
        default=(1, 0),
        key=lambda item: item[1],
    )
    least = counts.total() if all_alike else 0.5 * counts.total()
    if width == 1 or number < max(2, least) or max(counts) > width:
        return None
    return [[parts[at] if at < len(parts) else () for parts in cuts] for at in range(width)]


def _cut_one(words: Words, ends: Callable[[Word], bool], clean: Callable[[Words], Words]) -> list[Words]:
    parts: list[Words] = []
    start = 0
    for at, word in enumerate(words[:-1]):
        if ends(word) and clean(words[start : at + 1]):
            parts.append(clean(words[start : at + 1]))
            start = at + 1
    return [*parts, words[start:]] if words else parts


# --- labels ------------------------------------------------------------------------------------------------------


def _label_apart(column: Column) -> tuple[Words, Column]:
    """The label that begins every text with a colon, and the texts without it."""
    filled = [words for words in column if words]
    size = (
        next((at + 1 for at, word in enumerate(filled[0][:4]) if word.text.endswith(":")), 0) if filled else 0
    )
    label = [word.text for word in filled[0][:size]] if filled else []
    if not size or any([word.text for word in words[:size]] != label for words in filled):
        return (), column
    return filled[0][:size], [words[size:] for words in column]


def _labels_first(columns: list[tuple[Words, Column]]) -> list[tuple[Words, Column]]:
    """Columns under the label that stands alone before each of their texts, the same in every record."""
    result: list[tuple[Words, Column]] = []
    label: Words = ()
    for head, column in columns:
        if head and not any(column):
            label = head
            continue
        result.append((head or label, column))
        label = ()
    return result
