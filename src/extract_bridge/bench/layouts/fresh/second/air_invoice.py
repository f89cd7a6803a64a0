"""A radio station's invoice for spots that ran: one line a spot with when it went on air, the order's flight beside the broadcast month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.second.hands import AMERICAN_TOWNS, onward
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, dated, required, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = required(
    thing(
        invoice_number=text(),
        invoice_date=day(),
        order_number=text(),
        advertiser=text(),
        agency=text(),
        product=text(),
        station=text(),
        account_executive=text(),
        flight_start_date=day("First day of the flight"),
        flight_end_date=day("Last day of the flight"),
        estimate_number=text(),
        spots_aired=many(air_date=day(), air_time=text(), copy_id=text("ISCI or copy"), length=whole("Seconds"), rate=number()),
        spot_count=whole(),
        gross=number(),
        agency_commission=number(),
        net_due=number(),
        payment_terms=text(),
        remit_to=text("Address for payment"),
    ),
    "invoice_number",
    "advertiser",
    "net_due",
)  # fmt: skip
_ADVERTISERS = (
    "Lakeshore Heating & Air",
    "Neighbors for Better Schools",
    "First Prairie Bank",
    "Ortega for County Sheriff",
)
_AGENCIES = ("Blue Barn Creative", "Summit Media Buying, Inc.", "Waller-Price Agency")
_FORMS = ("{m:02}/{d:02}/{yy}", "{m}/{d}/{y}", "{mon} {d}, {y}")


def _month(when: date) -> tuple[date, date]:
    """A broadcast month: from a Monday to the month's last Sunday."""

    def monday(first: date) -> date:
        return first - timedelta(days=first.weekday())

    following = (when.replace(day=28) + timedelta(days=4)).replace(day=1)
    return monday(when.replace(day=1)), monday(following) - timedelta(days=1)


def _head(draft: Draft, month: tuple[date, date], first: date, last: date, form: str) -> float:
    """Two columns of labels: who, and which order; the dates of the flight in one line or in two."""
    rng, voice = draft.rng, draft.voice
    town = rng.choice(AMERICAN_TOWNS)
    call = f"{rng.choice('KW')}{''.join(rng.choice('DHJLRSYZ') for _ in range(3))}-{rng.choice(('FM', 'AM'))}"
    draft.say(draft.left, 50, Fact(call, "/station"), bold=True, size=18)
    draft.say(draft.right, 50, "INVOICE", size=15, align="right")
    draft.say(draft.left, 66, "Please remit payment to:", size=7, grey=True)
    y = draft.block(draft.left, 78, (f"P.O. Box {voice.digits(4)}", town), "/remit_to") + 12
    left: list[tuple[str, Said]] = [
        ("Advertiser", Fact(rng.choice(_ADVERTISERS), "/advertiser")),
        ("Product", Fact(rng.choice(("Fall Campaign", "Branding", "GOTV", "Checking")), "/product")),
        ("Salesperson" if rng.random() < 0.4 else "Account Exec", Fact(voice.person(), "/account_executive")),
    ]
    if rng.random() < 0.7:
        left.insert(0, ("Agency", Fact(rng.choice(_AGENCIES), "/agency")))
    right: list[tuple[str, Said]] = [
        ("Invoice #", Fact(f"{voice.digits(6)}-{rng.randint(1, 4)}", "/invoice_number")),
        ("Invoice Date", dated(draft, month[1], "/invoice_date", form)),
        ("Invoice Month", voice.day(month[1], "{month} {y}")),
        ("Invoice Period", f"{voice.day(month[0], form)} - {voice.day(month[1], form)}"),
        ("Order #", Fact(voice.digits(6), "/order_number")),
    ]
    if rng.random() < 0.6:
        right.append(("Estimate #", Fact(voice.digits(4), "/estimate_number")))
    begins, ends = (
        dated(draft, first, "/flight_start_date", form),
        dated(draft, last, "/flight_end_date", form),
    )
    low = draft.labels(draft.left, y, draft.left + 76, left)
    if rng.random() < 0.5:
        low = draft.prose(
            draft.left, low, ONE_LINE, rng.choice(("Flight Dates: ", "Order Flight: ")), begins, " - ", ends
        )
    else:
        right += [("Order Start Date", begins), ("Order End Date", ends)]
    return max(low, draft.labels(draft.right - 200, 78, draft.right - 110, right)) + 12


def _spots(draft: Draft, y: float, first: date, last: date, form: str) -> tuple[float, int, float]:
    rng, gross = draft.rng, 0.0
    columns = [
        Column("#", 0.06, "right"), Column("Day", 0.08), Column("Air Date", 0.16), Column("Air Time", 0.14),
        Column("Copy", 0.26), Column("Len", 0.08, "right"), Column("Type", 0.08), Column("Rate", 0.14, "right"),
    ]  # fmt: skip
    grid = draft.table(
        draft.left, draft.right - draft.left, columns, rng.choice(("plain", "lines", "zebra", "ruled"))
    )
    span, count, price = (last - first).days, rng.choice((3, 6, 12, 24, 60)), rng.randint(2, 60) * 5.0
    copies = [f"{rng.choice('GLKP')}{rng.choice('RMTX')}{draft.voice.digits(4)}H" for _ in range(2)]
    y = grid.head(y)
    aired_at = sorted((rng.randint(0, span), rng.randint(330, 1420)) for _ in range(count))
    for row, (after, minute) in enumerate(aired_at):
        aired, start = first + timedelta(days=after), f"/spots_aired/{row}"
        clock = f"{(minute // 60 - 1) % 12 + 1}:{minute % 60:02} {'AP'[minute >= 720]}M"
        seconds = rng.choice((30, 30, 60))
        cells: list[Said] = [
            str(row + 1), ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")[aired.weekday()], dated(draft, aired, f"{start}/air_date", form),
            Fact(clock, f"{start}/air_time"), Fact(rng.choice(copies), f"{start}/copy_id"),
            Fact(f":{seconds}", f"{start}/length", seconds), "NM", worth(draft, price, f"{start}/rate", "${}"),
        ]  # fmt: skip
        y, gross = draft.row(grid, y, cells), gross + price
    return y, count, gross


def _invoice(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, width=612.0, height=792.0, size=8.5)
    draft.left, form = 42.0, rng.choice(_FORMS)
    month = _month(draft.today)
    first = month[0] + timedelta(days=rng.randint(0, 9))
    last = first + timedelta(days=rng.randint(4, 18))
    y, count, gross = _spots(draft, _head(draft, month, first, last, form), first, last, form)
    y = onward(draft, y + 16, 90)
    rebate = round(gross * 0.15, 2) if draft.facts.get("/agency") else 0.0
    entries: list[tuple[str, Said]] = [
        ("Total Spots:", Fact(str(count), "/spot_count", count)),
        ("Gross Total:", worth(draft, gross, "/gross", "${}")),
    ]
    if rebate:
        entries.append(("Agency Commission:", worth(draft, rebate, "/agency_commission", "${}")))
    entries.append(("Net Amount Due:", worth(draft, gross - rebate, "/net_due", "${}")))
    low = draft.labels(draft.right - 180, y, draft.right, entries, align="right")
    if rng.random() < 0.6:
        terms = Fact(rng.choice(("Net 30 days", "Due upon receipt", "Cash in advance")), "/payment_terms")
        draft.prose(draft.left, y, ONE_LINE, "Terms: ", terms)
    words = "We warrant that the broadcasts above were made as shown by the official program log."
    draft.prose(draft.left, low + 14, 330, words, size=7)
    return draft.finish("air_invoice", at)


LAYOUTS = (Layout("air_invoice", "advertising", _invoice, group="fresh"),)
