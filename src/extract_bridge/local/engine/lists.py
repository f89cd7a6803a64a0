# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Lists: of objects from the rows of a table, of scalars from labels, from forms of text, or from one column.

Longer than most modules: every way to a list ends in the same cells and leaves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.candidates import Candidate, candidate
from extract_bridge.local.engine.completeness import note_of, warnings_of
from extract_bridge.local.engine.leaves import Leaves, empty_objects, leaf, missing, pointer_of, put, skeleton
from extract_bridge.local.engine.money import meanings_of, only_tax
from extract_bridge.local.engine.prose.lists import agreement_list
from extract_bridge.local.engine.prose.parties import asks_parties, parties
from extract_bridge.local.engine.readers import read
from extract_bridge.local.engine.resumes.lists import resume_list, resume_scalars
from extract_bridge.local.engine.spans import Found
from extract_bridge.local.engine.tables.closing import repeats_rates
from extract_bridge.local.engine.tables.match import properties_of
from extract_bridge.local.engine.tables.read import TableRow, read_table, rows_for
from extract_bridge.local.engine.tables.till import till_rows
from extract_bridge.local.engine.text import fold, split_name
from extract_bridge.local.engine.values import Coerced, Locale, coerce, kind_of, schema_types
from extract_bridge.local.engine.wanted import Wanted, describe

if TYPE_CHECKING:
    from extract_bridge.core.records.model import ExtractedField
    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.parse.model import Word

_ITEM_BREAK = re.compile(r"\s{0,20}[,;•·|]\s*|\s{1,20}(?:and|und|et|en|y)\s+")
_MARKER = re.compile(r"(?:[•·●▪◦‣*■–-]|\(?\d{1,2}[.)])\s+(?=\S)")
_EDGE = 4.0
_GAP_OF_ITEMS = 1.6
_MOST_WORDS = 8
_FORMS = frozenset(("email", "url", "phone", "iban"))
_NO_CELL = "The row has no text in this column."
_NO_VALUE = "The text in this column is no value of the type asked for."
_CELL_SCORE = 0.92
_LEAST_SUMMED = 2  # rows; one is its own sum
_SMALLEST_COIN = 0.01
_APART = 1.2


def items_schema(subschema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the items of a list look like."""
    items = schema_types(subschema)[1].get("items")
    return items if isinstance(items, Mapping) else {}


@dataclass(frozen=True, slots=True)
class RowShape:
    """What a table's rows are made into; said once for all of them, since a table may have very many.

    Attributes:
        empty: The nested objects that have no properties at all.
        leaves: Each property's path, its pointer below the row, and what it means; None where it is a list.
    """

    empty: Mapping[str, Any]
    leaves: tuple[tuple[tuple[str, ...], str, Wanted | None], ...]


def row_shape(schema: Mapping[str, Any]) -> RowShape:
    """The shape of an object schema's rows."""
    empty: dict[str, Any] = {}
    empty_objects(schema, empty)
    leaves = []
    for path, subschema in skeleton(schema):
        steps = tuple(map(str, path))
        is_array = kind_of(subschema) == "array"
        leaves.append((steps, pointer_of(steps), None if is_array else describe((steps[-1],), subschema)))
    return RowShape(empty, tuple(leaves))


Cells = tuple["Coerced | None", ...]
"""The cells of one row, read: one for each of its shape's leaves; None where there is no value."""


def row_cells(shape: RowShape, row: TableRow, locale: Locale) -> Cells:
    """The values of one table row."""
    return tuple(_coerced(_words_for(steps, row), wanted, locale) for steps, _, wanted in shape.leaves)


def _words_for(steps: tuple[str, ...], row: TableRow) -> tuple[Word, ...]:
    return row.values.get(steps[0], ()) if len(steps) == 1 else ()


def _coerced(words: tuple[Word, ...], wanted: Wanted | None, locale: Locale) -> Coerced | None:
    if not words or wanted is None:
        return None
    return coerce(" ".join(word.text for word in words), wanted.schema, locale=locale, name=wanted.path[-1])


def row_data(shape: RowShape, cells: Cells) -> dict[str, Any]:
    """One table row as data."""
    data: dict[str, Any] = deepcopy(dict(shape.empty)) if shape.empty else {}
    for (steps, _, wanted), found in zip(shape.leaves, cells, strict=True):
        put(data, steps, [] if wanted is None else found.value if found else None)
    return data


def row_leaves(
    shape: RowShape,
    cells: Cells,
    row: TableRow,
    pages: Mapping[int, PageView],
    path: tuple[str | int, ...] = (),
) -> Leaves:
    """The leaves of one table row; `path` is where the row's object stands in its record."""
    leaves: Leaves = {}
    above = pointer_of(path)
    filled = sum(found is not None for found in cells) / max(1, len(cells))
    for (steps, below, wanted), found in zip(shape.leaves, cells, strict=True):
        if wanted is None:
            continue
        pointer, words = above + below, _words_for(steps, row)
        leaves[pointer] = (
            leaf(pointer, _cell(found, words, wanted, pages, row, filled))
            if found
            else missing(pointer, _NO_VALUE if words else _NO_CELL)
        )
    return leaves


def _cell(
    found: Coerced,
    words: tuple[Word, ...],
    wanted: Wanted,
    pages: Mapping[int, PageView],
    row: TableRow,
    filled: float,
) -> Candidate:
    name = wanted.path[-1]
    certain = 0.04 if found.match == "normalized" else 0.0
    return Candidate(
        wanted,
        found.value,
        found.raw,
        words,
        pages[row.elsewhere.get(name, row.page)],
        _CELL_SCORE + certain - (0.06 if len(words) > 6 else 0.0),
        "stands in the column of this name",
        found.match,
        how="cell",
        support=row.scores.get(name, row.score),
        filled=filled,
    )


def object_list(
    reading: Reading,
    path: tuple[str | int, ...],
    subschema: Mapping[str, Any],
    lang: str | None,
) -> tuple[list[Any], Leaves]:
    """A list of objects: one for each row of the table whose columns fit."""
    items = items_schema(subschema)
    branch = schema_types(subschema)[1]
    table = read_table(
        reading.tables(),
        items,
        lang=lang,
        name=split_name(str(path[-1])),
        description=branch.get("description"),
    )
    if only_tax(fold(split_name(str(path[-1])))) and repeats_rates(table.rows, properties_of(items)):
        table = replace(table, rows=[], left_out=[])
    sold = till_rows(reading, items, instead_of=table.rows)
    table = replace(table, rows=sold, left_out=[]) if sold else table
    pages = {view.page.number: view for view in reading.views}
    shape = row_shape(items)
    locale = (
        reading.dated()
        if any(item and item.kind == "date" for _, _, item in shape.leaves)
        else reading.locale
    )
    read_rows = [(row, row_cells(shape, row, locale)) for row in table.rows]
    result: list[Any] = []
    leaves: Leaves = {}
    for row, cells in _items_only([(row, cells) for row, cells in read_rows if any(cells)]):
        leaves.update(row_leaves(shape, cells, row, pages, (*path, len(result))))
        result.append(row_data(shape, cells))
    if table.rows:
        pointer = pointer_of(path)
        reading.notes[pointer] = note_of(table, result, reading.locale)
        reading.note_warnings += warnings_of(pointer, reading.notes[pointer], table)
    return result, leaves


def _items_only(made: list[tuple[TableRow, Cells]]) -> list[tuple[TableRow, Cells]]:
    """The rows without those at the end that are none: totals, bank details.

    These fill at most half the columns of the others and say so, or stand apart from the others and add them up.
    """
    made = [item for item in made if not _is_tax(item[0])]
    filled = [sum(found is not None for found in cells) for _, cells in made]
    usual = sorted(filled)[len(filled) // 2] if filled else 0
    end = len(made)
    while end > 1 and (
        (filled[end - 1] <= usual / 2 and _closing(made[end - 1][0]))
        or _adds_up(made[: end - 1], made[end - 1])
    ):
        end -= 1
    return made[:end]


def _is_tax(row: TableRow) -> bool:
    """The only words of a row name a tax."""
    texts = [" ".join(word.text for word in words) for words in row.values.values()]
    worded = [text for text in texts if any(map(str.isalpha, text))]
    return len(worded) == 1 and only_tax(fold(worded[0]))


def _adds_up(items: list[tuple[TableRow, Cells]], last: tuple[TableRow, Cells]) -> bool:
    """Whether the numbers of a last row that stands apart are the sums of those above it."""
    row, cells = last
    numbers = {at: found.value for at, found in enumerate(cells) if found and _is_amount(found.value)}
    above = [other for other, _ in items if other.page == row.page]
    if not numbers or len(items) < _LEAST_SUMMED or not _stands_apart(row, above):
        return False
    sums = {
        at: sum(found.value for _, other in items if (found := other[at]) and _is_amount(found.value))
        for at in numbers
    }
    return all(abs(sums[at] - value) < _SMALLEST_COIN for at, value in numbers.items())


def _is_amount(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _stands_apart(row: TableRow, above: Sequence[TableRow]) -> bool:
    """Whether a row is printed bold under others that are not, or farther below the last one than they are from each other."""
    if len(above) < _LEAST_SUMMED:
        return False
    bold = [all(word.bold for words in item.values.values() for word in words) for item in above]
    if not any(bold) and all(word.bold for words in row.values.values() for word in words):
        return True
    tops = [min(word.y0 for words in item.values.values() for word in words) for item in (*above, row)]
    steps = [lower - upper for upper, lower in pairwise(tops)]
    return steps[-1] > _APART * max(steps[:-1])


def _closing(row: TableRow) -> bool:
    """A cell of the row carries a label of its own, or the words of a total."""
    texts = [" ".join(word.text for word in words) for words in row.values.values()]
    return any(re.match(r"[^\W\d_][\w .\-]{1,24}:", text) or meanings_of(text.casefold()) for text in texts)


def list_field(path: tuple[str | int, ...], subschema: Mapping[str, Any]) -> Wanted | None:
    """What the items of a list of scalars are looked for by; None for a list of anything else."""
    if items_schema(subschema) and kind_of(items_schema(subschema)) in ("object", "array"):
        return None
    return describe(tuple(str(step) for step in path), _as_scalar(subschema))


def scalar_list(
    reading: Reading, wanted: Wanted, best: Candidate | None, lang: str | None
) -> tuple[list[Any], Leaves]:
    """A list of scalars; `best` is what a label points at."""
    found = (
        (asks_parties(wanted) and parties(reading, wanted))
        or resume_scalars(reading, wanted)
        or _after_labels(reading, wanted, best)
        or _by_form(reading, wanted)
        or (reading.reads_tables and _column(reading, wanted, lang))
        or ()
    )
    path = wanted.path
    result: list[Any] = []
    leaves: Leaves = {}
    for item in found:
        if item.value in result:
            continue
        pointer = pointer_of((*path, len(result)))
        leaves[pointer] = leaf(pointer, item)
        result.append(item.value)
    return result, leaves


def _as_scalar(subschema: Mapping[str, Any]) -> dict[str, Any]:
    outer = schema_types(subschema)[1]
    inner = dict(items_schema(subschema)) or {"type": "string"}
    for keyword in ("title", "description"):
        if keyword in outer:
            inner.setdefault(keyword, outer[keyword])
    return inner


def _after_labels(reading: Reading, wanted: Wanted, best: Candidate | None) -> list[Candidate]:
    """The pieces of the text that the best label points at, and of the lines under it."""
    if best is None or best.score < 0.5:
        return []
    if wanted.kind != "string" or wanted.search in _FORMS:
        segment = _segment_of(reading, best)
        if segment is None:
            return [best]
        found = read(segment.text, wanted, reading.locale)
        return [candidate(reading, wanted, segment, 0, item, best.score, best.reason) for item in found]
    return _below_each_other(reading, wanted, best) or _pieces(reading, wanted, best)


def _below_each_other(reading: Reading, wanted: Wanted, best: Candidate) -> list[Candidate]:
    """The lines under a label, one item each: marked with bullets or numbers, or short lines at one edge."""
    first = _segment_of(reading, best)
    if first is None or "below" not in best.reason:
        return []
    marked = _MARKER.match(first.text) is not None
    lines = [first]
    for number in range(first.line + 1, len(best.view.lines)):
        other = next((item for item in best.view.lines[number] if abs(item.x0 - first.x0) <= _EDGE), None)
        if other is None or not _goes_on(reading, lines, other, marked=marked):
            break
        lines.append(other)
    if len(lines) < 2 and not marked:
        return []
    made = []
    for line in lines:
        mark = _MARKER.match(line.text)
        found = read(line.text[mark.end() :] if mark else line.text, wanted, reading.locale)
        made += [
            candidate(reading, wanted, line, mark.end() if mark else 0, item, best.score * 0.95, best.reason)
            for item in found[:1]
        ]
    return made


def _goes_on(reading: Reading, lines: list[Segment], other: Segment, *, marked: bool) -> bool:
    last = lines[-1]
    if other.y0 - last.y1 > _GAP_OF_ITEMS * max(last.height, other.height) or reading.is_label(other):
        return False
    if marked:
        return _MARKER.match(other.text) is not None
    step = lines[1].y0 - lines[0].y0 if len(lines) > 1 else other.y0 - last.y0
    even = abs((other.y0 - last.y0) - step) < 0.3 * last.height
    return even and len(other.words) <= _MOST_WORDS and len(last.words) <= _MOST_WORDS


def _segment_of(reading: Reading, item: Candidate) -> Segment | None:
    return next((segment for segment in item.view.segments if item.words[0] in segment.words), None)


def _pieces(reading: Reading, wanted: Wanted, best: Candidate) -> list[Candidate]:
    segment = _segment_of(reading, best)
    if segment is None:
        return [best]
    base = segment.text.find(best.raw)
    made: list[Candidate] = []
    position = 0
    for part in [*_ITEM_BREAK.finditer(best.raw), None]:
        end = part.start() if part else len(best.raw)
        text = best.raw[position:end]
        value = coerce(text, wanted.schema, locale=reading.locale, name=wanted.path[-1])
        if value is not None:
            made.append(
                candidate(
                    reading,
                    wanted,
                    segment,
                    base,
                    Found(position, end, value.value, 1.0),
                    best.score * 0.95,
                    best.reason,
                )
            )
        position = part.end() if part else end
    return made


def _by_form(reading: Reading, wanted: Wanted) -> list[Candidate]:
    """Every text of the form asked for, where the form alone says enough."""
    if wanted.search not in _FORMS:
        return []
    return [
        candidate(reading, wanted, segment, 0, item, 0.6, "a text of this form", is_labelled=False)
        for view in reading.views
        for segment in view.segments
        for item in read(segment.text, wanted, reading.locale)
    ]


def _column(reading: Reading, wanted: Wanted, lang: str | None) -> list[Candidate]:
    """The cells of the one column whose heading fits."""
    name = wanted.path[-1]
    rows = rows_for(
        reading.tables(), {"type": "object", "properties": {name: dict(wanted.schema)}}, lang=lang, name=name
    )
    pages = {view.page.number: view for view in reading.views}
    described = describe((name,), wanted.schema)
    read_rows = ((row, row.values.get(name, ())) for row in rows)
    return [
        _cell(found, words, described, pages, row, 1.0)
        for row, words in read_rows
        if (found := _coerced(words, described, reading.locale)) is not None
    ]


def listed(
    reading: Reading,
    path: tuple[str | int, ...],
    subschema: Mapping[str, Any],
    best: Mapping[Wanted, Candidate],
    lang: str | None,
) -> tuple[Sequence[Any], Mapping[str, ExtractedField]]:
    """A list of any kind; `best` is what labels point at, for lists of scalars."""
    wanted = reading.lists.get(tuple(map(str, path)))
    if wanted is not None:
        return scalar_list(reading, wanted, best.get(wanted), lang)
    if kind_of(items_schema(subschema)) == "array" or not reading.reads_tables:
        return [], {}
    told = resume_list(reading, path, items_schema(subschema)) or agreement_list(
        reading, path, items_schema(subschema)
    )
    return object_list(reading, path, subschema, lang) if told is None else told
