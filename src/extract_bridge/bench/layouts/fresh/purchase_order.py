"""A Dutch purchase order: each line with a second one below it that has its drawing, its supplier's number and its date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    order=thing(number=text("Inkoopordernummer"), date=day(), buyer_contact=text("Inkoper")),
    supplier=thing(name=text(), number=text("Ons leveranciersnummer")),
    deliver_to=text("Afleveradres"),
    payment_term_days=whole("Betalingstermijn in dagen"),
    incoterm=text(enum=["EXW", "FCA", "DAP", "DDP"]),
    currency=text("ISO code"),
    lines=many(
        position=whole(),
        article_number=text(),
        description=text(),
        quantity=number(),
        unit=text(),
        unit_price=number(),
        line_total=number(),
        delivery_date=day("Leverdatum van de regel"),
        drawing=text("Tekeningnummer"),
    ),
    total_excl_vat=number("Totaal excl. btw"),
)
_GOODS = (
    "Lagerhuis gietijzer",
    "Flens DN80 PN16",
    "Aandrijfas verzinkt",
    "Beschermkap RVS 304",
    "O-ring set Viton",
    "Montageplaat 8 mm",
    'Koppelbus 1 1/4"',
)
_FORM = "{d:02}-{m:02}-{y}"


def _head(draft: Draft) -> float:
    rng, voice = draft.rng, draft.voice
    ours, theirs = voice.companies(2)
    homes = voice.homes(2)
    draft.say(draft.left, 56, ours, size=13, bold=True)
    draft.say(draft.left, 70, homes[0].line, size=8, grey=True)
    draft.say(draft.right, 56, "INKOOPORDER", size=16, bold=True, align="right")
    y = draft.lines(
        draft.left, 110, "Leverancier:", Fact(theirs, "/supplier/name"), *homes[1].line.split(", ")
    )
    entries: list[tuple[str, Said]] = [
        ("Ordernummer", Fact(f"IO{voice.digits(6)}", "/order/number")),
        ("Orderdatum", Fact(voice.day(draft.today, _FORM), "/order/date", draft.today.isoformat())),
        ("Leveranciersnr.", Fact(voice.digits(5), "/supplier/number")),
        ("Inkoper", Fact(voice.person(), "/order/buyer_contact")),
    ]
    days = rng.choice((14, 30, 45, 60))
    if rng.random() < 0.7:
        entries.append(("Betaling", Fact(f"{days} dagen netto", "/payment_term_days", days)))
    if rng.random() < 0.7:
        term = rng.choice(("EXW", "FCA", "DAP", "DDP"))
        printed = draft.sheet.text(
            draft.right - 200, 110 + len(entries) * draft.step, f"Levering       {term} Utrecht"
        )
        draft.state(Fact(term, "/incoterm"), printed.only(1, 2))
    draft.labels(draft.right - 200, 110, draft.right - 115, entries)
    y = max(y, 110 + 6 * draft.step) + 12
    place = Fact(homes[0].line, "/deliver_to")
    return draft.labels(draft.left, y, draft.left + 80, [("Afleveradres:", place)]) + 10


def _line(draft: Draft, y: float, row: int) -> tuple[float, float]:
    """One item on two lines; what it comes to, and where the next begins."""
    rng, voice, start = draft.rng, draft.voice, f"/lines/{row}"
    count, price, due = rng.choice((1, 2, 4, 10, 25, 250)), draft.amount(1.2, 640), draft.later(10, 80)
    worth = round(count * price, 2)
    draft.say(draft.left, y, Fact(str((row + 1) * 10), f"{start}/position", (row + 1) * 10))
    draft.say(draft.left + 36, y, Fact(f"{voice.digits(3)}.{voice.digits(4)}", f"{start}/article_number"))
    draft.say(draft.left + 110, y, Fact(rng.choice(_GOODS), f"{start}/description"))
    draft.say(draft.left + 310, y, Fact(voice.number(count, 0), f"{start}/quantity", count), align="right")
    draft.say(draft.left + 318, y, Fact(rng.choice(("st", "st", "set", "m")), f"{start}/unit"))
    draft.say(draft.left + 415, y, Fact(voice.number(price), f"{start}/unit_price", price), align="right")
    draft.say(draft.right, y, Fact(voice.number(worth), f"{start}/line_total", worth), align="right")
    below: list[Said] = [
        "Leverdatum: ",
        Fact(voice.day(due, _FORM), f"{start}/delivery_date", due.isoformat()),
    ]
    if rng.random() < 0.6:
        below += ["  Tek.: ", Fact(f"TK-{voice.digits(4)}-{rng.choice('ABC')}", f"{start}/drawing")]
    y = draft.prose(draft.left + 110, y + draft.step, 320, *below, size=draft.sheet.size - 1)
    return worth, y + 6


def _order(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "nl", _SCHEMA)
    y, total = _head(draft), 0.0
    heads = ((0, "Pos"), (36, "Artikel"), (110, "Omschrijving"), (318, "Eh"))
    for x, label in heads:
        draft.say(draft.left + x, y, label, bold=True)
    for x, label in ((310, "Aantal"), (415, "Prijs/eh")):
        draft.say(draft.left + x, y, label, bold=True, align="right")
    amount = draft.say(draft.right, y, "Bedrag EUR", bold=True, align="right")
    draft.state(Fact("EUR", "/currency"), amount.only(1))
    draft.sheet.line(draft.left, y + 4, draft.right, y + 4)
    y += draft.step + 5
    for row in range(rng.randint(2, 12)):
        if y > draft.sheet.height - 110:
            draft.sheet.next_page()
            y = 70.0
        worth, y = _line(draft, y, row)
        total = round(total + worth, 2)
    draft.sheet.line(draft.left, y, draft.right, y)
    draft.say(draft.left + 310, y + 16, "Totaal excl. btw", bold=True)
    draft.say(
        draft.right,
        y + 16,
        Fact(draft.voice.number(total), "/total_excl_vat", total),
        bold=True,
        align="right",
    )
    draft.say(draft.left, y + 44, "Gelieve ordernummer en positie op pakbon en factuur te vermelden.", size=8)
    return draft.finish("purchase_order", at)


LAYOUTS = (Layout("purchase_order", "purchase", _order, group="fresh"),)
