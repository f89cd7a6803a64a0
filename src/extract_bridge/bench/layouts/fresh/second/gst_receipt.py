"""A Malaysian shop's tax invoice on a till roll: a registration number under the name, item codes on lines of their own, tax by code, rounding to five sen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, dated, required, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs
    from extract_bridge.bench.sheet import Align

_SCHEMA = required(
    thing(
        company=text("Shop or company that issued the receipt"),
        registration_no=text("Company registration number"),
        address=text("Full address"),
        gst_id=text(),
        date=day("Date of purchase"),
        time=text(),
        document_no=text("Receipt or bill number"),
        items=many(code=text(), description=text(), quantity=whole(), unit_price=number(), amount=number()),
        total_excluding_gst=number(),
        gst_amount=number(),
        rounding=number("Rounding adjustment"),
        total=number("Total payable after rounding"),
        cash=number("Cash tendered"),
        change=number(),
        member_no=text(),
    ),
    "company",
    "date",
    "address",
    "total",
)  # fmt: skip
_SHOPS = (
    "PERNIAGAAN TONG SENG HARDWARE", "KEDAI BUKU CAHAYA ILMU SDN BHD", "RESTORAN NASI KANDAR AL-BARAKAH",
    "MR. FIX-IT (BUKIT INDAH) SDN. BHD.", "LIM & SONS STATIONERY TRADING", "99 MINI MART SDN BHD",
)  # fmt: skip
_STREETS = ("NO. 17-G, JALAN SETIA TROPIKA 1/21", "LOT 3 & 5, JLN PERDANA 4/6", "28, JALAN BUNGA RAYA", "B-12-1, PUSAT PERDAGANGAN SRI MUDA")  # fmt: skip
_PARTS = ("TAMAN SETIA TROPIKA", "PANDAN PERDANA", "KAWASAN PERINDUSTRIAN RINGAN", "SEKSYEN 25")
_TOWNS = ("81200 JOHOR BAHRU, JOHOR", "55300 KUALA LUMPUR", "75100 MELAKA", "40400 SHAH ALAM, SELANGOR")
_GOODS = (
    "A4 PAPER 80GSM 500'S", "PVC PIPE 20MM X 1M", "TEH TARIK", "MAGGI KARI 5X79G", "NASI CAMPUR AYAM", "PILOT G2 0.5 BLUE",
    "SUNLIGHT LIME 900ML", "EXTENSION SOCKET 3W 5M", "KITCHEN TOWEL 2PLY (6R)",
)  # fmt: skip


def _head(draft: Draft) -> float:
    """Name, numbers and address, in the middle or on the left."""
    rng, voice = draft.rng, draft.voice
    centred = rng.random() < 0.7
    align: Align = "centre" if centred else "left"
    x, y = (draft.sheet.width / 2, 34.0) if centred else (draft.left, 34.0)
    if rng.random() < 0.25:
        draft.say(x, y, rng.choice(("*** WELCOME ***", "SELAMAT DATANG", "TAN CHAY YEE")), align=align)
        y += draft.step * 1.4
    y = draft.prose(
        x,
        y,
        draft.right - draft.left,
        Fact(rng.choice(_SHOPS), "/company"),
        bold=True,
        size=draft.sheet.size + 1.5,
        align=align,
    )
    number_of = Fact(f"{voice.digits(6)}-{rng.choice('ADHKMPTVX')}", "/registration_no")
    form = rng.choice((("(", ")"), ("(CO. REG NO: ", ")"), ("ROC NO. ", "")))
    y = draft.prose(x, y, ONE_LINE, form[0], number_of, form[1], align=align)
    inks = []
    lines = [rng.choice(_STREETS), rng.choice(_PARTS), rng.choice(_TOWNS)]
    for line in lines:
        inks.append(
            draft.say(
                x, y, line + ("," if line != lines[-1] else ""), align=align, size=draft.sheet.size - 0.5
            )
        )
        y += draft.step
    draft.state(Fact(", ".join(lines), "/address"), *inks)
    draft.say(x, y, f"TEL : 0{rng.randint(3, 9)}-{voice.digits(7)}", align=align)
    if rng.random() < 0.8:
        y = (
            draft.prose(
                x,
                y + draft.step,
                ONE_LINE,
                "GST ID : ",
                Fact(f"000{voice.digits(9)}", "/gst_id"),
                align=align,
            )
            - draft.step
        )
    draft.say(
        draft.sheet.width / 2,
        y + 1.8 * draft.step,
        rng.choice(("TAX INVOICE", "SIMPLIFIED TAX INVOICE", "CASH SALES")),
        bold=True,
        align="centre",
    )
    return y + 3.2 * draft.step


def _when(draft: Draft, y: float) -> float:
    rng, voice = draft.rng, draft.voice
    code = Fact(
        rng.choice(
            (f"CS{voice.digits(5)}", f"{voice.digits(3)}/{voice.digits(6)}", f"INV-{voice.digits(7)}")
        ),
        "/document_no",
    )
    made = dated(
        draft, draft.today, "/date", rng.choice(("{d:02}/{m:02}/{y}", "{d:02}-{m:02}-{yy}", "{d} {mon} {y}"))
    )
    clock = Fact(f"{rng.randint(9, 21):02}:{rng.randint(0, 59):02}{rng.choice((':07', ':41', ''))}", "/time")
    label = rng.choice(("Bill No", "Doc No.", "Receipt #", "Inv"))
    lines: list[list[Said]] = [
        [f"{label} : ", code],
        [f"Cashier : {rng.choice(('SITI', 'ADMIN', 'KK LIM'))}  Till : 0{rng.randint(1, 4)}"],
    ]
    way = rng.randrange(3)
    if way == 0:
        lines.append(["Date : ", made, "   Time : ", clock])
    elif way == 1:
        lines.insert(0, [made, "  ", clock])
    else:
        lines += [["Date    : ", made, " ", clock]]
    if rng.random() < 0.3:
        lines.append(["Member : ", Fact(voice.digits(10), "/member_no")])
    for parts in lines:
        y = draft.prose(draft.left, y, ONE_LINE, *parts)
    return y + 2


def _goods(draft: Draft, y: float) -> tuple[float, int, float]:
    """Items: a code and a name, then how many for how much; or all but the name on the line below it."""
    rng, width = draft.rng, draft.right - draft.left
    tabs: Tabs = ((8, "left"), (width * 0.62, "right"), (width - 14, "right"), (width, "right"))
    mark = rng.choice(("SR", "S", "*"))
    rule = "-" * int(width / draft.sheet.measure("-"))
    draft.say(draft.left, y, rule)
    y, coded, pieces, total = y + draft.step, rng.random() < 0.7, 0, 0.0
    for row in range(rng.randint(1, 8)):
        start, count, price = f"/items/{row}", rng.choice((1, 1, 2, 3, 10)), draft.amount(0.8, 60)
        code = Fact(
            f"{rng.choice((9556, 9555, 8888))}{draft.voice.digits(rng.choice((4, 9)))}", f"{start}/code"
        )
        parts: list[Said] = [Fact(rng.choice(_GOODS), f"{start}/description")]
        if coded:
            parts = [code, " ", *parts] if len(code.text) < 10 else parts
        y = draft.prose(draft.left, y, ONE_LINE, *parts)
        said = code if coded and len(code.text) >= 10 else ""
        amount = worth(draft, round(count * price, 2), f"{start}/amount")
        draft.say(draft.left + 8, y, said)
        draft.prose(
            draft.left + tabs[1][0],
            y,
            ONE_LINE,
            Fact(str(count), f"{start}/quantity", count),
            " x ",
            worth(draft, price, f"{start}/unit_price"),
            align="right",
        )
        y = across(draft, y, tabs[2:], (amount, mark))
        pieces, total = pieces + count, round(total + count * price, 2)
    draft.say(draft.left, y, rule)
    return y + draft.step, pieces, total


def _sums(draft: Draft, y: float, pieces: int, total: float) -> None:
    rng, width = draft.rng, draft.right - draft.left
    net = round(total / 1.06, 2)
    tax, due = round(total - net, 2), round(round(total * 20) / 20, 2)
    form = rng.choice(("{}", "RM {}"))
    entries: list[tuple[str, Said]] = [
        (f"Total Qty: {pieces}", ""),
        ("Total (Excl. GST)", worth(draft, net, "/total_excluding_gst", form)),
        (rng.choice(("GST @6%", "Add GST 6%", "Total GST")), worth(draft, tax, "/gst_amount", form)),
        ("Total (Incl. GST)", form.format(draft.voice.number(total))),
        (rng.choice(("Rounding Adj", "Rounding")), worth(draft, round(due - total, 2), "/rounding")),
    ]
    y = draft.labels(draft.left, y, draft.right, entries, align="right") + 3
    large = draft.sheet.size + rng.choice((0, 2))
    draft.say(draft.left, y, rng.choice(("TOTAL", "Net Total", "Total Payable")), bold=True, size=large)
    draft.say(draft.right, y, worth(draft, due, "/total", form), bold=True, size=large, align="right")
    y += draft.step * 1.3
    given = float(-(-due // 10) * 10) if rng.random() < 0.7 else due
    paid: list[tuple[str, Said]] = [
        ("CASH", worth(draft, given, "/cash")),
        ("CHANGE", worth(draft, round(given - due, 2), "/change")),
    ]
    if rng.random() < 0.25:
        paid = [("VISA CARD", draft.voice.number(due))]
    y = draft.labels(draft.left, y, draft.right, paid, align="right") + 8
    tabs: Tabs = ((0, "left"), (width * 0.68, "right"), (width, "right"))
    y = across(draft, y, tabs, ("GST Summary", "Amount(RM)", "Tax(RM)"))
    y = across(draft, y, tabs, ("SR @ 6%", draft.voice.number(net), draft.voice.number(tax)))
    words = rng.choice(("GOODS SOLD ARE NOT RETURNABLE", "THANK YOU, PLEASE COME AGAIN", "TERIMA KASIH"))
    draft.say(draft.sheet.width / 2, y + 10, words, align="centre")


def _receipt(rng: Random, at: int) -> BenchDocument:
    face = rng.choice((FACES[2], FACES[0], FACES[3]))
    draft = new_draft(rng, "en", _SCHEMA, width=rng.choice((264.0, 290.0)), height=640.0, size=7.5, face=face)
    draft.left = 16.0
    y, pieces, total = _goods(draft, _when(draft, _head(draft)))
    _sums(draft, y, pieces, total)
    return draft.finish("gst_receipt", at)


LAYOUTS = (Layout("gst_receipt", "till", _receipt, group="fresh"),)
