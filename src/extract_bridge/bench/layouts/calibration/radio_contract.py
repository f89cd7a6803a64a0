"""A radio group's broadcast contract in American English: one block of days a line with counts under Monday to Sunday, remarks between the lines, sums by station."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, captioned, dated, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    contract_no=text("Contract number, without its version"),
    alt_order_no=text("Alternate order number"),
    contract_dates=thing("", start=day(), end=day()),
    entered_on=day("Original date of the contract"),
    bill_to=text("Company the invoice goes to"),
    advertiser_name=text(),
    product_desc=text(),
    salesperson=text(),
    sales_office=text(),
    demographic=text(),
    lines=many(
        "Schedule lines",
        line_no=whole(),
        station=text(),
        start_date=day(),
        end_date=day(),
        daypart=text("Start and end time as printed"),
        spot_length=text(),
        spots_per_week=whole(),
        rate=number(),
        line_total=number(),
    ),
    total_spots=whole(),
    gross_amount=number(),
    agency_discount=number(),
    net_due=number("What the advertiser or its agency has to pay"),
    co_op=text("yes or no", enum=["Yes", "No"]),
)
_STATIONS = ("WQRK-FM", "KLMN-AM", "WHBT-FM", "KSUN-FM")
_PARTS = (
    "6:00 AM-10:00 AM",
    "10:00 AM-3:00 PM",
    "3:00 PM-7:00 PM",
    "5:30 AM-7:00 PM",
    "7:00 PM-12:00 Mid",
    "ROS 6:00 AM-12:00 Mid",
)
_NAMES = (
    ("Delmar Tire & Brake", "Winter tire event"), ("Prairie Rose Casino", "New Year concert"), ("Yes On Measure 12", "Ballot issue 11/5"),
    ("Hollis Family Dental", "Invisible braces"), ("State Lottery Commission", "Scratchers flight 3"),
)  # fmt: skip
_BUYERS = ("Redbird Media Buying", "Croft Lane Communications", "In-House / Direct")
_HOMES = (
    "PO Box 1180, Hays, KS 67601",
    "77 W Iron Ave, Salina, KS 67401",
    "4100 Vine St Ste 9, Omaha, NE 68102",
)
_FORMS = ("{m:02}/{d:02}/{yy}", "{m}/{d}/{y}", "{m:02}/{d:02}/{y}")


def _head(draft: Draft, form: str, days: int) -> float:
    rng, voice, width = draft.rng, draft.voice, (draft.right - draft.left) / 4
    name, product = rng.choice(_NAMES)
    draft.say(
        draft.left, 40, rng.choice(("BROADCAST CONTRACT", "Contract Agreement Between:")), bold=True, size=12
    )
    draft.say(
        draft.right, 40, f"Print date {voice.day(draft.later(1, 30), form)}  Page 1", size=7, align="right"
    )
    draft.say(draft.left, 54, f"Tallgrass Radio Group, {rng.randint(100, 999)} Tower Rd, Salina KS", size=8)
    start = draft.today
    end = start + timedelta(days=days)
    span: list[Said] = [
        dated(draft, start, "/contract_dates/start", form),
        " - ",
        dated(draft, end, "/contract_dates/end", form),
    ]
    cells: list[tuple[str, Said]] = [
        ("Contract / Revision", ""), ("Alt Order #", Fact(voice.digits(8), "/alt_order_no") if rng.random() < 0.6 else ""),
        ("Contract Dates", ""), ("Original Date", dated(draft, draft.later(-30, -3), "/entered_on", form)),
        ("Advertiser", Fact(name, "/advertiser_name")), ("Product", Fact(product, "/product_desc")),
        ("Salesperson", Fact(voice.person(), "/salesperson")), ("Sales Office", Fact(rng.choice(("Salina Local", "National KC", "Wichita")), "/sales_office")),
    ]  # fmt: skip
    for at, (label, what) in enumerate(cells):
        captioned(draft, draft.left + at % 4 * width, 64 + at // 4 * 26, width, 26, label, what)
    draft.prose(
        draft.left + 5, 85, ONE_LINE, Fact(voice.digits(6), "/contract_no"), f" / {rng.randint(0, 4)}"
    )
    draft.prose(draft.left + 2 * width + 5, 85, ONE_LINE, *span)
    y = draft.prose(
        draft.left,
        134,
        ONE_LINE,
        "Bill to: ",
        Fact(rng.choice(_BUYERS), "/bill_to"),
        f", {rng.choice(_HOMES)}",
    )
    if rng.random() < 0.6:
        draft.prose(
            draft.left,
            y,
            ONE_LINE,
            "Demo: ",
            Fact(rng.choice(("Adults 25-54", "Women 18-49", "P12+")), "/demographic"),
            "    Market: Salina-Manhattan",
        )
    return y + 22


def _schedule(draft: Draft, y: float, form: str, days: int) -> tuple[float, int, float]:
    """The lines, a count below each day; how many spots, and for how much."""
    rng, edge = draft.rng, draft.right - draft.left
    week: Tabs = tuple((342 + 19 * at, "right") for at in range(7))
    tabs: Tabs = (
        (0, "left"),
        (20, "left"),
        (66, "left"),
        (118, "left"),
        (170, "left"),
        (290, "left"),
        *week,
        (502, "right"),
        (560, "right"),
        (edge, "right"),
    )
    heads = ("Ln", "Stn", "Start", "End", "Time", "Len", *"MTWTFSS", "/Wk", "Rate", "Total")
    y = across(draft, y, tabs, heads, bold=True)
    draft.sheet.line(draft.left, y - 7, draft.right, y - 7)
    y, count, gross, stations = y + 3, 0, 0.0, rng.sample(_STATIONS, rng.randint(1, 3))
    for row in range(rng.randint(2, 9)):
        at, station = f"/lines/{row}", stations[row * len(stations) // 9]
        start = draft.today + timedelta(days=rng.choice((0, 7)))
        weeks = max(1, (draft.today + timedelta(days=days + 1) - start).days // 7)
        booked = [rng.choice((0, 1, 2, 4)) for _ in range(5)] + [rng.choice((0, 0, 3)), rng.choice((0, 0, 2))]
        booked[2] += 1
        spots, price = sum(booked), float(rng.randint(8, 150))
        cells: list[Said] = [
            Fact(str(row + 1), f"{at}/line_no", row + 1), Fact(station, f"{at}/station"), dated(draft, start, f"{at}/start_date", form),
            dated(draft, draft.today + timedelta(days=days), f"{at}/end_date", form), Fact(rng.choice(_PARTS), f"{at}/daypart"),
            Fact(rng.choice((":30", ":60", ":15")), f"{at}/spot_length"), *(str(one) if one else "." for one in booked),
            Fact(str(spots), f"{at}/spots_per_week", spots), worth(draft, price, f"{at}/rate"), worth(draft, spots * weeks * price, f"{at}/line_total"),
        ]  # fmt: skip
        y = across(draft, y, tabs, cells)
        if rng.random() < 0.25:
            draft.say(
                draft.left + 66,
                y,
                rng.choice(
                    ("Remarks: live read by morning host", "Copy to follow; do not rotate with line above")
                ),
                size=7,
                grey=True,
            )
            y += draft.step
        count, gross = count + spots * weeks, gross + spots * weeks * price
    return y + 8, count, gross


def _contract(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng,
        "en",
        _SCHEMA,
        width=792.0,
        height=612.0,
        size=8.0,
        face=rng.choice((FACES[0], FACES[0], FACES[2])),
    )
    draft.left = 54.0
    if draft.sheet.face == FACES[2]:
        draft.sheet.size, draft.left = 7.0, 40.0
    form, days = rng.choice(_FORMS), rng.randint(2, 8) * 7 - 1
    draft.today -= timedelta(days=draft.today.weekday())
    y, count, gross = _schedule(draft, _head(draft, form, days), form, days)
    cut = 0.0 if draft.facts["/bill_to"] == _BUYERS[2] else round(gross * 0.15, 2)
    lines: list[tuple[str, Said]] = [
        ("Total Spots", Fact(str(count), "/total_spots", count)),
        ("Gross Amount", worth(draft, gross, "/gross_amount", "${}")),
    ]
    if cut:
        lines.append(("Agency Comm.", worth(draft, cut, "/agency_discount", "${}")))
    lines.append((rng.choice(("Net Amount Due", "Net Due")), worth(draft, gross - cut, "/net_due", "${}")))
    if rng.random() < 0.5:
        draft.labels(draft.right - 170, y, draft.right, lines, align="right", bold=True)
    else:
        draft.stacked(draft.left, y, 110, lines)
    y += 70
    if rng.random() < 0.5:
        draft.prose(
            draft.left,
            y,
            ONE_LINE,
            "Co-op: ",
            Fact(rng.choice(("Yes", "No")), "/co_op"),
            "   Affidavit required: Yes   Invoice cycle: EOM",
        )
    note = "Cancellation with 14 days written notice. This station does not discriminate in advertising contracts. Payment due 30 days from invoice; 1.5% a month thereafter."
    draft.prose(draft.left, y + 18, 500, note, size=7)
    return draft.finish("calibration", at)


LAYOUTS = (Layout("radio_contract", "broadcast", _contract, group="calibration"),)
