"""A French curriculum vitae on one page, in one column: years on the left or at the end of a line, skills in a sentence, no labels for the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, dated
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    "Candidate profile",
    full_name=text(),
    headline=text("Job title the candidate gives below the name"),
    email=text(),
    phone=text(),
    city=text(),
    birth_date=day(),
    driving_licence=text("Category, e.g. B"),
    experience=many("Most recent first", employer=text(), position=text(), start_year=whole(), end_year=whole("Null if it is the present job")),
    education=many("", diploma=text(), school=text(), year=whole()),
    languages=many("", language=text(), level=text()),
    skills={"type": "array", "items": {"type": "string"}, "description": "Tools and methods, one each"},
    linkedin_url=text(),
)  # fmt: skip
_TRADES = (
    ("Conductrice de travaux", ("Chef de chantier", "Aide conductrice de travaux", "Stagiaire bureau d'études"), ("AutoCAD", "MS Project", "planning Gantt", "métré", "lecture de plans")),
    ("Responsable de boulangerie", ("Boulanger tourier", "Second de fournil", "Apprenti boulanger"), ("levain naturel", "gestion des stocks", "HACCP", "viennoiserie")),
    ("Comptable fournisseurs", ("Assistante comptable", "Gestionnaire de paie", "Agente d'accueil"), ("Sage 100", "Excel", "rapprochement bancaire", "Cegid", "TVA")),
)  # fmt: skip
_FIRMS = (
    "Eiffaroc TP",
    "Moulin de la Sarthe",
    "Groupe Atlanpro",
    "Cabinet Vasseur & Associés",
    "Mairie de Clisson",
    "Fournil Saint-Clément",
    "Aldebert Constructions",
)
_SCHOOLS = (
    ("BTS Bâtiment", "Lycée Livet, Nantes"),
    ("CAP Boulanger", "CFA de la Chambre de métiers, Angers"),
    ("Licence professionnelle", "IUT de Vannes"),
    ("Baccalauréat STMG", "Lycée Jean-Macé, Rennes"),
    ("DUT GEA", "Université de Poitiers"),
)
_TONGUES = (
    ("Anglais", "B2"),
    ("Espagnol", "notions"),
    ("Portugais", "langue maternelle"),
    ("Allemand", "courant"),
)
_DUTIES = (
    "Encadrement d'une équipe de 6 personnes",
    "Suivi d'un budget annuel de 1,2 M€",
    "Relations avec les fournisseurs",
    "Mise en place d'un nouvel outil en 2019",
)


def _title(draft: Draft, y: float, words: str) -> float:
    draft.say(
        draft.left,
        y,
        words.upper() if draft.sheet.size > 9.5 else words,
        bold=True,
        size=draft.sheet.size + 1,
    )
    draft.sheet.line(draft.left, y + 4, draft.right, y + 4)
    return y + draft.step * 1.5


def _jobs(draft: Draft, y: float, positions: tuple[str, ...], trade: str) -> float:
    rng, before, year = draft.rng, draft.rng.random() < 0.55, draft.today.year
    end = year if rng.random() < 0.7 else 0
    for row, (firm, position) in enumerate(zip(rng.sample(_FIRMS, 3), (trade, *positions[:2]), strict=True)):
        at, start = f"/experience/{row}", year - rng.randint(1, 5)
        first = Fact(str(start), f"{at}/start_year", start)
        if not row and end:
            span: list[Said] = [rng.choice(("Depuis ", "depuis ")), first]
        else:
            last = year
            span = [first, rng.choice((" - ", " à ", " / ")), Fact(str(last), f"{at}/end_year", last)]
        what: list[Said] = [
            Fact(position, f"{at}/position"),
            rng.choice((" chez ", ", ")) if before else " \u2013 ",
            Fact(firm, f"{at}/employer"),
        ]
        if before:
            draft.prose(draft.left, y, ONE_LINE, *span)
            y = draft.prose(draft.left + 96, y, ONE_LINE, *what)
        else:
            y = draft.prose(draft.left, y, ONE_LINE, *what, " (", *span, ")")
        for duty in rng.sample(_DUTIES, rng.randint(0, 2)):
            y = draft.prose(
                draft.left + (96 if before else 14),
                y,
                ONE_LINE,
                f"\u2022 {duty}",
                size=draft.sheet.size - 0.5,
            )
        y, year = y + 4, start
    return y + 6


def _training(draft: Draft, y: float) -> float:
    rng, before = draft.rng, draft.rng.random() < 0.5
    year = draft.today.year - rng.randint(14, 18)
    for row, (diploma, school) in enumerate(rng.sample(_SCHOOLS, rng.randint(1, 3))):
        at = f"/education/{row}"
        when, what, where = (
            Fact(str(year), f"{at}/year", year),
            Fact(diploma, f"{at}/diploma"),
            Fact(school, f"{at}/school"),
        )
        if before:
            draft.say(draft.left, y, when)
            y = draft.prose(draft.left + 96, y, ONE_LINE, what, ", ", where)
        else:
            y = draft.prose(draft.left, y, ONE_LINE, what, ", ", where, ", ", when)
        year -= rng.randint(1, 3)
    return y + 10


def _vita(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "fr", _SCHEMA, size=10.0)
    draft.left = rng.choice((54.0, 72.0))
    voice, who = draft.voice, draft.voice.person()
    trade, positions, tools = rng.choice(_TRADES)
    middle = rng.random() < 0.5
    x = draft.sheet.width / 2 if middle else draft.left
    draft.say(x, 58, Fact(who, "/full_name"), bold=True, size=17, align="centre" if middle else "left")
    draft.say(x, 76, Fact(trade, "/headline"), size=12, grey=True, align="centre" if middle else "left")
    town = Fact(voice.homes(1)[0].town.split(" ", 1)[1], "/city")
    mail = Fact(f"{who.split(' ')[1].lower()}{voice.digits(2)}@courriel.example".replace("é", "e"), "/email")
    mark = rng.choice(("  |  ", " \u00b7 ", "   "))
    parts: list[Said] = [
        town,
        mark,
        Fact(f"06 {' '.join(voice.digits(2) for _ in range(4))}", "/phone"),
        mark,
        mail,
    ]
    if rng.random() < 0.5:
        born = draft.today.replace(year=draft.today.year - rng.randint(33, 48), day=min(draft.today.day, 28))
        parts += [
            mark,
            "né(e) le ",
            dated(draft, born, "/birth_date", rng.choice(("{d:02}/{m:02}/{y}", "{d} {month} {y}"))),
        ]
    y = draft.prose(draft.left, 96, draft.right - draft.left, *parts, size=9) + 2
    if rng.random() < 0.5:
        y = draft.prose(
            draft.left,
            y,
            ONE_LINE,
            "Permis ",
            Fact(rng.choice(("B", "B et C1", "BE")), "/driving_licence"),
            " - véhicule personnel",
            size=9,
        )
    y += 16
    order = [0, 1] if rng.random() < 0.65 else [1, 0]
    for part in order:
        y = _title(draft, y, "Formation" if part else rng.choice(("Expérience professionnelle", "Parcours")))
        y = _training(draft, y) if part else _jobs(draft, y, positions, trade)
    y = _title(draft, y, "Compétences")
    known = rng.sample(tools, rng.randint(2, len(tools)))
    listed: list[Said] = []
    for row, tool in enumerate(known):
        listed += [", " if row else "", Fact(tool, f"/skills/{row}")]
    y = draft.prose(draft.left, y, draft.right - draft.left, *listed, ".") + 8
    if rng.random() < 0.8:
        y = _title(draft, y, "Langues")
        for row, (language, level) in enumerate(rng.sample(_TONGUES, rng.randint(1, 3))):
            start = f"/languages/{row}"
            y = draft.prose(
                draft.left,
                y,
                ONE_LINE,
                Fact(language, f"{start}/language"),
                rng.choice((" : ", ", ", " - ")),
                Fact(level, f"{start}/level"),
            )
    draft.prose(draft.left, y + 12, ONE_LINE, "Loisirs : randonnée, chorale, secourisme (PSC1, 2017)", size=9)
    return draft.finish("calibration", at)


LAYOUTS = (Layout("vita_page", "vita", _vita, group="calibration"),)
