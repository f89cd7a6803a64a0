"""An Australian service station's docket: pumps and litres, shop items, a discount voucher, card slip beneath with amounts of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, dated, required, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = required(
    thing(
        "Fuel purchase for the fleet ledger",
        merchant=text("Trading name on the docket"),
        abn=text("Australian Business Number of the merchant"),
        site=text("Suburb or site name"),
        purchase_date=day(),
        purchase_time=text("hh:mm as printed"),
        fuel_grade=text("e.g. Diesel, Unleaded 91"),
        pump=text(),
        litres=number(),
        price_per_litre=number("In dollars"),
        fuel_amount=number("Amount for fuel before any discount"),
        discount=number("Amount taken off, positive"),
        gst=number("GST included in the total"),
        total=number(),
        card_last_four=text(),
        odometer=number("Kilometres, if the driver keyed them in"),
        vehicle_registration=text(),
    ),
    "merchant",
    "total",
)
_SITES = ("Wagga North", "Yass Junction", "Kalgoorlie Truckstop", "Bendigo East", "Mt Isa Airport Rd")
_BRANDS = ("GULLY FUELS PTY LTD", "Outback Roadhouse", "Bandicoot Servo & Deli", "REDGUM PETROLEUM")
_GRADES = ("Diesel", "Unleaded 91", "Premium 98", "E10 Unleaded", "AdBlue Bulk")
_SHOP = (("Iced Coffee 600ml", 4.8), ("Beef Pie", 6.2), ("Ice 5kg", 5.5), ("Washer Fluid 4L", 12.95))
_FORMS = ("{d:02}/{m:02}/{y}", "{d:02}/{m:02}/{yy}", "{d} {mon} {y}", "{d:02}-{m:02}-{yy}")


def _top(draft: Draft, form: str) -> float:
    rng, voice, middle = draft.rng, draft.voice, draft.sheet.width / 2
    draft.say(middle, 26, Fact(rng.choice(_BRANDS), "/merchant"), bold=True, size=11, align="centre")
    draft.say(middle, 39, Fact(rng.choice(_SITES), "/site"), align="centre")
    abn = f"{voice.digits(2)} {voice.digits(3)} {voice.digits(3)} {voice.digits(3)}"
    draft.prose(
        draft.left, 58, ONE_LINE, rng.choice(("ABN ", "A.B.N.: ", "Tax Invoice   ABN ")), Fact(abn, "/abn")
    )
    when, clock = (
        dated(draft, draft.today, "/purchase_date", form),
        f"{rng.randint(5, 22):02}:{rng.randint(0, 59):02}",
    )
    draft.prose(
        draft.left, 70, ONE_LINE, when, "  ", Fact(clock, "/purchase_time"), f"  Trans {voice.digits(5)}"
    )
    draft.say(draft.left, 82, f"Served by: {voice.person().split(' ')[0]}  Reg {rng.randint(1, 4)}")
    return 100.0


def _goods(draft: Draft, y: float) -> tuple[float, float]:
    """Fuel in two lines or three, then what else was bought; the sum."""
    rng, right = draft.rng, draft.right
    litres, price, pump = (
        rng.randint(1200, 18000) / 100,
        rng.randint(1450, 2599) / 1000,
        str(rng.randint(1, 14)),
    )
    fuel = round(litres * price, 2)
    amount = worth(draft, fuel, "/fuel_amount", rng.choice(("{}", "${}")))
    grade, number_of = Fact(rng.choice(_GRADES), "/fuel_grade"), Fact(pump, "/pump")
    volume, each = worth(draft, litres, "/litres"), worth(draft, price, "/price_per_litre", places=3)
    if rng.random() < 0.5:
        draft.prose(draft.left, y, ONE_LINE, "Pump ", number_of, "  ", grade)
        draft.prose(draft.left + 8, y + draft.step, ONE_LINE, volume, " L @ ", each, " $/L")
        draft.say(right, y + draft.step, amount, align="right")
        y += 2 * draft.step
    else:
        entries: list[tuple[str, Said]] = [
            ("PUMP", number_of),
            ("GRADE", grade),
            ("LITRES", volume),
            ("$/LITRE", each),
        ]
        y = draft.labels(draft.left, y, right, [*entries, ("FUEL TOTAL", amount)], align="right")
    total = fuel
    for name, cost in rng.sample(_SHOP, rng.choice((0, 0, 1, 2))):
        y = draft.labels(draft.left, y, right, [(name, draft.voice.number(cost))], align="right")
        total += cost
    if rng.random() < 0.4:
        cut = round(min(litres, 100) * 0.04, 2)
        y = draft.labels(
            draft.left, y, right, [("Docket disc 4cpl", worth(draft, cut, "/discount", "-{}"))], align="right"
        )
        total -= cut
    return y, round(total, 2)


def _docket(rng: Random, at: int) -> BenchDocument:
    face = rng.choice((FACES[2], FACES[2], FACES[0], FACES[3]))
    draft = new_draft(rng, "en", _SCHEMA, width=226.0, height=430.0, size=8.0, face=face)
    draft.left = 14.0
    y, total = _goods(draft, _top(draft, rng.choice(_FORMS)))
    y += 8
    draft.say(draft.left, y, rng.choice(("TOTAL AUD", "TOTAL", "Total inc GST")), bold=True, size=10)
    draft.say(draft.right, y, worth(draft, total, "/total", "${}"), bold=True, size=10, align="right")
    tax = worth(draft, round(total / 11, 2), "/gst", rng.choice(("{}", "${}")))
    form = rng.choice(("* Total includes GST of ", "GST incl. "))
    y = draft.prose(draft.left, y + 14, ONE_LINE, form, tax) + 4
    if rng.random() < 0.7:
        draft.say(draft.left, y, "-" * 22)
        y = draft.lines(draft.left, y + 12, rng.choice(("EFTPOS  CREDIT A/C", "VISA DEBIT  Contactless")))
        y = draft.prose(
            draft.left,
            y,
            ONE_LINE,
            rng.choice(("Card: ************", "XXXX XXXX XXXX ")),
            Fact(draft.voice.digits(4), "/card_last_four"),
        )
        y = draft.lines(
            draft.left,
            y,
            f"AUTH {draft.voice.digits(6)}  RRN {draft.voice.digits(9)}",
            f"PURCHASE   AUD {draft.voice.number(total)}",
            "APPROVED 00",
        )
    if rng.random() < 0.35:
        plate = f"{''.join(rng.choice('ABCDXYZ') for _ in range(3))}{rng.randint(10, 99)}{rng.choice('KLM')}"
        y = draft.prose(draft.left, y + 4, ONE_LINE, "Rego: ", Fact(plate, "/vehicle_registration"))
        way = worth(draft, rng.randint(8000, 420000), "/odometer", places=0)
        y = draft.prose(draft.left, y, ONE_LINE, "Odo km: ", way)
    draft.say(draft.sheet.width / 2, y + 14, "Save 4c/L next visit - valid 28 days", size=7, align="centre")
    return draft.finish("calibration", at)


LAYOUTS = (Layout("fuel_docket", "fuel", _docket, group="calibration"),)
