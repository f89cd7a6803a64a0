"""A claim for travel expenses, exported from a spreadsheet as text with commas, semicolons or tabs: who and why in cells above, days of travel below, sums in a corner."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import dated, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    "Travel claim",
    claimant=text(),
    payroll_id=text(),
    department=text(),
    purpose=text("Purpose of the trip"),
    period_start=day(),
    period_end=day(),
    cost_centre=text(),
    lines=many(
        "One per expense",
        date=day(),
        category=text("", enum=["Hotel", "Rail", "Taxi", "Meals", "Mileage", "Parking"]),
        details=text(),
        miles=whole("Mileage only"),
        amount=number(),
        receipt=text("Receipt number"),
    ),
    total_claimed=number(),
    advance=number("Advance already paid"),
    to_reimburse=number(),
    approver=text(),
    approved_on=day(),
    vat_reclaimable=number(),
)
_WHY = (
    "Supplier audit, Rotterdam",
    "Depot opening Carlisle",
    "Spring trade fair",
    "Training course module 3",
    "Customer visit: Harland Bakeries",
)
_SPENT = {
    "Hotel": ("2 nights bed & breakfast", "Airport hotel, 1 night"), "Rail": ("Off-peak return", "Single to Crewe, seat reserved"), "Taxi": ("Station to site", "Late finish, no bus"),
    "Meals": ("Dinner with client (3)", "Lunch"), "Mileage": ("Own car, depot and back", "Site tour"), "Parking": ("Multi-storey, 8 hours",),
}  # fmt: skip
_FORMS = ("{d:02}/{m:02}/{y}", "{y}-{m:02}-{d:02}", "{d}-{mon}-{yy}")


def _rows(draft: Draft, form: str) -> tuple[list[list[Said]], float]:
    """The expenses, and what they come to."""
    rng, total, rows = draft.rng, 0.0, []
    when = draft.today - timedelta(days=rng.randint(12, 30))
    for row in range(rng.randint(2, 14)):
        at, kind = f"/lines/{row}", rng.choice(list(_SPENT))
        when += timedelta(days=rng.choice((0, 0, 1)))
        miles = rng.randint(12, 240) if kind == "Mileage" else 0
        value = round(miles * 0.45, 2) if miles else draft.amount(4, 190)
        receipt: Said = Fact(f"R{row + 1:02}", f"{at}/receipt") if rng.random() < 0.7 and not miles else ""
        cells: list[Said] = [
            dated(draft, when, f"{at}/date", form), Fact(kind, f"{at}/category"), Fact(rng.choice(_SPENT[kind]), f"{at}/details"),
            Fact(str(miles), f"{at}/miles", miles) if miles else "", worth(draft, value, f"{at}/amount"), receipt,
        ]  # fmt: skip
        rows.append(cells)
        total += value
    return rows, round(total, 2)


def _about(draft: Draft, form: str) -> list[tuple[str, Said]]:
    """Who claims, for which trip."""
    rng, voice = draft.rng, draft.voice
    entries: list[tuple[str, Said]] = [
        ("Employee", Fact(voice.person(), "/claimant")), ("Payroll no", Fact(voice.digits(6), "/payroll_id")), ("Dept", Fact(rng.choice(("Field Service", "Procurement", "Technical Sales")), "/department")),
        ("Purpose", Fact(rng.choice(_WHY), "/purpose")), ("From", dated(draft, draft.today - timedelta(days=31), "/period_start", form)), ("To", dated(draft, draft.today, "/period_end", form)),
    ]  # fmt: skip
    if rng.random() < 0.6:
        entries.insert(
            3, ("Cost centre", Fact(f"{voice.digits(4)}-{rng.choice(('UK', 'EU'))}", "/cost_centre"))
        )
    return entries


def _sheet(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA)
    form, apart = rng.choice(_FORMS), rng.choice((",", ",", ";", "\t"))
    table: list[list[Said]] = [[rng.choice(("Expense claim form v3.2", "TRAVEL & SUBSISTENCE CLAIM"))], []]
    entries = _about(draft, form)
    if rng.random() < 0.5:
        table += [[label, what] for label, what in entries]
    else:  # two labels to a line, an empty cell between them
        half = -(-len(entries) // 2)
        for place in range(half):
            right = entries[half + place] if half + place < len(entries) else ("", "")
            table.append([*entries[place], "", *right])
    rows, total = _rows(draft, form)
    table += [[], ["Date", "Type", "Details", "Miles", "Amount GBP", "Receipt"], *rows]
    paid = float(rng.choice((50, 100, 200))) if rng.random() < 0.65 else 0.0
    table.append(["", "", rng.choice(("Total", "TOTAL CLAIMED")), "", worth(draft, total, "/total_claimed")])
    if paid:
        table += [
            ["", "", "Less advance", "", worth(draft, paid, "/advance")],
            ["", "", "Payable to employee", "", worth(draft, round(total - paid, 2), "/to_reimburse")],
        ]
    if rng.random() < 0.75:
        signed: list[Said] = [
            "Approved by",
            Fact(draft.voice.person(), "/approver"),
            "",
            "on",
            dated(draft, draft.later(1, 9), "/approved_on", form),
        ]
        table += [[], signed]
    if rng.random() < 0.5:
        table.append(["Mileage rate", "0.45", "", "Claims older than 90 days are not paid"])
    out = io.StringIO()
    writer = csv.writer(out, delimiter=apart, lineterminator=rng.choice(("\r\n", "\n")))
    writer.writerows([[draft.tell(cell) for cell in cells] for cells in table])
    suffix = "tsv" if apart == "\t" else "csv"
    return draft.finish(
        "calibration", at, suffix=suffix, written=out.getvalue().encode(rng.choice(("utf-8", "utf-8-sig")))
    )


LAYOUTS = (Layout("expense_sheet", "expenses", _sheet, group="calibration"),)
