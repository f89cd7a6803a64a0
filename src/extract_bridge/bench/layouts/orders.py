"""Orders: two parties side by side, dates of several kinds, items, a total or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import How, Look, address, pairs, paragraph
from extract_bridge.bench.brief import Brief, new_brief
from extract_bridge.bench.goods import some_bill
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.layouts.parts import facts, item_table, small_print, sums

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument


def _order(brief: Brief, how: How, look: Look, *, heading_left: bool) -> None:
    sheet, rng = brief.sheet, brief.rng
    x = brief.left if heading_left else sheet.width / 2
    sheet.text(
        x, 60, brief.word("order_title"), size=17, bold=True, align="left" if heading_left else "centre"
    )
    sheet.line(brief.left, 70, brief.right, 70)
    half = (brief.right - brief.left) / 2
    below, sold = address(brief, brief.left, 100, brief.seller, heading=brief.word("seller"), bold=True)
    end, bought = address(
        brief,
        brief.left + half,
        100,
        brief.buyer,
        heading=brief.word("ship_to" if rng.random() < 0.3 else "buyer"),
    )
    brief.ask.value("seller", brief.seller.name, sold[0])
    brief.ask.value("buyer", brief.buyer.name, bought[0])
    entries = facts(
        brief, "order_number", "order_date", "delivery_date", "customer_number", "contact", "project"
    )
    rng.shuffle(entries)
    wide = how in ("row", "boxed")
    y = pairs(
        brief,
        brief.left,
        max(below, end) + brief.step,
        brief.right - brief.left if wide else 280,
        entries,
        how,
    )
    bill = some_bill(brief, 2, 12)
    y = item_table(brief, y + brief.step, bill.lines, look)
    if rng.random() < 0.7:
        y = sums(brief, y, bill, "far")
    else:
        brief.ask.absent("total")
    if y < sheet.height - 110:
        paragraph(brief, brief.left, y + 10, 420, rng.choice(brief.words("terms")))
    brief.ask.absent("invoice_number")
    small_print(brief)


def _classic(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _order(
        brief,
        rng.choice(("left", "colon", "above")),
        rng.choice(("ruled", "zebra", "plain")),
        heading_left=True,
    )
    return brief.finish("order_classic", number)


def _boxes(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _order(brief, "boxed", rng.choice(("ruled", "lines")), heading_left=False)
    return brief.finish("order_boxes", number)


def _strip(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng, width=842.0, height=595.0)
    _order(brief, "row", rng.choice(("zebra", "lines", "plain")), heading_left=False)
    return brief.finish("order_strip", number)


LAYOUTS = (
    Layout("order_classic", "order", _classic),
    Layout("order_boxes", "order", _boxes),
    Layout("order_strip", "order", _strip),
)
