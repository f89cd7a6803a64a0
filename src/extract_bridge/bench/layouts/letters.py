"""Letters: few labels, values among running text, much that is asked for and not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench import people
from extract_bridge.bench.blocks import Entry, How, address, pairs, paragraph
from extract_bridge.bench.brief import Brief, new_brief
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.layouts.parts import small_print

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument

_ABSENT = ("total", "due_date", "iban", "invoice_number", "delivery_date", "order_number")


def _text(brief: Brief, y: float, count: int) -> float:
    rng, writing = brief.rng, brief.writing
    for _ in range(count):
        sentences = list(rng.sample(brief.words("letter"), 2))
        if rng.random() < 0.6:  # dates and amounts that nobody asks for
            sentences.append(
                f"({writing.day(brief.later(-90, 90))}: {writing.money(rng.randint(100, 99999) / 100)})"
            )
        y = paragraph(brief, brief.left, y, brief.right - brief.left, " ".join(sentences)) + brief.step
    return y


def _letter(brief: Brief, how: How, *, sender_right: bool) -> None:
    sheet, rng, ask, writing = brief.sheet, brief.rng, brief.ask, brief.writing
    x = brief.right - 180 if sender_right else brief.left
    y, inks = address(brief, x, 60, brief.seller, bold=True)
    ask.value("sender", brief.seller.name, inks[0])
    y, _ = address(brief, brief.left, y + brief.step, brief.buyer)
    reference = people.number(rng)
    subject = brief.thing()
    date = writing.day(brief.today)
    entries = [Entry(brief.word("reference"), reference, "reference", reference)]
    if rng.random() < 0.5:
        entries.append(Entry(brief.words("booking_date")[0], date, "letter_date", brief.today.isoformat()))
    else:  # town and date, the way letters begin
        ink = sheet.text(brief.right, y + brief.step, f"{brief.seller.city}, {date}", align="right")
        ask.value("letter_date", brief.today.isoformat(), ink.only(1))
        y += 2 * brief.step
    entries.append(Entry(brief.word("subject"), subject, "subject", subject))
    if rng.random() < 0.5:
        entries.insert(1, Entry(brief.word("phone"), brief.seller.phone, "phone", brief.seller.phone))
    y = pairs(brief, brief.left, y + brief.step, 300, entries, how)
    y = _text(brief, y + brief.step, rng.randint(2, 4))
    sheet.text(brief.left, y + 2 * brief.step, people.person(rng))
    ask.absent(*rng.sample(_ABSENT, 3))
    small_print(brief)


def _plain(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _letter(brief, rng.choice(("left", "colon")), sender_right=True)
    return brief.finish("letter_plain", number)


def _above(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _letter(brief, rng.choice(("row", "above")), sender_right=False)
    return brief.finish("letter_above", number)


LAYOUTS = (
    Layout("letter_plain", "letter", _plain),
    Layout("letter_above", "letter", _above),
)
