# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""The lists that the sections of a résumé are: positions, studies, skills, certificates, languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.leaves import Leaves, leaf, missing, pointer_of, skeleton
from extract_bridge.local.engine.resumes.entries import (
    Entry,
    Piece,
    candidate_of,
    positions,
)
from extract_bridge.local.engine.resumes.sections import Row, rows_of, sections, without_bullet
from extract_bridge.local.engine.resumes.studies import level_apart, studies, subject_apart
from extract_bridge.local.engine.resumes.words import LISTS, ROLES
from extract_bridge.local.engine.text import label_tokens, split_name
from extract_bridge.local.engine.values import coerce, kind_of, schema_types
from extract_bridge.local.engine.wanted import Wanted, describe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.local.engine.candidates import Candidate
    from extract_bridge.local.engine.regions import Reading

_SURE, _LIKELY, _VAGUE = 0.86, 0.74, 0.55
_LONGEST_SKILL = 6  # words
_TAUGHT = frozenset(("degree", "school", "university", "qualification"))
_ITEM_NAMES = frozenset(
    ("name", "title", "certification", "certificate", "language", "skill", "category", "group")
)
_COMMAS = re.compile(r"\s{0,8}[,;•|·]\s{1,8}|\s[–—-]\s")
_MARKS = re.compile(r"\s{0,8}[;•|·]\s{1,8}")


def resume_list(
    reading: Reading, path: tuple[str | int, ...], items: Mapping[str, Any]
) -> tuple[list[Any], Leaves] | None:
    """A list that a section of a résumé is; None where the document is no résumé, or the list is no such section."""
    name = set(label_tokens(split_name(str(path[-1]))))
    properties = schema_types(items)[1].get("properties")
    if not isinstance(properties, Mapping) or not sections(reading):
        return None
    if name & LISTS["skills"]:
        return _grouped(reading, path, items)
    parts = {key: part for key in properties if (part := _part(key))}
    if name & LISTS["languages"]:
        entries = [level_apart(piece) for piece in _items(rows_of(reading, "languages"), _COMMAS)]
        return _filled(reading, path, items, entries, _with_name(properties, parts))
    if name & LISTS["certifications"]:
        entries = [Entry(name=piece) for piece in _items(rows_of(reading, "certifications"), _MARKS)]
        return _filled(reading, path, items, entries, _with_name(properties, {}))
    if not _is_history(name, set(parts.values())):
        return None
    taught = name & LISTS["education"] or any(
        set(label_tokens(split_name(key))) & _TAUGHT for key in properties
    )
    entries = studies(rows_of(reading, "education")) if taught else positions(rows_of(reading, "experience"))
    if "subject" in parts.values():
        entries = [subject_apart(entry) for entry in entries]
    return _filled(reading, path, items, entries, parts)


def _is_history(name: set[str], shown: set[str]) -> bool:
    """The list is one of positions or of studies, by its name and what it asks of each."""
    if "place" in shown and len(shown) > 1:
        return True
    return bool(name & (LISTS["experience"] | LISTS["education"])) and bool(shown & {"place", "name"})


def _with_name(properties: Mapping[str, Any], parts: Mapping[str, str]) -> dict[str, str]:
    """The parts, with the property that is the name of an item among them."""
    if "name" in parts.values():
        return dict(parts)
    key = next((key for key in properties if set(label_tokens(split_name(key))) & _ITEM_NAMES), None)
    return dict(parts) if key is None else {**parts, key: "name"}


def resume_scalars(reading: Reading, wanted: Wanted) -> list[Candidate]:
    """The items of a list of texts that a section of a résumé is."""
    tokens = set(wanted.tokens)
    section = next((name for name in ("skills", "certifications", "languages") if tokens & LISTS[name]), None)
    if section is None or wanted.kind != "string" or not sections(reading):
        return []
    cuts = _MARKS if section == "certifications" else _COMMAS
    return [
        candidate_of(wanted, piece, _LIKELY, "is an item of this section", piece.text)
        for piece in _items(rows_of(reading, section), cuts)
    ]


def _items(rows: Sequence[Row], cuts: re.Pattern[str]) -> list[Piece]:
    made: list[Piece] = []
    for row in rows:
        for segment in row.segments:
            start = without_bullet(segment.text)
            label = re.match(r"[^:;,|]{2,32}:\s", segment.text[start:])
            start += label.end() if label else 0
            position = start
            for match in [*cuts.finditer(segment.text[start:]), None]:
                end = start + match.start() if match else len(segment.text)
                text = segment.text[position:end].strip(" ,;.")
                if text and len(text.split()) <= _LONGEST_SKILL:
                    opens = segment.text.index(text, position)
                    made.append(Piece(text, segment.words_between(opens, opens + len(text)), row.view))
                position = start + match.end() if match else end
    return made


def _part(key: str) -> str:
    """Which part of an entry a property is."""
    tokens = set(label_tokens(split_name(key)))
    return next((part for part, words in ROLES.items() if tokens & words), "")


def _filled(
    reading: Reading,
    path: tuple[str | int, ...],
    items: Mapping[str, Any],
    entries: Sequence[Entry],
    parts: Mapping[str, str],
) -> tuple[list[Any], Leaves]:
    data: list[Any] = []
    leaves: Leaves = {}
    for entry in entries:
        row: dict[str, Any] = {}
        at = (*path, len(data))
        for steps, subschema in skeleton(items):
            pointer = pointer_of((*at, *steps))
            key = str(steps[0])
            if kind_of(subschema) == "array":
                row[key] = []
                continue
            piece = getattr(entry, parts[key]) if len(steps) == 1 and key in parts else None
            if piece is None and parts.get(key) == "end" and _as_printed(subschema):
                piece = entry.ongoing
            made = _value(
                reading,
                describe((key,), subschema),
                piece,
                opens=parts.get(key) != "end" or "start" not in parts.values(),
            )
            leaves[pointer] = leaf(pointer, made) if made else missing(pointer, "The entry does not say.")
            _put(row, steps, leaves[pointer].value)
        if any(value not in (None, [], {}) for value in row.values()):
            data.append(row)
    return data, leaves


def _as_printed(subschema: Mapping[str, Any]) -> bool:
    """A text that must not be null holds the word `Present` itself."""
    told = str(subschema.get("description") or "").casefold()
    return subschema.get("type") == "string" and not subschema.get("format") and "null" not in told


def _put(row: dict[str, Any], steps: Sequence[str | int], value: Any) -> None:
    target = row
    for step in steps[:-1]:
        target = target.setdefault(str(step), {})
    target[str(steps[-1])] = value


def _value(reading: Reading, wanted: Wanted, piece: Piece | None, *, opens: bool) -> Candidate | None:
    """A piece as the value of a property.

    A field of a date takes a year or a month for its first day, where something begins or is reached then; for an end
    the last day would be a guess.
    """
    if piece is None:
        return None
    found = coerce(piece.text, wanted.schema, locale=reading.locale, name=wanted.path[-1])
    if found is not None:
        return candidate_of(wanted, piece, _SURE, "stands in this entry", found.value)
    dated = schema_types(wanted.schema)[1].get("format") in ("date", "date-time")
    if wanted.kind == "string" or (wanted.kind == "date" and not dated):
        return candidate_of(wanted, piece, _LIKELY, "stands in this entry", piece.text)
    first = re.fullmatch(r"(?:(?P<month>0?[1-9]|1[0-2])\s?[/.]\s?)?(?P<year>(?:19|20)\d\d)", piece.text)
    if not (dated and opens and first):
        return None
    day = f"{first['year']}-{int(first['month'] or 1):02}-01"
    return candidate_of(wanted, piece, _VAGUE, "is the first day of what stands in this entry", day)


def _grouped(
    reading: Reading, path: tuple[str | int, ...], items: Mapping[str, Any]
) -> tuple[list[Any], Leaves] | None:
    """Skills as objects: one for each, or one for each group with the list of its skills."""
    properties = schema_types(items)[1]["properties"]
    key = next(
        (
            key
            for key in properties
            if set(label_tokens(split_name(key))) & {"name", "skill", "title", "category", "group"}
        ),
        None,
    )
    inner = next(
        (
            key
            for key, sub in properties.items()
            if kind_of(sub) == "array" and kind_of(schema_types(sub)[1].get("items", {})) == "string"
        ),
        None,
    )
    if key is None:
        return None
    if inner is None:
        return _filled(
            reading,
            path,
            items,
            [Entry(name=piece) for piece in _items(rows_of(reading, "skills"), _COMMAS)],
            {key: "name"},
        )
    groups = list(_groups(reading))
    data, leaves = _filled(reading, path, items, [Entry(name=title) for title, _ in groups], {key: "name"})
    wanted = describe((inner,), {"type": "string"})
    for at, (_, pieces) in enumerate(groups):
        data[at][inner] = [piece.text for piece in pieces]
        for place, piece in enumerate(pieces):
            pointer = pointer_of((*path, at, inner, place))
            leaves[pointer] = leaf(
                pointer, candidate_of(wanted, piece, _LIKELY, "stands in this group", piece.text)
            )
    return data, leaves


def _groups(reading: Reading) -> Iterator[tuple[Piece, list[Piece]]]:
    """The groups of the skills: under headings of their own, or behind `Tools:` on one line."""
    for section in sections(reading):
        if section.name != "skills":
            continue
        if section.title is not None:
            segment = section.title.segments[0]
            yield Piece(segment.text, segment.words, section.title.view), _items(section.rows, _COMMAS)
            continue
        for row in section.rows:
            segment = row.segments[0]
            start = without_bullet(segment.text)
            label = re.match(r"[^:;,|]{2,40}(?=:\s)", segment.text[start:])
            if label:
                yield (
                    Piece(label.group(), segment.words_between(start, start + label.end()), row.view),
                    _items([row], _COMMAS),
                )
