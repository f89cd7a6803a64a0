"""A number and its unit in one cell, where both are asked for: `250 pcs` answers a quantity and a unit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from extract_bridge.local.engine.tables.lexicon import concepts_of
from extract_bridge.local.engine.tables.match import is_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.local.engine.tables.match import Property
    from extract_bridge.local.engine.tables.read import TableRow
    from extract_bridge.parse.model import Word

Words = tuple["Word", ...]
_MOST_WORDS = 2  # of a unit, as in `running metres`
_USUAL = 0.6


def units_apart(rows: Sequence[TableRow], properties: Sequence[Property]) -> list[TableRow]:
    """Rows with the words behind a quantity's number as its unit, where a unit is asked for and has no column of its own.

    Args:
        rows: The items of the table.
        properties: What is asked for.
    """
    unit = next((prop.name for prop in properties if _means(prop, "unit") and prop.kind == "string"), None)
    count = next(
        (prop.name for prop in properties if _means(prop, "quantity") and prop.kind != "string"), None
    )
    if unit is None or count is None or any(unit in row.values for row in rows):
        return list(rows)
    parts = [_parts(tuple(row.values.get(count, ()))) for row in rows]
    if sum(part is not None for part in parts) < _USUAL * len(rows):
        return list(rows)
    return [
        _with_unit(row, count, unit, *part) if part else row for row, part in zip(rows, parts, strict=True)
    ]


def _means(prop: Property, concept: str) -> bool:
    return any(concept in concepts_of(phrase) for phrase in prop.phrases)


def _parts(words: Words) -> tuple[Words, Words] | None:
    """The number's words and those of its unit; None where a cell is not one behind the other."""
    at = next((place for place, word in enumerate(words) if not any(map(str.isdigit, word.text))), 0)
    behind = words[at:]
    wordy = all(any(map(str.isalpha, word.text)) and not any(map(str.isdigit, word.text)) for word in behind)
    if not at or len(behind) > _MOST_WORDS or not wordy:
        return None
    return (words[:at], behind) if is_number(" ".join(word.text for word in words[:at])) else None


def _with_unit(row: TableRow, count: str, unit: str, number: Words, behind: Words) -> TableRow:
    scores = {**row.scores, unit: row.scores.get(count, row.score)}
    return replace(row, values={**row.values, count: number, unit: behind}, scores=scores)
