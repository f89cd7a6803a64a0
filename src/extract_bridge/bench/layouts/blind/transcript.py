"""An American transcript: terms as headings in two columns, courses below them, averages of each term and of all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    student=thing(name=text(), student_id=text(), date_of_birth=day()),
    institution=text("Name of the university"),
    program=text("Major or program of study"),
    degree=text("Degree awarded, if any"),
    date_awarded=day(),
    date_issued=day("When the transcript was printed"),
    courses=many(
        "All courses of all terms",
        term=text("e.g. Fall 2023"),
        code=text(),
        title=text(),
        credits=number(),
        grade=text(),
    ),
    cumulative_gpa=number("Overall grade point average"),
    total_credits=number("Credits earned overall"),
)
_COURSES = (
    ("BIOL 1010", "General Biology I"),
    ("CHEM 2210", "Organic Chemistry"),
    ("ENGL 1102", "Composition & Rhetoric"),
    ("HIST 3050", "The Atlantic World"),
    ("MATH 2410", "Linear Algebra"),
    ("PHIL 2000", "Symbolic Logic"),
    ("STAT 3120", "Regression Methods"),
    ("MUSC 1500", "Music Theory"),
    ("GEOG 2203", "Physical Geography"),
    ("ECON 2101", "Microeconomics"),
    ("CSCI 3320", "Operating Systems"),
    ("SPAN 1001", "Elementary Spanish"),
)
_POINTS = {"A": 4.0, "A-": 3.7, "B+": 3.3, "B": 3.0, "B-": 2.7, "C+": 2.3, "C": 2.0}


def _head(draft: Draft) -> float:
    rng, voice, form = draft.rng, draft.voice, "{month} {d}, {y}"
    born = date(1996, 1, 1) + timedelta(days=rng.randint(0, 3200))
    draft.say(
        draft.sheet.width / 2,
        54,
        Fact("Prairie State University", "/institution"),
        size=16,
        bold=True,
        align="centre",
    )
    draft.say(
        draft.sheet.width / 2,
        68,
        "Office of the Registrar · Official Academic Transcript",
        size=9,
        align="centre",
    )
    left: list[tuple[str, Said]] = [
        ("Name:", Fact(voice.person(), "/student/name")),
        ("Student ID:", Fact(f"P{voice.digits(8)}", "/student/student_id")),
        ("Date of Birth:", Fact(voice.day(born, form), "/student/date_of_birth", born.isoformat())),
    ]
    issued = Fact(voice.day(draft.today, form), "/date_issued", draft.today.isoformat())
    right: list[tuple[str, Said]] = [
        ("Date Issued:", issued),
        (
            "Program:",
            Fact(rng.choice(("Environmental Science", "Economics", "Computer Science")), "/program"),
        ),
    ]
    if rng.random() < 0.6:
        won = draft.later(-400, -20)
        right += [
            ("Degree:", Fact(rng.choice(("Bachelor of Science", "Bachelor of Arts")), "/degree")),
            ("Awarded:", Fact(voice.day(won, form), "/date_awarded", won.isoformat())),
        ]
    y = draft.labels(draft.left, 96, draft.left + 72, left)
    y = max(y, draft.labels(draft.left + 285, 96, draft.left + 355, right)) + 8
    draft.sheet.line(draft.left, y - 6, draft.right, y - 6)
    return y + 10


def _term(draft: Draft, x: float, y: float, term: str, row: int) -> tuple[float, list[tuple[float, str]]]:
    """One term: where it ends, and credits with grades."""
    rng, width, taken = draft.rng, 236.0, []
    heading = draft.say(x, y, term, bold=True)
    y += draft.step
    for label, left in (("Course", 0.0), ("Title", 58.0)):
        draft.say(x + left, y, label, size=7, grey=True)
    draft.say(x + width - 32, y, "Cred", size=7, grey=True, align="right")
    draft.say(x + width, y, "Grade", size=7, grey=True, align="right")
    y += draft.step
    for at, (code, title) in enumerate(rng.sample(_COURSES, rng.randint(2, 5)), row):
        start, credit = f"/courses/{at}", rng.choice((3.0, 3.0, 4.0, 1.0))
        grade = rng.choice((*_POINTS, "W")) if rng.random() < 0.9 else "IP"
        draft.state(Fact(term, f"{start}/term"), heading)
        draft.say(x, y, Fact(code, f"{start}/code"))
        draft.say(x + 58, y, Fact(title, f"{start}/title"))
        draft.say(x + width - 32, y, Fact(f"{credit:.2f}", f"{start}/credits", credit), align="right")
        draft.say(x + width - 18, y, Fact(grade, f"{start}/grade"))
        taken.append((credit, grade))
        y += draft.step
    draft.say(x + 58, y, f"Term GPA: {_average(taken):.3f}", size=7.5)
    return y + draft.step * 1.6, taken


def _average(taken: list[tuple[float, str]]) -> float:
    counted = [(credit, _POINTS[grade]) for credit, grade in taken if grade in _POINTS]
    return sum(credit * points for credit, points in counted) / (sum(credit for credit, _ in counted) or 1)


def _transcript(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, width=612.0, height=792.0, size=8.5)
    top, taken = _head(draft), list[tuple[float, str]]()
    first = draft.today.year - 4
    names = [f"{season} {first + late}" for late in range(3) for season in ("Fall", "Spring")][
        : rng.randint(3, 6)
    ]
    half, ends = -(-len(names) // 2), []
    for x, some in ((draft.left, names[:half]), (draft.left + 272, names[half:])):
        y = top
        for term in some:
            y, found = _term(draft, x, y, term, len(taken))
            taken += found
        ends.append(y)
    y = max(ends) + 10
    earned = sum(credit for credit, grade in taken if grade in _POINTS)
    overall = round(_average(taken), 3)
    draft.sheet.line(draft.left, y - 12, draft.right, y - 12)
    draft.stacked(
        draft.left,
        y,
        130,
        [
            ("Credits attempted", f"{sum(credit for credit, _ in taken):.2f}"),
            ("Credits earned", Fact(f"{earned:.2f}", "/total_credits", earned)),
            ("Cumulative GPA", Fact(f"{overall:.3f}", "/cumulative_gpa", overall)),
        ],
    )
    draft.say(draft.sheet.width / 2, y + 46, "*** END OF TRANSCRIPT ***", size=8, align="centre")
    return draft.finish("held-out", at)


LAYOUTS = (Layout("transcript", "transcript", _transcript, group="held-out"),)
