"""Receipts: narrow slips with few labels, competing totals and a date beside the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench import people
from extract_bridge.bench.blocks import Entry, How, pairs, paragraph, told
from extract_bridge.bench.brief import Brief, new_brief
from extract_bridge.bench.goods import Bill, some_lines
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.sheet import Align


def _slip(rng: Random, width: float) -> Brief:
    brief = new_brief(rng, width=width, height=620.0 + 10 * rng.randint(0, 20))
    brief.left = 16.0
    return brief


def _head(brief: Brief, *, centred: bool) -> float:
    sheet, rng, seller = brief.sheet, brief.rng, brief.seller
    x = sheet.width / 2 if centred else brief.left
    align: Align = "centre" if centred else "left"
    y = 40.0
    if rng.random() < 0.2:  # a slogan or a customer's name before the shop's own
        sheet.text(x, y, rng.choice(brief.words("thanks")), align=align, size=sheet.size * 0.8)
        y += brief.step
    name = seller.name.upper() if rng.random() < 0.4 else seller.name
    larger = rng.choice((1.0, 1.0, 1.3))
    ink = sheet.text(x, y, name, bold=rng.random() < 0.5, size=sheet.size * larger, align=align)
    brief.ask.value("store", name, ink)
    y += brief.step * larger
    if rng.random() < 0.3:
        sheet.text(
            x,
            y,
            f"({people.letters(rng, 1)}{rng.randint(10000, 99999)}-{people.letters(rng, 1)})",
            align=align,
        )
        y += brief.step
    inks = []
    for line in (seller.street, seller.place):
        inks.append(sheet.text(x, y, line, align=align))
        y += brief.step
    brief.ask.value("store_address", seller.address, *inks)
    for concept, value in (("phone", seller.phone), ("vat_id", seller.vat_id)):
        if rng.random() < 0.6:
            label = brief.word(concept)
            ink = sheet.text(x, y, f"{label} {value}", align=align)
            if rng.random() < 0.4:
                brief.ask.value(concept, value, ink.only(len(label.split(" "))))
            y += brief.step
    return y + brief.step / 2


def _when(brief: Brief, y: float) -> float:
    """The date: with a label, bare beside the time, or after the slip's number."""
    rng, sheet = brief.rng, brief.sheet
    date, time = brief.writing.day(brief.today), f"{rng.randint(8, 20)}:{rng.randint(0, 59):02}"
    count = len(date.split(" "))
    way = rng.random()
    if way < 0.4:
        ink = sheet.text(brief.left, y, f"{date} {time}")
        brief.ask.value("receipt_date", brief.today.isoformat(), ink.only(0, count))
        sheet.text(brief.right, y, f"{brief.word('till')} {rng.randint(1, 9)}", align="right")
        y += brief.step
    elif way < 0.75:
        label = brief.words("invoice_date")[-1] if rng.random() < 0.3 else brief.words("booking_date")[0]
        words = len(label.split(" "))
        ink = sheet.text(brief.left, y, f"{label}: {date}")
        brief.ask.value("receipt_date", brief.today.isoformat(), ink.only(words))
        sheet.text(brief.left, y + brief.step, f"{brief.word('time')}: {time}")
        y += 2 * brief.step
    else:
        ink = sheet.text(brief.right, y, date, align="right")
        brief.ask.value("receipt_date", brief.today.isoformat(), ink)
        sheet.text(brief.left, y, f"{brief.word('cashier')} {people.name(rng)}")
        y += brief.step
    if rng.random() < 0.6:
        number, label = people.number(rng), brief.word("receipt_title")
        ink = sheet.text(brief.left, y, f"{label} {number}")
        if rng.random() < 0.5:
            brief.ask.value("receipt_number", number, ink.only(-1))
        y += brief.step
    return y + brief.step / 2


def _goods(brief: Brief, y: float, bill: Bill, *, on_two_lines: bool) -> float:
    sheet, writing = brief.sheet, brief.writing
    for line in bill.lines:
        price = writing.number(line.amount)
        if on_two_lines:
            sheet.text(brief.left, y, line.description)
            y += brief.step
            sheet.text(brief.left + 12, y, f"{line.quantity} x {writing.number(line.unit_price)}")
        else:
            room = brief.right - brief.left - sheet.measure(price) - 8
            name = line.description
            while sheet.measure(name) > room:
                name = name[:-2]
            sheet.text(brief.left, y, name)
        sheet.text(brief.right, y, price, align="right")
        y += brief.step
    sheet.line(brief.left, y - brief.step * 0.6, brief.right, y - brief.step * 0.6)
    return y + brief.step / 2


def _ending(brief: Brief, y: float, bill: Bill, how: How) -> float:
    """Sums that compete: before tax, after it, rounded, what was handed over and given back."""
    rng, writing = brief.rng, brief.writing
    entries = []
    if rng.random() < 0.6:
        entries.append(Entry(brief.word("subtotal"), writing.money(bill.subtotal)))
        entries.append(
            Entry(f"{brief.word('tax')} {bill.tax_rate}%", writing.money(bill.tax), "tax", bill.tax)
        )
    entries.append(Entry(brief.word("total"), writing.money(bill.total), "total", bill.total))
    way = rng.random()
    if way < 0.5:
        cash = bill.total if rng.random() < 0.2 else float(int(bill.total / 10 + 1) * 10)
        asked = rng.random() < 0.4
        entries.append(Entry(brief.word("cash"), writing.money(cash), "cash" if asked else None, cash))
        back = round(cash - bill.total, 2)
        entries.append(Entry(brief.word("change"), writing.money(back), "change" if asked else None, back))
    elif way < 0.7:
        entries.append(Entry("VISA ****" + str(rng.randint(1000, 9999)), writing.money(bill.total)))
    elif way < 0.8:
        brief.ask.absent("cash")
    y = pairs(brief, brief.left, y, brief.right - brief.left, entries, how)
    if rng.random() < 0.3:
        count = sum(line.quantity for line in bill.lines)
        told(brief, Entry("", ""), brief.sheet.text(brief.left, y, f"{brief.word('quantity')}: {count}"))
        y += brief.step
    return paragraph(
        brief, brief.left, y + brief.step, brief.right - brief.left, rng.choice(brief.words("thanks"))
    )


def _receipt(brief: Brief, how: How, *, centred: bool, on_two_lines: bool, date_last: bool = False) -> None:
    bill = Bill(some_lines(brief, 1, 8), 0.0, brief.writing.tax_rate, 0.0)
    y = _head(brief, centred=centred)
    if not date_last:
        y = _when(brief, y)
    y = _goods(brief, y, bill, on_two_lines=on_two_lines)
    y = _ending(brief, y, bill, how)
    if date_last:
        _when(brief, y + brief.step)


def _narrow(rng: Random, number: int) -> BenchDocument:
    brief = _slip(rng, 250.0)
    _receipt(brief, "far", centred=True, on_two_lines=rng.random() < 0.5)
    return brief.finish("receipt_narrow", number)


def _wide(rng: Random, number: int) -> BenchDocument:
    brief = _slip(rng, 330.0)
    _receipt(brief, rng.choice(("left", "colon", "far")), centred=False, on_two_lines=False)
    return brief.finish("receipt_wide", number)


def _dotted(rng: Random, number: int) -> BenchDocument:
    brief = _slip(rng, 300.0)
    _receipt(brief, "dots", centred=rng.random() < 0.5, on_two_lines=True, date_last=True)
    return brief.finish("receipt_dotted", number)


LAYOUTS = (
    Layout("receipt_narrow", "receipt", _narrow),
    Layout("receipt_wide", "receipt", _wide),
    Layout("receipt_dotted", "receipt", _dotted),
)
