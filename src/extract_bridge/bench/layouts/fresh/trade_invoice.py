"""An American tradesman's invoice as accounting programs for small firms print it: hours and rates, terms in a row of boxes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, captioned, dated, required, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.sheet import Align

_SCHEMA = required(
    thing(
        vendor_name=text("Business that issued the invoice"),
        vendor_phone=text(),
        invoice_no=text(),
        invoice_date=day(),
        due_date=day("When payment is due"),
        terms=text("Payment terms, e.g. Net 30"),
        po_number=text("Customer's purchase order number"),
        bill_to=thing(name=text(), address=text()),
        job_site=text("Address where the work was done, if different"),
        line_items=many(
            "Labor and materials",
            description=text(),
            qty=number("Hours or quantity"),
            rate=number("Price per hour or unit"),
            amount=number(),
        ),
        subtotal=number(),
        tax_rate=number("Sales tax in percent"),
        sales_tax=number(),
        payments_credits=number("Deposits and credits already applied, as a positive number"),
        balance_due=number("What the customer still owes"),
        late_fee_percent=number(),
        license_no=text("Contractor license"),
    ),
    "vendor_name",
    "invoice_no",
    "balance_due",
)


class _Trade(NamedTuple):
    firms: tuple[str, ...]
    labor: tuple[str, ...]
    parts: tuple[str, ...]


_TRADES = (
    _Trade(
        ("Cedar Creek Plumbing", "R. Delgado & Sons Plumbing & Heating"),
        ("Service call - diagnose slow drain in upstairs bath", "Journeyman plumber", "Apprentice"),
        ("1/2 in. PEX tubing, 100 ft coil", "Kitchen faucet, brushed nickel (customer selected)", "Wax ring"),
    ),
    _Trade(
        ("Brightline Electric LLC", "Tom Hanley, Electrician"),
        ("Install 200A main panel and bring grounding up to code", "Troubleshooting", "Electrician labor"),
        ("20A arc fault breaker", "12/2 NM-B cable 250 ft", "LED wafer light 6 in. 3000K", "GFCI receptacle"),
    ),
    _Trade(
        ("Prairie Lawn & Tree Co.", "Northfork Landscaping Inc."),
        ("Crew of two, fall cleanup incl. hauling leaves off site", "Stump grinding", "Mowing and edging"),
        ("Hardwood mulch, cu yd", "River rock 1-3 in., ton", "Spirea 3 gal."),
    ),
)
_PEOPLE = (
    "Karen Buchholz",
    "Derek Simmons",
    "Maple Grove Townhomes HOA",
    "Lutz Dental, PC",
    "The Rosen Family",
)
_STREETS = (
    "418 Elm St",
    "2207 W Harrison Ave",
    "96 County Road 14",
    "1530 Pioneer Blvd, Unit B",
    "77 Quarry Ln",
)
_TOWNS = (
    "Boise, ID 83702",
    "Mankato, MN 56001",
    "Lawrence, KS 66044",
    "Bend, OR 97701",
    "Asheville, NC 28801",
)


def _letterhead(draft: Draft, firm: str, place: str) -> bool:
    """Whose paper it is; whether the name stands in the middle."""
    rng, voice = draft.rng, draft.voice
    centred = rng.random() < 0.4
    align: Align = "centre" if centred else "left"
    x = draft.sheet.width / 2 if centred else draft.left
    draft.say(x, 54, Fact(firm, "/vendor_name"), size=15, bold=True, align=align)
    phone = Fact(f"({voice.digits(3)}) 555-0{rng.randint(100, 199)}", "/vendor_phone")
    parts: list[Said] = [f"{place}  ", phone]
    if rng.random() < 0.5:
        parts += ["  Lic. # ", Fact(f"{rng.choice(('PL', 'EC', 'C-'))}{voice.digits(6)}", "/license_no")]
    draft.prose(x, 68, ONE_LINE, *parts, size=8.5, align=align)
    return centred


def _number_and_date(draft: Draft, y: float, form: str) -> None:
    rng, sheet, right = draft.rng, draft.sheet, draft.right
    code = Fact(f"{rng.choice(('', '', 'INV-'))}{draft.voice.digits(rng.choice((4, 5)))}", "/invoice_no")
    made = dated(draft, draft.today, "/invoice_date", form)
    if rng.random() < 0.5:
        draft.labels(right - 150, y + 18, right, [("Date:", made), ("Invoice No.", code)], align="right")
        return
    for at, (label, what) in enumerate((("Date", made), ("Invoice #", code))):
        left = right - 200 + at * 100
        for top, height, said in ((y, 15.0, label), (y + 15, 17.0, what)):
            sheet.frame(left, top, 100, height)
            draft.say(left + 50, top + 11.5, said, align="centre")


def _head(draft: Draft, firm: str) -> float:
    rng, voice = draft.rng, draft.voice
    towns, streets = rng.sample(_TOWNS, 2), rng.sample(_STREETS, 3)
    centred = _letterhead(draft, firm, f"{streets[0]}, {towns[0]}")
    draft.say(draft.right, 98 if centred else 54, "Invoice", size=13 if centred else 20, align="right")
    form = rng.choice(("{m}/{d}/{y}", "{m:02}/{d:02}/{y}", "{month} {d}, {y}"))
    _number_and_date(draft, 104, form)
    draft.say(draft.left, 146, rng.choice(("Bill To", "BILL TO:", "Customer")), bold=True)
    y = draft.lines(draft.left, 160, Fact(rng.choice(_PEOPLE), "/bill_to/name"))
    draft.block(draft.left, y, (streets[1], towns[1]), "/bill_to/address")
    if rng.random() < 0.5:
        draft.say(draft.left + 270, 146, rng.choice(("Ship To", "Job Site", "Service Address")), bold=True)
        draft.block(draft.left + 270, 160, (streets[2], towns[1]), "/job_site")
    days = rng.choice((0, 10, 15, 30))
    cells: list[tuple[str, Said]] = [
        ("Terms", Fact(f"Net {days}" if days else "Due on receipt", "/terms")),
        ("Due Date", dated(draft, draft.today + timedelta(days=days), "/due_date", form)),
        ("Rep", rng.choice(("JH", "TD", "MK"))),
    ]
    order = rng.choice((voice.digits(4), f"PO-{voice.digits(5)}", ""))
    cells.insert(rng.randint(0, 2), ("P.O. No.", Fact(order, "/po_number")))
    width = (draft.right - draft.left) / len(cells)
    for at, (label, what) in enumerate(cells):
        captioned(draft, draft.left + at * width, 208, width, 26, label, what)
    return 250.0


def _sums(draft: Draft, y: float, net: float) -> None:
    rng, right = draft.rng, draft.right
    left, large = right - rng.choice((190, 230)), draft.sheet.size + 2
    rate = rng.choice((0.0, 5.5, 6.5, 7.25, 8.875))
    tax = round(net * rate / 100, 2)
    paid = float(rng.randint(1, 8) * 50) if net > 500 and rng.random() < 0.5 else 0.0
    y = draft.labels(left, y, right, [("Subtotal", worth(draft, net, "/subtotal", "${}"))], align="right")
    draft.prose(left, y, ONE_LINE, "Sales Tax (", Fact(f"{rate:g}%", "/tax_rate", rate), ")")
    total: list[tuple[str, Said]] = [
        ("", worth(draft, tax, "/sales_tax", "${}")),
        ("Total", f"${draft.voice.number(net + tax)}"),
    ]
    if paid:
        total.append(("Payments/Credits", worth(draft, paid, "/payments_credits", "-${}")))
    y = draft.labels(left, y, right, total, align="right")
    draft.sheet.frame(left - 6, y - 2, right - left + 12, draft.step * 1.7)
    draft.say(left, y + draft.step, "Balance Due", bold=True, size=large)
    owed = worth(draft, round(net + tax - paid, 2), "/balance_due", "${}")
    draft.say(right, y + draft.step, owed, bold=True, size=large, align="right")
    note: list[Said] = ["Thank you for your business! Make checks payable to the name above."]
    if rng.random() < 0.5:
        late = Fact("1.5%", "/late_fee_percent", 1.5)
        note += [" A late charge of ", late, " per month applies to past due accounts."]
    draft.prose(draft.left, y - draft.step, left - draft.left - 30, *note, size=8)


def _invoice(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, width=612.0, height=792.0)
    trade = rng.choice(_TRADES)
    y = _head(draft, rng.choice(trade.firms))
    heads = rng.choice(
        (("Description", "Qty/Hrs", "Rate", "Amount"), ("Item & Description", "Hours", "Price Each", "Total"))
    )
    columns = [Column(heads[0], 0.55), *(Column(head, 0.15, "right") for head in heads[1:])]
    grid = draft.table(draft.left, draft.right - draft.left, columns, rng.choice(("ruled", "lines", "zebra")))
    y, net = grid.head(y), 0.0
    for row in range(rng.choice((1, 2, 3, 5, 8, 30))):
        hours = rng.random() < 0.4
        count = rng.choice((0.5, 1.25, 2.0, 3.5, 6.0)) if hours else float(rng.randint(1, 12))
        price = rng.choice((65.0, 85.0, 95.0, 118.5)) if hours else draft.amount(2, 420)
        net, start = round(net + round(count * price, 2), 2), f"/line_items/{row}"
        cells = [
            Fact(rng.choice(trade.labor if hours else trade.parts), f"{start}/description"),
            Fact(f"{count:.2f}" if hours else f"{count:g}", f"{start}/qty", count),
            worth(draft, price, f"{start}/rate"),
            worth(draft, round(count * price, 2), f"{start}/amount"),
        ]
        y = draft.row(grid, y, cells)
    if y > draft.sheet.height - 150:
        draft.sheet.next_page()
        y = 60.0
    _sums(draft, y + draft.step, net)
    return draft.finish("trade_invoice", at)


LAYOUTS = (Layout("trade_invoice", "trade", _invoice, group="fresh"),)
