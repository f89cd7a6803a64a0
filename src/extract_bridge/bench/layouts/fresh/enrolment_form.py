"""A French form that was filled in: captions above frames, a letter to each cell of a comb, crosses in boxes, lines to write on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.bench.draft import Fact, day, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import captioned, comb, dated, required, tick
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft

_SCHEMA = required(
    thing(
        civilite=text(enum=["Madame", "Monsieur"]),
        nom_naissance=text("Nom de naissance"),
        nom_usage=text("Nom d'usage, s'il diffère"),
        prenom=text(),
        date_naissance=day(),
        lieu_naissance=text("Commune de naissance"),
        nationalite=text(),
        adresse=thing(voie=text("Numéro et rue"), code_postal=text(), commune=text()),
        telephone=text(),
        courriel=text(),
        numero_siren=text("9 chiffres"),
        forme_juridique=text(enum=["Entreprise individuelle", "EURL", "SARL", "SAS"]),
        activite=text("Activité principale"),
        date_debut=day("Date de début d'activité"),
        effectif=whole("Nombre de salariés"),
        chiffre_affaires=number("Chiffre d'affaires prévu, en euros"),
        salaries={"type": "boolean", "description": "Le déclarant emploie-t-il des salariés ?"},
        versement_liberatoire={"type": "boolean"},
        fait_a=text("Lieu de signature"),
        signe_le=day(),
        iban=text(),
    ),
    "nom_naissance",
    "prenom",
)
_TRADES = (
    "Menuiserie et agencement",
    "Conseil en informatique",
    "Vente de plants en ligne",
    "Restauration rapide",
    "Coiffure à domicile",
)
_TOWNS = ("SAINT-BRIEUC", "ANGERS", "TULLE", "BELFORT", "ARLES")
_DAY = "{d:02}/{m:02}/{y}"


def _section(draft: Draft, y: float, number_of: int, title: str) -> float:
    draft.sheet.shade(draft.left, y - 11, draft.right - draft.left, 16)
    draft.say(draft.left + 4, y, f"{number_of}  {title}", bold=True)
    return y + 16


def _choice(draft: Draft, y: float, question: str, options: tuple[str, ...], at: str, chosen: str) -> float:
    """A question whose answers stand after it, one of them crossed, or none."""
    x = draft.say(draft.left, y, question).x1 + 16
    for option in options:
        value: Any = {"oui": True, "non": False}.get(option)
        x = tick(draft, x, y, option, on=option == chosen, at=at, value=value)
    return y + draft.step * 1.6


def _combed(draft: Draft, x: float, y: float, caption: str, fact: Fact, cells: int) -> None:
    draft.say(x, y, caption, size=6.5, grey=True)
    comb(draft, x, y + 15, fact, cell=11.5, cells=cells)


def _person(draft: Draft, y: float) -> float:
    rng, voice, left = draft.rng, draft.voice, draft.left
    y = _section(draft, y, 1, rng.choice(("IDENTITÉ DU DÉCLARANT", "VOUS", "DÉCLARANT")))
    y = _choice(draft, y, "", ("Madame", "Monsieur"), "/civilite", rng.choice(("Madame", "Monsieur")))
    first, last = voice.person().split(" ", 1)
    _combed(draft, left, y, "NOM DE NAISSANCE", Fact(last.upper(), "/nom_naissance"), 18)
    _combed(draft, left + 262, y, "PRÉNOM", Fact(first.upper(), "/prenom"), 16)
    y += 34
    born = draft.later(-25000, -7000)
    other = rng.choice(("", "", "DE LA TOUR", "VIDAL-ROCHE"))
    captioned(draft, left, y, 175, 28, "Nom d'usage (s'il y a lieu)", Fact(other, "/nom_usage"))
    captioned(
        draft, left + 175, y, 160, 28, "Commune de naissance", Fact(rng.choice(_TOWNS), "/lieu_naissance")
    )
    captioned(
        draft,
        left + 335,
        y,
        draft.right - left - 335,
        28,
        "Nationalité",
        Fact(rng.choice(("française", "belge", "portugaise")), "/nationalite"),
    )
    y += 40
    _combed(
        draft,
        left,
        y,
        "DATE DE NAISSANCE (JJMMAAAA)",
        dated(draft, born, "/date_naissance", "{d:02}{m:02}{y}"),
        8,
    )
    street, town = voice.homes(1)[0].street, voice.homes(1)[0].town
    _combed(draft, left + 150, y, "CODE POSTAL", Fact(town[:5], "/adresse/code_postal"), 5)
    captioned(
        draft, left + 225, y - 8, draft.right - left - 225, 28, "Commune", Fact(town[6:], "/adresse/commune")
    )
    y += 28
    captioned(draft, left, y, 300, 28, "N° et voie", Fact(street, "/adresse/voie"))
    phone = (
        f"0{rng.randint(1, 7)} {' '.join(voice.digits(2) for _ in range(4))}" if rng.random() < 0.7 else ""
    )
    captioned(draft, left + 300, y, draft.right - left - 300, 28, "Téléphone", Fact(phone, "/telephone"))
    return y + 46


def _business(draft: Draft, y: float) -> float:
    rng, voice, left = draft.rng, draft.voice, draft.left
    y = _section(draft, y, 2, "ACTIVITÉ")
    forms = ("Entreprise individuelle", "EURL", "SARL", "SAS")
    y = _choice(draft, y, "Forme :", forms, "/forme_juridique", rng.choice((*forms, "")))
    _combed(
        draft,
        left,
        y,
        "N° SIREN (si déjà attribué)",
        Fact(rng.choice((voice.digits(9), "")), "/numero_siren"),
        9,
    )
    start = dated(draft, draft.later(-60, 60), "/date_debut", rng.choice((_DAY, "{d} {month} {y}")))
    captioned(draft, left + 150, y - 8, 130, 28, "Date de début d'activité", start)
    captioned(
        draft,
        left + 280,
        y - 8,
        draft.right - left - 280,
        28,
        "Activité principale",
        Fact(rng.choice(_TRADES), "/activite"),
    )
    y += 38
    staff = rng.choice(("oui", "non", "non"))
    y = _choice(draft, y, "Employez-vous des salariés ?", ("oui", "non"), "/salaries", staff)
    if staff == "oui":
        count = rng.randint(1, 14)
        draft.say(left, y, "Si oui, effectif :")
        draft.say(left + 90, y, Fact(str(count), "/effectif", count))
        draft.sheet.line(left + 84, y + 2, left + 130, y + 2)
        y += draft.step * 1.6
    question = "Option pour le versement libératoire de l'impôt sur le revenu"
    y = _choice(draft, y, question, ("oui", "non"), "/versement_liberatoire", rng.choice(("oui", "non", "")))
    if rng.random() < 0.6:
        worth_of = rng.randint(8, 170) * 500
        ink = draft.say(left, y, "Chiffre d'affaires prévu")
        draft.say(ink.x1 + 10, y, Fact(draft.voice.number(worth_of, 0), "/chiffre_affaires", worth_of))
        draft.sheet.line(ink.x1 + 6, y + 2, ink.x1 + 80, y + 2)
        draft.say(ink.x1 + 84, y, "€")
        y += draft.step * 1.6
    return y + 10


def _form(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "fr", _SCHEMA, size=9.0)
    draft.left = 44.0
    draft.say(
        draft.sheet.width / 2, 50, "DÉCLARATION DE DÉBUT D'ACTIVITÉ", bold=True, size=14, align="centre"
    )
    draft.say(
        draft.right,
        34,
        f"N° {draft.voice.digits(5)}*0{rng.randint(1, 9)}",
        size=7.5,
        align="right",
        grey=True,
    )
    draft.say(
        draft.left,
        66,
        "À retourner au centre de formalités. Écrivez en majuscules, une lettre par case.",
        size=7.5,
    )
    y = _business(draft, _person(draft, 96))
    if rng.random() < 0.6:
        local, host = (
            rng.choice(("contact", "atelier", "bonjour")),
            rng.choice(("lesplants.example", "menuiserie-a2.example")),
        )
        captioned(draft, draft.left, y - 6, 260, 28, "Courriel", Fact(f"{local}@{host}", "/courriel"))
        y += 40
    y = _section(draft, y + 6, 3, "SIGNATURE")
    draft.say(draft.left, y + 4, "Fait à")
    draft.say(draft.left + 36, y + 4, Fact(rng.choice(_TOWNS).title(), "/fait_a"))
    draft.say(draft.left + 170, y + 4, "le")
    draft.say(draft.left + 186, y + 4, dated(draft, draft.today, "/signe_le", _DAY))
    draft.sheet.line(draft.left + 32, y + 6, draft.left + 160, y + 6)
    draft.sheet.line(draft.left + 182, y + 6, draft.left + 260, y + 6)
    captioned(draft, draft.right - 170, y - 4, 170, 50, "Signature du déclarant", "")
    draft.say(
        draft.left,
        draft.sheet.height - 50,
        "CADRE RÉSERVÉ À L'ADMINISTRATION     Reçu le :            Dossier n° :",
        size=7.5,
    )
    return draft.finish("enrolment_form", at)


LAYOUTS = (Layout("enrolment_form", "enrolment", _form, group="fresh"),)
