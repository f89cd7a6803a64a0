"""A curriculum vitae on one page in two columns: who and what on the narrow side, jobs and schools on the broad one, in an order of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.bench.draft import Fact, many, new_draft, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said


def _list(meaning: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "description": meaning}


_SCHEMA = thing(
    fullName=text(),
    headline=text("Job title below the name"),
    contact=thing(email=text(), phone=text(), city=text("City and country or state"), website=text()),
    skills=_list("Each skill by itself"),
    languages=many(language=text(), level=text()),
    workExperience=many(
        "Most recent first",
        jobTitle=text(),
        company=text(),
        location=text(),
        startDate=text("As printed"),
        endDate=text("As printed; Present for the current job"),
    ),
    education=many(degree=text(), school=text(), year=text("Year of graduation")),
    certifications=_list("Names of certificates"),
    yearsOfExperience=whole("Only if the document says so"),
    drivingLicence=text(),
)
_JOBS = (
    (
        "Senior Data Analyst",
        "Analyst",
        ("SQL", "Python", "Power BI", "A/B testing", "dbt", "Stakeholder management"),
    ),
    (
        "Warehouse Operations Manager",
        "Shift Lead",
        ("SAP EWM", "Lean", "Forklift training", "Rostering", "Health & safety"),
    ),
    (
        "Registered Nurse",
        "Care Assistant",
        ("Triage", "Wound care", "IV therapy", "Mentoring", "Electronic records"),
    ),
    (
        "Front-end Developer",
        "Web Designer",
        ("TypeScript", "React", "CSS", "Accessibility", "Figma", "Testing"),
    ),
)
_FIRMS = (
    "Oakmere Group",
    "Lumen Post",
    "St. Brannoc's Hospital",
    "Kestrel Logistics",
    "Parallax Studio",
    "City of Leeds",
    "Fernhill & Co.",
)
_PLACES = ("Leeds, UK", "Dublin, Ireland", "Austin, TX", "Remote", "Cardiff, UK")
_SCHOOLS = ("University of Galway", "Northern College of Art", "Texas Lutheran University", "Open University")
_DEGREES = (
    "BSc Mathematics",
    "BA (Hons) Graphic Design",
    "Diploma in Nursing",
    "MSc Supply Chain Management",
    "B.A. in Economics",
)
_DID = (
    "Cut the month-end close from nine days to four.", "Trained and supervised a team of twelve across two sites.",
    "Introduced weekly reviews that reduced returns by 18%.", "Responsible for budgets up to £250,000.",
    "Main contact for suppliers in four countries.", "Migrated the reporting of three departments in 2019.",
)  # fmt: skip
_TONGUES = (
    ("English", "native"),
    ("French", "B2"),
    ("Polish", "fluent"),
    ("German", "basic"),
    ("Welsh", "conversational"),
)
_MONTHS = ("Jan", "Mar", "May", "Sept", "Nov")


def _title(draft: Draft, x: float, y: float, words: str, width: float, *, upper: bool) -> float:
    draft.say(x, y, words.upper() if upper else words, bold=True, size=draft.sheet.size + 1.5)
    draft.sheet.line(x, y + 4, x + width, y + 4)
    return y + draft.step * 1.6


def _narrow(draft: Draft, x: float, y: float, width: float, skills: tuple[str, ...], *, upper: bool) -> None:
    """Contact, skills, tongues: some with marks before them, some on one line."""
    rng, voice = draft.rng, draft.voice
    y = _title(draft, x, y, rng.choice(("Contact", "Details")), width, upper=upper)
    first, last = draft.facts["/fullName"].lower().split(" ", 1)
    contact: list[tuple[str, Fact]] = [
        (
            "Phone",
            Fact(
                rng.choice((f"+44 7700 900{voice.digits(3)}", f"(512) 555-0{rng.randint(100, 199)}")),
                "/contact/phone",
            ),
        ),
        ("Email", Fact(f"{first}.{last.replace(' ', '')}@mail.example", "/contact/email")),
        ("Based in", Fact(rng.choice(_PLACES[:3]), "/contact/city")),
    ]
    if rng.random() < 0.4:
        contact.append(("Web", Fact(f"{last.replace(' ', '')}.example", "/contact/website")))
    labelled = rng.choice(("none", "before", "above"))
    for label, fact in contact:
        if labelled == "above":
            y = draft.lines(x, y, label, size=7)
        parts: list[Said] = [f"{label}: ", fact] if labelled == "before" else [fact]
        y = draft.prose(x, y, width, *parts, size=8.5) + (3 if labelled == "above" else 1)
    y = _title(draft, x, y + 12, rng.choice(("Skills", "Core skills", "Key Skills")), width, upper=upper)
    mark, chosen = rng.choice(("", "• ", "- ")), rng.sample(skills, rng.randint(3, len(skills)))
    if rng.random() < 0.3:
        told: list[Said] = []
        for at, skill in enumerate(chosen):
            told += [Fact(skill, f"/skills/{at}"), ", " if at < len(chosen) - 1 else ""]
        y = draft.prose(x, y, width, *told)
    else:
        for at, skill in enumerate(chosen):
            y = draft.prose(x, y, width, mark, Fact(skill, f"/skills/{at}"))
    if rng.random() < 0.7:
        y = _title(draft, x, y + 12, "Languages", width, upper=upper)
        form = rng.choice((" (", " - ", ", "))
        for at, (tongue, level) in enumerate(rng.sample(_TONGUES, rng.randint(1, 3))):
            known: list[Said] = [
                Fact(tongue, f"/languages/{at}/language"),
                form,
                Fact(level, f"/languages/{at}/level"),
            ]
            y = draft.prose(x, y, ONE_LINE, *known, ")" if form == " (" else "")
    if rng.random() < 0.4:
        y = _title(draft, x, y + 12, "Other", width, upper=upper)
        y = draft.prose(x, y, width, "Driving licence: ", Fact("category B", "/drivingLicence"))


def _jobs(draft: Draft, x: float, y: float, width: float, titles: tuple[str, str], *, upper: bool) -> float:
    rng, until = draft.rng, draft.today.year
    y = _title(
        draft, x, y, rng.choice(("Experience", "Work Experience", "Employment history")), width, upper=upper
    )
    joint, dates_right = rng.choice((" – ", " - ", " to ")), rng.random() < 0.5  # noqa: RUF001 - as people write it
    end = rng.choice(("Present", "present", ""))
    for row, firm in enumerate(rng.sample(_FIRMS, rng.randint(2, 4))):
        start, begun = f"/workExperience/{row}", until - rng.randint(1, 5)
        dates: list[Said] = [
            Fact(f"{rng.choice(_MONTHS)} {begun}", f"{start}/startDate"),
            joint,
            Fact(end or f"{rng.choice(_MONTHS)} {until}", f"{start}/endDate"),
        ]
        end, until = "", begun
        draft.say(
            x,
            y,
            Fact(
                titles[0] if not row else titles[1] if row == 1 else f"Junior {titles[1]}",
                f"{start}/jobTitle",
            ),
            bold=True,
        )
        if dates_right:
            draft.prose(x + width, y, ONE_LINE, *dates, size=8.5, align="right")
        where: list[Said] = [Fact(firm, f"{start}/company")]
        if rng.random() < 0.7:
            where += [rng.choice((", ", " | ", " · ")), Fact(rng.choice(_PLACES), f"{start}/location")]
        y = draft.prose(x, y + draft.step, width, *where)
        if not dates_right:
            y = draft.prose(x, y, ONE_LINE, *dates, size=8.5, grey=True)
        for line in rng.sample(_DID, rng.randint(1, 3)):
            draft.say(x + 4, y, "•")
            y = draft.prose(x + 14, y, width - 14, line, size=draft.sheet.size - 0.5)
        y += 8
    return y


def _schools(draft: Draft, x: float, y: float, width: float, *, upper: bool) -> float:
    rng, form = draft.rng, draft.rng.choice(("after", "before", "below"))
    y = _title(draft, x, y, "Education", width, upper=upper)
    for row, degree in enumerate(rng.sample(_DEGREES, rng.randint(1, 2))):
        start, year = (
            f"/education/{row}",
            Fact(str(draft.today.year - rng.randint(8, 20)), f"/education/{row}/year"),
        )
        what, school = Fact(degree, f"{start}/degree"), Fact(rng.choice(_SCHOOLS), f"{start}/school")
        if form == "before":
            y = draft.prose(x, y, width, year, "  ", what, ", ", school) + 4
        elif form == "after":
            y = draft.prose(x, y, width, what, " — ", school, " (", year, ")") + 4
        else:
            draft.say(x, y, what, bold=True)
            y = draft.prose(x, y + draft.step, width, school, ", ", year) + 5
    return y


def _resume(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, size=9.5)
    draft.left, upper = 42.0, rng.random() < 0.5
    first, second, skills = rng.choice(_JOBS)
    draft.say(draft.left, 62, Fact(draft.voice.person(), "/fullName"), bold=True, size=22)
    if rng.random() < 0.8:
        draft.say(draft.left, 80, Fact(first, "/headline"), size=12, grey=True)
    narrow_left = rng.random() < 0.6
    gap, narrow = rng.choice((14.0, 26.0)), 150.0
    broad = draft.right - draft.left - narrow - gap
    thin, wide = (
        (draft.left, draft.left + narrow + gap) if narrow_left else (draft.left + broad + gap, draft.left)
    )
    _narrow(draft, thin, 116, narrow, skills, upper=upper)
    y = 116.0
    if rng.random() < 0.6:
        years = rng.randint(6, 19)
        about: list[Said] = [
            "Reliable and curious, with ",
            Fact(str(years), "/yearsOfExperience", years),
            " years of experience in busy teams.",
        ]
        y = _title(draft, wide, y, "Profile", broad, upper=upper)
        y = draft.prose(wide, y, broad, *about) + 12
    if rng.random() < 0.3:
        y = _schools(draft, wide, y, broad, upper=upper) + 10
        _jobs(draft, wide, y, broad, (first, second), upper=upper)
    else:
        y = _jobs(draft, wide, y, broad, (first, second), upper=upper) + 6
        _schools(draft, wide, y, broad, upper=upper)
    return draft.finish("resume", at)


LAYOUTS = (Layout("resume", "resume", _resume, group="fresh"),)
