"""An American county's property tax notice: a parcel's values in a grid, levies by district in two newspaper columns, halves with dates and coupons at the foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, captioned, dated, leader, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    parcel_number=text("Parcel or account identifier (APN, PIN)"),
    tax_year=whole(),
    owner_name=text("Owner of record"),
    mailing_address=text("Where the notice is sent, on one line"),
    property_location=text("Situs address of the parcel"),
    legal_description=text(),
    assessed=thing("Assessed values in whole dollars", land=whole(), improvements=whole(), total=whole(), exemption=whole("Homestead exemption")),
    levies=many("Taxing districts", district=text(), rate=number("Per $1,000 or per $100, as printed"), tax=number()),
    total_tax=number("For the whole year"),
    first_half=thing("", amount=number(), due=day()),
    second_half=thing("", amount=number(), due=day()),
    delinquent_amount=number("Unpaid tax of earlier years"),
    bill_number=text(),
    mortgage_company=text(),
)  # fmt: skip
_COUNTIES = ("Harney Bluff County", "Wescott County", "St. Anselm Parish", "County of Alder Creek")
_DISTRICTS = (
    "County General",
    "School Dist 14-J",
    "Fire & Rescue",
    "Library District",
    "Port Authority",
    "City of Millrace",
    "Road Fund Special Levy",
    "Comm. College Bond",
    "Cemetery Maint.",
)
_STREETS = (
    "418 Juniper St",
    "92 County Road 7",
    "15330 Sagebrush Ln",
    "7 Ferry Landing",
    "2201 SE Tamarack Blvd",
)
_TOWNS = ("Millrace, OR 97840", "Port Ames, WA 98331", "Alder Creek, CA 95912", "Wescott, MN 56010")
_FORMS = ("{m:02}/{d:02}/{y}", "{month} {d}, {y}", "{mon} {d}, {y}")


def _values(draft: Draft, y: float) -> tuple[float, int]:
    """Land, improvements, exemption and what is left; framed or listed."""
    rng = draft.rng
    land, built = rng.randint(20, 400) * 500, rng.randint(60, 900) * 500
    free = rng.choice((0, 0, 7000, 25000))
    entries: list[tuple[str, Said]] = [
        ("Land", worth(draft, land, "/assessed/land", places=0)),
        (rng.choice(("Improvements", "Structures")), worth(draft, built, "/assessed/improvements", places=0)),
    ]
    if free:
        entries.append(("Homestead Exempt", worth(draft, free, "/assessed/exemption", "-{}", places=0)))
    entries += [
        ("Total Assessed", worth(draft, land + built, "/assessed/total", places=0)),
        ("Net Taxable", draft.voice.number(land + built - free, 0)),
    ]
    if rng.random() < 0.5:
        width = (draft.right - draft.left) / len(entries)
        for at, (label, what) in enumerate(entries):
            captioned(draft, draft.left + at * width, y, width, 28, label, what)
        return y + 46, land + built - free
    draft.say(draft.left, y, "VALUES", bold=True)
    return draft.labels(
        draft.left, y + draft.step, draft.left + 190, entries, align="right"
    ) + 10, land + built - free


def _levies(draft: Draft, y: float, base: int) -> tuple[float, float]:
    """The districts' shares, in one column or in two; where they end and what they come to."""
    rng, total = draft.rng, 0.0
    names = rng.sample(_DISTRICTS, rng.randint(3, len(_DISTRICTS)))
    double, x, top = len(names) > 4 and rng.random() < 0.6, draft.left, y
    width = (draft.right - draft.left) * (0.46 if double else 0.75)
    half = -(-len(names) // 2) if double else len(names)
    ends = []
    for row, name in enumerate(names):
        if row % half == 0:
            x, y = (draft.left if not row else draft.right - width), top
            draft.say(x, y, "District", bold=True)
            draft.say(x + width * 0.68, y, "Rate", bold=True, align="right")
            draft.say(x + width, y, "Tax", bold=True, align="right")
            y += draft.step
        at, rate = f"/levies/{row}", rng.randint(90, 5200) / 1000
        tax = round(base * rate / 1000, 2)
        draft.say(x, y, Fact(name, f"{at}/district"))
        draft.say(x + width * 0.68, y, worth(draft, rate, f"{at}/rate", places=3), align="right")
        draft.say(x + width, y, worth(draft, tax, f"{at}/tax"), align="right")
        y, total = y + draft.step, total + tax
        ends.append(y)
    return max(ends) + 8, round(total, 2)


def _coupons(draft: Draft, y: float, halves: list[tuple[float, date]], parcel: str, form: str) -> None:
    """A slip to cut off for each half."""
    for at, (amount, due) in enumerate(halves):
        key, name = (("/first_half", "FIRST HALF"), ("/second_half", "SECOND HALF"))[at]
        draft.say(draft.left, y - 10, "- " * 66, size=6, grey=True)
        draft.say(draft.left, y + 6, f"{name} PAYMENT COUPON", bold=True)
        draft.prose(draft.left, y + 19, ONE_LINE, "Parcel ", Fact(parcel, "/parcel_number"))
        draft.say(draft.right, y + 6, dated(draft, due, f"{key}/due", form), align="right")
        draft.say(draft.right, y + 19, worth(draft, amount, f"{key}/amount", "${}"), align="right", bold=True)
        draft.say(draft.left + 230, y + 6, "Pay on or before")
        draft.say(draft.left + 230, y + 19, "Amount")
        y += 46


def _notice(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng,
        "en",
        _SCHEMA,
        width=612.0,
        height=792.0,
        size=9.0,
        face=rng.choice((FACES[0], FACES[1], FACES[2])),
    )
    draft.left, voice, form = 46.0, draft.voice, rng.choice(_FORMS)
    if draft.sheet.face == FACES[2]:
        draft.sheet.size = 8.0
    year = draft.today.year
    draft.say(draft.left, 44, f"{rng.choice(_COUNTIES)} Treasurer", bold=True, size=13)
    draft.prose(
        draft.left,
        58,
        400,
        rng.choice(("REAL PROPERTY TAX STATEMENT ", "Property Tax Notice - Tax Year ")),
        Fact(str(year), "/tax_year", year),
    )
    parcel = rng.choice(
        (
            f"{voice.digits(3)}-{voice.digits(3)}-{voice.digits(2)}-00",
            f"R{voice.digits(6)}",
            f"{voice.digits(2)}N{voice.digits(2)}E {voice.digits(4)}",
        )
    )
    entries: list[tuple[str, Said]] = [
        (rng.choice(("Parcel No.", "PIN", "APN")), Fact(parcel, "/parcel_number")),
        ("Bill #", Fact(f"{year}-{voice.digits(6)}", "/bill_number")),
    ]
    if rng.random() < 0.7:
        entries.append(
            (
                "Legal",
                Fact(
                    f"LOT {rng.randint(1, 30)} BLK {rng.randint(1, 9)} {rng.choice(('RIVERVIEW ADDN', 'HILLCREST SUB', 'MEADOW PH 2'))}",
                    "/legal_description",
                ),
            )
        )
    if rng.random() < 0.3:
        entries.append(("Lender", Fact("First Prairie Mortgage", "/mortgage_company")))
    street, where = rng.sample(_STREETS, 2)
    entries.append(("Location", Fact(where, "/property_location")))
    draft.labels(draft.right - 250, 84, draft.right - 185, entries)
    draft.say(draft.left, 92, Fact(voice.person().upper(), "/owner_name"))
    draft.block(draft.left, 92 + draft.step, (street, rng.choice(_TOWNS)), "/mailing_address")
    y, base = _values(draft, 178)
    y, total = _levies(draft, y + 8, base)
    first = round(total / 2, 2)
    spread = leader(
        draft, draft.left, y, draft.left + 300, f"TOTAL {year} TAX", worth(draft, total, "/total_tax", "${}")
    )
    if rng.random() < 0.35:
        spread = leader(
            draft,
            draft.left,
            spread,
            draft.left + 300,
            "Delinquent prior years",
            worth(draft, draft.amount(90, 2400), "/delinquent_amount"),
        )
    note = f"Full payment by {voice.day(draft.today.replace(month=11, day=15), form)} earns a 3% discount. Interest of 1.333% accrues each month on late halves."
    draft.prose(draft.left, spread + 8, 420, note, size=7.5)
    dues = [
        (first, draft.today.replace(month=11, day=15)),
        (round(total - first, 2), draft.today.replace(year=year + 1, month=5, day=15)),
    ]
    _coupons(draft, draft.sheet.height - 130, dues, parcel, form)
    return draft.finish("calibration", at)


LAYOUTS = (Layout("parcel_tax", "property_tax", _notice, group="calibration"),)
