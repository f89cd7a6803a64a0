"""One record from pages: all scalars at once, then the lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from extract_bridge.core.records.model import ExtractedField, ExtractedRecord
from extract_bridge.core.records.required import null_warnings
from extract_bridge.local.engine.assign import Standing, assign
from extract_bridge.local.engine.candidates import Candidate, labelled, prefer_headline, temper
from extract_bridge.local.engine.completeness import KEY, note_of, warnings_of
from extract_bridge.local.engine.dates import find_dates
from extract_bridge.local.engine.forms import form_candidates
from extract_bridge.local.engine.guesses import check_totals, guessed
from extract_bridge.local.engine.labels import LabelIndex
from extract_bridge.local.engine.leaves import (
    Leaves,
    empty_objects,
    is_list,
    leaf,
    missing,
    pointer_of,
    put,
    skeleton,
)
from extract_bridge.local.engine.lists import list_field, listed, row_cells, row_data, row_leaves, row_shape
from extract_bridge.local.engine.pageview import PageView, view_page, view_pages
from extract_bridge.local.engine.pairs import settle_dates
from extract_bridge.local.engine.parties import party_candidates
from extract_bridge.local.engine.payments import payment_candidates
from extract_bridge.local.engine.prose.clauses import clause_candidates
from extract_bridge.local.engine.prose.parties import asks_parties
from extract_bridge.local.engine.prose.signatures import signature_candidates
from extract_bridge.local.engine.prose.timed import timed_candidates
from extract_bridge.local.engine.regions import Reading
from extract_bridge.local.engine.resumes.who import resume_candidates
from extract_bridge.local.engine.statements import statement_candidates
from extract_bridge.local.engine.sums import column_totals
from extract_bridge.local.engine.tables.read import read_table
from extract_bridge.local.engine.values import Locale, locale_of
from extract_bridge.local.engine.wanted import Wanted, wanted_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from extract_bridge.parse.model import ParsedDocument

_WORK_CAP = 40_000_000
"""Fields times words of a document, above which only labelled values are looked for."""
_LONGEST_NAME = 9
_TABLE_CAP = 4_000_000
"""Lists times words of a document, above which lists are not looked for in tables."""
_ORDER_WARNING = "Nothing in the document says whether day or month comes first; day first was taken."


def document_locale(views: Iterable[PageView], lang: str | None) -> Locale:
    """How a document writes dates and numbers."""
    return locale_of(lang, [segment.text for view in views for segment in view.segments])


def choose(
    reading: Reading, fields: list[Wanted]
) -> tuple[dict[Wanted, tuple[Candidate, Standing]], dict[Wanted, Candidate]]:
    """The best value for each scalar field, and the best labelled one for each list of scalars."""
    lists = set(reading.lists.values())
    best: dict[Wanted, Candidate] = {}
    candidates: list[Candidate] = []
    for item in labelled(reading):
        if item.wanted not in lists:
            candidates.append(item)
        elif asks_parties(item.wanted) and len(item.raw.split()) > _LONGEST_NAME:
            continue  # a sentence names nobody
        elif item.wanted not in best or item.score > best[item.wanted].score:
            best[item.wanted] = item
    temper(candidates)
    prefer_headline(reading, candidates)
    if _words(reading.views) * len(fields) <= _WORK_CAP:
        check_totals(reading, candidates)
        candidates += _for_each(fields, lambda some: guessed(reading, some))
        candidates += _for_each(fields, lambda some: party_candidates(reading, some))
        candidates += clause_candidates(reading, fields)
        candidates += column_totals(reading, fields)
        candidates += payment_candidates(reading, fields)
        candidates += resume_candidates(reading, fields)
        candidates += statement_candidates(reading, fields)
        candidates += timed_candidates(reading, fields)
    signed, by_signature = signature_candidates(reading, fields)
    candidates = [*(item for item in candidates if item.wanted not in by_signature), *signed]
    filled, empty = form_candidates(reading, fields)
    candidates = [*(item for item in candidates if item.wanted not in empty), *filled]
    return assign(settle_dates(candidates, fields)), best


def _for_each(
    fields: list[Wanted], find: Callable[[list[Wanted]], Iterable[Candidate]]
) -> Iterator[Candidate]:
    """Candidates for all fields where only their meaning decides: looked for once for those that mean the same."""
    alike: dict[tuple[object, ...], list[Wanted]] = {}
    for item in fields:
        key = (item.kind, item.search, item.role, tuple(sorted(item.concepts.items())))
        alike.setdefault(key, []).append(item)
    first = {group[0]: group[1:] for group in alike.values()}
    for found in find(list(first)):
        yield found
        yield from (replace(found, wanted=other) for other in first[found.wanted])


def _words(views: list[PageView]) -> int:
    return sum(len(view.page.words) for view in views)


def fill(
    views: list[PageView],
    locale: Locale,
    schema: Mapping[str, Any],
    lang: str | None,
) -> tuple[dict[str, Any], Leaves, Reading]:
    """Data and leaves of one record from some pages of a document, and how these were read."""
    fields = wanted_fields(schema)
    leaf_schemas = list(skeleton(schema))
    arrays = [(path, subschema) for path, subschema in leaf_schemas if is_list(subschema)]
    lists = {item.path: item for path, subschema in arrays if (item := list_field(path, subschema))}
    index = LabelIndex([*fields, *lists.values()])
    reads_tables = len(arrays) * _words(views) <= _TABLE_CAP
    reading = Reading(views, index, locale, lists, reads_tables)
    picked, best = choose(reading, fields)
    chosen = {wanted.path: found for wanted, found in picked.items()}
    has_words = any(view.page.words for view in views)
    data: dict[str, Any] = {}
    leaves: Leaves = {}
    for path, subschema in leaf_schemas:
        pointer = pointer_of(path)
        if is_list(subschema):
            items, found = listed(reading, path, subschema, best, lang)
            put(data, path, list(items))
            leaves.update(found)
            continue
        pick = chosen.get(tuple(str(step) for step in path))
        leaves[pointer] = leaf(pointer, *pick) if pick else missing(pointer, _why(has_words))
        put(data, path, leaves[pointer].value)
    empty_objects(schema, data)  # last, so that the rest stands in the schema's order
    return data, leaves, reading


def _why(has_words: bool) -> str:
    if not has_words:
        return "The page has no text."
    return "No label or form in the document points at this value; finding it in free text needs a language model."


def per_document(
    document: ParsedDocument, schema: Mapping[str, Any], lang: str | None
) -> Iterator[ExtractedRecord]:
    """One record for the whole document."""
    views = view_pages(document)
    locale = document_locale(views, lang)
    data, leaves, reading = fill(views, locale, schema, lang)
    yield _noted(_record(document, data, leaves, "per_doc", locale), reading.notes, reading.note_warnings)


def per_page(
    document: ParsedDocument, schema: Mapping[str, Any], lang: str | None
) -> Iterator[ExtractedRecord]:
    """One record a page; dates and numbers are read the way the whole document writes them."""
    views = view_pages(document)
    locale = document_locale(views, lang)
    document = _without_words(document)
    views.reverse()
    while views:  # a page that is done is let go
        view = views.pop()
        data, leaves, reading = fill([view], locale, schema, lang)
        record = _noted(
            _record(document, data, leaves, "per_page", locale), reading.notes, reading.note_warnings
        )
        yield replace(record, page=view.page.number)


def per_row(
    document: ParsedDocument, schema: Mapping[str, Any], lang: str | None
) -> Iterator[ExtractedRecord]:
    """One record a row of the table whose columns fit the schema's properties.

    All rows are read before the first record is made, for it carries the note about them; then each row is let go for its record.
    """
    locale = document_locale(map(view_page, document.pages), lang)
    table = read_table(document, schema, lang=lang, description=schema.get("description"))
    document = _without_words(document)
    pages = {page.number: PageView(page) for page in document.pages}
    shape = row_shape(schema)
    rows = [(row, row_cells(shape, row, locale)) for row in table.rows]
    rows = [(row, cells) for row, cells in rows if any(cells)]
    note = note_of(table, [row_data(shape, cells) for _, cells in rows], locale)
    table.rows.clear()
    rows.reverse()
    count = 0
    while rows:
        row, cells = rows.pop()
        record = _record(
            document, row_data(shape, cells), row_leaves(shape, cells, row, pages), "per_table_row", locale
        )
        if not count:
            record = _noted(record, {"": note}, warnings_of("", note, table))
        yield replace(record, page=row.page, row=count)
        count += 1


def _without_words(document: ParsedDocument) -> ParsedDocument:
    """What is left to say of a document once its words were taken."""
    return replace(
        document,
        pages=tuple(replace(page, words=(), rules=(), tables=(), fields=()) for page in document.pages),
    )


def _noted(
    record: ExtractedRecord, notes: Mapping[str, Mapping[str, Any]], warnings: Sequence[str]
) -> ExtractedRecord:
    """The record with what is known of the completeness of its lists."""
    if not notes:
        return record
    return replace(record, extra={**record.extra, KEY: dict(notes)}, warnings=(*record.warnings, *warnings))


def _record(
    document: ParsedDocument, data: dict[str, Any], leaves: Leaves, target: str, locale: Locale
) -> ExtractedRecord:
    return ExtractedRecord(
        data=data,
        fields=leaves,
        extraction_target=target,
        file_name=document.name,
        warnings=_warnings(document, leaves.values(), locale),
    )


def _warnings(document: ParsedDocument, leaves: Iterable[ExtractedField], locale: Locale) -> tuple[str, ...]:
    doubtful = not locale.order_known and any(_either_way(item) for item in leaves)
    return (*document.warnings, *((_ORDER_WARNING,) if doubtful else ()))


def _either_way(item: ExtractedField) -> bool:
    """A date whose day and month could change places."""
    if not isinstance(item.value, str) or not item.raw_value or item.raw_value == item.value:
        return False
    return any(date.ambiguous and date.iso == item.value for date in find_dates(item.raw_value, "dmy"))


def with_null_warnings(record: ExtractedRecord, schema: Mapping[str, Any]) -> ExtractedRecord:
    """The record with a warning for each required property that is null or an empty list."""
    missed = null_warnings(schema, record.data)
    return replace(record, warnings=(*record.warnings, *missed)) if missed else record
