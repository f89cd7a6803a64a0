"""A German railway ticket to print at home: a block of legs, a fare in classes of tax, names and orders in small frames, conditions in tiny print."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, dated, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    auftragsnummer=text(),
    ticketart=text("Tarif oder Angebot"),
    reisende=thing("", name=text("Name der reisenden Person"), erwachsene=whole(), kinder=whole()),
    klasse=whole("1 oder 2"),
    von=text("Startbahnhof der Hinfahrt"),
    nach=text("Zielbahnhof der Hinfahrt"),
    hinfahrt=day(),
    rueckfahrt=day("Nur bei Hin- und Rückfahrt"),
    verbindungen=many(
        "Abschnitte in der Reihenfolge der Fahrt",
        datum=day(),
        ab_bahnhof=text(),
        ab_zeit=text("hh:mm"),
        an_bahnhof=text(),
        an_zeit=text("hh:mm"),
        zug=text(),
        wagen=whole(),
        sitzplatz=text(),
    ),
    fahrpreis=number("Gesamtpreis in Euro"),
    mwst=number(),
    reservierung_preis=number(),
    bahncard=text(),
    gebucht_am=day(),
    zangenabdruck=text(),
    fahrradkarte=number(),
)
_STOPS = (
    "Oldenburg Hbf",
    "Fulda",
    "Kassel-Wilhelmshöhe",
    "Plattling",
    "Jena Paradies",
    "Bad Bentheim",
    "Cottbus Hbf",
    "Lindau-Reutin",
    "Neumünster",
)
_FARES = ("Sparpreis", "Super Sparpreis Young", "Flexpreis", "Länder-Tages-Ticket", "Gruppe & Spar")
_FORMS = ("{d:02}.{m:02}.{y}", "{d:02}.{m:02}.{yy}", "{d:02}.{mon}{y}")


def _legs(draft: Draft, y: float, days: list[tuple[date, list[str]]], form: str) -> float:
    """Each leg over two lines, leaving and arriving, or on one."""
    rng, row, folded = draft.rng, 0, draft.rng.random() < 0.5
    edge = draft.right - draft.left
    tabs: Tabs = (
        ((0, "left"), (150, "left"), (215, "left"), (265, "left"), (330, "left"), (edge, "right"))
        if folded
        else (
            (0, "left"),
            (60, "left"),
            (165, "left"),
            (200, "left"),
            (305, "left"),
            (345, "left"),
            (edge, "right"),
        )
    )
    heads = (
        ("Halt", "Datum", "Zeit", "Gleis", "Produkte", "Reservierung")
        if folded
        else ("Datum", "ab", "", "an", "", "Zug", "Reservierung")
    )
    y = across(draft, y, tabs, heads, bold=True) + 2
    for when, stops in days:
        hour = rng.randint(5, 15)
        for start, end in pairwise(stops):
            at, leave, come = (
                f"/verbindungen/{row}",
                f"{hour:02}:{rng.randint(0, 59):02}",
                f"{hour + 1:02}:{rng.randint(0, 59):02}",
            )
            train = Fact(f"{rng.choice(('ICE', 'IC', 'RE', 'ME'))} {rng.randint(50, 2400)}", f"{at}/zug")
            seat: list[Said] = []
            if train.text.startswith("I") and rng.random() < 0.8:
                car = rng.randint(1, 14)
                seat = [
                    "Wg. ",
                    Fact(str(car), f"{at}/wagen", car),
                    ", Pl. ",
                    Fact(str(rng.randint(11, 118)), f"{at}/sitzplatz"),
                ]
            when_at, out, back = (
                dated(draft, when, f"{at}/datum", form),
                Fact(start, f"{at}/ab_bahnhof"),
                Fact(end, f"{at}/an_bahnhof"),
            )
            clocks = Fact(leave, f"{at}/ab_zeit"), Fact(come, f"{at}/an_zeit")
            width = draft.sheet.measure(
                "".join(part if isinstance(part, str) else part.text for part in seat)
            )
            draft.prose(draft.right - width, y, ONE_LINE, *seat)
            if folded:
                y = across(draft, y, tabs, (out, when_at, "ab ", str(rng.randint(1, 14)), train, ""))
                draft.say(draft.left + 229, y - draft.step, clocks[0])
                y = across(draft, y, tabs, (back, when_at, "an ", str(rng.randint(1, 14)), "", "")) + 3
                draft.say(draft.left + 229, y - draft.step - 3, clocks[1])
            else:
                y = across(draft, y, tabs, (when_at, out, clocks[0], back, clocks[1], train, "")) + 2
            row, hour = row + 1, hour + 2
    return y


def _ticket(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "de", _SCHEMA, size=8.5, face=rng.choice((FACES[0], FACES[0], FACES[3])))
    voice, form = draft.voice, rng.choice(_FORMS[:2])
    if draft.sheet.face == FACES[3]:
        draft.sheet.size = 7.0
    route = rng.sample(_STOPS, rng.choice((2, 2, 3, 4)))
    out = draft.later(3, 60)
    days: list[tuple[date, list[str]]] = [(out, route)]
    draft.say(
        draft.left, 46, rng.choice(("Online-Ticket", "Fahrkarte zum Selbstausdruck")), bold=True, size=14
    )
    draft.say(draft.right, 46, "Gültig nur mit amtlichem Lichtbildausweis", size=7, align="right")
    title: list[Said] = [Fact(rng.choice(_FARES), "/ticketart"), rng.choice((" (Einfache Fahrt)", ""))]
    if rng.random() < 0.45:
        home = out + timedelta(days=rng.randint(1, 6))
        days.append((home, route[::-1]))
        title = [title[0], " (Hin- und Rückfahrt)"]
    y = draft.prose(draft.left, 66, ONE_LINE, *title, bold=True, size=10) + 8
    grade, adults = rng.choice((1, 2, 2)), rng.choice((1, 1, 2))
    party: list[Said] = [
        Fact(str(adults), "/reisende/erwachsene", adults),
        " Erwachsene" if adults > 1 else " Erwachsener",
    ]
    if rng.random() < 0.4:
        kids = rng.choice((1, 2))
        party += [", ", Fact(str(kids), "/reisende/kinder", kids), " Kind" + "er" * (kids > 1)]
    if rng.random() < 0.5:
        party += [", mit ", Fact(rng.choice(("BahnCard 25", "BahnCard 50")), "/bahncard")]
    rows: list[tuple[str, list[Said]]] = [
        ("Klasse:", [Fact(str(grade), "/klasse", grade)]), ("Personen:", party), ("Hinfahrt:", [Fact(route[0], "/von"), rng.choice((" - ", " nach ", " \u2013 ")), Fact(route[-1], "/nach"), ", am ", dated(draft, out, "/hinfahrt", form)]),
    ]  # fmt: skip
    if len(days) > 1:
        rows.append(
            ("Rückfahrt:", [f"{route[-1]} - {route[0]}, am ", dated(draft, home, "/rueckfahrt", form)])
        )
    for label, parts in rows:
        draft.say(draft.left, y, label)
        y = draft.prose(draft.left + 74, y, ONE_LINE, *parts)
    fare = draft.amount(17, 240)
    seats = rng.choice((0.0, 5.2, 9.8))
    sums: list[tuple[str, Said]] = (
        [("Preis Fahrkarte", voice.number(round(fare - seats, 2)))] if seats else []
    )
    if seats:
        sums.append(("Reservierung", worth(draft, seats, "/reservierung_preis")))
    sums += [
        (rng.choice(("Gesamtpreis EUR", "Summe EUR")), worth(draft, fare, "/fahrpreis")),
        ("enth. MwSt 7 %", worth(draft, round(fare * 7 / 107, 2), "/mwst")),
    ]
    y = draft.labels(draft.left, y + 12, draft.left + 190, sums, align="right") + 10
    y = _legs(draft, y, days, form) + 14
    x = draft.right - 180
    draft.sheet.frame(x - 6, 84, 186, 64)
    box: list[tuple[str, Said]] = [
        ("Name", Fact(f"{rng.choice(('', 'Dr. '))}{voice.person()}", "/reisende/name")),
        (
            "Auftrag",
            Fact("".join(rng.choice("ABCDEFGHKLMNPRSTUVWXYZ23456789") for _ in range(6)), "/auftragsnummer"),
        ),
    ]
    box.append(("gebucht", dated(draft, draft.today, "/gebucht_am", form)))
    if rng.random() < 0.6:
        box.append(("ZA", Fact(f"{voice.digits(4)}{rng.choice('KLMX')}", "/zangenabdruck")))
    draft.labels(x, 97, x + 48, box)
    note = "Umtausch und Erstattung sind bis einen Tag vor dem ersten Geltungstag gegen 19,00 EUR möglich. Zugbindung entfällt ab 20 Minuten Verspätung. Kinder unter 6 Jahren reisen frei."
    draft.prose(draft.left, y, draft.right - draft.left, note, size=6.5)
    return draft.finish("calibration", at)


LAYOUTS = (Layout("rail_ticket", "rail", _ticket, group="calibration"),)
