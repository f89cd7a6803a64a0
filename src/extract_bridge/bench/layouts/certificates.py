"""Batches of certificates: one record a page, each page alike, some with a field left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench import people
from extract_bridge.bench.blocks import Entry, How, pairs, paragraph
from extract_bridge.bench.brief import Brief, new_brief
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.layouts.parts import small_print

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument

_CONCEPTS = (
    "certificate_number",
    "instrument",
    "serial",
    "calibrated_on",
    "next_due",
    "technician",
    "result",
)


def _batch(brief: Brief, how: How, count: int) -> None:
    sheet, rng = brief.sheet, brief.rng
    labels = {concept: brief.word(concept) for concept in _CONCEPTS}
    title = brief.word("certificate_title")
    for at in range(count):
        if at:
            sheet.next_page()
        sheet.text(sheet.width / 2, 70, title, size=18, bold=True, align="centre")
        sheet.text(sheet.width / 2, 95, brief.seller.name, align="centre")
        brief.ask.record = at
        entries, absent = _certificate(brief, labels)
        wide = how in ("boxed", "row")
        y = pairs(brief, brief.left, 140, brief.right - brief.left if wide else 330, entries, how)
        brief.ask.absent(*absent)
        paragraph(brief, brief.left, y + 30, 440, rng.choice(brief.words("letter")))
        small_print(brief)


def _certificate(brief: Brief, labels: dict[str, str]) -> tuple[list[Entry], list[str]]:
    """What one page says, and what it leaves out."""
    rng, writing = brief.rng, brief.writing
    done, due = brief.later(-200, 0), brief.later(300, 700)
    number, thing, person = people.number(rng), brief.thing(), people.person(rng)
    serial, result = f"{people.letters(rng, 2)}{rng.randint(1000, 99999)}", rng.choice(brief.words("passed"))
    values = (
        (number, number),
        (thing, thing),
        (serial, serial),
        (writing.day(done), done.isoformat()),
        (writing.day(due), due.isoformat()),
        (person, person),
        (result, result),
    )
    missing = rng.choice(("next_due", "technician")) if rng.random() < 0.2 else None
    entries = [
        Entry(labels[concept], text, concept, value)
        for concept, (text, value) in zip(_CONCEPTS, values, strict=True)
        if concept != missing
    ]
    return entries, [missing] if missing else []


def _left(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _batch(brief, rng.choice(("left", "colon", "dots")), rng.randint(2, 6))
    return brief.finish("certificates_left", number, "per_page")


def _boxed(rng: Random, number: int) -> BenchDocument:
    brief = new_brief(rng)
    _batch(brief, rng.choice(("boxed", "above")), rng.randint(2, 5))
    return brief.finish("certificates_boxed", number, "per_page")


LAYOUTS = (
    Layout("certificates_left", "certificate", _left),
    Layout("certificates_boxed", "certificate", _boxed),
)
