"""A listed American company's quarterly report: the cover with its boxes, and a statement of income in thousands for three months and the year so far."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from extract_bridge.bench.draft import Fact, day, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import across, dated, tick
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft
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


def _cover(draft: Draft, end: date) -> None:
    rng, voice, middle = draft.rng, draft.voice, draft.sheet.width / 2
    lines = ("UNITED STATES", "SECURITIES AND EXCHANGE COMMISSION", "Washington, D.C. 20549", "", "FORM 10-Q")
    for at, line in enumerate(lines):
        draft.say(middle, 52 + at * 13, line, bold=True, align="centre", size=13 if at == 4 else None)
    tick(
        draft,
        draft.left,
        130,
        "QUARTERLY REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934",
        on=True,
    )
    draft.prose(
        middle,
        147,
        400,
        "For the quarterly period ended ",
        dated(draft, end, "/period_end", "{month} {d}, {y}"),
        bold=True,
        align="centre",
    )
    tick(draft, draft.left, 164, "TRANSITION REPORT PURSUANT TO SECTION 13 OR 15(d)", on=False)
    draft.prose(middle, 181, 400, "For the transition period from ________ to ________", align="centre")
    draft.prose(
        middle,
        198,
        400,
        f"Commission {rng.choice(('File Number', 'file number:'))} ",
        Fact(f"{rng.choice(('001', '0', '000'))}-{voice.digits(5)}", "/commission_file_number"),
        align="centre",
    )
    (name, symbol), office = rng.choice(_FIRMS), rng.choice(_OFFICES)
    draft.say(middle, 232, Fact(name, "/registrant_name"), bold=True, size=16, align="centre")
    draft.say(middle, 244, "(Exact name of registrant as specified in its charter)", size=7.5, align="centre")
    half, right = draft.left + 120, draft.right - 120
    pairs = (
        (
            half,
            272,
            Fact(rng.choice(_STATES), "/state_of_incorporation"),
            "(State or other jurisdiction of|incorporation or organization)",
        ),
        (
            right,
            272,
            Fact(f"{rng.randint(11, 98)}-{voice.digits(7)}", "/employer_identification_number"),
            "(I.R.S. Employer|Identification No.)",
        ),
        (right, 318, f"{office[1].rsplit(' ', 1)[1]}", "(Zip Code)"),
    )
    for x, y, fact, caption in pairs:
        draft.say(x, y, fact, bold=True, align="centre")
        for at, part in enumerate(caption.split("|")):
            draft.say(x, y + 10 + 9 * at, part, size=7.5, align="centre")
    inks = [
        draft.say(half, 307 + 11 * at, line, bold=True, align="centre")
        for at, line in enumerate((office[0], office[1].rsplit(" ", 1)[0]))
    ]
    draft.state(Fact(", ".join((office[0], office[1].rsplit(" ", 1)[0])), "/principal_office"), *inks)
    draft.say(half, 328, "(Address of principal executive offices)", size=7.5, align="centre")
    draft.say(
        middle,
        352,
        Fact(f"({voice.digits(3)}) 555-{voice.digits(4)}", "/telephone"),
        bold=True,
        align="centre",
    )
    draft.say(middle, 362, "(Registrant's telephone number, including area code)", size=7.5, align="centre")
    tabs: Tabs = ((0, "left"), (215, "left"), (300, "left"))
    across(
        draft,
        388,
        tabs,
        ("Title of each class", "Trading Symbol(s)", "Name of each exchange on which registered"),
        bold=True,
        size=8,
    )
    across(
        draft,
        402,
        tabs,
        (
            f"Common stock, ${rng.choice(('0.01', '0.001', '1.00'))} par value",
            Fact(symbol, "/trading_symbol"),
            "The Nasdaq Stock Market LLC",
        ),
        size=8,
    )
    words = "Indicate by check mark whether the registrant is a large accelerated filer, an accelerated filer, a non-accelerated filer, or an emerging growth company."
    y, status = draft.prose(draft.left, 430, draft.right - draft.left, words, size=8) + 6, rng.choice(_STATUS)
    place = draft.left
    for label in _STATUS:
        place = tick(draft, place, y, label, on=label == status, at="/filer_status")
    counted, shares = date(end.year, end.month + 1, rng.randint(3, 28)), rng.randint(9_000_000, 240_000_000)
    draft.prose(
        draft.left, y + 30, draft.right - draft.left, "As of ", dated(draft, counted, "/shares_date", "{month} {d}, {y}"),
        ", there were ", Fact(f"{shares:,}", "/shares_outstanding", shares), " shares of the registrant's common stock outstanding.",
    )  # fmt: skip


def _plus(first: Four, second: Four, sign: int = 1) -> Four:
    a, b, c, d = (round(one + sign * other, 2) for one, other in zip(first, second, strict=True))
    return a, b, c, d


def _rows(draft: Draft, scale: float, before: int) -> list[_Row]:
    """The statement, each sum made of what stands above it; so many quarters came before this one."""
    rng = draft.rng

    def some(share: float) -> Four:
        a, b = (float(round(scale * share * rng.uniform(0.8, 1.2))) for _ in range(2))
        return (
            a,
            b,
            a + round(scale * share * before * rng.uniform(0.8, 1.1)),
            b + round(scale * share * before * rng.uniform(0.8, 1.1)),
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


def _statement(draft: Draft, end: date) -> None:
    rng, middle = draft.rng, draft.sheet.width / 2
    draft.sheet.next_page()
    name = str(draft.facts["/registrant_name"])
    for at, line in enumerate(
        (
            name,
            "CONDENSED CONSOLIDATED STATEMENTS OF OPERATIONS",
            "(in thousands, except per share data) (unaudited)",
        )
    ):
        draft.say(middle, 54 + at * 13, line, bold=at < 2, align="centre")
    width, dollars = draft.right - draft.left, rng.random() < 0.7
    tabs: Tabs = ((0, "left"), *((width - gap, "right") for gap in (216.0, 146.0, 72.0, 0.0)))
    months, shown = {2: "Six", 3: "Nine"}[end.month // 3], draft.voice.day(end, "{month} {d},")
    y, banded = 112.0, rng.random() < 0.5
    for gap, label in ((198, "Three Months Ended"), (54, f"{months} Months Ended")):
        x = draft.right - gap
        draft.say(x - 18, y, label, bold=True, size=8, align="centre")
        draft.say(x - 18, y + 10, shown, bold=True, size=8, align="centre")
        draft.sheet.line(x - 70, y + 13, x + (35 if gap > 100 else 54), y + 13)
    y = across(draft, y + 24, tabs, ("", *(str(end.year - at % 2) for at in range(4))), bold=True, size=8) + 4
    for row in _rows(
        draft, rng.choice((4000.0, 52000.0, 380000.0)) * rng.uniform(0.7, 1.4), end.month // 3 - 1
    ):
        values = row.values or ()
        if values and (row.level == 2 or row.at == "/net_income"):
            for _, (x, _) in zip(values, tabs[1:], strict=True):
                draft.sheet.line(draft.left + x - 48, y - 10, draft.left + x + 3, y - 10)
        if banded and row.level == 1:
            draft.sheet.shade(draft.left, y - 10, width, 13)
        draft.say(draft.left + 10 * row.level, y, row.label)
        for value, (x, _), key in zip(values, tabs[1:], _COLUMNS, strict=False):
            text_of = draft.voice.number(abs(value), row.places)
            text_of = f"({text_of})" if value < 0 else text_of
            what = Fact(text_of, f"{row.at}/{key}", value) if row.at else text_of
            inset = 0.0 if value < 0 else draft.sheet.measure(")")
            draft.say(draft.left + x - inset, y, what, align="right")
            if dollars and row.at in ("/revenue", "/net_income", "/diluted_eps"):
                draft.say(draft.left + x - 48, y, "$")
        y += draft.step * 1.15
    draft.say(
        middle,
        y + 20,
        "See accompanying notes to condensed consolidated financial statements.",
        size=7.5,
        align="centre",
    )
    draft.say(middle, draft.sheet.height - 36, "3", size=8, align="centre")


def _filing(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng, "en", _SCHEMA, width=612.0, height=792.0, size=9.0, face=rng.choice((FACES[1], FACES[0]))
    )
    draft.left = 46.0
    month = rng.choice((6, 9))
    end = date(draft.today.year, month, 30)
    _cover(draft, end)
    _statement(draft, end)
    return draft.finish("quarterly_filing", at)


LAYOUTS = (Layout("quarterly_filing", "report", _filing, group="fresh"),)
