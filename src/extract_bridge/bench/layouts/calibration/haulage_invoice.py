"""A German haulier's collective invoice on a broad page: tours with loading and unloading places, surcharges in per cent under each or as columns."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import dated, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    sammelrechnung_nr=text(),
    rechnungsdatum=day(),
    debitor=text("Debitorennummer"),
    frachtzahler=text("Name des Frachtzahlers"),
    spediteur=text(),
    zeitraum=thing("Abrechnungszeitraum", von=day(), bis=day()),
    touren=many(
        "Abgerechnete Sendungen",
        auftrag=text("Auftragsnummer der Spedition"),
        ladetag=day(),
        ladeort=text(),
        entladeort=text(),
        gewicht_kg=whole("frachtpflichtiges Gewicht"),
        lademeter=number(),
        fracht=number("Grundfracht"),
        diesel_zuschlag=number(),
        maut=number(),
        summe=number("Fracht einschließlich Zuschlägen"),
    ),
    dieselfloater_prozent=number(),
    standgeld=number(),
    netto=number(),
    umsatzsteuer=number(),
    rechnungsbetrag=number(),
    faellig=day(),
    waehrung=text(enum=["EUR", "CHF", "PLN"]),
    avisgebuehr=number(),
)
_TOWNS = (
    "Emden",
    "Zwickau",
    "Landshut",
    "Herford",
    "A-4600 Wels",
    "Suhl",
    "Itzehoe",
    "NL-5928 Venlo",
    "Pirmasens",
    "Bad Hersfeld",
)
_FIRMS = (
    "Lührs Kraftverkehr GmbH",
    "Spedition Adebar & Sohn",
    "Trans-Eifel Logistik KG",
    "Friesen-Cargo e. K.",
)
_PAYERS = (
    "Keramag Vertrieb West GmbH",
    "Hopfen-Union Handels-AG",
    "Brettschneider Möbel SE",
    "Stahlbau Ottersberg mbH",
)
_FORMS = ("{d:02}.{m:02}.{y}", "{d:02}.{m:02}.{yy}", "{y}-{m:02}-{d:02}")


def _head(draft: Draft, form: str) -> float:
    rng, voice = draft.rng, draft.voice
    firm, payer = rng.choice(_FIRMS), rng.choice(_PAYERS)
    draft.say(draft.left, 42, Fact(firm, "/spediteur"), bold=True, size=14)
    draft.say(draft.left, 54, "Nationale und internationale Transporte · Lagerei · ADR", size=7, grey=True)
    home = voice.homes(1)[0]
    draft.lines(draft.left, 84, Fact(payer, "/frachtzahler"), "Frachtprüfung", home.street, home.town)
    end = draft.today - timedelta(days=draft.today.day)
    begin = end.replace(day=rng.choice((1, 16)))
    entries: list[tuple[str, Said]] = [
        ("Rechnung", Fact(f"{rng.choice(('SR', 'F', ''))}{voice.digits(7)}", "/sammelrechnung_nr")),
        ("Datum", dated(draft, draft.today, "/rechnungsdatum", form)),
        ("Debitor", Fact(voice.digits(5), "/debitor")),
        ("Unser Kreditor bei Ihnen", voice.digits(6)),
    ]
    if rng.random() < 0.5:
        rng.shuffle(entries)
    if rng.random() < 0.5:
        draft.labels(draft.right - 220, 84, draft.right, entries, align="right")
    else:
        draft.stacked(draft.right - 440, 84, 115, entries)
    span = dated(draft, begin, "/zeitraum/von", form), dated(draft, end, "/zeitraum/bis", form)
    words = rng.choice((("Sammelrechnung für Transporte vom ", " bis "), ("Abrechnung Zeitraum ", " - ")))
    return draft.prose(draft.left, 154, 500, words[0], span[0], words[1], span[1], bold=True, size=10.5) + 6


def _tours(draft: Draft, y: float, form: str, share: float) -> tuple[float, float]:
    """The tours, their surcharges in columns or in a line of small print below each; the sum of all."""
    rng, broad, total = draft.rng, draft.rng.random() < 0.6, 0.0
    last = draft.today - timedelta(days=draft.today.day)
    spread = [("Auftrag", 0.1, "left"), ("Ladetag", 0.1, "left"), ("von", 0.14, "left"), ("nach", 0.14, "left"), ("kg", 0.08, "right"), ("Ldm", 0.07, "right")]  # fmt: skip
    spread += [("Fracht EUR", 0.1, "right")]
    spread += (
        [("Diesel", 0.08, "right"), ("Maut", 0.08, "right"), ("Summe", 0.11, "right")]
        if broad
        else [("", 0.16, "left"), ("Summe", 0.11, "right")]
    )
    columns = [Column(name, part, "right" if side == "right" else "left") for name, part, side in spread]
    grid = draft.table(draft.left, draft.right - draft.left, columns, rng.choice(("lines", "plain", "ruled")))
    y = grid.head(y)
    for row in range(rng.randint(2, 16)):
        at, (start, end) = f"/touren/{row}", rng.sample(_TOWNS, 2)
        fare, toll = draft.amount(90, 1250), draft.amount(8, 160)
        fuel = round(fare * share / 100, 2)
        value = round(fare + toll + fuel, 2)
        weight = rng.randint(120, 24000)
        extra = [worth(draft, fuel, f"{at}/diesel_zuschlag"), worth(draft, toll, f"{at}/maut")]
        cells: list[Said] = [
            Fact(draft.voice.digits(6), f"{at}/auftrag"), dated(draft, last - timedelta(days=max(0, 14 - row)), f"{at}/ladetag", form),
            Fact(start, f"{at}/ladeort"), Fact(end, f"{at}/entladeort"), worth(draft, weight, f"{at}/gewicht_kg", places=0),
            worth(draft, rng.randint(2, 68) / 5, f"{at}/lademeter", places=1) if rng.random() < 0.8 else "",
            worth(draft, fare, f"{at}/fracht"), *(extra if broad else [""]), worth(draft, value, f"{at}/summe"),
        ]  # fmt: skip
        y = draft.row(grid, y, cells)
        if not broad:
            draft.prose(
                draft.left + 14, y + 6, 500, "zzgl. Dieselzuschlag ", extra[0], " / Maut ", extra[1], size=7.5
            )
            y += 13
        total += value
    return y + 8, round(total, 2)


def _invoice(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "de", _SCHEMA, width=842.0, height=595.0, size=8.5)
    draft.left = 40.0
    form, share = rng.choice(_FORMS), rng.randint(30, 190) / 10
    y, net = _tours(draft, _head(draft, form), form, share)
    if y > draft.sheet.height - 130:
        draft.sheet.next_page()
        y = 60.0
    note: list[Said] = [
        "Dieselfloater im Abrechnungsmonat: ",
        worth(draft, share, "/dieselfloater_prozent", "{} %", places=1),
    ]
    draft.prose(
        draft.left,
        y + 10,
        300,
        *note,
        ". Basis: Index des Vormonats (118,4). Es gelten die ADSp 2017.",
        size=7.5,
    )
    entries: list[tuple[str, Said]] = [("Summe Touren", draft.voice.number(net))]
    if rng.random() < 0.4:
        wait = float(rng.randint(1, 6) * 45)
        entries.append((f"Standgeld {int(wait / 45)} Std. à 45,00", worth(draft, wait, "/standgeld")))
        net = round(net + wait, 2)
    tax = round(net * 0.19, 2)
    entries += [
        ("Netto", worth(draft, net, "/netto")),
        ("USt. 19 % auf " + draft.voice.number(net), worth(draft, tax, "/umsatzsteuer")),
    ]
    end = draft.labels(draft.right - 230, y + 10, draft.right, entries, align="right")
    draft.sheet.line(draft.right - 230, end - 6, draft.right, end - 6)
    y = end + 5
    draft.prose(draft.right - 230, y, 160, "Rechnungsbetrag ", Fact("EUR", "/waehrung"), bold=True)
    draft.say(draft.right, y, worth(draft, round(net + tax, 2), "/rechnungsbetrag"), bold=True, align="right")
    until = dated(draft, draft.today + timedelta(days=rng.choice((10, 30, 45))), "/faellig", form)
    draft.prose(draft.left, y + 4, 300, "Zahlbar ohne Abzug bis ", until, ", Verzug tritt ohne Mahnung ein.")
    return draft.finish("calibration", at)


LAYOUTS = (Layout("haulage_invoice", "freight", _invoice, group="calibration"),)
