"""Lines with labels inside a cell: an item, and below it, in the same column, `Delivery date: …  Drawing: …`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from extract_bridge.local.engine.lexicon.phrases import phrase_index
from extract_bridge.local.engine.tables.lexicon import concepts_of
from extract_bridge.local.engine.text import label_key, label_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.local.engine.tables.match import Property
    from extract_bridge.local.engine.tables.read import TableRow
    from extract_bridge.parse.model import Word

Words = tuple["Word", ...]
_LONGEST_LABEL = 3  # words
_LEAST_ROWS = 2  # fewer are a text in which a colon happens to stand
_LABELLED = 0.85  # as sure as a label above a table


def labelled_apart(rows: Sequence[TableRow], properties: Sequence[Property]) -> list[TableRow]:
    """Rows whose text cells end where a line with a label begins, with what such lines say for properties without a cell.

    Only where at least half of the rows have such lines in that column.

    Args:
        rows: The items of the table.
        properties: What is asked for.
    """
    result = list(rows)
    for prop in properties:
        if prop.kind != "string":
            continue
        starts = [_first_label(tuple(row.values.get(prop.name, ()))) for row in rows]
        found = sum(start is not None for start in starts)
        if found < max(_LEAST_ROWS, len(rows) / 2):
            continue
        for at, start in enumerate(starts):
            if start is not None:
                result[at] = _apart(result[at], prop.name, start, properties)
    return result


def _first_label(words: Words) -> int | None:
    """Where the first line after the first begins that starts with a label; None without one."""
    return next((start for start in _starts(words) if start and _colon(words[start:]) is not None), None)


def _starts(words: Words) -> Iterator[int]:
    """Where each line of a cell begins."""
    for at, word in enumerate(words):
        last = words[at - 1]
        if at == 0 or (word.y0 + word.y1) - (last.y0 + last.y1) > last.y1 - last.y0:
            yield at


def _colon(words: Words) -> int | None:
    """Which of the first few words ends a label; None where none does."""
    near = enumerate(words[:_LONGEST_LABEL])
    return next((at for at, word in near if word.text.endswith(":") and label_tokens(word.text)), None)


def _apart(row: TableRow, name: str, start: int, properties: Sequence[Property]) -> TableRow:
    words = tuple(row.values[name])
    values, scores = {**row.values, name: words[:start]}, dict(row.scores)
    for label, said in _pairs(words[start:]):
        for prop in properties:
            if prop.name not in values and said and _is_label_of(label, prop):
                values[prop.name], scores[prop.name] = said, _LABELLED
    return replace(row, values=values, scores=scores)


def _is_label_of(label: str, prop: Property) -> bool:
    """Whether a label says what a property is called, in the same words or in those of another language."""
    tokens = label_tokens(label)
    return any(
        tokens == label_tokens(text) or bool(_meanings(label) & _meanings(text)) for text in prop.phrases
    )


def _meanings(phrase: str) -> frozenset[str]:
    """What a phrase may stand for, as a label or as the heading of a column."""
    labelled = (concept.name for concept in phrase_index().get(label_key(phrase), ()))
    return concepts_of(phrase) | frozenset(labelled)


def _pairs(words: Words) -> Iterator[tuple[str, Words]]:
    """The label before each colon, of one word but for the first, and what stands after it."""
    ends = [at for at, word in enumerate(words) if word.text.endswith(":") and label_tokens(word.text)]
    for place, end in enumerate(ends):
        label = " ".join(word.text for word in words[(end if place else 0) : end + 1])
        upto = ends[place + 1] if place + 1 < len(ends) else len(words)
        yield label, words[end + 1 : upto]
