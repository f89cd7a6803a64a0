"""A week's time sheet of a temporary worker, exported as text with commas, semicolons or tabs: cells of who and where above, a line for each shift, sums in a corner."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.strokes import dated, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    "Agency time sheet",
    worker=text("Temporary worker"),
    workerRef=text("The agency's number for the worker"),
    agency=text(),
    hirer=text("Company where the work was done"),
    site=text(),
    weekEnding=day(),
    shifts=many(
        "One per shift worked",
        date=day(),
        role=text("", enum=["Picker", "Packer", "FLT driver", "Cleaner"]),
        start=text("hh:mm"),
        finish=text("hh:mm"),
        breakHours=number(),
        hours=number("Paid hours"),
    ),
    totalHours=number(),
    overtimeHours=number("Of the total"),
    payRate=number("Basic rate an hour"),
    authorisedBy=text("Who signed for the hirer"),
    authorisedOn=day(),
    purchaseOrder=text(),
    holidayHours=number(),
)
_AGENCIES = ("Quickstaff Midlands", "BlueBadge Recruitment Ltd", "Harbour Temps")
_HIRERS = (
    ("Fenland Fresh Produce", "Packhouse 2"),
    ("Corrie Logistics", "Night dock, Daventry"),
    ("Alder & Vine Bakeries", "Line 7"),
)
_FORMS = ("{d:02}/{m:02}/{y}", "{y}-{m:02}-{d:02}", "{d}-{mon}-{yy}")


def _shifts(draft: Draft, form: str) -> tuple[list[list[Said]], float]:
    """The shifts of a week, with a line between them where nobody worked; the hours they come to."""
    rows: list[list[Said]] = []
    rng, total, row = draft.rng, 0.0, 0
    named = rng.random() < 0.5
    for back in range(6, -1, -1):
        when = draft.today - timedelta(days=back)
        head = f"{when:%a}" if named else ""
        if rng.random() < 0.3 and (row or back):
            rows.append([head, draft.voice.day(when, form), rng.choice(("OFF", "", "Not required"))])
            continue
        at, begin, length = (
            f"/shifts/{row}",
            rng.randint(5, 14) * 60 + rng.choice((0, 15, 30)),
            rng.randint(16, 42) / 4,
        )
        pause = rng.choice((0.0, 0.5, 0.75))
        end = begin + round((length + pause) * 60)
        clocks = [f"{minute // 60 % 24:02}:{minute % 60:02}" for minute in (begin, end)]
        rest: Said = worth(draft, pause, f"{at}/breakHours") if pause else ""
        cells: list[Said] = [
            head, dated(draft, when, f"{at}/date", form), Fact(rng.choice(("Picker", "Packer", "FLT driver", "Cleaner")), f"{at}/role"),
            Fact(clocks[0], f"{at}/start"), Fact(clocks[1], f"{at}/finish"), rest, worth(draft, length, f"{at}/hours"),
        ]  # fmt: skip
        rows.append(cells)
        total, row = total + length, row + 1
    return rows, total


def _about(draft: Draft, form: str) -> list[tuple[str, Said]]:
    """Who worked, for whom, in which week."""
    rng, voice = draft.rng, draft.voice
    hirer, site = rng.choice(_HIRERS)
    entries: list[tuple[str, Said]] = [
        ("Name", Fact(voice.person(), "/worker")), ("Ref", Fact(f"T{voice.digits(5)}", "/workerRef")), ("Client", Fact(hirer, "/hirer")),
        ("W/E", dated(draft, draft.today, "/weekEnding", form)),
    ]  # fmt: skip
    if rng.random() < 0.75:
        entries.insert(3, ("Location", Fact(site, "/site")))
    if rng.random() < 0.6:
        entries.append(("PO", Fact(voice.digits(8), "/purchaseOrder")))
    return entries


def _sheet(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA)
    form, apart = rng.choice(_FORMS), rng.choice((",", ",", ";", "\t"))
    table: list[list[Said]] = [
        [Fact(rng.choice(_AGENCIES), "/agency"), "", rng.choice(("Weekly timesheet", "TIME SHEET v2"))],
        [],
    ]
    entries = _about(draft, form)
    if rng.random() < 0.5:
        table += [[label, what] for label, what in entries]
    else:  # two labels to a line, an empty cell between them
        half = -(-len(entries) // 2)
        for place in range(half):
            right = entries[half + place] if half + place < len(entries) else ("", "")
            table.append([*entries[place], "", *right])
    rows, total = _shifts(draft, form)
    table += [[], ["Day", "Date", "Grade", "On", "Off", "Break", "Hours"], *rows]
    table.append(["", "", "", "", rng.choice(("Total", "TOTAL HRS")), "", worth(draft, total, "/totalHours")])
    if total > 40:
        table.append(["", "", "", "", "of which overtime", "", worth(draft, total - 40, "/overtimeHours")])
    if rng.random() < 0.7:
        table.append(
            [
                "Basic rate GBP/h",
                worth(draft, rng.randint(1144, 1690) / 100, "/payRate"),
                "",
                "Overtime after 40 h at 1.5",
            ]
        )
    if rng.random() < 0.8:
        signed: list[Said] = [
            "Authorised by",
            Fact(draft.voice.person(), "/authorisedBy"),
            "",
            "Date",
            dated(draft, draft.later(1, 4), "/authorisedOn", form),
        ]
        table += [[], signed]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=apart, lineterminator=rng.choice(("\r\n", "\n")))
    writer.writerows([[draft.tell(cell) for cell in cells] for cells in table])
    suffix, written = (
        "tsv" if apart == "\t" else "csv",
        out.getvalue().encode(rng.choice(("utf-8", "utf-8-sig"))),
    )
    return draft.finish("calibration", at, suffix=suffix, written=written)


LAYOUTS = (Layout("time_sheet", "hours", _sheet, group="calibration"),)
