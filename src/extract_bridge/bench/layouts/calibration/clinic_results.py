"""A clinic's results in American English: a person in a narrow band, panels with the range before the value or after it, flags as letters or arrows, a doctor's note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.strokes import across, dated
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    patient=thing("", name=text("As printed"), mrn=text("Medical record number"), birth_date=day(), sex=text("", enum=["F", "M"])),
    ordering_provider=text(),
    accession=text("Laboratory's number of the sample"),
    collected=day(),
    reported=day(),
    fasting=text("", enum=["Yes", "No"]),
    results=many(
        "Every analyte",
        panel=text("Heading the analyte stands under"),
        analyte=text(),
        value=number(),
        unit=text(),
        reference_range=text("As printed"),
        flag=text("H, L or null", enum=["H", "L"]),
    ),
    specimen=text(),
    comment=text("Free text by the physician"),
    insurance_id=text(),
)  # fmt: skip
_PANELS = {
    "Lipid Panel": (("Cholesterol, Total", "mg/dL", 100, 199, 0), ("Triglycerides", "mg/dL", 0, 149, 0), ("HDL Cholesterol", "mg/dL", 39, 90, 0), ("LDL Chol Calc (NIH)", "mg/dL", 0, 99, 0)),
    "CBC With Differential": (("WBC", "x10E3/uL", 3.4, 10.8, 1), ("Hemoglobin", "g/dL", 11.1, 15.9, 1), ("Platelets", "x10E3/uL", 150, 450, 0), ("MCV", "fL", 79, 97, 0)),
    "Thyroid": (("TSH", "uIU/mL", 0.45, 4.5, 2), ("T4, Free (Direct)", "ng/dL", 0.82, 1.77, 2)),
    "Metabolic": (("Glucose", "mg/dL", 70, 99, 0), ("Creatinine", "mg/dL", 0.57, 1.0, 2), ("Potassium", "mmol/L", 3.5, 5.2, 1), ("Carbon Dioxide, Total", "mmol/L", 20, 29, 0)),
}  # fmt: skip
_NOTES = (
    "Values discussed by phone. Repeat lipids in 3 months.",
    "No change of treatment; recheck TSH at next visit on or about 6 weeks.",
    "Mild anemia, start iron 65 mg every other day.",
)
_FORMS = ("{m:02}/{d:02}/{y}", "{mon} {d}, {y}", "{d:02}-{mon}-{y}")


def _band(draft: Draft, form: str) -> float:
    """Who, when and for whom, in two lines of small captions or in two columns of labels."""
    rng, voice = draft.rng, draft.voice
    first, last = voice.person().split(" ", 1)
    born = draft.today.replace(year=draft.today.year - rng.randint(21, 83), day=min(draft.today.day, 28))
    who: list[tuple[str, Said]] = [
        ("Patient", Fact(f"{last.upper()}, {first.upper()}" if rng.random() < 0.6 else f"{first} {last}", "/patient/name")), ("DOB", dated(draft, born, "/patient/birth_date", form)),
        ("Sex", Fact(rng.choice("FM"), "/patient/sex")), ("MRN", Fact(voice.digits(7), "/patient/mrn")),
    ]  # fmt: skip
    taken = draft.later(-6, -1)
    sample: list[tuple[str, Said]] = [
        ("Collected", dated(draft, taken, "/collected", form)),
        ("Reported", dated(draft, draft.today, "/reported", form)),
        ("Accession", Fact(f"{voice.digits(3)}-{rng.choice('CKL')}{voice.digits(6)}", "/accession")),
    ]
    sample.append(
        ("Provider", Fact(f"{voice.person()}, {rng.choice(('MD', 'NP', 'DO'))}", "/ordering_provider"))
    )
    if rng.random() < 0.8:
        sample.append(("Fasting", Fact(rng.choice(("Yes", "No")), "/fasting")))
    if rng.random() < 0.8:
        who.append(("Specimen", Fact(rng.choice(("Serum", "Whole blood", "Plasma")), "/specimen")))
    if rng.random() < 0.5:
        middle = draft.left + 265
        return (
            max(
                draft.labels(draft.left, 84, draft.left + 60, who),
                draft.labels(middle, 84, middle + 66, sample),
            )
            + 12
        )
    width = draft.right - draft.left
    y = draft.stacked(draft.left, 84, width / len(who), who)
    return draft.stacked(draft.left, y, width / len(sample), sample) + 8


def _results(draft: Draft, y: float) -> float:
    rng, row, early = draft.rng, 0, draft.rng.random() < 0.4
    tabs: Tabs = (
        ((8, "left"), (180, "left"), (310, "right"), (325, "left"), (385, "left"))
        if early
        else ((8, "left"), (215, "right"), (228, "left"), (265, "left"), (350, "left"))
    )
    heads = (
        ("Test", "Reference Interval", "Result", "Flag", "Units")
        if early
        else ("Test", "Result", "Flag", "Units", "Ref. Range")
    )
    y = across(draft, y, tabs, heads, bold=True)
    for panel in rng.sample(list(_PANELS), rng.randint(1, 4)):
        heading = draft.say(draft.left, y + 2, panel, bold=True)
        y += draft.step * 1.2
        for name, unit, low, high, places in _PANELS[panel]:
            at = f"/results/{row}"
            spread = rng.choice((0.5, 0.5, 0.5, 1.12, -0.1))
            value = round(max(low + (high - low) * spread * rng.uniform(0.9, 1.1), high * 0.05), places)
            flag = "H" if value > high else "L" if value < low else ""
            shown = f"{value:.{places}f}"
            span = (
                f"<{high + 1:g}"
                if not low
                else f"{low:.{places}f}{rng.choice(('-', ' - '))}{high:.{places}f}"
            )
            draft.state(Fact(panel, f"{at}/panel"), heading)
            mark: Said = Fact(flag, f"{at}/flag") if flag else ""
            result, scale, limits = (
                Fact(shown, f"{at}/value", value),
                Fact(unit, f"{at}/unit"),
                Fact(span, f"{at}/reference_range"),
            )
            cells: tuple[Said, ...] = (
                (limits, result, mark, scale) if early else (result, mark, scale, limits)
            )
            y = across(draft, y, tabs, (Fact(name, f"{at}/analyte"), *cells))
            row += 1
    return y


def _report(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng,
        "en",
        _SCHEMA,
        width=612.0,
        height=792.0,
        size=9.0,
        face=rng.choice((FACES[0], FACES[2], FACES[3], FACES[1])),
    )
    if draft.sheet.face in (FACES[2], FACES[3]):
        draft.sheet.size = 8.0
    draft.left, form = 48.0, rng.choice(_FORMS)
    draft.say(
        draft.left,
        46,
        rng.choice(("Cedar Hollow Family Clinic", "TRI-LAKES REFERENCE LABORATORY")),
        bold=True,
        size=13,
    )
    draft.say(
        draft.left,
        59,
        f"CLIA 05D{draft.voice.digits(7)}   Director: {draft.voice.person()}, PhD",
        size=7,
        grey=True,
    )
    y = _results(draft, _band(draft, form))
    draft.say(
        draft.left, y + 6, "H = above, L = below reference interval. Previous results on file: 2.", size=7
    )
    if rng.random() < 0.8:
        draft.prose(
            draft.left,
            y + 28,
            draft.right - draft.left,
            rng.choice(("Comment: ", "Physician note - ")),
            Fact(rng.choice(_NOTES), "/comment"),
        )
    return draft.finish("calibration", at)


LAYOUTS = (Layout("clinic_results", "clinic", _report, group="calibration"),)
