"""A page of an annual report: two years under one heading, notes, parentheses for what is below zero, sums among the lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft

_SCHEMA = thing(
    company=text(),
    fiscal_year_end=text("As printed, e.g. December 31, 2024"),
    currency_unit=text("Unit of the amounts, as printed"),
    revenue=number("Total revenue of the latest year, as printed, without scaling"),
    cost_of_sales=number("Latest year; costs are negative"),
    operating_income=number("Latest year"),
    income_tax=number("Latest year; an expense is negative"),
    net_income=number("Latest year"),
    basic_eps=number("Basic earnings per share, latest year"),
    line_items=many(
        "Every line of the statement that has amounts",
        label=text(),
        note=text("Number of the note"),
        current_year=number(),
        prior_year=number(),
    ),
)


def _printed(draft: Draft, value: float, places: int = 0) -> str:
    if not value:
        return "-"
    shown = draft.voice.number(abs(value), places)
    return f"({shown})" if value < 0 else shown


def _year(draft: Draft, scale: float) -> dict[str, float]:
    rng = draft.rng
    product, service = round(rng.uniform(0.5, 1) * scale), round(rng.uniform(0.2, 0.4) * scale)
    found: dict[str, float] = {
        "Product sales": product,
        "Service revenue": service,
        "Total revenue": product + service,
    }
    found["Cost of sales"] = -round(found["Total revenue"] * rng.uniform(0.5, 0.65))
    found["Gross profit"] = found["Total revenue"] + found["Cost of sales"]
    for name, share in (
        ("Selling and marketing", 0.12),
        ("Research and development", 0.1),
        ("General and administrative", 0.09),
    ):
        found[name] = -round(found["Total revenue"] * share * rng.uniform(0.8, 1.7))
    found["Operating income"] = found["Gross profit"] + sum(
        value for name, value in found.items() if " and " in name
    )
    found["Interest expense, net"] = -round(scale * rng.uniform(0.005, 0.03))
    before = found["Operating income"] + found["Interest expense, net"]
    found["Income before income taxes"] = before
    found["Income tax (expense) benefit"] = -round(before * 0.23)
    found["Net income"] = before + found["Income tax (expense) benefit"]
    found["Basic"] = round(found["Net income"] / scale * 11, 2)
    found["Diluted"] = round(found["Basic"] * 0.97, 2)
    return found


_SCALARS = {
    "Total revenue": "revenue",
    "Cost of sales": "cost_of_sales",
    "Operating income": "operating_income",
    "Income tax (expense) benefit": "income_tax",
    "Net income": "net_income",
    "Basic": "basic_eps",
}
_SUMS = ("Total revenue", "Gross profit", "Operating income", "Income before income taxes", "Net income")
_HEADINGS = {
    "Product sales": "Revenue",
    "Selling and marketing": "Operating expenses",
    "Basic": "Earnings (loss) per share",
}


def _heads(draft: Draft, company: str) -> float:
    rng, middle, ends = draft.rng, draft.sheet.width / 2, draft.today.year - 1
    draft.say(draft.left, 44, f"{company} Annual Report {ends}", size=7.5, grey=True)
    draft.say(draft.right, 44, str(rng.randint(38, 96)), size=7.5, grey=True, align="right")
    draft.say(middle, 80, Fact(company.upper(), "/company", company), size=12, bold=True, align="centre")
    draft.say(middle, 95, "CONSOLIDATED STATEMENTS OF OPERATIONS", size=11, bold=True, align="centre")
    unit = rng.choice(("in thousands", "in millions"))
    scaled = draft.say(middle, 121, f"({unit}, except per share data)", size=8.5, align="centre")
    draft.state(Fact(unit, "/currency_unit"), scaled.only(0, 2))
    closing = rng.choice(("December 31", "June 30", "September 30"))
    years = draft.say(
        middle, 109, f"For the years ended {closing}, {ends} and {ends - 1}", size=8.5, align="centre"
    )
    draft.state(Fact(f"{closing}, {ends}", "/fiscal_year_end"), years.only(4, 7))
    draft.sheet.line(draft.right - 130, 140, draft.right, 140)
    draft.say(draft.right - 75, 152, str(ends), bold=True, align="right")
    draft.say(draft.right, 152, str(ends - 1), bold=True, align="right")
    draft.say(draft.right - 168, 152, "Note", size=8, align="centre")
    return 172.0


def _statement(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, width=612.0, height=792.0)
    y = _heads(draft, draft.voice.companies(1)[0])
    scale = rng.choice((900.0, 14000.0, 220000.0, 1900000.0))
    now, before = _year(draft, scale), _year(draft, scale * 0.9)
    for row, (label, value) in enumerate(now.items()):
        if label in _HEADINGS:
            draft.say(draft.left, y, f"{_HEADINGS[label]}:")
            y += draft.step
        start, bold, places = f"/line_items/{row}", label in _SUMS, 2 if label in ("Basic", "Diluted") else 0
        indent = 0 if bold else 12
        draft.say(draft.left + indent, y, Fact(label, f"{start}/label"), bold=bold)
        if not bold and rng.random() < 0.4:
            draft.say(
                draft.right - 168, y, Fact(str(rng.randint(2, 24)), f"{start}/note"), align="centre", size=8
            )
        sign = "$" if label in ("Product sales", "Net income", "Basic") else ""
        for x, year, amount in ((75, "current_year", value), (0, "prior_year", before[label])):
            shown = _printed(draft, amount, places)
            ink = draft.say(draft.right - x + (3 if amount < 0 else 0), y, shown, align="right", bold=bold)
            if sign:
                draft.say(draft.right - x - 52, y, sign)
            if amount:
                draft.state(Fact(shown, f"{start}/{year}", amount), ink)
            if x and amount and label in _SCALARS:
                draft.state(Fact(shown, f"/{_SCALARS[label]}", amount), ink)
        if bold:
            draft.sheet.line(draft.right - 130, y - draft.sheet.size, draft.right, y - draft.sheet.size)
        y += draft.step * (1.5 if bold else 1.1)
    draft.say(draft.left, y + 18, "See accompanying notes to consolidated financial statements.", size=8)
    return draft.finish("held-out", at)


LAYOUTS = (Layout("income_statement", "report", _statement, group="held-out"),)
