"""Price lists: one record a row, groups with headings of their own between the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import Column, Grid, Look, paragraph
from extract_bridge.bench.brief import Brief, new_brief
from extract_bridge.bench.goods import some_lines
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.layouts.parts import small_print

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument

_UNITS = ("pc", "m", "kg", "box", "set")


def _list(brief: Brief, look: Look, count: int, *, groups: bool) -> None:
    sheet, rng, writing = brief.sheet, brief.rng, brief.writing
    sheet.text(brief.left, 60, f"{brief.word('price_list_title')} {brief.today.year}", size=17, bold=True)
    sheet.text(brief.left, 80, f"{brief.word('valid_from')}: {writing.day(brief.today)}")
    y = paragraph(brief, brief.left, 100, 440, rng.choice(brief.words("terms")), small=True)
    columns = [
        Column(brief.word("article"), 0.2),
        Column(brief.word("description"), 0.42),
        Column(brief.word("unit"), 0.16, "centre"),
        Column(brief.word("unit_price"), 0.22, "right"),
    ]
    grid = Grid(brief, brief.left, brief.right - brief.left, columns, look, bottom=sheet.height - 75)
    y = grid.head(y + brief.step)
    for at, line in enumerate(some_lines(brief, count, count)):
        if groups and at % 7 == 3 and y < sheet.height - 140:
            sheet.text(
                brief.left + 4, y + sheet.size * 1.1, rng.choice(brief.words("nouns")).title(), bold=True
            )
            y += sheet.size * 1.2 + 5
        unit = rng.choice(_UNITS)
        y, inks = grid.row(y, [line.article, line.description, unit, writing.money(line.unit_price)])
        values = (line.article, line.description, unit, line.unit_price)
        for concept, value, ink in zip(
            ("article", "description", "unit", "price"), values, inks, strict=True
        ):
            brief.ask.in_record(at, concept, value, *ink)
    small_print(brief)


def _ruled(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _list(brief, rng.choice(("ruled", "lines")), rng.randint(6, 40), groups=False)
    return brief.finish("prices_ruled", number, "per_table_row")


def _plain(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _list(brief, rng.choice(("plain", "zebra")), rng.randint(6, 40), groups=False)
    return brief.finish("prices_plain", number, "per_table_row")


def _grouped(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _list(brief, rng.choice(("plain", "lines", "zebra")), rng.randint(8, 30), groups=True)
    return brief.finish("prices_grouped", number, "per_table_row")


LAYOUTS = (
    Layout("prices_ruled", "price_list", _ruled),
    Layout("prices_plain", "price_list", _plain),
    Layout("prices_grouped", "price_list", _grouped),
)
