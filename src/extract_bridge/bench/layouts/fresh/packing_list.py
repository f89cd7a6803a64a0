"""A packing list in two languages at once, German and English: headings on two levels, packages with several articles, a row of totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, dated, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = {
    "title": "PackingList",
    **thing(
        DocumentNo=text("Number of the packing list"),
        DocumentDate=day(),
        Shipper=text(),
        Consignee=text("Company the goods go to"),
        ConsigneeAddress=text(),
        OrderRef=text("Purchase order of the consignee"),
        Incoterms=text("with named place"),
        CountryOfOrigin=text(),
        Container=text("Container number, if any"),
        Packages=many(
            "One entry per package, not per article",
            PackageNo=whole(),
            PackageType=text(),
            NetWeightKg=number(),
            GrossWeightKg=number(),
            LengthCm=number(),
            WidthCm=number(),
            HeightCm=number(),
        ),
        TotalPackages=whole(),
        TotalNetWeightKg=number(),
        TotalGrossWeightKg=number(),
        TotalVolumeM3=number(),
        VesselName=text(),
    ),
}
_GOODS = (
    "Getriebemotor / gear motor 1,5 kW", "Dichtungssatz / seal kit", "Steuerschrank / control cabinet", "Förderrolle / roller Ø 60",
    "Betriebsanleitung / manual", "Kette / chain 08B-1", "Schutzgitter / guard, lackiert / painted RAL 7035",
)  # fmt: skip
_TYPES = ("Kiste / crate", "Palette / pallet", "Karton / carton", "Bund / bundle")
_BUYERS = (
    ("Hallgrim Marine AS", "Strandgaten 18", "5013 Bergen, Norway"),
    ("Atlas Conveyors Pty Ltd", "44 Foundry Road", "Seven Hills NSW 2147, Australia"),
    ("Delta Packaging Egypt SAE", "Block 12, 10th of Ramadan City", "Cairo, Egypt"),
)
_TABS: Tabs = (
    (0, "left"),
    (32, "left"),
    (112, "left"),
    (300, "right"),
    (345, "right"),
    (390, "right"),
    (425, "right"),
    (460, "right"),
    (495, "right"),
)
_SUMS = (_TABS[4], _TABS[5])


def _head(draft: Draft) -> float:
    rng, voice = draft.rng, draft.voice
    ours = voice.companies(1)[0]
    draft.say(draft.left, 52, Fact(ours, "/Shipper"), bold=True, size=12)
    draft.say(draft.left, 64, voice.homes(1)[0].line, size=7.5, grey=True)
    draft.say(draft.right, 52, "PACKLISTE / PACKING LIST", size=14, align="right")
    name, *lines = rng.choice(_BUYERS)
    draft.say(draft.left, 92, "Empfänger / Consignee", size=7.5, grey=True)
    y = draft.lines(draft.left, 105, Fact(name, "/Consignee"))
    draft.block(draft.left, y, lines, "/ConsigneeAddress")
    code = rng.choice((f"PL-{voice.digits(5)}", f"{draft.today.year}/{voice.digits(4)}"))
    terms = f"{rng.choice(('FOB Hamburg', 'EXW Ulm', 'CIF Alexandria', 'DAP Bergen'))} ({rng.choice(('2010', '2020'))})"
    entries: list[tuple[str, Said]] = [
        ("Nr. / No.", Fact(code, "/DocumentNo")),
        (
            "Datum / Date",
            dated(
                draft, draft.today, "/DocumentDate", rng.choice(("{d:02}.{m:02}.{y}", "{y}-{m:02}-{d:02}"))
            ),
        ),
        ("Rechnung / Invoice", voice.digits(8)),
    ]
    optional: list[tuple[str, Said]] = [
        (
            "Bestellung / Your order",
            Fact(f"{rng.choice(('PO', 'ORD-', '45'))}{voice.digits(6)}", "/OrderRef"),
        ),
        ("Incoterms", Fact(terms, "/Incoterms")),
        ("Ursprung / Origin", Fact(rng.choice(("Germany", "Deutschland / EU")), "/CountryOfOrigin")),
        ("Container", Fact(f"MSKU {voice.digits(6)}-{rng.randint(0, 9)}", "/Container")),
    ]
    entries += [one for one in optional if rng.random() < 0.65]
    x, tab = draft.left + 270, draft.left + 385
    if rng.random() < 0.5:
        return max(172.0, draft.labels(x, 92, tab, entries) + 14)
    for at, (label, what) in enumerate(entries):
        draft.prose(x, 92 + at * draft.step, ONE_LINE, f"{label}: ", what)
    return 92 + max(5, len(entries)) * draft.step + 24


def _headings(draft: Draft, y: float) -> float:
    """Two levels: what weights and sizes are, over which of them."""
    left, small = draft.left, 7.5
    draft.sheet.line(left, y - 10, draft.right, y - 10, width=1.0)
    draft.say(left + 345, y, "Gewicht / Weight (kg)", size=small, bold=True, align="centre")
    draft.say(left + 462, y, "Maße / Dim. (cm)", size=small, bold=True, align="centre")
    draft.sheet.line(left + 306, y + 3, left + 392, y + 3)
    draft.sheet.line(left + 410, y + 3, draft.right, y + 3)
    heads = ("Kolli", "Art / Type", "Inhalt / Contents", "Stk/pcs", "netto", "brutto", "L", "B/W", "H")
    y = across(draft, y + 13, _TABS, heads, size=small, bold=True)
    draft.sheet.line(left, y - 5, draft.right, y - 5)
    return y + 7


def _package(draft: Draft, y: float, row: int) -> tuple[float, float, float, float]:
    """One package, its articles below each other beside it; where it ends, and what it adds to the totals."""
    rng, start = draft.rng, f"/Packages/{row}"
    goods = rng.sample(_GOODS, rng.randint(1, 3))
    net = round(rng.uniform(4, 900), 1)
    gross = round(net + rng.uniform(1, 40), 1)
    sides = [rng.choice((40, 60, 80, 120, 145, 210)) for _ in range(3)]
    keys = ("LengthCm", "WidthCm", "HeightCm")
    cells: list[Said] = [
        Fact(str(row + 1), f"{start}/PackageNo", row + 1),
        Fact(rng.choice(_TYPES), f"{start}/PackageType"),
        "",
        "",
        worth(draft, net, f"{start}/NetWeightKg", places=1),
        worth(draft, gross, f"{start}/GrossWeightKg", places=1),
        *(Fact(str(side), f"{start}/{key}", side) for side, key in zip(sides, keys, strict=True)),
    ]
    across(draft, y, _TABS, cells)
    for name in goods:
        draft.say(draft.left + 300, y, str(rng.choice((1, 2, 4, 10, 48))), align="right")
        y = draft.prose(draft.left + 112, y, 160, name)
    return y + 4, net, gross, sides[0] * sides[1] * sides[2] / 1e6


def _list(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "de", _SCHEMA, size=8.0)
    y = _headings(draft, _head(draft))
    count, net, gross, volume = rng.choice((1, 2, 4, 7, 12, 22)), 0.0, 0.0, 0.0
    ruled = rng.random() < 0.5
    for row in range(count):
        if y > draft.sheet.height - 120:
            draft.say(
                draft.right,
                draft.sheet.height - 50,
                f"Seite / Page {draft.sheet.page}",
                size=7,
                align="right",
            )
            draft.sheet.next_page()
            y = _headings(draft, 66.0)
        y, own, whole_of, space = _package(draft, y, row)
        net, gross, volume = round(net + own, 1), round(gross + whole_of, 1), volume + space
        if ruled:
            draft.sheet.line(draft.left, y - draft.step, draft.right, y - draft.step, width=0.3)
    draft.sheet.line(draft.left, y - 8, draft.right, y - 8, width=1.0)
    totals = (
        worth(draft, net, "/TotalNetWeightKg", places=1),
        worth(draft, gross, "/TotalGrossWeightKg", places=1),
    )
    across(draft, y + 5, _SUMS, totals, bold=True)
    parts: list[Said] = ["Summe / Total: ", Fact(str(count), "/TotalPackages", count), " Kolli / packages"]
    draft.prose(draft.left, y + 5, ONE_LINE, *parts, bold=True)
    if rng.random() < 0.6:
        room = worth(draft, round(volume, 3), "/TotalVolumeM3", "{} m³", places=3)
        draft.prose(draft.left, y + 24, ONE_LINE, "Volumen / Volume: ", room)
    marks = f"Markierung / Marks: {draft.facts['/Consignee'].split(' ')[0].upper()} - Nos. 1-{count}"
    draft.say(draft.left, y + 42, marks)
    return draft.finish("packing_list", at)


LAYOUTS = (Layout("packing_list", "shipping", _list, group="fresh"),)
