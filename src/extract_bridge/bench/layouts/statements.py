"""Account statements: bookings over pages with a running balance, some of their cells empty."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench import people
from extract_bridge.bench.blocks import Column, Entry, Grid, How, Look, address, pairs
from extract_bridge.bench.brief import Brief, new_brief
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.layouts.parts import small_print

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument


def _statement(brief: Brief, how: How, look: Look, count: int) -> None:
    sheet, rng, writing, ask = brief.sheet, brief.rng, brief.writing, brief.ask
    sheet.text(brief.left, 56, brief.seller.name, size=14, bold=True)
    sheet.text(brief.right, 56, brief.word("statement_title"), size=13, align="right")
    y, inks = address(brief, brief.left, 90, brief.buyer)
    ask.value("holder", brief.buyer.name, inks[0])
    opening = rng.randint(-50000, 900000) / 100
    rows, closing = _bookings(brief, count, opening)
    account = f"{rng.randint(1000, 9999)} {rng.randint(100000, 999999)}"
    period = f"{writing.day(brief.today)} - {writing.day(rows[-1][0])}"
    entries = [
        Entry(brief.word("account"), account, "account", account),
        Entry(brief.word("period"), period),
        Entry(brief.word("opening"), writing.money(opening), "opening", opening),
        Entry(brief.word("closing"), writing.money(closing), "closing", closing),
    ]
    wide = how in ("row", "boxed")
    y = pairs(brief, brief.left, y + 10, brief.right - brief.left if wide else 280, entries, how)
    columns = [
        Column(brief.word("booking_date"), 0.16),
        Column(brief.word("booking_text"), 0.36),
        Column(brief.word("money_out"), 0.16, "right"),
        Column(brief.word("money_in"), 0.16, "right"),
        Column(brief.word("balance"), 0.16, "right"),
    ]
    grid = Grid(brief, brief.left, brief.right - brief.left, columns, look, bottom=sheet.height - 75)
    y = grid.head(y + brief.step)
    for at, (day, text, amount, balance) in enumerate(rows):
        out, into = (-amount, None) if amount < 0 else (None, amount)
        cells = [
            writing.day(day),
            text,
            "" if out is None else writing.number(out),
            "" if into is None else writing.number(into),
            writing.number(balance),
        ]
        y, inks_of = grid.row(y, cells)
        values = (day.isoformat(), text, out, into, balance)
        for concept, value, ink in zip(
            ("booking_date", "booking_text", "money_out", "money_in", "balance"), values, inks_of, strict=True
        ):
            ask.cell("transactions", at, concept, value, *ink)
    ask.absent("iban")
    small_print(brief)


def _bookings(brief: Brief, count: int, opening: float) -> tuple[list[tuple], float]:  # type: ignore[type-arg]
    rng, rows, balance, day = brief.rng, [], opening, brief.today
    for _ in range(count):
        day += timedelta(days=rng.randint(0, 3))
        amount = rng.randint(300, 250000) / 100 * rng.choice((-1, -1, 1))
        balance = round(balance + amount, 2)
        text = rng.choice(
            (people.company(rng, brief.writing.language), f"{brief.thing()} {rng.randint(100, 999)}")
        )
        rows.append((day, text, amount, balance))
    return rows, balance


def _short(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _statement(
        brief, rng.choice(("left", "far")), rng.choice(("ruled", "zebra", "lines")), rng.randint(5, 20)
    )
    return brief.finish("statement_short", number)


def _long(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _statement(brief, "left", rng.choice(("zebra", "plain", "lines")), rng.randint(40, 90))
    return brief.finish("statement_long", number)


def _framed(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _statement(brief, rng.choice(("boxed", "row")), rng.choice(("plain", "ruled")), rng.randint(8, 40))
    return brief.finish("statement_framed", number)


LAYOUTS = (
    Layout("statement_short", "statement", _short),
    Layout("statement_long", "statement", _long),
    Layout("statement_framed", "statement", _framed),
)
