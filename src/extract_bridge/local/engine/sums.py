"""Totals of a table's columns: `total weight` stands where the row of totals crosses the column of weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.local.engine.candidates import Candidate
from extract_bridge.local.engine.readers import read
from extract_bridge.local.engine.tables.fit import best_pairs
from extract_bridge.local.engine.tables.lexicon import is_total
from extract_bridge.local.engine.tables.match import Property

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.local.engine.pageview import PageView
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.wanted import Wanted
    from extract_bridge.parse.model import Cell

_TOTAL_WORDS = frozenset(
    (
        "total",
        "sum",
        "totale",
        "totaal",
        "gesamt",
        "summe",
        "suma",
        "somma",
        "razem",
        "totalt",
        "yhteensa",
        "celkem",
    )
)
_SCORE = 0.72
_LEAST_FIT = 0.55
_LEAST_ROWS = 2


def column_totals(reading: Reading, fields: Sequence[Wanted]) -> Iterator[Candidate]:
    """The cells of rows of totals, for the numbers that are named as the total of what a column holds."""
    asked = [(item, wanted) for wanted in fields if (item := _summed(wanted)) is not None]
    if not asked or not reading.reads_tables:
        return
    views = {view.page.number: view for view in reading.views}
    for ways in reading.tables():
        for way in ways:
            table, body = way.table, way.table.rows[way.table.header_rows :]
            rows = [row for row in body if is_total(_label(row))]
            if not table.header_rows or len(rows) != 1 or len(body) <= _LEAST_ROWS or way.page not in views:
                continue
            pairs = best_pairs([item for item, _ in asked], [[item] for item in way.columns])
            for at, (place, fit) in pairs.items():
                if fit >= _LEAST_FIT:
                    yield from _cell(reading, asked[at][1], rows[0][place], views[way.page])


def _summed(wanted: Wanted) -> Property | None:
    """What the field is the total of, as a column would be headed; None where it is no total of something else."""
    if wanted.kind not in ("number", "integer") or not set(wanted.tokens) & _TOTAL_WORDS:
        return None
    rest = tuple(token for token in wanted.tokens if token not in _TOTAL_WORDS)
    name = " ".join(rest)
    return Property(name, wanted.kind, (name,), rest, ()) if rest else None


def _label(row: Sequence[Cell]) -> str:
    return " ".join(cell.text for cell in row if any(char.isalpha() for char in cell.text))


def _cell(reading: Reading, wanted: Wanted, cell: Cell, view: PageView) -> Iterator[Candidate]:
    text = " ".join(word.text for word in cell.words)
    for item in read(text, wanted, reading.locale)[:1]:
        if item.start == 0 and cell.words:
            reason = "stands in the row of totals under this heading"
            yield Candidate(
                wanted,
                item.value,
                text,
                cell.words,
                view,
                _SCORE,
                reason,
                "normalized",
                labelled=False,
                how="amount",
            )
