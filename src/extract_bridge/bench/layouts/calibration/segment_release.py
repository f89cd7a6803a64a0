"""A listed group's quarter by segment: prose with figures before a table whose years stand over its columns, notes below, amounts in thousands or millions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    "Segment reporting",
    company=text(),
    fiscal_year=whole(),
    quarter=text("Q1, Q2, Q3 or Q4", enum=["Q1", "Q2", "Q3", "Q4"]),
    unit=text("Scale of the figures as printed, e.g. millions", enum=["millions", "thousands"]),
    segments=many(
        "Reportable segments, without eliminations and totals",
        name=text(),
        net_sales_current=number("As printed, in the table's unit"),
        net_sales_prior=number("Same quarter of the year before"),
        operating_income_current=number("Negative for a loss"),
        operating_income_prior=number(),
    ),
    consolidated=thing("Group totals", net_sales=number(), operating_income=number()),
    eliminations=number("Intersegment sales, this year"),
    headcount=whole("Employees at the end of the quarter"),
    dividend_per_share=number(),
    ceo=text(),
    auditor=text(),
)
_FIRMS = (
    "Ashgrove Materials Corporation",
    "Lowland Brands Group plc",
    "TriRiver Healthcare, Inc.",
    "Meridian Pumps & Valves Ltd",
)
_SEGMENTS = (
    ("Coatings", "Adhesives", "Specialty Films"), ("Snacks", "Beverages", "Pet Care", "Foodservice"), ("Diagnostics", "Surgical Devices", "Home Care"),
    ("Water & Wastewater", "Process Industries", "Aftermarket and Service Contracts"),
)  # fmt: skip


def _shown(draft: Draft, value: float, at: str, places: int, form: str = "{}") -> Fact:
    """An amount, in brackets where it is below zero, as accountants print it."""
    printed = draft.voice.number(abs(value), places)
    return Fact(form.format(f"({printed})" if value < 0 else printed), at, value)


def _table(draft: Draft, y: float, names: tuple[str, ...], year: int, places: int) -> tuple[float, float]:
    """Sales and income of each segment, this year beside the last; the group's sales."""
    rng, edge = draft.rng, draft.right - draft.left
    tabs: Tabs = ((0, "left"), (235, "right"), (305, "right"), (edge - 90, "right"), (edge, "right"))
    draft.say(draft.left + 270, y, "Net sales", bold=True, align="centre")
    draft.say(
        draft.left + edge - 75,
        y,
        rng.choice(("Operating income", "Adjusted EBIT")),
        bold=True,
        align="centre",
    )
    y = across(
        draft, y + draft.step, tabs, ("", *(str(one) for one in (year, year - 1, year, year - 1))), bold=True
    )
    draft.sheet.line(draft.left, y - 8, draft.right, y - 8)
    y, sums, scale = y + 4, [0.0] * 4, 1 if places else 100
    dollars = rng.random() < 0.5
    for row, name in enumerate(names):
        at, now = f"/segments/{row}", float(rng.randint(900, 9900) * scale) / 10**places
        then = round(now * rng.randint(82, 116) / 100, places)
        gains = [round(one * rng.randint(-9, 24) / 100, places) for one in (now, then)]
        form = "${}" if dollars and not row else "{}"
        keys = ("net_sales_current", "net_sales_prior", "operating_income_current", "operating_income_prior")
        values = (now, then, *gains)
        facts = [
            _shown(draft, value, f"{at}/{key}", places, form) for key, value in zip(keys, values, strict=True)
        ]
        y = across(draft, y, tabs, (Fact(name, f"{at}/name"), *facts))
        sums = [one + value for one, value in zip(sums, values, strict=True)]
    if rng.random() < 0.7:
        cut = -round(sums[0] * 0.02, places)
        y = across(
            draft,
            y,
            tabs,
            (
                "Eliminations",
                _shown(draft, cut, "/eliminations", places),
                _shown(draft, cut, "", places).text,
                "-",
                "-",
            ),
        )
        sums = [sums[0] + cut, sums[1] + cut, *sums[2:]]
    costs = round(sums[0] * 0.01, places)
    y = across(
        draft,
        y,
        tabs,
        ("Corporate and other", "", "", *(f"({draft.voice.number(costs, places)})" for _ in range(2))),
    )
    sums = [round(one, places) for one in (*sums[:2], sums[2] - costs, sums[3] - costs)]
    draft.sheet.line(draft.left, y - 8, draft.right, y - 8)
    total = (
        _shown(draft, sums[0], "/consolidated/net_sales", places),
        _shown(draft, sums[2], "/consolidated/operating_income", places),
    )
    last = [_shown(draft, sums[at], "", places).text for at in (1, 3)]
    y = across(
        draft,
        y + 4,
        tabs,
        (rng.choice(("Consolidated", "Total Group")), total[0], last[0], total[1], last[1]),
        bold=True,
    )
    return y, sums[0]


def _release(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, size=9.5, face=rng.choice((FACES[1], FACES[0], FACES[3])))
    voice, width, pick = draft.voice, draft.right - draft.left, rng.randrange(4)
    firm, year, quarter = Fact(_FIRMS[pick], "/company"), draft.today.year, f"Q{rng.randint(1, 4)}"
    places = rng.choice((0, 1, 1))
    unit = Fact("millions" if places else "thousands", "/unit")
    draft.say(draft.left, 54, firm, bold=True, size=14)
    title: list[Said] = [
        "Segment results, ",
        Fact(quarter, "/quarter"),
        " fiscal ",
        Fact(str(year), "/fiscal_year", year),
    ]
    y = draft.prose(draft.left, 76, ONE_LINE, *title, bold=True, size=11) + 8
    head = (
        f"{rng.choice(('Pricing held', 'Volumes recovered', 'Demand was mixed'))} across the portfolio, said "
    )
    lead: list[Said] = [
        head,
        Fact(voice.person(), "/ceo"),
        f", chief executive. Organic growth was {rng.randint(1, 9)}.{rng.randint(0, 9)}% against {rng.randint(1, 9)}.{rng.randint(0, 9)}% a year ago",
    ]
    lead += ["; guidance for fiscal ", str(year + 1), " is unchanged. Figures are unaudited."]
    y = draft.prose(draft.left, y, width, *lead) + 6
    if rng.random() < 0.6:
        pence = rng.randint(8, 95) / 100
        told: list[Said] = [
            "The board declared a dividend of ",
            _shown(draft, pence, "/dividend_per_share", 2, "${}"),
            f" per share, up from ${pence - 0.03:.2f}, payable to holders of record.",
        ]
        y = draft.prose(draft.left, y, width, *told) + 6
    people = rng.randint(1200, 41000)
    staff: list[Said] = [
        "We employed ",
        _shown(draft, people, "/headcount", 0),
        f" people at quarter end ({voice.number(people - 212, 0)} a year earlier).",
    ]
    if rng.random() < 0.6:
        y = draft.prose(draft.left, y, width, *staff) + 6
    y = (
        draft.prose(
            draft.left,
            y + 10,
            ONE_LINE,
            "(in ",
            unit,
            rng.choice((" of US dollars, three months ended)", ")")),
            size=8,
        )
        + 8
    )
    y, _ = _table(draft, y, _SEGMENTS[pick], year, places)
    notes = "Corporate and other includes share-based pay and costs of the head office. Prior-year figures have been recast for the move of one product line between segments."
    draft.prose(draft.left, y + 14, width, notes, size=7.5)
    return draft.finish("calibration", at)


LAYOUTS = (Layout("segment_release", "segments", _release, group="calibration"),)
