"""Which column of records without headings answers which property: by what its texts are, and by the order of both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

from extract_bridge.local.engine.blocks import SUFFIX, TRADE
from extract_bridge.local.engine.dates import find_dates
from extract_bridge.local.engine.tables_fit import Fit, fit
from extract_bridge.local.engine.tables_match import column, is_number
from extract_bridge.local.engine.text import fold
from extract_bridge.local.engine.values import schema_types
from extract_bridge.local.engine.wanted import describe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from extract_bridge.local.engine.records import Records
    from extract_bridge.local.engine.tables_match import Column, Property

_TIME = re.compile(
    r"\d{1,2}(?:[:.]\d\d| ?h ?(?:\d\d)?)(?: ?(?:h|uhr|am|pm|a\.m\.|p\.m\.))?(?: ?[-–] ?\d{1,2}[:.]\d\d.{0,4})?$"
)
_MONEY = re.compile(r"[^\w\s]?\s?-?\d[\d.,' ]*[.,]\d\d(?!\d)|[€$£]|\b(?:EUR|USD|GBP|CHF|PLN)\b")
_EMAIL = re.compile(r"\S+@\S+\.\w+$")
_URL = re.compile(r"(?:https?://|www\.)\S+$|[\w-]+\.(?:com|org|net|eu|de|fr|nl|es|it|uk)(?:/\S*)?$")
_PHONE = re.compile(r"(?:tel\.? ?)?\+?\(?\d[\d ()./-]{6,}\d$", re.IGNORECASE)
_PERCENT = re.compile(r"-?\d+(?:[.,]\d+)? ?%$")
_CODE = re.compile(r"#?(?=\S*\d)\S+$")
_NAME_WORD = re.compile(r"[^\W\d_][\w'’.-]*$")  # noqa: RUF001 - printed so
_TIME_WORDS = frozenset(
    [
        "time",
        "start",
        "end",
        "begin",
        "from",
        "until",
        "clock",
        "hour",
        "hora",
        "heure",
        "uhrzeit",
        "zeit",
        "beginn",
        "ende",
        "tijd",
        "starttijd",
        "ora",
        "orario",
        "godzina",
        "debut",
        "fin",
        "inicio",
    ]
)
_PERSON_WORDS = frozenset(
    [
        "person",
        "speaker",
        "author",
        "employee",
        "contact",
        "presenter",
        "teacher",
        "doctor",
        "chair",
        "lead",
        "leader",
        "manager",
        "who",
        "owner",
        "assignee",
        "leitung",
        "leiter",
        "referent",
        "sprecher",
        "redner",
        "person",
        "mitarbeiter",
        "ansprechpartner",
        "wer",
        "autor",
        "personne",
        "intervenant",
        "orateur",
        "auteur",
        "responsable",
        "animateur",
        "ponente",
        "orador",
        "persona",
        "responsable",
        "docente",
        "relatore",
        "persona",
        "spreker",
        "docent",
        "persoon",
        "contactpersoon",
        "prelegent",
        "osoba",
    ]
)
_TITLE_WORDS = frozenset(
    [
        "title",
        "subject",
        "topic",
        "description",
        "talk",
        "session",
        "lecture",
        "event",
        "project",
        "titel",
        "thema",
        "betreff",
        "beschreibung",
        "bezeichnung",
        "veranstaltung",
        "vortrag",
        "titre",
        "sujet",
        "objet",
        "intitule",
        "libelle",
        "titulo",
        "tema",
        "asunto",
        "descripcion",
        "concepto",
        "titolo",
        "oggetto",
        "descrizione",
        "argomento",
        "onderwerp",
        "omschrijving",
        "assunto",
        "descricao",
        "tytul",
        "temat",
        "opis",
    ]
)
_FIRM_WORDS = frozenset(
    [
        "company",
        "employer",
        "organisation",
        "organization",
        "affiliation",
        "university",
        "institution",
        "school",
        "firm",
        "vendor",
        "supplier",
        "client",
        "customer",
        "firma",
        "unternehmen",
        "arbeitgeber",
        "entreprise",
        "societe",
        "employeur",
        "etablissement",
        "bedrijf",
        "werkgever",
        "empresa",
        "azienda",
        "datore",
        "scuola",
        "universita",
        "universidad",
    ]
)
_MOST = 7  # properties, or columns, that are tried in every order
_IN_ORDER = 0.06
_CLEAR = 0.05  # how much better than any other a choice must be
_LEAST_SCORE = 0.3
_MOST_ANSWERED = 0.6  # of the properties
_NUMBERS = ("number", "whole")
_WORDS = ("text", "title", "person", "firm", "other")


@dataclass(frozen=True, slots=True)
class Texts:
    """What each of a column's texts may be; those that are empty left out."""

    kinds: tuple[frozenset[str], ...]


def texts_of(cells: Sequence[str]) -> Texts:
    """What the texts of a column are."""
    return Texts(tuple(frozenset(_kinds(text)) for text in cells if text))


def _kinds(text: str) -> Iterator[str]:
    bare = text.strip(" ,;")
    words = bare.split()
    if _TIME.match(bare.casefold()):
        yield "time"
    elif find_dates(bare) and len(words) <= 5:
        yield "date"
    elif _EMAIL.match(bare):
        yield "email"
    elif _PERCENT.match(bare):
        yield "percent"
    elif is_number(bare):
        yield "number"
        yield "money" if _MONEY.search(bare) else "whole"
        if _PHONE.match(bare):
            yield "phone"
    elif _PHONE.match(bare):
        yield "phone"
    elif _URL.match(bare):
        yield "url"
    elif len(words) == 1 and _CODE.match(bare):
        yield "code"
        if bare[:1] == "#" and bare[1:].isdigit():
            yield "whole"
            yield "number"
    else:
        yield "text"
        if len(words) > 2:
            yield "phrase"
        folded = fold(bare)
        if SUFFIX.search(folded) or TRADE.search(folded):
            yield "firm"
        elif (
            2 <= len(words) <= 4
            and all(_NAME_WORD.match(word) for word in words)
            and words[0][0].isupper()
            and words[-1][0].isupper()
        ):
            yield "person"


def expected(prop: Property, schema: Mapping[str, Any]) -> str:
    """The kind of text that a property asks for."""
    wanted = describe((prop.name,), schema)
    said = {*prop.tokens, *prop.extra}
    if prop.kind in ("number", "integer"):
        return "percent" if wanted.search == "percent" else "whole" if prop.kind == "integer" else "number"
    if prop.kind == "date" or wanted.search in ("email", "phone", "url"):
        return "date" if prop.kind == "date" else wanted.search
    if prop.kind != "string":
        return "other"
    for name, words in (
        ("time", _TIME_WORDS),
        ("person", _PERSON_WORDS),
        ("firm", _FIRM_WORDS),
        ("title", _TITLE_WORDS),
    ):
        if set(prop.tokens) & words:
            return name
    if wanted.search == "id":
        return "code"
    for name, words in (("person", _PERSON_WORDS), ("firm", _FIRM_WORDS)):
        if said & words:
            return name
    return "text"


_FITS: dict[str, dict[str, float]] = {
    "number": {"money": 0.9, "number": 0.8},
    "whole": {"whole": 0.9},
    "percent": {"percent": 0.95, "number": 0.4},
    "date": {"date": 0.95},
    "time": {"time": 0.95},
    "email": {"email": 1.0},
    "phone": {"phone": 1.0},
    "url": {"url": 1.0},
    "person": {"person": 0.9, "text": 0.45},
    "firm": {"firm": 0.9, "text": 0.5, "person": 0.4},
    "code": {"code": 0.9, "whole": 0.7, "text": 0.2},
    "title": {"phrase": 0.75, "text": 0.5, "firm": 0.45, "person": 0.4},
    "text": {"firm": 0.5, "text": 0.55, "person": 0.45, "code": 0.35, "percent": 0.2, "whole": 0.2},
    "other": {},
}


def fit_records(
    records: Records, item_schema: Mapping[str, Any], properties: Sequence[Property]
) -> Fit | None:
    """The columns of records for properties; None where too few find one, or none by a label or a kind that is no mere text."""
    table = records.table
    body = table.rows[table.header_rows :]
    heads = [cell.text for cell in table.rows[0]] if table.header_rows else [""] * len(body[0])
    cells = [[row[at].text for row in body] for at in range(len(heads))]
    columns = [column(head, texts) for head, texts in zip(heads, cells, strict=True)]
    schemas = dict(schema_types(item_schema)[1].get("properties") or {})
    found = fit_texts(properties, schemas, columns, [texts_of(texts) for texts in cells])
    if len(found.columns) < max(2, _MOST_ANSWERED * len(properties)):
        return None
    told = [
        prop
        for prop in properties
        if prop.name in found.columns
        and (columns[found.columns[prop.name]].tokens or expected(prop, schemas[prop.name]) not in _WORDS)
    ]
    return found if told else None


def fit_texts(
    properties: Sequence[Property],
    schemas: Mapping[str, Any],
    columns: Sequence[Column],
    texts: Sequence[Texts],
) -> Fit:
    """The columns for the properties: those whose label says so, and for the rest those whose texts are of the kind asked for.

    A property is left out where another column would be nearly as good.
    """
    labelled = fit(properties, columns) if any(item.tokens for item in columns) else Fit({}, {}, 0.0)
    chosen = {
        name: (at, labelled.scores[name]) for name, at in labelled.columns.items() if columns[at].tokens
    }
    taken = {at for at, _ in chosen.values()}
    open_props = [prop for prop in properties if prop.name not in chosen]
    free = [at for at in range(len(columns)) if at not in taken and not columns[at].tokens]
    if open_props and free and max(len(open_props), len(free)) <= _MOST:
        kinds = [expected(prop, schemas[prop.name]) for prop in open_props]
        scores = [[_score(kind, texts[at]) for at in free] for kind in kinds]
        for p, (c, score) in _best(scores, kinds).items():
            chosen[open_props[p].name] = (free[c], score)
    total = sum(score for _, score in chosen.values()) / max(1, len(properties))
    return Fit(
        {name: at for name, (at, _) in chosen.items()},
        {name: score for name, (_, score) in chosen.items()},
        total,
    )


def suits(
    properties: Sequence[Property], item_schema: Mapping[str, Any], cells: Mapping[str, Sequence[str]]
) -> float:
    """How well the texts chosen for each property are of the kind asked for, 0..1.

    Args:
        properties: What is asked for.
        item_schema: The schema that they are from.
        cells: The texts of each property that has some.
    """
    schemas = dict(schema_types(item_schema)[1].get("properties") or {})
    scores = [
        _score(expected(prop, schemas[prop.name]), texts_of(cells[prop.name]))
        for prop in properties
        if any(cells.get(prop.name, ()))
    ]
    return sum(scores) / max(1, len(properties))


def _score(kind: str, texts: Texts) -> float:
    """How well texts answer what is asked for, 0..1: the mean over all of them."""
    weights = _FITS[kind]
    return mean(max((weights.get(name, 0.0) for name in kinds), default=0.0) for kinds in texts.kinds)


def _best(scores: Sequence[Sequence[float]], kinds: Sequence[str]) -> dict[int, tuple[int, float]]:
    """The best column for each row of scores, each once; without those where another choice is nearly as good.

    Numbers are told from each other by their order alone, so there must be as many columns of them as are asked for.
    """
    best, choice = _search(scores, {})
    result = {}
    for p, c in enumerate(choice):
        if c is None or (kinds[p] in _NUMBERS and _other_numbers(scores, kinds)):
            continue
        other, _ = _search(scores, {p: c})
        if best - other >= _CLEAR:
            result[p] = (c, scores[p][c])
    return result


def _other_numbers(scores: Sequence[Sequence[float]], kinds: Sequence[str]) -> bool:
    """Whether there are more or fewer columns of numbers than asked for, where two or more are."""
    asked = [p for p, kind in enumerate(kinds) if kind in _NUMBERS]
    fitting = [c for c in range(len(scores[0])) if any(scores[p][c] >= _LEAST_SCORE for p in asked)]
    return len(asked) > 1 and len(fitting) != len(asked)


def _search(scores: Sequence[Sequence[float]], without: Mapping[int, int]) -> tuple[float, list[int | None]]:
    """The best sum of scores over all choices, with a little more for each that stands in order; and the choice."""
    width = len(scores[0])
    most = [max(row, default=0.0) + _IN_ORDER for row in scores]
    best: tuple[float, list[int | None]] = (0.0, [None] * len(scores))

    def walk(p: int, used: frozenset[int], last: int | None, total: float, picked: list[int | None]) -> None:
        nonlocal best
        if total + sum(most[p:]) <= best[0]:
            return
        if p == len(scores):
            best = (total, picked)
            return
        for c in sorted(range(width), key=lambda at: -scores[p][at]):
            if c in used or scores[p][c] < _LEAST_SCORE or without.get(p) == c:
                continue
            order = (
                0.0 if last is None else _IN_ORDER if c == last + 1 else _IN_ORDER / 2 if c > last else 0.0
            )
            walk(p + 1, used | {c}, c, total + scores[p][c] + order, [*picked, c])
        walk(p + 1, used, last, total, [*picked, None])

    walk(0, frozenset(), None, 0.0, [])
    return best
