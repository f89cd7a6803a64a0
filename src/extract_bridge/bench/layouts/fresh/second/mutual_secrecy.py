"""A mutual non-disclosure agreement of an American law office: parties in capitals, solemn dates, clauses with days and years that mean other things."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from extract_bridge.bench.draft import Fact, day, many, new_draft, text, thing
from extract_bridge.bench.layouts.fresh.second.hands import counted, numbered, onward, solemn
from extract_bridge.bench.layouts.fresh.strokes import dated
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    "Facts of a non-disclosure agreement",
    effective_date=day("Date the agreement is made as of"),
    party=many(
        "Parties", name=text(), state_of_organization=text(), defined_as=text("Short name used in the text")
    ),
    term_years={"type": "integer", "description": "Length of the term in years"},
    confidentiality_years={"type": "integer", "description": "Years the obligations survive"},
    termination_notice_days={"type": "integer"},
    return_days={"type": "integer", "description": "Days to return or destroy materials"},
    jurisdiction=text("Governing law"),
    venue=text("County or city of the courts"),
    purpose=text("Why information is exchanged"),
    signatories=many(name=text(), title=text(), date=day()),
    liquidated_damages={"type": "number"},
)


class _Firm(NamedTuple):
    name: str
    state: str
    kind: str
    short: str


_FIRMS = (
    _Firm("TALLGRASS BIOMETRICS, INC.", "Delaware", "corporation", "Tallgrass"),
    _Firm("OSPREY MARINE HOLDINGS LLC", "Florida", "limited liability company", "Osprey"),
    _Firm("REDWATER ENERGY PARTNERS, L.P.", "Texas", "limited partnership", "Redwater"),
    _Firm("LANTERN HILL SOFTWARE CORP.", "Nevada", "corporation", "LHS"),
    _Firm("Cobalt & Fern Design Co.", "Oregon", "corporation", "the Studio"),
)
_PURPOSES = (
    "a possible joint development of diagnostic devices",
    "a potential acquisition of certain assets by one of the parties",
    "the supply of navigation software",
)
_VENUES = (("State of Delaware", "Wilmington"), ("State of Texas", "Travis County"), ("State of New York", "Manhattan"), ("Commonwealth of Massachusetts", "Suffolk County"))  # fmt: skip
_TITLES = ("President", "Chief Operating Officer", "Managing Member", "Vice President, Legal")


def _opening(draft: Draft, firms: list[_Firm]) -> float:
    rng, width = draft.rng, draft.right - draft.left
    made = (
        solemn(draft, draft.today, "/effective_date")
        if rng.random() < 0.5
        else dated(draft, draft.today, "/effective_date", "{month} {d}, {y}")
    )
    lead = "the " if "day of" in made.text else ""
    title = rng.choice(
        ("MUTUAL NON-DISCLOSURE AGREEMENT", "MUTUAL CONFIDENTIALITY AND NONDISCLOSURE AGREEMENT")
    )
    draft.say(draft.sheet.width / 2, 76, title, bold=True, size=12.5, align="centre")
    parts: list[Said] = [
        f"THIS {title} (this “Agreement”) is made {rng.choice(('as of ', 'and entered into as of '))}{lead}",
        made,
    ]
    parts.append(rng.choice((" (the “Effective Date”), by and between ", ", between ")))
    for at, firm in enumerate(firms):
        start = f"/party/{at}"
        parts += [
            Fact(firm.name, f"{start}/name"),
            ", a ",
            Fact(firm.state, f"{start}/state_of_organization"),
            f" {firm.kind} (“",
        ]
        parts += [Fact(firm.short, f"{start}/defined_as"), "”)" + (", and " if not at else ".")]
    y = draft.prose(draft.left, 104, width, *parts) + 8
    if rng.random() < 0.6:
        draft.say(
            draft.sheet.width / 2,
            y,
            rng.choice(("RECITALS", "W I T N E S S E T H")),
            align="centre",
            bold=True,
        )
        y += draft.step * 1.5
    purpose = Fact(rng.choice(_PURPOSES), "/purpose")
    y = (
        draft.prose(
            draft.left,
            y,
            width,
            "WHEREAS, the parties wish to exchange certain information for the purpose of evaluating ",
            purpose,
            " (the “Purpose”);",
        )
        + 6
    )
    return (
        draft.prose(
            draft.left,
            y,
            width,
            "NOW, THEREFORE, in consideration of the mutual covenants herein, the parties agree as follows:",
        )
        + 8
    )


def _clauses(draft: Draft, firms: list[_Firm]) -> list[tuple[str, list[Said]]]:
    rng = draft.rng
    state, venue = rng.choice(_VENUES)
    kept = "“Confidential Information” means non-public information disclosed by a party in any form. Oral disclosures shall be confirmed in writing within fifteen (15) days."
    care = f"Neither {firms[0].short} nor {firms[1].short} shall disclose Confidential Information of the other to third parties, nor use it except for the Purpose."
    lawful = "A recipient that is compelled by law to disclose shall give notice at least five (5) business days in advance where it lawfully can."
    both: list[Said] = [
        "This Agreement shall remain in effect for ",
        *counted(draft, rng.choice((1, 2, 3)), "/term_years"),
        " year(s) from the date first written above",
    ]
    if rng.random() < 0.6:
        both += [
            ", unless terminated earlier by either party upon ",
            *counted(draft, rng.choice((10, 30, 60)), "/termination_notice_days"),
            " days' prior written notice",
        ]
    survives: list[Said] = [
        "The obligations of confidence shall survive expiration for a period of ",
        *counted(draft, rng.choice((2, 3, 5, 7)), "/confidentiality_years"),
        " years",
    ]
    survives.append(
        rng.choice((".", "; trade secrets remain protected for as long as they are trade secrets."))
    )
    back: list[Said] = [
        "Upon request, each party shall return or destroy all materials within ",
        *counted(draft, rng.choice((5, 10, 30)), "/return_days"),
        " days.",
    ]
    both.append(".")
    governed: list[Said] = [
        "This Agreement shall be governed by and construed in accordance with the laws of the "
    ]
    if rng.random() < 0.4:
        governed = [
            "Without regard to its conflict of laws principles, this Agreement is subject to the law of the "
        ]
    governed.append(Fact(state, "/jurisdiction"))
    if rng.random() < 0.6:
        governed += [". Any action shall be brought in the courts located in ", Fact(venue, "/venue")]
    clauses: list[tuple[str, list[Said]]] = [
        ("Definition", [kept]), ("Non-Use and Non-Disclosure", [care]), ("Compelled Disclosure", [lawful]), ("Term", both), ("Survival", survives),
    ]  # fmt: skip
    rest: list[tuple[str, list[Said]]] = [
        ("Return of Materials", back), ("Governing Law", [*governed, "."]),
        ("No License", ["Nothing herein grants any right under any patent, copyright or trademark."]),
        ("Counterparts", ["This Agreement may be executed in two or more counterparts, each of which is an original, and by electronic signature."]),
    ]  # fmt: skip
    rng.shuffle(rest)
    return clauses + rest


def _signatures(draft: Draft, y: float, firms: list[_Firm], foot: str) -> None:
    """Two columns; the day of signing beside a name is not the agreement's."""
    rng = draft.rng
    y = onward(draft, y, 170, foot=foot) + 6
    y = (
        draft.prose(
            draft.left,
            y,
            draft.right - draft.left,
            "IN WITNESS WHEREOF, the parties have caused this Agreement to be executed by their duly authorized officers.",
        )
        + 14
    )
    signed = rng.random() < 0.6
    half = (draft.right - draft.left) / 2
    for at, firm in enumerate(firms):
        x, start = draft.left + at * half, f"/signatories/{at}"
        draft.prose(x, y, half - 16, Fact(firm.name, f"/party/{at}/name"), bold=True)
        draft.say(x, y + 46, "By: _______________________")
        day_of = dated(
            draft, draft.later(0, 9), f"{start}/date", rng.choice(("{m}/{d}/{y}", "{month} {d}, {y}"))
        )
        lines: tuple[tuple[str, Said], ...] = (
            ("Name:", Fact(draft.voice.person(), f"{start}/name")),
            ("Title:", Fact(rng.choice(_TITLES), f"{start}/title")),
            ("Date:", day_of if signed else "_________"),
        )
        draft.labels(x, y + 62, x + 46, lines)


def _agreement(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng,
        "en",
        _SCHEMA,
        width=612.0,
        height=792.0,
        size=rng.choice((10.0, 11.0)),
        face=rng.choice((FACES[1], FACES[1], FACES[2])),
    )
    draft.left, foot = rng.choice((64.0, 72.0)), rng.choice(("Page {}", "{}", "Confidential - {}"))
    firms = rng.sample(_FIRMS, 2)
    y = numbered(draft, _opening(draft, firms), _clauses(draft, firms), foot=foot)
    _signatures(draft, y, firms, foot)
    return draft.finish("mutual_secrecy", at)


LAYOUTS = (Layout("mutual_secrecy", "agreement", _agreement, group="fresh"),)
