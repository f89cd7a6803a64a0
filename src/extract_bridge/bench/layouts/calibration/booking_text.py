"""A confirmation as plain text, as booking systems mail it: headings underlined, labels with dots or colons, a price list in fixed columns, rules to read below."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import dated, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    bookingReference=text(),
    guestName=text("Who made the booking"),
    guestEmail=text(),
    campsite=text("Name of the site"),
    arrival=day(),
    departure=day(),
    nights=whole(),
    adults=whole(),
    children=whole(),
    pitch=text("Type or number of the pitch"),
    dogs=whole(),
    charges=many("One for each line of the price", label=text(), amount=number()),
    totalPrice=number(),
    depositPaid=number(),
    balance=number(),
    balanceDueBy=day(),
    currency=text("ISO code", enum=["GBP", "EUR"]),
    bookedOn=day("Day on which the booking was made"),
    gateCode=text(),
    loyaltyNumber=text(),
)
_SITES = (
    "Seagrass Bay Holiday Park",
    "Low Fell Farm Camping",
    "The Old Orchard Glampsite",
    "Loch Aird Touring Park",
)
_PITCHES = (
    "Hardstanding, electric 16A",
    "Grass pitch 114",
    "Bell tent 'Plover'",
    "Shepherd's hut 3",
    "Super pitch (row C)",
)
_FORMS = ("{d} {month} {y}", "{d:02}/{m:02}/{y}", "{d:02}-{mon}-{y}")


def _entries(draft: Draft, pairs: list[tuple[str, list[Said]]]) -> list[str]:
    """Labels with their values, all in one of four ways."""
    how, told = draft.rng.randrange(4), [(label, draft.tell(*parts)) for label, parts in pairs]
    if how == 0:
        return [f"{label + ':':<22}{value}" for label, value in told]
    if how == 1:
        return [f"{label:.<26} {value}" for label, value in told]
    if how == 2:
        return [f"* {label} - {value}" for label, value in told]
    return [line for label, value in told for line in (label.upper(), f"  {value}")]


def _charges(draft: Draft, nights: int, code: str, today_form: str) -> list[str]:
    """What is charged, what was paid, and what is left until when."""
    rng = draft.rng
    lines, total = [], 0.0
    each = float(rng.randint(18, 96))
    items = [(f"{nights} nights @ {each:.2f}", each * nights)]
    items += rng.sample(
        [
            ("Awning", 5.0 * nights),
            ("Booking fee", 4.5),
            ("Extra car", 3.0 * nights),
            ("Firewood bundle", 8.0),
            ("Late departure", 15.0),
        ],
        rng.randint(0, 3),
    )
    wide = rng.choice((34, 44))
    for row, (label, value) in enumerate(items):
        at = f"/charges/{row}"
        name, amount = draft.tell(Fact(label, f"{at}/label")), draft.tell(worth(draft, value, f"{at}/amount"))
        lines.append(f"{name:<{wide}}{amount:>10}")
        total += value
    lines.append(f"{'':<{wide}}{'-' * 8:>10}")
    shown = draft.tell(worth(draft, total, "/totalPrice"))
    unit = draft.tell(Fact(code, "/currency"))
    lines.append(f"{'Total ' + unit:<{wide}}{shown:>10}")
    if rng.random() < 0.7:
        part = round(total * rng.choice((0.2, 0.25, 0.5)), 2)
        paid, left = (
            draft.tell(worth(draft, part, "/depositPaid")),
            draft.tell(worth(draft, round(total - part, 2), "/balance")),
        )
        until = draft.tell(dated(draft, draft.later(10, 20), "/balanceDueBy", today_form))
        if rng.random() < 0.5:
            lines += [
                f"{'Deposit received':<{wide}}{paid:>10}",
                f"{'Still to pay by ' + until:<{wide}}{left:>10}",
            ]
        else:
            lines += [
                "",
                f"We have received your deposit of {paid}. The remaining {left} must reach us by",
                f"{until}, or the pitch will be offered to others.",
            ]
    return lines


def _text(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA)
    voice, form = draft.voice, rng.choice(_FORMS)
    who, site, nights = voice.person(), rng.choice(_SITES), rng.randint(2, 14)
    start = draft.today + timedelta(days=rng.randint(25, 120))
    adults, children, dogs = rng.randint(1, 4), rng.choice((0, 0, 1, 2)), rng.choice((0, 0, 1, 2))
    host, user = rng.choice(("seagrass.example", "pitchup-mail.example")), who.lower().replace(" ", ".")
    pairs: list[tuple[str, list[Said]]] = [
        ("Booking ref", [Fact(f"{rng.choice('BKR')}{voice.digits(3)}-{rng.choice('ACX')}{voice.digits(3)}", "/bookingReference")]),
        ("Lead guest", [Fact(who, "/guestName")]), ("Arriving", [dated(draft, start, "/arrival", form), rng.choice((" after 2pm", ""))]),
        ("Leaving", [dated(draft, start + timedelta(days=nights), "/departure", form), rng.choice((" by 11:00", ""))]),
        ("Nights", [Fact(str(nights), "/nights", nights)]), ("Pitch", [Fact(rng.choice(_PITCHES), "/pitch")]),
    ]  # fmt: skip
    party: list[Said] = [Fact(str(adults), "/adults", adults), " adult" + "s" * (adults > 1)]
    if children:
        party += [", ", Fact(str(children), "/children", children), " child" + "ren" * (children > 1)]
    if dogs:
        party += [", ", Fact(str(dogs), "/dogs", dogs), " dog" + "s" * (dogs > 1)]
    pairs.insert(rng.randint(2, len(pairs)), ("Party", party))
    if rng.random() < 0.5:
        pairs.append(("Booked", ["online on ", dated(draft, draft.today, "/bookedOn", form)]))
    title = draft.tell(Fact(site, "/campsite"))
    head = (
        [
            f"From: bookings@{host}",
            draft.tell("To: ", Fact(f"{user}@mailbox.example", "/guestEmail")),
            f"Subject: Your stay at {site}",
            "",
        ]
        if rng.random() < 0.6
        else []
    )
    rules = [
        "Cancellations more than 28 days before arrival: deposit kept. Fewer: full price.",
        "Quiet hours 22:30 to 07:00. Speed limit 5 mph.",
    ]
    if rng.random() < 0.4:
        rules.append(
            draft.tell(
                "The gate code for your stay is ", Fact(voice.digits(4), "/gateCode"), " (works from noon)."
            )
        )
    body = [
        title,
        rng.choice("=~-*") * len(title),
        "",
        f"Dear {who.split(' ')[0]},",
        "thank you for booking with us. Please check the details.",
        "",
    ]
    body += [
        *_entries(draft, pairs),
        "",
        *_charges(draft, nights, rng.choice(("GBP", "GBP", "EUR")), form),
        "",
        *rules,
        "",
        "Office 09:00-18:00, tel. 01632 960" + voice.digits(3),
    ]
    return draft.finish("calibration", at, suffix="txt", written="\n".join([*head, *body, ""]).encode())


LAYOUTS = (Layout("booking_text", "booking", _text, group="calibration"),)
