"""Parts that several families share: the table of items, the sums, the small print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench import people
from extract_bridge.bench.blocks import Column, Entry, Grid, How, Look, pairs, paragraph

if TYPE_CHECKING:
    from extract_bridge.bench.brief import Brief
    from extract_bridge.bench.goods import Bill, Line


def item_table(
    brief: Brief, y: float, lines: tuple[Line, ...], look: Look, many: str = "line_items"
) -> float:
    """A table of items, each asked for cell by cell."""
    rng, writing = brief.rng, brief.writing
    with_article, with_position = rng.random() < 0.5, rng.random() < 0.4
    columns = [
        *([Column(brief.word("position"), 0.08)] if with_position else []),
        *([Column(brief.word("article"), 0.17)] if with_article else []),
        Column(
            brief.word("description"), 0.33 + (0 if with_article else 0.17) + (0 if with_position else 0.08)
        ),
        Column(brief.word("quantity"), 0.12, "right"),
        Column(brief.word("unit_price"), 0.15, "right"),
        Column(brief.word("amount"), 0.15, "right"),
    ]
    grid = Grid(brief, brief.left, brief.right - brief.left, columns, look, bottom=brief.sheet.height - 70)
    y = grid.head(y)
    places = rng.choice((0, 0, 2))
    for at, line in enumerate(lines):
        texts = [
            *([str(at + 1)] if with_position else []),
            *([line.article] if with_article else []),
            line.description,
            writing.number(line.quantity, places),
            writing.number(line.unit_price),
            writing.number(line.amount),
        ]
        y, inks = grid.row(y, texts)
        cells = [
            *([("article", line.article)] if with_article else []),
            ("description", line.description),
            ("quantity", line.quantity),
            ("unit_price", line.unit_price),
            ("amount", line.amount),
        ]
        for (concept, value), ink in zip(cells, inks[int(with_position) :], strict=True):
            brief.ask.cell(many, at, concept, value, *ink)
    return y + brief.step


def sums(brief: Brief, y: float, bill: Bill, how: How, *, x: float | None = None) -> float:
    """The sums of a bill, some of them asked for."""
    rng, writing, ask = brief.rng, brief.writing, brief.ask
    left = brief.right - 220 if x is None else x
    if y > brief.sheet.height - 60 - 7 * brief.step:
        brief.sheet.next_page()
        y = 70.0
    entries = []
    if bill.shipping:
        entries.append(Entry(brief.word("shipping"), writing.money(bill.shipping), "shipping", bill.shipping))
    if rng.random() < 0.85:
        entries.append(Entry(brief.word("subtotal"), writing.money(bill.subtotal), "subtotal", bill.subtotal))
        label = f"{brief.word('tax')} {bill.tax_rate} %" if rng.random() < 0.6 else brief.word("tax")
        entries.append(Entry(label, writing.money(bill.tax), "tax", bill.tax))
    entries.append(Entry(brief.word("total"), writing.money(bill.total), "total", bill.total))
    if bill.paid:
        entries.append(Entry(brief.word("paid"), writing.money(-bill.paid)))
    if rng.random() < 0.2:
        before = rng.randint(1000, 90000) / 100
        entries.insert(rng.randrange(len(entries)), Entry(brief.word("previous"), writing.money(before)))
    y = pairs(brief, left, y, brief.right - left, entries, how)
    if not bill.shipping and rng.random() < 0.3:
        ask.absent("shipping")
    return y + brief.step


def currency_told(brief: Brief) -> None:
    """Ask for the currency where the document says it with its amounts."""
    if brief.writing.money_form != "{n}" and brief.rng.random() < 0.7:
        brief.ask.value("currency", brief.writing.currency)


def small_print(brief: Brief, *, page_number: bool = True) -> None:
    """The foot of a page: terms, the day of printing, the seller's details in grey."""
    rng, sheet = brief.rng, brief.sheet
    y = sheet.height - 50
    if rng.random() < 0.6:
        paragraph(
            brief, brief.left, y - 20, brief.right - brief.left, rng.choice(brief.words("terms")), small=True
        )
    foot = f"{brief.seller.name} · {brief.seller.address}"
    if rng.random() < 0.4:
        foot += f" · {brief.seller.phone}"
    if rng.random() < 0.7:
        sheet.text(brief.left, y + 14, foot, size=7, grey=True)
    if rng.random() < 0.3:
        stamp = f"{brief.words('printed')[0]} {brief.writing.day(brief.later(0, 20))}"
        sheet.text(brief.right, y + 26, stamp, size=7, grey=True, align="right")
    elif page_number:
        sheet.text(
            brief.right, y + 26, f"{brief.words('page')[0]} {sheet.page}", size=7, grey=True, align="right"
        )


def facts(brief: Brief, *concepts: str) -> list[Entry]:
    """Entries that most business papers have, by chance; what is left out may be asked for all the same."""
    rng, writing = brief.rng, brief.writing
    made: dict[str, tuple[str, object]] = {}
    for concept in concepts:
        if concept.endswith("_date") or concept in ("signed_on", "valid_from"):
            day = (
                brief.today
                if concept in ("invoice_date", "order_date", "letter_date")
                else brief.later(7, 60)
            )
            made[concept] = (writing.day(day), day.isoformat())
        elif concept in ("contact", "project"):
            name = people.person(rng) if concept == "contact" else f"{people.name(rng)} {rng.randint(2, 40)}"
            made[concept] = (name, name)
        else:
            number = people.number(rng)
            made[concept] = (number, number)
    entries = []
    for at, (concept, (text, value)) in enumerate(made.items()):
        if at and rng.random() < 0.28:
            if rng.random() < 0.5:
                brief.ask.absent(concept)
            continue
        entries.append(Entry(brief.word(concept), text, concept, value))
    return entries
