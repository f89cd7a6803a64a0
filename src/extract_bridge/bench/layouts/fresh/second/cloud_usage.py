"""A bill for rented servers: a summary that adds last month's balance to this month's charges, then the usage on pages of its own."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.second.hands import onward
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, dated, leader, nullable, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    provider=text("Company that sends the bill"),
    customer=text("Company that is billed"),
    account_id=text(),
    invoice_number=text(),
    invoice_date=day(),
    billing_period=thing(start=day(), end=day()),
    previous_balance=nullable(number("Carried over from the last bill")),
    payments_received=nullable(number("Since the last bill, as a positive number")),
    credits=nullable(number("Sum of this period's credits, negative")),
    tax=number(),
    new_charges=number("This period's charges after credits and tax"),
    amount_due=number("What has to be paid now"),
    due_date=day(),
    services=many("Charges by service on the summary page", service=text(), charges=number()),
    usage=many(
        "Lines of the detail pages",
        description=text(),
        region=text(),
        quantity=number(),
        unit=text(),
        amount=number(),
    ),
    purchase_order=nullable(text()),
)
_FIRMS = ("Stratus Yard, Inc.", "Nimbolt Cloud Ltd", "Ferrocast Hosting Inc.")


class _Service(NamedTuple):
    name: str
    lines: tuple[str, ...]
    unit: str


_SERVICES = (
    _Service("Compute Engine", ("c5.large on-demand instance", "m2.xlarge reserved instance", "Spot capacity"), "Hrs"),
    _Service("Object Storage", ("Standard storage", "Infrequent access tier, first 50 TB / month"), "GB-Mo"),
    _Service("Data Transfer", ("Outbound to internet", "Between regions"), "GB"),
    _Service("Managed SQL", ("db.small single zone", "Backup storage beyond free allotment"), "Hrs"),
    _Service("Support (Business)", ("10% of monthly charges for the first $10K",), "Mo"),
)  # fmt: skip
_REGIONS = ("us-east-1", "eu-west-2", "ap-south-1")
_Used = tuple[str, str, float, float]
_FORMS = ("{month} {d}, {y}", "{d} {mon} {y}", "{m:02}/{d:02}/{y}")


def _head(draft: Draft, form: str) -> float:
    rng, voice, right = draft.rng, draft.voice, draft.right
    home = voice.homes(1)[0]
    draft.say(draft.left, 56, Fact(rng.choice(_FIRMS), "/provider"), bold=True, size=17)
    draft.say(
        right, 56, rng.choice(("Invoice", "Billing Statement", "Usage Invoice")), size=13, align="right"
    )
    first = draft.today.replace(day=1)
    last = first - timedelta(days=1)
    start = dated(draft, last.replace(day=1), "/billing_period/start", form)
    end = dated(draft, last, "/billing_period/end", form)
    entries: list[tuple[str, Said]] = [
        ("Account", Fact("-".join(voice.digits(4) for _ in range(3)), "/account_id")),
        ("Invoice Number", Fact(voice.digits(10), "/invoice_number")),
        ("Invoice Date", dated(draft, first + timedelta(days=2), "/invoice_date", form)),
    ]
    if rng.random() < 0.4:
        entries.append(("PO Number", Fact(f"PO{voice.digits(6)}", "/purchase_order")))
    draft.say(
        draft.left, 84, rng.choice(("Bill to", "Billed to:", "Attn: Accounts Payable")), size=8, grey=True
    )
    y = draft.lines(draft.left, 98, Fact(voice.companies(1)[0], "/customer"), home.street, home.town)
    y = max(y, draft.labels(right - 210, 84, right, entries, align="right")) + 12
    return draft.prose(
        draft.left, y, ONE_LINE, "This invoice covers the billing period ", start, rng.choice((" - ", " to ", " through ")), end
    ) + 10  # fmt: skip


def _summary(draft: Draft, y: float, charges: dict[str, float], form: str) -> None:
    """Last bill, this bill, and what is due of both."""
    rng, right, left = draft.rng, draft.right, draft.left
    owed = 0.0
    if rng.random() < 0.6:
        before, paid = draft.amount(80, 9000), rng.random() < 0.7
        y = leader(
            draft,
            left,
            y,
            right,
            "Previous balance",
            worth(draft, before, "/previous_balance", "${}"),
            mark=" ",
        )
        owed = before
        if paid:
            what = worth(draft, before, "/payments_received", rng.choice(("-${}", "(${})")))
            y, owed = leader(draft, left, y, right, "Payments received - thank you", what, mark=" "), 0.0
        y += 8
    draft.say(left, y, rng.choice(("Charges by service", "New charges")), bold=True)
    y += draft.step * 1.3
    for row, (name, charge) in enumerate(charges.items()):
        what = worth(draft, charge, f"/services/{row}/charges", "${}")
        y = leader(draft, left + 12, y, right, "", what, mark=" ")
        draft.say(left + 12, y - draft.step, Fact(name, f"/services/{row}/service"))
    net = round(sum(charges.values()), 2)
    if rng.random() < 0.6:
        credit = round(net * rng.choice((0.05, 0.1, 0.5)), 2)
        given = Fact(f"-${draft.voice.number(credit)}", "/credits", -credit)
        y = leader(draft, left + 12, y, right, "Credits", given, mark=" ")
        net = round(net - credit, 2)
    tax = round(net * rng.choice((0.0, 0.0825, 0.2)), 2)
    y = leader(draft, left + 12, y, right, "Sales tax / VAT", worth(draft, tax, "/tax", "${}"), mark=" ")
    new = round(net + tax, 2)
    draft.sheet.line(left, y - 7, right, y - 7)
    draft.say(left, y + 4, "Total new charges", bold=True)
    draft.say(right, y + 4, worth(draft, new, "/new_charges", "${}"), bold=True, align="right")
    y += 26
    draft.sheet.shade(left, y - 4, right - left, 40)
    due = dated(draft, draft.today + timedelta(days=rng.choice((10, 20, 30))), "/due_date", form)
    label = rng.choice(("TOTAL AMOUNT DUE", "Amount due", "Please pay"))
    draft.prose(left + 8, y + 20, ONE_LINE, label, rng.choice((" by ", " on or before ")), due, bold=True)
    total = worth(draft, round(new + owed, 2), "/amount_due", "USD {}")
    draft.say(right - 8, y + 20, total, bold=True, size=14, align="right")
    note = "Usage is metered in UTC. Detailed charges are on the following pages; amounts below $0.01 are not billed."
    draft.prose(left, y + 60, right - left, note, size=7, grey=True)


def _details(draft: Draft, usage: dict[str, list[_Used]]) -> None:
    """The usage, service by service, under headings that repeat."""
    draft.sheet.next_page()
    draft.say(draft.left, 50, "Detail of charges", bold=True, size=12)
    columns = [
        Column("Description", 0.46),
        Column("Region", 0.16),
        Column("Usage", 0.14, "right"),
        Column("Unit", 0.09),
        Column("Amount", 0.15, "right"),
    ]
    grid = draft.table(
        draft.left, draft.right - draft.left, columns, draft.rng.choice(("plain", "zebra", "lines"))
    )
    y, row = grid.head(70), 0
    units = {one.name: one.unit for one in _SERVICES}
    for name, lines in usage.items():
        y = onward(draft, y, 40) + 4
        draft.say(draft.left + 4, y + draft.sheet.size, name, bold=True)
        y += draft.step + 4
        for label, where, count, price in lines:
            start = f"/usage/{row}"
            cells: list[Said] = [
                Fact(label, f"{start}/description"), Fact(where, f"{start}/region"),
                worth(draft, count, f"{start}/quantity", places=3), Fact(units[name], f"{start}/unit"),
                worth(draft, price, f"{start}/amount", "${}"),
            ]  # fmt: skip
            y, row = draft.row(grid, y, cells), row + 1


def _invoice(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, width=612.0, height=792.0, face=rng.choice((FACES[0], FACES[3])))
    form = rng.choice(_FORMS)
    usage: dict[str, list[_Used]] = {}
    for one in rng.sample(_SERVICES, rng.randint(2, len(_SERVICES))):
        lines = sorted(product(one.lines, _REGIONS))
        chosen = sorted(rng.sample(lines, rng.randint(1, len(lines))))
        usage[one.name] = [
            (line, where, rng.randint(1, 900000) / 1000, draft.amount(0.01, 900)) for line, where in chosen
        ]
    charges = {name: round(sum(line[-1] for line in lines), 2) for name, lines in usage.items()}
    _summary(draft, _head(draft, form) + 6, charges, form)
    _details(draft, usage)
    return draft.finish("cloud_usage", at)


LAYOUTS = (Layout("cloud_usage", "usage_bill", _invoice, group="fresh"),)
