# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Résumés: who it is, and the lists that its sections are; only what headings, dates and plain words settle."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.candidates import Candidate
from extract_bridge.local.engine.leaves import Leaves, leaf, missing, pointer_of, skeleton
from extract_bridge.local.engine.resume_entries import Entry, Piece, positions, studies, subject_apart
from extract_bridge.local.engine.resume_sections import (
    Row,
    Section,
    heading_of,
    sections_of,
    without_bullet,
)
from extract_bridge.local.engine.resume_words import COMPANY, COUNTRIES, SCHOOL, TITLE
from extract_bridge.local.engine.text import fold, label_key, label_tokens, split_name
from extract_bridge.local.engine.values import coerce, kind_of, schema_types
from extract_bridge.local.engine.wanted import Wanted, describe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.regions import Reading

_SURE, _LIKELY, _VAGUE = 0.86, 0.74, 0.55
_LONGEST_SKILL = 6  # words
_LARGE = 1.5  # heights of a usual line
_EDGE = 8.0  # points
_MOST_PERSONS = 12
_PARTICLES = frozenset(
    [
        "de",
        "van",
        "von",
        "der",
        "da",
        "di",
        "del",
        "la",
        "le",
        "den",
        "ten",
        "bin",
        "al",
        "dos",
        "das",
        "y",
        "e",
    ]
)
_ROLES: dict[str, frozenset[str]] = {
    "place": frozenset(
        [
            "company",
            "employer",
            "organization",
            "organisation",
            "firm",
            "institution",
            "school",
            "university",
            "college",
            "establishment",
            "firma",
            "unternehmen",
            "arbeitgeber",
            "hochschule",
            "universitat",
            "schule",
            "entreprise",
            "societe",
            "employeur",
            "ecole",
            "universite",
            "etablissement",
            "empresa",
            "empleador",
            "institucion",
            "universidad",
            "centro",
            "bedrijf",
            "werkgever",
            "instelling",
            "universiteit",
            "azienda",
            "datore",
            "universita",
            "istituto",
            "pracodawca",
            "uczelnia",
        ]
    ),
    "name": frozenset(
        [
            "position",
            "title",
            "role",
            "job",
            "degree",
            "qualification",
            "diploma",
            "program",
            "programme",
            "stelle",
            "rolle",
            "tatigkeit",
            "taetigkeit",
            "abschluss",
            "studiengang",
            "poste",
            "fonction",
            "diplome",
            "puesto",
            "cargo",
            "titulo",
            "titulacion",
            "functie",
            "opleiding",
            "ruolo",
            "mansione",
            "titolo",
            "stanowisko",
        ]
    ),
    "start": frozenset(
        [
            "start",
            "from",
            "begin",
            "beginning",
            "started",
            "von",
            "beginn",
            "debut",
            "inicio",
            "inizio",
            "since",
        ]
    ),
    "end": frozenset(
        [
            "end",
            "to",
            "until",
            "ended",
            "finish",
            "graduation",
            "graduated",
            "completed",
            "completion",
            "bis",
            "ende",
            "fin",
            "fine",
            "einde",
            "conclusion",
            "year",
        ]
    ),
    "subject": frozenset(
        [
            "field",
            "major",
            "subject",
            "specialization",
            "specialisation",
            "discipline",
            "fachrichtung",
            "studienfach",
            "domaine",
            "especialidad",
            "materia",
            "richting",
        ]
    ),
    "span": frozenset(
        ["date", "period", "duration", "tenure", "timeframe", "zeitraum", "periode", "periodo", "years"]
    ),
    "location": frozenset(["location", "city", "town", "ort", "lieu", "ubicacion", "plaats", "luogo"]),
}
_EDUCATION = frozenset(
    [
        "education",
        "educations",
        "school",
        "studies",
        "academic",
        "ausbildung",
        "bildung",
        "formation",
        "formacion",
        "educacion",
        "opleiding",
        "istruzione",
        "formazione",
        "degree",
        "qualification",
    ]
)
_EXPERIENCE = frozenset(
    [
        "experience",
        "experiences",
        "employment",
        "employments",
        "work",
        "job",
        "jobs",
        "career",
        "position",
        "positions",
        "berufserfahrung",
        "werdegang",
        "emplois",
        "parcours",
        "experiencia",
        "trabajo",
        "werkervaring",
        "esperienza",
        "esperienze",
    ]
)
_SKILLS = frozenset(
    [
        "skill",
        "skills",
        "competencies",
        "competency",
        "competence",
        "kenntnisse",
        "fahigkeiten",
        "kompetenzen",
        "habilidades",
        "vaardigheden",
        "competenze",
        "technologies",
    ]
)
_CERTIFICATES = frozenset(
    [
        "certification",
        "certificate",
        "license",
        "licence",
        "zertifikat",
        "zertifikate",
        "certificacion",
        "certificat",
    ]
)
_LANGUAGES = frozenset(["language", "sprache", "sprachen", "langue", "idioma", "talen", "lingua", "lingue"])
_TOWN = re.compile(
    r"(?P<city>[A-ZÀ-Þ][\w'’.-]+(?:\s[A-ZÀ-Þ][\w'’.-]+){0,2}),\s(?P<state>[A-Z]{2}|[A-ZÀ-Þ][a-z]+(?:\s[A-ZÀ-Þ][a-z]+)?)(?:\s\d{5})?(?:,\s(?P<country>[A-ZÀ-Þ][\w.]+(?:\s[A-Z][a-z]+)?))?$"
)


_COMMAS = re.compile(r"\s{0,8}[,;•|·]\s{1,8}|\s[–—-]\s")
_MARKS = re.compile(r"\s{0,8}[;•|·]\s{1,8}")


def sections(reading: Reading) -> list[Section]:
    """The sections of a document that is a résumé, else none; found once."""
    if reading.sections is None:
        reading.sections = sections_of(reading.views)
    return reading.sections


def _rows(reading: Reading, name: str) -> list[Row]:
    return [row for section in sections(reading) if section.name == name for row in section.rows]


# --- scalars ------------------------------------------------------------------------------------------------------


def resume_candidates(reading: Reading, fields: Sequence[Wanted]) -> Iterator[Candidate]:
    """The name and the town of whom a résumé is about."""
    asked = [item for item in fields if item.kind == "string" and (_asks_name(item) or _asks_town(item))]
    if not asked or not sections(reading):
        return
    for item in asked:
        if _asks_name(item):
            yield from _name(reading, item)
        else:
            yield from _town(reading, item)


def _asks_name(item: Wanted) -> bool:
    tokens = set(item.tokens)
    return item.search == "name" and tokens <= {
        "full",
        "name",
        "candidate",
        "applicant",
        "person",
        "nom",
        "complet",
        "nombre",
        "completo",
        "nome",
        "naam",
        "volledige",
        "vollstandiger",
    }


def _asks_town(item: Wanted) -> bool:
    return item.search in ("city", "state", "country") or bool(set(item.tokens) & {"location"})


def _name(reading: Reading, item: Wanted) -> Iterator[Candidate]:
    """The largest line of the head that can be a person's name; the e-mail address may confirm it."""
    view = reading.views[0]
    local = " ".join(fold(str(found.value).split("@")[0]) for _, found in reading.found("email")[:1])
    sizes = sorted(segment.height for segment in view.segments)
    usual, largest = sizes[len(sizes) // 2], sizes[-1]
    first = next(view.segments)
    for rank, lines in enumerate(_persons(view, _LARGE * usual)):
        text = " ".join(line.text for line in lines)
        parts = re.findall(r"[a-z]{3,}", fold(text))
        score = (
            0.5
            + (0.26 if any(part in local for part in parts) else 0.0)
            + (0.28 if max(line.height for line in lines) >= max(0.9 * largest, _LARGE * usual) else 0.0)
            + (0.1 if lines[0] is first else 0.0)
            - 0.01 * rank
        )
        words = tuple(word for line in lines for word in line.words)
        yield _candidate(
            item, Piece(text, words, view), min(score, 0.92), "stands at the head as a name", text
        )


def _persons(view: PageView, large: float) -> Iterator[list[Segment]]:
    """Lines that can be a name, the first ones of a page; a large name may run over two lines."""
    count = 0
    for segment in view.segments:
        under = next(view.below(segment.x0, segment.x1, segment.line, 4), None)
        near = (
            under is not None
            and under.y0 - segment.y1 < 0.5 * segment.height
            and abs(under.x0 - segment.x0) <= _EDGE
        )
        if (
            under is not None
            and near
            and min(segment.height, under.height) > large
            and _is_person(f"{segment.text} {under.text}")
        ):
            yield [segment, under]
        elif _is_person(segment.text):
            yield [segment]
        else:
            continue
        count += 1
        if count >= _MOST_PERSONS:
            return


def _is_person(text: str) -> bool:
    """Two to six words with capitals, no number, no heading, and no words of trades but for a title before the name."""
    words = re.findall(r"[^\W\d_][\w'’.-]*", text)
    if not 2 <= len(words) <= 6 or re.search(r"\d|@|[:;|/]", text) or heading_of(text):
        return False
    if not all(word[:1].isupper() or word.casefold() in _PARTICLES or "-" in word for word in words):
        return False
    titled = re.sub(r"^(?:prof(?:essor)?|dr|mr|mrs|ms)\b\.?\s?(?:dr\.?\s)?", "", fold(text))
    known = (TITLE.search(titled), SCHOOL.search(titled), COMPANY.search(titled))
    return not any(known) and label_key(text) not in ("curriculumvitae", "lebenslauf")


def _town(reading: Reading, item: Wanted) -> Iterator[Candidate]:
    """A town with its state or country in the head of the résumé or among its contact details."""
    for row in [*_rows(reading, "head")[:14], *_rows(reading, "contact")[:14]]:
        for segment in row.segments:
            for start, end in _pieces(segment.text):
                found = _TOWN.match(segment.text[start:end])
                if not found:
                    continue
                part = {"city": "city", "state": "state", "country": "country"}.get(item.search, "")
                if part == "country" and not found["country"] and fold(found["state"]) in COUNTRIES:
                    part = "state"
                elif part == "state" and fold(found["state"]) in COUNTRIES:
                    continue
                span = found.span(part) if part else (0, end - start)
                if span[0] < 0:
                    continue
                text = segment.text[start + span[0] : start + span[1]]
                yield _candidate(
                    item,
                    Piece(text, segment.words_between(start + span[0], start + span[1]), row.view),
                    _LIKELY,
                    "stands among the contact details",
                    text,
                )
                return


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for match in [*re.finditer(r"\s{0,8}[|•·]\s{0,8}|\s[–—-]\s", text), None]:
        yield position, match.start() if match else len(text)
        position = match.end() if match else len(text)


# --- lists --------------------------------------------------------------------------------------------------------


def resume_list(
    reading: Reading, path: tuple[str | int, ...], items: Mapping[str, Any]
) -> tuple[list[Any], Leaves] | None:
    """A list that a section of a résumé is; None where the document is no résumé, or the list is no such section."""
    name = set(label_tokens(split_name(str(path[-1]))))
    properties = schema_types(items)[1].get("properties")
    if not isinstance(properties, Mapping) or not sections(reading):
        return None
    parts = {key: part for key in properties if (part := _part(key))}
    shown = set(parts.values())
    if name & _SKILLS:
        return _grouped(reading, path, items)
    if ("place" in shown and len(shown) > 1) or (
        name & (_EXPERIENCE | _EDUCATION) and shown & {"place", "name"}
    ):
        taught = bool(name & _EDUCATION) or any(
            set(label_tokens(split_name(key))) & {"degree", "school", "university", "qualification"}
            for key in properties
        )
        entries = studies(_rows(reading, "education")) if taught else positions(_rows(reading, "experience"))
        if "subject" in shown:
            entries = [subject_apart(entry) for entry in entries]
        return _filled(reading, path, items, entries, parts)
    if name & (_CERTIFICATES | _LANGUAGES):
        rows = _rows(reading, "certifications" if name & _CERTIFICATES else "languages")
        key = next(
            (
                key
                for key in properties
                if set(label_tokens(split_name(key)))
                & {"name", "title", "certification", "certificate", "language"}
            ),
            None,
        )
        return (
            None
            if key is None
            else _filled(
                reading, path, items, [Entry(name=piece) for piece in _items(rows, _MARKS)], {key: "name"}
            )
        )
    return None


def resume_scalars(reading: Reading, wanted: Wanted) -> list[Candidate]:
    """The items of a list of texts that a section of a résumé is."""
    name = set(wanted.tokens)
    section = next(
        (
            section
            for section, words in (
                ("skills", _SKILLS),
                ("certifications", _CERTIFICATES),
                ("languages", _LANGUAGES),
            )
            if name & words
        ),
        None,
    )
    if section is None or wanted.kind != "string" or not sections(reading):
        return []
    cuts = _MARKS if section == "certifications" else _COMMAS
    return [
        _candidate(wanted, piece, _LIKELY, "is an item of this section", piece.text)
        for piece in _items(_rows(reading, section), cuts)
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
    return next(
        (
            part
            for part in ("start", "end", "subject", "place", "location", "span", "name")
            if tokens & _ROLES[part]
        ),
        "",
    )


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
        return _candidate(wanted, piece, _SURE, "stands in this entry", found.value)
    dated = schema_types(wanted.schema)[1].get("format") in ("date", "date-time")
    if wanted.kind == "string" or (wanted.kind == "date" and not dated):
        return _candidate(wanted, piece, _LIKELY, "stands in this entry", piece.text)
    first = re.fullmatch(r"(?:(?P<month>0?[1-9]|1[0-2])\s?[/.]\s?)?(?P<year>(?:19|20)\d\d)", piece.text)
    if not (dated and opens and first):
        return None
    day = f"{first['year']}-{int(first['month'] or 1):02}-01"
    return _candidate(wanted, piece, _VAGUE, "is the first day of what stands in this entry", day)


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
            [Entry(name=piece) for piece in _items(_rows(reading, "skills"), _COMMAS)],
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
                pointer, _candidate(wanted, piece, _LIKELY, "stands in this group", piece.text)
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


def _candidate(wanted: Wanted, piece: Piece, score: float, reason: str, value: Any) -> Candidate:
    quote = " ".join(word.text for word in piece.words)
    return Candidate(
        wanted,
        value,
        piece.text,
        piece.words,
        piece.view,
        score,
        reason,
        "exact" if value == quote else "normalized",
        labelled=False,
        how="place",
    )
