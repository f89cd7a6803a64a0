"""An Italian invoice for the customs: parties in frames, tariff codes and origins, weights, terms of delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    invoice_number=text(),
    invoice_date=day(),
    exporter=thing(name=text(), vat_number=text("Partita IVA"), eori=text("EORI code")),
    consignee=thing(name=text(), address=text(), country=text("Country of destination")),
    incoterms=text("Three-letter code", enum=["EXW", "FCA", "FOB", "CIF", "DAP", "CPT"]),
    incoterms_place=text(),
    currency=text("ISO 4217"),
    goods=many(
        description=text(),
        hs_code=text("Codice doganale"),
        origin=text("Country of origin as printed"),
        quantity=number(),
        net_weight=number("kg"),
        unit_value=number(),
        total_value=number(),
    ),
    packages=whole("Number of packages"),
    gross_weight=number("kg, total"),
    net_weight=number("kg, total"),
    freight=number("Freight charges"),
    insurance=number(),
    total=number("Total value of the invoice"),
    reason_for_export=text(),
)
_GOODS = (
    ("Piastrelle in gres porcellanato", "6907 21 00"),
    ("Cuscinetti a sfere", "8482 10 10"),
    ("Tessuto di lana pettinata", "5112 11 00"),
    ("Olio extravergine di oliva, latte da 5 l", "1509 20 00"),
    ("Valvole a sfera in ottone", "8481 80 81"),
    ("Riduttori epicicloidali con motore elettrico", "8483 40 21"),
)
_LANDS = (
    ("Svizzera", "Zürich"),
    ("Stati Uniti", "Newark NJ"),
    ("Giappone", "Osaka"),
    ("Regno Unito", "Felixstowe"),
)


def _frames(draft: Draft, land: str, port: str) -> float:
    rng, voice, x, half = draft.rng, draft.voice, draft.left, (draft.right - draft.left) / 2
    firm, home, vat = voice.companies(1)[0], voice.homes(1)[0], voice.digits(11)
    draft.say(
        draft.sheet.width / 2,
        56,
        "FATTURA COMMERCIALE / COMMERCIAL INVOICE",
        size=12,
        bold=True,
        align="centre",
    )
    for left, top, heading in (
        (x, 70, "Esportatore"),
        (x + half, 70, "N. e data fattura"),
        (x, 142, "Destinatario"),
    ):
        draft.sheet.frame(left, top, half, 72)
        draft.say(left + 4, top + 10, heading, size=7, grey=True)
    draft.sheet.frame(x + half, 142, half, 72)
    y = draft.lines(x + 8, 98, Fact(firm, "/exporter/name"), home.street, home.town, size=8.5)
    entries: list[Said] = ["P.IVA ", Fact(f"IT{vat}", "/exporter/vat_number")]
    if rng.random() < 0.5:
        entries += ["  EORI ", Fact(f"IT{vat}", "/exporter/eori")]
    draft.prose(x + 8, y, half - 10, *entries, size=7.5)
    issued = Fact(voice.day(draft.today, "{d:02}/{m:02}/{y}"), "/invoice_date", draft.today.isoformat())
    draft.prose(
        x + half + 8, 100, half - 12, Fact(f"{rng.randint(1, 990)}/E", "/invoice_number"), " del ", issued
    )
    draft.say(
        x + half + 8,
        126,
        f"Vs. ordine PO-{voice.digits(5)} del {voice.day(draft.later(-60, -20), '{d:02}/{m:02}/{y}')}",
        size=7.5,
    )
    draft.say(x + 8, 168, Fact(f"{voice.person().split(' ')[1]} Trading Co.", "/consignee/name"))
    draft.block(x + 8, 168 + draft.step, (f"{rng.randint(2, 99)} Harbour Road", port), "/consignee/address")
    draft.say(x + 8, 168 + 3 * draft.step, Fact(land.upper(), "/consignee/country", land))
    term, place = rng.choice(
        (("EXW", home.town.split(" ", 1)[1]), ("FOB", "Genova"), ("CIF", port), ("DAP", port))
    )
    delivery: list[Said] = [
        "Resa: ",
        Fact(term, "/incoterms"),
        " ",
        Fact(place, "/incoterms_place"),
        " (Incoterms 2020)",
    ]
    y = draft.prose(x + half + 8, 160, half - 12, *delivery)
    draft.prose(
        x + half + 8,
        y + 4,
        half - 12,
        "Valuta: ",
        Fact("EUR", "/currency"),
        "   Pagamento: bonifico 60 gg d.f.",
    )
    return 232.0


def _invoice(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "it", _SCHEMA, size=9.0)
    voice, (land, port) = draft.voice, rng.choice(_LANDS)
    y, worth, weight = _frames(draft, land, port), 0.0, 0.0
    columns = [
        Column("Descrizione della merce", 0.3),
        Column("Voce doganale", 0.14),
        Column("Origine", 0.1),
        Column("Q.tà", 0.1, "right"),
        Column("Peso netto kg", 0.12, "right"),
        Column("Prezzo unit.", 0.11, "right"),
        Column("Importo", 0.13, "right"),
    ]
    grid = draft.table(draft.left, draft.right - draft.left, columns, rng.choice(("ruled", "lines")))
    y = grid.head(y)
    for row, (name, code) in enumerate(rng.sample(_GOODS, rng.randint(1, 6))):
        start, count, price = f"/goods/{row}", rng.choice((4, 20, 150, 1200)), draft.amount(1.5, 320)
        kilos, value = rng.randint(30, 19000) / 10, round(count * price, 2)
        worth, weight = round(worth + value, 2), round(weight + kilos, 1)
        cells: list[Said] = [
            Fact(name, f"{start}/description"),
            Fact(code, f"{start}/hs_code"),
            Fact(rng.choice(("IT", "IT", "UE", "CN")), f"{start}/origin"),
            Fact(voice.number(count, 0), f"{start}/quantity", count),
            Fact(voice.number(kilos, 1), f"{start}/net_weight", kilos),
            Fact(voice.number(price), f"{start}/unit_value", price),
            Fact(voice.number(value), f"{start}/total_value", value),
        ]
        y = draft.row(grid, y, cells)
    _foot(draft, y + 20, worth, weight)
    return draft.finish("held-out", at)


def _foot(draft: Draft, y: float, worth: float, weight: float) -> None:
    rng, voice = draft.rng, draft.voice
    gross, packages = round(weight * 1.08, 1), rng.randint(1, 30)
    left: list[tuple[str, Said]] = [
        ("N. colli", Fact(str(packages), "/packages", packages)),
        ("Peso lordo totale", Fact(f"{voice.number(gross, 1)} kg", "/gross_weight", gross)),
        ("Peso netto totale", Fact(f"{voice.number(weight, 1)} kg", "/net_weight", weight)),
    ]
    right: list[tuple[str, Said]] = [("Totale merce", voice.number(worth))]
    for chance, label, at in ((0.6, "Nolo", "freight"), (0.4, "Assicurazione", "insurance")):
        if rng.random() < chance:
            cost = draft.amount(30, 600)
            right.append((label, Fact(voice.number(cost), f"/{at}", cost)))
            worth = round(worth + cost, 2)
    right.append(("Totale fattura EUR", Fact(voice.number(worth), "/total", worth)))
    end = draft.labels(draft.left, y, draft.left + 95, left)
    end = max(end, draft.labels(draft.right - 200, y, draft.right - 4, right, align="right")) + 12
    if rng.random() < 0.6:
        reason = Fact(rng.choice(("Vendita", "Riparazione", "Campioni senza valore")), "/reason_for_export")
        end = draft.labels(draft.left, end, draft.left + 130, [("Motivo dell'esportazione:", reason)])
    words = "L'esportatore delle merci contemplate nel presente documento dichiara che, salvo indicazione contraria, le merci sono di origine preferenziale UE."
    draft.prose(draft.left, end + 10, 440, words, size=8)


LAYOUTS = (Layout("customs_invoice", "customs", _invoice, group="held-out"),)
