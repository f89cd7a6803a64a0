"""An Australian supermarket's docket: weights and offers on lines under the goods, savings, tax contained in the total, the date at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, dated, leader, nullable, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    merchant=thing(name=text(), abn=text("Business number"), store_address=text(), phone=nullable(text())),
    transaction=thing(
        receipt_number=text(),
        date=text("Purchase date", format="date"),
        time=text(),
        payment_method=text("As printed", enum=["EFTPOS", "CASH", "VISA", "MASTERCARD"]),
    ),
    items=many("Goods bought, without savings", name=text(), price=number("Line price")),
    savings=nullable(number("Total saved, positive")),
    total=number(),
    gst_included=number(),
    rounding=nullable(number()),
    change=nullable(number()),
    loyalty_points=nullable(number()),
)
_SHOPS = ("Harvest Lane Grocers", "IGA-Style Foodworks Yarra", "Paddock & Pantry Fresh", "Corner Basket")
_PLACES = (("Shop 4, 112 Sydney Rd", "Brunswick VIC 3056"), ("Cnr Hunter & Darby St", "Newcastle NSW 2300"), ("61 Boundary Street", "West End QLD 4101"))  # fmt: skip
_GOODS = (
    ("%", "Bananas Cavendish"), ("", "Full Cream Milk 2L"), ("", "Sourdough Loaf Sliced 750g"), ("*", "Dishwash Liquid Lemon"),
    ("", "Tasty Cheese Blk 500g"), ("%", "Carrots Loose"), ("*", "Paper Towels 3pk"), ("", "Free Range Eggs XL 12s"),
)  # fmt: skip


def _head(draft: Draft) -> float:
    rng, voice, left = draft.rng, draft.voice, draft.left
    y = draft.prose(
        left, 36, ONE_LINE, Fact(rng.choice(_SHOPS), "/merchant/name"), bold=True, size=draft.sheet.size + 3
    )
    abn: list[Said] = [
        "ABN ",
        Fact(f"{voice.digits(2)} {voice.digits(3)} {voice.digits(3)} {voice.digits(3)}", "/merchant/abn"),
    ]
    place = rng.choice(_PLACES)
    first = rng.random() < 0.5
    if first:
        y = draft.prose(left, y, ONE_LINE, *abn)
    y = draft.block(left, y, place, "/merchant/store_address")
    if not first:
        y = draft.prose(left, y, ONE_LINE, "TAX INVOICE - ", *abn)
    if rng.random() < 0.6:
        y = draft.prose(
            left,
            y,
            ONE_LINE,
            "Ph ",
            Fact(f"(0{rng.randint(2, 8)}) {voice.digits(4)} {voice.digits(4)}", "/merchant/phone"),
        )
    return y + 6


def _goods(draft: Draft, y: float) -> tuple[float, float, float]:
    """Where they end, what they come to, and how much was saved."""
    rng, right, total, saved = draft.rng, draft.right, 0.0, 0.0
    draft.say(right, y, "$", align="right", bold=True)
    y += draft.step
    for row in range(rng.randint(2, 11)):
        (mark, name), start, price = rng.choice(_GOODS), f"/items/{row}", draft.amount(1, 24)
        total = round(total + price, 2)
        draft.say(draft.left, y, mark)
        draft.say(draft.left + 12, y, Fact(name, f"{start}/name"))
        draft.say(right, y, worth(draft, price, f"{start}/price"), align="right")
        y += draft.step
        if mark == "%":
            weight = rng.randint(300, 1900) / 1000
            draft.say(
                draft.left + 14,
                y,
                f"{weight:.3f} kg NET @ ${price / weight:.2f}/kg",
                size=draft.sheet.size - 1,
            )
            y += draft.step
        elif rng.random() < 0.25:
            off = round(price * 0.2, 2)
            total, saved = round(total - off, 2), round(saved + off, 2)
            draft.say(draft.left + 14, y, rng.choice(("Price reduced", "Member offer")))
            draft.say(right, y, draft.voice.number(-off), align="right")
            y += draft.step
    return y, total, saved


def _sums(draft: Draft, y: float, total: float, saved: float) -> float:
    rng, left, right = draft.rng, draft.left, draft.right
    count = sum(pointer.endswith("/price") for pointer in draft.facts)
    draft.sheet.line(left, y - 5, right, y - 5)
    draft.say(left, y + 6, f"{count} SUBTOTAL", size=draft.sheet.size - 1)
    draft.say(right, y + 6, f"${draft.voice.number(total)}", align="right", size=draft.sheet.size - 1)
    y += 22
    draft.say(left, y, "TOTAL", bold=True, size=draft.sheet.size + 3)
    draft.say(
        right, y, worth(draft, total, "/total", "${}"), bold=True, size=draft.sheet.size + 3, align="right"
    )
    y += draft.step * 1.5
    how = rng.choice(("EFTPOS", "CASH", "VISA", "MASTERCARD"))
    method = Fact(how, "/transaction/payment_method")
    if how == "CASH":
        due = round(round(total * 20) / 20, 2)
        given = float(-(-due // 20) * 20)
        if due != total:
            y = leader(
                draft, left, y, right, "Rounding", worth(draft, round(due - total, 2), "/rounding"), mark=" "
            )
        draft.say(left, y, method)
        draft.say(right, y, f"${draft.voice.number(given)}", align="right")
        y = leader(
            draft,
            left,
            y + draft.step,
            right,
            "Change",
            worth(draft, round(given - due, 2), "/change", "${}"),
        )
    else:
        draft.say(left, y, method)
        draft.say(right, y, f"${draft.voice.number(total)}", align="right")
        y = draft.lines(
            left,
            y + draft.step,
            f"CARD NO: ....{draft.voice.digits(4)}",
            "APPROVED 00",
            size=draft.sheet.size - 1,
        )
    gst = worth(draft, round(total / 11, 2), "/gst_included", "${}")
    y = leader(
        draft, left, y + 4, right, rng.choice(("TOTAL includes GST", "GST INCLUDED IN TOTAL")), gst, mark=" "
    )
    if saved and rng.random() < 0.8:
        y = draft.prose(
            left, y, ONE_LINE, "You saved ", worth(draft, saved, "/savings", "${}"), " today", bold=True
        )
    if rng.random() < 0.4:
        points = rng.randint(3, 900)
        y = draft.prose(
            left, y, ONE_LINE, "Points earned this shop: ", Fact(str(points), "/loyalty_points", points)
        )
    return y


def _receipt(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng,
        "en",
        _SCHEMA,
        width=250.0,
        height=620.0,
        size=8.5,
        face=rng.choice((FACES[3], FACES[2], FACES[0])),
    )
    draft.left = 20.0
    y, total, saved = _goods(draft, _head(draft))
    y = _sums(draft, y, total, saved) + 8
    code = Fact(draft.voice.digits(rng.choice((4, 6))), "/transaction/receipt_number")
    made = dated(
        draft,
        draft.today,
        "/transaction/date",
        rng.choice(("{d:02}/{m:02}/{y}", "{d:02}{mon}{y}", "{d:02}/{m:02}/{yy}")),
    )
    clock = Fact(f"{rng.randint(7, 21):02}:{rng.randint(0, 59):02}", "/transaction/time")
    if rng.random() < 0.5:
        draft.prose(
            draft.left, y, ONE_LINE, f"POS {rng.randint(1, 30):03} TRANS ", code, "  ", clock, " ", made
        )
    else:
        y = draft.prose(draft.left, y, ONE_LINE, f"Store {rng.randint(1000, 3999)} Rcpt ", code)
        draft.prose(draft.left, y, ONE_LINE, made, " ", clock)
    draft.say(draft.left, y + 30, "Items marked * are taxable. % weighed.", size=7)
    return draft.finish("market_receipt", at)


LAYOUTS = (Layout("market_receipt", "till", _receipt, group="fresh"),)
