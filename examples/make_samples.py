# ruff: noqa: SIM905 - a line of words reads better than a column of quoted ones
"""Draws three sample documents whose truth is known, because the numbers are chosen before they are printed.

    python examples/make_samples.py --seed 7 --out samples

    invoice.pdf        one invoice: letterhead, buyer, line items (one wrapped), totals, bank details   per_doc
    shipments.pdf      one table over several pages, with its header on each and a sum at the end        per_table_row
    certificates.pdf   four calibration certificates, one a page; one leaves a date out                  per_page

Beside each lies `*.truth.json`: the records that a perfect reader returns. One seed always gives the same bytes;
another seed gives other names, counts of rows, dates, currencies and ways of writing numbers. The documents that
`extract-bridge demo` shows are those of seed 1. Every company, person and number is made up.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

INK, GREY, PALE = HexColor("#1d2433"), HexColor("#667085"), HexColor("#eef1f6")
MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True)
class Sample:
    """One drawn document.

    Attributes:
        path: The PDF.
        target: The `extraction_target` that its truth belongs to.
        records: The truth: one dict a record, in order.
        pages: The page of each record, 1-based.
    """

    path: Path
    target: str
    records: list[dict[str, Any]]
    pages: list[int]

    @property
    def truth_path(self) -> Path:
        """The truth's file, beside the PDF."""
        return self.path.with_suffix(".truth.json")


@dataclass(frozen=True)
class Style:
    """How one company writes: currency, numbers, dates, tax, where it sits."""

    currency: str
    money: str
    thousands: str
    point: str
    write_date: Callable[[date], str]
    tax: str
    tax_rate: Decimal
    iban_country: str
    iban_form: str
    vat_form: str
    address: str
    accent: Color
    towns: Sequence[str] = field(default=())

    def number(self, value: Decimal, places: int = 2) -> str:
        """A number as this company prints it."""
        whole, _, rest = f"{value:,.{places}f}".partition(".")
        return whole.replace(",", self.thousands) + (self.point + rest if rest else "")

    def amount(self, value: Decimal) -> str:
        """An amount of money as this company prints it."""
        return self.money.format(self.number(value))


STYLES = (
    Style(
        "EUR", "{} €", ".", ",", lambda d: f"{d:%d.%m.%Y}", "VAT 19 %", Decimal("0.19"), "DE", "##################",
        "DE#########", "Speicherstraße 14, 20457 Hamburg, Germany", HexColor("#7a3e9d"),
        ("Hamburg", "Utrecht", "Lyon", "Graz", "Aarhus", "Gdynia"),
    ),
    Style(
        "GBP", "£{}", ",", ".", lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}", "VAT 20%", Decimal("0.20"), "GB",
        "NWBK##############", "GB### #### ##", "12 Harbour Road, Bristol BS1 4QD, United Kingdom", HexColor("#0f6f6c"),
        ("Bristol", "Leeds", "Cork", "Antwerp", "Oslo", "Porto"),
    ),
    Style(
        "USD", "${}", ",", ".", lambda d: f"{MONTHS[d.month - 1][:3]} {d.day}, {d.year}", "VAT 23%", Decimal("0.23"),
        "IE", "AIBK##############", "IE#######WA", "5 Custom House Quay, Dublin D01 KF84, Ireland", HexColor("#b4532a"),
        ("Dublin", "Boston", "Halifax", "Savannah", "Galway", "Tampa"),
    ),
    Style(
        "CHF", "CHF {}", "'", ".", lambda d: f"{d:%Y-%m-%d}", "VAT 8.1 %", Decimal("0.081"), "CH", "#################",
        "CHE-###.###.###", "Limmatquai 92, 8001 Zürich, Switzerland", HexColor("#2b4c9b"),
        ("Zürich", "Basel", "Trieste", "Ulm", "Annecy", "Bolzano"),
    ),
)  # fmt: skip

FIRST = "Asha Bruno Carla Dmitri Elif Farid Greta Hana Ivo Jonas Kemi Lucia Mateo Nadia Oskar Priya".split()
LAST = "Lindqvist Okafor Moreau Petersen Haddad Novak Ferrari Tanaka Walsh Duarte Keller Singh".split()
ROOTS = "Northwind Alder Bluestone Corvid Dunmore Elmfield Fairlead Greenways Halyard Ironbridge Juniper Kestrel".split()
TRADES = "Timber Marine Optics Logistics Instruments Foods Textiles Robotics Joinery Ceramics".split()
FORMS = ("Ltd", "GmbH", "Inc.", "B.V.", "S.A.", "AG")
STREETS = ("Mill Lane", "Station Road", "Canal Street", "Orchard Avenue", "Foundry Square", "Quay Street")
GOODS = (
    "Oak boards, planed, 28 mm",
    "Delivery to site",
    "Stainless screws, box of 200",
    "Workshop hours, joiner",
    "Linseed oil, 5 l",
    "Birch plywood, 18 mm",
    "Edge banding, walnut",
    "Hinges, soft close, pair",
    "Sanding discs, grit 120",
    "Waste removal",
)
LONG_GOODS = (
    "Maintenance contract, second quarter, two visits with travel and a written report after each visit",
    "Window frames to drawing 4471-B, primed on all sides, delivered with fittings and a spare pane",
    "Repair of the roof hatch after storm damage, with scaffold, new seals and a coat of weatherproof paint",
)
INSTRUMENTS = (
    "Digital caliper 150 mm",
    "Pressure gauge 0-16 bar",
    "Torque wrench 40-200 Nm",
    "Platinum thermometer Pt100",
    "Precision balance 220 g",
    "Dial indicator 10 mm",
)


def company(rng: Random) -> str:
    """A made-up company name."""
    return f"{rng.choice(ROOTS)} {rng.choice(TRADES)} {rng.choice(FORMS)}"


def person(rng: Random) -> str:
    """A made-up person."""
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def day(rng: Random) -> date:
    """A day of 2026."""
    return date(2026, 1, 5) + timedelta(days=rng.randrange(330))


def digits(rng: Random, form: str) -> str:
    """The form with each `#` replaced by a digit."""
    return "".join(str(rng.randrange(10)) if c == "#" else c for c in form)


def iban(rng: Random, style: Style) -> str:
    """An IBAN with right check digits, in groups of four as banks print it."""
    account = digits(rng, style.iban_form)
    as_number = "".join(str(int(c, 36)) for c in account + style.iban_country + "00")
    whole = f"{style.iban_country}{98 - int(as_number) % 97:02d}{account}"
    return " ".join(whole[i : i + 4] for i in range(0, len(whole), 4))


class Pen:
    """A canvas whose y runs downwards from the page's top, in points."""

    def __init__(self, path: Path, size: tuple[float, float], title: str) -> None:
        self.width, self.height = size
        self.canvas = Canvas(str(path), pagesize=size, invariant=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor("Extract Bridge sample")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 9,
        bold: bool = False,
        color: Color = INK,
        end: bool = False,
    ) -> None:
        """Writes one line with its baseline at y; `end` makes x its right edge."""
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self.canvas.setFillColor(color)
        (self.canvas.drawRightString if end else self.canvas.drawString)(x, self.height - y, text)

    def band(self, x: float, y: float, width: float, height: float, color: Color) -> None:
        """Fills a rectangle whose top left corner is (x, y)."""
        self.canvas.setFillColor(color)
        self.canvas.rect(x, self.height - y - height, width, height, stroke=0, fill=1)

    def rule(self, x: float, y: float, width: float, color: Color = GREY, weight: float = 0.5) -> None:
        """Draws a horizontal line."""
        self.canvas.setStrokeColor(color)
        self.canvas.setLineWidth(weight)
        self.canvas.line(x, self.height - y, x + width, self.height - y)


def wrap(text: str, width: float, size: float) -> list[str]:
    """The lines that a text takes in a column."""
    return [str(line) for line in simpleSplit(text, "Helvetica", size, width)]


# --- the invoice -----------------------------------------------------------------------------------------------


def invoice_truth(rng: Random, style: Style) -> dict[str, Any]:
    """An invoice's record; amounts add up to the cent."""
    cent = Decimal("0.01")
    issued = day(rng)
    names = rng.sample(GOODS, rng.randint(4, 7))
    names.insert(rng.randrange(1, len(names)), rng.choice(LONG_GOODS))
    items, subtotal = [], Decimal(0)
    for name in names:
        quantity = Decimal(rng.randint(1, 40)) if rng.random() < 0.75 else Decimal(rng.randint(3, 45)) / 2
        price = Decimal(rng.randint(250, 68_000)) * cent
        amount = (quantity * price).quantize(cent)
        subtotal += amount
        items.append({"description": name, "quantity": quantity, "unit_price": price, "amount": amount})
    tax = (subtotal * style.tax_rate).quantize(cent)
    seller, buyer = company(rng), company(rng)
    return {
        "invoice_number": f"{''.join(word[0] for word in seller.split()[:2])}-{rng.randint(2000, 9899)}",
        "issue_date": issued,
        "due_date": issued + timedelta(days=rng.choice((14, 30, 45))),
        "purchase_order": f"PO-{rng.randint(10_000, 99_999)}",
        "seller": {"name": seller, "vat_id": digits(rng, style.vat_form)},
        "buyer": {"name": buyer, "contact": person(rng)},
        "line_items": items,
        "subtotal": subtotal,
        "tax": tax,
        "total": subtotal + tax,
        "currency": style.currency,
        "iban": iban(rng, style),
    }


def draw_invoice(path: Path, truth: dict[str, Any], style: Style, rng: Random) -> None:
    """One A4 page."""
    pen = Pen(path, A4, f"Invoice {truth['invoice_number']}")
    left, right = 56.0, pen.width - 56
    draw_letterhead(pen, truth, style, left, right)
    buyer = truth["buyer"]
    pen.text(left, 168, "Bill to", size=8, color=GREY)
    pen.text(left, 183, buyer["name"], size=10.5, bold=True)
    pen.text(left, 197, f"{rng.randint(2, 180)} {rng.choice(STREETS)}")
    pen.text(left, 210, f"{rng.choice(style.towns)} {rng.randint(10_000, 99_999)}")
    pen.text(left, 228, f"Contact: {buyer['contact']}")
    facts = (
        ("Invoice number", truth["invoice_number"]),
        ("Invoice date", style.write_date(truth["issue_date"])),
        ("Due date", style.write_date(truth["due_date"])),
        ("Purchase order", truth["purchase_order"]),
        ("Currency", truth["currency"]),
    )
    for at, (label, value) in enumerate(facts):
        pen.text(340, 168 + 15 * at, label, color=GREY)
        pen.text(right, 168 + 15 * at, value, bold=label == "Invoice number", end=True)
    y = draw_items(pen, truth, style, left, right)
    y = draw_totals(pen, truth, style, right, y + 14)
    draw_payment(pen, truth, style, left, y + 40)
    pen.rule(left, 786, right - left)
    pen.text(left, 800, f"{truth['seller']['name']} · {style.address}", size=7.5, color=GREY)
    pen.text(right, 800, "Page 1 of 1", size=7.5, color=GREY, end=True)
    pen.canvas.save()


def draw_letterhead(pen: Pen, truth: dict[str, Any], style: Style, left: float, right: float) -> None:
    """The seller at the top left, the document's kind at the top right."""
    pen.band(0, 0, pen.width, 7, style.accent)
    pen.band(left, 44, 30, 30, style.accent)
    pen.band(left + 8, 52, 14, 14, HexColor("#ffffff"))
    pen.text(left + 42, 60, truth["seller"]["name"], size=17, bold=True)
    pen.text(left + 42, 75, style.address, size=8, color=GREY)
    pen.text(left + 42, 87, f"VAT ID: {truth['seller']['vat_id']}", size=8, color=GREY)
    pen.text(right, 66, "INVOICE", size=22, bold=True, color=style.accent, end=True)
    pen.rule(left, 118, right - left, style.accent, 1)


def draw_items(pen: Pen, truth: dict[str, Any], style: Style, left: float, right: float) -> float:
    """The table of line items; returns where it ends."""
    quantity_at, price_at, size = right - 165, right - 82, 9
    y = 268.0
    pen.band(left, y, right - left, 20, style.accent)
    white = HexColor("#ffffff")
    pen.text(left + 8, y + 13.5, "Description", bold=True, color=white)
    for x, title in ((quantity_at, "Quantity"), (price_at, "Unit price"), (right - 8, "Amount")):
        pen.text(x, y + 13.5, title, bold=True, color=white, end=True)
    y += 20
    for at, item in enumerate(truth["line_items"]):
        lines = wrap(item["description"], quantity_at - left - 70, size)
        height = 8 + 12 * len(lines)
        if at % 2:
            pen.band(left, y, right - left, height, PALE)
        for line_at, line in enumerate(lines):
            pen.text(left + 8, y + 13 + 12 * line_at, line, size=size)
        places = 0 if item["quantity"] == item["quantity"].to_integral_value() else 1
        pen.text(quantity_at, y + 13, style.number(item["quantity"], places), end=True)
        pen.text(price_at, y + 13, style.number(item["unit_price"]), end=True)
        pen.text(right - 8, y + 13, style.number(item["amount"]), end=True)
        y += height
    pen.rule(left, y, right - left)
    return y


def draw_totals(pen: Pen, truth: dict[str, Any], style: Style, right: float, y: float) -> float:
    """Subtotal, tax and total below the amounts; returns where they end."""
    for label, key in (("Subtotal", "subtotal"), (style.tax, "tax")):
        y += 16
        pen.text(right - 180, y, label, color=GREY)
        pen.text(right - 8, y, style.amount(truth[key]), end=True)
    pen.band(right - 190, y + 9, 190, 24, PALE)
    pen.text(right - 180, y + 25, "Total due", size=11, bold=True)
    pen.text(right - 8, y + 25, style.amount(truth["total"]), size=11, bold=True, end=True)
    return y + 33


def draw_payment(pen: Pen, truth: dict[str, Any], style: Style, left: float, y: float) -> None:
    """How to pay."""
    pen.text(left, y, "Payment", bold=True, color=style.accent)
    pen.text(left, y + 16, "IBAN:", color=GREY)
    pen.text(left + 34, y + 16, truth["iban"])
    pen.text(
        left,
        y + 30,
        f"Please pay within the term and quote {truth['invoice_number']}. Thank you.",
        color=GREY,
    )


# --- the table over several pages ------------------------------------------------------------------------------

COLUMNS = (
    ("Shipped", 0, False),
    ("Waybill", 88, False),
    ("Consignee", 156, False),
    ("Destination", 300, False),
    ("Packages", 436, True),
    ("Weight (kg)", 506, True),
    ("Charge", 576, True),
    ("Status", 596, False),
    ("Signed by", 664, False),
)
ROWS_A_PAGE = 30


def shipment_truth(rng: Random, style: Style) -> list[dict[str, Any]]:
    """The table's rows, by date; nobody has signed for what is still in transit."""
    start, rows = day(rng), []
    for at in range(rng.randint(78, 96)):
        start += timedelta(days=rng.randint(0, 1))
        status = rng.choices(("delivered", "in transit", "returned"), (8, 2, 1))[0]
        rows.append(
            {
                "shipped_on": start,
                "waybill": f"WB{rng.randint(10, 99)}{70_000 + at * 13 + rng.randrange(13)}",
                "consignee": company(rng),
                "destination": rng.choice(style.towns),
                "packages": rng.randint(1, 48),
                "weight_kg": Decimal(rng.randint(12, 24_000)) / 10,
                "charge": Decimal(rng.randint(900, 320_000)) / 100,
                "status": status,
                "signed_by": person(rng) if status == "delivered" else None,
            }
        )
    return rows


def shipment_cells(row: dict[str, Any], style: Style) -> list[str]:
    """A row as it is printed."""
    return [
        style.write_date(row["shipped_on"]),
        row["waybill"],
        row["consignee"],
        row["destination"],
        str(row["packages"]),
        style.number(row["weight_kg"], 1),
        style.number(row["charge"]),
        row["status"].capitalize(),
        row["signed_by"] or "",
    ]


def draw_shipments(path: Path, rows: list[dict[str, Any]], style: Style, rng: Random) -> list[int]:
    """Landscape pages with the header on each; returns the page of each row."""
    pen = Pen(path, landscape(A4), "Shipment register")
    left, carrier = 40.0, company(rng)
    pages = [rows[at : at + ROWS_A_PAGE] for at in range(0, len(rows), ROWS_A_PAGE)]
    for number, part in enumerate(pages, 1):
        pen.text(left, 46, "Shipment register", size=15, bold=True, color=style.accent)
        pen.text(
            pen.width - left,
            46,
            f"{carrier} · all charges in {style.currency}",
            size=8.5,
            color=GREY,
            end=True,
        )
        pen.band(left, 60, pen.width - 2 * left, 18, style.accent)
        draw_row(pen, left, 72, [title for title, _, _ in COLUMNS], bold=True, color=HexColor("#ffffff"))
        for at, row in enumerate(part):
            if at % 2:
                pen.band(left, 79 + 15 * at, pen.width - 2 * left, 15, PALE)
            draw_row(pen, left, 90 + 15 * at, shipment_cells(row, style))
        if number == len(pages):
            draw_sums(pen, left, 79 + 15 * len(part), rows, style)
        pen.text(left, 574, f"Printed for the accounts of {carrier}", size=7.5, color=GREY)
        pen.text(pen.width - left, 574, f"Page {number} of {len(pages)}", size=7.5, color=GREY, end=True)
        pen.canvas.showPage()
    pen.canvas.save()
    return [1 + at // ROWS_A_PAGE for at in range(len(rows))]


def draw_row(
    pen: Pen, left: float, y: float, cells: Sequence[str], *, bold: bool = False, color: Color = INK
) -> None:
    """One line of the table."""
    for (_, x, numeric), cell in zip(COLUMNS, cells, strict=True):
        pen.text(left + 6 + x, y, cell, size=8, bold=bold, color=color, end=numeric)


def draw_sums(pen: Pen, left: float, y: float, rows: list[dict[str, Any]], style: Style) -> None:
    """The line of sums at the very end, which is no row."""
    pen.rule(left, y, pen.width - 2 * left, INK, 0.8)
    cells = [""] * len(COLUMNS)
    cells[0] = "Total"
    cells[4] = str(sum(row["packages"] for row in rows))
    cells[5] = style.number(sum((row["weight_kg"] for row in rows), Decimal(0)), 1)
    cells[6] = style.number(sum((row["charge"] for row in rows), Decimal(0)))
    draw_row(pen, left, y + 12, cells, bold=True)


# --- one record a page -----------------------------------------------------------------------------------------


def certificate_truth(rng: Random) -> list[dict[str, Any]]:
    """Four certificates; one of them names no next date."""
    first, silent = rng.randint(3000, 9000), rng.randrange(4)
    return [
        {
            "certificate_number": f"CAL-{first + at}",
            "customer": company(rng),
            "instrument": instrument,
            "serial_number": digits(rng, "SN-####-##"),
            "calibrated_on": (done := day(rng)),
            "next_due": None if at == silent else done + timedelta(days=365),
            "temperature_c": Decimal(rng.randint(185, 235)) / 10,
            "adjusted": rng.random() < 0.5,
            "verdict": rng.choice(("pass", "pass", "fail")),
            "technician": person(rng),
        }
        for at, instrument in enumerate(rng.sample(INSTRUMENTS, 4))
    ]


def draw_certificates(path: Path, records: list[dict[str, Any]], style: Style, laboratory: str) -> None:
    """One A4 page a certificate."""
    pen = Pen(path, A4, "Calibration certificates")
    for record in records:
        draw_certificate(pen, record, style, laboratory)
        pen.canvas.showPage()
    pen.canvas.save()


def draw_certificate(pen: Pen, record: dict[str, Any], style: Style, laboratory: str) -> None:
    """A framed page with a column of labels and a column of values."""
    middle = pen.width / 2
    pen.canvas.setStrokeColor(style.accent)
    pen.canvas.setLineWidth(1.4)
    pen.canvas.rect(34, 34, pen.width - 68, pen.height - 68)
    title = "Certificate of Calibration"
    pen.text(middle - stringWidth(laboratory, "Helvetica", 11) / 2, 92, laboratory, size=11, color=GREY)
    pen.text(
        middle - stringWidth(title, "Helvetica-Bold", 24) / 2,
        128,
        title,
        size=24,
        bold=True,
        color=style.accent,
    )
    pen.rule(middle - 60, 146, 120, style.accent, 1)
    facts = [
        ("Certificate number", record["certificate_number"]),
        ("Customer", record["customer"]),
        ("Instrument", record["instrument"]),
        ("Serial number", record["serial_number"]),
        ("Calibrated on", style.write_date(record["calibrated_on"])),
        ("Next calibration due", style.write_date(record["next_due"]) if record["next_due"] else None),
        ("Temperature", f"{style.number(record['temperature_c'], 1)} °C"),
        ("Adjusted", "Yes" if record["adjusted"] else "No"),
        ("Verdict", record["verdict"].upper()),
    ]
    y = 206.0
    for label, value in facts:
        if value is None:
            continue
        pen.text(110, y, label, size=10.5, color=GREY)
        pen.text(280, y, value, size=10.5, bold=label == "Verdict")
        pen.rule(110, y + 9, pen.width - 220, PALE, 1)
        y += 30
    for at, line in enumerate(
        wrap(
            "The instrument named above was compared with standards traceable to national standards. "
            "The values hold for the moment of the comparison and for the conditions stated.",
            pen.width - 220,
            8.5,
        )
    ):
        pen.text(110, 540 + 13 * at, line, size=8.5, color=GREY)
    pen.rule(110, 680, 180, INK, 0.6)
    pen.text(110, 696, f"Technician: {record['technician']}", size=9.5)


# --- all three -------------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Truth as JSON: dates as ISO text, decimals as numbers."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def make(seed: int, folder: Path) -> list[Sample]:
    """Draws the three documents of a seed into a folder, with their truth.

    Args:
        seed: Any whole number.
        folder: Made if it is missing; files of the same names are replaced.

    Returns:
        Invoice, shipments, certificates.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng, style = Random(seed), STYLES[seed % len(STYLES)]

    invoice, path = invoice_truth(rng, style), folder / "invoice.pdf"
    draw_invoice(path, invoice, style, rng)
    samples = [Sample(path, "per_doc", [plain(invoice)], [1])]

    rows, path = shipment_truth(rng, style), folder / "shipments.pdf"
    pages = draw_shipments(path, rows, style, rng)
    samples.append(Sample(path, "per_table_row", plain(rows), pages))

    records, path = certificate_truth(rng), folder / "certificates.pdf"
    draw_certificates(path, records, style, f"{rng.choice(ROOTS)} Metrology")
    samples.append(Sample(path, "per_page", plain(records), [1, 2, 3, 4]))

    for sample in samples:
        truth = {
            "seed": seed,
            "extraction_target": sample.target,
            "records": [
                {"page": page, "data": record}
                for page, record in zip(sample.pages, sample.records, strict=True)
            ],
        }
        sample.truth_path.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return samples


def main() -> None:
    """Reads the command line and draws."""
    parser = argparse.ArgumentParser(description="Draw three sample documents with known truth.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("samples"))
    options = parser.parse_args()
    for sample in make(options.seed, options.out):
        print(f"{sample.path}  {sample.target}  {len(sample.records)} record(s)")


if __name__ == "__main__":
    main()
