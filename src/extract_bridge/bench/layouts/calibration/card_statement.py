"""A British credit card's statement: what to pay in a box, purchases sorted by card, foreign amounts on lines of their own, interest rates in a table."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, captioned, dated, leader, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    issuer=text(),
    cardHolder=text("Main cardholder"),
    maskedCardNumber=text("As printed"),
    statementDate=day(),
    paymentDueDate=day(),
    previousBalance=number(),
    paymentsReceived=number("Positive amount"),
    newSpending=number("Purchases of this statement"),
    interestCharged=number(),
    newBalance=number("What is owed at the statement date"),
    minimumPayment=number(),
    creditLimit=number(),
    availableCredit=number(),
    transactions=many(
        "Purchases and refunds, no payments to the card",
        transactionDate=day(),
        merchant=text(),
        amount=number("In pounds; negative for a refund"),
        foreignAmount=number("In the foreign currency"),
        foreignCurrency=text(),
    ),
    purchaseApr=number("Annual rate for purchases in per cent"),
    rewardPoints=number(),
    directDebitDate=day("Day on which the direct debit will be taken"),
)
_ISSUERS = ("Thistle Bank Platinum", "Fernhill Card Services", "Co-op Mutual Visa")
_SHOPS = (
    "KETTLE & THREAD LTD LEEDS",
    "RAILWAY KIOSK 44",
    "AMBLESIDE BOOKS",
    "Water Co DD",
    "STREAMFLIX.COM",
    "BEECH FARM SHOP",
    "Petrolink 0871 BATH",
    "THE CROOKED SPIRE PH",
)
_ABROAD = (
    ("TRATTORIA DA NELLO SIENA", "EUR"),
    ("YAMADA CAMERA TOKYO", "JPY"),
    ("HOTEL ADLERHOF ZELL", "EUR"),
    ("BOSTON TRANSIT KIOSK", "USD"),
)
_RATES = {"EUR": 0.86, "JPY": 0.0053, "USD": 0.78}


def _buys(draft: Draft) -> list[tuple[date, str, str, float]]:
    """When, where, in which foreign currency, and for how much; below zero for a refund."""
    rng, when, found = draft.rng, draft.today - timedelta(days=29), []
    for _ in range(rng.randint(4, 40)):
        when = min(when + timedelta(days=rng.choice((0, 0, 1, 2, 3))), draft.today - timedelta(days=1))
        shop, unit = rng.choice(_ABROAD) if rng.random() < 0.2 else (rng.choice(_SHOPS), "")
        found.append((when, shop, unit, draft.amount(3, 210) * (-1 if rng.random() < 0.1 else 1)))
    return found


def _top(draft: Draft, spent: float, form: str) -> float:
    """Who, when, and what is owed: sums with leaders, or in a row of frames."""
    rng, voice = draft.rng, draft.voice
    draft.say(draft.left, 48, Fact(rng.choice(_ISSUERS), "/issuer"), bold=True, size=14)
    draft.lines(draft.left, 84, Fact(voice.person(), "/cardHolder"), *voice.homes(1)[0].line.split(", "))
    card = rng.choice(
        (f"XXXX XXXX XXXX {voice.digits(4)}", f"**** {voice.digits(4)}", f"4929 12** **** {voice.digits(4)}")
    )
    facts: list[tuple[str, Said]] = [
        ("Card", Fact(card, "/maskedCardNumber")),
        ("Statement date", dated(draft, draft.today, "/statementDate", form)),
    ]
    draft.labels(draft.right - 210, 84, draft.right, facts, align="right")
    before, paid = draft.amount(400, 2400), draft.amount(50, 390)
    cost = draft.amount(1, 30) if rng.random() < 0.6 else 0.0
    owed, limit = round(before - paid + spent + cost, 2), float(rng.choice((7500, 9000, 12000)))
    sums: list[tuple[str, Said]] = [
        ("Previous balance", worth(draft, before, "/previousBalance")),
        ("Payments received", worth(draft, paid, "/paymentsReceived", rng.choice(("-{}", "{} CR")))),
        ("New spending", worth(draft, spent, "/newSpending")),
    ]
    if cost:
        sums.append(("Interest", worth(draft, cost, "/interestCharged")))
    sums.append(("New balance", worth(draft, owed, "/newBalance", "£{}")))
    y = 146.0
    if rng.random() < 0.5:
        for label, what in sums:
            y = leader(draft, draft.left, y, draft.left + 240, label, what)
    else:
        width = (draft.right - draft.left) / len(sums)
        for at, (label, what) in enumerate(sums):
            captioned(
                draft, draft.left + at * width, y, width, 30, label, what, bold=label.startswith("New b")
            )
        y += 48
    due = dated(draft, draft.today + timedelta(days=rng.randint(21, 26)), "/paymentDueDate", form)
    least = worth(draft, max(25.0, round(owed * 0.025, 2)), "/minimumPayment", "£{}")
    y = draft.prose(
        draft.left,
        y + 4,
        ONE_LINE,
        "Minimum payment ",
        least,
        rng.choice((" due by ", ", to reach us by ")),
        due,
        bold=True,
    )
    line: list[Said] = ["Credit limit ", worth(draft, limit, "/creditLimit", "£{}", places=0)]
    if rng.random() < 0.7:
        line += [
            rng.choice(("   Available ", " of which available ")),
            worth(draft, round(limit - owed, 2), "/availableCredit", "£{}"),
        ]
    y = draft.prose(draft.left, y, ONE_LINE, *line)
    if rng.random() < 0.4:
        y = draft.prose(
            draft.left,
            y,
            ONE_LINE,
            "We will collect by Direct Debit on ",
            dated(draft, draft.later(14, 20), "/directDebitDate", form),
            ".",
        )
    return y + 16


def _spending(draft: Draft, y: float, buys: list[tuple[date, str, str, float]], form: str) -> float:
    """What was bought, day after day; where it ends."""
    rng, posted = draft.rng, draft.rng.random() < 0.5
    inner = 140 if posted else 70
    tabs: Tabs = ((0, "left"), (70, "left"), (inner, "left"), (draft.right - draft.left, "right"))
    heads = ("Date", "Posted", "Details", "£") if posted else ("Date", "", "Details", "£")
    y = across(draft, y, tabs, heads, bold=True)
    for row, (when, shop, unit, value) in enumerate(buys):
        if y > draft.sheet.height - 80:
            draft.say(
                draft.right, draft.sheet.height - 40, f"continued - {draft.sheet.page}", size=7, align="right"
            )
            draft.sheet.next_page()
            y = across(draft, 60, tabs, heads, bold=True)
        at = f"/transactions/{row}"
        spent = Fact(f"{draft.voice.number(abs(value))}{' CR' * (value < 0)}", f"{at}/amount", value)
        later = draft.voice.day(when + timedelta(days=rng.randint(1, 2)), form) if posted else ""
        y = across(
            draft,
            y,
            tabs,
            (dated(draft, when, f"{at}/transactionDate", form), later, Fact(shop, f"{at}/merchant"), spent),
        )
        if unit:
            places = 0 if unit == "JPY" else 2
            other = worth(
                draft, round(abs(value) / _RATES[unit], places), f"{at}/foreignAmount", places=places
            )
            told: list[Said] = [
                other,
                " ",
                Fact(unit, f"{at}/foreignCurrency"),
                f" @ {1 / _RATES[unit]:.4f} incl. 2.99% fee",
            ]
            y = draft.prose(draft.left + inner + 10, y, ONE_LINE, *told, size=draft.sheet.size - 1.5) + 2
    return y + 10


def _statement(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, size=9.0, face=rng.choice((FACES[0], FACES[3], FACES[0], FACES[1])))
    form = rng.choice(("{d:02} {mon} {y}", "{d} {mon} {y}", "{d:02}/{m:02}/{yy}", "{d:02} {mon} {yy}"))
    buys = _buys(draft)
    y = _spending(draft, _top(draft, round(sum(value for *_, value in buys), 2), form), buys, form)
    if y > draft.sheet.height - 110:
        draft.sheet.next_page()
        y = 60.0
    if rng.random() < 0.8:
        tabs: Tabs = ((0, "left"), (170, "right"), (250, "right"))
        rate = rng.randint(180, 349) / 10
        y = across(draft, y, tabs, ("Rates", "Monthly %", "Annual %"), bold=True, size=8)
        y = across(
            draft,
            y,
            tabs,
            ("Purchases", f"{rate / 13:.3f}", worth(draft, rate, "/purchaseApr", places=1)),
            size=8,
        )
        y = across(draft, y, tabs, ("Cash advances", f"{(rate + 5) / 13:.3f}", f"{rate + 5:.1f}"), size=8)
    if rng.random() < 0.5:
        draft.prose(
            draft.left,
            y + 8,
            ONE_LINE,
            "You have ",
            worth(draft, rng.randint(200, 9000), "/rewardPoints", places=0),
            " reward points.",
        )
    return draft.finish("calibration", at)


LAYOUTS = (Layout("card_statement", "card", _statement, group="calibration"),)
