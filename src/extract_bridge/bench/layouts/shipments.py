"""Long lists of shipments: one table over pages, its headings on each, a sum at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench import people
from extract_bridge.bench.blocks import Column, Grid, Look
from extract_bridge.bench.brief import Brief, new_brief
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.layouts.parts import small_print

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument

_CONCEPTS = ("consignment", "shipped_on", "destination", "weight", "amount")


def _shipments(brief: Brief, look: Look, count: int) -> None:
    sheet, rng, writing = brief.sheet, brief.rng, brief.writing
    sheet.text(brief.left, 50, brief.word("packing_title"), size=15, bold=True)
    columns = [
        Column(brief.word("consignment"), 0.2),
        Column(brief.word("delivery_date"), 0.2),
        Column(brief.word("destination"), 0.26),
        Column(brief.word("weight"), 0.16, "right"),
        Column(brief.words("amount")[0], 0.18, "right"),
    ]
    grid = Grid(
        brief,
        brief.left,
        brief.right - brief.left,
        columns,
        look,
        bottom=sheet.height - 75,
        on_page=lambda: small_print(brief),
    )
    y = grid.head(70.0)
    total = 0.0
    for at in range(count):
        day = brief.later(0, 120)
        weight, price = rng.randint(20, 99000) / 10, rng.randint(500, 90000) / 100
        total += price
        town, number = people.name(rng), f"{people.letters(rng, 2)}{rng.randint(10000, 99999)}"
        y, inks = grid.row(
            y, [number, writing.day(day), town, writing.number(weight, 1), writing.number(price)]
        )
        values = (number, day.isoformat(), town, weight, price)
        for concept, value, ink in zip(_CONCEPTS, values, inks, strict=True):
            brief.ask.in_record(at, concept, value, *ink)
    sheet.text(brief.left + 4, y + sheet.size * 1.4, brief.words("total")[0], bold=True)
    sheet.text(brief.right - 4, y + sheet.size * 1.4, writing.number(total), bold=True, align="right")
    small_print(brief)


def long_table(rng: Random, number: int, count: int, look: Look = "lines") -> BenchDocument:
    """A list of exactly so many shipments."""
    brief = new_brief(rng)
    _shipments(brief, look, count)
    return brief.finish("shipments_long", number, "per_table_row")


def _ruled(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _shipments(brief, rng.choice(("ruled", "zebra", "lines")), rng.randint(15, 90))
    return brief.finish("shipments_ruled", number, "per_table_row")


def _plain(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng, width=842.0, height=595.0)
    _shipments(brief, "plain", rng.randint(20, 70))
    return brief.finish("shipments_plain", number, "per_table_row")


LAYOUTS = (
    Layout("shipments_ruled", "long_table", _ruled),
    Layout("shipments_plain", "long_table", _plain),
)
