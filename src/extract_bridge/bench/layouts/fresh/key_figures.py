"""A quarter of a listed company: highlights in prose over a table of figures in millions, brackets for what is below zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, dated, nullable, required
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = required(
    thing(
        company=text(),
        reporting_period=text("e.g. Q3 2024"),
        report_date=day("Date of publication"),
        currency=text("ISO code of the reporting currency", enum=["EUR", "USD", "GBP", "SEK"]),
        revenue=number("Revenue of the quarter, in millions"),
        revenue_prior_year=number("Revenue of the same quarter last year, in millions"),
        operating_profit=number("EBIT of the quarter, in millions; negative for a loss"),
        net_income=nullable(number("Net profit or loss of the quarter, in millions")),
        eps=nullable(number("Basic earnings per share of the quarter")),
        free_cash_flow=nullable(number("In millions")),
        order_intake=nullable(number("In millions")),
        revenue_year_to_date=number("In millions"),
        employees=nullable(number("Headcount at the end of the period")),
        key_figures=many(
            "Every row of the table",
            metric=text("Without unit"),
            quarter=number(),
            prior_year_quarter=number(),
            year_to_date=number(),
        ),
        dividend_per_share=nullable(number()),
        full_year_guidance=nullable(text("The sentence on the expected revenue")),
    ),
    "company",
    "reporting_period",
)


class _Line(NamedTuple):
    label: str
    share: float
    at: str = ""
    places: int = 1


_LINES = (
    _Line("Order intake", 1.04, "/order_intake"),
    _Line("Revenue", 1.0, "/revenue"),
    _Line("Gross profit", 0.34),
    _Line("Operating profit (EBIT)", 0.08, "/operating_profit"),
    _Line("Profit before tax", 0.06),
    _Line("Net income", 0.05, "/net_income"),
    _Line("Earnings per share, basic", 0.004, "/eps", 2),
    _Line("Free cash flow", 0.05, "/free_cash_flow"),
    _Line("Capital expenditure", -0.04),
    _Line("Depreciation and amortisation", -0.05),
)
_FIRMS = (
    "Brackwater Instruments plc",
    "Solhaven Group",
    "Tarn & Vale Holdings plc",
    "Meridian Coatings AG",
    "Pelham Rail Technologies Inc.",
)
_MONTHS = {1: "31 March", 2: "30 June", 3: "30 September"}


class _Numbers(NamedTuple):
    quarter: float
    before: float
    year: float
    year_before: float


def _bracketed(draft: Draft, value: float, places: int, *, brackets: bool) -> str:
    shown = draft.voice.number(abs(value), places)
    return shown if value >= 0 else f"({shown})" if brackets else f"-{shown}"


def _numbers(draft: Draft, revenue: float, line: _Line, quarter: int) -> _Numbers:
    def some(times: float) -> float:
        around = draft.rng.uniform(-0.7, 1.3) if 0 < line.share < 0.1 else draft.rng.uniform(0.9, 1.1)
        return round(revenue * line.share * around * times, line.places)

    return _Numbers(some(1), some(0.95), some(quarter), some(quarter * 0.94))


def _prose(draft: Draft, y: float, told: dict[str, _Numbers], currency: str) -> float:
    """Some of the same figures in words, rounded or not, and others that the table has not."""
    rng, voice, width = draft.rng, draft.voice, draft.right - draft.left - 14
    sales = told["Revenue"]
    change = (sales.quarter / sales.before - 1) * 100
    way = "increased" if change >= 0 else "decreased"
    bullets: list[list[Said]] = [
        [
            "Revenue ",
            way,
            f" by {abs(change):.1f}% to {currency} ",
            Fact(voice.number(sales.quarter, 1), "/revenue", sales.quarter),
            " million",
        ]
    ]
    if "Order intake" in told:
        orders = told["Order intake"]
        bullets.append(
            [
                f"Order intake of {currency} ",
                Fact(voice.number(orders.quarter, 1), "/order_intake", orders.quarter),
                f" million; book-to-bill {orders.quarter / sales.quarter:.2f}",
            ]
        )
    staff = rng.randint(900, 48000)
    optional: list[list[Said]] = [
        [
            "At the end of the period the Group had ",
            Fact(voice.number(staff, 0), "/employees", staff),
            " employees",
        ],
        [
            f"The {rng.choice(('Nordics', 'Americas', 'Marine'))} segment grew organically by {rng.randint(2, 14)}%, supported by after-sales"
        ],
        [
            Fact(
                f"Full-year revenue is expected to reach {currency} {round(sales.year * 1.4):,}-{round(sales.year * 1.5):,} million",
                "/full_year_guidance",
            )
        ],
    ]
    bullets += [one for one in optional if rng.random() < 0.6]
    mark = rng.choice(("•", "-", "–"))  # noqa: RUF001 - as offices print it
    for bullet in bullets:
        draft.say(draft.left, y, mark)
        y = draft.prose(draft.left + 12, y, width, *bullet, ".") + 2
    return y + 12


def _table(draft: Draft, y: float, told: dict[str, _Numbers], quarter: int, currency: str) -> float:
    rng, year = draft.rng, draft.today.year
    unit = rng.choice((f"{currency} million", f"In millions of {currency}", f"({currency}m)"))
    brackets, changes = rng.random() < 0.75, rng.random() < 0.6
    widths = (255, 315, 365, 430, 490) if changes else (275, 345, 0, 420, 490)
    tabs: Tabs = ((0, "left"), *((float(x), "right") for x in widths))
    marks = ("Jan-Mar", "Apr-Jun", "Jul-Sep")[quarter - 1], ("Jan-Mar", "Jan-Jun", "Jan-Sep")[quarter - 1]
    if rng.random() < 0.5:
        y = across(draft, y, tabs, ("", marks[0], marks[0], "", marks[1], marks[1]), bold=True, size=8)
        heads = (unit, str(year), str(year - 1), "+/- %" if changes else "", str(year), str(year - 1))
    else:
        heads = (
            unit,
            f"Q{quarter} {year}",
            f"Q{quarter} {year - 1}",
            "Change" if changes else "",
            f"YTD {year}",
            f"YTD {year - 1}",
        )
    y = across(draft, y, tabs, heads, bold=True, size=8)
    draft.sheet.line(draft.left, y - 6, draft.right, y - 6)
    y += 5
    for row, (label, values) in enumerate(told.items()):
        line = next(one for one in _LINES if one.label == label)
        shown = [_bracketed(draft, value, line.places, brackets=brackets) for value in values]
        start = f"/key_figures/{row}"
        keys = (f"{start}/quarter", f"{start}/prior_year_quarter", f"{start}/year_to_date")
        facts = [Fact(text_of, key, value) for text_of, key, value in zip(shown, keys, values, strict=False)]
        rate = (values.quarter / values.before - 1) * 100 if values.before > 0 < values.quarter else None
        change = "n.m." if rate is None or rate > 200 else _bracketed(draft, rate, 1, brackets=brackets) + "%"
        bold = label in ("Revenue", "Net income")
        name = draft.say(draft.left, y, Fact(label, f"{start}/metric"), bold=bold)
        if label.startswith("Earnings"):
            draft.say(name.x1 + 4, y, f"({currency})", size=7.5)
        cells: list[Said] = [*facts[:2], change if changes else "", facts[2], shown[3]]
        inks = [
            draft.say(draft.left + x, y, what, bold=bold, align="right")
            for x, what in zip(widths, cells, strict=True)
        ]
        if line.at:
            draft.state(Fact(shown[0], line.at, values.quarter), inks[0])
        if label == "Revenue":
            draft.state(Fact(shown[1], "/revenue_prior_year", values.before), inks[1])
            draft.state(Fact(shown[2], "/revenue_year_to_date", values.year), inks[3])
        y += draft.step * 1.1
    return y


def _report(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, size=9.0)
    draft.today = draft.today.replace(day=rng.randint(4, 28))
    quarter, currency = rng.randint(1, 3), rng.choice(("EUR", "USD", "GBP", "SEK"))
    draft.today = draft.today.replace(month=3 * quarter + rng.randint(1, 2))
    title = f"Q{quarter} {draft.today.year}"
    draft.say(draft.left, 58, Fact(rng.choice(_FIRMS), "/company"), bold=True, size=16)
    heading = draft.say(
        draft.left,
        78,
        f"{rng.choice(('Interim Report', 'Trading Update', 'Quarterly Statement'))} {title}",
        size=12,
    )
    draft.state(Fact(title, "/reporting_period"), heading.only(-2))
    released: list[Said] = [
        "Published ",
        dated(draft, draft.today, "/report_date", rng.choice(("{d} {month} {y}", "{month} {d}, {y}"))),
        f" · Period ended {_MONTHS[quarter]}",
    ]
    draft.prose(draft.right, 58, ONE_LINE, *released, size=7.5, align="right", grey=True)
    revenue = rng.choice((38.0, 212.0, 940.0, 2650.0)) * rng.uniform(0.8, 1.2)
    known = [
        one for one in _LINES if one.label in ("Revenue", "Operating profit (EBIT)") or rng.random() < 0.7
    ]
    told = {one.label: _numbers(draft, revenue, one, quarter) for one in known}
    draft.say(draft.left, 110, rng.choice(("Highlights", "Key points of the quarter")), bold=True, size=11)
    y = _prose(draft, 128, told, currency)
    draft.say(draft.left, y, "Key figures", bold=True, size=11)
    y = _table(draft, y + 18, told, quarter, currency)
    ink = draft.say(
        draft.left,
        y + 6,
        f"All amounts in {currency} unless otherwise stated. Rounding differences may occur.",
        size=7,
        grey=True,
    )
    draft.state(Fact(currency, "/currency"), ink.only(3, 4))
    words = f'"{rng.choice(("We delivered a solid quarter in a hesitant market", "Margins held up well despite higher freight costs"))}," says {draft.voice.person()}, CEO.'
    draft.prose(draft.left, y + 30, draft.right - draft.left, words)
    return draft.finish("key_figures", at)


LAYOUTS = (Layout("key_figures", "report", _report, group="fresh"),)
