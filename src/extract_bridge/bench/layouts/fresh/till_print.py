"""A restaurant's bill from a thermal printer, Italian or Spanish: quantity times price, tax by rate, what was given and given back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, dated, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    merchant=text("Name of the restaurant"),
    merchant_address=text(),
    tax_id=text("P.IVA / NIF of the restaurant"),
    document_number=text(),
    date=day(),
    time=text("HH:MM"),
    table=text("Table number"),
    guests=whole("Covers / comensales"),
    items=many(name=text(), qty=number(), unit_price=number(), total=number()),
    vat=many("VAT by rate", rate=number("percent"), base=number("Taxable amount"), tax=number()),
    total=number("Grand total, VAT included"),
    cash_given=number(),
    change=number("Cash handed back"),
    tip=number(),
)


class _House(NamedTuple):
    names: tuple[str, ...]
    id_label: str
    titles: tuple[str, ...]
    table: str
    guests: str
    dishes: tuple[tuple[str, float], ...]
    total: str
    heads: tuple[str, str, str]
    cash: str
    card: str
    change: str
    bye: str


_HOUSES = {
    "it": _House(
        ("TRATTORIA DA GINO", "Osteria del Pozzo", "RISTORANTE PIZZERIA LA LANTERNA"),
        "P.IVA",
        ("DOCUMENTO COMMERCIALE", "SCONTRINO"),
        "Tavolo",
        "Coperti",
        (("COPERTO", 2.5), ("ACQUA NAT. 0,75", 2.8), ("SPAGH. VONGOLE", 14.0), ("BRANZINO AL FORNO", 19.5),
         ("VINO CASA 1/2 LT", 6.0), ("TIRAMISU'", 5.5), ("CAFFE'", 1.5), ("PIZZA 4 STAGIONI", 9.0)),
        "TOTALE COMPLESSIVO",
        ("ALIQ.", "IMPONIBILE", "IMPOSTA"),
        "Pagamento contante",
        "Pagamento elettronico",
        "Resto",
        "ARRIVEDERCI E GRAZIE",
    ),
    "es": _House(
        ("MESON EL ROBLE", "Bar Casa Paca", "MARISQUERÍA RÍA DE VIGO, S.L."),
        "NIF:",
        ("FACTURA SIMPLIFICADA", "TICKET"),
        "MESA",
        "COMENS.",
        (("Pan y aperitivo", 1.8), ("Caña", 2.2), ("Rac. pulpo a feira", 17.5), ("1/2 Croquetas jamón", 6.5),
         ("Menú del día", 14.9), ("Agua 1 L.", 2.6), ("Café solo", 1.4), ("Tarta de queso", 5.9)),
        "TOTAL EUROS",
        ("% IVA", "BASE", "CUOTA"),
        "ENTREGADO",
        "TARJETA",
        "CAMBIO",
        "GRACIAS POR SU VISITA. IVA INCLUIDO",
    ),
}  # fmt: skip


def _head(draft: Draft, house: _House) -> float:
    rng, voice, middle = draft.rng, draft.voice, draft.sheet.width / 2
    home = voice.homes(1)[0]
    y = 30.0
    draft.say(
        middle,
        y,
        Fact(rng.choice(house.names), "/merchant"),
        bold=True,
        align="centre",
        size=draft.sheet.size + 2,
    )
    inks = []
    for line in (home.street, home.town):
        y += draft.step
        inks.append(draft.say(middle, y, line, align="centre"))
    draft.state(Fact(home.line, "/merchant_address"), *inks)
    letter = "" if voice.language == "it" else rng.choice("BAE")
    code = Fact(letter + voice.digits(11 if not letter else 8), "/tax_id")
    y = draft.prose(middle, y + draft.step, ONE_LINE, f"{house.id_label} ", code, align="centre")
    if rng.random() < 0.5:
        y = draft.prose(middle, y, ONE_LINE, f"TEL {voice.digits(3)} {voice.digits(6)}", align="centre")
    y = draft.prose(middle, y + 6, ONE_LINE, rng.choice(house.titles), align="centre")
    when = dated(draft, draft.today, "/date", rng.choice(("{d:02}/{m:02}/{y}", "{d:02}-{m:02}-{yy}")))
    clock = Fact(f"{rng.choice((12, 13, 14, 20, 21, 22))}:{rng.randint(0, 59):02}", "/time")
    left: list[Said] = [when, rng.choice(("  ", " ")), clock]
    code = Fact(
        rng.choice((f"{voice.digits(4)}-{voice.digits(4)}", f"T/{voice.digits(6)}")), "/document_number"
    )
    right: list[Said] = [rng.choice(("N. ", "Nº ", "DOC.N. ")), code]
    y = draft.prose(draft.left, y + 4, ONE_LINE, *left)
    y = draft.prose(draft.left, y, ONE_LINE, *right)
    if rng.random() < 0.75:
        table, guests = rng.randint(1, 40), rng.randint(1, 8)
        seats: list[Said] = [f"{house.table} ", Fact(str(table), "/table"), f"   {house.guests} "]
        y = draft.prose(draft.left, y, ONE_LINE, *seats, Fact(str(guests), "/guests", guests))
    return y + 4


def _items(draft: Draft, y: float, house: _House) -> tuple[float, float]:
    """Each dish on one line with its count before it, or with count and price on a line above or below."""
    rng, voice, total = draft.rng, draft.voice, 0.0
    way, wide = rng.choice(("columns", "above", "below")), draft.right - draft.left
    times_sign = rng.choice((" x ", " X ", "x "))
    tabs: Tabs = ((14, "right"), (20, "left"), (wide - 48, "right"), (wide, "right"))
    if way == "columns":
        heads = (
            ("", "DESCRIZIONE", "PREZZO", "IMP.")
            if voice.language == "it"
            else ("UD", "CONCEPTO", "PVP", "IMPORTE")
        )
        y = across(draft, y, tabs, heads)
    for row, (name, price) in enumerate(rng.sample(house.dishes, rng.randint(2, len(house.dishes)))):
        count, start = rng.choice((1, 1, 2, 2, 3, 6)), f"/items/{row}"
        value = round(count * price, 2)
        total = round(total + value, 2)
        times, dish = Fact(str(count), f"{start}/qty", count), Fact(name, f"{start}/name")
        each, sum_of = worth(draft, price, f"{start}/unit_price"), worth(draft, value, f"{start}/total")
        if way == "columns":
            y = across(draft, y, tabs, (times, dish, each, sum_of))
            continue
        if way == "above":
            y = draft.prose(draft.left + 10, y, ONE_LINE, times, times_sign, each)
        draft.say(draft.right, y, sum_of, align="right")
        y = draft.lines(draft.left, y, dish)
        if way == "below":
            y = draft.prose(draft.left + 10, y, ONE_LINE, times, times_sign, each)
    return y, total


def _taxes(draft: Draft, y: float, house: _House, total: float) -> float:
    """The total's tax by rate; a second rate for what was drunk."""
    wide, left = draft.right - draft.left, total
    tabs: Tabs = ((42, "right"), (wide * 0.65, "right"), (wide, "right"))
    y = across(draft, y, tabs, house.heads)
    rates = draft.rng.choice(((10,), (10,), (10, 22 if draft.voice.language == "it" else 21)))
    form = draft.rng.choice(("{}%", "{},00"))
    for row, rate in enumerate(rates):
        gross = left if row == len(rates) - 1 else round(total * 0.7, 2)
        left = round(left - gross, 2)
        base = round(gross / (1 + rate / 100), 2)
        cells = (
            Fact(form.format(rate), f"/vat/{row}/rate", rate),
            worth(draft, base, f"/vat/{row}/base"),
            worth(draft, round(gross - base, 2), f"/vat/{row}/tax"),
        )
        y = across(draft, y, tabs, cells)
    return y + draft.step * 0.5


def _receipt(rng: Random, at: int) -> BenchDocument:
    language = rng.choice(("it", "es"))
    house, face = _HOUSES[language], rng.choice((FACES[2], FACES[2], FACES[0]))
    draft = new_draft(
        rng, language, _SCHEMA, width=rng.choice((226.0, 240.0)), height=520.0, size=8.0, face=face
    )
    draft.left, right = 12.0, draft.sheet.width - 12.0
    y, total = _items(draft, _head(draft, house), house)
    draft.say(draft.left, y, "-" * int((right - 12.0) / draft.sheet.measure("-")))
    tax_first = rng.random() < 0.3
    if tax_first:
        y = _taxes(draft, y + draft.step, house, total) - draft.step
    size = draft.sheet.size + rng.choice((0, 1.5))
    draft.say(draft.left, y + draft.step, house.total, bold=True, size=size)
    draft.say(
        right,
        y + draft.step,
        worth(draft, total, "/total", rng.choice(("{}", "{} €"))),
        bold=True,
        size=size,
        align="right",
    )
    y += draft.step * 2.2
    pay: list[tuple[str, Said]] = [(house.card, draft.voice.number(total))]
    if rng.random() < 0.5:
        given = float((int(total) // 10 + rng.randint(1, 2)) * 10)
        back = worth(draft, round(given - total, 2), "/change")
        pay = [(house.cash, worth(draft, given, "/cash_given")), (house.change, back)]
    y = draft.labels(draft.left, y, right, pay, align="right") + 4
    if not tax_first and rng.random() < 0.8:
        y = _taxes(draft, y, house, total)
    draft.prose(draft.sheet.width / 2, y + 8, right - 12.0, house.bye, align="centre")
    return draft.finish("till_print", at)


LAYOUTS = (Layout("till_print", "till", _receipt, group="fresh"),)
