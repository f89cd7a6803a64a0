# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Lists: of objects from the rows of a table, of scalars from labels, from forms of text, or from one column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.agreement_lists import agreement_list
from extract_bridge.local.engine.agreement_parties import asks_parties, parties
from extract_bridge.local.engine.candidates import Candidate, candidate
from extract_bridge.local.engine.completeness import note_of, warnings_of
from extract_bridge.local.engine.leaves import Leaves, empty_objects, leaf, missing, pointer_of, put, skeleton
from extract_bridge.local.engine.money import meanings_of
from extract_bridge.local.engine.readers import read
from extract_bridge.local.engine.resume_lists import resume_list, resume_scalars
from extract_bridge.local.engine.spans import Found
from extract_bridge.local.engine.tables import TableRow, read_table, rows_for
from extract_bridge.local.engine.text import split_name
from extract_bridge.local.engine.values import Locale, coerce, kind_of, schema_types
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


def row_data(
    shape: RowShape,
    row: TableRow,
    pages: Mapping[int, PageView],
    locale: Locale,
    path: tuple[str | int, ...] = (),
) -> tuple[dict[str, Any], Leaves]:
    """One table row as data and leaves; `path` is where the row's object stands in its record."""
    data: dict[str, Any] = deepcopy(dict(shape.empty)) if shape.empty else {}
    leaves: Leaves = {}
    above = pointer_of(path)
    for steps, below, wanted in shape.leaves:
        if wanted is None:
            put(data, steps, [])
            continue
        pointer = above + below
        words = row.values.get(steps[0]) if len(steps) == 1 else None
        item = _cell(words, wanted, pages, row, locale) if words else None
        leaves[pointer] = leaf(pointer, item) if item else missing(pointer, _NO_VALUE if words else _NO_CELL)
        put(data, steps, leaves[pointer].value)
    return data, leaves


def _cell(
    words: tuple[Word, ...], wanted: Wanted, pages: Mapping[int, PageView], row: TableRow, locale: Locale
) -> Candidate | None:
    name = wanted.path[-1]
    view = pages.get(row.elsewhere.get(name, row.page))
    text = " ".join(word.text for word in words)
    found = coerce(text, wanted.schema, locale=locale, name=name)
    if found is None or view is None:
        return None
    certain = 0.04 if found.match == "normalized" else 0.0
    score = _CELL_SCORE + certain - (0.06 if len(words) > 6 else 0.0)
    return Candidate(
        wanted,
        found.value,
        found.raw,
        words,
        view,
        score,
        "stands in the column of this name",
        found.match,
        how="cell",
        support=row.scores.get(name, row.score),
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
    pages = {view.page.number: view for view in reading.views}
    made: list[tuple[TableRow, dict[str, Any], Leaves]] = []
    shape = row_shape(items)
    for row in table.rows:
        data, found = row_data(shape, row, pages, reading.locale, (*path, len(made)))
        if any(item.value is not None for item in found.values()):
            made.append((row, data, found))
    result: list[Any] = []
    leaves: Leaves = {}
    for _, data, found in _items_only(made):
        result.append(data)
        leaves.update(found)
    if table.rows:
        pointer = pointer_of(path)
        reading.notes[pointer] = note_of(table, result, reading.locale)
        reading.note_warnings += warnings_of(pointer, reading.notes[pointer], table)
    return result, leaves


def _items_only(
    made: list[tuple[TableRow, dict[str, Any], Leaves]],
) -> list[tuple[TableRow, dict[str, Any], Leaves]]:
    """The rows without those at the end that fill at most half the columns of the others: totals, bank details."""
    filled = [sum(item.value is not None for item in leaves.values()) for _, _, leaves in made]
    usual = sorted(filled)[len(filled) // 2] if filled else 0
    end = len(made)
    while end > 1 and filled[end - 1] <= usual / 2 and _closing(made[end - 1][0]):
        end -= 1
    return made[:end]


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
    cells = (
        _cell(row.values[name], described, pages, row, reading.locale) for row in rows if row.values.get(name)
    )
    return [item for item in cells if item is not None]


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
