"""A listed American company's quarterly report: the cover with its boxes, and a statement of income in thousands for three months and the year so far."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from extract_bridge.bench.draft import Fact, day, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, dated, tick
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs


def _figures(meaning: str) -> dict[str, Any]:
    return thing(
        meaning,
        quarter=number(),
        quarter_prior_year=number(),
        year_to_date=number(),
        year_to_date_prior_year=number(),
    )


_SCHEMA = thing(
    registrant_name=text("Exact name as specified in its charter"),
    commission_file_number=text(),
    state_of_incorporation=text(),
    employer_identification_number=text(),
    period_end=day("End of the quarterly period"),
    principal_office=text("Address of the principal executive offices"),
    telephone=text(),
    trading_symbol=text(),
    filer_status=text(enum=["Large accelerated filer", "Accelerated filer", "Non-accelerated filer"]),
    shares_outstanding=whole("Common shares outstanding"),
    shares_date=day("As of which the shares were counted"),
    revenue=_figures("Total revenue, as printed (in thousands)"),
    operating_income=_figures("As printed, losses negative"),
    net_income=_figures("As printed, losses negative"),
    diluted_eps=_figures(""),
    goodwill_impairment=number(),
)
_FIRMS = (
    ("TELLURIDE SENSOR SYSTEMS, INC.", "TLSS"), ("Marsh Harbor Foods Corporation", "MHFC"), ("QUARRYSTONE BANCSHARES INC", "QRYS"), ("Alder & Pike Apparel, Inc.", "ALPK"),
)  # fmt: skip
_STATES = ("Delaware", "Maryland", "Nevada", "Minnesota")
_OFFICES = (
    ("2100 Research Parkway, Suite 400", "Boulder, Colorado 80301"),
    ("7 Cannery Wharf", "Gloucester, Massachusetts 01930"),
    ("One Mill Square", "Duluth, Minnesota 55802"),
)
_STATUS = ("Large accelerated filer", "Accelerated filer", "Non-accelerated filer")
_COLUMNS = ("quarter", "quarter_prior_year", "year_to_date", "year_to_date_prior_year")
Four = tuple[float, float, float, float]


class _Row(NamedTuple):
    label: str
    values: Four | None = None
    at: str = ""
    level: int = 0
    places: int = 0


def _centred(draft: Draft, x: float, y: float, what: Said, *captions: str, size: float | None = None) -> None:
    """A value in bold, and below it in small print what it is."""
    draft.say(x, y, what, bold=True, size=size, align="centre")
    for at, caption in enumerate(captions):
        draft.say(x, y + 10 + 9 * at, caption, size=7.5, align="centre")


def _form(draft: Draft, end: date) -> None:
    """Which form this is, and for which period."""
    rng, middle = draft.rng, draft.sheet.width / 2
    lines = ("UNITED STATES", "SECURITIES AND EXCHANGE COMMISSION", "Washington, D.C. 20549", "", "FORM 10-Q")
    for at, line in enumerate(lines):
        _centred(draft, middle, 52 + at * 13, line, size=13 if at == 4 else None)
    act = "QUARTERLY REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934"
    tick(draft, draft.left, 130, act, on=True)
    until = dated(draft, end, "/period_end", "{month} {d}, {y}")
    draft.prose(middle, 147, ONE_LINE, "For the quarterly period ended ", until, bold=True, align="centre")
    tick(draft, draft.left, 164, "TRANSITION REPORT PURSUANT TO SECTION 13 OR 15(d)", on=False)
    draft.say(middle, 181, "For the transition period from ________ to ________", align="centre")
    file = Fact(f"{rng.choice(('001', '0', '000'))}-{draft.voice.digits(5)}", "/commission_file_number")
    label = rng.choice(("Commission File Number ", "Commission file number: "))
    draft.prose(middle, 198, ONE_LINE, label, file, align="centre")


def _registrant(draft: Draft) -> None:
    """Who files: values over their captions, in two columns."""
    rng, voice, middle = draft.rng, draft.voice, draft.sheet.width / 2
    (name, symbol), (street, town) = rng.choice(_FIRMS), rng.choice(_OFFICES)
    half, right, (city, code) = draft.left + 120, draft.right - 120, town.rsplit(" ", 1)
    charter = "(Exact name of registrant as specified in its charter)"
    _centred(draft, middle, 232, Fact(name, "/registrant_name"), size=16)
    draft.say(middle, 244, charter, size=7.5, align="centre")
    state = Fact(rng.choice(_STATES), "/state_of_incorporation")
    _centred(draft, half, 272, state, "(State or other jurisdiction of", "incorporation or organization)")
    employer = Fact(f"{rng.randint(11, 98)}-{voice.digits(7)}", "/employer_identification_number")
    _centred(draft, right, 272, employer, "(I.R.S. Employer", "Identification No.)")
    inks = [
        draft.say(half, 307 + 11 * at, line, bold=True, align="centre")
        for at, line in enumerate((street, city))
    ]
    draft.state(Fact(f"{street}, {city}", "/principal_office"), *inks)
    draft.say(half, 328, "(Address of principal executive offices)", size=7.5, align="centre")
    _centred(draft, right, 318, code, "(Zip Code)")
    phone = Fact(f"({voice.digits(3)}) 555-{voice.digits(4)}", "/telephone")
    _centred(draft, middle, 352, phone, "(Registrant's telephone number, including area code)")
    tabs: Tabs = ((0, "left"), (215, "left"), (300, "left"))
    heads = ("Title of each class", "Trading Symbol(s)", "Name of each exchange on which registered")
    across(draft, 388, tabs, heads, bold=True, size=8)
    stock = f"Common stock, ${rng.choice(('0.01', '0.001', '1.00'))} par value"
    across(draft, 402, tabs, (stock, Fact(symbol, "/trading_symbol"), "The Nasdaq Stock Market LLC"), size=8)


def _cover(draft: Draft, end: date) -> None:
    rng, width = draft.rng, draft.right - draft.left
    _form(draft, end)
    _registrant(draft)
    words = (
        "Indicate by check mark whether the registrant is a large accelerated filer, an accelerated filer,"
        " a non-accelerated filer, or an emerging growth company."
    )
    y, status, place = draft.prose(draft.left, 430, width, words, size=8) + 6, rng.choice(_STATUS), draft.left
    for label in _STATUS:
        place = tick(draft, place, y, label, on=label == status, at="/filer_status")
    shares = rng.randint(9_000_000, 240_000_000)
    counted = dated(
        draft, date(end.year, end.month + 1, rng.randint(3, 28)), "/shares_date", "{month} {d}, {y}"
    )
    count = Fact(f"{shares:,}", "/shares_outstanding", shares)
    rest = " shares of the registrant's common stock outstanding."
    draft.prose(draft.left, y + 30, width, "As of ", counted, ", there were ", count, rest)


def _plus(first: Four, second: Four, sign: int = 1) -> Four:
    a, b, c, d = (round(one + sign * other, 2) for one, other in zip(first, second, strict=True))
    return a, b, c, d


def _rows(draft: Draft, scale: float, earlier: int) -> list[_Row]:
    """The statement, each sum made of what stands above it; so many quarters came before this one."""
    rng = draft.rng

    def some(share: float) -> Four:
        a, b = (float(round(scale * share * rng.uniform(0.8, 1.2))) for _ in range(2))
        return (
            a,
            b,
            a + round(scale * share * earlier * rng.uniform(0.8, 1.1)),
            b + round(scale * share * earlier * rng.uniform(0.8, 1.1)),
        )

    product, service, cost, research, selling, other, taxes = (
        some(share) for share in (0.8, 0.2, 0.55, 0.12, 0.26, 0.012, 0.02)
    )
    revenue, expenses = _plus(product, service), _plus(_plus(cost, research), selling)
    operating = _plus(revenue, expenses, -1)
    before = _plus(operating, other, -1)
    net = _plus(before, taxes, -1)
    shares = scale * rng.uniform(0.2, 1.5)
    a, b, c, d = (round(one / shares, 2) for one in net)
    title = rng.choice(("Total revenue", "Net sales", "Total revenues"))
    return [
        _Row("Revenue:"), _Row("Product", product, level=1), _Row("Services and other", service, level=1), _Row(title, revenue, "/revenue", 2),
        _Row("Operating expenses:"), _Row("Cost of revenue", cost, level=1), _Row("Research and development", research, level=1),
        _Row("Selling, general and administrative", selling, level=1), _Row("Total operating expenses", expenses, level=2),
        _Row("Income (loss) from operations", operating, "/operating_income"), _Row("Interest expense, net", _plus((0, 0, 0, 0), other, -1)),
        _Row("Income (loss) before income taxes", before), _Row("Provision for income taxes", taxes), _Row("Net income (loss)", net, "/net_income"),
        _Row("Net income (loss) per share:"), _Row("Diluted", (a, b, c, d), "/diluted_eps", 1, 2),
    ]  # fmt: skip


def _heading(draft: Draft, end: date, tabs: Tabs) -> float:
    """Title, unit, and two levels of column heads; where the first row stands."""
    middle, name = draft.sheet.width / 2, str(draft.facts["/registrant_name"])
    draft.say(middle, 54, Fact(name, "/registrant_name"), bold=True, align="centre")
    draft.say(middle, 67, "CONDENSED CONSOLIDATED STATEMENTS OF OPERATIONS", bold=True, align="centre")
    draft.say(middle, 80, "(in thousands, except per share data) (unaudited)", align="centre")
    until, months = draft.voice.day(end, "{month} {d},"), {6: "Six", 9: "Nine"}[end.month]
    for column, label in ((1, "Three"), (3, months)):
        x0, x1 = draft.left + tabs[column][0] - 48, draft.left + tabs[column + 1][0]
        for at, line in enumerate((f"{label} Months Ended", until)):
            draft.say((x0 + x1) / 2, 112 + 10 * at, line, bold=True, size=8, align="centre")
        draft.sheet.line(x0, 125, x1, 125)
    years = (str(end.year - at % 2) for at in range(4))
    return across(draft, 136, tabs, ("", *years), bold=True, size=8) + 4


def _line(draft: Draft, y: float, row: _Row, tabs: Tabs, *, dollars: bool) -> None:
    """A row: its brackets reach beyond the column's edge, a sum has a line above it."""
    draft.say(draft.left + 10 * row.level, y, row.label)
    for value, (tab, _), key in zip(row.values or (), tabs[1:], _COLUMNS, strict=False):
        x, shown = draft.left + tab, draft.voice.number(abs(value), row.places)
        shown = f"({shown})" if value < 0 else shown
        inset = 0.0 if value < 0 else draft.sheet.measure(")")
        draft.say(x - inset, y, Fact(shown, f"{row.at}/{key}", value) if row.at else shown, align="right")
        if row.level == 2 or row.at == "/net_income":
            draft.sheet.line(x - 48, y - 10, x + 3, y - 10)
        if dollars and row.at in ("/revenue", "/net_income", "/diluted_eps"):
            draft.say(x - 48, y, "$")


def _statement(draft: Draft, end: date) -> None:
    rng, width = draft.rng, draft.right - draft.left
    tabs: Tabs = ((0, "left"), *((width - gap, "right") for gap in (216.0, 146.0, 72.0, 0.0)))
    y, banded, dollars = _heading(draft, end, tabs), rng.random() < 0.5, rng.random() < 0.7
    scale = rng.choice((4000.0, 52000.0, 380000.0)) * rng.uniform(0.7, 1.4)
    for row in _rows(draft, scale, end.month // 3 - 1):
        if banded and row.level == 1:
            draft.sheet.shade(draft.left, y - 10, width, 13)
        _line(draft, y, row, tabs, dollars=dollars)
        y += draft.step * 1.15
    note = "See accompanying notes to condensed consolidated financial statements."
    draft.say(draft.sheet.width / 2, y + 20, note, size=7.5, align="centre")
    draft.say(draft.sheet.width / 2, draft.sheet.height - 36, "3", size=8, align="centre")


def _filing(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng, "en", _SCHEMA, width=612.0, height=792.0, size=9.0, face=rng.choice((FACES[1], FACES[0]))
    )
    draft.left = 46.0
    end = date(draft.today.year, rng.choice((6, 9)), 30)
    _cover(draft, end)
    draft.sheet.next_page()
    _statement(draft, end)
    return draft.finish("quarterly_filing", at)


LAYOUTS = (Layout("quarterly_filing", "report", _filing, group="fresh"),)
