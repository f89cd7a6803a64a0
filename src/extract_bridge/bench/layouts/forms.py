"""Forms that were filled in: many labels, short values, some fields left empty."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench import people
from extract_bridge.bench.blocks import Entry, How, pairs, paragraph
from extract_bridge.bench.brief import Brief, new_brief
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.layouts.parts import small_print

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument


def _answers(brief: Brief) -> list[Entry]:
    rng, someone, writing = brief.rng, brief.buyer, brief.writing
    born = date(1940, 1, 1) + timedelta(days=rng.randint(0, 22000))
    values: list[tuple[str, str, object]] = [
        ("first_name", people.name(rng), None),
        ("last_name", people.name(rng), None),
        ("birth_date", writing.day(born), born.isoformat()),
        ("nationality", rng.choice(brief.words("nations")), None),
        ("street", someone.street, None),
        ("postcode", someone.postcode, None),
        ("city", someone.city, None),
        ("phone", someone.phone, None),
        ("email", someone.email, None),
        ("member_number", people.number(rng), None),
        ("signed_on", writing.day(brief.today), brief.today.isoformat()),
    ]
    entries = []
    for concept, text, value in values:
        blank = rng.random() < 0.15
        if blank:  # the label stands there, and nothing beside it
            entries.append(Entry(brief.word(concept), ""))
            brief.ask.absent(concept)
        elif rng.random() < 0.9:
            entries.append(Entry(brief.word(concept), text, concept, text if value is None else value))
    if rng.random() < 0.5:
        entries.append(Entry(brief.word("newsletter"), brief.words(rng.choice(("yes", "no")))[0]))
    return entries


def _form(brief: Brief, how: How, *, columns: int) -> None:
    sheet, rng = brief.sheet, brief.rng
    sheet.text(brief.left, 60, brief.seller.name, bold=True)
    sheet.text(brief.left, 90, brief.word("form_title"), size=16, bold=True)
    y = paragraph(brief, brief.left, 115, 450, rng.choice(brief.words("terms")), small=True) + 14
    entries = _answers(brief)
    if columns == 1:
        y = pairs(
            brief, brief.left, y, brief.right - brief.left if how in ("boxed", "row") else 340, entries, how
        )
    else:
        half, middle = (brief.right - brief.left) / 2, -(-len(entries) // 2)
        first = pairs(brief, brief.left, y, half - 20, entries[:middle], how)
        y = max(first, pairs(brief, brief.left + half, y, half - 20, entries[middle:], how))
    sheet.line(brief.left, y + 40, brief.left + 180, y + 40)
    small_print(brief, page_number=False)


def _lines(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _form(brief, rng.choice(("left", "colon", "dots")), columns=1)
    return brief.finish("form_lines", number)


def _boxes(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _form(brief, "boxed", columns=1)
    return brief.finish("form_boxes", number)


def _columns(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _form(brief, rng.choice(("left", "above", "colon")), columns=2)
    return brief.finish("form_columns", number)


def _below(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _form(brief, "below", columns=rng.choice((1, 2)))
    return brief.finish("form_below", number)


LAYOUTS = (
    Layout("form_lines", "form", _lines),
    Layout("form_boxes", "form", _boxes),
    Layout("form_columns", "form", _columns),
    Layout("form_below", "form", _below),
)
