"""A Dutch report of a vehicle's yearly inspection: frames with captions, measured brake forces in a cross table, defects with codes, boxes for the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import captioned, dated, tick, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    "Vehicle inspection",
    report_id=text("Rapportnummer"),
    licence_plate=text("Kenteken"),
    vin=text("Chassis number"),
    make_model=text("Merk en handelsbenaming"),
    first_registration=day("Datum eerste toelating"),
    odometer_km=whole(),
    inspection_date=day(),
    expires_on=day("Until when the approval is valid"),
    inspector_number=text("Keurmeester, pasnummer"),
    garage=text("Keuringsinstantie"),
    result=text("", enum=["Goedgekeurd", "Afgekeurd"]),
    fuel=text(),
    brakes=many("Axles, front to rear", axle=whole(), left_kn=number(), right_kn=number(), difference_percent=whole()),
    defects=many("", code=text(), finding=text(), category=text("Reparatiepunt or adviespunt", enum=["Reparatiepunt", "Adviespunt"])),
    co2_g_km=whole(),
    inspection_fee=number("Paid by the owner, including VAT"),
    soot_k_value=number("Diesel only"),
    owner=text(),
)  # fmt: skip
_CARS = (
    ("Opel Combo Cargo", "Diesel"),
    ("Skoda Fabia", "Benzine"),
    ("Iveco Daily 35S", "Diesel"),
    ("Kia e-Niro", "Elektriciteit"),
    ("Suzuki Swift", "Benzine"),
)
_FAULTS = (
    ("5.1.3", "Remslang linksvoor uitgedroogd"), ("5.3.27", "Band rechtsachter profieldiepte 1,9 mm"), ("5.5.12", "Stadslicht werkt niet"),
    ("5.2.4", "Fuseekogel onder, speling te groot; opnieuw aanbieden na vervanging"), ("5.8.1", "Ruitenwisserblad versleten"), ("4.10", "Lichte olielekkage motorblok"),
)  # fmt: skip
_GARAGES = (
    "Autobedrijf De Rotonde",
    "Garage Pieterman APK Station",
    "Keurpunt Oost",
    "Bosch Car Service Lammers",
)
_FORMS = ("{d:02}-{m:02}-{y}", "{d} {month} {y}", "{d:02}/{m:02}/{y}")


def _vehicle(draft: Draft, y: float, form: str) -> float:
    rng, voice = draft.rng, draft.voice
    car, fuel = rng.choice(_CARS)
    plate = rng.choice(
        (
            f"{rng.choice('GHJKLN')}-{voice.digits(3)}-{rng.choice('BDF')}{rng.choice('RSTX')}",
            f"{voice.digits(2)}-{rng.choice('STXZ')}{rng.choice('GJKL')}{rng.choice('BDF')}-{rng.randint(1, 9)}",
        )
    )
    vin = (
        "".join(rng.choice("WVZSTKNABCDEFGHJLMPR") for _ in range(3))
        + f"ZZ{rng.choice('ABE')}{voice.digits(11)}"
    )
    entries: list[tuple[str, Said]] = [
        ("Kenteken", Fact(plate, "/licence_plate")), ("Merk / handelsbenaming", Fact(car, "/make_model")), ("Voertuigidentificatienummer", Fact(vin, "/vin")),
        ("Datum 1e toelating", dated(draft, draft.later(-5200, -1300), "/first_registration", form)),
        ("Tellerstand (km)", worth(draft, rng.randint(21000, 312000), "/odometer_km", places=0)), ("Brandstof", Fact(fuel, "/fuel")),
    ]  # fmt: skip
    if rng.random() < 0.5:
        entries.append(
            ("CO2-uitstoot g/km", worth(draft, rng.randint(95, 240), "/co2_g_km", places=0))
            if fuel != "Elektriciteit"
            else ("Energielabel", "A")
        )
    if fuel == "Diesel":
        entries.append(("K-waarde (m-1)", worth(draft, rng.randint(10, 250) / 100, "/soot_k_value")))
    if rng.random() < 0.3:
        entries.append(("Kentekenhouder", Fact(voice.companies(1)[0], "/owner")))
    if rng.random() < 0.6:
        width = (draft.right - draft.left) / 3
        for at, (label, what) in enumerate(entries):
            captioned(draft, draft.left + at % 3 * width, y + at // 3 * 27, width, 27, label, what)
        return y + -(-len(entries) // 3) * 27 + 20
    half = -(-len(entries) // 2)
    middle = draft.left + 285
    ends = (
        draft.labels(draft.left, y + 8, draft.left + 148, entries[:half]),
        draft.labels(middle, y + 8, middle + 105, entries[half:]),
    )
    return max(ends) + 14


def _brakes(draft: Draft, y: float) -> float:
    rng = draft.rng
    draft.say(draft.left, y, "Remmenbank (kN)", bold=True)
    columns = [
        Column("As", 0.14),
        Column("Links", 0.26, "right"),
        Column("Rechts", 0.26, "right"),
        Column("Verschil %", 0.34, "right"),
    ]
    grid = draft.table(draft.left, 250, columns, rng.choice(("ruled", "lines", "plain")))
    y = grid.head(y + 6)
    for row in range(2):
        at, left = f"/brakes/{row}", rng.randint(180, 420) / 100
        right = round(left * rng.randint(85, 100) / 100, 2)
        gap = round((left - right) / left * 100)
        cells: list[Said] = [
            Fact(str(row + 1), f"{at}/axle", row + 1),
            worth(draft, left, f"{at}/left_kn"),
            worth(draft, right, f"{at}/right_kn"),
            Fact(str(gap), f"{at}/difference_percent", gap),
        ]
        y = draft.row(grid, y, cells)
    return (
        draft.prose(
            draft.left,
            y + 10,
            300,
            f"Parkeerrem {draft.voice.number(rng.randint(16, 30), 0)} % - eis 16 %. Max. verschil per as 30 %.",
            size=7.5,
        )
        + 10
    )


def _report(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "nl", _SCHEMA, size=9.0)
    voice, form = draft.voice, rng.choice(_FORMS)
    draft.say(draft.left, 48, "Keuringsrapport", bold=True, size=15)
    draft.say(draft.left, 61, "Algemene periodieke keuring - exemplaar houder", size=7.5, grey=True)
    shop = Fact(rng.choice(_GARAGES), "/garage")
    draft.say(draft.right, 48, shop, align="right", bold=True)
    draft.say(draft.right, 60, voice.homes(1)[0].line, align="right", size=7.5)
    y = _vehicle(draft, 78, form)
    if rng.random() < 0.75:
        y = _brakes(draft, y)
    faults = rng.sample(_FAULTS, rng.randint(0, 4))
    draft.say(draft.left, y, "Geconstateerde punten" if faults else "Geen gebreken geconstateerd", bold=True)
    y, failed = y + draft.step * 1.1, rng.random() < 0.35 and bool(faults)
    for row, (code, finding) in enumerate(faults):
        kind = "Reparatiepunt" if failed and not row else "Adviespunt"
        start, bracket = f"/defects/{row}", rng.random() < 0.5
        parts: list[Said] = [Fact(code, f"{start}/code"), "  ", Fact(finding, f"{start}/finding")]
        parts = (
            [*parts, " (", Fact(kind, f"{start}/category"), ")"]
            if bracket
            else [Fact(kind, f"{start}/category"), " ", *parts]
        )
        y = draft.prose(draft.left + 8, y, draft.right - draft.left - 20, *parts)
    y += 16
    x = draft.left
    for label in ("Goedgekeurd", "Afgekeurd"):
        x = tick(draft, x, y, label, on=(label == "Afgekeurd") == failed, at="/result")
    expiry = draft.today.replace(year=draft.today.year + rng.choice((1, 2)), day=min(draft.today.day, 28))
    last: list[tuple[str, Said]] = [
        ("Keuringsdatum", dated(draft, draft.today, "/inspection_date", form)),
        ("Rapportnummer", Fact(voice.digits(9), "/report_id")),
    ]
    last.append(("Keurmeester", Fact(f"{rng.choice(('K', ''))}{voice.digits(6)}", "/inspector_number")))
    if not failed:
        last.insert(1, ("Vervaldatum", dated(draft, expiry, "/expires_on", form)))
    if rng.random() < 0.5:
        last.append(("Tarief incl. btw", worth(draft, draft.amount(25, 75), "/inspection_fee", "€ {}")))
    draft.stacked(draft.left, y + 26, (draft.right - draft.left) / len(last), last, below=rng.random() < 0.5)
    return draft.finish("calibration", at)


LAYOUTS = (Layout("roadworthiness", "inspection", _report, group="calibration"),)
