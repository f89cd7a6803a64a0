# ruff: noqa: SIM905 - a line of words reads better than a column of quoted ones
"""What kind of text a property asks for, and how well some texts are of that kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

from extract_bridge.local.engine.tables.kinds import kinds_of
from extract_bridge.local.engine.wanted import describe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from extract_bridge.local.engine.tables.match import Property

_SAYS_NUMBER = re.compile(
    r"\b(?:no|id|code|ref|reference|key|identifier)\b|(?:number|nummer|numer|nr|code|kod)\b"
)
_TIME_WORDS = frozenset(
    (
        "time start end begin from until clock hour hora heure uhrzeit zeit beginn ende tijd starttijd ora orario godzina "
        "debut fin inicio"
    ).split()
)
_PERSON_WORDS = frozenset(
    (
        "person speaker author employee contact presenter teacher doctor chair lead leader manager who owner assignee "
        "leitung leiter referent sprecher redner mitarbeiter ansprechpartner wer autor personne intervenant orateur "
        "auteur responsable animateur ponente orador persona docente relatore spreker docent persoon contactpersoon "
        "prelegent osoba"
    ).split()
)
_TITLE_WORDS = frozenset(
    (
        "title subject topic description talk session lecture event project titel thema betreff beschreibung bezeichnung "
        "veranstaltung vortrag titre sujet objet intitule libelle titulo tema asunto descripcion concepto titolo oggetto "
        "descrizione argomento onderwerp omschrijving assunto descricao tytul temat opis"
    ).split()
)
_FIRM_WORDS = frozenset(
    (
        "company employer organisation organization affiliation university institution school firm vendor supplier client "
        "customer firma unternehmen arbeitgeber entreprise societe employeur etablissement bedrijf werkgever empresa "
        "azienda datore scuola universita universidad"
    ).split()
)

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
    "code": {"code": 0.9, "whole": 0.7, "numbered": 0.7, "text": 0.3},
    "marked": {"code": 0.7, "numbered": 0.65, "whole": 0.5, "text": 0.55},
    "title": {"phrase": 0.75, "text": 0.5, "firm": 0.45, "person": 0.4},
    "text": {"firm": 0.5, "text": 0.55, "person": 0.45, "code": 0.35, "percent": 0.2, "whole": 0.2},
    "other": {},
}


@dataclass(frozen=True, slots=True)
class Texts:
    """What each of a column's texts may be; those that are empty left out."""

    kinds: tuple[frozenset[str], ...]


def texts_of(cells: Sequence[str]) -> Texts:
    """What the texts of a column are."""
    return Texts(tuple(kinds_of(text) for text in cells if text))


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
        return "code" if _SAYS_NUMBER.search(" ".join(prop.tokens)) else "marked"
    for name, words in (("person", _PERSON_WORDS), ("firm", _FIRM_WORDS)):
        if said & words:
            return name
    return "text"


def score_of(kind: str, texts: Texts) -> float:
    """How well texts answer what is asked for, 0..1: the mean over all of them."""
    weights = _FITS[kind]
    return mean(max((weights.get(name, 0.0) for name in kinds), default=0.0) for kinds in texts.kinds)
