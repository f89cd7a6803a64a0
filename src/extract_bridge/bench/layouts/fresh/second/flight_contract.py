"""A television station's contract: framed headings, a flight in one field, lines with dates of their own and a week of spots under each."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.second.hands import AMERICAN_TOWNS, onward
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, captioned, dated, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    contract_number=text(),
    alternate_order_number=text("Agency's own number"),
    property=text("Station"),
    advertiser=text(),
    agency=text(),
    product=text(),
    estimate=text(),
    account_executive=text(),
    sales_office=text(),
    contract_date=day("Of this revision, not of the original contract"),
    flight_from=day("Start of the flight"),
    flight_to=day("End of the flight"),
    lines=many(
        line_number=whole(),
        start_date=day(),
        end_date=day(),
        description=text(),
        time=text(),
        length=text(),
        spots=whole(),
        amount=number(),
    ),
    total_spots=whole(),
    gross_amount=number(),
    commission=number("Positive"),
    net_amount=number(),
)
_WHO = (
    ("Friends of Dana Whitlock", "Whitlock / Governor"), ("Kessler Ford Lincoln", "Year-End Clearance"), ("Yes on Measure 12", "Ballot Issue"),
    ("Bayshore Orthopedics", "Joint Center"), ("Gus's Pizza Kitchens", "Two for Tuesday"),
)  # fmt: skip
_AGENCIES = ("Grant Street Media LLC", "Buying Time Northwest", "Perrin/Hale Communications")
_SHOWS = (
    ("Action 6 News at Noon", "12:00 PM-12:30 PM"), ("Wheel/Jeopardy Block", "7:00 PM-8:00 PM"), ("Daytime ROS", "9:00 AM-4:00 PM"),
    ("Saturday College Football", "2:30 PM-6:00 PM"), ("Late News Weekend", "11:00 PM-11:35 PM"), ("Good Day Tri-Cities", "5:00 AM-7:00 AM"),
)  # fmt: skip
_FORM = "{m:02}/{d:02}/{yy}"
_TABS: Tabs = (
    (0, "left"), (24, "left"), (66, "left"), (112, "left"), (236, "left"),
    (345, "left"), (400, "right"), (458, "right"), (532, "right"),
)  # fmt: skip


class _Sum(NamedTuple):
    spots: int
    gross: float


def _fields(draft: Draft, first: date, last: date) -> list[list[tuple[str, list[Said]]]]:
    """What the frames of the head say, in three columns."""
    rng, voice = draft.rng, draft.voice
    who, product = rng.choice(_WHO)
    span: list[Said] = [
        dated(draft, first, "/flight_from", _FORM),
        " - ",
        dated(draft, last, "/flight_to", _FORM),
    ]
    made = dated(draft, draft.today, "/contract_date", _FORM)
    order: list[Said] = [Fact(voice.digits(8), "/alternate_order_number")] if rng.random() < 0.7 else []
    estimate: list[Said] = [Fact(voice.digits(rng.choice((3, 4))), "/estimate")] if rng.random() < 0.7 else []
    left: list[tuple[str, list[Said]]] = [
        ("Advertiser", [Fact(who, "/advertiser")]),
        ("Product", [Fact(product, "/product")]),
        ("Flight", span),
    ]
    middle: list[tuple[str, list[Said]]] = [
        (
            "Contract / Revision",
            [Fact(voice.digits(7), "/contract_number"), f" / {rng.choice(('', '1', '3'))}"],
        ),
        ("Alt Order #", order),
        ("Estimate #", estimate),
    ]
    right: list[tuple[str, list[Said]]] = [
        ("Account Executive", [Fact(voice.person(), "/account_executive")]),
        (
            "Sales Office",
            [Fact(rng.choice(("Local", "KRG-Chicago", "Political Washington")), "/sales_office")],
        ),
        ("Date / Revision", [made, f" / {voice.day(draft.today, _FORM)}"]),
    ]
    for column in (left, middle, right):
        rng.shuffle(column)
    return [left, middle, right]


def _head(draft: Draft, first: date, last: date) -> float:
    rng, left = draft.rng, draft.left
    call = f"{rng.choice('KW')}{''.join(rng.choice('BCGMPQS') for _ in range(rng.choice((2, 3))))}"
    draft.say(left, 42, Fact(call + rng.choice(("", "-TV", "-DT2")), "/property"), bold=True, size=13)
    draft.say(draft.right, 42, "CONTRACT", bold=True, size=13, align="right")
    printed = (
        f"Print Date {draft.voice.day(draft.later(1, 12), '{m:02}/{d:02}/{y}')}   Page {draft.sheet.page}"
    )
    draft.say(draft.right, 54, printed, size=7, align="right")
    framed, width, y = rng.random() < 0.5, (draft.right - left) / 3, 66.0
    for at, column in enumerate(_fields(draft, first, last)):
        for row, (label, parts) in enumerate(column):
            x, top = left + at * width, y + row * 26
            if framed:
                captioned(draft, x, top, width, 26, label, "")
                draft.prose(x + 5, top + 21, ONE_LINE, *parts)
            else:
                draft.prose(x, top + 12 - row * 11, ONE_LINE, f"{label}: ", *parts)
    y += 78 + 14 if framed else 60
    if rng.random() < 0.75:
        draft.say(left, y, "Agency:" if rng.random() < 0.5 else "And:", size=7.5, grey=True)
        draft.say(left + 34, y, Fact(rng.choice(_AGENCIES), "/agency"), bold=True)
        draft.say(
            left + 34, y + draft.step, f"{rng.randint(100, 2900)} Court Street, {rng.choice(AMERICAN_TOWNS)}"
        )
    draft.say(left + 300, y, f"Original Date {draft.voice.day(draft.later(-40, -5), _FORM)}", size=7.5)
    month = draft.voice.day(first, "{month} {y}")
    draft.say(left + 420, y, f"Billing Calendar: {month}", size=7.5)
    return y + 3 * draft.step


def _lines(draft: Draft, y: float, spans: list[tuple[date, date]]) -> tuple[float, _Sum]:
    rng, total = draft.rng, _Sum(0, 0.0)
    heads = (
        "*Line",
        "Start Date",
        "End Date",
        "Description",
        "Start/End Time",
        "Length",
        "Spots",
        "Rate",
        "Amount",
    )
    y = across(draft, y, _TABS, heads, bold=True, size=7)
    draft.sheet.line(draft.left, y - 6, draft.right, y - 6, width=1.2)
    for row, (first, last) in enumerate(spans):
        y, start = onward(draft, y + 4, 50), f"/lines/{row}"
        (show, clock), rate, weeks = (
            rng.choice(_SHOWS),
            rng.randint(2, 400) * 5.0,
            -(-((last - first).days + 1) // 7),
        )
        booked = [rng.randint(1, 6) for _ in range(weeks)]
        spots = sum(booked)
        cells: list[Said] = [
            Fact(str(row + 1), f"{start}/line_number", row + 1), dated(draft, first, f"{start}/start_date", _FORM),
            dated(draft, last, f"{start}/end_date", _FORM), Fact(show, f"{start}/description"), Fact(clock, f"{start}/time"),
            Fact(f":{rng.choice((15, 30, 60))}", f"{start}/length"), Fact(str(spots), f"{start}/spots", spots),
            f"${draft.voice.number(rate)}", worth(draft, spots * rate, f"{start}/amount", "${}"),
        ]  # fmt: skip
        y = across(draft, y, _TABS, cells, size=7.5)
        for week, count in enumerate(booked):
            monday = first + timedelta(days=7 * week)
            ends = min(monday + timedelta(days=6), last)
            when = f"Week: {draft.voice.day(monday, _FORM)}  {draft.voice.day(ends, _FORM)}  MTWTFSS  {count}  ${rate:.2f}"
            draft.say(draft.left + 66, y, when, size=6.5)
            y += 9
        total = _Sum(total.spots + spots, total.gross + spots * rate)
    return y + 6, total


def _contract(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng, "en", _SCHEMA, width=612.0, height=792.0, size=8.5, face=rng.choice((FACES[0], FACES[3]))
    )
    draft.left = 40.0
    first = draft.later(4, 60)
    last = first + timedelta(days=rng.choice((5, 6, 13, 20, 27)))
    spans = [(first, last)]
    for _ in range(rng.randint(1, 8)):
        begin = first + timedelta(days=rng.randint(0, (last - first).days))
        spans.append((begin, begin + timedelta(days=rng.randint(0, (last - begin).days))))
    y, total = _lines(draft, _head(draft, first, last), spans)
    y = onward(draft, y, 100)
    rebate = round(total.gross * 0.15, 2) if draft.facts.get("/agency") else 0.0
    entries: list[tuple[str, Said]] = [
        ("Total Spots", Fact(str(total.spots), "/total_spots", total.spots)),
        ("Gross Amount", worth(draft, total.gross, "/gross_amount", "${}")),
    ]
    if rebate:
        entries.append(
            ("Agency Commission", worth(draft, rebate, "/commission", rng.choice(("(${})", "-${}"))))
        )
    entries.append(("Net Amount", worth(draft, total.gross - rebate, "/net_amount", "${}")))
    y = draft.labels(draft.right - 190, y, draft.right, entries, align="right", bold=rng.random() < 0.5)
    draft.say(draft.left, y + 24, "Signature: ______________________________   Date: ______________")
    words = "(* Line transactions: N = new, E = edited, D = deleted) Payment is due 30 days after the date of the invoice."
    draft.prose(draft.left, y + 46, draft.right - draft.left, words, size=6.5)
    return draft.finish("flight_contract", at)


LAYOUTS = (Layout("flight_contract", "advertising", _contract, group="fresh"),)
