"""A laboratory's findings in German: values with flags, units and reference ranges under headings of groups."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    patient=thing(
        name=text("Vor- und Nachname"),
        geburtsdatum=day(),
        versichertennummer=text(),
    ),
    auftragsnummer=text("Nummer des Laborauftrags"),
    einsender=text("Arzt oder Praxis, die eingesandt hat"),
    entnahmedatum=day("Tag der Blutentnahme"),
    befunddatum=day("Datum des Befundes"),
    messwerte=many(
        "Alle Messwerte",
        gruppe=text("Überschrift, unter der der Wert steht"),
        parameter=text(),
        ergebnis=number(),
        einheit=text(),
        referenzbereich=text("Referenzbereich wie gedruckt"),
        bewertung=text("+ zu hoch, - zu niedrig, sonst leer", enum=["+", "-"]),
    ),
)
_PANELS: dict[str, tuple[tuple[str, str, float, float, int], ...]] = {
    "Hämatologie": (
        ("Leukozyten", "G/l", 4.0, 10.0, 1),
        ("Erythrozyten", "T/l", 4.3, 5.8, 2),
        ("Hämoglobin", "g/dl", 13.5, 17.5, 1),
        ("Hämatokrit", "%", 40.0, 51.0, 1),
        ("Thrombozyten", "G/l", 150.0, 400.0, 0),
    ),
    "Klinische Chemie": (
        ("Natrium", "mmol/l", 135.0, 145.0, 0),
        ("Kalium", "mmol/l", 3.5, 5.1, 2),
        ("Kreatinin", "mg/dl", 0.67, 1.17, 2),
        ("Harnsäure", "mg/dl", 3.4, 7.0, 1),
        ("GPT (ALAT)", "U/l", 10.0, 50.0, 0),
        ("Gamma-GT", "U/l", 8.0, 60.0, 0),
    ),
    "Schilddrüse": (("TSH basal", "mU/l", 0.27, 4.2, 2), ("fT4", "ng/l", 9.3, 17.0, 1)),
    "Fettstoffwechsel": (
        ("Cholesterin gesamt", "mg/dl", 120.0, 200.0, 0),
        ("LDL-Cholesterin", "mg/dl", 40.0, 116.0, 0),
        ("Triglyzeride", "mg/dl", 50.0, 150.0, 0),
    ),
}


def _head(draft: Draft) -> float:
    rng, voice, form = draft.rng, draft.voice, "{d:02}.{m:02}.{y}"
    born = date(1938, 1, 1) + timedelta(days=rng.randint(0, 25000))
    taken = draft.later(-4, -1)
    draft.say(draft.left, 56, "Labor Dr. Kestner MVZ GmbH", size=14, bold=True)
    draft.say(
        draft.left,
        70,
        "Institut für Laboratoriumsmedizin · Unterer Graben 8 · 89073 Ulm",
        size=7.5,
        grey=True,
    )
    draft.say(draft.right, 56, rng.choice(("ENDBEFUND", "Laborbefund")), size=13, bold=True, align="right")
    doctor = f"Praxis Dr. med. {voice.person()}"
    left: list[tuple[str, Said]] = [
        ("Patient:", Fact(voice.person(), "/patient/name")),
        ("geb. am:", Fact(voice.day(born, form), "/patient/geburtsdatum", born.isoformat())),
    ]
    if rng.random() < 0.6:
        left.append(
            ("Vers.-Nr.:", Fact(f"{rng.choice('ABKMT')}{voice.digits(9)}", "/patient/versichertennummer"))
        )
    right: list[tuple[str, Said]] = [
        ("Auftrags-Nr.:", Fact(voice.digits(8), "/auftragsnummer")),
        ("Entnahme:", Fact(voice.day(taken, form), "/entnahmedatum", taken.isoformat())),
        ("Eingang:", voice.day(draft.later(-1, 0), form)),
        ("Befund vom:", Fact(voice.day(draft.today, form), "/befunddatum", draft.today.isoformat())),
    ]
    y = draft.labels(draft.left, 100, draft.left + 62, left)
    other = draft.labels(draft.left + 290, 100, draft.left + 370, right)
    y = max(y, other) + 4
    draft.say(draft.left, y, "Einsender:")
    draft.say(draft.left + 62, y, Fact(doctor, "/einsender"))
    return y + 16


def _cells(draft: Draft, row: int, group: str, item: tuple[str, str, float, float, int]) -> list[Any]:
    rng, voice = draft.rng, draft.voice
    name, unit, low, high, places = item
    value = round(rng.uniform(low * 0.8, high * 1.25), places)
    flag = "+" if value > high else "-" if value < low else ""
    ranged = f"{voice.number(low, places)} - {voice.number(high, places)}"
    if rng.random() < 0.2:
        ranged, flag = f"< {voice.number(high, places)}", "+" if value > high else ""
    start = f"/messwerte/{row}"
    draft.facts[f"{start}/gruppe"] = group
    return [
        Fact(name, f"{start}/parameter"),
        Fact(voice.number(value, places), f"{start}/ergebnis", value),
        Fact(flag, f"{start}/bewertung"),
        Fact(unit, f"{start}/einheit"),
        Fact(ranged, f"{start}/referenzbereich"),
    ]


def _report(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "de", _SCHEMA)
    y = _head(draft)
    columns = [
        Column("Untersuchung", 0.34),
        Column("Ergebnis", 0.14, "right"),
        Column("", 0.08, "centre"),
        Column("Einheit", 0.16),
        Column("Referenzbereich", 0.28),
    ]
    grid = draft.table(draft.left, draft.right - draft.left, columns, rng.choice(("lines", "plain", "zebra")))
    y, row = grid.head(y), 0
    for group in rng.sample(list(_PANELS), rng.randint(2, 4)):
        y += 4
        heading = draft.say(draft.left + 4, y + draft.sheet.size * 1.1, group, bold=True)
        y += draft.step + 3
        for item in rng.sample(_PANELS[group], rng.randint(2, len(_PANELS[group]))):
            y = draft.row(grid, y, _cells(draft, row, group, item))
            draft.sheet.mark(f"/messwerte/{row}/gruppe", heading)
            row += 1
    draft.say(draft.left, y + 24, f"Medizinisch validiert: Dr. med. {draft.voice.person()}", size=8)
    draft.say(draft.left, y + 36, "+ = über, - = unter dem Referenzbereich", size=7.5, grey=True)
    return draft.finish("lab_report", at)


LAYOUTS = (Layout("lab_report", "lab", _report, group="fresh"),)
