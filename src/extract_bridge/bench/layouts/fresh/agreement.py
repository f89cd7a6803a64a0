"""An agreement in English prose, to keep secrets or for services, of the sort that small firms sign; a block of signatures at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import dated, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    agreement_title=text(),
    effective_date=day("Date from which the agreement applies"),
    parties=many(
        "Who signs the agreement", name=text(), role=text("Defined term, e.g. Supplier"), address=text()
    ),
    term_years=whole("How long the agreement lasts"),
    survival_years=whole("How long secrecy lasts after the end of the agreement"),
    notice_period_days=whole("Days of notice for ending the agreement without cause"),
    cure_period_days=whole("Days to cure a breach"),
    governing_law=text("Country or state"),
    jurisdiction=text("Where the courts are"),
    monthly_fee=number(),
    payment_days=whole("Days to pay an invoice"),
    liability_cap=number(),
    signatories=many(name=text(), title=text()),
    non_compete_months=whole(),
)
_FIRMS = (
    (
        "Harrow Lane Analytics Ltd",
        "12 Harrow Lane, Bristol BS1 6QF",
        "a company incorporated in England and Wales",
    ),
    ("Copperfield Robotics, Inc.", "880 Battery Street, San Francisco, CA 94111", "a Delaware corporation"),
    ("Veldkamp Foods B.V.", "Industrieweg 41, Rotterdam", "a private limited company under Dutch law"),
    ("Quill & Anchor LLC", "51 Wharf Road, Portland, ME 04101", "a Maine limited liability company"),
    ("Dr. Helena Strand", "3 Chapel Street, Edinburgh EH3 9BN", "an individual"),
)
_LAWS = (
    ("", "England and Wales", "London"),
    ("the State of ", "New York", "New York County"),
    ("the State of ", "Delaware", "Wilmington"),
    ("", "Scotland", "Edinburgh"),
)
_COUNTS = {
    1: "one",
    2: "two",
    3: "three",
    5: "five",
    10: "ten",
    14: "fourteen",
    15: "fifteen",
    30: "thirty",
    45: "forty-five",
    60: "sixty",
    90: "ninety",
}
_TITLES = ("Chief Executive Officer", "Managing Director", "General Counsel", "Head of Procurement")
_FORMS = ("{d} {month} {y}", "{month} {d}, {y}")


Clause = tuple[str, list["Said"]]
"""A heading, and what it heads."""


def _count(draft: Draft, value: int, at: str) -> list[Said]:
    """A number as lawyers write it: in words, and in figures between brackets; or in figures alone."""
    figures = Fact(str(value), at, value)
    return [f"{_COUNTS[value]} (", figures, ")"] if draft.rng.random() < 0.6 else [figures]


def _opening(draft: Draft, y: float, roles: tuple[str, str], kind: str) -> float:
    rng, width, form = draft.rng, draft.right - draft.left, draft.rng.choice(_FORMS)
    firms = rng.sample(_FIRMS, 2)
    effective = dated(draft, draft.today, "/effective_date", form)
    named = [
        (
            Fact(firm[0], f"/parties/{at}/name"),
            firm[2],
            Fact(firm[1], f"/parties/{at}/address"),
            Fact(roles[at], f"/parties/{at}/role"),
        )
        for at, firm in enumerate(firms)
    ]
    if rng.random() < 0.5:
        parts: list[Said] = [
            f"This {kind} (the “Agreement”) is entered into as of ",
            effective,
            " (the “Effective Date”) by and between ",
        ]
        for at, (name, sort, home, role) in enumerate(named):
            parts += [
                name,
                f", {sort}, with its principal office at ",
                home,
                " (“",
                role,
                "”)",
                ", and " if not at else ".",
            ]
        return draft.prose(draft.left, y, width, *parts) + 8
    y = draft.prose(draft.left, y, width, rng.choice(("DATED ", "Date: ")), effective) + 4
    draft.say(draft.left, y, "PARTIES", bold=True)
    y += draft.step * 1.3
    for at, (name, sort, home, role) in enumerate(named):
        draft.say(draft.left, y, f"({at + 1})")
        y = (
            draft.prose(draft.left + 24, y, width - 24, name, f", {sort}, of ", home, " (the “", role, "”).")
            + 4
        )
    return y + 6


def _secrecy(draft: Draft) -> list[Clause]:
    purpose = (
        "Each party may receive information of the other which is marked as confidential or ought reasonably to be considered so."
        " It shall use it only for the Purpose and protect it with no less than reasonable care."
    )
    excluded = "This does not apply to information that is or becomes public, was known before disclosure, or must be disclosed by law."
    years = _count(draft, draft.rng.choice((2, 3, 5)), "/survival_years")
    kept: list[Said] = ["The duties of confidence survive the end of this Agreement for ", *years, " years."]
    back = "On request the recipient shall return or destroy all copies within seven (7) days and confirm so in writing."
    clauses: list[Clause] = [("Confidential Information", [purpose]), ("Exclusions", [excluded])]
    return [*clauses, ("Return of Materials", [back]), ("Survival", kept)]


def _services(draft: Draft, roles: tuple[str, str]) -> list[Clause]:
    rng, money = draft.rng, draft.rng.choice("$£€")
    fee = worth(draft, float(rng.randint(6, 160) * 250), "/monthly_fee", money + "{}")
    pay: list[Said] = [f"The {roles[0]} shall pay a fee of ", fee, " per month. Invoices are payable within "]
    pay += [
        *_count(draft, rng.choice((14, 30, 45)), "/payment_days"),
        " days of receipt; interest of 4% applies thereafter.",
    ]
    work = f"The {roles[1]} shall perform the services described in Schedule 1 with due skill and care."
    clauses: list[Clause] = [("Services", [work]), ("Fees and Payment", pay)]
    if rng.random() < 0.6:
        cap = worth(draft, float(rng.randint(1, 40) * 25000), "/liability_cap", money + "{}", places=0)
        limit: list[Said] = [
            "Neither party's total liability shall exceed ",
            cap,
            " in any year, save for fraud.",
        ]
        clauses.append(("Limitation of Liability", limit))
    return clauses


def _term(draft: Draft) -> Clause:
    rng = draft.rng
    years = rng.choice((1, 2, 3, 5))
    term: list[Said] = ["This Agreement begins on the Effective Date and continues for "]
    term += [*_count(draft, years, "/term_years"), " years" if years > 1 else " year"]
    if rng.random() < 0.7:
        notice = _count(draft, rng.choice((30, 60, 90)), "/notice_period_days")
        term += [
            ", unless either party ends it earlier by giving not less than ",
            *notice,
            " days' written notice",
        ]
    term.append(".")
    if rng.random() < 0.5:
        term.append(
            " Either party may terminate at once if the other commits a material breach and does not remedy it within "
        )
        term += [*_count(draft, rng.choice((10, 14, 15)), "/cure_period_days"), " days of being asked to."]
    return rng.choice(("Term and Termination", "Term")), term


def _general(draft: Draft) -> list[Clause]:
    """What most agreements end with, some of it with days and places that nobody asks for."""
    rng = draft.rng
    state, law, court = rng.choice(_LAWS)
    posted = "Notices are deemed received three (3) business days after posting to the address stated above."
    whole_of = "This Agreement replaces all earlier understandings and may be amended in writing only."
    consent = "Neither party may assign this Agreement without the prior written consent of the other."
    severed = "If a provision is found invalid, the others stay in force."
    governed: list[Said] = [f"This Agreement is governed by the laws of {state}", Fact(law, "/governing_law")]
    if rng.random() < 0.7:
        governed += [", and the courts of ", Fact(court, "/jurisdiction"), " have exclusive jurisdiction"]
    kept = (
        ("Notices", posted),
        ("Entire Agreement", whole_of),
        ("Assignment", consent),
        ("Severability", severed),
    )
    clauses: list[Clause] = [(heading, [words]) for heading, words in kept if rng.random() < 0.65]
    last = rng.choice(("Governing Law", "Applicable Law and Jurisdiction"))
    clauses.insert(rng.randint(0, len(clauses)), (last, [*governed, "."]))
    return clauses


def _signatures(draft: Draft, y: float) -> None:
    """Side by side, or each below the other; who signs is known, or is not yet."""
    rng, beside = draft.rng, draft.rng.random() < 0.6
    known = rng.random() < 0.75
    if y > draft.sheet.height - 190:
        draft.sheet.next_page()
        y = 70.0
    y = (
        draft.prose(
            draft.left,
            y,
            draft.right - draft.left,
            "IN WITNESS WHEREOF the parties have signed this Agreement by their authorised representatives.",
        )
        + 12
    )
    for at in range(2):
        x, top = (draft.left + 260 * at, y) if beside else (draft.left, y + 84 * at)
        draft.say(x, top, Fact(draft.facts[f"/parties/{at}/name"], f"/parties/{at}/name"), bold=True)
        draft.say(x, top + 24, "By: ________________________")
        name, title = (draft.voice.person(), rng.choice(_TITLES)) if known else ("", "")
        for line, (label, value, key) in enumerate((("Name: ", name, "name"), ("Title: ", title, "title"))):
            draft.prose(
                x,
                top + 40 + 13 * line,
                250,
                label,
                Fact(value, f"/signatories/{at}/{key}") if value else "_______________",
            )


def _agreement(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng, "en", _SCHEMA, size=rng.choice((10.0, 11.5)), face=rng.choice((FACES[1], FACES[1], FACES[0]))
    )
    draft.left = rng.choice((56.0, 72.0))
    secret = rng.random() < 0.5
    kind = rng.choice(
        ("Mutual Non-Disclosure Agreement", "Confidentiality Agreement")
        if secret
        else ("Master Services Agreement", "Consulting Agreement")
    )
    pairs = (
        (("Company", "Counterparty"), ("Discloser", "Recipient"))
        if secret
        else (("Client", "Contractor"), ("Customer", "Supplier"))
    )
    roles = rng.choice(pairs)
    shown = kind.upper() if rng.random() < 0.6 else kind
    draft.say(draft.sheet.width / 2, 70, Fact(shown, "/agreement_title"), bold=True, size=13, align="centre")
    y, headed = _opening(draft, 100, roles, kind), rng.random() < 0.5
    clauses = _secrecy(draft) if secret else _services(draft, roles)
    clauses += [_term(draft), *_general(draft)]
    for place, (heading, parts) in enumerate(clauses):
        if y > draft.sheet.height - 110:
            draft.say(
                draft.sheet.width / 2,
                draft.sheet.height - 40,
                f"- {draft.sheet.page} -",
                size=8,
                align="centre",
            )
            draft.sheet.next_page()
            y = 70.0
        if headed:
            draft.say(draft.left, y, f"{place + 1}.  {heading}", bold=True)
            y = draft.prose(draft.left, y + draft.step * 1.2, draft.right - draft.left, *parts) + 8
        else:
            y = draft.prose(draft.left, y, draft.right - draft.left, f"{place + 1}. {heading}. ", *parts) + 7
    _signatures(draft, y + 10)
    return draft.finish("agreement", at)


LAYOUTS = (Layout("agreement", "agreement", _agreement, group="fresh"),)
