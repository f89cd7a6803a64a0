"""A hotel's bill in American English: charges and credits in columns of their own, the balance settled or not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    guest_name=text(),
    company=text("Employer of the guest, if it is printed"),
    room=text("Room number"),
    folio_number=text(),
    arrival=day("Check-in date"),
    departure=day("Check-out date"),
    number_of_guests=whole(),
    charges=many(
        "Every posting on the folio",
        date=day(),
        description=text(),
        charge=number("Amount in the charges column"),
        credit=number("Amount in the credits column"),
    ),
    balance_due=number("What the guest still owes"),
    loyalty_number=text(),
)
_EXTRAS = ("Restaurant - Dinner", "Minibar", "Valet Parking", "Laundry", "In-Room Dining", "Spa Treatment")
_FORM = "{m:02}/{d:02}/{yy}"


def _head(draft: Draft, arrival: date, nights: int) -> float:
    rng, voice = draft.rng, draft.voice
    middle = draft.sheet.width / 2
    draft.say(middle, 58, "HARBOUR LIGHTS HOTEL & SUITES", size=15, bold=True, align="centre")
    draft.say(
        middle,
        74,
        "1180 Lakeview Drive, Duluth, MN 55802 | (218) 555-0142",
        size=8,
        align="centre",
        grey=True,
    )
    guest, home = voice.person(), voice.homes(1)[0]
    y = draft.lines(draft.left, 110, Fact(guest, "/guest_name"), home.street, home.town)
    if rng.random() < 0.5:
        draft.say(draft.left, y, Fact(voice.companies(1)[0], "/company"))
    leaving = arrival + timedelta(days=nights)
    guests = rng.randint(1, 4)
    right: list[tuple[str, Said]] = [
        ("Room", Fact(f"{rng.randint(1, 14)}{rng.randint(1, 39):02}", "/room")),
        ("Arrival", Fact(voice.day(arrival, _FORM), "/arrival", arrival.isoformat())),
        ("Departure", Fact(voice.day(leaving, _FORM), "/departure", leaving.isoformat())),
        ("Guests", Fact(str(guests), "/number_of_guests", guests)),
        ("Folio No.", Fact(voice.digits(6), "/folio_number")),
        ("Page", "1 of 1"),
        ("Cashier", str(rng.randint(10, 99))),
    ]
    if rng.random() < 0.5:
        right.append(
            ("Rewards #", Fact(f"{voice.digits(3)} {voice.digits(3)} {voice.digits(3)}", "/loyalty_number"))
        )
    return draft.labels(draft.right - 170, 110, draft.right - 95, right) + 14


def _folio(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, width=612.0, height=792.0)
    nights = rng.randint(1, 6)
    y = _head(draft, draft.today, nights)
    columns = [
        Column("Date", 0.15),
        Column("Description", 0.37),
        Column("Reference", 0.16),
        Column("Charges", 0.16, "right"),
        Column("Credits", 0.16, "right"),
    ]
    grid = draft.table(draft.left, draft.right - draft.left, columns, rng.choice(("plain", "zebra", "lines")))
    y, rate, owed, row = grid.head(y), draft.amount(99, 389), 0.0, 0

    def post(when: date, what: str, value: float, *, credit: bool = False) -> None:
        nonlocal y, owed, row
        printed = Fact(draft.voice.number(value), f"/charges/{row}/{'credit' if credit else 'charge'}", value)
        cells: list[Said] = [
            Fact(draft.voice.day(when, _FORM), f"/charges/{row}/date", when.isoformat()),
            Fact(what, f"/charges/{row}/description"),
            draft.voice.digits(5) if rng.random() < 0.4 else "",
            "" if credit else printed,
            printed if credit else "",
        ]
        y, owed, row = draft.row(grid, y, cells), round(owed + (-value if credit else value), 2), row + 1

    for night in range(nights):
        when = draft.today + timedelta(days=night)
        post(when, "Room Charge", rate)
        post(when, "Occupancy Tax", round(rate * 0.085, 2))
        if rng.random() < 0.6:
            post(when, rng.choice(_EXTRAS), draft.amount(6, 140))
    paid = owed if rng.random() < 0.6 else round(owed * 0.5, 2)
    post(
        draft.today + timedelta(days=nights),
        f"Visa Card XXXXXXXXXXXX{draft.voice.digits(4)}",
        paid,
        credit=True,
    )
    y += 18
    draft.say(
        draft.right - 4,
        y,
        f"Totals   {draft.voice.number(owed + paid)}   {draft.voice.number(paid)}",
        align="right",
    )
    y += draft.step * 1.3
    draft.say(draft.right - 150, y, "Balance Due", bold=True, align="right")
    draft.say(
        draft.right - 4,
        y,
        Fact(f"${draft.voice.number(owed)}", "/balance_due", owed),
        bold=True,
        align="right",
    )
    draft.prose(
        draft.left,
        y + 40,
        430,
        "I agree that my liability for this bill is not waived and agree to be held personally liable if the indicated"
        " person or company fails to pay. Guest signature: ______________________",
        size=8,
    )
    return draft.finish("hotel_folio", at)


LAYOUTS = (Layout("hotel_folio", "hotel", _folio, group="fresh"),)
