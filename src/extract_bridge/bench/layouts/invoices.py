"""Invoices: who, to whom, a table of items, sums, where to pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import Entry, How, Look, address, pairs, paragraph
from extract_bridge.bench.brief import Brief, new_brief
from extract_bridge.bench.goods import some_bill
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.layouts.parts import currency_told, facts, item_table, small_print, sums

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.sheet import Align

_CONCEPTS = ("invoice_number", "invoice_date", "due_date", "customer_number", "order_number", "delivery_date")


def _letterhead(brief: Brief, y: float, *, right: bool = False) -> float:
    """The seller at the top; its name large, its details small."""
    sheet, seller = brief.sheet, brief.seller
    x = brief.right if right else brief.left
    align: Align = "right" if right else "left"
    name = sheet.text(x, y, seller.name, size=sheet.size * 1.6, bold=True, align=align)
    lines = [
        sheet.text(x, y + brief.step * (1.2 + at), text, size=sheet.size * 0.85, align=align)
        for at, text in enumerate((seller.street, seller.place))
    ]
    brief.ask.value("seller", seller.name, name)
    if brief.rng.random() < 0.5:
        brief.ask.value("seller_address", seller.address, *lines)
    return y + brief.step * 4


def _buyer(brief: Brief, x: float, y: float) -> float:
    heading = brief.word("buyer") if brief.rng.random() < 0.7 else ""
    y, inks = address(brief, x, y, brief.buyer, heading=heading)
    if heading:
        brief.ask.value("buyer", brief.buyer.name, inks[0])
        if brief.rng.random() < 0.5:
            brief.ask.value("buyer_address", brief.buyer.address, *inks[1:])
    return y + brief.step


def _payment(brief: Brief, y: float, how: How) -> float:
    """Where to pay, and the seller's numbers."""
    rng, seller = brief.rng, brief.seller
    entries = []
    for concept, value in (
        ("iban", seller.iban),
        ("vat_id", seller.vat_id),
        ("phone", seller.phone),
        ("email", seller.email),
    ):
        if rng.random() < 0.55:
            entries.append(Entry(brief.word(concept), value, concept, value))
        elif rng.random() < 0.3:
            brief.ask.absent(concept)
    if rng.random() < 0.3:
        entries.append(Entry(brief.word("payment_terms"), f"{rng.choice((10, 14, 30))} d"))
    if not entries:
        return y
    if y > brief.sheet.height - 90 - len(entries) * brief.step:
        brief.sheet.next_page()
        y = 70.0
    return pairs(brief, brief.left, y, 240, entries, how)


def _invoice(
    brief: Brief, how: How, look: Look, *, two_columns: bool = False, title_first: bool = False
) -> None:
    sheet, rng = brief.sheet, brief.rng
    title = brief.word("invoice_title")
    y = 60.0
    if title_first:
        sheet.text(brief.left, y, title, size=18, bold=True)
        y = _letterhead(brief, y, right=True)
    else:
        y = _letterhead(brief, y)
        sheet.text(brief.right, 60, title, size=16, bold=True, align="right")
    entries = facts(brief, *_CONCEPTS, *(("project",) if rng.random() < 0.4 else ()))
    if rng.random() < 0.3:
        entries.append(Entry(brief.word("contact"), brief.buyer.name.split(" ")[0]))
    wide = how in ("row", "boxed")
    if two_columns and not wide:
        below = _buyer(brief, brief.left, y)
        y = max(below, pairs(brief, brief.left + 270, y, brief.right - brief.left - 270, entries, how))
    else:
        y = _buyer(brief, brief.left, y)
        y = pairs(brief, brief.left, y + 6, brief.right - brief.left if wide else 260, entries, how)
    if rng.random() < 0.4:
        y = paragraph(brief, brief.left, y + brief.step, 400, rng.choice(brief.words("letter")))
    bill = some_bill(brief)
    y = item_table(brief, y + brief.step, bill.lines, look)
    y = sums(brief, y + 6, bill, "far" if rng.random() < 0.7 else "left")
    y = _payment(brief, y, rng.choice(("left", "colon")))
    currency_told(brief)
    small_print(brief)


def _left(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _invoice(brief, rng.choice(("left", "colon")), rng.choice(("ruled", "lines", "plain")))
    return brief.finish("invoice_left", number)


def _beside(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _invoice(brief, rng.choice(("left", "far", "colon")), rng.choice(("zebra", "lines")), two_columns=True)
    return brief.finish("invoice_beside", number)


def _row(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _invoice(brief, "row", rng.choice(("zebra", "plain")), title_first=True)
    return brief.finish("invoice_row", number)


def _above(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _invoice(brief, "above", rng.choice(("ruled", "plain")), two_columns=True, title_first=True)
    return brief.finish("invoice_above", number)


def _boxed(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _invoice(brief, "boxed", rng.choice(("ruled", "zebra", "lines")), title_first=rng.random() < 0.5)
    return brief.finish("invoice_boxed", number)


LAYOUTS = (
    Layout("invoice_left", "invoice", _left),
    Layout("invoice_beside", "invoice", _beside),
    Layout("invoice_row", "invoice", _row),
    Layout("invoice_above", "invoice", _above),
    Layout("invoice_boxed", "invoice", _boxed),
)
