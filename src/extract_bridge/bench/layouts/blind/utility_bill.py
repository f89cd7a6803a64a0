"""A British electricity bill: the sum in a box, readings in a table, last quarter's amounts beside this one's."""

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
    account_number=text("Customer account number"),
    customer_name=text(),
    supply_address=text("Where the electricity is used"),
    bill_date=day(),
    period_start=day("First day of the billing period"),
    period_end=day("Last day of the billing period"),
    mpan=text("Supply number"),
    tariff=text("Name of the tariff"),
    readings=many(
        "One for each register of the meter",
        register=text(),
        previous=whole("Previous reading"),
        latest=whole("Latest reading"),
        units=whole("kWh used"),
    ),
    standing_charge=number("Standing charge for the whole period, in pounds"),
    vat=number("VAT, in pounds"),
    total_charges=number("New charges including VAT"),
    previous_balance=number("Balance of the last bill"),
    payments_received=number(),
    amount_due=number("What is to be paid now"),
    pay_by=day(),
    payment_method=text(enum=["Direct Debit", "Cheque", "Card"]),
)
_FORM = "{d} {mon} {y}"


def _head(draft: Draft, due: float) -> float:
    rng, voice, left = draft.rng, draft.voice, draft.left
    begins, ends, pay = draft.later(-98, -90), draft.later(-8, -4), draft.later(10, 21)
    homes, customer = voice.homes(2), voice.person()
    draft.say(left, 56, "northgate energy", size=17, bold=True)
    draft.lines(
        draft.right - 150,
        50,
        "Questions? 0330 555 0187",
        "Mon-Fri 8am-6pm",
        "northgate.example/help",
        size=7.5,
    )
    y = draft.lines(left, 110, Fact(customer, "/customer_name"), homes[0].street, homes[0].town)
    mpan = f"{voice.digits(2)} {voice.digits(3)} {voice.digits(3)} {voice.digits(13)}"
    entries: list[tuple[str, Said]] = [
        ("Your account number", Fact(f"A-{voice.digits(8)}", "/account_number")),
        ("Bill date", Fact(voice.day(draft.today, _FORM), "/bill_date", draft.today.isoformat())),
        ("Electricity supply number", Fact(mpan, "/mpan")),
    ]
    draft.labels(left + 235, 110, draft.right, entries, align="right")
    y += 16
    draft.say(left, y, "Your electricity bill", size=15, bold=True)
    said: list[Said] = [
        "for the period ",
        Fact(voice.day(begins, _FORM), "/period_start", begins.isoformat()),
        " to ",
        Fact(voice.day(ends, _FORM), "/period_end", ends.isoformat()),
    ]
    draft.prose(left, y + 16, 300, *said)
    supplied = homes[0] if rng.random() < 0.7 else homes[1]
    draft.prose(
        left,
        y + 31,
        300,
        "Supply address: ",
        Fact(supplied.line, "/supply_address"),
        size=draft.sheet.size - 1,
    )
    draft.sheet.shade(draft.right - 165, y - 12, 165, 62)
    draft.say(draft.right - 155, y + 4, "Please pay")
    draft.say(
        draft.right - 155, y + 26, Fact(f"£{voice.number(due)}", "/amount_due", due), size=18, bold=True
    )
    draft.prose(
        draft.right - 155, y + 42, 160, "by ", Fact(voice.day(pay, _FORM), "/pay_by", pay.isoformat())
    )
    return y + 76


def _readings(draft: Draft, y: float) -> tuple[float, float]:
    """The table of readings: where it ends, and the price of what was used."""
    rng, voice, cost = draft.rng, draft.voice, 0.0
    columns = [
        Column("Meter register", 0.22),
        Column("Previous reading", 0.19, "right"),
        Column("Latest reading", 0.19, "right"),
        Column("kWh used", 0.12, "right"),
        Column("Pence per kWh", 0.14, "right"),
        Column("Charge", 0.14, "right"),
    ]
    grid = draft.table(draft.left, draft.right - draft.left, columns, rng.choice(("lines", "zebra")))
    y = grid.head(y)
    for row, register in enumerate(("Day", "Night") if rng.random() < 0.6 else ("Anytime",)):
        before, used, pence = rng.randint(2000, 89000), rng.randint(120, 1900), rng.randint(900, 3400) / 100
        price = round(used * pence / 100, 2)
        cost += price
        start = f"/readings/{row}"
        cells: list[Said] = [
            Fact(register, f"{start}/register"),
            Fact(f"{before} {rng.choice('AE')}", f"{start}/previous", before),
            Fact(f"{before + used} {rng.choice('AE')}", f"{start}/latest", before + used),
            Fact(voice.number(used, 0), f"{start}/units", used),
            voice.number(pence, 2),
            f"£{voice.number(price)}",
        ]
        y = draft.row(grid, y, cells)
    draft.say(draft.left, y + 10, "A = actual reading by you or us, E = estimated", size=7, grey=True)
    return y + 28, round(cost, 2)


def _bill(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA)
    voice, days = draft.voice, rng.randint(82, 94)
    before, standing = draft.amount(40, 320), round(days * 0.5337, 2)
    paid = before if rng.random() < 0.6 else round(before / 2, 2)
    y, cost = _readings(draft, 300.0)
    tax = round((cost + standing) * 0.05, 2)
    new = round(cost + standing + tax, 2)
    due = round(before - paid + new, 2)
    _head(draft, due)
    charges: list[tuple[str, Said]] = [
        ("Electricity used", f"£{voice.number(cost)}"),
        (
            f"Standing charge ({days} days at 53.37p)",
            Fact(f"£{voice.number(standing)}", "/standing_charge", standing),
        ),
        ("VAT at 5%", Fact(f"£{voice.number(tax)}", "/vat", tax)),
        ("Total charges this period", Fact(f"£{voice.number(new)}", "/total_charges", new)),
    ]
    draft.say(draft.left, y, "What you used this time", bold=True)
    y = draft.labels(draft.left, y + draft.step * 1.2, draft.left + 300, charges, align="right") + 10
    draft.say(draft.left, y, "Your account", bold=True)
    account: list[tuple[str, Said]] = [
        ("Balance on your last bill", Fact(f"£{voice.number(before)}", "/previous_balance", before)),
        ("Payments received - thank you", Fact(f"£{voice.number(paid)}", "/payments_received", paid)),
        ("New charges", f"£{voice.number(new)}"),
        ("Balance now due", Fact(f"£{voice.number(due)}", "/amount_due", due)),
    ]
    y = draft.labels(draft.left, y + draft.step * 1.2, draft.left + 300, account, align="right") + 14
    if rng.random() < 0.8:
        plan = rng.choice(("Standard Variable", "Green Fixed 24 v3", "Economy 7 Saver"))
        y = draft.prose(
            draft.left,
            y,
            440,
            "You are on our ",
            Fact(plan, "/tariff"),
            " tariff. You could save by switching.",
        )
    if rng.random() < 0.6:
        method = Fact(rng.choice(("Direct Debit", "Cheque", "Card")), "/payment_method")
        draft.prose(draft.left, y + 4, 440, "You pay by ", method, ". See overleaf for other ways to pay.")
    return draft.finish("held-out", at)


LAYOUTS = (Layout("utility_bill", "utility", _bill, group="held-out"),)
