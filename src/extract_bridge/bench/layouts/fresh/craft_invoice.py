"""A German craftsman's invoice: numbered works under titles with sums of their own, Skonto in a sentence, three columns at the foot."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, dated, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs
    from extract_bridge.bench.voice import Home

_SCHEMA = thing(
    rechnungsNummer=text(),
    rechnungsDatum=day(),
    kundenNummer=text(),
    auftraggeber=text("Rechnungsempfänger, nur der Name"),
    bauvorhaben=text("Objekt oder Baustelle"),
    leistungVon=day("Beginn des Leistungszeitraums"),
    leistungBis=day("Ende des Leistungszeitraums"),
    titelSummen=many("Zwischensummen je Titel", titel=text("Bezeichnung ohne Nummer"), summe=number()),
    positionen=many(
        posNr=text("z. B. 01.02"),
        leistung=text("Kurztext"),
        menge=number(),
        einheit=text(),
        einzelpreis=number("EP in Euro"),
        gesamtpreis=number("GP in Euro"),
    ),
    nettoBetrag=number(),
    mwstSatz=number("in Prozent"),
    mwstBetrag=number(),
    bruttoBetrag=number("Rechnungsbetrag inkl. MwSt."),
    abschlagszahlung=number("Bereits geleistete Abschläge"),
    skontoProzent=number(),
    skontoTage=whole("Frist für den Skontoabzug in Tagen"),
    skontoBetrag=number(),
    faelligAm=day(),
    iban=text(),
    bic=text(),
    steuerNummer=text(),
    ustIdNr=text(),
    geschaeftsfuehrer=text(),
)
_FIRMS = (
    "Malermeister Ole Hinrichs",
    "Zimmerei Vogelsang GmbH",
    "Fliesen Lohmann",
    "Sanitär Köhler GmbH & Co. KG",
)
_TITLES = ("Bad OG", "Küche", "Fassade Nordseite", "Treppenhaus", "Nebenarbeiten", "Dachgeschoss")
_WORKS = (
    ("Untergrund prüfen, reinigen und grundieren", "m²"),
    ("Wandflächen spachteln und schleifen Q3", "m²"),
    ("Silikonfugen erneuern", "lfm"),
    ("Fachhelferstunde auf Nachweis", "Std"),
    ("Bauschutt laden und abfahren, inkl. Deponiegebühr", "psch"),
    ("Gerüst stellen und vorhalten bis 4 Wochen", "psch"),
    ("Anstrich zweimal, Farbton nach Wahl des Auftraggebers, waschbeständig", "m²"),
    ("Facharbeiterstunde", "h"),
    ("Sockelleisten liefern und montieren", "m"),
)
_TABS: Tabs = ((0, "left"), (40, "left"), (300, "right"), (308, "left"), (410, "right"), (495, "right"))
_FORM = "{d:02}.{m:02}.{y}"


Foot = list[list[list["Said"]]]
"""Columns of lines of what is said in them."""


def _foot(draft: Draft, firm: str, home: Home) -> Foot:
    """What each page has at its foot."""
    rng, voice = draft.rng, draft.voice
    iban = f"DE{rng.randint(10, 99)} {' '.join(voice.digits(4) for _ in range(4))} {voice.digits(2)}"
    file = f"{rng.randint(10, 29)}/{voice.digits(3)}/{voice.digits(5)}"
    register: list[list[Said]] = [["St.-Nr.: ", Fact(file, "/steuerNummer")]]
    if rng.random() < 0.6:
        register.append(["USt-IdNr.: ", Fact(f"DE{voice.digits(9)}", "/ustIdNr")])
    if "GmbH" in firm:
        register.append(["Geschäftsführer: ", Fact(voice.person(), "/geschaeftsfuehrer")])
    return [
        [[firm], [home.line], [f"Tel. 0{voice.digits(3)} / {voice.digits(6)}"]],
        [["Bank: Förde Sparkasse"], ["IBAN ", Fact(iban, "/iban")], ["BIC ", Fact("NOLADE21KIE", "/bic")]],
        register,
    ]


def _close(draft: Draft, foot: Foot) -> None:
    """The foot of a page, in three columns."""
    top = draft.sheet.height - 62
    draft.sheet.line(draft.left, top - 12, draft.right, top - 12)
    for column, x in zip(foot, (draft.left, draft.left + 175, draft.left + 360), strict=True):
        for at, parts in enumerate(column):
            draft.prose(x, top + 9.5 * at, ONE_LINE, *parts, size=7)


def _head(draft: Draft, firm: str, homes: Sequence[Home]) -> float:
    rng, voice = draft.rng, draft.voice
    draft.say(draft.right, 56, firm, size=16, bold=True, align="right")
    draft.say(draft.left, 118, f"{firm} · {homes[0].street} · {homes[0].town}", size=6.5, grey=True)
    titles, who = ("Herrn", "Frau", "Familie"), voice.person()
    if rng.random() < 0.5:
        titles, who = ("Firma", "An", "Fa."), voice.companies(1)[0]
    draft.lines(draft.left, 134, rng.choice(titles), Fact(who, "/auftraggeber"))
    draft.lines(draft.left, 134 + 2 * draft.step, homes[1].street, homes[1].town)
    begin, end = draft.later(-40, -15), draft.later(-12, -1)
    entries: list[tuple[str, Said]] = [
        ("Datum:", dated(draft, draft.today, "/rechnungsDatum", _FORM)),
        ("Kunden-Nr.:", Fact(voice.digits(5), "/kundenNummer")),
        ("Bearbeiter:", voice.person()),
    ]
    rng.shuffle(entries)
    draft.labels(draft.left + 330, 134, draft.left + 400, entries)
    code = Fact(f"{draft.today.year}-{rng.randint(1, 999):04}", "/rechnungsNummer")
    draft.prose(draft.left, 226, ONE_LINE, "Rechnung Nr. ", code, size=13, bold=True)
    y = 226 + 1.6 * draft.step
    if rng.random() < 0.7:
        site = f"{rng.choice(('Neubau', 'Umbau', 'Sanierung'))} {rng.choice(('Kita Deichweg', 'EFH Pfeiffer', 'Am Markt 4'))}"
        y = draft.prose(draft.left, y, ONE_LINE, "Bauvorhaben: ", Fact(site, "/bauvorhaben"))
    span = (dated(draft, begin, "/leistungVon", _FORM), dated(draft, end, "/leistungBis", _FORM))
    y = draft.prose(draft.left, y, ONE_LINE, "Ausführung vom ", span[0], " bis ", span[1])
    greeting = "Für die ausgeführten Arbeiten erlauben wir uns wie folgt zu berechnen:"
    return draft.prose(draft.left, y + 8, ONE_LINE, greeting) + 8


def _headings(draft: Draft, y: float) -> float:
    heads = ("Pos.", "Leistung", "Menge", "Einh.", "EP €", "GP €")
    y = across(draft, y, _TABS, heads, bold=True)
    draft.sheet.line(draft.left, y - draft.step + 4, draft.right, y - draft.step + 4)
    return y + 3


def _room(draft: Draft, y: float, foot: Foot, least: float) -> float:
    """Where there is room for so much more: here, or on the next page."""
    if y < draft.sheet.height - 90 - least:
        return y
    draft.say(draft.right, draft.sheet.height - 82, f"Seite {draft.sheet.page}", size=7, align="right")
    draft.sheet.next_page()
    _close(draft, foot)
    return _headings(draft, 60.0) if least < 60 else 60.0


def _works(draft: Draft, y: float, foot: Foot) -> tuple[float, float]:
    rng, net, row = draft.rng, 0.0, 0
    y = _headings(draft, y)
    for part, title in enumerate(rng.sample(_TITLES, rng.randint(1, 4))):
        y, sum_of = _room(draft, y, foot, 50), 0.0
        draft.say(draft.left, y, f"{part + 1:02}", bold=True)
        draft.say(draft.left + 40, y, Fact(title, f"/titelSummen/{part}/titel"), bold=True)
        y += draft.step * 1.2
        for at, (what, unit) in enumerate(rng.sample(_WORKS, rng.randint(1, 7))):
            y, start = _room(draft, y, foot, 30), f"/positionen/{row}"
            count = 1.0 if unit == "psch" else draft.amount(1, 90)
            price = draft.amount(90, 900) if unit == "psch" else draft.amount(4, 95)
            cells: list[Said] = [
                Fact(f"{part + 1:02}.{at + 1:02}", f"{start}/posNr"),
                "",
                worth(draft, count, f"{start}/menge"),
                Fact(unit, f"{start}/einheit"),
                worth(draft, price, f"{start}/einzelpreis"),
                worth(draft, round(count * price, 2), f"{start}/gesamtpreis"),
            ]
            across(draft, y, _TABS, cells)
            y = draft.prose(draft.left + 40, y, 205, Fact(what, f"{start}/leistung")) + 2
            sum_of, row = round(sum_of + round(count * price, 2), 2), row + 1
        draft.say(draft.left + 40, y, f"Summe {part + 1:02} {title}")
        draft.say(
            draft.right, y, worth(draft, sum_of, f"/titelSummen/{part}/summe"), align="right", bold=True
        )
        y, net = y + draft.step * 1.5, round(net + sum_of, 2)
    return y, net


def _invoice(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "de", _SCHEMA)
    firm = rng.choice(_FIRMS)
    homes = draft.voice.homes(2)
    foot = _foot(draft, firm, homes[0])
    _close(draft, foot)
    y, net = _works(draft, _head(draft, firm, homes), foot)
    y = _room(draft, y, foot, 130)
    rate = rng.choice((19, 19, 19, 16))
    tax = round(net * rate / 100, 2)
    gross, tab = round(net + tax, 2), draft.left + 250
    y = draft.labels(tab, y, draft.right, [("Nettobetrag", worth(draft, net, "/nettoBetrag"))], align="right")
    draft.prose(tab, y, ONE_LINE, "zzgl. ", Fact(str(rate), "/mwstSatz", rate), " % MwSt.")
    draft.say(draft.right, y, worth(draft, tax, "/mwstBetrag"), align="right")
    y += draft.step + 2
    total = worth(draft, gross, "/bruttoBetrag", "{} €")
    y = draft.labels(tab, y, draft.right, [("Rechnungsbetrag", total)], align="right", bold=True)
    part = float(rng.randint(1, 9) * 100) if gross > 1500 and rng.random() < 0.4 else 0.0
    if part:
        paid: Said = worth(draft, part, "/abschlagszahlung", "-{}")
        y = draft.labels(tab, y, draft.right, [("abzgl. 1. Abschlag", paid)], align="right")
        y = draft.labels(
            tab, y, draft.right, [("Restforderung", draft.voice.number(gross - part))], align="right"
        )
    due = dated(draft, draft.today + timedelta(days=rng.choice((14, 21, 30))), "/faelligAm", _FORM)
    terms: list[Said] = ["Zahlbar bis zum ", due, " ohne Abzug."]
    if rng.random() < 0.6:
        days, rebate = rng.choice((7, 8, 10)), rng.choice((2, 3))
        terms = ["Bei Zahlung innerhalb von ", Fact(str(days), "/skontoTage", days), " Tagen gewähren wir "]
        terms += [Fact(str(rebate), "/skontoProzent", rebate), " % Skonto ("]
        terms += [worth(draft, round(gross * rebate / 100, 2), "/skontoBetrag", "{} €"), "), sonst bis "]
        terms += [due, " rein netto."]
    y = draft.prose(draft.left, y + 14, draft.right - draft.left, *terms)
    note = "In der Rechnung sind haushaltsnahe Handwerkerleistungen enthalten; bitte zwei Jahre aufbewahren (§ 14b UStG)."
    draft.prose(draft.left, y + 4, draft.right - draft.left, note, size=8)
    return draft.finish("craft_invoice", at)


LAYOUTS = (Layout("craft_invoice", "craft", _invoice, group="fresh"),)
