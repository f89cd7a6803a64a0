"""An American station's advertising order across a broad page: spots for each week in columns, gross, commission and net, a month by month recap."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, dated, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    orderNumber=text(),
    revision=text("Revision or modification number"),
    station=text("Call letters"),
    advertiser=text(),
    agency=text("Name only; null for a direct account"),
    product=text(),
    estimateNumber=text(),
    accountExecutive=text(),
    orderDate=day(),
    flightStart=day("First day of the schedule"),
    flightEnd=day("Last day of the schedule"),
    spots=many(
        "Buy lines",
        line=whole(),
        daypart=text("Program or daypart"),
        days=text(),
        timePeriod=text(),
        lengthSeconds=whole(),
        totalSpots=whole(),
        rate=number("Per spot"),
        gross=number(),
    ),
    totalSpots=whole("Spots on the whole order"),
    grossTotal=number(),
    agencyCommission=number("As a positive amount"),
    netTotal=number(),
    billingCycle=text(enum=["Broadcast", "Calendar"]),
    candidate=text("Political orders only"),
)
_ADVERTISERS = (
    "Harlan Auto Group",
    "Committee to Elect Ruth Odom",
    "Sunridge Credit Union",
    "Big Lake Furniture",
    "Citizens for Clean Wells",
)
_AGENCIES = ("Fulcrum Media Partners", "Tidewater Buying Service, Inc.", "Ames & Rowe Advertising")
_PROGRAMS = (
    ("Morning Report", "M-F", "5a-7a"), ("Noon News", "MTWTF--", "12p-1230p"), ("Early News", "M-F", "6p-630p"),
    ("Late News", "M-Su", "11p-1135p"), ("Prime Access Rotator", "-TWT---", "7p-8p"), ("Weekend Movie", "Sa-Su", "2p-4p"),
    ("Drive Time AM", "M-F", "6a-10a"), ("Sports Sunday: Pregame and Countdown", "------S", "1130a-1p"),
)  # fmt: skip
_FORM = "{m:02}/{d:02}/{yy}"


def _head(draft: Draft, begin: date, end: date) -> float:
    rng, voice = draft.rng, draft.voice
    call = f"{rng.choice('KW')}{''.join(rng.choice('ABDLNRTVX') for _ in range(3))}{rng.choice(('-TV', '-FM', ''))}"
    draft.say(draft.left, 44, Fact(call, "/station"), bold=True, size=15)
    draft.say(
        draft.right,
        44,
        rng.choice(("ORDER", "Broadcast Order Confirmation", "INSERTION ORDER")),
        size=12,
        align="right",
    )
    who = rng.choice(_ADVERTISERS)
    left: list[tuple[str, Said]] = [("Advertiser", Fact(who, "/advertiser"))]
    if rng.random() < 0.75:
        left.append(("Agency", Fact(rng.choice(_AGENCIES), "/agency")))
    left.append(
        (
            "Product",
            Fact(
                "Ruth Odom / Senate"
                if "Elect" in who
                else f"{rng.choice(('Spring', 'Fall', 'Q4'))} {rng.choice(('Branding', 'Sale', 'Event'))}",
                "/product",
            ),
        )
    )
    if "Elect" in who:
        left.append(("Candidate", Fact("Ruth Odom", "/candidate")))
    middle: list[tuple[str, Said]] = [
        ("Order #", Fact(voice.digits(7), "/orderNumber")),
        ("Flight", ""),
        ("Billing", Fact(rng.choice(("Broadcast", "Calendar")), "/billingCycle")),
    ]
    if rng.random() < 0.6:
        middle.insert(1, ("Revision", Fact(str(rng.randint(1, 6)), "/revision")))
    right: list[tuple[str, Said]] = [
        ("Acct Exec:", Fact(voice.person(), "/accountExecutive")),
        ("Entered:", dated(draft, draft.today, "/orderDate", _FORM)),
        ("Printed:", voice.day(draft.later(0, 9), _FORM)),
    ]
    if rng.random() < 0.6:
        right.append(("Est #", Fact(voice.digits(rng.choice((3, 4))), "/estimateNumber")))
    rng.shuffle(right)
    at = [label for label, _ in middle].index("Flight")
    span = dated(draft, begin, "/flightStart", _FORM), dated(draft, end, "/flightEnd", _FORM)
    draft.prose(
        draft.left + 330, 66 + at * draft.step, ONE_LINE, span[0], rng.choice((" - ", "-", " to ")), span[1]
    )
    ends = (
        draft.labels(draft.left, 66, draft.left + 60, left),
        draft.labels(draft.left + 275, 66, draft.left + 330, middle),
        draft.labels(draft.right - 150, 66, draft.right - 85, right),
    )
    return max(ends) + 14


def _grid(draft: Draft, y: float, weeks: list[date]) -> tuple[float, int, float]:
    """The buy lines; where they end, and how many spots for how much."""
    rng, width, few = draft.rng, 24.0, 0.0
    step = 282.0
    firsts: Tabs = ((0, "left"), (22, "left"), (150, "left"), (192, "left"), (262, "right"))
    grid: Tabs = tuple((step + (at + 1) * width, "right") for at in range(len(weeks)))
    lasts: Tabs = (
        (draft.right - draft.left - 130, "right"),
        (draft.right - draft.left - 66, "right"),
        (draft.right - draft.left, "right"),
    )
    tabs = (*firsts, *grid, *lasts)
    dates = [f"{week.month}/{week.day}" for week in weeks]
    draft.say(draft.left + step, y, rng.choice(("Spots per Week (week of)", "Weekly Distribution")), size=7)
    y = across(
        draft,
        y + 10,
        tabs,
        ("Ln", "Program", "Days", "Time", "Len", *dates, "Spots", "Rate", "Gross"),
        bold=True,
    )
    draft.sheet.line(draft.left, y - draft.step + 4, draft.right, y - draft.step + 4)
    y, count = y + 3, 0
    for row, (name, days, clock) in enumerate(rng.sample(_PROGRAMS, rng.randint(2, len(_PROGRAMS)))):
        start, booked = f"/spots/{row}", [rng.choice((0, 1, 2, 3, 5)) for _ in weeks]
        booked[rng.randrange(len(booked))] = rng.randint(1, 10)
        price, seconds, spots = float(rng.randint(2, 160) * 5), rng.choice((15, 30, 30, 60)), sum(booked)
        cells: list[Said] = [
            Fact(str(row + 1), f"{start}/line", row + 1), "", Fact(days, f"{start}/days"),
            Fact(clock, f"{start}/timePeriod"), Fact(f":{seconds}", f"{start}/lengthSeconds", seconds),
            *(str(number_of) if number_of else rng.choice(("", "-")) for number_of in booked),
            Fact(str(spots), f"{start}/totalSpots", spots), worth(draft, price, f"{start}/rate", "${}"),
            worth(draft, spots * price, f"{start}/gross", "${}"),
        ]  # fmt: skip
        across(draft, y, tabs, cells)
        y = draft.prose(draft.left + 22, y, 122, Fact(name, f"{start}/daypart")) + 2
        count, few = count + spots, few + spots * price
    draft.sheet.line(draft.left, y - draft.step + 3, draft.right, y - draft.step + 3)
    totals = Fact(str(count), "/totalSpots", count), "", worth(draft, few, "/grossTotal", "${}")
    y = across(draft, y + 3, lasts, totals, bold=True)
    draft.say(draft.left + 22, y - draft.step, "Order Totals", bold=True)
    return y + 8, count, few


def _recap(draft: Draft, y: float, begin: date, count: int, gross: float) -> None:
    """What each month comes to: sums that are not the order's."""
    tabs: Tabs = ((0, "left"), (120, "right"), (210, "right"))
    y = across(draft, y, tabs, ("Month", "Spots", "Gross"), bold=True, size=7.5)
    for at, share in enumerate((0.5, 0.5)):
        month = draft.voice.day((begin.replace(day=1) + timedelta(days=32 * at)), "{mon} {y}")
        y = across(
            draft,
            y,
            tabs,
            (month, str(count // 2 + at * (count % 2)), draft.voice.number(gross * share)),
            size=7.5,
        )


def _order(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng, "en", _SCHEMA, width=792.0, height=612.0, size=8.5, face=rng.choice((FACES[0], FACES[1]))
    )
    draft.left = 36.0
    begin = draft.later(5, 40)
    begin -= timedelta(days=begin.weekday())
    weeks = [begin + timedelta(days=7 * week) for week in range(rng.randint(2, 7))]
    y = _head(draft, begin, weeks[-1] + timedelta(days=6))
    y, count, gross = _grid(draft, y, weeks)
    right = draft.right
    entries: list[tuple[str, Said]] = [("Gross Amount", worth(draft, gross, "/grossTotal"))]
    rebate = round(gross * 0.15, 2) if draft.facts.get("/agency") else 0.0
    if rebate:
        form = rng.choice(("-${}", "(${})"))
        entries.append(("Agency Commission 15%", worth(draft, rebate, "/agencyCommission", form)))
    entries.append(("Net Amount", worth(draft, gross - rebate, "/netTotal", "${}")))
    draft.labels(right - 220, y, right, entries, align="right")
    if rng.random() < 0.6:
        _recap(draft, y, begin, count, gross)
    note = "Subject to preemption. Station does not discriminate in the sale of advertising time on the basis of race or ethnicity."
    draft.prose(draft.left, y + 76, 420, note, size=7)
    draft.say(
        draft.left,
        draft.sheet.height - 40,
        "Accepted for station: ____________________   Date: __________",
        size=8,
    )
    return draft.finish("spot_order", at)


LAYOUTS = (Layout("spot_order", "advertising", _order, group="fresh"),)
