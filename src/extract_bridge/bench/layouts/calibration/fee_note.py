"""A British consultant's fee note: days of work told in sentences, hours and a rate, expenses at cost, the sum in a dotted column."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, dated, leader, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    feeNoteNo=text(),
    issuedOn=day("Date of the fee note"),
    consultant=text("Who did the work"),
    client=thing("Who pays", name=text(), attention=text("Person addressed"), street=text(), town=text()),
    engagement=text("Title of the assignment"),
    clientReference=text("The client's own reference or PO"),
    timeEntries=many("One per day worked", date=day(), activity=text(), hours=number(), fee=number()),
    expenses=many("Disbursements", item=text(), cost=number()),
    hourlyRate=number(),
    totalHours=number(),
    feesTotal=number("Time only, without expenses"),
    expensesTotal=number(),
    vat=number(),
    amountPayable=number(),
    payBy=day(),
    sortCode=text(),
    accountNumber=text(),
    retainerApplied=number("Retainer set against this note"),
)
_WHO = (
    ("Rowan Ellery", "Hydrology and flood risk"),
    ("Dr Imogen Farrant", "Acoustic engineer"),
    ("Piers Tolland MRICS", "Party walls & surveys"),
)
_WORKS = (
    "Site walk with the estates team; photographs and notes of the culvert",
    "Drafting of section 4 and tables",
    "Call with planning officer, follow-up email",
    "Review of borehole logs and earlier reports supplied by the client, with comments in the margin",
    "Modelling runs",
    "Travel and inspection, east block",
    "Final read-through and issue of report",
)
_COSTS = (
    "Rail fare, standard return",
    "Mileage 86 miles at 45p",
    "Printing of drawings",
    "Data licence",
    "Parking",
)
_JOBS = (
    "Culvert capacity study",
    "Noise survey at Unit 9",
    "Schedule of condition, 40-44 Tarn Row",
    "Outfall design review",
)


def _who(draft: Draft) -> float:
    """Both parties, and what the note is about."""
    rng, voice = draft.rng, draft.voice
    name, trade = rng.choice(_WHO)
    draft.say(draft.sheet.width / 2, 58, Fact(name, "/consultant"), size=15, align="centre")
    draft.say(draft.sheet.width / 2, 74, trade, size=9, grey=True, align="centre")
    homes = voice.homes(2)
    draft.say(
        draft.sheet.width / 2, 87, f"{homes[0].line}  |  07700 900{voice.digits(3)}", size=7.5, align="centre"
    )
    draft.sheet.line(draft.left, 96, draft.right, 96)
    y = draft.lines(draft.left, 126, Fact(voice.companies(1)[0], "/client/name"))
    if rng.random() < 0.6:
        y = draft.prose(draft.left, y, ONE_LINE, "FAO ", Fact(voice.person(), "/client/attention"))
    y = draft.lines(
        draft.left, y, Fact(homes[1].street, "/client/street"), Fact(homes[1].town, "/client/town")
    )
    code = rng.choice(
        (f"{draft.today.year}/{rng.randint(1, 60):03}", f"FN{voice.digits(4)}", voice.digits(3))
    )
    when = dated(
        draft, draft.today, "/issuedOn", rng.choice(("{d} {month} {y}", "{d}.{m}.{yy}", "{d:02}/{m:02}/{y}"))
    )
    title: list[Said] = [
        "Fee note no. ",
        Fact(code, "/feeNoteNo"),
        rng.choice((" of ", ", dated ", " - ")),
        when,
    ]
    y = draft.prose(draft.left, y + 22, ONE_LINE, *title, bold=True, size=11) + 2
    y = draft.prose(draft.left, y, ONE_LINE, "In the matter of: ", Fact(rng.choice(_JOBS), "/engagement"))
    if rng.random() < 0.5:
        code = f"{rng.choice('PQW')}{voice.digits(5)}/{rng.randint(1, 9)}"
        y = draft.prose(draft.left, y, ONE_LINE, "Your ref ", Fact(code, "/clientReference"))
    return y + 14


def _time(draft: Draft, y: float, rate: float) -> tuple[float, float]:
    """The days; where they end, and how many hours they come to."""
    rng, hours, priced = draft.rng, 0.0, draft.rng.random() < 0.6
    form = rng.choice(("{d} {mon}", "{d}/{m}")) + rng.choice((" {y}", " {yy}"))
    if "/" in form:
        form = form.replace(" ", "/")
    tabs: Tabs = ((0, "left"), (75, "left"), (396, "right"), (draft.right - draft.left, "right"))
    y = across(draft, y, tabs, ("Date", "Work done", "Hrs", "£" if priced else ""), bold=True) + 3
    day_of = draft.today - timedelta(days=rng.randint(25, 45))
    for row, work in enumerate(rng.sample(_WORKS, rng.randint(2, len(_WORKS)))):
        at, spent = f"/timeEntries/{row}", rng.randint(2, 32) / 4
        day_of += timedelta(days=rng.randint(1, 4))
        fee: Said = worth(draft, spent * rate, f"{at}/fee") if priced else ""
        across(
            draft,
            y,
            tabs,
            (dated(draft, day_of, f"{at}/date", form), "", worth(draft, spent, f"{at}/hours"), fee),
        )
        y = draft.prose(draft.left + 75, y, 290, Fact(work, f"{at}/activity")) + 3
        hours += spent
    return y + 8, hours


def _note(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, size=10.0)
    draft.left = 70.0
    rate, y = float(rng.choice((65, 84, 95, 120, 145))), _who(draft)
    y, hours = _time(draft, y, rate)
    spent: list[tuple[str, float]] = [
        (item, draft.amount(4, 190)) for item in rng.sample(_COSTS, rng.randint(0, 3))
    ]
    for row, (item, cost) in enumerate(spent):
        if not row:
            draft.say(draft.left, y, "Disbursements at cost", bold=True)
            y += draft.step
        draft.say(draft.left + 75, y, Fact(item, f"/expenses/{row}/item"))
        draft.say(draft.right, y, worth(draft, cost, f"/expenses/{row}/cost"), align="right")
        y += draft.step
    y, left = y + 12, draft.left + 190
    time: list[Said] = ["Professional time: ", worth(draft, hours, "/totalHours"), " hours at "]
    draft.prose(draft.left, y, ONE_LINE, *time, worth(draft, rate, "/hourlyRate", "£{}"), " an hour")
    y = leader(
        draft, left, y + draft.step * 1.3, draft.right, "Fees", worth(draft, hours * rate, "/feesTotal")
    )
    net = hours * rate + sum(cost for _, cost in spent)
    if spent:
        y = leader(
            draft,
            left,
            y,
            draft.right,
            "Disbursements",
            worth(draft, round(net - hours * rate, 2), "/expensesTotal"),
        )
    vat = round(net * 0.2, 2) if rng.random() < 0.55 else 0.0
    if vat:
        y = leader(draft, left, y, draft.right, "VAT @ 20%", worth(draft, vat, "/vat"))
    held = float(rng.randint(1, 4) * 50) if rng.random() < 0.25 else 0.0
    if held:
        y = leader(
            draft, left, y, draft.right, "Less retainer held", worth(draft, held, "/retainerApplied", "({})")
        )
    draft.say(left, y + 4, "Now due", bold=True)
    draft.say(
        draft.right,
        y + 4,
        worth(draft, round(net + vat - held, 2), "/amountPayable", "£{}"),
        bold=True,
        align="right",
    )
    until = dated(draft, draft.today + timedelta(days=rng.choice((14, 21, 28))), "/payBy", "{d} {month} {y}")
    parts: list[Said] = ["Kindly settle by ", until, " by transfer to sort code "]
    parts += [
        Fact(f"{draft.voice.digits(2)}-{draft.voice.digits(2)}-{draft.voice.digits(2)}", "/sortCode"),
        ", account ",
    ]
    parts += [
        Fact(draft.voice.digits(8), "/accountNumber"),
        ". Accounts unpaid after 60 days attract statutory interest.",
    ]
    draft.prose(draft.left, y + 44, draft.right - draft.left, *parts, size=9)
    return draft.finish("calibration", at)


LAYOUTS = (Layout("fee_note", "fees", _note, group="calibration"),)
